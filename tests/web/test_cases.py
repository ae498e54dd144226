"""What people say of a claim and decide on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import NOW

from tests.invented_claim import field, judged


def version(pk: int):
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    return cases.in_force(Case.objects.select_related("submission__batch").get(pk=pk)).claim


def codes(pk: int) -> list[str]:
    return [flag.code for flag in version(pk).flags if flag.stands]


def key(pk: int, kind: str, name: str) -> str:
    papers = version(pk).papers
    return f"p{next(i for i, paper in enumerate(papers) if paper.type == kind)}.{name}"


def row(pk: int):
    from pipeline.review.web.models import Case

    return Case.objects.get(pk=pk)


def test_a_correction_is_judged_at_once_and_kept(client_of, case):
    client = client_of("reviewer")
    assert "rate_above_cap" in codes(case)
    answer = client.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2%", "revision": 0})
    assert answer.status_code == 200
    assert "8 % → 2 %" in answer.content.decode()
    assert codes(case) == []
    assert row(case).submission.triage == "clear"
    assert row(case).submission.versions.count() == 2  # what the machine read is still there


def test_what_cannot_be_the_value_is_told_and_changes_nothing(client_of, case):
    answer = client_of("reviewer").post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "很多", "revision": 0})
    assert (answer.status_code, row(case).revision) == (422, 0)
    assert "百分比" in answer.content.decode()


def test_two_people_on_one_value_one_is_asked(client_of, case):
    first, second = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    where = key(case, "insurance_policy", "premium_rate")
    assert first.post(f"/claims/{case}/amend", {"key": where, "value": "2", "revision": 0}).status_code == 200
    first.post(f"/claims/{case}/release")
    answer = second.post(f"/claims/{case}/amend", {"key": where, "value": "3", "revision": 0})
    assert answer.status_code == 409
    assert "<b>3</b>" in answer.content.decode()  # what the second typed is still before them
    assert version(case).fields["premium_rate"].value == "2"
    assert second.post(f"/claims/{case}/amend", {"key": where, "value": "3", "revision": row(case).revision}).status_code == 200


def test_two_people_on_two_values_both_stand(client_of, case):
    first, second = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    first.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0})
    first.post(f"/claims/{case}/release")
    assert second.post(f"/claims/{case}/amend", {"key": key(case, "payment_voucher", "voucher_number"), "value": "V9", "revision": 0}).status_code == 200
    papers = {paper.type.value: paper for paper in version(case).papers}
    assert (papers["insurance_policy"].fields["premium_rate"].value, papers["payment_voucher"].fields["voucher_number"].value) == ("2", "V9")


def test_who_has_a_claim_before_them_has_it_alone(client_of, case):
    first, second = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    first.get(f"/claims/{case}")
    answer = second.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0})
    assert (answer.status_code, row(case).revision) == (409, 0)
    assert second.post(f"/claims/{case}/decide", {"action": "pass", "reason": "x", "revision": 0}).status_code == 422
    from pipeline.review.web.models import Case

    Case.objects.filter(pk=case).update(taken_until=NOW)  # half an hour later
    assert second.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0}).status_code == 200


def test_take_next_gives_each_their_own(client_of, file_claim):
    pks = {file_claim(judged(submission_id=f"T-{n}")) for n in range(3)}
    got = {client_of("reviewer", name).post("/next", {"asked": ""})["Location"] for name in "甲乙丙"}
    assert got == {f"/claims/{pk}" for pk in pks}
    assert client_of("reviewer", "丁").post("/next", {"asked": ""})["Location"].startswith("/queue")


def test_a_dismissed_flag_needs_a_reason_and_counts_no_longer(client_of, case):
    client = client_of("reviewer")
    flag = next(flag for flag in version(case).flags if flag.code == "rate_above_cap")
    assert client.post(f"/claims/{case}/judge", {"flag": flag.key, "verdict": "dismissed", "revision": 0}).status_code == 422
    assert client.post(f"/claims/{case}/judge", {"flag": flag.key, "verdict": "dismissed", "reason": "批单已更正", "revision": 0}).status_code == 200
    assert "rate_above_cap" not in codes(case)


def test_what_a_machine_reads_anew_keeps_what_people_said(client_of, case):
    from pipeline.store.data import MadeBy
    from pipeline.store.outcomes import revise

    client_of("reviewer").post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0})
    submission = row(case).submission
    again = judged(changes={"insurance_policy": {"premium_rate": field("7", raw="7%")}})
    revise(submission.pk, again, MadeBy.RECHECK, NOW, submission.version)
    assert version(case).fields["premium_rate"].value == "2"


def test_what_was_read_stays_what_was_read_after_a_look_across_a_corrected_claim(client_of, case):
    from models.flag import Flag, Severity
    from pipeline.review.web import following
    from pipeline.store import known
    from pipeline.store.data import MadeBy
    from pipeline.store.outcomes import revise

    client = client_of("reviewer")
    client.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0})
    submission = row(case).submission
    seen = version(case)
    twice = Flag(code="duplicate_policy", severity=Severity.REVIEW, clause="附件1", message="保单号与另一申报相同", across=True)
    revise(submission.pk, seen.model_copy(update={"flags": (*seen.flags, twice)}), MadeBy.ACROSS, NOW, submission.version)
    assert known.as_read(submission.pk).fields["premium_rate"].value == "8"
    assert following.put_over_new() == 1
    assert following.put_over_new() == 0
    assert (version(case).fields["premium_rate"].value, codes(case)) == ("2", ["duplicate_policy"])
    assert row(case).submission.triage == "review"


# ---------------------------------------------------------------- decisions


def decide(client, pk, action, reason="理由", revision=None):
    return client.post(f"/claims/{pk}/decide", {"action": action, "reason": reason, "revision": row(pk).seen if revision is None else revision})


def test_a_claim_goes_from_hand_to_hand_until_it_is_paid(client_of, file_claim, monkeypatch):
    from django.utils import timezone

    pk = file_claim(judged())
    reviewer, lead, auditor = (client_of(role) for role in ("reviewer", "lead", "auditor"))
    for client, stage in ((reviewer, "city"), (lead, "audit"), (auditor, "notice")):
        assert decide(client, pk, "pass", "").status_code == 204
        assert row(pk).stage == stage
    other = client_of("lead", "另一人")
    answer = decide(other, pk, "pass", "")
    assert answer.status_code == 422
    assert "5个工作日" in answer.content.decode()
    later = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    other.force_login(other.person, backend="django.contrib.auth.backends.ModelBackend")
    assert decide(other, pk, "pass", "").status_code == 204
    third = client_of("lead", "第三人")
    assert decide(third, pk, "pass", "").status_code == 204
    assert (row(pk).stage, row(pk).status) == ("payment", "closed")


def test_nobody_decides_at_two_steps_of_one_claim(client_of, file_claim):
    from pipeline.review.web.models import User

    pk = file_claim(judged())
    reviewer = client_of("reviewer")
    assert decide(reviewer, pk, "pass", "").status_code == 204
    User.objects.filter(pk=reviewer.person.pk).update(role="lead")  # promoted meanwhile
    answer = decide(reviewer, pk, "pass", "")
    assert answer.status_code == 422
    assert "另一人" in answer.content.decode()
    assert row(pk).stage == "city"


@pytest.mark.parametrize("action", ["return", "reject", "refer"])
def test_all_but_passing_needs_a_reason(client_of, case, action):
    client = client_of("reviewer")
    assert decide(client, case, action, " ").status_code == 422
    assert decide(client, case, action).status_code == 204
    assert row(case).status == {"return": "returned", "reject": "rejected", "refer": "referred"}[action]


def test_a_claim_with_open_questions_passes_only_with_a_reason(client_of, case):
    client = client_of("reviewer")
    assert decide(client, case, "pass", "").status_code == 422
    assert decide(client, case, "pass", "已电话核实").status_code == 204


def test_who_decides_on_something_older_is_told(client_of, case):
    client = client_of("reviewer")
    client.post(f"/claims/{case}/amend", {"key": key(case, "insurance_policy", "premium_rate"), "value": "2", "revision": 0})
    assert decide(client, case, "pass", revision=0).status_code == 409
    assert row(case).stage == "district"


def test_a_decision_can_be_taken_back_the_same_day_by_who_made_it(client_of, file_claim, monkeypatch):
    from django.utils import timezone

    pk = file_claim(judged())
    client, other = client_of("reviewer"), client_of("reviewer", "另一人")
    decide(client, pk, "return")
    assert other.post(f"/claims/{pk}/undo").status_code == 422
    assert client.post(f"/claims/{pk}/undo").status_code == 204
    assert (row(pk).stage, row(pk).status) == ("district", "open")
    decide(client, pk, "return")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    client.force_login(client.person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/claims/{pk}/undo").status_code == 422


def test_a_returned_claim_s_letter_lists_what_is_missing_and_is_kept_with_the_decision(client_of, file_claim):
    pk = file_claim(judged(without=["sales_invoice"]))
    client = client_of("reviewer")
    text = client.get(f"/claims/{pk}/letter").content.decode()
    assert "补正" in text
    assert "发票" in text
    client.post(f"/claims/{pk}/letter/save", {"kind": "return", "text": "请补交销售发票。\n联系本局。", "revision": 0})
    assert client.get(f"/claims/{pk}/letter.pdf?kind=return").content.startswith(b"%PDF")
    decide(client, pk, "return")
    assert "请补交销售发票。" in row(pk).decisions.get().letter


@pytest.mark.parametrize(("decided", "now", "may"), [
    ("2026-03-02T16:10Z", "2026-03-03T15:59Z", True),  # ten past midnight and a minute to midnight of one day in Ningbo, of two by UTC
    ("2026-03-02T15:59Z", "2026-03-02T16:01Z", False),  # a minute before midnight and a minute after, of one day by UTC
    ("2026-03-02T23:50Z", "2026-03-03T00:10Z", True),
])
def test_the_day_of_a_decision_is_the_day_in_ningbo(client_of, file_claim, monkeypatch, decided, now, may):
    from datetime import datetime

    from django.utils import timezone

    pk, client = file_claim(judged()), client_of("reviewer")
    from pipeline.review.web import cases

    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(decided))
    assert cases.decide(pk, client.person, cases.Action.RETURN, cases.Seen.of(row(pk).seen), "理由").status == "returned"
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(now))
    assert cases.undoable(row(pk), client.person) == may


def test_who_judges_a_flag_that_somebody_else_judged_meanwhile_is_shown_how(client_of, case):
    first, second = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    flag = next(flag for flag in version(case).flags if flag.code == "rate_above_cap").key
    said = {"flag": flag, "verdict": "dismissed", "reason": "批单已更正", "revision": 0}
    assert first.post(f"/claims/{case}/judge", said).status_code == 200
    first.post(f"/claims/{case}/release")
    answer = second.post(f"/claims/{case}/judge", {**said, "verdict": "upheld", "reason": ""})
    text = answer.content.decode()
    assert (answer.status_code, "<b>不成立</b> 批单已更正" in text, "<b>成立</b>" in text) == (409, True, True)
