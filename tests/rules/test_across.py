"""Looking at a whole batch: caps that several claims share, repeats, duplicates, insurers' tables; and that looking twice changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_claim import APPLICANT, INSURER, REFERENCE, SCHEME, YEAR, award, field, flags, judged, looked_across, paper, tables

from models.claim import Claim, Triage
from models.paper import Paper, PaperType, Track
from models.reference import Reference
from pipeline.process import judge_across

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE
CAP = {EQ: Decimal(3_000_000), MA: Decimal(3_000_000), SW: Decimal(1_000_000)}


def filed(sid: str, asked: str = "32000.00", track: Track = EQ, start: str = "2020-03-01", **how: object) -> Claim:
    """A claim with numbers of its own. asked: its subsidy; start: of its insurance."""
    number = f"PZDX2020330200{int(sid[-1]):08}"
    changes: dict[str, dict[str, object]] = {
        "application_form": {"subsidy_requested": asked, "period_start": start[:7] if track is EQ else start},
        "insurance_policy": {"policy_number": number, "period_start": start}, "sales_invoice": {"invoice_number": f"1{sid[-1]:0>7}"},
        "premium_invoice": {"invoice_number": f"2{sid[-1]:0>7}"}}
    if track is EQ:
        changes["application_form"]["policy_number"] = number
    return judged(track, {kind: values for kind, values in changes.items() if kind != "sales_invoice" or track is EQ}, submission_id=sid, **how)  # type: ignore[arg-type]


def together(*claims: Claim, insurers: tuple[Paper, ...] = (), reference: Reference = REFERENCE, unread: bool = False) -> dict[str, Claim]:
    return {claim.submission_id: claim for claim in looked_across(claims, insurers, reference, unread)}


def table(*rows: dict[str, str], annex: int = 2, kind: PaperType = PaperType.INSURER_SUMMARY, insurer: str = INSURER, total: dict[str, str] | None = None) -> Paper:
    cells = tuple({heading: field(value) for heading, value in {"序号": str(n), **row}.items()} for n, row in enumerate(rows, 1))
    return paper(kind, {"insurer_name": insurer}, rows=cells, annex=annex, total={heading: field(value) for heading, value in (total or {}).items()})


def row_of(claim: Claim, **changed: str) -> dict[str, str]:
    fields = claim.fields
    return {"投保企业名称": fields["applicant_name"].text, "保单号": fields["policy_number"].text, "保费金额": fields["premium"].text, "申请补贴金额": fields["subsidy_requested"].text, **changed}


# ---------------------------------------------------------------- caps (三（一）3, 三（二）2, 三（三）2)


def test_the_cap_is_shared_out_in_the_order_of_insurance():
    claims = together(filed("E-1", "1500000.00", start="2020-05-01"), filed("E-2", "1200000.00", start="2020-03-01"), filed("E-3", "900000.00", start="2020-07-01"))
    assert {sid: [f.detail["payable"] for f in flags(claim, "annual_cap_exceeded")] for sid, claim in claims.items()} == {"E-1": [], "E-2": [], "E-3": ["300000.00"]}
    flag = flags(claims["E-3"], "annual_cap_exceeded")[0]
    assert (flag.detail["sum"], flag.detail["submissions"], flag.clause) == ("3600000.00", ["E-2", "E-1", "E-3"], "三（一）3")
    assert "3,600,000.00 元" in flag.message
    assert "300,000.00 元" in flag.message


def test_a_claim_that_a_condition_bars_takes_no_room_from_the_others():
    barred, sound = filed("E-1", "2990000.00"), filed("E-2", start="2020-06-01")
    assert (barred.triage, sound.triage) == (Triage.INELIGIBLE, Triage.CLEAR)
    claims = together(barred, sound)
    assert [sid for sid, claim in claims.items() if flags(claim, "annual_cap_exceeded")] == ["E-1"]


@pytest.mark.parametrize(
    ("granted", "flagged"),
    [
        ({"year": YEAR}, True),
        ({"year": YEAR - 1}, False),  # another year's money
        ({"year": YEAR, "level": "central"}, False),  # not the city's
        ({"year": YEAR, "track": "material"}, False),
        ({"year": YEAR, "policy_number": "PZDX202033020000000001"}, False),  # this very claim, granted
    ],
)
def test_what_counts_for_the_year_is_what_the_city_granted_in_it(granted, flagged):
    reference = tables(awards=(award(subsidy_paid=Decimal(2_999_000), **granted),))
    assert bool(flags(together(filed("E-1"), reference=reference)["E-1"], "annual_cap_exceeded")) is flagged


def test_all_years_of_the_scheme_count_for_the_total():
    reference = tables(awards=tuple(award(track="software", applicant=APPLICANT[SW], year=year, subsidy_paid=Decimal(890_000)) for year in (2019, 2020)))
    flag = flags(together(filed("S-1", "24000.00", SW), reference=reference)["S-1"], "total_cap_exceeded")[0]
    assert (flag.detail["cap"], flag.detail["payable"], flag.clause) == ("1800000.00", "20000.00", "三（三）2")


def test_caps_across_the_batch_are_kept_without_the_table_of_awards():
    claims = together(filed("E-1", "2000000.00"), filed("E-2", "2000000.00", start="2020-06-01"), reference=tables(awards=None))
    assert [f.detail["payable"] for f in flags(claims["E-2"], "annual_cap_exceeded")] == ["1000000.00"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=400_000_000), min_size=1, max_size=5), st.integers(min_value=0, max_value=400_000_000))
def test_no_applicant_is_left_with_more_than_the_cap(amounts, granted):
    """What the flags leave of all claims, with what was granted, never passes the cap unless the awards alone do; and what fits isn't flagged."""
    template = filed("E-1")
    claims = [
        template.model_copy(update={"submission_id": f"E-{n}", "fields": {**template.fields, "subsidy_requested": field(f"{Decimal(cents) / 100:.2f}")}})
        for n, cents in enumerate(amounts)]
    before = Decimal(granted) / 100
    judged_ = together(*claims, reference=tables(awards=(award(year=YEAR, subsidy_paid=before),)))
    left = Decimal(0)
    for claim in judged_.values():
        asked = Decimal(claim.fields["subsidy_requested"].text)
        capped = flags(claim, "annual_cap_exceeded")
        payable = Decimal(capped[0].detail["payable"]) if capped else asked
        assert payable <= asked
        left += payable
    assert left == min(sum((Decimal(c) / 100 for c in amounts), Decimal(0)), max(Decimal(0), CAP[EQ] - before))


