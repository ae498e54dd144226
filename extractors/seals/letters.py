"""Letters on a seal's arc: the even row they stand in, and what several looks at them see together.

In:    readings of the strip that the arc was unrolled to; places are shares of it.
Out:   one reading; the chances at each place; where each letter's middle is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extractors.ocr.recognition import Place, Reading
from models.page import Chances

FULL_WIDTH = str.maketrans("()", "（）")


class Letters(NamedTuple):
    """Where an arc's letters stand: their middles and how far apart they are, in shares of the strip."""

    middles: tuple[float, ...]
    pitch: float

    @property
    def ends(self) -> tuple[float, float]:
        return self.middles[0] - self.pitch / 2, self.middles[-1] + self.pitch / 2


def row_of_letters(reading: Reading) -> Letters | None:
    """The even row that a reading's letters stand in, with one more place at either end where there is room; None where too few were read to tell."""
    if len(reading.at) < 4:
        return None
    usual = max(_pitch(reading), 1e-3)
    row = [(reading.at[0], 0)]
    for at in reading.at[1:]:
        steps = (at - row[-1][0]) / usual
        if steps > 0.7:  # nearer than that stands a mark, or part of a letter
            row.append((at, row[-1][1] + max(1, round(steps))))
    places, number = np.array([at for at, _ in row]), np.array([n for _, n in row])
    if len(row) < 4:
        return None
    pitch, first = np.polyfit(number, places, 1)
    near = np.abs(first + pitch * number - places) < 0.3 * usual  # what was overlooked or made up moves what follows
    if near.sum() >= 4:
        pitch, first = np.polyfit(number[near], places[near], 1)
    if not 0.02 < pitch < 0.5:
        return None
    middles = tuple(m for k in range(-1, int(number[-1]) + 2) if 0.2 * pitch < (m := float(first + pitch * k)) < 1 - 0.2 * pitch)
    return Letters(middles, float(pitch)) if len(middles) >= 4 else None


