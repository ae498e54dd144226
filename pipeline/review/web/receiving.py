"""Taking uploads in: announced, received piece by piece, looked at and changed before they are put away.

In:    what a browser or a program says it will send, then its bytes in pieces, each with the place where it begins.
Out:   files under numbers of ours in the workspace, until filing.py puts them into the batch's folder.
Fails: Refused in Chinese; Misplaced with the number of bytes that are here, from which the sender goes on.
Nothing that was received is asked for again: what is announced anew with the same size and time goes on where it stood, what is whole is known by its SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from extractors.files import FileLimits, is_litter
from pipeline.review.upload_names import ID_CHARACTERS, id_fault, id_from, numbered
from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.inboxes import folder_of, uploads_as_set
from pipeline.review.web.models import Upload, UploadFile, UploadFolder, User
from pipeline.review.web.upload_places import GOING, ids_of, part_of, place_of
from pipeline.review.web.words import told
from pipeline.store.models import Batch
from pipeline.store.outcomes import storable

PIECE = 8 * 2**20  # bytes that are taken at once
AT_ONCE = 1_000  # files that are announced at once
NAME = 4_096  # characters of a name that are kept


class Misplaced(Exception):
    """A piece that doesn't begin where the file ends by now, or one that ends a file which isn't what the sender says. received: where to go on; 0 for all anew."""

    def __init__(self, received: int) -> None:
        super().__init__(told("go_on_from", n=received))
        self.received = received


class Announced(NamedTuple):
    """A file that will be sent. folder: the submission's, as the sender calls it; name: its path in there; modified: milliseconds since 1970, 0 unknown."""

    folder: str
    name: str
    size: int
    modified: int = 0


class Expected(NamedTuple):
    """What is here of an announced file. pk: None of one that isn't taken, with `refused` saying why; sha256: once it is whole."""

    pk: int | None
    received: int = 0
    sha256: str = ""
    refused: str = ""


def going(batch: Batch, person: User) -> Upload | None:
    """What the person is uploading for the batch."""
    return Upload.objects.filter(batch=batch, by=person, state__in=GOING).first()


# ---------------------------------------------------------------- announced


def announce(batch: Batch, person: User, files: Sequence[Announced]) -> list[Expected]:
    """Take note of files that will be sent; gives what is here of each, in the same order."""
    if folder_of(batch) is None:
        raise Refused(told("inbox_no_upload"))
    if not 0 < len(files) <= AT_ONCE:
        raise Refused(told("announce_most", n=AT_ONCE))
    with transaction.atomic():
        upload = _opened(batch, person)
        room = _Room(upload)
        answers = [_expect(upload, one, room) for one in files]
        taken = [one for one, answer in zip(files, answers, strict=True) if answer.pk is not None]
        audit.record("upload", person, str(upload), batch=f"b{batch.pk}", files=len(taken), bytes=sum(one.size for one in taken), refused=len(files) - len(taken))
    for n, answer in enumerate(answers):
        if answer.pk is not None and not files[n].size and not answer.sha256:
            answers[n] = _sealed(UploadFile.objects.select_related("folder__upload").get(pk=answer.pk), person)
    return answers


def _opened(batch: Batch, person: User) -> Upload:
    now = timezone.now()
    upload, made = Upload.objects.select_for_update().get_or_create(batch=batch, by=person, state__in=GOING, defaults={"state": Upload.State.OPEN, "made": now, "touched": now})
    if upload.state != Upload.State.OPEN:
        raise Refused(told("still_filing"))
    if made:
        place_of(upload).mkdir(parents=True, mode=0o700)
    Upload.objects.filter(pk=upload.pk).update(touched=now)
    return upload


