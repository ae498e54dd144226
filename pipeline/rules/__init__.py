"""The rules: one registry, one engine.

In:    a claim with its catalogue match, the reference tables, the scheme, the batch's year.
Out:   flags, in the rulebook's order; `not_checked` (待核) for each rule whose values weren't read with confidence,
       one `reference_unavailable` (提示) naming the tables that weren't given.
Fails: never; no rule repeats what the registry says about needs and tables.
Source: the rulebook; a test holds the registry against its codes. Adding a rule: one function, one entry here, one provision in the scheme's table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matchers.relations import register_of
from models.claim import Claim
from models.field import Region
from models.flag import Flag, Severity
from models.paper import Paper, PaperType, Track
from models.reference import Reference
from models.scheme import Scheme
from pipeline.rules import caps, completeness, conditions, consistency, duplicates, history, summaries
from pipeline.rules.across import Batch
from pipeline.rules.case import Case, NotRead, Rule, believable, not_checked
from pipeline.rules.words import TABLES

B, S, R, I = Severity.BLOCK, Severity.SUPPLEMENT, Severity.REVIEW, Severity.INFO  # noqa: E741 - the rulebook's letters
EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE
BUYER = {EQ: R, MA: R, SW: B}

PAPERS_COMPARED = ("application_form", "business_licence", "sales_contract", "sales_invoice", "insurance_policy", "premium_invoice", "payment_voucher")
PAID = ("premium_invoice.total_amount", "payment_voucher.amount")

RULES: tuple[Rule, ...] = (
    Rule("unreadable_page", completeness.unreadable_page, R),
    Rule("missing_document", completeness.missing_document, S),
    Rule("missing_seal", completeness.missing_seal, S, asks=("insurer_name", "insurer_seal")),
    Rule("seal_mismatch", completeness.seal_mismatch, R, asks=("applicant_seal",)),
    Rule("missing_field", completeness.missing_field, S, asks=("application_form",)),
    Rule("outside_window", completeness.outside_window, R, needs=("application_form.form_date",)),
    Rule("scheme_expired", completeness.scheme_expired, B, needs=("period_start",)),
    Rule("field_mismatch", consistency.field_mismatch, R, asks=PAPERS_COMPARED),
    Rule("arithmetic_error", consistency.arithmetic_error, R, asks=PAPERS_COMPARED),
    Rule("catalogue_no_match", conditions.catalogue_no_match, B, needs=("product_name",), reference=("catalogue",), asks=("catalogue_match",)),
    Rule("catalogue_ambiguous", conditions.catalogue_ambiguous, R, needs=("product_name",), reference=("catalogue",)),
    Rule("specification_below_threshold", conditions.specification_below_threshold, B, reference=("catalogue",), tracks=(EQ, MA), asks=("technical_parameters",)),
    Rule("coverage_below_value", conditions.coverage_below_value, B, needs=("sum_insured",), tracks=(EQ,), asks=("unit_price",)),
    Rule("sum_insured_above_cap", conditions.sum_insured_above_cap, B, needs=("sum_insured", "contract_amount"), tracks=(MA, SW), partly=True),
    Rule("rate_above_cap", conditions.rate_above_cap, B, needs=("premium_rate",)),
    Rule("subsidy_above_limit", conditions.subsidy_above_limit, B, needs=("subsidy_requested",), asks=PAID),
    Rule("premium_underpaid", conditions.premium_underpaid, S, needs=("premium",), asks=PAID),
    Rule("base_cover_missing", conditions.base_cover_missing, B, tracks=(MA,), asks=("insurance_policy.insurance_product",)),
    Rule("batch_limit_exceeded", history.batch_limit_exceeded, B, needs=("applicant_name",), reference=("awards",), tracks=(EQ,), asks=("sales_contract.contract_number",)),
    Rule("outside_first_year", history.outside_first_year, B, needs=("applicant_name",), reference=("awards",), tracks=(EQ,), asks=("sales_contract.signed_on",)),
    Rule("insurance_years_exceeded", history.insurance_years_exceeded, B, needs=("applicant_name", "sales_contract.contract_number"), reference=("awards",), tracks=(EQ,)),
    Rule("coverage_gap", history.coverage_gap, R, needs=("period_start", "sales_contract.contract_number"), reference=("awards",), tracks=(EQ,)),
    Rule("insurance_year_mismatch", history.insurance_year_mismatch, R, needs=("insurance_year", "sales_contract.contract_number"), reference=("awards",), tracks=(EQ,)),
    Rule("central_subsidy_overlap", history.central_subsidy_overlap, B, needs=("applicant_name",), reference=("awards",), tracks=(EQ, MA)),
    Rule("repeat_user", history.repeat_user, B, needs=("applicant_name",), reference=("awards",), tracks=(MA, SW)),
    Rule("related_party_buyer", conditions.related_party_buyer, BUYER, needs=("applicant_name",), reference=("companies", "holdings", "officers"), partly=True, asks=("buyer_name",)),
    Rule("trader_buyer", conditions.trader_buyer, BUYER, reference=("companies",), partly=True, asks=("buyer_name",)),
    Rule("restricted_applicant", conditions.restricted_applicant, B, reference=("restricted",), asks=("applicant_name", "form_date")),
    Rule("accessory_included", history.accessory_included, R, tracks=(EQ,), asks=("product_name",)),
    # across the batch
    Rule("annual_cap_exceeded", caps.annual_cap_exceeded, R, needs=("applicant_name", "subsidy_requested"), reference=("awards",), partly=True, across=True),
    Rule("total_cap_exceeded", caps.total_cap_exceeded, R, needs=("applicant_name", "subsidy_requested"), reference=("awards",), tracks=(MA, SW), across=True),
    Rule("repeat_user", history.repeat_in_batch, B, needs=("applicant_name", "product_name"), tracks=(MA, SW), across=True),
    Rule("duplicate_policy", duplicates.duplicate_policy, R, needs=("policy_number",), across=True),
    Rule("duplicate_invoice", duplicates.duplicate_invoice, R, needs=("sales_invoice.invoice_number", "premium_invoice.invoice_number"), partly=True, across=True),
    Rule("duplicate_page", duplicates.duplicate_page, R, across=True),
    Rule("summary_row_missing", summaries.summary_row_missing, R, needs=("insurer_name",), across=True, asks=("insurer_summary",)),
    Rule("summary_mismatch", summaries.summary_mismatch, R, across=True, asks=("insurer_summary",)),
    Rule("claims_history", summaries.claims_history, I, needs=("policy_number",), tracks=(EQ,), across=True),
)

# rules that hold for a claim of no known track too: the page that would tell it may be the one that can't be read
IN_ANY_TRACK = frozenset({"unreadable_page"})


def check(claim: Claim, reference: Reference, scheme: Scheme, year: int) -> tuple[Flag, ...]:
    """All findings on one claim by itself. year: in whose January the batch was filed. The same claim and tables give the same flags."""
    register = register_of(reference)
    if claim.track is None:
        found = (flag for rule in RULES if rule.code in IN_ANY_TRACK for flag in _apply(Case(rule, claim, reference, register, scheme, year)))
        return (*found, not_checked("track", [("track", None)], ""))
    flags: list[Flag] = []
    lacking: dict[str, None] = {}
    shelf: dict[PaperType, tuple[Paper, ...]] = {}
    for rule in RULES:
        if claim.track not in rule.tracks:
            continue
        absent = [table for table in rule.reference if getattr(reference, table) is None]
        lacking.update(dict.fromkeys(absent))
        if rule.across or (absent and not rule.partly):
            continue
        flags += _apply(Case(rule, claim, reference, register, scheme, year, shelf=shelf))
    if lacking:
        flags.append(_unavailable(tuple(lacking)))
    return tuple(flags)


def check_across(
    claims: Sequence[Claim], tables: Sequence[Paper], reference: Reference, scheme: Scheme, year: int, tables_unread: bool = False
) -> Iterator[tuple[Flag, ...]]:
    """For each claim of a batch, in order, what is found by looking at all of them and at the insurers' tables.

    claims: each judged by itself; flags that an earlier look across left in them count for nothing. tables_unread: some of the insurers' files weren't read.
    """
    register = register_of(reference)
    batch = Batch(claims, tables, register, scheme, tables_unread)
    rules = [rule for rule in RULES if rule.across and (rule.partly or all(getattr(reference, table) is not None for table in rule.reference))]
    for claim in claims:
        shelf: dict[PaperType, tuple[Paper, ...]] = {}
        yield tuple(flag for rule in rules if claim.track in rule.tracks for flag in _apply(Case(rule, claim, reference, register, scheme, year, batch, shelf)))


def _apply(case: Case) -> Iterator[Flag]:
    """A rule's findings; `not_checked` where a value it needs, or asked for on its way, wasn't read with confidence."""
    missing = list(_unread(case))
    said = ""
    found: list[Flag] = []
    if not missing or case.rule.partly:
        try:
            for flag in case.rule.check(case):
                found.append(flag)  # noqa: PERF402 - what was found before a value was missing stands
        except NotRead as gap:
            missing.append((gap.field, gap.source))
            said = gap.said
    yield from found
    if missing:
        yield not_checked(case.rule.code, missing, case.limit.clause, case.rule.across, said)


def _unread(case: Case) -> Iterator[tuple[str, Region | None]]:
    for need in case.rule.needs:
        kind, dot, name = need.partition(".")
        if not dot:
            field = case.claim.fields.get(need)
            if field is None or not case.was_read(field):
                yield need, field.source if field else None
            continue
        for paper in case.papers(PaperType(kind)):
            field = paper.fields.get(name)
            if (field is None or not believable(field)) and name not in paper.blank:
                yield need, field.source if field else paper.region


def _unavailable(tables: tuple[str, ...]) -> Flag:
    names = "、".join(f"{TABLES[table]}（{table}.csv）" for table in tables)
    return Flag(code="reference_unavailable", severity=Severity.INFO, clause="", detail={"tables": list(tables)}, message=f"未提供{names}，相关条件未核对")


__all__ = ["RULES", "Rule", "check", "check_across"]
