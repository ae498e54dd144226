"""Names of companies: taken apart, equal after normalisation, alike through a seal's noise."""

from __future__ import annotations

import pytest

from matchers.names import LIKE, is_insurers_reading, is_office, match_reading, normalise, resolve, same_company, same_or_branch, shared_brand, take_apart


@pytest.mark.parametrize(
    ("name", "place", "brand", "trade", "form", "branch"),
    [
        ("宁波海天精工股份有限公司", "宁波", "海天", "精工", "股份有限公司", ""),
        ("海天塑机集团有限公司", "", "海天", "塑机", "集团有限公司", ""),
        ("中国人民财产保险股份有限公司宁波市分公司", "中国", "人民", "财产保险", "股份有限公司", "宁波市分公司"),
        ("宁波市鄞州区甬江机械厂", "宁波市鄞州区", "甬江", "机械", "厂", ""),
        ("宁波银行余姚支行", "", "宁波", "", "银行", "余姚支行"),
        ("海天（宁波）机械有限公司", "", "海天", "机械", "有限公司", ""),
    ],
)
def test_a_name_has_place_brand_trade_form_and_branch(name, place, brand, trade, form, branch):
    parts = take_apart(name)
    assert (parts.place, parts.brand, parts.trade, parts.form, parts.branch) == (place, brand, trade, form, branch)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("宁波(北仑)甲有限公司", "宁波（北仑）甲 有限公司", True),
        ("宁波甲有限公司", "宁波甲有限责任公司", False),
        ("", "", False),
    ],
)
def test_names_are_equal_after_normalisation_only(a, b, same):
    assert same_company(a, b) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("中国平安财产保险股份有限公司", "中国平安财产保险股份有限公司宁波分公司", True),
        ("中国人民财产保险股份有限公司宁波市分公司", "中国人民财产保险股份有限公司宁波分公司", True),
        ("中国平安财产保险股份有限公司上海分公司", "中国平安财产保险股份有限公司宁波分公司", False),
        ("中国平安财产保险股份有限公司宁波分公司", "中国平安财产保险股份有限公司宁波市北仑支公司", True),
        ("中国平安财产保险股份有限公司", "中国太平洋财产保险股份有限公司", False),
        ("某某财产保险股份有限公司总公司营业部", "某某财产保险股份有限公司", True),
        ("某某财产保险股份有限公司宁波营业管理部", "某某财产保险股份有限公司", True),
        ("某某相互财产保险社宁波运营中心", "某某相互财产保险社", True),
    ],
)
def test_head_office_and_branch_are_one_insurer(a, b, same):
    assert same_or_branch(a, b) is same


@pytest.mark.parametrize(
    ("read", "expected", "others", "same"),
    [
        ("宁波澄岳精密机戒有限责任公司", "宁波澄岳精密机械有限责任公司", (), True),
        ("波澄岳精密机械有限责任公", "宁波澄岳精密机械有限责任公司", (), True),
        ("有限责任公司宁波澄岳精密机械", "宁波澄岳精密机械有限责任公司", (), True),
        ("嘉出务宁波澄岳精密机械有限责任公司真", "宁波澄岳精密机械有限责任公司", (), True),
        ("波澄岳精密", "宁波澄岳精密机械有限责任公司", (), True),
        ("精密机械", "宁波澄岳精密机械有限责任公司", (), False),  # which company of the trade?
        ("宁波远帆重工机械有限公司", "宁波澄岳精密机械有限责任公司", (), False),
        ("宁波远帆精密机械有限责任公司", "宁波澄岳精密机械有限责任公司", (), False),  # the brand tells them apart
        ("宁波澄远精密机械有限责任公司", "宁波澄岳精密机械有限责任公司", ("宁波澄远精密机械有限责任公司",), False),
        ("", "宁波澄岳精密机械有限责任公司", (), False),
        ("宁波澄岳精密机械有限责任公司", "", (), False),
    ],
)
def test_a_seals_reading_is_the_company_in_spite_of_noise(read, expected, others, same):
    match = match_reading(read, expected, others)
    assert (match.score >= LIKE) is same
    assert match.reason


@pytest.mark.parametrize(
    ("read", "same"),
    [("中国平创产保险股份有限公", True), ("险股份有限公司宁波分公司中国平安财产保", True), ("中国太平洋财产保险股份有限公司宁波分公司", False), ("宁波澄岳精密机械有限责任公司", False)],
)
def test_a_badly_read_ring_is_this_insurers_unless_it_bears_anothers_brand(read, same):
    assert is_insurers_reading(read, "中国平安财产保险股份有限公司宁波分公司") is same


@pytest.mark.parametrize(("text", "office"), [("宁波市经济和信息化局", True), ("全国统一发票监制章", True), ("全国票监", True), ("宁波章华机械有限公司", False)])
def test_offices_and_the_tax_mark_are_nobodys_seals(text, office):
    assert is_office(text) is office


@pytest.mark.parametrize(
    ("a", "b", "brand"),
    [
        ("宁波海天精工股份有限公司", "海天塑机集团有限公司", "海天"),
        ("宁波海天精工股份有限公司", "宁波海天机械有限公司", "海天"),
        ("宁波海天精工股份有限公司", "杭州海天机械有限公司", ""),
        ("宁波海天精工股份有限公司", "宁波海地精工股份有限公司", ""),
        ("宁波海天精工股份有限公司", "宁波海天精工股份有限公司", ""),
    ],
)
def test_a_shared_brand_needs_a_place_or_a_group(a, b, brand):
    assert shared_brand(a, b) == brand


@pytest.mark.parametrize(
    ("read", "found"),
    [
        ("台州望溪轴承制造有限公司", "台州望溪轴承制造有限公司"), ("台州望溪轴承制造有艰公司", "台州望溪轴承制造有限公司"), ("台州望溪轴承制造有限责任公司", None), ("台州听涛轴承制造有限公司", None), ("", None)],
)
def test_a_reading_finds_its_company_in_the_register_within_an_error_or_two(read, found):
    known = {normalise(name): name for name in ("台州望溪轴承制造有限公司", "宁波澄岳机床有限公司")}
    assert resolve(read, known) == found