class _Room:
    """What an upload may still hold, by submission and in all."""

    def __init__(self, upload: Upload) -> None:
        self.limits: FileLimits = settings.INTAKE.files
        self.uploads = uploads_as_set()
        self.folders = {folder.key: folder for folder in upload.folders.all()}
        sums = upload.folders.values_list("pk").annotate(n=Count("files"), size=Coalesce(Sum("files__size"), 0))
        self.held = {pk: [n, size] for pk, n, size in sums}
        self.bytes = sum(size for _, size in self.held.values())
        waiting = upload.folders.aggregate(size=Coalesce(Sum(F("files__size") - F("files__received")), 0))["size"]
        self.free = shutil.disk_usage(place_of(upload)).free - self.uploads.spare_bytes - waiting

    def fault(self, one: Announced) -> str:
        """Why a file isn't taken, in Chinese; "" where it is."""
        folder = self.folders.get(_key(one.folder))
        n, size = self.held.get(folder.pk, (0, 0)) if folder else (0, 0)
        limits = self.limits
        if not one.name.strip("/ ") or is_litter(one.name):
            return told("skip_system")
        if one.size > limits.file_bytes:
            return told("skip_file", n=_megabytes(limits.file_bytes))
        if n >= limits.files:
            return told("skip_files", n=limits.files)
        if size + one.size > limits.total_bytes:
            return told("skip_total", n=_megabytes(limits.total_bytes))
        if folder is None and len(self.folders) >= self.uploads.submissions:
            return told("skip_submissions", n=self.uploads.submissions)
        if self.bytes + one.size > self.uploads.total_bytes:
            return told("skip_upload", n=_megabytes(self.uploads.total_bytes))
        return told("skip_disk") if one.size > self.free else ""

    def take(self, folder: UploadFolder, size: int) -> None:
        held = self.held.setdefault(folder.pk, [0, 0])
        held[0], held[1] = held[0] + 1, held[1] + size
        self.bytes, self.free = self.bytes + size, self.free - size


def _expect(upload: Upload, one: Announced, room: _Room) -> Expected:
    folder = room.folders.get(_key(one.folder))
    known = folder.files.filter(key=_key(one.name)).first() if folder else None
    if known is not None and known.size == one.size and (known.modified == one.modified or not one.modified):
        return Expected(known.pk, known.received, known.sha256)
    if known is not None:  # another file by the same name: it takes the place of the one before
        room.held[known.folder_id][0] -= 1
        room.held[known.folder_id][1] -= known.size
        room.bytes -= known.size
    if fault := room.fault(one):
        return Expected(None, refused=fault)
    if folder is None:
        taken = {one.submission_id for one in room.folders.values()}
        folder = UploadFolder.objects.create(upload=upload, label=storable(one.folder)[:NAME], key=_key(one.folder), submission_id=numbered(id_from(one.folder), taken))
        room.folders[folder.key] = folder
    if known is None:
        known = UploadFile(folder=folder, name=storable(one.name)[:NAME], key=_key(one.name))
    known.size, known.modified, known.received, known.sha256 = one.size, one.modified, 0, ""
    known.save()
    room.take(folder, one.size)
    return Expected(known.pk)


# ---------------------------------------------------------------- received


def receive(pk: int, person: User, offset: int, data: bytes, sha256: str = "") -> Expected:
    """Take a piece of a file. sha256: of the whole file where the sender knows it; a file that turns out otherwise has to be sent anew. Raises Misplaced."""
    with transaction.atomic():
        file = UploadFile.objects.select_for_update(of=("self",)).select_related("folder__upload").filter(pk=pk, folder__upload__by=person).first()
        if file is None or file.folder.upload.state != Upload.State.OPEN:
            raise Refused(told("file_not_received"))
        if file.received == file.size and file.sha256 and offset + len(data) == file.size:
            return Expected(file.pk, file.received, file.sha256)  # the answer to the last piece was lost
        if offset != file.received:
            raise Misplaced(file.received)
        if len(data) > PIECE or offset + len(data) > file.size:
            raise Refused(told("file_larger"))
        _write(part_of(file), offset, data)
        file.received += len(data)
        file.save(update_fields=["received"])
        Upload.objects.filter(pk=file.folder.upload_id).update(touched=timezone.now())
    return _sealed(file, person, sha256) if file.received == file.size else Expected(file.pk, file.received)


