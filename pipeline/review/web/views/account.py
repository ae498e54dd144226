"""Logging in and out, passwords, the language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pipeline.labels import Language
from pipeline.review.web import audit
from pipeline.review.web.middleware import EPOCH, person_of
from pipeline.review.web.views.problems import not_allowed
from pipeline.review.web.words import COOKIE, language_of

_YEAR = 365 * 24 * 3600


class Login(LoginView):
    """Name and password; Django gives the session a new id."""

    template_name = "review/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.INTAKE.review.password_login:
            return not_allowed(request)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **more: object) -> dict[str, object]:
        review = settings.INTAKE.review
        return {**super().get_context_data(**more), "by_password": review.password_login, "by_sso": review.oidc.on, "sso_failed": "sso" in self.request.GET}


class Password(PasswordChangeView):
    """One's own password; all other sessions end."""

    template_name = "review/password.html"
    success_url = reverse_lazy("home")

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Who logs in by single sign-on has no password here."""
        if not settings.INTAKE.review.password_login or not person_of(request).has_usable_password():
            return render(request, "review/no_password.html", {"language": language_of(request)}, status=200)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):  # type: ignore[no-untyped-def]
        person = form.user
        person.epoch += 1
        person.save(update_fields=["epoch"])
        response = super().form_valid(form)
        self.request.session[EPOCH] = person.epoch
        audit.record("password", person)
        return response


@require_POST
def logout_view(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("login")


@require_POST
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the language of the page, on this browser; back to where one was."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else reverse("home"))
    response.set_cookie(COOKIE, Language.EN if code == "en" else Language.ZH, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
