"""The value that stands with a label.

In:    a page with its labels found, one of them.
Out:   a `Hit`: the value, how surely it is the label's, and where it stood to it; blank where nothing is written.
Elsewhere: what stands around a label (around.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.layout.around import continued, line_below, over_value, rest_of_cell, to_the_right, uncut
from extractors.layout.blocks import Block, ends_early
from extractors.layout.lines import same_row
from extractors.layout.pieces import NOTHING, Piece
from extractors.layout.sites import Labelled, Site
from extractors.layout.wording import ORDINAL, is_blank, looks_labelled
from models.geometry import Box
from models.page import Line


@dataclass(frozen=True, eq=False)
class Hit:
    """A label found on a page, and the value that stands with it.

    field: the key under which the label was asked for. label: as printed. wanted: as the table of labels has it, group included.
    piece: the value (`NOTHING` where `blank`). unit: 万元, 元, % … named in the label, "" where none.
    score: 0 to 1, how well the label fits and how surely the value is its own. how: inline, cell, right, below; "head" where the label
    stands before other labels (投保人 over 名称), so that it has no value of its own.
    blank: the label is there and nothing is written beside it (placeholders such as 年 月 日 count as nothing).
    """

    field: str
    label: Piece
    wanted: str
    piece: Piece
    unit: str
    score: float
    how: str
    blank: bool
    order: tuple[int, float, float]  # page's place among those given, then top and left of the label
    second: bool = False  # another place where the value may stand (below rather than beside), for where the first doesn't hold one

    @property
    def box(self) -> Box:
        return self.label.box


def _before(piece: Piece, line: Line) -> Piece:
    """The lines of a piece that stand above this one of its lines or before it on its row: what a cell holds before a further label (检验结论 | 合格。 / 签发日期：…)."""
    return Piece(tuple(s for s in piece.spans if (s.line.box.x1 <= line.box.x0 if same_row(s.line.box, line.box) else s.line.box.cy < line.box.cy)), piece.via)


def hit_at(on: Labelled, site: Site, governed: float) -> Hit:
    """The label at a site with its value; governed: how surely the site's group governs it, more than 0 to 1."""
    score = site.score * governed - 0.002 * min(20, on.wanted.rank.get(site.wanted, 0))
    order = (on.index, site.box.y0, site.box.x0)

    def made(piece: Piece, factor: float, how: str, blank: bool = False) -> Hit:
        return Hit(site.field, site.label, site.wanted, NOTHING if blank else replace(piece, via=(site.label.text, how)), site.unit, max(0.0, score * factor), how, blank, order)

    if site.rest and not is_blank(site.rest.text):
        last = site.rest.spans[-1]
        rest = uncut(on, site.rest) if last.end == len(last.line.text.rstrip()) else site.rest
        return made(continued(on, site, rest), 1.0, "inline")
    if site.rest:
        return made(NOTHING, 1.0, "inline", blank=True)
    if site.block.cell and site.alone:
        found = _beside_cell(on, site)
        if found is not None:
            piece, how = found
            return made(piece, {"cell": 0.85 if ends_early(piece) else 1.0, "right": 0.95}.get(how, 0.93), how, blank=not piece or is_blank(piece.text))
        return made(NOTHING, 0.5, "head", blank=True)
    if site.block.cell and not site.alone:
        beside = to_the_right(on, site)
        after = rest_of_cell(on, site)
        if beside and not (after and over_value(site, beside, after)):
            return made(beside, 0.96, "right", blank=is_blank(beside.text))
        if after:
            return made(after, 0.97, "cell", blank=is_blank(after.text))
    right = to_the_right(on, site)
    if right:
        return made(right, 0.97 if site.colon or site.alone else 0.9, "right", blank=is_blank(right.text))
    below = line_below(on, site)
    if below:
        return made(below, 0.7, "below", blank=is_blank(below.text))
    return made(NOTHING, 0.8, "right", blank=True)


