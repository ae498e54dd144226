"""Batches: which there are, where one stands, a new one, the run that reads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from models.scheme import known_schemes, load_scheme
from pipeline.review.web import inboxes, receiving
from pipeline.review.web.batch_state import batches as all_batches
from pipeline.review.web.batch_state import state_of
from pipeline.review.web.cases import Refused
from pipeline.review.web.following import open_cases
from pipeline.review.web.middleware import person_of
from pipeline.review.web.roles import may
from pipeline.review.web.views.uploads import upload_context
from pipeline.review.web.words import language_of, word
from pipeline.store.models import Batch


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """All of them, with a form for a new one."""
    return render(request, "review/batches.html", _list(request))


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a batch."""
    given = {name: request.POST.get(name, "").strip() for name in ("name", "scheme", "year", "reference")}
    year = int(given["year"]) if given["year"].isascii() and given["year"].isdecimal() and len(given["year"]) == 4 else 0
    try:
        batch = inboxes.begin(person_of(request), given["name"], given["scheme"], year, given["reference"])
    except Refused as refused:
        return render(request, "review/batches.html", {**_list(request), "given": given, "wrong": str(refused)}, status=422)
    messages.success(request, word("batch_made", language_of(request)))
    return redirect("batch", batch.pk)


def _list(request: HttpRequest) -> dict[str, object]:
    schemes = [(name, load_scheme(name).title) for name in known_schemes()]
    return {"batches": all_batches(), "schemes": schemes, "references": inboxes.references(), "given": {"year": timezone.localdate().year}, "language": language_of(request),
            "may_begin": may(person_of(request).role, "batch-new")}


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch; only where it stands, where the page asks for that again."""
    one = get_object_or_404(Batch, pk=pk)
    open_cases(one.pk)
    page = request.GET.get("page", "1")
    state = state_of(one, request.GET.get("state", ""), int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1)
    person, uploads = person_of(request), may(person_of(request).role, "upload") and state.open
    context = {"of": state, "batch": one, "progress": state.progress, "language": language_of(request), "may_upload": uploads, "may_ask": may(person.role, "batch-read")}
    if request.headers.get("HX-Request"):
        return render(request, "review/batch_state.html", context)
    upload = receiving.going(one, person) if uploads else None
    return render(request, "review/batch.html", {**context, **upload_context(upload), "piece": receiving.PIECE // 2, "at_once": 200})


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a run over the batch."""
    try:
        inboxes.want_reading(get_object_or_404(Batch, pk=pk), person_of(request), bool(request.POST.get("retry_failed")))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("batch", pk)
