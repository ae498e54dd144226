"""Where a page has seals.

In:    an RGB picture of a page, any way up.
Out:   rings that may be seals, as ellipses in its pixels.
Elsewhere: whether anything can be read on a ring (reading.py).

A seal is found by its ring: thin, closed, round or oval. Red ink is looked at by itself first, since print is hardly ever red; then all dark
ink, because a grey or bilevel scan has lost the colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from extractors.pictures import Picture, grey_of, pieces
from extractors.seals.shades import RED, paper_in_bytes
from extractors.seals.spot import Floats, Mask, SealSpot, outline

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
_DARK = 0.11  # how much darker than paper


def find_seals(picture: Picture) -> list[SealSpot]:
    """Rings that may be seals, whatever way up the page lies; reading decides (`read_seal`)."""
    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    # Averaged in one step: halving first is faster, but softens rings enough that one beneath dense print was found in the wrong place.
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8) if scale < 1 else picture
    # Bytes, 255 being paper: floats would take several times as long, and a ring needs no more than 256 shades.
    light = cv2.divide(small, paper_in_bytes(small), scale=255)
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
    out: Mask = cv2.threshold(redness, 255 * RED, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
    out[orange > 0] = 0
    return out


def _without_print(dark: Mask) -> Mask:
    """Dark ink without letters (small) and without rules (straight and long): what may be a ring."""
    span = 41
    rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, span), np.uint8)) | cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((span, 1), np.uint8))
    rest = dark & ~rules
    labels, stats = pieces(rest)
    large = np.where(np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= 18, 255, 0).astype(np.uint8)
    large[0] = 0  # the paper
    kept: Mask = np.take(large, labels)
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


class _Edges(NamedTuple):
    """Points on the ink's outlines, x and y, with the direction across the outline there, of any length; no more than can vote, and their share of all."""

    xs: Floats
    ys: Floats
    across_x: Floats
    across_y: Floats
    share: float


def _edges(ink: Mask) -> _Edges:
    soft = cv2.GaussianBlur(ink, (5, 5), 0)
    gx, gy = cv2.Sobel(soft, cv2.CV_16S, 1, 0), cv2.Sobel(soft, cv2.CV_16S, 0, 1)
    strength = cv2.add(cv2.convertScaleAbs(gx), cv2.convertScaleAbs(gy))
    found = cv2.findNonZero(cv2.compare(strength, 165, cv2.CMP_GT))
    xs, ys = found[:, 0].T if found is not None else np.zeros((2, 0), np.int32)
    share = min(1.0, _VOTERS / max(1, len(xs)))
    if share < 1:
        keep = np.random.default_rng(0).permutation(len(xs))[:_VOTERS]
        ys, xs = ys[keep], xs[keep]
    return _Edges(xs.astype(np.float32), ys.astype(np.float32), gx[ys, xs].astype(np.float32), gy[ys, xs].astype(np.float32), share)


def _centres(edges: _Edges, shape: tuple[int, ...], wide: float, tall: float, most: int = 6) -> list[tuple[float, float, float]]:
    """Likely centres (x, y) and radii of rings that are `wide` by `tall` times round: votes along the normals of the ink's outlines."""
    # Squeezed until such a ring is round; a direction across an outline changes the other way.
    xs, ys, nx, ny, share_voting = edges.xs / wide, edges.ys / tall, edges.across_x * wide, edges.across_y * tall, edges.share
    if len(xs) < 60:
        return []
    length = np.hypot(nx, ny)
    nx, ny = nx / length, ny / length
    radii = np.arange(_RADII[0], _RADII[1], _STEP, dtype=np.float32)
    columns, rows = int(shape[1] / wide / _STEP) + 1, int(shape[0] / tall / _STEP) + 1
    margin = int(_RADII[1] / _STEP) + 1  # centres off the page needn't be told from those on it until all votes are cast
    across, down = columns + 2 * margin, rows + 2 * margin
    reach = np.concatenate((radii, -radii)) / _STEP
    cells = (ys[:, None] / _STEP + margin + ny[:, None] * reach).astype(np.intp)
    cells *= across
    cells += (xs[:, None] / _STEP + margin + nx[:, None] * reach).astype(np.intp)
    votes = np.bincount(cells.ravel(), minlength=across * down)[: across * down].astype(np.float32).reshape(down, across)
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


def _coverage(ink: Mask, spot: SealSpot) -> tuple[float, float]:
    """Share of the outline that has ink on it, and of a band just outside that has."""
    steps = 180
    around = 2.5 / max(1.0, spot.across)
    xs, ys = outline(spot, steps, np.array([1 - around, 1 - around / 2, 1, 1 + around / 2, 1 + around, 1.07, 1.1, 1.13], np.float32))
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
