"""Where submissions come from, seen alike: a folder, or a bucket.

In:    a folder's path, or s3://bucket/prefix.  Out: what has arrived there, its files when they are asked for, its removal when that is asked for.
Fails: UsageError, SettingsInvalid for an address that can't be; SourceUnreadable where the place refuses us, StoreUnavailable where it doesn't answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from models.claim import Quarantined
from models.errors import IntakeError
from pipeline.incoming.manifest import Listed


class SourceUnreadable(IntakeError):
    """A place that submissions come from that refuses us, or isn't there."""


class NotWhole(IntakeError):
    """A submission that changed, or wasn't whole, as it was taken in: nothing of it was, and it waits."""


@dataclass(frozen=True)
class Arrival:
    """A submission at its source. mark: changes when its content does.

    waits: in Chinese, why it isn't taken yet, "" where it is complete; settling: it waits for nothing but time.
    refused: in Chinese, why it can't be taken at all, "" where it can.
    """

    submission: str
    mark: str = ""
    waits: str = ""
    settling: bool = False
    refused: str = ""


class Received(NamedTuple):
    """What was written of a submission. refused: files that were not, each with its reason."""

    files: tuple[Listed, ...]
    refused: tuple[Quarantined, ...] = ()


class Source(Protocol):
    """A place that submissions come from. Every call may be repeated."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def name(self) -> str:
        """What a batch from here is called unless something else is said."""

    def look(self, known: Iterable[tuple[str, str]] = ()) -> list[Arrival]:
        """What is there, by name. known: submission and mark of what was taken in before: it needs no settling."""

    def stray(self) -> list[str]:
        """What lay outside any submission when it was looked at last, safe to show."""

    def fetch(self, arrival: Arrival, folder: Path) -> Received:
        """Write a submission's files below an empty folder, each proved to be what its hash says. Raises NotWhole, ManifestInvalid."""

    def remove(self, submission: str, mark: str, files: tuple[Listed, ...]) -> bool:
        """Remove what was taken in, and nothing else; False where it isn't (any more) what was taken in. Begun before and cut off, it is ended."""
