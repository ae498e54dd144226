"""What one applicant may get in a year and in all: caps over what was granted before and what this batch asks for.

Source: ningbo-2020, 三（一）3, 三（二）2, 三（三）2. Central subsidies don't count: the caps are those of the city's money (市级财政保险补贴总额).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from models.claim import Claim
from models.flag import Flag
from models.money import yuan
from models.reference import Award
from pipeline.rules.awards import awards_of
from pipeline.rules.case import Case, NotRead, number, sources, was_read
from pipeline.rules.history import before_this
from pipeline.rules.words import rmb

HALF_A_CENT = Decimal("0.005")


def annual_cap_exceeded(case: Case) -> Iterator[Flag]:
    """Flag a claim that the year's cap leaves no or not enough room for, after what was granted for the year and what comes before it in this batch.

    detail: cap; sum of all that was granted and is asked for; payable: what remains for this claim.
    """
    yield from _capped(case, f"{case.year}年度", [a for a in _granted(case) if a.year == case.year])


def total_cap_exceeded(case: Case) -> Iterator[Flag]:
    """Flag a claim that the cap on all years of the scheme leaves no or not enough room for; see `annual_cap_exceeded`."""
    yield from _capped(case, "政策执行期内", [a for a in _granted(case) if a.scheme == case.scheme.name])


def _granted(case: Case) -> list[Award]:
    """The city's awards to the applicant in the track."""
    return before_this(case, awards_of(case.reference).to(case.value("applicant_name").text, case.track))


def _capped(case: Case, term: str, granted: Sequence[Award]) -> Iterator[Flag]:
    asked = case.value("subsidy_requested")
    cap = case.limit.at_most
    if cap is None:
        return
    mine = number("subsidy_requested", asked)
    before = sum((a.subsidy_paid or Decimal(0) for a in granted), Decimal(0))
    filed = case.beside.of_applicant(case.claim)
    others = [claim for claim in filed if claim.submission_id != case.claim.submission_id]
    sums = {claim.submission_id: _asked(claim) for claim in others}
    earlier = filed[:[claim.submission_id for claim in filed].index(case.claim.submission_id)]
    ahead = sum((sums[claim.submission_id] or Decimal(0) for claim in earlier), Decimal(0))
    payable = max(Decimal(0), cap - before - ahead)
    whole = before + mine + sum((amount or Decimal(0) for amount in sums.values()), Decimal(0))
    if mine > payable + HALF_A_CENT:
        beside = f"（同批另有 {'、'.join(sums)}）" if sums else ""
        detail: dict[str, Any] = {"cap": yuan(cap), "sum": yuan(whole), "payable": yuan(payable)}
        yield case.flag(
            f"{term}已获补贴 {rmb(before)}，连同本批申请合计 {rmb(whole)}{beside}，超过单家企业上限 {rmb(cap)}，本件可补贴 {rmb(payable)}", sources(asked),
            **detail | ({"submissions": [claim.submission_id for claim in filed]} if sums else {}))
    elif any(sums[claim.submission_id] is None for claim in earlier):
        raise NotRead("subsidy_requested", asked.source)


def _asked(claim: Claim) -> Decimal | None:
    """What a claim asks for, None where it wasn't read with confidence."""
    field = claim.fields.get("subsidy_requested")
    return field.decimal if field and was_read(claim, field) else None
