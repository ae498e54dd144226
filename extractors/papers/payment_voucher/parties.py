"""Payer and payee of a voucher: under labels of their own, in columns, or 户名 told apart by the nearest party's label.

In:    the voucher's pages, hits of its labels, where the parties' labels stand.
Out:   both names; doubted where they can't be what they are taken for.
Fails: None for a party whose name isn't there.
Elsewhere: what an organisation's name looks like (extractors/organisations.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.confidence import confirmed, doubted
from extractors.fields import make_field
from extractors.layout import NOTHING, Hit, Piece, in_rows, piece_of, sheet, wrapped_with
from extractors.organisations import is_organisation, whole_name
from extractors.papers.account_statement import INSURER
from extractors.papers.payment_voucher.labels import LABEL_WORDS
from extractors.rows import one_to_one
from models.field import Field
from models.geometry import Box
from models.page import Page

_BANK = re.compile(r"(?:银行|信用社|信用合作联社|农商行).*(?:支行|分行|营业部|营业厅|分理处|总行|行)$|^中国(?:工商|农业|建设|交通)?银行$")
SIDES: Mapping[str, re.Pattern[str]] = {
    "payer": re.compile(r"付款?[人方单账帐客企]|汇款[人方单]|出票人|转出|汇出(?!地)|交款|缴款|缴费[人单]|交费[人单]|借方(?!发生|金额)|借记账户|本方|我方|申请人|委托人"),
    "payee": re.compile(r"收款?[人方单账帐客企]|转入|汇入(?!地)|入账[人账帐方]|贷方(?!发生|金额)|贷记账户|持票人|受款|对方"),
}
_PANEL = re.compile(r"^(?:[收付]款|汇款|转[出入]|汇[出入]|本|我|对)[人方]?(?:单位|客户|企业)?(?:[账帐][户号])?(?:基本)?(?:信息|资料|情况|栏)$")  # 付款方账户信息 over its rows
_UPRIGHT = {"付": "payer", "汇": "payer", "出": "payer", "收": "payee", "对": "payee", "持": "payee"}

Markers = Sequence[tuple[str, Box]]


def find_parties(markers: Sequence[Markers], pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> tuple[Field | None, Field | None]:
    """Payer and payee: under labels of their own, else 户名 told apart by the nearest party's label. markers: where the parties' labels stand, page by page."""
    own = {side: _confirmed_by_copies(f"{side}_name", [h for h in hits[f"{side}_name"] if _is_name(h)]) for side in ("payer", "payee")}
    if own["payer"] is None or own["payee"] is None:
        for side, field in _in_columns(markers, pages, hits["name"]).items():
            own[side] = own[side] or field
    if own["payer"] is None or own["payee"] is None:
        for side, field in _by_nearest(markers, pages, [h for h in hits["name"] if _is_name(h) and not h.second]).items():
            own[side] = own[side] or field
    for side in own:  # 付款人：宁波…公司
        own[side] = own[side] or _confirmed_by_copies(f"{side}_name", [h for h in hits[side] if _is_name(h)])
    return own["payer"], own["payee"]


def find_holder(hits: Mapping[str, Sequence[Hit]]) -> Field | None:
    """Whose account a statement is of: 户名 at its head, or who pays what a list of payments lists."""
    named, paying = ([h for key in keys for h in hits[key] if _is_name(h) and not h.second and h.how != "below"] for keys in (("payer_name", "name"), ("payer",)))
    named = named or paying
    return _confirmed_by_copies("payer_name", sorted(named, key=lambda h: h.order)[:1])


def against_roles(payer: Field | None, payee: Field | None) -> tuple[Field | None, Field | None]:
    """The parties held against what they are: a premium goes to an insurer (or its broker) and comes from somebody else. A refund, or names exchanged: for a person."""
    if payer is None or payee is None:
        return payer, payee
    if payer.value == payee.value:
        return doubted(payer, "收款人读作同一名称"), doubted(payee, "付款人读作同一名称")
    if INSURER.search(payer.text) and not INSURER.search(payee.text):
        why = "付款人是保险机构，收款人不是"
        return doubted(payer, why), doubted(payee, why)
    if not INSURER.search(payee.text):
        return payer, doubted(payee, "收款人不是保险机构")
    return payer, payee


_BEHIND_NAME = re.compile(r"(?:账号|帐号|账户|卡号|开户[行银机]|地址|行号|\d{6}).*$|(?<=[司厂院所学心校会社])[账帐]$")


def _alone(name: Piece) -> Piece:
    """A party's name without its account or bank, where they stand in one line or one cell with it."""
    behind = _BEHIND_NAME.search(name.folded)
    if behind and is_organisation(name.folded[: behind.start()]) and "公司" not in behind[0]:
        return name.between(0, behind.start()).stripped()
    lines = name.lines()
    for n in range(1, len(lines)):
        if _BANK.search(lines[n].folded) and is_organisation("".join(v.folded for v in lines[:n])):
            return Piece(name.spans[:n], name.via)
    return name


