"""Print that detection overlooked: ruled cells that hold ink and yet no line.

In:    an upright page in shades of grey, seals lifted off, with its lines and cells.
Out:   corners of the overlooked pieces, to be recognised like any other crop.
Elsewhere: recognition (extractors/ocr), what a blank cell means (extractors/papers/application_form.py).

Detection at reduced size drops a lone figure ("2") in a large cell. A cell with ink that nobody read must not pass as blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from extractors.boxes import inside, middles_within
from extractors.pictures import Grey, percentiles
from models.geometry import Box
from models.page import Cell, Line

_DARK = 0.35  # of the way from the paper to the page's own ink: print is darker, the back side shining through is paler
_INSET = 0.2  # of a line's height: how far a cell's rules reach into it
_LOW, _HIGH = 0.45, 2.2  # height of a character, in heights of a line
_THIN = 8.0  # length over width from which a stroke is a rule's remnant
_MARGIN = 0.25  # of a line's height, around the piece


def overlooked(page: Grey, lines: Sequence[Line], cells: Sequence[Cell]) -> list[npt.NDArray[np.float32]]:
    """Corners in pixels, clockwise from the top left, of what stands in cells without a line; one piece a cell."""
    if not cells or not lines:
        return []
    places, frames = [line.box for line in lines], [cell.box for cell in cells]
    filled = middles_within(places, frames) | (inside(places, frames) > 0.5)
    empty = [cell for cell, held in zip(cells, filled.T, strict=True) if not held.any()]
    if not empty:
        return []
    letter = median(line.box.height for line in lines) * page.shape[0]
    ink = float(median(_darkest(page, line.box) for line in lines))
    found = (_piece(page, cell.box, letter, ink) for cell in empty)
    return [quad for quad in found if quad is not None]


def _piece(grey: Grey, cell: Box, letter: float, ink: float) -> npt.NDArray[np.float32] | None:
    """What stands in one cell: the hull of all that is as dark as print and as high as a character."""
    height, width = grey.shape
    inset = _INSET * letter
    x0, y0, x1, y1 = (int(v) for v in (cell.x0 * width + inset, cell.y0 * height + inset, cell.x1 * width - inset, cell.y1 * height - inset))
    patch = grey[max(0, y0) : y1, max(0, x0) : x1]
    if patch.shape[0] < 0.6 * letter or patch.shape[1] < 0.6 * letter:
        return None
    paper = float(np.percentile(patch, 80))
    dark = cv2.dilate((patch < paper - _DARK * (paper - ink)).astype(np.uint8), np.ones((3, 3), np.uint8))  # joins the parts of a thin character
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    boxes = [
        (x, y, x + w, y + h)
        for x, y, w, h, _ in stats[1:count].tolist()
        if _LOW * letter <= h <= _HIGH * letter and w <= patch.shape[1] - 2 and (h <= _THIN * w or 0 < x < patch.shape[1] - w)
    ]
    if not boxes:
        return None
    margin = _MARGIN * letter
    left, top = max(0, x0) + min(b[0] for b in boxes) - margin, max(0, y0) + min(b[1] for b in boxes) - margin
    right, bottom = max(0, x0) + max(b[2] for b in boxes) + margin, max(0, y0) + max(b[3] for b in boxes) + margin
    if bottom - top > 2 * _HIGH * letter:  # several lines, or a drawing: not what detection overlooks
        return None
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _darkest(grey: Grey, box: Box) -> float:
    height, width = grey.shape
    patch = grey[int(box.y0 * height) : int(box.y1 * height) + 1, int(box.x0 * width) : int(box.x1 * width) + 1]
    return percentiles(patch, 2)[0] if patch.size else 0.0
