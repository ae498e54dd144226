"""Amounts of money as our papers print them.

In:    a piece of text: "人民币37.947万元", "¥379,470.00", "叁拾柒万玖仟肆佰柒拾元整".
Out:   `Money`: Decimal yuan and the step of its last written digit (37.947万元 is good to 10 yuan).
Fails: None where there is no amount; nothing is guessed.
Elsewhere: which of a page's amounts is the premium (extractors/papers).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from models.text import compact

UNITS = {"": Decimal(1), "元": Decimal(1), "千元": Decimal(1000), "万": Decimal(10_000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000), "亿": Decimal(100_000_000), "亿元": Decimal(100_000_000)}

_FIGURES = re.compile(
    r"(?P<number>\d{1,3}(?:[,，.]\d{3})+\.\d{2}(?!\d)|\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"  # 5.490,000.00: a comma read as a point
    r"(?P<unit>百万元|千元|万元|亿元|万|亿|元)?"
)
_DIGITS = {c: n for n, cs in enumerate(("零〇", "壹一", "贰二两", "叁三", "肆四", "伍五", "陆六", "柒七", "捌八", "玖九")) for c in cs} | {"貳": 2, "弍": 2, "陸": 6, "叄": 3}
NONZERO = frozenset(c for c, n in _DIGITS.items() if n)  # numerals that amounts in words write for 1 to 9
_STEPS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_WORDS = re.compile(r"[零〇壹一贰貳弍二两叁叄三肆四伍五陆陸六柒七捌八玖九拾十佰百仟千万萬亿億]+(?:[元圆圓]|(?=[角分]))[零壹一贰二两叁三肆四伍五陆六柒七捌八玖九角分]*[整正]?")


class Money(NamedTuple):
    """Yuan, and how fine it was written: two amounts agree within half of the coarser step."""

    amount: Decimal
    step: Decimal = Decimal("0.01")

    def agrees(self, other: Money) -> bool:
        """Whether both can be the same amount: the rulebook's tolerance, 0.5 in the coarser one's last digit."""
        return abs(self.amount - other.amount) <= max(self.step, other.step) / 2

    @property
    def value(self) -> str:
        """The contract's form: yuan with two decimals."""
        return yuan(self.amount)


def yuan(amount: Decimal) -> str:
    """The contract's form of an amount of yuan: two decimals."""
    return str(amount.quantize(Decimal("0.01")))


def parse_figures(text: str, unit: str = "") -> Money | None:
    """The first amount in figures. unit: what the label or the column heading says (万元), where the figure itself names none."""
    t = compact(text).replace("¥", "").replace("￥", "")
    found = _FIGURES.search(t)
    if not found:
        return None
    whole, point, rest = found["number"].replace("，", ",").rpartition(".")
    digits = re.sub("[,.]", "", whole or rest) + (point + rest if whole else "")
    factor = UNITS[found["unit"] or unit]
    decimals = len(digits.partition(".")[2])
    return Money(Decimal(digits) * factor, factor.scaleb(-decimals))


def find_words(text: str) -> str | None:
    """The first amount in words (大写) in a text, as printed."""
    found = _WORDS.search(compact(text))
    return found[0] if found else None


def parse_words(text: str) -> Money | None:
    """An amount in words: 叁拾柒万玖仟肆佰柒拾元整, 伍拾元零叁分, 壹拾贰亿. None where the text isn't one, or is malformed."""
    words = find_words(text)
    if words is None:
        return None
    whole, mark, rest = words.replace("圆", "元").replace("圓", "元").replace("萬", "万").replace("億", "亿").rstrip("整正").partition("元")
    if not mark:
        whole, rest = "", whole + rest
    amount = chinese_integer(whole) if whole else 0
    cents = _cents(rest)
    if amount is None or cents is None:
        return None
    return Money(Decimal(amount) + Decimal(cents) / 100)


def chinese_integer(words: str) -> int | None:
    """Value of 叁拾柒万玖仟; None where the digits and steps don't alternate as they should."""
    total = section = 0
    digit: int | None = None
    lowest = 10_000
    tens_of_thousands = False  # whether 万 was said since the last 亿
    for c in words:
        if c in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[c]
        elif c in _STEPS:
            step = _STEPS[c]
            if step >= lowest or digit == 0:
                return None
            section += (digit if digit is not None else 1) * step
            digit, lowest = None, step
        elif c in "万亿":
            section += digit or 0
            if (not section and not total) or (c == "万" and tens_of_thousands):
                return None
            tens_of_thousands = c == "万"
            total = total + section * 10_000 if c == "万" else (total + section) * 100_000_000
            section, digit, lowest = 0, None, 10_000
    return total + section + (digit or 0)


def _cents(words: str) -> int | None:
    """Value in 分 of 伍角叁分, 零叁分 or nothing."""
    found = re.fullmatch(r"零?(?:(?P<j>[壹一贰二两叁三肆四伍五陆六柒七捌八玖九零])角)?零?(?:(?P<f>[壹一贰二两叁三肆四伍五陆六柒七捌八玖九零])分)?", words)
    if not found:
        return None
    return _DIGITS[found["j"] or "零"] * 10 + _DIGITS[found["f"] or "零"]
