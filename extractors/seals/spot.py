"""A seal's place on a page: an ellipse in pixels of its picture.

In:    an ellipse's centre, half axes and angle.
Out:   the same moved, scaled, as a box in shares of the page, as a mask, as points on its outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from models.geometry import Box

Mask = npt.NDArray[np.uint8]  # 0 or 255
Floats = npt.NDArray[np.float32]


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


def outline(spot: SealSpot, steps: int, factor: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
    """x and y of points on ellipses `factor` times as large, (factors, steps)."""
    t = np.linspace(0, 2 * np.pi, steps, endpoint=False, dtype=np.float32)
    c, s = math.cos(math.radians(spot.angle)), math.sin(math.radians(spot.angle))
    u, v = factor[:, None] * spot.along * np.cos(t), factor[:, None] * spot.across * np.sin(t)
    return (spot.x + u * c - v * s).astype(np.float32), (spot.y + u * s + v * c).astype(np.float32)
