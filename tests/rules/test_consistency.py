"""Papers agree with each other within the rulebook's tolerances, and figures with themselves: ningbo-2020, 四（二）3, annexes 1, 4, 6."""

from __future__ import annotations

import pytest
from invented_claim import APPLICANT, BUYER, REMOVED, codes, field, flags, judged, paper

from models.paper import PaperType, Track

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE


def differing(claim):
    return [f.detail["field"] for f in flags(claim, "field_mismatch")]


@pytest.mark.parametrize(
    ("track", "kind", "name", "value", "expected"),
    [
        (EQ, "application_form", "policy_number", "PZDX202033020000001235", ["policy_number"]),
        (EQ, "business_licence", "company_name", "宁波澄岳机床有限责任公司", ["applicant_name"]),  # 有限责任公司 is another company
        (EQ, "sales_contract", "seller_name", "宁波远帆机械有限公司", ["applicant_name"]),
        (EQ, "premium_invoice", "seller_name", "中国平安财产保险股份有限公司宁波分公司", ["insurer_name"]),
        (EQ, "premium_invoice", "seller_name", "中国人民财产保险股份有限公司", []),  # its head office
        (EQ, "application_form", "insurer_name", "中国人民财产保险股份有限公司宁波分公司", []),  # 市 left out
        (MA, "sales_contract", "buyer_name", "台州另望轴承有限公司", ["buyer_name"]),
        (EQ, "sales_invoice", "buyer_name", "台州另望轴承有限公司", ["buyer_name"]),
        (MA, "application_form", "premium_rate", "2.1", ["premium_rate"]),
        (MA, "application_form", "premium_rate", "2.004", []),
        (MA, "application_form", "period_end", "2021-03-28", ["period"]),
        (EQ, "application_form", "period_end", "2021-03", ["period"]),
        (EQ, "application_form", "period_start", "2020-03", []),  # the month of the policy's first day
        (MA, "application_form", "contract_amount", "1100000.00", ["contract_amount"]),
        (MA, "application_form", "insured_quantity", "60", ["quantity"]),
        (EQ, "payment_voucher", "amount", "39000.00", ["premium_paid"]),
        (EQ, "insurance_policy", "product_name", "精密行星滚柱丝杠", ["product_name"]),
        (EQ, "insurance_policy", "product_name", "卧式镗铣加工中心（数控）", []),
    ],
)
def test_what_differs_between_papers_is_told_by_its_field(track, kind, name, value, expected):
    assert differing(judged(track, {kind: {name: value}})) == expected


@pytest.mark.parametrize(("figure", "raw", "flagged"), [("40000.00", "4.0000", False), ("40001.00", "4.0001", True), ("40000.00", "4", False), ("44000.00", "4.4", True)])
def test_amounts_agree_within_half_of_the_coarser_ones_last_digit(figure, raw, flagged):
    """A form in 万元 with four decimals is good to half a yuan."""
    changes = {"application_form": {"premium": field(figure, raw=raw)}, "insurance_policy": {"premium": field("40000.40", raw="40,000.40")}}
    assert ("premium" in differing(judged(EQ, changes))) is flagged


def test_instalments_are_added_up():
    halves = {"premium_invoice": {"total_amount": "15000.00"}, "payment_voucher": {"amount": "15000.00"}}
    rest = [
        paper(PaperType.PREMIUM_INVOICE, {"invoice_number": "20000002", "invoice_date": "2020-04-01", "seller_name": "中国人民财产保险股份有限公司宁波市分公司", "buyer_name": APPLICANT[EQ],
                                          "total_amount": "25000.00"}, 20),
        paper(PaperType.PAYMENT_VOUCHER, {"amount": "25000.00", "paid_on": "2020-04-02", "voucher_number": "V20200402"}, 21),
    ]
    assert codes(judged(EQ, halves, more=rest)) == []
    assert differing(judged(EQ, halves, more=rest[:1])) == ["premium_paid"]


def test_a_second_scan_of_an_invoice_is_not_added():
    again = paper(PaperType.PREMIUM_INVOICE, {"invoice_number": "20000001", "total_amount": "40000.00", "buyer_name": APPLICANT[EQ]}, 20)
    assert codes(judged(EQ, more=[again])) == []


