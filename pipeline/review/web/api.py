"""What the pages do, for programs: JSON under /api/, described by /api/openapi.json.

In:    a request with a session's cookie (and its CSRF token, where something is to change) or `Authorization: Bearer` and a token.
Out:   JSON; a page's picture as JPEG.
Fails: as `Problem`: 400 no JSON, 401 nobody is logged in, 403 not for this role, 404, 409 something older was looked at, 422 can't be.
Who may call what is settled before a call gets here, by the same table as for the pages (roles.py); what is done is done by the same functions.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from models.field import Region
from models.geometry import Box
from pipeline.review.desk import PictureFailed
from pipeline.review.masks import masked_detail
from pipeline.review.pictures import MEDIA_TYPE, Kind
from pipeline.review.present import ClaimView
from pipeline.review.stages import Action
from pipeline.review.web import audit, batch_state, cases, deciding, inboxes, looks, receiving, saying
from pipeline.review.web.cases import Refused, Seen, Stale
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import AuditEvent, Case, UploadFolder
from pipeline.review.web.pictures import pictures
from pipeline.review.web.queue_rows import Asked, listed
from pipeline.review.web.receiving import AT_ONCE, AlreadyThere, Misplaced, NotWhole
from pipeline.review.web.saying import EditInvalid, Told
from pipeline.review.web.upload_sent import FileSent, announced, body_of
from pipeline.review.web.views.claim import case_or_404
from pipeline.review.web.views.figures import figures_told
from pipeline.review.web.words import language_of
from pipeline.store.blobs import BlobMissing
from pipeline.store.models import Batch, File
from pipeline.store.outcomes import storable
from pipeline.store.patience import BlobDamaged

LINES = 100  # of the log at once


class _Token(HttpBearer):
    """A token; whose it is was settled by the doorkeeper, who saw the request first."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return request.user if getattr(request, "by_token", False) else None


class _Session(SessionAuth):
    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated and not getattr(request, "by_token", False) else None


api = NinjaAPI(title="claim-intake", version="1.0.0", description="Premium subsidy claims: read, checked, reviewed.", docs_url=None, auth=[_Token(), _Session()])

Text = Annotated[str, AfterValidator(storable), Field(max_length=20_000)]
Pk = Annotated[int, Field(ge=1, le=2**31 - 1)]
Money = Annotated[Decimal | None, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})]


class Problem(Schema):
    """What is the matter, for people."""

    detail: Any


class CaseOut(Schema):
    """A case. seen: to be sent back with what is done on it; amounts in yuan."""

    pk: int
    submission_id: str
    triage: str
    track: str
    stage: str
    status: str
    since: datetime
    seen: str
    taken_by: str
    applicant: str
    insurer: str
    product: str
    policy_number: str
    subsidy_requested: Money

    @classmethod
    def from_case(cls, case: Case) -> CaseOut:
        """A row of the queue."""
        s = case.submission
        return cls(
            pk=case.pk, submission_id=s.submission_id, triage=s.triage, track=s.track, stage=case.stage, status=case.status, since=case.since, seen=case.seen,
            taken_by=str(case.taken_by) if case.taken_by and case.taken_until and case.taken_until > timezone.now() else "", applicant=s.applicant, insurer=s.insurer,
            product=s.product, policy_number=s.policy_number, subsidy_requested=s.subsidy_requested)


class QueueOut(Schema):
    """A page of the queue. triage: how many cases of each there are."""

    total: int
    page: int
    pages: int
    triage: dict[str, int]
    cases: list[CaseOut]


class QueueIn(Schema):
    """What the queue is asked for; nothing for all."""

    q: Text = ""
    triage: Text = ""
    stage: Text = ""
    status: Text = ""
    track: Text = ""
    flag: Text = ""
    holder: Text = ""
    order: Text = "risk"
    page: int = Field(1, ge=1, le=99_999)


class DecisionOut(Schema):
    """A decision that was made."""

    number: int
    action: str
    stage: str
    to_stage: str
    to_status: str
    reason: str
    by: str
    at: datetime


class ClaimOut(Schema):
    """A claim as the caller may see it. actions: what they may decide now; why_not: why nothing, in Chinese."""

    case: CaseOut
    actions: list[str]
    why_not: str
    claim: ClaimView
    decisions: list[DecisionOut]


class In(Schema):
    """What is sent has no fields but those declared."""

    model_config = ConfigDict(extra="forbid")


SEEN = Field(max_length=30, description="`seen` of the case as it was looked at")


