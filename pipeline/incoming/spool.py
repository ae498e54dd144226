"""The spool: whole submissions on this machine's disk, as they came in, for a run to read.

    WORK/spool/<submission>/…                 its files
    WORK/spool/.taken/<submission>.json       what was taken in, from which state of the source, and whether that may be removed there
    WORK/spool/.arriving/<submission>/        what is being fetched

A submission stands in the spool whole or not at all: it is fetched beside it, proved, then renamed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.claim import Quarantined
from models.errors import UsageError
from pipeline.incoming.manifest import Listed
from pipeline.incoming.source import Arrival, Source
from pipeline.store.blobs import sync_folder

FOLDER = "spool"
_TAKEN, _ARRIVING, _LOCK = ".taken", ".arriving", ".lock"


class AtSource(StrEnum):
    """Whether a submission that was taken in still stands where it came from, as far as we are concerned: LEAVING from before we begin to remove it."""

    THERE = "there"
    LEAVING = "leaving"
    GONE = "gone"


class Taken(BaseModel):
    """What was taken in of a submission. mark: the source's at that time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    submission: str
    mark: str
    files: tuple[Listed, ...]
    refused: tuple[Quarantined, ...] = ()
    at_source: AtSource = AtSource.THERE


class Spool:
    """Submissions taken in."""

    def __init__(self, work: Path) -> None:
        self.folder = work / FOLDER
        for one in (self.folder / _TAKEN, self.folder / _ARRIVING):
            one.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self, address: str = "") -> Iterator[None]:
        """While this process takes in; the lock goes with the process, however it ends. address: of the source, which is the same for good.

        Raises UsageError where another process takes in, or what was taken in came from elsewhere: what isn't at the one source would count as withdrawn from the other.
        """
        out = self.folder.parent.parent
        with (self.folder / _LOCK).open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"Another intake takes submissions in to {out}. Wait for it, stop it, or name another folder with --out.") from None
            file.seek(0)
            before = file.read()
            if address and before and before != address and self.taken():
                raise UsageError(f"{out} takes in from {before}, not from {address}. Name another folder with --out; where the source was only moved, write its address to {file.name}.")
            if address and before != address:
                file.truncate(0)
                file.write(address)
                file.flush()
            yield

    def taken(self) -> dict[str, Taken]:
        """What was taken in, by submission."""
        found = {}
        for path in sorted((self.folder / _TAKEN).glob("*.json")):
            try:
                found[path.stem] = Taken.model_validate_json(path.read_bytes())
            except ValidationError:
                path.unlink()  # of another version: it is taken in again
        return found

    def whole(self, taken: Taken) -> bool:
        """Whether its files are there, by name and size."""
        folder = self.folder / taken.submission
        try:
            return folder.is_dir() and all((folder / file.name).stat().st_size == file.size for file in taken.files)
        except OSError:
            return False

    def receive(self, source: Source, arrival: Arrival) -> Taken:
        """Take a submission in, in place of what was of it before. Raises NotWhole, ManifestInvalid, and then what was before stands."""
        arriving, before = self.folder / _ARRIVING / arrival.submission, self.folder / _ARRIVING / f".{arrival.submission}"
        for left in (arriving, before):
            shutil.rmtree(left, ignore_errors=True)
        arriving.mkdir()
        received = source.fetch(arrival, arriving)
        for where, _, _ in os.walk(arriving):
            sync_folder(Path(where))
        target = self.folder / arrival.submission
        if target.exists():
            target.rename(before)
        arriving.rename(target)
        sync_folder(self.folder)
        taken = Taken(submission=arrival.submission, mark=arrival.mark, files=received.files, refused=received.refused)
        self.note(taken)
        shutil.rmtree(before, ignore_errors=True)
        return taken

    def note(self, taken: Taken) -> None:
        """Write down what is known of a submission, whole or not at all."""
        path = self.folder / _TAKEN / f"{taken.submission}.json"
        part = path.with_suffix(".new")
        with part.open("w", encoding="utf-8") as file:
            file.write(taken.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)

    def forget(self, submission: str) -> None:
        """Take a submission out of the batch. What a run made of it stays in the store, with its originals."""
        (self.folder / _TAKEN / f"{submission}.json").unlink(missing_ok=True)
        target = self.folder / submission
        if target.exists():
            left = self.folder / _ARRIVING / submission
            shutil.rmtree(left, ignore_errors=True)
            target.rename(left)
            shutil.rmtree(left, ignore_errors=True)

    def sweep(self) -> list[str]:
        """Remove what one that was cut off left behind, unless someone takes in just now; gives its names."""
        try:
            with self.alone():
                left = sorted([*(self.folder / _ARRIVING).iterdir(), *(self.folder / _TAKEN).glob("*.new")])
                for path in left:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        except UsageError:
            return []
        return [path.relative_to(self.folder).as_posix() for path in left]
