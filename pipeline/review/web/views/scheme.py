"""The scheme's numbers and the stages of review, to read, with where they come from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from models.clauses import clauses
from models.scheme import load_scheme
from pipeline.review.stages import stages_of
from pipeline.review.web.words import language_of
from pipeline.store.models import Batch


@require_safe
def scheme(request: HttpRequest) -> HttpResponse:
    """Every scheme that there are batches of: stages, clauses in the measure's own words."""
    names = list(Batch.objects.order_by("scheme").values_list("scheme", flat=True).distinct())
    told = [{"scheme": load_scheme(name), "stages": stages_of(name).stages.values(), "clauses": clauses(name)} for name in names]
    return render(request, "review/scheme.html", {"schemes": told, "language": language_of(request)})
