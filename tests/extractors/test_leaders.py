"""Lines that leaders run through are cut; everything else stays."""

from __future__ import annotations

import itertools

import pytest
from drawn import line, page

from extractors.leaders import without_leaders


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("签约日............ 2020年2月25日", ["签约日", "2020年2月25日"]),
        ("软件全称……………压铸行业质量追溯管理软件", ["软件全称", "压铸行业质量追溯管理软件"]),
        ("乙方 · · · · · · 宁波某某有限公司", ["乙方", "宁波某某有限公司"]),
        ("................压铸软件", ["压铸软件"]),
        ("合同金额....................", ["合同金额"]),
        ("数量.....3台.....金额.....5,000.00元", ["数量", "3台", "金额", "5,000.00元"]),
        ("..........", [".........."]),  # says nothing; whether a page bears anything is judged elsewhere
        ("….ER198-2700", ["ER198-2700"]),
        ("软件名称…手术机器人嵌入式控制软件", ["软件名称", "手术机器人嵌入式控制软件"]),  # as reading leaves them
        ("合同编号..ZK-CG-2020-079", ["合同编号", "ZK-CG-2020-079"]),
        ("其余按原合同执行…", ["其余按原合同执行…"]),
        ("1.2.3.4版", ["1.2.3.4版"]),
        ("包括但不限于…等", ["包括但不限于…等"]),
        ("V3.0...", ["V3.0..."]),
        ("甲方＿＿宁波某某有限公司＿＿乙方＿＿杭州某某有限公司＿＿", ["甲方", "宁波某某有限公司", "乙方", "杭州某某有限公司"]),  # underlines part a lone label from its value
        ("（一）货物的型号为＿＿JM-3860＿＿，共计＿＿900＿＿吨。", ["（一）货物的型号为JM-3860，共计900吨。"]),  # within a sentence they part nothing
        ("编号：＿合同20-022号＿", ["编号：合同20-022号"]),
        ("品名：电阻浆料　型号：RP-3940H　数量：125千克", ["品名：电阻浆料　", "型号：RP-3940H　", "数量：125千克"]),
        ("记账日20200718　流水2202007878-74　时间12:16:18", ["记账日20200718　", "流水2202007878-74　", "时间12:16:18"]),
        ("宁波霖科成套设备（中国）　有限公司：", ["宁波霖科成套设备（中国）　有限公司："]),  # who is addressed
        ("第三条结算　预付款40%，即6,416,000.00元", ["第三条结算　预付款40%，即6,416,000.00元"]),  # a clause's heading is no column
        ("本合同由供方　负责送达：运费由供方承担。", ["本合同由供方　负责送达：运费由供方承担。"]),
    ],
)
def test_a_line_is_cut_at_its_leaders(text: str, pieces: list[str]) -> None:
    given = line(0.1, 0.1, text)
    cut = without_leaders(page(given))
    assert [each.text for each in cut.lines] == pieces
    places = [each.box for each in cut.lines]
    assert all(a.x1 <= b.x0 for a, b in itertools.pairwise(places))
    assert places[0].x0 >= given.box.x0
    assert places[-1].x1 <= given.box.x1 + 1e-9
