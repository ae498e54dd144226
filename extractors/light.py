"""Evening out the light: shadows of a hand or a telephone, pages photographed in the dark.

In:    a page as an RGB picture. Out: the same page, its paper equally bright all over; the picture itself where it already is.
Fails: never; a picture that is black all over stays so.
Elsewhere: stains, watermarks and what shines through (extractors/pale.py).

Ordinary scans are told from a thumbnail and left as they are: a scanner's own falling off of light hinders no reading.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.pictures import Grey, Picture, grey_of

_STEP = 8  # every eighth pixel tells enough of the light
_DIM = 140  # of 255: paper that is darker is brightened
_UNEVEN = 0.55  # of the bright paper's light: what is in a deeper shadow is brightened
_WHITE = 235.0
_MOST = 14.0  # times: beyond this a camera gives noise alone
_BLACK = 8.0  # brightness at which nothing reflects any light


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
