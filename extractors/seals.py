"""Stamps: where they are, the page without them, and what they say.

In:    RGB picture of a page, any way up. Out: SealSpots (ellipses in its pixels), the picture with their ink taken off, and Seals once read.
Elsewhere: whose seal it is (matchers), which paper needs one (pipeline/rules).

A seal is found by its ring: thin, closed, round or oval. Red ink is looked at by itself first, since print is hardly ever red; then all dark
ink, because a grey or bilevel scan has lost the colour. What stands on the arc decides: a ring on which nothing can be read is no seal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.ocr.recognition import Place, Reading
from extractors.pictures import Grey, Picture, grey_of, percentiles
from extractors.seal_words import read_by_words
from models.geometry import Box
from models.page import Chances, Seal

Mask = npt.NDArray[np.uint8]  # 0 or 255
Floats = npt.NDArray[np.float32]

_SIDE = 1000  # pixels: long side of the picture in which rings are looked for
_RADII = (26, 190)  # pixels of that picture
_OVALS = (1.0, 1.36)  # how much longer than high: round, oval (40 × 30 mm, 45 × 30 mm)
_VOTES = 60.0  # that a centre must get, if all points of outlines voted
_OUTLINED = 0.75  # points of outlines that face a centre, for each pixel of the ring's length; a whole ring has two and more
_VOTERS = 4000  # points of outlines that vote for centres
_STEP = 4  # pixels between radii voted for, and between centres
_COVERED = 0.66  # share of a ring that must be there
_COVERED_FAX = 0.45  # the same on a page of black and white alone, which drops what is pale
_CLOSED = 0.9  # share from which a ring needs no second guess
_HOPELESS = 0.45  # share of a ring below which fitting it more closely won't help
_RED = 0.08  # how much brighter in red than in green and blue, paper being 1
_DARK = 0.11  # how much darker than paper
_BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue, as the eye and a JPEG weigh them


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
        cv2.ellipse(out, ((self.x, self.y), (2 * grow * self.along, 2 * grow * self.across), self.angle), 255, -1)
        return out


# ---------------------------------------------------------------- finding


def paper(picture: Picture) -> Floats:
    """The bare paper's brightness at each pixel, each channel by itself: what the page would be without ink."""
    return _paper(picture).astype(np.float32)


def _paper(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(8, width // 16), max(8, height // 16)), interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(cv2.medianBlur(small, 3), np.ones((5, 5), np.uint8)), (9, 9))
    out: Picture = cv2.resize(cv2.max(bright, np.full_like(bright, 60)), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    return out


def _darkest(light: Floats) -> Floats:
    """The darkest of three channels at each pixel; numpy's own min along so short an axis is slow."""
    out: Floats = np.minimum(np.minimum(light[:, :, 0], light[:, :, 1]), light[:, :, 2])
    return out


def _grey(light: Floats) -> Floats:
    return (light[:, :, 0] + light[:, :, 1] + light[:, :, 2]) / np.float32(3)


def find_seals(picture: Picture) -> list[SealSpot]:
    """Rings that may be seals, whatever way up the page lies; reading decides (`read_seal`)."""
    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    # Averaged in one step: halving first is faster, but softens rings enough that one beneath dense print was found in the wrong place.
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8) if scale < 1 else picture
    # Bytes, 255 being paper: floats would take several times as long, and a ring needs no more than 256 shades.
    light = cv2.divide(small, _paper(small), scale=255)
    red, green, blue = cv2.split(light)
    spots = _rings(_red_ink(red, green, blue), red=True, least=_COVERED)
    dark = cv2.threshold(cv2.min(cv2.min(red, green), blue), 255 * (1 - _DARK), 255, cv2.THRESH_BINARY_INV)[1].astype(np.uint8)
    for spot in spots:
        dark[spot.mask(dark.shape, 1.15) > 0] = 0
    least = _COVERED_FAX if two_toned(picture) else _COVERED
    spots += [s for s in _rings(_without_print(dark), red=False, least=least) if not any(_same(s, other) for other in spots)]
    return [spot.scaled(1 / scale) for spot in spots]


def two_toned(picture: Picture) -> bool:
    """Whether a page is black and white alone, as a fax gives it."""
    grey = grey_of(np.ascontiguousarray(picture[::4, ::4]))
    counts = np.bincount(grey.ravel(), minlength=256)
    dark, light = int(counts[:128].sum()), int(counts[128:].sum())
    return dark > 0 and int(counts[:32].sum()) > 0.9 * dark and int(counts[224:].sum()) > 0.9 * light


def _red_ink(red: Mask, green: Mask, blue: Mask) -> Mask:
    other = cv2.addWeighted(green, 0.5, blue, 0.5, 0)
    redness = cv2.subtract(red, other)
    # Gold and orange frames have far more green than blue; a seal's ink has little of either.
    orange = cv2.compare(cv2.subtract(green, blue), cv2.multiply(redness, 0.45), cv2.CMP_GT)
    out: Mask = cv2.threshold(redness, 255 * _RED, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
    out[orange > 0] = 0
    return out


def _without_print(dark: Mask) -> Mask:
    """Dark ink without letters (small) and without rules (straight and long): what may be a ring."""
    span = 41
    rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, span), np.uint8)) | cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((span, 1), np.uint8))
    rest = dark & ~rules
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    large = np.where(np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= 18, 255, 0).astype(np.uint8)
    large[0] = 0  # the paper
    kept: Mask = large[labels]
    return kept


