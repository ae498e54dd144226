"""Stamps: where they are, the page without them, and what they say.

In:    RGB picture of a page, any way up. Out: SealSpots (ellipses in its pixels), the picture with their ink taken off, and Seals once read.
Elsewhere: whose seal it is (matchers), which paper needs one (pipeline/rules).

A seal is found by its ring: thin, closed, round or oval. Red ink is looked at by itself first, since print is hardly ever red; then all dark
ink, because a grey or bilevel scan has lost the colour. What stands on the arc decides: a ring on which nothing can be read is no seal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.ocr.recognition import Reading
from models.geometry import Box
from models.page import Seal

Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]  # 0 or 255
Floats = npt.NDArray[np.float32]

_SIDE = 1000  # pixels: long side of the picture in which rings are looked for
_RADII = (26, 190)  # pixels of that picture
_OVALS = (1.0, 1.36)  # how much longer than high: round, oval (40 × 30 mm, 45 × 30 mm)
_COVERED = 0.62  # share of a ring that must be there
_RED = 0.13  # how much brighter in red than in green and blue, paper being 1
_DARK = 0.22  # how much darker than paper


@dataclass(frozen=True)
class SealSpot:
    """A ring in pixels of the page's picture. along ≥ across: half axes; angle: of the long axis, degrees clockwise; red: found by its colour."""

    x: float
    y: float
    along: float
    across: float
    angle: float
    red: bool
    covered: float

    @property
    def round(self) -> bool:
        return self.across > 0.9 * self.along

    def scaled(self, k: float) -> SealSpot:
        return replace(self, x=self.x * k, y=self.y * k, along=self.along * k, across=self.across * k)

    def moved(self, matrix: npt.NDArray[np.float64]) -> SealSpot:
        """After an affine turn of the page (2 × 3, no change of scale)."""
        x, y = matrix @ (self.x, self.y, 1.0)
        return replace(self, x=float(x), y=float(y), angle=(self.angle + math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))) % 180)

    def box(self, width: int, height: int) -> Box:
        """In fractions of a page of width × height pixels."""
        t = math.radians(self.angle)
        dx = math.hypot(self.along * math.cos(t), self.across * math.sin(t))
        dy = math.hypot(self.along * math.sin(t), self.across * math.cos(t))
        return Box((self.x - dx) / width, (self.y - dy) / height, (self.x + dx) / width, (self.y + dy) / height).rounded()

    def mask(self, shape: tuple[int, ...], grow: float = 1.0) -> Mask:
        out = np.zeros(shape[:2], np.uint8)
        cv2.ellipse(out, ((self.x, self.y), (2 * grow * self.along, 2 * grow * self.across), self.angle), 255, -1)  # type: ignore[call-overload]
        return out


# ---------------------------------------------------------------- finding


