"""A value read from paper: what it means, what was printed, where it stood, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from models.geometry import Box
from models.page import Frozen

MOST_OTHERS = 5


class Region(Frozen):
    """A place on a page: which file, which page from 1, which part of the upright page."""

    file: str
    page: int
    box: Box


class Reading(NamedTuple):  # a claim holds hundreds of these: as tuples they are read from disk three times as fast
    """What a value's first confidence is made of; each of the three is 0 to 1.

    characters: how surely the weakest was read; place: how surely the place is the field's; fit: how well the text fits the format.
    weak: characters that weren't read for sure, the weakest first. label, how: the label found and where the value stood to it
    (inline, cell, right, below), "" where another mark of the place led there.
    """

    characters: float
    place: float
    fit: float
    weak: tuple[tuple[str, float], ...] = ()
    label: str = ""
    how: str = ""


class Other(NamedTuple):
    """A candidate that was read beside the value and lost. why: in Chinese, for people."""

    value: str
    raw: str
    confidence: float
    source: Region | None
    why: str


class Step(NamedTuple):
    """What a check did to the confidence. before: None in a value stored before this was kept."""

    why: str
    before: float | None
    after: float


class Field(Frozen):
    """One value. Absent values have no Field: there is no null and no guess.

    value: in the contract's format for the field's kind (money "379470.00", percent "2.6", date "2021-01-31", yes/no as bool).
    raw: as printed. confidence: 0 to 1. accepted: no person need look. why: what moved the confidence, for people.
    reading: the score before a check first lowered it, 0 where none did: a paper's own error is read well and fails its check all the same.
    before: the score before each `why`. read: where the first score came from. others: candidates of the same paper that lost.
    borne_out: what the last check said of it: True bears it out, False speaks against it, None where no check has spoken.
    scored: the score that extraction and checks gave, once `confidence` has become the chance that the value is right; None before.
    """

    value: str | bool
    raw: str = ""
    confidence: float = 0.0
    accepted: bool = False
    source: Region | None = None
    why: tuple[str, ...] = ()
    reading: float = 0.0
    before: tuple[float, ...] = ()
    read: Reading | None = None
    others: tuple[Other, ...] = ()
    borne_out: bool | None = None
    scored: float | None = None

    @property
    def score(self) -> float:
        """What extraction and checks gave, on whose scale rules and checks compare."""
        return self.confidence if self.scored is None else self.scored

    @property
    def steps(self) -> tuple[Step, ...]:
        """The checks in the order in which they spoke."""
        before: list[float | None] = [*(None,) * (len(self.why) - len(self.before)), *self.before]
        after = [self.score if then is None else then for then in (*before[1:], None)]
        return tuple(Step(*step) for step in zip(self.why, before, after, strict=True)) if self.why else ()

    @property
    def as_read(self) -> float:
        """How surely it was read, whatever checks said afterwards."""
        return max(self.reading, self.score)

    @property
    def text(self) -> str:
        """The value as text, yes/no as "true" and "false"."""
        return ("true" if self.value else "false") if isinstance(self.value, bool) else self.value

    @property
    def decimal(self) -> Decimal | None:
        """The value as a number, None where it isn't one."""
        return _decimal(self.text)

    def noted(self, why: str, **changed: Any) -> Field:
        """The same field with these attributes changed, and why. What it was worth before is no longer known: only its score stays."""
        return self.model_copy(update={"confidence": self.score, "scored": None, **changed, "why": (*self.why, why), "before": (*self.before, self.score)})

    def lowered(self, confidence: float, why: str) -> Field:
        """The same value, scored no higher than `confidence` and not accepted."""
        return self.noted(why, confidence=min(self.score, confidence), accepted=False, reading=self.as_read, borne_out=False)

    def raised(self, confidence: float, why: str) -> Field:
        """The same value, scored at least as high as `confidence`."""
        return self.noted(why, confidence=max(self.score, confidence), borne_out=True)

    def corrected(self, value: str, confidence: float, accepted: bool, why: str) -> Field:
        """Another value than the one read, which `why` names; `raw` stays as printed, the place too."""
        return self.noted(why, value=value, confidence=confidence, accepted=accepted, borne_out=accepted)

    def over(self, losers: Iterable[tuple[Field, str]]) -> Field:
        """The same field, knowing candidates that lost to it, each with the reason in Chinese; at most `MOST_OTHERS` are kept."""
        known = {(other.value, other.source) for other in self.others}
        fresh = [
            Other(value=field.text, raw=field.raw, confidence=field.confidence, source=field.source, why=why)
            for field, why in losers if (field.text, field.source) not in known and (field.text, field.source) != (self.text, self.source)]
        return self.model_copy(update={"others": (*self.others, *fresh)[:MOST_OTHERS]}) if fresh else self


@lru_cache(maxsize=65536)
def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
