"""The worst flag decides the queue; what was not read can't pass as good."""

from __future__ import annotations

import pytest
from invented_claim import field, judged

from models.claim import Quarantined, QuarantineReason, Triage
from models.flag import Flag, Severity
from models.paper import Track
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
