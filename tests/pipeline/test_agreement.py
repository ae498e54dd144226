"""Values that several papers have: borne out, unless a check of their own paper or the way they were found speaks against that."""

from __future__ import annotations

import pytest

from models.field import Field
from models.paper import Paper, PaperType, Part
from pipeline.agreement import with_agreement_heeded
from pipeline.unlabelled import FOUND_SO

FORM, POLICY, VOUCHER = PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.PAYMENT_VOUCHER


def sure(value: str) -> Field:
    return Field(value=value, raw=value, confidence=0.99, accepted=True)


def unsure(value: str, confidence: float = 0.85) -> Field:
    return Field(value=value, raw=value, confidence=confidence)


def paper(number: int, kind: PaperType, fields: dict[str, Field]) -> Paper:
    return Paper(type=kind, parts=(Part(file="scan.pdf", pages=(number,)),), fields=fields)


def heeded(said: dict[PaperType, dict[str, Field]]) -> dict[PaperType, dict[str, Field]]:
    made = with_agreement_heeded([paper(n, kind, fields) for n, (kind, fields) in enumerate(said.items(), 1)])
    return {p.type: dict(p.fields) for p in made}


@pytest.mark.parametrize(("name", "value"), [("product_name", "全自动冷镦成形设备"), ("period_end", "2021-02-28"), ("premium", "23762.50"), ("policy_number", "PQ20203302000123")])
def test_a_value_that_another_paper_has_is_borne_out(name: str, value: str) -> None:
    field = heeded({POLICY: {name: unsure(value)}, FORM: {name: sure(value)}})[POLICY][name]
    assert (field.accepted, field.borne_out, field.why) == (True, True, ("与其他材料一致",))


def test_the_same_fact_under_another_name() -> None:
    assert heeded({VOUCHER: {"payer_name": unsure("宁波某某装备有限公司")}, FORM: {"applicant_name": sure("宁波某某装备有限公司")}})[VOUCHER]["payer_name"].accepted


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (unsure("全自动冷镦成形机组"), sure("全自动冷镦成形设备")),
        (unsure("....全自动冷镦成形设备"), sure("全自动冷镦成形设备")),  # leaders before it
        (unsure("全自动冷镦成形设备"), unsure("全自动冷镦成形设备")),  # neither was sure of itself
        (unsure("全自动冷镦成形设备").lowered(0.8, FOUND_SO), sure("全自动冷镦成形设备")),  # looked for because the other has it
        (unsure("全自动冷镦成形设备").lowered(0.4, "大小写不一致"), sure("全自动冷镦成形设备")),
        (unsure("全自动冷镦成形设备", 0.1), sure("全自动冷镦成形设备")),  # hardly read at all
    ],
    ids=["another value", "more around it", "nobody sure", "looked for", "a check failed", "hardly read"],
)
def test_what_is_not_borne_out(own: Field, other: Field) -> None:
    assert heeded({POLICY: {"product_name": own}, FORM: {"product_name": other}})[POLICY]["product_name"] == own


def test_a_doubt_about_where_a_name_ends_is_settled_by_another_paper() -> None:
    own = sure("全自动冷镦成形设备").lowered(0.85, "名称后另有型号或数量")
    assert heeded({POLICY: {"product_name": own}, FORM: {"product_name": sure("全自动冷镦成形设备")}})[POLICY]["product_name"].accepted


def test_of_instalments_none_bears_out_another() -> None:
    paid = [paper(1, VOUCHER, {"amount": sure("1000.00")}), paper(2, VOUCHER, {"amount": unsure("1000.00")})]
    assert [p.fields["amount"].accepted for p in with_agreement_heeded(paid)] == [True, False]
