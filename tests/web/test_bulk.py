"""Several cases at once: each as if it were the only one."""

from __future__ import annotations

import pytest

from models.claim import Triage
from models.flag import Flag, Severity
from tests.invented_claim import field, judged


def row(pk: int):
    from pipeline.review.web.models import Case

    return Case.objects.get(pk=pk)


@pytest.fixture
def clear(file_claim):
    return [file_claim(judged(submission_id=f"T-{n}")) for n in range(3)]


def chosen(*pks: int) -> list[str]:
    return [f"{pk}:{row(pk).seen}" for pk in pks]


def test_the_page_says_what_would_happen_and_does_nothing(client_of, clear):
    client = client_of("reviewer")
    text = client.post("/bulk", {"action": "pass", "case": clear}).content.decode()
    assert all(f'value="{one}"' in text for one in chosen(*clear))
    assert "T-2" in text
    assert {row(pk).stage for pk in clear} == {"district"}


def test_each_is_decided_by_itself_and_the_others_are_told(client_of, clear):
    client, other = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    told = chosen(*clear)
    other.get(f"/claims/{clear[0]}")  # is looking at the first
    key = next(i for i, paper in enumerate(_claim(clear[1]).papers) if paper.type == "payment_voucher")
    assert client.post(f"/claims/{clear[1]}/amend", {"key": f"p{key}.voucher_number", "value": "V9", "revision": "0.1"}).status_code == 200  # the second has changed since
    answer = client.post("/bulk/do", {"action": "pass", "chosen": told})
    assert answer.status_code == 200
    assert [row(pk).stage for pk in clear] == ["district", "district", "city"]
    text = answer.content.decode()
    assert "正在处理" in text
    assert "重新核对" in text


def test_only_cases_that_are_alike(client_of, clear, file_claim):
    odd = file_claim(judged(submission_id="T-9", changes={"insurance_policy": {"premium_rate": field("8", raw="8%")}}))
    client = client_of("reviewer")
    assert client.post("/bulk", {"action": "pass", "case": [clear[0], odd]})["Location"] == "/queue"
    assert client.post("/bulk/do", {"action": "pass", "reason": "x", "chosen": chosen(clear[0], odd)})["Location"] == "/queue"
    assert {row(pk).stage for pk in (clear[0], odd)} == {"district"}


def test_a_claim_that_may_be_there_twice_is_passed_by_itself_alone(client_of, file_claim):
    twice = judged(submission_id="T-7")
    flag = Flag(code="duplicate_policy", severity=Severity.REVIEW, clause="", message="保单重复", across=True)
    pk = file_claim(twice.model_copy(update={"flags": (flag,), "triage": Triage.REVIEW}))
    client = client_of("reviewer")
    assert "涉嫌重复" in client.post("/bulk", {"action": "pass", "case": [pk]}).content.decode()
    assert "涉嫌重复" in client.post("/bulk/do", {"action": "pass", "reason": "已核", "chosen": chosen(pk)}).content.decode()
    assert row(pk).stage == "district"
    assert client.post("/bulk/do", {"action": "refer", "reason": "已核", "chosen": chosen(pk)}).status_code == 200
    assert row(pk).status == "referred"


@pytest.mark.parametrize(("action", "reason", "went"), [("return", "", 0), ("return", "缺发票", 3), ("reject", "不符", 0), ("undo", "x", 0)])
def test_reasons_are_needed_as_ever_and_nothing_else_can_be_done_in_bulk(client_of, clear, action, reason, went):
    client_of("reviewer").post("/bulk/do", {"action": action, "reason": reason, "chosen": chosen(*clear)})
    assert sum(row(pk).decisions.exists() for pk in clear) == went
    if went:
        assert all("补正" in row(pk).decisions.get().letter for pk in clear)


def test_four_eyes_hold_in_bulk(client_of, clear):
    from pipeline.review.web.models import User

    client = client_of("reviewer")
    client.post("/bulk/do", {"action": "pass", "chosen": chosen(*clear)})
    User.objects.filter(pk=client.person.pk).update(role="lead")
    assert "另一人" in client.post("/bulk/do", {"action": "pass", "chosen": chosen(*clear)}).content.decode()
    assert {row(pk).stage for pk in clear} == {"city"}


def _claim(pk: int):
    from pipeline.review.web import cases

    return cases.in_force(row(pk)).claim
