"""The arc on which a seal's name stands: how it leans, where its letters begin and end, and the strip to which it is unrolled.

In:    a seal's ink alone (ink.py), its ellipse. Out: angles in degrees, depths in shares of the shorter half axis, level strips.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extractors.seals.letters import Letters
from extractors.seals.spot import Mask, SealSpot

_FAINT = 0.22  # share of the full ink that a letter still has where a stamp was pressed lightly


def lean_of(ink: Mask, spot: SealSpot, tilt: float) -> float:
    """How far a seal leans: the wide stretch of the arc without letters is its foot. An oval lies as its long axis does."""
    if not spot.round:
        return min((spot.angle, spot.angle - 180, spot.angle + 180), key=lambda a: abs((a - tilt + 180) % 360 - 180))
    # Deep enough to miss the number at the foot, not so deep as to meet the line below the star.
    strip = 1 - unrolled(ink, spot, 0.0, 360.0, 0.15, 0.26, 20).astype(np.float32) / 255
    columns = (strip > 0.35).mean(0)
    profile = np.interp(np.linspace(0, len(columns), 360, endpoint=False), np.arange(len(columns)), columns).astype(np.float32)
    # Where letters stand, gaps between them closed; a name stands evenly on both sides of its seal's axis.
    there = np.concatenate((profile, profile, profile))
    there = cv2.blur(cv2.dilate((there > 0.1).astype(np.float32)[None], np.ones((1, 9), np.uint8)), (7, 1))[0][360:720]
    degrees, around = np.arange(360), np.arange(181)
    foot = degrees[:, None] + 90
    right, left = there[(foot + around) % 360], there[(foot - around) % 360]
    away = np.abs((degrees - tilt + 180) % 360 - 180)
    score = (right * left).sum(1) - 2.0 * (right[:, :28].sum(1) + left[:, :28].sum(1)) - 0.6 * np.maximum(0.0, away - 12)
    return (float(score.argmax()) + 180) % 360 - 180


def without_middle(ink: Mask, spot: SealSpot, lean: float) -> Mask:
    """The seal without star, middle lines and the line at its foot, which stand straight and would be read with the arc."""
    height, width = ink.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    c, s = math.cos(math.radians(lean)), math.sin(math.radians(lean))
    dx, dy = xs - spot.x, ys - spot.y
    across, down = (dx * c + dy * s) / spot.along, (-dx * s + dy * c) / (spot.along if spot.round else spot.across)
    out = ink.copy()
    radius = np.hypot(across, down)
    # A long name's ends come down to 30° from the foot of a round seal; an oval's stop higher.
    wide = 0.28 if spot.round else 0.44
    out[(np.abs(across) < wide) & (down > 0.22) & (down < 0.88)] = 255
    out[(radius < 0.60) & (down > 0.22) & (np.abs(across) < 0.56)] = 255
    out[radius < (0.50 if spot.round else 0.42)] = 255
    return out


def span_of(ink: Mask, spot: SealSpot, top: float, bottom: float, lean: float) -> tuple[float, float]:
    """Where the arc's letters begin and how far they go, in degrees: from the top outwards on both sides as far as letters follow."""
    strip = 1 - unrolled(ink, spot, lean + 90, 360.0, max(top + 0.03, 0.12), bottom, 40).astype(np.float32) / 255
    columns = (strip > _FAINT).mean(0)
    degrees = np.interp(np.linspace(0, len(columns), 360, endpoint=False), np.arange(len(columns)), columns)
    foot = 29 if spot.round else 40  # degrees on either side of the foot into which no name reaches
    inked = np.flatnonzero(degrees > 0.07)
    inked = inked[(inked > foot) & (inked < 360 - foot)]
    if inked.size < 20:
        return lean + 90 + foot, 360.0 - 2 * foot
    middle = int(np.argmin(np.abs(inked - 180)))
    gap = 62.0  # letters of a short name stand far apart, and print across the seal may have blotted out one or two
    first = last = middle
    while first > 0 and inked[first] - inked[first - 1] < gap:
        first -= 1
    while last < inked.size - 1 and inked[last + 1] - inked[last] < gap:
        last += 1
    margin = 8.0
    begin, end = float(inked[first]) - margin, float(inked[last]) + margin
    return lean + 90 + begin, end - begin


def unrolled(ink: Mask, spot: SealSpot, start: float, sweep: float, top: float, bottom: float, height: int, stretch: float = 1.0) -> Mask:
    """The band between `top` and `bottom` (shares of the shorter half axis, inwards from the ring: 0 is the ring) laid out level.

    start: picture angle, degrees clockwise from the right, at which the band begins; it runs clockwise over `sweep` degrees.
    Steps are equal along the outline, or letters on an oval's flat sides would be stretched.
    """
    line = _middle_line(spot, start, sweep, (top + bottom) / 2)
    width = max(64, round(stretch * height * line.length[-1] / max(1.0, (bottom - top) * spot.across)))
    x, y, out, down = line.at(np.linspace(0, line.length[-1], width))
    depth = ((np.arange(height) + 0.5) / height - 0.5)[:, None] * (bottom - top) * spot.across
    return _picked(ink, spot, x[None] - out[None] * depth, y[None] - down[None] * depth)


