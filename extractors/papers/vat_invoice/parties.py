"""Buyer and seller of an invoice, by their labels, their tax codes, or by looking like an organisation's name.

In:    a page by its zones.
Out:   both with how surely the place is theirs.
Fails: None for a side whose name isn't there.
Elsewhere: what an organisation's name looks like (extractors/organisations.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.layout import Piece, Span
from extractors.organisations import NOT_ORGANISATION, ORGANISATION, whole_name
from extractors.papers.vat_invoice.invoice import Read
from extractors.papers.vat_invoice.sheet import TAX_CODE, Sheet, cipher, is_sum_row, is_total_row
from extractors.rows import GAP, Row, one_to_one

_NAME = re.compile(
    rf"(?P<side>购|销|买|卖|付款|收款)?[{GAP}\s]*(?:[买售购货方单位人款]{{0,3}})[{GAP}\s]*(?:信息|名)?[{GAP}\s]*(?:名[{GAP}\s]*称|户[{GAP}\s]*名)[{GAP}\s]*[:：;；.]?[{GAP}\s]*(?P<v>[^{GAP}\s:：][^{GAP}:：]*)"
)
_SIDE = re.compile(r"(?P<buyer>购\s?买?\s?方|购货|购方|买方|[付交缴]款(?:单位|方|人)|[今兹]收到|致?Bill\s?To|^致(?=[:：]|$))|(?P<seller>销\s?售?\s?方|销货|销方|卖方|收款(?:单位|方))")
_BARE_SIDE = re.compile(r"(?:购|销|买|卖|付款|收款)[买售货单位方人]{0,3}(?:信息|名称|全称)?[:：]?|(?:致|客户)?(?:Bill\s?To|Customer)[:：]?|致[:：]?")


def find_parties(sheet: Sheet) -> tuple[Read | None, Read | None]:
    """Buyer and seller: by their labels 名称, by the tax code that stands below a name, or by looking like an organisation's name.

    Paper forms have the buyer above the goods and the seller below; fully digital ones both above, the buyer to the left.
    """
    above, below = _names(sheet.head), _names(sheet.foot or sheet.sums)
    if not below and len(above) >= 2:
        rows = sorted(above, key=lambda n: (round(n[0].box.cy, 2), n[0].box.x0))
        buyer, seller = _by_side(rows)
    else:
        buyer, seller = (above[0] if above else None), (below[0] if below else None)
    return _named(buyer), _named(seller)


_Name = tuple[Piece, float, str]  # the name, how surely it is one (0 to 1), the side its row names


def _by_side(names: Sequence[_Name]) -> tuple[_Name | None, _Name | None]:
    buyers, sellers = [n for n in names if n[2] == "buyer"], [n for n in names if n[2] == "seller"]
    if buyers and sellers:
        return buyers[0], sellers[0]
    if buyers and (rest := [n for n in names if n[0].folded != buyers[0][0].folded and not n[2]]):  # 致 over the one's name, the other's in the letterhead
        return buyers[0], max(rest, key=lambda n: n[1])
    first = max(names, key=lambda n: n[1])
    others = [n for n in names if n is not first and n[0].folded != first[0].folded]
    if not others:
        return first, None
    second = max(others, key=lambda n: n[1])
    level = abs(first[0].box.cy - second[0].box.cy) < max(first[0].box.height, second[0].box.height)
    left, right = sorted((first, second), key=lambda n: n[0].box.x0 if level else n[0].box.cy)
    return left, right


def _named(name: _Name | None) -> Read | None:
    if name is None:
        return None
    piece, sure = whole_name(name[0]), name[1]
    return Read(piece.folded, piece, 1, None, () if sure >= 0.6 else ("名称标签未读出",), found=1.0 if sure >= 0.65 else 0.85)


def _names(rows: Sequence[Row]) -> list[_Name]:
    """Names of organisations in these rows, surest first and then from the top, left."""
    out: list[_Name] = []
    codes = [(s.line.box, m) for r in rows for s in r.spans for m in [TAX_CODE.search(one_to_one(s.text).replace(" ", ""))] if m]
    heading = ""  # the side that the row above names, where it names nothing else: 销售方名称：
    for row in rows:
        if is_total_row(row) or is_sum_row(row):
            continue
        above, heading = heading, ""
        sides = [m.lastgroup or "" for m in _SIDE.finditer(re.sub(r"\s", "", row.text))]
        if len(sides) == 1 and _BARE_SIDE.fullmatch(re.sub(r"\s", "", row.text)):
            heading = sides[0]
            continue
        taken: list[Span] = []
        for n, m in enumerate(_NAME.finditer(row.text)):
            piece = row.piece(*m.span("v"))
            if piece and _plausible(piece.folded):
                side = "buyer" if m["side"] in ("购", "买", "付款") else "seller" if m["side"] in ("销", "卖", "收款") else sides[n] if n < len(sides) else ""
                out.append((piece, 1.0 if ORGANISATION.match(piece.folded) else 0.7, side))
                taken += piece.spans
        for span in row.spans:
            if any(t.line is span.line for t in taken):
                continue
            text = one_to_one(span.text)
            value = Piece((span,)).stripped()
            label = re.match(r"^.{0,6}?称\s*[:：]\s*", text)
            if label:
                value = Piece((span,))[label.end() :].stripped()
            if ORGANISATION.match(value.folded) and not NOT_ORGANISATION.search(value.folded):
                box = span.line.box
                coded = any(0 < c.cy - box.cy < 2.8 * box.height and c.x0 < box.x1 and c.x1 > box.x0 for c, _ in codes)
                out.append((value, 0.65 if coded or label or above else 0.4, above))
    return sorted(out, key=lambda n: (-n[1], n[0].box.cy, n[0].box.x0))


def _plausible(name: str) -> bool:
    return (len(re.findall(r"[\u4e00-\u9fff]", name)) >= 2 and not cipher(name) and not NOT_ORGANISATION.search(name)) or bool(re.fullmatch(r"[A-Za-z][A-Za-z .,&()-]{3,}", name))
