"""Annexes 1, 4 and 6 as people fill them in: ruled, without rules, split, ticked and left blank."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import line, page, ruled, wrapped

from extractors.layout import NOTHING, Piece, piece_of
from extractors.papers.application_form import extract, track_of
from extractors.papers.application_form.labels import CATEGORIES, YEARS
from extractors.papers.application_form.people import split_contact
from extractors.papers.application_form.ticked import choose_ticked
from extractors.products import split_product
from models.page import Cell, Line, Page

Row = Sequence[str | tuple[str, int] | tuple[str, int, int]]

ANNEX_1: list[Row] = [
    ["投保企业名称", ("宁波某某精密机械有限责任公司", 2), "联系人及电话", "孙文 15837280001"],
    ["企业银行账号", ("33150198370000000001", 2), "开户银行名称", "某某银行宁波分行"],
    ["承保机构名称", ("某某财产保险股份有限公司宁波分公司", 2), "联系人及电话", "林磊/0574-87030002"],
    ["投保产品名称及型号", ("数控卧式镗铣床/HM-6380", 2), "产品类别", "☑单台装备或成套设备\n□机器人或零部件"],
    ["首台套证书编号", ("甬首台套2019-308", 2), "所属地区", "北仑区"],
    ["投保产品具体情况", "合同销售单价（万元/台或套）", "195.5", "投保数量（台或套）", "3"],
    [("投保装备用户情况", 1, 5), ("投保装备用户名称", 3), "数量（台/套）"],
    [("1.湖州某某水务集团有限公司", 3), "1"],
    [("2.苏州某某模具有限公司", 3), "2"],
    [("3.", 3), ""],
    [("投保装备数量总计（台/套）", 3), "3"],
    [("高端装备首台（套）保险", 1, 4), "保单号", "ABCD202033020000000001", "保险费率（%）", "1.5"],
    ["保费总金额（万元）", "8.7975", "保险期限", "2020年8月至2021年7月"],
    ["保险年次", "□第一年 √第二年 □第三年", "申请补贴比例（%）", "80"],
    ["企业实缴保费金额（万元）", "8.7975", "申请保费补贴金额（万元）", "7.038"],
    ["申请单位", ("以上填报内容及附件内容均属实并愿意承担法律责任。\n投保企业法人或代理人（签名）：\n2021年1月9日（公章）", 4)],
    ["属地经信部门意见", ("年 月 日（盖章）", 2), "属地财政部门意见", "年 月 日（盖章）"],
]
WANTED_1 = {
    "applicant_name": "宁波某某精密机械有限责任公司", "contact_name": "孙文", "contact_phone": "15837280001", "bank_account": "33150198370000000001",
    "bank_name": "某某银行宁波分行", "insurer_name": "某某财产保险股份有限公司宁波分公司", "insurer_contact": "林磊", "insurer_phone": "0574-87030002",
    "product_name": "数控卧式镗铣床", "product_model": "HM-6380", "product_category": "complete_set", "certificate_number": "甬首台套2019-308", "district": "北仑区",
    "unit_price": "1955000.00", "insured_quantity": "3", "total_quantity": "3", "policy_number": "ABCD202033020000000001", "premium_rate": "1.5", "premium": "87975.00",
    "period_start": "2020-08", "period_end": "2021-07", "insurance_year": "2", "subsidy_rate": "80", "premium_paid": "87975.00", "subsidy_requested": "70380.00",
    "form_date": "2021-01-09",
}

ANNEX_4: list[Row] = [
    ["投保单位名称", ("宁波某某新材料有限公司", 5)],
    ["法定代表人", ("李某", 2), "联系人", ("孙某", 2)],
    ["主营业务", ("高分子材料的研发、制造、销售", 2), "联系电话", ("18676520003", 2)],
    ["单位地址", ("宁波市某某路1845号", 5)],
    ["承保机构名称", ("某某财产保险股份有限公司宁波分公司", 5)],
    ["联系人", ("赵某", 2), "联系电话", ("0574-87730004", 2)],
    ["投保新材料名称", ("高纯溅射靶材", 2), "投保数量", ("50块", 2)],
    ["保险额度（万元）", "585", "保费率（%）", "1.8", "合同金额（万元）", "195"],
    ["保费金额（万元）", ("10.53", 2), "申请补贴金额（万元）", ("8.424", 2)],
    ["保险时间", ("2020年8月1日至2021年7月31日", 5)],
    ["投保新材料主要技术参数", ("纯度99.996%，平均晶粒尺寸70μm", 5)],
    ["新材料用户单位名称", ("台州某某制品有限公司", 2), "联系人", ("周某", 2)],
    ["单位地址", ("台州市某某路73号", 2), "联系电话", ("18639950005", 2)],
    ["新材料应用情况说明", ("用于台州某某制品有限公司的产品生产，使用情况良好。", 5)],
    ["申请单位", ("以上填报内容及附件内容均属实并愿意承担法律责任。\n投保企业法人（签名）：", 5)],
]
WANTED_4 = {
    "applicant_name": "宁波某某新材料有限公司", "contact_name": "孙某", "contact_phone": "18676520003", "insurer_name": "某某财产保险股份有限公司宁波分公司",
    "insurer_contact": "赵某", "insurer_phone": "0574-87730004", "product_name": "高纯溅射靶材", "premium_rate": "1.8", "premium": "105300.00", "subsidy_requested": "84240.00",
    "period_start": "2020-08-01", "period_end": "2021-07-31", "form_date": "2021-01-25", "legal_representative": "李某", "main_business": "高分子材料的研发、制造、销售",
    "address": "宁波市某某路1845号", "insured_quantity": "50", "sum_insured": "5850000.00", "contract_amount": "1950000.00", "technical_parameters": "纯度99.996%,平均晶粒尺寸70μm",
    "buyer_name": "台州某某制品有限公司", "buyer_contact": "周某", "buyer_address": "台州市某某路73号", "buyer_phone": "18639950005",
}


def form_1(rows: list[Row] = ANNEX_1, cells: bool = True) -> Page:
    return page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), line(0.65, 0.09, "填报时间：2021年1月9日"),
                ruled(0.08, 0.12, [0.13, 0.15, 0.21, 0.14, 0.21], rows, height=0.05, cells=cells))


def form_4(cells: bool = True) -> Page:
    return page(line(0.07, 0.03, "附件4"), line(0.3, 0.05, "宁波市新材料首批次保险补贴申请表", size=0.02), line(0.65, 0.09, "填报时间：2021年1月25日"),
                ruled(0.08, 0.12, [0.14, 0.15, 0.14, 0.14, 0.14, 0.14], ANNEX_4, height=0.045, cells=cells))


def values(p: Page) -> dict[str, str]:
    return {name: f.text for name, f in extract([p]).fields.items()}


@pytest.mark.parametrize("cells", [True, False])
def test_annex_1(cells: bool) -> None:
    assert values(form_1(cells=cells)) == WANTED_1


@pytest.mark.parametrize("cells", [True, False])
def test_annex_4(cells: bool) -> None:
    assert values(form_4(cells=cells)) == {k: v.replace("，", ",") for k, v in WANTED_4.items()} | {"main_business": "高分子材料的研发、制造、销售"}


def test_annex_6_is_told_by_its_title_and_keeps_its_own_fields() -> None:
    renamed = {"投保新材料名称": "投保软件名称", "投保新材料主要技术参数": "软件产品及服务类型", "新材料用户单位名称": "软件用户单位名称", "新材料应用情况说明": "软件应用情况说明",
               "纯度99.996%，平均晶粒尺寸70μm": "工业控制系统"}
    rows: list[Row] = [[(renamed.get(c, c) if isinstance(c, str) else (renamed.get(c[0], c[0]), *c[1:])) for c in row] for row in ANNEX_4]  # type: ignore[misc]
    p = page(line(0.2, 0.05, "宁波市首版次软件（服务）综合创新保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.14] * 6, rows, height=0.045))
    read = extract([p])
    assert read.annex == 6
    assert read.fields["product_type"].value == "工业控制系统"
    assert read.fields["product_name"].value == "高纯溅射靶材"
    assert "insured_quantity" not in read.fields


def test_users_quantities_and_the_places() -> None:
    read = extract([form_1()])
    assert [(b.name and b.name.value, b.quantity and b.quantity.value) for b in read.buyers] == [("湖州某某水务集团有限公司", "1"), ("苏州某某模具有限公司", "2")]
    assert read.annex == 1
    place = read.places["applicant_seal"]
    assert place.box.x0 == pytest.approx(0.21, abs=0.01)
    assert place.box.y0 == pytest.approx(0.12 + 15 * 0.05, abs=0.01)
    assert read.extra["applicant_signature_date"].value == "2021-01-09"
    assert extract([form_1(cells=False)]).buyers[1].name is not None


def test_arithmetic_bears_values_out_or_puts_them_in_doubt() -> None:
    read = extract([form_1()]).fields
    assert all(read[n].accepted for n in ("premium_paid", "subsidy_rate", "subsidy_requested", "total_quantity"))
    wrong = [[("7.938" if c == "7.038" else c) for c in row] for row in ANNEX_1]
    read = extract([form_1(wrong)]).fields
    assert not any(read[n].accepted for n in ("premium_paid", "subsidy_requested"))


@pytest.mark.parametrize("cells", [True, False])
def test_blank_fields_are_told_from_labels_that_were_not_found(cells: bool) -> None:
    emptied = {"甬首台套2019-308", "33150198370000000001", "2020年8月至2021年7月", "□第一年 √第二年 □第三年"}
    replaced = {"□第一年 √第二年 □第三年": "□第一年 □第二年 □第三年", "2020年8月至2021年7月": "年 月至 年 月"}
    rows: list[Row] = [
        [(replaced.get(c, "") if c in emptied else c) if isinstance(c, str) else ("" if c[0] in emptied else c[0], *c[1:]) for c in row]  # type: ignore[misc]
        for row in ANNEX_1
    ]
    read = extract([form_1(rows, cells)])
    assert set(read.blank) == {"certificate_number", "bank_account", "period_start", "period_end", "insurance_year"}
    assert not {"certificate_number", "bank_account", "period_start", "insurance_year"} & set(read.fields)


@pytest.mark.parametrize(("person", "phone"), [("孙文", "15837280001"), ("", "0574-87031630")])
def test_the_telephone_in_a_cell_of_its_own(person: str, phone: str) -> None:
    rows: list[Row] = [["投保企业名称", ("宁波某某精密机械有限责任公司", 2)], ["联系人及电话", person, phone], ["企业银行账号", ("33150198370000000001", 2)], *ANNEX_1[3:]]
    read = extract([form_1(rows, True)])
    assert read.fields["contact_phone"].text == phone
    assert ("contact_name" in read.fields, "contact_phone" in read.blank) == (bool(person), False)


def test_brackets_around_a_telephone_are_no_part_of_it() -> None:
    rows: list[Row] = [["投保企业名称", ("宁波某某精密机械有限责任公司", 2), "联系人及电话", "孙文（0574-59487659）"], *ANNEX_1[1:]]
    assert extract([form_1(rows, True)]).fields["contact_phone"].text == "0574-59487659"


def test_a_reprint_without_any_rules_in_running_lines() -> None:
    rows = ["投保企业名称：宁波某某重工有限公司", "联系人及电话：孙文 15837280001", "承保机构名称：某某财产保险股份有限公司宁波分公司", "联系人及电话：0574-87030002",
            "投保产品名称及型号：盾构机（DG-6250）", "产品类别：■单台装备或成套设备 □机器人或零部件", "保单号：ABCD202033020000000001　保险费率（%）：1.5",
            "保费总金额（万元）：8.7975　保险期限：2020年8月至2021年7月"]
    p = page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表"), [line(0.1, 0.1 + 0.03 * n, t) for n, t in enumerate(rows)])
    read = values(p)
    assert read["product_name"] == "盾构机"
    assert read["product_model"] == "DG-6250"
    assert read["product_category"] == "complete_set"
    assert read["insurer_phone"] == "0574-87030002"
    assert "insurer_contact" not in read
    assert (read["premium"], read["premium_rate"], read["period_end"]) == ("87975.00", "1.5", "2021-07")


def piece(text: str) -> Piece:
    parts: list[Line | Cell] = [line(0.1, 0.1 + 0.02 * n, t) for n, t in enumerate(text.split("\n"))]
    p = page(parts)
    return piece_of(p, p.lines)


@pytest.mark.parametrize(
    ("text", "name", "model"),
    [
        ("重载滚珠丝杠\nFFZ8850", "重载滚珠丝杠", "FFZ8850"),
        ("轴承 B7-7050K", "轴承", "B7-7050K"),
        ("全钢子午线轮胎成型机组/LCX8932", "全钢子午线轮胎成型机组", "LCX8932"),
        ("新型3D五轴切割机床，型号：\nJG8420B", "新型3D五轴切割机床", "JG8420B"),
        ("盾构机（DG6250/2）", "盾构机", "DG6250/2"),
        ("盾构机（型号DG6250）", "盾构机", "DG6250"),
        ("减速机、RV-40E型", "减速机", "RV-40E型"),
        ("6系铝合金厚板轧机", "6系铝合金厚板轧机", ""),
        ("数控机床", "数控机床", ""),
    ],
)
def test_name_and_model(text: str, name: str, model: str) -> None:
    first, second = split_product(piece(text))
    assert (first.folded, second.folded) == (name.replace("，", ","), model)


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("郭春勇/15009730006", "郭春勇", "15009730006"),
        ("孙金勇\n18944290007", "孙金勇", "18944290007"),
        ("联系人：张三 电话：0574-87030008", "张三", "0574-87030008"),
        ("0574-87730009转801", "", "0574-87730009转801"),
        ("欧阳娜娜 138 0000 0010", "欧阳娜娜", "13800000010"),
        ("王五", "王五", ""),
        ("余东斌（0574-59487659）", "余东斌", "0574-59487659"),
        ("余东斌 （0574）59487659", "余东斌", "(0574)59487659"),
    ],
)
def test_person_and_telephone(text: str, name: str, phone: str) -> None:
    first, second = split_contact(piece(text))
    assert (first.folded, second.folded) == (name, phone)


@pytest.mark.parametrize(
    ("text", "options", "ticked"),
    [
        ("☑第一年 □第二年 □第三年", YEARS, "1"),
        ("□第一年 ■第二年 □第三年", YEARS, "2"),
        ("□第一年 □第二年 √第三\n年", YEARS, "3"),
        ("口第一年 口第二年 回第三年", YEARS, "3"),  # boxes read as characters that look like them
        ("□第一年 第二年 □第三年", YEARS, "2"),  # a filled box was dropped
        ("□第一年 □第二年 □第三年", YEARS, None),
        ("☑第一年 ☑第二年 □第三年", YEARS, None),
        ("第一年□ 第二年☑ 第三年□", YEARS, "2"),
        ("第二年", YEARS, "2"),
        ("□单台装备或成套设备\n☑机器人或零部件", CATEGORIES, "component"),
        ("单台装备或成套设备\n□机器人或零部件", CATEGORIES, "complete_set"),
        ("单台装备或成套设备机器人或零部件", CATEGORIES, None),
    ],
)
def test_tick_boxes(text: str, options: dict[str, tuple[str, ...]], ticked: str | None) -> None:
    chosen = choose_ticked(piece(text), options)
    assert (chosen and chosen[0]) == ticked


def test_a_page_that_is_no_form_gives_nothing() -> None:
    read = extract([page(line(0.1, 0.1, "一张白纸"))])
    assert not read.fields
    assert read.buyers == ()
    assert track_of([form_4()]).value == "material"
    assert not NOTHING


@pytest.mark.parametrize(("name", "sure"), [("李卫国", True), ("欧阳·买买提", True), ("南昌颐昊动力电池集团股份有限公司", False), ("联系电话", False)])
def test_a_contact_is_a_person(name: str, sure: bool) -> None:
    form = form_4()
    old = values(form)["buyer_contact"]
    form = form.model_copy(update={"lines": tuple(v.model_copy(update={"text": name, "xs": (), "sure": ()}) if v.text == old else v for v in form.lines)})
    made = extract([form]).fields.get("buyer_contact")
    assert (made is not None and made.text == name and made.accepted) is sure


@pytest.mark.parametrize(("field", "text"), [("buyer_name", "联系人及电话"), ("applicant_name", "宁波东昇新材料有限公"), ("product_name", "投保数量详见附件")])
def test_a_name_that_reads_like_none_is_seen_by_a_person(field: str, text: str) -> None:
    form = form_4()
    old = values(form)[field]
    form = form.model_copy(update={"lines": tuple(v.model_copy(update={"text": text, "xs": (), "sure": ()}) if v.text == old else v for v in form.lines)})
    made = extract([form]).fields.get(field)
    assert made is None or not made.accepted


@pytest.mark.parametrize("cells", [True, False])
@pytest.mark.parametrize(("person", "contact"), [("林磊", "林磊"), ("", None)])
def test_a_telephone_in_a_cell_of_its_own(person: str, contact: str | None, cells: bool) -> None:
    rows: list[Row] = [["投保企业名称", ("宁波某某精密机械有限责任公司", 2)], ["联系人及电话", "孙文", "15837280001"], ["承保机构名称", ("某某财产保险股份有限公司宁波分公司", 2)], ["联系人及电话", person, "0574-87030002"]]
    made = values(page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.2, 0.3, 0.3], rows, cells=cells)))
    assert (made["contact_phone"], made.get("insurer_contact"), made["insurer_phone"]) == ("15837280001", contact, "0574-87030002")


def test_a_label_that_ran_into_the_column_before_it() -> None:
    form = page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), line(0.08, 0.12, "保险年次"), line(0.2, 0.12, "☑第一年□第二年□第三年申请补贴比例（%）"), line(0.75, 0.12, "80%"))
    assert (values(form)["insurance_year"], values(form)["subsidy_rate"]) == ("1", "80")


def test_labels_that_say_whose_contact_they_are() -> None:
    rows: list[Row] = [["1", "投保单位名称", "宁波某某新材料有限公司"], ["2", "联系人", "孙某"], ["3", "联系电话", "18676520003"], ["4", "承保机构名称", "某某财产保险股份有限公司宁波分公司"], ["5", "承保机构联系人", "赵某"],
                       ["6", "承保机构联系电话", "0574-87730004"], ["7", "投保新材料名称", "高纯溅射靶材"], ["8", "新材料用户单位名称", "台州某某制品有限公司"], ["9", "用户联系人", "周某"],
                       ["10", "用户联系电话", "18639950005"], ["11", "用户单位地址", "台州市某某路73号"]]
    got = values(page(line(0.28, 0.067, "宁波市新材料首批次保险补贴申请表"), ruled(0.1, 0.13, [0.06, 0.24, 0.5], rows)))
    assert {name: got.get(name) for name in ("contact_name", "insurer_contact", "insurer_phone", "buyer_contact", "buyer_phone", "buyer_address")} == {
        "contact_name": "孙某", "insurer_contact": "赵某", "insurer_phone": "0574-87730004", "buyer_contact": "周某", "buyer_phone": "18639950005", "buyer_address": "台州市某某路73号"}


def test_a_contact_with_its_telephone_behind_a_label_of_the_person_alone() -> None:
    rows: list[Row] = [["投保企业名称", "宁波某某精密机械有限责任公司", "联系人", "孙文（15837280001）"], ["投保产品名称", "数控卧式镗铣床", "型号", "HM-6380"], ["保单号", "ABCD202033020000000001", "保险费率", "1.5%"]]
    fields = extract([page(line(0.2, 0.04, "宁波市高端装备首台（套）保险补贴申请表"), ruled(0.08, 0.1, [0.2, 0.25, 0.15, 0.25], rows))]).fields
    assert {name: fields[name].text for name in ("contact_name", "contact_phone", "product_model")} == {"contact_name": "孙文", "contact_phone": "15837280001", "product_model": "HM-6380"}


SECTIONS_1: list[Row] = [
    [("一、投保企业信息", 4)],
    ["企业名称", ("宁波某某精密机械有限责任公司", 3)],
    ["联系人/电话", "孙文/15837280001", "账号", "33150198370000000001"],
    [("二、承保机构信息", 4)],
    ["名称", ("某某财产保险股份有限公司宁波分公司", 3)],
    ["联系人", "林磊", "联系电话", "0574-87030002"],
    [("三、投保产品信息", 4)],
    ["名称及型号", "数控卧式镗铣床/HM-6380", "类别", "☑单台装备或成套设备 □机器人或零部件"],
    ["用户合计数量", "3", "保险年次", "☑第一年 □第二年 □第三年"],
    [("用户名称", 2), ("数量（台/套）", 2)],
    [("1.湖州某某水务集团有限公司", 2), ("1", 2)],
    [("2.苏州某某模具有限公司", 2), ("2", 2)],
    [("四、投保及补贴情况", 4)],
    ["保单号", "ABCD202033020000000001", "申请保费补贴金额", "7.038万元"],
]


@pytest.mark.parametrize("cells", [True, False])
def test_headings_say_whose_name_and_contact_it_is(cells: bool) -> None:
    read = extract([page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.16, 0.26, 0.16, 0.3], SECTIONS_1, height=0.045, cells=cells))])
    wanted = {
        "applicant_name": "宁波某某精密机械有限责任公司", "contact_name": "孙文", "contact_phone": "15837280001", "bank_account": "33150198370000000001",
        "insurer_name": "某某财产保险股份有限公司宁波分公司", "insurer_contact": "林磊", "insurer_phone": "0574-87030002", "product_name": "数控卧式镗铣床", "product_model": "HM-6380",
        "product_category": "complete_set", "total_quantity": "3", "insurance_year": "1", "policy_number": "ABCD202033020000000001", "subsidy_requested": "70380.00",
    }
    assert {name: read.fields[name].text for name in wanted if name in read.fields} == wanted
    assert read.fields["subsidy_requested"].accepted  # it says 万元 itself
    assert [(b.name and b.name.text, b.quantity and b.quantity.text) for b in read.buyers] == [("湖州某某水务集团有限公司", "1"), ("苏州某某模具有限公司", "2")]


def test_cells_beside_rows_say_whose_name_and_contact_it_is() -> None:
    rows: list[Row] = [
        ["投保单位名称", ("宁波某某新材料有限公司", 4)], [("承保机构", 1, 2), "名称", ("某某财产保险股份有限公司宁波分公司", 3)], ["联系人", "赵某", "联系电话", "0574-87730004"],
        [("投保新材料", 1, 2), "名称", ("高纯溅射靶材", 3)], ["技术参数", ("纯度99.996%", 3)], [("用户单位", 1, 3), "名称", ("台州某某制品有限公司", 3)],
        ["联系人", "周某", "联系电话", "18639950005"], ["地址", ("台州市某某路73号", 3)],
    ]  # fmt: skip
    got = values(page(line(0.28, 0.067, "宁波市新材料首批次保险补贴申请表"), ruled(0.1, 0.13, [0.14, 0.14, 0.2, 0.14, 0.2], rows)))
    assert got == {
        "applicant_name": "宁波某某新材料有限公司", "insurer_name": "某某财产保险股份有限公司宁波分公司", "insurer_contact": "赵某", "insurer_phone": "0574-87730004", "product_name": "高纯溅射靶材",
        "technical_parameters": "纯度99.996%", "buyer_name": "台州某某制品有限公司", "buyer_contact": "周某", "buyer_phone": "18639950005", "buyer_address": "台州市某某路73号",
    }


def test_a_portal_s_form_with_its_promise_below_the_users() -> None:
    rows: list[Row] = [
        ["申请企业", ("宁波某某激光科技有限公司", 3)], ["经办人", "汪某", "手机/电话", "18056110000"], ["收款开户行", "某某银行宁波支行", "收款账号", "200116138817213843"], ["保险公司", ("某某财产保险股份有限公司宁波分公司", 3)],
        ["保险起始日", "2020/08/01", "保险终止日", "2021/07/31"], [("装备用户名称", 2), ("数量", 2)], [("1.荆门某某集团有限公司", 2), ("2", 2)],
    ]  # fmt: skip
    read = extract([page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.16, 0.26, 0.16, 0.3], rows), line(0.1, 0.5, "承诺：以上填报内容均属实。"), line(0.1, 0.53, "法定代表人或代理人（签名）：汪某"))])
    wanted = {"applicant_name": "宁波某某激光科技有限公司", "contact_name": "汪某", "contact_phone": "18056110000", "bank_name": "某某银行宁波支行", "bank_account": "200116138817213843",
              "insurer_name": "某某财产保险股份有限公司宁波分公司", "period_start": "2020-08-01", "period_end": "2021-07-31"}
    assert {name: read.fields[name].text for name in wanted if name in read.fields} == wanted
    assert [b.name and b.name.text for b in read.buyers] == ["荆门某某集团有限公司"]


def test_users_below_a_heading_that_gives_their_total() -> None:
    rows: list[Row] = [["投保企业名称", ("宁波某某泵业有限公司", 3)], ["合同销售单价（万元）", "1.62", "投保数量（台、套）", "202"], [("三、投保装备用户（数量总计：202 台、套）", 4)],
                       [("用户名称", 2), ("数量（台、套）", 2)], [("1. 邯郸某某铸造有限公司", 2), ("202", 2)], [("2.", 2), ("", 2)], ["保单号", "33022020ZH006719", "保险费率", "1.2%"]]  # fmt: skip
    read = extract([page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.16, 0.26, 0.16, 0.3], rows))])
    assert [(b.name and b.name.text, b.quantity and b.quantity.text) for b in read.buyers] == [("邯郸某某铸造有限公司", "202")]
    assert read.fields["total_quantity"].text == "202"


def test_the_total_below_the_users_has_a_row_of_its_own() -> None:
    rows: list[Row] = [["投保企业名称", ("宁波某某泵业有限公司", 3)], [("投保装备用户名称", 2), ("数量", 2)], [("1.乐山某某紧固件有限公司", 2), ("3", 2)], [("2.", 2), ("", 2)], [("总计", 2), ("3", 2)],
                       ["保单号", "33022020ZH006719", "保险费率", "1.2%"]]  # fmt: skip
    read = extract([page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), ruled(0.08, 0.12, [0.16, 0.26, 0.16, 0.3], rows))])
    assert ([b.name and b.name.text for b in read.buyers], read.fields["total_quantity"].text) == (["乐山某某紧固件有限公司"], "3")


def dated_below(*, labelled: bool = False) -> Page:
    """A form whose only date stands beside the seal, and whose section 申请单位 heads its first rows."""
    rows: list[Row] = [[("申请单位", 1, 2), "名称", "宁波某某精密机械有限责任公司"], ["联系人", "孙文"], [("投保情况", 1, 3), "第几年投保", "□第1年 ☑第2年 □第3年"], ["实际缴纳保费（万元）", "8.7975"], ["产品单价（万元）", "195.5"]]
    return page(line(0.24, 0.05, "宁波市高端装备首台（套）保险补贴申请表", size=0.02), [line(0.65, 0.09, "2021年1月9日")] if labelled else [], ruled(0.1, 0.11, [0.12, 0.25, 0.4], rows),
                line(0.1, 0.4, "本单位承诺：以上填报内容及附件内容均属实，并愿意承担相应的法律责任。"), line(0.1, 0.43, "法定代表人或委托代理人：孙文"), line(0.5, 0.46, "（公章）"), line(0.62, 0.46, "2021年1月31日"))


def test_the_date_beside_the_seal_is_the_form_s_where_it_asks_for_no_other() -> None:
    read = values(dated_below())
    assert {n: read.get(n) for n in ("form_date", "insurance_year", "premium_paid", "unit_price", "applicant_name")} == {
        "form_date": "2021-01-31", "insurance_year": "2", "premium_paid": "87975.00", "unit_price": "1955000.00", "applicant_name": "宁波某某精密机械有限责任公司"}
    assert "form_date" not in values(dated_below(labelled=True))  # another stands at the top, whatever it is


def test_two_forms_side_by_side_each_with_its_contact() -> None:
    """The insurer's section stands beside the applicant's, higher up than the applicant's contact: whose contact it is, its own column tells."""
    left = ruled(0.05, 0.12, (0.08, 0.12, 0.25), [[("投保单位", 1, 5), "名称", "宁波某某材料科技有限公司"], ["法定代表人", "夏秋兰"], ["主营业务", "高分子材料的研发"], ["联系人", "章英涵"], ["电话", "15131275223"]], height=0.04)
    right = ruled(0.53, 0.12, (0.08, 0.12, 0.25), [[("投保材料", 1, 2), "名称", "制氧分子筛"], ["投保数量", "5吨"], [("承保机构", 1, 3), "名称", "某某财产保险股份有限公司宁波分公司"], ["联系人", "路飞祥"], ["电话", "0574-81035435"]], height=0.03)
    made = {name: f.text for name, f in extract([page(line(0.3, 0.05, "宁波市新材料首批次保险补贴申请表"), left, right)]).fields.items()}
    assert [made[name] for name in ("contact_name", "contact_phone", "insurer_contact", "insurer_phone")] == ["章英涵", "15131275223", "路飞祥", "0574-81035435"]