# ---------------------------------------------------------------- repeats and duplicates


def test_one_material_and_user_twice_in_a_batch_blocks_both():
    claims = together(filed("M-1", "80000.00", MA), filed("M-2", "80000.00", MA))
    found = [flags(claims[sid], "repeat_user")[0] for sid in ("M-1", "M-2")]
    assert [(f.severity.value, f.clause, f.detail["submissions"]) for f in found] == [("block", "三（二）1", ["M-1", "M-2"])] * 2
    assert claims["M-1"].triage is Triage.INELIGIBLE


def test_a_number_of_which_one_reading_is_doubtful_is_not_taken_for_shared():
    doubtful = filed("E-2").model_copy(update={"fields": {**filed("E-2").fields, "policy_number": field("PZDX202033020000000001", 0.5, False)}})
    claims = together(filed("E-1"), doubtful)
    assert not flags(claims["E-1"], "duplicate_policy")
    assert [f.detail["rule"] for f in flags(claims["E-2"], "not_checked")] == ["duplicate_policy", "claims_history"]


# ---------------------------------------------------------------- insurers' tables


def test_two_claims_on_one_policy_each_get_the_row_that_names_their_amounts():
    first, second = filed("E-1"), filed("E-2", "30000.00")
    shared = first.fields["policy_number"]
    second = second.model_copy(update={"fields": {**second.fields, "policy_number": shared}})
    claims = together(first, second, insurers=(table(row_of(second), row_of(first)),))
    assert not [f.code for claim in claims.values() for f in claim.flags if f.code.startswith("summary")]


