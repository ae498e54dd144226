"""Confidence fitted on truth, and how well the fit does on papers it has not seen.

In:    claims in full with the scores of their values, and truth in the contract's shape; the reader's version, the day.
Out:   `Fitted`: a `Calibration`, and of each value the chance of error that a fit without its submission gives it.
Fails: CalibrationInvalid where there is nothing to fit on.
Elsewhere: how a fit is used (pipeline/calibration.py), drawn (pipeline/accuracy/calibration_plot.py).

Thousands of values hold a few dozen errors, so the fit is small, and careful where it knows little. A curve for each standing falls with the score (isotonic
regression); each of its steps counts half an error more than was seen. Kinds of value and types of paper multiply it, drawn towards 1 as if `DRAWN` errors
had been seen and expected in each. How good the fit is, and what may be accepted, is always taken from submissions left out of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from extractors.confidence import accepts
from models.claim import Claim
from models.errors import CalibrationInvalid
from models.field import Field
from models.paper import Kind, kind_of
from pipeline.accuracy.scoring import judged
from pipeline.calibration import Calibration, Figures, Point, Standing, Step, between, standing

FOLDS = 8  # submissions are left out an eighth at a time
DRAWN = 3.0
ROUNDS = 30  # of settling kinds and types with each other
BINS = 10  # as the contract's scorer has them
TARGETS = (0.001, 0.002, 0.005)

G = TypeVar("G", Kind, str)


class Value(NamedTuple):
    """A value that was read, and whether it is right. where: its paper's type, or CLAIM."""

    batch: str
    submission: str
    where: str
    name: str
    field: Field
    right: bool


class Fitted(NamedTuple):
    """A fit, and for each of the values it came from the chance of error by a fit without its submission."""

    calibration: Calibration
    values: tuple[Value, ...]
    risks: tuple[float, ...]


class Outcome(NamedTuple):
    """What came of accepting. error: expected calibration error."""

    values: int
    accepted: int
    silent: int
    error: float

    @property
    def accepted_rate(self) -> float:
        return self.accepted / self.values if self.values else 0.0

    @property
    def silent_rate(self) -> float:
        return self.silent / self.accepted if self.accepted else 0.0

    def figures(self) -> dict[str, Any]:
        return {"accepted_rate": round(self.accepted_rate, 4), "silent_errors": self.silent, "silent_error_rate": round(self.silent_rate, 5), "calibration_error": round(self.error, 4)}


class Bin(NamedTuple):
    """Values of about one confidence: how many, their mean confidence, how many are right."""

    size: int
    confidence: float
    right: int


def values_of(batch: str, claim: Claim, truth: Mapping[str, Any]) -> Iterator[Value]:
    """The values that a claim shows, each held against truth."""
    shown = {
        "documents": [
            {"type": paper.type.value, "parts": [part.model_dump() for part in paper.parts], "fields": _records(paper.fields)} for paper in claim.papers],
        "fields": _records(claim.fields),
    }
    for where, name, record, right in judged(truth, shown):
        yield Value(batch, claim.submission_id, where, name, record["field"], right)


def _records(fields: Mapping[str, Field]) -> dict[str, dict[str, Any]]:
    return {name: {"value": field.value, "field": field} for name, field in fields.items()}


def fit(values: Sequence[Value], reader: str, day: date) -> Fitted:
    """A fit on all the values. Raises CalibrationInvalid where they come from fewer than two submissions."""
    submissions = sorted({(v.batch, v.submission) for v in values})
    if len(submissions) < 2:
        raise CalibrationInvalid(f"Confidence can't be fitted on {len(submissions)} submission(s): name runs and truth that share at least two.")
    fold = {submission: n % FOLDS for n, submission in enumerate(submissions)}
    risks = [0.0] * len(values)
    nothing = Figures(submissions=0, values=0, wrong=0, error=0.0)
    for left in set(fold.values()):
        part = _fit([v for v in values if fold[v.batch, v.submission] != left], reader, day, nothing)
        for n, v in enumerate(values):
            if fold[v.batch, v.submission] == left:
                risks[n] = part.risk(v.where, v.name, v.field)
    figures = Figures(
        submissions=len(submissions), values=len(values), wrong=sum(not v.right for v in values),
        error=round(calibration_error((1 - risk, v.right) for v, risk in zip(values, risks, strict=True)), 5))
    whole = _fit(values, reader, day, figures)
    own = [whole.risk(v.where, v.name, v.field) for v in values]
    return Fitted(whole.model_copy(update={"steps": tuple(_steps(values, risks, own))}), tuple(values), tuple(risks))


def _fit(values: Sequence[Value], reader: str, day: date, figures: Figures) -> Calibration:
    curves = {which: tuple(_curve([(v.field.score, not v.right) for v in values if standing(v.field) is which])) for which in Standing}
    base = [between(curves[standing(v.field)], v.field.score) for v in values]
    kinds, types = _multipliers(values, base)
    return Calibration(reader=reader, fitted=day, figures=figures, curves=curves, kinds=kinds, types=types)


def _curve(seen: Iterable[tuple[float, bool]]) -> Iterator[Point]:
    """Chance of error over the score, never rising: level over each stretch that isotonic regression finds, half an error added to each. seen: score, whether wrong."""
    at: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for score, wrong in seen:
        at[score][0] += 1
        at[score][1] += wrong
    stretches = [(score, score, count, errors) for score, (count, errors) in sorted(at.items())]
    for rate in (lambda count, errors: errors / count, _careful):
        stretches = _never_rising(stretches, rate)
    if not stretches:  # nothing of the kind was seen: as likely wrong as right
        yield Point(1.0, 0.5)
    for low, high, count, errors in stretches:
        yield Point(low, round(_careful(count, errors), 6))
        if high > low:
            yield Point(high, round(_careful(count, errors), 6))


