"""What a reviewer types becomes the contract's form of the value, or a sentence that says what form is expected."""

from __future__ import annotations

import re

import pytest

from models.paper import FIELDS, FORM_FIELDS, PaperType, Track
from models.text import HAS_CJK, clean
from pipeline.labels import Language, label, value_words
from pipeline.review import edits
from pipeline.review.edits import parse_edit
from pipeline.review.values import shown
from tests.invented_claim import judged

FORM, POLICY, CONTRACT, LICENCE = PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.SALES_CONTRACT, PaperType.BUSINESS_LICENCE


@pytest.mark.parametrize(("paper", "field", "text", "value"), [
    (POLICY, "premium", "37.947万元", "379470.00"), (POLICY, "premium", "379,470", "379470.00"), (POLICY, "premium", " ¥379470.5 元 ", "379470.50"), (POLICY, "premium", "１２３", "123.00"),
    (POLICY, "premium", "人民币叁拾柒万玖仟肆佰柒拾元整", "379470.00"), (POLICY, "premium", "1.25亿", "125000000.00"), (POLICY, "premium", "0", "0.00"), (None, "contract_amount", "200万", "2000000.00"),
    (POLICY, "premium_rate", "2.60%", "2.6"), (POLICY, "premium_rate", "2.6", "2.6"), (POLICY, "premium_rate", "8‰", "0.8"), (POLICY, "premium_rate", "百分之三", "3"), (FORM, "subsidy_rate", "80", "80"),
    (POLICY, "period_start", "2021年1月5日", "2021-01-05"), (POLICY, "period_start", "2021-1-5", "2021-01-05"), (POLICY, "period_start", "2021/01/05", "2021-01-05"),
    (POLICY, "period_start", "2021.1.5", "2021-01-05"), (POLICY, "period_start", "20210105", "2021-01-05"), (POLICY, "period_start", "二〇二一年一月五日", "2021-01-05"),
    (FORM, "period_end", "2021年12月", "2021-12"), (FORM, "period_end", "2021-12", "2021-12"), (POLICY, "period_end", "2020-02-29", "2020-02-29"),
    (CONTRACT, "quantity", "3", "3"), (CONTRACT, "quantity", "12.50", "12.5"), (CONTRACT, "quantity", "1,200", "1200"),
    (CONTRACT, "quality_deposit", "是", True), (CONTRACT, "quality_deposit", "否", False), (CONTRACT, "quality_deposit", "Yes", True), (CONTRACT, "quality_deposit", "false", False),
    (FORM, "product_category", "complete_set", "complete_set"), (FORM, "product_category", "机器人或零部件", "component"), (FORM, "insurance_year", "第二年", "2"), (FORM, "insurance_year", "3", "3"),
    (POLICY, "insurer_name", "中国人民财产保险股份有限公司 宁波市分公司", "中国人民财产保险股份有限公司宁波市分公司"), (CONTRACT, "buyer_name", "某某(宁波)有限公司", "某某（宁波）有限公司"),
    (CONTRACT, "buyer_name", "ABB Robotics Ltd", "ABB Robotics Ltd"), (POLICY, "policy_number", "PZDX 2020 3302 0000", "PZDX202033020000"), (CONTRACT, "contract_number", "甬合〔2020〕12号", "甬合〔2020〕12号"),
    (FORM, "contact_phone", "0574-87000000", "0574-87000000"), (FORM, "contact_phone", "13800000001", "13800000001"), (FORM, "bank_account", "3315 0198 3700 0000 0001", "33150198370000000001"),
    (LICENCE, "credit_code", "91330200144071842H", None), (LICENCE, "credit_code", "91110000600037341l", "91110000600037341L"),
    (LICENCE, "business_scope", "机床 制造；销售", "机床制造;销售"), (FORM, "product_model", "TK6913/A", "TK6913/A"), (CONTRACT, "amount_in_words", "贰佰万元整", "2000000.00")])