def test_a_row_whose_policy_number_was_misread_is_known_by_applicant_and_amounts():
    claim = filed("E-1")
    row = row_of(claim)
    misread = table({heading: value for heading, value in row.items() if heading != "保单号"})
    misread = misread.model_copy(update={"rows": ({**misread.rows[0], "保单号": field(row["保单号"].replace("PZDX", "P2DX"), 0.7, False)},)})
    found = together(claim, insurers=(misread,))["E-1"]
    assert not flags(found, "summary_row_missing")
    assert not flags(found, "summary_mismatch")


@pytest.mark.parametrize(("lost", "confidence", "told"), [("科技", 0.97, False), ("科技", 1.0, True), ("股份", 0.97, True), ("东智能科技", 0.97, True)])
def test_a_name_of_which_a_wrapped_cell_lost_characters_is_left_to_a_person(lost: str, confidence: float, told: bool):
    name = field("宁波海东智能科技股份有限公司")
    claim = filed("E-1")
    claim = claim.model_copy(update={"fields": {**claim.fields, "applicant_name": name}, "papers": tuple(
        d.model_copy(update={"fields": {n: name if n in ("applicant_name", "policyholder_name", "seller_name", "company_name") else f for n, f in d.fields.items()}}) for d in claim.papers)})
    filed_row = table(row_of(claim))
    shorter = field(name.text.replace(lost, ""), confidence)
    found = together(claim, insurers=(filed_row.model_copy(update={"rows": ({**filed_row.rows[0], "投保企业名称": shorter},)}),))["E-1"]
    assert bool(flags(found, "summary_mismatch")) is told
    assert told or "summary_mismatch" in [f.detail["rule"] for f in flags(found, "not_checked")]


def test_head_office_and_branch_file_for_each_other_and_another_insurer_does_not():
    other_row = {"投保企业名称": "宁波远帆机械有限公司", "保单号": "PZDX202033020000007777"}
    head = table(other_row, insurer="中国人民财产保险股份有限公司")
    assert [f.detail["insurer"] for f in flags(together(filed("E-1"), insurers=(head,))["E-1"], "summary_row_missing")] == [INSURER]
    assert not flags(together(filed("E-1"), insurers=(table(other_row, insurer="中国平安财产保险股份有限公司宁波分公司"),))["E-1"], "summary_row_missing")


def test_where_tables_were_not_read_nothing_is_missing_for_sure():
    other_row = {"投保企业名称": "宁波远帆机械有限公司", "保单号": "PZDX202033020000007777"}
    holed = table(other_row)
    holed = holed.model_copy(update={"rows": ({**holed.rows[0], "序号": field("2")},)})
    for claim in (together(filed("E-1"), insurers=(table(other_row),), unread=True)["E-1"], together(filed("E-1"), insurers=(holed,))["E-1"]):
        assert not flags(claim, "summary_row_missing")
        assert "summary_row_missing" in [f.detail["rule"] for f in flags(claim, "not_checked")]


@pytest.mark.parametrize(("total", "wrong"), [("32000.00", []), ("33000.00", ["total"])])
def test_a_total_that_is_not_the_sum_of_the_rows_is_told(total, wrong):
    claim = filed("E-1")
    found = flags(together(claim, insurers=(table(row_of(claim), total={"申请补贴金额": total}),))["E-1"], "summary_mismatch")
    assert [f.detail["field"] for f in found] == wrong


def test_a_row_that_agrees_with_any_paper_is_field_mismatchs_matter():
    claim = filed("E-1")
    claim = judged(EQ, {"application_form": {"premium": "41000.00"}})
    found = together(claim, insurers=(table(row_of(claim, 保费金额="41000.00")),))["T-0001"]
    assert [f.code for f in found.flags if f.code in ("field_mismatch", "summary_mismatch")] == ["field_mismatch"]


