"""Faults and near-misses that take two submissions of a batch: what they share, and what is right for it.

In:    cases as they are planned, one after the other.  Out: the second case of a pair changed to share something with the first, flags in both.
A pair waits for two cases that nothing else has touched where it would; a case is in one pair at most. Each comes once in a batch that is large enough.
Source: the rulebook, "Between submissions of a batch", and the caps and repeats that count the batch in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.samples.case import Case
from pipeline.samples.faults import ALL, ANNUAL, EQ, MA, award, flag, other_kind
from pipeline.samples.values import floor_cents, money


@dataclass(frozen=True)
class Pair:
    """What two claims of a track share. clear_of: what no plant may have touched in either; before: changes the second one's draft; after: when both are settled.

    fault: among faulty claims; a near-miss is between any and raises nothing.
    """

    name: str
    tracks: tuple[str, ...]
    clear_of: frozenset[str]
    before: Callable[[Case, Case], None] | None = None
    after: Callable[[Case, Case], None] | None = None
    fault: bool = True


def _ids(first: Case, second: Case) -> list[str]:
    return sorted((first.sid, second.sid))


def _one_policy(first: Case, second: Case) -> None:
    second.insurer, second.policy_number, second.start = first.insurer, first.policy_number, first.start


def _tell_policy(first: Case, second: Case) -> None:
    for one in (first, second):
        flag(one, "duplicate_policy", {"policy_number": first.policy_number, "submissions": _ids(first, second)})


def _one_invoice(kind: str) -> Callable[[Case, Case], None]:
    def share(first: Case, second: Case) -> None:
        number = first.one(kind).says["invoice_number"]
        second.one(kind).says["invoice_number"] = number
        for one in (first, second):
            flag(one, "duplicate_invoice", {"invoice_number": number, "submissions": _ids(first, second)})

    return share


def _one_page(first: Case, second: Case) -> None:
    first.shared = second.shared = f"{first.sid}/{second.sid}"
    for one in (first, second):
        flag(one, "duplicate_page", {"submissions": _ids(first, second), "document": "other"})


def _one_applicant(first: Case, second: Case) -> None:
    second.applicant = first.applicant


def _over_the_cap(first: Case, second: Case) -> None:
    """What was granted leaves room for the one that comes first and half of the other."""
    ahead, behind = sorted((first, second), key=lambda c: (any(f["severity"] == "block" for f in c.flags), c.start, c.sid))
    asked = [case.one("application_form").says["subsidy_requested"] for case in (ahead, behind)]
    left = floor_cents(asked[1] / 2).quantize(Decimal(1))
    cap = ANNUAL[second.track]
    name, entry = other_kind(second)
    award(second, start=second.start, year=second.year, product=name, entry=entry, buyer=second.world.buyer(second.track).name, paid=cap - asked[0] - left)
    flag(behind, "annual_cap_exceeded", {"cap": money(cap), "sum": money(cap - left + asked[1]), "payable": money(left), "submissions": [ahead.sid, behind.sid]})


def _one_product_and_user(first: Case, second: Case) -> None:
    _one_applicant(first, second)
    second.kind, second.product, second.model, second.unit, second.matched = first.kind, first.product, first.model, first.unit, first.matched
    second.figures, second.unit_price, second.buyers = list(first.figures), first.unit_price, list(first.buyers)


def _tell_repeat(first: Case, second: Case) -> None:
    for one in (first, second):
        flag(one, "repeat_user", {"submissions": _ids(first, second), "buyer": one.buyer.name})


def _pair(
    name: str, tracks: tuple[str, ...], clear_of: str, before: Callable[[Case, Case], None] | None = None, after: Callable[[Case, Case], None] | None = None,
    fault: bool = True,
) -> Pair:
    return Pair(name, tracks, frozenset(clear_of.split()), before, after, fault)


_APPLICANTS = "awards restricted subsidy payments papers"
PAIRS: tuple[Pair, ...] = (
    _pair("repeat_in_batch", (MA,), "awards restricted product figures buyer relation", _one_product_and_user, _tell_repeat),
    _pair("duplicate_policy", (EQ,), "policy_number insurer papers loss summary awards", _one_policy, _tell_policy),
    _pair("duplicate_invoice", (EQ,), "sales_invoice papers", after=_one_invoice("sales_invoice")),
    _pair("duplicate_premium_invoice", ALL, "payments papers", after=_one_invoice("premium_invoice")),
    _pair("duplicate_page", ALL, "papers", after=_one_page),
    _pair("annual_cap_of_two", ALL, _APPLICANTS, _one_applicant, _over_the_cap),
    _pair("one_applicant_twice", ALL, _APPLICANTS, _one_applicant, fault=False),
)


class Pairing:
    """Finds two cases for each pair as a batch is planned."""

    def __init__(self, pairs: Sequence[Pair] = PAIRS) -> None:
        self._open = [(pair, track) for pair in pairs for track in pair.tracks]
        self._done: set[str] = set()
        self._first: dict[tuple[str, str], Case] = {}
        self._now: tuple[Pair, Case] | None = None

    def before(self, case: Case, touched: set[str], faulty: bool) -> None:
        """Look whether the case can be one of a pair; as its second one it is changed here."""
        self._now = None
        for pair, track in self._open:
            if track != case.track or pair.name in self._done or pair.fault is not faulty or pair.clear_of & touched:
                continue
            first = self._first.get((pair.name, track))
            if first is None:
                self._first[pair.name, track] = case
            else:
                self._now = pair, first
                self._done.add(pair.name)
                if pair.before:
                    pair.before(first, case)
            return

    def after(self, case: Case) -> None:
        """Both are settled: change what papers say, and tell what is right."""
        if self._now is None:
            return
        pair, first = self._now
        if pair.after:
            pair.after(first, case)
        for one in (first, case):
            (one.planted if pair.fault else one.near).append(pair.name)
