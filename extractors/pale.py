"""What is printed paler than the text: watermarks across the page, the back side shining through, shadows of folds.

In:    a page in shades of grey, seals lifted off.
Out:   the same page with all that is much paler than its own print turned to paper; print and its edges stay as they were.
Fails: never; a page without print stays as it is.

How pale is too pale is told by the page itself: on a faded scan the print is pale too, and what is paler still goes.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.pictures import Grey, shrunk

# Darkness against the page's print: below the first is paper, above the second is print, between them fades. Thin print on a poor scan is hardly darker.
_GONE, _KEPT = 0.14, 0.26
_COARSE = 8  # the paper's own shade changes slowly: it is looked for at an eighth of the size
_STAIN = 0.8  # of the paper's brightness: darker pixels are taken for print when its darkness is measured
_LEAST = 50  # sampled pixels of print, below which there is nothing to compare with
_WHOLE = 200  # darkness of the page's own print, in the steps of the table
_FADING = np.clip((np.arange(256) / _WHOLE - _GONE) / (_KEPT - _GONE) * 255, 0, 255).astype(np.uint8)  # darkness -> share of it that is kept, of 255


def lift_pale(grey: Grey) -> Grey:
    """Turn what is paler than the print to paper; the paper's own shade (a shadow, a yellowed edge) stays."""
    paper = _paper(grey)
    paler = cv2.subtract(paper, grey)
    dark = grey[::4, ::4] < _STAIN * paper[::4, ::4]
    if int(dark.sum()) < _LEAST:
        return grey
    # of the paper's brightness, what the page's darker print leaves out
    print_ = float(np.percentile(paler[::4, ::4][dark] / paper[::4, ::4][dark], 90))
    darkness = cv2.divide(paler, paper, scale=_WHOLE / print_)
    lifted: Grey = cv2.subtract(paper, cv2.multiply(paler, cv2.LUT(darkness, _FADING), scale=1 / 255)).astype(np.uint8, copy=False)
    return lifted


def _paper(grey: Grey) -> Grey:
    """The paper's brightness at each pixel, without what is printed on it; never 0."""
    height, width = grey.shape
    coarse = shrunk(grey, max(1, width // _COARSE), max(1, height // _COARSE))
    coarse = cv2.max(cv2.medianBlur(cv2.dilate(coarse, np.ones((5, 5), np.uint8)), 15), 1)
    paper: Grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    return paper