def test_each_fact_that_differs_is_told_with_both_figures_and_both_places():
    claim = filed("E-1")
    found = flags(together(claim, insurers=(table(row_of(claim, 申请补贴金额="33000.00", 保费金额="41000.00")),))["E-1"], "summary_mismatch")
    assert [f.detail["field"] for f in found] == ["premium", "subsidy_requested"]
    assert found[1].message == "承保机构汇总表申请保费补贴金额为 33,000.00 元，申报材料为 32,000.00 元"
    assert [region.file for region in found[1].evidence] == ["_insurers/scan.pdf", "scan.pdf"]


# ---------------------------------------------------------------- looking again


def test_looking_across_again_changes_nothing_and_forgets_what_no_longer_holds():
    first, second = filed("E-1"), filed("E-2").model_copy(update={"fields": {**filed("E-2").fields, "policy_number": filed("E-1").fields["policy_number"]}})
    once = tuple(together(first, second).values())
    assert flags(once[0], "duplicate_policy")
    assert judge_across(once, (), REFERENCE, SCHEME, YEAR) == once
    corrected = (once[0], once[1].model_copy(update={"fields": filed("E-2").fields}))
    assert not [f for claim in judge_across(corrected, (), REFERENCE, SCHEME, YEAR) for f in claim.flags if f.code == "duplicate_policy"]


# ---------------------------------------------------------------- what the insurer's row says of a doubtful value


def doubtful(name: str, value: str, confidence: float = 0.8) -> Claim:
    """A claim of which one value was read without confidence in the paper that shows it."""
    kind = "insurance_policy" if name == "period_start" else "application_form"
    return judged(EQ, {kind: {name: field(value, confidence, False)}}, submission_id="E-1")


PLAIN = {"投保企业名称": APPLICANT[EQ], "保费金额": "40000.00", "申请补贴金额": "32000.00", "保险合同金额": "2000000.00"}


@pytest.mark.parametrize(
    ("name", "value", "heading", "cell", "confidence", "spoken_for"),
    [
        ("insurance_year", "1", "保险年次", "第一年", 0.8, True),
        ("insurance_year", "1", "保险年次", "第二年", 0.8, False),
        ("insurance_year", "1", "保险年次", "第一年", 0.4, False),  # hardly read: of three values one agrees by chance
        ("subsidy_requested", "32000.00", "申请补贴金额", "32000.00", 0.8, True),
        ("subsidy_requested", "32000.00", "申请补贴金额", "32001.00", 0.8, False),
        ("period_start", "2020-03-01", "保险期限", "2020.03.01-2021.02.28", 0.8, True),
        ("period_start", "2020-03-01", "保险期限", "2020年3月至2021年2月", 0.8, False),  # a month proves no day
    ],
)
def test_a_doubtful_value_that_the_insurers_row_writes_alike_needs_no_look(name, value, heading, cell, confidence, spoken_for):
    claim = doubtful(name, value, confidence)
    assert not claim.fields[name].accepted
    found = together(claim, insurers=(table({**PLAIN, heading: cell}),))["E-1"]
    assert found.fields[name].accepted is spoken_for
    assert found.fields[name].confidence == claim.fields[name].confidence
    if spoken_for:
        assert (found.triage, [f.code for f in found.flags]) == (Triage.CLEAR, [])


def test_a_row_that_was_itself_read_without_confidence_speaks_for_nothing():
    row = table({**PLAIN, "保险年次": "第一年"})
    row = row.model_copy(update={"rows": ({**row.rows[0], "保险年次": field("第一年", 0.8, False)},)})
    assert together(doubtful("insurance_year", "1"), insurers=(row,))["E-1"].triage is Triage.REVIEW


def test_what_a_row_said_is_taken_back_with_the_row():
    claim = doubtful("insurance_year", "1")
    insurers = (table({**PLAIN, "保险年次": "第一年"}),)
    once = together(claim, insurers=insurers)["E-1"]
    assert together(once, insurers=insurers)["E-1"] == once
    assert together(once)["E-1"] == together(claim)["E-1"]
    assert together(once)["E-1"].triage is Triage.REVIEW
