"""Who uses what was insured: annex 1's table of users, the one user of annexes 4 and 6.

In:    the form's pages and hits of the labels.
Out:   `Buyer`s with their quantities.
Fails: nothing where there is no such table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from extractors.fields import make_field
from extractors.layout import Hit, Piece, fold, in_rows, piece_of, sheet
from extractors.organisations import MAY_END
from models.field import Field
from models.page import Page
from models.paper import Buyer

_BEHIND = ("total_quantity", "policy_number", "premium_rate", "period", "premium", "_headings")  # labels that stand behind the users of a form
_NO_USER = re.compile(  # 四、投保及补贴信息: users are numbered in figures; 本单位郑重承诺
    r"^(?:[(]?[一二三四五六七八九十]{1,2}[)]?[、.]|(?:本(?:单位|企业|公司)|我(?:单位|公司))?[郑重]*(?:承诺|声明)|填报说明|注[:：])"
)
_ROW_NUMBER = re.compile(r"^[(（]?\d{1,2}[)）]?[.、．:：,，]?(?=[\u4e00-\u9fffA-Za-z]|$)|^[…·.。]+$")


def find_users(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> tuple[Buyer, ...]:
    """The users table of annex 1: each name with the quantity on its row, from the heading down to the total."""
    head = min(hits["_users"], key=lambda h: h.order, default=None) or _plain_head(hits)
    if head is None:
        return ()
    page = head.label.page
    box = head.box
    end = min((top for top in _ends(page, hits) if top > box.cy), default=1.0)
    column = min((h.box.x0 for h in hits["_quantities"] if h.label.page is page and abs(h.box.cy - box.cy) < 0.03 and h.box.x0 > box.x0), default=box.x1 + 0.1)
    left = min((h.box.x1 for h in hits["_groups"] if h.label.page is page and h.box.x1 < box.cx and h.box.y1 > box.y0), default=0.0)  # beside, not above
    lines = [v for v in page.lines if box.cy + 0.4 * v.box.height < v.box.cy and v.box.y0 < end - 0.2 * v.box.height and v.box.x0 > left - 0.02
             and not any(v is s.line for h in hits["_groups"] for s in h.label.spans)]
    names = [v for v in in_rows(lines) if v.box.x0 < column - 0.03 and v.box.cx < column]
    counts = [v for v in lines if v not in names and re.search(r"\d", v.text)]
    entries: list[Piece] = []
    cell_of = sheet(page).of_line
    for line in names:
        piece = piece_of(page, line)
        same_cell = bool(entries) and (home := cell_of.get(id(line))) is not None and home.cell is not None and home is cell_of.get(id(entries[-1].spans[-1].line))
        numbered = bool(_ROW_NUMBER.match(piece.folded))
        close = bool(entries) and line.box.y0 - entries[-1].spans[-1].line.box.y1 < 0.6 * line.box.height
        if entries and not numbered and (same_cell or (close and not same_cell and _unfinished(entries[-1].folded))):
            entries[-1] = entries[-1] + piece
        else:
            entries.append(piece)
    out = []
    for entry in entries:
        rest = entry.search(r"^(?:[(]?\d{1,2}[)]?[.、,:]|\d{1,2}(?=[\u4e00-\u9fff])|[….·。]+)*(?P<n>.*)$", "n")
        name = make_field("buyer_name", rest.stripped() if rest else None)
        if name is None or len(str(name.value)) < 3:
            continue
        box = entry.box
        near = [v for v in counts if min(v.box.y1, box.y1) - max(v.box.y0, box.y0) > 0.3 * v.box.height]
        count = min(near, key=lambda v: abs(v.box.cy - box.cy), default=None)
        quantity = make_field("quantity", piece_of(page, count)) if count else None
        out.append(Buyer(name=name, quantity=quantity))
    return tuple(out)


def _plain_head(hits: Mapping[str, Sequence[Hit]]) -> Hit | None:
    """用户名称, which elsewhere asks for one user, as the heading of a column: that of the quantities stands beside it."""
    beside = [(h.label.page, h.box) for h in hits["_quantities"]]
    heads = [h for h in hits["buyer_name"] if any(h.label.page is page and box.x0 > h.box.x0 and abs(box.cy - h.box.cy) < 0.5 * h.box.height for page, box in beside)]
    return min(heads, key=lambda h: h.order, default=None)


def _ends(page: Page, hits: Mapping[str, Sequence[Hit]]) -> Iterator[float]:
    """Where something else begins than users: their total, what a form asks for behind them, the heading of its next section."""
    yield from (hit.box.y0 for name in _BEHIND for hit in hits[name] if hit.label.page is page)
    yield from (line.box.y0 for line in page.lines if _NO_USER.match(fold(line.text)[0]))


def _unfinished(name: str) -> bool:
    """Whether a company's name goes on in the next line."""
    return not MAY_END.search(name)


def only_user(fields: Mapping[str, Field]) -> tuple[Buyer, ...]:
    """Annexes 4 and 6 stand for one user; annex 4's quantity is that user's."""
    name = fields.get("buyer_name")
    return (Buyer(name=name, quantity=fields.get("insured_quantity")),) if name else ()
