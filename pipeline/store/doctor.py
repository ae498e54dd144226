"""Whether the store is whole: every original there and unchanged, every claim readable and its columns true to it, every reference table kept, every page accounted for, no lease of the dead.

In:    a batch, the blobs.  Out: what is wrong; what can be mended without losing anything is mended.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.db.models import F
from pydantic import ValidationError

from pipeline.store import leases
from pipeline.store.blobs import Blobs
from pipeline.store.models import Batch, ClaimVersion, File, FlagRaised, ReferenceFile, ReferencePut, State, Submission
from pipeline.store.progress import unaccounted

MOST_TOLD = 10  # faults of a database's file


class Finding(NamedTuple):
    """One thing that is wrong. kind: a stable code; what: which submission, file or blob; mended: whether it is right now."""

    kind: str
    what: str
    mended: bool = False


def examine(batch: Batch, blobs: Blobs, now: datetime) -> Iterator[Finding]:
    """Everything that is wrong with a batch in the store."""
    gone = leases.release_gone(batch, now)
    if gone:
        yield Finding("lease_of_the_dead", f"{gone} submissions", mended=True)
    yield from _originals(batch, blobs)
    yield from _claims(batch)
    yield from _reference(batch)
    for file in unaccounted(File.objects.filter(batch=batch)).select_related("submission"):
        yield Finding("page_unaccounted", f"{file.submission or ''} {file.name}")


def examine_database() -> Iterator[Finding]:
    """Whether the database's own file is whole. A server looks after its own."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA integrity_check({MOST_TOLD})")
            told = [line for (line,) in cursor.fetchall() if line != "ok"]
    except DatabaseError as error:
        told = [str(error)]
    yield from (Finding("database_damaged", " ".join(line.split())[:200]) for line in told)


def _originals(batch: Batch, blobs: Blobs) -> Iterator[Finding]:
    """Every original is kept and is what it was. One that no file names was kept by a run that was cut off: the next one takes it up."""
    kept = set(blobs.names())
    named = dict(File.objects.exclude(blob="").order_by().values_list("blob", "name"))
    for sha256 in sorted(set(File.objects.filter(batch=batch).exclude(blob="").order_by().values_list("blob", flat=True).distinct())):
        if sha256 not in kept:
            yield Finding("original_missing", f"{sha256} ({named[sha256]})")
        elif not blobs.sound(sha256):
            yield Finding("original_damaged", f"{sha256} ({named[sha256]})")
    waiting = Submission.objects.filter(state__in=(State.WAITING, State.WORKING)).exists()
    if not waiting:
        for sha256 in sorted(kept - named.keys()):
            yield Finding("original_orphaned", sha256)


def _reference(batch: Batch) -> Iterator[Finding]:
    """Every reference table that the batch was ever judged by is kept and is what it was."""
    wanted = {(name, sha256) for put in ReferencePut.objects.filter(batch=batch).select_related("version") for name, sha256 in put.version.files.items()}
    for name, sha256 in sorted(wanted):
        kept = ReferenceFile.objects.filter(sha256=sha256).first()
        if kept is None:
            yield Finding("reference_missing", f"{sha256} ({name})")
            continue
        try:
            sound = hashlib.sha256(zlib.decompress(bytes(kept.data))).hexdigest() == sha256
        except zlib.error:
            sound = False
        if not sound:
            yield Finding("reference_damaged", f"{sha256} ({name})")


def _claims(batch: Batch) -> Iterator[Finding]:
    submissions = Submission.objects.filter(batch=batch)
    for row in submissions.filter(state__in=(State.DONE, State.FAILED), version=0):
        yield Finding("claim_missing", row.submission_id)
    flags: dict[int, Counter[tuple[str, str]]] = {}
    for raised in FlagRaised.objects.filter(submission__batch=batch):
        flags.setdefault(raised.submission_id, Counter())[raised.code, raised.severity] = raised.count
    in_force = set()
    for version in ClaimVersion.objects.filter(submission__batch=batch, number=F("submission__version")).order_by().select_related("submission").iterator(200):
        row = version.submission
        in_force.add(row.pk)
        try:
            claim = version.claim
        except ValidationError:
            yield Finding("claim_unreadable", f"{row.submission_id} v{version.number}")
            continue
        raised_now = Counter((flag.code, flag.severity.value) for flag in claim.flags)
        if (row.triage, flags.get(row.pk, Counter())) != (claim.triage.value, raised_now):
            yield Finding("columns_untrue", row.submission_id)
    for row in submissions.filter(version__gt=0).exclude(pk__in=in_force):
        yield Finding("claim_missing", f"{row.submission_id} v{row.version}")
