"""An invoice's page by its zones: rows above the goods, of goods, of sums, and below, with the columns' headings.

In:    a page.
Out:   `Sheet`; what tells rows apart: sums, totals, tax rates, the cipher.
Fails: a zone that isn't there is empty.
Source: the form as fixed by the tax administration; the order of its columns is the same on all kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.amounts import read_figures
from extractors.layout import Piece
from extractors.rows import Row, find_label, one_to_one, rows_of, spans_of
from models.money import find_words, parse_words
from models.page import Page

HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("货物或应税劳务、服务名称", "货物或应税劳务名称", "货物(劳务)名称", "应税货物或劳务名称", "项目名称", "服务名称", "商品名称", "品名", "货物名称", "项目"),
    "model": ("规格型号", "规格、型号", "型号规格", "型号"),
    "unit": ("计量单位", "单位"),
    "quantity": ("数量",),
    "price": ("单价",),
    "amount": ("金额",),
    "rate": ("税率/征收率", "税率", "征收率"),
    "tax": ("税额",),
}
TOTAL_LABELS = ("价税合计（大写）", "价税合计(大写)", "价税合计", "合计金额（大写）", "金额合计（大写）", "合计（大写）", "（大写）", "(大写)")
SMALL_LABELS = ("（小写）", "(小写)", "小写")
LIST_TITLE = re.compile(r"销货清单|销售货物或者提供应税劳务.*清单|应税劳务、服务清单|货物清单|^清单$")
SEE_LIST = re.compile(r"[(（]?详见.{0,6}清单[)）]?")

TAX_CODE = re.compile(r"(?<![0-9A-Z])(?=[0-9A-Z]*\d{6})[0-9A-Z]{15}(?:[0-9A-Z]{3}|[0-9A-Z]{5})?(?![0-9A-Z])")
RATE = re.compile(r"^(?:\d{1,2}(?:\.\d)?\s*[%％]|免\s*税|不征税|出口零税率|普通零税率|[*＊]{1,3})$")
MONEY = re.compile(r"^[-−－]?\s*[¥￥Y]?\s*[-−－]?[\d,，.。OoIl ]*\d[.。,，·]\d{2}$")


@dataclass(frozen=True)
class Sheet:
    """A page by its zones: rows above the goods, of goods, and below."""

    page: Page
    head: tuple[Row, ...]
    heading: Row | None
    goods: tuple[Row, ...]
    sums: tuple[Row, ...]
    foot: tuple[Row, ...]
    columns: Mapping[str, float]  # middle of each heading found
    is_list: bool

    @property
    def every(self) -> tuple[Row, ...]:
        return (*self.head, *((self.heading,) if self.heading else ()), *self.goods, *self.sums, *self.foot)


def headings_in(row: Row) -> dict[str, float]:
    """Middles of the column headings that a row holds, by name; one misread character is allowed in those of four and more."""
    out: dict[str, float] = {}
    offset = 0
    for span in row.spans:
        text = one_to_one(span.text)
        rest = text
        for name, labels in HEADINGS.items():
            hit = find_label(rest, labels, slack=0.26)
            if hit and name not in out:
                box = span.line.part(span.start + hit[0], span.start + hit[1])
                out[name] = box.cx
                rest = rest[: hit[0]] + " " * (hit[1] - hit[0]) + rest[hit[1] :]
        offset += len(text)
    return out


def zones(page: Page) -> Sheet:
    rows = rows_of(spans_of(page))
    is_list = any(LIST_TITLE.search(re.sub(r"\s", "", r.text)) and not SEE_LIST.search(r.text) for r in rows[: max(4, len(rows) // 4)])
    sum_at = next((i for i, r in enumerate(rows) if is_sum_row(r)), None)
    scored = [(len(headings_in(r)), -i) for i, r in enumerate(rows[:sum_at])]
    best = max(scored, default=(0, 0))
    top = -best[1] if best[0] >= 2 else None
    if top is None:  # headings lost: the first row with a tax rate and an amount begins the goods
        top = next((i - 1 for i, r in enumerate(rows[:sum_at]) if _has_rate(r)), None)
        if top is None:
            return Sheet(page, tuple(rows[:sum_at]), None, (), tuple(rows[sum_at:sum_at + 2]) if sum_at is not None else (), tuple(rows[sum_at + 2:]) if sum_at is not None else (), {}, is_list)
        return _split(page, rows, top, None, sum_at, {}, is_list)
    columns = headings_in(rows[top])
    for near in (top - 1, top + 1):  # a heading on two baselines
        if 0 <= near < len(rows) and abs(rows[near].cy - rows[top].cy) < 1.2 * rows[top].box.height and not _has_rate(rows[near]):
            more = headings_in(rows[near])
            if more and len(more) * 2 >= len(rows[near].spans):
                columns = {**more, **columns}
    return _split(page, rows, top, rows[top], sum_at, columns, is_list)


def _split(page: Page, rows: Sequence[Row], top: int, heading: Row | None, sum_at: int | None, columns: Mapping[str, float], is_list: bool) -> Sheet:
    end = sum_at if sum_at is not None else len(rows)
    first_total = next((i for i in range(top + 1, end) if is_total_row(rows[i])), end)
    first_total = _with_raised_total(rows, top, first_total, end)
    return Sheet(page, tuple(rows[: max(0, top) if heading else top + 1]), heading, tuple(rows[top + 1 : first_total]), tuple(rows[first_total : min(end + 2, len(rows))]),
                  tuple(rows[min(end + 1, len(rows)) :]), columns, is_list)


def _with_raised_total(rows: Sequence[Row], top: int, first_total: int, end: int) -> int:
    """The row of sums where its label 合计 was lost or stands a little lower: two marked amounts and nothing else."""
    for i in range(top + 1, first_total):
        texts = [one_to_one(s.text).strip() for s in rows[i].spans]
        marked = [t for t in texts if t[:1] in "¥￥" and MONEY.match(t)]
        if marked and len(marked) >= len(texts) - 1 and i >= end - 3:
            return i
    return first_total


def is_sum_row(row: Row) -> bool:
    text = row.text
    if find_label(text, TOTAL_LABELS[:3], slack=0.3):
        return True
    if find_words(text) and parse_words(text) is not None and len(find_words(text) or "") >= 3:
        return True
    return bool(find_label(text, SMALL_LABELS[:2]) and read_figures(text))


def is_total_row(row: Row) -> bool:
    bare = re.sub(r"\s", "", row.text)
    if bare.startswith(("合计", "小计", "总计")):
        return True
    return bare in ("合", "计") or (("合" in bare.split("¥")[0][:3]) and bare.count("¥") >= 1)


def _has_rate(row: Row) -> bool:
    texts = [one_to_one(s.text).strip() for s in row.spans]
    return any(RATE.match(t) for t in texts) and any(MONEY.match(t) for t in texts)


def cipher(text: str) -> bool:
    return len(re.findall(r"[<>*/+]", text)) >= 4


def nearest(piece: Piece, columns: Mapping[str, float], names: Iterable[str]) -> str:
    """The heading nearest to a cell's middle among those found."""
    near = [(abs(piece.box.cx - columns[n]), n) for n in names if n in columns]
    return min(near)[1] if near else ""
