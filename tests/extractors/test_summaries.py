"""The insurers' summaries: rows under the annex's own headings, ruled or not, money in yuan, totals held against the rows."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled

from extractors.papers import claims_summary, insurer_summary
from extractors.papers.summary_table import ANNEXES, mended_period
from models.geometry import Box
from models.page import Cell, Line, Page

INSURER = "中国人民财产保险股份有限公司宁波市分公司"
WIDTHS = [0.06, 0.2, 0.12, 0.2, 0.16, 0.24, 0.24, 0.11, 0.13, 0.13, 0.15, 0.15, 0.15, 0.1, 0.08]
ROWS = [["1", "宁波东昇机床有限公司", "江北区", "五轴卧式加工中心HMC800", "甬首台套2018-125", "PZDX202033020000099526", "2020.05.06-2021.05.05", "2", "62", "2.6", "1.612", "1.612", "1.2896", "第一年", ""],
        ["2", "宁波西辉轴承股份有限公司", "余姚市", "角接触球轴承B7050", "甬首台套2016-212", "PZDX202033020000096058", "2020.03.01-2021.02.28", "410", "1749", "3", "52.47", "52.47", "41.976", "第三年", "续保"]]
TOTAL = ["", "合计", "", "", "", "", "", "", "1811", "", "54.082", "54.082", "43.2656", "", ""]


def shrunk(parts: list[Line | Cell], scale: float = 0.43, top: float = 0.2) -> list[Line | Cell]:
    """A table drawn wider than the page brought down to its width, as small print."""
    def moved(box: Box) -> Box:
        return Box(box.x0 * scale, top + (box.y0 - top) * scale, box.x1 * scale, top + (box.y1 - top) * scale)

    return [v.model_copy(update={"box": moved(v.box)} | ({"xs": tuple(x * scale for x in v.xs)} if isinstance(v, Line) else {})) for v in parts]


def annex_2(cells: bool = True, unit: str = "万元", total: list[str] = TOTAL, rows: list[list[str]] = ROWS) -> Page:
    parts = shrunk(ruled(0.02, 0.2, WIDTHS, [list(ANNEXES[2]), *rows, total], height=0.08, cells=cells))
    return page(line(0.03, 0.05, "附件2"), line(0.3, 0.1, "宁波市高端装备首台（套）保险补贴申请汇总表"), line(0.03, 0.16, f"填报单位（承保保险公司）：{INSURER}"), line(0.6, 0.16, "填报时间：2021年1月20日"),
                line(0.85, 0.16, f"单位：{unit}"), parts)


@pytest.mark.parametrize("cells", [True, False], ids=["ruled", "rules not found"])
def test_rows_are_keyed_by_the_annex_s_headings_and_money_is_in_yuan(cells: bool) -> None:
    made = insurer_summary.extract([annex_2(cells)])
    assert made.annex == 2
    assert made.fields["insurer_name"].text == INSURER
    assert [{k: f.text for k, f in r.items()} for r in made.rows] == [
        {"序号": "1", "投保企业名称": "宁波东昇机床有限公司", "所属地区": "江北区", "产品名称及型号": "五轴卧式加工中心HMC800", "首台（套）证书编号": "甬首台套2018-125", "保单号": "PZDX202033020000099526",
         "保险期限": "2020.05.06-2021.05.05", "投保数量": "2", "保险合同金额": "620000.00", "保险费率（%）": "2.6", "保费金额": "16120.00", "实缴保费金额": "16120.00", "申请补贴金额": "12896.00", "保险年次": "第一年"},
        {"序号": "2", "投保企业名称": "宁波西辉轴承股份有限公司", "所属地区": "余姚市", "产品名称及型号": "角接触球轴承B7050", "首台（套）证书编号": "甬首台套2016-212", "保单号": "PZDX202033020000096058",
         "保险期限": "2020.03.01-2021.02.28", "投保数量": "410", "保险合同金额": "17490000.00", "保险费率（%）": "3", "保费金额": "524700.00", "实缴保费金额": "524700.00", "申请补贴金额": "419760.00", "保险年次": "第三年",
         "备注": "续保"}]
    assert {k: f.text for k, f in made.total.items()} == {"保险合同金额": "18110000.00", "保费金额": "540820.00", "实缴保费金额": "540820.00", "申请补贴金额": "432656.00"}


def test_headings_that_lost_the_rule_between_them_stay_two() -> None:
    narrow = [*WIDTHS[:2], 0.07, *WIDTHS[3:]]  # 所属地区 takes two lines
    whole = page(line(0.3, 0.1, "宁波市高端装备首台（套）保险补贴申请汇总表"), shrunk(ruled(0.02, 0.2, narrow, [list(ANNEXES[2]), *ROWS, TOTAL], height=0.08)))
    company, district = (next(c for c in whole.cells if (c.row, c.column) == (0, n)) for n in (1, 2))
    merged = company.model_copy(update={"box": company.box.union(district.box), "column_span": 2})
    made = insurer_summary.extract([whole.model_copy(update={"cells": tuple(merged if c is company else c for c in whole.cells if c is not district)})])
    assert [(row["投保企业名称"].text, row["所属地区"].text) for row in made.rows] == [("宁波东昇机床有限公司", "江北区"), ("宁波西辉轴承股份有限公司", "余姚市")]


def test_a_table_in_yuan_is_not_multiplied() -> None:
    yuan = [[*row[:8], "620000.00", row[9], "16120.00", "16120.00", "12896.00", *row[13:]] for row in ROWS[:1]]
    assert insurer_summary.extract([annex_2(unit="元", rows=yuan, total=[*TOTAL[:8], "620000.00", "", "16120.00", "16120.00", "12896.00", "", ""])]).rows[0]["保险合同金额"].text == "620000.00"


def test_yuan_with_four_decimals_are_ten_thousands_of_which_a_character_was_lost() -> None:
    assert insurer_summary.extract([annex_2(unit="元")]).rows[0]["保险合同金额"].text == "620000.00"


@pytest.mark.parametrize(("rate", "value", "accepted"), [("26", "2.6", True), ("260", "2.6", True), ("27", "27", False), ("2.7", "2.7", False)])
def test_a_rate_s_lost_point_is_proven_by_sum_and_premium(rate: str, value: str, accepted: bool) -> None:
    made = insurer_summary.extract([annex_2(rows=[[*ROWS[0][:9], rate, *ROWS[0][10:]], ROWS[1]])]).rows[0]["保险费率（%）"]
    assert (made.text, made.accepted) == (value, accepted)


def test_a_total_that_is_not_the_sum_is_seen_by_a_person() -> None:
    wrong = [*TOTAL[:8], "1911", *TOTAL[9:]]
    made = insurer_summary.extract([annex_2(total=wrong)])
    assert not made.total["保险合同金额"].accepted
    assert made.total["保费金额"].accepted


def test_claims_paid() -> None:
    heads = list(ANNEXES[3])
    row = ["1", "宁波东昇机床有限公司", "江北区", "加工中心HMC800", "2018-125", "人保财险宁波分公司", "PZDX2020330200001", "2020.03.30-2021.03.29", "4", "2184", "2.5", "54.6", "54.6", "第二年", "2020年6月23日", "主轴磨损", "2020年9月1日", "26", "13", ""]
    p = page(line(0.03, 0.05, "附件3"), line(0.3, 0.1, "宁波市高端装备首台（套）保险理赔情况汇总表"), line(0.03, 0.16, f"填报单位（承保保险公司）：{INSURER}"), line(0.85, 0.16, "单位：万元"),
             shrunk(ruled(0.02, 0.2, [0.16] * 20, [heads, row], height=0.12), scale=0.3))
    made = claims_summary.extract([p])
    assert made.annex == 3
    assert {k: made.rows[0][k].text for k in ("报案时间", "赔付时间", "总赔付金额", "已赔付金额", "出险原因", "装备数量")} == {
        "报案时间": "2020-06-23", "赔付时间": "2020-09-01", "总赔付金额": "260000.00", "已赔付金额": "130000.00", "出险原因": "主轴磨损", "装备数量": "4"}


@pytest.mark.parametrize(("read", "mended"), [("2020.04.01-202103.31", "2020.04.01-2021.03.31"), ("2020.04.01-2021.03.31", "2020.04.01-2021.03.31"), ("2020年4月至2021年3月", "2020年4月至2021年3月"), ("", "")])
def test_points_lost_at_a_line_s_end_are_put_back(read: str, mended: str) -> None:
    assert mended_period(read) == mended


@pytest.mark.parametrize("word", ["总", "", "计", "合"])
def test_a_total_whose_word_was_not_read_whole(word: str) -> None:
    made = insurer_summary.extract([annex_2(total=[word, "", *TOTAL[2:]])])
    assert len(made.rows) == 2
    assert made.total["保费金额"].text == "540820.00"


def test_the_insurer_that_is_called_like_a_label() -> None:
    sinosure = "中国出口信用保险公司宁波分公司"
    p = annex_2()
    p = p.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, f"填报单位（保险公司）：{sinosure}") if "填报单位" in v.text else v for v in p.lines)})
    made = insurer_summary.extract([p]).fields["insurer_name"]
    assert (made.text, made.accepted) == (sinosure, True)


@pytest.mark.parametrize(("period", "sure"), [("2020.05.06-2021.05.05", True), ("2020年5月至2021年4月", True), ("2020/0/11至2021/04/10", False), ("2020.05.06-", False)])
def test_a_period_with_a_lost_figure_is_seen_by_a_person(period: str, sure: bool) -> None:
    made = insurer_summary.extract([annex_2(rows=[[*ROWS[0][:6], period, *ROWS[0][7:]], ROWS[1]])]).rows[0]["保险期限"]
    assert made.accepted is sure
