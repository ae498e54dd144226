"""What a page counts: its own number, its paper's numbers, its clauses.

In:    rows or lines of a page.
Out:   `PageNumber`, numbers by what they number, `Clause`s; None or nothing where the page prints none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extractors.sorting.rows import Row
from models.page import Line
from models.text import compact


class PageNumber(NamedTuple):
    """第2页共4页: which page, of how many (0 where it doesn't say); sure where the page says so in words."""

    number: int
    total: int
    sure: bool


class Clause(NamedTuple):
    """A numbered clause: in which style it is numbered, and its number."""

    style: str
    number: int


_PAGE_NUMBERS = (
    (re.compile(r"第([\d一二三四五六七八九十]{1,3})页[/,，、（(]*共([\d一二三四五六七八九十]{1,3})页"), 1, 2, True),
    (re.compile(r"共([\d一二三四五六七八九十]{1,3})页[/,，、）)]*第([\d一二三四五六七八九十]{1,3})页"), 2, 1, True),
    (re.compile(r"(?i)page:?(\d{1,3})(?:of|/)(\d{1,3})"), 1, 2, True),
    (re.compile(r"^[-—–~·]?(\d{1,3})[/／](\d{1,3})页?[-—–~·]?$"), 1, 2, False),
    (re.compile(r"^第([\d一二三四五六七八九十]{1,3})页$"), 1, 0, True),
    (re.compile(r"^[-—–~·]*(\d{1,2})[-—–~·]*$"), 1, 0, False),
)
_ORDINALS = {c: n for n, c in enumerate("零一二三四五六七八九")}


def ordinal(text: str) -> int | None:
    """Value of 12 or 十二, 二十一; None where it is neither."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for c in text:
        if c == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c in _ORDINALS:
            digit = _ORDINALS[c]
        else:
            return None
    return total + digit or None


def page_number_of(rows: Sequence[Row]) -> PageNumber | None:
    """The page's own number where it prints one at its head or foot."""
    for pattern, a, b, sure in _PAGE_NUMBERS:
        for row in reversed(rows):
            edge = row.box.cy > 0.85 or (row.box.cy < 0.15 and sure)
            for text in {row.text, *(compact(x.text) for x in row.lines)}:
                found = pattern.search(text) if sure else (pattern.match(text) if row.box.cy > 0.88 else None)
                if not found or (not edge and not b):
                    continue
                number, total = ordinal(found[a]), ordinal(found[b]) if b else 0
                if number and total is not None and (not b or number <= total <= 300):
                    return PageNumber(number, total, sure)
    return None


# 检字第2020-8216号, (2020)量测字第9694号, 2020年购字第12号
_FILE_NUMBER = r"[\u4e00-\u9fff]{0,6}[（(〔\[【]?(?:19|20)\d{2}[)）〕\]】]?[-—]?[A-Za-z\u4e00-\u9fff]{0,8}?\d{1,6}(?:[-—]\d{1,4})*号"
_NUMBERED = (
    ("contract", re.compile(r"(?:合同|协议|订单)(?:书)?(?:编号|号码|号|No\.?)[:：]?([A-Za-z]{1,8}[（(〔\[]\d{4}[)）〕\]][A-Za-z\u4e00-\u9fff]{0,8}\d[\d\-]*号?|[\u4e00-\u9fff]{0,6}(?:[（(〔\[]\d{4}[)）〕\]]|\d{4})[A-Za-z\u4e00-\u9fff]{1,8}\d[\d\-]*号?|[A-Za-z0-9][A-Za-z0-9\-_/]{4,})")),
    ("policy", re.compile(r"(?:(?:保险单|保单|保险合同)(?:号码|号|编号|No\.?)|(?:所属|所附|附于|对应|原)(?:保险单|保单)|(?i:policyno)\.?)(?:[（(][A-Za-z.]{2,12}[)）])?[:：]?([A-Za-z0-9][A-Za-z0-9\-_/]{7,})")),
    ("endorsement", re.compile(r"批单(?:号码|号|编号|No\.?)[:：]?([A-Za-z0-9][A-Za-z0-9\-_/]{7,})")),
    ("report", re.compile(rf"(?:报告编号|报告号|报告No\.?|(?:№|(?<![A-Za-z])N[oO0ºgq9][.:：])(?=[:：.]{{0,2}}(?:[A-Za-z]{{1,6}}[-—\d]|(?:19|20)\d\d[A-Za-z]{{1,4}}[-—\d]|{_FILE_NUMBER}))|(?<![同议单书票证品器备厂户])编号(?:No\.?)?)[:：.]?"
                          rf"({_FILE_NUMBER}|(?:[（(〔\[]\d{{4}}[)）〕\]]|\d{{4}})[A-Za-z\u4e00-\u9fff]{{1,8}}\d[\d\-]*号?|[A-Za-z0-9][A-Za-z0-9\-_/]{{5,}})")),
    ("invoice", re.compile(r"(?:发票号码|票号码|N[o°º0]\.?|№|发票代码[:：]?\d{10,12}号码)[:：]?(\d{8}(?:\d{12})?)(?!\d)")),
    ("voucher", re.compile(r"(?:回单编号|回单号码|回单号|回单流水号|流水号|凭证号码?|交易序号|回执编号)[:：]?([A-Za-z0-9][A-Za-z0-9\-]{5,})")),
)


def numbers_of(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    """Numbers of papers that the page names, by what they number; label and number may stand in one line or side by side."""
    out: dict[str, set[str]] = {}
    lines = [compact(line.text) for row in rows for line in row.lines]
    for kind, pattern in _NUMBERED:
        found = [m[1] for text in lines for m in pattern.finditer(text)] or [m[1] for row in rows for m in pattern.finditer(row.text)]
        plausible = {n.translate(ALIKE).upper() for n in found if sum(c.isdigit() for c in n) >= 4}
        if plausible:
            out[kind] = plausible
    return {k: frozenset(v) for k, v in out.items()}


ALIKE = str.maketrans("OoIlSZB", "0011528")  # letters and figures that reading confuses count as the same


CLAUSES = (
    ("第条", re.compile(r"^第([\d一二三四五六七八九十百]{1,4})[条章]")),
    ("、", re.compile(r"^([一二三四五六七八九十]{1,4})[、.．]")),
    ("1.1", re.compile(r"^(\d{1,2})\.\d{1,2}(?!\d)")),
    ("1.", re.compile(r"^(\d{1,2})[.、．](?!\d)")),
)


def clauses_of(lines: Sequence[Line]) -> tuple[Clause, ...]:
    """The numbered clauses that begin on the page, from top to bottom."""
    out = []
    for line in sorted(lines, key=lambda x: x.box.cy):
        text = compact(line.text)
        for style, pattern in CLAUSES:
            found = pattern.match(text)
            number = ordinal(found[1]) if found else None
            if number and len(text) > 2:
                out.append(Clause("1." if style == "1.1" else style, number))
                break
    return tuple(out)


def body_rows(rows: Sequence[Row]) -> list[Row]:
    return [r for r in rows if len(r.text) >= 2 and not any(p.search(r.text) and len(r.text) < 14 for p, *_ in _PAGE_NUMBERS)]
