"""How much of the work runs untouched, and how accurate the reading is where people have looked."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pipeline.review.second_look import Share
from pipeline.review.web.looks import silent_errors
from pipeline.review.web.models import Case, Decided, Said
from pipeline.review.web.words import language_of
from pipeline.store.models import File, FlagRaised, Submission


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Counts by triage and stage, flags by code, by field how often what was read was set right, and what the second looks tell."""
    silent = silent_errors()
    return render(request, "review/figures.html", {**figures_told(), "fields": _fields(), "silent": silent, "silent_percent": _percent(silent.share), "language": language_of(request)})


def figures_told() -> dict[str, Any]:
    """Counts of claims, pages, flags and decisions."""
    triage = list(Submission.objects.exclude(triage="").order_by().values_list("triage").annotate(n=Count("pk"), amount=Sum("subsidy_requested")).order_by("-n"))
    stages = list(Case.objects.order_by().values_list("stage", "status").annotate(n=Count("pk")).order_by("stage", "status"))
    flags = list(FlagRaised.objects.order_by().values_list("code", "severity").annotate(n=Count("submission", distinct=True)).order_by("-n"))
    pages = File.objects.filter(reason="").aggregate(pages=Sum("pages"), ocr=Sum("pages_ocr"), text=Sum("pages_text"), blank=Sum("pages_blank"), aside=Sum("pages_aside"))
    decided = list(Decided.objects.order_by().values_list("action").annotate(n=Count("pk")).order_by("-n"))
    return {"triage": triage, "stages": stages, "flags": flags, "pages": pages, "decided": decided, "total": sum(row[1] for row in triage)}


def _percent(share: Share) -> str:
    """1.20 % (0.33 % to 4.26 %)."""
    return f"{share.wrong / share.looked:.2%}（95%：{share.least:.2%}–{share.most:.2%}）" if share.looked else ""


def _fields() -> list[tuple[str, int, int, int]]:
    """By field: looked at, set right, and how many of those had been accepted unseen (silent errors)."""
    tally: dict[str, list[int]] = {}
    last: dict[tuple[int, str], tuple[str, object, object]] = {}
    for case_id, subject, text in Said.objects.filter(subject__startswith="paper/").order_by("number").values_list("case", "subject", "text"):
        said = json.loads(text)  # a correction; tens of thousands of them, so no more is made of it than is asked
        first = last.get((case_id, subject))
        last[case_id, subject] = (said["field"], first[1] if first else said["read"], said["corrected"])
    for field, read, corrected in last.values():
        row = tally.setdefault(field, [0, 0])
        row[0] += 1
        row[1] += corrected != read
    return sorted(((field, looked, wrong, round(100 * wrong / looked)) for field, (looked, wrong) in tally.items()), key=lambda row: -row[2])