def _pitch(reading: Reading) -> float:
    """How far apart letters usually stand, as a share of the strip."""
    steps = sorted(b - a for a, b in pairwise(reading.at))
    return steps[len(steps) // 2] if steps else 0.1


def evenly(reading: Reading) -> bool:
    """Whether letters follow each other without a hole, from one end of the strip to the other: nothing was overlooked."""
    pitch = _pitch(reading)
    return all(b - a < 1.5 * pitch for a, b in pairwise(reading.at)) and reading.at[0] < 1.4 * pitch and 1 - reading.at[-1] < 1.4 * pitch


def _places(reading: Reading) -> tuple[Place, ...]:
    """What a reading sees at each place; an engine that doesn't tell sees just what it read."""
    return reading.places or tuple(Place(at, ((c, sure), ("", 1 - sure))) for at, c, sure in zip(reading.at, reading.text, reading.sure, strict=True))


def told(reading: Reading) -> tuple[Chances, ...]:
    """What may stand where, with the gaps into which a character would go: letters on an arc stand evenly."""
    pitch = _pitch(reading)
    out: list[Chances] = []
    faint: list[Place] = []  # since the last letter
    last: float | None = None
    for place in _places(reading):
        if place.chances[0][0] == "":
            faint.append(place)
            continue
        room = max(0, round((place.at - last) / pitch - 0.1) - 1) if last is not None else 0
        likeliest = sorted(sorted(faint, key=lambda p: p.chances[0][1])[:room], key=lambda p: p.at)
        out += [_gap(p) for p in likeliest] + [(("", 1.0),)] * (room - len(likeliest)) if room else [_chances(p) for p in faint]
        out.append(_chances(place))
        last, faint = place.at, []
    return (*out, *(_chances(p) for p in faint))


def _chances(place: Place) -> Chances:
    return tuple((c.translate(FULL_WIDTH), chance) for c, chance in place.chances)


def _gap(place: Place) -> Chances:
    """A place where a letter must be, though hardly any was seen."""
    return (("", 1.0), *((c, chance) for c, chance in _chances(place) if c))


def _likeliest(place: Place) -> str:
    return place.chances[0][0] if place.chances else ""


def _together(readings: Sequence[Reading], pitch: float) -> list[list[tuple[float, int, Place]]]:
    """What several looks see (where, which look, what) by the place on the arc that it belongs to, in their order."""
    seen = sorted(((place.at, look, place) for look, r in enumerate(readings) for place in _places(r)), key=lambda one: one[:2])
    groups: list[list[tuple[float, int, Place]]] = []
    for one in seen:  # letters first, or a faint trace between two of them would stand for either
        if not (c := _likeliest(one[2])):
            continue
        last = groups[-1] if groups else []
        away = one[0] - sum(p[0] for p in last) / len(last) if last else math.inf
        # The same letter a little further on, seen by another look, is that letter.
        near = 0.8 if any(_likeliest(p[2]) == c for p in last) else 0.5
        if away < near * pitch and one[1] not in {p[1] for p in last}:
            last.append(one)
        else:
            groups.append([one])
    for one in seen:
        if not _likeliest(one[2]):
            off, nearest = min(((abs(one[0] - sum(p[0] for p in group) / len(group)), group) for group in groups if one[1] not in {p[1] for p in group}), key=lambda g: g[0], default=(math.inf, []))
            if off < 0.5 * pitch:
                nearest.append(one)
            else:
                groups.append([one])
    return sorted(groups, key=lambda group: sum(p[0] for p in group) / len(group))


def agreed_on(readings: list[Reading]) -> Reading:
    """One reading out of several of the same strip: what they see at one place is averaged; what only one of them saw must be sure."""
    if len(readings) < 2:
        return readings[0] if readings else Reading("", (), ())
    pitch = _pitch(max(readings, key=_worth))
    groups = _together(readings, pitch)
    kept: list[tuple[float, str, float]] = []
    doubtful: list[tuple[float, str, float]] = []
    places: list[Place] = []
    for group in groups:
        votes: dict[str, float] = {}
        for _, _, place in group:
            for c, chance in place.chances:
                votes[c] = votes.get(c, 0.0) + chance / len(readings)
        votes[""] = votes.get("", 0.0) + 1 - len(group) / len(readings)
        place = Place(sum(p[0] for p in group) / len(group), tuple(sorted(((c, round(v, 4)) for c, v in votes.items() if v >= 0.01), key=lambda v: -v[1]))[:8])
        places.append(place)
        c, sure = next(((c, v) for c, v in place.chances if c), ("", 0.0))
        if c:
            (kept if sure >= votes[""] else doubtful).append((place.at, c, sure))
    # Letters stand evenly: where one is missing between two others, even a doubtful one is likelier than none.
    for at, c, sure in doubtful:
        before = max((p[0] for p in kept if p[0] < at), default=None)
        after = min((p[0] for p in kept if p[0] > at), default=None)
        inside = before is not None and after is not None and after - before > 1.6 * pitch and min(at - before, after - at) > 0.6 * pitch
        # So too before the first or after the last letter that is certain, one step away, if it is a Chinese character read more than once.
        ends = [p for p in (before, after) if p is not None]
        outside = len(ends) == 1 and 0.7 * pitch < abs(at - ends[0]) < 1.4 * pitch
        if inside or (outside and "\u4e00" <= c <= "\u9fff" and sure > 0.25):
            kept.append((at, c, sure))
            kept.sort()
    return Reading("".join(c for _, c, _ in kept), tuple(at for at, _, _ in kept), tuple(sure for _, _, sure in kept), tuple(places))


def _worth(reading: Reading) -> float:
    """Chinese characters read for sure."""
    return sum(s for c, s in zip(reading.text, reading.sure, strict=True) if "\u4e00" <= c <= "\u9fff" and s > 0.3) * reading.confidence
