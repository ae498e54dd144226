"""Faults and near-misses that are planted in invented claims, each with the flags that are right for it.

In:    a `Case`, before it is settled (knobs: rate, payments, buyers, dates) or after (what a single paper says).
Out:   the case changed, its flags in the contract's shape, and reference rows in its world where the fault needs them.
A fault names what it touches; two that touch the same thing are never planted in one case, so that flags stay what they say.
Source: the rulebook's rows for ningbo-2020. Near-misses raise nothing: they stand just inside an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.samples import numbers
from pipeline.samples.case import _ACCESSORIES, Case, Values, better, worse
from pipeline.samples.catalogue import OUTSIDERS, Kind, entry_id
from pipeline.samples.values import cents, floor_cents, iso, money, plain, year_after, years_before
from pipeline.samples.world import Company

EQ, MA, SW = "equipment", "material", "software"
ALL = (EQ, MA, SW)
SEVERITY = {
    "missing_document": "supplement",
    "missing_seal": "supplement",
    "seal_mismatch": "review",
    "missing_field": "supplement",
    "outside_window": "review",
    "scheme_expired": "block",
    "field_mismatch": "review",
    "arithmetic_error": "review",
    "catalogue_no_match": "block",
    "catalogue_ambiguous": "review",
    "specification_below_threshold": "block",
    "coverage_below_value": "block",
    "sum_insured_above_cap": "block",
    "rate_above_cap": "block",
    "subsidy_above_limit": "block",
    "premium_underpaid": "supplement",
    "base_cover_missing": "block",
    "batch_limit_exceeded": "block",
    "outside_first_year": "block",
    "insurance_years_exceeded": "block",
    "coverage_gap": "review",
    "insurance_year_mismatch": "review",
    "annual_cap_exceeded": "review",
    "total_cap_exceeded": "review",
    "central_subsidy_overlap": "block",
    "repeat_user": "block",
    "restricted_applicant": "block",
    "accessory_included": "review",
    "duplicate_policy": "review",
    "duplicate_invoice": "review",
    "duplicate_page": "review",
    "summary_row_missing": "review",
    "summary_mismatch": "review",
    "claims_history": "info",
}
_FILED = ("四（二）1", "四（三）1", "四（四）1")
_FORM = ("附件1", "附件4", "附件6")
_CAPS = ("三（一）2", "三（二）1", "三（三）1")
CLAUSES: dict[str, tuple[str, str, str]] = {
    "missing_seal": _FILED,
    "seal_mismatch": _FILED,
    "outside_window": _FILED,
    "missing_field": _FORM,
    "arithmetic_error": _FORM,
    "insurance_year_mismatch": _FORM,
    "scheme_expired": ("六（一）",) * 3,
    "restricted_applicant": ("四（一）",) * 3,
    "field_mismatch": ("四（二）3",) * 3,
    "catalogue_no_match": ("一1", "一2", "一3"),
    "catalogue_ambiguous": ("一1", "一2", "一3"),
    "specification_below_threshold": ("一1", "一2", "一3"),
    "coverage_below_value": ("二（一）", "", ""),
    "base_cover_missing": ("", "二（二）2", ""),
    "sum_insured_above_cap": ("", "三（二）1", "三（三）1"),
    "rate_above_cap": _CAPS,
    "subsidy_above_limit": _CAPS,
    "premium_underpaid": ("四（二）1（5）", "四（三）1（6）", "四（四）1（4）"),
    "batch_limit_exceeded": ("三（一）1", "", ""),
    "outside_first_year": ("三（一）1", "", ""),
    "accessory_included": ("三（一）1", "", ""),
    "insurance_years_exceeded": ("三（一）2", "", ""),
    "coverage_gap": ("三（一）2", "", ""),
    "annual_cap_exceeded": ("三（一）3", "三（二）2", "三（三）2"),
    "total_cap_exceeded": ("", "三（二）2", "三（三）2"),
    "central_subsidy_overlap": ("三（一）3", "三（二）2", ""),
    "repeat_user": ("", "三（二）1", "三（三）2"),
    "related_party_buyer": ("三（一）", "三（一）", "三（三）2"),
    "trader_buyer": ("二（一）", "二（一）", "三（三）2"),
    "summary_row_missing": ("四（二）2", "四（三）3", "四（四）3"),
    "summary_mismatch": ("附件2", "附件5", "附件7"),
    "claims_history": ("附件3", "", ""),
}
_DOCUMENT_PARTS: dict[str, tuple[int, int, int]] = {
    "application_form": (1, 1, 1),
    "business_licence": (2, 2, 2),
    "sales_contract": (3, 3, 3),
    "sales_invoice": (3, 0, 0),
    "insurance_policy": (4, 4, 5),
    "premium_invoice": (5, 6, 4),
    "payment_voucher": (5, 6, 4),
    "test_report": (0, 5, 6),
    "ip_certificate": (0, 0, 6),
}


def flag(case: Case, code: str, detail: dict[str, Any], severity: str = "") -> None:
    """Add a flag with its clause; severity where it hangs on the track."""
    at = ALL.index(case.track)
    clause = f"{_FILED[at]}（{_DOCUMENT_PARTS[detail['document']][at]}）" if code == "missing_document" else CLAUSES.get(code, ("", "", ""))[at]
    case.flags.append({"code": code, "severity": severity or SEVERITY[code], "clause": clause, "detail": detail})


@dataclass(frozen=True)
class Plant:
    """One fault or near-miss. before: turns knobs of the draft; after: changes what settled papers say. `fits` refuses cases it makes no sense for."""

    name: str
    tracks: tuple[str, ...]
    touches: frozenset[str]
    before: Callable[[Case], object] | None = None
    after: Callable[[Case], None] | None = None
    fits: Callable[[Case], bool] = lambda case: True


def _plant(
    name: str,
    tracks: tuple[str, ...],
    touches: str,
    before: Callable[[Case], object] | None = None,
    after: Callable[[Case], None] | None = None,
    fits: Callable[[Case], bool] = lambda case: True,
) -> Plant:
    return Plant(name, tracks, frozenset(touches.split()), before, after, fits)


# ---------------------------------------------------------------- papers, seals, blanks


def _drop(case: Case, kind: str) -> None:
    case.papers = [p for p in case.papers if p.type != kind]
    flag(case, "missing_document", {"document": kind})


def _missing_plain(case: Case) -> None:
    _drop(
        case,
        case.rng.choice(
            {EQ: ("business_licence", "sales_invoice"), MA: ("business_licence", "test_report"), SW: ("business_licence", "ip_certificate")}[case.track]
        ),
    )
    if case.flags[-1]["detail"]["document"] == "ip_certificate":
        case.papers = [p for p in case.papers if p.type != "test_report"]


def _missing_payment(case: Case) -> None:
    _drop(case, case.rng.choice(("premium_invoice", "payment_voucher")))


def _missing_core(case: Case) -> None:
    _drop(case, case.rng.choice(("sales_contract", "insurance_policy")))


def _seal_applicant(case: Case) -> None:
    case.one("application_form").seals = False
    flag(case, "missing_seal", {"party": "applicant"})


def _seal_insurer(case: Case) -> None:
    for paper in (*case.of("insurance_policy"), *case.of("premium_invoice")):
        paper.seals = False
    flag(case, "missing_seal", {"party": "insurer"})


def _seal_other(case: Case) -> None:
    other = case.world.applicant(case.track).name
    case.one("application_form").extra["seal_name"] = other
    flag(case, "seal_mismatch", {"expected": case.applicant.name, "found": other})


_BLANKS = {
    EQ: ("bank_account", "bank_name", "district", "certificate_number"),
    MA: ("legal_representative", "main_business", "address", "buyer_address", "buyer_phone"),
    SW: ("legal_representative", "main_business", "address", "product_type", "buyer_address"),
}


def _blank_field(case: Case) -> None:
    name = case.rng.choice(_BLANKS[case.track])
    del case.one("application_form").says[name]
    flag(case, "missing_field", {"field": name})


# ---------------------------------------------------------------- papers that differ


def _differs(case: Case, field: str, paper: Values, name: str, value: Any, shown: Callable[[Any], str] = str) -> None:
    """Let one paper say something else; truth names what both say."""
    other = (
        "application_form"
        if paper.type != "application_form"
        else {
            "policy_number": "insurance_policy",
            "insurer_name": "insurance_policy",
            "premium": "insurance_policy",
            "premium_rate": "insurance_policy",
            "period": "insurance_policy",
        }.get(field, "sales_contract")
    )
    old = paper.says[name]
    paper.says[name] = value
    flag(case, "field_mismatch", {"field": field, "values": {other: shown(old), paper.type: shown(value)}})


def _mm_policy_number(case: Case) -> None:
    number = case.policy_number
    at = max(i for i in range(1, len(number)) if number[i - 1] != number[i] and number[i - 1].isdigit() and number[i].isdigit())
    _differs(case, "policy_number", case.one("application_form"), "policy_number", number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :])


def _mm_applicant(case: Case) -> None:
    name = case.applicant.name
    other = (
        name.replace("有限责任公司", "有限公司")
        if "有限责任公司" in name
        else name.replace("股份有限公司", "有限公司")
        if "股份" in name
        else name.replace("有限公司", "有限责任公司")
    )
    _differs(case, "applicant_name", case.one("business_licence"), "company_name", other)


def _mm_insurer(case: Case) -> None:
    other = case.rng.choice([i for i in case.world.insurers if i.name != case.insurer.name])
    _differs(case, "insurer_name", case.one("application_form"), "insurer_name", other.name)


def _mm_buyer(case: Case) -> None:
    other = case.world.buyer(case.track).name
    form = case.one("application_form")
    if case.track == EQ:
        old = form.says["users"][0][0]
        form.says["users"] = [(other, q) for _, q in form.says["users"]]
        flag(case, "field_mismatch", {"field": "buyer_name", "values": {"application_form": other, "sales_contract": old}})
    else:
        _differs(case, "buyer_name", form, "buyer_name", other)


def _mm_premium(case: Case) -> None:
    form = case.one("application_form")
    _differs(case, "premium", form, "premium", form.says["premium"] + Decimal(1000), money)


def _mm_rate(case: Case) -> None:
    form = case.one("application_form")
    _differs(case, "premium_rate", form, "premium_rate", form.says["premium_rate"] - Decimal("0.15"), plain)


def _mm_period(case: Case) -> None:
    form = case.one("application_form")
    old = form.says["period_start"], form.says["period_end"]
    start = (case.start.replace(day=1) + timedelta(days=34)).replace(day=min(case.start.day, 28))
    form.says |= {"period_start": start, "period_end": year_after(start)}
    flag(case, "field_mismatch", {"field": "period", "values": {"insurance_policy": f"{old[0]}/{old[1]}", "application_form": f"{start}/{year_after(start)}"}})


def _mm_contract_amount(case: Case) -> None:
    form = case.one("application_form")
    _differs(case, "contract_amount", form, "contract_amount", form.says["contract_amount"] + Decimal(60000), money)


def _mm_product(case: Case) -> None:
    other = case.rng.choice([k for k in case.world.stock.kinds[case.track] if k.category != case.kind.category])
    old = case.product
    for paper in case.of("sales_contract"):
        paper.says["product_name"] = other.name
    flag(case, "field_mismatch", {"field": "product_name", "values": {"application_form": old, "sales_contract": other.name}})


def _mm_quantity(case: Case) -> None:
    form = case.one("application_form")
    quantity = form.says["insured_quantity"]
    fewer = quantity - max(1, quantity // 5)
    _differs(case, "quantity", form, "insured_quantity", fewer)
    if case.track == EQ:
        form.says["total_quantity"] = fewer
        form.says["users"] = [(form.says["users"][0][0], fewer)]


def _mm_paid(case: Case) -> None:
    form = case.one("application_form")
    paid = cents(form.says["premium_paid"] * Decimal("0.6"))
    form.says["subsidy_requested"] = floor_cents(paid * case.subsidy_rate / 100)
    old = form.says["premium_paid"]
    form.says["premium_paid"] = paid
    flag(
        case,
        "field_mismatch",
        {"field": "premium_paid", "values": {"application_form": money(paid), "premium_invoice": money(old), "payment_voucher": money(old)}},
    )


# ---------------------------------------------------------------- sums that don't work out


def _wrong(case: Case, relation: str, document: str) -> None:
    flag(case, "arithmetic_error", {"relation": relation, "document": document})


def _ar_premium(case: Case) -> None:
    """The premium is not sum × rate, on every paper alike."""
    form, policy = case.one("application_form"), case.one("insurance_policy")
    premium = policy.says["premium"] + cents(policy.says["premium"] * Decimal("0.06")).quantize(Decimal(1))
    policy.says["premium"] = policy.extra["words"] = premium
    form.says["premium"] = premium
    form.says["subsidy_requested"] = floor_cents(premium * case.subsidy_rate / 100)
    if case.track == EQ:
        form.says["premium_paid"] = premium
    for invoice in case.of("premium_invoice"):
        invoice.says["total_amount"] = invoice.extra["words"] = premium
        invoice.extra["net"] = cents(premium * 100 / 106)
    for voucher in case.of("payment_voucher"):
        voucher.says["amount"] = voucher.extra["words"] = premium
    _wrong(case, "premium", "insurance_policy")


def _ar_subsidy(case: Case) -> None:
    form = case.one("application_form")
    form.says["subsidy_requested"] = floor_cents(form.says["premium_paid"] * Decimal("0.77"))
    _wrong(case, "subsidy_requested", "application_form")


def _ar_total_quantity(case: Case) -> None:
    form = case.one("application_form")
    form.says["total_quantity"] += 1
    _wrong(case, "total_quantity", "application_form")


def _ar_contract(case: Case) -> None:
    contract = case.one("sales_contract")
    amount = contract.says["contract_amount"] + max(Decimal(1000), (contract.says["contract_amount"] / 50).quantize(Decimal(100)))
    contract.says["contract_amount"] = contract.extra["words"] = amount
    if case.track != EQ:
        case.one("application_form").says["contract_amount"] = amount
    for invoice in case.of("sales_invoice")[:1]:
        net = cents(amount * 100 / (100 + invoice.extra["tax_rate"]))
        invoice.says |= {"total_amount": amount, "amount_excluding_tax": net, "tax_amount": amount - net}
        invoice.extra["words"] = amount
    _wrong(case, "contract_amount", "sales_contract")


def _ar_invoice(case: Case) -> None:
    invoice = case.one("sales_invoice")
    invoice.says["tax_amount"] += Decimal("100.00")
    _wrong(case, "invoice_total", "sales_invoice")


def _ar_words(case: Case) -> None:
    paper = case.one(case.rng.choice(("sales_contract", "insurance_policy")))
    paper.extra["words"] += max(Decimal(10), 10 ** Decimal(len(str(int(paper.extra["words"]))) - 2))
    _wrong(case, "amount_in_words", paper.type)


# ---------------------------------------------------------------- conditions of the scheme


def _rate_above(case: Case) -> None:
    case.rate = Decimal(case.rng.choice(("3.01", "3.05", "3.1", "3.2", "3.5")))
    flag(case, "rate_above_cap", {"found": plain(case.rate)})


def _subsidy_above(case: Case) -> None:
    form = case.one("application_form")
    paid = sum((p.says["total_amount"] for p in case.of("premium_invoice")), Decimal(0))
    found = floor_cents(paid * Decimal(case.rng.choice(("0.9", "1", "0.85"))))
    form.says["subsidy_requested"] = found
    if case.track == EQ:
        form.says["subsidy_rate"] = (found * 100 / paid).quantize(Decimal(1))
    flag(case, "subsidy_above_limit", {"limit": money(floor_cents(paid * Decimal("0.8"))), "found": money(found)})


def _underpaid(case: Case) -> None:
    case.shares = [Decimal(case.rng.choice(("0.1", "0.15", "0.19")))]


def _underpaid_after(case: Case) -> None:
    paid = sum((p.says["total_amount"] for p in case.of("premium_invoice")), Decimal(0))
    flag(case, "premium_underpaid", {"required": money(case.one("insurance_policy").says["premium"] * Decimal("0.2")), "found": money(paid)})


def _coverage(case: Case) -> None:
    case.multiple = Decimal("1.5" if case.kind.component else "0.8")


def _coverage_after(case: Case) -> None:
    required = case.value * (2 if case.kind.component else 1)
    flag(case, "coverage_below_value", {"required": money(required), "found": money(case.sum_insured or Decimal(0))})


def _cap_times(case: Case) -> None:
    case.multiple = Decimal("5.5" if case.track == MA else "3.5")


def _cap_times_after(case: Case) -> None:
    cap = min(case.contract_amount * 5, Decimal(125_000_000)) if case.track == MA else case.contract_amount * 3
    flag(case, "sum_insured_above_cap", {"cap": money(cap), "found": money(case.sum_insured or Decimal(0))})


def _big(case: Case) -> None:
    """A contract large enough for the absolute cap to be what counts."""
    case.quantities = [int(Decimal(26_500_000) / case.unit_price) + 1]
    case.rate = Decimal("1.2")


def _at_cap(case: Case) -> None:
    _big(case)
    case.sum_insured = Decimal(125_000_000)


def _cap_absolute(case: Case) -> None:
    _big(case)
    case.sum_insured = Decimal(126_000_000)


def _related(case: Case, path: list[str], percent: str | None) -> None:
    flag(case, "related_party_buyer", {"path": path, "percent": percent}, "block" if case.track == SW else "review")


def _rel_direct(case: Case) -> None:
    percent = case.rng.choice(("25", "30", "35", "49"))
    if case.rng.random() < 0.5:
        _holds(case, case.applicant.name, case.buyer.name, percent)
        _related(case, [case.applicant.name, case.buyer.name], percent)
    else:
        _holds(case, case.buyer.name, case.applicant.name, percent)
        _related(case, [case.buyer.name, case.applicant.name], percent)


def _holds(case: Case, holder: str, company: str, percent: str) -> None:
    """Enter a holding; the company's own holders give up what it takes, so that no company has more than 100 percent."""
    own = case.world.holdings.get(company, [])
    rest, total = 100 - float(percent), sum(float(p) for _, p in own) or 1.0
    case.world.holdings[company] = [(h, f"{float(p) * rest / total:.2f}".rstrip("0").rstrip(".")) for h, p in own] + [(holder, percent)]


