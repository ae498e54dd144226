"""No claim is passed, returned or rejected by the machine: a decision has a person, and a duplicate is left for one whoever looks, corrects or runs again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from models.flag import Severity
from tests.invented_claim import REFERENCE, SCHEME, YEAR, judged


def pair(file_claim) -> list[int]:
    from pipeline.process import judge_across

    return [file_claim(claim) for claim in judge_across([judged(submission_id=name) for name in ("T-0001", "T-0002")], (), REFERENCE, SCHEME, YEAR)]


def test_duplicates_wait_for_a_person_and_pass_only_with_their_reason(client_of, file_claim):
    from pipeline.review.web.models import Case, Decided

    pks = pair(file_claim)
    client = client_of("reviewer")
    for where in ("/queue", "/queue?flag=duplicate_policy", f"/claims/{pks[0]}"):
        client.get(where)
    cases = Case.objects.filter(pk__in=pks).select_related("submission")
    assert {(case.status, case.stage, case.submission.triage) for case in cases} == {("open", "district", "review")}
    assert not Decided.objects.exists()
    answer = client.post("/bulk", {"case": pks, "action": "pass"}).content.decode()
    assert 'name="chosen"' not in answer  # not several at once
    client.post("/bulk/do", {"chosen": [f"{case.pk}:{case.seen}" for case in cases], "action": "pass", "reason": "都看过"})
    assert client.post(f"/claims/{pks[0]}/decide", {"action": "pass", "revision": Case.objects.get(pk=pks[0]).seen, "reason": ""}).status_code == 422
    assert not Decided.objects.exists()
    assert client.post(f"/claims/{pks[0]}/decide", {"action": "pass", "revision": Case.objects.get(pk=pks[0]).seen, "reason": "两份保单不同期"}).status_code == 204
    duplicates = [flag for flag in cases[0].submission.versions.last().claim.flags if flag.code.startswith("duplicate")]
    assert {flag.severity for flag in duplicates} == {Severity.REVIEW}


def test_a_decision_without_a_person_cannot_be_written(client_of, file_claim):
    from pipeline.review.web.models import Decided

    pk = file_claim(judged())
    with pytest.raises(IntegrityError):
        Decided.objects.create(case_id=pk, number=1, action="pass", stage="district", status="open", to_stage="city", to_status="open", version=1, by=None, at=timezone.now())