def second(on: Labelled, site: Site, first: Hit) -> list[Hit]:
    """Where a label's cell has something to its right that may be another heading, unknown to us: what stands in the cell below."""
    if first.blank or first.how != "cell" or not (site.block.cell and site.alone):
        return []
    below = on.sheet.below(site.block)
    if below is None or on.is_label(below) or not below.piece or abs(below.box.width - site.block.box.width) > 0.02 or is_blank(below.text):
        return []
    return [replace(first, piece=replace(below.piece, via=(site.label.text, "below")), score=0.85 * first.score, how="below", second=True)]


def _of_row(on: Labelled, own: Block, right: Block) -> Piece:
    """What of the cell to a label's right stands on the label's row: all of it, unless that cell has lost the rule below and holds the value of the next label, too."""
    if right.box.height < 1.15 * own.box.height:
        return right.piece
    beside = [b for b in on.sheet.ruled if abs(b.box.x1 - own.box.x1) < 0.012 and right.box.y0 - 0.008 < b.box.y0 and b.box.y1 < right.box.y1 + 0.008 and on.is_label(b)]
    rows = [tuple(s for s in right.piece.spans if b.box.y0 <= s.line.box.cy <= b.box.y1) for b in beside]
    if len(beside) < 2 or not all(rows) or own not in beside:
        return right.piece
    return Piece(rows[beside.index(own)], right.piece.via)


def _beside_cell(on: Labelled, site: Site) -> tuple[Piece, str] | None:
    """The value of a label that fills a cell: the next cell to the right, what stands free there where that cell was lost, or the cell below
    where the label heads a column (labels to its left or right). None where there are only labels."""
    own = site.block
    right = on.sheet.right_of(own)
    if right is not None and not on.is_label(right):
        starts = [s for s in on.sites if s.block is right and not s.alone]
        other = next((s for s in starts if s.label.spans[0].start == 0 and s.colon and s.field != site.field), None)
        if other is not None and other.label.spans[0].line is right.piece.spans[0].line:
            return None
        if any(s.block is right and not s.alone and not s.rest and s.score >= 1.0 and len(s.core) >= 3 and s.field != site.field
               and s.label.spans[0].line is right.piece.spans[0].line and right.piece.spans[1:] and not same_row(s.box, right.piece.spans[1].line.box) for s in on.sites):
            return NOTHING, "cell"  # the next cell's label stands over its value: here, nothing is filled in
        left, below = on.sheet.left_of(own), on.sheet.below(own)
        if not right.piece and left is not None and on.is_label(left) and abs(left.box.y1 - own.box.y1) < 0.008 and below is not None and below.piece and not on.is_label(below):
            return below.piece, "below"  # in a row of headings of which the next couldn't be read
        further = other.label.spans[0].line if other is not None else None
        unknown = next((s.line for s in right.piece.spans[1:] if looks_labelled(s.text) and same_row(s.line.box, right.piece.spans[0].line.box)), None)  # 规格：CR7 behind the name
        if unknown is not None and not looks_labelled(right.piece.spans[0].text):
            further = unknown
        return uncut(on, _before(right.piece, further) if further is not None else _of_row(on, own, right)), "cell"
    if right is None:
        free = to_the_right(on, site)
        if free:
            return free, "right"
    left = on.sheet.left_of(own)
    below = on.sheet.below(own) if right is not None or (left is not None and on.is_label(left)) else None
    if below is not None and not on.is_label(below) and below.piece:
        return below.piece, "below"
    if right is None and left is None and ORDINAL.match(site.label.folded):  # 四、保险期间 over 自…起至…止, each with a row to itself
        below = on.sheet.below(own)
        if below is not None and below.piece and abs(below.box.width - own.box.width) < 0.02 and not any(s.block is below for s in on.sites) and not looks_labelled(below.text):
            return below.piece, "below"
    return None if right is not None else (NOTHING, "right")
