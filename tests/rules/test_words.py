"""Everything that a message names has a Chinese name; what was found is told with its figures."""

from __future__ import annotations

import pytest
from invented_claim import flags, judged

from models.paper import PaperType, Track
from models.reference import Reference
from pipeline.rules import RULES
from pipeline.rules.words import CHECKS, PAPERS, TABLES, field_word


def test_every_rule_paper_field_and_table_has_a_chinese_name():
    assert set(CHECKS) == {rule.code for rule in RULES} | {"track"}
    assert set(PAPERS) == set(PaperType)
    assert set(TABLES) == set(Reference.model_fields)
    asked = {name for rule in RULES for name in (*rule.needs, *rule.asks)}
    assert not [name for name in asked if field_word(name).isascii()]


@pytest.mark.parametrize(
    ("name", "word"),
    [("sales_invoice.invoice_number", "销售发票号码"), ("sales_contract.contract_number", "销售合同编号"), ("insurer_summary", "保险补贴申请汇总表"), ("insurance_policy.amount_in_words", "保险单大写金额")],
)
def test_a_papers_field_is_named_as_people_say_it(name, word):
    assert field_word(name) == word


def named(track: Track, name: str):
    kinds = ("application_form", "sales_contract", "insurance_policy", "sales_invoice" if track is Track.EQUIPMENT else "ip_certificate")
    return judged(track, {kind: {"product_name": name} for kind in kinds})


def test_entries_are_told_with_name_score_and_reason():
    between = flags(named(Track.SOFTWARE, "制造执行系统软件"), "catalogue_ambiguous")[0]
    assert "T-SW-1（铸造行业制造执行系统软件，相符度 0." in between.message
    assert "名称相符程度" in between.message
    claim = named(Track.EQUIPMENT, "数控卧式磨床")
    (flag,) = [f for f in claim.flags if f.code in ("catalogue_no_match", "catalogue_ambiguous", "not_checked")]
    assert "T-EQ-" in flag.message
    assert claim.candidates[0].reason in flag.message


def test_the_measures_own_figures_stand_in_the_message():
    paid = judged(Track.EQUIPMENT, {"application_form": {"subsidy_requested": "32001.00"}})
    assert flags(paid, "subsidy_above_limit")[0].message == "申请补贴 32,001.00 元，超过实缴保费 40,000.00 元的 80%（32,000.00 元）"
    differs = judged(Track.MATERIAL, {"application_form": {"premium_rate": "2.1"}})
    assert flags(differs, "field_mismatch")[0].message == "保险费率不一致：保险单为2%，申请表为2.1%"
    above = {kind: {"sum_insured": "5000010.00"} for kind in ("insurance_policy", "application_form")}
    assert flags(judged(Track.MATERIAL, above), "sum_insured_above_cap")[0].message == "保险金额 5,000,010.00 元，超过合同金额 1,000,000.00 元的 5 倍（5,000,000.00 元）"
