"""The output folder: claims for people, and in `.work` what a second run needs to do nothing twice.

    OUT/<submission_id>/claim.json      OUT/batch.json      OUT/exceptions.xlsx      OUT/report.txt      OUT/_insurers/documents.json
    OUT/.work/intake.db                 what is known of every submission (pipeline/store), unless a database server is set
    OUT/.work/blobs/                    the papers as filed, unless a bucket is set
    OUT/.work/pages/                    readings by content and reader version
    OUT/.work/pictures/                 pages as people see them, by content and reader version
    OUT/.work/reference/                the reference tables that a run went by
    OUT/.work/run.json                  what the last run was asked to do
    OUT/.work/batches/                  the same of each batch that was run into the folder
    OUT/.work/spool/                    submissions that came from a bucket or a watched folder (pipeline/incoming)
    OUT/.work/inbox/, uploads/          batches that were begun on the review page; what is still being uploaded
    OUT/.work/readings/, keys           what runs that the page started printed; what its sessions and its log are sealed with

Database, blobs, spool, inbox, uploads and keys are to be kept; everything else is made from them and from the batch, and made again where it is missing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

import extractors
import flows
import matchers
import models
import pipeline
from models.annexes import INSURERS
from models.claim import Claim
from models.errors import InUse, UsageError
from pipeline.output import claim_json, paper_json
from pipeline.store.data import Tables
from pipeline.store.settings import StoreSettings
from pipeline.whole import replacing

if TYPE_CHECKING:
    from flows.records import Records

log = logging.getLogger(__name__)

BATCHES, PAGES, REFERENCE = "batches", "pages", "reference"  # folders of `.work`
CLAIM = "claim.json"
LOCK = "runs.lock"  # held by each run, and by whoever judges claims anew


class LastRun(BaseModel):
    """What the last run was asked to do. batch: its name in the store; folder: where it lies; submissions: their ids, of others claims may lie in the folder from runs before; reader: its version."""

    batch: str
    folder: str = ""
    scheme: str
    year: int
    reference: str
    submissions: tuple[str, ...]
    reader: str = ""


class Workspace:
    """One run's output folder. Writing replaces whole files at once, so that a killed run leaves none half written."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / ".work"
        self.pages = self.work / PAGES
        try:
            self.pages.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out} can't be written ({error.strerror}). Name a folder for the results with --out.") from None

    def marker(self, submission_id: str) -> Path:
        """Where a worker says which file it is about to read."""
        return self.work / f"{submission_id}.reading"

    def last_run(self) -> LastRun:
        """What the last run was asked to do. Raises UsageError where there was none."""
        try:
            return LastRun.model_validate_json((self.work / "run.json").read_bytes())
        except (OSError, ValidationError):
            raise UsageError(f"{self.out} holds no finished run. Name the folder that intake run wrote its results to.") from None

    def begin(self, run: LastRun) -> None:
        """Note what a run is asked to do: as the last one, and as the last one of its batch."""
        (self.work / BATCHES).mkdir(exist_ok=True)
        for path in (self.work / BATCHES / f"{fingerprint(run.batch, run.scheme, run.year)[:16]}.json", self.work / "run.json"):
            write_text(path, run.model_dump_json())

    def batches(self) -> list[LastRun]:
        """What the last run of each batch was asked to do, of the batches that were run into this folder, in no order."""
        return [LastRun.model_validate_json(path.read_bytes()) for path in (self.work / BATCHES).glob("*.json")]

    @contextmanager
    def used(self) -> Iterator[None]:
        """While a run goes on. Several may at once; claims aren't judged anew meanwhile, and where that goes on a run waits for it to end."""
        with self._locked(fcntl.LOCK_SH, f"{self.out}: claims are judged anew; this run goes on when that has ended"):
            yield

    @contextmanager
    def alone(self, wait: bool) -> Iterator[None]:
        """While no run goes on. Raises InUse where one does, or waits for it to end."""
        with self._locked(fcntl.LOCK_EX, f"{self.out}: a run goes on; its claims are judged anew when it has ended" if wait else ""):
            yield

    @contextmanager
    def _locked(self, how: int, waiting: str) -> Iterator[None]:
        """waiting: what to tell where the lock is held and has to be waited for; "" where it isn't to be."""
        with (self.work / LOCK).open("a") as file:
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if not waiting:
                    raise InUse(f"A run goes on in {self.out}, and would not know of what is judged anew meanwhile. Run this again when it has ended, or with --wait.") from None
                log.warning("%s", waiting)
                fcntl.flock(file, how)
            except OSError as error:  # a share that knows no locks
                log.info("%s knows no locks (%s)", self.work, error.strerror)
            yield

    def records(self, settings: StoreSettings, asked: LastRun) -> Records:
        """The store, opened at the batch that a run was asked to do."""
        from pipeline.store.setup import open_store

        open_store(settings, self.work)
        from flows.records import Records  # Django must be set up before

        return Records(self, settings, asked)

    def claim(self, submission_id: str) -> Path:
        """Where a submission's claim is shown."""
        return self.out / submission_id / CLAIM

    def show(self, claim: Claim, made_at: datetime) -> None:
        """Write a claim for people and programs, with the time it was made at as the file's own."""
        path = self.claim(claim.submission_id)
        path.parent.mkdir(exist_ok=True)
        write_json(path, claim_json(claim), _stamp(made_at))

    def shows(self, submission_id: str, made_at: datetime) -> bool:
        """Whether a claim that was made at just that time is written."""
        path = self.claim(submission_id)
        return path.exists() and path.stat().st_mtime_ns == _stamp(made_at)

    def show_tables(self, tables: Tables) -> None:
        """Write the insurers' tables for people and programs."""
        folder = self.out / INSURERS
        folder.mkdir(exist_ok=True)
        write_json(folder / "documents.json", [paper_json(paper) for paper in tables.papers])
        write_json(folder / "quarantined.json", [q.model_dump(mode="json") for q in tables.quarantined])


