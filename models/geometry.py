"""Boxes on a page.

All boxes beyond reading are fractions of the upright page: x0, y0, x1, y1 from the top left, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle with sides along the page; in JSON a list of four numbers."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return max(0.0, self.x1 - self.x0)

    @property
    def height(self) -> float:
        return max(0.0, self.y1 - self.y0)

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def overlap(self, other: Box) -> float:
        """Area that both cover."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0)) * max(0.0, min(self.y1, other.y1) - max(self.y0, other.y0))

    def inside(self, other: Box) -> float:
        """Share of this box, 0 to 1, that lies in the other."""
        return self.overlap(other) / self.area if self.area else float(other.contains(self.cx, self.cy))

    def contains(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def rounded(self) -> Box:
        """Four decimals, within the page: what is written to disk."""
        return Box(*(round(min(1.0, max(0.0, v)), 4) for v in self))


WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them. Raises ValueError when there is none."""
    every = list(boxes)
    if not every:
        raise ValueError("no boxes to enclose")
    return Box(min(b.x0 for b in every), min(b.y0 for b in every), max(b.x1 for b in every), max(b.y1 for b in every))
