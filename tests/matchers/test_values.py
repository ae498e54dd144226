"""Two readings of a fact agree by the rulebook's tolerances."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchers.values import agree, money_of
from models.field import Field


def field(value, raw=""):
    return Field(value=value, raw=raw)


@pytest.mark.parametrize(
    ("value", "raw", "step"),
    [("379470.00", "37.947万元", "10"), ("23763.00", "2.3763", "1"), ("23762.50", "¥23,762.50", "0.01"), ("23760.00", "", "1"), ("23762.50", "", "0.1"), ("20000.00", "2", "10000")],
)
def test_the_print_tells_how_fine_an_amount_is(value, raw, step):
    money = money_of(field(value, raw))
    assert money is not None
    assert money.step == Decimal(step)


@pytest.mark.parametrize(
    ("name", "a", "b", "same"),
    [
        ("premium", field("23763.00", "2.3763"), field("23762.50", "23,762.50"), True),
        ("premium", field("23763.00", "2.3763"), field("23762.49", "23,762.49"), False),
        ("premium", field("379470.00", "37.947万元"), field("379474.99", "379474.99"), True),
        ("premium_rate", field("2.35"), field("2.355"), True),
        ("premium_rate", field("2.35"), field("2.36"), False),
        ("period_start", field("2020-03"), field("2020-03-31"), True),
        ("period_start", field("2020-03-01"), field("2020-03-02"), False),
        ("quantity", field("3"), field("3.0"), True),
        ("insurer_name", field("中国平安财产保险股份有限公司"), field("中国平安财产保险股份有限公司宁波分公司"), True),
        ("buyer_name", field("甲公司"), field("甲公司宁波分公司"), False),
        ("policy_number", field("pzdx 2020"), field("PZDX2020"), True),
        ("premium", field("无"), field("1.00"), False),
    ],
)
def test_values_of_each_kind_agree_in_their_own_way(name, a, b, same):
    assert agree(name, a, b) is same
    assert agree(name, b, a) is same
