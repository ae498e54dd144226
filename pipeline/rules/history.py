"""What was granted before: batches, first year, insured years, gaps, subsidies of the centre, users served already.

Source: ningbo-2020, 三（一）1 to 3, 三（二）1 and 2, 三（三）2; what counts as the same is told in each rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from matchers.catalogue import Catalogue, agree_on_product, catalogue_of
from matchers.names import same_company
from models.claim import Claim
from models.dates import as_date
from models.field import Field, Region
from models.flag import Flag, Severity
from models.numbers import plain
from models.paper import Paper, PaperType, Track
from models.reference import Award
from pipeline.evidence import as_number, voices
from pipeline.rules.awards import CENTRAL, MUNICIPAL, awards_of
from pipeline.rules.case import Case, NotRead, believable, sources
from pipeline.rules.conditions import entry_with, is_component
from pipeline.rules.words import rmb


def before_this(case: Case, awards: Iterable[Award]) -> list[Award]:
    """Awards before the claim's own: one of the batch's year for the claim's own policy is what this claim was granted."""
    policy = case.claim.fields.get("policy_number")
    own = as_number(policy.text) if policy else ""
    return [a for a in awards if not (own and a.year == case.year and as_number(a.policy_number) == own)]


def _own(case: Case, level: str = MUNICIPAL, track: Track | None = None) -> list[Award]:
    """Awards of the applicant in the claim's track, or the one named."""
    return before_this(case, awards_of(case.reference).to(case.value("applicant_name").text, track or case.track, level))


def _same_product(case: Case, award: Award) -> bool:
    """The same catalogue entry, or, where either isn't known or is one of another edition, a name of the same product."""
    match = case.claim.catalogue_match
    if match and award.catalogue_entry:
        if match.entry_id == award.catalogue_entry:
            return True
        if entry_with(case, award.catalogue_entry):
            return False
    name = case.claim.fields.get("product_name")
    catalogue = catalogue_of(case.reference, case.claim.scheme, case.track.value) if case.track and case.reference.catalogue else None
    return bool(name and award.product_name and agree_on_product(name.text, award.product_name, catalogue))


def _buyers(case: Case) -> list[str]:
    """The users' names. Raises NotRead where none was read, though awards of the applicant may be theirs."""
    names = [buyer.name.text for buyer in case.claim.buyers if buyer.name]
    if not names and _own(case):
        raise NotRead("buyer_name")
    return names


def _contracts(case: Case) -> dict[str, Region | None]:
    """Numbers of the claim's contracts, as compared, and where they stand."""
    return _numbers(case.papers(PaperType.SALES_CONTRACT))


def _numbers(contracts: Iterable[Paper]) -> dict[str, Region | None]:
    return {as_number(v.field.text): v.field.source for v in voices(contracts, "contract_number")}


def _contracts_with(case: Case, buyer: str) -> list[Paper]:
    """The claim's contracts that name a user; where none does, those that name nobody, or the only one."""
    every = case.papers(PaperType.SALES_CONTRACT)
    named = [c for c in every if "buyer_name" in c.fields and same_company(c.fields["buyer_name"].text, buyer)]
    return named or [c for c in every if "buyer_name" not in c.fields or len(every) == 1]


def _of_contract(case: Case) -> list[Award]:
    numbers = _contracts(case)
    return [a for a in _own(case) if a.contract_number and as_number(a.contract_number) in numbers]


def batch_limit_exceeded(case: Case) -> Iterator[Flag]:
    """Complete sets: flag the user's fourth or later contract for the product; each contract is one batch."""
    if is_component(case) or case.limit.at_most is None:
        return
    for buyer in _buyers(case):
        before = {as_number(a.contract_number) for a in _own(case) if a.contract_number and same_company(a.buyer_name, buyer) and _same_product(case, a)}
        if not before:
            continue
        mine = _numbers(_contracts_with(case, buyer))
        if not mine:
            raise NotRead("sales_contract.contract_number")
        batches = len(before | set(mine))
        if batches > case.limit.at_most and not set(mine) <= before:
            yield case.flag(f"用户“{buyer}”购买该产品的合同至本件已达第 {batches} 批次，超出前 {plain(case.limit.at_most)} 批次的补贴范围", mine.values(), batches=batches, buyer=buyer)
            return


