"""An invoice's number: labelled, printed twice, larger than the rest, or in the QR code.

In:    a page by its zones.
Out:   the number with what speaks for it; corrected by the code where the print was read in doubt.
Fails: None where none stands there.
Elsewhere: what the code says (extractors/papers/invoice_code.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from extractors.layout import Piece
from extractors.papers.invoice_code import find_code
from extractors.papers.vat_invoice.invoice import Read, doubtful, nearly
from extractors.papers.vat_invoice.sheet import TAX_CODE, Sheet, cipher
from extractors.rows import GAP, Row, found
from models.dates import parse_date

_NUMBER = re.compile(r"(?<![\dA-Za-z\-—–])(?:N\s?[o0°º.]{0,2}|№)?[.:：\s]{0,2}(?P<v>\d{8}|\d{20})(?!\d)(?![\-—–]\d)(?!\s*年)")
_LABELLED_NUMBER = re.compile(r"(?:发\s?票\s?号\s?码|票据号码|发票号|号\s?码|N\s?[o0°º]|№)\s*[.:：]?\s*(?P<v>\d{20}|\d{8})(?!\d)")
_CHECK_CODE = re.compile(r"(?:校\s*验\s*码?|机器编号|密码|代\s*码).{0,4}$|(?:保\s*险?\s*单|批\s*单|[Pp]olicy|[账帐]\s*号|A/C|流水).{0,14}$")  # what another number is of


def find_number(sheet: Sheet) -> Read | None:
    """The number: labelled, printed twice, larger than the rest, or in the QR code; never a code, a check code or a date."""
    zone = [r for r in sheet.head if not cipher(r.text)] or list(sheet.every)
    labelled = {p.folded[-_WHOLE:] if len(p.folded) >= _WHOLE else p.folded[-8:] for p in found(zone, _LABELLED_NUMBER)}
    candidates: dict[str, list[Piece]] = {}
    for row in zone:
        for m in _NUMBER.finditer(row.text):
            before = row.text[: m.start("v")].split(GAP)[-1]
            if _CHECK_CODE.search(before) or _of_tax_code(row.text, m.start("v")):
                continue
            candidates.setdefault(m["v"], []).append(row.piece(*m.span("v")))
    labelled |= {number for number, places in candidates.items() if any(_headed(place, zone) for place in places)}
    wrapped = _wrapped(zone)
    if wrapped is not None:
        candidates[wrapped.folded] = [wrapped]
        labelled.add(wrapped.folded)
    coded = find_code(sheet.page.codes)
    heights = [s.line.box.height for r in zone for s in r.spans]
    usual = median(heights) if heights else 0.0

    def score(number: str) -> float:
        places = candidates[number]
        large = max(p.box.height for p in places) > 1.15 * usual
        return 4 * (coded is not None and number == coded.number) + 3 * (number in labelled) + (len(places) > 1) + large + 2 * (len(number) == _WHOLE) - 2 * (parse_date(number) is not None)

    if not candidates:
        return None
    best = max(candidates, key=score)
    places = candidates[best]
    piece = max(places, key=lambda p: p.confidence)
    others = tuple((candidates[n][0], n, "不如所选一处像发票号码（标签、字号、二维码）") for n in candidates if n != best)
    placed = 1.0 if score(best) >= 1 else 0.8
    if coded is not None and best != coded.number:
        misread = next((n for n in sorted(candidates, key=score, reverse=True) if nearly(n, coded.number) and doubtful(candidates[n][0])), None)
        if misread is not None:
            return Read(coded.number, candidates[misread][0], 1, True, (f"据发票二维码更正，印刷读作{misread}",), others=others)
        return Read(best, piece, 1, False, (f"与发票二维码不一致：二维码为{coded.number}",), found=placed, others=others)
    agreed = coded is not None
    rivals = [n for n in candidates if n != best and nearly(n, best)]
    why = (("发票二维码一致",) if agreed else ()) + (("两处印刷不一致",) if rivals and not agreed else ())
    return Read(best, piece, len(places) + agreed, True if agreed else False if rivals else None, why, found=placed, others=others)


_HEADING = re.compile(r"^(?:发\s?票\s?号\s?码|发票号|票据号码)(?:[A-Za-z.\s]{2,20})?$")


def _headed(place: Piece, rows: Sequence[Row]) -> bool:
    """Whether a number stands right below 发票号码 in a row of headings."""
    box = place.box
    return any(
        0.4 * box.height < box.cy - s.line.box.cy < 2.5 * box.height and min(box.x1, s.line.box.x1) > max(box.x0, s.line.box.x0) and _HEADING.match(s.text.strip())
        for row in rows for s in row.spans
    )


_BEGUN = re.compile(r"发\s?票\s?号\s?码\s*[:：]?\s*(?P<v>\d{12,19})(?=\t|$)")
_WHOLE = 20  # digits of the number of a fully digital invoice


def _wrapped(rows: Sequence[Row]) -> Piece | None:
    """The number of a fully digital invoice that goes on below: its first digits behind the label, the missing ones by themselves beneath, where the first begin."""
    for row in rows:
        for m in _BEGUN.finditer(row.text):
            first = row.piece(*m.span("v"))
            box = first.box
            letter = box.width / len(m["v"])
            below = [s for r in rows for s in r.spans if re.fullmatch(rf"\d{{{_WHOLE - len(m['v'])}}}", s.text.strip())
                     and 0.4 * box.height < s.line.box.cy - box.cy < 2 * box.height and abs(s.line.box.x0 - box.x0) < letter]
            if len(below) == 1:
                return first + Piece((below[0],))
    return None


def _of_tax_code(text: str, at: int) -> bool:
    """Whether the digits at this offset belong to a taxpayer's code."""
    return any(m.start() <= at < m.end() and len(m[0]) < 20 for m in TAX_CODE.finditer(text))
