"""Each row of the rulebook: a claim that must be flagged, one just inside the edge that must not be, one where what the rule needs wasn't read or given.

The edges themselves are tested rule by rule beside this file; here no row may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pytest
from invented_claim import APPLICANT, BUYER, INSURER, SCHEME, YEAR, award, field, holding, judged, looked_across, paper, papers, restriction, seal, tables

from models.claim import Claim
from models.flag import Flag
from models.geometry import Box
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Track
from models.reference import Company, Reference
from pipeline.assemble import assemble
from pipeline.prints import prints_of
from pipeline.process import judge_anew
from pipeline.rules import RULES

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE
FORM, POLICY, CONTRACT, INVOICE, PREMIUM, VOUCHER, LICENCE, REPORT = (
    "application_form", "insurance_policy", "sales_contract", "sales_invoice", "premium_invoice", "payment_voucher", "business_licence", "test_report")
DOUBTFUL = field("unclear", 0.4, False)
NEW_NUMBERS = {POLICY: {"policy_number": "PZDX202033020000009999"}, INVOICE: {"invoice_number": "10009999"}, PREMIUM: {"invoice_number": "20009999"}}
VOUCHER_PAGE = ("网上银行电子回单", "电子回单号码：2020051697137969", "付款账号 3901311409267112123", "收款账号 3901100009000012345", "交易时间 2020-05-16", "小写：¥614,625.00", "业务种类 网上汇款")
POLICY_NUMBER = "PZDX202033020000001234"
TRADER = Company(name=BUYER, industry_code="F5179", business_scope="机械设备销售")


def claim(track: Track = EQ, changes: Mapping[str, Mapping[str, Any]] | None = None, *, sid: str = "T-0001", **how: Any) -> Claim:
    return judged(track, changes, submission_id=sid, **how)


def batch(*claims: Claim, insurers: Sequence[Paper] = (), reference: Reference | None = None) -> tuple[Flag, ...]:
    """The flags of the first of these claims, looked at together."""
    return looked_across(claims, insurers, reference or tables())[0].flags


def alone(track: Track = EQ, changes: Mapping[str, Mapping[str, Any]] | None = None, **how: Any) -> tuple[Flag, ...]:
    return claim(track, changes, **how).flags


def other(track: Track = EQ, changes: Mapping[str, Mapping[str, Any]] | None = None, **how: Any) -> Claim:
    """Another submission of the batch, with numbers of its own but where `changes` says otherwise."""
    own: dict[str, dict[str, Any]] = {kind: dict(values) for kind, values in NEW_NUMBERS.items()}
    if track is EQ:
        own[FORM] = {"policy_number": "PZDX202033020000009999"}
    for kind, values in (changes or {}).items():
        own.setdefault(kind, {}).update(values)
    return claim(track, own, sid="T-0002", **how)


def printed(one: Claim, lines: Sequence[str], page: int = 7) -> Claim:
    """The claim with one more page, which bears these lines."""
    read = tuple(Line(text=text, box=Box(0.1, 0.1 + 0.05 * n, 0.5, 0.12 + 0.05 * n), confidence=0.99) for n, text in enumerate(lines))
    scan = Page(file="scan.pdf", number=page, width=595, height=842, source=PageSource.OCR, lines=read, look=0b1011)
    return one.model_copy(update={"prints": prints_of([scan])})


def changed(lines: Sequence[str], old: str, new: str) -> list[str]:
    return [line.replace(old, new) for line in lines]


def summary(track: Track = EQ, *, insurer: Any = INSURER, total: Mapping[str, Any] | None = None, **cells: Any) -> Paper:
    """An insurer's table with the usual claim's row, its cells changed; None takes one out."""
    rows = {
        EQ: {"序号": "1", "投保企业名称": APPLICANT[EQ], "产品名称及型号": "数控卧式镗铣床 TK6913", "保单号": POLICY_NUMBER, "保险期限": "2020.03.01-2021.02.28", "投保数量": "2",
             "保险合同金额": "2000000.00", "保险费率（%）": "2", "保费金额": "40000.00", "实缴保费金额": "40000.00", "申请补贴金额": "32000.00", "保险年次": "第一年"},
        MA: {"序号": "1", "投保企业名称": APPLICANT[MA], "材料名称": "高强高导铜铬锆棒", "保单号": POLICY_NUMBER, "保险期限": "2020-03-01至2021-02-28", "合同金额": "1000000.00",
             "保险金额": "5000000.00", "保险费率(%)": "2", "保费金额": "100000.00", "实缴保费金额": "100000.00", "申请补贴金额": "80000.00"},
    }[track]
    row = {heading: value for heading, value in {**rows, **cells}.items() if value is not None}
    return _table(PaperType.INSURER_SUMMARY, SCHEME.tables[track].claims, insurer, row, total)


def losses(**cells: Any) -> Paper:
    row = {"序号": "1", "投保企业名称": APPLICANT[EQ], "保单号码": POLICY_NUMBER, "报案时间": "2020-06-23", "出险原因": "主轴磨损停产", "总赔付金额": "260000.00", "已赔付金额": "130000.00", **cells}
    return _table(PaperType.CLAIMS_SUMMARY, 3, INSURER, row, None)


def _table(kind: PaperType, annex: int, insurer: Any, row: Mapping[str, Any], total: Mapping[str, Any] | None) -> Paper:
    cells = {heading: value if not isinstance(value, str) else field(value) for heading, value in row.items()}
    return paper(
        kind, {"insurer_name": insurer} if insurer else {}, rows=(cells,), annex=annex, total={heading: field(value) for heading, value in (total or {}).items()})


class Row(NamedTuple):
    """flagged, near: the flags of a claim that the rule must find fault with, and must not. lacking: those of one whose inputs weren't read or given, told by `told`."""

    flagged: tuple[Flag, ...]
    near: tuple[Flag, ...]
    lacking: tuple[Flag, ...]
    told: str = "not_checked"


