"""The way to the single sign-on and back; 404 where there is none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView  # type: ignore[import-untyped]


class _Only:
    """Nothing here without single sign-on."""

    @classmethod
    def as_view(cls, **initial: Any) -> Any:
        view = super().as_view(**initial)  # type: ignore[misc]

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not settings.INTAKE.review.oidc.on:
                raise Http404
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer

        return guarded


class Begin(_Only, OIDCAuthenticationRequestView):  # type: ignore[misc]  # untyped
    """Sends the browser to the provider, with state, nonce and the challenge of a secret that stays here."""


class Back(_Only, OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Takes what the browser brings back; the session gets a new id, as after a password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "error" not in request.GET and request.GET.get("state", "") not in request.session.get("oidc_states", {}):  # of no login that this browser began
            return self.login_failure()
        answer: HttpResponse = super().get(request)
        return answer

    def login_failure(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("login") + "?sso")