class PlaceIn(In):
    """Where a value stands: fractions of the upright page."""

    file: Text
    page: int = Field(ge=1, le=100_000)
    box: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=4, max_length=4)]


class BuyerIn(In):
    """A user of the product. quantity: "" where none is told."""

    name: Text
    quantity: Text = ""


class AmendIn(In):
    """What is said of a value. key: as `claim` names it, "entry", or "buyers": all users then, none at all for those that were read."""

    seen: str = SEEN
    key: Text
    what: Literal["set", "confirm", "absent"] = "set"
    value: Text = ""
    reason: Annotated[Text, Field(max_length=1000)] = ""
    place: PlaceIn | None = None
    buyers: Annotated[list[BuyerIn], Field(max_length=saying.MOST_BUYERS)] = []


class JudgeIn(In):
    """A verdict on a flag; "" takes an earlier one back."""

    seen: str = SEEN
    flag: Text
    verdict: Literal["upheld", "dismissed", ""]
    reason: Annotated[Text, Field(max_length=1000)] = ""


class DecideIn(In):
    """A decision."""

    seen: str = SEEN
    action: Literal["pass", "return", "reject", "refer"]
    reason: Annotated[Text, Field(max_length=2000)] = ""


class UndoIn(In):
    reason: Annotated[Text, Field(max_length=2000)] = ""


class ChangeOut(Schema):
    kind: str
    text: str


class SaidOut(Schema):
    """What was changed, and the case then."""

    case: CaseOut
    changed: list[ChangeOut]


class LetterOut(Schema):
    kind: str
    title: str
    text: str


class LineOut(Schema):
    """A line of the log."""

    number: int
    at: datetime
    who: str
    action: str
    about: str
    detail: str
    chain: str


class LogOut(Schema):
    total: int
    page: int
    pages: int
    lines: list[LineOut]


class StageCount(Schema):
    stage: str
    status: str
    claims: int


class FlagCount(Schema):
    code: str
    severity: str
    claims: int


class FiguresOut(Schema):
    """Counts; silent_errors: of accepted values that were read a second time, with the bounds of the true share (95 %)."""

    claims: int
    triage: dict[str, int]
    stages: list[StageCount]
    flags: list[FlagCount]
    decisions: dict[str, int]
    pages: dict[str, int]
    silent_errors: dict[str, float]


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


READS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
WRITES: dict[int, Any] = {**READS, 409: Problem}


@api.exception_handler(Misplaced)
@api.exception_handler(NotWhole)
@api.exception_handler(AlreadyThere)
@api.exception_handler(Stale)
def _stale(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(Refused)
@api.exception_handler(EditInvalid)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=422)


@api.get("queue", response={200: QueueOut, **READS}, url_name="api-queue")
def queue(request: HttpRequest, asked: Query[QueueIn]) -> Any:
    """The cases asked for, in the order asked for."""
    wanted = Asked.of(asked.dict(), person_of(request))
    shown = listed(wanted, person_of(request), timezone.now())
    return QueueOut(
        total=shown.counts.total, page=wanted.page, pages=shown.pages, triage=dict(shown.counts.triage), cases=[CaseOut.from_case(case) for case in shown.cases])


@api.get("claims/{pk}", response={200: ClaimOut, **READS}, url_name="api-claim")
def claim(request: HttpRequest, pk: Path[Pk]) -> Any:
    """A claim with everything that was read, found and decided."""
    case = case_or_404(pk)
    view = saying.view_of(case, person_of(request), language_of(request))
    why_not = cases.why_not(case, person_of(request))
    audit.record("see", person_of(request), str(case))
    return ClaimOut(
        case=CaseOut.from_case(case), why_not=why_not, actions=[] if why_not else [a.value for a in cases.stage_of(case).actions], claim=view,
        decisions=[DecisionOut(number=d.number, action=d.action, stage=d.stage, to_stage=d.to_stage, to_status=d.to_status, reason=d.reason, by=d.by.opaque, at=d.at)
                   for d in case.decisions.select_related("by")])


@api.get("claims/{pk}/pages/{number}/{page}/{kind}", response=READS, url_name="api-picture",
         openapi_extra={"responses": {200: {"description": "The page", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}}})
def picture(request: HttpRequest, pk: Path[Pk], number: Path[Pk], page: Annotated[int, Path(ge=1, le=100_000)], kind: Literal["page", "lifted", "thumbnail"]) -> Any:
    """A page as boxes refer to it, with seals or with the seals lifted, or small. number: of the file in its submission."""
    file = get_object_or_404(File, submission__case=pk, number=number)
    try:
        return HttpResponse(pictures().picture(file, page, Kind(kind)), content_type=MEDIA_TYPE)
    except (PictureFailed, BlobMissing, BlobDamaged) as failed:
        raise HttpError(404, str(failed)) from None


