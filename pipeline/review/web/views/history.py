"""A claim's versions: as it stood when it was decided on, and judged again with the reference data of any day, to look at."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pipeline.review.web import audit, history
from pipeline.review.web.cases import Refused
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import User
from pipeline.review.web.views.claim import case_or_404
from pipeline.review.web.words import language_of
from pipeline.store.models import ReferenceVersion


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
        then, asked = history.claim_then(case, number), history.reference_asked(case, request.GET.get("reference", ""))
        shown = history.shown_then(case, then, person_of(request), language_of(request), asked)
    except Refused as refused:
        raise Http404(str(refused)) from None
    audit.record("see", person_of(request), str(case), version=number, reference=request.GET.get("reference", "")[:20])
    return render(request, "review/version.html", {
        "case": case, "then": then, "used": ReferenceVersion.objects.filter(mark=then.reference).first(), "references": history.reference_versions(case), "language": language_of(request),
        "view": shown.view, "asked": asked, "changed": shown.changed})
