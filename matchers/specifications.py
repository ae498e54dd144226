"""Technical figures of a product against the thresholds of a catalogue entry (同技术规格参数, 性能指标).

In:    an entry's specification, "最大加工直径≥5000mm；定位精度≤0.008mm", and what papers say, "最大加工直径5.2m，定位精度±0.006mm".
Out:   `Verdict`s: each threshold met, missed, or (None) not to be told.
Fails: never; what isn't a figure is left aside, and units that can't be turned into each other leave a threshold untold.
Elsewhere: which entry is meant (matchers/catalogue.py); what follows from a missed threshold (pipeline/rules/conditions.py).

Figures and thresholds have a grammar of their own; units are a whitelist (matchers/units.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from matchers.units import ratio, unit_of
from models.text import compact, nfkc

AT_LEAST, AT_MOST, BETTER = "≥", "≤", "优于"
_OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(("≥", ">=", "≧", "⩾", ">", "不低于", "不小于", "不少于", "不短于", "大于等于", "大于或等于", "大于", "高于", "至少", "超过"), AT_LEAST),
    **dict.fromkeys(("≤", "<=", "≦", "⩽", "<", "不高于", "不大于", "不超过", "不多于", "不长于", "小于等于", "小于或等于", "小于", "低于", "少于", "至多", "±"), AT_MOST),
    **dict.fromkeys(("优于", "达到"), BETTER),
}
_TAILS: Mapping[str, str] = {"以上": AT_LEAST, "以下": AT_MOST, "以内": AT_MOST, "之内": AT_MOST}
# of these less is better: "定位精度优于0.01mm"
_LESS_IS_BETTER = re.compile(r"(?:精度|误差|偏差|公差|粗糙度|分辨率|噪声|噪音|能耗|电耗|损耗|时间|节拍|缺陷率|泄漏率|变形|跳动|重量|厚度)$")
_OPERATOR = "|".join(sorted(map(re.escape, _OPERATORS), key=len, reverse=True))
_WORD_UNIT = "(?:立方米|平方米|毫米|微米|纳米|厘米|千米|米|千牛米|牛米|千牛|牛|兆帕|帕|千瓦|瓦|分贝|摄氏度|角分|角秒|小时|分钟|毫秒|公斤|千克|工位|通道|转|分|秒|天|日|吨|克|升|级|轴|针|次|个|件|台|只|套|托|路|位|层|点|帧|度|孔|排)"
_LATIN_UNIT = "(?:[A-Za-zμΩ°%‰′″'℃]+(?:(?<=m)[23])?)"
_UNIT = rf"(?:[万亿]?(?:{_LATIN_UNIT}|{_WORD_UNIT})(?:[/·•*](?:\(?[\dA-Za-zμ°%℃·•*]+\)?|{_WORD_UNIT}))*)?"
_PLAIN_NUMBER = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"
_NUMBER = rf"(?:(?:{_PLAIN_NUMBER})(?:[×xX*]10\^-?\d+)|10\^-?\d+|{_PLAIN_NUMBER})"
_FIGURE = re.compile(
    rf"(?P<parameter>[^≥≤><=；;，,。\n:：]{{1,30}}?)(?:[:：=为是约在应]|实测值?|检测值|可达)*"
    rf"(?P<operator>{_OPERATOR})?(?P<both>±)?(?:(?P<lower>{_NUMBER}){_UNIT}(?:~|-|—+|–|至|到))?(?P<number>{_NUMBER})(?P<unit>{_UNIT}|[万亿])"
    rf"(?:\([^()]*\))?(?:及|或)?(?P<tail>以[上下内]|之[内间])?(?:范围内)?(?=$|[；;，,。、\n])"
)
_SUPERSCRIPT = re.compile(r"(?<=10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_COVERS = re.compile(r"范围|温度|量程|行程|频率|频段|波长|转速")  # a range of these is what a product can do, and it must do all of it
_NAMED_UNIT = re.compile(r"\((.{1,12})\)$")
_NUMBERED = re.compile(r"\s+(?=[(（]?\d{1,2}[)）、.](?!\d))")  # "… 2、", a list run together
_NOTHING_BUT_UNIT = re.compile(r"[^\u4e00-\u9fffA-Za-z]+$")
_BREAKS = re.compile(r"[；;。\n]|(?<!\d)[，,、]|[，,、](?!\d)")


LIKE = 78.0  # of parameters' names, per cent


class Figure(NamedTuple):
    """A parameter with a number. operator: "≥", "≤" or "" where the text just states it; unit as printed, without blanks.

    lower: where a range is stated, its lower end; `number` is the upper one then.
    """

    parameter: str
    operator: str
    number: Decimal
    unit: str
    lower: Decimal | None = None

    @property
    def text(self) -> str:
        """≥5000mm or 5~10μm, as flags write it."""
        start = "" if self.lower is None else f"{self.lower:f}~"
        return f"{self.operator}{start}{self.number:f}{self.unit}"

    @property
    def demands(self) -> bool:
        """Whether it can be a threshold."""
        return bool(self.operator) or self.lower is not None


class Verdict(NamedTuple):
    """A threshold and the figure held against it. met: None where no figure could be compared."""

    threshold: Figure
    found: Figure | None
    met: bool | None

    @property
    def reason(self) -> str:
        """What there is to say, in Chinese, where nothing could be compared too."""
        need = f"{self.threshold.parameter}（要求{self.threshold.text}）"
        if self.found is None:
            return f"{need}：材料中未见该参数"
        if self.met is None:
            return f"{need}：材料所载{self.found.text}与要求不能比较"
        return f"{need}：材料所载{self.found.text}，{'达到' if self.met else '未达到'}"


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
    text = _SUPERSCRIPT.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)  # NFKC makes 106 of 10⁶
    return "\n".join(compact(line) for line in _NUMBERED.sub("\n", nfkc_lines(text)).splitlines())


def nfkc_lines(text: str) -> str:
    """NFKC, line by line."""
    return "\n".join(nfkc(line) for line in text.splitlines())


def _figure(part: str) -> Figure | None:
    found = _FIGURE.search(part)
    if not found:
        return None
    parameter = re.sub(r"^[(（]?\d+[)）.、]\s*|[:：]$", "", found["parameter"]).strip("-·* ")
    number = _value(found["number"])
    lower = _value(found["lower"]) if found["lower"] else None
    unit = found["unit"]
    named = _NAMED_UNIT.search(parameter)
    if not unit and named and unit_of(named[1]):  # 功率(kW)：15
        parameter, unit = parameter[: named.start()], named[1]
    if (lower is not None and (lower >= number or not unit)) or parameter.endswith(("×", "x", "X", "*")):  # a date, a telephone, length by width
        return None
    operator = _OPERATORS.get(found["operator"] or "", "") or _TAILS.get(found["tail"] or "", "")
    if found["both"]:
        operator = AT_MOST
    elif operator == BETTER:
        operator = AT_MOST if _LESS_IS_BETTER.search(parameter) else AT_LEAST
    if not parameter or _NOTHING_BUT_UNIT.fullmatch(parameter):
        return None
    return Figure(parameter, operator if lower is None else "", number, unit, lower)


def _value(text: str) -> Decimal:
    """3,600 or 5×10^5."""
    mantissa, power, exponent = re.sub(r"[×xX*]?10\^", "^", text).replace(",", "").partition("^")
    return Decimal(mantissa or 1).scaleb(int(exponent)) if power else Decimal(mantissa)


def thresholds(specification: str) -> tuple[Figure, ...]:
    """The thresholds that an entry's specification sets."""
    return tuple(figure for figure in parse_figures(specification) if figure.demands)