def paper(picture: Picture) -> Floats:
    """The bare paper's brightness at each pixel, each channel by itself: what the page would be without ink."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(8, width // 16), max(8, height // 16)), interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(cv2.medianBlur(small, 3), np.ones((5, 5), np.uint8)), (9, 9))
    return cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32).clip(60, 255)


def find_seals(picture: Picture) -> list[SealSpot]:
    """Rings that may be seals, whatever way up the page lies; reading decides (`read_seal`)."""
    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8) if scale < 1 else picture
    light = (small / paper(small)).clip(0, 1).astype(np.float32)
    spots = _rings(_red_ink(light), red=True)
    dark = (light.min(2) < 1 - _DARK).astype(np.uint8) * 255
    for spot in spots:
        dark[spot.mask(dark.shape, 1.15) > 0] = 0
    spots += [s for s in _rings(_without_print(dark), red=False) if not any(_same(s, other) for other in spots)]
    return [spot.scaled(1 / scale) for spot in spots]


def _red_ink(light: Floats) -> Mask:
    red, green, blue = cv2.split(light)
    redness = red - (green + blue) / 2
    # Gold and orange frames have far more green than blue; a seal's ink has little of either.
    return ((redness > _RED) & (green - blue < 0.45 * redness)).astype(np.uint8) * 255


def _without_print(dark: Mask) -> Mask:
    """Dark ink without letters (small) and without rules (straight and long): what may be a ring."""
    span = 41
    rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, span), np.uint8)) | cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((span, 1), np.uint8))
    rest = dark & ~rules
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= 18
    large[0] = False
    return (large[labels]).astype(np.uint8) * 255 if count > 1 else rest


def _rings(ink: Mask, red: bool) -> list[SealSpot]:
    """Ellipses whose outline the ink follows."""
    if int(np.count_nonzero(ink)) < 120:
        return []
    found: list[SealSpot] = []
    left = ink.copy()
    for wide, tall in ((1.0, 1.0), (_OVALS[1], 1.0), (1.0, _OVALS[1])):
        for x, y, r in _centres(left, wide, tall):
            spot = _fitted(ink, x, y, r * wide, r * tall, red)
            if spot is None or any(_same(spot, other) for other in found):
                continue
            found.append(spot)
        for spot in found:
            left[spot.mask(left.shape, 1.06) > 0] = 0
    return found


def _centres(ink: Mask, wide: float, tall: float, most: int = 8) -> list[tuple[float, float, float]]:
    """Likely centres (x, y) and radii of rings that are `wide` by `tall` times round: votes along the normals of the ink's outlines."""
    height, width = ink.shape
    size = (max(1, round(width / wide)), max(1, round(height / tall)))
    squeezed = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) if (wide, tall) != (1.0, 1.0) else ink
    soft = cv2.GaussianBlur(squeezed, (5, 5), 0)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = cv2.magnitude(gx, gy)
    ys, xs = np.nonzero(strength > 140)
    if len(xs) < 60:
        return []
    if len(xs) > 24_000:
        keep = np.random.default_rng(0).choice(len(xs), 24_000, replace=False)
        ys, xs = ys[keep], xs[keep]
    nx, ny = gx[ys, xs] / strength[ys, xs], gy[ys, xs] / strength[ys, xs]
    radii = np.arange(_RADII[0], _RADII[1], 2, dtype=np.float32)
    cell = 3
    columns, rows = size[0] // cell + 1, size[1] // cell + 1
    votes = np.zeros(rows * columns, np.float32)
    for sign in (1, -1):
        cx = ((xs[:, None] + sign * nx[:, None] * radii) / cell).astype(np.int32)
        cy = ((ys[:, None] + sign * ny[:, None] * radii) / cell).astype(np.int32)
        inside = (cx >= 0) & (cx < columns) & (cy >= 0) & (cy < rows)
        votes += np.bincount((cy * columns + cx)[inside], minlength=rows * columns).astype(np.float32)
    grid = cv2.GaussianBlur(votes.reshape(rows, columns), (3, 3), 0)
    out = []
    for _ in range(most):
        _, best, _, (px, py) = cv2.minMaxLoc(grid)
        if best < 60:
            break
        x, y = (px + 0.5) * cell, (py + 0.5) * cell
        distance = np.hypot(xs - x, ys - y)
        facing = np.abs((xs - x) * nx + (ys - y) * ny) > 0.93 * distance
        histogram = np.bincount((distance[facing & (distance < _RADII[1])] / 2).astype(int), minlength=_RADII[1] // 2 + 1).astype(np.float32)
        share = np.convolve(histogram, np.ones(3), "same") / (2 * np.pi * 2 * np.maximum(1, np.arange(len(histogram))))
        share[: _RADII[0] // 2] = 0
        # The outermost good ring counts: letters and star within lie on circles too.
        good = np.flatnonzero(share > 0.72 * share.max())
        radius = float(2 * good[-1] + 1)
        out.append((x * wide, y * tall, radius))
        cv2.circle(grid, (px, py), 5, 0, -1)
    return out


def _outline(spot: SealSpot, steps: int, factor: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
    """x and y of points on ellipses `factor` times as large, (factors, steps)."""
    t = np.linspace(0, 2 * np.pi, steps, endpoint=False, dtype=np.float32)
    c, s = math.cos(math.radians(spot.angle)), math.sin(math.radians(spot.angle))
    u, v = factor[:, None] * spot.along * np.cos(t), factor[:, None] * spot.across * np.sin(t)
    return (spot.x + u * c - v * s).astype(np.float32), (spot.y + u * s + v * c).astype(np.float32)


def _coverage(ink: Mask, spot: SealSpot) -> tuple[float, float]:
    """Share of the outline that has ink on it, and of a band just outside that has."""
    steps = 180
    around = 2.5 / max(1.0, spot.across)
    xs, ys = _outline(spot, steps, np.array([1 - around, 1 - around / 2, 1, 1 + around / 2, 1 + around, 1.07, 1.1, 1.13], np.float32))
    inside = (xs[2] >= 1) & (xs[2] < ink.shape[1] - 1) & (ys[2] >= 1) & (ys[2] < ink.shape[0] - 1)
    if inside.mean() < 0.45:
        return 0.0, 1.0
    hits = cv2.remap(ink, xs, ys, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0) > 0
    return float(hits[:5].any(0)[inside].mean()), float(hits[5:].mean(0)[inside].mean())


def _fitted(ink: Mask, x: float, y: float, rx: float, ry: float, red: bool) -> SealSpot | None:
    """The ellipse near (x, y) that the ink follows best, if it does."""
    ys, xs = np.nonzero(ink[max(0, int(y - 1.3 * ry)) : int(y + 1.3 * ry) + 1, max(0, int(x - 1.3 * rx)) : int(x + 1.3 * rx) + 1])
    if len(xs) < 40:
        return None
    points = np.stack([xs + max(0, int(x - 1.3 * rx)), ys + max(0, int(y - 1.3 * ry))], 1).astype(np.float32)
    spot = SealSpot(x, y, max(rx, ry), min(rx, ry), 0.0 if rx >= ry else 90.0, red, 0.0)
    best: SealSpot | None = None
    for tolerance in (0.09, 0.06, 0.04, 0.03):
        near = _near_outline(points, spot, tolerance)
        if near is None or len(near) < 30:
            break
        (cx, cy), (w, h), angle = cv2.fitEllipseDirect(near)
        if not (w > 0 and h > 0) or not np.isfinite([cx, cy, w, h]).all():
            break
        if h > w:
            w, h, angle = h, w, angle + 90
        spot = SealSpot(cx, cy, w / 2, h / 2, angle % 180, red, 0.0)
        if not (_RADII[0] * 0.8 <= spot.across and spot.along <= _RADII[1] * 1.1 and spot.across > 0.5 * spot.along):
            return best
        covered, outside = _coverage(ink, spot)
        if covered > (best.covered if best else 0.0) and outside < 0.5:
            best = replace(spot, covered=covered)
    return best if best is not None and best.covered >= _COVERED else None


def _near_outline(points: Floats, spot: SealSpot, tolerance: float) -> Floats | None:
    """The points within `tolerance` (share of the radius) of the outline; of each direction only the outermost, which is the ring."""
    c, s = math.cos(math.radians(spot.angle)), math.sin(math.radians(spot.angle))
    dx, dy = points[:, 0] - spot.x, points[:, 1] - spot.y
    u, v = (dx * c + dy * s) / spot.along, (-dx * s + dy * c) / spot.across
    radius = np.hypot(u, v)
    keep = np.abs(radius - 1) < tolerance
    if not keep.any():
        return None
    u, v, radius, chosen = u[keep], v[keep], radius[keep], points[keep]
    sector = ((np.arctan2(v, u) + np.pi) / (2 * np.pi) * 240).astype(int).clip(0, 239)
    outermost = np.full(240, -1.0)
    np.maximum.at(outermost, sector, radius)
    return chosen[radius > outermost[sector] - 0.035]


def _same(a: SealSpot, b: SealSpot) -> bool:
    """Whether two rings are one seal: one's centre lies well within the other."""
    return math.hypot(a.x - b.x, a.y - b.y) < 0.5 * max(a.across, b.across)
