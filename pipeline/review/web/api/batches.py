"""Batches and uploads, for programs: announce files, send their bytes by offset, finish.

In:    a request; bytes as the body of a piece.  Out: JSON.  Fails: as api/__init__.py says; 409 with where to go on.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from pydantic import Field

from pipeline.review.web import batch_state, filing, inboxes, receiving
from pipeline.review.web.api.terms import BYTES, READS, WRITES, In, Pk, Text
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import UploadFolder
from pipeline.review.web.receiving import AT_ONCE
from pipeline.review.web.upload_sent import FileSent, announced, body_of
from pipeline.store.models import Batch

router = Router()


class BatchOut(Schema):
    """A batch and how many of its submissions are in which state."""

    pk: int
    name: str
    scheme: str
    year: int
    states: dict[str, int]


class FailureOut(Schema):
    """A submission that failed, or a file that was set aside."""

    submission_id: str
    file: str
    reason: str
    detail: str


class BatchStateOut(BatchOut):
    """Where a batch stands. reading: of the last run that was asked for: waiting, running, done, failed; uploads: whether submissions can be uploaded for it."""

    triage: dict[str, int]
    files: int
    pages: int
    pages_read: int
    pages_blank: int
    pages_aside: int
    pages_a_second: float | None
    seconds_left: float | None
    failed: list[FailureOut]
    dead_files: list[FailureOut]
    reading: str
    uploads: bool

    @classmethod
    def from_batch(cls, batch: Batch) -> BatchStateOut:
        """Looked at now."""
        state = batch_state.state_of(batch)
        figures = {name: value for name, value in state.progress.figures().items() if name in cls.model_fields}
        return cls(**figures, pk=batch.pk, name=batch.name, reading=state.reading.state if state.reading else "", uploads=state.open)


class BatchIn(In):
    """A new batch. reference: one of the folders of reference tables that the page offers, the first where none is named."""

    name: Text
    scheme: Text
    year: int = Field(ge=2000, le=2100)
    reference: Text = ""


class ReadIn(In):
    """retry_failed: take up again what failed before."""

    retry_failed: bool = False


class FilesIn(In):
    """Files that will be sent. One folder is one submission."""

    files: Annotated[list[FileSent], Field(min_length=1, max_length=AT_ONCE)]


class ExpectedOut(Schema):
    """What is here of a file: send on from `received` to its pk; sha256 once it is whole. pk is null of one that isn't taken, refused says why, in Chinese."""

    pk: int | None
    received: int
    sha256: str
    refused: str


class FilesOut(Schema):
    """In the order of what was sent."""

    files: list[ExpectedOut]


class FolderOut(Schema):
    """A submission that is being uploaded. there: whether the batch has one of that id; adds: whether the files are meant for it."""

    pk: int
    label: str
    submission_id: str
    files: int
    whole: int
    bytes: int
    received: int
    there: bool
    adds: bool


class UploadOut(Schema):
    """What of the caller's upload is here; state is "" where nothing is."""

    state: str
    folders: list[FolderOut]


class NameIn(In):
    """Which submission a folder is; drop: it isn't wanted."""

    submission_id: Text = ""
    adds: bool = False
    drop: bool = False


class FinishIn(In):
    """adds: ids that the batch has already and that the files are meant for."""

    adds: Annotated[list[Text], Field(max_length=AT_ONCE)] = Field(default_factory=list)


class FiledOut(Schema):
    """Submissions that are new in the batch or have new files."""

    submissions: list[str]


@router.get("batches", response={200: list[BatchOut], **READS}, url_name="api-batches")
def batches(request: HttpRequest) -> Any:
    """All batches, the latest first."""
    return [BatchOut(pk=batch.pk, name=batch.name, scheme=batch.scheme, year=batch.year, states=states) for batch, states in batch_state.batches()]


@router.post("batches/new", response={200: BatchStateOut, **WRITES}, url_name="api-batch-new")
def new_batch(request: HttpRequest, said: BatchIn) -> Any:
    """Begin a batch."""
    reference = said.reference or next(iter(inboxes.references()), "")
    return BatchStateOut.from_batch(inboxes.begin(person_of(request), said.name.strip(), said.scheme, said.year, reference))


