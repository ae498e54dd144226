"""Whether a model of names is any good: rules alone, the model alone, and both together, against truth.

In:    papers with their true names (`lessons.Told`), as the rules read them; a model.
Out:   `settle`: what the model may be used for, field by field; `measure`: figures; `better`: whether one measure beats another.
Fails: never.

A model is trained on one part of the submissions, what it may be used for is settled on a second part, and it is measured on a third, which neither saw.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from extractors.language.names import LEARNED, Names, Said
from extractors.language.running import RunningText
from extractors.second_opinion import Trust, Trusts, Use, against, key, same, weigh
from models.field import Field
from models.page import Frozen
from models.text import compact
from pipeline.learning.lessons import Told

ADD_AT = 0.7  # lower bound of the share that is right before a model may add a name
BEAR_OUT_AT = 0.97  # the same of names on which both agree
DOUBT_AT = 0.25  # share of accepted names, among those against which the model speaks, that must be wrong before it may doubt one
UNSEEN_AT = 0.8  # lower bound of the share that is right, before a model may doubt or replace names where it didn't speak against one yet
LOOKS_FOR_A_SILENT_ERROR = 10  # names more that a person has to look at, for each accepted wrong one less
SURE = 1.64  # standard deviations: one side of 95 %


class Parts(NamedTuple):
    """Submissions apart: to train on, to settle what a model may be used for, to measure on."""

    train: tuple[Told, ...]
    settle: tuple[Told, ...]
    held: tuple[Told, ...]


def split(told: Sequence[Told], seed: int, held: float) -> Parts:
    """By submission, at random. held: the share to measure on; as much again is kept to settle with.

    With the same seed a submission stays in its part as others join, so that an earlier version is never measured on what it was trained on.
    """
    place = {one.submission_id: _fraction(f"{seed}/{one.submission_id}") for one in told}
    ids = sorted(place, key=lambda name: place[name])
    measured = {name for name in ids if place[name] < held} or set(ids[:1])
    settled = {name for name in ids if held <= place[name] < 2 * held and name not in measured} or set(ids[len(measured) : len(measured) + 1])
    return Parts(
        tuple(one for one in told if one.submission_id not in measured | settled), tuple(one for one in told if one.submission_id in settled),
        tuple(one for one in told if one.submission_id in measured),
    )


def _fraction(text: str) -> float:
    """0 to 1, evenly spread over texts."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


class Tally(Frozen):
    """Counts of one field. right, wrong (another value, or one where there is none), missed; accepted, and accepted though wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    accepted: int = 0
    silent: int = 0

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Of the true values; a wrong one is missed too."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def f1(self) -> float | None:
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else None

    def plus(self, other: Tally) -> Tally:
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in Tally.model_fields})


def _tally(value: str | None, true: str | None, accepted: bool) -> Tally:
    right = value is not None and value == true
    wrong = value is not None and not right
    return Tally(right=right, wrong=wrong, missed=true is not None and not right, accepted=accepted, silent=accepted and not right)


class Measure(Frozen):
    """Counts by "type.field": of rules alone, of the model alone, and of rules with the model beside them."""

    rules: dict[str, Tally] = {}
    model: dict[str, Tally] = {}
    together: dict[str, Tally] = {}


def total(tallies: Iterable[Tally]) -> Tally:
    """All added up."""
    out = Tally()
    for one in tallies:
        out = out.plus(one)
    return out


Answers = Mapping[int, Mapping[str, Said]]  # a paper's place among those asked about -> what the model says of it


def answers(told: Sequence[Told], names: Names | None) -> Answers:
    """What a model says of papers; nothing where there is no model."""
    return {n: names.said(RunningText.of(one.pages), one.paper.type) if names else {} for n, one in enumerate(told)}


class _Case(NamedTuple):
    name: str  # type.field
    found: Field | None
    said: Said | None
    true: str | None


def _cases(told: Sequence[Told], said: Answers) -> Iterable[_Case]:
    for n, one in enumerate(told):
        for field in LEARNED.get(one.paper.type, ()):
            true = one.truth.get(field)
            yield _Case(key(one.paper.type, field), one.paper.fields.get(field), said[n].get(field), compact(true) if true else None)


def measure(told: Sequence[Told], said: Answers, trusts: Trusts) -> Measure:
    """How right rules, model and both together are. trusts: what the model may be used for."""
    rules: dict[str, Tally] = {}
    model: dict[str, Tally] = {}
    together: dict[str, Tally] = {}
    for case in _cases(told, said):
        settled = weigh(case.found, case.said, trusts.get(case.name, Trust()))
        for into, value, accepted in (
            (rules, compact(case.found.text) if case.found else None, bool(case.found and case.found.accepted)),
            (model, case.said.piece.folded if case.said else None, False),
            (together, compact(settled.text) if settled else None, bool(settled and settled.accepted)),
        ):
            into[case.name] = into.get(case.name, Tally()).plus(_tally(value, case.true, accepted))
    return Measure(rules=rules, model=model, together=together)


def settle(told: Sequence[Told], said: Answers) -> dict[str, Trust]:
    """What a model may be used for, from papers that it wasn't trained on.

    Added names count by how right the model is where it says anything: where the rules find nothing there are too few to tell.
    """
    cases = list(_cases(told, said))
    out: dict[str, Trust] = {}
    for name in sorted({case.name for case in cases}):
        own = [case for case in cases if case.name == name and case.said]
        agreed = [case for case in own if case.found and case.said and same(case.found, case.said)]
        differ = [case for case in own if case.found and case.said and against(case.found, case.said)]
        sure = [case for case in differ if case.found and case.found.accepted]
        unsure = [case for case in differ if case not in sure]
        right = _at_least(own, _model_right)
        uses = set()
        if right >= ADD_AT:
            uses.add(Use.ADD)
        if _at_least(agreed, _rules_right) >= BEAR_OUT_AT:
            uses.add(Use.BEAR_OUT)
        if len(sure) - sum(map(_rules_right, sure)) >= DOUBT_AT * len(sure) if sure else right >= UNSEEN_AT:
            uses.add(Use.DOUBT)
        if sum(map(_model_right, unsure)) > sum(map(_rules_right, unsure)) if unsure else right >= UNSEEN_AT:
            uses.add(Use.REPLACE)
        if uses:
            out[name] = Trust(uses=frozenset(uses), right=round(right, 4))
    return out


def _model_right(case: _Case) -> bool:
    return case.said is not None and case.said.piece.folded == case.true


def _rules_right(case: _Case) -> bool:
    return case.found is not None and compact(case.found.text) == case.true


def _at_least(cases: Sequence[_Case], right: Callable[[_Case], bool]) -> float:
    """The share of cases that are right, as low as it may well be: Wilson's lower bound, 0 where there are none."""
    n = len(cases)
    if not n:
        return 0.0
    p, z = sum(map(right, cases)) / n, SURE
    return max(0.0, (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n))


def better(new: Mapping[str, Tally], old: Mapping[str, Tally]) -> bool:
    """Whether `new` beats `old`, both together with the rules and on the same papers: worse in nothing that counts and better in something.

    What counts: F1, silent errors, and names that a person must look at; each silent error less is worth some looks more.
    """
    a, b = total(new.values()), total(old.values())
    looks = b.accepted - a.accepted
    allowed = LOOKS_FOR_A_SILENT_ERROR * max(0, b.silent - a.silent)
    f1, before = a.f1 or 0.0, b.f1 or 0.0
    no_worse = f1 >= before and a.silent <= b.silent and looks <= allowed
    return no_worse and (f1 > before or a.silent < b.silent or looks < 0)