def test_last_years_policy_beside_this_years_disputes_nothing():
    old = paper(PaperType.INSURANCE_POLICY, {
        "policy_number": "PZDX201933020000009999", "insurer_name": "中国人民财产保险股份有限公司宁波市分公司", "policyholder_name": APPLICANT[EQ], "premium": "50000.00", "premium_rate": "2.5",
        "sum_insured": "2000000.00", "period_start": "2019-03-01", "period_end": "2020-02-29"}, 20)
    made = judged(EQ, more=[old])
    assert codes(made) == []
    assert made.fields["premium"].value == "40000.00"


@pytest.mark.parametrize(("form", "contract", "unit", "expected"), [("50吨", "50000", "kg", []), ("50吨", "50000", "台", ["quantity"]), ("50吨", "51000", "kg", ["quantity"])])
def test_tonnes_and_kilograms_are_one_quantity(form, contract, unit, expected):
    changes = {"application_form": {"insured_quantity": field("50", raw=form)}, "sales_contract": {"quantity": contract, "unit_price": "20.00"}}
    assert differing(judged(MA, changes, extra={"sales_contract": {"rows": ({"unit": field(unit)},)}})) == expected


def test_one_character_that_two_other_papers_write_otherwise_is_a_misreading():
    claim = judged(EQ, {"premium_invoice": {"buyer_name": APPLICANT[EQ][:-1] + "同"}})
    assert codes(claim) == ["not_checked"]


def test_two_users_contracts_are_added_up():
    second = paper(PaperType.SALES_CONTRACT, {
        "contract_number": "HT2020-002", "buyer_name": "温州听涛泵业有限公司", "seller_name": APPLICANT[EQ], "product_name": "数控卧式镗铣床", "quantity": "1", "unit_price": "1000000.00",
        "contract_amount": "1000000.00"}, 20)
    first = {"sales_contract": {"quantity": "1", "contract_amount": "1000000.00"}}
    assert codes(judged(EQ, first, more=[second], buyers=[(BUYER, "1"), ("温州听涛泵业有限公司", "1")])) == []
    assert differing(judged(EQ, first, more=[second])) == ["buyer_name"]


@pytest.mark.parametrize(("confidence", "accepted", "expected"), [(0.99, True, "field_mismatch"), (0.55, False, "not_checked")])
def test_a_doubtful_value_that_differs_is_not_checked_rather_than_flagged(confidence, accepted, expected):
    claim = judged(EQ, {"application_form": {"policy_number": field("PZDX202033020000001284", confidence, accepted)}})
    assert codes(claim) == [expected]


def wrong(claim):
    return [(f.detail["relation"], f.detail["document"]) for f in flags(claim, "arithmetic_error")]


@pytest.mark.parametrize(
    ("track", "changes", "expected"),
    [
        (EQ, {"insurance_policy": {"premium": "41000.00"}, "application_form": {"premium": "41000.00"}}, [("premium", "insurance_policy")]),
        (EQ, {"insurance_policy": {"premium": "40000.40"}, "application_form": {"premium": "40000.00"}}, []),  # 2.00002 % is 2 %
        (EQ, {"application_form": {"subsidy_requested": "31000.00"}}, [("subsidy_requested", "application_form")]),
        (EQ, {"application_form": {"subsidy_requested": "33000.00"}}, []),  # above the limit: subsidy_above_limit alone
        (EQ, {"application_form": {"total_quantity": "3"}}, [("total_quantity", "application_form")]),
        (EQ, {"sales_contract": {"contract_amount": "1900000.00"}}, [("contract_amount", "sales_contract")]),
        (EQ, {"sales_contract": {"contract_amount": "2100000.00"}}, [("contract_amount", "sales_contract")]),
        (EQ, {"sales_invoice": {"tax_amount": "230089.50"}}, [("invoice_total", "sales_invoice")]),
        (EQ, {"sales_invoice": {"tax_amount": "230088.51"}}, []),
    ],
)
def test_relations_between_figures_hold(track, changes, expected):
    assert wrong(judged(track, changes)) == expected


def test_what_comes_along_with_a_product_whose_price_makes_up_the_amount_is_no_accessory():
    rows = ({"product_name": field("卧式数控镗铣床")}, {"product_name": field("随机工具及易损件")})  # a list of supply without prices; the price of one is told elsewhere
    assert not flags(judged(EQ, extra={"sales_contract": {"rows": rows}}), "accessory_included")
    dearer = judged(EQ, {"sales_contract": {"contract_amount": "2058000.00"}}, extra={"sales_contract": {"rows": rows}})
    assert [f.detail["items"] for f in flags(dearer, "accessory_included")] == [["随机工具及易损件"]]


