"""Where on a picture lines of text stand: the DB network's input and output.

In:    picture, RGB or grey. Out: quadrilaterals in pixels of that picture, clockwise from the text's top left.
Source: PaddleOCR's DetResizeForTest, NormalizeImage and DBPostProcess, with the parameters of the model's own inference.yml.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pyclipper

from extractors.ocr.backends import Floats
from extractors.ocr.weights import DetectionWeights
from extractors.pictures import Picture, shrunk

_MULTIPLE = 32  # the network halves five times
_MIN_SIDE = 3.0  # pixels of the map: anything thinner is no text


def prepared(image: Picture, side: int, weights: DetectionWeights) -> Floats:
    """The network's input: scaled so that the long side is at most `side`, sides multiples of 32, BGR, normalised."""
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = tuple(max(_MULTIPLE, round(v * scale / _MULTIPLE) * _MULTIPLE) for v in (width, height))
    small = shrunk(image, *size)
    out = np.empty((1, 3, size[1], size[0]), np.float32)
    for channel in range(3):
        pixels = small if small.ndim == 2 else small[:, :, 2 - channel]
        cv2.subtract(pixels, weights.mean[channel] * 255, dst=out[0, channel], dtype=cv2.CV_32F)
        out[0, channel] /= weights.std[channel] * 255
    return out


def quads(chances: Floats, width: int, height: int, weights: DetectionWeights) -> npt.NDArray[np.float32]:
    """Quadrilaterals (n, 4, 2) from the network's map of text chances, for a picture of width × height pixels."""
    mask = (chances > weights.thresh).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    sx, sy = width / chances.shape[1], height / chances.shape[0]
    found = []
    for contour in contours[: weights.max_candidates]:
        points, short = _rectangle(contour)
        if short < _MIN_SIDE or _score(chances, points) < weights.box_thresh:
            continue
        grown = _grown(points, weights.unclip_ratio)
        if grown is None:
            continue
        box, short = _rectangle(grown)
        if short < _MIN_SIDE + 2:
            continue
        found.append(box * (sx, sy))
    if not found:
        return np.zeros((0, 4, 2), np.float32)
    out = np.array(found, np.float32)
    out[..., 0] = out[..., 0].clip(0, width)
    out[..., 1] = out[..., 1].clip(0, height)
    return out


def _rectangle(points: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.float32], float]:
    """The smallest rectangle around points, its corners from the top left clockwise, and its short side."""
    rectangle = cv2.minAreaRect(points)
    corners = sorted(cv2.boxPoints(rectangle).tolist())
    left, right = sorted(corners[:2], key=lambda p: p[1]), sorted(corners[2:], key=lambda p: p[1])
    return np.array([left[0], right[0], right[1], left[1]], np.float32), float(min(rectangle[1]))


def _score(chances: Floats, points: npt.NDArray[np.float32]) -> float:
    """Mean chance of text within a rectangle."""
    height, width = chances.shape
    x0, y0 = np.floor(points.min(0)).astype(int).clip(0, (width - 1, height - 1))
    x1, y1 = np.ceil(points.max(0)).astype(int).clip(0, (width - 1, height - 1))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(mask, [(points - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(chances[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def _grown(points: npt.NDArray[np.float32], ratio: float) -> npt.NDArray[np.float32] | None:
    """The rectangle grown outwards: the network is taught to find a shrunken one."""
    length = cv2.arcLength(points, True)
    if length <= 0:
        return None
    offset = pyclipper.PyclipperOffset()
    offset.AddPath(points.tolist(), pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    paths = offset.Execute(cv2.contourArea(points) * ratio / length)
    return np.array(max(paths, key=len), np.float32) if paths else None
