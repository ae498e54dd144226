"""Ruled cells of a page.

In:    a page in shades of grey, upright, level, seals lifted off. Out: cells with their place in their table, in fractions of the page.
Elsewhere: what the cells mean (extractors/papers). Frames around certificates and lone underlines are no tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extractors.pictures import Grey, shrunk
from models.geometry import Box
from models.page import Cell, Line

Mask = npt.NDArray[np.uint8]

_SIDE = 1750  # pixels: long side of the picture in which rules are looked for (A4 at 150 dpi)
_LONG = 34  # pixels: a shorter level stroke is part of a letter
_HIGH = 22
_WHOLE = 0.7  # share of a rule that must be there
_WIDE = 150  # pixels: a narrower table is a character of a title
_TOUCH = 7  # pixels by which two rules may miss each other and still meet
_WALL = 0.6  # share of a wall that must be ruled
_STREAK = 4  # pixels by which pieces of a streak may miss each other across
_EDGE = 0.03  # of the page: how near to its edges a streak begins and ends
_FEW = 3
_LEAN = 0.02  # how far a streak moves across for each pixel along it, at most
_PIECE = 0.15  # of the page: how long a piece of it is at least that shows it for one
_TWICE = 0.6  # share of a piece that lies within a line which says the same there
_CONTRAST = 9  # how much darker than its surroundings, of 255, a rule is


@dataclass(frozen=True)
class _Rule:
    """at: y of a level rule, x of an upright one; start, end along it; inked: how much of that there is, in pixels."""

    at: float
    start: float
    end: float
    inked: float

    def meets(self, other: _Rule) -> bool:
        """Whether a level rule and an upright one touch or cross."""
        return (
            self.start - _TOUCH <= other.at <= self.end + _TOUCH
            and other.start - _TOUCH <= self.at <= other.end + _TOUCH
        )


def find_cells(grey: Grey) -> tuple[Cell, ...]:
    """The cells of all tables on a page, table by table from the top, row by row."""
    scale = min(1.0, _SIDE / max(grey.shape))
    height, width = (round(side * scale) for side in grey.shape)
    grey = shrunk(grey, width, height)
    level, upright = _strokes(grey)
    across, down = _without_streaks(_rules(level, lying=True), width), _without_streaks(_rules(upright, lying=False), height)
    across, down = _without_leaning(across, down, width), _without_leaning(down, across, height)
    cells: list[Cell] = []
    tables = sorted(_tables(across, down), key=lambda t: (min(r.at for r in t[0]), min(r.at for r in t[1])))
    walls = (cv2.dilate(level, np.ones((7, 5), np.uint8)), cv2.dilate(upright, np.ones((5, 7), np.uint8)))
    number = 0
    for rows, columns in tables:
        found = _cells(rows, columns, walls, number, width, height)
        if len(found) >= 2:
            cells += found
            number += 1
    return tuple(cells)


def _strokes(grey: Mask) -> tuple[Mask, Mask]:
    """Level and upright strokes that are longer than letters'."""
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 17, _CONTRAST)
    # One pixel of slack across: a rule that steps to the next row of pixels stays whole.
    level = cv2.morphologyEx(cv2.dilate(dark, np.ones((2, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, _LONG), np.uint8))
    upright = cv2.morphologyEx(cv2.dilate(dark, np.ones((1, 2), np.uint8)), cv2.MORPH_OPEN, np.ones((_HIGH, 1), np.uint8))
    # Thick bars (a coloured heading, a dark edge of the scanner) are no rules.
    thick_level = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((9, _LONG), np.uint8))
    thick_upright = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((_HIGH, 9), np.uint8))
    return level & ~thick_level, upright & ~thick_upright