def _chain(case: Case, first: str, second: str) -> str:
    middle = case.world.holder()
    _holds(case, case.applicant.name, middle.name, first)
    _holds(case, middle.name, case.buyer.name, second)
    return middle.name


def _rel_chain(case: Case) -> None:
    middle = _chain(case, "60", "50")
    _related(case, [case.applicant.name, middle, case.buyer.name], "30")


def _rel_common(case: Case) -> None:
    holder = case.world.holder()
    _holds(case, holder.name, case.applicant.name, "40")
    _holds(case, holder.name, case.buyer.name, "35")
    _related(case, [case.applicant.name, holder.name, case.buyer.name], "35")


def _rel_officer(case: Case) -> None:
    person = case.world.person()
    for company, role in ((case.applicant, "董事"), (case.buyer, "监事")):
        case.world.officers.setdefault(company.name, []).append((person, role))
    _related(case, [case.applicant.name, person, case.buyer.name], None)


def _swap_buyer(case: Case, buyer: Company) -> None:
    """Put another user in the first one's place; the register forgets the first."""
    case.world.forget(case.buyer)
    case.buyers = [buyer, *case.buyers[1:]]


def _change_buyer(case: Case, **changes: Any) -> None:
    new = replace(case.buyer, **changes)
    case.world.replace(case.buyer, new)
    case.buyers = [new, *case.buyers[1:]]


