"""How many characters of a page an engine got wrong, whatever lines it cuts the page into and in whatever order it gives them.

In:    the printed characters of a page, each with its place (`Glyph`); an engine's lines, each with its box on the same page (`Read`).
Out:   `PageScore`: errors and characters a row, key values found, the same for the characters under a seal.
Boxes are in points of the page as it was drawn; how a scan's pixels come back to them is the caller's business.

Truth and reading are gathered into rows: characters on one baseline are a row; a line that was read belongs to the row of whose characters it covers
most. Each row is joined from left to right and compared by edits. A line read downwards (higher than wide, and on several rows) is taken apart into its
characters, evenly spread down its height, each of which finds its own row. What was read where nothing is printed counts as
made up, except in a seal's ring: the text of seals is scored apart (pipeline/accuracy/stamps.py), and within a ring a line is left out of its row where
the row is nearer the truth without it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from models.geometry import Box

TICK_BOX = "\ue000"  # a drawn tick box stands for any character or none: which sign it becomes is no matter of characters
_SAME_ROW = 0.45  # of a character's size: baselines no further apart are one row; two lines against one in the cell beside are 0.6 apart
_CORE = (0.2, 0.25)  # of a character's width and height that is left off on each side: neighbours' boxes touch
_COVERED = 0.5  # characters that a line must cover to stand on print
_TALL = 1.5
_IN_RING = 0.8  # share of a line that lies in a seal's box, from which it may be the seal's text
# signs that look alike in print and that no one tells apart by their looks
_ALIKE = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "―": "-", "‐": "-", "−": "-", "•": "·", "・": "·", "‧": "·", "∙": "·",
                        "〔": "[", "〕": "]", "【": "[", "】": "]"})  # fmt: skip


class Glyph(NamedTuple):
    """One printed character. base: y of its baseline; size: of its face, in points."""

    text: str
    box: Box
    base: float
    size: float


class Read(NamedTuple):
    """One line as an engine read it."""

    text: str
    box: Box


class Ring(NamedTuple):
    """Where a seal stands: the oval within its box."""

    box: Box

    def holds(self, x: float, y: float) -> bool:
        across, down = (x - self.box.cx) / max(1e-6, self.box.width / 2), (y - self.box.cy) / max(1e-6, self.box.height / 2)
        return across * across + down * down <= 1.0


class RowScore(NamedTuple):
    """A row as printed and as read, both folded; its errors."""

    printed: str
    read: str
    errors: int


@dataclass(frozen=True)
class PageScore:
    """characters: printed ones; errors: edits in all rows and what was made up; under: characters and errors beneath seals. stray: what was read where nothing is."""

    rows: tuple[RowScore, ...]
    stray: tuple[str, ...]
    characters: int
    errors: int
    keys: int
    keys_found: int
    under: int = 0
    under_errors: int = 0


def fold(text: str) -> str:
    """The form in which characters are compared: NFKC without white space, signs that look alike as one."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def judge(glyphs: Sequence[Glyph], reads: Iterable[Read], keys: Iterable[str] = (), rings: Sequence[Ring] = (), under: Sequence[Ring] = ()) -> PageScore:
    """Compare what was read with what is printed.

    keys: values to be found whole in the rows that print them. rings: seals that stand on the page. under: where characters are counted apart,
    which on a page without its seal is the place where it would stand.
    """
    page = _Page(glyphs)
    members: list[list[tuple[float, str, bool]]] = [[] for _ in page.rows]  # x, text, whether it may be a seal's
    stray = []
    for read in (part for line in reads for part in page.upright(line)):
        at = page.row_of(read.box)
        sealed = any(ring.holds(read.box.cx, read.box.cy) and read.box.inside(ring.box) >= _IN_RING for ring in rings)
        if at is not None:
            members[at].append((read.box.x0, fold(read.text), sealed))
        elif not sealed and fold(read.text):
            stray.append(fold(read.text))
    wanted = [fold(key) for key in keys]
    scores, key_count, key_found, beneath, beneath_errors = [], 0, 0, 0, 0
    for row, parts in zip(page.rows, members, strict=True):
        printed = "".join(character for character, _ in row)
        read_row = _nearest(printed, sorted(parts))
        scores.append(RowScore(printed, read_row, _errors(printed, read_row)))
        here = [key for key in wanted if key in printed]
        key_count += len(here)
        key_found += sum(key in read_row for key in here)
        flagged = [any(ring.holds(box.cx, box.cy) for ring in under) for _, box in row]
        if any(flagged):
            beneath += sum(f and c != TICK_BOX for f, (c, _) in zip(flagged, row, strict=True))
            beneath_errors += _errors_within(printed, read_row, flagged)
    characters = sum(c != TICK_BOX for row in page.rows for c, _ in row)
    return PageScore(
        tuple(scores), tuple(stray), characters, sum(s.errors for s in scores) + sum(map(len, stray)), key_count, key_found, beneath, beneath_errors
    )


