"""The log of who saw, changed and decided what: only added to, and chained, so that whoever changes, takes out, swaps or cuts off a line is found.

In:    an event, inside the transaction of what it tells of: both are written or neither.
Out:   lines; of a check, what is wrong with them.
Each line's chain is a keyed hash (HMAC-SHA256, key of the workspace) over the chain before and the line itself; the head holds the last number and chain
under a keyed hash of its own. Who has the database but not the key can't make a line that fits.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from pipeline.review.web.models import AuditEvent, AuditHead, User
from pipeline.review.web.words import told

START = "0" * 64
_CHAINING = 0x1D7A4F  # the advisory lock under which PostgreSQL appends
_LINE = ("number", "at", "who", "action", "about", "detail")  # what a line's chain is over
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class Damage(NamedTuple):
    """The first line at which the log isn't what was written, and how."""

    number: int
    what: str


def record(action: str, who: User | None = None, about: str = "", at: datetime | None = None, **detail: Any) -> AuditEvent:
    """Append a line. detail: JSON values; no passwords, no personal data beyond what the line is about."""
    with transaction.atomic(savepoint=False):  # what can't be logged isn't done either
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAINING])
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"chain": START})
        event = AuditEvent(
            number=head.number + 1, at=at or datetime.now(UTC), who=who.opaque if who else "", action=action, about=about,
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "")
        event.chain = _chain(head.chain, *(getattr(event, name) for name in _LINE))
        event.save(force_insert=True)
        head.number, head.chain = event.number, event.chain
        head.seal = _seal(head)
        head.save()
    return event


def verify() -> Damage | None:
    """The first damage to the log, None where it is whole."""
    return next(_damages(), None)


def _damages() -> Iterator[Damage]:
    before, number = START, 0
    for *line, chain in AuditEvent.objects.order_by("number").values_list(*_LINE, "chain").iterator(chunk_size=2000):  # rows, not objects: half the time
        if line[0] != number + 1:
            yield Damage(number + 1, told("damage_missing"))
            return
        if not hmac.compare_digest(chain, _chain(before, *line)):
            yield Damage(line[0], told("damage_changed"))
            return
        before, number = chain, line[0]
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if number:
            yield Damage(number, told("damage_no_end"))
        return
    if not hmac.compare_digest(head.seal, _seal(head)) or (head.number, head.chain) != (number, before):
        yield Damage(number + 1, told("damage_end"))


def _chain(before: str, number: int, at: datetime, who: str, action: str, about: str, detail: str) -> str:
    return _keyed(_ENCODER.encode([before, number, at.astimezone(UTC).isoformat(), who, action, about, detail]))


def _seal(head: AuditHead) -> str:
    return _keyed(f"head {head.number} {head.chain}")


def _keyed(text: str) -> str:
    return hmac.digest(settings.AUDIT_KEY, text.encode(), "sha256").hex()
