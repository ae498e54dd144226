"""A claim: everything that was read of a submission, chosen, matched, checked and triaged."""

from __future__ import annotations

from enum import StrEnum

from models.field import Field
from models.flag import Flag
from models.page import Flaw, Frozen, PagePrint
from models.paper import Buyer, Paper, Track


class Triage(StrEnum):
    INELIGIBLE = "ineligible"  # any block
    SUPPLEMENT = "supplement"
    REVIEW = "review"
    CLEAR = "clear"  # only info flags, and every claim field accepted


class QuarantineReason(StrEnum):
    """Why a file was set aside; the rest of its submission goes on."""

    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    ZIP_BOMB = "zip_bomb"
    UNSAFE_NAME = "unsafe_name"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class Quarantined(Frozen):
    """A file that wasn't read, and why. detail: one line for people, may be ""."""

    file: str
    reason: QuarantineReason
    detail: str = ""


class UnreadablePage(Frozen):
    """A page that was filed and can't be read. number: from 1 in the file as given."""

    file: str
    number: int
    flaw: Flaw


class Candidate(Frozen):
    """A catalogue entry that might be the product, 0 to 1, with the reason for its score in Chinese."""

    entry_id: str
    score: float
    reason: str = ""


class CatalogueMatch(Frozen):
    """The entry that the product is taken for, and the runners-up."""

    entry_id: str
    score: float
    reason: str = ""
    alternatives: tuple[Candidate, ...] = ()


class Claim(Frozen):
    """What a reviewer decides on; `pipeline.output` writes it in the contract's shape."""

    submission_id: str
    scheme: str
    track: Track | None
    papers: tuple[Paper, ...] = ()
    fields: dict[str, Field] = {}
    buyers: tuple[Buyer, ...] = ()
    catalogue_match: CatalogueMatch | None = None
    candidates: tuple[Candidate, ...] = ()  # best entries, also where none was good enough
    rivals: tuple[str, ...] = ()  # entries that fit about equally well, the match's own among them
    flags: tuple[Flag, ...] = ()
    triage: Triage = Triage.REVIEW
    quarantined: tuple[Quarantined, ...] = ()
    unreadable: tuple[UnreadablePage, ...] = ()
    prints: tuple[PagePrint, ...] = ()  # of its pages that can be known again