def _stamp(made_at: datetime) -> int:
    """Nanoseconds since 1970."""
    return int(made_at.timestamp()) * 10**9 + made_at.microsecond * 1000


def write_bytes(path: Path, data: bytes, modified: int | None = None) -> None:
    """Whole or not at all. modified: nanoseconds since 1970 to stand as the file's time."""
    with replacing(path) as part:
        part.write_bytes(data)
        if modified is not None:
            os.utime(part, ns=(modified, modified))


def write_json(path: Path, data: Any, modified: int | None = None) -> None:
    """Readable UTF-8 JSON, whole or not at all."""
    write_bytes(path, json_bytes(data), modified)


def json_bytes(data: Any) -> bytes:
    """Readable UTF-8 JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_text(path: Path, text: str) -> None:
    """UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def fingerprint(*parts: object) -> str:
    """SHA-256 over the parts' texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(str(part).encode("utf-8", "surrogateescape") + b"\0")  # names of files are bytes that needn't be UTF-8
    return digest.hexdigest()


UNREAD = "-"  # stands for the SHA-256 of what can't be read
OF_A_FILE = frozenset({errno.EACCES, errno.EPERM, errno.EIO, errno.ENOENT})  # one paper never stops a batch; a share that has gone does


class Content(NamedTuple):
    """What a folder held when it was looked at. mark: changes when a name or a byte in it does; hashes: SHA-256 of each file, or UNREAD."""

    mark: str
    hashes: dict[Path, str]


def folder_content(folder: Path) -> Content:
    """Names and bytes of all files below a folder."""
    hashes = {path: _sha256(path) for path in _files(folder)}
    return Content(fingerprint(*(f"{path.relative_to(folder).as_posix()} {sha256}" for path, sha256 in hashes.items())), hashes)


@cache
def code_version() -> str:
    """SHA-256 over our own sources: a changed rule or label makes every claim new, a changed README none. Of those that this process began with, if they are replaced under it."""
    roots = [Path(package.__path__[0]) for package in (models, extractors, matchers, pipeline, flows)]
    sources = [path for root in roots for path in _files(root) if path.suffix in (".py", ".toml")]
    return fingerprint(*map(_sha256, sources))


def _files(folder: Path) -> Iterable[Path]:
    return sorted(Path(parent) / name for parent, _, names in os.walk(folder, onerror=_warn) for name in names)


def _warn(error: OSError) -> None:
    log.warning("%s can't be read (%s) and counts as damaged until it can: see that the user who runs this has the right to read it, and the disk is sound", error.filename, error.strerror)


def _sha256(path: Path) -> str:
    if not path.is_file():  # a pipe would be waited for, a link may lead nowhere
        return UNREAD
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if error.errno not in OF_A_FILE:
            raise
        _warn(error if error.filename else OSError(error.errno, error.strerror, str(path)))  # reading, unlike opening, doesn't say of what
        return UNREAD