def _write(path: Path, offset: int, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:  # noqa: PTH123  the descriptor says who may read it
        file.truncate(offset)  # what came of a piece whose receipt wasn't noted
        file.seek(offset)
        file.write(data)


def _sealed(file: UploadFile, person: User, sha256: str = "") -> Expected:
    """Look at a file that is whole: what it is, and whether it came as it was sent."""
    path = part_of(file)
    if not file.size:
        _write(path, 0, b"")
    with path.open("rb+") as whole:
        found = hashlib.file_digest(whole, "sha256").hexdigest()
        os.fsync(whole.fileno())
    wrong = bool(sha256) and found != sha256.lower()
    with transaction.atomic():
        rows = UploadFile.objects.filter(pk=file.pk, received=file.size, sha256="", folder__upload__state=Upload.State.OPEN)
        if wrong:
            rows.update(received=0)
        elif rows.update(sha256=found):
            audit.record("upload-file", person, str(file.folder.upload), sha256=found, bytes=file.size, submission=file.folder.submission_id)
    if wrong:
        raise Misplaced(0)
    return Expected(file.pk, file.size, found)


# ---------------------------------------------------------------- looked at and changed before it is put away


class Row(NamedTuple):
    """A submission as it stands. received: bytes that are here; whole: files that are; there: whether the batch has one of that id."""

    folder: UploadFolder
    files: int
    whole: int
    size: int
    received: int
    there: bool

    @property
    def missing(self) -> int:
        """Files that aren't whole."""
        return self.files - self.whole


def rows(upload: Upload) -> list[Row]:
    """The submissions of an upload."""
    sums = upload.folders.annotate(
        n=Count("files"), whole=Count("files", filter=~Q(files__sha256="")), size=Coalesce(Sum("files__size"), 0), here=Coalesce(Sum("files__received"), 0))
    there = ids_of(upload.batch)
    return [Row(folder, folder.n, folder.whole, folder.size, folder.here, folder.submission_id in there) for folder in sums]


def rename(pk: int, person: User, submission_id: str, adds: bool) -> None:
    """Say which submission a folder is, and whether it is meant for one that the batch has."""
    with transaction.atomic():
        folder = _own_folder(pk, person)
        wanted = submission_id.strip()
        if fault := id_fault(wanted):
            raise Refused(told(fault, what=told("id"), n=ID_CHARACTERS))
        if wanted != folder.submission_id and folder.upload.folders.filter(submission_id=wanted).exists():
            raise Refused(told("id_twice"))
        before, folder.submission_id, folder.adds = folder.submission_id, wanted, adds
        folder.save(update_fields=["submission_id", "adds"])
        audit.record("upload-named", person, str(folder.upload), old=before, new=wanted, adds=adds)


def drop_folder(pk: int, person: User) -> None:
    """Give a submission of an upload up."""
    with transaction.atomic():
        folder = _own_folder(pk, person)
        parts = [part_of(file) for file in folder.files.select_related("folder__upload")]
        audit.record("upload-dropped", person, str(folder.upload), submission=folder.submission_id, files=len(parts))
        folder.delete()
    for part in parts:
        part.unlink(missing_ok=True)


def drop(upload: Upload, person: User | None) -> None:
    """Give an upload up. person: None where nobody went on with it."""
    with transaction.atomic():
        if not Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=Upload.State.DROPPED, touched=timezone.now()):
            raise Refused(told("filed_already"))
        audit.record("upload-dropped", person, str(upload), submissions=upload.folders.count())
        upload.folders.all().delete()
    shutil.rmtree(place_of(upload), ignore_errors=True)


def sweep(now: datetime) -> int:
    """Give up the uploads that nobody went on with; gives how many."""
    stale = Upload.objects.filter(state=Upload.State.OPEN, touched__lt=now - timedelta(days=uploads_as_set().keep_days))
    for upload in stale:
        drop(upload, None)
    return len(stale)


def _own_folder(pk: int, person: User) -> UploadFolder:
    folder = UploadFolder.objects.select_for_update(of=("self",)).select_related("upload").filter(pk=pk, upload__by=person, upload__state=Upload.State.OPEN).first()
    if folder is None:
        raise Refused(told("folder_not_received"))
    return folder


def _key(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB" if size < 2**30 else f"{size / 2**30:,.1f} GB"
