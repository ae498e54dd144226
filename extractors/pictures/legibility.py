"""Whether a page is blank, and whether what was read of it can be trusted.

In:    a page's picture, the lines found on it and those that count, its seals.
Out:   its source and, where it can't be trusted, why: a `Flaw` with details, as `Page.unreadable` holds it.
Elsewhere: what a clerk is told (pipeline/wording.py). Damage of files (extractors/pdf.py).

Nothing read is not nothing there: a page is blank only where its paper is light and bears no marks but holes, edges and what shines through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.crops import crop, sides
from extractors.ocr.engine import Engine
from extractors.ocr.recognition import Reading
from extractors.pictures import Grey, Picture, grey_of, percentiles, shrunk
from models.geometry import Box
from models.page import Flaw, Line, PageSource, Seal

Quads = npt.NDArray[np.float32]

PALE = 0.18  # share by which print is darker than its paper: what is paler may be the back side shining through
_FEW = 3  # letters, below which nothing is said to have been read
_POOR = 0.75  # confidence below which a line is as good as unread
_PARTLY = 0.35  # share of the print, by length, that is unread
_MUCH = 30.0  # characters of print, by length, below which a scrawl or a signature is meant
_BLACK = 60  # of 255: paper that is darker holds nothing that can be told from it
MARKED = 0.004  # share of the page that is marked, above which it isn't blank
_MARK = 0.12  # share by which an eighth of the page's pixels, taken together, are darker than the paper around
_AROUND = 31  # eighths of pixels: how far around
_EDGED = 0.19  # share of the print's darkness that lies within one step of two pixels at a sharp edge
_TILES = (8, 12)  # across and down the page
_TILE_MARKED = 0.03  # share of a tile's eighths that bear marks
_SOFT = 0.06  # share of the page that bears marks without edges, above which a part of it is out of focus
_DIMMED = 0.62  # of the paper's light
_DARKENED = 0.30  # share of the page that is black, above which print may lie in it
_MARGIN = 0.06  # of a side: punch holes, staples and a scanner's edges
_SURE = 0.80
_TRIED = 6  # lines that are read to tell print from what shines through
_MIRRORED = 0.03  # by which a mirrored reading must be surer
_THROUGH = 0.10  # darkness up to which marks that make no sense are taken for what shines through
_GRAIN = 0.6  # confidence below which marks make no sense
_LIT_SURE = 0.82  # mean confidence from which what was brightened or deepened counts as read


def of_faint(engine: Engine, page: Grey, quads: Quads, depth: float, marked: float) -> tuple[PageSource, str]:
    """Source and flaw of a page whose faint marks were deepened, by its longest lines; what reads better in a mirror is print on the other side.

    page: upright, deepened. quads: corners of the lines found on it. depth: of its print, marked: share of the page that was marked, before it was deepened.
    """
    tried = sorted(quads, key=lambda quad: sides(quad)[0], reverse=True)[:_TRIED]
    crops = [crop(page, quad) for quad in tried]
    # which way up a mirrored page lies isn't told by reading it straight
    straight, mirrored, fallen = (
        _confidence(engine.recognise([np.ascontiguousarray(piece[way]) for piece in crops])) for way in (np.s_[:], np.s_[:, ::-1], np.s_[::-1]))
    if straight >= _LIT_SURE:
        return PageSource.OCR, ""
    if marked > MARKED:
        return PageSource.OCR, _said(Flaw.UNREAD, f"{marked:.1%} of the page bears marks without edges")
    if len(quads) < _TRIED or max(mirrored, fallen) > straight + _MIRRORED or (depth < _THROUGH and straight < _GRAIN):
        return PageSource.BLANK, ""
    return PageSource.OCR, _said(Flaw.PALE, f"{len(quads)} lines were found, too faint to be read")


def _confidence(readings: Sequence[Reading]) -> float:
    return float(np.average([r.confidence for r in readings], weights=[max(1, len(r.text)) for r in readings])) if readings else 0.0


def trusted(lines: Sequence[Line]) -> bool:
    """Whether what was read under bad light is print, not grain."""
    return sum(len(line.text) for line in lines) >= 2 * _FEW and confidence(lines) >= _LIT_SURE


def confidence(lines: Sequence[Line]) -> float:
    """Mean over the characters of all lines; 0 where there are none."""
    return sum(line.confidence * len(line.text) for line in lines) / max(1, sum(len(line.text) for line in lines))


def state(
    page: Grey, untouched: Callable[[], Grey], found: Sequence[Line], kept: Sequence[Line], unread: Sequence[Box], seals: Sequence[Seal]
) -> tuple[PageSource, str]:
    """Source and flaw of a scanned page.

    page: upright, without seals and pale marks. untouched: gives it with them, for it is edges that tell what is in focus. found: every line with text; kept: those of them that count. unread: where lines were found that gave no text.
    """
    letters = sum(len(line.text.replace(" ", "")) for line in kept)
    if letters < _FEW and not seals:
        return _nothing(page, untouched, found, unread)
    size = page.shape[1] / page.shape[0]
    ours = set(map(id, kept))
    lost = [line.box for line in found if id(line) not in ours and _words(line)] + list(unread)
    usual = median(contrast(page, line.box) for line in kept[:: max(1, len(kept) // _TRIED)]) if kept and lost else 0.0
    dark = [box for box in lost if contrast(page, box) >= max(PALE if usual >= 2 * PALE else 0.0, 0.6 * usual)]
    poor = sum(_length(line.box, size) for line in kept if line.confidence < _POOR and _words(line)) + sum(_length(box, size) for box in dark)
    sound = sum(_length(line.box, size) for line in kept if line.confidence >= _POOR)
    if poor > _MUCH and poor > _PARTLY * (poor + sound):
        return PageSource.OCR, _said(Flaw.PARTLY if sound > _MUCH else Flaw.UNREAD, f"{poor / (poor + sound):.0%} of the print can't be read")
    if sound < _MUCH and marked_share(page) > MARKED and blurred(untouched()):
        return PageSource.OCR, _said(Flaw.UNREAD, "the picture is out of focus")
    soft, dark_ = _out_of_focus(page, untouched, kept), _dark_share(page)
    if soft > _SOFT or dark_ > _DARKENED:
        return PageSource.OCR, _said(Flaw.PARTLY, f"{soft:.0%} of the page is out of focus, {dark_:.0%} is dark")
    sure = confidence(kept)
    if letters > _MUCH and sure < _SURE:
        return PageSource.OCR, _said(Flaw.DOUBTFUL, f"read with a mean confidence of {sure:.2f} only")
    return PageSource.OCR, ""


def too_dark(picture: Picture) -> bool:
    """Whether a picture is as good as black all over."""
    return float(np.percentile(picture[::16, ::16], 95)) < _BLACK


def black(picture: Picture) -> str:
    """The flaw of a page that is too dark to be read."""
    return _said(Flaw.DARK, f"no brighter than {int(np.percentile(picture[::16, ::16], 95))} of 255")


def contrast(page: Grey, box: Box) -> float:
    """How much darker than its paper a line's print is, 0 to 1."""
    height, width = page.shape[:2]
    patch = page[int(box.y0 * height) : int(box.y1 * height) + 1, int(box.x0 * width) : int(box.x1 * width) + 1]
    if not patch.size:
        return 0.0
    dark, bright = percentiles(patch, 3, 90)
    return 1 - dark / max(1.0, bright)