def _of_no_track() -> tuple[Flag, ...]:
    loose = [p for p in papers(EQ) if p.type in (PaperType.BUSINESS_LICENCE, PaperType.PAYMENT_VOUCHER)]
    return judge_anew(assemble("T-0003", loose, SCHEME), tables(), SCHEME, YEAR).flags


def _named(name: str, box: str = "complete_set", **more: Any) -> dict[str, dict[str, Any]]:
    """All papers' product."""
    changes: dict[str, dict[str, Any]] = {kind: {"product_name": name} for kind in (FORM, CONTRACT, INVOICE, POLICY)}
    changes[FORM] |= {"product_category": box}
    for kind, values in more.items():
        changes.setdefault(kind, {}).update(values)
    return changes


def _rates(rate: Any) -> dict[str, dict[str, Any]]:
    return {POLICY: {"premium_rate": rate}, FORM: {"premium_rate": rate}}


def _covers(*names: str) -> dict[str, Any]:
    return {"extra": {POLICY: {"rows": tuple({"cover": field(name)} for name in names)}}}


OLD = {"year": 2020, "contract_number": "HT2019-900"}
SAME_CONTRACT = {"contract_number": "HT2020-001"}
COMPONENT = _named("精密行星滚柱丝杠", "component", insurance_policy={"sum_insured": "4000000.00"})
BROADER = {"product_name": "制造执行系统软件"}
OF_ONE_TRADE = {"product_name": "电镀行业制造执行系统"}

