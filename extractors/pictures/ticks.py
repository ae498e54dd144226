"""Tick boxes: which are on a page, and which are ticked, seen in the picture rather than read.

In:    an upright page in shades of grey, seals lifted off, and its lines.
Out:   the lines with a sign for every tick box beside their words: ☑ for one with something in it, □ for an empty one.
Fails: never; where nothing is seen the line stays as it was read.
Elsewhere: which option of a form that means (extractors/papers/application_form/ticked.py).

Recognition knows print: it drops filled boxes (■), takes a pen's tick for a letter and an empty box for 口. What tells a ticked box from an empty
one is the ink in its middle. Looked for only on pages where a box was read at all, and only where no read character stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.pictures import Grey, percentiles, pieces
from models.geometry import Box
from models.page import Line

BOXES = frozenset("□☐▢◻☑☒✓✔√■▣◼▪⊠")  # what recognition gives for a box, ticked or not
EMPTY, TICKED = "□", "☑"
_LEAST, _MOST = 0.40, 1.15  # a box's side, in heights of the line
_MIDDLE_INK = 0.12  # share of the middle that is dark in a ticked box
_RIM = 0.8  # share of each side along which a box has ink
_APART = 0.5  # characters nearer to a sign's middle than this, in their usual distances, are that sign
_ALL_KNOWN = 0.7  # the same where every character is known, so that what is seen close to one is its own stroke
_SURE = 0.97
_SHADES = (0.4, 0.25, 0.55)  # how dark ink is taken to be, of the way from paper to black: thin rims are pale, strong ticks run


class Seen(NamedTuple):
    """A box seen: its place in the picture, in pixels, and whether something is in it."""

    x0: int
    y0: int
    x1: int
    y1: int
    ticked: bool

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def with_tick_boxes(page: Grey, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, with ☑ and □ where the picture shows tick boxes. page: what the lines' boxes are fractions of."""
    if not any(c in BOXES for line in lines for c in line.text):
        return tuple(lines)
    return tuple(_marked(page, line, lines) for line in lines)


