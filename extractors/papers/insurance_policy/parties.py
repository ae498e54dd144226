"""Policyholder and insured: which hits of their labels name somebody, and who is meant where one stands for the other.

In:    hits of the labels, names read.
Out:   hits without addresses, whether a name can be a party's, the insured from 同投保人 or from the order of the names.
Fails: None where nobody knows who is meant.
Elsewhere: what an organisation's name looks like (extractors/organisations.py); parties in sentences (prose.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.confidence import confirmed
from extractors.fields import make_field
from extractors.layout import Hit, Piece, fold
from extractors.organisations import MAY_END, is_organisation
from extractors.papers.insurance_policy.labels import LABEL_BROKEN, LABEL_WORDS
from models.field import Field


def parted(hits: Iterable[Hit]) -> list[Hit]:
    """Hits but for those where the label only begins a sentence: 被保险人应在知道保险事故发生后…"""
    return [h for h in hits if h.blank or h.how != "inline" or LABEL_BROKEN.search(h.label.text) or is_organisation(h.piece.folded)]


_REMARK = re.compile(r"[(](?:(?:与|同|即|系)[^()]{0,4}(?:投保人|被保险人)[^()]{0,4}|(?:以下|下)(?:简)?称[^()]{1,8})[)]$")


def _without_remark(hit: Hit) -> Hit:
    """A party's name without what stands in brackets behind it: 某某有限公司（与投保人相同）."""
    remark = None if hit.blank else _REMARK.search(hit.piece.folded)
    return replace(hit, piece=hit.piece.between(0, remark.start())) if remark and remark.start() else hit


_REACHED = re.compile(r"\d{5}|\d{3,4}-\d{4}|(?:省|市|区|县|镇|乡|街道).*(?:路|街|道|村|号|室|幢|楼|层)|(?:路|街|大道)\d+号")  # a telephone, an address


def without_address(hit: Hit) -> Hit:
    """A party's name without the address or telephone that stands in the lines below it in one cell, and without a remark in brackets."""
    hit = _without_remark(hit)
    lines = () if hit.blank else hit.piece.lines()
    for n in range(1, len(lines)):
        head, rest = ("".join(line.folded for line in part) for part in (lines[:n], lines[n:]))
        if is_organisation(head) and MAY_END.search(head) and _REACHED.search(rest) and not is_organisation(rest):
            return replace(hit, piece=Piece(hit.piece.spans[:n], hit.piece.via))
    return hit


_SENTENCE = re.compile(r"[,，。;；!！?？]|应当|不得|按照|本保险|须|的|保险人|若|未|向|已|可以|有权|收到|与|共同|及其|^[应将就在对因按如]")


_SAID_OF_ONE = re.compile(r"[本我贵该]公司|^(?:应|须|不得|有权|按照)|通知|[小工作][时日]内")  # 应在四十八小时内通知本公司: what a party is to do


def is_party(value: Field) -> bool:
    text = value.text
    if fold(text)[0] in LABEL_WORDS:
        return False
    return (bool(MAY_END.search(text)) and len(text) >= 4 and not _SAID_OF_ONE.search(text)) or (2 <= len(text) <= 30 and not _SENTENCE.search(text) and not re.search(r"名称|地址|\d{5}", text))


_THE_SAME = re.compile(r"^(?:同|与)(?:上述)?投保人(?:相同|一致|同)?$")


def as_policyholder(insured: Field | None, policyholder: Field | None) -> Field | None:
    """Who is insured, where the policy only says 同投保人; None where nobody knows who that is."""
    if insured is None or not _THE_SAME.match(insured.text):
        return insured
    return insured.corrected(policyholder.text, min(insured.confidence, policyholder.confidence), policyholder.accepted, "保险单写明同投保人") if policyholder else None


def parties_by_order(fields: dict[str, Field | None], hits: Sequence[Hit]) -> None:
    """Where the upright heading 投保人 beside 名称 couldn't be read: the first name is the policyholder's, the second the insured's."""
    missing = [name for name in ("policyholder_name", "insured_name") if fields[name] is None]
    if not missing:
        return
    found = [(h, made) for h in sorted(hits, key=lambda h: h.order) if not h.blank and (made := make_field("policyholder_name", h.piece, found=h.score * 0.9)) and is_party(made)]
    known = {(f.source.page, f.source.box) for name in ("policyholder_name", "insured_name") if (f := fields[name]) is not None and f.source}
    rest = [made for _, made in found if made.source and (made.source.page, made.source.box) not in known]
    fields.update(zip(missing, rest, strict=False))
    holder, insured = fields["policyholder_name"], fields["insured_name"]
    if holder and insured and missing == ["insured_name"] and holder.value == insured.value:  # as it mostly is: nothing speaks against the order
        fields["insured_name"] = confirmed(insured, "与投保人相同", min(holder.confidence, insured.confidence / 0.9))