@api.post("claims/{pk}/amend", response={200: SaidOut, **WRITES}, url_name="api-amend")
def amend(request: HttpRequest, pk: Path[Pk], said: AmendIn) -> Any:
    """Set a value right, confirm it, or say that the paper doesn't show it."""
    place = Region(file=said.place.file, page=said.place.page, box=Box(*said.place.box)) if said.place else None
    told = Told(said.key, said.what, said.value, said.reason.strip(), place, tuple((buyer.name.strip(), buyer.quantity.strip()) for buyer in said.buyers))
    changed = saying.say_value(case_or_404(pk), person_of(request), told, Seen.of(said.seen), language_of(request))
    return _said(pk, changed)


@api.post("claims/{pk}/judge", response={200: SaidOut, **WRITES}, url_name="api-judge")
def judge(request: HttpRequest, pk: Path[Pk], said: JudgeIn) -> Any:
    """Uphold or dismiss a flag."""
    changed = saying.judge_flag(case_or_404(pk), person_of(request), said.flag, said.verdict, said.reason.strip(), Seen.of(said.seen), language_of(request))
    return _said(pk, changed)


@api.post("claims/{pk}/decide", response={200: CaseOut, **WRITES}, url_name="api-decide")
def decide(request: HttpRequest, pk: Path[Pk], said: DecideIn) -> Any:
    """Decide on the case as it was seen."""
    return CaseOut.from_case(deciding.decide(case_or_404(pk), person_of(request), Action(said.action), Seen.of(said.seen), said.reason))


@api.post("claims/{pk}/undo", response={200: CaseOut, **WRITES}, url_name="api-undo")
def undo(request: HttpRequest, pk: Path[Pk], said: UndoIn) -> Any:
    """Take back one's own decision of today."""
    return CaseOut.from_case(cases.undo(case_or_404(pk).pk, person_of(request), said.reason))


@api.get("claims/{pk}/letter", response={200: LetterOut, **READS}, url_name="api-letter")
def letter(request: HttpRequest, pk: Path[Pk], kind: Literal["return", "reject"] = "return") -> Any:
    """The letter to the applicant as it stands."""
    made = deciding.letter_of(case_or_404(pk), Action(kind))
    return LetterOut(kind=kind, title=made.title, text=made.text)