ROWS: Mapping[str, Callable[[], Row]] = {
    "missing_document": lambda: Row(
        alone(without=[INVOICE]), alone(SW, without=["ip_certificate"], more=[paper(PaperType.TEST_REPORT, {"product_name": "船舶管路三维设计软件"})]), _of_no_track()),
    "missing_seal": lambda: Row(
        alone(seals={FORM: ()}), alone(seals={POLICY: (), PREMIUM: (seal(INSURER),)}), alone(seals={POLICY: (seal("囗囗囗", confidence=0.2),)})),
    "seal_mismatch": lambda: Row(
        alone(seals={FORM: (seal("宁波远帆机械有限公司"),)}), alone(seals={FORM: (seal("宁波市北仑区经济和信息化局"), seal(APPLICANT[EQ]))}), alone(seals={FORM: (seal("囗囗有限公", confidence=0.3),)})),
    "missing_field": lambda: Row(
        alone(EQ, {FORM: {"bank_account": None}}, extra={FORM: {"blank": ("bank_account",)}}), alone(EQ, {FORM: {"contact_name": None}}, extra={FORM: {"blank": ("contact_name",)}}),
        alone(EQ, {FORM: {"bank_account": None}})),
    "outside_window": lambda: Row(alone(EQ, {FORM: {"form_date": "2021-02-01"}}), alone(EQ, {FORM: {"form_date": "2021-01-31"}}), alone(EQ, {FORM: {"form_date": DOUBTFUL}})),
    "scheme_expired": lambda: Row(
        alone(EQ, {POLICY: {"period_start": "2019-12-31"}, FORM: {"period_start": "2019-12"}}), alone(EQ, {POLICY: {"period_start": "2020-01-01"}, FORM: {"period_start": "2020-01"}}),
        alone(EQ, {POLICY: {"period_start": None}, FORM: {"period_start": None}})),
    "field_mismatch": lambda: Row(
        alone(EQ, {FORM: {"premium": "41000.00"}}), alone(EQ, {POLICY: {"premium": "39999.60"}, FORM: {"premium": field("40000.00", raw="4万元")}}), alone(EQ, {FORM: {"premium": None}})),
    "arithmetic_error": lambda: Row(
        alone(EQ, {FORM: {"total_quantity": "3"}}), alone(EQ, {FORM: {"subsidy_requested": field("32000.00", raw="3.2000"), "premium_paid": field("40000.40", raw="40000.40")}}), alone(EQ, {FORM: {"total_quantity": field("3", 0.5, False)}})),
    "catalogue_no_match": lambda: Row(
        alone(EQ, _named("家用电饭煲")), alone(EQ, _named("卧式数控镗铣床")), alone(reference=tables(catalogue=None)), "reference_unavailable"),
    "catalogue_ambiguous": lambda: Row(
        alone(SW, dict.fromkeys((FORM, CONTRACT, POLICY, "ip_certificate"), BROADER)),
        alone(SW, dict.fromkeys((FORM, CONTRACT, POLICY, "ip_certificate"), OF_ONE_TRADE)), alone(SW, reference=tables(catalogue=None)), "reference_unavailable"),
    "specification_below_threshold": lambda: Row(
        alone(MA, {FORM: {"technical_parameters": "抗拉强度499MPa，导电率82%IACS"}}), alone(MA, {FORM: {"technical_parameters": "抗拉强度500MPa，导电率80%IACS"}}), alone(MA, reference=tables(catalogue=None)),
        "reference_unavailable"),
    "coverage_below_value": lambda: Row(
        alone(EQ, {POLICY: {"sum_insured": "1999999.00"}}), alone(EQ, {POLICY: {"sum_insured": "2000000.00"}}), alone(EQ, {POLICY: {"sum_insured": DOUBTFUL}})),
    "sum_insured_above_cap": lambda: Row(
        alone(MA, {POLICY: {"sum_insured": "5000010.00"}, FORM: {"sum_insured": "5000010.00"}}), alone(MA), alone(MA, {CONTRACT: {"contract_amount": None}, FORM: {"contract_amount": None}})),
    "rate_above_cap": lambda: Row(alone(EQ, _rates("3.01")), alone(EQ, _rates("3")), alone(EQ, _rates(DOUBTFUL))),
    "subsidy_above_limit": lambda: Row(
        alone(EQ, {FORM: {"subsidy_requested": "32001.00"}}), alone(EQ, {FORM: {"subsidy_requested": "32000.00"}}), alone(EQ, {VOUCHER: {"amount": field("30000.00", 0.4, False)}})),
    "premium_underpaid": lambda: Row(
        alone(EQ, {PREMIUM: {"total_amount": "7999.00"}}), alone(EQ, {PREMIUM: {"total_amount": "8000.00"}, VOUCHER: {"amount": "8000.00"}}), alone(EQ, {PREMIUM: {"total_amount": DOUBTFUL}})),
    "base_cover_missing": lambda: Row(
        alone(MA, {POLICY: {"insurance_product": "环境污染责任保险"}}), alone(MA, **_covers("质量安全责任保险", "环境污染责任保险")), alone(MA, {POLICY: {"insurance_product": None}})),
    "batch_limit_exceeded": lambda: Row(
        alone(reference=tables(awards=tuple(award(contract_number=f"HT-{n}") for n in range(3)))), alone(reference=tables(awards=tuple(award(contract_number=f"HT-{n}") for n in range(2)))),
        alone(reference=tables(awards=None)), "reference_unavailable"),
    "outside_first_year": lambda: Row(
        alone(EQ, COMPONENT, reference=tables(awards=(award(product_name="精密行星滚柱丝杠", catalogue_entry="T-EQ-3", period_start=date(2019, 1, 9)),))),
        alone(EQ, COMPONENT, reference=tables(awards=(award(product_name="精密行星滚柱丝杠", catalogue_entry="T-EQ-3", period_start=date(2019, 1, 10)),))),
        alone(EQ, {**COMPONENT, CONTRACT: {**COMPONENT[CONTRACT], "signed_on": None}}, reference=tables(awards=(award(product_name="精密行星滚柱丝杠", catalogue_entry="T-EQ-3"),)))),
    "insurance_years_exceeded": lambda: Row(
        alone(reference=tables(awards=tuple(award(**SAME_CONTRACT, insurance_year=n, period_end=date(2020, 2, 29)) for n in (1, 2, 3)))),
        alone(EQ, {FORM: {"insurance_year": "3"}}, reference=tables(awards=tuple(award(**SAME_CONTRACT, insurance_year=n) for n in (1, 2)))), alone(EQ, {CONTRACT: {"contract_number": DOUBTFUL}})),
    "coverage_gap": lambda: Row(
        alone(EQ, {FORM: {"insurance_year": "2"}}, reference=tables(awards=(award(**SAME_CONTRACT, period_end=date(2020, 2, 28)),))),
        alone(EQ, {FORM: {"insurance_year": "2"}}, reference=tables(awards=(award(**SAME_CONTRACT, period_end=date(2020, 2, 29)),))), alone(EQ, {CONTRACT: {"contract_number": DOUBTFUL}})),
    "insurance_year_mismatch": lambda: Row(
        alone(EQ, {FORM: {"insurance_year": "2"}}), alone(EQ, {FORM: {"insurance_year": "2"}}, reference=tables(awards=(award(**SAME_CONTRACT),))), alone(EQ, {FORM: {"insurance_year": DOUBTFUL}})),
    "annual_cap_exceeded": lambda: Row(
        batch(claim(), reference=tables(awards=(award(year=YEAR, subsidy_paid=Decimal("2968000.01")),))), batch(claim(), reference=tables(awards=(award(year=YEAR, subsidy_paid=Decimal(2968000)),))),
        batch(claim(EQ, {FORM: {"subsidy_requested": DOUBTFUL}}))),
    "total_cap_exceeded": lambda: Row(
        batch(claim(MA), reference=tables(awards=(award(track="material", applicant=APPLICANT[MA], subsidy_paid=Decimal("5920000.01")),))),
        batch(claim(MA), reference=tables(awards=(award(track="material", applicant=APPLICANT[MA], subsidy_paid=Decimal(5920000)),))), batch(claim(MA, {FORM: {"subsidy_requested": DOUBTFUL}}))),
    "central_subsidy_overlap": lambda: Row(
        alone(reference=tables(awards=(award(level="central"),))), alone(MA, reference=tables(awards=(award(level="central", track="material", applicant=APPLICANT[MA], catalogue_entry="T-MA-2"),))),
        alone(reference=tables(awards=None)), "reference_unavailable"),
    "repeat_user": lambda: Row(
        batch(claim(MA), other(MA)), batch(claim(MA), other(MA, {FORM: {"buyer_name": "湖州望山轴承制造有限公司"}, CONTRACT: {"buyer_name": "湖州望山轴承制造有限公司"}})),
        alone(MA, reference=tables(awards=None)), "reference_unavailable"),
    "related_party_buyer": lambda: Row(
        alone(SW, reference=tables(holdings=(holding(APPLICANT[SW], BUYER, "25"),))), alone(SW, reference=tables(holdings=(holding(APPLICANT[SW], BUYER, "24.9"),))),
        alone(SW, {FORM: {"buyer_name": None}, CONTRACT: {"buyer_name": None}})),
    "trader_buyer": lambda: Row(alone(SW, reference=tables(companies=(TRADER,))), alone(SW), alone(SW, {FORM: {"buyer_name": None}, CONTRACT: {"buyer_name": None}})),
    "restricted_applicant": lambda: Row(
        alone(reference=tables(restricted=(restriction(APPLICANT[EQ], date(2021, 1, 15)),))), alone(reference=tables(restricted=(restriction(APPLICANT[EQ], date(2021, 1, 14)),))),
        alone(EQ, {FORM: {"form_date": DOUBTFUL}}, reference=tables(restricted=(restriction(APPLICANT[EQ], date(2021, 1, 15)),)))),
    "accessory_included": lambda: Row(
        alone(extra={CONTRACT: {"rows": ({"product_name": field("卧式数控镗铣床")}, {"product_name": field("备用刀具套件"), "amount": field("30000.00")})}}),
        alone(extra={CONTRACT: {"rows": ({"product_name": field("卧式数控镗铣床")}, {"product_name": field("数控卧式镗铣床TK6913")})}}),
        alone(extra={CONTRACT: {"rows": ({"product_name": field("卧式数控镗铣床")}, {"product_name": field("备用刀具套件", 0.5, False), "amount": field("30000.00")})}})),
    "duplicate_policy": lambda: Row(
        batch(claim(), other(EQ, {POLICY: {"policy_number": POLICY_NUMBER}})), batch(claim(), other(EQ, {POLICY: {"policy_number": POLICY_NUMBER[:-1] + "5"}})),
        batch(claim(EQ, {POLICY: {"policy_number": DOUBTFUL}, FORM: {"policy_number": None}}), other())),
    "duplicate_invoice": lambda: Row(
        batch(claim(), other(EQ, {INVOICE: {"invoice_number": "10000001"}})), batch(claim(), other(EQ, {PREMIUM: {"invoice_number": "10000001"}})),  # another kind of invoice
        batch(claim(EQ, {INVOICE: {"invoice_number": DOUBTFUL}}), other())),
    "duplicate_page": lambda: Row(
        batch(printed(claim(), VOUCHER_PAGE), printed(other(MA), changed(VOUCHER_PAGE, "电子回单号码", "电子回单号玛"))),
        batch(printed(claim(), VOUCHER_PAGE), printed(other(MA), changed(VOUCHER_PAGE, "97137969", "97137970"))),  # the bank's next receipt
        batch(printed(claim(), VOUCHER_PAGE[:1]), printed(other(MA), VOUCHER_PAGE[:1])), ""),  # too little stands there to know it again
    "summary_row_missing": lambda: Row(
        batch(claim(), insurers=[summary(EQ, 投保企业名称="宁波远帆机械有限公司", 保单号="PZDX202033020000007777", 申请补贴金额="1.00")]), batch(claim(), insurers=[summary(MA)]),
        batch(claim(), insurers=[summary(EQ, insurer=None, 投保企业名称="宁波远帆机械有限公司", 保单号="PZDX202033020000007777", 申请补贴金额="1.00")])),
    "summary_mismatch": lambda: Row(
        batch(claim(), insurers=[summary(EQ, 申请补贴金额="33000.00")]), batch(claim(), insurers=[summary(EQ, 保险期限="2020年3月至2021年2月", 保费金额=field("40000.00", raw="4.0"))]), batch(claim(), insurers=[summary(EQ, 申请补贴金额=field("33000.00", 0.5, False))])),
    "claims_history": lambda: Row(
        batch(claim(), insurers=[losses()]), batch(claim(), insurers=[losses(保单号码=POLICY_NUMBER[:-1] + "5")]),
        batch(claim(EQ, {POLICY: {"policy_number": DOUBTFUL}, FORM: {"policy_number": None}}), insurers=[losses()])),
}


