"""What the pages do, for programs: JSON under /api/, described by /api/openapi.json.

In:    a request with a session's cookie (and its CSRF token, where something is to change) or `Authorization: Bearer` and a token.
Out:   JSON; pictures, letters and lists as what they are.
Fails: as `Problem`: 400 no JSON, 401 nobody is logged in, 403 not for this role, 404, 409 something older was looked at, 422 can't be.
Who may call what is settled before a call gets here, by the same table as for the pages (roles.py); what is done is done by the same functions.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from pipeline.review.web.api import batches, claims, people, reference, watching
from pipeline.review.web.cases import Refused, Stale
from pipeline.review.web.filing import AlreadyThere, NotWhole
from pipeline.review.web.persons import Unfit
from pipeline.review.web.receiving import Misplaced
from pipeline.review.web.saying import EditInvalid
from pipeline.review.web.words import told


class _Token(HttpBearer):
    """A token; whose it is was settled by the doorkeeper, who saw the request first."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return request.user if getattr(request, "by_token", False) else None


class _Session(SessionAuth):
    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated and not getattr(request, "by_token", False) else None


api = NinjaAPI(title="claim-intake", version="1.0.0", description="Premium subsidy claims: read, checked, reviewed.", docs_url=None, auth=[_Token(), _Session()])
for one in (claims, batches, reference, watching, people):
    api.add_router("", one.router)


@api.exception_handler(Misplaced)
@api.exception_handler(NotWhole)
@api.exception_handler(AlreadyThere)
@api.exception_handler(Stale)
def _stale(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(RawPostDataException)
def _no_json(request: HttpRequest, error: Exception) -> HttpResponse:
    """A form was sent where JSON is asked for."""
    return api.create_response(request, {"detail": told("send_json")}, status=400)


@api.exception_handler(Refused)
@api.exception_handler(EditInvalid)
@api.exception_handler(Unfit)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=422)
