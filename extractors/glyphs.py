"""How alike two Chinese characters look.

In:    two characters. Out: 0 (nothing alike) to 1 (a worn stamp can't tell them apart: 昊 吴, 太 大, 峰 锋).
Source: both drawn in the CJK face that comes with MuPDF, blurred as a stamp is, and laid over each other.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pymupdf

_SIDE = 32  # pixels
_BLUR = 1.2  # pixels: what ink and a scan leave of a character
_UNLIKE, _SAME = 0.5, 0.8  # correlation of two characters that have nothing, or nearly all, in common
_SHIFTED = np.stack([np.roll(np.arange(_SIDE * _SIDE).reshape(_SIDE, _SIDE), shift, (0, 1)).ravel() for shift in product((-1, 0, 1), repeat=2)])  # where each pixel comes from, moved by at most one


@lru_cache(maxsize=1)
def _face() -> pymupdf.Font:
    import pymupdf  # takes longer to import than all that asks for no likeness takes to run

    return pymupdf.Font("cjk")


@lru_cache(maxsize=8192)
def _drawn(character: str) -> npt.NDArray[np.float32]:
    """The character, blurred, about a mean of 0 and of length 1."""
    import cv2
    import pymupdf

    with pymupdf.open() as document:
        page = document.new_page(width=_SIDE, height=_SIDE)
        writer = pymupdf.TextWriter(page.rect)
        writer.append((0, 0.86 * _SIDE), character, font=_face(), fontsize=_SIDE)
        writer.write_text(page)
        pixels = page.get_pixmap(colorspace=pymupdf.csGRAY)
        grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width]
    soft = cv2.GaussianBlur(255 - grey.astype(np.float32), (0, 0), _BLUR)
    soft -= soft.mean()
    out: npt.NDArray[np.float32] = (soft / max(1.0, float(np.linalg.norm(soft)))).astype(np.float32)
    return out


@lru_cache(maxsize=65536)
def alike(a: str, b: str) -> float:
    """0 to 1; the same either way round."""
    if a == b:
        return 1.0
    if a > b:
        return alike(b, a)
    nearest = float((_drawn(a).ravel()[_SHIFTED] @ _drawn(b).ravel()).max())
    return min(1.0, max(0.0, (nearest - _UNLIKE) / (_SAME - _UNLIKE)))
