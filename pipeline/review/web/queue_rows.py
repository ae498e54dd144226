"""The queue: which cases, in which order, and how many of each kind.

In:    what was asked for (`Asked`), from the address of the page.
Out:   a query set of cases, counts.
Fails: never; what makes no sense in the address is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, DecimalField, F, OrderBy, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from models.claim import Triage
from models.flag import Severity
from models.paper import Track
from pipeline.review.web.cases import TO_DO, free, take_next
from pipeline.review.web.following import follow
from pipeline.review.web.models import Case, User
from pipeline.review.web.roles import Role
from pipeline.store.models import FlagRaised
from pipeline.store.search import named

PAGE = 50
STAGE_OF_ROLE: Mapping[str, str] = {Role.REVIEWER: "district", Role.LEAD: "city", Role.AUDITOR: "audit"}
ORDERS: Mapping[str, tuple[OrderBy | str, ...]] = {
    "risk": ("-submission__stake", "submission_id"), "amount": (Coalesce(F("submission__subsidy_requested"), Value(Decimal(0)), output_field=DecimalField(max_digits=18, decimal_places=2)).desc(), "submission_id"), "age": ("since", "submission_id"),
    "id": ("submission__submission_id", "submission_id")}
TAKEN_IN = 2  # seconds for which a process takes the queue as it is, before it looks for what runs have left since


@dataclass(frozen=True)
class Asked:
    """What the queue was asked for; "" for all. status: "open" for what waits to be decided, referred or not."""

    q: str = ""
    triage: str = ""
    stage: str = ""
    status: str = ""
    track: str = ""
    flag: str = ""
    holder: str = ""
    order: str = "risk"
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, Any], person: User) -> Asked:
        """From the address; where no stage is named, the person's own."""
        page = str(given.get("page", "1"))
        order = str(given.get("order", ""))
        return cls(
            q=str(given.get("q", "")).strip()[:100], triage=_one(given, "triage", set(Triage)), stage=str(given.get("stage", STAGE_OF_ROLE.get(person.role, "")))[:20],
            status=_one(given, "status", set(Case.Status.values), "open" if "status" not in given and person.role in STAGE_OF_ROLE else ""),
            track=_one(given, "track", set(Track)), flag=str(given.get("flag", ""))[:60], holder=_one(given, "holder", {"me", "free", "others"}),
            order=order if order in ORDERS else "risk", page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1)


def _one(given: Mapping[str, Any], name: str, known: set[Any], default: str = "") -> str:
    value = str(given.get(name, default))
    return value if value in known else ""


def rows(asked: Asked, person: User, now: datetime) -> QuerySet[Case]:
    """The cases asked for, in the order asked for."""
    return _filtered(asked, person, now).select_related("submission", "taken_by").order_by(*ORDERS[asked.order])


def _filtered(asked: Asked, person: User, now: datetime, leave_out: str = "") -> QuerySet[Case]:
    found = Case.objects.all()
    plain = {"triage": "submission__triage", "track": "submission__track", "stage": "stage"}
    for name, column in plain.items():
        if (value := getattr(asked, name)) and name != leave_out:
            found = found.filter(**{column: value})
    if asked.status:
        found = found.filter(status__in=TO_DO) if asked.status == Case.Status.OPEN else found.filter(status=asked.status)
    if asked.flag and leave_out != "flag":
        found = found.filter(submission__in=FlagRaised.objects.filter(code=asked.flag).values("submission"))
    match asked.holder:
        case "me":
            found = found.filter(taken_by=person, taken_until__gt=now)
        case "free":
            found = found.filter(free(now, person))
        case "others":
            found = found.exclude(free(now, person))
    if asked.q:
        found = found.filter(submission__in=named(asked.q).values("pk"))
    return found


@dataclass(frozen=True)
class Counts:
    """How many cases each choice would leave, all other choices as they are."""

    triage: Mapping[str, int]
    flags: tuple[tuple[str, str, int], ...]
    total: int


@dataclass(frozen=True)
class Listed:
    """A page of the queue. pages: how many there are, at least one."""

    cases: Sequence[Case]
    counts: Counts
    pages: int


def listed(asked: Asked, person: User, now: datetime) -> Listed:
    """The page asked for, after what runs have left since is taken in."""
    if cache.add(f"taken-in-{connection.settings_dict['NAME']}", True, TAKEN_IN):
        follow()
    tally = counts(asked, person, now)
    return Listed(_page(rows(asked, person, now), asked.page), tally, max(1, -(-tally.total // PAGE)))


def _page(found: QuerySet[Case], page: int) -> list[Case]:
    """The cases of one page. Which they are is found first: far down, whole rows would be put in order only to be passed over."""
    keys = list(found.values_list("pk", flat=True)[(page - 1) * PAGE : page * PAGE])
    whole = Case.objects.select_related("submission", "taken_by").in_bulk(keys)
    return [whole[key] for key in keys if key in whole]


def first_free(asked: Asked, person: User) -> Case | None:
    """Take the first case of those asked for that is free and that the person may decide on; None where there is none."""
    return take_next(person, _by_portions(rows(asked, person, timezone.now()).values_list("pk", flat=True)))


def _by_portions(found: QuerySet[Any], size: int = 100) -> Iterator[Any]:
    """The rows, no more of them asked for than are looked at."""
    for start in itertools.count(0, size):
        some = list(found[start : start + size])
        yield from some
        if len(some) < size:
            return


def counts(asked: Asked, person: User, now: datetime) -> Counts:
    """For the filters beside the queue."""
    by_triage = dict(_filtered(asked, person, now, "triage").order_by().values_list("submission__triage").annotate(n=Count("pk")))
    cases = _filtered(asked, person, now, "flag").order_by().values("submission")
    raised = FlagRaised.objects.filter(submission__in=cases).exclude(severity=Severity.INFO).values_list("code", "severity").annotate(n=Count("pk")).order_by("-n")  # a row for each submission and code
    total = sum(by_triage.values()) if not asked.triage else by_triage.get(asked.triage, 0)
    return Counts({triage.value: by_triage.get(triage.value, 0) for triage in Triage}, tuple(raised), total)
