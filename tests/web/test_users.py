"""The users (用户) of a claim set right on the page: rows changed, added, taken out, and the rules run again."""

from __future__ import annotations

from tests.invented_claim import BUYER, judged

OTHER = "宁波远帆机械有限公司"


def claim_of(pk: int):
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    return cases.in_force(Case.objects.select_related("submission__batch").get(pk=pk)).claim


def users(pk: int) -> list[tuple[str, str]]:
    return [(b.name.text, b.quantity.text if b.quantity else "") for b in claim_of(pk).buyers]


def say(client, pk: int, *rows: tuple[str, str], revision: int = 0):
    return client.post(f"/claims/{pk}/amend", {"key": "buyers", "name": [name for name, _ in rows], "quantity": [quantity for _, quantity in rows], "revision": revision})


def test_a_row_is_changed_added_and_taken_out_and_the_rules_run_each_time(client_of, file_claim):
    pk = file_claim(judged())
    client = client_of("reviewer")
    assert users(pk) == [(BUYER, "2")]
    answer = say(client, pk, (OTHER, "2"))
    assert answer.status_code == 200
    assert f"用户：{BUYER}（2） → {OTHER}（2）" in answer.content.decode()
    assert "field_mismatch" in [flag.code for flag in claim_of(pk).flags]
    say(client, pk, (BUYER, "1"), (OTHER, "1"), revision=1)
    assert users(pk) == [(BUYER, "1"), (OTHER, "1")]
    say(client, pk, (BUYER, "2"), revision=2)
    assert users(pk) == [(BUYER, "2")]
    assert [flag.code for flag in claim_of(pk).flags] == []


def test_without_any_row_what_was_read_counts_again(client_of, file_claim):
    pk = file_claim(judged())
    client = client_of("reviewer")
    say(client, pk, (OTHER, "9"))
    say(client, pk, revision=1)
    assert users(pk) == [(BUYER, "2")]
    assert not any("人工" in why for why in claim_of(pk).buyers[0].name.why)


def test_a_row_that_cannot_be_a_user_is_named_and_nothing_is_lost_silently(client_of, file_claim):
    pk = file_claim(judged())
    client = client_of("reviewer")
    unnamed = say(client, pk, (BUYER, "1"), ("", "1"))
    assert (unnamed.status_code, unnamed.content.decode()) == (422, "第2行没有用户名称。")
    wrong = say(client, pk, (BUYER, "很多"))
    assert wrong.status_code == 422
    assert wrong.content.decode().startswith("第1行：")
    assert say(client, pk, *[(f"{OTHER}{n}", "1") for n in range(201)]).status_code == 422
    assert users(pk) == [(BUYER, "2")]


def test_two_people_on_the_users_one_is_asked(client_of, file_claim):
    pk = file_claim(judged())
    first, second = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    say(first, pk, (OTHER, "1"))
    first.post(f"/claims/{pk}/release")
    answer = say(second, pk, (BUYER, "3"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert f"<b>{OTHER}（1）</b>" in text
    assert f"<b>{BUYER}（3）</b>" in text


def test_programs_can_say_it_too(client_of, file_claim):
    pk = file_claim(judged())
    client = client_of("reviewer")
    seen = client.get(f"/api/claims/{pk}").json()["case"]["seen"]
    answer = client.post(f"/api/claims/{pk}/amend", {"seen": seen, "key": "buyers", "buyers": [{"name": OTHER, "quantity": "2"}]}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert users(pk) == [(OTHER, "2")]


def test_who_may_not_edit_sees_users_but_no_form(client_of, file_claim):
    pk = file_claim(judged())
    text = client_of("auditor").get(f"/claims/{pk}").content.decode()
    assert BUYER in text
    assert "data-edit-users" not in text
    assert "data-edit-users" in client_of("reviewer").get(f"/claims/{pk}").content.decode()
