"""A name that is one character off what other papers of the submission say is left to a person."""

import pytest

from models.field import Field
from models.paper import Paper, PaperType, Part
from pipeline.evidence import with_sides_doubted, with_slips_doubted


def paper(kind: PaperType, number: int, **fields: str) -> Paper:
    read = {name: Field(value=value, raw=value, confidence=0.99, accepted=True) for name, value in fields.items()}
    return Paper(type=kind, parts=(Part(file="scan.pdf", pages=(number,)),), fields=read)


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("宁波明昊磁性材料有限公司", True),
        ("宁波明吴磁性材料有限公司", False),  # misread
        ("宁波明昊磁材料有限公司", False),  # a character lost
        ("宁波明昊磁性材料有限责任公司", True),  # another company, not a slip
        ("江苏瑞昊新能源科技股份有限公司", True),
    ],
)
def test_a_slip_in_one_paper_is_not_accepted(name: str, accepted: bool) -> None:
    right = "宁波明昊磁性材料有限公司"
    papers = [
        paper(PaperType.APPLICATION_FORM, 1, applicant_name=right),
        paper(PaperType.BUSINESS_LICENCE, 2, company_name=right),
        paper(PaperType.PREMIUM_INVOICE, 3, buyer_name=name, invoice_number="12345678"),
    ]
    *others, invoice = with_slips_doubted(papers)
    assert invoice.fields["buyer_name"].value == name
    assert invoice.fields["buyer_name"].accepted is accepted
    assert invoice.fields["invoice_number"].accepted
    assert all(field.accepted for other in others for field in other.fields.values())


def test_two_papers_that_differ_decide_nothing() -> None:
    papers = [paper(PaperType.APPLICATION_FORM, 1, applicant_name="宁波明昊有限公司"), paper(PaperType.BUSINESS_LICENCE, 2, company_name="宁波明吴有限公司")]
    assert all(field.accepted for p in with_slips_doubted(papers) for field in p.fields.values())


@pytest.mark.parametrize(("payee", "accepted"), [("国恒财产保险股份有限公司宁波分公司", True), ("宁波明昊磁性材料有限公司", False)])
def test_a_policyholder_neither_pays_nor_buys_from_itself(payee: str, accepted: bool) -> None:
    own = "宁波明昊磁性材料有限公司"
    form, licence, voucher, contract = with_sides_doubted((
        paper(PaperType.APPLICATION_FORM, 1, applicant_name=own),
        paper(PaperType.BUSINESS_LICENCE, 2, company_name=own),
        paper(PaperType.PAYMENT_VOUCHER, 3, payer_name=own, payee_name=payee),
        paper(PaperType.SALES_CONTRACT, 4, buyer_name=payee, seller_name=own),
    ))
    assert voucher.fields["payee_name"].accepted is contract.fields["buyer_name"].accepted is accepted
    assert all(field.accepted for field in (form.fields["applicant_name"], licence.fields["company_name"], voucher.fields["payer_name"]))


def test_sides_that_were_exchanged_are_both_left_to_a_person() -> None:
    own, buyer = "宁波明昊磁性材料有限公司", "杭州嘉越电机有限公司"
    form, _, contract, invoice = with_sides_doubted((
        paper(PaperType.APPLICATION_FORM, 1, applicant_name=own),
        paper(PaperType.BUSINESS_LICENCE, 2, company_name=own),
        paper(PaperType.SALES_CONTRACT, 3, buyer_name=own, seller_name=buyer),
        paper(PaperType.SALES_INVOICE, 4, buyer_name=buyer, seller_name=own),
    ))
    assert not any(field.accepted for field in contract.fields.values())
    assert all(field.accepted for field in (*form.fields.values(), *invoice.fields.values()))


@pytest.mark.parametrize(("other", "accepted"), [("宁波市某区澥浦镇凤翔路61号", True), ("宁波市某区邂浦镇凤翔路61号", False), ("宁波市某区澥浦镇凤翔路67号", True), ("宁波市某区澥浦镇凤翔南路61号", True)])
def test_an_address_one_character_off_another_paper_s_is_not_accepted(other: str, accepted: bool) -> None:
    papers = [paper(PaperType.APPLICATION_FORM, 1, address="宁波市某区澥浦镇凤翔路61号"), paper(PaperType.BUSINESS_LICENCE, 2, address=other)]
    assert {p.fields["address"].accepted for p in with_slips_doubted(papers)} == {accepted}


@pytest.mark.parametrize(("applicant", "accepted"), [("杭州嘉越电机有限公司", False), ("宁波明昊磁性材料有限公司", True)])
def test_an_applicant_whom_the_sale_names_as_buyer_is_for_a_person(applicant: str, accepted: bool) -> None:
    own, buyer = "宁波明昊磁性材料有限公司", "杭州嘉越电机有限公司"
    form, *_ = with_sides_doubted((
        paper(PaperType.APPLICATION_FORM, 1, applicant_name=applicant),
        paper(PaperType.BUSINESS_LICENCE, 2, company_name=own),
        paper(PaperType.INSURANCE_POLICY, 3, policyholder_name=own),
        paper(PaperType.SALES_CONTRACT, 4, buyer_name=buyer, seller_name=own),
    ))
    assert form.fields["applicant_name"].accepted is accepted
