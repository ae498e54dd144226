"""Tokens with which a program does what its owner may do, by the API alone.

In:    a person; a token as a request bears it.
Out:   a token, shown once; its owner, None where it is none or over.
Only a hash is kept: a token is 256 random bits, so a plain one is enough. It ends when it is revoked, after its time, when its owner leaves, and with
every session of theirs: on a new password or another role.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from pipeline.review.web import audit
from pipeline.review.web.models import Token, User

LASTS = timedelta(days=90)
MOST = 10  # tokens in force that one person may have
START = "intake_"  # so that one that got into a text is found


class TooMany(Exception):
    """The person has as many tokens as they may."""


@transaction.atomic
def make(owner: User, name: str) -> tuple[Token, str]:
    """A token for a person, and what it is: nobody can see it again."""
    now = timezone.now()
    if Token.objects.filter(owner=owner, revoked__isnull=True, until__gt=now).count() >= MOST:
        raise TooMany
    text = START + secrets.token_urlsafe(32)
    token = Token.objects.create(owner=owner, name=name[:80], sha256=_hash(text), epoch=owner.epoch, made=now, until=now + LASTS)
    audit.record("token-new", owner, f"t{token.pk}", now, name=token.name)
    return token, text


@transaction.atomic
def revoke(owner: User, pk: int) -> bool:
    """End one's own token; gives whether there was one to end."""
    ended = Token.objects.filter(owner=owner, pk=pk, revoked__isnull=True).update(revoked=timezone.now())
    if ended:
        audit.record("token-revoked", owner, f"t{pk}")
    return bool(ended)


def owner_of(text: str) -> User | None:
    """Whose token it is."""
    if not text.startswith(START):
        return None
    token = Token.objects.select_related("owner").filter(sha256=_hash(text), revoked__isnull=True, until__gt=timezone.now(), owner__is_active=True).first()
    return token.owner if token is not None and token.epoch == token.owner.epoch else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
