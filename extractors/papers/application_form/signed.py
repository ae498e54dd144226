"""Where the applicant signs and stamps, and the date beside it.

In:    the form's pages and hits of the labels.
Out:   the place for the seal, the date of the signature.
Fails: None where neither 申请单位 nor a signature's label was read.
Elsewhere: whose seal stands there (pipeline/stamps.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from extractors.fields import make_field
from extractors.layout import Hit, fold, in_rows, piece_of, sheet
from models.dates import find_dates
from models.field import Field, Region
from models.geometry import Box
from models.page import Page


def applicant_place(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> Region | None:
    """Where the applicant signs and stamps; of a form scanned twice, the place on the page that bears a seal there."""
    beside, signed = ([_place_of(hit, hits) for hit in sorted(hits[name], key=lambda h: h.order, reverse=True)] for name in ("_applicant", "_signature"))
    places = [p for p in beside if not any(p.page == hit.label.page.number and hit.box.y0 > p.box.y1 for hit in hits["_signature"])] or signed  # 申请单位 heads its own rows, too
    stamped = [p for p in places if any((page.file, page.number) == (p.file, p.page) and p.box.contains(s.box.cx, s.box.cy) for page in pages for s in page.seals)]
    return next(iter(stamped or places), None)


def _place_of(hit: Hit, hits: Mapping[str, Sequence[Hit]]) -> Region:
    """The cell beside 申请单位, or, without cells, what lies between it and the offices' opinions."""
    page = hit.label.page
    home = sheet(page).of_line.get(id(hit.label.spans[0].line))
    if home and home.cell:
        right = [b for b in sheet(page).ruled if b is not home and b.box.x0 >= home.box.x1 - 0.015 and min(b.box.y1, home.box.y1) - max(b.box.y0, home.box.y0) > 0.6 * home.box.height]
        if right:
            near = min(right, key=lambda b: b.box.x0)
            return Region(file=page.file, page=page.number, box=near.box.rounded())
    said = [v.box for v in page.lines if fuzz.partial_ratio("以上填报内容及附件内容均属实", fold(v.text)[0]) >= 80]
    signed = [h.box for h in hits["_signature"] if h.label.page is page]
    top = min([b.y0 for b in (*said, *signed)] + [hit.box.y0])
    bottom = min((h.box.y0 for h in hits["_offices"] if h.label.page is page and h.box.cy > max(hit.box.cy, top)), default=min(1.0, hit.box.y1 + 0.12))
    left = hit.box.x1 if hit.field == "_applicant" else 0.1
    return Region(file=page.file, page=page.number, box=Box(left, top, 1.0, max(top + 0.01, bottom)).rounded())


def dated_at_top(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> bool:
    """Whether a date, or a place for one, stands above what the form asks for first."""
    labels = [hit.label for some in hits.values() for hit in some if hit.label.page is pages[0]]
    top = min((label.box.y0 for label in labels), default=1.0)
    return any(line.box.cy < top and (find_dates(fold(line.text)[0]) or re.search(r"年.*月", line.text)) for line in pages[0].lines)


def signature_date(pages: Sequence[Page], place: Region) -> Field | None:
    """The date beside the applicant's signature. place: where it signs."""
    page = next(p for p in pages if p.file == place.file and p.number == place.page)
    lines = in_rows(v for v in page.lines if place.box.contains(v.box.cx, v.box.cy))
    piece = piece_of(page, [v for v in lines if re.search(r"\d|[年月日]", v.text)])
    found = find_dates(piece.folded)
    if not found:
        return None
    part = piece.between(found[0].start, found[0].end)
    return make_field("signed_on", part, value=found[0].value)
