"""A page as visual rows: what stands on one baseline, left to right, searchable as one text.

Invoices, receipts and certificates are read this way: their labels come out of recognition in pieces ("名", "称："), or glued to the
neighbouring column, and what belongs together is told by standing on one baseline.

In:    a page with its lines.
Out:   `Row`s from top to bottom; a stretch of a row's text leads back to the lines' own characters (`Row.piece`).
Elsewhere: labels and values of forms and ruled cells (extractors/layout).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz

from extractors.layout import Piece, Span
from models.geometry import Box, hull
from models.page import Line, Page

GAP = "\t"  # stands between two lines' texts in a row


@dataclass(frozen=True, eq=False)
class Row:
    """Stretches of lines on one baseline, from left to right."""

    spans: tuple[Span, ...]

    @cached_property
    def text(self) -> str:
        """The row's text, a tab between two lines, each character in its NFKC form where that is one character."""
        return GAP.join(one_to_one(s.text) for s in self.spans)

    @cached_property
    def box(self) -> Box:
        return hull(s.line.box for s in self.spans)

    @cached_property
    def cy(self) -> float:
        return median(s.line.box.cy for s in self.spans)

    @property
    def page(self) -> Page:
        return self.spans[0].page

    @property
    def whole(self) -> Piece:
        return Piece(self.spans)

    def piece(self, start: int, end: int) -> Piece:
        """What text[start:end] covers."""
        out, offset = [], 0
        for span in self.spans:
            length = span.end - span.start
            a, z = max(start - offset, 0), min(end - offset, length)
            if a < z:
                out.append(Span(span.page, span.line, span.start + a, span.start + z))
            offset += length + 1
        return Piece(tuple(out)).stripped(" \t")


@lru_cache(maxsize=4096)
def one_to_one(text: str) -> str:
    """NFKC where a character stays one character, so that offsets hold."""
    return "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def spans_of(page: Page) -> list[Span]:
    """Every line of a page that holds something. Left out are lines written across the page (watermarks: far taller than the page's usual line, and not
    upright) and scraps of a seal's lettering.
    """
    lines = [line for line in page.lines if line.text.strip()]
    usual = median(line.box.height for line in lines) if lines else 0.0
    across = page.height / page.width if page.width else 1.0  # a height of the page's, as a share of its width
    return [Span(page, line, 0, len(line.text)) for line in lines if not _across(line, usual, across) and not _of_a_seal(line, page)]


def _across(line: Line, usual: float, across: float) -> bool:
    return line.box.height > 2.5 * usual and line.box.width > 2 * usual * across and line.box.height * across > 1.8 * line.box.width / len(line.text)


def _of_a_seal(line: Line, page: Page) -> bool:
    """Whether a line is only a scrap of a seal's own lettering, read once more within the page's text: 评服务 of 某市软件测评服务有限公司."""
    text = one_to_one(line.text).strip()
    return len(text) <= 10 and any(
        line.box.inside(seal.box) > 0.8 and (text in seal.purpose or (text in seal.text and len(text) < 0.7 * len(seal.text)) or (seal.number and text in seal.number)) for seal in page.seals
    )


def rows_of(spans: Iterable[Span]) -> list[Row]:
    """Spans of one page gathered into rows, top to bottom: two stand on one baseline where their middles lie within half the lower one's height.

    A slant that is left in the page (photographs) is measured and allowed for.
    """
    every = list(spans)
    slope = slant(every)
    rows: list[list[Span]] = []

    def level(span: Span) -> float:
        return span.line.box.cy - slope * span.line.box.cx

    def middle(row: Sequence[Span]) -> float:
        return median(level(s) for s in row)

    for span in sorted(every, key=level):
        height = span.line.box.height
        fits = [r for r in rows[-4:] if abs(level(span) - middle(r)) < 0.5 * min(height, median(s.line.box.height for s in r))]
        if fits:
            min(fits, key=lambda r: abs(level(span) - middle(r))).append(span)
        else:
            rows.append([span])
    return [Row(tuple(sorted(r, key=lambda s: s.line.box.x0))) for r in sorted(rows, key=middle)]


_SLOPES = tuple(sorted((n / 200 for n in range(-16, 17)), key=abs))


def slant(spans: Sequence[Span]) -> float:
    """How far baselines fall over the width of the page, as a share of its height: the slope at which the lines gather in the fewest rows."""
    if len(spans) < 12:
        return 0.0
    usual = median(s.line.box.height for s in spans)
    places = [(s.line.box.cx, s.line.box.cy) for s in spans if s.line.box.height < 2 * usual]

    def gathered(slope: float) -> float:
        levels = sorted(y - slope * x for x, y in places)
        return sum(1.0 for a, b in pairwise(levels) if b - a < 0.15 * usual) - abs(slope) * 4

    best = max(_SLOPES, key=gathered)
    return best if gathered(best) > gathered(0.0) + 0.06 * len(places) else 0.0


def find_label(text: str, labels: Iterable[str], slack: float = 0.0) -> tuple[int, int, float] | None:
    """Start, end and likeness (0 to 1) of the best of `labels` in a text; white space within the text doesn't count.

    slack: how far below 1 the likeness may lie. Labels of one or two characters must stand there exactly.
    """
    places = [i for i, c in enumerate(text) if not c.isspace()]
    bare = "".join(text[i] for i in places)
    best: tuple[float, int, int, int] | None = None
    for label in labels:
        if len(label) > len(bare) + 1:
            continue
        hit = fuzz.partial_ratio_alignment(label, bare, score_cutoff=100 * (1.0 if len(label) <= 2 else 1 - slack))
        if hit and hit.dest_end > hit.dest_start:
            key = (hit.score, len(label), hit.dest_start, hit.dest_end)
            best = max(best, key) if best else key
    return (places[best[2]], places[best[3] - 1] + 1, best[0] / 100) if best else None


def found(rows: Iterable[Row], pattern: re.Pattern[str], group: str = "v", where: Callable[[Row], bool] = lambda row: True) -> list[Piece]:
    """What a pattern's group covers in each row, top to bottom."""
    out = []
    for row in rows:
        if where(row):
            out += [piece for m in pattern.finditer(row.text) if m[group] and (piece := row.piece(*m.span(group)))]
    return out


def running_text(pages: Iterable[Page]) -> Piece:
    """All of some pages as one text, row by row: what sentences are searched in (`Piece.search` works without white space)."""
    return Piece(tuple(span for page in pages for row in rows_of(spans_of(page)) for span in row.spans))
