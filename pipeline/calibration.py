"""What a score is worth: the chance that a value is right, and whether it is accepted.

In:    a claim whose fields carry scores (extractors/confidence.py, pipeline/evidence.py); a fit (pipeline/accuracy/calibrate.py); the share of silent errors allowed.
Out:   the same claim: `confidence` is the chance that the value equals truth, `accepted` says that nobody need look, `scored` keeps the score.
Fails: CalibrationInvalid for a file that is no fit.
Elsewhere: how a fit is made and checked (pipeline/accuracy/calibrate.py). Rules go on comparing scores (`Field.score`).

The chance of error is read off a curve over the score, one for values that a check bore out, one for those no check spoke of, one for those that failed one;
it is multiplied by what the value's kind and the paper's type have made of it. Accepted is what no check speaks against and whose chance of error lies
below a limit. The limit is the highest at which, on papers left out of the fit, the wrong among the accepted stay within the allowed share even if
we were unlucky with them: their upper bound at 90 %. A value whose own chance of error is more than five times the share isn't
accepted, however rare such values are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from models.claim import Claim
from models.errors import CalibrationInvalid
from models.field import Field
from models.page import Frozen
from models.paper import CLAIM, Buyer, Kind, Paper, kind_of

LEAST_RISK, MOST_RISK = 0.001, 0.99  # about one value in a thousand is read for sure and wrong, which no score sees
ALONE = 5  # times the allowed share that a single value's chance of error may be, however few such values there are: a doubtful amount isn't accepted because most like it were right
UNLUCKY = 0.10  # chance that the true share of errors lies above its upper bound
_ANY_MACHINE = re.compile(r"-(openvino|onnxruntime)\b| bf16=\w+")  # the same networks with other arithmetic


class Standing(StrEnum):
    """What checks said of a value."""

    BORNE_OUT = "borne_out"
    UNCHECKED = "unchecked"
    DOUBTED = "doubted"


class Point(NamedTuple):
    """A place on a curve: a score and the chance of error there."""

    score: float
    risk: float


class Step(NamedTuple):
    """If everything up to this chance of error is accepted: how many values that is, and how many of them are wrong, of papers left out of the fit."""

    risk: float
    accepted: int
    wrong: int


class Figures(Frozen):
    """How a fit did, on submissions left out of it. error: expected calibration error; all others are counts."""

    submissions: int
    values: int
    wrong: int
    error: float


class Calibration(Frozen):
    """A fit. curves: chance of error over the score, by standing; kinds, types: what to multiply it by, 1 where nothing is known; steps: with rising risk.

    reader: version of the reader whose pages it was fitted on; fitted: the day.
    """

    reader: str
    fitted: date
    figures: Figures
    curves: Mapping[Standing, tuple[Point, ...]]
    kinds: Mapping[Kind, float] = {}
    types: Mapping[str, float] = {}
    steps: tuple[Step, ...] = ()

    def risk(self, where: str, name: str, field: Field) -> float:
        """The chance that a value is wrong. where: the type of its paper, or CLAIM."""
        base = between(self.curves[standing(field)], field.score)
        return min(MOST_RISK, max(LEAST_RISK, base * self.kinds.get(kind_of(name), 1.0) * self.types.get(where, 1.0)))

    def limit(self, allowed: float) -> float:
        """The highest chance of error that may be accepted if `allowed` (a share) of the accepted may be wrong; 0, which nothing reaches, where the fit can't vouch for any."""
        vouched = max((step.risk for step in self.steps if most_wrong(step.wrong) <= allowed * step.accepted), default=0.0)
        return min(vouched, ALONE * allowed)

    def least(self) -> float:
        """The smallest share of silent errors that the fit can vouch for; 1 where it can vouch for none."""
        return min((most_wrong(step.wrong) / step.accepted for step in self.steps), default=1.0)

    def fits(self, reader: str) -> bool:
        """Whether a reader's scores are those of the fit: the same reader and networks, on whatever machine."""
        return _ANY_MACHINE.sub("", self.reader) == _ANY_MACHINE.sub("", reader)


class Acceptance(NamedTuple):
    """A fit put to use. allowed: share of accepted values that may be wrong."""

    calibration: Calibration
    allowed: float

    def settle(self, claim: Claim) -> Claim:
        """The claim with chances in place of scores, in its papers' fields and in its own; extracted rows and extras, which no truth speaks of, keep their scores."""
        limit = self.calibration.limit(self.allowed)

        def settled(where: str, name: str, field: Field) -> Field:
            risk = self.calibration.risk(where, name, field)
            return field.model_copy(
                update={"scored": field.score, "confidence": round(1 - risk, 4), "accepted": standing(field) is not Standing.DOUBTED and risk <= limit})

        def all_of(where: str, fields: Mapping[str, Field]) -> dict[str, Field]:
            return {name: settled(where, name, field) for name, field in fields.items()}

        def paper(one: Paper) -> Paper:
            return one.model_copy(update={"fields": all_of(one.type.value, one.fields)})

        def buyer(one: Buyer) -> Buyer:
            return Buyer(name=one.name and settled(CLAIM, "buyer_name", one.name), quantity=one.quantity and settled(CLAIM, "quantity", one.quantity))

        return claim.model_copy(
            update={"papers": tuple(map(paper, claim.papers)), "fields": all_of(CLAIM, claim.fields), "buyers": tuple(map(buyer, claim.buyers))})


def standing(field: Field) -> Standing:
    """What checks said of a value."""
    return Standing.UNCHECKED if field.borne_out is None else Standing.BORNE_OUT if field.borne_out else Standing.DOUBTED


def between(points: Sequence[Point], score: float) -> float:
    """The curve's value at a score: straight between its points, level beyond them."""
    after = next((n for n, point in enumerate(points) if point.score >= score), len(points))
    if after == 0 or after == len(points):
        return points[min(after, len(points) - 1)].risk
    left, right = points[after - 1], points[after]
    return left.risk + (right.risk - left.risk) * (score - left.score) / (right.score - left.score)


@cache
def most_wrong(seen: int, unlucky: float = UNLUCKY) -> float:
    """The most errors to expect where some were seen: the mean at which so few would be seen with a chance of `unlucky` only (Poisson, one-sided)."""
    low, high = float(seen), seen + 10 * math.sqrt(seen + 1) + 10
    for _ in range(60):
        mean = (low + high) / 2
        chance = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(seen + 1))
        low, high = (mean, high) if chance > unlucky else (low, mean)
    return high


def load(file: Path | None = None) -> Calibration:
    """A fit from its file, the shipped one where none is named. Raises CalibrationInvalid."""
    try:
        return Calibration.model_validate_json(file.read_bytes() if file else (files("pipeline") / "calibration.json").read_bytes())
    except OSError as error:
        raise CalibrationInvalid(f"{file}: can't be read ({error.strerror}). Name a file that intake calibrate wrote.") from None
    except ValidationError:
        raise CalibrationInvalid(f"{file}: holds no fit of confidence. Name a file that intake calibrate wrote.") from None


__all__ = ["Acceptance", "Calibration", "Figures", "Point", "Standing", "Step", "between", "load", "most_wrong", "standing"]
