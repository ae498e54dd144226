"""The review page's Django settings, from our own, and the application that a server runs.

In:    settings, the workspace's folder.
Out:   a WSGI application; everything it serves comes from the package.
Fails: SettingsInvalid for a public address that is none; StoreUnavailable.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import settings as django_settings

from models.errors import SettingsInvalid
from pipeline.review.settings import OidcSettings, ReviewSettings
from pipeline.settings import Settings
from pipeline.store.setup import configure, open_store

APPS = (
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "whitenoise.runserver_nostatic", "django.contrib.staticfiles", "axes", "csp",
    "pipeline.review.web",
)
_KEYS = "keys"  # beside the database: whoever can read it can forge sessions and lines of the log


def configure_review(settings: Settings, work: Path) -> None:
    """Set Django up for the review page without touching the database."""
    configure(settings.store, work, APPS, INTAKE=settings, WORK=work, **_django(settings.review, work))
    django_settings.INTAKE, django_settings.WORK = settings, work  # of this workspace, also where Django was set up for another before
    django_settings.SECRET_KEY, django_settings.AUDIT_KEY = _keys(work)


def open_review(settings: Settings, work: Path) -> None:
    """The same, and bring the tables up to date."""
    configure_review(settings, work)
    open_store(settings.store, work)


def application() -> Any:
    """The WSGI application, after open_review."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _django(settings: ReviewSettings, work: Path) -> dict[str, Any]:
    hosts, https = _public(settings.public_url)
    key, audit_key = _keys(work)
    oidc = settings.oidc
    prefix = "__Host-" if https else ""  # browsers take __Host- cookies over https alone
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
                                           "pipeline.review.web.words.context"]},
    }
    return {
        "SECRET_KEY": key, "AUDIT_KEY": audit_key, "OFFICE": settings.office, "DEBUG": False, "ALLOWED_HOSTS": hosts, "ROOT_URLCONF": "pipeline.review.web.urls", "TEMPLATES": [templates],
        "AUTH_USER_MODEL": "review.User", "LOGIN_URL": "login", "LOGIN_REDIRECT_URL": "home", "LOGOUT_REDIRECT_URL": "login",
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware", "csp.middleware.CSPMiddleware",
            "pipeline.review.web.middleware.Sessions", "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware", "pipeline.review.web.middleware.Doorkeeper", "axes.middleware.AxesMiddleware"],
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",  # lets nobody in, keeps out whose name is locked
            *(["django.contrib.auth.backends.ModelBackend"] if settings.password_login else []),
            *(["pipeline.review.web.sso.SingleSignOn"] if oidc.on else [])],
        **_sso(oidc, settings.public_url),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("username", "first_name", "last_name")}},
            {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"}],
        "AXES_FAILURE_LIMIT": 5, "AXES_COOLOFF_TIME": timedelta(minutes=15), "AXES_LOCKOUT_PARAMETERS": ["username"], "AXES_RESET_ON_SUCCESS": True, "AXES_VERBOSE": False,
        "AXES_LOCKOUT_TEMPLATE": "review/locked.html", "AXES_ENABLE_ACCESS_FAILURE_LOG": False, "AXES_IPWARE_PROXY_COUNT": settings.proxies or None,
        "SESSION_COOKIE_NAME": prefix + "session", "SESSION_COOKIE_AGE": settings.idle_minutes * 60, "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_SECURE": https, "SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_NAME": prefix + "csrf", "CSRF_COOKIE_SECURE": https, "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "pipeline.review.web.views.problems.expired", "CSRF_TRUSTED_ORIGINS": [settings.public_url.rstrip("/")] if https else [],
        "SECURE_CONTENT_TYPE_NOSNIFF": True, "X_FRAME_OPTIONS": "DENY", "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_SSL_REDIRECT": https, "SECURE_HSTS_SECONDS": 31_536_000 if https else 0, "SECURE_HSTS_INCLUDE_SUBDOMAINS": https, "SECURE_HSTS_PRELOAD": https,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if settings.proxies else None,
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {
            "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF], "font-src": [SELF], "connect-src": [SELF], "form-action": [SELF],
            "frame-ancestors": [NONE], "base-uri": [NONE]}},
        "STATIC_URL": "/static/", "WHITENOISE_USE_FINDERS": True, "WHITENOISE_AUTOREFRESH": False, "USE_I18N": True, "LANGUAGES": [("zh-hans", "中文"), ("en", "English")],
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_000_000,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",  # in the session, a picture that is asked for at the same time would overwrite them
        "SILENCED_SYSTEM_CHECKS": ["axes.W006"] if https else ["axes.W006", "security.W004", "security.W008", "security.W012", "security.W016"],
    }


def _sso(oidc: OidcSettings, public_url: str) -> dict[str, Any]:
    """What mozilla-django-oidc asks of Django's settings; the rest is pipeline/review/web/sso.py."""
    if not oidc.on:
        return {}
    return {
        "OIDC_RP_CLIENT_ID": oidc.client_id, "OIDC_RP_CLIENT_SECRET": oidc.client_secret.get_secret_value(),
        "OIDC_RP_SIGN_ALGO": oidc.algorithm, "OIDC_RP_SCOPES": oidc.scopes, "OIDC_OP_AUTHORIZATION_ENDPOINT": oidc.authorization_endpoint, "OIDC_OP_TOKEN_ENDPOINT": oidc.token_endpoint,
        "OIDC_OP_JWKS_ENDPOINT": oidc.jwks_endpoint, "OIDC_OP_USER_ENDPOINT": "", "OIDC_USE_PKCE": True, "OIDC_PKCE_CODE_CHALLENGE_METHOD": "S256", "OIDC_USE_NONCE": True, "OIDC_TIMEOUT": oidc.timeout,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "sso-back", "OIDC_REDIRECT_REQUIRE_HTTPS": public_url.startswith("https"), "OIDC_STORE_ACCESS_TOKEN": False, "OIDC_STORE_ID_TOKEN": False,  # nosec B105
    }


def _public(url: str) -> tuple[list[str], bool]:
    """Hosts by which the page may be called, and whether over https."""
    if not url:
        return ["127.0.0.1", "localhost", "[::1]"], False
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise SettingsInvalid(f"INTAKE_REVIEW__PUBLIC_URL={url!r} is no address. Write it as https://host or https://host:port.")
    return [parts.hostname], parts.scheme == "https"


def _keys(work: Path) -> tuple[str, bytes]:
    """The keys that sessions and the log are sealed with, made once for a workspace and readable by its owner alone."""
    path = work / _KEYS
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_urlsafe(50)}\n{secrets.token_hex(32)}\n")
    key, audit_key = path.read_text("ascii").split()
    return key, bytes.fromhex(audit_key)