def _nothing(page: Grey, untouched: Callable[[], Grey], found: Sequence[Line], unread: Sequence[Box]) -> tuple[PageSource, str]:
    """Of a page of which nothing was read."""
    boxes = [line.box for line in found] + list(unread)
    dark = [box for box in boxes if contrast(page, box) >= PALE]
    share = marked_share(page)
    if len(dark) >= _FEW or (share > MARKED and blurred(untouched())):
        return PageSource.OCR, _said(Flaw.UNREAD, f"{share:.1%} of the page is marked, {len(boxes)} lines were found, and none can be read")
    return PageSource.OCR if share > MARKED else PageSource.BLANK, ""  # sharp, and no lines: a photograph or a drawing


def marked_share(page: Picture | Grey) -> float:
    """Share of the page, margins left out, that is darker than the paper around it, sharp or blurred."""
    height, width = page.shape[:2]
    grey = grey_of(page)[int(_MARGIN * height) : int((1 - _MARGIN) * height), int(_MARGIN * width) : int((1 - _MARGIN) * width)]
    if not grey.size:
        return 0.0
    return float(_marks(grey).mean())


def _marks(grey: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where, at an eighth of the size, the page is darker than the paper around."""
    small = shrunk(grey, max(8, grey.shape[1] // 8), max(8, grey.shape[0] // 8))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_AROUND, _AROUND), np.uint8), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(small < (1 - _MARK) * paper.astype(np.float32), np.bool_)


def _out_of_focus(page: Grey, untouched: Callable[[], Grey], kept: Sequence[Line]) -> float:
    """Share of the page that bears marks without edges, and no line that was read well."""
    marks = cv2.resize(_marks(page).astype(np.float32), _TILES, interpolation=cv2.INTER_AREA)
    open_ = marks > _TILE_MARKED
    open_[[0, -1]] = open_[:, [0, -1]] = False  # a scanner's dark edge is soft
    for line in kept:
        if line.confidence >= _POOR:
            x0, y0, x1, y1 = line.box
            open_[int(y0 * _TILES[1]) : int(y1 * _TILES[1]) + 1, int(x0 * _TILES[0]) : int(x1 * _TILES[0]) + 1] = False
    if open_.mean() <= _SOFT:
        return 0.0
    half, steps = _edges(untouched())
    soft = 0
    for row, column in zip(*np.nonzero(open_), strict=True):
        ys, xs = (slice(k * size // of, (k + 1) * size // of) for k, size, of in ((row, half.shape[0], _TILES[1]), (column, half.shape[1], _TILES[0])))
        soft += _edged(half[ys, xs], steps[ys, xs]) < _EDGED
    return float(soft / open_.size)


def _dark_share(page: Grey) -> float:
    """Share of the page that stayed dark, though its light was evened."""
    small = cv2.blur(np.ascontiguousarray(page[::8, ::8]), (5, 5))  # grain is evened out
    dim: npt.NDArray[Any] = small < _DIMMED * float(np.percentile(small, 95))
    return float(dim.mean())


def blurred(page: Grey) -> bool:
    """Whether nothing on the page has an edge: print and photographs in focus have."""
    height, width = page.shape
    return _edged(*_edges(page[height // 16 : -height // 16, width // 16 : -width // 16])) < _EDGED


def _edges(grey: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The picture at half its size, and how steeply its brightness changes there."""
    half = shrunk(grey, grey.shape[1] // 2, grey.shape[0] // 2)
    half = cv2.GaussianBlur(half, (0, 0), 0.8)  # grain has edges too
    return half, cv2.max(cv2.convertScaleAbs(cv2.Sobel(half, cv2.CV_16S, 1, 0), alpha=0.25), cv2.convertScaleAbs(cv2.Sobel(half, cv2.CV_16S, 0, 1), alpha=0.25))


def _edged(half: npt.NDArray[Any], steps: npt.NDArray[Any]) -> float:
    """The steepest edges, as a share of the depth of print."""
    depth = float(np.percentile(half, 90)) - float(np.percentile(half, 0.2))
    return float(np.percentile(steps, 99.8)) / 2 / max(1.0, depth)


def _words(line: Line) -> bool:
    """Whether a line is more than leaders (……) and rules."""
    return any(c.isalnum() for c in line.text)


def _length(box: Box, size: float) -> float:
    """About how many characters a line holds. size: the page's width over its height."""
    return max(1.0, box.width * size / max(1e-4, box.height))


def _said(flaw: Flaw, details: str) -> str:
    return f"{flaw.value}: {details}"
