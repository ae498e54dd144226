"""Many boxes against many others at once.

In:    two lists of boxes in the same units. Out: arrays with a row for each of the first and a column for each of the second.
Elsewhere: one box against another (models/geometry.py); what these give is what its methods give.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.geometry import Box

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def overlaps(boxes: Sequence[Box], others: Sequence[Box]) -> Floats:
    """The area that each has in common with each."""
    a, b = _sides(boxes), _sides(others)
    wide = np.minimum(a[2][:, None], b[2]) - np.maximum(a[0][:, None], b[0])
    high = np.minimum(a[3][:, None], b[3]) - np.maximum(a[1][:, None], b[1])
    out: Floats = wide.clip(0) * high.clip(0)
    return out


def inside(boxes: Sequence[Box], others: Sequence[Box]) -> Floats:
    """The share of each box that lies within each other; of one without any area all or nothing, by where it lies."""
    areas = np.array([box.area for box in boxes], np.float64).reshape(-1, 1)
    return np.divide(overlaps(boxes, others), areas, out=middles_within(boxes, others).astype(np.float64), where=areas > 0)


def middles_within(boxes: Sequence[Box], others: Sequence[Box]) -> Truths:
    """Whether the middle of each box lies within each other."""
    a, b = _sides(boxes), _sides(others)
    x, y = ((a[0] + a[2]) / 2)[:, None], ((a[1] + a[3]) / 2)[:, None]
    out: Truths = (b[0] <= x) & (x <= b[2]) & (b[1] <= y) & (y <= b[3])
    return out


def _sides(boxes: Sequence[Box]) -> Floats:
    """x0, y0, x1 and y1, a row each."""
    return np.array(boxes, np.float64).reshape(-1, 4).T


__all__ = ["inside", "middles_within", "overlaps"]
