"""What a reviewer says of a claim beside single values of its papers: each is one event, by whom and when.

A claim is what was read of its papers with all of these and the corrections (models/review.py) put over it in order (pipeline/review/corrections.py).
Like corrections they are only ever added: a later one of the same subject counts.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from models.flag import Verdict
from models.page import Frozen
from models.paper import PaperType
from models.review import Correction, PaperRef


class Event(Frozen):
    """Of which submission, when, by whom (an opaque id) and why; reason: free text, may be ""."""

    submission_id: str
    at: AwareDatetime
    by: str
    reason: str = ""


class ClaimValueSet(Event):
    """The claim's own value, whatever its papers say. field: the contract's, or "track"; corrected: None takes an earlier one back."""

    kind: Literal["claim_value"] = "claim_value"
    field: str
    read: str | bool | None = None
    corrected: str | bool | None


class PaperRetyped(Event):
    """A paper that is of another type than it was sorted as. paper: as it stands now."""

    kind: Literal["paper_type"] = "paper_type"
    paper: PaperRef
    type: PaperType


class NamedBuyer(Frozen):
    """A user as a reviewer names it. quantity: plain decimal, "" where none is told."""

    name: str
    quantity: str = ""


class BuyersSet(Event):
    """The claim's users (用户), all of them; none at all leaves those that were read."""

    kind: Literal["buyers"] = "buyers"
    buyers: tuple[NamedBuyer, ...]


class EntryChosen(Event):
    """The catalogue entry that the product is. entry_id: "" for none of them, None takes an earlier choice back."""

    kind: Literal["entry"] = "entry"
    entry_id: str | None


class FlagJudged(Event):
    """What a reviewer holds of a flag. flag: its `Flag.key`; verdict: None takes an earlier one back."""

    kind: Literal["flag"] = "flag"
    flag: str
    code: str
    verdict: Verdict | None


Amendment = Correction | ClaimValueSet | PaperRetyped | BuyersSet | EntryChosen | FlagJudged

AMENDMENT: TypeAdapter[Amendment] = TypeAdapter(Amendment)  # to and from JSON
