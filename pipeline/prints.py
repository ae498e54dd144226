"""Pages kept small with their claim, so that a copy of one can be found in another submission when the pages themselves are no longer at hand.

In:    pages as read.  Out: `PagePrint`s of those that can be known again; the page back from one, as far as comparing needs it.
Fails: never; a page that bears too little to be known again leaves no print.
Elsewhere: which pages look alike, and which of these are one sheet (matchers/duplicates.py).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable

from matchers.duplicates import mark_of
from models.geometry import Box
from models.page import Line, Page, PagePrint, PageSource


def prints_of(pages: Iterable[Page]) -> tuple[PagePrint, ...]:
    """The prints of the pages that can be known again."""
    out = []
    for page in pages:
        mark = mark_of(page)
        if mark.look and mark.digest:
            out.append(PagePrint(file=page.file, page=page.number, look=mark.look, digest=mark.digest, lines=_packed(page.lines)))
    return tuple(out)


def page_of(kept: PagePrint) -> Page:
    """The page with its lines: their text, place and certainty."""
    rows = json.loads(zlib.decompress(base64.b64decode(kept.lines)))
    lines = tuple(
        Line(text=text, box=Box(*[v / 10_000 for v in box]), confidence=confidence / 1000, sure=tuple([c / 1000 for c in sure])) for text, box, confidence, sure in rows)
    return Page(file=kept.file, number=kept.page, width=1, height=1, source=PageSource.OCR, lines=lines, look=kept.look)


def _packed(lines: Iterable[Line]) -> str:
    rows = [[line.text, [round(v * 10_000) for v in line.box], round(line.confidence * 1000), [round(c * 1000) for c in line.sure]] for line in lines]
    return base64.b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))).decode("ascii")
