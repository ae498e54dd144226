"""Decisions, and the letters that go with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pipeline.review.letter import in_chinese
from pipeline.review.letter_pdf import letter_pdf as on_paper
from pipeline.review.stages import Action
from pipeline.review.web import audit, cases
from pipeline.review.web.cases import Refused, Seen, Stale
from pipeline.review.web.deciding import MOST, LetterStale, decide, draft_of, letter_of, write_letter
from pipeline.review.web.middleware import person_of
from pipeline.review.web.views.claim import case_or_404
from pipeline.review.web.words import language_of, told, word


@require_POST
def decide_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass, return, reject or refer the case as it was seen."""
    seen, action, reason = (request.POST.get(name, "") for name in ("revision", "action", "reason"))
    case = case_or_404(pk)
    try:
        decide(case, person_of(request), Action(action), Seen.of(seen), reason)
    except ValueError:
        return _plain(told("no_such_decision"), 422)
    except Stale as stale:
        return _plain(str(stale), 409)
    except Refused as refused:
        return _plain(str(refused), 422)
    messages.success(request, f"{case.submission.submission_id}{told('colon')}{word(action, language_of(request))}")
    return HttpResponse(status=204)


@require_POST
def undo_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own decision of today."""
    try:
        cases.undo(pk, person_of(request), request.POST.get("reason", ""))
    except Refused as refused:
        return _plain(str(refused), 422)
    return HttpResponse(status=204)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it stands: the draft from the flags, or what somebody wrote."""
    case = case_or_404(pk)
    kind = _kind(request.GET.get("kind", ""))
    person = person_of(request)
    editable = not cases.why_not(case, person) and not cases.taken_by_other(case, person, timezone.now())
    shown, fresh = letter_of(case, kind), editable and "fresh" in request.GET
    letter = draft_of(case, kind) if fresh else shown.letter
    return render(request, "review/letter.html", {
        "case": case, "kind": kind.value, "letter": letter, "text": letter.body, "dated": in_chinese(letter.dated), "seen": shown.seen, "outdated": shown.outdated and editable and not fresh, "fresh": fresh,
        "most": MOST, "editable": editable, "language": language_of(request)})


@require_POST
def save_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was written."""
    case = case_or_404(pk)
    kind = _kind(request.POST.get("kind", ""))
    try:
        write_letter(case, person_of(request), kind, request.POST.get("text", ""), request.POST.get("seen", ""))
    except LetterStale as stale:
        return render(request, "review/letter_merge.html", {"message": str(stale), "theirs": stale.theirs, "seen": stale.seen, "language": language_of(request)}, status=409)
    except Refused as refused:
        return _plain(str(refused), 422)
    messages.success(request, word("letter_saved", language_of(request)))
    response = redirect("letter", pk)
    response["Location"] += f"?kind={kind.value}"
    return response


@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter on paper."""
    case = case_or_404(pk)
    kind = _kind(request.GET.get("kind", ""))
    audit.record("letter-pdf", person_of(request), str(case), kind=kind.value)
    name = f"letter-{case.pk}-{kind.value}.pdf"
    return HttpResponse(on_paper(letter_of(case, kind).letter), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _kind(text: str) -> Action:
    return Action.REJECT if text == Action.REJECT else Action.RETURN


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
