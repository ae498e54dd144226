"""What a reviewer says of a claim: values corrected, papers taken for another type, users, catalogue entry, flags upheld or dismissed.

Each is one event, by whom and when; a claim is what was read of its papers with these put over it in order (pipeline/review/corrections.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field as Setting

from models.field import Region
from models.flag import Verdict
from models.page import Frozen
from models.paper import PaperType


class PaperKey(Frozen):
    """Which paper of a submission: its type as read, the file and page (from 1) where it begins."""

    type: PaperType
    file: str
    page: int


class Event(Frozen):
    """Of which submission, by whom, when and why. reason: in the reviewer's words, may be "" where none is asked for."""

    submission_id: str
    by: str
    when: datetime
    reason: str = ""


class Correction(Event):
    """One value set right, confirmed or taken away.

    paper: where it stands; None for the claim's own value, which then holds whatever its papers say.
    read: the value as read, None where nothing was read; corrected: what it is, in the contract's form, None: the paper doesn't show it.
    raw: as printed, where it was read; region: where it stands, where that is known.
    """

    kind: Literal["value"] = "value"
    paper: PaperKey | None
    field: str
    read: str | bool | None = None
    corrected: str | bool | None
    raw: str = ""
    region: Region | None = None

    @property
    def confirms(self) -> bool:
        """Whether the value was read rightly."""
        return self.read is not None and self.read == self.corrected


class Retyped(Event):
    """A paper that is of another type than it was sorted as."""

    kind: Literal["paper"] = "paper"
    paper: PaperKey
    type: PaperType


class NamedBuyer(Frozen):
    """A user as a reviewer names it. quantity: plain decimal, "" where none is told."""

    name: str
    quantity: str = ""


class BuyersSet(Event):
    """The claim's users (用户), all of them."""

    kind: Literal["buyers"] = "buyers"
    buyers: tuple[NamedBuyer, ...]


class EntryChosen(Event):
    """The catalogue entry that the product is; None: none of them."""

    kind: Literal["entry"] = "entry"
    entry_id: str | None


class FlagJudged(Event):
    """What a reviewer holds of a flag. flag: its `Flag.key`; verdict: None takes an earlier one back."""

    kind: Literal["flag"] = "flag"
    flag: str
    code: str
    verdict: Verdict | None


Amendment = Annotated[Correction | Retyped | BuyersSet | EntryChosen | FlagJudged, Setting(discriminator="kind")]
