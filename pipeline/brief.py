"""A claim as much of it as the look across a batch asks for: a quarter of the memory, for a run keeps all claims of its batch.

In:    a claim.  Out: the same claim, its papers without what only rules on the claim by itself ask for; of their values no word of how they were come by.
Whoever writes or shows a claim needs it whole: its papers stand in the store.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from models.claim import Claim
from models.field import Field
from models.paper import Paper

M = TypeVar("M", bound=BaseModel)

_UNTOLD: dict[str, Any] = {"raw": "", "why": (), "before": (), "read": None, "others": ()}
_UNASKED: dict[str, Any] = {"seals": (), "extra": {}, "rows": (), "total": {}, "buyers": (), "parameters": (), "places": {}, "maybe": ()}
_names: dict[frozenset[str], set[str]] = {}


def brief(claim: Claim) -> Claim:
    """The claim with brief papers; all else is as it was."""
    return _lean(claim.model_copy(update={"papers": tuple(map(_paper, claim.papers))}))


def _paper(paper: Paper) -> Paper:
    return paper.model_copy(update={"fields": {name: _field(field) for name, field in paper.fields.items()}, **_UNASKED})


def _field(field: Field) -> Field:
    return field.model_copy(update=_UNTOLD)


def _lean(value: M) -> M:
    """The same, each model's note of which of its fields were set shared with all models that have the like: as sets of their own these are a third of what a claim takes."""
    noted = value.model_fields_set
    object.__setattr__(value, "__pydantic_fields_set__", _names.setdefault(frozenset(noted), noted))
    for part in vars(value).values():
        _lean_within(part)
    return value


def _lean_within(part: object) -> None:
    if isinstance(part, BaseModel):
        _lean(part)
    elif isinstance(part, tuple):
        for one in part:
            _lean_within(one)
    elif isinstance(part, dict):
        for one in part.values():
            _lean_within(one)
