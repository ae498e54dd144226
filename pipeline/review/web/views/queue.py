"""The queue of cases."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pipeline.labels import Language, label
from pipeline.review.stages import stages_of
from pipeline.review.web.middleware import person_of
from pipeline.review.web.queue_rows import Asked, Counts, bounds_of, first_free, listed
from pipeline.review.web.roles import Role, may
from pipeline.review.web.words import language_of, word
from pipeline.store.models import Batch

# what the queue does by keyboard: queue.js; words of each in words.toml
KEYS = (("J K ↓ ↑", "key_rows"), ("Enter", "key_open"), ("N", "key_take"), ("/", "key_search"), ("?", "keys"))
HOME: Mapping[str, str] = {Role.ANALYST: "figures", Role.ADMIN: "people"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To where the person's work is."""
    return redirect(HOME.get(person_of(request).role, "queue"))


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The cases asked for; only their table where the page asks to replace it. bounds: instead of them what amounts and days there are to ask for, when somebody is about to."""
    now = timezone.now()
    asked = Asked.of(request.GET, person_of(request))
    if "bounds" in request.GET:
        return render(request, "review/queue_bounds.html", {"bounds": bounds_of(asked, person_of(request), now), "language": language_of(request)})
    shown = listed(asked, person_of(request), now)
    rest = request.GET.copy()
    rest.pop("page", None)
    choices = _choices(asked, shown.counts, language_of(request))
    context = {
        "asked": asked, "cases": shown.cases, "counts": shown.counts, "choices": choices, "choices_told": json.dumps(choices, ensure_ascii=False), "now": now, "pages": shown.pages, "rest": rest.urlencode(),
        "ranges": (("amount_range", "least", asked.least, "most", asked.most), ("days_range", "older", asked.older, "newer", asked.newer)), "stages": _stages(), "language": language_of(request), "may_decide": may(person_of(request).role, "next"), "keys": KEYS}
    return render(request, "review/queue_rows.html" if request.headers.get("HX-Request") else "review/queue.html", context)


def _choices(asked: Asked, counts: Counts, language: Language) -> dict[str, list[tuple[str, str]]]:
    """By filter what can be chosen, each with how many cases it would leave: value and words."""
    def counted(words: str, n: int) -> str:
        return word("choice_n", language).format(choice=words, n=n)

    return {
        "triage": [(triage, counted(label("triage", triage, language), n)) for triage, n in counts.triage.items()],
        "flag": [(code, counted(label("flag", code, language), n)) for code, _, n in counts.flags]
        + ([(asked.flag, counted(label("flag", asked.flag, language), 0))] if asked.flag and asked.flag not in {code for code, _, _ in counts.flags} else []),  # what is chosen is there to be seen
        "reviewer": [(str(one.pk), counted(one.name, one.n)) for one in counts.reviewers]}


def _stages() -> list[tuple[str, str, str]]:
    """Stages of the schemes that there are batches of: name, Chinese, English."""
    schemes = Batch.objects.order_by("scheme").values_list("scheme", flat=True).distinct()
    return list(dict.fromkeys((stage.name, stage.zh, stage.en) for scheme in schemes for stage in stages_of(scheme).stages.values()))


@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    """Take the first case of the queue as it was asked for that is free."""
    asked = Asked.of(QueryDict(request.POST.get("asked", "")), person_of(request))
    case = first_free(asked, person_of(request))
    if case is None:
        messages.info(request, word("none_left", language_of(request)))
        return redirect(reverse("queue") + "?" + request.POST.get("asked", ""))
    return redirect("claim", case.pk)
