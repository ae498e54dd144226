"""The output folder: claims for people, and in `.work` what a second run needs to do nothing twice.

    OUT/<submission_id>/claim.json      OUT/batch.json      OUT/exceptions.xlsx      OUT/_insurers/documents.json
    OUT/.work/pages/                    readings by content and reader version
    OUT/.work/claims/<id>.json          the claim in full, with the fingerprint of everything it came from
    OUT/.work/insurers.json             the insurers' tables in full, likewise
    OUT/.work/run.json                  what the last run was asked to do
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

import extractors
import flows
import matchers
import models
import pipeline
from models.claim import Claim
from models.errors import UsageError
from models.paper import Paper
from pipeline.output import claim_json, paper_json

INSURERS = "_insurers"


class Stored(BaseModel):
    """A finished claim and the fingerprint of what it came from."""

    fingerprint: str
    pages: tuple[int, int, int, int]
    claim: Claim


class StoredTables(BaseModel):
    """The insurers' tables and the fingerprint of what they came from. unread: files that couldn't be read, so that a row that isn't there may stand in one."""

    fingerprint: str
    papers: tuple[Paper, ...] = ()
    unread: tuple[str, ...] = ()


class LastRun(BaseModel):
    """What the last run was asked to do. submissions: their ids; claims of others may lie in the folder from runs before.

    batch, reader: the folder and the reader's version; "" in folders of older versions.
    """

    scheme: str
    year: int
    reference: str
    submissions: tuple[str, ...]
    batch: str = ""
    reader: str = ""


class Workspace:
    """One run's output folder. Writing replaces whole files at once, so that a killed run leaves none half written."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / ".work"
        self.pages = self.work / "pages"
        self._claims = self.work / "claims"
        try:
            self.pages.mkdir(parents=True, exist_ok=True)
            self._claims.mkdir(exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out} can't be written ({error.strerror}). Name a folder for the results with --out.") from None

    def marker(self, submission_id: str) -> Path:
        """Where a worker says which file it is about to read."""
        return self.work / f"{submission_id}.reading"

    def done(self, submission_id: str, fingerprint: str) -> Stored | None:
        """The finished claim, if it came from just this."""
        try:
            stored = Stored.model_validate_json((self._claims / f"{submission_id}.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return stored if stored.fingerprint == fingerprint and (self.out / submission_id / "claim.json").exists() else None

    def stored(self, submissions: Iterable[str]) -> Iterator[Stored]:
        """The finished claims of these submissions, in the order of their ids; what isn't whole is passed over, the next run makes it anew."""
        for submission_id in sorted(submissions):
            try:
                yield Stored.model_validate_json((self._claims / f"{submission_id}.json").read_bytes())
            except (OSError, ValidationError):
                continue

    def tables(self) -> StoredTables:
        """The insurers' tables as last read; none where there were none."""
        try:
            return StoredTables.model_validate_json((self.work / "insurers.json").read_bytes())
        except (OSError, ValidationError):
            return StoredTables(fingerprint="")

    def save_tables(self, tables: StoredTables) -> None:
        """Write the insurers' tables: documents.json for people, and all that was read for the next look at them."""
        folder = self.out / INSURERS
        folder.mkdir(exist_ok=True)
        write_json(folder / "documents.json", [paper_json(paper) for paper in tables.papers])
        write_text(self.work / "insurers.json", tables.model_dump_json())
        self.marker(INSURERS).unlink(missing_ok=True)

    def last_run(self) -> LastRun:
        """What the last run was asked to do. Raises UsageError where there was none."""
        try:
            return LastRun.model_validate_json((self.work / "run.json").read_bytes())
        except (OSError, ValidationError):
            raise UsageError(f"{self.out} holds no finished run. Name the folder that intake run wrote its results to.") from None

    def begin(self, run: LastRun) -> None:
        """Note what a run is asked to do."""
        write_text(self.work / "run.json", run.model_dump_json())

    def save(self, fingerprint: str, claim: Claim, pages: tuple[int, int, int, int]) -> None:
        """Write a claim; the stored one last, since its being there means that all is."""
        self.show(claim)
        write_text(self._claims / f"{claim.submission_id}.json", Stored(fingerprint=fingerprint, pages=pages, claim=claim).model_dump_json())
        self.marker(claim.submission_id).unlink(missing_ok=True)

    def show(self, claim: Claim) -> None:
        """Write a claim for people and programs; the next run makes it anew unless it is saved."""
        folder = self.out / claim.submission_id
        folder.mkdir(exist_ok=True)
        write_json(folder / "claim.json", claim_json(claim))

    def forget(self, submission_id: str) -> None:
        """Make the next run do this submission again."""
        (self._claims / f"{submission_id}.json").unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


def write_json(path: Path, data: Any) -> None:
    """Readable UTF-8 JSON, whole or not at all."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def fingerprint(*parts: object) -> str:
    """SHA-256 over the parts' texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(str(part).encode() + b"\0")
    return digest.hexdigest()


def folder_content(folder: Path) -> str:
    """SHA-256 over names and bytes of all files below a folder: changes when anything in it does."""
    return fingerprint(*(f"{path.relative_to(folder).as_posix()} {_sha256(path)}" for path in _files(folder)))


def code_version() -> str:
    """SHA-256 over our own sources: a changed rule or label makes every claim new, a changed README none."""
    roots = [Path(package.__path__[0]) for package in (models, extractors, matchers, pipeline, flows)]
    sources = [path for root in roots for path in _files(root) if path.suffix in (".py", ".toml")]
    return fingerprint(*map(_sha256, sources))


def _files(folder: Path) -> Iterable[Path]:
    return sorted(Path(parent) / name for parent, _, names in os.walk(folder) for name in names)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
