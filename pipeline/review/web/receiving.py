"""Taking uploads in: announced, received piece by piece, put into the batch's folder all at once.

In:    what a browser or a program says it will send, then its bytes in pieces, each with the place where it begins.
Out:   files under names of ours (pipeline/review/upload_names.py) in the workspace; at the end a folder a submission in the batch's folder, each by one rename.
Fails: Refused in Chinese; Misplaced with the number of bytes that are here, from which the sender goes on; NotWhole and AlreadyThere, which ask for more first.
Nothing that was received is asked for again: what is announced anew with the same size and time goes on where it stood, what is whole is known by its SHA-256.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from extractors.files import FileLimits, is_litter
from models.annexes import INSURERS
from pipeline.review.upload_names import HEAD, disk_name, id_fault, id_from, in_order, numbered
from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.inboxes import folder_of, uploads_as_set
from pipeline.review.web.models import Upload, UploadFile, UploadFolder, User
from pipeline.store.blobs import sync_folder
from pipeline.store.models import Batch, File, State, Submission
from pipeline.store.outcomes import storable

FOLDER = "uploads"  # in the workspace, where no run looks
PIECE = 8 * 2**20  # bytes that are taken at once
AT_ONCE = 1_000  # files that are announced at once
NAME = 4_096  # characters of a name that are kept
_GOING = (Upload.State.OPEN, Upload.State.FINISHING)


class Misplaced(Exception):
    """A piece that doesn't begin where the file ends by now, or one that ends a file which isn't what the sender says. received: where to go on; 0 for all anew."""

    def __init__(self, received: int) -> None:
        super().__init__(f"已收到{received}字节，请从该处继续。")
        self.received = received


class NotWhole(Exception):
    """Files that aren't here yet. missing: how many."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"还有{missing}个文件没有收完。")
        self.missing = missing


class AlreadyThere(Exception):
    """Submissions that the batch has already; the person has to say that the files are meant for them, or give other ids."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(f"批次中已有：{'、'.join(ids)}。请确认补入已有申报，或改用其他编号。")
        self.ids = tuple(ids)


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
    return Upload.objects.filter(batch=batch, by=person, state__in=_GOING).first()


# ---------------------------------------------------------------- announced


def announce(batch: Batch, person: User, files: Sequence[Announced]) -> list[Expected]:
    """Take note of files that will be sent; gives what is here of each, in the same order."""
    if folder_of(batch) is None:
        raise Refused("该批次的文件夹不能写入，无法上传。")
    if not 0 < len(files) <= AT_ONCE:
        raise Refused(f"一次最多登记{AT_ONCE}个文件。")
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
    upload, made = Upload.objects.select_for_update().get_or_create(batch=batch, by=person, state__in=_GOING, defaults={"state": Upload.State.OPEN, "made": now, "touched": now})
    if upload.state != Upload.State.OPEN:
        raise Refused("上一次上传正在归档，请稍候再试。")
    if made:
        _place(upload).mkdir(parents=True, mode=0o700)
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
        self.free = shutil.disk_usage(_place(upload)).free - self.uploads.spare_bytes - waiting

    def fault(self, one: Announced) -> str:
        """Why a file isn't taken, in Chinese; "" where it is."""
        folder = self.folders.get(_key(one.folder))
        n, size = self.held.get(folder.pk, (0, 0)) if folder else (0, 0)
        limits = self.limits
        if not one.name.strip("/ ") or is_litter(one.name):
            return "系统文件，不需上传"
        if one.size > limits.file_bytes:
            return f"超过单个文件上限{_megabytes(limits.file_bytes)}"
        if n >= limits.files:
            return f"每件申报最多{limits.files}个文件"
        if size + one.size > limits.total_bytes:
            return f"超过每件申报上限{_megabytes(limits.total_bytes)}"
        if folder is None and len(self.folders) >= self.uploads.submissions:
            return f"一次最多上传{self.uploads.submissions}件申报"
        if self.bytes + one.size > self.uploads.total_bytes:
            return f"超过一次上传的上限{_megabytes(self.uploads.total_bytes)}"
        return "服务器磁盘空间不足" if one.size > self.free else ""

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
            raise Refused("该文件不在接收中。")
        if file.received == file.size and file.sha256 and offset + len(data) == file.size:
            return Expected(file.pk, file.received, file.sha256)  # the answer to the last piece was lost
        if offset != file.received:
            raise Misplaced(file.received)
        if len(data) > PIECE or offset + len(data) > file.size:
            raise Refused("收到的内容比登记的大。")
        _write(_part(file), offset, data)
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
    path = _part(file)
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
    there = _there(upload.batch)
    return [Row(folder, folder.n, folder.whole, folder.size, folder.here, folder.submission_id in there) for folder in sums]


