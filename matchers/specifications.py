"""Technical figures of a product against the thresholds of a catalogue entry (同技术规格参数, 性能指标).

In:    an entry's specification, "最大加工直径≥5000mm；定位精度≤0.008mm", and what papers say, "最大加工直径5.2m，定位精度±0.006mm".
Out:   `Verdict`s: each threshold met, missed, or (None) not to be told.
Fails: never; what isn't a figure is left aside, and units that can't be turned into each other leave a threshold untold.
Elsewhere: which entry is meant (matchers/catalogue.py); what follows from a missed threshold (pipeline/rules/conditions.py).

Units are a table of spellings, never guessed: a general parser reads "35 ℃" and "Ra0.4μm" as something else altogether.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from models.text import compact, nfkc

AT_LEAST, AT_MOST = "≥", "≤"
_OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(("≥", ">=", "≧", "⩾", ">", "不低于", "不小于", "不少于", "大于等于", "大于或等于", "大于", "高于", "达到", "优于", "至少", "超过"), AT_LEAST),
    **dict.fromkeys(("≤", "<=", "≦", "⩽", "<", "不高于", "不大于", "不超过", "不多于", "小于等于", "小于或等于", "小于", "低于", "至多", "±"), AT_MOST),
}
_TAILS: Mapping[str, str] = {"以上": AT_LEAST, "及以上": AT_LEAST, "以下": AT_MOST, "及以下": AT_MOST, "以内": AT_MOST}
_OPERATOR = "|".join(sorted(map(re.escape, _OPERATORS), key=len, reverse=True))
_WORD_UNIT = "(?:立方米|平方米|毫米|微米|纳米|厘米|千米|米|千牛米|牛米|千牛|牛|兆帕|帕|千瓦|瓦|分贝|摄氏度|角分|角秒|小时|分钟|毫秒|公斤|千克|工位|通道|转|分|秒|天|日|吨|克|升|级|轴|针|次|个|件|台|只|套|托|路|位|层|点|帧|度|孔|排)"
_LATIN_UNIT = "(?:[A-Za-zμΩ°%‰′″'℃]+(?:(?<=m)[23])?)"
_UNIT = rf"(?:[万亿]?(?:{_LATIN_UNIT}|{_WORD_UNIT})(?:[/·•*](?:\(?[\dA-Za-zμ°%℃·•*]+\)?|{_WORD_UNIT}))*)?"
_FIGURE = re.compile(
    rf"(?P<parameter>[^≥≤><=；;，,。\n:：]{{1,30}}?)(?:[:：=为是达约]|实测值?|检测值|可达)*"
    rf"(?P<operator>{_OPERATOR})?(?:±)?(?P<number>-?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?P<unit>{_UNIT})(?P<tail>及?以[上下内])?(?=$|[；;，,。、\n])"
)
_NUMBERED = re.compile(r"\s+(?=[(（]?\d{1,2}[)）、.](?!\d))")  # "… 2、", a list run together
_NOTHING_BUT_UNIT = re.compile(r"[^\u4e00-\u9fffA-Za-z]+$")
_BREAKS = re.compile(r"[；;。\n]|(?<!\d)[，,、]|[，,、](?!\d)")


def _table(*rows: tuple[str, Mapping[str, str]]) -> dict[str, tuple[str, Decimal]]:
    return {unit: (dimension, Decimal(factor)) for dimension, units in rows for unit, factor in units.items()}


# spelling (compacted, without dots and brackets) -> dimension, factor to the dimension's own unit
UNITS = _table(
    ("length", {"km": "1000", "m": "1", "米": "1", "dm": "0.1", "cm": "0.01", "厘米": "0.01", "mm": "0.001", "毫米": "0.001", "μm": "1e-6", "um": "1e-6", "微米": "1e-6", "nm": "1e-9", "纳米": "1e-9"}),
    ("force", {"N": "1", "牛": "1", "kN": "1000", "KN": "1000", "千牛": "1000", "MN": "1e6", "kgf": "9.80665", "tf": "9806.65"}),
    ("pressure", {"Pa": "1", "帕": "1", "kPa": "1000", "KPa": "1000", "MPa": "1e6", "Mpa": "1e6", "兆帕": "1e6", "GPa": "1e9", "Gpa": "1e9", "bar": "1e5", "N/mm2": "1e6"}),
    ("power", {"W": "1", "瓦": "1", "kW": "1000", "KW": "1000", "千瓦": "1000", "MW": "1e6"}),
    ("time", {"h": "3600", "小时": "3600", "min": "60", "分钟": "60", "s": "1", "秒": "1", "ms": "0.001", "毫秒": "0.001", "μs": "1e-6", "us": "1e-6"}),
    ("mass", {"t": "1000", "吨": "1000", "kg": "1", "公斤": "1", "千克": "1", "g": "0.001", "克": "0.001", "mg": "1e-6"}),
    ("torque", {"Nm": "1", "牛米": "1", "kNm": "1000", "KNm": "1000", "千牛米": "1000"}),
    ("speed", {"m/s": "1", "米/秒": "1", "mm/s": "0.001", "m/min": "0.0166666666666666667", "米/分": "0.0166666666666666667", "米/分钟": "0.0166666666666666667", "km/h": "0.2777777777777778"}),
    ("rotation", {"r/min": "1", "rpm": "1", "转/分": "1", "转/分钟": "1", "r/s": "60"}),
    ("frequency", {"Hz": "1", "kHz": "1000", "MHz": "1e6", "GHz": "1e9"}),
    ("share", {"%": "0.01", "‰": "0.001", "ppm": "1e-6", "ppb": "1e-9"}),
    ("count", {"次": "1", "个": "1", "件": "1"}),
    ("angle", {"°": "1", "度": "1", "arcmin": "0.0166666666666666667", "'": "0.0166666666666666667", "′": "0.0166666666666666667", "角分": "0.0166666666666666667",
               "arcsec": "0.000277777777777777778", "″": "0.000277777777777777778", "′′": "0.000277777777777777778", "角秒": "0.000277777777777777778"}),
    ("temperature", {"°C": "1", "℃": "1", "摄氏度": "1"}),
    ("volume", {"m3": "1", "立方米": "1", "L": "0.001", "升": "0.001", "mL": "1e-6", "ml": "1e-6"}),
    ("flow", {"m3/h": "1", "m3/d": "0.0416666666666666667", "m3/天": "0.0416666666666666667", "立方米/天": "0.0416666666666666667", "L/min": "0.06", "L/h": "0.001"}),
    ("voltage", {"V": "1", "kV": "1000", "KV": "1000", "mV": "0.001"}),
    ("current", {"A": "1", "kA": "1000", "mA": "0.001"}),
    ("output", {"t/h": "1", "吨/小时": "1", "kg/h": "0.001"}),
    ("field", {"kOe": "1", "Oe": "0.001", "kA/m": "0.0125663706"}),
    ("energy product", {"MGOe": "1", "kJ/m3": "0.125663706"}),
    ("charge density", {"mAh/g": "1", "Ah/kg": "1"}),
    ("energy of mass", {"Wh/kg": "1", "kWh/kg": "1000"}),
    ("peel", {"N/cm": "1", "N/mm": "10", "kN/m": "10", "N/m": "0.01", "N/25mm": "0.4"}),
    ("heat conduction", {"W/mK": "1", "W/m℃": "1", "W/m°C": "1"}),
    ("level", {"级": "1"}),
    ("noise", {"dB": "1", "dBA": "1", "分贝": "1"}),
)
LIKE = 78.0  # of parameters' names, per cent


class Figure(NamedTuple):
    """A parameter with a number. operator: "≥", "≤" or "" where the text just states it; unit as printed, without blanks."""

    parameter: str
    operator: str
    number: Decimal
    unit: str

    @property
    def text(self) -> str:
        """≥5000mm, as flags write it."""
        return f"{self.operator}{self.number:f}{self.unit}"


class Verdict(NamedTuple):
    """A threshold and the figure held against it. met: None where no figure could be compared."""

    threshold: Figure
    found: Figure | None
    met: bool | None


@lru_cache(maxsize=65536)
def parse_figures(text: str) -> tuple[Figure, ...]:
    """All figures of a text, in order; the same parameter may come twice."""
    out = []
    for part in _BREAKS.split(compact_lines(text)):
        figure = _figure(part)
        if figure:
            out.append(figure)
    return tuple(out)


def compact_lines(text: str) -> str:
    """Compacted, but line breaks kept: a figure doesn't run across them."""
    return "\n".join(compact(line) for line in _NUMBERED.sub("\n", nfkc_lines(text)).splitlines())


