"""Pages for tests, drawn as places of text: no image, no OCR.

`line` puts a text where it begins; `ruled` lays out a ruled table with wrapped and merged cells as the reader hands it over.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from models.geometry import Box
from models.page import Cell, Line, Page, PageSource

SIZE = 0.014  # height of a line, as a fraction of an A4 page
ASPECT = 2**0.5


def width_of(text: str, size: float = SIZE) -> float:
    """Width of a text set solid: full-width characters are as wide as high, others half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text) * size * ASPECT


def line(x: float, y: float, text: str, sure: float = 0.999, size: float = SIZE) -> Line:
    """A text whose box begins at x, y."""
    xs, at = [], x
    for c in text:
        w = width_of(c, size)
        xs.append(at + w / 2)
        at += w
    return Line(text=text, box=Box(x, y, at, y + size), confidence=sure, xs=tuple(xs), sure=(sure,) * len(text))


def page(*parts: Line | Cell | Iterable[Line | Cell], number: int = 1, file: str = "scan.pdf") -> Page:
    """A page of these lines and cells, in reading order as far as rows go."""
    every: list[Line | Cell] = []
    for part in parts:
        every += [part] if isinstance(part, Line | Cell) else list(part)
    lines = sorted((v for v in every if isinstance(v, Line)), key=lambda v: (round(v.box.y0, 2), v.box.x0))
    return Page(file=file, number=number, width=595, height=842, source=PageSource.OCR, lines=tuple(lines), cells=tuple(v for v in every if isinstance(v, Cell)))


def wrapped(text: str, width: float, size: float = SIZE) -> list[str]:
    """A text broken into lines that fit; a line break in it is kept."""
    out = []
    for part in text.split("\n"):
        now = ""
        for c in part:
            if now and width_of(now + c, size) > width:
                out.append(now)
                now = c
            else:
                now += c
        out.append(now)
    return [v for v in out if v.strip()]


def ruled(
    x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str | tuple[str, int] | tuple[str, int, int]]], height: float = 0.034, table: int = 0, cells: bool = True
) -> list[Line | Cell]:
    """A ruled table: a cell is its text, or (text, columns), or (text, columns, rows); text is centred and wrapped. Without `cells` only the text is there.

    A cell that spans rows is named in its first row only.
    """
    lefts = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
    taken: set[tuple[int, int]] = set()
    out: list[Line | Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for entry in row:
            while (r, column) in taken:
                column += 1
            text, across, down = (entry, 1, 1) if isinstance(entry, str) else (*entry, 1) if len(entry) == 2 else entry
            taken |= {(r + i, column + j) for i in range(down) for j in range(across)}
            box = Box(lefts[column], y + r * height, lefts[column + across], y + (r + down) * height)
            if cells:
                out.append(Cell(box=box, table=table, row=r, column=column, row_span=down, column_span=across))
            broken = wrapped(text, box.width - 0.008)
            top = box.cy - len(broken) * SIZE * 1.1 / 2
            for n, part in enumerate(broken):
                out.append(line(box.cx - width_of(part) / 2, top + n * SIZE * 1.1, part))
            column += across
    return out