def _rel_legal(case: Case) -> None:
    _change_buyer(case, legal=case.applicant.legal)
    _related(case, [case.applicant.name, case.applicant.legal, case.buyer.name], None)


def _rel_phone(case: Case) -> None:
    _change_buyer(case, phone=case.applicant.phone, mobile=case.applicant.phone)
    _related(case, [case.applicant.name, case.applicant.phone, case.buyer.name], None)


def _rel_address(case: Case) -> None:
    _change_buyer(case, address=case.applicant.address)
    _related(case, [case.applicant.name, case.applicant.address, case.buyer.name], None)


def _trader(case: Case, by_code: bool) -> None:
    _swap_buyer(case, case.world.trader(by_code))
    flag(
        case, "trader_buyer", {"buyer": case.buyer.name, "reason": "industry_code" if by_code else "business_scope"}, "block" if case.track == SW else "review"
    )


def _no_match(case: Case) -> None:
    name, model, unit, price = case.rng.choice(OUTSIDERS[case.track])
    case.product, case.model, case.unit, case.matched, case.figures = (
        name,
        model.replace("#", case.rng.choice(("120", "260", "350")) if case.track != SW else "2.1"),
        unit,
        False,
        [],
    )
    case.unit_price = Decimal(price)
    case.quantities = [case.rng.randint(2, 6) * (1 if case.track == EQ else 60)] if case.track != SW else [1]
    case.kind = next(k for k in case.world.stock.kinds[case.track] if not k.component and k.category != "机器人")
    case.multiple = Decimal("1.5")
    flag(case, "catalogue_no_match", {})


