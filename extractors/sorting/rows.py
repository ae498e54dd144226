"""A page's lines on one baseline, joined, for sorting; and lines that say nothing of the page.

In:    lines of one page. Out: `Row`s from the top, their texts compacted.
Elsewhere: rows whose characters lead back to their lines (extractors/rows.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from models.geometry import Box, hull
from models.page import Line
from models.text import compact


class Row(NamedTuple):
    """Lines on one baseline, from left to right."""

    text: str
    box: Box
    lines: tuple[Line, ...]


def rows_of(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Lines that stand on one baseline, joined from left to right, rows from the top; texts are compacted."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: x.box.cy):
        for row in reversed(out[-3:]):
            same = abs(row[0].box.cy - line.box.cy) < 0.45 * min(row[0].box.height, line.box.height)
            if same and all(min(o.box.x1, line.box.x1) - max(o.box.x0, line.box.x0) < 0.3 * min(o.box.width, line.box.width) for o in row):
                row.append(line)
                break
        else:
            out.append([line])
    rows = []
    for row in out:
        row.sort(key=lambda x: x.box.x0)
        rows.append(Row("".join(compact(x.text) for x in row), hull(x.box for x in row), tuple(row)))
    return tuple(rows)


def is_watermark(text: str) -> bool:
    """仅供保险补贴申请使用 and the like: printed across any page, says nothing of it."""
    t = compact(text)
    return len(t) <= 16 and (("仅供" in t and len(t) <= 14) or (len(t) >= 5 and fuzz.ratio("仅供保险补贴申请使用", t) >= 75))
