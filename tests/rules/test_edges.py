"""Rates, sums and shares at any value: a limit is passed exactly where the measure says, and never for how a figure is rounded in print."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_claim import award, field, flags, judged, seal, tables

from models.dates import as_date
from models.paper import Track
from pipeline.rules.history import months_later

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE
CENT = Decimal("0.01")
yuan = st.integers(min_value=100_000, max_value=900_000_000).map(lambda cents: Decimal(cents) / 100)
few = settings(max_examples=25, deadline=None)


def written(amount: Decimal) -> str:
    return f"{amount:.2f}"


@few
@given(st.integers(min_value=1, max_value=1000).map(lambda n: Decimal(n) / 100))
def test_a_rate_is_too_high_just_where_it_is_above_three_percent(rate):
    claim = judged(EQ, {kind: {"premium_rate": str(rate)} for kind in ("insurance_policy", "application_form")})
    assert bool(flags(claim, "rate_above_cap")) is (rate > 3)


@few
@given(yuan, st.integers(min_value=-3, max_value=3))
def test_a_subsidy_is_too_high_just_where_it_is_more_than_half_a_cent_above_its_share(paid, off):
    share = paid * 80 / 100
    asked = (share.quantize(CENT, ROUND_DOWN) + off * CENT).quantize(CENT)
    money = written(paid)
    claim = judged(MA, {
        "premium_invoice": {"total_amount": field(money, raw=money)}, "payment_voucher": {"amount": field(money, raw=money)},
        "application_form": {"subsidy_requested": field(written(asked), raw=written(asked))}})
    assert bool(flags(claim, "subsidy_above_limit")) is (asked > share + CENT / 2)


@few
@given(yuan)
def test_a_form_in_wan_is_not_blamed_for_its_rounding(paid):
    """A form with four decimals of 万元 is good to 0.5 yuan: rounding alone is no excess and no mismatch."""
    whole = paid.quantize(Decimal(1), ROUND_HALF_UP)
    asked = (paid * 80 / 100).quantize(Decimal(1), ROUND_HALF_UP)
    wan = {name: field(written(v), raw=f"{v / 10_000:.4f}万元") for name, v in (("premium", whole), ("premium_paid", whole), ("subsidy_requested", asked))}
    money = field(written(paid), raw=written(paid))
    claim = judged(EQ, {"application_form": wan, "insurance_policy": {"premium": money}, "premium_invoice": {"total_amount": money}, "payment_voucher": {"amount": money}})
    assert not flags(claim, "subsidy_above_limit")
    assert not [f for f in flags(claim, "field_mismatch") if f.detail["field"] in ("premium", "premium_paid")]
    assert not [f for f in flags(claim, "arithmetic_error") if f.detail["relation"] == "subsidy_requested"]


@few
@given(yuan, st.integers(min_value=-2, max_value=2))
def test_a_fifth_of_the_premium_is_enough(premium, off):
    paid = (premium / 5).quantize(CENT) + off * CENT
    money = field(written(premium), raw=written(premium))
    claim = judged(MA, {
        "insurance_policy": {"premium": money}, "application_form": {"premium": money},
        "premium_invoice": {"total_amount": field(written(paid), raw=written(paid))}, "payment_voucher": {"amount": field(written(paid), raw=written(paid))}})
    assert bool(flags(claim, "premium_underpaid")) is (paid + CENT < premium / 5)


@few
@given(yuan, st.sampled_from((MA, SW)), st.sampled_from((Decimal(-1), Decimal(0), Decimal(1))))
def test_the_sum_insured_stays_within_its_multiple_of_the_contract(contract, track, off):
    times = 5 if track is MA else 3
    insured = contract * times + off
    amounts = {"contract_amount": field(written(contract), raw=written(contract)), "sum_insured": field(written(insured), raw=written(insured))}
    claim = judged(track, {
        "application_form": amounts, "insurance_policy": {"sum_insured": amounts["sum_insured"]},
        "sales_contract": {"contract_amount": amounts["contract_amount"], "quantity": "1", "unit_price": amounts["contract_amount"]}})
    above = insured > contract * times + Decimal("0.025") or (track is MA and insured > Decimal(125_000_000) + CENT)
    assert bool(flags(claim, "sum_insured_above_cap")) is above


@few
@given(st.integers(min_value=1, max_value=99_999_999), st.integers(min_value=1, max_value=40), st.booleans(), st.sampled_from((-1, 0, 1)))
def test_cover_is_too_low_just_where_it_is_below_the_value_or_twice_the_value_of_a_component(price, quantity, component, off):
    name, times = ("精密行星滚柱丝杠", 2) if component else ("数控卧式镗铣床", 1)
    value = Decimal(price) * quantity
    insured = written(value * times + off * CENT)
    changes = {kind: {"product_name": name} for kind in ("application_form", "sales_contract", "sales_invoice", "insurance_policy")}
    changes["application_form"] |= {"product_category": "component" if component else "complete_set", "unit_price": written(Decimal(price)), "insured_quantity": str(quantity)}
    changes["insurance_policy"] |= {"sum_insured": field(insured, raw=insured)}
    found = flags(judged(EQ, changes), "coverage_below_value")
    assert [f.detail["required"] for f in found] == ([written(value * times)] if off < 0 else [])


@few
@given(st.integers(min_value=0, max_value=500), st.integers(min_value=-40, max_value=40))
def test_cover_is_interrupted_by_just_the_days_between(since, days):
    """保险期间应连续不间断: the day after the last one is no gap, nor is cover that overlaps."""
    ended = date(2020, 1, 1) + timedelta(days=since)
    start = (ended + timedelta(days=1 + days)).isoformat()
    before = award(contract_number="HT2020-001", period_end=ended)
    claim = judged(EQ, {"application_form": {"insurance_year": "2", "period_start": start[:7]}, "insurance_policy": {"period_start": start}}, reference=tables(awards=(before,)))
    assert [f.detail["gap_days"] for f in flags(claim, "coverage_gap")] == ([days] if days > 0 else [])


@few
@given(st.integers(min_value=1000, max_value=3000), st.integers(min_value=-12, max_value=12))
def test_rates_agree_within_half_a_hundredth_of_a_point(rate, off):
    policy, form = Decimal(rate) / 1000, Decimal(rate + off) / 1000
    claim = judged(MA, {"insurance_policy": {"premium_rate": f"{policy:f}"}, "application_form": {"premium_rate": f"{form:f}"}})
    assert ("premium_rate" in [f.detail["field"] for f in flags(claim, "field_mismatch")]) is (abs(off) > 5)


@few
@given(st.integers(min_value=1, max_value=999_999_999), st.integers(min_value=1, max_value=8), st.booleans())
def test_badly_read_words_that_are_the_end_of_the_figures_blame_nobody(amount, digits, sure):
    """贰拾万捌仟柒佰肆拾元整, of which 捌仟柒佰肆拾元整 was read; well read, they are the paper's own error."""
    tail = amount % 10**digits
    words = field(f"{tail}.00", 0.99 if sure else 0.5, sure)
    claim = judged(EQ, {"sales_contract": {"contract_amount": f"{amount}.00"}}, extra={"sales_contract": {"extra": {"amount_in_words": words}}})
    told = [f for f in claim.flags if f.code == "arithmetic_error" and f.detail["relation"] == "amount_in_words"]
    assert bool(told) is (sure and tail != amount)
    if tail and not sure:
        assert ["sales_contract.amount_in_words"] not in [f.detail["fields"] for f in flags(claim, "not_checked")]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2019-01-10", 12, "2020-01-10"), ("2020-02-29", 12, "2021-02-28"), ("2019-08-31", 6, "2020-02-29"), ("2019-12-31", 1, "2020-01-31"), ("2019-12-01", 12, "2020-12-01")],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, later):
    first = as_date(day)
    assert first is not None
    assert months_later(first, months) == as_date(later)


