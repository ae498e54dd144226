"""A seal without the page: its ink alone, dark on white.

In:    an RGB picture of a page, one of its rings. Out: a grey picture with the seal in its middle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.pictures import Picture
from extractors.seals.shades import RED, grey_light, paper, print_black, ring_ink
from extractors.seals.spot import Floats, Mask, SealSpot

_GLEAM = 0.1  # of the paper's light: less than this of a colour is a scanner's noise


def seal_ink(picture: Picture, spot: SealSpot) -> tuple[Mask, Callable[[], Mask]]:
    """The seal, dark on white, its centre in the middle, twice: print told apart by what it does to the colour, and more roughly; each errs in its own way.

    The second is made when it is asked for. On a grey page print is told from the seal by its darkness alone: what lies beneath it is drawn over, with more around it in the second.
    """
    reach = round(spot.along * 1.12) + 2
    matrix = np.array([[1, 0, reach - spot.x], [0, 1, reach - spot.y]], np.float64)
    patch = cv2.warpAffine(picture, matrix, (2 * reach, 2 * reach), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255))
    light = (patch / paper(patch.astype(np.uint8))).clip(0, 1).astype(np.float32)
    here = replace(spot, x=float(reach), y=float(reach))
    inside = here.mask(patch.shape, 1.06) > 0
    return _coloured(light, inside, round(spot.along)) if spot.red else _colourless(light, here, inside, lambda: print_black(picture))


def _coloured(light: Floats, inside: npt.NDArray[np.bool_], size: int) -> tuple[Mask, Callable[[], Mask]]:
    """Red ink, 0 full to 255 none."""
    red, other = light[:, :, 0], (light[:, :, 1] + light[:, :, 2]) / 2
    redness = (red - other).astype(np.float32)
    # Green light is what red ink swallows; colour itself is stored at half the resolution in a JPEG and only tells where the ink is.
    tint = cv2.GaussianBlur(redness, (3, 3), 0)
    printed = (red < 0.45) & (redness < 0.25)
    usable = inside & ~printed
    sharp = _full(((1 - light[:, :, 1]) * ((tint - 0.35 * RED) / RED).clip(0, 1)).astype(np.float32), usable)
    # Print takes the same share of every colour: the ratio of two is the ink's alone, as long as there is light enough to tell.
    ratio = _full(np.log((red + _GLEAM) / (other + _GLEAM)).clip(0, None).astype(np.float32), usable)
    bare = inside & (tint > 2 * RED)
    through = float(np.percentile(red[bare], 30)) if bare.any() else 0.8
    covered = cv2.GaussianBlur(cv2.dilate(((through - 0.08 - red) / (0.6 * through)).clip(0, 1), np.ones((3, 3), np.uint8)), (3, 3), 0)
    ink = (1 - covered) * sharp + covered * ratio

    def rough() -> Mask:
        out: Mask = cv2.addWeighted(_drawn_over(_mask(sharp), printed, size), 0.5, _mask(_full(redness, usable)), 0.5, 0).astype(np.uint8)
        return out

    return _mask(ink.astype(np.float32)), rough


def _colourless(light: Floats, spot: SealSpot, inside: npt.NDArray[np.bool_], page_black: Callable[[], float]) -> tuple[Mask, Callable[[], Mask]]:
    """A grey seal's ink, 0 full to 255 none."""
    grey = grey_light(light)
    black = min(page_black(), float(np.percentile(grey[inside], 1)))
    ring = ring_ink(grey, spot)
    paler = float(np.median(ring[inside])) - black > 0.12
    printed = grey < ring - 0.3 * (ring - black) if paler else np.zeros(grey.shape, np.bool_)
    ink = _mask(_full(1 - grey, inside & ~printed))
    return _drawn_over(ink, printed, round(spot.along)), lambda: _drawn_over(ink, printed, 2 * round(spot.along))


def _full(strength: Floats, usable: npt.NDArray[np.bool_]) -> Floats:
    """Strength of ink as a share of what it is where it lies thick."""
    out: Floats = (strength / max(0.06, float(np.percentile(strength[usable], 93)) if usable.any() else 1.0)).clip(0, 1)
    return out


def _mask(ink: Floats) -> Mask:
    out: Mask = ((1 - ink) * 255).astype(np.uint8)
    return out


def _drawn_over(ink: Mask, printed: npt.NDArray[np.bool_], size: int) -> Mask:
    """Beneath print the seal is unknown: what stands around it is drawn over it."""
    if not printed.any():
        return ink
    halo = 2 * max(1, round(size / 150)) + 1  # pixels: print's own blurred edge, no more, since every pixel lost is a stroke's
    unknown = cv2.dilate(printed.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (halo, halo)))
    out: Mask = cv2.inpaint(ink, unknown, 3, cv2.INPAINT_TELEA).astype(np.uint8)
    return out


def without_rules(ink: Mask, spot: SealSpot) -> Mask:
    """The seal without a form's rules that run through it: straight and longer than any stroke of a letter."""
    span = max(15, round(0.55 * spot.across))
    dark = (ink < 150).astype(np.uint8)
    rules = cv2.morphologyEx(cv2.dilate(dark, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, span), np.uint8)) | cv2.morphologyEx(
        cv2.dilate(dark, np.ones((1, 3), np.uint8)), cv2.MORPH_OPEN, np.ones((span, 1), np.uint8)
    )
    # The ring's own top and bottom are as good as straight: leave it.
    rules[spot.mask(ink.shape, 0.93) == 0] = 0
    out = ink.copy()
    out[rules > 0] = 255
    return out