def nfkc_lines(text: str) -> str:
    """NFKC, line by line."""
    return "\n".join(nfkc(line) for line in text.splitlines())


def _figure(part: str) -> Figure | None:
    found = _FIGURE.search(part)
    if not found:
        return None
    parameter = re.sub(r"^[(（]?\d+[)）.、]\s*|[:：]$", "", found["parameter"]).strip("-·* ")
    number = Decimal(found["number"].replace(",", ""))
    operator = _OPERATORS.get(found["operator"] or "", "") or _TAILS.get(found["tail"] or "", "")
    if not parameter or _NOTHING_BUT_UNIT.fullmatch(parameter):
        return None
    return Figure(parameter, operator, number, found["unit"])


def thresholds(specification: str) -> tuple[Figure, ...]:
    """The thresholds that an entry's specification sets."""
    return tuple(figure for figure in parse_figures(specification) if figure.operator)


def compare(required: Figure, found: Figure) -> bool | None:
    """Whether a figure meets a threshold (equal is enough); None where their units can't be turned into each other."""
    factor = _factor(found.unit, required.unit)
    if factor is None:
        return None
    number = found.number * factor
    if required.operator == AT_LEAST:
        return number >= required.number
    # "±0.006mm" and a deviation of -0.006 mm are within 0.008 mm; -28 ℃ meets ≤-25 ℃
    return (abs(number) if required.number >= 0 else number) <= required.number