@pytest.mark.parametrize(
    ("figures", "sure", "told"),
    [("41000.00", 0.99, ["amount_in_words"]), ("41000.00", 0.9, []), (None, 0.0, [])],  # what was hardly read is no word of the paper's
)
def test_figures_that_words_overruled_contradict_them_where_they_were_surely_read(figures, sure, told):
    extra = {"amount_in_words": field("40000.00", raw="肆万元整")} | ({"premium_in_figures": field(figures, sure, False)} if figures else {})
    found = flags(judged(EQ, extra={"insurance_policy": {"extra": extra}}), "arithmetic_error")
    assert [f.detail["relation"] for f in found] == told


def test_a_relation_that_fails_on_a_doubtful_figure_is_not_checked():
    claim = judged(EQ, {"sales_contract": {"quantity": field("3", 0.5, False)}})
    assert not flags(claim, "arithmetic_error")
    assert ("arithmetic_error", ["sales_contract.quantity"]) in [(f.detail["rule"], f.detail["fields"]) for f in flags(claim, "not_checked")]


def test_a_seal_elsewhere_does_not_stand_for_the_applicants():
    claim = judged(EQ, seals={"application_form": (), "sales_contract": (seal("宁波澄岳机床有限公司", 3),)})
    assert [f.detail["party"] for f in flags(claim, "missing_seal")] == ["applicant"]
