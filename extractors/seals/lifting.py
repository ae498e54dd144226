"""The page without its seals.

In:    an RGB picture of a page, its rings. Out: the picture with the seals' ink taken off, or paled.
Elsewhere: lines that are read from both (extractors/seals/beneath.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

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
    for patch in _patches(picture, spots):
        lifted = _without_red(patch) if patch.spot.red else _without_grey(patch, black)
        if lifted is not None:
            out[patch.where][patch.inside] = (lifted[:, :, None] * patch.bright).clip(0, 255).astype(np.uint8)[patch.inside]
    return out


def dimmed(picture: Picture, spots: Sequence[SealSpot]) -> Grey:
    """The page in shades of grey with red seals paled by as much as their ink darkens it; print beneath is told by its brightness alone.

    It keeps thin strokes on coarse scans, from which `lift` takes them, and leaves shadows of the ink, which `lift` doesn't.
    """
    out = grey_of(picture).copy()
    black = print_black(picture)
    for patch in _patches(picture, [spot for spot in spots if spot.red]):
        light = patch.light.clip(0, 1)
        brightness = light @ _BRIGHTNESS
        redness = light[:, :, 0] - (light[:, :, 1] + light[:, :, 2]) / 2
        inked = (redness > 2 * RED) & patch.inside
        if int(inked.sum()) < 50:
            continue
        # What ink takes of the light, for each bit of colour that it gives: colour is coarse, so it is spread a little and held to what thick ink has.
        darkening = float(np.percentile((1 - brightness[inked]) / redness[inked], 55))
        ink = (1 - darkening * np.minimum(cv2.GaussianBlur(redness, (0, 0), 1.0), float(np.percentile(redness[inked], 85)))).clip(0.3, 1)
        paled = ((brightness - black) / (0.92 * ink - black).clip(0.1, None)).clip(0, 1) * (1 - black) + black
        near = patch.inside & (cv2.dilate(inked.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        out[patch.where][near] = (paled * (patch.bright @ _BRIGHTNESS)).clip(0, 255).astype(np.uint8)[near]
    return out


class _Patch(NamedTuple):
    """What of a page lies around a seal: where, the light that it throws back (paper being 1) and the bare paper's brightness, the seal on it, the pixels within."""

    where: tuple[slice, slice]
    light: Floats
    bright: Floats
    spot: SealSpot
    inside: npt.NDArray[np.bool_]


def _patches(picture: Picture, spots: Sequence[SealSpot]) -> Iterator[_Patch]:
    for spot in spots:
        reach = spot.along * 1.12
        x0, y0 = max(0, int(spot.x - reach)), max(0, int(spot.y - reach))
        where = slice(y0, min(picture.shape[0], int(spot.y + reach) + 2)), slice(x0, min(picture.shape[1], int(spot.x + reach) + 2))
        pixels = picture[where]
        if pixels.size:
            bright, here = paper(pixels), replace(spot, x=spot.x - x0, y=spot.y - y0)
            yield _Patch(where, (pixels / bright).astype(np.float32), bright, here, here.mask(pixels.shape, 1.10) > 0)


def _without_red(patch: _Patch) -> Floats | None:
    """Brightness, 0 to 1, with the red ink bleached."""
    light = patch.light
    red = light[:, :, 0]
    redness = red - (light[:, :, 1] + light[:, :, 2]) / 2
    inked = (redness > 0.6 * RED) & patch.inside
    if int(inked.sum()) < 50:
        return None
    # How much red light the bare ink lets through where it lies thickest: the lower edge of the bulk, since print beneath is rarer than ink.
    through = float(np.percentile(red[inked & (red > 0.35)], 18)) if (inked & (red > 0.35)).sum() > 50 else 0.6
    bleached = ((red / max(0.3, through) - 0.12) / 0.82).clip(0, 1)
    near = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(near, bleached, grey_light(light)).astype(np.float32)


def _without_grey(patch: _Patch, black: float) -> Floats | None:
    """Brightness with a grey seal bleached; None where the seal is as dark as print. black: brightness of the page's print."""
    light = grey_light(patch.light).clip(0, 1)
    ink = ring_ink(light, patch.spot)
    if float(np.median(ink[patch.inside])) - black < 0.12:
        return None
    # Letters are found by their dark cores and kept with their paler edges.
    core = (light < ink - 0.25 * (ink - black)).astype(np.uint8)
    letters = cv2.dilate(core, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))) > 0
    return np.where(letters, light, np.float32(1.0)).astype(np.float32)
