"""The registry and the engine: every rule of the rulebook once, needs and tables turned into flags, clauses as the rulebook cites them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from invented_claim import APPLICANT, REFERENCE, SCHEME, YEAR, codes, field, flags, judged, papers, tables

from models.flag import Severity
from models.paper import CLAIM_FIELDS, FIELDS, FORM_FIELDS, PaperType, Track
from models.reference import Reference
from pipeline.assemble import assemble
from pipeline.rules import RULES, check
from pipeline.rules.listing import lines

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE

TRACKS = ("equipment", "material", "software")
BEYOND = {"unreadable_page"}  # rules that the product has and the rulebook doesn't


def rulebook() -> dict[str, dict[str, str]]:
    """The rulebook's rows for the scheme, by code."""
    with (Path(__file__).parent / "rulebook_rows.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def listed() -> dict[str, dict[str, str]]:
    """The rules as `intake rules` lists them, in the same shape."""
    out: dict[str, dict[str, str]] = {}
    for line in lines(SCHEME):
        row = out.setdefault(line.code, {"code": line.code, **dict.fromkeys((*TRACKS, *(f"clause {t}" for t in TRACKS)), ""), "looks at": ""})
        for track in line.tracks:
            row |= {track.value: line.severity.value, f"clause {track.value}": line.clause}
        place = "batch" if line.across else "claim"
        row["looks at"] = place if row["looks at"] in ("", place) else "claim and batch"
    return out


def test_the_rules_are_the_rulebooks_with_its_severities_and_clauses():
    assert list(listed()) == list(dict.fromkeys(rule.code for rule in RULES))
    assert {code: row for code, row in listed().items() if code not in BEYOND} == rulebook()


def test_a_rule_stands_once_for_the_claim_and_once_for_the_batch_at_most():
    places = [(rule.code, rule.across) for rule in RULES]
    assert len(places) == len(set(places))


def test_what_a_rule_needs_is_a_field_that_there_is_and_a_table_that_there_is():
    paper_fields = {f"{kind.value}.{name}" for kind, names in FIELDS.items() for name in names} | {
        f"application_form.{name}" for names in FORM_FIELDS.values() for name in names}
    for rule in RULES:
        assert set(rule.needs) <= {*CLAIM_FIELDS, *paper_fields}, rule.code
        assert set(rule.reference) <= set(Reference.model_fields), rule.code


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
