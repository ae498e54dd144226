"""What the review page shows of a claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.field import Region
from models.flag import Flag, Judgement, Severity, Verdict
from models.geometry import Box
from models.paper import FIELDS, FORM_FIELDS, PaperType, Track
from pipeline.labels import Language
from pipeline.review.masks import masked, masked_value, personal_values
from pipeline.review.present import present
from pipeline.review.values import shown
from tests.invented_claim import BUYER, CATALOGUE, SCHEME, field, judged, tables

ENTRIES = {entry.entry_id: entry for entry in CATALOGUE}


def view(claim, **how):
    return present(claim, SCHEME, **how)


@pytest.mark.parametrize(("name", "value", "zh", "en"), [
    ("premium", "379470.00", "379,470.00 元", "CNY 379,470.00"), ("premium_rate", "2.6", "2.6 %", "2.6 %"), ("period_start", "2021-01-05", "2021年1月5日", "2021-01-05"),
    ("period_end", "2021-12", "2021年12月", "2021-12"), ("quality_deposit", True, "是", "Yes"), ("quality_deposit", False, "否", "No"),
    ("product_category", "complete_set", "单台装备或成套设备", "Single machine or complete set"), ("insurance_year", "2", "第二年", "Second year"), ("quantity", "12.5", "12.5", "12.5"),
    ("sum_insured_in_words", "2000000.00", "2,000,000.00 元", "CNY 2,000,000.00"), ("issued_on", "2020-03-01", "2020年3月1日", "2020-03-01"),
    ("applicant_name", "宁波澄岳机床有限公司", "宁波澄岳机床有限公司", "宁波澄岳机床有限公司"), ("premium", "不详", "不详", "不详"), ("form_date", "某日", "某日", "某日")])
def test_values_are_written_as_people_read_them(name, value, zh, en):
    assert (shown(name, value), shown(name, value, Language.EN)) == (zh, en)


def test_papers_come_in_order_with_all_fields_of_their_type():
    claim = judged()
    page = view(claim)
    assert [paper.title for paper in page.papers] == ["申请表（附件1）", "营业执照", "销售合同", "销售发票", "保险单", "保费发票", "保费支付凭证"]
    for paper, shown_paper in zip(claim.papers, page.papers, strict=True):
        wanted = FORM_FIELDS[Track.EQUIPMENT] if paper.type is PaperType.APPLICATION_FORM else FIELDS[paper.type]
        assert [value.field for value in shown_paper.values] == list(wanted)
    policy = page.papers[4]
    premium = next(value for value in policy.values if value.field == "premium")
    assert (premium.key, premium.label, premium.shown, premium.accepted, premium.source.page) == ("p4.premium", "保险费", "40,000.00 元", True, 5)
    assert page.value("p4.premium") == premium
    licence = {value.field: value for value in page.papers[1].values}
    assert (licence["credit_code"].value, licence["credit_code"].shown, licence["credit_code"].needs_look) == (None, "", False)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("track", [Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE])
def test_everything_has_words_in_both_languages(track, language):
    page = view(judged(track, {"insurance_policy": {"premium_rate": "8"}}), language=language)
    labels = [value.label for paper in page.papers for value in paper.values] + [flag.title for flag in page.flags] + [value.label for value in page.values]
    chinese = [any("\u4e00" <= c <= "\u9fff" for c in text) for text in (*labels, page.triage_label, page.track_label, page.flags[0].severity_label)]
    assert all(chinese) if language is Language.ZH else not any(chinese)


def test_the_claims_own_values_say_which_papers_value_they_are():
    claim = judged(changes={"insurance_policy": {"premium": field("40000.00", page=5)}})
    own = {value.field: value for value in view(claim).values}
    assert own["premium"].key == "c.premium"
    assert own["premium"].origin == "p4.premium"
    assert all(value.expected for value in own.values())


def test_a_value_that_the_claim_must_show_and_none_does_is_a_stop():
    claim = judged(changes={kind: {"product_model": None} for kind in ("application_form", "sales_contract")})
    page = view(claim)
    missing = page.value("c.product_model")
    assert (missing.value, missing.needs_look) == (None, True)
    assert ("value", "c.product_model", None) in [(stop.kind, stop.key, stop.paper) for stop in page.stops]
    material = view(judged(Track.MATERIAL))
    assert material.value("c.insurance_year") is None


def test_stops_go_paper_by_paper_values_first_then_flags_each_once():
    claim = judged(changes={"application_form": {"district": field("北仑区", 0.6, False, page=1), "form_date": field("2021-02-03", page=1)},
                            "insurance_policy": {"premium_rate": field("8", page=5), "sum_insured": field("2000000.00", 0.4, False, page=5)}})
    page = view(claim)
    order = [(stop.kind, stop.key.split(".")[-1] if stop.kind == "value" else next(flag.code for flag in page.flags if flag.key == stop.key), stop.paper) for stop in page.stops]
    assert order[:2] == [("value", "district", 0), ("flag", "outside_window", 0)]
    assert order.index(("value", "sum_insured", 4)) < order.index(("flag", "rate_above_cap", 4))
    assert len({stop.key for stop in page.stops}) == len(page.stops)
    assert [kind for kind, name, _ in order if name == "sum_insured"] == ["value"]  # not once more as the claim's own


def test_what_was_judged_and_what_only_informs_is_no_stop():
    claim = judged(changes={"application_form": {"form_date": "2021-02-03"}}, reference=tables(restricted=None))
    flag, info = claim.flags
    assert [f.severity for f in (flag, info)] == [Severity.REVIEW, Severity.INFO]
    assert [stop.key for stop in view(claim).stops] == [flag.key]
    for verdict in Verdict:
        told = Judgement(verdict=verdict, by="u7", at=datetime(2021, 2, 1, tzinfo=UTC), reason="已核实")
        page = view(claim.model_copy(update={"flags": (flag.model_copy(update={"judgement": told}), info)}))
        assert page.stops == ()
        shown_flag = next(f for f in page.flags if f.key == flag.key)
        assert (shown_flag.verdict, shown_flag.reason, shown_flag.stands) == (verdict.value, "已核实", verdict is Verdict.UPHELD)


def test_flags_come_worst_first_with_clause_and_title():
    claim = judged(changes={"application_form": {"form_date": "2021-02-03", "bank_account": None}, "insurance_policy": {"premium_rate": "8"}},
                   extra={"application_form": {"blank": ("bank_account",)}})
    page = view(claim)
    ranks = [list(Severity).index(flag.severity) for flag in page.flags]
    assert ranks == sorted(ranks)
    first = page.flags[0]
    assert (first.title, first.severity_label, first.clause) == ("费率超限", "条件不符", "三（一）2")
    assert "最高不超过3%" in first.clause_text


def test_seals_stand_with_their_page():
    page = view(judged())
    first = page.pages[0]
    assert (first.file, first.page, first.paper, [seal.text for seal in first.seals]) == ("scan.pdf", 1, 0, ["宁波澄岳机床有限公司"])
    assert [seal.text for other in page.pages[1:4] for seal in other.seals] == []
    assert page.pages[4].seals[0].box == Box(0.55, 0.72, 0.75, 0.86)


def test_candidates_bear_what_the_catalogue_says():
    page = view(judged(), catalogue=ENTRIES)
    chosen = [candidate for candidate in page.candidates if candidate.chosen]
    assert [(c.entry_id, c.name, c.category) for c in chosen] == [("T-EQ-1", "数控卧式镗铣床", "单台装备")]
    assert page.candidates[0] == chosen[0]
    assert len({c.entry_id for c in page.candidates}) == len(page.candidates)


def test_users_are_shown():
    page = view(judged())
    assert [(buyer.name.key, buyer.name.shown, buyer.quantity.shown) for buyer in page.buyers] == [("b0.name", BUYER, "2")]


def test_choices_are_offered_where_only_some_values_are_possible():
    page = view(judged())
    category = page.value("p0.product_category")
    assert category.choices == (("complete_set", "单台装备或成套设备"), ("component", "机器人或零部件"))
    assert page.value("p2.quality_deposit").choices == (("true", "是"), ("false", "否"))
    assert page.value("p0.premium").choices == ()


# ---------------------------------------------------------------- personal data


@pytest.mark.parametrize(("text", "expected"), [
    ("电话13800000001", "电话138****0001"), ("0574-81230002", "****0002"), ("身份证330203198001011234", "身份证330203********1234"),
    ("保单号PZDX202033020000001234", "保单号PZDX202033020000001234"), ("发票10000001", "发票10000001"), ("金额13800000001.00", "金额138****0001.00"), ("", "")])
def test_telephones_and_id_numbers_are_masked_in_running_text(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("bank_account", "33150198370000000001", "****0001"), ("contact_phone", "13800000001", "138****0001"), ("invoice_number", "13800000001", "13800000001"),
    ("business_scope", "联系13800000001", "联系138****0001"), ("contact_phone", "110", "***")])
def test_personal_fields_are_masked(name, value, expected):
    assert masked_value(name, value) == expected


def test_a_masked_view_shows_no_telephone_and_no_account_anywhere():
    claim = judged(Track.EQUIPMENT, extra={"sales_contract": {"extra": {"buyer_phone": field("0574-87001234"), "buyer_bank_account": field("622200010001")}}})
    note = Flag(code="related_party_buyer", severity=Severity.REVIEW, clause="三（一）", message="双方银行账号相同：622200010001",
                detail={"path": ["甲公司", "622200010001", "乙公司"], "buyer": "乙公司", "links": [["甲公司", "银行账号", "622200010001"], ["乙公司", "银行账号", "622200010001"]]},
                evidence=(Region(file="scan.pdf", page=3, box=Box(0, 0, 1, 1)),))
    claim = claim.model_copy(update={"flags": (note,)})
    assert "622200010001" in personal_values(claim)
    told = view(claim, mask=True).model_dump_json()
    for secret in ("13800000001", "33150198370000000001", "0574-87000000", "0574-87001234", "622200010001"):
        assert secret in view(claim).model_dump_json()
        assert secret not in told
    assert "PZDX202033020000001234" in told
