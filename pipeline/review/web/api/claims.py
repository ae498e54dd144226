"""The queue, claims, what people say of them and decide, and letters, for programs.

In:    a request; the case as it was seen (`seen`) with whatever changes it.
Out:   JSON; a page's picture as JPEG, a letter as PDF.
Fails: as api/__init__.py says; 409 where something older was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from models.amendments import PageRef
from models.field import Region
from models.geometry import Box
from models.paper import PaperType
from models.review import PaperRef
from pipeline.review.desk import PictureFailed
from pipeline.review.letter_pdf import letter_pdf
from pipeline.review.pictures import MEDIA_TYPE, Kind
from pipeline.review.present import ClaimView
from pipeline.review.stages import Action
from pipeline.review.web import audit, bulk, cases, deciding, history, resorting, saying
from pipeline.review.web.api.terms import READS, WRITES, In, Money, Pk, Text, binary
from pipeline.review.web.bulk import Chosen, Planned
from pipeline.review.web.cases import Refused, Seen
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import Case
from pipeline.review.web.pictures import pictures, told_of
from pipeline.review.web.queue_rows import Asked, first_free, listed
from pipeline.review.web.resorting import Wanted
from pipeline.review.web.saying import EditInvalid, Heard, Told
from pipeline.review.web.views.claim import case_or_404, fitting_entries
from pipeline.review.web.views.exports import BOOK
from pipeline.review.web.views.exports import exceptions as exported
from pipeline.review.web.words import language_of, word
from pipeline.store.blobs import BlobMissing
from pipeline.store.models import File
from pipeline.store.patience import BlobDamaged

router = Router()


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


class ReviewerOut(Schema):
    """Who has cases of those asked for before them, or decided on them last. pk: as `reviewer` asks for it."""

    pk: int
    name: str
    n: int


class QueueOut(Schema):
    """A page of the queue. triage: how many cases of each there are."""

    total: int
    page: int
    pages: int
    triage: dict[str, int]
    reviewers: list[ReviewerOut]
    cases: list[CaseOut]


class DecisionOut(Schema):
    """A decision that was made. letter: to the applicant, as it was sent, "" where none was."""

    number: int
    action: str
    stage: str
    to_stage: str
    to_status: str
    reason: str
    letter: str
    by: str
    at: datetime


class ClaimOut(Schema):
    """A claim as the caller may see it. actions: what they may decide now; why_not: why nothing, in words."""

    case: CaseOut
    actions: list[str]
    why_not: str
    claim: ClaimView
    decisions: list[DecisionOut]
    resorted: list[ResortedOut]


SEEN = Field(max_length=30, description="`seen` of the case as it was looked at")


class PlaceIn(In):
    """Where a value stands: fractions of the upright page."""

    file: Text
    page: int = Field(ge=1, le=100_000)
    box: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=4, max_length=4)]

    @property
    def region(self) -> Region:
        """As everything else calls it."""
        return Region(file=self.file, page=self.page, box=Box(*self.box))


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


class PaperIn(In):
    """A paper: by the file and page that it begins on, as `claim` has it in `ref`."""

    file: Text
    page: int = Field(ge=1, le=100_000)

    @property
    def ref(self) -> PaperRef:
        """As everything else calls it; of which type it is now is seen there."""
        return PaperRef(type=PaperType.OTHER, file=self.file, page=self.page)


class RetypeIn(In):
    """Of which type a paper is. pages: of the paper, none for all; joins: the paper that they belong to, null where they are one by themselves (type counts then).

    back: number of what was sorted anew (`resorted`) and is taken back; the rest is left out then.
    """

    seen: str = SEEN
    paper: PaperIn | None = None
    type: PaperType | None = None
    pages: Annotated[list[PaperIn], Field(max_length=1000)] = []
    joins: PaperIn | None = None
    back: int | None = Field(None, ge=0, le=2**31 - 1)
    reason: Annotated[Text, Field(max_length=1000)] = ""


class ResortedOut(Schema):
    """What a person sorted anew; number: by which it is taken back."""

    number: int
    told: str
    by: str
    at: datetime


class DecideIn(In):
    """A decision. reopen: of a claim that was returned or rejected."""

    seen: str = SEEN
    action: Literal["pass", "return", "reject", "refer", "reopen"]
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
    """A letter. body: what can be written; text: all of it; seen: to be sent back with what is written; outdated: what was written rests on other flags than stand now."""

    kind: str
    title: str
    body: str
    text: str
    seen: str
    outdated: bool


class LetterIn(In):
    """What is written over the letter that was seen."""

    kind: Literal["return", "reject"]
    text: Text
    seen: Annotated[Text, Field(max_length=40)] = ""


class NextOut(Schema):
    """The case that was taken; null where none is left."""

    case: CaseOut | None


class ReadOut(Schema):
    """What stands in a box."""

    text: str
    confidence: float


class EntryOut(Schema):
    """A catalogue entry."""

    entry_id: str
    name: str
    category: str
    specification: str


class VersionOut(Schema):
    """A version of a claim. reference: mark of the tables that it was made with, reference_pk their number where they are kept; decisions: numbers of those that went by it."""

    number: int
    made_by: str
    by: str
    at: datetime
    reference: str
    reference_pk: int | None
    decisions: list[int]


class VersionShownOut(Schema):
    """A version as it stood; changed: what other reference tables make of it, where some were asked for."""

    claim: ClaimView
    changed: list[str]


class ChosenIn(In):
    """A case, as it was seen."""

    pk: Pk
    seen: str = SEEN


class BulkIn(In):
    """One decision on cases that are alike. do: false only tells what would become of each."""

    action: Literal["pass", "return", "refer"]
    cases: Annotated[list[ChosenIn], Field(min_length=1, max_length=bulk.MOST)]
    reason: Annotated[Text, Field(max_length=2000)] = ""
    do: bool = False


class BulkRowOut(Schema):
    """What becomes of a case; why: why it doesn't go, in words, "" where it does."""

    case: CaseOut
    why: str

