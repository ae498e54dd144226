"""One claim: what it shows, and what a reviewer says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from rapidfuzz import fuzz, process

from models.amendments import AMENDMENT, PageRef
from models.field import Region
from models.geometry import Box
from models.paper import PaperType
from models.reference import CatalogueEntry
from models.review import PaperRef
from pipeline.labels import label
from pipeline.review.desk import PictureFailed
from pipeline.review.pictures import MEDIA_TYPE, Kind
from pipeline.review.present import ClaimView, SealView
from pipeline.review.stages import Action
from pipeline.review.web import audit, cases, history, resorting, saying
from pipeline.review.web.cases import Refused, Seen, Stale
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import Case
from pipeline.review.web.pictures import pictures, told_of
from pipeline.review.web.resorting import Wanted
from pipeline.review.web.roles import EDITORS
from pipeline.review.web.saying import EditInvalid, Heard, Told
from pipeline.review.web.tables import tables_for
from pipeline.review.web.words import language_of, word
from pipeline.store.blobs import BlobMissing
from pipeline.store.models import BuyerNamed, File, Submission
from pipeline.store.patience import BlobDamaged

ENTRIES = 12  # catalogue entries that a search shows
# what the claim's page does by keyboard: claim.js; words of each in words.toml
KEYS = (("Enter", "key_next"), ("Shift+Enter", "key_back"), ("Space", "key_confirm"), ("E", "key_edit"), ("D", "key_draw"), ("Y", "key_type"), ("U", "key_uphold"), ("X", "key_dismiss"), ("C", "key_clause"),
        ("O", "key_evidence"), ("[ ]", "key_boxes_beside"), ("V", "key_view"), ("PageUp PageDown", "key_pages"), ("+ - 0", "key_zoom"), ("S", "key_seals"), ("B", "key_boxes"), ("R", "key_turn"),
        ("P T J F", "key_decide"), ("L", "key_letter"), ("Q", "key_queue"))
DECIDE_KEYS = {Action.PASS: "P", Action.REOPEN: "P", Action.RETURN: "T", Action.REJECT: "J", Action.REFER: "F"}  # beside their buttons


@require_safe
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim; whoever may decide on it has it for themselves while they look."""
    case, person = case_or_404(pk), person_of(request)
    with transaction.atomic():
        if cases.may_decide(case, person):
            with suppress(Refused):  # somebody else has it
                case = cases.take(pk, person)
        audit.record("see", person, str(case))
    return render(request, "review/claim.html", {**_context(request, case), "keys": KEYS})


@require_POST
def release_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case back."""
    cases.release(pk, person_of(request))
    return redirect("queue")


@require_safe
def picture(request: HttpRequest, pk: int, number: int, page: int, kind: str) -> HttpResponse:
    """A page as boxes refer to it: `page`, `lifted` (seals taken off) or `thumbnail`."""
    file = get_object_or_404(File, submission__case=pk, number=number)
    if kind not in set(Kind):
        raise Http404
    try:
        return HttpResponse(pictures().picture(file, page, Kind(kind)), content_type=MEDIA_TYPE, headers={"Content-Disposition": "inline"})
    except (PictureFailed, BlobMissing, BlobDamaged) as failed:
        return HttpResponse(told_of(failed), status=404, content_type="text/plain; charset=utf-8")


@require_POST
def read_box(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in a box that the reviewer drew."""
    place = _place(request)
    if place is None:
        return HttpResponse(status=422)
    file = get_object_or_404(File, submission__case=pk, name=place.file)
    try:
        read = pictures().read(file, place.page, place.box)
    except (PictureFailed, BlobMissing, BlobDamaged) as failed:
        return HttpResponse(told_of(failed), status=422, content_type="text/plain; charset=utf-8")
    return JsonResponse({"text": read.text, "confidence": round(read.confidence, 4)})


@require_POST
def amend_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a value right, confirm it, or say that the paper doesn't show it."""
    return _answered(request, pk, lambda seen: saying.say_value(pk, person_of(request), _told(request), seen, language_of(request)))


