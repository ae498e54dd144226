"""What is paper, print and a seal's ink on a page, by how bright it is.

In:    an RGB picture of a page or of a part of one. Out: the brightness of bare paper at each pixel, 0 to 255; that of print and ink, paper being 1.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.pictures import Picture, grey_of, percentiles
from extractors.seals.spot import Floats, SealSpot, outline

RED = 0.08  # how much brighter in red than in green and blue, paper being 1


def paper(picture: Picture) -> Floats:
    """The bare paper's brightness at each pixel, each channel by itself: what the page would be without ink."""
    return paper_in_bytes(picture).astype(np.float32)


def paper_in_bytes(picture: Picture) -> Picture:
    """The same in whole shades, 0 to 255."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(8, width // 16), max(8, height // 16)), interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(cv2.medianBlur(small, 3), np.ones((5, 5), np.uint8)), (9, 9))
    out: Picture = cv2.resize(cv2.max(bright, np.full_like(bright, 60)), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    return out


def grey_light(light: Floats) -> Floats:
    """Three channels as one, all weighed alike."""
    return (light[:, :, 0] + light[:, :, 1] + light[:, :, 2]) / np.float32(3)


def print_black(picture: Picture) -> float:
    """How bright the page's print is, paper being 1: its letters' cores, without a scanner's black border."""
    height, width = picture.shape[:2]
    grey = grey_of(np.ascontiguousarray(picture[height // 12 : -height // 12 or None : 2, width // 12 : -width // 12 or None : 2]))
    (light,) = percentiles(grey, 80)
    inked = grey[grey < 0.7 * light]
    return percentiles(inked, 10)[0] / max(60.0, light) if inked.size > 200 else 0.2


def ring_ink(light: Floats, spot: SealSpot) -> Floats:
    """How bright a grey seal's ink is at each pixel: measured on its ring, as a slope, since stamps fade towards one side."""
    xs, ys = outline(spot, 240, np.linspace(0.97, 1.02, 6, dtype=np.float32))
    ring = cv2.remap(light, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=2.0).min(0)
    x, y = (xs[3] - spot.x) / spot.along, (ys[3] - spot.y) / spot.along
    use = (ring < 0.93) & (ring >= float(np.percentile(ring, 6)))  # gaps in the ring, and print across it; a fax's ring is all of one shade
    if use.sum() < 60:
        return np.full(light.shape, float(np.median(ring)), np.float32)
    for _ in range(3):
        terms = np.stack([np.ones(int(use.sum())), x[use], y[use]], 1)
        slope, *_rest = np.linalg.lstsq(terms, ring[use], rcond=None)
        off = np.abs(slope[0] + slope[1] * x + slope[2] * y - ring)
        better = use & (off < max(0.05, 2 * float(np.median(off[use]))))
        if better.sum() < 60:
            break
        use = better
    gy, gx = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    plane = slope[0] + slope[1] * (gx - spot.x) / spot.along + slope[2] * (gy - spot.y) / spot.along
    out: Floats = plane.clip(0.05, 0.97).astype(np.float32)
    return out
