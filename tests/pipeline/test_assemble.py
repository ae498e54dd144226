"""One claim of many papers: which paper is believed, what is added up, how agreement and dispute move the confidence."""

from __future__ import annotations

import pytest
from invented_claim import APPLICANT, BUYER, SCHEME, field, paper, papers

from models.paper import CLAIM_FIELDS, Buyer, PaperType, Track
from pipeline.assemble import assemble, expected_fields, find_track
from pipeline.evidence import Voice, choose

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE


def claim(track=EQ, changes=None, **how):
    return assemble("T-0001", papers(track, changes, **how), SCHEME)


def values(made):
    return {name: found.value for name, found in made.fields.items()}


def test_policy_speaks_for_the_insurance_and_form_for_applicant_product_and_subsidy():
    found = values(claim(EQ, {"application_form": {"premium": "40000.00"}, "insurance_policy": {"premium": "39999.60"}}))
    assert (found["premium"], found["period_start"], found["product_name"], found["subsidy_requested"]) == ("39999.60", "2020-03-01", "数控卧式镗铣床", "32000.00")


def test_a_fact_that_no_paper_shows_is_absent():
    made = claim(MA)
    assert set(made.fields) == set(CLAIM_FIELDS) - {"insurance_year", "product_model"} == set(expected_fields(MA))


@pytest.mark.parametrize(("without", "name", "value"), [("insurance_policy", "premium", "40000.00"), ("application_form", "applicant_name", APPLICANT[EQ]), ("application_form", "premium_paid", "40000.00")])
def test_the_next_paper_speaks_where_the_first_is_missing(without, name, value):
    assert values(claim(EQ, without=[without]))[name] == value


def test_contracts_are_added_up_and_copies_are_not():
    second = paper(PaperType.SALES_CONTRACT, {"contract_number": "HT2020-002", "contract_amount": "500000.00", "buyer_name": BUYER, "quantity": "1"}, 20)
    copy = paper(PaperType.SALES_CONTRACT, {"contract_number": "HT2020-002", "contract_amount": "500000.00"}, 30)
    assert values(claim(EQ, more=[second, copy]))["contract_amount"] == "2500000.00"


def test_a_sum_of_which_one_part_was_not_read_is_not_accepted():
    second = paper(PaperType.SALES_CONTRACT, {"contract_number": "HT2020-002", "buyer_name": BUYER}, 20)
    made = claim(EQ, more=[second])
    assert not made.fields["contract_amount"].accepted


def test_agreement_accepts_and_dispute_withdraws():
    doubtful = field("40000.00", 0.7, False)
    agreed = claim(MA, {"insurance_policy": {"premium": field("100000.00", 0.7, False)}}).fields["premium"]
    disputed = claim(MA, {"application_form": {"premium": "110000.00"}}).fields["premium"]
    alone = claim(EQ, {"application_form": {"subsidy_requested": doubtful}}).fields["subsidy_requested"]
    assert (agreed.value, agreed.accepted, agreed.confidence > 0.9) == ("100000.00", True, True)
    assert (disputed.value, disputed.accepted) == ("100000.00", False)
    assert (alone.accepted, alone.confidence) == (False, 0.7)


def test_a_month_confirms_a_day_but_does_not_vouch_for_it():
    made = claim(EQ, {"insurance_policy": {"period_start": field("2020-03-07", 0.6, False)}}).fields["period_start"]
    assert made.value == "2020-03-07"
    assert made.confidence > 0.9
    assert not made.accepted


def test_a_doubtful_name_gives_way_to_one_that_two_papers_write():
    made = claim(EQ, {"application_form": {"applicant_name": field("宁波澄岳机床有艰公司", 0.6, False)}}).fields["applicant_name"]
    assert (made.value, made.accepted) == (APPLICANT[EQ], True)


@pytest.mark.parametrize(("first", "second", "accepted"), [(False, False, False), (False, None, True), (None, None, True)])
def test_papers_that_agree_on_a_name_which_checks_speak_against_prove_nothing(first, second, accepted):
    said = [
        Voice(paper(kind, {}, number), field("宁波岫德机床有限公司", 0.85, False).model_copy(update={"borne_out": borne_out}))
        for number, (kind, borne_out) in enumerate(((PaperType.APPLICATION_FORM, first), (PaperType.INSURANCE_POLICY, second)), 1)
    ]
    assert choose("applicant_name", said).accepted is accepted


def test_the_lower_of_invoices_and_vouchers_was_paid_where_the_form_does_not_say():
    changes = {"premium_invoice": {"total_amount": "100000.00"}, "payment_voucher": {"amount": "60000.00"}}
    assert values(claim(MA, changes))["premium_paid"] == "60000.00"


@pytest.mark.parametrize(
    ("track", "buyers"),
    [(EQ, [(BUYER, "2")]), (MA, [(BUYER, "50")]), (SW, [(BUYER, None)])],
)
def test_users_of_each_track(track, buyers):
    assert [(b.name and b.name.value, b.quantity and b.quantity.value) for b in claim(track).buyers] == buyers


def test_without_a_users_table_the_contracts_name_the_users_and_a_misread_row_takes_the_contracts_writing():
    listed = {"application_form": {"buyers": ()}}
    assert [b.name.value for b in claim(EQ, extra=listed).buyers if b.name] == [BUYER]
    misread = {"application_form": {"buyers": (Buyer(name=field("台州望溪轴承制造有艰公司", 0.6, False), quantity=field("2")),)}}
    assert [b.name.value for b in claim(EQ, extra=misread).buyers if b.name] == [BUYER]


@pytest.mark.parametrize("track", [EQ, MA, SW])
def test_the_form_tells_the_track_by_its_annex_or_its_fields(track):
    every = papers(track)
    blank_annex = tuple(p.model_copy(update={"annex": None}) for p in every)
    formless = tuple(p for p in every if p.type is not PaperType.APPLICATION_FORM)
    assert find_track(every, SCHEME) is track
    assert find_track(blank_annex, SCHEME) is track
    assert find_track(formless, SCHEME) is track
    assert find_track((), SCHEME) is None
