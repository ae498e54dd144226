"""What a reviewer says of a claim is put over what was read, and the claim is judged anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.amendments import AMENDMENT, BuyersSet, ClaimValueSet, EntryChosen, FlagJudged, NamedBuyer, PaperRetyped
from models.claim import Triage
from models.flag import Verdict
from models.paper import PaperType, Track
from models.review import Correction, PaperRef
from pipeline.process import judge_across
from pipeline.review.corrections import changes, corrected, unplaced, with_verdicts
from tests.invented_claim import BUYER, REFERENCE, SCHEME, YEAR, codes, field, flags, judged, tables

WHO = {"submission_id": "T-0001", "by": "u7", "at": datetime(2021, 2, 1, 9, tzinfo=UTC)}
PAGE = {kind: page for page, kind in enumerate(
    ("application_form", "business_licence", "sales_contract", "sales_invoice", "insurance_policy", "premium_invoice", "payment_voucher"), 1)}


def ref(kind: str) -> PaperRef:
    return PaperRef(type=PaperType(kind), file="scan.pdf", page=PAGE[kind])


def right(kind: str, name: str, value, read=None, reason: str = "") -> Correction:
    return Correction(**WHO, paper=ref(kind), field=name, read=read, corrected=value, reason=reason)


def after(claim, *amendments, reference=REFERENCE):
    return corrected(claim, amendments, reference, SCHEME, YEAR)


def of(claim, kind: str):
    return next(paper for paper in claim.papers if paper.type == kind)


def test_a_corrected_value_is_sure_keeps_what_was_printed_and_lets_the_flag_go():
    claim = judged(changes={"insurance_policy": {"premium_rate": field("8", raw="8%")}})
    assert "rate_above_cap" in codes(claim)
    done = after(claim, right("insurance_policy", "premium_rate", "2", "8"))
    value = of(done, "insurance_policy").fields["premium_rate"]
    assert (value.value, value.raw, value.confidence, value.accepted, value.source) == ("2", "8%", 1.0, True, of(claim, "insurance_policy").fields["premium_rate"].source)
    assert value.why[-1] == "人工更正，原识别为“8”"
    assert done.fields["premium_rate"].value == "2"
    assert (codes(done), done.triage) == ([], Triage.CLEAR)
    told = [change.text for change in changes(claim, done)]
    assert "保险单·费率：8 % → 2 %" in told
    assert "申报事项·保险费率：8 % → 2 %" in told
    assert told[-1] == "分类：条件不符 → 通过"
    assert any(change.kind == "flag_gone" and "费率" in change.text for change in changes(claim, done))
    assert "rate_above_cap" in codes(claim)  # what was given stays as it was


def test_a_confirmed_value_is_accepted_as_it_is():
    claim = judged(changes={"application_form": {"subsidy_requested": field("32000.00", confidence=0.5, accepted=False)}})
    assert claim.triage is Triage.REVIEW
    done = after(claim, right("application_form", "subsidy_requested", "32000.00", "32000.00"))
    assert of(done, "application_form").fields["subsidy_requested"].why[-1] == "人工确认"
    assert done.fields["subsidy_requested"].accepted
    assert done.triage is Triage.CLEAR
    assert "申请表·申请保费补贴金额：32,000.00 元 已采信" in [change.text for change in changes(claim, done)]


def test_a_value_that_was_not_read_is_added_and_the_rule_is_checked():
    claim = judged(changes={"premium_invoice": {"total_amount": None}})
    assert any(flag.detail.get("rule") == "premium_underpaid" for flag in flags(claim, "not_checked"))
    done = after(claim, right("premium_invoice", "total_amount", "40000.00"))
    assert of(done, "premium_invoice").fields["total_amount"].why == ("人工补录",)
    assert of(done, "premium_invoice").fields["total_amount"].source == of(done, "premium_invoice").region
    assert (codes(done), done.triage) == ([], Triage.CLEAR)


def test_a_value_that_the_form_does_not_show_is_blank_there():
    claim = judged()
    done = after(claim, right("application_form", "bank_account", None, "33150198370000000001"))
    assert "bank_account" not in of(done, "application_form").fields
    assert [flag.detail["field"] for flag in flags(done, "missing_field")] == ["bank_account"]
    assert done.triage is Triage.SUPPLEMENT
    again = after(claim, right("application_form", "bank_account", None, "33150198370000000001"), right("application_form", "bank_account", "33150198370000000002"))
    assert (codes(again), of(again, "application_form").blank) == ([], ())


def test_the_last_of_two_corrections_counts():
    done = after(judged(), right("insurance_policy", "premium_rate", "9", "2"), right("insurance_policy", "premium_rate", "2", "9"))
    assert done.fields["premium_rate"].value == "2"


def test_what_a_paper_shows_beyond_the_contracts_fields_can_be_set_too():
    claim = judged(extra={"sales_contract": {"extra": {"amount_in_words": field("3000000.00")}}})
    assert [flag.detail["relation"] for flag in flags(claim, "arithmetic_error")] == ["amount_in_words"]
    done = after(claim, right("sales_contract", "amount_in_words", "2000000.00", "3000000.00"))
    assert codes(done) == []


def test_a_correction_that_contradicts_another_paper_is_flagged():
    done = after(judged(), right("insurance_policy", "premium", "50000.00", "40000.00"))
    assert "field_mismatch" in codes(done)
    assert done.triage is not Triage.CLEAR


def test_the_claims_own_value_holds_whatever_its_papers_say_until_it_is_taken_back():
    claim = judged()
    said = ClaimValueSet(**WHO, field="contract_amount", read="2000000.00", corrected="2100000.00", reason="含补充协议")
    done = after(claim, said)
    assert done.fields["contract_amount"].value == "2100000.00"
    assert done.fields["contract_amount"].why[-1] == "人工更正，原识别为“2000000.00”：含补充协议"
    back = after(claim, said, said.model_copy(update={"corrected": None}))
    assert back.fields["contract_amount"].value == "2000000.00"


def test_the_track_can_be_told():
    claim = judged()
    done = after(claim, ClaimValueSet(**WHO, field="track", corrected="material"))
    assert done.track is Track.MATERIAL
    assert ("value", "申报类别：首台（套）装备 → 首批次新材料") in [tuple(change) for change in changes(claim, done)]


def test_users_named_by_a_reviewer_take_the_place_of_those_read():
    claim = judged()
    done = after(claim, BuyersSet(**WHO, buyers=(NamedBuyer(name="宁波远帆机械有限公司", quantity="2"),)))
    assert [(b.name.text, b.quantity.text) for b in done.buyers] == [("宁波远帆机械有限公司", "2")]
    assert "field_mismatch" in codes(done)  # contract and invoice still name another
    assert ("buyers", f"用户：{BUYER}（2） → 宁波远帆机械有限公司（2）") in [tuple(change) for change in changes(claim, done)]
    assert after(claim, BuyersSet(**WHO, buyers=())).buyers == claim.buyers


@pytest.mark.parametrize(("entry", "code"), [("T-EQ-1", None), ("", "catalogue_no_match"), (None, None)])
def test_a_chosen_entry_is_what_the_product_is(entry, code):
    claim = judged()
    done = after(claim, EntryChosen(**WHO, entry_id=entry))
    assert (done.catalogue_match.entry_id if done.catalogue_match else "") == ("T-EQ-1" if entry is None else entry)
    assert codes(done) == ([code] if code else [])


def test_choosing_among_rivals_settles_them():
    claim = judged(Track.SOFTWARE, {kind: {"product_name": "制造执行系统软件"} for kind in ("application_form", "sales_contract", "insurance_policy", "ip_certificate")})
    assert claim.triage is not Triage.CLEAR
    done = after(claim, EntryChosen(**WHO, entry_id="T-SW-2", reason="电镀企业使用"))
    assert done.catalogue_match.reason == "人工选定：电镀企业使用"
    assert not {"catalogue_ambiguous", "catalogue_no_match"} & set(codes(done))
    assert not [f for f in flags(done, "not_checked") if f.detail["rule"].startswith("catalogue")]


def test_a_paper_taken_for_another_type_keeps_what_both_show_and_can_be_corrected_as_either():
    claim = judged()
    retyped = PaperRetyped(**WHO, paper=ref("sales_invoice"), type=PaperType.PREMIUM_INVOICE)
    as_new = PaperRef(type=PaperType.PREMIUM_INVOICE, file="scan.pdf", page=PAGE["sales_invoice"])
    done = after(claim, retyped, Correction(**WHO, paper=as_new, field="total_amount", read="2000000.00", corrected="1.00"), right("sales_invoice", "invoice_number", "77"))
    paper = done.papers[3]
    assert (paper.type, paper.fields["total_amount"].value, paper.fields["invoice_number"].value) == (PaperType.PREMIUM_INVOICE, "1.00", "77")
    assert "product_name" not in paper.fields
    assert [flag.detail["document"] for flag in flags(done, "missing_document")] == ["sales_invoice"]
    assert "销售发票 → 保费发票（scan.pdf 第4页）" in [change.text for change in changes(claim, done)]


def test_a_dismissed_flag_stays_to_be_seen_and_counts_no_longer():
    claim = judged(changes={"application_form": {"form_date": "2021-02-03"}})
    flag, = flags(claim, "outside_window")
    verdict = FlagJudged(**WHO, flag=flag.key, code=flag.code, verdict=Verdict.DISMISSED, reason="节假日顺延")
    done = after(claim, verdict)
    assert [f.code for f in done.flags] == ["outside_window"]
    assert (done.flags[0].stands, done.flags[0].judgement.reason, done.triage) == (False, "节假日顺延", Triage.CLEAR)
    assert [change.kind for change in changes(claim, done)] == ["verdict", "triage"]
    upheld = after(claim, verdict, verdict.model_copy(update={"verdict": Verdict.UPHELD}))
    assert (upheld.triage, upheld.flags[0].stands) == (Triage.REVIEW, True)
    taken_back = after(claim, verdict, verdict.model_copy(update={"verdict": None}))
    assert taken_back == claim


def test_a_verdict_holds_for_the_finding_it_was_given_on_and_no_other():
    claim = judged(changes={"insurance_policy": {"premium_rate": "8"}})
    verdicts = [FlagJudged(**WHO, flag=flag.key, code=flag.code, verdict=Verdict.DISMISSED) for flag in claim.flags]
    assert after(claim, *verdicts).triage is not Triage.INELIGIBLE
    done = after(claim, *verdicts, right("insurance_policy", "premium_rate", "9", "8"))
    assert [flag.stands for flag in flags(done, "rate_above_cap")] == [True]
    assert done.triage is Triage.INELIGIBLE


def test_a_claim_with_an_unchecked_rule_is_never_clear_even_when_that_is_dismissed():
    claim = judged(changes={"premium_invoice": {"total_amount": None}})
    done = after(claim, *(FlagJudged(**WHO, flag=flag.key, code=flag.code, verdict=Verdict.DISMISSED) for flag in claim.flags))
    assert not any(flag.stands for flag in done.flags)
    assert done.triage is Triage.REVIEW


def test_flags_found_across_the_batch_stay_until_it_is_looked_at_anew_and_keep_their_verdicts():
    pair = [judged(submission_id=name) for name in ("T-0001", "T-0002")]
    one, two = judge_across(pair, (), REFERENCE, SCHEME, YEAR)
    duplicate, = flags(one, "duplicate_policy")
    verdict = FlagJudged(**WHO, flag=duplicate.key, code=duplicate.code, verdict=Verdict.UPHELD)
    done = after(one, verdict, right("application_form", "contact_name", "陆二", "陆一"))
    assert [f.judgement.verdict for f in flags(done, "duplicate_policy")] == [Verdict.UPHELD]
    anew, _ = judge_across([done, two], (), REFERENCE, SCHEME, YEAR)
    assert [f.judgement for f in flags(anew, "duplicate_policy")] == [None]
    assert flags(with_verdicts(anew, [verdict]), "duplicate_policy")[0].judgement.verdict is Verdict.UPHELD
    other = right("insurance_policy", "policy_number", "PZDX202033020000009999", "PZDX202033020000001234")
    form = right("application_form", "policy_number", "PZDX202033020000009999", "PZDX202033020000001234")
    freed, _ = judge_across([after(one, other, form), two], (), REFERENCE, SCHEME, YEAR)
    assert flags(freed, "duplicate_policy") == []


def test_an_amendment_of_a_paper_that_is_not_there_changes_nothing_and_is_told():
    claim = judged()
    lost = Correction(**WHO, paper=PaperRef(type=PaperType.INSURANCE_POLICY, file="other.pdf", page=1), field="premium", corrected="1.00")
    kept = right("insurance_policy", "premium", "40000.00", "40000.00")
    assert after(claim, lost).papers == claim.papers
    assert unplaced(claim, [lost, kept]) == (lost,)


def test_nothing_said_leaves_the_claim_as_it_was_judged():
    for track in (Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE):
        claim = judged(track)
        assert after(claim) == claim
        assert changes(claim, claim) == ()


def test_tables_that_are_not_given_are_told_after_a_correction_too():
    done = after(judged(reference=tables(restricted=None)), right("application_form", "contact_name", "陆二", "陆一"), reference=tables(restricted=None))
    assert codes(done) == ["reference_unavailable"]


@pytest.mark.parametrize("event", [
    right("insurance_policy", "premium", None, "1.00"), ClaimValueSet(**WHO, field="track", corrected="software"), PaperRetyped(**WHO, paper=ref("sales_invoice"), type=PaperType.OTHER),
    BuyersSet(**WHO, buyers=(NamedBuyer(name="甲公司"),)), EntryChosen(**WHO, entry_id=""), FlagJudged(**WHO, flag="0" * 16, code="x", verdict=None)])
def test_every_event_comes_back_from_json_as_it_was(event):
    assert AMENDMENT.validate_json(AMENDMENT.dump_json(event)) == event
