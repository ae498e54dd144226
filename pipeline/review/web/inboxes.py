"""Batches that the page takes submissions in for: where they lie, new ones, and the runs that read them.

In:    what a person asks for.
Out:   rows of Inbox and Reading. Who carries a Reading out stands above us (flows/readings.py); where INTAKE_REVIEW__UPLOADS__START_RUNS is false nobody asks for one.
Fails: Refused, in Chinese, for the person.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from models.scheme import known_schemes
from pipeline.review.settings import UploadSettings
from pipeline.review.upload_names import ID_CHARACTERS, id_fault
from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.models import Inbox, Reading, User
from pipeline.review.web.words import told
from pipeline.store.models import Batch
from pipeline.store.outcomes import open_batch

FOLDER = "inbox"  # in the workspace: the folders of batches that were begun on the page
YEARS = range(2000, 2101)


def uploads_as_set() -> UploadSettings:
    """The settings."""
    return settings.INTAKE.review.uploads


def introduce(batch: Batch, folder: str) -> None:
    """Where a batch lies that was run from the command line."""
    Inbox.objects.update_or_create(batch=batch, defaults={"folder": folder})


def folder_of(batch: Batch) -> Path | None:
    """The batch's folder where submissions can be put into it; None of a batch in a bucket, in no known folder, or in one that is gone or can't be written."""
    inbox = Inbox.objects.filter(batch=batch).first()
    folder = Path(inbox.folder if inbox else "")
    return folder if folder.is_absolute() and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) else None


def references() -> Sequence[str]:
    """Folders of reference tables that a new batch can be judged by: the one that is set, then those of earlier batches."""
    given = uploads_as_set().reference
    earlier = Batch.objects.exclude(reference="").order_by("-created").values_list("reference", flat=True)
    known = dict.fromkeys([*([str(given.resolve())] if given else []), *earlier])
    return [folder for folder in known if Path(folder).is_dir()]


def begin(person: User, name: str, scheme: str, year: int, reference: str) -> Batch:
    """A new batch with a folder of its own in the workspace."""
    if fault := id_fault(name):
        raise Refused(told(fault, what=told("name"), n=ID_CHARACTERS))
    if scheme not in known_schemes() or year not in YEARS or reference not in references():
        raise Refused(told("batch_choose"))
    with transaction.atomic():
        if Batch.objects.filter(name=name, scheme=scheme, year=year).exists():
            raise Refused(told("batch_there"))
        batch = open_batch(name, scheme, year, timezone.now(), reference)
        folder = Path(settings.WORK) / FOLDER / str(batch.pk)
        Inbox.objects.create(batch=batch, folder=str(folder.resolve()))
        audit.record("batch-new", person, f"b{batch.pk}", name=name, scheme=scheme, year=year)
        folder.mkdir(parents=True, exist_ok=True)
    return batch


def may_read(batch: Batch) -> bool:
    """Whether the page's server would read the batch: it is set to, and something is in its folder."""
    folder = folder_of(batch)
    return uploads_as_set().start_runs and bool(batch.reference) and folder is not None and any(not path.name.startswith((".", "_")) and path.is_dir() for path in folder.iterdir())


def want_reading(batch: Batch, person: User, retry_failed: bool = False) -> Reading:
    """Ask for a run over the batch; one that waits already will do. retry_failed: take up again what failed before."""
    if not may_read(batch):
        raise Refused(told("nothing_to_read"))
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        reading, made = Reading.objects.get_or_create(batch=batch, state=Reading.State.WAITING, defaults={"by": person, "wanted": timezone.now(), "retry_failed": retry_failed})
        if not made and retry_failed and not reading.retry_failed:
            reading.retry_failed = True
            reading.save(update_fields=["retry_failed"])
        audit.record("reading", person, f"b{batch.pk}", retry_failed=retry_failed)
    return reading


# ---------------------------------------------------------------- for who carries them out, one at a time

MOST_ATTEMPTS = 3  # times that a server may end over a run before it is given up


def recover() -> None:
    """Take up again what a server that is gone left behind. Only for who holds the lock under which runs go."""
    for reading in Reading.objects.filter(state=Reading.State.RUNNING):
        if reading.attempts < MOST_ATTEMPTS and not Reading.objects.filter(batch=reading.batch, state=Reading.State.WAITING).exists():
            Reading.objects.filter(pk=reading.pk).update(state=Reading.State.WAITING)
        else:
            ended(reading, None, reading.output)


def take() -> Reading | None:
    """The run that waits longest, which now goes on."""
    reading = Reading.objects.filter(state=Reading.State.WAITING).select_related("batch__inbox").order_by("wanted").first()
    if reading is not None:
        reading.state, reading.started, reading.attempts = Reading.State.RUNNING, timezone.now(), reading.attempts + 1
        reading.save(update_fields=["state", "started", "attempts"])
    return reading


def ended(reading: Reading, status: int | None, output: str, at: datetime | None = None) -> None:
    """How a run went. status: None where it never came to its end."""
    with transaction.atomic():
        reading.state = Reading.State.DONE if status == 0 else Reading.State.FAILED
        reading.status, reading.output, reading.ended = status, output, at or timezone.now()
        reading.save(update_fields=["state", "status", "output", "ended"])
        audit.record("reading-ended", None, f"b{reading.batch_id}", status=status)
