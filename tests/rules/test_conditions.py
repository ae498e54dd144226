"""Conditions of the scheme, at, below and above their edges: ningbo-2020, 一, 二, 三, 四（一）."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from invented_claim import (
    APPLICANT,
    BUYER,
    COMPANIES,
    award,
    codes,
    field,
    flags,
    holding,
    judged,
    officer,
    restriction,
    tables,
)

from models.paper import Track
from models.reference import Company

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE
FORM_CLAUSE = {EQ: "三（一）2", MA: "三（二）1", SW: "三（三）1"}


@pytest.mark.parametrize("track", [EQ, MA, SW])
@pytest.mark.parametrize(("rate", "flagged"), [("2.6", False), ("3", False), ("3.01", True)])
def test_only_a_rate_above_the_cap_blocks(track, rate, flagged):
    """最高不超过3%."""
    found = flags(judged(track, {"insurance_policy": {"premium_rate": rate}, "application_form": {"premium_rate": rate}}), "rate_above_cap")
    assert [(f.clause, f.severity.value, f.detail["found"]) for f in found] == ([(FORM_CLAUSE[track], "block", rate)] if flagged else [])


@pytest.mark.parametrize(
    ("track", "insured", "contract", "cap"),
    [
        (MA, "5000000.00", "1000000.00", None), (MA, "5000010.00", "1000000.00", "5000000.00"), (MA, "125000000.00", "40000000.00", None), (MA, "125000010.00", "40000000.00", "125000000.00"),
        (SW, "1500000.00", "500000.00", None), (SW, "1500010.00", "500000.00", "1500000.00"),
    ],
)
def test_the_sum_insured_stays_within_its_caps(track, insured, contract, cap):
    changes = {kind: {"sum_insured": insured} for kind in ("insurance_policy", "application_form")}
    changes["application_form"]["contract_amount"] = contract
    changes["sales_contract"] = {"contract_amount": contract}
    found = flags(judged(track, changes), "sum_insured_above_cap")
    assert [f.detail["cap"] for f in found] == ([cap] if cap else [])


@pytest.mark.parametrize(
    ("name", "box", "insured", "required"),
    [
        ("数控卧式镗铣床", "complete_set", "2000000.00", None),
        ("数控卧式镗铣床", "complete_set", "1999999.00", "2000000.00"),
        ("精密行星滚柱丝杠", "component", "4000000.00", None),
        ("精密行星滚柱丝杠", "component", "3999999.00", "4000000.00"),
        ("打磨抛光机器人", "component", "2000000.00", None),  # the box covers robots too, which are complete machines
        ("打磨抛光机器人", "component", "1999999.00", "2000000.00"),
    ],
)
def test_the_liability_limit_covers_the_equipments_value(name, box, insured, required):
    """单台或成套装备、控制系统……不低于装备价值，关键核心零部件……不低于装备价值的2倍."""
    changes = {kind: {"product_name": name} for kind in ("application_form", "sales_contract", "sales_invoice", "insurance_policy")}
    changes["application_form"] |= {"product_category": box}
    changes["insurance_policy"] |= {"sum_insured": insured}
    assert [f.detail["required"] for f in flags(judged(EQ, changes), "coverage_below_value")] == ([required] if required else [])


@pytest.mark.parametrize(
    ("asked", "invoice", "voucher", "form", "limit"),
    [
        ("32000.00", "40000.00", "40000.00", "40000.00", None),
        ("32001.00", "40000.00", "40000.00", "40000.00", "32000.00"),
        ("32000.00", "40000.00", "30000.00", "40000.00", "24000.00"),  # the lowest of the three counts
        ("6400.00", "8000.00", "8000.00", "8000.00", None),
    ],
)
def test_the_subsidy_is_at_most_80_percent_of_what_was_paid(asked, invoice, voucher, form, limit):
    claim = judged(EQ, {"application_form": {"subsidy_requested": asked, "premium_paid": form}, "premium_invoice": {"total_amount": invoice}, "payment_voucher": {"amount": voucher}})
    assert [f.detail["limit"] for f in flags(claim, "subsidy_above_limit")] == ([limit] if limit else [])


@pytest.mark.parametrize(("paid", "flagged"), [("8000.00", False), ("7999.99", False), ("7999.00", True), ("4000.00", True)])
def test_at_least_20_percent_of_the_premium_is_paid(paid, flagged):
    """已支付20%及以上保费; a cent is rounding."""
    claim = judged(EQ, {"application_form": {"premium_paid": paid}, "premium_invoice": {"total_amount": paid}, "payment_voucher": {"amount": paid}})
    assert [(f.clause, f.severity.value) for f in flags(claim, "premium_underpaid")] == ([("四（二）1（5）", "supplement")] if flagged else [])


@pytest.mark.parametrize(
    ("product", "covers", "flagged"),
    [
        ("新材料质量安全责任保险附加环境污染责任保险", (), False),
        ("环境污染责任保险、安全生产责任保险", (), True),
        ("新材料综合保险", ("环境污染责任保险",), True),
        ("新材料综合保险", ("质量安全责任保险", "环境污染责任保险"), False),
        ("新材料质量安全责任保险", (), False),
    ],
)
def test_voluntary_covers_stand_beside_the_quality_cover(product, covers, flagged):
    rows = tuple({"cover": field(cover)} for cover in covers)
    claim = judged(MA, {"insurance_policy": {"insurance_product": product}}, extra={"insurance_policy": {"rows": rows}})
    assert [f.clause for f in flags(claim, "base_cover_missing")] == (["二（二）2"] if flagged else [])


@pytest.mark.parametrize(
    ("figures", "missed"),
    [("抗拉强度500MPa，导电率80%IACS", []), ("抗拉强度0.52GPa，导电率82%IACS", []), ("抗拉强度499MPa，导电率82%IACS", ["抗拉强度"]), ("抗拉强度520MPa", []), ("屈服强度100MPa", [])],
)
def test_figures_reach_the_entrys_thresholds(figures, missed):
    claim = judged(MA, {"application_form": {"technical_parameters": figures}})
    assert [f.detail["parameter"] for f in flags(claim, "specification_below_threshold")] == missed


def test_a_figure_that_cannot_be_compared_is_left_to_a_person():
    claim = judged(MA, {"application_form": {"technical_parameters": "抗拉强度520N，导电率82%IACS"}})
    assert not flags(claim, "specification_below_threshold")
    (flag,) = flags(claim, "not_checked")
    assert (flag.detail["rule"], flag.message) == (
        "specification_below_threshold", "抗拉强度（要求≥500MPa）：材料所载520N与要求不能比较，“技术指标”一项未核对，请人工核对")


def test_the_match_says_which_thresholds_are_met_missed_or_not_stated():
    claim = judged(MA, {"application_form": {"technical_parameters": "抗拉强度499MPa"}})
    assert claim.catalogue_match is not None
    assert claim.catalogue_match.reason.endswith("技术参数0/1项达到；抗拉强度（要求≥500MPa）：材料所载499MPa，未达到；导电率（要求≥80%IACS）：材料中未见该参数")


def test_a_product_outside_the_catalogue_blocks_and_one_between_entries_is_for_a_person():
    outside = {kind: {"product_name": "社区图书借阅小程序"} for kind in ("application_form", "sales_contract", "insurance_policy", "ip_certificate")}
    between = {kind: {"product_name": "制造执行系统软件"} for kind in outside}
    assert [f.clause for f in flags(judged(SW, outside), "catalogue_no_match")] == ["一3"]
    found = flags(judged(SW, between), "catalogue_ambiguous")
    assert [f.detail["candidates"] for f in found] == [["T-SW-1", "T-SW-2"]]


HOLDER = "宁波远山控股集团有限公司"


@pytest.mark.parametrize(
    ("holdings", "percent"),
    [
        ([holding(APPLICANT[SW], BUYER, "25")], "25"),
        ([holding(APPLICANT[SW], BUYER, "24.9")], None),
        ([holding(BUYER, APPLICANT[SW], "51")], "51"),
        ([holding(APPLICANT[SW], HOLDER, "60"), holding(HOLDER, BUYER, "50")], "30"),
        ([holding(APPLICANT[SW], HOLDER, "45"), holding(HOLDER, BUYER, "49")], None),
        ([holding(HOLDER, APPLICANT[SW], "40"), holding(HOLDER, BUYER, "35")], "35"),
        ([holding(HOLDER, APPLICANT[SW], "40"), holding(HOLDER, BUYER, "24.9")], None),
    ],
)
def test_holdings_of_25_percent_relate_buyer_and_applicant(holdings, percent):
    """用户单位不得为关联企业: a block for software, for attention elsewhere."""
    found = flags(judged(SW, reference=tables(holdings=tuple(holdings))), "related_party_buyer")
    assert [(f.detail["percent"], f.severity.value) for f in found] == ([(percent, "block")] if percent else [])


@pytest.mark.parametrize(
    ("person", "role", "flagged"), [("沈澄", "监事", True), ("沈清", "监事", False), ("沈澄", "财务人员", False)])
def test_the_same_officer_relates_them(person, role, flagged):
    found = flags(judged(MA, reference=tables(officers=(officer(person, BUYER, role),))), "related_party_buyer")
    assert [f.severity.value for f in found] == (["review"] if flagged else [])


def test_a_shared_phone_in_the_papers_relates_them_and_a_shared_brand_is_a_hint():
    phone = judged(SW, {"application_form": {"buyer_phone": "13800000001"}})
    assert [f.severity.value for f in flags(phone, "related_party_buyer")] == ["block"]
    names = {kind: {"buyer_name": "宁波澄岳重工有限公司"} for kind in ("application_form", "sales_contract")}
    assert [f.severity.value for f in flags(judged(SW, names), "related_party_buyer")] == ["review"]


TRADERS = [
    (Company(name="台州甲商行", industry_code="F5179", business_scope="机械的批发"), "industry_code", "block"),
    (Company(name="台州甲实业有限公司", industry_code="L7299", business_scope="机电产品的批发、销售；贸易代理"), "business_scope", "block"),
    (Company(name="台州甲商贸有限公司", industry_code="L7299", business_scope="投资管理"), "name", "review"),
    (Company(name="台州甲物资装备制造有限公司", industry_code="C3459", business_scope="专用装备的制造；自产产品销售"), None, None),
    (Company(name="台州对外经济贸易学院", industry_code="P8341", business_scope="高等教育"), None, None),
]


@pytest.mark.parametrize(("company", "reason", "severity"), TRADERS)
def test_a_trader_is_no_user_of_software(company, reason, severity):
    names = {kind: {"buyer_name": company.name} for kind in ("application_form", "sales_contract")}
    found = flags(judged(SW, names, reference=tables(companies=(*COMPANIES, company))), "trader_buyer")
    assert [(f.detail["reason"], f.severity.value) for f in found] == ([(reason, severity)] if reason else [])


@pytest.mark.parametrize(("until", "flagged"), [(date(2021, 1, 14), False), (date(2021, 1, 15), True), (date(2022, 6, 30), True), (None, True)])
def test_a_restricted_applicant_blocks_until_the_last_day(until, flagged):
    """The form is of 2021-01-15."""
    found = flags(judged(EQ, reference=tables(restricted=(restriction(APPLICANT[EQ], until),))), "restricted_applicant")
    assert [f.clause for f in found] == (["四（一）"] if flagged else [])


# ---------------------------------------------------------------- what was granted before


def years(n, **values):
    return [award(contract_number="HT2020-001", insurance_year=i, policy_number=f"P{i}", period_start=date(2020 - n + i - 1, 3, 1), period_end=date(2020 - n + i, 3, 1) - timedelta(days=1), **values)
            for i in range(1, n + 1)]


@pytest.mark.parametrize(
    ("awards", "year", "expected"),
    [
        ([], "1", []),
        ([], "2", ["insurance_year_mismatch"]),
        (years(1), "2", []),
        (years(2), "3", []),
        (years(2), "2", ["insurance_year_mismatch"]),
        (years(3), "4", ["insurance_years_exceeded"]),
        ([award(contract_number="HT2020-001", period_end=date(2020, 2, 9))], "2", ["coverage_gap"]),
        ([award(contract_number=f"B{i}", policy_number=f"B{i}") for i in range(2)], "1", []),
        ([award(contract_number=f"B{i}", policy_number=f"B{i}") for i in range(3)], "1", ["batch_limit_exceeded"]),
        ([award(contract_number=f"B{i}", policy_number=f"B{i}", buyer_name="别的用户") for i in range(3)], "1", []),
        ([award(level="central", track="equipment", scheme="national-2015")], "1", ["central_subsidy_overlap"]),
    ],
)
def test_earlier_years_and_batches_of_equipment(awards, year, expected):
    assert codes(judged(EQ, {"application_form": {"insurance_year": year}}, reference=tables(awards=tuple(awards)))) == expected


@pytest.mark.parametrize(("signed", "flagged"), [("2020-03-01", False), ("2020-03-02", True)])
def test_a_component_is_bought_within_the_users_first_year(signed, flagged):
    changes = {kind: {"product_name": "精密行星滚柱丝杠"} for kind in ("application_form", "sales_contract", "sales_invoice", "insurance_policy")}
    changes["application_form"] |= {"product_category": "component"}
    changes["insurance_policy"] |= {"sum_insured": "4000000.00", "premium_rate": "1"}
    changes["application_form"] |= {"premium_rate": "1"}
    changes["sales_contract"] |= {"signed_on": signed}
    before = award(catalogue_entry="T-EQ-3", product_name="行星滚柱丝杠", period_start=date(2019, 3, 1), period_end=date(2020, 2, 29))
    assert codes(judged(EQ, changes, reference=tables(awards=(before,)))) == (["outside_first_year"] if flagged else [])


@pytest.mark.parametrize(
    ("track", "values", "code", "severity"),
    [
        (MA, {"catalogue_entry": "T-MA-1"}, "repeat_user", "block"),
        (MA, {"catalogue_entry": "T-MA-2"}, None, None),
        (MA, {"catalogue_entry": "T-MA-1", "buyer_name": "别的用户"}, None, None),
        (SW, {"catalogue_entry": "T-SW-3"}, "repeat_user", "block"),
        (MA, {"catalogue_entry": "T-MA-1", "level": "central", "buyer_name": "别的用户"}, "central_subsidy_overlap", "block"),
        (MA, {"catalogue_entry": "T-MA-2", "level": "central"}, None, None),
        (EQ, {"catalogue_entry": "T-EQ-2", "level": "central"}, "central_subsidy_overlap", "review"),
    ],
)
def test_users_and_products_that_were_subsidised_before(track, values, code, severity):
    known = award(track=track.value, applicant=APPLICANT[track], **values)
    assert [(f.code, f.severity.value) for f in judged(track, reference=tables(awards=(known,))).flags] == ([(code, severity)] if code else [])
