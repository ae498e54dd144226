"""One's own tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pipeline.review.web import tokens as own
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import Token
from pipeline.review.web.words import language_of, word
from pipeline.store.outcomes import storable


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Those in force; a form for another."""
    shown, wrong = "", ""
    if request.method == "POST":
        name = storable(request.POST.get("name", "")).strip()
        try:
            if name:
                _, shown = own.make(person_of(request), name)
        except own.TooMany:
            wrong = word("token_many", language_of(request)).format(n=own.MOST)
    rows = Token.objects.filter(owner=person_of(request), revoked__isnull=True, until__gt=timezone.now(), epoch=person_of(request).epoch).order_by("-pk")
    return render(request, "review/tokens.html", {"tokens": rows, "shown": shown, "wrong": wrong, "language": language_of(request)}, status=422 if wrong else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    if own.revoke(person_of(request), pk):
        messages.success(request, word("token_revoked", language_of(request)))
    return redirect("tokens")
