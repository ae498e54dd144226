"""Amounts of money: figures with units, amounts in words, and the rulebook's tolerance."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import Money, find_words, parse_figures, parse_words


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("37.947万元", "", "379470.00"),
        ("¥379,470.00", "", "379470.00"),
        ("5. 490，000.00", "", "5490000.00"),  # a comma read as a point
        ("5.490.000.00元", "", "5490000.00"),
        ("（小写）￥4,463.43", "", "4463.43"),
        ("CNY 76,257.50", "", "76257.50"),
        ("0.446343", "万元", "4463.43"),
        ("1,250,000", "", "1250000.00"),
        ("1.25亿元", "", "125000000.00"),
        ("12，345.60元", "", "12345.60"),
        ("379470.00元", "万元", "379470.00"),
    ],
)
def test_figures_become_yuan(text: str, unit: str, value: str) -> None:
    found = parse_figures(text, unit)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["", "人民币元", "无", "—"])
def test_no_amount_is_none(text: str) -> None:
    assert parse_figures(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("叁拾柒万玖仟肆佰柒拾元整", "379470.00"),
        ("人民币壹亿贰仟伍佰万元整", "125000000.00"),
        ("伍拾元零叁分", "50.03"),
        ("玖角伍分", "0.95"),
        ("肆仟肆佰陆拾叁圆肆角叁分", "4463.43"),
        ("壹佰贰拾万零叁元整", "1200003.00"),
        ("拾伍万元整", "150000.00"),
    ],
)
def test_words_become_yuan(text: str, value: str) -> None:
    found = parse_words(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["", "元整", "叁叁元", "拾佰元", "三十七台"])
def test_malformed_words_are_none(text: str) -> None:
    assert parse_words(text) is None


@given(st.integers(min_value=1, max_value=10**12))
def test_words_are_read_as_an_independent_writer_writes_them(cents: int) -> None:
    amount = Decimal(cents) / 100
    words = cn2an.an2cn(str(amount), "rmb")
    found = parse_words(words)
    assert found is not None, words
    assert found.amount == amount, words


def test_words_are_found_in_a_line() -> None:
    assert find_words("合计人民币（大写）：叁拾叁万贰仟壹佰元整（¥332,100.00）") == "叁拾叁万贰仟壹佰元整"


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("2.2317万元", "22317.12元", True),  # four decimals of 万元 are good to half a yuan
        ("2.2317万元", "22317.50元", True),
        ("2.2317万元", "22317.51元", False),
        ("22317.12元", "22317.13元", False),
    ],
)
def test_amounts_agree_within_half_of_the_coarser_step(a: str, b: str, agree: bool) -> None:
    left, right = parse_figures(a), parse_figures(b)
    assert left is not None
    assert right is not None
    assert left.agrees(right) is agree
    assert right.agrees(left) is agree


def test_value_has_two_decimals() -> None:
    assert Money(Decimal("5")).value == "5.00"