def _is_name(hit: Hit) -> bool:
    name = NOTHING if hit.blank else _alone(hit.piece)
    text = name.folded
    return text not in LABEL_WORDS and not _LABEL_LIKE.match(text) and bool(name) and len(re.findall(r"[\u4e00-\u9fffA-Za-z]", whole_name(name).folded)) >= 2 and not re.search(r"\d{6}|[¥:：]|[\d,]+\.\d\d|小写|大写", text) and not _BANK.search(text)


_LABEL_LIKE = re.compile(r"^(?:[付收]款?|汇款|转[出入]|汇[出入]|[借贷]|本|对)?[人方]?(?:账|帐|卡|开户|行名|行号|户名|全称|名称)[\u4e00-\u9fff/()]{0,6}$")  # a heading that isn't among ours


def _confirmed_by_copies(name: str, hits: Sequence[Hit]) -> Field | None:
    """The surest of the hits; several scans that print the same bear each other out."""
    fields = [f for h in hits if (f := make_field(name, whole_name(_alone(h.piece)), h.unit, h.score))]
    if not fields:
        return None
    best = max(fields, key=lambda f: (sum(o.value == f.value for o in fields), f.confidence)) if len({f.value for f in fields}) < len(fields) else fields[0]
    twice = {f.source.page for f in fields if f.value == best.value and f.source}
    return confirmed(best, "两页一致") if len(twice) > 1 else best


def _by_nearest(marked: Sequence[Markers], pages: Sequence[Page], hits: Sequence[Hit]) -> dict[str, Field]:
    """户名 of two parties: to whom each belongs is told by the parties' labels to the left and above; where these were not read the left or upper one pays."""
    out: dict[str, Field] = {}
    for index, (page, markers) in enumerate(zip(pages, marked, strict=True)):
        own = _distinct([h for h in hits if h.order[0] == index])
        if len(own) >= 2:
            first, second = sorted(own[:2], key=lambda h: h.box.x0 if _level(own[0].box, own[1].box) else h.box.cy)
            panel = second.box.x0 - 0.01 if _level(first.box, second.box) else 1.0
            straight = _far(first.box, "payer", markers, page, panel) + _far(second.box, "payee", markers, page)
            crossed = _far(first.box, "payee", markers, page, panel) + _far(second.box, "payer", markers, page)
            sides = {"payer": first, "payee": second} if straight <= crossed else {"payer": second, "payee": first}
            found = 0.85 if not markers or abs(straight - crossed) < _TOLD_APART else 1.0
        elif own and markers:
            far = {side: _far(own[0].box, side, markers, page) for side in SIDES}
            sides, found = {min(far, key=lambda s: far[s]): own[0]}, 0.85
        else:
            continue
        for side, hit in sides.items():
            made = make_field(f"{side}_name", whole_name(_alone(hit.piece)), found=found * hit.score)
            if made and side in out and out[side].value == made.value:
                out[side] = confirmed(max(out[side], made, key=lambda f: f.confidence), "两页一致")
            elif made and (side not in out or out[side].confidence < made.confidence):
                out[side] = made
    return out


def _in_columns(marked: Sequence[Markers], pages: Sequence[Page], hits: Sequence[Hit]) -> dict[str, Field]:
    """Names in a table whose columns (or rows) are the parties: what stands where 名称's row crosses 转出方's column, and where it crosses 转入方's.

    Only where one 名称 serves both; where each party has its own, it stands beside that.
    """
    for index, (page, markers) in enumerate(zip(pages, marked, strict=True)):
        own = [h for h in hits if h.order[0] == index and not h.second]
        for payer, payee in ((a, b) for one, a in markers for other, b in markers if one == "payer" and other == "payee"):
            for hit in own:
                if sum(_level(h.box, hit.box) if _level(payer, payee) else _stacked(h.box, hit.box) for h in own) > 1:
                    continue
                made = {side: field for side, box in (("payer", payer), ("payee", payee)) if (field := _crossing(page, f"{side}_name", hit, box, payee if side == "payer" else payer))}
                if len(made) == 2 and made["payer"].value != made["payee"].value:
                    return made
    return {}


