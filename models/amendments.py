"""What a reviewer says of a claim beside single values of its papers: each is one event, by whom and when.

A claim is what was read of its papers with all of these and the corrections (models/review.py) put over it in order (pipeline/review/corrections.py).
Like corrections they are only ever added: a later one of the same subject counts.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from models.flag import Verdict
from models.page import Frozen
from models.paper import Paper, PaperType
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


class PageRef(Frozen):
    """A page of a submission, from 1 in its file."""

    file: str
    page: int = Field(ge=1)


class PaperRetyped(Event):
    """A paper, or some of its pages, that are of another type than they were sorted as, or belong to another paper.

    paper: as it stands now. pages: those of its pages that are meant, none for all. joins: the paper that they belong to, as it stands now; None where they are one by themselves.
    made: the papers that came of it, as their pages' stored readings gave them then; none where those weren't at hand.
    takes_back: when that was said which this takes back; the rest then repeats it.
    """

    kind: Literal["paper_type"] = "paper_type"
    paper: PaperRef
    type: PaperType
    pages: tuple[PageRef, ...] = ()
    joins: PaperRef | None = None
    made: tuple[Paper, ...] = ()
    takes_back: AwareDatetime | None = None


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