def outside_first_year(case: Case) -> Iterator[Flag]:
    """Core components: flag a contract signed later than 12 months after the product's first insurance with the same user."""
    if not is_component(case) or case.limit.at_most is None:
        return
    for buyer in _buyers(case):
        first = min((a.period_start for a in _own(case) if a.period_start and same_company(a.buyer_name, buyer) and _same_product(case, a)), default=None)
        if first is None:
            continue
        signed = voices(_contracts_with(case, buyer), "signed_on")
        if not signed:
            raise NotRead("sales_contract.signed_on")
        months = int(case.limit.at_most)
        end = months_later(first, months)
        for voice in signed:
            day = as_date(voice.field.text)
            if day is None or not believable(voice.field):
                raise NotRead("sales_contract.signed_on", voice.field.source)
            if day > end:
                yield case.flag(
                    f"用户“{buyer}”首次投保起于 {first}，首年度至 {end} 止，本件合同于 {voice.field.text} 签订，不在首年度内", [voice.field.source], first=first.isoformat(), this=voice.field.text, buyer=buyer)
                return


def months_later(day: date, months: int) -> date:
    """The same day some months later; where that month is shorter, its last."""
    years, month = divmod(day.month - 1 + months, 12)
    return next(found for d in (day.day, 30, 29, 28) if d <= day.day and (found := as_date(f"{day.year + years:04d}-{month + 1:02d}-{d:02d}")))


def _year_held(case: Case) -> int:
    """The highest insured year among the contract's awards, or their number where years aren't given."""
    awards = _of_contract(case)
    return max([len(awards), *(a.insurance_year for a in awards if a.insurance_year)])


def insurance_years_exceeded(case: Case) -> Iterator[Flag]:
    """Flag a contract's fourth or later subsidised year."""
    years = _year_held(case) + 1
    if case.limit.at_most is not None and years > case.limit.at_most:
        yield case.flag(f"历年补贴记录中合同{'、'.join(_contracts(case))}已至第 {years - 1} 年，本件为第 {years} 年，超过 {plain(case.limit.at_most)} 年", _contracts(case).values(), years=years)


def insurance_year_mismatch(case: Case) -> Iterator[Flag]:
    """Flag a form whose 第N年 isn't one more than the awards of the same contract show."""
    stated = case.value("insurance_year")
    if not _contracts(case):
        raise NotRead("sales_contract.contract_number")
    expected = _year_held(case) + 1
    if stated.text != str(expected):
        before = f"历年补贴记录中该合同已至第 {expected - 1} 年" if expected > 1 else "历年补贴记录中没有该合同"
        yield case.flag(f"申请表填写保险年次为第 {stated.text} 年，{before}，应为第 {expected} 年", sources(stated), found=stated.text, expected=str(expected))


def coverage_gap(case: Case) -> Iterator[Flag]:
    """Flag a period that doesn't follow on the last subsidised one of the same contract without a gap."""
    ends = [a.period_end for a in _of_contract(case) if a.period_end]
    if not ends:
        return
    start = case.value("period_start")
    day = as_date(start.text)  # a month alone: its first day, which leaves the smallest gap
    if day is None:
        raise NotRead("period_start", start.source)
    gap = (day - max(ends)).days - 1
    if gap > 0:
        yield case.flag(f"上一保险期间止于 {max(ends)}，本期自 {start.text} 起，中断 {gap} 天", sources(start), gap_days=gap)


def central_subsidy_overlap(case: Case) -> Iterator[Flag]:
    """Flag a central subsidy for the same product; for equipment also one for another product of the applicant, for review (the measure says 企业)."""
    awards = [*_own(case, CENTRAL), *(_own(case, CENTRAL, Track.FUND) if case.track is Track.EQUIPMENT else ())]  # the national notice's track of equipment
    same = [a for a in awards if _same_product(case, a)]
    if same:
        yield case.flag(f"该产品已获得中央财政保险补贴（{_told(same[0])}）", _name(case), award=_award(same[0]))
    elif awards and case.track is Track.EQUIPMENT:
        yield case.flag(
            f"投保企业其他产品已获得中央财政保险补贴（{_told(awards[0])}），请核实", _name(case), severity=Severity.REVIEW, award=_award(awards[0]))


def repeat_user(case: Case) -> Iterator[Flag]:
    """Flag a material or software whose user was subsidised with it before."""
    for award in _own(case):
        buyer = next((b for b in _buyers(case) if same_company(b, award.buyer_name)), None)
        if buyer and _same_product(case, award):
            yield case.flag(f"同一产品、同一用户“{buyer}”以前已获得补贴（{_told(award)}）", _name(case), award=_award(award), buyer=buyer)
            return