_STACKED = 0.06  # how far from each other, of the page's width, the middles of two headings of rows may lie


def _beside(line: Box, heading: Box) -> bool:
    """Whether a line stands beside a row's heading, or is one of two lines of a text that does."""
    return abs(line.cy - heading.cy) < max(line.height, heading.height)


def _stacked(a: Box, b: Box) -> bool:
    return abs(a.cx - b.cx) < _STACKED


def _crossing(page: Page, name: str, hit: Hit, party: Box, rival: Box) -> Field | None:
    """The name where a label's row crosses a party's column, or the label's column the party's row; a line that stands nearer to the other party's is that one's."""
    label = hit.box
    if _level(party, rival) and label.cy > party.y1 and not party.x0 < label.cx < party.x1:  # parties head columns
        row, column = label, party
        near = [v for v in page.lines if _beside(v.box, row) and abs(v.box.cx - party.cx) < min(abs(v.box.cx - rival.cx), 0.5 * abs(party.cx - rival.cx))]
    elif _stacked(party, rival) and not _level(party, rival) and label.y1 < min(party.y0, rival.y0) and label.cx > party.x1:  # parties head rows
        row, column = party, label
        headed = sheet(page).of_line.get(id(hit.label.spans[0].line)) if hit.label.spans else None
        wide = headed.box if headed is not None and headed.cell is not None else label  # a short name may not reach below the words of a wide column's heading
        near = [v for v in page.lines if _beside(v.box, row) and min(v.box.x1, wide.x1) > max(v.box.x0, wide.x0)]
    else:
        return None
    for line in sorted(near, key=lambda v: (abs(v.box.cx - column.cx), abs(v.box.cy - row.cy))):
        home = sheet(page).of_line.get(id(line))
        piece = home.piece if home is not None and home.cell is not None else piece_of(page, in_rows(wrapped_with(line, near, 0.0)))
        value = replace(hit, piece=piece, blank=False)
        if not any(line is s.line for s in hit.label.spans) and _is_name(value):
            return make_field(name, whole_name(_alone(piece)), found=0.95)
    return None


def _level(a: Box, b: Box) -> bool:
    return abs(a.cy - b.cy) < 1.5 * max(a.height, b.height)


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """One hit a value, in the order given."""
    seen: dict[str, Hit] = {}
    for h in hits:
        seen.setdefault(h.piece.folded, h)
    return list(seen.values())


def find_markers(page: Page) -> list[tuple[str, Box]]:
    """Where a party's group label stands: 付款人, or its letters one below the other."""
    out: list[tuple[str, Box]] = []
    for line in page.lines:
        text = re.sub(r"[\s()（）]|[A-Za-z/']+", "", one_to_one(line.text)).strip(":：")
        for side, pattern in SIDES.items():
            if pattern.match(text) and (len(text) <= 5 or _PANEL.match(text)):
                out.append((side, line.box))
        if text in _UPRIGHT or (len(text) in (2, 3) and text[0] in _UPRIGHT and text[1:] in ("款", "款人", "款方", "方", "人")):
            out.append((_UPRIGHT[text[0]], line.box))
    return out


_UNREAD = 0.5  # distance to a party's label that was not read, as a share of the page's width
_TOLD_APART = 0.04  # by how much the one way of giving two names to two parties must be nearer than the other
_ABOVE = 0.2  # what it counts to stand aside of a heading that is centred over its panel


def _far(label: Box, side: str, markers: Markers, page: Page, panel: float = 1.0) -> float:
    """How far a label 户名 stands from the nearest label of a party, as a share of the page's width: one to its left, or one that heads its panel.

    panel: where the label's panel ends to the right; a heading centred over it stands to the right of the labels beneath.
    """
    across = page.height / page.width if page.width else 1.4
    own = [box for s, box in markers if s == side]
    left = [(label.cx - box.cx) + 1.5 * across * abs(label.cy - box.cy) for box in own if box.cx <= label.cx + 0.01]
    above = [_ABOVE * (box.cx - label.cx) + 1.5 * across * (label.cy - box.cy) for box in own if label.cx + 0.01 < box.cx < panel and box.cy < label.cy - 0.5 * label.height]
    return min([*left, *above, _UNREAD])