def with_drawn_boxes(page: Grey, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a text layer, whose every character is known, with ☑ and □ where a form draws its tick boxes as lines instead of letters.

    One box may be anything; where there are several, choices are what they are for.
    """
    marked = tuple(_marked(page, line, lines, drawn=True) for line in lines)
    return marked if sum(len(new.text) - len(old.text) for new, old in zip(marked, lines, strict=True)) > 1 else tuple(lines)


def _marked(grey: Grey, line: Line, lines: Sequence[Line], drawn: bool = False) -> Line:
    height, width = grey.shape[:2]
    if len(line.xs) != len(line.text) or len(line.sure) != len(line.text) or line.box.height * height < 8 or not _CHINESE.search(line.text):
        return line
    signs = list(zip(line.text, line.xs, line.sure, strict=True))
    words = [x * width for c, x, _ in signs if (drawn or c not in BOXES) and not c.isspace()]
    steps = sorted(b - a for a, b in pairwise(words))
    size = line.box.height * height
    pitch = min(steps[len(steps) // 2], 1.2 * size) if steps else size
    seen = [
        s for s in _boxes_in(grey, line, size)
        if all(abs(x - s.middle) > (_ALL_KNOWN if drawn else _APART) * pitch for x in words) and not _covered(s, line, lines, width, height)
    ]
    if not seen:
        return line
    kept = [v for v in signs if v[0] not in BOXES or all(abs(v[1] * width - s.middle) > pitch for s in seen)]  # a box that was read but not seen stays
    signs = sorted([*kept, *((TICKED if s.ticked else EMPTY, s.middle / width, _SURE) for s in seen)], key=lambda v: v[1])
    box = line.box.union(Box(min(s.x0 for s in seen) / width, line.box.y0, max(s.x1 for s in seen) / width, line.box.y1))
    return line.model_copy(update={"text": "".join(v[0] for v in signs), "xs": tuple(v[1] for v in signs), "sure": tuple(v[2] for v in signs), "box": box})


def _boxes_in(grey: Grey, line: Line, size: float) -> list[Seen]:
    """The signs of a line, and just before and behind it, that look like boxes: as wide as high, with four sides or filled."""
    height, width = grey.shape[:2]
    y0, y1 = max(0, int(line.box.y0 * height - 0.3 * size)), min(height, int(line.box.y1 * height + 0.3 * size) + 1)
    x0, x1 = max(0, int(line.box.x0 * width - 1.8 * size)), min(width, int(line.box.x1 * width + 1.6 * size) + 1)
    part = grey[y0:y1, x0:x1]
    if part.shape[0] < 8 or part.shape[1] < 8:
        return []
    light, dark = percentiles(part, 90, 1)
    if light - dark < 40:
        return []
    out: list[Seen] = []
    for share in _SHADES:
        ink = (part < light - share * (light - dark)).astype(np.uint8)
        labels, stats = pieces(ink)
        xs, ys, ws, hs = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3]
        fits = (ws >= _LEAST * size) & (ws <= _MOST * size) & (hs >= _LEAST * size) & (hs <= _MOST * size) & (ws > 0.7 * hs) & (ws < 1.4 * hs)
        fits &= (xs > 0) & (xs + ws < x1 - x0) & (ys > 0) & (ys + hs < y1 - y0)  # else it goes on outside: a rule, a neighbour
        for k in np.flatnonzero(fits[1:]) + 1:
            x, y, w, h = (int(v) for v in stats[k][:4])
            ticked = _box_like((labels[y : y + h, x : x + w] == k), ink[y : y + h, x : x + w])
            if ticked is not None and not any(s.x0 < x0 + x + w and x0 + x < s.x1 for s in out):
                out.append(Seen(x0 + x, y0 + y, x0 + x + w, y0 + y + h, ticked))
    return out


def _box_like(sign: npt.NDArray[np.bool_], all_ink: npt.NDArray[np.uint8]) -> bool | None:
    """Whether a sign is a ticked box (True) or an empty one (False); None where it is neither.

    sign: the box's own ink; all_ink: with what stands inside it and may not touch it. A tick may stick out at the top and to the right, so that a
    ticked box shows its left and lower sides only.
    """
    h, w = sign.shape
    a, b = max(1, round(h / 7)), max(1, round(w / 7))
    bottom = float(sign[-a:].any(0).mean())
    left = float(sign[:, :b].any(1).mean()) if bottom >= _RIM else 0.0
    if left < 0.6:  # most signs are letters
        return None
    right, top = float(sign[:, -b:].any(1).mean()), float(sign[:a].any(0).mean())
    middle = all_ink[round(0.27 * h) : h - round(0.27 * h), round(0.27 * w) : w - round(0.27 * w)]
    inside = float(middle.mean()) if middle.size else 0.0
    if min(left, right, top, bottom) >= _RIM:
        return inside > _MIDDLE_INK
    if bottom >= _RIM and left >= 0.6 and inside > _MIDDLE_INK and _corner(sign):
        return True
    return None


def _corner(sign: npt.NDArray[np.bool_]) -> bool:
    """Whether two straight sides meet at the lower left, as a box's do behind a tick that sticks out: a column and a row of ink of nearly full length."""
    h, w = sign.shape
    column = max(float(sign[:, x].mean()) for x in range(max(1, w // 4)))
    row = max(float(sign[y].mean()) for y in range(h - max(1, h // 4), h))
    return column > 0.6 and row > 0.6


def _covered(seen: Seen, line: Line, lines: Sequence[Line], width: int, height: int) -> bool:
    """Whether what was seen is print of another line."""
    box = Box(seen.x0 / width, seen.y0 / height, seen.x1 / width, seen.y1 / height)
    return any(other is not line and box.inside(other.box) > 0.5 for other in lines)


_CHINESE = re.compile(r"[\u4e00-\u9fff]")