@require_POST
def judge_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold or dismiss a flag."""
    key, verdict = (request.POST.get(name, "") for name in ("flag", "verdict"))
    return _answered(request, pk, lambda seen: saying.judge_flag(pk, person_of(request), key, verdict, _reason(request), seen, language_of(request)))


@require_POST
def retype(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of which type a paper is, or to which some of its pages belong; or take that back."""
    person, language = person_of(request), language_of(request)
    if number := request.POST.get("back", ""):
        return _answered(request, pk, lambda seen: resorting.take_back(pk, person, int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else -1, seen, language))
    paper = _paper_named(request.POST.get("paper", ""))
    if paper is None:
        return HttpResponse(status=422)
    joins = _paper_named(request.POST.get("joins", ""))
    pages = tuple(PageRef(file=file, page=int(page)) for file, _, page in (one.rpartition("/") for one in request.POST.getlist("page")) if page.isascii() and page.isdecimal() and 0 < int(page) < 10**6)
    wanted = Wanted(paper, request.POST.get("type", ""), pages, joins, _reason(request))
    return _answered(request, pk, lambda seen: resorting.resort(pk, person, wanted, seen, language))


def _paper_named(text: str) -> PaperRef | None:
    """A paper by its file and first page: scan.pdf/3."""
    file, _, page = text.rpartition("/")
    return PaperRef(type=PaperType.OTHER, file=file, page=int(page)) if file and page.isascii() and page.isdecimal() and 0 < int(page) < 10**6 else None


@require_safe
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Catalogue entries by what was typed: part of a name, category or number."""
    case = case_or_404(pk)
    asked = request.GET.get("q", "").strip()[:100]
    return render(request, "review/entries.html", {"case": case, "entries": fitting_entries(case, asked), "asked": asked, "language": language_of(request)})


def fitting_entries(case: Case, asked: str) -> list[CatalogueEntry]:
    """Entries of the catalogue by what was typed, the best first."""
    catalogue = tables_for(case.submission.batch).catalogue
    texts = {entry_id: f"{entry.entry_id} {entry.name} {entry.category}" for entry_id, entry in catalogue.items() if not case.submission.track or entry.track == case.submission.track}
    best = process.extract(asked, texts, scorer=fuzz.partial_ratio, limit=ENTRIES, score_cutoff=50) if asked.strip() else []
    return [catalogue[entry_id] for _, _, entry_id in best]


# ---------------------------------------------------------------- from the page to what is said


def _told(request: HttpRequest) -> Told:
    """What a form of the page says."""
    given = request.POST
    pairs = zip(given.getlist("name"), given.getlist("quantity"), strict=False)
    return Told(
        key=given.get("key", ""), what=given.get("what", "set"), value=given.get("value", ""), reason=_reason(request), place=_place(request),
        buyers=tuple((name.strip(), quantity.strip()) for name, quantity in pairs if name.strip() or quantity.strip()))


def _yours(request: HttpRequest) -> str:
    """What somebody wanted to say, as they said it."""
    told, language = _told(request), language_of(request)
    if "type" in request.POST or "back" in request.POST:
        return label("paper", request.POST["type"], language) if request.POST.get("type") in set(PaperType) else word("resort_own", language)
    if "verdict" in request.POST:
        return saying.verdict_words(request.POST["verdict"], language)
    if told.what == "absent":
        return word("absent", language)
    return told.value or saying.users_words(told.buyers, language) or word("confirmed" if told.what == "confirm" else "users_restore", language)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:1000]


def _place(request: HttpRequest) -> Region | None:
    """A box that the reviewer drew: file, page and four fractions, as JSON."""
    try:
        told = json.loads(request.POST.get("place", ""))
        return Region(file=str(told["file"]), page=int(told["page"]), box=Box(*(min(1.0, max(0.0, float(x))) for x in told["box"])))
    except (ValueError, KeyError, TypeError):
        return None


def _answered(request: HttpRequest, pk: int, do: Callable[[Seen], Heard]) -> HttpResponse:
    """Do something with the case as it was seen."""
    try:
        heard = do(Seen.of(request.POST.get("revision", "")))
    except Case.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        language = language_of(request)
        theirs = [(said, *saying.words_of(AMENDMENT.validate_json(said.text), language)) for said in stale.since]
        return render(request, "review/merge.html", {"message": str(stale), "theirs": theirs, "case": case_or_404(pk), "yours": _yours(request), "language": language}, status=409)
    except EditInvalid as wrong:
        return HttpResponse(str(wrong), status=422, content_type="text/plain; charset=utf-8")
    except Refused as refused:
        return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
    return render(request, "review/panel.html", {**_context(request, heard.case), "changed": heard.changed})


# ---------------------------------------------------------------- what the page shows


def case_or_404(pk: int) -> Case:
    """The case with all that every view needs of it."""
    return get_object_or_404(Case.objects.select_related("submission__batch", "taken_by"), pk=pk)


def _context(request: HttpRequest, case: Case) -> dict[str, Any]:
    view = saying.view_of(case, person_of(request), language_of(request))
    stage = cases.stage_of(case)
    numbers = dict(case.submission.files.values_list("name", "number"))
    why_not = cases.why_not(case, person_of(request))
    now = timezone.now()
    other = case.taken_by if cases.taken_by_other(case, person_of(request), now) else None
    return {
        "case": case, "claim": view, "stage": stage, "actions": () if other else cases.actions_of(case, person_of(request)), "why_not": why_not, "other": other,
        "editable": not why_not and not other and person_of(request).role in EDITORS,
        "pages": [{"file": p.file, "page": p.page, "number": numbers.get(p.file), "paper": p.paper, "unreadable": p.unreadable, "title": view.papers[p.paper].title} for p in view.pages],
        "seals": _seals(view), "users": [[value.shown if value else "" for value in (buyer.name, buyer.quantity)] for buyer in view.buyers],
        "places": _places(view, numbers), "decisions": saying.decisions_of(case, person_of(request)), "undoable": cases.undoable(case, person_of(request)),
        "beside": _beside(case), "others": _others(case, view), "decide_keys": DECIDE_KEYS, "judged_by": history.judged_by(case), "resorted": resorting.resorted_of(case, language_of(request)),
        "sheets": [{"ref": f"{paper.ref.file}/{paper.ref.page}", "title": paper.title, "pages": [f"{file}/{page}" for file, page in paper.pages]} for paper in view.papers],
        "types": [(kind.value, label("paper", kind.value, language_of(request))) for kind in PaperType], "language": language_of(request)}


def _places(view: ClaimView, numbers: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Where every value and flag stands, by key, for the page viewer."""
    def region(place: Region) -> dict[str, Any]:
        return {"file": numbers.get(place.file), "page": place.page, "box": [round(x, 5) for x in place.box]}

    values = [*view.values, *(v for paper in view.papers for v in (*paper.values, *paper.more, *paper.parameters)), *(v for b in view.buyers for v in (b.name, b.quantity) if v)]
    places = {value.key: [region(value.source)] for value in values if value.source}
    seals = {seal.key: [{**region(Region(file=seal.file, page=seal.page, box=seal.view.box)), "text": seal.view.text}] for seal in _seals(view)}
    return {**places, **seals, **{"f:" + flag.key: [region(place) for place in flag.evidence] for flag in view.flags if flag.evidence}}