def rename(pk: int, person: User, submission_id: str, adds: bool) -> None:
    """Say which submission a folder is, and whether it is meant for one that the batch has."""
    with transaction.atomic():
        folder = _own_folder(pk, person)
        wanted = submission_id.strip()
        if fault := id_fault(wanted):
            raise Refused(fault)
        if wanted != folder.submission_id and folder.upload.folders.filter(submission_id=wanted).exists():
            raise Refused("本次上传中已有这一编号。")
        before, folder.submission_id, folder.adds = folder.submission_id, wanted, adds
        folder.save(update_fields=["submission_id", "adds"])
        audit.record("upload-named", person, str(folder.upload), old=before, new=wanted, adds=adds)


def drop_folder(pk: int, person: User) -> None:
    """Give a submission of an upload up."""
    with transaction.atomic():
        folder = _own_folder(pk, person)
        parts = [_part(file) for file in folder.files.select_related("folder__upload")]
        audit.record("upload-dropped", person, str(folder.upload), submission=folder.submission_id, files=len(parts))
        folder.delete()
    for part in parts:
        part.unlink(missing_ok=True)


def drop(upload: Upload, person: User | None) -> None:
    """Give an upload up. person: None where nobody went on with it."""
    with transaction.atomic():
        if not Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=Upload.State.DROPPED, touched=timezone.now()):
            raise Refused("上传已归档，不能放弃。")
        audit.record("upload-dropped", person, str(upload), submissions=upload.folders.count())
        upload.folders.all().delete()
    shutil.rmtree(_place(upload), ignore_errors=True)


def sweep(now: datetime) -> int:
    """Give up the uploads that nobody went on with; gives how many."""
    stale = Upload.objects.filter(state=Upload.State.OPEN, touched__lt=now - timedelta(days=uploads_as_set().keep_days))
    for upload in stale:
        drop(upload, None)
    return len(stale)


def _own_folder(pk: int, person: User) -> UploadFolder:
    folder = UploadFolder.objects.select_for_update(of=("self",)).select_related("upload").filter(pk=pk, upload__by=person, upload__state=Upload.State.OPEN).first()
    if folder is None:
        raise Refused("该申报不在接收中。")
    return folder


# ---------------------------------------------------------------- put away


def finish(batch: Batch, person: User, adds: Collection[str] = ()) -> list[str]:
    """Put everything into the batch's folder; gives the ids of the submissions that are new or have new files there.

    adds: ids that the batch has and that the files are meant for, beside those marked before. Broken off anywhere it can be called again.
    """
    inbox = folder_of(batch)
    if inbox is None:
        raise Refused("该批次的文件夹不能写入，文件仍保留在接收处。")
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)  # nobody else plans where things will lie
        upload = Upload.objects.select_for_update().filter(batch=batch, by=person, state__in=_GOING).first()
        if upload is None:
            raise Refused("没有正在接收的文件。")
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
    shutil.rmtree(_place(upload), ignore_errors=True)
    return filed


