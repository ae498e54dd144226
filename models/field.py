"""A value read from paper: what it means, what was printed, where it stood, how sure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache

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
    reading: the confidence before a check first lowered it, 0 where none did: a paper's own error is read well and fails its check all the same.
    """

    value: str | bool
    raw: str = ""
    confidence: float = 0.0
    accepted: bool = False
    source: Region | None = None
    why: tuple[str, ...] = ()
    reading: float = 0.0

    @property
    def as_read(self) -> float:
        """How surely it was read, whatever checks said afterwards."""
        return max(self.reading, self.confidence)

    @property
    def text(self) -> str:
        """The value as text, yes/no as "true" and "false"."""
        return ("true" if self.value else "false") if isinstance(self.value, bool) else self.value

    @property
    def decimal(self) -> Decimal | None:
        """The value as a number, None where it isn't one."""
        return _decimal(self.text)

    def lowered(self, confidence: float, why: str) -> Field:
        """The same value, no surer than `confidence` and not accepted."""
        return self.model_copy(update={"confidence": min(self.confidence, confidence), "accepted": False, "why": (*self.why, why), "reading": self.as_read})

    def raised(self, confidence: float, why: str) -> Field:
        """The same value, at least as sure as `confidence`."""
        return self.model_copy(update={"confidence": max(self.confidence, confidence), "why": (*self.why, why)})


@lru_cache(maxsize=65536)
def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
