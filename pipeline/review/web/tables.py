"""The reference tables and the scheme that a batch is judged against, held in the process until they change on disk.

In:    a batch.  Out: its tables.  Fails: UsageError where the folder is gone or a table can't be read, with what to do.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from models.reference import CatalogueEntry, Reference
from models.scheme import Scheme, load_scheme
from pipeline.reference import load_reference
from pipeline.store.models import Batch


class _Stamp(NamedTuple):
    """Which state of a folder was read: names, sizes and times of its tables."""

    folder: str
    files: tuple[tuple[str, int, int], ...]


class Tables:
    """Reference tables, scheme, and the catalogue's entries of that scheme by id."""

    def __init__(self, reference: Reference, scheme: Scheme) -> None:
        self.reference = reference
        self.scheme = scheme

    @cached_property
    def catalogue(self) -> Mapping[str, CatalogueEntry]:
        """Entries by id."""
        return {entry.entry_id: entry for entry in self.reference.catalogue or () if entry.scheme == self.scheme.name}


_held: dict[tuple[str, str], tuple[_Stamp, Tables]] = {}
_lock = threading.Lock()


def tables_for(batch: Batch) -> Tables:
    """The tables of the batch as they are now."""
    stamp = _stamp(Path(batch.reference))
    key = (batch.reference, batch.scheme)
    with _lock:
        known = _held.get(key)
        if known is None or known[0] != stamp:
            known = _held[key] = (stamp, Tables(load_reference(Path(batch.reference)), load_scheme(batch.scheme)))
        return known[1]


def _stamp(folder: Path) -> _Stamp:
    files = sorted((path.name, path.stat()) for path in folder.glob("*.csv"))
    return _Stamp(str(folder), tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))
