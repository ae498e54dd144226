"""What other papers say is found on a paper that prints it under no label that is known; what it doesn't print, or prints for something else, is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from models.field import Field, Region
from models.geometry import WHOLE_PAGE, Box
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Part
from pipeline.unlabelled import FOUND, with_unlabelled_found

FORM, POLICY, CONTRACT, INVOICE, DELIVERY = (
    PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.SALES_CONTRACT, PaperType.PREMIUM_INVOICE, PaperType.DELIVERY_PROOF)
APPLICANT, BUYER = "宁波东昇机床有限公司", "杭州恒远汽车零部件有限公司"


def line(y: float, text: str) -> Line:
    return Line(text=text, box=Box(0.1, y, 0.1 + 0.015 * len(text), y + 0.014), confidence=0.999, sure=(0.999,) * len(text))


def said(value: str, confidence: float = 0.99, box: Box = WHOLE_PAGE, number: int = 0) -> Field:
    return Field(value=value, raw=value, confidence=confidence, accepted=confidence > 0.9, source=Region(file="scan.pdf", page=number or 99, box=box))


def completed(papers: Sequence[tuple[PaperType, Mapping[str, Field]]], printed: Mapping[int, Sequence[str]]) -> list[dict[str, Field]]:
    """The papers' fields afterwards: one page each, in order. printed: lines of a page, by its number."""
    made = [Paper(type=kind, parts=(Part(file="scan.pdf", pages=(n,)),), fields=dict(fields)) for n, (kind, fields) in enumerate(papers, 1)]
    pages = [
        Page(file="scan.pdf", number=n, width=595, height=842, source=PageSource.OCR, lines=tuple(line(0.1 + 0.03 * i, text) for i, text in enumerate(printed.get(n, ()))))
        for n in range(1, len(made) + 1)]
    return [paper.fields for paper in with_unlabelled_found(made, pages)]


@pytest.mark.parametrize(
    ("name", "value", "print_", "found"),
    [
        ("premium", "271050.00", "本单所收款项为RMB271,050.00", True),
        ("premium", "271050.00", "本单所收款项为27.105万元", True),
        ("premium", "271050.00", "本单所收款项为RMB1,271,050.00", False),
        ("premium", "300.00", "其他300元", False),  # stands on a paper by chance
        ("premium_rate", "2.6", "按26‰收取", True),
        ("premium_rate", "2.6", "按2.6‰收取", False),
        ("period_end", "2021-03-16", "到二〇二一年三月十六日满", True),
        ("policy_number", "HJ33022020ZZ598216", "单 HJ33022020ZZ598216", True),
        ("policy_number", "HJ33022020ZZ598216", "单 HJ33022020ZZ5982163", False),
        ("product_name", "五轴卧式加工中心", "所保为五轴卧式加工中心两台", True),
    ],
)
def test_what_the_form_says_is_found_on_the_policy_where_it_is_printed(name: str, value: str, print_: str, found: bool) -> None:
    fields = completed([(FORM, {name: said(value)}), (POLICY, {})], {2: [print_]})[1]
    assert {n: (f.value, f.accepted) for n, f in fields.items()} == ({name: (value, False)} if found else {})
    if found:
        field = fields[name]
        assert field.confidence <= FOUND
        assert field.source is not None
        assert (field.source.page, field.raw in print_.replace(" ", "")) == (2, True)


def test_what_nobody_read_for_sure_or_two_contradict_is_not_looked_for() -> None:
    print_ = {2: ["RMB271,050.00"], 3: ["RMB271,050.00", "RMB369,000.00"]}
    assert completed([(FORM, {"premium": said("271050.00", 0.8)}), (POLICY, {})], print_)[1] == {}
    both = completed([(FORM, {"contract_amount": said("271050.00")}), (FORM, {"contract_amount": said("369000.00")}), (CONTRACT, {})], print_)
    assert both[2] == {}


def test_a_name_that_stands_there_for_something_else_is_not_taken_again() -> None:
    policy = {"policyholder_name": said(APPLICANT, box=line(0.1, APPLICANT).box, number=2)}
    assert "insured_name" not in completed([(FORM, {"applicant_name": said(APPLICANT)}), (POLICY, policy)], {2: [APPLICANT]})[1]
    assert completed([(FORM, {"applicant_name": said(APPLICANT)}), (POLICY, policy)], {2: [APPLICANT, f"兹承保{APPLICANT}"]})[1]["insured_name"].value == APPLICANT


def test_the_longer_of_two_names_that_stand_in_one_place() -> None:
    [*_, fields] = completed([(FORM, {"product_name": said("卧式加工中心")}), (CONTRACT, {"product_name": said("五轴卧式加工中心")}), (DELIVERY, {})], {3: ["收到五轴卧式加工中心"]})
    assert fields["product_name"].value == "五轴卧式加工中心"


def test_a_number_that_another_papers_remark_gives() -> None:
    number = "JH（2020）甬字第3542号"
    printed = {1: [f"备注 保险单号：{number}，产品：加工中心"], 2: [f"（{number}）"]}
    assert completed([(INVOICE, {}), (POLICY, {})], printed)[1]["policy_number"].value == number
    assert completed([(INVOICE, {}), (POLICY, {})], {1: printed[1]})[1] == {}


def test_an_amount_that_the_paper_s_own_figures_make() -> None:
    policy = {"premium_rate": said("2.5"), "premium": said("369000.00")}
    assert completed([(POLICY, policy)], {1: ["全年最多赔14,760,000.00元"]})[0]["sum_insured"].value == "14760000.00"
    assert "sum_insured" not in completed([(POLICY, policy)], {1: ["全年最多赔14,760,001.00元"]})[0]


def test_a_sentence_that_was_taken_for_a_name_gives_way_and_a_sure_value_does_not() -> None:
    read = "操作人员已完成培训"
    for confidence, value in ((0.5, BUYER), (0.8, read), (0.99, read)):
        fields = completed([(CONTRACT, {"buyer_name": said(BUYER)}), (DELIVERY, {"buyer_name": said(read, confidence)})], {2: [BUYER, read]})[1]
        assert fields["buyer_name"].value == value
