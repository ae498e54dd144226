"""What goes into the store and comes out of it, as plain data: for those who needn't know the database, worker processes above all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel

from models.claim import Claim, Quarantined
from models.paper import Paper


class Tables(BaseModel):
    """The insurers' tables and the fingerprint of what they came from. quarantined: files that couldn't be read, so that a row that isn't there may stand in one."""

    fingerprint: str
    papers: tuple[Paper, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()


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


class MadeBy(StrEnum):
    """What made a version of a claim."""

    RUN = "run"
    ACROSS = "across"  # looking at the whole batch changed its flags
    RECHECK = "recheck"
    CORRECTION = "correction"


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


class Original(NamedTuple):
    """A file as it was filed."""

    sha256: str
    size: int


def accounted(seen: Iterable[FileSeen], originals: Mapping[str, Original]) -> list[FileSeen]:
    """All files of a submission, in the order of their names: each that was looked at with the original that holds it, and the originals that hold others.

    seen: what reading tells of, named as the contract names files: "files.zip/scan_01.pdf". originals: by name.
    """
    known = {}
    for file in seen:
        holder = next((name for name in _holders(file.name) if name in originals), None)
        own = originals.get(file.name)
        found = replace(file, sha256=own.sha256, size=own.size) if own else file
        known[file.name] = replace(found, blob=originals[holder].sha256) if holder else found
    for name, original in originals.items():
        known.setdefault(name, FileSeen(name, original.sha256, original.size, original.sha256, pages=0))
    return [known[name] for name in sorted(known)]


def _holders(name: str) -> Iterable[str]:
    """A file's own name, then those of the folders or ZIPs that it may lie in, the outermost last."""
    parts = name.split("/")
    return ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
