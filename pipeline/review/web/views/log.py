"""The log, for who watches over the work."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pipeline.review.masks import masked_detail
from pipeline.review.web import audit
from pipeline.review.web.log_words import details
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import AuditEvent, User
from pipeline.review.web.saying import masks
from pipeline.review.web.words import did, language_of, word
from pipeline.tables.spreadsheet import csv_pieces

PAGE = 100
_HEADINGS = ("number", "time", "who", "what", "about", "detail", "chain")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The latest lines first; of one submission or person where asked for."""
    about, who = request.GET.get("about", "").strip()[:300], request.GET.get("who", "").strip()[:40]
    found = AuditEvent.objects.order_by("-number")
    if about:
        found = found.filter(about=about)
    if who:
        found = found.filter(who__in=[who, *(person.opaque for person in User.objects.filter(Q(username=who) | Q(first_name=who)))])
    people = {person.opaque: str(person) for person in User.objects.all()}
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    hide = masks(person_of(request))
    lines = [
        {"event": event, "person": people.get(event.who, event.who), "told": did(event.action, language_of(request)), "details": details(masked_detail(event.detail) if hide else event.detail, language_of(request))}
        for event in page]
    damage = audit.verify() if "verify" in request.GET else None
    return render(request, "review/log.html", {
        "lines": lines, "page": page, "about": about, "who": who, "checked": "verify" in request.GET, "damage": damage, "language": language_of(request)})


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole log as CSV that spreadsheets open without running anything."""
    audit.record("export-log", person_of(request))
    name = f"audit-{timezone.localtime():%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(csv_pieces([word(name, language_of(request)) for name in _HEADINGS], _lines(masks(person_of(request)))), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _lines(hide: bool) -> Iterator[tuple[str, ...]]:
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=1000):
        detail = masked_detail(event.detail) if hide else event.detail
        yield tuple(str(cell) for cell in (event.number, event.at.isoformat(), event.who, event.action, event.about, detail, event.chain))