@lru_cache(maxsize=65536)
def compare(required: Figure, found: Figure) -> bool | None:
    """Whether a figure meets a threshold (equal is enough, better too); None where their units can't be turned into each other, or a range meets it in part."""
    factor = ratio(found.unit, required.unit)
    if factor is None or (not found.unit and factor != 1):  # 直线度 0.28, of mm/m or of 1: nothing says
        return None
    high = Fraction(found.number) * factor
    low = high if found.lower is None else Fraction(found.lower) * factor
    if required.lower is not None:
        within = required.lower <= low and high <= required.number
        return (low <= required.lower and high >= required.number) if found.lower is not None and _COVERS.search(required.parameter) else within
    if found.lower is not None and found.parameter.startswith(("最大", "最高")):
        low = high
    if found.lower is not None and found.parameter.startswith(("最小", "最低")):
        high = low
    ends = [_meets(required, number) for number in (low, high)]
    return ends[0] if ends[0] == ends[1] else None


def _meets(required: Figure, number: Fraction) -> bool:
    if required.operator == AT_LEAST:
        return number >= required.number
    # "±0.006mm" and a deviation of -0.006 mm are within 0.008 mm; -28 ℃ meets ≤-25 ℃
    return (abs(number) if required.number >= 0 else number) <= required.number


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
    factor = ratio(verdict.found.unit, verdict.threshold.unit) or Fraction(1)
    number, wanted = abs(Fraction(verdict.found.number) * factor), abs(Fraction(verdict.threshold.number))
    low, high = sorted((number, wanted))
    return float(low / high) if high else 0.0
