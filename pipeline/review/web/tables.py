"""The reference tables and the scheme that a batch is judged against, held in the process by version.

In:    a batch, or a version of the tables and a scheme.  Out: the tables.  Fails: UsageError where the batch has none, ReferenceInvalid.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import cached_property

from django.db import connection
from django.utils import timezone

from models.errors import IntakeError
from models.reference import CatalogueEntry, Reference
from models.scheme import Scheme, load_scheme
from pipeline.review.corrections import prepare
from pipeline.store import reference as versions
from pipeline.store.models import Batch, ReferenceVersion

log = logging.getLogger(__name__)

MOST_HELD = 4  # versions in memory: registers are large


class Tables:
    """Reference tables with their mark, scheme, and the catalogue's entries of that scheme by id."""

    def __init__(self, mark: str, reference: Reference, scheme: Scheme) -> None:
        self.mark = mark
        self.reference = reference
        self.scheme = scheme

    @cached_property
    def catalogue(self) -> Mapping[str, CatalogueEntry]:
        """Entries by id."""
        return {entry.entry_id: entry for entry in self.reference.catalogue or () if entry.scheme == self.scheme.name}


_held: dict[tuple[str, str], Tables] = {}  # the last asked for at the end
_lock = threading.Lock()


def tables_for(batch: Batch) -> Tables:
    """The tables that are in force for the batch."""
    put = versions.in_force(batch) or versions.settle(batch, None, timezone.now())
    return tables_of(put.version, batch.scheme)


def tables_of(version: ReferenceVersion, scheme: str) -> Tables:
    """A version's tables with a scheme."""
    key = (version.mark, scheme)
    with _lock:
        found = _held.pop(key, None) or _read(version, scheme)
        _held[key] = found
        while len(_held) > MOST_HELD:
            del _held[next(iter(_held))]
        return found


def warm() -> None:
    """Read the tables of the latest batches, so that whoever comes first doesn't wait for it; those that can't be read are told of when they are asked for."""
    for batch in Batch.objects.order_by("-created")[:MOST_HELD]:
        try:
            tables_for(batch)
        except (IntakeError, OSError) as error:
            log.warning("tables of batch %s: %s", batch.pk, error)
    connection.close()


def _read(version: ReferenceVersion, scheme: str) -> Tables:
    tables = Tables(version.mark, versions.reference_of(version), load_scheme(scheme))
    prepare(tables.reference, tables.scheme)
    return tables