class _Page:
    """Printed characters in rows, and which row a box stands on."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        gathered = _rows(glyphs)
        # One glyph may fold into several characters (… is three) or none.
        self.rows = [[(c, glyph.box) for glyph in row for c in fold(glyph.text)] for row in gathered]
        flat = [(n, glyph.box) for n, row in enumerate(gathered) for glyph in row]
        self._row = np.array([n for n, _ in flat], np.int64)
        boxes = np.array([box for _, box in flat], np.float64).reshape(-1, 4)
        left, top = (boxes[:, 2] - boxes[:, 0]) * _CORE[0], (boxes[:, 3] - boxes[:, 1]) * _CORE[1]
        self._boxes = boxes
        self._cores = boxes + np.stack([left, top, -left, -top], axis=1)

    def row_of(self, box: Box) -> int | None:
        """The row of whose characters the box covers most, else that in whose characters it lies (a comma's own box covers little); None where it does neither."""
        if not len(self._row):
            return None
        for sums in (self._covered(box), np.bincount(self._row, _overlaps(self._boxes, box) / max(1e-9, box.area), len(self.rows))):
            best = int(np.argmax(sums))
            if sums[best] >= _COVERED:
                return best
        return None

    def upright(self, read: Read) -> list[Read]:
        """A line as it is, or the characters of one that runs downwards through several rows."""
        text = fold(read.text)
        x0, y0, x1, y1 = read.box
        if len(text) < 2 or y1 - y0 <= _TALL * (x1 - x0) or (self._covered(read.box) >= _COVERED).sum() < 2:
            return [read]
        step = (y1 - y0) / len(text)
        return [Read(c, Box(x0, y0 + n * step, x1, y0 + (n + 1) * step)) for n, c in enumerate(text)]

    def _covered(self, box: Box) -> npt.NDArray[np.float64]:
        """How many characters of each row the box covers."""
        return np.asarray(np.bincount(self._row, _overlaps(self._cores, box) / _areas(self._cores), len(self.rows)), np.float64)


def _areas(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.maximum(1e-9, (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def _overlaps(boxes: npt.NDArray[np.float64], box: Box) -> npt.NDArray[np.float64]:
    wide = np.clip(np.minimum(boxes[:, 2], box.x1) - np.maximum(boxes[:, 0], box.x0), 0, None)
    high = np.clip(np.minimum(boxes[:, 3], box.y1) - np.maximum(boxes[:, 1], box.y0), 0, None)
    return np.asarray(wide * high, np.float64)


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters on one baseline, from left to right; rows from the top."""
    out: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if out and glyph.base - out[-1][0].base <= _SAME_ROW * min(glyph.size, out[-1][0].size):
            out[-1].append(glyph)
        else:
            out.append([glyph])
    return [sorted(row, key=lambda g: g.box.cx) for row in out]


def _nearest(printed: str, parts: Sequence[tuple[float, str, bool]]) -> str:
    """The row's reading, without those parts that may be a seal's and only take it further from the truth."""
    kept = list(parts)
    for part in [p for p in parts if p[2]]:
        without = [p for p in kept if p is not part]
        if _errors(printed, _joined(without)) < _errors(printed, _joined(kept)):
            kept = without
    return _joined(kept)


def _joined(parts: Iterable[tuple[float, str, bool]]) -> str:
    return "".join(text for _, text, _ in parts)


def _errors(printed: str, read: str) -> int:
    """Edits, tick boxes left out: each costs exactly one edit in every alignment, since no reading holds its mark."""
    return int(Levenshtein.distance(printed, read)) - printed.count(TICK_BOX)


def _errors_within(printed: str, read: str, flagged: Sequence[bool]) -> int:
    """Edits at flagged characters; one between two characters counts where either is flagged."""
    count = 0
    for edit in Levenshtein.editops(printed, read):
        at = edit.src_pos
        if edit.tag == "insert":
            count += any(flagged[max(0, at - 1) : at + 1])
        elif printed[at] != TICK_BOX:
            count += flagged[at]
    return count


__all__ = ["TICK_BOX", "Glyph", "PageScore", "Read", "Ring", "RowScore", "fold", "judge"]
