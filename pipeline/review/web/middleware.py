"""What holds for every request: nothing without a login and the right role, nothing kept by browsers, sessions that end.

A route is looked up in roles.PERMISSIONS by its name; one that isn't there is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from pipeline.review.web.models import User
from pipeline.review.web.roles import NOBODY_YET, UNATTENDED, may
from pipeline.review.web.tokens import owner_of
from pipeline.review.web.views.problems import not_allowed, not_understood
from pipeline.review.web.words import request_language, told

EPOCH = "epoch"
SEEN, ONCE = "seen", 30  # a session lives on by what its person does; to write that down twice a minute is enough, a page has a dozen pictures
API = "ninja"  # application of the routes for programs, which may come with a token


class Sessions(SessionMiddleware):
    """Sessions that last as long as somebody is there: what a page asks for by itself doesn't count."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if _unattended(request) and not request.session.modified:
            return response
        return super().process_response(request, response)


def _unattended(request: HttpRequest) -> bool:
    """Whether a page asks by itself."""
    route = request.resolver_match.url_name if request.resolver_match else None
    return route in UNATTENDED and bool(request.headers.get("HX-Request"))


class Doorkeeper:
    """Lets a request through to its view, or doesn't."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(request_language(request)):  # whatever anybody is told on the way
            response = self._respond(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.url_name if request.resolver_match else None
        for_programs = request.resolver_match is not None and request.resolver_match.app_name == API
        if _unstorable(request, for_programs):
            return _problem(told("not_storable"), 400) if for_programs else not_understood(request, SuspiciousOperation("NUL"))
        if route in NOBODY_YET:
            return None
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if for_programs and kind.lower() == "bearer":
            owner = owner_of(token.strip())
            if owner is None:
                return _problem(told("token_invalid"), 401)
            request.user, request.by_token = owner, True  # type: ignore[attr-defined]  # for the API, which asks who came with a token
            return None if may(owner.role, route) else _problem(told("not_your_role"), 403)
        person = request.user
        if not person.is_authenticated:
            return _problem(told("log_in_first"), 401) if for_programs else _to_login(request)
        if request.session.get(EPOCH) != person.epoch:  # the sessions of a person whose password or role changed are over
            logout(request)
            return _problem(told("log_in_again"), 401) if for_programs else _to_login(request)
        if time.time() - request.session.get(SEEN, 0) > ONCE and not _unattended(request):
            request.session[SEEN] = int(time.time())
        if not may(person.role, route):
            return _problem(told("not_your_role"), 403) if for_programs else not_allowed(request)
        return None


def _unstorable(request: HttpRequest, for_programs: bool) -> bool:
    """Whether a form or an address bears what PostgreSQL doesn't take as text; no browser sends it."""
    given = [request.GET] if for_programs else [request.GET, request.POST]  # what programs send is read where it is understood
    return "\0" in request.path or any("\0" in value for one in given for _, values in one.lists() for value in values)


def _problem(text: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": text}, status=status, json_dumps_params={"ensure_ascii": False})


def person_of(request: HttpRequest) -> User:
    """Who asks. Only behind the doorkeeper."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") or request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=401)  # the page keeps what was typed and says that one has to log in again
    return redirect_to_login(request.get_full_path())
