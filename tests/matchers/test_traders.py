"""Who is a trader: by industry, by a scope of selling alone, or by name as a hint; a maker that also sells is none."""

from __future__ import annotations

import pytest

from matchers.traders import Sign, find_trade
from models.reference import Company


def known(code="", scope=""):
    return Company(name="x", industry_code=code, business_scope=scope)


@pytest.mark.parametrize(
    ("name", "company", "sign"),
    [
        ("宁波澄岳机械有限公司", known("F5179", "机械设备的批发"), Sign.INDUSTRY_CODE),
        ("宁波澄岳机械有限公司", known("F5211"), Sign.INDUSTRY_CODE),
        ("宁波澄岳机械有限公司", known("", "机械设备、五金产品的批发、零售；货物进出口"), Sign.BUSINESS_SCOPE),
        ("宁波澄岳贸易有限公司", None, Sign.NAME),
        ("宁波澄岳贸易有限公司", known("", "轴承制造；轴承销售"), Sign.NAME),  # what it is registered as isn't told
        ("宁波澄岳贸易有限公司", known("C3451", "轴承制造；轴承销售"), None),  # makes, whatever its name
        ("宁波澄岳机械有限公司", known("C3451", "轴承的制造、加工、批发、零售；进出口业务"), None),
        ("宁波澄岳工贸有限公司", None, None),
        ("宁波澄岳供应链科技有限公司", None, None),
        ("对外经济贸易大学", None, None),
        ("宁波澄岳机械有限公司", None, None),
        ("", None, None),
    ],
)
def test_who_is_a_trader(name, company, sign):
    found = find_trade(name, company)
    assert (found.sign if found else None) is sign
    assert found is None or found.reason
