"""Flags in English: a sentence for each rule, from what the rule notes of its finding; and what papers say of the same thing, side by side."""

from __future__ import annotations

import re

import pytest

from models.flag import Flag, Severity
from models.text import HAS_CJK
from pipeline.labels import Language, label
from pipeline.review.flag_words import in_english, sentences
from pipeline.review.present import present
from pipeline.rules import RULES
from tests.invented_claim import SCHEME, field, judged
from tests.rules.test_every_row import ROWS, row_of

CODES = sorted({rule.code for rule in RULES} | {"not_checked", "reference_unavailable"})
OF_THE_PAPERS = re.compile("[\u4e00-\u9fff（）]+")


def flag(code: str, **detail: object) -> Flag:
    return Flag(code=code, severity=Severity.REVIEW, clause="", detail=detail, message="说明")


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_its_sentences(code):
    assert sentences(code)
    assert not any(HAS_CJK.search(one) for one in sentences(code))


@pytest.mark.parametrize("code", ROWS)
def test_what_a_rule_notes_is_enough_for_a_sentence_with_no_chinese_but_the_papers_own(code):
    row = row_of(code)
    for found in (*row.flagged, *row.lacking):
        told = in_english(found)
        assert told != label("flag", found.code, Language.EN)
        assert not re.search(r"[a-z]+_[a-z]|[{}]", told)  # names of ours, gaps
        assert all(words in str(found.detail) for words in OF_THE_PAPERS.findall(told))


@pytest.mark.parametrize(("code", "detail", "told"), [
    ("rate_above_cap", {"found": "3.01"}, "The premium rate is 3.01 %, above the highest that is subsidised"),
    ("premium_underpaid", {"found": "7999.00", "required": "8000.00"}, "Premium shown to be paid: CNY 7,999.00; needed: CNY 8,000.00"),
    ("field_mismatch", {"field": "premium_rate", "values": {"insurance_policy": "2", "sales_contract_2": "1.85"}}, "Premium rate: Insurance policy 2 %; Sales contract 1.85 %"),
    ("not_checked", {"rule": "trader_buyer", "fields": ["premium_invoice.total_amount"]}, "Not read with confidence: Premium invoice, Total with tax; so this was not checked: User is a trader"),
    ("seal_mismatch", {"found": "甲公司"}, "Seal of another company")])  # a rule that noted less
def test_a_sentence_is_filled_in_by_kind(code, detail, told):
    assert in_english(flag(code, **detail)) == told


@pytest.mark.parametrize(("changes", "pieces"), [
    ({"application_form": {"premium_rate": "8"}}, [("Application form", True, [("8", "other"), (" %", "same")])]),
    ({"application_form": {"applicant_name": "宁波澄岳机床有限责任公司"}}, [("Application form", True, [("宁波澄岳机床有限", "same"), ("责任", "other"), ("公司", "same")])]),
    ({"application_form": {"applicant_name": "宁波澄岳有限公司"}}, [("Application form", True, [("宁波澄岳", "same"), ("机床", "lacks"), ("有限公司", "same")])])])
def test_what_papers_say_of_the_same_thing_stands_side_by_side_with_what_is_different_marked(changes, pieces):
    claim = judged(changes={paper: {name: field(value) for name, value in values.items()} for paper, values in changes.items()})
    found = next(one for one in present(claim, SCHEME, Language.EN).flags if one.compared)
    assert found.about == label("field", next(iter(changes["application_form"])), Language.EN)
    odd = [(one.title, one.odd, [(piece.text, piece.kind) for piece in one.pieces]) for one in found.compared if one.odd]
    assert [one for one in odd if one[0] == "Application form"] == pieces


def test_what_nobody_may_see_is_not_compared_in_the_open():
    claim = judged()
    claim = claim.model_copy(update={"flags": (flag("field_mismatch", field="contact_phone", values={"application_form": "13800000001", "business_licence": "13800000002"}),)})
    shown = [one.shown for one in present(claim, SCHEME, mask=True).flags[0].compared]
    assert shown == ["138****0001", "138****0002"]


def test_other_claims_that_a_flag_is_about_are_named():
    claim = judged(submission_id="T-1")
    claim = claim.model_copy(update={"flags": (flag("duplicate_policy", policy_number="P-1", submissions=["T-1", "T-2"]),)})
    assert present(claim, SCHEME).flags[0].others == ("T-2",)
