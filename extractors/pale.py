"""What is printed paler than the text: watermarks across the page, the back side shining through, shadows of folds.

In:    a page as an RGB picture, seals lifted off.
Out:   the same page with all that is much paler than its own print turned to paper; print and its edges stay as they were.
Fails: never; a page without print stays as it is.

How pale is too pale is told by the page itself: on a faded scan the print is pale too, and what is paler still goes.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_GONE, _KEPT = 0.20, 0.35  # darkness against the page's print: below the first is paper, above the second is print, between them fades
_COARSE = 8  # the paper's own shade changes slowly: it is looked for at an eighth of the size
_STAIN = 0.8  # of the paper's brightness: darker pixels are taken for print when its darkness is measured
_LEAST = 50  # sampled pixels of print, below which there is nothing to compare with


def lift_pale(picture: Picture) -> Picture:
    """Turn what is paler than the print to paper; the paper's own shade (a shadow, a yellowed edge) stays."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    paper = _paper(grey)
    brightness = np.minimum(1.0, grey / np.maximum(paper, 1.0))
    sample = brightness[::4, ::4]
    print_ = sample[sample < _STAIN]
    if print_.size < _LEAST:
        return picture
    darkness = (1.0 - brightness) / (1.0 - float(np.percentile(print_, 10)))
    keep = np.clip((darkness - _GONE) / (_KEPT - _GONE), 0.0, 1.0)[..., None].astype(np.float32)
    shade = paper[..., None]
    lifted: Picture = np.clip(shade - (shade - picture) * keep, 0, 255).astype(np.uint8)
    return lifted


def _paper(grey: npt.NDArray[np.generic]) -> Floats:
    """The paper's brightness at each pixel, without what is printed on it."""
    height, width = grey.shape
    coarse = cv2.resize(grey, (max(1, width // _COARSE), max(1, height // _COARSE)), interpolation=cv2.INTER_AREA)
    coarse = cv2.medianBlur(cv2.dilate(coarse, np.ones((5, 5), np.uint8)), 15)
    paper: Floats = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return paper
