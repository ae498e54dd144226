"""Cutting a line out of a page, level, whatever its slant."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from extractors.pictures import Picture

Quad = npt.NDArray[np.float32]  # (4, 2) pixels, clockwise from the text's top left
_LEVEL = 0.6  # pixels by which a box's corners may differ and still be cut out without resampling


def sides(quad: Quad) -> tuple[float, float]:
    """Length along the text and height across it, in pixels."""
    a, b, c, d = quad.tolist()
    return max(math.dist(a, b), math.dist(d, c)), max(math.dist(a, d), math.dist(b, c))


def crop(image: Picture, quad: Quad) -> Picture:
    """The picture within the quadrilateral, as a rectangle. A tall one stays tall."""
    along, across = sides(quad)
    width, height = max(1, round(along)), max(1, round(across))
    if np.ptp(quad[:2, 1]) < _LEVEL and np.ptp(quad[2:, 1]) < _LEVEL and np.ptp(quad[[0, 3], 0]) < _LEVEL:
        x, y = max(0, round(float(quad[0, 0]))), max(0, round(float(quad[0, 1])))
        return image[y : y + height, x : x + width]
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    out: Picture = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return out
