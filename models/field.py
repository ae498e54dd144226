"""A value read from paper: what it means, what was printed, where it stood, how sure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from models.geometry import Box
from models.page import Frozen


class Region(Frozen):
    """A place on a page: which file, which page from 1, which part of the upright page."""

    file: str
    page: int
    box: Box


class Field(Frozen):
    """One value. Absent values have no Field: there is no null and no guess.

    value: in the contract's format for the field's kind (money "379470.00", percent "2.6", date "2021-01-31", yes/no as bool).
    raw: as printed. confidence: 0 to 1. accepted: no person need look. why: what moved the confidence, for people.
    reading: the score before a check first lowered it, 0 where none did: a paper's own error is read well and fails its check all the same.
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
    borne_out: bool | None = None
    scored: float | None = None

    @property
    def score(self) -> float:
        """What extraction and checks gave, on whose scale rules and checks compare."""
        return self.confidence if self.scored is None else self.scored

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
        try:
            return Decimal(self.text)
        except InvalidOperation:
            return None

    def lowered(self, confidence: float, why: str) -> Field:
        """The same value, scored no higher than `confidence` and not accepted."""
        return self._checked(min(self.score, confidence), why, borne_out=False).model_copy(update={"accepted": False, "reading": self.as_read})

    def raised(self, confidence: float, why: str) -> Field:
        """The same value, scored at least as high as `confidence`."""
        return self._checked(max(self.score, confidence), why, borne_out=True)

    def _checked(self, score: float, why: str, *, borne_out: bool) -> Field:
        return self.model_copy(update={"confidence": score, "scored": None, "why": (*self.why, why), "borne_out": borne_out})
