"""The worst flag decides the queue; what was not read can't pass as good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from invented_claim import field, judged

from models.claim import Quarantined, QuarantineReason, Triage
from models.flag import Flag, Judgement, Severity, Verdict
from models.paper import Track
from pipeline.rules import RULES
from pipeline.triage import triage


def with_flags(claim, *severities):
    return claim.model_copy(update={"flags": tuple(Flag(code="x", severity=s, clause="", message="m") for s in severities)})


@pytest.mark.parametrize(
    ("severities", "queue"),
    [
        ((), Triage.CLEAR),
        ((Severity.INFO,), Triage.CLEAR),
        ((Severity.REVIEW, Severity.INFO), Triage.REVIEW),
        ((Severity.REVIEW, Severity.SUPPLEMENT), Triage.SUPPLEMENT),
        ((Severity.SUPPLEMENT, Severity.BLOCK), Triage.INELIGIBLE),
    ],
)
def test_the_worst_flag_decides(severities, queue):
    assert triage(with_flags(judged(), *severities)) is queue


def test_clear_needs_every_field_read_and_accepted():
    unsure = judged(Track.EQUIPMENT, {"application_form": {"subsidy_requested": field("32000.00", 0.95, False)}})
    absent = judged(Track.SOFTWARE, {"insurance_policy": {"sum_insured": None}, "application_form": {"sum_insured": None}})
    assert triage(with_flags(unsure)) is Triage.REVIEW
    assert triage(with_flags(absent)) is Triage.REVIEW


def test_a_quarantined_file_leaves_the_claim_to_a_person():
    claim = judged().model_copy(update={"quarantined": (Quarantined(file="x.pdf", reason=QuarantineReason.ENCRYPTED),)})
    assert triage(claim) is Triage.REVIEW


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_a_claim_for_which_any_rule_that_counts_failed_is_never_clear(rule):
    for severity in [rule.severity] if isinstance(rule.severity, Severity) else set(rule.severity.values()):
        raised = Flag(code=rule.code, severity=severity, clause="", message="m")
        assert (triage(judged().model_copy(update={"flags": (raised,)})) is Triage.CLEAR) == (severity is Severity.INFO)


@pytest.mark.parametrize("dismissed", [False, True])
@pytest.mark.parametrize("severity", list(Severity))
def test_a_claim_for_which_a_rule_was_not_checked_is_never_clear(severity, dismissed):
    verdict = Judgement(verdict=Verdict.DISMISSED, by="u1", at=datetime(2021, 1, 15, tzinfo=UTC), reason="x") if dismissed else None
    unchecked = Flag(code="not_checked", severity=severity, clause="", message="m", judgement=verdict)
    assert triage(judged().model_copy(update={"flags": (unchecked,)})) is not Triage.CLEAR


def test_a_duplicate_is_left_to_a_person_whatever_kind_it_is():
    duplicates = [rule for rule in RULES if rule.code.startswith("duplicate_")]
    assert {rule.code for rule in duplicates} == {"duplicate_policy", "duplicate_invoice", "duplicate_page"}
    assert {triage(with_flags(judged(), rule.severity)) for rule in duplicates} == {Triage.REVIEW}  # neither passed nor ineligible
