"""Which way up a page lies and how far it is askew.

In:    quadrilaterals of the lines that were found on a picture, and an engine to try them. Out: a Turn; pictures and points turned by it.
No network of its own: lines that are wider than high lie level, and upside down they can't be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.crops import crop, sides
from extractors.ocr.engine import Engine
from extractors.ocr.recognition import Reading
from extractors.pictures import Picture, grey_of, shrunk

Quads = npt.NDArray[np.float32]

_TRIED = 6  # lines that are read to tell up from down
_SURE = 0.90  # mean confidence at which the first way tried is taken
_LEVEL = 0.08  # degrees of skew that are left as they are
_MOST_SKEW = 20.0


@dataclass(frozen=True)
class Turn:
    """From a picture as found to the upright page. quarter: clockwise degrees, 0 to 270. skew: degrees clockwise turned after that.

    width, height: of the upright page in pixels. matrix: 2 × 3, from pixels of the picture to those of the upright page.
    """

    quarter: int
    skew: float
    width: int
    height: int
    matrix: npt.NDArray[np.float64]

    def picture(self, picture: Picture) -> Picture:
        """A picture turned upright; what comes in at the corners is of the paper's colour."""
        turned = np.rot90(picture, -self.quarter // 90)
        if self.skew == 0:
            return np.ascontiguousarray(turned)
        return _levelled(np.ascontiguousarray(turned), self.skew)

    def points(self, points: Quads) -> Quads:
        """Points (…, 2) of the picture on the upright page; quadrilaterals (n, 4, 2) begin at their new top left."""
        moved = points @ self.matrix[:, :2].T.astype(np.float32) + self.matrix[:, 2].astype(np.float32)
        return np.stack([_reordered(quad) for quad in moved]) if moved.ndim == 3 and len(moved) else moved.astype(np.float32)


    def back(self, quad: Quads) -> Quads:
        """Corners (4, 2) on the upright page as they lie in the picture, the text's top left still first."""
        out: Quads = cv2.transform(quad[None].astype(np.float32), cv2.invertAffineTransform(self.matrix))[0].astype(np.float32)
        return out


def turn_of(quarter: int, skew: float, width: int, height: int) -> Turn:
    """A turn of a picture of width × height pixels."""
    w, h = width, height
    quarters = {
        0: np.array([[1, 0, 0], [0, 1, 0]], np.float64),
        90: np.array([[0, -1, h], [1, 0, 0]], np.float64),
        180: np.array([[-1, 0, w], [0, -1, h]], np.float64),
        270: np.array([[0, 1, 0], [-1, 0, w]], np.float64),
    }
    matrix = quarters[quarter]
    if quarter in (90, 270):
        w, h = h, w
    if skew:
        rotation = cv2.getRotationMatrix2D((w / 2, h / 2), -skew, 1.0)
        matrix = rotation[:, :2] @ matrix + np.array([[0, 0, rotation[0, 2]], [0, 0, rotation[1, 2]]])
    return Turn(quarter, skew, w, h, matrix)


def find_turn(engine: Engine, picture: Picture, quads: Quads) -> tuple[Turn, dict[int, Reading]]:
    """How to turn a page, and what the lines that were tried say (by their index), so that they needn't be read again."""
    height, width = picture.shape[:2]
    if not len(quads):
        return turn_of(0, 0.0, width, height), {}
    lying = _lying(quads)
    first, second = (0, 180) if lying else (270, 90)
    tried = _longest(quads, lying)
    readings = _try(engine, picture, quads, tried, first)
    quarter = first
    if _mean(readings) < _SURE:
        others = _try(engine, picture, quads, tried, second)
        if _mean(others) > _mean(readings) + 0.02:
            quarter, readings = second, others
        if max(_mean(readings), _mean(others)) < 0.6:  # neither way makes sense: the boxes may have told the wrong axis
            crosswise = _longest(quads, not lying)
            for other in (270, 90) if lying else (0, 180):
                more = _try(engine, picture, quads, crosswise, other)
                if _mean(more) > max(0.7, _mean(readings) + 0.1):
                    quarter, readings = other, more
    turn = turn_of(quarter, 0.0, width, height)
    skew = skew_of(turn.points(quads))
    if abs(skew) < _LEVEL:
        return turn, readings
    return turn_of(quarter, skew, width, height), readings


def skew_of(quads: Quads) -> float:
    """Degrees clockwise by which to turn a page to make its lines level; 0 where they don't agree."""
    angles, weights = [], []
    for quad in quads:
        along, across = sides(quad)
        if along < 4 * across or along < 40:
            continue
        dx, dy = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
        angle = math.degrees(math.atan2(dy, dx))
        if abs(angle) <= _MOST_SKEW:
            angles.append(angle)
            weights.append(along)
    if not angles:
        return 0.0
    order = np.argsort(angles)
    ranked, weight = np.array(angles)[order], np.cumsum(np.array(weights)[order])
    median = float(ranked[np.searchsorted(weight, weight[-1] / 2)])
    agree = np.abs(ranked - median) < 1.0
    chosen = np.array(weights)[order] * agree
    if chosen.sum() < 0.5 * weight[-1]:
        return 0.0
    return -float((ranked * chosen).sum() / chosen.sum())


def _levelled(picture: Picture, skew: float) -> Picture:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    out: Picture = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return out


def _reordered(quad: Quads) -> Quads:
    """The same corners in the same sense, beginning at the top left of text that runs to the right."""
    start = int(np.argmin(quad.sum(1)))
    return np.roll(quad, -start, axis=0).astype(np.float32)


def _lying(quads: Quads) -> bool:
    """Whether lines run along the picture's rows: by the length of those that are clearly longer than high."""
    level = upright = 0.0
    for quad in quads:
        dx, dy = np.ptp(quad[:, 0]), np.ptp(quad[:, 1])
        if dx > 1.8 * dy:
            level += float(dx)
        elif dy > 1.8 * dx:
            upright += float(dy)
    return level >= upright


def _longest(quads: Quads, lying: bool) -> list[int]:
    """Lines that are long enough to tell and not too long to be cheap."""
    def length(i: int) -> float:
        dx, dy = float(np.ptp(quads[i][:, 0])), float(np.ptp(quads[i][:, 1]))
        ratio = (dx / max(1.0, dy)) if lying else (dy / max(1.0, dx))
        return -1.0 if ratio < 1.8 else min(ratio, 14.0) - max(0.0, ratio - 14.0)

    ranked = sorted(range(len(quads)), key=length, reverse=True)
    return [i for i in ranked[:_TRIED] if length(i) > 0] or ranked[:_TRIED]


def _try(engine: Engine, picture: Picture, quads: Quads, tried: Sequence[int], quarter: int) -> dict[int, Reading]:
    """Read some lines as if the page had to be turned by `quarter`."""
    # A quadrilateral found on a page that lies on its side begins at the picture's top left: cut as it is, then turn.
    crops = [np.ascontiguousarray(np.rot90(crop(picture, _reordered(quads[i])), -quarter // 90)) for i in tried]
    return dict(zip(tried, engine.recognise(crops), strict=True))


def _mean(readings: dict[int, Reading]) -> float:
    """Mean confidence, longer readings counting more; nothing read counts as nothing."""
    if not readings:
        return 0.0
    weights = [max(1, len(r.text)) for r in readings.values()]
    return float(np.average([r.confidence for r in readings.values()], weights=weights))


def tilted(line_quad: Quads, most: float = 12.0) -> bool:
    """Whether a line runs across the page at a slant (a watermark), given its corners on the upright page."""
    along, across = sides(line_quad)
    if along < 2.0 * across:
        return False
    dx, dy = (line_quad[1] + line_quad[2] - line_quad[0] - line_quad[3]) / 2
    angle = abs(math.degrees(math.atan2(dy, dx)))
    return most < min(angle, 180 - angle) and abs(angle - 90) > most




# ---------------------------------------------------------------- photographs

_FRAME = 480  # pixels: long side of the picture in which the sheet is looked for
_LEAST_SHEET = 0.30  # share of the picture that the sheet must take
_BETWEEN = (0.5, 0.3, 0.2)  # of the way from the ground's brightness to the sheet's: where one ends and the other begins
_LARGER = 1.08  # times: a sheet found at a lower limit must be clearly larger, or it is the first one with its blurred edge
_EDGE = 3.0  # pixels of that picture, within which the light falls from paper to ground
_SHARP = 0.6  # share of the fall that must lie there
_SLACK = 0.012  # of the picture's side: a sheet that fills the picture up to this is left alone


def find_sheet(picture: Picture) -> Quads | None:
    """Corners of a bright sheet on a darker ground, pixels, from the top left clockwise; None where the sheet is the picture (scans)."""
    scale = _FRAME / max(picture.shape[:2])
    small = shrunk(grey_of(picture), round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    grey = cv2.GaussianBlur(small, (5, 5), 0).astype(np.uint8)
    height, width = grey.shape
    edge = np.concatenate((grey[:3].ravel(), grey[-3:].ravel(), grey[:, :3].ravel(), grey[:, -3:].ravel()))
    ground = float(np.median(edge))
    inner = float(np.percentile(grey[height // 5 : -height // 5, width // 5 : -width // 5], 80))
    if ground > 0.82 * inner:  # paper up to the edges: a scan
        return None
    found: list[Quads] = []
    for share in _BETWEEN:
        corners = _sheet_at(grey, ground + share * (inner - ground))
        # A part of the sheet lies in a shadow: the whole of it comes out only at a lower limit.
        if corners is not None and (not found or cv2.contourArea(corners) > _LARGER * cv2.contourArea(found[-1])):
            found.append(corners)
    if not found:
        return None
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    if (np.abs(found[-1] - frame) < _SLACK * max(height, width)).all():
        return None
    out: Quads = found[-1] / scale
    return out


def _sheet_at(grey: Picture, limit: float) -> Quads | None:
    """Corners of what is brighter than `limit`, where it is a sheet: large, of four sides, with sharp edges."""
    # Print within is closed over.
    bright = cv2.morphologyEx((grey > limit).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if area < _LEAST_SHEET * grey.size:
        return None
    corners = _four_corners(hull)
    if corners is None or not 0.93 * area <= cv2.contourArea(corners) <= 1.07 * area:
        return None
    refined = _refined(grey, corners, limit)
    return refined if _sharp(grey, refined) else None


def _edges(corners: Quads) -> Iterator[tuple[Quads, Quads, Quads, Quads]]:
    """Each side of a sheet: where it begins and ends, and the directions along it and away from the sheet, of length 1."""
    centre = corners.mean(0)
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (b - a) / max(1e-6, float(np.linalg.norm(b - a)))
        out = np.array([along[1], -along[0]], np.float32)
        yield a, b, along, -out if float(np.dot(centre - a, out)) > 0 else out


def _sharp(grey: Picture, corners: Quads) -> bool:
    """Whether paper ends at each side that lies within the picture: the edge of a shadow, or of a lamp's light, is soft."""
    height, width = grey.shape
    for a, b, _, out in _edges(corners):
        middle = (a + b) / 2 + _EDGE * out
        if not (0 <= middle[0] < width and 0 <= middle[1] < height):
            continue
        steps = []
        for t in np.linspace(0.1, 0.9, 33):
            xs, ys = ((a + t * (b - a))[k] + np.array([-3 * _EDGE, -_EDGE, _EDGE, 3 * _EDGE]) * out[k] for k in (0, 1))
            steps.append(cv2.remap(grey, xs[None].astype(np.float32), ys[None].astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0].astype(float))
        far_in, near_in, near_out, far_out = np.median(steps, axis=0)
        if far_in - far_out > 0 and near_in - near_out < _SHARP * (far_in - far_out):
            return False
    return True


def _four_corners(hull: npt.NDArray[np.int32]) -> Quads | None:
    """The quadrilateral that a hull is, its corners rounded off or not."""
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, share * length, True).reshape(-1, 2).astype(np.float32)
        if len(corners) == 4:
            start = int(np.argmin(corners.sum(1)))
            ordered = np.roll(corners, -start, axis=0)
            # Clockwise on the screen: the second corner lies to the right of the last.
            if ordered[1, 0] - ordered[1, 1] < ordered[3, 0] - ordered[3, 1]:
                ordered = ordered[[0, 3, 2, 1]]
            return ordered.astype(np.float32)
        if len(corners) < 4:
            return None
    return None


def _refined(grey: Picture, corners: Quads, limit: float) -> Quads:
    """Corners as the crossings of lines fitted to the sheet's edges: corners themselves are often bent or cut."""
    lines = []
    for a, b, along, out in _edges(corners):
        points = []
        for t in np.linspace(0.08, 0.92, 60):
            base = a + t * (b - a)
            depths = np.arange(-8, 9, 0.5, dtype=np.float32)
            xs, ys = base[0] + depths * out[0], base[1] + depths * out[1]
            values = cv2.remap(grey, xs[None].astype(np.float32), ys[None].astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
            dark = np.flatnonzero(values < limit)
            if dark.size and dark[0] > 2:
                points.append((xs[dark[0]], ys[dark[0]]))
        if len(points) >= 15:
            vx, vy, x0, y0 = cv2.fitLine(np.array(points, np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
            lines.append((np.array([x0, y0]), np.array([vx, vy])))
        else:
            lines.append((a.astype(float), along.astype(float)))
    refined = []
    for (p, u), (q, v) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        cross = u[0] * v[1] - u[1] * v[0]
        if abs(cross) < 0.2:
            return corners
        refined.append(p + u * (((q - p)[0] * v[1] - (q - p)[1] * v[0]) / cross))
    result = np.array(refined, np.float32)
    return result if np.abs(result - corners).max() < 0.06 * max(grey.shape) else corners


def flattened(picture: Picture, corners: Quads) -> Picture:
    """The sheet within `corners` as if it had been scanned."""
    width, height = sides(corners)
    size = (max(16, round(width)), max(16, round(height)))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    out: Picture = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return out