def _rings(ink: Mask, red: bool, least: float) -> list[SealSpot]:
    """Ellipses whose outline the ink follows. least: share of a ring that must be there."""
    if cv2.countNonZero(ink) < 120:
        return []
    edges = _edges(ink)
    fitted: list[SealSpot] = []
    for wide, tall in ((1.0, 1.0), (_OVALS[1], 1.0), (1.0, _OVALS[1])):
        for x, y, r in _centres(edges, ink.shape, wide, tall):
            if not any(_whole(other) and math.hypot(x - other.x, y - other.y) < 0.3 * other.across for other in fitted):
                spot = _fitted(ink, x, y, r * wide, r * tall, red, least)
                fitted += [spot] if spot else []
    found: list[SealSpot] = []
    # An oval's ends, its inner ring and its star make rings too: the one that explains most ink comes first.
    for spot in sorted(fitted, key=lambda s: (s.covered - 0.45) * (s.along + s.across), reverse=True):
        if not any(_same(spot, other) for other in found):
            found.append(spot)
    return found


def _whole(spot: SealSpot) -> bool:
    """A ring so complete and large that nothing with its centre can be a better one."""
    return spot.covered > 0.97 and spot.across > 1.5 * _RADII[0]


def _edges(ink: Mask) -> tuple[Floats, Floats, Floats, Floats, float]:
    """Points on the ink's outlines, x and y, with the direction across the outline there, of any length; no more than can vote, and their share of all."""
    soft = cv2.GaussianBlur(ink, (5, 5), 0)
    gx, gy = cv2.Sobel(soft, cv2.CV_16S, 1, 0), cv2.Sobel(soft, cv2.CV_16S, 0, 1)
    strength = cv2.add(cv2.convertScaleAbs(gx), cv2.convertScaleAbs(gy))
    ys, xs = np.nonzero(strength > 165)
    share = min(1.0, _VOTERS / max(1, len(xs)))
    if share < 1:
        keep = np.random.default_rng(0).permutation(len(xs))[:_VOTERS]
        ys, xs = ys[keep], xs[keep]
    return xs.astype(np.float32), ys.astype(np.float32), gx[ys, xs].astype(np.float32), gy[ys, xs].astype(np.float32), share


