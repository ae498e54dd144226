"""Dates, periods, percentages and quantities as paper prints them."""

from datetime import date

import pytest

from models.dates import as_date, find_brief_dates, find_dates, parse_date, parse_period, same_time
from models.numbers import parse_percent, parse_quantity
from models.text import clean, compact


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020年3月1日", "2020-03-01"),
        ("2021 年 01 月 26 日", "2021-01-26"),
        ("2020.03.01", "2020-03-01"),
        ("2020-3-1", "2020-03-01"),
        ("2020\u20113\u20111 09:17:27", "2020-03-01"),
        ("01 Mar 2020", "2020-03-01"),
        ("March 1st, 2020", "2020-03-01"),
        ("1-MAR-2020", "2020-03-01"),
        ("30 Feb 2020", None),
        ("20200306", "2020-03-06"),
        ("二〇二〇年三月二十一日", "2020-03-21"),
        ("二O二O年十二月三十一日", "2020-12-31"),
        ("2020 年 3 月", "2020-03"),
        ("2020/3", "2020-03"),
        ("2020-07-08 16:21:46", "2020-07-08"),
        ("2020-07-0816:21:46", "2020-07-08"),  # the blank lost
        ("2020-07-0816", None),  # no July of which the day cannot be read
        ("2020年02月30日", None),
        ("第2020号", None),
        ("      年   月   日", None),
    ],
)
def test_a_date_in_any_writing(text: str, value: str | None) -> None:
    assert parse_date(text) == value


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("自2020年3月1日0时起至2021年2月28日二十四时止", ("2020-03-01", "2021-02-28")),
        ("2020 年 3 月至2021年 2 月", ("2020-03", "2021-02")),
        ("2020.03.01-2021.02.28", ("2020-03-01", "2021-02-28")),
        ("2020.03-2021.02", ("2020-03", "2021-02")),
        ("2021年2月28日至2020年3月1日", None),
        ("2020年3月1日起", None),
    ],
)
def test_a_period_has_two_dates_in_order(text: str, period: tuple[str, str] | None) -> None:
    assert parse_period(text) == period


def test_offsets_count_in_the_compacted_text() -> None:
    text = "签订日期： 2019 年 12 月 21 日"
    (found,) = find_dates(text)
    assert compact(text)[found.start : found.end] == "2019年12月21日"


@pytest.mark.parametrize(("text", "days"), [("20.3.5", ["2020-03-05"]), ("自20.9.1至21.8.31", ["2020-09-01", "2021-08-31"]), ("2020.3.5", []), ("1.20.3.5", []), ("20.13.5", []), ("99.3.5", [])])
def test_dates_with_two_figures_for_their_year(text: str, days: list[str]) -> None:
    assert [found.value for found in find_brief_dates(text)] == days


def test_a_month_ends_with_its_last_day() -> None:
    assert as_date("2020-02", last=True) == date(2020, 2, 29)
    assert as_date("2020-12", last=True) == date(2020, 12, 31)
    assert as_date("2020-02-30") is None


def test_a_month_agrees_with_its_days() -> None:
    assert same_time("2020-03", "2020-03-31")
    assert not same_time("2020-03", "2020-04-01")


@pytest.mark.parametrize(
    ("text", "value"),
    [("2.60%", "2.6"), ("千分之八", "0.8"), ("8‰", "0.8"), ("百分之三", "3"), ("3", "3"), ("费率：1.5％", "1.5"), ("百分之二点五", "2.5"), ("三年", None)],
)
def test_percentages(text: str, value: str | None) -> None:
    assert parse_percent(text) == value


@pytest.mark.parametrize(("text", "value"), [("3台/套", "3"), ("12.50 吨", "12.5"), ("叁台", "3"), ("1,200件", "1200"), ("十二套", "12"), ("若干", None)])
def test_quantities(text: str, value: str | None) -> None:
    assert parse_quantity(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("宁波 甬纳(集团)有限公司", "宁波甬纳（集团）有限公司"),
        ("ＡＢＣ－１２３", "ABC-123"),
        ("Smart  Control 系统 V2.0", "Smart Control系统V2.0"),
        ("FFZ(8850)", "FFZ(8850)"),
    ],
)
def test_text_in_the_contracts_form(text: str, value: str) -> None:
    assert clean(text) == value
