"""Logins, log-outs and failures go into the log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from pipeline.review.web import audit
from pipeline.review.web.middleware import EPOCH
from pipeline.review.web.models import User


@receiver(user_logged_in)
def logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    """A session belongs to the person's present epoch."""
    request.session[EPOCH] = user.epoch
    audit.record("login", user)


@receiver(user_logged_out)
def logged_out(user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record("logout", user)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], **_: Any) -> None:
    if "username" not in credentials:  # of single sign-on, which tells more of it itself
        return
    known = User.objects.filter(username=credentials.get("username", "")).first()
    audit.record("login-failed", known)  # a name that nobody has may be a password typed into the wrong box: it isn't kept