def _centres(
    edges: tuple[Floats, Floats, Floats, Floats, float], shape: tuple[int, ...], wide: float, tall: float, most: int = 6
) -> list[tuple[float, float, float]]:
    """Likely centres (x, y) and radii of rings that are `wide` by `tall` times round: votes along the normals of the ink's outlines."""
    # Squeezed until such a ring is round; a direction across an outline changes the other way.
    xs, ys, nx, ny, share_voting = edges[0] / wide, edges[1] / tall, edges[2] * wide, edges[3] * tall, edges[4]
    if len(xs) < 60:
        return []
    length = np.hypot(nx, ny)
    nx, ny = nx / length, ny / length
    radii = np.arange(_RADII[0], _RADII[1], _STEP, dtype=np.float32)
    columns, rows = int(shape[1] / wide / _STEP) + 1, int(shape[0] / tall / _STEP) + 1
    margin = int(_RADII[1] / _STEP) + 1  # centres off the page needn't be told from those on it until all votes are cast
    across, down = columns + 2 * margin, rows + 2 * margin
    reach = np.concatenate((radii, -radii)) / _STEP
    cx = (xs[:, None] / _STEP + margin + nx[:, None] * reach).astype(np.int32)
    cy = (ys[:, None] / _STEP + margin + ny[:, None] * reach).astype(np.int32)
    votes = np.bincount((cy * across + cx).ravel(), minlength=across * down)[: across * down].astype(np.float32).reshape(down, across)
    grid = cv2.GaussianBlur(votes, (3, 3), 0)[margin:-margin, margin:-margin].copy()
    out = []
    for _ in range(most):
        _, best, _, (px, py) = cv2.minMaxLoc(grid)
        if best < max(8.0, _VOTES * share_voting):
            break
        x, y = (px + 0.5) * _STEP, (py + 0.5) * _STEP
        distance = np.hypot(xs - x, ys - y)
        facing = np.abs((xs - x) * nx + (ys - y) * ny) > 0.93 * distance
        histogram = np.bincount((distance[facing & (distance < _RADII[1])] / 2).astype(int), minlength=_RADII[1] // 2 + 1).astype(np.float32)
        share = np.convolve(histogram, np.ones(3), "same") / (2 * np.pi * 2 * np.maximum(1, np.arange(len(histogram))))
        share[: _RADII[0] // 2] = 0
        # The outermost good ring counts: letters and star within lie on circles too.
        good = np.flatnonzero(share > 0.72 * share.max())
        radius = float(2 * good[-1] + 1)
        cv2.circle(grid, (px, py), 5, 0, -1)
        if share.max() > _OUTLINED * share_voting:
            out.append((x * wide, y * tall, radius))
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


def _fitted(ink: Mask, x: float, y: float, rx: float, ry: float, red: bool, least: float) -> SealSpot | None:
    """The ellipse near (x, y) that the ink follows best, if it does."""
    left, top = max(0, int(x - 1.3 * rx)), max(0, int(y - 1.3 * ry))
    inked = cv2.findNonZero(ink[top : int(y + 1.3 * ry) + 1, left : int(x + 1.3 * rx) + 1])
    if inked is None or len(inked) < 40:
        return None
    points = (inked[:, 0] + (left, top)).astype(np.float32)
    best = _closest(ink, points, SealSpot(x, y, max(rx, ry), min(rx, ry), 0.0 if rx >= ry else 90.0, red, 0.0))
    if red and best is not None and best.covered < _CLOSED:
        # An oval that leans: hardly anything but the seal is red, so its own hull is as good a guess as any.
        hull = cv2.convexHull(points)
        if len(hull) >= 5:
            again = _closest(ink, points, _spot(cv2.fitEllipse(hull), red))
            best = again if again is not None and again.covered > best.covered else best
    return best if best is not None and best.covered >= least else None


def _spot(ellipse: tuple[Sequence[float], Sequence[float], float], red: bool) -> SealSpot:
    """An ellipse as OpenCV tells it: centre, whole axes, angle of the first."""
    (x, y), (w, h), angle = ellipse
    return SealSpot(x, y, w / 2, h / 2, angle % 180, red, 0.0) if w >= h else SealSpot(x, y, h / 2, w / 2, (angle + 90) % 180, red, 0.0)


def _closest(ink: Mask, points: Floats, spot: SealSpot) -> SealSpot | None:
    """The ellipse that the ink follows best, from a first guess, by fitting ever closer."""
    best: SealSpot | None = None
    for tolerance in (0.09, 0.06, 0.04, 0.03):
        near = _near_outline(points, spot, tolerance)
        if near is None or len(near) < 30:
            break
        ellipse = cv2.fitEllipseDirect(near)
        if not (min(ellipse[1]) > 0 and np.isfinite([*ellipse[0], *ellipse[1]]).all()):
            break
        spot = _spot(ellipse, spot.red)
        if not (_RADII[0] * 0.8 <= spot.across and spot.along <= _RADII[1] * 1.1 and spot.across > 0.58 * spot.along):
            break
        covered, outside = _coverage(ink, spot)
        if covered > (best.covered if best else 0.0) and outside < 0.5:
            best = replace(spot, covered=covered)
        if covered < _HOPELESS:
            break
    return best


def _near_outline(points: Floats, spot: SealSpot, tolerance: float) -> Floats | None:
    """The points within `tolerance` (share of the radius) of the outline; of each direction only the outermost, which is the ring."""
    c, s = math.cos(math.radians(spot.angle)), math.sin(math.radians(spot.angle))
    dx, dy = points[:, 0] - spot.x, points[:, 1] - spot.y
    u, v = (dx * c + dy * s) / spot.along, (-dx * s + dy * c) / spot.across
    rough = u * u + v * v  # a little more than what counts, told fast
    chosen = np.flatnonzero((rough > (1 - tolerance) ** 2 - 1e-4) & (rough < (1 + tolerance) ** 2 + 1e-4))
    u, v = u[chosen], v[chosen]
    radius = np.hypot(u, v)
    keep = np.abs(radius - 1) < tolerance
    if not keep.any():
        return None
    u, v, radius, chosen = u[keep], v[keep], radius[keep], chosen[keep]
    sector = ((np.arctan2(v, u) + np.pi) / (2 * np.pi) * 240).astype(int).clip(0, 239)
    outermost = np.full(240, -1.0)
    np.maximum.at(outermost, sector, radius)
    out: Floats = points[chosen[radius > outermost[sector] - 0.035]]
    return out


def _same(a: SealSpot, b: SealSpot) -> bool:
    """Whether two rings are of one seal: the smaller one's centre lies within the other, or most of it does. Two seals may overlap a little."""
    small, large = sorted((a, b), key=lambda s: s.along)
    if math.hypot(a.x - b.x, a.y - b.y) < 0.75 * large.across:
        return True
    return small.along < 0.8 * large.along and math.hypot(a.x - b.x, a.y - b.y) < large.along


# ---------------------------------------------------------------- lifting off


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
        inked = (redness > 2 * _RED) & inside
        if int(inked.sum()) < 50:
            continue
        # What ink takes of the light, for each bit of colour that it gives: colour is coarse, so it is spread a little and held to what thick ink has.
        darkening = float(np.percentile((1 - brightness[inked]) / redness[inked], 55))
        ink = (1 - darkening * np.minimum(cv2.GaussianBlur(redness, (0, 0), 1.0), float(np.percentile(redness[inked], 85)))).clip(0.3, 1)
        paled = ((brightness - black) / (0.92 * ink - black).clip(0.1, None)).clip(0, 1) * (1 - black) + black
        near = inside & (cv2.dilate(inked.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        out[y0:y1, x0:x1][near] = (paled * (bright @ _BRIGHTNESS)).clip(0, 255).astype(np.uint8)[near]
    return out


def print_black(picture: Picture) -> float:
    """How bright the page's print is, paper being 1: its letters' cores, without a scanner's black border."""
    height, width = picture.shape[:2]
    grey = grey_of(np.ascontiguousarray(picture[height // 12 : -height // 12 or None : 2, width // 12 : -width // 12 or None : 2]))
    (light,) = percentiles(grey, 80)
    inked = grey[grey < 0.7 * light]
    return percentiles(inked, 10)[0] / max(60.0, light) if inked.size > 200 else 0.2


def _bounds(spot: SealSpot, shape: tuple[int, ...], grow: float) -> tuple[int, int, int, int]:
    reach = spot.along * grow
    return max(0, int(spot.x - reach)), max(0, int(spot.y - reach)), min(shape[1], int(spot.x + reach) + 2), min(shape[0], int(spot.y + reach) + 2)


def _without_red(light: Floats, inside: npt.NDArray[np.bool_]) -> Floats | None:
    """Brightness, 0 to 1, with the red ink bleached."""
    red = light[:, :, 0]
    redness = red - (light[:, :, 1] + light[:, :, 2]) / 2
    inked = (redness > 0.6 * _RED) & inside
    if int(inked.sum()) < 50:
        return None
    # How much red light the bare ink lets through where it lies thickest: the lower edge of the bulk, since print beneath is rarer than ink.
    through = float(np.percentile(red[inked & (red > 0.35)], 18)) if (inked & (red > 0.35)).sum() > 50 else 0.6
    bleached = ((red / max(0.3, through) - 0.12) / 0.82).clip(0, 1)
    near = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(near, bleached, _grey(light)).astype(np.float32)


def _without_grey(patch: Picture, bright: Floats, spot: SealSpot, inside: npt.NDArray[np.bool_], black: float) -> Floats | None:
    """Brightness with a grey seal bleached; None where the seal is as dark as print. black: brightness of the page's print."""
    light = _grey((patch / bright).astype(np.float32)).clip(0, 1)
    ink = _ring_ink(light, spot)
    if float(np.median(ink[inside])) - black < 0.12:
        return None
    # Letters are found by their dark cores and kept with their paler edges.
    core = (light < ink - 0.25 * (ink - black)).astype(np.uint8)
    letters = cv2.dilate(core, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))) > 0
    return np.where(letters, light, np.float32(1.0)).astype(np.float32)


def _ring_ink(light: Floats, spot: SealSpot) -> Floats:
    """How bright a grey seal's ink is at each pixel: measured on its ring, as a slope, since stamps fade towards one side."""
    xs, ys = _outline(spot, 240, np.linspace(0.97, 1.02, 6, dtype=np.float32))
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


# ---------------------------------------------------------------- reading

_ARC_HEIGHT = 48  # pixels of an unrolled strip
_ARC_PAD = 20  # pixels of white at its ends: a letter at the very edge is read badly
_PURPOSE = re.compile(r"[\u4e00-\u9fff]*章")
_GLEAM = 0.1  # of the paper's light: less than this of a colour is a scanner's noise
_FAINT = 0.22  # share of the full ink that a letter still has where a stamp was pressed lightly
_LEGIBLE = 0.5  # mean confidence below which a ring's letters are no letters
_FULL_WIDTH = str.maketrans("()", "（）")
_NOISE = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9（）()·&]")
# The tax bureau's own oval at the head of every paper invoice: printed, nobody's stamp.
_TAX_MARK = frozenset("全国统一发票监制章")
_PRINTED = re.compile(r"发票监制|票监制|监制章|统一发票")


def read_seal(engine: Engine, picture: Picture, spot: SealSpot, turned: npt.NDArray[np.float64], size: tuple[int, int]) -> Seal | None:
    """What a seal says; None when it says nothing (no seal) or is the tax bureau's printed one.

    picture: the page as it was found, any way up. turned: the 2 × 3 matrix to the upright page. size: width, height of the upright page.
    """
    ink, rough = seal_ink(picture, spot)
    tilt = -math.degrees(math.atan2(turned[1, 0], turned[0, 0]))  # where the page's own "up" lies in the picture
    here = replace(spot, x=ink.shape[1] / 2, y=ink.shape[0] / 2)
    lean = _lean(ink, here, tilt)
    reading = read_by_words(_read_arc(engine, ink, rough, here, lean))
    text = _cleaned(reading)
    if sum("\u4e00" <= c <= "\u9fff" and s > 0.4 for c, s in zip(reading.text, reading.sure, strict=True)) < 4 or reading.confidence < _LEGIBLE:
        return None
    purpose, number = _read_middle(engine, ink, here, lean)
    if _PRINTED.search(text) or _PRINTED.search(purpose) or sum(c in _TAX_MARK for c in text) >= max(3, len(text) // 2):
        return None
    return Seal(text=text, box=spot.moved(turned).box(*size), confidence=round(reading.confidence, 4), purpose=purpose, number=number, places=_told(reading))


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
    sharp = _full(((1 - light[:, :, 1]) * ((tint - 0.35 * _RED) / _RED).clip(0, 1)).astype(np.float32), usable)
    # Print takes the same share of every colour: the ratio of two is the ink's alone, as long as there is light enough to tell.
    ratio = _full(np.log((red + _GLEAM) / (other + _GLEAM)).clip(0, None).astype(np.float32), usable)
    bare = inside & (tint > 2 * _RED)
    through = float(np.percentile(red[bare], 30)) if bare.any() else 0.8
    covered = cv2.GaussianBlur(cv2.dilate(((through - 0.08 - red) / (0.6 * through)).clip(0, 1), np.ones((3, 3), np.uint8)), (3, 3), 0)
    ink = (1 - covered) * sharp + covered * ratio

    def rough() -> Mask:
        out: Mask = cv2.addWeighted(_drawn_over(_mask(sharp), printed, size), 0.5, _mask(_full(redness, usable)), 0.5, 0).astype(np.uint8)
        return out

    return _mask(ink.astype(np.float32)), rough


def _colourless(light: Floats, spot: SealSpot, inside: npt.NDArray[np.bool_], page_black: Callable[[], float]) -> tuple[Mask, Callable[[], Mask]]:
    """A grey seal's ink, 0 full to 255 none."""
    grey = _grey(light)
    black = min(page_black(), float(np.percentile(grey[inside], 1)))
    ring = _ring_ink(grey, spot)
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


class Look(NamedTuple):
    """One way to look at an arc: how much deeper than its letters seem to stand, its width, how much paler."""

    deeper: float
    width: float
    paler: float = 1.0


_FIRST = Look(deeper=0.0, width=1.0, paler=1.6)
_AGAIN = Look(deeper=0.04, width=0.85, paler=1.6)
_UPRIGHT = Look(deeper=0.0, width=0.85, paler=1.6)
_UPRIGHT_MORE = (0.02, 0.03)  # a letter set upright needs a little more height, above and below, than one that is bent along
_BORNE_OUT = 0.8  # sureness of the weakest letter from which two looks are enough
_LEAST_TOP = 0.03


def _read_arc(engine: Engine, ink: Mask, other: Callable[[], Mask], spot: SealSpot, lean: float) -> Reading:
    """The text along the ring. Where one look leaves doubts another is taken, then two with each letter set upright; what they see at each place counts together."""
    clean = _without_middle(_without_rules(ink, spot), spot, lean)
    top, bottom = _text_band(clean, spot)
    start, sweep = _span(clean, spot, top, bottom, lean)

    def strip(look: Look, source: Mask) -> Picture:
        return _framed(_unrolled(source, spot, start, sweep, top, bottom + look.deeper, _ARC_HEIGHT, look.width), look)

    seen = strip(_FIRST, clean)
    best = _unpadded(engine.recognise([seen], careful=True)[0], seen.shape[1])
    if best.confidence > 0.95 and best.weakest > 0.7 and _evenly(best):
        return best
    rough = _without_middle(_without_rules(other(), spot), spot, lean)
    seen = strip(_AGAIN, rough)
    looks = [r for r in (best, _unpadded(engine.recognise([seen], careful=True)[0], seen.shape[1])) if r.text]
    agreed = _agreed(looks)
    letters = _letters(agreed)
    if letters is None or (agreed.weakest > _BORNE_OUT and _evenly(agreed)):
        return agreed
    high, low = max(_LEAST_TOP, top - _UPRIGHT_MORE[0]), bottom + _UPRIGHT_MORE[1]
    strips = [_framed(_set_upright(source, spot, start, sweep, high, low, _ARC_HEIGHT, letters, _UPRIGHT.width), _UPRIGHT) for source in (clean, rough)]
    looks += [_unpadded(r, one.shape[1], *letters.ends) for r, one in zip(engine.recognise(strips, careful=True), strips, strict=True) if r.text]
    return _agreed(looks)


def _framed(strip: Mask, look: Look) -> Picture:
    """A strip as the engine wants it: paled, white at its ends."""
    if look.paler != 1:
        strip = cv2.LUT(strip, (255 * (np.arange(256) / 255) ** look.paler).astype(np.uint8)).astype(np.uint8)
    padded = cv2.copyMakeBorder(strip, 0, 0, _ARC_PAD, _ARC_PAD, cv2.BORDER_CONSTANT, value=(255.0,))
    out: Picture = cv2.cvtColor(padded, cv2.COLOR_GRAY2RGB).astype(np.uint8)
    return out


class Letters(NamedTuple):
    """Where an arc's letters stand: their middles and how far apart they are, in shares of the strip."""

    middles: tuple[float, ...]
    pitch: float

    @property
    def ends(self) -> tuple[float, float]:
        return self.middles[0] - self.pitch / 2, self.middles[-1] + self.pitch / 2


def _letters(reading: Reading) -> Letters | None:
    """The even row that a reading's letters stand in, with one more place at either end where there is room; None where too few were read to tell."""
    if len(reading.at) < 4:
        return None
    usual = max(_pitch(reading), 1e-3)
    row = [(reading.at[0], 0)]
    for at in reading.at[1:]:
        steps = (at - row[-1][0]) / usual
        if steps > 0.7:  # nearer than that stands a mark, or part of a letter
            row.append((at, row[-1][1] + max(1, round(steps))))
    places, number = np.array([at for at, _ in row]), np.array([n for _, n in row])
    if len(row) < 4:
        return None
    pitch, first = np.polyfit(number, places, 1)
    near = np.abs(first + pitch * number - places) < 0.3 * usual  # what was overlooked or made up moves what follows
    if near.sum() >= 4:
        pitch, first = np.polyfit(number[near], places[near], 1)
    if not 0.02 < pitch < 0.5:
        return None
    middles = tuple(m for k in range(-1, int(number[-1]) + 2) if 0.2 * pitch < (m := float(first + pitch * k)) < 1 - 0.2 * pitch)
    return Letters(middles, float(pitch)) if len(middles) >= 4 else None


def _unpadded(reading: Reading, wide: int, first: float = 0.0, last: float = 1.0) -> Reading:
    """The same reading, places being shares of the strip without the white at its ends. first, last: where this strip begins and ends on that of the whole arc."""

    def moved(at: float) -> float:
        return first + (at * wide - _ARC_PAD) / (wide - 2 * _ARC_PAD) * (last - first)

    return replace(reading, at=tuple(moved(at) for at in reading.at), places=tuple(replace(place, at=moved(place.at)) for place in reading.places))


def _pitch(reading: Reading) -> float:
    """How far apart letters usually stand, as a share of the strip."""
    steps = sorted(b - a for a, b in pairwise(reading.at))
    return steps[len(steps) // 2] if steps else 0.1


def _evenly(reading: Reading) -> bool:
    """Whether letters follow each other without a hole, from one end of the strip to the other: nothing was overlooked."""
    pitch = _pitch(reading)
    return all(b - a < 1.5 * pitch for a, b in pairwise(reading.at)) and reading.at[0] < 1.4 * pitch and 1 - reading.at[-1] < 1.4 * pitch


def _places(reading: Reading) -> tuple[Place, ...]:
    """What a reading sees at each place; an engine that doesn't tell sees just what it read."""
    return reading.places or tuple(Place(at, ((c, sure), ("", 1 - sure))) for at, c, sure in zip(reading.at, reading.text, reading.sure, strict=True))


def _told(reading: Reading) -> tuple[Chances, ...]:
    """What may stand where, with the gaps into which a character would go: letters on an arc stand evenly."""
    pitch = _pitch(reading)
    out: list[Chances] = []
    faint: list[Place] = []  # since the last letter
    last: float | None = None
    for place in _places(reading):
        if place.chances[0][0] == "":
            faint.append(place)
            continue
        room = max(0, round((place.at - last) / pitch - 0.1) - 1) if last is not None else 0
        likeliest = sorted(sorted(faint, key=lambda p: p.chances[0][1])[:room], key=lambda p: p.at)
        out += [_gap(p) for p in likeliest] + [(("", 1.0),)] * (room - len(likeliest)) if room else [_chances(p) for p in faint]
        out.append(_chances(place))
        last, faint = place.at, []
    return (*out, *(_chances(p) for p in faint))


def _chances(place: Place) -> Chances:
    return tuple((c.translate(_FULL_WIDTH), chance) for c, chance in place.chances)


def _gap(place: Place) -> Chances:
    """A place where a letter must be, though hardly any was seen."""
    return (("", 1.0), *((c, chance) for c, chance in _chances(place) if c))


def _likeliest(place: Place) -> str:
    return place.chances[0][0] if place.chances else ""


def _together(readings: Sequence[Reading], pitch: float) -> list[list[tuple[float, int, Place]]]:
    """What several looks see (where, which look, what) by the place on the arc that it belongs to, in their order."""
    seen = sorted(((place.at, look, place) for look, r in enumerate(readings) for place in _places(r)), key=lambda one: one[:2])
    groups: list[list[tuple[float, int, Place]]] = []
    for one in seen:  # letters first, or a faint trace between two of them would stand for either
        if not (c := _likeliest(one[2])):
            continue
        last = groups[-1] if groups else []
        away = one[0] - sum(p[0] for p in last) / len(last) if last else math.inf
        # The same letter a little further on, seen by another look, is that letter.
        near = 0.8 if any(_likeliest(p[2]) == c for p in last) else 0.5
        if away < near * pitch and one[1] not in {p[1] for p in last}:
            last.append(one)
        else:
            groups.append([one])
    for one in seen:
        if not _likeliest(one[2]):
            off, nearest = min(((abs(one[0] - sum(p[0] for p in group) / len(group)), group) for group in groups if one[1] not in {p[1] for p in group}), key=lambda g: g[0], default=(math.inf, []))
            if off < 0.5 * pitch:
                nearest.append(one)
            else:
                groups.append([one])
    return sorted(groups, key=lambda group: sum(p[0] for p in group) / len(group))


def _agreed(readings: list[Reading]) -> Reading:
    """One reading out of several of the same strip: what they see at one place is averaged; what only one of them saw must be sure."""
    if len(readings) < 2:
        return readings[0] if readings else Reading("", (), ())
    pitch = _pitch(max(readings, key=_worth))
    groups = _together(readings, pitch)
    kept: list[tuple[float, str, float]] = []
    doubtful: list[tuple[float, str, float]] = []
    places: list[Place] = []
    for group in groups:
        votes: dict[str, float] = {}
        for _, _, place in group:
            for c, chance in place.chances:
                votes[c] = votes.get(c, 0.0) + chance / len(readings)
        votes[""] = votes.get("", 0.0) + 1 - len(group) / len(readings)
        place = Place(sum(p[0] for p in group) / len(group), tuple(sorted(((c, round(v, 4)) for c, v in votes.items() if v >= 0.01), key=lambda v: -v[1]))[:8])
        places.append(place)
        c, sure = next(((c, v) for c, v in place.chances if c), ("", 0.0))
        if c:
            (kept if sure >= votes[""] else doubtful).append((place.at, c, sure))
    # Letters stand evenly: where one is missing between two others, even a doubtful one is likelier than none.
    for at, c, sure in doubtful:
        before = max((p[0] for p in kept if p[0] < at), default=None)
        after = min((p[0] for p in kept if p[0] > at), default=None)
        inside = before is not None and after is not None and after - before > 1.6 * pitch and min(at - before, after - at) > 0.6 * pitch
        # So too before the first or after the last letter that is certain, one step away, if it is a Chinese character read more than once.
        ends = [p for p in (before, after) if p is not None]
        outside = len(ends) == 1 and 0.7 * pitch < abs(at - ends[0]) < 1.4 * pitch
        if inside or (outside and "\u4e00" <= c <= "\u9fff" and sure > 0.25):
            kept.append((at, c, sure))
            kept.sort()
    return Reading("".join(c for _, c, _ in kept), tuple(at for at, _, _ in kept), tuple(sure for _, _, sure in kept), tuple(places))


def _lean(ink: Mask, spot: SealSpot, tilt: float) -> float:
    """How far a seal leans: the wide stretch of the arc without letters is its foot. An oval lies as its long axis does."""
    if not spot.round:
        return min((spot.angle, spot.angle - 180, spot.angle + 180), key=lambda a: abs((a - tilt + 180) % 360 - 180))
    # Deep enough to miss the number at the foot, not so deep as to meet the line below the star.
    strip = 1 - _unrolled(ink, spot, 0.0, 360.0, 0.15, 0.26, 20).astype(np.float32) / 255
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


def _without_rules(ink: Mask, spot: SealSpot) -> Mask:
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


def _without_middle(ink: Mask, spot: SealSpot, lean: float) -> Mask:
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


def _span(ink: Mask, spot: SealSpot, top: float, bottom: float, lean: float) -> tuple[float, float]:
    """Where the arc's letters begin and how far they go, in degrees: from the top outwards on both sides as far as letters follow."""
    strip = 1 - _unrolled(ink, spot, lean + 90, 360.0, max(top + 0.03, 0.12), bottom, 40).astype(np.float32) / 255
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


def _worth(reading: Reading) -> float:
    """Chinese characters read for sure."""
    return sum(s for c, s in zip(reading.text, reading.sure, strict=True) if "\u4e00" <= c <= "\u9fff" and s > 0.3) * reading.confidence


def _unrolled(ink: Mask, spot: SealSpot, start: float, sweep: float, top: float, bottom: float, height: int, stretch: float = 1.0) -> Mask:
    """The band between `top` and `bottom` (shares of the shorter half axis, inwards from the ring: 0 is the ring) laid out level.

    start: picture angle, degrees clockwise from the right, at which the band begins; it runs clockwise over `sweep` degrees.
    Steps are equal along the outline, or letters on an oval's flat sides would be stretched.
    """
    line = _middle_line(spot, start, sweep, (top + bottom) / 2)
    width = max(64, round(stretch * height * line.length[-1] / max(1.0, (bottom - top) * spot.across)))
    x, y, out, down = line.at(np.linspace(0, line.length[-1], width))
    depth = ((np.arange(height) + 0.5) / height - 0.5)[:, None] * (bottom - top) * spot.across
    return _picked(ink, spot, x[None] - out[None] * depth, y[None] - down[None] * depth)


def _set_upright(ink: Mask, spot: SealSpot, start: float, sweep: float, top: float, bottom: float, height: int, letters: Letters, stretch: float) -> Mask:
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


def _text_band(ink: Mask, spot: SealSpot) -> tuple[float, float]:
    """Where the arc's letters stand: depth of their top and bottom below the ring, in shares of the shorter half axis."""
    rows = 120
    depth = 0.72
    strip = 1 - _unrolled(ink, spot, 0.0, 360.0, -0.06, depth - 0.06, rows).astype(np.float32) / 255
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


def _read_middle(engine: Engine, ink: Mask, spot: SealSpot, lean: float) -> tuple[str, str]:
    """The line below the star (合同专用章, 电子回单专用章) and a number in the middle (taxpayer's, on an oval)."""
    side = 360
    k = side / (2 * 0.78 * spot.along)
    t = math.radians(-lean)
    matrix = np.array([[k * math.cos(t), -k * math.sin(t), 0], [k * math.sin(t), k * math.cos(t), 0]])
    matrix[:, 2] = side / 2 - matrix[:, :2] @ (spot.x, spot.y)
    level = cv2.warpAffine(_without_rules(ink, spot), matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=255).astype(np.uint8)
    half_wide, half_high = spot.along * k, spot.across * k
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    u, v = (xs - side / 2) / half_wide, (ys - side / 2) / half_high
    # What stands straight: within the arc's letters, and wider towards the foot, where there are none.
    inner = (np.hypot(u, v) < 0.60) | ((v > 0.2) & (v < 0.82) & (np.abs(u) < 0.50))
    level[~inner] = 255
    dark = level < 150
    inked = dark.sum(1) > 0.02 * side
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    crops = []
    for y0, y1 in zip(edges[::2], edges[1::2], strict=True):
        columns = np.flatnonzero(dark[y0:y1].any(0))
        high, wide = y1 - y0, columns[-1] - columns[0] + 1
        solid = float(dark[y0:y1, columns[0] : columns[-1] + 1].mean())  # a star is
        if 0.05 * side < high < 0.35 * side and wide > 1.6 * high and solid < 0.5:
            x0, x1, pad = max(0, columns[0] - 6), columns[-1] + 7, max(2, round(0.12 * high))
            crops.append(cv2.cvtColor(level[max(0, y0 - pad) : y1 + pad, x0:x1], cv2.COLOR_GRAY2RGB).astype(np.uint8))
    readings = [r for r in engine.recognise(crops) if r.confidence > 0.6]
    text = "".join(_NOISE.sub("", r.text) for r in readings if sum("\u4e00" <= c <= "\u9fff" for c in r.text) >= 2)
    purpose = _PURPOSE.search(text)
    number = next((m.group() for r in readings if (m := re.search(r"[0-9A-Z]{13,20}", r.text.replace(" ", "")))), "")
    return (purpose.group() if purpose else ""), number


def _cleaned(reading: Reading) -> str:
    """The name on the arc without the marks that a ring leaves at either end."""
    kept = [(c, s) for c, s in zip(reading.text, reading.sure, strict=True) if not _NOISE.match(c)]
    while kept and (not "\u4e00" <= kept[0][0] <= "\u9fff" or kept[0][1] < 0.35):
        kept.pop(0)
    while kept and (not ("\u4e00" <= kept[-1][0] <= "\u9fff" or kept[-1][0] in ")）") or kept[-1][1] < 0.35):
        kept.pop()
    return "".join(c for c, _ in kept).translate(_FULL_WIDTH)


__all__ = ["SealSpot", "dimmed", "find_seals", "lift", "paper", "read_seal", "seal_ink"]
