"""labels.toml has Chinese and English words for every field, code and rule that people see, and for nothing that doesn't exist."""

from __future__ import annotations

import pytest

from models.claim import QuarantineReason, Triage
from models.flag import Severity, Verdict
from models.page import Flaw
from models.paper import CLAIM_FIELDS, FIELDS, FORM_FIELDS, PaperType, Track
from models.scheme import load_scheme
from pipeline.labels import Language, field_label, label, table, value_words
from pipeline.rules import RULES
from pipeline.rules.words import field_word

EVERY_FIELD = {*CLAIM_FIELDS, *(name for fields in (*FIELDS.values(), *FORM_FIELDS.values()) for name in fields)}
CODES = {rule.code for rule in RULES} | {"not_checked", "reference_unavailable"}
SCHEME = load_scheme("ningbo-2020")


def entries():
    def walk(path, level):
        for name, entry in level.items():
            if set(entry) <= {"zh", "en"}:
                yield ".".join((*path, name)), entry
            else:
                yield from walk((*path, name), entry)

    return dict(walk((), table()))


@pytest.mark.parametrize(("group", "names"), [
    ("paper", PaperType), ("track", Track), ("triage", Triage), ("severity", Severity), ("verdict", Verdict), ("flaw", Flaw), ("quarantine", QuarantineReason)])
def test_codes_and_words_are_the_same_set(group, names):
    assert set(table()[group]) == {name.value for name in names}


def test_every_field_of_the_contract_has_words():
    assert set(table()["field"]) >= EVERY_FIELD


def test_every_rule_has_a_title_and_every_title_a_rule():
    assert set(table()["flag"]) == CODES


def test_every_entry_is_in_both_languages():
    for name, entry in entries().items():
        assert set(entry) == {"zh", "en"}, name
        assert all(entry.values()), name
        assert not any("\u4e00" <= c <= "\u9fff" for c in entry["en"] if c not in "万元年月日"), name  # units and dates are typed as papers write them


def test_what_a_paper_calls_otherwise_is_one_of_its_fields():
    for paper, fields in table()["on"].items():
        known = set(FIELDS.get(PaperType(paper), ()))
        assert all(name in known or name.startswith("buyer_") or name == "unit_price" for name in fields), paper


def test_two_fields_of_one_paper_never_share_a_name():
    for language in Language:
        for paper, fields in FIELDS.items():
            assert len({field_label(name, paper, language) for name in fields}) == len(fields), paper
        for track, fields in FORM_FIELDS.items():
            form = SCHEME.forms[track]
            assert len({field_label(name, PaperType.APPLICATION_FORM, language, form) for name in fields}) == len(fields), track


@pytest.mark.parametrize(("track", "name", "expected"), [
    (Track.EQUIPMENT, "applicant_name", "投保企业名称"), (Track.MATERIAL, "applicant_name", "投保单位名称"), (Track.SOFTWARE, "product_name", "投保软件名称"),
    (Track.MATERIAL, "insurer_phone", "承保机构联系电话"),  # the annex prints 联系电话 three times
    (Track.EQUIPMENT, "period_start", "保险起期")])
def test_a_form_calls_its_fields_as_the_annex_does(track, name, expected):
    assert field_label(name, PaperType.APPLICATION_FORM, form=SCHEME.forms[track]) == expected


def test_a_name_without_words_is_shown_as_it_is():
    assert label("field", "unheard_of") == "unheard_of"
    assert field_label("buyer_name", PaperType.PREMIUM_INVOICE) == "购买方名称"
    assert field_word("premium_invoice.total_amount") == "保费发票价税合计"
    assert field_word("insurer_summary") == "保险补贴申请汇总表"
    assert value_words("product_category")["component"]["zh"] == "机器人或零部件"
    assert value_words("quality_deposit")["false"]["zh"] == "否"
    assert value_words("premium") == {}