class SealOnPage(NamedTuple):
    """A seal with its key in the page's places, the paper that it is on and where."""

    key: str
    paper: int
    file: str
    page: int
    view: SealView


def _seals(view: ClaimView) -> list[SealOnPage]:
    return [SealOnPage(f"s:{i}.{n}", page.paper, page.file, page.page, seal) for i, page in enumerate(view.pages) for n, seal in enumerate(page.seals)]


def _others(case: Case, view: ClaimView) -> dict[str, int]:
    """Cases of other claims of the batch that flags name."""
    named = {number for flag in view.flags for number in flag.others}
    return dict(Case.objects.filter(submission__batch=case.submission.batch_id, submission__submission_id__in=named).values_list("submission__submission_id", "pk")) if named else {}


def _beside(case: Case) -> list[Case]:
    """Other claims of the same policy, applicant or user."""
    own = case.submission
    same = Submission.objects.exclude(pk=own.pk)
    found = []
    if own.policy_number:
        found += list(same.filter(policy_number=own.policy_number).values_list("pk", flat=True)[:10])
    if own.applicant:
        found += list(same.filter(applicant=own.applicant).values_list("pk", flat=True)[:10])
    users = BuyerNamed.objects.filter(submission=own).values("name")
    found += list(BuyerNamed.objects.filter(name__in=users).exclude(submission=own).values_list("submission_id", flat=True)[:10])
    return list(Case.objects.filter(submission__in=found).select_related("submission")[:10])
