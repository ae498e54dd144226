"""What a run is to do, checked before anything is read.

In:    what the user named.  Out: a Plan.
Fails: UsageError, SchemeUnknown, ReferenceInvalid, each with one line that says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractors.files import readable
from flows.workspace import INSURERS
from models.errors import UsageError
from models.scheme import load_scheme
from pipeline.reference import load_reference


@dataclass(frozen=True)
class Plan:
    """What a run is to do; making one checks all that a user can get wrong."""

    batch: Path
    reference: Path
    out: Path
    scheme: str
    year: int
    workers: int
    submissions: tuple[Path, ...]
    stray: tuple[str, ...]  # what lies in the batch and is no submission: files, links, folders whose name can't be a number. Told, never lost
    name: str  # of the batch in the store

    @property
    def insurers(self) -> Path | None:
        folder = self.batch / INSURERS
        return folder if folder.is_dir() else None


def plan(batch: Path, reference: Path, out: Path, scheme: str, year: int, workers: int, name: str = "") -> Plan:
    """Check what the user named. name: of the batch in the store, by default its folder's. Raises UsageError (folder, year), SchemeUnknown, ReferenceInvalid."""
    if not batch.is_dir():
        raise UsageError(f"There is no batch folder {batch}. Name the folder that holds one folder a submission.")
    if not reference.is_dir():
        raise UsageError(f"There is no reference folder {reference}. Name the folder that holds catalogue.csv and the other tables with --reference.")
    if out.resolve() == batch.resolve() or batch.resolve() in out.resolve().parents:
        raise UsageError(f"The results can't go into the batch itself ({out}). Name another folder with --out.")
    entries = sorted(path for path in batch.iterdir() if not path.name.startswith("."))
    submissions = tuple(path for path in entries if _submission(path))
    if not submissions:
        raise UsageError(f"{batch} holds no submission. Put the files of each submission into a folder of its own, named with its number.")
    load_scheme(scheme)
    load_reference(reference)
    return Plan(batch, reference, out, scheme, year, workers, submissions, tuple(readable(path.name) for path in entries if not (_submission(path) or path.name == INSURERS)), name or batch.resolve().name)


def _submission(path: Path) -> bool:
    """Whether a folder can be a submission: its name is written everywhere, and a link may lead anywhere."""
    return path.is_dir() and path.name != INSURERS and not path.is_symlink() and readable(path.name) == path.name