def _factor(unit: str, into: str) -> Decimal | None:
    left, right = _spelling(unit), _spelling(into)
    if left == right:
        return Decimal(1)
    (n, bare), (m, wanted) = _myriads(left), _myriads(right)
    if bare == wanted:
        return n / m
    a, b = UNITS.get(bare), UNITS.get(wanted)
    if a is None or b is None or a[0] != b[0]:
        return None
    ratio = n * a[1] / (m * b[1])
    return ratio.quantize(Decimal("1e-9")).normalize() if ratio > Decimal("1e-6") else ratio


def _myriads(unit: str) -> tuple[Decimal, str]:
    """万次 is ten thousand 次."""
    for sign, times in (("万", 10_000), ("亿", 100_000_000)):
        if unit.startswith(sign):
            return Decimal(times), unit[1:]
    return Decimal(1), unit


def _spelling(unit: str) -> str:
    return re.sub(r"[·•*()\s]", "", compact(unit).replace("µ", "μ").replace("^", ""))


def _alike(a: str, b: str, *, score_cutoff: float | None = None) -> float:
    """Likeness of two parameters' names in per cent; 室温抗拉强度 stands in GH4738室温抗拉强度."""
    if min(len(a), len(b)) >= 2 and (a.endswith(b) or b.endswith(a)):
        return 100.0 - abs(len(a) - len(b))
    return fuzz.ratio(a, b, score_cutoff=score_cutoff or 0.0)


def check(required: Sequence[Figure], found: Iterable[Figure]) -> tuple[Verdict, ...]:
    """A verdict for each threshold, from the figure of the parameter most alike; missed where any of several such figures misses."""
    figures = list(found)
    names = [figure.parameter for figure in figures]
    out = []
    for threshold in required:
        near = process.extract(threshold.parameter, names, scorer=_alike, score_cutoff=LIKE, limit=None)
        best = max((score for _, score, _ in near), default=0.0)
        told = [(figures[i], met) for _, score, i in near if score == best and (met := compare(threshold, figures[i])) is not None]
        if not told:
            out.append(Verdict(threshold, figures[near[0][2]] if near else None, None))
            continue
        missed = next((figure for figure, met in told if not met), None)
        out.append(Verdict(threshold, missed or told[0][0], missed is None))
    return tuple(out)


def nearness(verdict: Verdict) -> float:
    """0 to 1: how near the figure comes to its threshold; 1 where it is met, 0 where nothing could be compared."""
    if verdict.met is None or verdict.found is None:
        return 0.0
    if verdict.met:
        return 1.0
    factor = _factor(verdict.found.unit, verdict.threshold.unit) or Decimal(1)
    number, wanted = abs(verdict.found.number * factor), abs(verdict.threshold.number)
    low, high = sorted((number, wanted))
    return float(low / high) if high else 0.0
