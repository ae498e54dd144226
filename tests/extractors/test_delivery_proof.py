"""Proofs of delivery: forms, lists and letters; which date, which user, which product."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled
from typed import typed

from extractors.papers.delivery_proof import extract
from models.page import Page

USER, MAKER = "杭州恒远汽车零部件有限公司", "宁波东昇机床有限公司"


def values(*pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in extract(pages).fields.items()}


def letter(*rows: str, signature: str = f"使用单位（盖章）：{USER}", day: str = "2021年5月8日") -> Page:
    return page(line(0.4, 0.1, "用户验收证明"), *(line(0.13 if n == 0 else 0.09, 0.2 + 0.03 * n, text) for n, text in enumerate(rows)), line(0.32, 0.4, signature), line(0.5, 0.426, day))


FORM = page(line(0.42, 0.07, "设备验收单"), ruled(0.1, 0.13, [0.16, 0.25, 0.16, 0.25], [
    ["使用单位", (USER, 3)], ["供货单位", (MAKER, 3)], ["设备名称", "五轴卧式加工中心", "规格型号", "HMC800"], ["数量", "17套", "合同编号", "合字（2020）第333号"], ["交付日期", "2021年4月28日", "验收日期", "2021年5月8日"],
]))


def test_labels_in_two_columns_are_no_table() -> None:
    assert values(FORM) == {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "17", "accepted_on": "2021-05-08"}


def test_what_goes_with_a_product_is_not_the_product() -> None:
    listed = page(line(0.33, 0.1, "产品交付（验收）确认书"), line(0.1, 0.15, f"客户名称：{USER}"), ruled(0.1, 0.2, [0.1, 0.3, 0.2, 0.15], [
        ["序号", "产品名称", "规格型号", "数量"], ["1", "五轴卧式加工中心", "HMC800", "2"], ["2", "随机资料", "/", "1"]]), line(0.1, 0.4, "验收日期：2021/05/08"))
    made = extract([listed]).fields
    assert (made["product_name"].text, made["quantity"].text, made["product_name"].accepted) == ("五轴卧式加工中心", "2", True)


def test_several_products_leave_the_choice_to_a_person() -> None:
    listed = page(line(0.4, 0.1, "验收单"), line(0.1, 0.15, f"客户名称：{USER}"), ruled(0.1, 0.2, [0.1, 0.3, 0.2, 0.15], [
        ["序号", "产品名称", "规格型号", "数量"], ["1", "立式加工中心", "VMC650", "3"], ["2", "五轴卧式加工中心", "HMC800", "2"]]))
    made = extract([listed])
    assert len(made.rows) == 2
    assert not made.fields["product_name"].accepted
    assert not made.fields["quantity"].accepted


@pytest.mark.parametrize(("rows", "day"), [
    (("兹证明，宁波东昇机床有限公司依据合同向我单位", "提供的五轴卧式加工中心（型号：HMC800）共17套，已于2021年4月28日", "交付，并于2021年5月8日通过我单位验收，目前运行情况良好。"), "2021-05-08"),
    (("兹证明，宁波东昇机床有限公司向我单位提供的五轴卧式加工中心共17套，", "已于二〇二一年四月二十八日交付，并于二〇二一年五月八日通过我单位验收。"), "2021-05-08"),
    (("宁波东昇机床有限公司提供的五轴卧式加工中心17台已安装调试完毕，", "验收合格日期为2021年5月8日，自2021年4月28日起投入使用。"), "2021-05-08"),
    (("宁波东昇机床有限公司提供的五轴卧式加工中心17台，我公司于2021年4月28日签收。",), "2021-04-28"),
], ids=["figures", "words", "date behind", "receipt only"])
def test_a_letter_tells_acceptance_from_delivery(rows: tuple[str, ...], day: str) -> None:
    assert values(letter(*rows)) == {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "17", "accepted_on": day}


def test_a_date_before_the_words_of_a_label_is_not_what_it_asks_for() -> None:
    row = page(line(0.42, 0.07, "设备验收单"), line(0.1, 0.2, f"使用单位：{USER}"), line(0.1, 0.25, "到场日期"), line(0.22, 0.25, "2021年4月28日"), line(0.5, 0.25, "验收情况及日期"))
    made = extract([row]).fields.get("accepted_on")
    assert made is None or not made.accepted


@pytest.mark.parametrize("day", ["2021年5月8日", "二〇二一年五月八日", "2021.5.8", "二二一年五月八日"])
def test_the_date_below_a_signature_is_no_part_of_the_name(day: str) -> None:
    made = extract([letter("宁波东昇机床有限公司提供的加工中心2台，运行良好。", day=day)]).fields["buyer_name"]
    assert (made.text, made.accepted) == (USER, True)


@pytest.mark.parametrize(("label", "sure"), [("验收日期", True), ("验收完成日期", True), ("签收日期", True), ("交付日期", False), ("到货日期", False), ("日期", False)])
def test_only_acceptance_and_receipt_are_believed(label: str, sure: bool) -> None:
    made = extract([page(line(0.4, 0.1, "验收单"), line(0.1, 0.2, f"用户单位：{USER}"), line(0.1, 0.23, f"{label}：2021年5月8日"))]).fields["accepted_on"]
    assert (made.text, made.accepted) == ("2021-05-08", sure)


def test_two_users_or_the_supplier_as_user_are_seen_by_a_person() -> None:
    two = page(line(0.4, 0.1, "验收单"), line(0.1, 0.2, f"收货单位：{USER}"), line(0.1, 0.23, "购买单位：上海恒远贸易有限公司"))
    same = page(line(0.4, 0.1, "验收单"), line(0.1, 0.2, f"用户单位：{MAKER}"), line(0.1, 0.23, f"供货单位：{MAKER}"))
    assert not extract([two]).fields["buyer_name"].accepted
    assert not extract([same]).fields["buyer_name"].accepted


@pytest.mark.parametrize("text", [
    f"兹证明，我单位（{USER}）购买的五轴卧式加工中心2台，已于2021年5月8日验收合格。", f"兹有{USER}于2020年3月向{MAKER}购买的五轴卧式加工中心2台，已于2021年5月8日验收合格。",
    f"{MAKER}向{USER}提供的五轴卧式加工中心2台，已于2021年5月8日验收合格。",
])
def test_a_user_told_in_a_sentence_is_seen_by_a_person(text: str) -> None:
    made = extract([page(line(0.4, 0.1, "交付证明"), line(0.05, 0.2, text, size=0.011))]).fields
    assert (made["buyer_name"].text, made["buyer_name"].accepted) == (USER, False)
    assert (made["product_name"].text, made["quantity"].text, made["accepted_on"].text) == ("五轴卧式加工中心", "2", "2021-05-08")


def test_a_colon_set_as_wide_as_its_label_s_letters() -> None:
    letters = [line(0.07 + 0.04 * n, 0.3, c) for n, c in enumerate("收货人：")]
    proof = page(line(0.1, 0.1, "产品交付确认单"), *letters, line(0.24, 0.3, USER), line(0.1, 0.35, "验收合格日期：2021-05-08"))
    assert values(proof) == {"buyer_name": USER, "accepted_on": "2021-05-08"}


def test_a_form_of_one_maker_names_the_buyer_as_user_and_dispatch_beside_acceptance() -> None:
    proof = page(line(0.35, 0.07, "产品交付使用证明"), line(0.1, 0.13, f"采购（使用）单位：{USER}"), line(0.55, 0.13, f"生产单位：{MAKER}"), line(0.1, 0.17, "产品名称：加工中心"),
                 line(0.1, 0.21, "产品型号：HMC800"), line(0.55, 0.21, "交付数量：2套"), line(0.1, 0.25, "发货时间：2021.04.24"), line(0.55, 0.25, "交付验收时间：2021.05.08"))
    made = extract([proof]).fields
    assert {k: (f.text, f.accepted) for k, f in made.items()} == {"buyer_name": (USER, True), "product_name": ("加工中心", True), "quantity": ("2", True), "accepted_on": ("2021-05-08", True)}


def test_goods_received_and_accepted_by_a_note() -> None:
    note = page(line(0.4, 0.09, "发货签收单"), line(0.05, 0.18, f"收货单位：{USER}"), line(0.75, 0.18, "送货日期：2021年04月24日"), ruled(0.05, 0.22, [0.1, 0.35, 0.2, 0.1, 0.15], [
        ["项次", "货物名称", "规格型号", "单位", "数量"], ["1", "加工中心", "HMC800", "台", "2"]]), line(0.05, 0.41, "上述货物已于2021年05月08日如数收到并验收合格。"))
    assert values(note) == {"buyer_name": USER, "product_name": "加工中心", "quantity": "2", "accepted_on": "2021-05-08"}


@pytest.mark.parametrize(("rows", "below", "wanted"), [
    (("兹证明宁波东昇机床有限公司按照合同（编号：XS-20-7）向", "我单位交付五轴卧式加工中心17台，型号HMC800，于2021年5月8日", "验收合格并投入使用。"), (USER, "（盖章）"), {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "17"}),
    (("宁波东昇机床有限公司为我公司提供五轴卧式加工中心（HMC800）共2套，", "已于2021年5月8日通过验收。"), (f"。{USER}（公章）",), {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "2"}),
    (("宁波东昇机床有限公司已向我单位交付合格证2份，", "于2021年5月8日验收合格。"), (USER,), {"buyer_name": USER}),  # no product
    (("宁波东昇机床有限公司向我单位交付加工中心3台，", "于2021年5月8日验收合格。"), (USER, MAKER), {"product_name": "加工中心", "quantity": "3"}),  # which of two signs as the user?
    (("本公司产品加工中心3台于2021年5月8日验收合格。",), (MAKER,), {}),
], ids=["counted", "brackets", "papers that go with it", "two sign", "the maker's own"])
def test_a_letter_s_writer_is_the_user_to_whom_it_was_delivered(rows: tuple[str, ...], below: tuple[str, ...], wanted: dict[str, str]) -> None:
    made = values(page(line(0.4, 0.1, "验收证明"), *(line(0.13, 0.2 + 0.03 * n, text) for n, text in enumerate((*rows, "特此证明。"))), *(line(0.55, 0.4 + 0.03 * n, text) for n, text in enumerate(below))))
    assert {k: v for k, v in made.items() if k != "accepted_on"} == wanted


@pytest.mark.parametrize(("left", "day"), [("签收人：", "2020-05-04"), ("驾驶员：", "2020-04-30")])
def test_the_day_on_which_the_receiver_signs(left: str, day: str) -> None:
    p = page(line(0.3, 0.05, "货物托运签收单"), line(0.1, 0.1, "收货单位：某某水务集团有限公司"), line(0.6, 0.1, "发运日期：2020/04/30"), line(0.4, 0.3, left), line(0.6, 0.3, "日期：2020/05/04"))
    assert extract([p]).fields["accepted_on"].text == day


@pytest.mark.parametrize(("goods", "name", "quantity"), [("五轴卧式加工中心（HMC800，数量：2台，合同编号：HT-20-1）", "五轴卧式加工中心", "2"), ("仓储调度软件（V2.9，数量：1套）", "仓储调度软件", "1")])
def test_model_and_quantity_in_one_bracket_behind_the_name(goods: str, name: str, quantity: str) -> None:
    told = page(line(0.4, 0.09, "项目验收报告"), line(0.16, 0.15, f"由{MAKER}为{USER}提供的"), line(0.12, 0.17, f"{goods}，已按合同要求于二〇一九年十一月二十七日"), line(0.12, 0.19, "交付。"),
                line(0.16, 0.22, "经双方共同检查、测试，交付内容与合同约定一致，二〇一九年十二月五日验收合格。"), line(0.12, 0.35, "甲方（用户）："), line(0.5, 0.35, "乙方（供方）："), line(0.12, 0.37, USER), line(0.5, 0.37, MAKER))
    assert values(told) == {"buyer_name": USER, "product_name": name, "quantity": quantity, "accepted_on": "2019-12-05"}


def test_a_receiving_note_is_headed_by_who_received() -> None:
    note = page(line(0.35, 0.066, USER), line(0.4, 0.09, "采购入库验收单", size=0.02), line(0.1, 0.132, f"供应商：{MAKER}"), line(0.1, 0.15, "采购合同：20XS-2311"), line(0.74, 0.15, "到货日：2018-06-29"),
                ruled(0.1, 0.17, [0.15, 0.25, 0.12, 0.1, 0.1, 0.1], [["物料编码", "物料名称", "规格型号", "计量单位", "应收", "实收"], ["1.02.6454", "五轴卧式加工中心", "HMC800", "台", "4", "3"]]), line(0.6, 0.29, "验收日期：2018-07-12"))
    assert values(note) == {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "3", "accepted_on": "2018-07-12"}


def test_the_day_of_acceptance_beside_that_of_dispatch() -> None:
    note = page(line(0.4, 0.09, "到货签收单", size=0.02), ruled(0.1, 0.17, [0.15, 0.25, 0.15, 0.25], [
        ["收货方", (USER, 3)], ["货物名称", "数控深孔钻镗床（TK21858S）", "签收数量", "3台"], ["发货日期", "2020-03-12", "签收验收日期", "2020-03-20"]]))
    assert values(note) == {"buyer_name": USER, "product_name": "数控深孔钻镗床", "quantity": "3", "accepted_on": "2020-03-20"}


def test_minutes_of_acceptance_name_the_user_the_product_and_the_day_of_the_meeting() -> None:
    minutes = page(line(0.37, 0.09, "项目终验会议纪要", size=0.02), *(line(x, 0.16 + 0.03 * n, text) for n, (x, text) in enumerate([
        (0.13, f"2020年4月27日，{USER}组织召开五轴卧式加工中心（型号：HMC800）项目终验会，"), (0.1, f"承建单位{MAKER}派员参加。"), (0.13, "与会人员查阅了合同（编号HT-2020-09）及2020年4月21日的交付记录，"),
        (0.1, "现场查看了运行情况，确认本次交付63套。"), (0.13, "经讨论，一致同意本项目通过终验。")])), line(0.1, 0.4, "建设单位（盖章）"), line(0.5, 0.4, "承建单位（盖章）"))
    assert values(minutes) == {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "63", "accepted_on": "2020-04-27"}


def test_minutes_of_an_acceptance() -> None:
    minutes = page(*(line(0.1, 0.1 + 0.03 * n, text) for n, text in enumerate((
        "项目验收会议纪要", f"2020年7月13日，{USER}（使用单位）会同{MAKER}", "（供货单位）对合同ZGC（2020）字第889号项下的五轴卧式加工中心进行了验收，形成纪要如下：",
        "一、本次验收标的型号为HMC800，数量2套，供货单位已于2020年7月3日全部交付。", "三、使用单位操作人员已完成培训，能够独立使用和维护。"))))
    assert values(minutes) == {"buyer_name": USER, "product_name": "五轴卧式加工中心", "quantity": "2", "accepted_on": "2020-07-13"}


@pytest.mark.parametrize("user", ["杭州市第一人民医院", "杭州市钱塘区水务局", "浙江工业职业学校", "淮北第二煤矿"])
def test_users_that_are_no_companies(user: str) -> None:
    assert values(letter(f"兹证明{MAKER}向{user}提供的五轴卧式加工中心2台已验收合格。", signature="经办人："))["buyer_name"] == user


def test_goods_handed_over_in_a_sentence_and_a_receipt_into_store() -> None:
    made = extract([typed("""# 设备移交书
