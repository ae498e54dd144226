"""A claim's versions: as it stood when it was decided on, and judged again with the reference data of any day, to look at."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from models.claim import Claim
from pipeline.review.corrections import changes
from pipeline.review.masks import masked, personal_values
from pipeline.review.present import ClaimView
from pipeline.review.web import audit, history, saying
from pipeline.review.web.cases import Refused
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import Case, User
from pipeline.review.web.tables import tables_for, tables_of
from pipeline.review.web.views.claim import case_or_404
from pipeline.review.web.words import language_of
from pipeline.store.models import ClaimVersion, ReferenceVersion


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Which versions there are, by whom, with which reference data, and which decisions went by them."""
    case = case_or_404(pk)
    audit.record("see", person_of(request), str(case))
    names = {person.opaque: str(person) for person in User.objects.all()}
    rows = [(then, names.get(then.version.by, then.version.by)) for then in history.versions_of(case)]
    return render(request, "review/versions.html", {"case": case, "rows": rows, "language": language_of(request)})


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it stood; where `reference` names another version of the tables, what they would have made of it."""
    case = case_or_404(pk)
    try:
        then = history.claim_then(case, number)
        context = _with_reference(request, case, then) if request.GET.get("reference") else {"view": _view(request, case, then.claim, then)}
    except Refused as refused:
        raise Http404(str(refused)) from None
    audit.record("see", person_of(request), str(case), version=number, reference=request.GET.get("reference", "")[:20])
    return render(request, "review/version.html", {
        "case": case, "then": then, "used": ReferenceVersion.objects.filter(mark=then.reference).first(), "references": history.reference_versions(case), "language": language_of(request), **context})


def _with_reference(request: HttpRequest, case: Case, then: ClaimVersion) -> dict[str, Any]:
    asked = request.GET["reference"]
    reference = get_object_or_404(ReferenceVersion, pk=int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None
    if reference is None or not case.submission.batch.reference_puts.filter(version=reference).exists():
        raise Http404
    claim = history.judged_with(case, then, reference)
    hidden = personal_values(then.claim) | personal_values(claim) if saying.masks(person_of(request)) else frozenset()
    told = [masked(change.text, hidden) if saying.masks(person_of(request)) else change.text for change in changes(then.claim, claim)]
    return {"view": _view(request, case, claim, then, reference), "asked": reference, "changed": told}


def _view(request: HttpRequest, case: Case, claim: Claim, then: ClaimVersion, reference: ReferenceVersion | None = None) -> ClaimView:
    batch = case.submission.batch
    reference = reference or ReferenceVersion.objects.filter(mark=then.reference).first()
    tables = tables_of(reference, batch.scheme) if reference else tables_for(batch)
    return saying.shown_to(case, claim, tables, person_of(request), language_of(request))