def _rules(strokes: Mask, lying: bool) -> list[_Rule]:
    """Strokes as rules; pieces of one broken rule are joined."""
    joined = cv2.dilate(strokes, np.ones((3, 15), np.uint8) if lying else np.ones((15, 3), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    pieces = []
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        along, across = (w, h) if lying else (h, w)
        if across > max(14, 0.05 * along):
            continue
        start = (x if lying else y) + 7
        pieces.append(_Rule(float(outline[:, 0, 1 if lying else 0].mean()), float(start), float(start + along - 15), float(along - 15)))
    pieces.sort(key=lambda r: (round(r.at / 4), r.start))
    rules: list[_Rule] = []
    for piece in pieces:
        last = next((r for r in reversed(rules[-6:]) if abs(r.at - piece.at) <= 4 and -10 <= piece.start - r.end <= 40), None)
        if last is not None:
            rules.remove(last)
            piece = _Rule((last.at + piece.at) / 2, last.start, max(last.end, piece.end), last.inked + piece.inked)
        rules.append(piece)
    # Level strokes of neighbouring characters of a large title lie in one line too, but with gaps between them.
    return [rule for rule in rules if rule.inked >= _WHOLE * (rule.end - rule.start)]


def _without_streaks(rules: list[_Rule], length: int) -> list[_Rule]:
    """Rules without the few that run from one edge of the page to the other, length pixels: dust on a scanner's glass draws them. Where many do, a table was cut out close."""
    in_line = _in_line(rules, _STREAK)
    margin = _EDGE * length
    streaks = [same for same in in_line if min(r.start for r in same) <= margin and max(r.end for r in same) >= length - margin and sum(r.inked for r in same) >= _WHOLE * length]
    return [r for same in in_line if same not in streaks for r in same] if 0 < len(streaks) <= _FEW else rules


def _without_leaning(rules: list[_Rule], others: Sequence[_Rule], length: int) -> list[_Rule]:
    """Rules without streaks that lean, because the page that was laid straight lay askew on the glass: they come in pieces, of which one at least sticks out of a
    table, beyond the last rule that it crosses, to the page's edge.
    """
    ends = [r for r in rules if r.end - r.start > _PIECE * length and _sticks_out(r, others, length)]
    places = _in_line(ends, _STREAK + _LEAN * length)
    if not 0 < len(places) <= _FEW:
        return rules

    def of_streak(rule: _Rule) -> bool:
        between = all(any(abs(r.at - end) <= _TOUCH for r in others) for end in (rule.start, rule.end))
        return not between and any(abs(rule.at - e.at) <= _STREAK + _LEAN * abs((rule.start + rule.end) - (e.start + e.end)) / 2 for e in ends)

    return [r for r in rules if r not in ends and not of_streak(r)]


def _sticks_out(rule: _Rule, others: Sequence[_Rule], length: int) -> bool:
    crossed = [r.at for r in others if rule.meets(r)]
    margin = _EDGE * length
    return bool(crossed) and ((rule.start <= margin and min(crossed) - rule.start > margin) or (rule.end >= length - margin and rule.end - max(crossed) > margin))


def _tables(across: Sequence[_Rule], down: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Rules that hang together, level ones and upright ones; only those that can bound cells."""
    meets = [[r.meets(c) for c in down] for r in across]
    # An upright stroke between two level rules is a rule; one that hangs in the air is a letter's.
    keep_down = [j for j in range(len(down)) if sum(meets[i][j] for i in range(len(across))) >= 2]
    keep_across = [i for i in range(len(across)) if any(meets[i][j] for j in keep_down)]
    group = {("a", i): ("a", i) for i in keep_across} | {("d", j): ("d", j) for j in keep_down}

    def root(key: tuple[str, int]) -> tuple[str, int]:
        while group[key] != key:
            group[key] = group[group[key]]
            key = group[key]
        return key

    for i in keep_across:
        for j in keep_down:
            if meets[i][j]:
                group[root(("a", i))] = root(("d", j))
    tables: dict[tuple[str, int], tuple[list[_Rule], list[_Rule]]] = {}
    for key in group:
        rows, columns = tables.setdefault(root(key), ([], []))
        (rows if key[0] == "a" else columns).append(across[key[1]] if key[0] == "a" else down[key[1]])
    return [(rows, columns) for rows, columns in tables.values() if len(rows) >= 2 and len(columns) >= 1 and _large_enough(rows)]


def _large_enough(rows: Sequence[_Rule]) -> bool:
    """Whether level rules span a table; the strokes of a large title's characters cross each other too."""
    return max(r.end - r.start for r in rows) >= _WIDE and max(r.at for r in rows) - min(r.at for r in rows) >= _HIGH


def _places(rules: Sequence[_Rule], apart: float = 8.0) -> list[float]:
    """Where rules lie, those that are as good as in line taken together, longer ones counting more."""
    return [float(np.average([r.at for r in same], weights=[max(1.0, r.end - r.start) for r in same])) for same in _in_line(rules, apart)]


def _in_line(rules: Sequence[_Rule], apart: float) -> list[list[_Rule]]:
    """Rules that are as good as in line, together: none of them farther from the next than apart, pixels."""
    out: list[list[_Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if out and rule.at - out[-1][-1].at <= apart:
            out[-1].append(rule)
        else:
            out.append([rule])
    return out


def _open_sides(rows: Sequence[_Rule], xs: list[float]) -> list[float]:
    """Sides of a table that no rule closes: where most of its level rules begin or end alike, well beyond the outermost upright one."""
    out = list(xs)
    for outside in ([r.start for r in rows if r.start < xs[0] - 25], [r.end for r in rows if r.end > xs[-1] + 25]):
        if len(outside) >= max(2, 0.6 * len(rows)):
            middle = float(np.median(outside))
            if sum(abs(v - middle) < 12 for v in outside) >= max(2, 0.6 * len(rows)):
                out.append(middle)
    return sorted(out)


def _cells(rows: Sequence[_Rule], columns: Sequence[_Rule], walls: tuple[Mask, Mask], table: int, width: int, height: int) -> list[Cell]:
    """Cells of one table: slots between neighbouring rules, joined where no wall parts them."""
    ys, own = _places(rows), _places(columns)
    xs = _open_sides(rows, own)
    if len(xs) < 2 or len(ys) < 2:
        return []
    level, upright = walls
    m, n = len(ys) - 1, len(xs) - 1

    def ruled(mask: Mask, lying: bool, at: float, start: float, end: float) -> bool:
        a, b, where = round(start) + 2, max(round(start) + 3, round(end) - 1), round(at)
        line = mask[min(where, mask.shape[0] - 1), a:b] if lying else mask[a:b, min(where, mask.shape[1] - 1)]
        hit = line > 0
        # A letter's stroke may be as long as a low cell is high, but it doesn't reach the rules above and below.
        ends = max(3, len(hit) // 7)
        return hit.size > 0 and float(hit.mean()) >= _WALL and float(hit[:ends].mean()) >= 0.5 and float(hit[-ends:].mean()) >= 0.5

    owner = {(r, c): (r, c) for r in range(m) for c in range(n)}

    def root(slot: tuple[int, int]) -> tuple[int, int]:
        while owner[slot] != slot:
            slot = owner[slot]
        return slot

    def join(a: tuple[int, int], b: tuple[int, int]) -> None:
        first, second = sorted((root(a), root(b)))
        owner[second] = first

    for r in range(m):
        for c in range(n):
            if c + 1 < n and not ruled(upright, False, xs[c + 1], ys[r], ys[r + 1]):
                join((r, c), (r, c + 1))
            if r + 1 < m and not ruled(level, True, ys[r + 1], xs[c], xs[c + 1]):
                join((r, c), (r + 1, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for slot in owner:
        groups.setdefault(root(slot), []).append(slot)
    cells = []
    for slots in groups.values():
        for part in _rectangles(slots):
            r0, c0 = min(r for r, _ in part), min(c for _, c in part)
            r1, c1 = max(r for r, _ in part), max(c for _, c in part)
            # A slot that lies outside the table's own outline is open on some side.
            outside = (c0 == 0 and not _closed(upright, xs[0], ys[r0], ys[r1 + 1]) and xs[0] in own) or (
                c1 == n - 1 and not _closed(upright, xs[-1], ys[r0], ys[r1 + 1]) and xs[-1] in own
            )
            if outside:
                continue
            box = Box(xs[c0] / width, ys[r0] / height, xs[c1 + 1] / width, ys[r1 + 1] / height).rounded()
            cells.append(Cell(box=box, table=table, row=r0, column=c0, row_span=r1 - r0 + 1, column_span=c1 - c0 + 1))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _closed(upright: Mask, x: float, y0: float, y1: float) -> bool:
    line = upright[int(y0) : max(int(y0) + 1, int(y1)), min(round(x), upright.shape[1] - 1)]
    return line.size > 0 and float(np.count_nonzero(line)) >= 0.4 * line.size


def _rectangles(slots: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Joined slots as rectangles: one where they form one, else a row's runs, equal runs of neighbouring rows together."""
    taken = set(slots)
    r0, r1 = min(r for r, _ in slots), max(r for r, _ in slots)
    c0, c1 = min(c for _, c in slots), max(c for _, c in slots)
    if len(taken) == (r1 - r0 + 1) * (c1 - c0 + 1):
        return [slots]
    parts: list[list[tuple[int, int]]] = []
    open_runs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r in range(r0, r1 + 1):
        runs: dict[tuple[int, int], list[tuple[int, int]]] = {}
        c = c0
        while c <= c1:
            if (r, c) in taken:
                start = c
                while c + 1 <= c1 and (r, c + 1) in taken:
                    c += 1
                row = [(r, k) for k in range(start, c + 1)]
                before = open_runs.pop((start, c), None)
                runs[(start, c)] = (before or []) + row
            c += 1
        parts += open_runs.values()
        open_runs = runs
    return parts + list(open_runs.values())


# ---------------------------------------------------------------- lines and cells


def split_at_walls(lines: Sequence[Line], cells: Sequence[Cell]) -> tuple[Line, ...]:
    """Lines cut where they run across the border between two cells, by the places of their characters.

    A line that ran into the next cell brings the first characters of what stands there along; they aren't kept twice where another line has them.
    """
    if not cells:
        return tuple(lines)
    out: list[Line] = []
    for line in lines:
        parts = _split(line, cells)
        out += parts if len(parts) == 1 else [part for part in parts if not any(_has(other, part) for other in lines if other is not line)]
    return tuple(out)


def _has(line: Line, part: Line) -> bool:
    """Whether a line says what a piece of another says, at the same place."""
    return line.text.startswith(part.text) and part.box.inside(line.box) > _TWICE


def _split(line: Line, cells: Sequence[Cell]) -> list[Line]:
    row = [c for c in cells if c.box.y0 <= line.box.cy <= c.box.y1 and c.box.x1 > line.box.x0 and c.box.x0 < line.box.x1]
    walls = {x for c in row for x in (c.box.x0, c.box.x1)}
    # A wall near the line's very end is met by the box's margin, not by its text.
    margin = 0.35 * line.box.width / max(1, len(line.text))
    cuts: list[float] = []
    for x in sorted(walls):
        if line.box.x0 + margin < x < line.box.x1 - margin and (not cuts or x - cuts[-1] > 0.004):
            cuts.append(x)
    if not cuts or len(line.text) < 2:
        return [line]
    places = line.xs if len(line.xs) == len(line.text) else tuple(
        line.box.x0 + (i + 0.5) * line.box.width / len(line.text) for i in range(len(line.text))
    )
    parts = []
    bounds = [line.box.x0, *cuts, line.box.x1]
    for x0, x1 in pairwise(bounds):
        inside = [i for i, x in enumerate(places) if x0 <= x < x1 or (x1 == bounds[-1] and x >= x1) or (x0 == bounds[0] and x < x0)]
        while inside and line.text[inside[0]].isspace():
            inside.pop(0)
        while inside and line.text[inside[-1]].isspace():
            inside.pop()
        if not inside:
            continue
        start, end = inside[0], inside[-1] + 1
        text = line.text[start:end]
        # The wall itself is often read as a letter.
        while len(text) > 1 and text[0] in "|｜丨" and places[start] - x0 < 2 * margin:
            start, text = start + 1, text[1:]
        while len(text) > 1 and text[-1] in "|｜丨" and x1 - places[end - 1] < 2 * margin:
            end, text = end - 1, text[:-1]
        parts.append(line.cut(start, end, Box(x0, line.box.y0, x1, line.box.y1)))
    return parts or [line]
