"""The page without its seals.

In:    an RGB picture of a page, its rings. Out: the picture with the seals' ink taken off, or paled.
Elsewhere: lines that are read from both (extractors/seals/beneath.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.pictures import Grey, Picture, grey_of
from extractors.seals.shades import RED, grey_light, paper, print_black, ring_ink
from extractors.seals.spot import Floats, SealSpot

_BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue, as the eye and a JPEG weigh them


def lift(picture: Picture, spots: Sequence[SealSpot]) -> Picture:
    """The page as if it had not been stamped: the seals' ink bleached, print beneath it kept dark.

    Red ink lets red light through and print does not, so under a seal only the red channel counts, measured against what the bare ink lets
    through. A grey seal is paler than print; where it is as dark (fax), nothing can be lifted.
    """
    if not spots:
        return picture
    out = picture.copy()
    black = 0.0 if all(spot.red for spot in spots) else print_black(picture)
    for spot in spots:
        x0, y0, x1, y1 = _bounds(spot, picture.shape, 1.12)
        patch = picture[y0:y1, x0:x1]
        if patch.size == 0:
            continue
        inside = replace(spot, x=spot.x - x0, y=spot.y - y0).mask(patch.shape, 1.10) > 0
        bright = paper(patch)
        lifted = _without_red((patch / bright).astype(np.float32), inside) if spot.red else _without_grey(patch, bright, replace(spot, x=spot.x - x0, y=spot.y - y0), inside, black)
        if lifted is None:
            continue
        out[y0:y1, x0:x1][inside] = (lifted[:, :, None] * bright).clip(0, 255).astype(np.uint8)[inside]
    return out


def dimmed(picture: Picture, spots: Sequence[SealSpot]) -> Grey:
    """The page in shades of grey with red seals paled by as much as their ink darkens it; print beneath is told by its brightness alone.

    It keeps thin strokes on coarse scans, from which `lift` takes them, and leaves shadows of the ink, which `lift` doesn't.
    """
    out = grey_of(picture).copy()
    black = print_black(picture)
    for spot in spots:
        x0, y0, x1, y1 = _bounds(spot, picture.shape, 1.12)
        patch = picture[y0:y1, x0:x1]
        if patch.size == 0 or not spot.red:
            continue
        inside = replace(spot, x=spot.x - x0, y=spot.y - y0).mask(patch.shape, 1.10) > 0
        bright = paper(patch)
        light = (patch / bright).clip(0, 1).astype(np.float32)
        brightness = light @ _BRIGHTNESS
        redness = light[:, :, 0] - (light[:, :, 1] + light[:, :, 2]) / 2
        inked = (redness > 2 * RED) & inside
        if int(inked.sum()) < 50:
            continue
        # What ink takes of the light, for each bit of colour that it gives: colour is coarse, so it is spread a little and held to what thick ink has.
        darkening = float(np.percentile((1 - brightness[inked]) / redness[inked], 55))
        ink = (1 - darkening * np.minimum(cv2.GaussianBlur(redness, (0, 0), 1.0), float(np.percentile(redness[inked], 85)))).clip(0.3, 1)
        paled = ((brightness - black) / (0.92 * ink - black).clip(0.1, None)).clip(0, 1) * (1 - black) + black
        near = inside & (cv2.dilate(inked.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        out[y0:y1, x0:x1][near] = (paled * (bright @ _BRIGHTNESS)).clip(0, 255).astype(np.uint8)[near]
    return out


def _bounds(spot: SealSpot, shape: tuple[int, ...], grow: float) -> tuple[int, int, int, int]:
    reach = spot.along * grow
    return max(0, int(spot.x - reach)), max(0, int(spot.y - reach)), min(shape[1], int(spot.x + reach) + 2), min(shape[0], int(spot.y + reach) + 2)


def _without_red(light: Floats, inside: npt.NDArray[np.bool_]) -> Floats | None:
    """Brightness, 0 to 1, with the red ink bleached."""
    red = light[:, :, 0]
    redness = red - (light[:, :, 1] + light[:, :, 2]) / 2
    inked = (redness > 0.6 * RED) & inside
    if int(inked.sum()) < 50:
        return None
    # How much red light the bare ink lets through where it lies thickest: the lower edge of the bulk, since print beneath is rarer than ink.
    through = float(np.percentile(red[inked & (red > 0.35)], 18)) if (inked & (red > 0.35)).sum() > 50 else 0.6
    bleached = ((red / max(0.3, through) - 0.12) / 0.82).clip(0, 1)
    near = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(near, bleached, grey_light(light)).astype(np.float32)


def _without_grey(patch: Picture, bright: Floats, spot: SealSpot, inside: npt.NDArray[np.bool_], black: float) -> Floats | None:
    """Brightness with a grey seal bleached; None where the seal is as dark as print. black: brightness of the page's print."""
    light = grey_light((patch / bright).astype(np.float32)).clip(0, 1)
    ink = ring_ink(light, spot)
    if float(np.median(ink[inside])) - black < 0.12:
        return None
    # Letters are found by their dark cores and kept with their paler edges.
    core = (light < ink - 0.25 * (ink - black)).astype(np.uint8)
    letters = cv2.dilate(core, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))) > 0
    return np.where(letters, light, np.float32(1.0)).astype(np.float32)
