"""What a run is to do, checked before anything is read.

In:    what the user named.  Out: a Plan.
Fails: UsageError, SchemeUnknown, ReferenceInvalid, each with one line that says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extractors.files import readable
from models.annexes import INSURERS
from models.claim import Quarantined
from models.errors import UsageError
from models.scheme import load_scheme
from pipeline.incoming.folder import lying_in
from pipeline.reference import load_reference


@dataclass(frozen=True)
class Plan:
    """What a run is to do; making one checks all that a user can get wrong."""

    batch: Path
    reference: Path | None  # the version in force where none is named
    out: Path
    scheme: str
    year: int
    workers: int
    submissions: tuple[Path, ...]
    stray: tuple[str, ...]  # what lies in the batch and is no submission: files, links, folders whose name can't be a number. Told, never lost
    name: str  # of the batch in the store
    refused: Mapping[str, tuple[Quarantined, ...]] = field(default_factory=dict)  # by submission, files that were refused as they came in and lie in no folder

    @property
    def insurers(self) -> Path | None:
        folder = self.batch / INSURERS
        return folder if folder.is_dir() else None


def plan(
    batch: Path, reference: Path | None, out: Path, scheme: str, year: int, workers: int, name: str = "", stray: tuple[str, ...] = (), refused: Mapping[str, tuple[Quarantined, ...]] | None = None,
) -> Plan:
    """Check what the user named. Raises UsageError (folder, year), SchemeUnknown, ReferenceInvalid.

    name: of the batch in the store, by default its folder's. stray, refused: what was left, or refused of a submission, as the batch came in from elsewhere.
    """
    if not batch.is_dir():
        raise UsageError(f"There is no batch folder {batch}. Name the folder that holds one folder a submission.")
    if not os.access(batch, os.R_OK | os.X_OK):
        raise UsageError(f"{batch} may not be read. Give the user who runs this the right to, or name another folder.")
    check(reference, scheme)
    if out.resolve() == batch.resolve() or batch.resolve() in out.resolve().parents:
        raise UsageError(f"The results can't go into the batch itself ({out}). Name another folder with --out.")
    folders, others = lying_in(batch)
    submissions = submissions_in(batch)
    if not submissions:
        own = f" It holds {len(others)} files or links; if it is itself a submission, name the folder above it ({batch.resolve().parent})." if others else ""
        raise UsageError(f"{batch} holds no submission. Put the files of each submission into a folder of its own, named with its number.{own}")
    left = sorted(path for path in {*folders, *others} - {*submissions} if path.name != INSURERS)
    return Plan(batch, reference, out, scheme, year, workers, submissions, (*stray, *(readable(path.name) for path in left)), name or batch.resolve().name, refused or {})


def check(reference: Path | None, scheme: str) -> None:
    """Whether claims can be checked: against tables and a scheme that there are. Raises UsageError, SchemeUnknown, ReferenceInvalid."""
    if reference is not None and not reference.is_dir():
        wrong = f"{reference} is a file, not the reference folder" if reference.exists() else f"There is no reference folder {reference}"
        raise UsageError(f"{wrong}. Name the folder that holds catalogue.csv and the other tables with --reference.")
    load_scheme(scheme)
    if reference is not None:
        load_reference(reference)


def submissions_in(batch: Path) -> tuple[Path, ...]:
    """The folders of a batch that are submissions, in order."""
    folders, _ = lying_in(batch)
    return tuple(path for path in folders if path.name != INSURERS and readable(path.name) == path.name)  # its name is written everywhere
