"""What a submission holds, by name, size and SHA-256: the word that it is complete.

In:    a list of files from outside.  Out: those to take, under names that can lead nowhere else, and those refused, each with its reason.
Fails: ManifestInvalid.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractors.files import FileLimits, shown
from models.claim import Quarantined, QuarantineReason
from models.errors import IntakeError
from pipeline.incoming.names import why_unsafe

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ManifestInvalid(IntakeError):
    """A manifest that doesn't hold what it should."""


class Listed(BaseModel):
    """One file of a submission. name: its path below the submission's folder, "/" between the parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int = Field(ge=0)
    sha256: Sha256


class Manifest(BaseModel):
    """A submission as it was sent. refused: files that were not sent, e.g. links that lead elsewhere; uploaded: by the sender's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    submission: str
    files: tuple[Listed, ...]
    refused: tuple[Quarantined, ...] = ()
    uploaded: datetime

    @property
    def content(self) -> tuple[frozenset[Listed], frozenset[Quarantined]]:
        """All but when it was sent."""
        return frozenset(self.files), frozenset(self.refused)


def read_manifest(data: bytes, submission: str) -> Manifest:
    """A manifest from its bytes. Raises ManifestInvalid, also where it is another submission's."""
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise ManifestInvalid(f"{shown(submission)}: the manifest isn't one ({error.errors()[0]['msg']}). Upload the submission again with intake upload.") from None
    if manifest.submission != submission:
        raise ManifestInvalid(f"{shown(submission)}: the manifest is that of {shown(manifest.submission)}. Upload the submission again with intake upload.")
    return manifest


def sort_out(files: Iterable[Listed], limits: FileLimits, before: Iterable[Quarantined] = ()) -> tuple[tuple[Listed, ...], tuple[Quarantined, ...]]:
    """The files that may be taken, and those that may not: for their names, or because they are more or larger than a submission may hold.

    before: what was refused already, by who sent it.
    """
    taken: dict[str, Listed] = {}
    refused = [one.model_copy(update={"file": shown(one.file), "detail": shown(one.detail)}) for one in before]
    folders: set[str] = set()
    left = limits.total_bytes
    for file in files:
        reason, detail = QuarantineReason.UNSAFE_NAME, why_unsafe(file.name)
        above = set(_folders(file.name))
        if not detail and (file.name in taken or file.name in folders or above & taken.keys()):
            detail = "another file bears the same name, or that of its folder"
        if not detail and (file.size > limits.file_bytes or file.size > left or len(taken) >= limits.files):
            reason, detail = QuarantineReason.TOO_LARGE, f"{file.size} bytes: more than a file or what is left of a submission may hold"
        if detail:
            refused.append(Quarantined(file=shown(file.name), reason=reason, detail=detail))
            continue
        taken[file.name] = file
        folders |= above
        left -= file.size
    return tuple(taken.values()), tuple(_apart(refused, taken))


def _apart(refused: Iterable[Quarantined], taken: Iterable[str]) -> Iterable[Quarantined]:
    """The refused under names that nothing else bears: a name made safe to show may have become another's."""
    borne = set(taken)
    for one in refused:
        while one.file in borne:
            one = one.model_copy(update={"file": f"{one.file}′"})
        borne.add(one.file)
        yield one


def _folders(name: str) -> Iterable[str]:
    parts = name.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))
