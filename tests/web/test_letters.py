"""The letter to an applicant: two who write it are told of each other, and one that rests on flags that are gone isn't sent."""

from __future__ import annotations

from tests.invented_claim import judged


def row(pk: int):
    from pipeline.review.web.models import Case

    return Case.objects.select_related("submission").get(pk=pk)


def seen(client, pk: int) -> str:
    return client.get(f"/claims/{pk}/letter").content.decode().partition('name="seen" value="')[2].partition('"')[0]


def write(client, pk: int, text: str, over: str):
    return client.post(f"/claims/{pk}/letter/save", {"kind": "return", "text": text, "seen": over})


def decide(client, pk: int, action: str = "return"):
    return client.post(f"/claims/{pk}/decide", {"action": action, "reason": "缺材料", "revision": row(pk).seen})


def test_who_writes_over_a_letter_that_somebody_else_wrote_meanwhile_is_shown_it(client_of, file_claim):
    from pipeline.review.web.models import Letter

    pk, client = file_claim(judged(without=["sales_invoice"])), client_of("reviewer")
    first = seen(client, pk)
    assert write(client, pk, "请补交销售发票。", first).status_code == 302
    answer = write(client, pk, "请补交全部材料。", first)  # from another tab
    assert answer.status_code == 409
    assert "请补交销售发票。" in answer.content.decode()
    assert Letter.objects.get().text == "请补交销售发票。"
    over = answer.content.decode().partition('data-seen="')[2].partition('"')[0]
    assert write(client, pk, "请补交全部材料。\r\n特此通知。", over).status_code == 302
    assert Letter.objects.get().text == "请补交全部材料。\n特此通知。"


def test_what_cannot_be_a_letter_is_told_and_nothing_of_it_is_cut_off(client_of, file_claim):
    from pipeline.review.web.models import Letter

    pk, client = file_claim(judged(without=["sales_invoice"])), client_of("reviewer")
    assert [write(client, pk, text, "").status_code for text in (" \n", "长" * 20_001)] == [422, 422]
    other = client_of("reviewer", "乙")
    client.get(f"/claims/{pk}")  # has it before them
    assert write(other, pk, "请补交。", "").status_code == 422
    assert not Letter.objects.exists()


def test_a_letter_that_rests_on_flags_that_are_gone_is_not_sent_before_somebody_looked(client_of, file_claim):
    pk, client = file_claim(judged(without=["sales_invoice", "payment_voucher"])), client_of("reviewer")
    write(client, pk, "请补交发票和凭证。", seen(client, pk))
    from pipeline.review.web import cases

    flag = next(flag for flag in cases.in_force(row(pk)).claim.flags if flag.severity == "supplement")
    client.post(f"/claims/{pk}/judge", {"flag": flag.key, "verdict": "dismissed", "reason": "已另行提交", "revision": row(pk).seen})
    answer = decide(client, pk)
    assert answer.status_code == 422
    assert "通知书" in answer.content.decode()
    assert "按现有问题重新起草" in client.get(f"/claims/{pk}/letter").content.decode()
    assert "请补交发票和凭证。" not in client.get(f"/claims/{pk}/letter?kind=return&fresh=1").content.decode()
    assert write(client, pk, "请补交凭证。", seen(client, pk)).status_code == 302
    assert decide(client, pk).status_code == 204
    assert "请补交凭证。" in row(pk).decisions.get().letter
    assert "请补交凭证。" in client_of("operator").get(f"/claims/{pk}").content.decode()  # what was sent can be read by everybody who sees the claim
