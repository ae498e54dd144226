"""Evening out the light: shadows of a hand or a telephone, pages photographed in the dark, print that too much light has washed out.

In:    a page as an RGB picture. Out: the same page, its paper equally bright all over, its print dark; the picture itself where it already is.
Fails: never; a picture that is black all over stays so.
Elsewhere: stains, watermarks and what shines through (extractors/pictures/pale.py).

Ordinary scans are told from a thumbnail and left as they are: a scanner's own falling off of light hinders no reading.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.pictures import Grey, Picture, grey_of, percentiles, shrunk

_STEP = 8  # every eighth pixel tells enough of the light
_DIM = 140  # of 255: paper that is darker is brightened
_UNEVEN = 0.55  # of the bright paper's light: what is in a deeper shadow is brightened
_WHITE = 235.0
_MOST = 14.0  # times: beyond this a camera gives noise alone
_BLACK = 8.0  # brightness at which nothing reflects any light
_FAINT = (0.02, 0.30)  # how much darker than its paper a page's darkest print is: below, there is nothing; above, it is dark enough
_FINE = 3  # the darkest print is looked for at a third of the size: grain is evened out, strokes are not
_DEEP = 0.8  # darkness that faint print is given
_ALMOST_ALL = 0.7  # share of a picture from which a sheet in it is taken for all there is
_PRINT = 5  # lines of print


def evened(picture: Picture) -> Picture:
    """The page in even light, where it is too dim or too uneven to be read well."""
    paper = paper_of(picture)
    height, width = paper.shape
    inner = paper[height // 20 : height - height // 20, width // 20 : width - width // 20]
    low, high = (float(v) for v in np.percentile(inner, (8, 90)))
    if high < _BLACK or (high >= _DIM and low >= _UNEVEN * high):
        return picture
    soft = cv2.GaussianBlur(paper, (0, 0), 5).astype(np.float32)
    gain = np.clip(_WHITE / np.maximum(soft, 1.0), 1.0, _MOST).astype(np.float32)
    rows = []
    full_height, full_width = picture.shape[:2]
    for top in range(0, full_height, 512):  # in strips: floats of a whole page take a hundred megabytes
        strip = picture[top : top + 512]
        ys = np.repeat(((np.arange(top, top + strip.shape[0], dtype=np.float32) + 0.5) * height / full_height - 0.5)[:, None], full_width, 1)
        xs = np.repeat(((np.arange(full_width, dtype=np.float32) + 0.5) * width / full_width - 0.5)[None], strip.shape[0], 0)
        grown = cv2.remap(gain, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        rows.append(np.minimum(strip * grown[..., None], 255).astype(np.uint8))
    return np.concatenate(rows)


def paper_of(picture: Picture) -> Grey:
    """The paper's brightness at an eighth of the size, without what is printed on it."""
    small = grey_of(np.ascontiguousarray(picture[::_STEP, ::_STEP]))
    paper: Grey = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15).astype(np.uint8)
    return paper


def faintness(picture: Picture) -> float | None:
    """How much darker than its paper the page's darkest print is, where that is so little that it should be deepened; None on all other pages."""
    height, width = picture.shape[:2]
    sample = np.ascontiguousarray(picture[height // 8 : -height // 8 : 4, width // 8 : -width // 8 : 4])
    if min(height, width) < 64 or percentiles(grey_of(sample), 1)[0] < (1 - _FAINT[1]) * 255 * 0.8:
        return None  # dark print in plenty: no need to look closer
    small = shrunk(grey_of(picture), width // _FINE, height // _FINE)
    paper = cv2.resize(paper_of(picture), (small.shape[1], small.shape[0]), interpolation=cv2.INTER_LINEAR)
    y, x = small.shape[0] // 16, small.shape[1] // 16
    darker = cv2.subtract(paper, small)[y:-y, x:-x].astype(np.float32) / np.maximum(paper[y:-y, x:-x], 1)
    depth = float(np.percentile(darker, 99.98))
    return depth if _FAINT[0] < depth < _FAINT[1] else None


def deepened(picture: Picture, depth: float) -> Picture:
    """The page with print of `depth` made as dark as print usually is."""
    paper = cv2.resize(paper_of(picture), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    shade = cv2.merge([paper] * 3)
    return np.ascontiguousarray(cv2.subtract(shade, cv2.multiply(cv2.subtract(shade, picture), 1.0, scale=_DEEP / depth)), np.uint8)


def print_beyond(engine: Engine, picture: Picture, corners: npt.NDArray[np.float32]) -> bool:
    """Whether there is print outside a sheet found in the picture, so that what seems to be the ground is paper in the dark."""
    height, width = picture.shape[:2]
    if cv2.contourArea(corners) > _ALMOST_ALL * height * width:
        return False
    outside = picture.copy()
    grown = corners.mean(0) + (corners - corners.mean(0)) * 1.04  # its edge itself is no print
    cv2.fillPoly(outside, [grown.round().astype(np.int32)], [int(v) for v in np.median(picture[::16, ::16][_beyond(picture, corners)[::16, ::16]], axis=0)])
    return len(engine.find(evened(outside))) >= _PRINT


def _beyond(picture: Picture, corners: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    mask = np.ones(picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], 0)
    return mask > 0
