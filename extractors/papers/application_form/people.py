"""Contact persons, telephones and addresses of applicant, insurer and user, which the forms all label alike.

In:    hits of the labels.
Out:   fields put among those read or blank, by the section in which they stand.
Fails: what can't be read is absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from extractors.confidence import doubted
from extractors.fields import make_field
from extractors.layout import NOTHING, Hit, Piece, piece_of
from extractors.papers.application_form.labels import FACTS, WHOSE
from extractors.papers.application_form.values import PHONE, WHOLE_PHONE, fits
from models.field import Field

# the label that opens a section -> the fields that its contact, telephone and address are
_SECTIONS: Mapping[str, Mapping[str, str]] = {
    "applicant_name": {"contact": "contact_name", "phone": "contact_phone", "address": "address"},
    "insurer_name": {"contact": "insurer_contact", "phone": "insurer_phone"},
    "buyer_name": {"contact": "buyer_contact", "phone": "buyer_phone", "address": "buyer_address"},
}

_ADDRESS = re.compile(r"^(?P<v>[^。;；]{6,}?)[,，。;；、]\s*(?:法定代表人|法人代表|负责人|主营|联系人|联系电话|电话|邮编|邮政编码|统一社会信用代码|开户)")  # in a form written as sentences
_NOT_A_NAME = re.compile(r"联系人|经办人|电话|手机|联系方式|姓名|[:：/、,，;；()（）|\-—]+")


def split_contact(piece: Piece) -> tuple[Piece, Piece]:
    """Person and telephone out of one cell: 郭春勇/15009733804, 联系人：孙文 电话：0574-87031630. Either is NOTHING where it isn't there."""
    phone = piece.search(PHONE) or NOTHING
    for part in piece.findall(r"[\u4e00-\u9fff·]{2,}"):
        name = part.search(r"^(?:联系人|经办人|姓名)?(?P<n>[\u4e00-\u9fff·]{2,8}?)(?:联系电话|电话|手机|联系方式|先生|女士)?$", "n")
        if name and not _NOT_A_NAME.fullmatch(name.folded):
            return name, phone
    return NOTHING, phone


def _phone_beside(person: Piece) -> Piece:
    """The telephone in a cell of its own to the right of the person's, before anything else; NOTHING where none stands there."""
    if not person:
        return NOTHING
    own = {id(span.line) for span in person.spans}
    row = [v for v in person.page.lines if id(v) not in own and v.box.x0 >= person.box.x1 and abs(v.box.cy - person.box.cy) < 0.6 * v.box.height]
    first = min(row, key=lambda v: v.box.x0, default=None)
    piece = piece_of(person.page, first) if first is not None else NOTHING
    return piece if WHOLE_PHONE.fullmatch(piece.folded) else NOTHING


class _Opening(NamedTuple):
    """A section's label: its place on the form, the section, and the label's middle from left to right."""

    order: tuple[int, float, float]
    section: str
    middle: float


def _section_of(hit: Hit, openings: Sequence[_Opening]) -> str | None:
    """Which section's label stands last before this one, its own row included; of two forms side by side, the one in this label's column."""
    before = [o for o in openings if o.order[:2] <= (hit.order[0], hit.box.cy)]
    if before and max(before).order[2] > hit.box.x1:  # it heads what stands further right
        before = [o for o in before if abs(o.middle - hit.box.cx) < _COLUMN] or before
    return max(before).section if before else None


_COLUMN = 0.03  # of a page's width: how far from each other the middles of a column's labels may lie


_OWN: Mapping[str, tuple[str, str]] = {  # a label that says whose it is -> its section, and what it is
    f"{whose}_{fact}": (f"{whose}_name", fact) for whose in WHOSE for fact in FACTS
}


def put_people(fields: dict[str, Field], blank: set[str], hits: Mapping[str, Sequence[Hit]], wanted: Sequence[str]) -> None:
    """Contact persons, telephones and addresses, told apart by the section (applicant, insurer, user) in which they stand."""
    openings = []
    for name in _SECTIONS:
        firm = [h for h in hits[name] if not h.blank] or list(hits[name])
        if firm:
            best = max(firm, key=lambda h: h.score)
            page, top, left = best.order
            label = best.label.spans[0].line.box
            ruled = any(cell.box.contains(label.cx, label.cy) for cell in best.label.page.cells)  # then its top is the row's
            openings.append(_Opening((page, top - (0.1 if ruled else 0.6) * label.height, left), name, label.cx))
    own = [hit for name in _OWN for hit in hits[name]]
    for hit in (*own, *sorted((*hits["contact_and_phone"], *hits["contact"], *hits["phone"], *hits["address"]), key=lambda h: h.order)):
        section, fact = _OWN.get(hit.field) or (_section_of(hit, openings) or "applicant_name", hit.field)
        table = _SECTIONS[section]
        if fact == "contact_and_phone":
            person, phone = split_contact(hit.piece)
            beside = NOTHING if phone else _phone_beside(hit.label if hit.blank else hit.piece)
            parts = {table["contact"]: (person, hit.piece), table["phone"]: (beside, beside) if beside else (phone, hit.piece)}
        elif fact == "contact" and "phone" in table and (both := split_contact(hit.piece)) and all(both):  # 联系人 | 孙文（13800000000）
            parts = {table["contact"]: (both[0], hit.piece), table["phone"]: (both[1], hit.piece)}
        elif fact in table:
            told = hit.piece.search(_ADDRESS, "v") if fact == "address" else None
            parts = {table[fact]: (told or hit.piece, hit.piece)}
        else:
            continue
        for name, (piece, within) in parts.items():
            if name not in wanted or name in fields:
                continue
            made = make_field(name, piece, found=hit.score, within=within) if piece else None
            if made is not None and not fits(name)(made):
                continue
            if made is not None and name.endswith("_phone") and not WHOLE_PHONE.fullmatch(made.text):
                made = doubted(made, "不像完整的电话号码")
            if made is not None:
                fields[name] = made
                blank.discard(name)
            elif hit.blank or not piece:
                blank.add(name)