@router.get("batches/{pk}", response={200: BatchStateOut, **READS}, url_name="api-batch")
def batch(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Where a batch stands."""
    return BatchStateOut.from_batch(get_object_or_404(Batch, pk=pk))


@router.post("batches/{pk}/read", response={200: BatchStateOut, **WRITES}, url_name="api-batch-read")
def read_batch(request: HttpRequest, pk: Path[Pk], said: ReadIn) -> Any:
    """Ask for a run over the batch."""
    one = get_object_or_404(Batch, pk=pk)
    inboxes.want_reading(one, person_of(request), said.retry_failed)
    return BatchStateOut.from_batch(one)


@router.get("batches/{pk}/upload", response={200: UploadOut, **READS}, url_name="api-upload")
def upload(request: HttpRequest, pk: Path[Pk]) -> Any:
    """What of the caller's own upload is here."""
    going = receiving.going(get_object_or_404(Batch, pk=pk), person_of(request))
    folders = [
        FolderOut(pk=row.folder.pk, label=row.folder.label, submission_id=row.folder.submission_id, files=row.files, whole=row.whole, bytes=row.size, received=row.received, there=row.there,
                  adds=row.folder.adds)
        for row in (receiving.rows(going) if going else ())]
    return UploadOut(state=going.state if going else "", folders=folders)


@router.post("batches/{pk}/upload/files", response={200: FilesOut, **WRITES}, url_name="api-upload-announce")
def announce(request: HttpRequest, pk: Path[Pk], said: FilesIn) -> Any:
    """Say which files will be sent; gives what is here of each. Said again after a cut it gives where to go on."""
    expected = receiving.announce(get_object_or_404(Batch, pk=pk), person_of(request), announced(said.files))
    return FilesOut(files=[ExpectedOut(**one._asdict()) for one in expected])


@router.post("uploads/files/{pk}", response={200: ExpectedOut, **WRITES}, url_name="api-upload-piece", openapi_extra=BYTES)
def piece(request: HttpRequest, pk: Path[Pk], offset: Annotated[int, Query(ge=0, le=2**53 - 1)], sha256: Annotated[str, Query(pattern="^([0-9a-fA-F]{64})?$")] = "") -> Any:
    """The bytes of a file from `offset` on, 8 MiB at most. sha256: of the whole file, where known; one that turns out otherwise has to be sent anew. 409: go on from what the announcement says."""
    return ExpectedOut(**receiving.receive(pk, person_of(request), offset, body_of(request), sha256)._asdict())


@router.post("uploads/folders/{pk}", response={200: UploadOut, **WRITES}, url_name="api-upload-name")
def name_folder(request: HttpRequest, pk: Path[Pk], said: NameIn) -> Any:
    """Say which submission a folder is, or drop it."""
    batch_pk = get_object_or_404(UploadFolder, pk=pk, upload__by=person_of(request)).upload.batch_id
    if said.drop:
        receiving.drop_folder(pk, person_of(request))
    else:
        receiving.rename(pk, person_of(request), said.submission_id, said.adds)
    return upload(request, batch_pk)


@router.post("batches/{pk}/upload/drop", response={200: UploadOut, **WRITES}, url_name="api-upload-drop")
def drop_upload(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Give up everything that was received and not put away."""
    if going := receiving.going(get_object_or_404(Batch, pk=pk), person_of(request)):
        receiving.drop(going, person_of(request))
    return UploadOut(state="", folders=[])


@router.post("batches/{pk}/upload/finish", response={200: FiledOut, **WRITES}, url_name="api-upload-finish")
def finish(request: HttpRequest, pk: Path[Pk], said: FinishIn) -> Any:
    """Put what was received into the batch, and ask for it to be read. 409: files are missing, or the batch has a submission of that id."""
    one = get_object_or_404(Batch, pk=pk)
    filed = filing.finish(one, person_of(request), said.adds)
    if filed and inboxes.may_read(one):
        inboxes.want_reading(one, person_of(request))
    return FiledOut(submissions=filed)
