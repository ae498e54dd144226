"""The score of a value: how sure reading and checks make it, before experience says what that is worth.

In:    how well it was read (weakest character), how it was found beside its label, how well it fits its format; then what checks say.
Out:   a score of 0 to 1, in `confidence`, and `accepted` for the time being: which of several papers to believe is decided by it.
Elsewhere: the chance that a value of such a score is right, and what is accepted in the end (pipeline/calibration.py).

A value that fails a check is never accepted, however sure its characters were; one that a check bears out may be accepted though a
character of it was doubtful, because an error in it would have broken the check.
"""

from __future__ import annotations

from models.field import Field

ACCEPT_AT = 0.90  # a value that scores this is accepted for the time being
CONFIRMED = 0.97  # what a passed check (words = figures, sum × rate = premium) makes of a value
FAILED = 0.40  # what a failed check leaves of it
LEAST_TO_CONFIRM = 0.30  # below this a value was hardly read, and a check that holds may hold by chance


def initial(reading: float, found: float = 1.0, fit: float = 1.0) -> float:
    """Confidence before any check: weakest character × how surely the place is the field's × how well the text fits the format, each 0 to 1."""
    return round(max(0.0, min(1.0, reading)) * max(0.0, min(1.0, found)) * max(0.0, min(1.0, fit)), 4)


def accepts(confidence: float) -> bool:
    """Whether a value that scores this is believed until its chances are known."""
    return confidence >= ACCEPT_AT


def confirmed(value: Field, why: str, confidence: float = CONFIRMED) -> Field:
    """A value that a check bears out. why: the check, in Chinese, for people."""
    if value.confidence < LEAST_TO_CONFIRM:
        return value
    out = value.raised(confidence, why)
    return out.model_copy(update={"accepted": accepts(out.confidence)})


def contradicted(value: Field, why: str, confidence: float = FAILED) -> Field:
    """A value that a check speaks against: not accepted. why: the check, in Chinese, for people."""
    return value.lowered(confidence, why)


def doubted(value: Field, why: str) -> Field:
    """A value that is as good as it was but that somebody should see."""
    return value.lowered(min(value.confidence, ACCEPT_AT - 0.05), why)
