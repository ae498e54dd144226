"""A scheme's numbers and papers as people read them: what each rule allows in which track, which papers are to be handed in, and where the measure says so.

In:    a scheme, the language.
Out:   lines in the scheme's own order; numbers in words.
Fails: never.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from models.numbers import plain
from models.paper import Track
from models.scheme import ALL, Limit, Provision, Scheme
from pipeline.labels import Language, label


class Parameter(NamedTuple):
    """A number of the scheme. code: of the rule that goes by it; track: "" where it is the same in all; told: the number in words; limit: with clause and the measure's words."""

    code: str
    track: str
    told: str
    limit: Limit


class WantedPaper(NamedTuple):
    """Papers that a track's claims need, one of `types` each; where the measure says so."""

    track: str
    types: tuple[str, ...]
    said: Provision


def parameters(scheme: Scheme, language: Language = Language.ZH) -> Iterator[Parameter]:
    """Every number by which a rule goes."""
    for code, by_track in scheme.rules.items():
        for track, limit in by_track.items():
            if told := _told(limit, language):
                yield Parameter(code, "" if track == ALL else track, told, limit)


def wanted_papers(scheme: Scheme) -> Iterator[WantedPaper]:
    """The papers that claims need, track by track."""
    for track in scheme.tracks:
        for wanted in scheme.documents[track]:
            yield WantedPaper(track.value, tuple(kind.value for kind in wanted.types), wanted)


def track_words(track: str, language: Language = Language.ZH) -> str:
    """A track's name; of all tracks for ""."""
    return label("track", track, language) if track in set(Track) else label("limit", "all", language)


def _told(limit: Limit, language: Language) -> str:
    """A provision's numbers in words, "" where it sets none."""
    def say(name: str, number: Decimal, unit: str = "") -> str:
        amount = label("limit", unit, language).format(n=f"{number:,}" if unit == "yuan" else plain(number)) if unit else plain(number)
        return label("limit", name, language).format(n=amount)

    if limit.at_least is not None and limit.at_least == limit.at_most:
        parts = [say("just", limit.at_most, limit.unit)]
    else:
        parts = [say(name, number, limit.unit) for name, number in (("at_least", limit.at_least), ("at_most", limit.at_most)) if number is not None]
    parts += [say(name, number) for name, number in (("times", limit.times), ("times_component", limit.times_component)) if number is not None]
    return label("limit", "between", language).join(parts)
