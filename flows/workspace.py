"""The output folder: claims for people, and in `.work` what a second run needs to do nothing twice.

    OUT/<submission_id>/claim.json      OUT/batch.json      OUT/exceptions.xlsx      OUT/_insurers/documents.json
    OUT/.work/pages/                    readings by content and reader version
    OUT/.work/claims/<id>.json          the claim in full, with the fingerprint of everything it came from
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
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
from pipeline.output import claim_json

INSURERS = "_insurers"


class Stored(BaseModel):
    """A finished claim and the fingerprint of what it came from."""

    fingerprint: str
    pages: tuple[int, int, int, int]
    claim: Claim


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

    def save(self, fingerprint: str, claim: Claim, pages: tuple[int, int, int, int]) -> None:
        """Write a claim; the stored one last, since its being there means that all is."""
        folder = self.out / claim.submission_id
        folder.mkdir(exist_ok=True)
        write_json(folder / "claim.json", claim_json(claim))
        write_text(self._claims / f"{claim.submission_id}.json", Stored(fingerprint=fingerprint, pages=pages, claim=claim).model_dump_json())
        self.marker(claim.submission_id).unlink(missing_ok=True)

    def forget(self, submission_id: str) -> None:
        """Make the next run do this submission again."""
        (self._claims / f"{submission_id}.json").unlink(missing_ok=True)


def write_json(path: Path, data: Any) -> None:
    """Readable UTF-8 JSON, whole or not at all."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """UTF-8, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)


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
