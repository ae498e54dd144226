"""The registry and the engine: every rule of the rulebook once, needs and tables turned into flags, clauses as the rulebook cites them."""

from __future__ import annotations

import pytest
from invented_claim import APPLICANT, REFERENCE, SCHEME, YEAR, codes, field, flags, judged, papers, tables

from models.flag import Severity
from models.paper import PaperType, Track
from models.reference import Reference
from pipeline.assemble import assemble
from pipeline.rules import RULES, check

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE

# the rulebook's table "Clauses as flags cite them"; codes of rules that look across submissions come with those
CLAUSES = {
    "missing_seal": ("四（二）1", "四（三）1", "四（四）1"),
    "seal_mismatch": ("四（二）1", "四（三）1", "四（四）1"),
    "outside_window": ("四（二）1", "四（三）1", "四（四）1"),
    "missing_field": ("附件1", "附件4", "附件6"),
    "arithmetic_error": ("附件1", "附件4", "附件6"),
    "insurance_year_mismatch": ("附件1", None, None),
    "scheme_expired": ("六（一）", "六（一）", "六（一）"),
    "restricted_applicant": ("四（一）", "四（一）", "四（一）"),
    "field_mismatch": ("四（二）3", "四（二）3", "四（二）3"),
    "catalogue_no_match": ("一1", "一2", "一3"),
    "catalogue_ambiguous": ("一1", "一2", "一3"),
    "specification_below_threshold": ("一1", "一2", None),
    "coverage_below_value": ("二（一）", None, None),
    "base_cover_missing": (None, "二（二）2", None),
    "sum_insured_above_cap": (None, "三（二）1", "三（三）1"),
    "rate_above_cap": ("三（一）2", "三（二）1", "三（三）1"),
    "subsidy_above_limit": ("三（一）2", "三（二）1", "三（三）1"),
    "premium_underpaid": ("四（二）1（5）", "四（三）1（6）", "四（四）1（4）"),
    "batch_limit_exceeded": ("三（一）1", None, None),
    "outside_first_year": ("三（一）1", None, None),
    "accessory_included": ("三（一）1", None, None),
    "insurance_years_exceeded": ("三（一）2", None, None),
    "coverage_gap": ("三（一）2", None, None),
    "central_subsidy_overlap": ("三（一）3", "三（二）2", None),
    "repeat_user": (None, "三（二）1", "三（三）2"),
    "related_party_buyer": ("三（一）", "三（一）", "三（三）2"),
    "trader_buyer": ("二（一）", "二（一）", "三（三）2"),
}


def test_every_rule_stands_once_and_cites_the_rulebooks_clause_in_its_tracks():
    assert sorted(rule.code for rule in RULES) == sorted({*CLAUSES, "missing_document", "unreadable_page"})
    for rule in RULES:
        for track, clause in zip((EQ, MA, SW), CLAUSES.get(rule.code, ()), strict=False):
            assert (track in rule.tracks) is (clause is not None), rule.code
            if clause is not None:
                assert SCHEME.limit(rule.code, track).clause == clause, rule.code


def test_buyers_that_must_not_be_block_software_and_are_for_attention_elsewhere():
    severities = {rule.code: [rule.severity_in(track) for track in (EQ, MA, SW)] for rule in RULES if rule.code in ("related_party_buyer", "trader_buyer")}
    assert set(map(tuple, severities.values())) == {(Severity.REVIEW, Severity.REVIEW, Severity.BLOCK)}


@pytest.mark.parametrize(
    ("kind", "name", "rules"),
    [
        ("insurance_policy", "premium_rate", {"rate_above_cap"}),
        ("application_form", "form_date", {"outside_window"}),
        ("application_form", "insurance_year", {"insurance_year_mismatch"}),
        ("payment_voucher", "amount", {"subsidy_above_limit", "premium_underpaid"}),
        ("sales_contract", "contract_number", {"insurance_years_exceeded", "coverage_gap", "insurance_year_mismatch"}),
    ],
)
def test_a_rule_whose_value_is_doubtful_says_that_it_was_not_checked(kind, name, rules):
    doubtful = {kind: {name: field("3.5" if name == "premium_rate" else "1", 0.4, False)}}
    if name == "premium_rate":
        doubtful["application_form"] = {name: None}
    claim = judged(EQ, doubtful)
    unchecked = flags(claim, "not_checked")
    assert rules <= {f.detail["rule"] for f in unchecked}
    assert all(f.severity is Severity.REVIEW and f.message for f in unchecked)
    assert not {f.code for f in claim.flags} & rules


def test_a_value_that_another_paper_disputes_was_read_all_the_same():
    claim = judged(SW, {"business_licence": {"company_name": APPLICANT[SW].replace("有限公司", "有限责任公司")}})
    assert codes(claim) == ["field_mismatch"]
    assert not claim.fields["applicant_name"].accepted


def test_tables_that_were_not_given_are_told_once():
    claim = judged(EQ, reference=Reference())
    assert [(f.code, f.severity.value) for f in claim.flags] == [("reference_unavailable", "info")]
    assert set(claim.flags[0].detail["tables"]) == {"catalogue", "companies", "holdings", "officers", "awards", "restricted"}


def test_an_empty_table_is_a_table():
    assert not flags(judged(EQ, reference=tables(awards=(), restricted=())), "reference_unavailable")


def test_a_claim_of_no_known_track_is_not_checked_at_all():
    loose = [paper for paper in papers(EQ) if paper.type in (PaperType.BUSINESS_LICENCE, PaperType.PAYMENT_VOUCHER)]
    claim = assemble("T-0002", loose, SCHEME)
    assert claim.track is None
    assert [f.code for f in check(claim, REFERENCE, SCHEME, YEAR)] == ["not_checked"]


def test_the_same_claim_gives_the_same_flags_and_evidence_names_places():
    wrong = {"insurance_policy": {"premium_rate": "3.5"}}
    first, second = judged(EQ, wrong), judged(EQ, wrong)
    assert first.flags == second.flags
    assert all(region.file == "scan.pdf" for flag in first.flags for region in flag.evidence)
    assert all(flag.evidence for flag in first.flags if flag.code == "rate_above_cap")
