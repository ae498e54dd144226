"""Two pages on one sheet: an open booklet, or two A4 pages side by side on A3.

In:    an upright page in shades of grey, the corners of the lines found on it, an engine.
Out:   where the gutter runs, if there is one; lines looked for, cells found and lines ordered on each side of it by themselves.
Elsewhere: the sheet stays one page of its file: the contract counts pages as the file does.

A sheet is taken for two pages only where it lies wide, print stands on both sides, and nothing at all crosses its middle: the title of a wide paper does,
and so do the rules of a wide table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.pictures import Grey, grid
from models.geometry import Box
from models.page import Cell, Line

Quads = npt.NDArray[np.float32]
Order = Callable[[Iterable[Line], Sequence[Cell]], tuple[Line, ...]]

_WIDE = 1.2  # width over height from which a sheet may hold two pages
_MIDDLE = (0.42, 0.58)  # of the width, where a gutter may run
_FREE = 0.025  # of the width, that must be free of print
_LEAST = 4  # lines on each side
_CROSSING = 2  # rules that may cross the gutter: the edges of a sheet below
_DARKER = 0.12  # of the paper's brightness, by which a rule is darker


def gutter(page: Grey, quads: Quads) -> float | None:
    """Where the sheet's two pages meet, in pixels from the left; None where it is one page."""
    height, width = page.shape[:2]
    if width < _WIDE * height or len(quads) < 2 * _LEAST:
        return None
    left, right = _MIDDLE[0] * width, _MIDDLE[1] * width
    spans = sorted((float(quad[:, 0].min()), float(quad[:, 0].max())) for quad in quads)
    edges = [(left, left), *((max(a, left), min(b, right)) for a, b in spans if b > left and a < right), (right, right)]
    free, reach = (0.0, 0.0), edges[0][1]
    for (_, end), (start, _) in pairwise(edges):
        reach = max(reach, end)
        if start - reach > free[1] - free[0]:
            free = (reach, start)
    if free[1] - free[0] < _FREE * width:
        return None
    middle = (free[0] + free[1]) / 2
    sides = (sum(b <= middle for _, b in spans), sum(a >= middle for a, _ in spans))
    if min(sides) < _LEAST or _crossed(page, *free):
        return None
    return middle


def _crossed(page: Grey, start: float, end: float) -> bool:
    """Whether rules run through a strip from side to side. A fold's shadow runs along it."""
    height = page.shape[0]
    inset = (end - start) * 0.1
    strip = page[height // 20 : height - height // 20, int(start + inset) : max(int(start + inset) + 1, int(end - inset))]
    grey = strip.astype(np.int16)
    paper = np.median(grey, axis=0)
    dark = (grey < paper * (1 - _DARKER)).mean(axis=1) > 0.7
    return int(np.count_nonzero(np.diff(dark.astype(np.int8)) == 1)) > _CROSSING


def find(engine: Engine, page: Grey, at: float) -> Quads:
    """Lines looked for on each side by itself: on half a sheet print is twice as large."""
    x = round(at)
    left = engine.find(np.ascontiguousarray(page[:, :x]))
    right = engine.find(np.ascontiguousarray(page[:, x:])) + np.array([x, 0], np.float32)
    return np.concatenate((left, right)).astype(np.float32)


def find_cells(page: Grey, at: float) -> tuple[Cell, ...]:
    """Cells of both sides, in fractions of the sheet; a table ends at the gutter."""
    width = page.shape[1]
    x = round(at)
    left = [_placed(cell, 0.0, x / width, 0) for cell in grid.find_cells(np.ascontiguousarray(page[:, :x]))]
    tables = 1 + max((cell.table for cell in left), default=-1)
    right = [_placed(cell, x / width, 1.0, tables) for cell in grid.find_cells(np.ascontiguousarray(page[:, x:]))]
    return (*left, *right)


def _placed(cell: Cell, start: float, end: float, tables: int) -> Cell:
    box = cell.box
    return cell.model_copy(update={"box": Box(start + box.x0 * (end - start), box.y0, start + box.x1 * (end - start), box.y1).rounded(), "table": cell.table + tables})


def in_order(lines: Sequence[Line], cells: Sequence[Cell], at: float, order: Order) -> tuple[Line, ...]:
    """All of the left page, then all of the right one. at: the gutter as a fraction of the width; order: how one page is read."""
    out: list[Line] = []
    for right in (False, True):
        out += order([line for line in lines if (line.box.cx >= at) is right], [cell for cell in cells if (cell.box.cx >= at) is right])
    return tuple(out)