def _check(upload: Upload, adds: frozenset[str]) -> None:
    """Raises what keeps an upload from being put away."""
    missing = UploadFile.objects.filter(folder__upload=upload, sha256="").count()
    if missing:
        raise NotWhole(missing)
    folders = list(upload.folders.all())
    if not folders:
        raise Refused("没有正在接收的文件。")
    ids = {folder.submission_id for folder in folders}
    elsewhere = Submission.objects.filter(submission_id__in=ids).exclude(batch=upload.batch).values_list("submission_id", flat=True).first()
    if elsewhere:
        raise Refused(f"编号 {elsewhere} 已用于其他批次，请改用其他编号。")
    there = _there(upload.batch)
    asked = [folder.submission_id for folder in folders if folder.submission_id in there and not folder.adds and folder.submission_id not in adds]
    if asked:
        raise AlreadyThere(asked)


def _there(batch: Batch) -> set[str]:
    """Ids that the batch has, in its folder or from earlier runs; what insurers file always joins what they filed."""
    inbox = folder_of(batch)
    lying = {path.name for path in inbox.iterdir()} if inbox else set()
    known = Submission.objects.filter(batch=batch).exclude(state=State.WITHDRAWN).values_list("submission_id", flat=True)
    coming = UploadFolder.objects.filter(upload__batch=batch, upload__state=Upload.State.FINISHING).values_list("submission_id", flat=True)
    return (lying | set(known) | set(coming)) - {INSURERS}


def _settle(upload: Upload, inbox: Path) -> None:
    """Note where everything will lie, so that whoever goes on after a cut does the same."""
    for folder in upload.folders.all():
        target = inbox / folder.submission_id
        if target.is_symlink():
            raise Refused(f"批次中的 {folder.submission_id} 是链接，不能写入。")
        known = _known_bytes(upload.batch, folder.submission_id) if target.is_dir() else set()
        n = 0
        for file in sorted(folder.files.all(), key=lambda file: in_order(file.name)):
            if file.sha256 in known:
                continue
            n += 1
            with _part(file).open("rb") as whole:
                file.filed_as = disk_name(n, file.name, whole.read(HEAD))
            file.save(update_fields=["filed_as"])
        if n:
            folder.filed_as = f"{folder.submission_id}/{_stem(upload)}" if target.is_dir() else folder.submission_id
            folder.save(update_fields=["filed_as"])


def _known_bytes(batch: Batch, submission_id: str) -> set[str]:
    """SHA-256 of what a submission has already."""
    submission = Q(submission__submission_id=submission_id) if submission_id != INSURERS else Q(submission=None)
    read = File.objects.filter(submission, batch=batch).exclude(blob="").values_list("blob", flat=True)
    filed = UploadFile.objects.filter(folder__upload__batch=batch, folder__upload__state=Upload.State.FILED, folder__submission_id=submission_id).exclude(filed_as="").values_list("sha256", flat=True)
    return {*read, *filed}


def _put(folder: UploadFolder, inbox: Path) -> None:
    """Bring a submission's files into one folder, then that into the batch; what is done already stays done."""
    staged = _place(folder.upload) / f"f{folder.pk}"
    hidden = inbox / f".{_stem(folder.upload)}-{staged.name}"  # on the batch's disk, where that is another; runs pass it over
    parts = [(part, file.filed_as) for file in folder.files.exclude(filed_as="").select_related("folder__upload") if (part := _part(file)).exists()]
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
    folder.filed_as = f"{folder.submission_id}/{_stem(folder.upload)}"
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


# ---------------------------------------------------------------- where it lies


def _stem(upload: Upload) -> str:
    return f"u{upload.pk}"


def _place(upload: Upload) -> Path:
    return Path(settings.WORK) / FOLDER / _stem(upload)


def _part(file: UploadFile) -> Path:
    return _place(file.folder.upload) / f"{file.pk}.part"


def _key(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB" if size < 2**30 else f"{size / 2**30:,.1f} GB"