@cache
def row_of(code: str) -> Row:
    return ROWS[code]()


def test_no_row_of_the_rulebook_is_left_out():
    assert set(ROWS) == {rule.code for rule in RULES} - {"unreadable_page"}  # which is none of the rulebook's


@pytest.mark.parametrize("code", ROWS)
def test_the_row_flags_its_fault_and_nothing_just_inside_the_edge(code):
    row = row_of(code)
    found = [flag for flag in row.flagged if flag.code == code]
    assert found
    assert all(re.search(r"[\u4e00-\u9fff]", flag.message) for flag in found)
    assert not [flag.message for flag in found if re.search(r"[a-z]+_[a-z]+|元 的|\d{4}\.\d\d(?! 元)", flag.message)]  # names of ours, amounts as machines write them
    assert code not in [flag.code for flag in row.near]


@pytest.mark.parametrize("code", ROWS)
def test_what_was_not_read_or_given_is_told_and_never_passes_as_good(code):
    row = row_of(code)
    assert code not in [flag.code for flag in row.lacking]
    assert not [flag.message for flag in row.lacking if re.search(r"[a-z]+_[a-z]+", flag.message)]
    if row.told == "not_checked":
        unchecked = [flag.detail["rule"] for flag in row.lacking if flag.code == "not_checked"]
        assert code in unchecked or unchecked == ["track"]
    elif row.told:
        assert [flag.code for flag in row.lacking].count(row.told) == 1


@pytest.mark.parametrize("code", ROWS)
def test_the_registry_says_what_a_rule_needs(code):
    """Whatever a rule reports as unread stands in its entry."""
    stated = {name for rule in RULES if rule.code == code for name in (*rule.needs, *rule.asks)}
    unread = {name for flag in row_of(code).lacking if flag.code == "not_checked" and flag.detail["rule"] == code for name in flag.detail["fields"]}
    assert {name for name in unread if name not in stated and name.partition(".")[0] not in stated} == set()