def repeat_in_batch(case: Case) -> Iterator[Flag]:
    """Flag a material or software that another claim of the batch brings for the same user."""
    for other in case.beside.of_applicant(case.claim):
        theirs = [b.name.text for b in other.buyers if b.name and believable(b.name)]
        buyer = next((b for b in _buyers(case) if any(same_company(b, name) for name in theirs)), None)
        if other.submission_id != case.claim.submission_id and buyer and same_product(case, other):
            yield case.flag(f"同一产品、同一用户“{buyer}”在同批申报 {other.submission_id} 中重复申请", _name(case), submissions=sorted((case.claim.submission_id, other.submission_id)), buyer=buyer)
            return


def same_product(case: Case, other: Claim) -> bool:
    """Whether another claim's product is this one's: the same catalogue entry, or a name of the same product."""
    mine, theirs = case.claim.catalogue_match, other.catalogue_match
    if mine and theirs:
        return mine.entry_id == theirs.entry_id
    name, another = case.claim.fields.get("product_name"), other.fields.get("product_name")
    catalogue = catalogue_of(case.reference, case.claim.scheme, case.track.value) if case.track and case.reference.catalogue else None
    return bool(name and another and agree_on_product(name.text, another.text, catalogue))


def accessory_included(case: Case) -> Iterator[Flag]:
    """Flag other goods listed beside the insured product in contract or invoice, so that its amount isn't the product's alone."""
    items: dict[str, tuple[Region | None, str]] = {}
    doubtful: list[Field] = []
    models = tuple(p.fields["product_model"].text for p in case.claim.papers if "product_model" in p.fields)
    catalogue = catalogue_of(case.reference, case.claim.scheme, case.track.value) if case.track and case.reference.catalogue else None
    names = [v.field.text for kind in (PaperType.APPLICATION_FORM, PaperType.SALES_CONTRACT, PaperType.SALES_INVOICE) for v in voices(case.papers(kind), "product_name")]
    for paper in case.papers(PaperType.SALES_CONTRACT, PaperType.SALES_INVOICE):
        for row in paper.rows if len(paper.rows) > 1 else ():
            item = row.get("product_name")
            if item is None or any(agree_on_product(item.text, name, catalogue, models) for name in names):
                continue
            amount = row.get("amount")
            if (amount is None or not amount.decimal) and _whole(paper, catalogue, names, models):
                continue  # 安装调试 已含: it comes with the product, at no price of its own
            if believable(item):
                items.setdefault(item.text, (item.source, rmb(amount.decimal) if amount and amount.decimal is not None else ""))
            else:
                doubtful.append(item)
    if items:
        listed = "、".join(f"{item}（{amount}）" if amount else item for item, (_, amount) in items.items())
        yield case.flag(f"合同或发票中除投保产品外还列有{listed}，所列金额不全是投保产品的，请核减", [source for source, _ in items.values()], items=list(items))
    elif doubtful:
        raise NotRead("product_name", doubtful[0].source)


def _whole(paper: Paper, catalogue: Catalogue | None, names: Sequence[str], models: tuple[str, ...]) -> bool:
    """Whether the rows of the product itself come to all that the paper is about."""
    total = next((f.decimal for n in ("contract_amount", "amount_excluding_tax") if (f := paper.fields.get(n))), None)
    own = [row["amount"].decimal for row in paper.rows if (item := row.get("product_name")) and "amount" in row and any(agree_on_product(item.text, name, catalogue, models) for name in names)]
    if not any(own):  # a list without prices, beside which the price of one is told
        price, quantity = (paper.fields[n].decimal if n in paper.fields else None for n in ("unit_price", "quantity"))
        own = [price * quantity] if price is not None and quantity is not None else []
    return total is not None and bool(own) and sum((amount for amount in own if amount is not None), Decimal(0)) == total


def _name(case: Case) -> Sequence[Region | None]:
    return sources(case.claim.fields.get("product_name"))


def _told(award: Award) -> str:
    """An award as messages tell it: year, product, policy, amount."""
    policy = f"保单号 {award.policy_number}" if award.policy_number else ""
    amount = f"补贴 {rmb(award.subsidy_paid)}" if award.subsidy_paid is not None else ""
    return "，".join(filter(None, (f"{award.year}年", award.product_name, policy, amount)))


def _award(award: Award) -> str:
    return award.policy_number or award.contract_number
