"""The scheme's numbers and the stages of review, to read, with where they come from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from models.clauses import clauses
from models.scheme import Scheme, load_scheme
from pipeline.labels import Language, label
from pipeline.review.parameters import parameters, track_words, wanted_papers
from pipeline.review.stages import stages_of
from pipeline.review.web.words import language_of
from pipeline.store.models import Batch


@require_safe
def scheme(request: HttpRequest) -> HttpResponse:
    """Every scheme that there are batches of: stages, numbers, papers, clauses in the measure's own words."""
    names = list(Batch.objects.order_by("scheme").values_list("scheme", flat=True).distinct())
    told = [_told(load_scheme(name), language_of(request)) for name in names]
    return render(request, "review/scheme.html", {"schemes": told, "language": language_of(request)})


def _told(scheme: Scheme, language: Language) -> dict[str, Any]:
    numbers = [(label("flag", one.code, language), track_words(one.track, language), one.told, one.limit) for one in parameters(scheme, language)]
    papers = [(track_words(one.track, language), [label("paper", kind, language) for kind in one.types], one.said) for one in wanted_papers(scheme)]
    return {"scheme": scheme, "stages": stages_of(scheme.name).stages.values(), "numbers": numbers, "papers": papers, "clauses": clauses(scheme.name)}
