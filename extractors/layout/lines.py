"""How the lines of a page stand to each other: on one baseline, cut in two, wrapped.

In:    lines or boxes of one page. Out: the same lines in another order, or whether, and how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from models.geometry import Box
from models.page import Line


def in_rows(lines: Iterable[Line]) -> list[Line]:
    """Lines from top to bottom, and from left to right where they stand on one baseline."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda v: v.box.cy):
        if rows and same_row(rows[-1][0].box, line.box):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda v: v.box.x0)]


def same_row(a: Box, b: Box) -> bool:
    """Whether two lines stand on one baseline."""
    return abs(a.cy - b.cy) < 0.5 * min(a.height, b.height) if min(a.height, b.height) > 0 else abs(a.cy - b.cy) < 0.004


def wrapped_with(first: Line, others: Sequence[Line], reach: float) -> list[Line]:
    """A line with those that continue it: on its baseline within `reach`, and touching above and below as the lines of one wrapped value do."""
    chosen = [first]
    for _ in range(8):
        grown = [
            v for v in others
            if not any(v is c for c in chosen)
            and any((same_row(v.box, c.box) and v.box.x0 - c.box.x1 < reach)
                    or (min(v.box.x1, c.box.x1) > max(v.box.x0, c.box.x0) and max(v.box.y0 - c.box.y1, c.box.y0 - v.box.y1) < 0.45 * min(v.box.height, c.box.height)) for c in chosen)
        ]
        if not grown:
            break
        chosen += grown
    return chosen


def goes_on(left: Line, right: Line) -> bool:
    """Whether two lines on one baseline are one text cut in two: the characters at the cut stand no farther apart than the others."""
    if not (same_row(left.box, right.box) and len(left.xs) == len(left.text) and len(right.xs) == len(right.text) and left.text and right.text):
        return False
    steps = sorted(b - a for xs in (left.xs, right.xs) for a, b in pairwise(xs))
    return bool(steps) and right.xs[0] - left.xs[-1] < 1.35 * steps[len(steps) // 2] + 0.001


def char_width(line: Line) -> float:
    """How wide a line's characters are on average."""
    return line.box.width / max(1, len(line.text))


def shared_height(a: Box, b: Box) -> float:
    """Height that two boxes share, as a part of the lower one's."""
    least = min(a.height, b.height)
    return (min(a.y1, b.y1) - max(a.y0, b.y0)) / least if least > 0 else 0.0