def test_accessories_that_are_listed_account_for_a_higher_amount():
    rows = ({"product_name": field("卧式数控镗铣床"), "amount": field("2000000.00")}, {"product_name": field("空气压缩机"), "amount": field("58000.00")})
    claim = judged(EQ, {"sales_contract": {"contract_amount": "2058000.00"}}, extra={"sales_contract": {"rows": rows}})
    assert wrong(claim) == []
    assert [f.detail["items"] for f in flags(claim, "accessory_included")] == [["空气压缩机"]]


def test_words_that_were_cut_off_in_reading_are_no_error():
    def voucher(words, raw):
        return judged(EQ, {"payment_voucher": {"amount": "41236.80"}}, extra={"payment_voucher": {"extra": {"amount_in_words": field(words, raw=raw)}}})

    assert wrong(voucher("0.80", "捌角整")) == []
    assert wrong(voucher("41236.00", "肆万壹仟贰佰叁拾陆元")) == []  # 捌角整 stands in the next line
    assert wrong(voucher("41236.00", "肆万壹仟贰佰叁拾陆元整")) == [("amount_in_words", "payment_voucher")]
    assert wrong(voucher("47236.80", "肆万柒仟贰佰叁拾陆元捌角整")) == [("amount_in_words", "payment_voucher")]


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [("sales_contract", "2000000.00", []), ("sales_contract", "2200000.00", [("amount_in_words", "sales_contract")]), ("payment_voucher", "4000.00", [("amount_in_words", "payment_voucher")])],
)
def test_the_amount_in_words_is_the_amount_in_figures(kind, words, expected):
    assert wrong(judged(EQ, extra={kind: {"extra": {"amount_in_words": field(words)}}})) == expected


def test_a_doubtful_figure_makes_no_arithmetic_error():
    assert wrong(judged(EQ, {"sales_contract": {"contract_amount": field("1900000.00", 0.5, False)}})) == []


@pytest.mark.parametrize(
    ("form", "told"),
    [("PZDX202033020000001243", "field_mismatch"), ("PZDX20203302000000123", "not_checked"), ("DX202033020000001234", "not_checked"), ("PZDX202033020000001234", None)],
)
def test_a_number_of_which_an_end_is_lost_is_looked_at_rather_than_blamed(form, told):
    claim = judged(EQ, {"application_form": {"policy_number": form}})
    assert codes(claim) == ([told] if told else [])


@pytest.mark.parametrize(
    ("track", "kind", "name", "rules"),
    [
        (SW, "sales_contract", "product_name", ["field_mismatch"]),
        (EQ, "insurance_policy", "product_name", ["field_mismatch"]),
        (EQ, "sales_invoice", "buyer_name", ["field_mismatch"]),
        (MA, "business_licence", "company_name", ["field_mismatch"]),
        (MA, "premium_invoice", "seller_name", ["field_mismatch"]),
        (MA, "insurance_policy", "sum_insured", ["field_mismatch", "arithmetic_error"]),
        (EQ, "insurance_policy", "sum_insured", ["arithmetic_error"]),  # its form names none
        (EQ, "sales_invoice", "tax_amount", ["arithmetic_error"]),
        (MA, "sales_contract", "unit_price", ["arithmetic_error"]),
        (EQ, "sales_contract", "quantity", ["field_mismatch", "arithmetic_error"]),
        (SW, "sales_contract", "unit_price", []),  # of one
        (SW, "sales_contract", "quantity", []),
        (EQ, "insurance_policy", "insured_name", []),  # compared with nothing
    ],
)
def test_what_was_not_found_of_a_paper_is_not_passed_over(track, kind, name, rules):
    """Nothing can be held against a value that wasn't read, so the rule says that it didn't check."""
    told = [f.detail["rule"] for f in flags(judged(track, {kind: {name: REMOVED}}), "not_checked")]
    assert [rule for rule in told if rule in ("field_mismatch", "arithmetic_error")] == rules


def test_users_of_equipment_that_were_not_read_are_held_against_nothing():
    told = flags(judged(EQ, extra={"application_form": {"buyers": ()}}), "not_checked")
    assert "application_form.buyer_name" in [name for f in told for name in f.detail["fields"]]


def test_a_name_that_lost_a_character_is_not_checked_rather_than_flagged():
    assert differing(judged(EQ, {"sales_invoice": {"buyer_name": BUYER[:2] + BUYER[3:]}})) == []
