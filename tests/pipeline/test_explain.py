"""Why a field is what it is: the candidates, their checks in order, why one won, why nobody need look, or somebody must."""

from __future__ import annotations

import pytest
from invented_claim import REMOVED, field, judged

from models.errors import UsageError
from models.field import Field, Reading
from models.paper import PaperType, Track
from pipeline.explain import ADDED, AGREES, LOST, WON, Explanation, explain

EQ = Track.EQUIPMENT


def told(target: str, changes: dict | None = None, **how: object) -> Explanation:
    (only,) = explain(judged(EQ, changes, **how), target)
    return only


def doubtful(value: str, why: str = "字迹不清") -> Field:
    return field(value, 0.95, page=5).lowered(0.5, why)


def test_the_policy_speaks_first_and_the_form_agrees() -> None:
    said = told("policy_number")
    assert (said.value, said.accepted, said.label) == ("PZDX202033020000001234", True, "保单号")
    assert [(c.verdict, c.document) for c in said.candidates] == [(WON, "insurance_policy"), (AGREES, "application_form")]
    assert [check.said for check in said.checks] == ["2份材料一致"]
    assert said.acceptance.startswith("采信")


def test_a_doubtful_first_voice_gives_way_and_both_are_told() -> None:
    said = told("policy_number", {"insurance_policy": {"policy_number": doubtful("PZDX202033020000001284")}})
    assert (said.value, said.accepted) == ("PZDX202033020000001234", True)
    form, policy = said.candidates
    assert (form.verdict, form.document, policy.verdict, policy.document) == (WON, "application_form", LOST, "insurance_policy")
    assert "未可靠读出" in policy.why
    assert [(c.said, c.before, c.after) for c in policy.checks] == [("字迹不清", 0.95, 0.5)]


def test_papers_that_differ_leave_the_value_to_a_person() -> None:
    said = told("premium", {"application_form": {"premium": "50000.00"}})
    assert (said.value, said.accepted) == ("40000.00", False)
    assert "材料之间不一致" in said.acceptance
    assert "已因此降低中选值的可信度" in said.candidates[1].why
    assert [(c.said, c.after) for c in said.checks] == [("材料之间不一致", 0.5)]


def test_contracts_are_added_up_and_each_is_shown() -> None:
    from invented_claim import paper

    second = paper(PaperType.SALES_CONTRACT, {"contract_number": "HT2020-002", "buyer_name": "台州望溪轴承制造有限公司", "contract_amount": "500000.00"}, page=20)
    said = told("contract_amount", more=(second,))
    assert said.value == "2500000.00"
    assert [(c.verdict, c.value) for c in said.candidates] == [(WON, "2500000.00"), (ADDED, "2000000.00"), (ADDED, "500000.00")]


def test_a_second_scan_is_told_though_it_is_not_heard() -> None:
    from invented_claim import paper

    claim = judged(EQ)
    policy = next(p for p in claim.papers if p.type is PaperType.INSURANCE_POLICY)
    copy = paper(PaperType.INSURANCE_POLICY, {name: f.text for name, f in policy.fields.items() if name != "product_name"}, page=21)
    said = told("policy_number", more=(copy,))
    assert [(c.verdict, c.page) for c in said.candidates if c.document == "insurance_policy"] == [(WON, 5), (LOST, 21)]
    assert "另一份扫描件" in said.candidates[-1].why


def test_candidates_of_one_paper_and_how_it_was_read() -> None:
    read = Reading(characters=0.8, place=0.95, fit=1.0, weak=(("8", 0.8),), label="保单号：", how="right")
    won = field("PZDX1", 0.76, page=5).model_copy(update={"read": read}).over([(field("PZDX2", 0.5, page=6), "标签不如所选一处可靠")]).raised(0.97, "与条码一致")
    (said,) = explain(judged(EQ, {"insurance_policy": {"policy_number": won}}), "insurance_policy.policy_number")
    first, second = said.candidates
    assert (first.verdict, first.found, first.characters, first.weak) == (WON, "标签“保单号：”，标签右侧", 0.8, (("8", 0.8),))
    assert [(c.said, c.before, c.after) for c in first.checks] == [("与条码一致", 0.76, 0.97)]
    assert (second.verdict, second.value, second.page, second.why) == (LOST, "PZDX2", 6, "标签不如所选一处可靠")


def test_a_field_that_only_papers_have_is_told_for_each_of_them() -> None:
    said = explain(judged(EQ), "invoice_number")
    assert [(s.target, s.value) for s in said] == [("sales_invoice.invoice_number", "10000001"), ("premium_invoice.invoice_number", "20000001")]


@pytest.mark.parametrize(
    ("target", "changes", "without", "why"),
    [
        ("policy_number", {"application_form": {"policy_number": REMOVED}, "insurance_policy": {"policy_number": REMOVED}}, (), "没有材料显示此项"),
        ("business_licence.credit_code", {}, ("business_licence",), "申报材料中没有营业执照"),
        ("business_licence.credit_code", {}, (), "营业执照（scan.pdf 第2页）中未读出此项"),
    ],
)
def test_what_is_not_there_is_said_to_be_absent(target: str, changes: dict, without: tuple[str, ...], why: str) -> None:
    said = told(target, changes, without=without)
    assert (said.value, said.accepted, said.acceptance, said.candidates) == ("", False, why, ())


def test_a_value_that_a_person_corrected_is_told_as_such() -> None:
    claim = judged(EQ)
    claim = claim.model_copy(update={"fields": {**claim.fields, "premium": field("41000.00")}})
    (said,) = explain(claim, "premium")
    assert said.value == "41000.00"
    assert "按现有材料应选40000.00" in said.acceptance


@pytest.mark.parametrize(
    ("target", "near"), [("premum", "premium"), ("insurance_policy.polcy_number", "insurance_policy.policy_number"), ("insurance_polcy.premium", "insurance_policy.premium"), ("sales_contract.premium", "field")])
def test_an_unknown_field_names_the_nearest(target: str, near: str) -> None:
    with pytest.raises(UsageError, match=near):
        explain(judged(EQ), target)
