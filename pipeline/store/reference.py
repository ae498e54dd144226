"""Versions of the reference tables: what a batch is judged by, kept for good, so that a past decision can be read with the data of its day.

In:    tables as files, from a folder or from the review page.
Out:   versions by their mark, which one is in force for a batch, who put it in force, and the tables themselves.
Fails: ReferenceInvalid for tables that can't be read, UsageError where there are none.

A version is content: two folders that hold the same tables are one version. A batch has one version in force. A run names a folder; that counts when the folder
differs from what the batch last took from a folder, so that the same command given again doesn't undo what was put in force on the page since.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from models.errors import UsageError
from models.reference import Reference
from pipeline.reference import TABLES, folder_tables, read_reference
from pipeline.reference_changes import all_changes
from pipeline.store.models import Batch, ReferenceFile, ReferencePut, ReferenceVersion


class Origin(StrEnum):
    """How a version came into force."""

    FOLDER = "folder"  # a run or a recheck named a folder
    PAGE = "page"  # a table was imported
    BACK = "back"  # an earlier version was put in force again


def mark_of(hashes: Mapping[str, str]) -> str:
    """What a version is known by: SHA-256 over its tables' names and the hashes of their files."""
    return hashlib.sha256("".join(f"{name} {hashes[name]}\n" for name in TABLES if name in hashes).encode()).hexdigest()


def in_force(batch: Batch) -> ReferencePut | None:
    """What the batch is judged by now; None where no table was ever given."""
    return ReferencePut.objects.filter(batch=batch).select_related("version").order_by("-number").first()


def keep(files: Mapping[str, bytes], now: datetime) -> ReferenceVersion:
    """Keep tables as a version; the same tables are the same version. files: CSV by table."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    known = set(ReferenceFile.objects.filter(sha256__in=hashes.values()).values_list("sha256", flat=True))
    for name, sha256 in hashes.items():
        if sha256 not in known:
            ReferenceFile.objects.get_or_create(sha256=sha256, defaults={"data": zlib.compress(files[name])})
    version, _ = ReferenceVersion.objects.get_or_create(mark=mark_of(hashes), defaults={"files": hashes, "made_at": now})
    return version


def files_of(version: ReferenceVersion) -> dict[str, bytes]:
    """A version's tables as they were taken in, by name."""
    data = dict(ReferenceFile.objects.filter(sha256__in=version.files.values()).values_list("sha256", "data"))
    return {name: zlib.decompress(bytes(data[version.files[name]])) for name in TABLES if name in version.files}


def reference_of(version: ReferenceVersion) -> Reference:
    """A version's tables, read."""
    return read_reference(files_of(version))


@transaction.atomic
def put_in_force(batch: Batch, files: Mapping[str, bytes], now: datetime, origin: Origin, by: str = "", note: str = "") -> ReferencePut:
    """Put tables in force for a batch, and keep what that changed."""
    Batch.objects.select_for_update().get(pk=batch.pk)  # one at a time
    before = in_force(batch)
    told = {change.table: change.counts() for change in all_changes(files_of(before.version) if before else {}, files)}
    number = (ReferencePut.objects.filter(batch=batch).aggregate(last=Max("number"))["last"] or 0) + 1
    put: ReferencePut = ReferencePut.objects.create(batch=batch, version=keep(files, now), number=number, at=now, by=by, origin=origin, note=note, told=told)
    return put


def settle(batch: Batch, folder: Path | None, now: datetime, insist: bool = False) -> ReferencePut:
    """What a batch is to be judged by, where a run named this folder, or none.

    insist: the folder's tables, whatever was put in force since the batch took them. Raises UsageError where no folder is named and nothing is in force.
    """
    stands = in_force(batch)
    if folder is None and stands is None and batch.reference and Path(batch.reference).is_dir():
        folder = Path(batch.reference)  # of a run from before versions were kept
    if folder is None:
        if stands is None:
            raise UsageError(f"Batch {batch} has no reference tables yet. Name the folder that holds catalogue.csv and the other tables with --reference.")
        return stands
    files = folder_tables(folder)
    mark = mark_of({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    if stands is not None and stands.version.mark == mark:
        return stands
    taken = ReferencePut.objects.filter(batch=batch, origin=Origin.FOLDER).select_related("version").order_by("-number").first()
    if stands is not None and not insist and taken is not None and taken.version.mark == mark:
        return stands
    read_reference(files)  # nothing that can't be read comes into force
    return put_in_force(batch, files, now, Origin.FOLDER, note=str(folder))
