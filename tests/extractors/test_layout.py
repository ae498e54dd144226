"""Labels and the values that stand with them, with rules and without; tables; pieces."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled

from extractors.layout import NOTHING, blocks, ends_early, fold, is_blank, label_values, piece_of, table_rows
from models.geometry import Box
from models.page import Cell, Page


def only(pages: list[Page], labels: dict[str, list[str]], name: str) -> str | None:
    hits = [h for h in label_values(pages, labels)[name] if not h.blank]
    return hits[0].piece.text if hits else None


# ---------------------------------------------------------------- pieces


def test_a_piece_knows_where_its_parts_stand() -> None:
    p = page(line(0.1, 0.1, "保费：１２，０００元"))
    piece = piece_of(p, p.lines[0])
    part = piece.search(r"[\d,]+")
    assert part is not None
    assert (part.text, part.folded) == ("１２，０００", "12,000")
    assert part.box.x0 > piece.box.x0 + 0.03
    assert part.region.page == 1
    assert piece[0:2].text == "保费"


def test_wrapped_lines_join_without_blanks_but_latin_words_keep_theirs() -> None:
    p = page(line(0.1, 0.1, "宁波某某精密机械有限公"), line(0.1, 0.12, "司"))
    assert piece_of(p, p.lines).text == "宁波某某精密机械有限公司"
    q = page(line(0.1, 0.1, "Industrial control"), line(0.1, 0.12, "software"))
    assert piece_of(q, q.lines).text == "Industrial control software"
    n = page(line(0.1, 0.1, "PZDX20203302000009"), line(0.1, 0.12, "8K"))
    assert piece_of(n, n.lines).text == "PZDX202033020000098K"


def test_the_weakest_character_says_how_sure_a_piece_is() -> None:
    weak = line(0.1, 0.1, "123456").model_copy(update={"sure": (0.99, 0.99, 0.4, 0.99, 0.99, 0.99)})
    p = page(weak)
    piece = piece_of(p, weak)
    assert piece.confidence == pytest.approx(0.4)
    assert piece[3:].confidence == pytest.approx(0.99)
    assert NOTHING.confidence == 0.0


def test_folding_keeps_offsets() -> None:
    folded, at = fold("名　称：㈱ A")
    assert folded.startswith("名称:")
    assert len(folded) == len(at)
    assert at[1] == 2


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("保险单号：PZ2020001", "PZ2020001"),
        ("保 险 单 号： PZ2020001", "PZ2020001"),
        ("1、保险单号:PZ2020001", "PZ2020001"),
        ("①保险单号 PZ2020001", "PZ2020001"),
        ("保险单号（甲）：PZ2020001", "PZ2020001"),
        ("保险单号 PZ2020001", "PZ2020001"),
        ("保险单号Policy No.：PZ2020001", "PZ2020001"),
        ("币种：人民币　保险单号：PZ2020001　签单日期：2020-01-01", "PZ2020001"),
        ("保检单号：PZ2020001", "PZ2020001"),  # one character misread
        ("续保保险单号：PZ2020001", None),  # another label ends like it
        ("【保险单号】PZ2020001", "PZ2020001"),
        ("【保险单号】PZ2020001【经办机构】某某", "PZ2020001"),  # up to the next label so set, known or not
        ("〖币种〗人民币〖保险单号〗：PZ2020001", "PZ2020001"),
        ("【原保险单号】PZ2020001", None),
        ("保险单号；第2020001号", "第2020001号"),  # a colon read as a semicolon
    ],
)
def test_a_value_behind_its_label_in_one_line(printed: str, value: str | None) -> None:
    assert only([page(line(0.1, 0.2, printed))], {"number": ["保险单号"]}, "number") == value


FORM_LABELS = {
    "premium": ["保费总金额", "保险费总金额"], "premium_paid": ["企业实缴保费金额", "实缴保费"], "bank_account": ["企业银行账号", "账号"], "number": ["保险单号"],
    "delivered": ["到货日期"], "received": ["收货日期", "签收日期"], "quantity": ["投保数量", "数量总计"], "product": ["产品名称及型号"], "_": ["联系电话"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "key", "value"),
    [
        ("实际缴纳保费：2.5", "premium_paid", "2.5"),
        ("收款账号：3901000012345678", "bank_account", "3901000012345678"),
        ("保费：2.5", "premium_paid", None),  # like both sums
        ("原保险单号：PZ2020001", "number", None),  # another policy's
        ("产品名称：盾构机", "product", None),  # one thing where the label asks for two
        ("销售合同签订地：宁波市", "quantity", None),
    ],
)
def test_a_label_that_no_table_knows_is_told_by_its_likeness(printed: str, key: str, value: str | None) -> None:
    hits = [h for h in label_values([page(line(0.1, 0.2, printed))], FORM_LABELS)[key] if not h.blank]
    assert [h.piece.text for h in hits] == ([value] if value else [])
    assert all(h.score <= 0.5 for h in hits)


def test_nothing_is_guessed_for_a_label_that_was_found() -> None:
    both = page(line(0.1, 0.2, "实缴保费：2.5"), line(0.1, 0.25, "实际缴纳保费：3.5"))
    assert [h.piece.text for h in label_values([both], FORM_LABELS)["premium_paid"]] == ["2.5"]


@pytest.mark.parametrize(("sure", "believed"), [(0.999, False), (0.9, True)])
def test_a_label_read_surely_is_not_another_misread(sure: float, believed: bool) -> None:
    hits = label_values([page(line(0.1, 0.2, "出货日期：2020年3月1日", sure))], {"received": ["收货日期"]})["received"]
    assert [h.piece.text for h in hits] == ["2020年3月1日"]
    assert (hits[0].score > 0.8) == believed


@pytest.mark.parametrize(
    ("printed", "labels", "value"),
    [("凭证号（保险单号）：PZ2020001", ["凭证号", "保险单号"], "PZ2020001"), ("三、投保装备用户（数量总计：2台、套）", ["数量总计", "投保装备用户"], "2台、套")],
)
def test_a_bracket_behind_a_label(printed: str, labels: list[str], value: str) -> None:
    hits = [h for label in labels for h in label_values([page(line(0.1, 0.2, printed))], {name: [name] for name in labels})[label] if not h.blank]
    assert value in [h.piece.text.rstrip("）)") for h in hits]


@pytest.mark.parametrize("parted", [False, True])
def test_a_framed_label_s_value_goes_on_below_up_to_the_next(parted: bool) -> None:
    labels = {"holder": ["投保人"], "insured": ["被保险人"]}
    first, second = "【投保人】宁波某某精密机械有限公司", "【被保险人】宁波某某精密机械有"
    more = (line(0.1, 0.222, "限公司"), line(0.1, 0.244, "【约定1】另行约定"))
    cut = line(0.1, 0.2, first)
    p = page(cut, line(cut.box.x1 + 0.01, 0.2, second), *more) if parted else page(line(0.1, 0.2, first + second), *more)
    assert [only([p], labels, n) for n in labels] == ["宁波某某精密机械有限公司", "宁波某某精密机械有限公司"]


@pytest.mark.parametrize(("label", "value"), [("投保数量（台或套）", "1"), ("法定代表人", "舒强"), ("投保产品名称及型号", "数控机床 HM-6"), ("保险年次", "√第一年\n□第二年")])
def test_a_value_under_its_label_in_one_cell(label: str, value: str) -> None:
    """Nor is the two together taken for the label misread."""
    p = page(ruled(0.1, 0.2, [0.3, 0.3], [[f"{label}\n{value}", "所属地区\n某某区"]], height=0.06))
    assert only([p], {"wanted": [label, "法定代表人姓名"], "_": ["所属地区"]}, "wanted") == value.replace("\n", "")


def test_a_label_in_two_lines_that_lost_a_letter_is_not_taken_for_a_shorter_one() -> None:
    p = page(ruled(0.1, 0.2, [0.15, 0.4], [["投保单位\n名", "宁波某某有限公司"]], height=0.06))
    assert only([p], {"wanted": ["投保单位名称", "投保单位"]}, "wanted") == "宁波某某有限公司"


def test_a_value_that_a_border_cut_in_two_is_one() -> None:
    head = line(0.1, 0.2, "保险单号：102020-")
    table = [line(0.1, 0.4, "产品名称"), line(0.4, 0.4, "产品型号"), line(0.6, 0.4, "数量"), line(0.42, 0.43, "HM-6"), line(0.6, 0.43, "1")]
    first = line(0.06, 0.43, "数控")
    p = page(head, line(head.box.x1, 0.2, "3302-00-665686"), table, first, line(first.box.x1, 0.43, "卧式镗铣床"))
    assert only([p], {"number": ["保险单号"]}, "number") == "102020-3302-00-665686"
    assert table_rows([p], {"name": ["产品名称"], "model": ["产品型号"], "quantity": ["数量"]}).rows[0]["name"].text == "数控卧式镗铣床"


def test_a_watermark_s_letter_before_a_value_is_passed_over() -> None:
    p = page(line(0.1, 0.2, "保险金额"), line(0.4, 0.16, "申", size=0.09), line(0.7, 0.2, "¥20016000.00"))
    assert only([p], {"sum": ["保险金额"]}, "sum") == "¥20016000.00"


def test_a_heading_that_could_not_be_read_is_not_its_neighbour_s_empty_value() -> None:
    p = page(ruled(0.1, 0.2, [0.15] * 4, [["规格型号", "保险金额", "", "保险费"], ["HM-6", "413.75", "26", "107,575.00"]]))
    assert only([p], {"sum": ["保险金额"], "_": ["规格型号", "保险费"]}, "sum") == "413.75"


def test_a_label_over_nothing_does_not_take_its_neighbour_s_cell() -> None:
    p = page(ruled(0.1, 0.2, [0.3, 0.3], [["单位地址", "联系电话\n0472-83098393"]], height=0.06))
    found = label_values([p], {"address": ["单位地址"], "phone": ["联系电话"]})
    assert [(h.piece.text, h.blank, h.how) for h in found["address"]] == [("", True, "cell")]
    assert found["phone"][0].piece.text == "0472-83098393"


def test_a_year_ticked_left_of_its_neighbours_under_the_label() -> None:
    cell = ruled(0.1, 0.2, [0.4, 0.3], [["", "80"]], height=0.06)
    p = page(cell, line(0.11, 0.21, "保险年次"), line(0.11, 0.235, "☑第一年"), line(0.2, 0.235, "□第二年"), line(0.29, 0.235, "□第三年"))
    assert only([p], {"year": ["保险年次"]}, "year") == "☑第一年□第二年□第三年"


def test_figures_below_belong_to_the_label_beside_them() -> None:
    p = page(line(0.1, 0.2, "合同单价（万元）：237"), line(0.1, 0.222, "投保数量："), line(0.1 + line(0, 0, "合同单价（万元）：").box.width, 0.222, "3"))
    assert only([p], {"price": ["合同单价"], "quantity": ["投保数量"]}, "price") == "237"


def test_a_heading_over_two_columns_governs_both() -> None:
    rows: list[list[str | tuple[str, int] | tuple[str, int, int]]] = [[("保险标的（产品）", 1, 2), ("保险期间", 2), ("保险费", 1, 2)], ["起", "止"], ["数控机床", "2020/06/13", "2021/06/12", "64,944.00"]]
    labels = {"product": ["保险标的(产品)", "保险标的>名称"], "start": ["保险期间>起"], "end": ["保险期间>止"], "_": ["保险费", "保险期间"]}
    p = page(ruled(0.1, 0.2, [0.2, 0.15, 0.15, 0.2], rows))
    assert [only([p], labels, n) for n in ("product", "start", "end")] == ["数控机床", "2020/06/13", "2021/06/12"]


def test_a_row_of_a_form_read_as_one_line() -> None:
    labels = {"name": ["投保企业名称"], "contact": ["联系人及电话"]}
    p = page(line(0.1, 0.2, "投保企业名称 宁波某某有限公司 联系人及电话 孙文"))
    assert [only([p], labels, n) for n in labels] == ["宁波某某有限公司", "孙文"]


def test_the_longest_label_takes_a_place() -> None:
    labels = {"premium": ["保险费"], "rate": ["保险费率"], "words": ["保险费大写"]}
    p = page(line(0.1, 0.2, "保险费率：2.5%"), line(0.1, 0.24, "保险费大写：壹万元整"), line(0.1, 0.28, "保险费：10,000.00元"))
    assert [only([p], labels, n) for n in labels] == ["10,000.00元", "2.5%", "壹万元整"]


def test_a_label_inside_another_word_is_none() -> None:
    assert only([page(line(0.1, 0.2, "被保险人：甲公司"))], {"insurer": ["保险人"]}, "insurer") is None


@pytest.mark.parametrize("cells", [True, False])
def test_ruled_forms_with_wrapped_labels_and_values(cells: bool) -> None:
    rows = [
        ["投保企业名称", "宁波某某精密机械有限责任公司", "联系人及电话", "孙文\n15837280000"],
        ["投保产品名称\n及型号", "数控机床", "产品类别", "单台"],
        ["保费总金额\n（万元）", "3.51", "保险期限", "2020年8月至2021年\n8月"],
    ]
    p = page(ruled(0.1, 0.2, [0.17, 0.3, 0.17, 0.2], rows, height=0.045, cells=cells))
    labels = {"name": ["投保企业名称"], "contact": ["联系人及电话"], "product": ["投保产品名称及型号"], "_": ["产品类别"], "premium": ["保费总金额"], "period": ["保险期限"]}
    found = label_values([p], labels)
    assert found["name"][0].piece.text == "宁波某某精密机械有限责任公司"
    assert found["contact"][0].piece.folded == "孙文15837280000"
    assert found["product"][0].piece.text == "数控机床"
    assert (found["premium"][0].piece.text, found["premium"][0].unit) == ("3.51", "万元")
    assert found["period"][0].piece.folded == "2020年8月至2021年8月"


@pytest.mark.parametrize("cells", [True, False])
def test_an_empty_place_is_blank_and_never_the_next_label(cells: bool) -> None:
    p = page(ruled(0.1, 0.2, [0.15, 0.25, 0.15, 0.25], [["保单号", "", "保险费率（%）", "2.8"], ["所属地区", "/", "保险期限", "年  月至  年  月"]], cells=cells))
    found = label_values([p], {"number": ["保单号"], "rate": ["保险费率"], "district": ["所属地区"], "period": ["保险期限"]})
    assert [found[n][0].blank for n in found] == [True, False, True, True]
    assert found["rate"][0].unit == "%"


@pytest.mark.parametrize("cells", [True, False])
def test_values_below_their_headings(cells: bool) -> None:
    p = page(ruled(0.1, 0.2, [0.25, 0.2, 0.25], [["责任限额（元）", "费率", "保险费（元）"], ["5,000,000.00", "2%", "100,000.00"]], cells=cells))
    labels = {"sum": ["责任限额"], "rate": ["费率"], "premium": ["保险费"]}
    assert [only([p], labels, n) for n in labels] == ["5,000,000.00", "2%", "100,000.00"]


@pytest.mark.parametrize("shift", [0.0, 0.001, -0.001])
def test_values_right_below_small_captions_are_not_their_neighbours(shift: float) -> None:
    captions = [("责任限额", "11,919,000.00"), ("保费", "262,218.00"), ("费率", "2.20 %")]
    p = page([part for n, (label, value) in enumerate(captions) for part in (line(0.1 + 0.25 * n, 0.5, label, size=0.012), line(0.1 + 0.25 * n + shift, 0.513, value))])
    labels = {"sum": ["责任限额"], "premium": ["保费"], "rate": ["费率"]}
    assert [only([p], labels, n) for n in labels] == [value for _, value in captions]


@pytest.mark.parametrize("label", ["申请补贴金额\n（万元）", "申请补贴金额\n万元）", "申请补贴金额\n（万元"])
def test_a_unit_may_have_lost_a_bracket(label: str) -> None:
    p = page(ruled(0.1, 0.2, [0.15, 0.25, 0.15, 0.25], [["保险费率（%）", "2.8", label, "15.10596"]]))
    (hit,) = label_values([p], {"rate": ["保险费率"], "subsidy": ["申请补贴金额"]})["subsidy"]
    assert (hit.piece.text, hit.unit) == ("15.10596", "万元")


def test_a_group_to_the_left_or_above_governs_its_labels() -> None:
    labels = {"payer": ["付款人>户名"], "payee": ["收款人>户名"]}
    beside = page(ruled(0.1, 0.2, [0.08, 0.12, 0.5], [[("付\n款\n人", 1, 2), "户名", "甲有限公司"], ["账号", "1"], [("收\n款\n人", 1, 2), "户名", "乙有限公司"], ["账号", "2"]]))
    assert [only([beside], labels, n) for n in labels] == ["甲有限公司", "乙有限公司"]
    above = page(line(0.1, 0.1, "付款人信息"), line(0.1, 0.13, "户名：甲有限公司"), line(0.1, 0.2, "收款人信息"), line(0.1, 0.23, "户名：乙有限公司"))
    assert [only([above], labels, n) for n in labels] == ["甲有限公司", "乙有限公司"]


def test_label_and_value_in_one_cell() -> None:
    p = page(ruled(0.1, 0.2, [0.4, 0.4], [["投保人：甲有限公司", "被保险人：乙有限公司"]]))
    labels = {"holder": ["投保人"], "insured": ["被保险人"]}
    assert [only([p], labels, n) for n in labels] == ["甲有限公司", "乙有限公司"]


def test_a_long_value_goes_on_in_the_next_line() -> None:
    p = page(
        line(0.1, 0.2, "经营范围：数控机床、工业机器人及其零部件的研发、制造、加工、销售；自营和代理各类"),
        line(0.19, 0.218, "货物和技术的进出口业务。"),
        line(0.1, 0.236, "登记机关：某某局"),
    )
    value = only([p], {"scope": ["经营范围"]}, "scope")
    assert value is not None
    assert value.endswith("代理各类货物和技术的进出口业务。")


@pytest.mark.parametrize(("text", "blank"), [("年 月 日", True), ("____", True), ("/", True), ("无", True), ("2020年", False), ("3", False), ("无锡某公司", False)])
def test_placeholders(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


# ---------------------------------------------------------------- tables

HEADS = {"name": ["产品名称", "货物名称"], "model": ["规格型号"], "quantity": ["数量"], "price": ["单价"], "amount": ["金额"]}


@pytest.mark.parametrize("cells", [True, False])
def test_rows_by_heading_and_the_total_told_apart(cells: bool) -> None:
    rows = [
        ["产品名称", "规格型号", "数量", "单价（元）", "金额（元）"],
        ["数控机床", "HM-63", "2", "100,000.00", "200,000.00"],
        ["冷却系统", "C-1", "1", "5,000.00", "5,000.00"],
        ["合计", "", "", "", "205,000.00"],
    ]
    table = table_rows([page(ruled(0.1, 0.3, [0.2, 0.15, 0.1, 0.18, 0.18], rows, cells=cells))], HEADS)
    assert [r["name"].text for r in table.rows] == ["数控机床", "冷却系统"]
    assert [r["amount"].text for r in table.rows] == ["200,000.00", "5,000.00"]
    assert [r["amount"].text for r in table.totals] == ["205,000.00"]
    assert table.units == {"price": "元", "amount": "元"}


def test_several_items_in_one_ruled_row() -> None:
    rows = [["货物名称", "数量", "金额"], ["轴承\n法兰", "2\n3", "100.00\n90.00"]]
    table = table_rows([page(ruled(0.1, 0.3, [0.3, 0.2, 0.2], rows, height=0.05))], HEADS)
    assert [(r["name"].text, r["quantity"].text, r["amount"].text) for r in table.rows] == [("轴承", "2", "100.00"), ("法兰", "3", "90.00")]


def test_no_table_is_an_empty_one() -> None:
    assert table_rows([page(line(0.1, 0.1, "没有表格"))], HEADS).rows == []


def test_blocks_are_cells_and_free_lines() -> None:
    p = page(ruled(0.1, 0.2, [0.2, 0.2], [["一\n二", ""]]), line(0.1, 0.1, "题目"))
    assert [(b.text, b.cell is not None) for b in blocks(p)] == [("一二", True), ("", True), ("题目", False)]


FORM = {"user": ["用户单位名称"], "contact": ["联系人"], "phone": ["联系电话"], "number": ["保单号"], "premium": ["保费总金额"], "signed": ["签发日期"], "conclusion": ["检验结论"], "insurer": ["填报单位"], "_": ["保险公司", "签名人"]}


def cell(x0: float, y0: float, x1: float, y1: float, row: int = 0, column: int = 0) -> Cell:
    return Cell(box=Box(x0, y0, x1, y1), table=0, row=row, column=column)


def test_a_cell_that_has_lost_its_rules_is_read_by_what_stands_beside_each_other() -> None:
    merged = page(cell(0.1, 0.1, 0.63, 0.14), cell(0.63, 0.1, 0.9, 0.14, 0, 1), line(0.12, 0.112, "用户单位名称"), line(0.25, 0.112, "南昌某动力电池有限公司"), line(0.55, 0.112, "联系人"), line(0.7, 0.112, "吴英健"))
    assert only([merged], FORM, "user") == "南昌某动力电池有限公司"
    assert only([merged], FORM, "contact") == "吴英健"


def test_two_labels_in_one_cell_take_the_values_to_their_right() -> None:
    merged = page(cell(0.1, 0.1, 0.36, 0.2), cell(0.36, 0.1, 0.6, 0.15, 0, 1), cell(0.36, 0.15, 0.6, 0.2, 1, 1), line(0.2, 0.12, "保单号"), line(0.2, 0.17, "保费总金额"), line(0.4, 0.12, "PZDX202033020000099526"), line(0.4, 0.17, "7.8768"))
    assert only([merged], FORM, "number") == "PZDX202033020000099526"
    assert only([merged], FORM, "premium") == "7.8768"


def test_a_wrapped_label_is_no_cell_that_has_lost_its_rules() -> None:
    p = page(ruled(0.1, 0.1, [0.12, 0.3], [["用户\n单位名称", "甲有限公司"]]))
    assert only([p], FORM, "user") == "甲有限公司"


def test_a_further_label_below_in_the_value_s_cell_ends_the_value() -> None:
    p = page(ruled(0.1, 0.1, [0.15, 0.5], [["检验结论", "所检项目符合要求。\n签发日期：2020年02月24日"]]))
    assert only([p], FORM, "conclusion") == "所检项目符合要求。"
    assert only([p], FORM, "signed") == "2020年02月24日"


@pytest.mark.parametrize(("below", "value"), [("2021年5月8日", "甲有限公司"), ("二〇二一年五月八日", "甲有限公司"), ("联系处", "甲有限公司联系处")])
def test_a_date_below_a_value_is_none_of_it(below: str, value: str) -> None:
    p = page(line(0.1, 0.1, "用户单位名称：甲有限公司"), line(0.285, 0.118, below))
    assert only([p], FORM, "user") == value


def test_a_company_called_like_a_label_stays_whole() -> None:
    assert only([page(line(0.1, 0.1, "填报单位：中国某某保险公司宁波分公司"))], FORM, "insurer") == "中国某某保险公司宁波分公司"


@pytest.mark.parametrize(("y", "x1", "early"), [(0.109, 0.298, True), (0.118, 0.298, False), (0.109, 0.25, False)], ids=["raised and full", "in the middle", "not full"])
def test_a_cell_whose_last_line_was_not_read(y: float, x1: float, early: bool) -> None:
    text = line(0.102, y, "模具制造执行管理系")
    text = text.model_copy(update={"box": Box(0.102, y, x1, y + 0.014)})
    p = page(cell(0.1, 0.1, 0.3, 0.15), text)
    assert ends_early(piece_of(p, text)) is early


def test_labels_beside_values_in_several_rows_are_no_table() -> None:
    form = page(ruled(0.1, 0.1, [0.15, 0.25, 0.15, 0.25], [["设备名称", "加工中心", "规格型号", "HMC800"], ["数量", "17套", "合同编号", "20-333"]]))
    assert table_rows([form], {"name": ["设备名称"], "model": ["规格型号"], "quantity": ["数量"]}).rows == []


def test_a_heading_over_a_value_that_has_its_row_to_itself() -> None:
    rows = ruled(0.1, 0.2, [0.4, 0.4], [[("三、保险期间", 2)], [("自2020年1月1日起至2020年12月31日止", 2)], ["四、费率", "2%"]])
    assert only([page(rows)], {"period": ["保险期间"], "rate": ["费率"]}, "period") == "自2020年1月1日起至2020年12月31日止"
    over = ruled(0.1, 0.2, [0.4, 0.4], [[("一、投保人", 2)], ["名称", "某某有限公司"]])
    assert only([page(over)], {"who": ["投保人"], "name": ["名称"]}, "who") in (None, "")


def test_a_number_does_not_go_on_in_words() -> None:
    p = page(line(0.1, 0.2, "保单号：12345678901234567890"), line(0.42, 0.2, "验真码：A1"), line(0.1, 0.216, "基本信息"))
    assert only([p], {"no": ["保单号"]}, "no") == "12345678901234567890"


def test_a_cell_that_lost_the_rule_below_is_parted_by_the_rows_of_the_labels() -> None:
    made = [cell(0.1, 0.2, 0.3, 0.23), cell(0.1, 0.23, 0.3, 0.26, 1), cell(0.3, 0.2, 0.6, 0.26, 0, 1)]
    p = page(made, line(0.12, 0.208, "所属地区"), line(0.12, 0.238, "开户银行"), line(0.32, 0.208, "东海县"), line(0.32, 0.238, "某某银行支行"))
    labels = {"district": ["所属地区"], "bank": ["开户银行"]}
    assert (only([p], labels, "district"), only([p], labels, "bank")) == ("东海县", "某某银行支行")


def test_a_cell_that_lost_the_rule_between_columns_is_parted_by_the_headings() -> None:
    heads = [cell(0.1, 0.2, 0.3, 0.23), cell(0.3, 0.2, 0.5, 0.23, 0, 1), cell(0.5, 0.2, 0.6, 0.23, 0, 2)]
    below = [cell(0.1, 0.23, 0.5, 0.26, 1), cell(0.5, 0.23, 0.6, 0.26, 1, 2)]
    p = page(heads, below, line(0.12, 0.208, "品名"), line(0.32, 0.208, "规格"), line(0.52, 0.208, "数量"), line(0.12, 0.238, "切割机"), line(0.32, 0.238, "QG-60"), line(0.52, 0.238, "3"))
    [row] = table_rows([p], {"name": ["品名"], "model": ["规格"], "count": ["数量"]}).rows
    assert {k: v.text for k, v in row.items()} == {"name": "切割机", "model": "QG-60", "count": "3"}


# ---------------------------------------------------------------- labels by two names, behind figures, counted 1.1


@pytest.mark.parametrize(
    ("left", "right", "wanted", "value"),
    [
        ("总限额/累计保额", "500,000.00元", {"sum": ["总限额", "累计保额"]}, "500,000.00元"),  # one thing by two names
        ("总限额/保费", "500,000.00元", {"sum": ["总限额"], "premium": ["保费"]}, None),  # two things
        ("累计保额", "500,000.00元费率", {"sum": ["累计保额"], "rate": ["费率"]}, "500,000.00元"),  # the next column's label run into it
        ("累计保额", "500,000.00元起", {"sum": ["累计保额"], "rate": ["费率"]}, "500,000.00元起"),
        ("1.2 投保企业（全称）：", "某某机床有限公司", {"sum": ["投保企业"]}, "某某机床有限公司"),
        ("1.2吨投保企业", "某某机床有限公司", {"sum": ["投保企业"]}, None),  # how much, not the second clause
    ],
)
def test_a_label_by_two_names_behind_a_figure_or_counted(left: str, right: str, wanted: dict[str, list[str]], value: str | None) -> None:
    assert only([page(line(0.1, 0.1, left), line(0.4, 0.1, right))], wanted, "sum") == value


def test_a_label_run_into_the_figure_before_it_has_its_value_to_the_right() -> None:
    p = page(line(0.1, 0.1, "累计保额"), line(0.3, 0.1, "¥500,000.00费率"), line(0.7, 0.1, "2.5%"))
    assert only([p], {"sum": ["累计保额"], "rate": ["费率"]}, "rate") == "2.5%"


BILINGUAL = {"name": ["货物名称"], "model": ["型号"], "count": ["数量"], "price": ["单价"]}


@pytest.mark.parametrize("cells", [True, False])
def test_headings_said_once_more_in_english_are_no_row(cells: bool) -> None:
    heads, gloss, row = ["货物名称", "型号", "数量", "单价"], ["Commodity", "Model", "Quantity", "Unit Price"], ["液压折弯机", "WX-320", "2台", "88,000.00"]
    grid: list[list[str]] = [heads, [f"{g}\n{v}" for g, v in zip(gloss, row, strict=True)]] if cells else [heads, gloss, row]
    table = table_rows([page(ruled(0.1, 0.2, [0.2] * 4, grid, height=0.04 if cells else 0.018, cells=cells))], BILINGUAL)
    assert [{name: piece.text for name, piece in r.items()} for r in table.rows] == [dict(zip(BILINGUAL, row, strict=True))]


def test_the_heading_of_the_next_part_ends_a_table_without_rules() -> None:
    p = page(ruled(0.1, 0.2, [0.3, 0.2, 0.2], [["货物名称", "型号", "数量"], ["液压折弯机", "WX-320", "2台"]], height=0.02, cells=False), line(0.1, 0.25, "三、付款方式"))
    assert [r["name"].text for r in table_rows([p], BILINGUAL).rows] == ["液压折弯机"]


@pytest.mark.parametrize(("text", "labels", "value"), [
    ("合同（保险单）编号：HJ33022020", {"contract": ["合同编号"], "wanted": ["保险单编号"]}, None),  # either: the first that is wanted
    ("保险单（凭证）编号：HJ33022020", {"wanted": ["保险单编号"], "_": ["凭证编号"]}, "HJ33022020"),
    ("投保单（凭证）编号：HJ33022020", {"wanted": ["保险单编号"], "_": ["凭证编号"]}, None),
    ("第四条　责任限额：保险期间内累计1078.8万元", {"wanted": ["责任限额"], "_": ["保险期间"]}, "保险期间内累计1078.8万元"),
])
def test_a_label_with_a_second_name_in_it_and_one_behind_the_number_of_an_article(text: str, labels: dict[str, list[str]], value: str | None) -> None:
    assert only([page(line(0.1, 0.1, text))], labels, "wanted") == value


def test_an_edition_in_brackets_belongs_to_the_value_whatever_label_stands_before_it() -> None:
    p = page(line(0.1, 0.1, "险种名称："), line(0.3, 0.1, "首台（套）综合保险条款（2019版）"))
    assert only([p], {"insurance": ["险种名称"], "_": ["保险条款"]}, "insurance") == "首台（套）综合保险条款（2019版）"


def test_headings_below_one_that_spans_them() -> None:
    heads = {"name": ["定作物名称"], "quantity": ["数量"], "price": ["单价"], "amount": ["酬金"]}
    p = page(ruled(0.1, 0.1, [0.3, 0.1, 0.15, 0.15], [[("定作物名称", 1, 2), ("数量", 1, 2), ("报酬（元）", 2)], ["单价", "酬金"], ["锚绞机", "4", "3,040,000", "12,160,000"]]))
    [row] = table_rows([p], heads).rows
    assert {name: piece.text for name, piece in row.items()} == {"name": "锚绞机", "quantity": "4", "price": "3,040,000", "amount": "12,160,000"}
