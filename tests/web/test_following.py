"""Cases follow their submissions: an applicant's answer brings a returned claim back, a withdrawn claim waits for nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.invented_claim import judged

NEW = "b" * 64


def row(pk: int):
    from pipeline.review.web.models import Case

    return Case.objects.select_related("submission__batch").get(pk=pk)


def decide(client, pk: int, action: str, reason: str = "理由"):
    return client.post(f"/claims/{pk}/decide", {"action": action, "reason": reason, "revision": row(pk).seen})


def read_anew(pk: int, *papers: str) -> None:
    """A run ends its work on the submission, which has these files now."""
    from pipeline.store.models import File, Submission

    submission = row(pk).submission
    File.objects.filter(submission=submission).delete()
    File.objects.bulk_create([File(batch=submission.batch, submission=submission, number=n, name=f"{n}.pdf", sha256=sha256) for n, sha256 in enumerate(papers, 1)])
    Submission.objects.filter(pk=submission.pk).update(finished=timezone.now() + timedelta(seconds=1))


@pytest.fixture
def returned(client_of, file_claim):
    """A claim that was returned for papers, and who returned it."""
    pk, client = file_claim(judged(without=["sales_invoice"])), client_of("reviewer")
    assert decide(client, pk, "return").status_code == 204
    return pk, client


def test_new_papers_bring_a_returned_claim_back_and_the_log_says_so(returned):
    from pipeline.review.web.following import follow
    from pipeline.review.web.models import AuditEvent

    pk, client = returned
    read_anew(pk, "a" * 64, NEW)
    follow()
    assert row(pk).status == "open"
    event = AuditEvent.objects.get(action="follow")
    assert (event.who, event.about) == ("", str(row(pk)))
    assert decide(client, pk, "pass", "已补正").status_code == 204


@pytest.mark.parametrize("papers", [["a" * 64], []])
def test_the_same_papers_read_anew_move_nothing(returned, papers):
    from pipeline.review.web.following import follow

    pk, _ = returned
    if papers:
        read_anew(pk, *papers)
    follow()
    assert row(pk).status == "returned"


def test_a_returned_claim_is_taken_up_again_by_hand_with_a_reason(returned):
    pk, client = returned
    assert decide(client, pk, "pass").status_code == 422
    assert decide(client, pk, "reopen", " ").status_code == 422
    assert "data-decide=\"reopen\"" in client.get(f"/claims/{pk}").content.decode()
    assert decide(client, pk, "reopen", "企业来电说明").status_code == 204
    assert row(pk).status == "open"
    assert client.post(f"/claims/{pk}/undo").status_code == 204
    assert row(pk).status == "returned"


def test_a_rejected_claim_is_taken_up_again_by_somebody_else(client_of, file_claim):
    pk, client, other = file_claim(judged()), client_of("reviewer", "甲"), client_of("reviewer", "乙")
    decide(client, pk, "reject")
    answer = decide(client, pk, "reopen")
    assert (answer.status_code, row(pk).status) == (422, "rejected")
    assert decide(client_of("lead"), pk, "reopen").status_code == 422
    assert decide(other, pk, "reopen", "企业提出异议").status_code == 204
    assert row(pk).status == "open"


def test_a_withdrawn_claim_waits_for_nobody_and_comes_back_as_it_was(client_of, file_claim):
    from pipeline.review.web.following import follow
    from pipeline.store.models import State, Submission

    pk, client, other = file_claim(judged()), client_of("reviewer", "甲"), client_of("reviewer", "乙")
    decide(client, pk, "refer")
    Submission.objects.update(state=State.WITHDRAWN)
    answer = decide(other, pk, "pass")
    assert (answer.status_code, "已撤回" in answer.content.decode()) == (422, True)
    assert other.post(f"/claims/{pk}/amend", {"key": "c.premium", "value": "1", "revision": row(pk).seen}).status_code == 409
    follow()
    assert row(pk).status == "withdrawn"
    assert other.post("/next", {"asked": ""})["Location"].startswith("/queue")
    Submission.objects.update(state=State.DONE)
    follow()
    assert row(pk).status == "referred"
    assert decide(client, pk, "pass").status_code == 422  # who referred it still doesn't decide it
    assert decide(other, pk, "pass").status_code == 204


def test_what_was_referred_is_among_what_waits(client_of, file_claim):
    pk, client = file_claim(judged()), client_of("reviewer", "甲")
    decide(client, pk, "refer")
    other = client_of("reviewer", "乙")
    assert str(row(pk)) in other.get("/queue").content.decode()
    assert other.post("/next", {"asked": ""})["Location"] == f"/claims/{pk}"