def _families(entries: Sequence[Kind]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for kind in entries:
        if kind.family:
            groups.setdefault(kind.family, []).append(kind)
    return groups


def _ambiguous(case: Case) -> None:
    family, kinds = case.rng.choice(sorted(_families(case.world.stock.kinds[case.track]).items()))
    case.kind = kinds[0]
    case.product, case.unit = family, kinds[0].unit
    case.candidates = [entry_id(k) for k in kinds]
    case.figures = [(f, better(f, case.rng)) for k in kinds for f in k.figures] if case.track == MA else []
    case.unit_price = Decimal(sum(kinds[0].price) // 2)
    case.quantities = [case.rng.randint(*kinds[0].quantity)]
    case.model = f"{case.rng.choice('ABCDG')}T-{case.rng.randint(100, 990)}" if case.track != SW else "V3.2"
    best: dict[str, tuple[Any, str]] = {}
    for figure, value in case.figures:  # one line a parameter: the value that meets every candidate's threshold
        known = best.get(figure.name)
        ahead = known is None or (Decimal(value) > Decimal(known[1])) == (figure.sign == "≥")
        if ahead:
            best[figure.name] = (figure, value)
    case.figures = list(best.values())
    flag(case, "catalogue_ambiguous", {"candidates": case.candidates})


def _below_spec(case: Case) -> None:
    at = case.rng.randrange(len(case.figures))
    figure = case.figures[at][0]
    found = worse(figure, case.rng)
    case.figures[at] = (figure, found)
    flag(case, "specification_below_threshold", {"parameter": figure.name, "required": figure.required, "found": found + figure.unit})


def _window(case: Case) -> None:
    case.form_day = case.rng.choice((date(case.year, 2, case.rng.randint(1, 20)), date(case.year - 1, 12, case.rng.randint(24, 31))))
    flag(case, "outside_window", {"form_date": iso(case.form_day)})


def _expired(case: Case) -> None:
    case.start = date(2019, 7, 3) + timedelta(days=case.rng.randrange(175))
    flag(case, "scheme_expired", {"period_start": iso(case.start)})


_REASONS = ("列入严重违法失信企业名单", "被列为失信被执行人", "发生较大及以上安全生产责任事故", "骗取财政资金被取消申报资格", "环保信用评价为黑色等级")


def _restricted(case: Case) -> None:
    until = case.rng.choice((date(case.year, 6, 30), date(case.year, 12, 31), date(case.year + 1, 6, 30)))
    reason = case.rng.choice(_REASONS)
    case.world.restricted.append((case.applicant.name, reason, iso(until)))
    flag(case, "restricted_applicant", {"reason": reason, "until": iso(until)})


def _restricted_past(case: Case) -> None:
    case.world.restricted.append((case.applicant.name, case.rng.choice(_REASONS), iso(case.form_day - timedelta(days=case.rng.randint(1, 120)))))


def _no_base_cover(case: Case) -> None:
    case.covers = ("环境污染责任保险", "安全生产责任保险")
    case.other_insurance = case.rng.choice(("环境污染责任保险", "环境污染及安全生产责任保险"))
    flag(case, "base_cover_missing", {})


def _accessory(case: Case) -> None:
    name, count = case.rng.choice(_ACCESSORIES)
    case.accessories = ((name, count, Decimal(case.rng.randint(20, 80) * 100)),)
    flag(case, "accessory_included", {"items": [name]})


# ---------------------------------------------------------------- what was granted before


def award(
    case: Case,
    *,
    start: date,
    contract: str = "",
    buyer: str = "",
    product: str = "",
    entry: str = "",
    level: str = "municipal",
    scheme: str = "ningbo-2020",
    year_no: int = 1,
    year: int = 0,
    paid: Decimal | None = None,
) -> str:
    """Enter an earlier award of the applicant and return its policy number."""
    rng = case.rng
    number = numbers.fill(rng, case.insurer.policy, start.year)
    case.world.awards.append(
        {
            "year": str(year or start.year + 1),
            "scheme": scheme,
            "track": case.track,
            "level": level,
            "applicant": case.applicant.name,
            "product_name": product or case.product,
            "catalogue_entry": entry or entry_id(case.kind),
            "buyer_name": buyer or case.buyer.name,
            "contract_number": contract or numbers.fill(rng, "HT{y}-0###", start.year - 1),
            "policy_number": number,
            "insurance_year": str(year_no),
            "period_start": iso(start),
            "period_end": iso(year_after(start)),
            "subsidy_paid": money(paid if paid is not None else Decimal(rng.randint(40, 190) * 1000)),
        }
    )
    return number


def _earlier_years(case: Case, years: int, gap: int = 0) -> None:
    """Awards of the same contract for the years before, each following on the other; `gap` days before this year's."""
    for back in range(years, 0, -1):
        award(case, start=years_before(case.start, back) - timedelta(days=gap), contract=case.contract_number, year_no=years - back + 1)


def _gap(case: Case) -> None:
    case.year_no = 2
    days = case.rng.randint(8, 40)
    _earlier_years(case, 1, days)
    flag(case, "coverage_gap", {"gap_days": days})


def _years(case: Case) -> None:
    case.year_no = 3
    case.signed_on = years_before(case.start, 3) - timedelta(days=30)
    _earlier_years(case, 3)
    flag(case, "insurance_year_mismatch", {"found": "3", "expected": "4"})
    flag(case, "insurance_years_exceeded", {"years": 4})


def _year_no(case: Case) -> None:
    award(case, start=years_before(case.start, 1), contract=case.contract_number, year_no=1)
    case.signed_on = years_before(case.start, 1) - timedelta(days=30)
    flag(case, "insurance_year_mismatch", {"found": "1", "expected": "2"})


def _batches(case: Case, before: int) -> None:
    for n in range(before):
        award(case, start=years_before(case.start, 1) + timedelta(days=20 * n - 60))


def _batch_limit(case: Case) -> None:
    _batches(case, 3)
    flag(case, "batch_limit_exceeded", {"batches": 4})


def _first_year(case: Case) -> None:
    case.signed_on = case.start - timedelta(days=20)
    first = years_before(case.signed_on, 1) - timedelta(days=case.rng.randint(15, 90))
    award(case, start=first)
    flag(case, "outside_first_year", {"first": iso(first), "this": iso(case.signed_on)})


def _first_year_ok(case: Case) -> None:
    case.signed_on = case.start - timedelta(days=20)
    award(case, start=years_before(case.signed_on, 1) + timedelta(days=case.rng.randint(5, 60)))


def _central(case: Case) -> None:
    number = award(case, start=years_before(case.start, 1), level="central", scheme="national-2015", buyer=case.world.buyer(case.track).name)
    flag(case, "central_subsidy_overlap", {"award": number})


def other_kind(case: Case) -> tuple[str, str]:
    kind = case.rng.choice([k for k in case.world.stock.kinds[case.track] if k.category != case.kind.category])
    return kind.name, entry_id(kind)


def _central_other_flagged(case: Case) -> None:
    """Equipment: the measure says 企业, so a central subsidy for another product is for a person to look at."""
    flag(case, "central_subsidy_overlap", {"award": _central_other(case)}, "review")


def _central_other(case: Case) -> str:
    name, entry = other_kind(case)
    return award(case, start=years_before(case.start, 1), level="central", scheme="national-2015", product=name, entry=entry, buyer=case.world.buyer(case.track).name)


def _repeat(case: Case) -> None:
    number = award(case, start=years_before(case.start, 1))
    flag(case, "repeat_user", {"award": number})


def _other_user(case: Case) -> None:
    award(case, start=years_before(case.start, 1), buyer=case.world.buyer(case.track).name)


def _other_product(case: Case) -> None:
    name, entry = other_kind(case)
    award(case, start=years_before(case.start, 1), product=name, entry=entry)


ANNUAL = {EQ: Decimal(3_000_000), MA: Decimal(3_000_000), SW: Decimal(1_000_000)}
_TOTAL = {MA: Decimal(6_000_000), SW: Decimal(1_800_000)}


def _annual_cap(case: Case) -> None:
    name, entry = other_kind(case)
    asked = case.one("application_form").says["subsidy_requested"]
    left = floor_cents(asked / 2).quantize(Decimal(1))
    award(case, start=case.start, year=case.year, product=name, entry=entry, buyer=case.world.buyer(case.track).name, paid=ANNUAL[case.track] - left)
    flag(case, "annual_cap_exceeded", {"cap": money(ANNUAL[case.track]), "sum": money(ANNUAL[case.track] - left + asked), "payable": money(left)})


def _total_cap(case: Case) -> None:
    asked = case.one("application_form").says["subsidy_requested"]
    left = floor_cents(asked / 3).quantize(Decimal(1))
    paid = _TOTAL[case.track] - left
    for back, part in ((2, paid / 2), (1, paid - paid / 2)):
        name, entry = other_kind(case)
        award(case, start=years_before(case.start, back), product=name, entry=entry, buyer=case.world.buyer(case.track).name, paid=part, year=case.year - back)
    flag(case, "total_cap_exceeded", {"cap": money(_TOTAL[case.track]), "sum": money(paid + asked), "payable": money(left)})


# ---------------------------------------------------------------- insurers' tables


def _row_missing(case: Case) -> None:
    case.summary = None
    flag(case, "summary_row_missing", {"insurer": case.insurer.name})


def _row_differs(case: Case) -> None:
    """The insurer's row has another amount than all papers."""
    policy, form = case.one("insurance_policy").says, case.one("application_form").says
    amounts = {"subsidy_requested": ("subsidy", form["subsidy_requested"]), "premium": ("premium", policy["premium"]), "sum_insured": ("sum", policy["sum_insured"])}
    field = case.rng.choice(("subsidy_requested", "premium") if case.track == SW else tuple(amounts))  # annex 7 has no column for the sum insured
    cell, amount = amounts[field]
    case.summary = {cell: amount + Decimal(10000)}
    flag(case, "summary_mismatch", {"field": field, "values": {"insurer_summary": money(amount + 10000), "claim": money(amount)}})


def _loss(case: Case) -> None:
    reported = case.start + timedelta(days=case.rng.randint(20, 60))
    total = Decimal(case.rng.randint(8, 40) * 10000)
    part = case.rng.random() < 0.5
    cause = case.rng.choice(("液压系统渗漏，用户要求返修", "主轴轴承早期失效致停机", "控制板烧毁，更换备件", "焊缝开裂造成用户停产"))
    case.loss = {
        "reported": reported,
        "cause": cause,
        "paid_on": None if part else reported + timedelta(days=75),
        "total": total,
        "paid": total / 2 if part else total,
        "note": "部分赔付" if part else "",
    }
    flag(case, "claims_history", {"paid": money(case.loss["paid"]), "reported_on": iso(reported), "cause": cause})


def _old_loss(case: Case) -> None:
    """The insurer's table of losses lists one on another policy of the applicant."""
    _loss(case)
    case.flags.pop()
    if case.loss:
        case.loss["policy"] = numbers.fill(case.rng, case.insurer.policy, case.start.year - 1)


# ---------------------------------------------------------------- near-misses


def _full(limits: dict[str, Decimal], back: int) -> Callable[[Case], None]:
    """What was granted, `back` years ago or in this one, and what is asked for come to the cap and not a cent more."""

    def fill(case: Case) -> None:
        name, entry = other_kind(case)
        asked = case.one("application_form").says["subsidy_requested"]
        award(case, start=years_before(case.start, back), year=case.year - back, product=name, entry=entry, buyer=case.world.buyer(case.track).name, paid=limits[case.track] - asked)

    return fill


def _set(**knobs: Any) -> Callable[[Case], None]:
    def turn(case: Case) -> None:
        for name, value in knobs.items():
            setattr(case, name, value)

    return turn


def _instalments(case: Case) -> None:
    case.shares = [Decimal("0.5"), Decimal("0.5")] if case.rng.random() < 0.6 else [Decimal("0.3"), Decimal("0.4")]


def _two_users(case: Case) -> None:
    case.buyers.append(case.world.buyer(case.track))
    first = max(1, case.quantities[0] // 2)
    case.quantities = [first, max(1, case.quantities[0] - first)]


def _two_contracts(case: Case) -> None:
    first = max(1, case.quantities[0] // 2)
    case.quantities = [first, max(1, case.quantities[0] - first)]


def _hold_low(case: Case) -> None:
    _holds(case, case.applicant.name, case.buyer.name, "24.9")


def _chain_low(case: Case) -> None:
    _chain(case, "55", "40")


def _common_low(case: Case) -> None:
    holder = case.world.holder()
    _holds(case, holder.name, case.applicant.name, "20")
    _holds(case, holder.name, case.buyer.name, "60")


def _same_surname(case: Case) -> None:
    _change_buyer(case, legal=case.world.namesake(case.applicant.legal))


def _head_office(case: Case) -> None:
    for paper in case.of("premium_invoice"):
        paper.says["seller_name"] = case.insurer.head
    for paper in case.of("payment_voucher"):
        paper.says["payee_name"] = case.insurer.head


def _no_contact(case: Case) -> None:
    case.one("application_form").says.pop("insurer_contact")


def _alias(case: Case) -> None:
    names = [n for n in (case.kind.name, *case.kind.aliases) if n != case.product]
    case.other_name = case.rng.choice(names)


def _rounded(case: Case) -> None:
    case.wan_decimals = 4


def _spec_equal(case: Case) -> None:
    figure = case.figures[0][0]
    case.figures[0] = (figure, figure.value)


def _year_two(case: Case) -> None:
    case.year_no = 2
    _earlier_years(case, 1)


def _year_three(case: Case) -> None:
    case.year_no = 3
    _earlier_years(case, 2)


def _whole(case: Case) -> bool:
    return case.matched and case.kind.category != "机器人"


_BUYER = "buyer relation"
FAULTS: tuple[Plant, ...] = (
    _plant("missing_document", ALL, "papers figures licence", after=_missing_plain),
    _plant("missing_seal_applicant", ALL, "form_seal", after=_seal_applicant),
    _plant("missing_seal_insurer", ALL, "insurer_seal", after=_seal_insurer),
    _plant("missing_field", ALL, "form_fields buyer", after=_blank_field),
    _plant("rate_above_cap", ALL, "rate sums", before=_rate_above),
    _plant("subsidy_above_limit", ALL, "subsidy payments", after=_subsidy_above),
    _plant("premium_underpaid", ALL, "payments subsidy", before=_underpaid, after=_underpaid_after),
    _plant("coverage_below_value", (EQ,), "sums contract", before=_coverage, after=_coverage_after, fits=_whole),
    _plant("sum_insured_above_cap", (MA, SW), "sums contract", before=_cap_times, after=_cap_times_after),
    _plant("sum_insured_above_absolute_cap", (MA,), "sums contract rate", before=_cap_absolute, after=_cap_times_after, fits=lambda c: c.unit_price < 400000),
    _plant("related_direct", ALL, _BUYER, before=_rel_direct),
    _plant("related_chain", ALL, _BUYER, before=_rel_chain),
    _plant("related_common_holder", ALL, _BUYER, before=_rel_common),
    _plant("related_officer", ALL, _BUYER, before=_rel_officer),
    _plant("trader_by_code", ALL, _BUYER, before=lambda c: _trader(c, True)),
    _plant("trader_by_scope", ALL, _BUYER, before=lambda c: _trader(c, False)),
    _plant("catalogue_no_match", ALL, "product figures contract sums awards", before=_no_match),
    _plant("outside_window", ALL, "dates", before=_window),
    _plant("restricted_applicant", ALL, "restricted dates", before=_restricted),
    _plant("mismatch_policy_number", (EQ,), "policy_number form_fields", after=_mm_policy_number),
    _plant("mismatch_applicant", ALL, "licence", after=_mm_applicant),
    _plant("mismatch_insurer", ALL, "insurer", after=_mm_insurer),
    _plant("mismatch_buyer", ALL, _BUYER + " form_fields contract", after=_mm_buyer),
    _plant("mismatch_premium", (EQ,), "premium payments sums", after=_mm_premium),
    _plant("mismatch_rate", (EQ,), "rate sums", after=_mm_rate),
    _plant("mismatch_period", ALL, "dates awards", after=_mm_period),
    _plant("mismatch_contract_amount", (MA, SW), "contract sums", after=_mm_contract_amount),
    _plant("mismatch_product", ALL, "product figures", after=_mm_product),
    _plant("mismatch_quantity", (EQ,), "contract form_fields", after=_mm_quantity, fits=lambda c: sum(c.quantities) > 1),
    _plant("mismatch_paid", (EQ,), "payments subsidy", after=_mm_paid),
    _plant("wrong_premium", ALL, "premium payments sums subsidy words", after=_ar_premium),
    _plant("wrong_subsidy", (EQ,), "subsidy payments", after=_ar_subsidy),
    _plant("wrong_total_quantity", (EQ,), "contract form_fields", after=_ar_total_quantity),
    _plant("wrong_contract_amount", ALL, "contract sums", after=_ar_contract),
    _plant("wrong_invoice_total", (EQ,), "sales_invoice papers", after=_ar_invoice),
    _plant("wrong_words", ALL, "words contract", after=_ar_words),
    _plant("missing_payment", ALL, "papers payments insurer_seal subsidy premium", after=_missing_payment),
    _plant(
        "missing_contract_or_policy",
        ALL,
        "papers contract product figures words sums rate premium insurer insurer_seal buyer relation policy_number dates base payments awards sales_invoice form_fields loss subsidy summary",
        after=_missing_core,
    ),
    _plant("related_legal_representative", ALL, _BUYER, before=_rel_legal),
    _plant("related_phone", ALL, _BUYER, before=_rel_phone),
    _plant("related_address", ALL, _BUYER, before=_rel_address),
    _plant("catalogue_ambiguous", ALL, "product figures contract sums awards", before=_ambiguous),
    _plant("below_specification", (EQ, MA), "figures product", before=_below_spec, fits=lambda c: bool(c.figures)),
    _plant("seal_mismatch", ALL, "form_seal", after=_seal_other),
    _plant("scheme_expired", ALL, "dates awards", before=_expired),
    _plant("base_cover_missing", (MA,), "base", before=_no_base_cover),
    _plant("accessory_included", (EQ,), "contract sums", before=_accessory),
    _plant("insurance_year_mismatch", (EQ,), "awards dates buyer", before=_year_no),
    _plant("insurance_years_exceeded", (EQ,), "awards dates buyer", before=_years),
    _plant("coverage_gap", (EQ,), "awards dates buyer", before=_gap),
    _plant("batch_limit_exceeded", (EQ,), "awards dates buyer", before=_batch_limit, fits=lambda c: not c.kind.component and c.kind.category != "机器人"),
    _plant("outside_first_year", (EQ,), "awards dates buyer", before=_first_year, fits=lambda c: c.kind.component),
    _plant("central_subsidy", (EQ, MA), "awards", before=_central),
    _plant("central_for_another_product", (EQ,), "awards", before=_central_other_flagged),
    _plant("repeat_user", (MA, SW), "awards buyer", before=_repeat),
    _plant("annual_cap", ALL, "awards subsidy payments", after=_annual_cap),
    _plant("total_cap", (MA, SW), "awards subsidy payments", after=_total_cap),
    _plant("summary_row_missing", ALL, "summary", after=_row_missing),
    _plant("summary_mismatch", ALL, "summary subsidy payments", after=_row_differs),
    _plant("claims_history", (EQ,), "loss dates policy_number", after=_loss),
)
NEAR_MISSES: tuple[Plant, ...] = (
    _plant("rate_3", ALL, "rate sums", before=_set(rate=Decimal(3))),
    _plant("paid_20", ALL, "payments subsidy", before=_set(shares=[Decimal("0.2")])),
    _plant("instalments", ALL, "payments subsidy", before=_instalments),
    _plant(
        "cover_exact",
        (EQ,),
        "sums contract",
        before=lambda c: setattr(c, "multiple", Decimal(2 if c.kind.ticked == "component" else 1)),
        fits=lambda c: c.matched,
    ),
    _plant("cap_exact", (MA, SW), "sums contract", before=lambda c: setattr(c, "multiple", Decimal(5 if c.track == MA else 3))),
    _plant("cap_125m_exact", (MA,), "sums contract rate", before=_at_cap, fits=lambda c: c.unit_price < 400000),
    _plant("hold_24.9", ALL, _BUYER, before=_hold_low),
    _plant("chain_22", ALL, _BUYER, before=_chain_low),
    _plant("common_20", ALL, _BUYER, before=_common_low),
    _plant("same_surname", ALL, _BUYER, before=_same_surname),
    _plant("trade_in_name_only", ALL, _BUYER, before=lambda c: _swap_buyer(c, c.world.false_trader())),
    _plant("trade_school", ALL, _BUYER, before=lambda c: _swap_buyer(c, c.world.school())),
    _plant("restricted_past", ALL, "restricted dates", before=_restricted_past),
    _plant("january_1", ALL, "dates", before=lambda c: setattr(c, "form_day", date(c.year, 1, 1))),
    _plant("january_31", ALL, "dates", before=lambda c: setattr(c, "form_day", date(c.year, 1, 31))),
    _plant("head_office", ALL, "insurer", after=_head_office),
    _plant("no_insurer_contact", ALL, "form_fields", after=_no_contact),
    _plant("two_users", (EQ,), _BUYER + " contract awards", before=_two_users, fits=lambda c: c.matched),
    _plant("two_contracts", (EQ, MA), "contract", before=_two_contracts, fits=lambda c: sum(c.quantities) > 1),
    _plant("other_wording", ALL, "product", before=_alias, fits=lambda c: c.matched),
    _plant("rounded", (EQ,), "rate premium subsidy", before=_rounded),
    _plant("specification_equal", (EQ, MA), "figures", before=_spec_equal, fits=lambda c: bool(c.figures)),
    _plant("second_year", (EQ,), "awards dates buyer", before=_year_two),
    _plant("third_year", (EQ,), "awards dates buyer", before=_year_three),
    _plant("first_year_ok", (EQ,), "awards dates buyer", before=_first_year_ok, fits=lambda c: c.kind.component),
    _plant("third_batch", (EQ,), "awards dates buyer", before=lambda c: _batches(c, 2), fits=lambda c: not c.kind.component and c.kind.category != "机器人"),
    _plant("other_user_before", (MA, SW), "awards", before=_other_user),
    _plant("other_product_before", (MA, SW), "awards", before=_other_product),
    _plant("central_other_product", (MA,), "awards", before=_central_other),
    _plant("more_cover", (MA,), "base", before=_set(covers=("质量安全责任保险", "环境污染责任保险"))),
    _plant("annual_cap_exact", ALL, "awards subsidy payments", after=_full(ANNUAL, 0)),
    _plant("total_cap_exact", (MA, SW), "awards subsidy payments", after=_full(_TOTAL, 1)),
    _plant("loss_of_another_policy", (EQ,), "loss dates policy_number", after=_old_loss),
    _plant("report_only", (SW,), "papers figures", before=_set(with_ip=False, with_report=True)),
)
__all__ = ["ALL", "ANNUAL", "FAULTS", "NEAR_MISSES", "SEVERITY", "Plant", "award", "flag", "other_kind"]
