"""Who is paid first when the year's money doesn't suffice for all claims (年度保费补贴超过财政年度专项资金预算安排).

In:    a batch's claims, judged across; what was granted before; the budget in yuan.
Out:   `Place`s: the claims in the order of payment, each with what it can be paid and why it stands there; what a condition bars comes last, with nothing.
Fails: never; a claim whose subsidy wasn't read is paid nothing and says so.
Source: ningbo-2020, 三（一）3, 三（二）3: 新投保企业优先, then 同一投保企业同一投保产品按时间顺序; 三（三）3 (software): 新投保企业优先.
Where the measure leaves the order open (claims of different applicants) the day of filing decides, then the submission's number; the reason says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from matchers.names import normalise
from models.claim import Claim, Triage
from models.paper import PaperType, Track
from models.reference import Reference
from models.scheme import Scheme
from pipeline.evidence import of_type
from pipeline.rules.across import barred
from pipeline.rules.awards import MUNICIPAL, awards_of
from pipeline.rules.words import rmb

ZERO = Decimal(0)
_LAST = "9999"
# flags that leave a part of what is asked for, and the detail that says how much
_LEAVES = {"annual_cap_exceeded": "payable", "total_cap_exceeded": "payable", "subsidy_above_limit": "limit"}
BY_TIME = frozenset({Track.EQUIPMENT, Track.MATERIAL})  # tracks in which the measure orders one applicant's claims for one product by time


class Place(NamedTuple):
    """A claim's place in the order of payment, from 1; 0 where a condition bars it.

    asked: None where it wasn't read. payable: what the caps leave of it; paid: what the budget leaves of that; sum: paid up to and with this claim.
    new: the applicant was granted nothing before in this track. reason: Chinese.
    """

    place: int
    claim: Claim
    new: bool
    asked: Decimal | None
    payable: Decimal
    paid: Decimal
    sum: Decimal
    reason: str


class _Standing(NamedTuple):
    """What a claim is ranked by."""

    claim: Claim
    new: bool
    filed: str
    begins: str
    group: tuple[str, str]


def rank(claims: Sequence[Claim], reference: Reference, scheme: Scheme, year: int, budget: Decimal) -> tuple[Place, ...]:
    """The claims in the order of payment. year: in whose January they were filed; budget: yuan."""
    barred_ones = [claim for claim in claims if barred(claim)]
    standing = _in_time(sorted((_standing(c, reference, scheme, year) for c in claims if not barred(c)), key=lambda s: (not s.new, s.filed, s.claim.submission_id)))
    left, places = budget, []
    for n, one in enumerate(standing, 1):
        asked, payable = _payable(one.claim)
        paid = min(payable, left)
        left -= paid
        places.append(Place(n, one.claim, one.new, asked, payable, paid, budget - left, _reason(one, standing, asked, payable, paid)))
    places += [Place(0, claim, False, _payable(claim)[0], ZERO, ZERO, budget - left, "条件不符，不列入排序：" + _bars(claim)) for claim in barred_ones]
    return tuple(places)


def _standing(claim: Claim, reference: Reference, scheme: Scheme, year: int) -> _Standing:
    applicant, product = claim.fields.get("applicant_name"), claim.fields.get("product_name")
    granted = awards_of(reference).to(applicant.text if applicant else "", claim.track, MUNICIPAL)
    forms = of_type(claim.papers, PaperType.APPLICATION_FORM)
    filed = next((form.fields["form_date"].text for form in forms if "form_date" in form.fields), _LAST)
    start = claim.fields.get("period_start")
    entry = claim.catalogue_match.entry_id if claim.catalogue_match else normalise(product.text) if product else claim.submission_id
    return _Standing(
        claim, not any(a.year < year and a.scheme == scheme.name for a in granted), filed, start.text if start else _LAST,
        (normalise(applicant.text) if applicant else claim.submission_id, entry))


def _in_time(standing: Iterable[_Standing]) -> list[_Standing]:
    """The same places, where one applicant's claims for one product have exchanged theirs so that the insurance which began first is paid first."""
    order = list(standing)
    groups: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(order):
        if one.claim.track in BY_TIME:
            groups.setdefault(one.group, []).append(at)
    out = list(order)
    for places in groups.values():
        for at, one in zip(places, sorted((order[p] for p in places), key=lambda s: (s.begins, s.filed, s.claim.submission_id)), strict=True):
            out[at] = one
    return out


def _payable(claim: Claim) -> tuple[Decimal | None, Decimal]:
    """What is asked for, and what the caps leave of it."""
    field = claim.fields.get("subsidy_requested")
    asked = field.decimal if field else None
    if asked is None:
        return None, ZERO
    left = [Decimal(str(flag.detail[_LEAVES[flag.code]])) for flag in claim.flags if flag.code in _LEAVES and _LEAVES[flag.code] in flag.detail]
    return asked, min([asked, *left])


def _reason(one: _Standing, order: Sequence[_Standing], asked: Decimal | None, payable: Decimal, paid: Decimal) -> str:
    said = ["新投保企业，优先" if one.new else "以前年度已获补贴，列新投保企业之后"]
    same = [other for other in order if other.group == one.group and other.claim.track in BY_TIME]
    if len(same) > 1:
        said.append(f"同一企业同一产品共 {len(same)} 件，按保险起期先后（{one.begins if one.begins != _LAST else '未读出'}）列第 {same.index(one) + 1}")
    said.append(f"按填报时间（{one.filed if one.filed != _LAST else '未读出'}）及申报编号排列")
    if asked is None:
        said.append("申请补贴金额未读出，待人工核定")
    elif payable < asked:
        said.append(f"受补贴上限限制，申请 {rmb(asked)}，可补贴 {rmb(payable)}")
    if paid < payable:
        said.append(f"预算余额仅够拨付 {rmb(paid)}" if paid else "预算已用完")
    if one.claim.triage is Triage.SUPPLEMENT:
        said.append("材料待补正")
    elif one.claim.triage is Triage.REVIEW:
        said.append("待人工核对")
    return "；".join(said)


def _bars(claim: Claim) -> str:
    return "；".join(flag.message for flag in claim.flags if flag.severity == "block")
