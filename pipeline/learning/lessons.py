"""Papers with their true names become lessons: the names are found again in the running text.

In:    a paper as it was read, its pages, the true names.
Out:   `Taught`: the running text with the place of each true name, and the names that can't be found in it.
Fails: never; a name that the text doesn't show is left out and counted.

The text is as it was read, the truth as it is: a character misread, a line break or the border of a column don't keep a name from being found.
A name that several fields of a paper share (the policyholder is mostly the insured) is a lesson for the field beside whose known place it stands;
where no place is known, for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from extractors.language.names import LEARNED, Lesson, lesson
from extractors.language.running import RunningText
from models.field import Region
from models.page import Page
from models.paper import Paper
from models.text import compact

ALIKE = 86.0  # per cent: a character in seven misread
LEAST = 4  # characters of a name that is looked for by likeness; a shorter one must be there as it is


class Told(NamedTuple):
    """A paper as the rules read it, its pages in order, and what is true of it: names by field, and where they stand as far as that is known."""

    submission_id: str
    paper: Paper
    pages: tuple[Page, ...]
    truth: Mapping[str, str]
    places: Mapping[str, Region] = {}


class Taught(NamedTuple):
    """What a paper teaches. missing: fields whose true name its text doesn't show."""

    submission_id: str
    lesson: Lesson
    missing: tuple[str, ...]


def taught(told: Told) -> Taught:
    """The lesson of one paper."""
    running = RunningText.of(told.pages)
    names = {field: compact(told.truth[field]) for field in LEARNED.get(told.paper.type, ()) if told.truth.get(field)}
    spans: list[tuple[int, int, str]] = []
    missing: list[str] = []
    for field, name in names.items():
        found = occurrences(running.text, name)
        if list(names.values()).count(name) > 1 and field in told.places:
            found = [span for span in found if _at(running, span, told.places[field])] or found
        spans += [(start, end, field) for start, end in found]
        if not lesson(running.text, [(start, end, field) for start, end in found]).spans:
            missing.append(field)
    return Taught(told.submission_id, lesson(running.text, spans), tuple(missing))


def occurrences(text: str, name: str) -> list[tuple[int, int]]:
    """Where a name stands in a text, by offsets of characters: everywhere that it stands as it is, else the one place where something much like it does.

    Line feeds and tabs may stand within it. A name within a longer word (丝杠 in 滚珠丝杠) is none.
    """
    kept = [i for i, c in enumerate(text) if c not in "\n\t"]
    bare = "".join(text[i] for i in kept)

    def whole(start: int, end: int) -> bool:
        first, last = kept[start], kept[end - 1]
        return not (_continues(text[first - 1 : first], name[0]) or _continues(text[last + 1 : last + 2], name[-1]))

    exact = [m.span() for m in re.finditer(re.escape(name), bare)]
    found = [span for span in exact if whole(*span)] or exact
    if not found and len(name) >= LEAST:
        near = fuzz.partial_ratio_alignment(name, bare, score_cutoff=ALIKE)
        if near is not None and near.src_end - near.src_start >= len(name) - 1 and near.dest_end > near.dest_start:
            found = [(near.dest_start, near.dest_end)]
    return [(kept[start], kept[end - 1] + 1) for start, end in found]


def _continues(beside: str, own: str) -> bool:
    """Whether a word goes on from a name's edge to the character beside it. Chinese has no blanks: only letters and digits tell."""
    return bool(beside) and beside.isascii() and own.isascii() and beside.isalnum() and own.isalnum()


def _at(running: RunningText, span: tuple[int, int], place: Region) -> bool:
    region = running.piece(*span).region
    box, other = region.box, place.box
    level = min(box.y1, other.y1) - max(box.y0, other.y0) > 0.4 * min(box.height, other.height)
    return region.file == place.file and region.page == place.page and level and min(box.x1, other.x1) > max(box.x0, other.x0)


def missing_counts(some: Sequence[Taught]) -> dict[str, int]:
    """How often a field's name couldn't be found."""
    out: dict[str, int] = {}
    for one in some:
        for field in one.missing:
            out[field] = out.get(field, 0) + 1
    return out