def test_an_address_within_a_sentence_ends_where_something_else_is_said() -> None:
    said = "一、申请单位。宁波某某薄膜材料集团有限公司，地址：宁波市海曙区", "乐海路1214号A座1102室，法定代表人乐佳，主营塑料薄膜的制", "造。本次申请由卢文林负责联系。"
    made = extract([page(line(0.3, 0.05, "宁波市新材料首批次保险补贴申请表"), *(line(0.1, 0.1 + 0.02 * n, row) for n, row in enumerate(said)))]).fields
    assert made["address"].text == "宁波市海曙区乐海路1214号A座1102室"


def test_a_box_drawn_right_behind_its_label_ticks_what_stands_behind_it() -> None:
    made = extract([page(line(0.3, 0.05, "宁波市高端装备首台（套）保险补贴申请表"), line(0.1, 0.1, "产品类别：☑"), line(0.2, 0.1, "☑单台装备或成套设备"), line(0.45, 0.1, "□机器人或零部件"))]).fields
    assert made["product_category"].text == "complete_set"


WRITTEN = """一、申请单位。宁波某某薄膜材料集团有限公司，地址：宁波市海曙区春晓街道乐海路1214号，法定代表人乐佳，主营塑料薄膜、功能性薄膜的研发、制造。本次申请由卢文林负责联系，电话15759182186。
二、投保材料。本次投保的新材料为鞋材用超临界发泡弹性体，共投保59吨。主要技术参数：回弹率78%，密度0.098g/cm3。
三、用户及应用。该批材料供给雅安诺尔特种电缆有限公司（地址：四川省雅安市铁路东街849号；联系人戎娜，电话0835-80156544），双方合同金额479.08万元。
四、保险情况。由某某财产保险有限责任公司宁波市镇海区营销服务部承保（业务联系人向婷诚，电话0574-69407231），保险时间自2020年07月01日起至2021年06月30日止，保险额度958.16万元，保费率1.8%，保费金额17.24688万元，已一次付清。"""


