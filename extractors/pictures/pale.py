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
_USUAL = (0.14, 0.26)
_BROAD = (0.20, 0.35)  # on a page with broad pale strokes: a watermark's
_PALE = (0.10, 0.45)  # darkness of a watermark
_STROKE = 1 / 230  # of the page's long side: broader is no letter of the text
_SHARE = 0.0007  # of the page, taken by broad pale strokes, from which it has a watermark
_FINE = 1600  # pixels of the page's long side, below which print itself is pale and soft, and strokes tell nothing
_MARGIN = 0.04  # of each side, in which scanners and telephones leave edges and shadows
_COARSE = 8  # the paper's own shade changes slowly: it is looked for at an eighth of the size
_STAIN = 0.8  # of the paper's brightness: darker pixels are taken for print when its darkness is measured
_LEAST = 50  # sampled pixels of print, below which there is nothing to compare with
_WHOLE = 200  # darkness of the page's own print, in the steps of the table
# Tables: darkness, in steps of the print's, to the share of it that is kept, of 255; for a page without and with a watermark.
_FADINGS = tuple(np.clip((np.arange(256) / _WHOLE - gone) / (kept - gone) * 255, 0, 255).astype(np.uint8) for gone, kept in (_USUAL, _BROAD))


def lift_pale(grey: Grey) -> Grey:
    """Turn what is paler than the print to paper; the paper's own shade (a shadow, a yellowed edge) stays."""
    paper = _paper(grey)
    paler = cv2.subtract(paper, grey)
    print_ = _print(paper, paler)
    if print_ is None:
        return grey
    darkness: Grey = cv2.divide(paler, paper, scale=_WHOLE / print_).astype(np.uint8, copy=False)
    keep = cv2.LUT(darkness, _FADINGS[_watermarked(darkness)])
    lifted: Grey = cv2.subtract(paper, cv2.multiply(paler, keep, scale=1 / 255)).astype(np.uint8, copy=False)
    return lifted


def _print(paper: Grey, paler: Grey) -> float | None:
    """What the page's darker print leaves out of the paper's brightness; None where there is too little print.

    Neither margins count, where a photograph's dark ground shows, nor what is broader than a stroke of text, such as codes, pictures and bars: where there is little on a
    page, they are most of what is dark, and darker than a faded page's print is.
    """
    y, x = (round(_MARGIN * side) for side in paper.shape)
    within = np.s_[y : paper.shape[0] - y : 2, x : paper.shape[1] - x : 2]
    left_out = paler[within] / paper[within]
    dark = (left_out > 1 - _STAIN).astype(np.uint8)
    stroke = max(3, round(_STROKE * max(dark.shape)))
    thin = left_out[dark > cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8))]
    return float(np.percentile(thin, 90)) if len(thin) >= _LEAST else None


def _watermarked(darkness: Grey) -> bool:
    """Whether there are strokes paler and broader than the text's. darkness: in steps of the print's."""
    if max(darkness.shape) < _FINE:
        return False
    half = shrunk(darkness, darkness.shape[1] // 2, darkness.shape[0] // 2)
    y, x = (round(_MARGIN * side) for side in half.shape)
    pale = cv2.inRange(half[y:-y, x:-x], _PALE[0] * _WHOLE, _PALE[1] * _WHOLE)
    stroke = max(3, round(_STROKE * max(half.shape)))
    broad = cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8))
    return bool(np.count_nonzero(broad) > _SHARE * broad.size)


def _paper(grey: Grey) -> Grey:
    """The paper's brightness at each pixel, without what is printed on it; never 0."""
    height, width = grey.shape
    coarse = shrunk(grey, max(1, width // _COARSE), max(1, height // _COARSE))
    coarse = cv2.max(cv2.medianBlur(cv2.dilate(coarse, np.ones((5, 5), np.uint8)), 15), 1)
    paper: Grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    return paper
