"""The queue: which cases, in which order, and how many of each kind.

In:    what was asked for (`Asked`), from the address of the page.
Out:   a query set of cases, counts.
Fails: never; what makes no sense in the address is left out.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Case as Case_
from django.db.models import Count, DecimalField, F, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from models.claim import Triage
from models.flag import Severity
from models.numbers import plain
from models.paper import Track
from pipeline.review.web.cases import TO_DO, free, take_next
from pipeline.review.web.following import follow
from pipeline.review.web.models import Case, User
from pipeline.review.web.roles import Role
from pipeline.store.models import FlagRaised
from pipeline.store.outcomes import storable
from pipeline.store.search import named

PAGE = 50
STAGE_OF_ROLE: Mapping[str, str] = {Role.REVIEWER: "district", Role.LEAD: "city", Role.AUDITOR: "audit"}
ASKED_FOR = Coalesce(F("submission__subsidy_requested"), Value(Decimal(0)), output_field=DecimalField(max_digits=18, decimal_places=2))  # as the index has it
ORDERS: Mapping[str, tuple[OrderBy | str, ...]] = {
    "risk": ("-submission__stake", "submission_id"), "amount": (ASKED_FOR.desc(), "submission_id"), "age": ("since", "submission_id"),
    "id": ("submission__submission_id", "submission_id")}
LONG_AGO = 36_500  # days
_PLAIN = re.compile(r"\d{1,13}(?:\.\d{1,2})?")
TAKEN_IN = 2  # seconds for which a process takes the queue as it is, before it looks for what runs have left since


Text = Annotated[str, AfterValidator(storable), Field(max_length=20_000)]


class Asked(BaseModel):
    """What the queue was asked for; "" for all.

    status: "open" for what waits to be decided, referred or not. least, most: of the subsidy that is asked for, yuan. older, newer: days since it was taken in, at least and at most.
    holder: "me", "free" or "others"; reviewer: number of the person who has it or decided on it last.
    """

    model_config = ConfigDict(frozen=True)

    q: Text = ""
    triage: Text = ""
    stage: Text = ""
    status: Text = ""
    track: Text = ""
    flag: Text = ""
    least: Text = ""
    most: Text = ""
    older: Text = ""
    newer: Text = ""
    holder: Text = ""
    reviewer: Text = ""
    order: Text = "risk"
    page: int = Field(1, ge=1, le=99_999)

    @classmethod
    def of(cls, given: Mapping[str, Any], person: User) -> Asked:
        """From the address; where no stage is named, the person's own."""
        page = str(given.get("page", "1"))
        order = str(given.get("order", ""))
        return cls(
            q=str(given.get("q", "")).strip()[:100], triage=_one(given, "triage", set(Triage)), stage=str(given.get("stage", STAGE_OF_ROLE.get(person.role, "")))[:20],
            status=_one(given, "status", set(Case.Status.values), "open" if "status" not in given and person.role in STAGE_OF_ROLE else ""),
            track=_one(given, "track", set(Track)), flag=str(given.get("flag", ""))[:60], holder=_one(given, "holder", {"me", "free", "others"}),
            least=_number(given, "least"), most=_number(given, "most"), older=_number(given, "older", LONG_AGO), newer=_number(given, "newer", LONG_AGO), reviewer=_number(given, "reviewer", 2**31 - 1),
            order=order if order in ORDERS else "risk", page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1)


def _one(given: Mapping[str, Any], name: str, known: set[Any], default: str = "") -> str:
    value = str(given.get(name, default))
    return value if value in known else ""


def _number(given: Mapping[str, Any], name: str, most: int | None = None) -> str:
    """A number as it was typed, 100,000 and 10万 too; a whole one up to `most` where that is told; "" for what is none."""
    text = str(given.get(name, "")).strip().replace(",", "").removesuffix("元")
    value = text.removesuffix("万")
    found = value.isascii() and _PLAIN.fullmatch(value) is not None
    number = Decimal(value) * (10_000 if text.endswith("万") else 1) if found else None
    if number is None or (most is not None and (number > most or number != int(number))):
        return ""
    return plain(number)


def rows(asked: Asked, person: User, now: datetime) -> QuerySet[Case]:
    """The cases asked for, in the order asked for."""
    return _filtered(asked, person, now).select_related("submission", "taken_by").order_by(*ORDERS[asked.order])


# amounts and days as they are asked for: which cases each leaves
RANGES: Mapping[str, Callable[[str, datetime], Q]] = {
    "least": lambda yuan, now: Q(subsidy__gte=Decimal(yuan)), "most": lambda yuan, now: Q(subsidy__lte=Decimal(yuan)),
    "older": lambda days, now: Q(submission__created__lte=now - timedelta(days=int(days))), "newer": lambda days, now: _since(int(days) + 1, now)}


def _since(days: int, now: datetime) -> Q:
    """Taken in less than so many days ago."""
    return Q(submission__created__gt=now - timedelta(days=days))


