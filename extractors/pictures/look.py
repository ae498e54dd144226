"""What a page looks like, in 64 bits, so that the same page scanned twice can be found among very many.

In:    an upright page in shades of grey, its seals lifted off.
Out:   a whole number of 64 bits; the same page scanned again differs in few of them, another page in about half.
Fails: 0 for a page with nothing on it.
Elsewhere: what follows from two pages looking alike (matchers/duplicates.py). Two filled-in copies of one form look alike too.

The page's ink is brought to 32 by 32 dots, and a bit for each of the 64 longest waves of its cosine transform tells which way that wave
goes. Brightness, contrast, resolution and blots leave the waves as they are. Margins are left out: scanners put edges and holes there.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.pictures import Grey, shrunk

_LONG_SIDE = 512
_SIDE = 32
_MARGIN = 0.02  # share of the page at each edge
_FAINT, _DARK = 0.08, 0.48  # how much darker than its paper ink is, from where it counts and where it counts in full
_LONGEST = sorted((down + across, down, across) for down in range(_SIDE) for across in range(_SIDE) if down or across)[:64]
_WAVES = ([down for _, down, _ in _LONGEST], [across for _, _, across in _LONGEST])


def look_of(page: Grey) -> int:
    """The look of an upright page."""
    height, width = page.shape
    scale = _LONG_SIDE / max(height, width)
    small = shrunk(page, max(_SIDE, round(width * scale)), max(_SIDE, round(height * scale)))
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 17).astype(np.float32)
    ink = np.clip((paper - small) / np.maximum(paper, 1) - _FAINT, 0, _DARK - _FAINT)
    down, across = (int(side * _MARGIN) for side in ink.shape)
    inner = ink[down : ink.shape[0] - down, across : ink.shape[1] - across]
    if not inner.any():
        return 0
    waves = cv2.dct(cv2.resize(inner, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
    return int.from_bytes(np.packbits(waves[_WAVES] > 0).tobytes(), "big")
