"""A policy's number: behind its label, or announced by No. alone, held against the bar code.

In:    the hits of its label, the policy's pages.
Out:   the number; corrected by the bar code where the print was read in doubt.
Fails: None where none stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import WEAK, make_field
from extractors.layout import Hit, fold, in_rows, piece_of
from models.field import Field
from models.page import Page


def is_number(value: Field) -> bool:
    """Letters and digits, and a few Chinese characters behind a year in brackets: GYBZ（2020）甬4773, JH（2020）甬字第3542号."""
    if re.fullmatch(r"[A-Z]{1,6}[\u4e00-\u9fff]{1,2}\d{2,4}(?:年|第|-)\d{4,12}号?", value.text):  # ZS合20第32802号
        return True
    return bool(re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9\-/()（）]|(?<=[)）])[\u4e00-\u9fff]{1,2}第?(?=\d)){5,39}号?", value.text)) and sum(c.isdigit() for c in value.text) >= 5


def without_copies(hits: Iterable[Hit]) -> list[Hit]:
    """Hits without what says which copy of the policy it is: TP2020330200000123（正本）."""
    return [replace(h, piece=cut) if not h.blank and (cut := h.piece.search(r"^(?P<v>[^()]+)[(](?:[正副]本|抄件|电子保?单?|第.联)[)]$", "v")) else h for h in hits]


_TITLE = re.compile(r"(?:保险单|保险合同|保险凭证|保险证书|保单)[(（]?(?:正本|副本|保险单)?[)）]?(?:[A-Za-z ]*)$")
_BELOW_TITLE = re.compile(r"^[(](?P<v>(?=.*[A-Za-z])(?=(?:.*\d){6})[A-Za-z0-9].{9,39})[)]$")


def below_title(pages: Sequence[Page]) -> Field | None:
    """The number that stands in brackets, by itself, right below the policy's title."""
    for page in pages[:1]:
        rows = in_rows(page.lines)
        for above, line in pairwise(rows):
            if _TITLE.search(fold(above.text)[0]) and line.box.y0 - above.box.y1 < 2 * above.box.height:
                piece = piece_of(page, line)
                made = make_field("policy_number", piece.search(_BELOW_TITLE, "v"), found=0.95, within=piece)
                if made and is_number(made):
                    return made
    return None


_BARE_NUMBER = re.compile(r"^(?:(?:N[oO0][.:：]?|№)(?P<no>[A-Za-z0-9][A-Za-z0-9\-/()]{9,39})|[(]?(?:保险单|保单|保险证书|证书|凭证)?字?第(?P<v>[A-Za-z0-9][A-Za-z0-9\-/]{9,39})号[)]?)$")


def bare_number(pages: Sequence[Page]) -> Field | None:
    """The number that only No. or 第…号 announces, at the head of the policy; it may be the printed form's own, so a person looks."""
    for page in pages[:1]:
        for line in in_rows(page.lines):
            piece = piece_of(page, line)
            made = make_field("policy_number", piece.search(_BARE_NUMBER, "no") or piece.search(_BARE_NUMBER, "v"), within=piece) if line.box.cy < 0.4 else None
            if made and is_number(made):
                return doubted(made, "只有No.或第…号，未见保险单号字样")
    return None


def by_bar_code(number: Field | None, pages: Sequence[Page]) -> Field | None:
    """The number held against the policy's bar code, which can't be misread by a character."""
    if number is None:
        return None
    for code in (c.strip() for page in pages for c in page.codes):
        if code == number.value:
            return confirmed(number, "与条码一致", 0.995)
        if len(code) == len(number.text) and Levenshtein.distance(code, number.text) <= 2:
            if number.as_read >= WEAK:  # print read for sure that isn't what its code says is for a person to see
                return contradicted(number, f"与条码不一致：条码为{code}")
            return number.corrected(code, 0.97, True, f"据条码更正，印刷读作{number.text}")
    return number
