"""What our papers call themselves and what they say, by type.

In:    sorting.toml. Out: `Words`, one for each type, ready to be compared with lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.paper import PaperType
from models.text import compact

_LETTERS = 509  # bits for the letters of a text
_BYTES = 64  # that hold them


class Title(NamedTuple):
    """A heading, how many of its characters may be misread, and its letters (`letters_of`): a line that lacks more of them can't be it."""

    text: str
    errors: int
    letters: int


@dataclass(frozen=True)
class Words:
    """What sorting.toml says of one type."""

    type: PaperType
    more: float
    titles: tuple[Title, ...]
    hints: tuple[Title, ...]
    patterns: tuple[re.Pattern[str], ...]
    excluded: tuple[str, ...]
    cues: Mapping[str, float]
    further: Mapping[str, float]
    exact: bool
    marks: tuple[tuple[re.Pattern[str], float], ...]
    later: tuple[tuple[re.Pattern[str], float], ...]


@lru_cache(maxsize=1)
def vocabulary() -> tuple[Words, ...]:
    """The table of headings and cues, one entry a type."""
    data = tomllib.loads(Path(__file__).with_name("sorting.toml").read_text(encoding="utf-8"))
    return tuple(
        Words(
            type=PaperType(name),
            more=float(d.get("more", 0.0)),
            titles=tuple(_title(t) for t in d.get("titles", ())),
            hints=tuple(_title(t) for t in d.get("hints", ())),
            patterns=tuple(re.compile(p) for p in d.get("patterns", ())),
            excluded=tuple(compact(t) for t in d.get("not", ())),
            cues={compact(k): float(v) for k, v in d.get("cues", {}).items()},
            further={compact(k): float(v) for k, v in d.get("further", {}).items()},
            exact=bool(d.get("exact", False)),
            marks=tuple((re.compile(k), float(v)) for k, v in d.get("marks", {}).items()),
            later=tuple((re.compile(k), float(v)) for k, v in d.get("later", {}).items()),
        )
        for name, d in data.items()
    )


def _title(text: str) -> Title:
    key = compact(text)
    n = len(key)
    return Title(key, 0 if n <= 3 else 1 if n <= 6 else 2 if n <= 11 else 3, letters_of(key))


def letters_of(text: str) -> int:
    """A text's characters as a set of bits. Two may share one, so that a text may seem to have one that it lacks, never the other way round."""
    bits = 0
    for c in set(text):
        bits |= 1 << ord(c) % _LETTERS
    return bits


def _words_of(letters: int) -> npt.NDArray[np.uint64]:
    return np.frombuffer(letters.to_bytes(_BYTES, "little"), np.uint64)


class _Places(NamedTuple):
    """All titles and hints, each one's letters and errors; whose they are: the place of the type's `Words`, and whether they are hints."""

    titles: tuple[Title, ...]
    letters: npt.NDArray[np.uint64]
    errors: npt.NDArray[np.uint8]
    whose: tuple[tuple[int, bool], ...]


@lru_cache(maxsize=1)
def _places() -> _Places:
    every = [(title, (n, hint)) for n, words in enumerate(vocabulary()) for hint, some in ((False, words.titles), (True, words.hints)) for title in some]
    return _Places(tuple(t for t, _ in every), np.stack([_words_of(t.letters) for t, _ in every]), np.array([t.errors for t, _ in every], np.uint8), tuple(w for _, w in every))


def titles_perhaps_in(letters: int) -> Mapping[tuple[int, bool], Sequence[Title]]:
    """The titles that a line of these letters may be, with no more of theirs lacking than may be misread; by the place of the type in `vocabulary()` and whether they are hints."""
    places = _places()
    lacking = np.bitwise_count(places.letters & ~_words_of(letters)).sum(axis=1)
    out: dict[tuple[int, bool], list[Title]] = {}
    for at in np.flatnonzero(lacking <= places.errors):
        out.setdefault(places.whose[at], []).append(places.titles[at])
    return out