def set_upright(ink: Mask, spot: SealSpot, start: float, sweep: float, top: float, bottom: float, height: int, letters: Letters, stretch: float) -> Mask:
    """The same band cut into one level piece a letter, side by side: letters are straight, and unrolling spreads their feet and squeezes their heads."""
    line = _middle_line(spot, start, sweep, (top + bottom) / 2)
    wide = letters.pitch * line.length[-1]
    width = max(8, round(stretch * height * wide / max(1.0, (bottom - top) * spot.across)))
    x, y, out, down = line.at(np.array(letters.middles) * line.length[-1])
    aside = ((np.arange(width) + 0.5) / width - 0.5)[None] * wide
    depth = ((np.arange(height) + 0.5) / height - 0.5)[:, None] * (bottom - top) * spot.across
    us = [x[k] - down[k] * aside - out[k] * depth for k in range(len(x))]
    vs = [y[k] + out[k] * aside - down[k] * depth for k in range(len(x))]
    return _picked(ink, spot, np.hstack(us), np.hstack(vs))


class _Line(NamedTuple):
    """The middle of the letters' band, in the ellipse's own axes: points, the direction outwards at each (of length 1), how far along the line each lies."""

    u: npt.NDArray[np.float64]
    v: npt.NDArray[np.float64]
    nu: npt.NDArray[np.float64]
    nv: npt.NDArray[np.float64]
    length: npt.NDArray[np.float64]

    def at(self, along: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
        """Points and directions at these lengths."""
        return tuple(np.interp(along, self.length, values) for values in (self.u, self.v, self.nu, self.nv))


def _middle_line(spot: SealSpot, start: float, sweep: float, depth: float) -> _Line:
    t = np.radians(np.linspace(start, start + sweep, 1441) - spot.angle)
    # Angles of a direction differ from the ellipse's own parameter; the latter is what is wanted evenly.
    parameter = np.unwrap(np.arctan2(np.sin(t) / spot.across, np.cos(t) / spot.along))
    nu, nv = np.cos(parameter) / spot.along, np.sin(parameter) / spot.across
    norm = np.hypot(nu, nv)
    nu, nv = nu / norm, nv / norm
    u, v = spot.along * np.cos(parameter) - nu * depth * spot.across, spot.across * np.sin(parameter) - nv * depth * spot.across
    return _Line(u, v, nu, nv, np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(u), np.diff(v))))))


def _picked(ink: Mask, spot: SealSpot, u: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> Mask:
    """The ink at points given in the ellipse's own axes."""
    c, s = math.cos(math.radians(spot.angle)), math.sin(math.radians(spot.angle))
    xs, ys = (spot.x + u * c - v * s).astype(np.float32), (spot.y + u * s + v * c).astype(np.float32)
    out: Mask = cv2.remap(ink, xs, ys, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255).astype(np.uint8)
    return out


def text_band(ink: Mask, spot: SealSpot) -> tuple[float, float]:
    """Where the arc's letters stand: depth of their top and bottom below the ring, in shares of the shorter half axis."""
    rows = 120
    depth = 0.72
    strip = 1 - unrolled(ink, spot, 0.0, 360.0, -0.06, depth - 0.06, rows).astype(np.float32) / 255
    inked = (strip > 0.4).mean(1)

    def at(row: int) -> float:
        return -0.06 + row / rows * depth

    row = int(np.argmax(inked[: rows // 4]))  # the ring itself
    ring = inked[row]
    while row < rows // 3 and inked[row] > 0.45 * ring:
        row += 1
    # A second, thinner ring within the first.
    inner = [r for r in range(row + 1, min(rows // 3, row + 16)) if inked[r] > 0.8]
    if inner:
        row = inner[-1] + 1
        while row < rows // 3 and inked[row] > 0.5:
            row += 1
    top = max(0.03, at(row) - 0.01)
    body = inked[row:]
    if body.size < 8 or body.max() < 0.05:
        return top, min(0.42, top + 0.34)
    peak = float(np.percentile(body[: max(8, int(0.4 / depth * rows))], 75))
    # Letters end where there is hardly any ink for a while: between them and star or middle line.
    quiet = body < 0.28 * peak
    end = next((r for r in range(int(0.16 / depth * rows), len(body) - 2) if quiet[r : r + 3].all()), None)
    bottom = at(row + end) + 0.015 if end is not None else top + 0.34
    return top, float(np.clip(bottom, top + 0.2, top + 0.46))
