"""What goes into the store and comes out of it, as plain data: for those who needn't know the database, worker processes above all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel

from models.claim import Claim
from models.paper import Paper


class Tables(BaseModel):
    """The insurers' tables and the fingerprint of what they came from. unread: files that couldn't be read, so that a row that isn't there may stand in one."""

    fingerprint: str
    papers: tuple[Paper, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileSeen:
    """A file and what became of its pages; see `pipeline.store.models.File`."""

    name: str
    sha256: str = ""
    size: int = 0
    blob: str = ""
    pages: int | None = None
    ocr: int = 0
    text: int = 0
    blank: int = 0
    aside: int = 0
    reason: str = ""
    detail: str = ""


class InForce(NamedTuple):
    """Which version of a submission's claim is in force: the submission's key, the version's number and when it was made."""

    submission: int
    number: int
    made_at: datetime


@dataclass(frozen=True)
class Made:
    """What a claim was made from and with: fingerprint of all of it, the reader's version, that of the reference tables."""

    fingerprint: str = ""
    reader: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Finished:
    """How the work on a submission ended. reason: "" where it went well, else one of REASONS; failure: the traceback, for a programmer."""

    claim: Claim
    files: Sequence[FileSeen] = ()
    made: Made = Made()
    seconds: float = 0.0
    reading_seconds: float = 0.0
    reason: str = ""
    failure: str = ""