def _careful(count: int, errors: int) -> float:
    return (errors + 0.5) / (count + 1)


_Stretch = tuple[float, float, int, int]  # lowest and highest score, values, errors


def _never_rising(stretches: Iterable[_Stretch], rate: Callable[[int, int], float]) -> list[_Stretch]:
    """Neighbours joined until the rate falls from each to the next (pool adjacent violators)."""
    out: list[_Stretch] = []
    for stretch in stretches:
        out.append(stretch)
        while len(out) > 1 and rate(*out[-1][2:]) >= rate(*out[-2][2:]):
            right, left = out.pop(), out.pop()
            out.append((left[0], right[1], left[2] + right[2], left[3] + right[3]))
    return out


def _multipliers(values: Sequence[Value], base: Sequence[float]) -> tuple[dict[Kind, float], dict[str, float]]:
    """What kinds of value and types of paper make of the curves' chances of error, settled in turns. base: those of the values by the curves alone."""
    cells: dict[tuple[Kind, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for value, risk in zip(values, base, strict=True):
        cell = cells[kind_of(value.name), value.where]
        cell[0] += not value.right
        cell[1] += risk
    kinds, types = {kind: 1.0 for kind, _ in cells}, {where: 1.0 for _, where in cells}
    for _ in range(ROUNDS):
        kinds = _ratios((kind, wrong, due * types[where]) for (kind, where), (wrong, due) in cells.items())
        types = _ratios((where, wrong, due * kinds[kind]) for (kind, where), (wrong, due) in cells.items())
    return {kind: round(x, 4) for kind, x in sorted(kinds.items())}, {where: round(x, 4) for where, x in sorted(types.items())}


def _ratios(cells: Iterable[tuple[G, float, float]]) -> dict[G, float]:
    """Errors seen over errors expected, by group, drawn towards 1."""
    seen: dict[G, float] = defaultdict(lambda: DRAWN)
    due: dict[G, float] = defaultdict(lambda: DRAWN)
    for group, wrong, expected in cells:
        seen[group] += wrong
        due[group] += expected
    return {group: seen[group] / due[group] for group in due}


def _steps(values: Sequence[Value], left_out: Sequence[float], own: Sequence[float]) -> Iterator[Step]:
    """What accepting ever more costs: one step for each number of wrong ones, the longest.

    left_out, own: chances of error by the fits without each value and by the fit itself. The former tell what is wrong among so many of the surest values;
    a step bears the chance of error at which the fit itself accepts as many.
    """
    open_to = [n for n, value in enumerate(values) if standing(value.field) is not Standing.DOUBTED]
    at: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for n in open_to:
        at[left_out[n]][0] += 1
        at[left_out[n]][1] += not values[n].right
    surest = sorted(own[n] for n in open_to)
    accepted = wrong = 0
    for _, (count, errors) in sorted(at.items()):
        if errors and accepted:
            yield Step(surest[accepted - 1], accepted, wrong)
        accepted, wrong = accepted + count, wrong + errors
    if accepted:
        yield Step(surest[accepted - 1], accepted, wrong)


# ---------------------------------------------------------------- how good it is


def bins(said: Iterable[tuple[float, bool]], count: int = BINS) -> list[Bin]:
    """Values by confidence, in `count` equal parts of 0 to 1, empty ones left out. said: confidence, whether right."""
    parts: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in said:
        parts[min(int(confidence * count), count - 1)].append((confidence, right))
    return [Bin(len(own), sum(c for c, _ in own) / len(own), sum(r for _, r in own)) for _, own in sorted(parts.items())]


def calibration_error(said: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error: how far confidence and share of right values lie apart, averaged over the values."""
    parts = bins(said)
    return sum(abs(b.confidence * b.size - b.right) for b in parts) / max(1, sum(b.size for b in parts))


def outcome(said: Iterable[tuple[float, bool, bool]]) -> Outcome:
    """What came of it. said: confidence, whether accepted, whether right."""
    every = list(said)
    return Outcome(len(every), sum(a for _, a, _ in every), sum(a and not r for _, a, r in every), calibration_error((c, r) for c, _, r in every))


def as_scored(values: Iterable[Value]) -> Outcome:
    """What the scores alone accept, at the mark that extraction sets."""
    return outcome((v.field.score, accepts(v.field.score) and v.field.borne_out is not False, v.right) for v in values)


def settled(calibration: Calibration, allowed: float, values: Iterable[Value]) -> list[tuple[float, bool, bool]]:
    """Confidence, acceptance and truth of values under a fit."""
    limit = calibration.limit(allowed)
    risks = ((v, calibration.risk(v.where, v.name, v.field)) for v in values)
    return [(1 - risk, standing(v.field) is not Standing.DOUBTED and risk <= limit, v.right) for v, risk in risks]


def left_out(values: Sequence[Value], allowed: Sequence[float], reader: str, day: date) -> dict[float, Outcome]:
    """What a fit on the other batches does on each batch, by share of silent errors allowed; where there is one batch, on each quarter of its submissions."""
    batches = {v.batch for v in values}
    order = {submission: str(n % 4) for n, submission in enumerate(sorted({v.submission for v in values}))}
    group = [v.batch if len(batches) > 1 else order[v.submission] for v in values]
    said: dict[float, list[tuple[float, bool, bool]]] = {share: [] for share in allowed}
    for left in sorted(set(group)):
        own = fit([v for v, g in zip(values, group, strict=True) if g != left], reader, day).calibration
        for share in allowed:
            said[share] += settled(own, share, [v for v, g in zip(values, group, strict=True) if g == left])
    return {share: outcome(every) for share, every in said.items()}
