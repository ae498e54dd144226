"""Units of measurement as our papers spell them: a whitelist, so that nothing is guessed.

In:    a unit as printed: "MPa", "千牛", "m³/(m²·h)", "W/m·K", "N/15mm", "万次".
Out:   `Unit`: its dimension and its factor to that dimension's own unit; None for a spelling that isn't known.
Fails: never.

A general parser reads "35 ℃" as 35 of nothing and "Ra0.4μm" as an area: here each factor of a unit must be a known spelling in full.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from models.text import compact


class Unit(NamedTuple):
    """dimension: the base quantities with their powers, () for a bare number. factor: how many of the dimension's own unit one of it is."""

    dimension: tuple[tuple[str, int], ...]
    factor: Fraction


_PREFIXES: Mapping[str, str] = {"G": "1e9", "M": "1e6", "k": "1e3", "K": "1e3", "h": "1e2", "d": "1e-1", "c": "1e-2", "m": "1e-3", "μ": "1e-6", "u": "1e-6", "n": "1e-9", "p": "1e-12",
                                "吉": "1e9", "兆": "1e6", "千": "1e3", "分": "1e-1", "厘": "1e-2", "毫": "1e-3", "微": "1e-6", "纳": "1e-9"}
_LENGTH, _MASS, _TIME, _CURRENT, _HEAT = "length", "mass", "time", "current", "temperature"
# spellings | prefixes that may stand before them | factor | dimension
_TABLE = (
    ("m", "kdcmμun", "1", {_LENGTH: 1}), ("米", "千分厘毫微纳", "1", {_LENGTH: 1}), ("公里", "", "1000", {_LENGTH: 1}), ("英寸 inch", "", "0.0254", {_LENGTH: 1}), ("丝", "", "1e-5", {_LENGTH: 1}),
    ("平方米 平米", "", "1", {_LENGTH: 2}), ("亩", "", "666.6666667", {_LENGTH: 2}), ("立方米 立方 方", "", "1", {_LENGTH: 3}), ("L l", "mμu", "0.001", {_LENGTH: 3}), ("升", "毫微", "0.001", {_LENGTH: 3}),
    ("g", "kmμun", "0.001", {_MASS: 1}), ("克", "千毫微", "0.001", {_MASS: 1}), ("公斤", "", "1", {_MASS: 1}), ("t 吨", "", "1000", {_MASS: 1}), ("tex", "dk", "1e-6", {_MASS: 1, _LENGTH: -1}),
    ("s", "mμun", "1", {_TIME: 1}), ("秒", "毫微纳", "1", {_TIME: 1}), ("min 分钟 分", "", "60", {_TIME: 1}), ("h 小时 时", "", "3600", {_TIME: 1}), ("d 天 日", "", "86400", {_TIME: 1}),
    ("年 a", "", "31536000", {_TIME: 1}), ("Hz", "GMkK", "1", {_TIME: -1}), ("赫兹 赫", "吉兆千", "1", {_TIME: -1}),
    ("A", "kmμun", "1", {_CURRENT: 1}), ("安培 安", "千毫微", "1", {_CURRENT: 1}), ("Ah", "km", "3600", {_CURRENT: 1, _TIME: 1}), ("安时", "毫", "3600", {_CURRENT: 1, _TIME: 1}),
    ("V", "kKmμu", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3, _CURRENT: -1}), ("伏特 伏", "千毫", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3, _CURRENT: -1}),
    ("Ω", "GMkKmμu", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3, _CURRENT: -2}), ("欧姆 欧", "兆千毫", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3, _CURRENT: -2}),
    ("F", "mμunp", "1", {_MASS: -1, _LENGTH: -2, _TIME: 4, _CURRENT: 2}), ("H", "mμun", "1", {_MASS: 1, _LENGTH: 2, _TIME: -2, _CURRENT: -2}), ("T", "mμu", "1", {_MASS: 1, _TIME: -2, _CURRENT: -1}),
    ("Oe", "kK", "79.5774715", {_CURRENT: 1, _LENGTH: -1}), ("GOe", "kKM", "7.95774715e-3", {_MASS: 1, _LENGTH: -1, _TIME: -2}),
    ("N", "MkKcmμu", "1", {_MASS: 1, _LENGTH: 1, _TIME: -2}), ("牛顿 牛", "兆千毫", "1", {_MASS: 1, _LENGTH: 1, _TIME: -2}), ("kgf", "", "9.80665", {_MASS: 1, _LENGTH: 1, _TIME: -2}),
    ("tf", "", "9806.65", {_MASS: 1, _LENGTH: 1, _TIME: -2}), ("Nm 牛米", "MkKm千", "1", {_MASS: 1, _LENGTH: 2, _TIME: -2}),
    ("Pa pa", "GMkKhmμu", "1", {_MASS: 1, _LENGTH: -1, _TIME: -2}), ("帕斯卡 帕", "吉兆千", "1", {_MASS: 1, _LENGTH: -1, _TIME: -2}), ("bar", "m", "1e5", {_MASS: 1, _LENGTH: -1, _TIME: -2}),
    ("W", "GMkKmμu", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3}), ("瓦特 瓦", "吉兆千毫", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3}), ("J", "MkKm", "1", {_MASS: 1, _LENGTH: 2, _TIME: -2}),
    ("焦耳 焦", "兆千", "1", {_MASS: 1, _LENGTH: 2, _TIME: -2}), ("Wh", "GMkKm", "3600", {_MASS: 1, _LENGTH: 2, _TIME: -2}), ("度电", "", "3600000", {_MASS: 1, _LENGTH: 2, _TIME: -2}),
    ("K", "m", "1", {_HEAT: 1}), ("lm", "k", "1", {"light": 1}), ("lx", "k", "1", {"light": 1, _LENGTH: -2}), ("mol", "mμu", "1", {"amount": 1}), ("VA", "kKM", "1", {_MASS: 1, _LENGTH: 2, _TIME: -3}),
    ("°C ℃ 摄氏度", "", "1", {"celsius": 1}), ("r rev 转", "", "1", {"turn": 1}), ("rpm", "k", "1/60", {"turn": 1, _TIME: -1}),
    ("° 度 deg", "", "1", {"angle": 1}), ("′ ' arcmin 角分", "", "1/60", {"angle": 1}), ("″ \" ′′ '' arcsec 角秒", "", "1/3600", {"angle": 1}), ("rad", "mμ", "57.2957795", {"angle": 1}),
    ("%", "", "0.01", {"share": 1}), ("‰", "", "0.001", {"share": 1}), ("ppm", "", "1e-6", {"share": 1}), ("ppb", "", "1e-9", {"share": 1}),
    ("次 个 件 只 片 支 枚 颗 粒", "", "1", {"count": 1}), ("级", "", "1", {"level": 1}), ("dB dBA 分贝", "", "1", {"noise": 1}), ("bit bps", "kKMG", "1", {"data": 1}), ("B", "kKMG", "8", {"data": 1}),
)  # fmt: skip
_MYRIADS = {"万": Fraction(10_000), "亿": Fraction(100_000_000), "百万": Fraction(1_000_000), "千万": Fraction(10_000_000)}
_POWER = re.compile(r"(?P<name>.*?[^\d\-+^])\^?(?P<power>-?\d)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_POWERED = frozenset({_LENGTH, _TIME})  # what is squared and cubed on paper


def _spellings() -> Iterator[tuple[str, Unit]]:
    for names, prefixes, factor, dimension in _TABLE:
        unit = Unit(tuple(sorted(dimension.items())), Fraction(factor))
        for name in names.split():
            yield name, unit
            for prefix in prefixes:
                yield prefix + name, unit._replace(factor=unit.factor * Fraction(_PREFIXES[prefix]))


# a spelling that two rows give is the first one's: "min" is a minute, "dB" no tenth of a byte
UNITS: Mapping[str, Unit] = dict(reversed(list(_spellings())))


def spelling(unit: str) -> str:
    """A unit as it is looked up: NFKC, one sort of dot and of micro, no blanks."""
    return compact(unit).replace("µ", "μ").replace("•", "·").replace("*", "·").replace("℃", "°C").replace("²", "2").replace("³", "3")


@lru_cache(maxsize=4096)
def unit_of(text: str) -> Unit | None:
    """The unit that a spelling means; what stands behind a slash divides, dots and brackets included. A bare number has no unit and is () of one."""
    bare = spelling(text)
    times = Fraction(1)
    for sign in sorted(_MYRIADS, key=len, reverse=True):
        if bare.startswith(sign):
            times, bare = _MYRIADS[sign], bare.removeprefix(sign)
            break
    over, *under = bare.replace("(", "").replace(")", "").split("/")
    powers: Counter[str] = Counter()
    for sign_of_power, part in ((1, over), *((-1, part) for part in under)):
        for name in filter(None, part.split("·")):
            found = _factor_of(name, divides=sign_of_power < 0)
            if found is None:
                return None
            times *= found.factor if sign_of_power > 0 else 1 / found.factor
            for quantity, power in found.dimension:
                powers[quantity] += sign_of_power * power
    return Unit(tuple(sorted((quantity, power) for quantity, power in powers.items() if power)), times)


def _factor_of(name: str, divides: bool) -> Unit | None:
    """One factor of a unit: a spelling with a small power, below the line perhaps a number before it (N/15mm), and a degree there is a kelvin."""
    number = _NUMBER.match(name) if divides else None
    bare = name[number.end():] if number else name
    if not bare:
        return Unit((), Fraction(number[0])) if number else None
    known = UNITS.get(bare)
    power = 1
    if known is None:
        parted = _POWER.fullmatch(bare)
        known = UNITS.get(parted["name"]) if parted and parted["power"] else None
        if known is None or parted is None or {quantity for quantity, _ in known.dimension} - _POWERED:
            return None
        power = int(parted["power"])
    if divides and known.dimension == (("celsius", 1),):
        known = UNITS["K"]
    times = Fraction(number[0]) if number else Fraction(1)
    return Unit(tuple((quantity, exponent * power) for quantity, exponent in known.dimension), times * known.factor**power)


def ratio(unit: str, into: str) -> Fraction | None:
    """What a number of `unit` is to be multiplied by to be one of `into`; None where they measure different things or one isn't known. Equal spellings are 1."""
    if spelling(unit) == spelling(into):
        return Fraction(1)
    one, other = unit_of(unit), unit_of(into)
    if one is None or other is None or one.dimension != other.dimension:
        left, right = _myriads(spelling(unit)), _myriads(spelling(into))  # 万托 and 托
        return left[0] / right[0] if left[1] == right[1] else None
    return one.factor / other.factor


def _myriads(unit: str) -> tuple[Fraction, str]:
    return next(((times, unit.removeprefix(sign)) for sign, times in _MYRIADS.items() if unit.startswith(sign)), (Fraction(1), unit))