def _filtered(asked: Asked, person: User, now: datetime, *leave_out: str) -> QuerySet[Case]:
    found = Case.objects.alias(subsidy=ASKED_FOR)
    plain = {"triage": "submission__triage", "track": "submission__track", "stage": "stage"}
    for name, column in plain.items():
        if (value := getattr(asked, name)) and name not in leave_out:
            found = found.filter(**{column: value})
    for name, within in RANGES.items():
        if (value := getattr(asked, name)) and name not in leave_out:
            found = found.filter(within(value, now))
    if asked.status:
        found = found.filter(status__in=TO_DO) if asked.status == Case.Status.OPEN else found.filter(status=asked.status)
    if asked.flag and "flag" not in leave_out:
        found = found.filter(submission__in=FlagRaised.objects.filter(code=asked.flag).values("submission"))
    match asked.holder:
        case "me":
            found = found.filter(taken_by=person, taken_until__gt=now)
        case "free":
            found = found.filter(free(now, person))
        case "others":
            found = found.exclude(free(now, person))
    if asked.reviewer and "reviewer" not in leave_out:
        found = found.filter(Q(last_by=int(asked.reviewer)) | Q(taken_by=int(asked.reviewer), taken_until__gt=now))
    if asked.q:
        found = found.filter(submission__in=named(asked.q).values("pk"))
    return found


class Reviewer(NamedTuple):
    """A person, and how many cases they have before them or decided on last."""

    pk: int
    name: str
    n: int


@dataclass(frozen=True)
class Counts:
    """How many cases each choice would leave, all other choices as they are."""

    triage: Mapping[str, int]
    flags: tuple[tuple[str, str, int], ...]
    reviewers: tuple[Reviewer, ...]
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
    return Counts({triage.value: by_triage.get(triage.value, 0) for triage in Triage}, tuple(raised), _reviewers(asked, person, now), total)


# Amounts in yuan and days that are offered, and where a case stands among them: how many of these conditions it doesn't meet, each being stricter than the next.
AMOUNTS, DAYS = (10_000, 50_000, 100_000, 500_000, 1_000_000), (3, 7, 15, 30, 60)
_BELOW = tuple((how, amount) for amount in AMOUNTS for how in ("lt", "lte"))
_YOUNGER = tuple(younger for days in DAYS for younger in (days, days + 1))
OFFERED: Mapping[str, tuple[int, ...]] = {"least": AMOUNTS, "most": AMOUNTS, "older": DAYS, "newer": DAYS}


class _Cell(NamedTuple):
    """So many cases that stand alike among the amounts and days. within: for each range that was asked for whether they are."""

    amount: int
    age: int
    within: tuple[bool, ...]
    n: int

    def meets(self, name: str, bound: int) -> bool:
        """Whether the cases are within a range that is offered."""
        match name:
            case "least":
                return self.amount > _BELOW.index(("lt", bound))
            case "most":
                return self.amount <= _BELOW.index(("lte", bound))
            case "older":
                return self.age > _YOUNGER.index(bound)
        return self.age <= _YOUNGER.index(bound + 1)


def _cells(asked: Asked, person: User, now: datetime) -> list[_Cell]:
    """The cases asked for, whatever their amount and age, counted by these: one question for all bounds."""
    amounts = [Q(**{f"subsidy__{how}": Decimal(amount)}) for how, amount in _BELOW]
    within = {f"within_{name}": Case_(When(RANGES[name](getattr(asked, name), now), then=Value(True)), default=Value(False)) for name in _asked_ranges(asked)}
    found = _filtered(asked, person, now, *RANGES).annotate(amount=_place(amounts), age=_place([_since(days, now) for days in _YOUNGER]), **within).order_by()
    return [_Cell(amount, age, tuple(inside), n) for amount, age, *inside, n in found.values_list("amount", "age", *within).annotate(n=Count("pk"))]


def _place(conditions: Sequence[Q]) -> Case_:
    return Case_(*(When(condition, then=Value(n)) for n, condition in enumerate(conditions)), default=Value(len(conditions)))


def _asked_ranges(asked: Asked) -> list[str]:
    return [name for name in RANGES if getattr(asked, name)]


def bounds_of(asked: Asked, person: User, now: datetime) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """By name of a range (`RANGES`) the bounds that would leave any case in place of the one that was asked for, each with how many."""
    ranges, cells = _asked_ranges(asked), _cells(asked, person, now)
    out = {}
    for name, bounds in OFFERED.items():
        left = [cell for cell in cells if all(inside for other, inside in zip(ranges, cell.within, strict=True) if other != name)]
        counted = ((bound, sum(cell.n for cell in left if cell.meets(name, bound))) for bound in bounds)
        out[name] = tuple((bound, n) for bound, n in counted if n)
    return out


def _reviewers(asked: Asked, person: User, now: datetime) -> tuple[Reviewer, ...]:
    """Who has cases of those asked for before them or decided on them last, with how many; who has a case that they decided on last has it once."""
    found = _filtered(asked, person, now, "reviewer").order_by()
    counted: Counter[int] = Counter({int(asked.reviewer): 0} if asked.reviewer else {})  # who is chosen is there to be seen, whatever else is asked for
    for name, cases in (("last_by", found), ("taken_by", found.filter(taken_until__gt=now).exclude(last_by=F("taken_by")))):
        counted.update(dict(cases.values_list(name).annotate(n=Count("pk"))))
    names = User.objects.in_bulk([pk for pk in counted if pk])  # None: nobody
    return tuple(sorted((Reviewer(pk, str(one), counted[pk]) for pk, one in names.items()), key=lambda one: (-one.n, one.pk)))