移交单位（乙方）：宁波某某装备有限公司
接收单位（甲方）：江苏某某新能源科技股份有限公司
乙方于2020年5月18日将数控龙门起重机（型号：CZ6320）贰台移交甲方，经双方共同检查，外观完好，甲方同意接收。""")]).fields
    assert {name: field.text for name, field in made.items()} == {"buyer_name": "江苏某某新能源科技股份有限公司", "product_name": "数控龙门起重机", "quantity": "2", "accepted_on": "2020-05-18"}
    assert not made["accepted_on"].accepted
    stored = extract([typed("""# 采购入库单
单据编号：RK2020051177|入库日期：2020-05-18|仓库：设备库

供应商：宁波某某装备有限公司|收货单位：江苏某某新能源科技股份有限公司

物料编码|物料名称|规格型号|单位|实收数量
10203|数控龙门起重机|CZ6320|台|2""")]).fields
    assert {name: field.text for name, field in stored.items()} == {"buyer_name": "江苏某某新能源科技股份有限公司", "product_name": "数控龙门起重机", "quantity": "2", "accepted_on": "2020-05-18"}


def test_what_a_project_buys_is_for_a_person() -> None:
    made = extract([typed("# 项目验收单\n项目名称：数控龙门起重机采购项目\n采购单位：江苏某某新能源科技股份有限公司\n验收意见：验收合格\n验收日期：2020年6月1日")]).fields["product_name"]
    assert (made.text, made.accepted) == ("数控龙门起重机", False)