@router.get("queue", response={200: QueueOut, **READS}, url_name="api-queue")
def queue(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The cases asked for, in the order asked for."""
    wanted = Asked.of(asked.model_dump(), person_of(request))
    shown = listed(wanted, person_of(request), timezone.now())
    return QueueOut(
        total=shown.counts.total, page=wanted.page, pages=shown.pages, triage=dict(shown.counts.triage),
        reviewers=[ReviewerOut(pk=one.pk, name=one.name, n=one.n) for one in shown.counts.reviewers], cases=[CaseOut.from_case(case) for case in shown.cases])


@router.post("queue/next", response={200: NextOut, **WRITES}, url_name="api-next")
def take_next(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Take the first case of the queue as it is asked for that is free."""
    case = first_free(Asked.of(asked.model_dump(), person_of(request)), person_of(request))
    return NextOut(case=CaseOut.from_case(case_or_404(case.pk)) if case else None)


@router.get("exceptions/{kind}", response=READS, url_name="api-exceptions", openapi_extra=binary("The flags of the cases asked for", "text/csv", BOOK))
def exceptions(request: HttpRequest, kind: Literal["csv", "xlsx"], asked: Query[Asked]) -> HttpResponseBase:
    """The flags of the cases asked for, as CSV or a workbook."""
    return exported(request, kind)


@router.post("bulk", response={200: list[BulkRowOut], **WRITES}, url_name="api-bulk-do")
def decide_alike(request: HttpRequest, said: BulkIn) -> Any:
    """One decision on several cases at one stage in one triage, each as if it were the only one."""
    person, action = person_of(request), Action(said.action)
    chosen = [Chosen(one.pk, Seen.of(one.seen)) for one in said.cases]
    rows: Sequence[Planned] = bulk.carry_out(chosen, person, action, said.reason) if said.do else bulk.plan([one.pk for one in chosen], person, action)
    return [BulkRowOut(case=CaseOut.from_case(case_or_404(row.case.pk)), why=row.why) for row in rows]


@router.get("claims/{pk}", response={200: ClaimOut, **READS}, url_name="api-claim")
def claim(request: HttpRequest, pk: Path[Pk]) -> Any:
    """A claim with everything that was read, found and decided."""
    case = case_or_404(pk)
    view = saying.view_of(case, person_of(request), language_of(request))
    audit.record("see", person_of(request), str(case))
    return ClaimOut(
        case=CaseOut.from_case(case), why_not=cases.why_not(case, person_of(request)), actions=[action.value for action in cases.actions_of(case, person_of(request))], claim=view,
        decisions=[DecisionOut(number=d.number, action=d.action, stage=d.stage, to_stage=d.to_stage, to_status=d.to_status, reason=d.reason, letter=d.letter, by=d.by.opaque, at=d.at)
                   for d in saying.decisions_of(case, person_of(request))],
        resorted=[ResortedOut(number=one.number, told=one.told, by=one.by, at=one.at) for one in resorting.resorted_of(case, language_of(request))])


@router.get("claims/{pk}/pages/{number}/{page}/{kind}", response=READS, url_name="api-picture", openapi_extra=binary("The page", MEDIA_TYPE))
def picture(request: HttpRequest, pk: Path[Pk], number: Path[Pk], page: Annotated[int, Path(ge=1, le=100_000)], kind: Literal["page", "lifted", "thumbnail"]) -> Any:
    """A page as boxes refer to it, with seals or with the seals lifted, or small. number: of the file in its submission."""
    file = get_object_or_404(File, submission__case=pk, number=number)
    try:
        return HttpResponse(pictures().picture(file, page, Kind(kind)), content_type=MEDIA_TYPE)
    except (PictureFailed, BlobMissing, BlobDamaged) as failed:
        raise HttpError(404, told_of(failed)) from None


@router.post("claims/{pk}/release", response={200: CaseOut, **WRITES}, url_name="api-release")
def release(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Give the case back."""
    cases.release(case_or_404(pk).pk, person_of(request))
    return CaseOut.from_case(case_or_404(pk))


@router.post("claims/{pk}/read", response={200: ReadOut, **WRITES}, url_name="api-read-box")
def read_box(request: HttpRequest, pk: Path[Pk], place: PlaceIn) -> Any:
    """What stands in a box on a page."""
    file = get_object_or_404(File, submission__case=pk, name=place.file)
    try:
        read = pictures().read(file, place.page, place.region.box)
    except (PictureFailed, BlobMissing, BlobDamaged) as failed:
        raise Refused(told_of(failed)) from None
    return ReadOut(text=read.text, confidence=round(read.confidence, 4))


@router.get("claims/{pk}/entries", response={200: list[EntryOut], **READS}, url_name="api-entries")
def entries(request: HttpRequest, pk: Path[Pk], q: Annotated[Text, Query(max_length=100)]) -> Any:
    """Catalogue entries by part of a name, category or number, the best first."""
    return [EntryOut(entry_id=one.entry_id, name=one.name, category=one.category, specification=one.specification) for one in fitting_entries(case_or_404(pk), q)]


@router.get("claims/{pk}/versions", response={200: list[VersionOut], **READS}, url_name="api-claim-versions")
def versions(request: HttpRequest, pk: Path[Pk]) -> Any:
    """All states of the claim, the latest first."""
    case = case_or_404(pk)
    audit.record("see", person_of(request), str(case))
    return [
        VersionOut(number=row.number, made_by=row.made_by, by=row.by, at=row.made_at, reference=row.reference, reference_pk=kept.pk if kept else None, decisions=[one.number for one in decided])
        for row, kept, decided in history.versions_of(case)]


@router.get("claims/{pk}/versions/{number}", response={200: VersionShownOut, **READS}, url_name="api-claim-version")
def version(request: HttpRequest, pk: Path[Pk], number: Path[Pk], reference: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Any:
    """A state of the claim as it stood, or as other reference tables that the batch had would have it (reference: their reference_pk)."""
    case, person = case_or_404(pk), person_of(request)
    try:
        then, asked = history.claim_then(case, number), history.reference_asked(case, str(reference or ""))
        shown = history.shown_then(case, then, person, language_of(request), asked)
    except Refused as refused:
        raise HttpError(404, str(refused)) from None
    audit.record("see", person, str(case), version=number, reference=str(reference or ""))
    return VersionShownOut(claim=shown.view, changed=list(shown.changed))


@router.post("claims/{pk}/amend", response={200: SaidOut, **WRITES}, url_name="api-amend")
def amend(request: HttpRequest, pk: Path[Pk], said: AmendIn) -> Any:
    """Set a value right, confirm it, or say that the paper doesn't show it."""
    place = said.place.region if said.place else None
    told = Told(said.key, said.what, said.value, said.reason.strip(), place, tuple((buyer.name.strip(), buyer.quantity.strip()) for buyer in said.buyers))
    return _heard(saying.say_value(case_or_404(pk).pk, person_of(request), told, Seen.of(said.seen), language_of(request)))


@router.post("claims/{pk}/judge", response={200: SaidOut, **WRITES}, url_name="api-judge")
def judge(request: HttpRequest, pk: Path[Pk], said: JudgeIn) -> Any:
    """Uphold or dismiss a flag."""
    return _heard(saying.judge_flag(case_or_404(pk).pk, person_of(request), said.flag, said.verdict, said.reason.strip(), Seen.of(said.seen), language_of(request)))


@router.post("claims/{pk}/retype", response={200: SaidOut, **WRITES}, url_name="api-retype")
def retype(request: HttpRequest, pk: Path[Pk], said: RetypeIn) -> Any:
    """Say of which type a paper is, or to which some of its pages belong; or take that back."""
    case, person, seen, language = case_or_404(pk), person_of(request), Seen.of(said.seen), language_of(request)
    if said.back is not None:
        return _heard(resorting.take_back(case.pk, person, said.back, seen, language))
    if said.paper is None:
        raise EditInvalid(word("gone", language))
    pages = tuple(PageRef(file=one.file, page=one.page) for one in said.pages)
    wanted = Wanted(said.paper.ref, said.type.value if said.type else "", pages, said.joins.ref if said.joins else None, said.reason.strip())
    return _heard(resorting.resort(case.pk, person, wanted, seen, language))


@router.post("claims/{pk}/decide", response={200: CaseOut, **WRITES}, url_name="api-decide")
def decide(request: HttpRequest, pk: Path[Pk], said: DecideIn) -> Any:
    """Decide on the case as it was seen."""
    return CaseOut.from_case(deciding.decide(case_or_404(pk), person_of(request), Action(said.action), Seen.of(said.seen), said.reason))


@router.post("claims/{pk}/undo", response={200: CaseOut, **WRITES}, url_name="api-undo")
def undo(request: HttpRequest, pk: Path[Pk], said: UndoIn) -> Any:
    """Take back one's own decision of today."""
    return CaseOut.from_case(cases.undo(case_or_404(pk).pk, person_of(request), said.reason))


@router.get("claims/{pk}/letter", response={200: LetterOut, **READS}, url_name="api-letter")
def letter(request: HttpRequest, pk: Path[Pk], kind: Literal["return", "reject"] = "return") -> Any:
    """The letter to the applicant as it stands."""
    return _letter(kind, deciding.letter_of(case_or_404(pk), Action(kind)))


@router.post("claims/{pk}/letter/save", response={200: LetterOut, **WRITES}, url_name="api-letter-save")
def save_letter(request: HttpRequest, pk: Path[Pk], said: LetterIn) -> Any:
    """Write the letter's body over the one that was seen."""
    return _letter(said.kind, deciding.write_letter(case_or_404(pk), person_of(request), Action(said.kind), said.text, said.seen))


@router.get("claims/{pk}/letter.pdf", response=READS, url_name="api-letter-pdf", openapi_extra=binary("The letter", "application/pdf"))
def printed_letter(request: HttpRequest, pk: Path[Pk], kind: Literal["return", "reject"] = "return") -> HttpResponse:
    """The letter on paper."""
    case = case_or_404(pk)
    audit.record("letter-pdf", person_of(request), str(case), kind=kind)
    return HttpResponse(letter_pdf(deciding.letter_of(case, Action(kind)).letter), content_type="application/pdf")


def _letter(kind: str, shown: deciding.LetterShown) -> LetterOut:
    made = shown.letter
    return LetterOut(kind=kind, title=made.title, body=made.body, text=made.text, seen=shown.seen, outdated=shown.outdated)


def _heard(heard: Heard) -> SaidOut:
    return SaidOut(case=CaseOut.from_case(heard.case), changed=[ChangeOut(kind=change.kind, text=change.text) for change in heard.changed])
