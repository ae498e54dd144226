"""Amounts in figures as recognition hands them over, with their separators misread, and held against other printings of the same amount.

In:    text read from paper: "¥23.762.50" for ¥23,762.50, "¥562900,00", "5292035.4", "-1,234.50"; amounts in words.
Out:   `Figure`: Decimal yuan and where it stands in the text; `agree`, `net_of`: which readings support each other.
Fails: nothing is raised; text without figures gives an empty list.
Elsewhere: exact amounts and amounts in words (models/money.py); which amount is which (extractors/papers).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extractors.layout import Piece, piece_of
from models.money import UNITS, Money
from models.page import Page
from models.text import compact

CENT = Decimal("0.01")
_LOOKALIKES = str.maketrans("OoQDlI|SB", "000011158")  # what recognition makes of 0, 1, 5, 8 within figures
_SEPARATOR = re.compile(r"[,，.。．·'’]")
_FIGURE = re.compile(
    r"(?P<sign>[-−－–](?=\s*[¥￥\d]))?\s*(?P<mark>[¥￥]|CNY|RMB|(?<![A-Za-z])Y(?=\d))?\s*(?:(?<!\d)[*＊※]+(?=\d))?(?P<sign2>[-−－–](?=\d))?"
    r"(?P<digits>\d(?:[\dOoQDlI|SB]|[,，.。．·'’]\s?(?=\d))*)\s?(?P<unit>百万元|千元|万元|亿元|万|亿|元)?"
)


class Figure(NamedTuple):
    """An amount as printed. decimals: how many digits stand behind the point; marked: with ¥ before or 元 behind it; start, end: its place in the text."""

    amount: Decimal
    decimals: int
    marked: bool
    start: int
    end: int

    @property
    def money(self) -> Money:
        return Money(self.amount, CENT)


def read_figures(text: str, unit: str = "") -> list[Figure]:
    """All amounts in figures of a text, in order.

    unit: what the label or the column heading says (万元), where the figure itself names none. A separator before the last one or two digits
    is the decimal point whichever sign was read for it; one before three digits is a thousands separator, unless it is the only one and a point.
    """
    out = []
    for m in _FIGURE.finditer(text):
        digits, decimals = _digits(m["digits"])
        factor = UNITS.get(m["unit"] or unit, Decimal(1))
        amount = Decimal(digits) * factor
        if m["sign"] or m["sign2"]:
            amount = -amount
        out.append(Figure(amount, decimals, bool(m["mark"] or m["unit"]), m.start(), m.end()))
    return out


def is_amount(text: str) -> bool:
    """Whether a text is one amount with two decimals and nothing else, as the money columns of a table print it."""
    found = read_figures(text)
    return len(found) == 1 and found[0].decimals == 2 and not text[: found[0].start].strip() and not text[found[0].end :].strip(" *")


def agree(a: Decimal | None, b: Decimal | None, tolerance: Decimal = CENT) -> bool:
    """Whether two readings are the same amount within a cent; an unread one agrees with nothing."""
    return a is not None and b is not None and abs(a - b) <= tolerance


def net_of(net: Iterable[Decimal], tax: Iterable[Decimal], total: Iterable[Decimal]) -> tuple[Decimal | None, Decimal | None, Decimal | None, bool]:
    """The readings of 金额, 税额 and 价税合计 that add up, each list best first; True where they do.

    Where none add up the first of each is given, None where there is none. Of several that add up the earliest in the lists wins.
    """
    nets, taxes, totals = list(net), list(tax), list(total)
    sums = [(i + j + k, n, x, t) for i, n in enumerate(nets) for j, x in enumerate(taxes) for k, t in enumerate(totals) if agree(n + x, t)]
    if sums:
        _, n, x, t = min(sums, key=lambda s: s[0])
        return n, x, t, True
    return _first(nets), _first(taxes), _first(totals), False


def _first(values: Sequence[Decimal]) -> Decimal | None:
    return values[0] if values else None


def _digits(printed: str) -> tuple[str, int]:
    """Digits of a figure with a plain decimal point, and how many stand behind it."""
    text = "".join(printed.translate(_LOOKALIKES).split())  # of any width: a text layer's spaces may be full-width or unbreakable
    marks = [m.start() for m in _SEPARATOR.finditer(text)]
    if not marks:
        return text, 0
    last = marks[-1]
    behind = len(text) - last - 1
    decimal = behind <= 2 or ((behind != 3 or len(marks) == 1) and text[last] in ".。．·")
    whole = _SEPARATOR.sub("", text[:last] if decimal else text)
    return (f"{whole}.{text[last + 1 :]}", behind) if decimal else (whole, 0)


_BEGUN = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{3}$")
_ENDED = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+(?:$|[（(¥￥。])")


def wrapped_words(page: Page) -> Iterator[Piece]:
    """Amounts in words on two lines of a narrow cell, as one piece each, though something else may stand on the baseline between them (大写 beside 小写)."""
    for upper in (line for line in page.lines if _BEGUN.search(compact(line.text))):
        height = upper.box.height
        for lower in page.lines:
            below = 0.3 * height < lower.box.cy - upper.box.cy < 2.2 * height and min(upper.box.x1, lower.box.x1) > max(upper.box.x0, lower.box.x0)
            if below and _ENDED.match(compact(lower.text)):
                yield piece_of(page, (upper, lower))
