"""Holdings, officers, papers and names: who is related to whom, and by which path."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchers.relations import Kind, Particulars, Register, find_relation
from matchers.traders import only_trades, trade_word
from models.reference import Company, Holding, Officer

A, B, C, D = "宁波甲机械有限公司", "台州乙轴承有限公司", "宁波丙控股有限公司", "宁波丁投资有限公司"


def held(*rows):
    return Register([Holding(holder=h, company=c, percent=Decimal(p)) for h, c, p in rows])


@pytest.mark.parametrize(
    ("rows", "kind", "percent", "path"),
    [
        ([(A, B, "25")], Kind.HOLDING, "25", (A, B)),
        ([(B, A, "100")], Kind.HOLDING, "100", (B, A)),
        ([(A, C, "60"), (C, B, "50")], Kind.HOLDING, "30", (A, C, B)),
        ([(A, C, "50"), (C, D, "80"), (D, B, "70")], Kind.HOLDING, "28", (A, C, D, B)),
        ([(A, B, "15"), (A, C, "50"), (C, B, "20")], Kind.HOLDING, "25", (A, B)),  # two ways add up
        ([(C, A, "40"), (C, B, "25")], Kind.COMMON_HOLDER, "25", (A, C, B)),
        ([("张三", A, "60"), ("张三", B, "30")], Kind.COMMON_HOLDER, "30", (A, "张三", B)),
    ],
)
def test_holdings_relate_through_chains_and_common_holders(rows, kind, percent, path):
    found = find_relation(A, B, held(*rows))
    assert found is not None
    assert (found.kind, found.percent, found.path) == (kind, percent, path)


@pytest.mark.parametrize("rows", [[(A, B, "24.9")], [(A, C, "45"), (C, B, "49")], [(C, A, "24.9"), (C, B, "90")], [("张三", A, "60"), ("张山", B, "60")], []])
def test_less_relates_nobody(rows):
    assert find_relation(A, B, held(*rows)) is None


def test_companies_that_hold_each_other_end():
    found = find_relation(A, B, held((A, C, "50"), (C, A, "50"), (C, B, "60")))
    assert found is not None
    assert found.percent == "30"


def test_the_same_legal_representative_is_an_officer_in_both():
    register = Register(companies=[Company(name=A, legal_representative="李四")], officers=[Officer(person="李四", company=B, role="监事")])
    found = find_relation(A, B, register)
    assert found is not None
    assert (found.kind, found.path) == (Kind.OFFICER, (A, "李四", B))


def test_particulars_that_papers_share_relate_unless_too_short_to_tell():
    def said(**values):
        return Particulars("", {name: frozenset({value}) for name, value in values.items()})

    assert find_relation(A, B, held(), (said(phone="0574-8123 0002"), said(phone="057481230002"))) is not None
    assert find_relation(A, B, held(), (said(phone="110"), said(phone="110"))) is None
    assert find_relation(A, A, held()) is not None


@pytest.mark.parametrize(
    ("scope", "trades"),
    [
        ("金属材料、化工产品的批发、销售；贸易代理", True),
        ("机电设备销售及售后服务；商务信息咨询服务", True),
        ("橡胶制品的制造、加工、批发、零售", False),
        ("软件开发；软件销售", False),
        ("码头和其他港口设施经营", False),
        ("实业投资", False),
        ("", False),
    ],
)
def test_a_scope_of_selling_alone(scope, trades):
    assert only_trades(scope) is trades


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("宁波甲商贸有限公司", "商贸"), ("宁波甲进出口有限公司", "进出口"), ("宁波甲国际贸易集团有限公司", "国际贸易"), ("宁波甲供应链管理有限公司", "供应链"),
        ("宁波甲物资装备制造有限公司", ""), ("上海国际贸易职业技术学院", ""), ("宁波甲供应链科技有限公司", ""), ("宁波甲机械有限公司", ""),
    ],
)
def test_the_trade_part_of_a_name(name, word):
    assert trade_word(name) == word
