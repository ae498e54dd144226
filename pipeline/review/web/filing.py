"""Putting uploads away: everything that a person sent for a batch goes into its folder, a submission by one rename.

In:    a batch, whose upload is whole; which of its submissions the files are meant for.
Out:   a folder a submission in the batch's folder, its files under names of ours (pipeline/review/upload_names.py).
Fails: Refused in Chinese; NotWhole and AlreadyThere, which ask for more first.
Broken off anywhere it goes on when it is asked for again: where things will lie is noted before anything is moved.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from models.annexes import INSURERS
from pipeline.review.upload_names import HEAD, disk_name, in_order
from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.inboxes import folder_of
from pipeline.review.web.models import Upload, UploadFile, UploadFolder, User
from pipeline.review.web.upload_places import GOING, ids_of, part_of, place_of, stem_of
from pipeline.review.web.words import told
from pipeline.store.blobs import sync_folder
from pipeline.store.models import Batch, File, Submission


class NotWhole(Exception):
    """Files that aren't here yet. missing: how many."""

    def __init__(self, missing: int) -> None:
        super().__init__(told("files_missing", n=missing))
        self.missing = missing


class AlreadyThere(Exception):
    """Submissions that the batch has already; the person has to say that the files are meant for them, or give other ids."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(told("ids_there", ids="、".join(ids)))
        self.ids = tuple(ids)


def finish(batch: Batch, person: User, adds: Collection[str] = ()) -> list[str]:
    """Put everything into the batch's folder; gives the ids of the submissions that are new or have new files there.

    adds: ids that the batch has and that the files are meant for, beside those marked before. Broken off anywhere it can be called again.
    """
    inbox = folder_of(batch)
    if inbox is None:
        raise Refused(told("inbox_no_filing"))
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)  # nobody else plans where things will lie
        upload = Upload.objects.select_for_update().filter(batch=batch, by=person, state__in=GOING).first()
        if upload is None:
            raise Refused(told("nothing_received"))
        if upload.state == Upload.State.OPEN:
            _check(upload, frozenset(adds))
            _settle(upload, inbox)
            upload.state = Upload.State.FINISHING
            upload.save(update_fields=["state"])
    folders = list(upload.folders.exclude(filed_as=""))
    for folder in folders:
        _put(folder, inbox)
    with transaction.atomic():
        if not Upload.objects.filter(pk=upload.pk, state=Upload.State.FINISHING).update(state=Upload.State.FILED, touched=timezone.now()):
            return []  # somebody was quicker
        now = timezone.now()
        filed = [folder.submission_id for folder in folders]
        new = [Submission(batch=batch, submission_id=one, created=now, updated=now) for one in filed if one != INSURERS]
        Submission.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)  # so that they are seen to wait; a run finds them by itself
        for folder in folders:
            kept = folder.files.exclude(filed_as="")
            audit.record("filed", person, folder.submission_id, upload=str(upload), batch=f"b{batch.pk}", files=kept.count(), bytes=kept.aggregate(n=Coalesce(Sum("size"), 0))["n"])
    shutil.rmtree(place_of(upload), ignore_errors=True)
    return filed


def _check(upload: Upload, adds: frozenset[str]) -> None:
    """Raises what keeps an upload from being put away."""
    missing = UploadFile.objects.filter(folder__upload=upload, sha256="").count()
    if missing:
        raise NotWhole(missing)
    folders = list(upload.folders.all())
    if not folders:
        raise Refused(told("nothing_received"))
    ids = {folder.submission_id for folder in folders}
    elsewhere = Submission.objects.filter(submission_id__in=ids).exclude(batch=upload.batch).values_list("submission_id", flat=True).first()
    if elsewhere:
        raise Refused(told("id_elsewhere", id=elsewhere))
    there = ids_of(upload.batch)
    asked = [folder.submission_id for folder in folders if folder.submission_id in there and not folder.adds and folder.submission_id not in adds]
    if asked:
        raise AlreadyThere(asked)


def _settle(upload: Upload, inbox: Path) -> None:
    """Note where everything will lie, so that whoever goes on after a cut does the same."""
    for folder in upload.folders.all():
        target = inbox / folder.submission_id
        if target.is_symlink():
            raise Refused(told("id_is_link", id=folder.submission_id))
        known = _known_bytes(upload.batch, folder.submission_id) if target.is_dir() else set()
        n = 0
        for file in sorted(folder.files.all(), key=lambda file: in_order(file.name)):
            if file.sha256 in known:
                continue
            n += 1
            with part_of(file).open("rb") as whole:
                file.filed_as = disk_name(n, file.name, whole.read(HEAD))
            file.save(update_fields=["filed_as"])
        if n:
            folder.filed_as = f"{folder.submission_id}/{stem_of(upload)}" if target.is_dir() else folder.submission_id
            folder.save(update_fields=["filed_as"])


def _known_bytes(batch: Batch, submission_id: str) -> set[str]:
    """SHA-256 of what a submission has already."""
    submission = Q(submission__submission_id=submission_id) if submission_id != INSURERS else Q(submission=None)
    read = File.objects.filter(submission, batch=batch).exclude(blob="").values_list("blob", flat=True)
    filed = UploadFile.objects.filter(folder__upload__batch=batch, folder__upload__state=Upload.State.FILED, folder__submission_id=submission_id).exclude(filed_as="").values_list("sha256", flat=True)
    return {*read, *filed}


def _put(folder: UploadFolder, inbox: Path) -> None:
    """Bring a submission's files into one folder, then that into the batch; what is done already stays done."""
    staged = place_of(folder.upload) / f"f{folder.pk}"
    hidden = inbox / f".{stem_of(folder.upload)}-{staged.name}"  # on the batch's disk, where that is another; runs pass it over
    parts = [(part, file.filed_as) for file in folder.files.exclude(filed_as="").select_related("folder__upload") if (part := part_of(file)).exists()]
    if not parts and not staged.exists() and not hidden.exists():
        return
    if (inbox / folder.filed_as).exists():
        _put_within(folder)
    if not hidden.exists():
        staged.mkdir(exist_ok=True)
        for part, name in parts:
            part.rename(staged / name)
        for path in staged.iterdir():
            path.chmod(0o644)  # it is the batch's now, whose other readers may be other users
        staged.chmod(0o755)
        sync_folder(staged)
    try:
        _move(staged, hidden, inbox / folder.filed_as)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        _put_within(folder)
        _move(staged, hidden, inbox / folder.filed_as)
    sync_folder((inbox / folder.filed_as).parent)


def _put_within(folder: UploadFolder) -> None:
    """Somebody put a submission of that id there meanwhile: what was uploaded joins it."""
    folder.filed_as = f"{folder.submission_id}/{stem_of(folder.upload)}"
    folder.save(update_fields=["filed_as"])


def _move(staged: Path, hidden: Path, target: Path) -> None:
    """One rename; to another disk by way of a whole copy, after which what was copied goes first, so that it can't be put there twice."""
    if not hidden.exists():
        try:
            staged.rename(target)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        part = hidden.with_name(hidden.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(staged, part)
        for path in part.iterdir():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        part.rename(hidden)
    shutil.rmtree(staged, ignore_errors=True)
    hidden.rename(target)