def test_what_is_typed_becomes_the_contracts_form(paper, field, text, value):
    edit = parse_edit(paper, field, text)
    assert edit == ((None, label("edit", edits.CREDIT_CODE)) if value is None else (value, ""))


@pytest.mark.parametrize(("paper", "field", "text", "expected"), [
    (POLICY, "premium", "37.947", edits.MONEY_UNIT), (POLICY, "premium", "约38万", edits.MONEY), (POLICY, "premium", "-5", edits.MONEY), (POLICY, "premium", "1,23", edits.MONEY),
    (POLICY, "premium", "=1+1", edits.MONEY), (POLICY, "premium", "叁万叁万元", edits.MONEY), (POLICY, "premium", "99999999999999", edits.MONEY), (POLICY, "premium", "38万和39万", edits.MONEY),
    (POLICY, "premium_rate", "120", edits.PERCENT), (POLICY, "premium_rate", "三", edits.PERCENT), (POLICY, "premium_rate", "2.6%左右", edits.PERCENT),
    (POLICY, "period_start", "2021-02-30", edits.DATE_NONE), (POLICY, "period_start", "2021-13-01", edits.DATE_NONE), (POLICY, "period_start", "5/1/2021", edits.DATE),
    (POLICY, "period_start", "2021", edits.DATE), (POLICY, "period_start", "2021-01-01至2021-12-31", edits.DATE), (POLICY, "period_start", "明天", edits.DATE),
    (CONTRACT, "quantity", "3台", edits.QUANTITY), (CONTRACT, "quantity", "-1", edits.QUANTITY), (CONTRACT, "quantity", "", edits.EMPTY), (CONTRACT, "quantity", "　 ", edits.EMPTY),
    (CONTRACT, "quality_deposit", "也许", edits.CHOOSE), (FORM, "insurance_year", "4", edits.CHOOSE), (CONTRACT, "buyer_name", "甲", edits.NAME), (CONTRACT, "buyer_name", "12345", edits.NAME),
    (POLICY, "policy_number", "！！", edits.NUMBER), (POLICY, "policy_number", "A" * 99, edits.NUMBER), (FORM, "contact_phone", "电话", edits.PHONE), (FORM, "contact_phone", "123", edits.PHONE),
    (FORM, "bank_account", "12", edits.ACCOUNT), (LICENCE, "credit_code", "913302001440718421", edits.CREDIT_CODE),
    (LICENCE, "premium", "1", edits.UNKNOWN), (None, "credit_code", "1", edits.UNKNOWN), (LICENCE, "business_scope", "甲\x00乙", edits.UNPRINTABLE), (LICENCE, "business_scope", "甲" * 5000, edits.TOO_LONG)])
def test_what_cannot_be_one_is_told_what_form_is_expected(paper, field, text, expected):
    words = value_words(field)
    for language, between, n in ((Language.ZH, "或", "4000"), (Language.EN, " or ", "4000")):
        choices = between.join(f"“{entry[language.value]}”" for entry in words.values())
        assert parse_edit(paper, field, text, language) == (None, label("edit", expected, language).format(n=n, choices=choices))
    assert not HAS_CJK.search(re.sub("万元|元|年|月|日", "", parse_edit(paper, field, text, Language.EN).error))


@pytest.mark.parametrize("track", [Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE])
def test_what_is_shown_and_what_is_stored_can_be_typed_back(track):
    for paper in judged(track).papers:
        for name, field in paper.fields.items():
            stored = clean(field.value) if isinstance(field.value, str) else field.value
            assert parse_edit(paper.type, name, field.text) == (stored, ""), (paper.type, name)
            if name != "quality_deposit":
                typed = shown(name, field.value).replace(" 元", "元")
                assert parse_edit(paper.type, name, typed) == (stored, ""), (paper.type, name, typed)


def test_every_field_of_every_paper_can_be_edited():
    wanted = [(kind, name) for kind, names in FIELDS.items() for name in names] + [(FORM, name) for names in FORM_FIELDS.values() for name in names]
    assert all(parse_edit(kind, name, "").error == label("edit", edits.EMPTY) for kind, name in wanted)
