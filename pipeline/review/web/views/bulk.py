"""Several cases at once: a page that says what would happen to which, then what did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pipeline.review.stages import Action
from pipeline.review.web import bulk
from pipeline.review.web.bulk import Chosen
from pipeline.review.web.cases import Refused, Seen
from pipeline.review.web.middleware import person_of
from pipeline.review.web.words import language_of, told


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What a decision would do to the chosen cases; nothing is done yet."""
    pks = [int(text) for text in request.POST.getlist("case") if text.isascii() and text.isdecimal() and len(text) < 18]
    try:
        action = Action(request.POST.get("action", ""))
        planned = bulk.plan(pks, person_of(request), action)
    except (ValueError, Refused) as refused:
        return _back(request, refused)
    return render(request, "review/bulk.html", {
        "action": action.value, "planned": planned, "go": [one.case for one in planned if not one.why], "left": [one for one in planned if one.why],
        "reason_needed": bulk.reason_needed(planned, action), "language": language_of(request)})


@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Decide on each; says which went and which didn't, and why."""
    chosen = [Chosen(int(pk), Seen.of(seen)) for pk, _, seen in (text.partition(":") for text in request.POST.getlist("chosen")) if pk.isascii() and pk.isdecimal() and len(pk) < 18]
    try:
        action = Action(request.POST.get("action", ""))
        done = bulk.carry_out(chosen, person_of(request), action, request.POST.get("reason", "")[:2000])
    except (ValueError, Refused) as refused:
        return _back(request, refused)
    return render(request, "review/bulk.html", {
        "action": action.value, "done": True, "planned": done, "go": [one.case for one in done if not one.why], "left": [one for one in done if one.why], "language": language_of(request)})


def _back(request: HttpRequest, refused: Exception) -> HttpResponse:
    messages.error(request, str(refused) if isinstance(refused, Refused) else told("no_such_decision"))
    return redirect("queue")