@api.get("audit", response={200: LogOut, **READS}, url_name="api-audit")
def log(request: HttpRequest, about: Text = "", who: Text = "", page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> Any:
    """The log, the latest lines first."""
    found = AuditEvent.objects.order_by("-number").filter(**{name: value for name, value in (("about", about), ("who", who)) if value})
    some = Paginator(found, LINES).get_page(page)
    hide = saying.masks(person_of(request))
    lines = [LineOut(number=e.number, at=e.at, who=e.who, action=e.action, about=e.about, detail=masked_detail(e.detail) if hide else e.detail, chain=e.chain) for e in some]
    return LogOut(total=some.paginator.count, page=some.number, pages=some.paginator.num_pages, lines=lines)


@api.get("figures", response={200: FiguresOut, **READS}, url_name="api-figures")
def figures(request: HttpRequest) -> Any:
    """How much goes which way, and how good the reading is."""
    told = figures_told()
    silent = looks.silent_errors()
    return FiguresOut(
        claims=told["total"], triage={name: n for name, n, _ in told["triage"]}, stages=[StageCount(stage=stage, status=status, claims=n) for stage, status, n in told["stages"]],
        flags=[FlagCount(code=code, severity=severity, claims=n) for code, severity, n in told["flags"]], decisions=dict(told["decided"]),
        pages={name: n or 0 for name, n in told["pages"].items()},
        silent_errors={"looked": silent.share.looked, "wrong": silent.share.wrong, "least": silent.share.least, "most": silent.share.most, "open": silent.open})


@api.get("batches", response={200: list[BatchOut], **READS}, url_name="api-batches")
def batches(request: HttpRequest) -> Any:
    """All batches, the latest first."""
    return [BatchOut(pk=batch.pk, name=batch.name, scheme=batch.scheme, year=batch.year, states=states) for batch, states in batch_state.batches()]


@api.post("batches/new", response={200: BatchStateOut, **WRITES}, url_name="api-batch-new")
def new_batch(request: HttpRequest, said: BatchIn) -> Any:
    """Begin a batch."""
    reference = said.reference or next(iter(inboxes.references()), "")
    return BatchStateOut.from_batch(inboxes.begin(person_of(request), said.name.strip(), said.scheme, said.year, reference))


@api.get("batches/{pk}", response={200: BatchStateOut, **READS}, url_name="api-batch")
def batch(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Where a batch stands."""
    return BatchStateOut.from_batch(get_object_or_404(Batch, pk=pk))


@api.post("batches/{pk}/read", response={200: BatchStateOut, **WRITES}, url_name="api-batch-read")
def read_batch(request: HttpRequest, pk: Path[Pk], said: ReadIn) -> Any:
    """Ask for a run over the batch."""
    one = get_object_or_404(Batch, pk=pk)
    inboxes.want_reading(one, person_of(request), said.retry_failed)
    return BatchStateOut.from_batch(one)


@api.get("batches/{pk}/upload", response={200: UploadOut, **READS}, url_name="api-upload")
def upload(request: HttpRequest, pk: Path[Pk]) -> Any:
    """What of the caller's own upload is here."""
    going = receiving.going(get_object_or_404(Batch, pk=pk), person_of(request))
    folders = [
        FolderOut(pk=row.folder.pk, label=row.folder.label, submission_id=row.folder.submission_id, files=row.files, whole=row.whole, bytes=row.size, received=row.received, there=row.there,
                  adds=row.folder.adds)
        for row in (receiving.rows(going) if going else ())]
    return UploadOut(state=going.state if going else "", folders=folders)


@api.post("batches/{pk}/upload/files", response={200: FilesOut, **WRITES}, url_name="api-upload-announce")
def announce(request: HttpRequest, pk: Path[Pk], said: FilesIn) -> Any:
    """Say which files will be sent; gives what is here of each. Said again after a cut it gives where to go on."""
    expected = receiving.announce(get_object_or_404(Batch, pk=pk), person_of(request), announced(said.files))
    return FilesOut(files=[ExpectedOut(**one._asdict()) for one in expected])


@api.post("uploads/files/{pk}", response={200: ExpectedOut, **WRITES}, url_name="api-upload-piece",
          openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})
def piece(request: HttpRequest, pk: Path[Pk], offset: Annotated[int, Query(ge=0, le=2**53 - 1)], sha256: Annotated[str, Query(pattern="^([0-9a-fA-F]{64})?$")] = "") -> Any:
    """The bytes of a file from `offset` on, 8 MiB at most. sha256: of the whole file, where known; one that turns out otherwise has to be sent anew. 409: go on from what the announcement says."""
    return ExpectedOut(**receiving.receive(pk, person_of(request), offset, body_of(request), sha256)._asdict())


@api.post("uploads/folders/{pk}", response={200: UploadOut, **WRITES}, url_name="api-upload-name")
def name_folder(request: HttpRequest, pk: Path[Pk], said: NameIn) -> Any:
    """Say which submission a folder is, or drop it."""
    batch_pk = get_object_or_404(UploadFolder, pk=pk, upload__by=person_of(request)).upload.batch_id
    if said.drop:
        receiving.drop_folder(pk, person_of(request))
    else:
        receiving.rename(pk, person_of(request), said.submission_id, said.adds)
    return upload(request, batch_pk)


@api.post("batches/{pk}/upload/drop", response={200: UploadOut, **WRITES}, url_name="api-upload-drop")
def drop_upload(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Give up everything that was received and not put away."""
    if going := receiving.going(get_object_or_404(Batch, pk=pk), person_of(request)):
        receiving.drop(going, person_of(request))
    return UploadOut(state="", folders=[])


@api.post("batches/{pk}/upload/finish", response={200: FiledOut, **WRITES}, url_name="api-upload-finish")
def finish(request: HttpRequest, pk: Path[Pk], said: FinishIn) -> Any:
    """Put what was received into the batch, and ask for it to be read. 409: files are missing, or the batch has a submission of that id."""
    one = get_object_or_404(Batch, pk=pk)
    filed = receiving.finish(one, person_of(request), said.adds)
    if filed and inboxes.may_read(one):
        inboxes.want_reading(one, person_of(request))
    return FiledOut(submissions=filed)


def _said(pk: int, changed: Any) -> SaidOut:
    return SaidOut(case=CaseOut.from_case(case_or_404(pk)), changed=[ChangeOut(kind=change.kind, text=change.text) for change in changed])
