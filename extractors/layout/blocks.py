"""A page taken apart into blocks: the text of each ruled cell, and each free line.

In:    a page: its lines, ruled cells where the reader found them.
Out:   `Block`s from top to bottom; `Sheet`, which knows the block of each line and the neighbours of each cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.layout.lines import in_rows, shared_height
from extractors.layout.pieces import Piece, piece_of
from models.geometry import Box, hull
from models.page import Cell, Line, Page


@dataclass(frozen=True, eq=False)
class Block:
    """The text of one ruled cell, its lines joined, or of one free line. `box` is the cell's or the line's; an empty cell is a block too."""

    page: Page
    box: Box
    piece: Piece
    cell: Cell | None = None

    @property
    def text(self) -> str:
        return self.piece.text


def blocks(page: Page) -> list[Block]:
    """All of a page: a block a ruled cell, then a block a line outside the cells; each from top to bottom."""
    return sheet(page).blocks


@dataclass(eq=False)
class Sheet:
    """A page taken apart into blocks; worked out once a page and kept while the page is at hand."""

    page: Page
    blocks: list[Block] = field(default_factory=list)
    of_line: dict[int, Block] = field(default_factory=dict)  # id(line) -> its block

    @property
    def ruled(self) -> list[Block]:
        return [b for b in self.blocks if b.cell]

    def right_of(self, own: Block) -> Block | None:
        """The ruled cell right of one."""
        near = [b for b in self.ruled if b is not own and b.box.x0 >= own.box.x1 - 0.012 and b.box.x0 <= own.box.x1 + 0.05 and shared_height(b.box, own.box) > 0.5]
        return min(near, key=lambda b: (b.box.x0 > own.box.x1 + 0.015, abs(b.box.y0 - own.box.y0), b.box.x0), default=None)

    def left_of(self, own: Block) -> Block | None:
        """The ruled cell left of one."""
        near = [b for b in self.ruled if b is not own and abs(b.box.x1 - own.box.x0) < 0.02 and shared_height(b.box, own.box) > 0.5]
        return min(near, key=lambda b: abs(b.box.cy - own.box.cy), default=None)

    def below(self, own: Block) -> Block | None:
        """The ruled cell beneath one."""
        near = [b for b in self.ruled if b is not own and b.box.y0 >= own.box.y1 - 0.008 and b.box.y0 <= own.box.y1 + 0.02
                and min(b.box.x1, own.box.x1) - max(b.box.x0, own.box.x0) > 0.5 * min(b.box.width, own.box.width)]
        return min(near, key=lambda b: (b.box.y0, abs(b.box.cx - own.box.cx)), default=None)


_SHEETS: dict[int, Sheet] = {}
_KEPT = 64


def sheet(page: Page) -> Sheet:
    """The blocks of a page and which line is in which."""
    kept = _SHEETS.get(id(page))
    if kept and kept.page is page:
        return kept
    made = _take_apart(page)
    while len(_SHEETS) >= _KEPT:
        _SHEETS.pop(next(iter(_SHEETS)))
    _SHEETS[id(page)] = made
    return made


def _take_apart(page: Page) -> Sheet:
    out = Sheet(page)
    by_size = sorted(page.cells, key=lambda c: c.box.area)
    inside: dict[int, list[Line]] = {id(c): [] for c in page.cells}
    free: list[Line] = []
    for line in page.lines:
        home = next((c for c in by_size if c.box.contains(line.box.cx, line.box.cy)), None)
        if home is None:
            free.append(line)
        else:
            inside[id(home)].append(line)
    for cell in sorted(page.cells, key=lambda c: (c.table, c.row, c.column)):
        lines = in_rows(inside[id(cell)])
        block = Block(page, cell.box, piece_of(page, lines), cell)
        out.blocks.append(block)
        out.of_line.update((id(line), block) for line in lines)
    for line in in_rows(free):
        block = Block(page, line.box, piece_of(page, line))
        out.blocks.append(block)
        out.of_line[id(line)] = block
    return out


def ends_early(piece: Piece) -> bool:
    """Whether a cell's text likely goes on in a line that was not read: its last line fills the cell's width, and its lines stand above the cell's middle by
    nearly half a line, as those of a centred text do of which the last is missing.
    """
    if not piece.spans:
        return False
    last = piece.spans[-1]
    home = sheet(piece.page).of_line.get(id(last.line))
    if home is None or home.cell is None or last.end < len(last.line.text.rstrip()) or any(s.line.box.y0 > last.line.box.y1 for s in home.piece.spans):
        return False
    text = hull(s.line.box for s in home.piece.spans)
    height, letter = last.line.box.height, last.line.box.width / max(1, len(last.line.text))
    raised = (home.box.cy - text.cy) / height
    return home.box.x1 - last.line.box.x1 < 1.2 * letter and 0.35 < raised < 0.9