def test_a_form_written_in_sentences() -> None:
    rows = [part for paragraph in WRITTEN.split("\n") for part in wrapped(paragraph, 0.8)]
    made = extract([page(line(0.3, 0.05, "宁波市新材料首批次保险补贴申请表"), line(0.4, 0.08, "（文字填报版）"), *(line(0.1, 0.12 + 0.025 * n, row) for n, row in enumerate(rows)))])
    assert {name: f.text for name, f in made.fields.items() if name not in ("applicant_name", "technical_parameters")} == {
        "address": "宁波市海曙区春晓街道乐海路1214号", "legal_representative": "乐佳", "main_business": "塑料薄膜、功能性薄膜的研发、制造", "contact_name": "卢文林", "contact_phone": "15759182186",
        "product_name": "鞋材用超临界发泡弹性体", "insured_quantity": "59", "buyer_name": "雅安诺尔特种电缆有限公司", "buyer_address": "四川省雅安市铁路东街849号", "buyer_contact": "戎娜", "buyer_phone": "0835-80156544",
        "contract_amount": "4790800.00", "insurer_name": "某某财产保险有限责任公司宁波市镇海区营销服务部", "insurer_contact": "向婷诚", "insurer_phone": "0574-69407231",
        "period_start": "2020-07-01", "period_end": "2021-06-30", "sum_insured": "9581600.00", "premium_rate": "1.8", "premium": "172468.80"}
    assert not made.fields["insurer_contact"].accepted
    assert made.fields["premium"].accepted  # sum × rate
