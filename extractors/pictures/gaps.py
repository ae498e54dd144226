"""Print that detection overlooked: ruled cells that hold ink and yet no line, what hangs over from a full line to the next one, and the figure before a unit.

In:    an upright page in shades of grey, seals lifted off, with its lines and cells.
Out:   corners of the overlooked pieces, to be recognised like any other crop.
Elsewhere: recognition (extractors/ocr), what a blank cell means (extractors/papers/application_form).

Detection at reduced size drops a lone figure ("2") in a large cell. A cell with ink that nobody read must not pass as blank, and a number whose last figure
stands alone on a second line must not pass as whole. Of "1 套" it keeps the 套.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from extractors.boxes import inside, middles_within
from extractors.pictures import Grey, percentiles, pieces
from models.geometry import Box
from models.page import Cell, Line
from models.text import HAS_CJK

_DARK = 0.35  # of the way from the paper to the page's own ink: print is darker, the back side shining through is paler
_INSET = 0.2  # of a line's height: how far a cell's rules reach into it
_LOW, _HIGH = 0.45, 2.2  # height of a character, in heights of a line
_THIN = 8.0  # length over width from which a stroke is a rule's remnant
_MARGIN = 0.25  # of a line's height, around the piece
_FULL = 1.3  # of a line's height: how near to its cell's edges a line comes that goes on below
_BELOW = 2.2  # of a line's height: how far below it that is
_LABELLED = 5.0  # of a line's height: as high is a cell with a label and what it asks for, at most
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,2}")
_PRINT = 0.6  # of a line's height: its characters, without the room around them
_MORE = 0.3  # of a character: by how much print is wider than the characters read of it, where one was left out
_HANGING = 3.0  # of a line's height: as wide as that is, at most


def overlooked(page: Grey, lines: Sequence[Line], cells: Sequence[Cell]) -> list[npt.NDArray[np.float32]]:
    """Corners in pixels, clockwise from the top left, of what stands in cells without a line, and below full lines; one piece a cell."""
    if not cells or not lines:
        return []
    places, frames = [line.box for line in lines], [cell.box for cell in cells]
    filled = middles_within(places, frames) | (inside(places, frames) > 0.5)
    empty = [cell for cell, held in zip(cells, filled.T, strict=True) if not held.any()]
    letter = median(line.box.height for line in lines) * page.shape[0]
    ink = float(median(_darkest(page, line.box) for line in lines))
    found = [_piece(page, cell.box, letter, ink) for cell in empty]
    found += [_hanging(page, cell.box, [lines[n] for n in np.flatnonzero(held)], letter, ink) for cell, held in zip(cells, filled.T, strict=True) if held.any()]
    return [quad for quad in found if quad is not None]


def _hanging(grey: Grey, cell: Box, lines: Sequence[Line], usual: float, ink: float) -> npt.NDArray[np.float32] | None:
    """A character or two below the last line of a cell: where it was broken, since it fills the cell, or what a label alone in its cell asks for. usual: height of a line of the page, which a tilted line's box exceeds."""
    height, width = grey.shape
    last = max((line.box for line in lines), key=lambda box: box.y1)
    letter = min(last.height * height, usual)
    inset = _INSET * letter
    free = cell.y1 * height - inset - last.y1 * height
    whole = (cell.width - last.width) * width <= 2 * _FULL * letter  # else the line is a label, and what it asks for stands below
    label = len(lines) == 1 and bool(HAS_CJK.search(lines[0].text)) and cell.height * height < _LABELLED * letter
    if free < _LOW * letter or not (whole or label) or any(line.box.y1 > last.cy for line in lines if line.box is not last):
        return None
    top, bottom = last.cy * height, last.y1 * height  # what crosses the middle is the line's own; its box may reach into the next one
    below = _marks(grey, (cell.x0 * width + inset, top, cell.x1 * width - inset, bottom + min(free, (_BELOW - _INSET) * letter)), letter, ink)
    marks = [mark for mark in below if mark[1] > int(top) + 1 and mark[3] > bottom + _INSET * letter]
    quad = _hull(marks, letter)
    return quad if quad is not None and np.ptp(quad[:, 0]) <= (_HANGING + 2 * _MARGIN) * letter and np.ptp(quad[:, 1]) <= (1 + 2 * _MARGIN) * letter else None


def understated(page: Grey, lines: Sequence[Line]) -> dict[int, npt.NDArray[np.float32]]:
    """Lines, by their place among all, of which no more than a unit was read (套) though more is printed (1 套), with the corners of all of it."""
    units = [n for n, line in enumerate(lines) if _UNIT.fullmatch(line.text)]
    if not units:
        return {}
    height, width = page.shape
    ink = float(median(_darkest(page, lines[n].box) for n in units))
    out = {}
    for n in units:
        box, letter = lines[n].box, lines[n].box.height * height
        marks = _marks(page, (box.x0 * width - _MARGIN * letter, box.y0 * height, box.x1 * width + _MARGIN * letter, box.y1 * height), _PRINT * letter, ink)
        quad = _hull(marks, 0.5 * letter)
        tall = max((mark[3] - mark[1] for mark in marks), default=0)
        if quad is not None and max(m[2] for m in marks) - min(m[0] for m in marks) > (len(lines[n].text) + _MORE) * tall:
            out[n] = quad
    return out


def _piece(grey: Grey, cell: Box, letter: float, ink: float) -> npt.NDArray[np.float32] | None:
    """What stands in one cell; None where that is several lines, or a drawing: not what detection overlooks."""
    height, width = grey.shape
    inset = _INSET * letter
    quad = _hull(_marks(grey, (cell.x0 * width + inset, cell.y0 * height + inset, cell.x1 * width - inset, cell.y1 * height - inset), letter, ink), letter)
    return quad if quad is not None and np.ptp(quad[:, 1]) <= 2 * _HIGH * letter else None


def _marks(grey: Grey, within: tuple[float, float, float, float], letter: float, ink: float) -> list[tuple[int, int, int, int]]:
    """Boxes, in pixels, of all that is as dark as print and as high as a character."""
    x0, y0, x1, y1 = (max(0, int(side)) for side in within)
    patch = grey[y0:y1, x0:x1]
    if patch.shape[0] < 0.6 * letter or patch.shape[1] < 0.6 * letter:
        return []
    paper = float(np.percentile(patch, 80))
    dark = cv2.dilate((patch < paper - _DARK * (paper - ink)).astype(np.uint8), np.ones((3, 3), np.uint8))  # joins the parts of a thin character
    _, stats = pieces(dark)
    return [
        (x0 + x, y0 + y, x0 + x + w, y0 + y + h)
        for x, y, w, h, _ in stats[1:].tolist()
        if _LOW * letter <= h <= _HIGH * letter and w <= patch.shape[1] - 2 and (h <= _THIN * w or 0 < x < patch.shape[1] - w)
    ]


def _hull(marks: Sequence[tuple[int, int, int, int]], letter: float) -> npt.NDArray[np.float32] | None:
    """The corners of what marks cover, with a margin."""
    if not marks:
        return None
    margin = _MARGIN * letter
    left, top = min(m[0] for m in marks) - margin, min(m[1] for m in marks) - margin
    right, bottom = max(m[2] for m in marks) + margin, max(m[3] for m in marks) + margin
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _darkest(grey: Grey, box: Box) -> float:
    height, width = grey.shape
    patch = grey[int(box.y0 * height) : int(box.y1 * height) + 1, int(box.x0 * width) : int(box.x1 * width) + 1]
    return percentiles(patch, 2)[0] if patch.size else 0.0
