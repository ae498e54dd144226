"""Single sign-on by OpenID Connect: who the provider vouches for, and which role they have here.

In:    the provider's answer to the code that a browser brought back.  Out: the person, made at their first login, with the role of their group.
Fails: None, with a line in the log of why; nobody gets in whose token isn't signed by the provider, for us, now and for this very login.
A person is known by issuer and subject, never by name or address, so that nobody becomes another by choosing a name. Who is in none of the groups gets no role and
doesn't get in; their sessions here end.
Source: OpenID Connect Core 1.0, 3.1.3.7 (what of an ID token is checked); RFC 7636 (PKCE).
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # type: ignore[import-untyped]

from pipeline.review.settings import OidcSettings
from pipeline.review.web import audit
from pipeline.review.web.models import User
from pipeline.review.web.roles import Role
from pipeline.store.outcomes import storable

log = logging.getLogger(__name__)

_SLACK = 60  # seconds by which the provider's clock may differ
_NAME = 150  # characters of Django's columns
NO_ROLE = "no group that has a role here"


class Refused(SuspiciousOperation):
    """The provider's answer isn't taken; the message is for the log."""


class SingleSignOn(OIDCAuthenticationBackend):  # type: ignore[misc]  # untyped
    """Django's way in for who comes back from the provider."""

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        """The person whom the provider vouches for. Only of the answer to a login that this browser began, which has a nonce."""
        if request is None or not kwargs.get("nonce") or not kwargs.get("code_verifier"):
            return None
        try:
            person: User | None = super().authenticate(request, **kwargs)
        except Refused as refused:
            audit.record("sso-refused", reason=str(refused))
        except (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError, TypeError, ValueError) as error:
            log.warning("single sign-on failed: %s", type(error).__name__)  # no word of the token
            audit.record("sso-refused", reason=type(error).__name__)
        else:
            return person
        return None

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The claims of an ID token that is the provider's, for us, not over and of this login."""
        told: dict[str, Any] = super().verify_token(token, **kwargs)
        oidc = _settings()
        audience = told.get("aud")
        audience = [audience] if isinstance(audience, str) else audience or []
        now = time.time()
        if told.get("iss") != oidc.issuer:
            raise Refused("the token is of another issuer")
        if oidc.client_id not in audience or (len(audience) > 1 and told.get("azp") != oidc.client_id) or told.get("azp", oidc.client_id) != oidc.client_id:
            raise Refused("the token is for another party")
        if not isinstance(told.get("exp"), int | float) or told["exp"] < now - _SLACK:
            raise Refused("the token is over")
        if not isinstance(told.get("iat"), int | float) or told["iat"] > now + _SLACK:
            raise Refused("the token has no time of issue, or one that is to come")
        if not isinstance(told.get("sub"), str) or not told["sub"]:
            raise Refused("the token names nobody")
        return told

    def get_or_create_user(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> User | None:
        """The person of these claims, with the role that their groups give them now."""
        oidc = _settings()
        subject = f"{oidc.issuer} {payload['sub']}"
        subject = subject if len(subject) <= 255 else hashlib.sha256(subject.encode()).hexdigest()
        role = role_of(payload, oidc)
        name = storable(str(payload.get(oidc.name_claim) or ""))[:_NAME]
        with transaction.atomic():
            person = User.objects.select_for_update().filter(subject=subject).first()
            if person is None:
                if role:
                    return _new(subject, role, name, _wished(payload, oidc))
                audit.record("sso-refused", None, reason=NO_ROLE)
                return None
            if not role or not person.is_active:
                person.epoch += 1  # what they have open here ends
                person.save(update_fields=["epoch"])
                audit.record("sso-refused", person, reason=NO_ROLE if not role else "inactive here")
                return None
            if (person.role, person.first_name) != (role, name or person.first_name):
                if person.role != role:
                    person.epoch += 1
                    audit.record("person", None, person.opaque, role=role, by="sso")
                person.role, person.first_name = role, name or person.first_name
                person.save(update_fields=["role", "first_name", "epoch"])
            return person


def role_of(payload: Mapping[str, Any], oidc: OidcSettings) -> Role | None:
    """The role of the first group in the settings that the person is in; None for who is in none of them."""
    found: Any = payload
    for part in oidc.roles_claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    groups = {found} if isinstance(found, str) else {group for group in found if isinstance(group, str)} if isinstance(found, list) else set()
    return next((Role(role) for group, role in oidc.roles.items() if group in groups), None)


def _new(subject: str, role: Role, name: str, wished: str) -> User:
    """Somebody who comes for the first time; a name that is taken stays with who has it."""
    for username in (wished, f"{wished[:_NAME - 13]}-{hashlib.sha256(subject.encode()).hexdigest()[:12]}"):
        person = User(username=username, first_name=name, role=role, subject=subject)
        person.set_unusable_password()
        try:
            with transaction.atomic():
                if User.objects.filter(username__iexact=username).exists():
                    continue
                person.save()
        except IntegrityError:
            continue
        audit.record("person-new", None, person.opaque, username=username, role=role, by="sso")
        return person
    raise Refused("no name is free for the person")


def _wished(payload: Mapping[str, Any], oidc: OidcSettings) -> str:
    wished = storable(str(payload.get(oidc.username_claim) or ""))
    return "".join(letter for letter in wished if letter.isalnum() or letter in "@.+-_")[:_NAME] or "sso"


def _settings() -> OidcSettings:
    oidc: OidcSettings = settings.INTAKE.review.oidc
    return oidc
