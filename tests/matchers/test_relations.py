"""Holdings, officers, papers and names: who is related to whom, and by which path."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("rows", "evidence"),
    [
        ([(A, B, "25")], f"{A}直接持有{B}25%股权：{A} —25%→ {B}"),
        ([(A, C, "60"), (C, B, "51")], f"{A}间接持有{B}30.6%股权：{A} —60%→ {C} —51%→ {B} = 30.6%"),
        ([(A, B, "15"), (A, C, "50"), (C, B, "20.5")], f"{A}直接和间接持有{B}25.25%股权：{A} —15%→ {B}；{A} —50%→ {C} —20.5%→ {B} = 10.25%；合计25.25%"),
        ([(C, A, "40"), (C, D, "50"), (D, B, "60")], f"{C}同时持有双方40%和30%股权：{C} —40%→ {A}；{C} —50%→ {D} —60%→ {B} = 30%"),
    ],
)
def test_the_way_is_the_evidence(rows, evidence):
    found = find_relation(A, B, held(*rows))
    assert found is not None
    assert found.reason == evidence


def test_of_many_ways_the_weightiest_are_told_and_all_are_added():
    between = [f"宁波{c}投资有限公司" for c in "天地玄黄宇宙"]
    rows = [row for i, name in enumerate(between) for row in ((A, name, "100"), (name, B, str(4 + i)))]
    found = find_relation(A, B, held(*rows))
    assert found is not None
    assert found.percent == "39"
    assert "—9%→" in found.reason
    assert "另有3条路径；合计39%" in found.reason


shares = st.integers(1, 100).map(Decimal)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), shares), max_size=14))
def test_shares_over_all_ways_are_what_walking_every_way_gives(rows):
    register = Register([Holding(holder=h, company=c, percent=p) for h, c, p in rows])

    def walk(company, seen):
        for holder, held_company, percent in rows:
            if held_company == company and holder not in seen:
                yield holder, percent
                for above, more in walk(holder, {*seen, holder}):
                    yield above, more * percent / 100

    wanted = defaultdict(Decimal)
    for holder, percent in walk("a", {"a"}):
        wanted[holder] += percent
    found = register.holders("a")
    assert {holder for holder, percent in wanted.items() if percent > 1} <= set(found)
    assert all(abs(share.percent - wanted[holder]) < Decimal("0.2") for holder, share in found.items())


def test_a_register_finds_a_company_through_a_misreading_and_a_branch_through_its_head_office():
    register = held(("宁波澄岳机床有限公司", "台州望溪轴承制造有限公司", "60"))
    assert register.find("台州望溪轴承制造有艰公司") == "台州望溪轴承制造有限公司"
    assert register.find("台州听溪轴承制造有限公司") is None  # another brand
    assert register.find("宁波澄岳机床有限公司杭州分公司") == "宁波澄岳机床有限公司"
    assert register.find("") is None


def test_an_assistant_or_project_manager_is_no_officer():
    register = Register(officers=[Officer("李四", A, "项目经理"), Officer("李四", B, "董事"), Officer("王五", A, "总经理助理"), Officer("王五", B, "总经理")])
    assert find_relation(A, B, register) is None


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
