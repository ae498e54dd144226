"""Pages for what went wrong, in the page's own style."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from pipeline.review.web.words import language_of


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, "review/problem.html", {"head": name, "told": f"{name}_told", "language": language_of(request)}, status=status)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address, claim or page."""
    return _page(request, "not_found", 404)


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this person."""
    return _page(request, "refused", 403)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety mark isn't this session's: mostly one that was loaded before logging in anew."""
    return _page(request, "form_expired", 403)


@requires_csrf_token
def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More than is taken at once, or nothing that a browser sends."""
    return _page(request, "too_large", 413) if isinstance(exception, RequestDataTooBig) else _page(request, "bad_request", 400)


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """A failure of ours. Neither session nor database is asked for: they may be what failed."""
    return HttpResponse(render_to_string("review/problem.html", {"head": "server_error", "told": "server_error_told", "language": language_of(request), "bare": True}), status=500)
