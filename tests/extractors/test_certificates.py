"""Certificates of first sets, patents, registered software; proofs of delivery."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled
from typed import typed

from extractors.papers import delivery_proof, first_set_certificate, ip_certificate
from extractors.papers.first_set_certificate import extract as extract_certificate
from extractors.papers.ip_certificate import check_digit
from models.page import Page

MAKER = "宁波东昇机床有限公司"


def values(kind: object, *pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in kind.extract(pages).fields.items()}  # type: ignore[attr-defined]


TABLE = page(line(0.3, 0.1, "宁波市首台（套）产品认定证书"), ruled(0.15, 0.2, [0.15, 0.5], [["证书编号", "甬首台套2018-125"], ["企业名称", MAKER], ["产品名称", "五轴卧式加工中心"], ["规格型号", "HMC800"],
                                                                                                 ["认定结论", "经审核，该产品符合认定条件，特发此证。"]]))
LISTED = page(line(0.3, 0.1, "浙江省装备制造业重点领域首台（套）产品认定证书"), line(0.6, 0.2, "证书编号：浙首台（套）2021-066号"), line(0.15, 0.3, f"企业名称：{MAKER}"), line(0.15, 0.33, "产品名称：五轴卧式加工中心"),
              line(0.15, 0.36, "产品型号：HMC800"), line(0.18, 0.4, "经审核，该产品符合首台（套）产品认定条件，特发此证。"))
CENTRED = page(line(0.4, 0.1, "宁波市首台（套）重大技术装备"), line(0.37, 0.2, MAKER), line(0.45, 0.24, "你单位申报的"), line(0.42, 0.28, "五轴卧式加工中心"), line(0.45, 0.32, "（HMC800）"),
               line(0.32, 0.36, "经评审认定为2019年度首台（套）产品，特发此证。"), line(0.12, 0.6, "证书编号NB-SB-2019-088"), line(0.55, 0.6, "宁波市经济和信息化局"), line(0.57, 0.64, "2019年10月9日"))
CAPTIONED = page(line(0.3, 0.1, "首台（套）产品认定证书"), [part for n, (label, value) in enumerate([("证书编号", "甬首台套2018-125"), ("产品名称", "五轴卧式加工中心"), ("产品型号", "HMC800"), ("持证企业", MAKER)])
                                                 for part in (line(0.12, 0.2 + 0.07 * n, label), line(0.12, 0.22 + 0.07 * n, value))])
LETTER = page(line(0.3, 0.1, "首台（套）产品认定证书"), line(0.6, 0.2, "编号：2021-066"), line(0.15, 0.3, f"{MAKER}："),
              line(0.18, 0.33, "你单位研制的五轴卧式加工中心（型号：HMC800），经"), line(0.15, 0.35, "评审认定为首台（套）产品，特发此证。"))


GRANTED = page(line(0.3, 0.1, "首台（套）产品证书"), line(0.6, 0.2, "编号　首台套2019-087号"), line(0.15, 0.3, f"授予　{MAKER}"),
               line(0.18, 0.33, "产品“五轴卧式加工中心”（规格型号：HMC800）列入宁波市首台（套）产品名单，有"), line(0.15, 0.35, "效期三年。"))


@pytest.mark.parametrize(
    ("line_", "number"),
    [("（甬首台套证字2018-125）", "甬首台套证字2018-125"), ("（NBSB2019-3-118）", "NBSB2019-3-118"), ("〔甬装首（2019）第021号〕", "甬装首（2019）第021号"), ("（型号HMC-800）", None), ("（2019年6月12日）", None)],
)
def test_on_a_plaque_the_number_stands_in_brackets_without_a_label(line_: str, number: str | None) -> None:
    framed = page(line(0.3, 0.1, "首台（套）产品证书"), line(0.4, 0.15, line_), line(0.15, 0.3, f"经审定，{MAKER}研制的五轴卧式加工中心（型号HMC-800）符合首台（套）产品认定条件，特颁此证。"))
    assert values(first_set_certificate, framed).get("certificate_number") == number


@pytest.mark.parametrize(("paper", "number"), [(TABLE, "甬首台套2018-125"), (LISTED, "浙首台（套）2021-066号"), (LETTER, "2021-066"), (GRANTED, "首台套2019-087号"), (CENTRED, "NB-SB-2019-088"), (CAPTIONED, "甬首台套2018-125")], ids=["table", "list", "letter", "granted", "centred", "captions"])
def test_a_first_set_certificate_as_table_list_and_letter(paper: Page, number: str) -> None:
    assert values(first_set_certificate, paper) == {"certificate_number": number, "company_name": MAKER, "product_name": "五轴卧式加工中心", "product_model": "HMC800"}


def test_name_and_model_in_one_cell_are_told_apart() -> None:
    p = page(ruled(0.15, 0.2, [0.2, 0.5], [["证书编号", "2021-066"], ["企业名称", MAKER], ["产品名称及型号", "五轴卧式加工中心 HMC800"]]))
    got = values(first_set_certificate, p)
    assert (got["product_name"], got["product_model"]) == ("五轴卧式加工中心", "HMC800")


def notice(number: str, rows: list[list[str]], heads: tuple[str, ...] = ("序号", "单位名称", "产品名称", "规格型号")) -> Page:
    return page(line(0.24, 0.066, "宁波市经济和信息化局文件", size=0.03), line(0.4, 0.143, number), line(0.2, 0.2, "关于公布2019年度首台（套）产品认定结果的通知"), line(0.13, 0.256, "各区县（市）经信局，各有关单位："),
                line(0.13, 0.314, "公示，现认定以下产品为2019年度宁波市高端装备制造业重点领域首台（套）"), line(0.13, 0.343, "产品（名单见附表）。希望有关单位加快推广应用。"),
                ruled(0.13, 0.4, [0.08, 0.3, 0.22, 0.15], [list(heads), *rows]), line(0.54, 0.6, "宁波市经济和信息化局"), line(0.57, 0.63, "2019年9月21日"))


@pytest.mark.parametrize("number", ["NBSTT-2019-001", "浙首台套2019447号", "甬经信装备〔2019〕145号", "甬经信技装〔2019〕106号-27", "STT20190355"])
def test_a_published_list_with_the_notice_s_number(number: str) -> None:
    made = extract_certificate([notice(number, [["12", MAKER, "五轴卧式加工中心", "HMC-800B"]])])
    assert {k: f.text for k, f in made.fields.items()} == {"certificate_number": number, "company_name": MAKER, "product_name": "五轴卧式加工中心", "product_model": "HMC-800B"}
    assert all(f.accepted for f in made.fields.values())


def test_whose_row_of_a_list_counts_is_left_to_a_person() -> None:
    made = extract_certificate([notice("甬经信装备〔2019〕145号", [["1", "宁波恒远机械有限公司", "立式注塑机", "V60"], ["2", MAKER, "五轴卧式加工中心", "HMC800"]])])
    assert [(r["company_name"].text, r["product_model"].text) for r in made.rows] == [("宁波恒远机械有限公司", "V60"), (MAKER, "HMC800")]
    assert [k for k, f in made.fields.items() if f.accepted] == ["certificate_number"]


def test_two_lines_that_look_like_numbers_leave_the_choice_to_a_person() -> None:
    two = page(line(0.3, 0.1, "首台（套）产品认定证书"), line(0.6, 0.2, "STT20190355"), line(0.15, 0.3, f"企业名称：{MAKER}"), line(0.6, 0.5, "NBSTT-2019-001"))
    assert not extract_certificate([two]).fields["certificate_number"].accepted


@pytest.mark.parametrize("text", ["2019年9月21日", "宁波市经济和信息化局文件", "2019年度", "0574-87654321", "HMC"])
def test_lines_that_are_no_certificate_s_number(text: str) -> None:
    assert "certificate_number" not in extract_certificate([page(line(0.3, 0.1, "首台（套）产品认定证书"), line(0.6, 0.2, text), line(0.15, 0.3, f"企业名称：{MAKER}"))]).fields


PATENT = page(line(0.4, 0.1, "发明专利证书"), line(0.6, 0.06, "证书号第4567890号"), line(0.15, 0.3, "发 明 名 称："), line(0.3, 0.3, "一种五轴卧式加工中心"), line(0.15, 0.33, "发 明 人："), line(0.3, 0.33, "李强;王敏"),
              line(0.15, 0.36, "专　利　号："), line(0.3, 0.36, "ZL 2017 1 1657626.4"), line(0.15, 0.39, "专利申请日："), line(0.3, 0.39, "2017年12月12日"), line(0.15, 0.42, "专 利 权 人："), line(0.3, 0.42, MAKER),
              line(0.15, 0.45, "授权公告日："), line(0.3, 0.45, "2019年08月09日"))
SOFTWARE = page(line(0.3, 0.1, "计算机软件著作权登记证书"), line(0.3, 0.14, "证书号：软著登字第4567890号"), line(0.15, 0.3, "软 件 名 称："), line(0.33, 0.3, "仓储调度软件"), line(0.33, 0.32, "[简称：WMS]"), line(0.33, 0.34, "V1.0"),
                line(0.15, 0.38, "著 作 权 人："), line(0.33, 0.38, MAKER), line(0.15, 0.41, "首次发表日期："), line(0.33, 0.41, "未发表"), line(0.15, 0.44, "登　记　号："), line(0.33, 0.44, "2019SR1252040"),
                line(0.15, 0.8, "No. 28961991"))


def test_a_patent() -> None:
    assert values(ip_certificate, PATENT) == {"certificate_number": "ZL201711657626.4", "company_name": MAKER, "product_name": "一种五轴卧式加工中心"}


def test_registered_software_without_its_version() -> None:
    assert values(ip_certificate, SOFTWARE) == {"certificate_number": "2019SR1252040", "company_name": MAKER, "product_name": "仓储调度软件"}


def test_the_serial_number_stands_in_for_the_registration_but_is_not_accepted() -> None:
    torn = SOFTWARE.model_copy(update={"lines": tuple(v for v in SOFTWARE.lines if "SR" not in v.text)})
    made = ip_certificate.extract([torn]).fields.get("certificate_number")
    assert made is None or not made.accepted


@pytest.mark.parametrize(("number", "right"), [("ZL200310102344.5", True), ("ZL200310102344.6", False), ("ZL200310102345.5", False), ("2019SR1252040", False), ("ZL20171165762.4", False)])
def test_the_check_digit_of_a_patent_number(number: str, right: bool) -> None:
    assert check_digit(number) is right


def test_a_holder_s_name_cut_short_is_not_accepted() -> None:
    cut = PATENT.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, MAKER[:-1]) if v.text == MAKER else v for v in PATENT.lines)})
    assert not ip_certificate.extract([cut]).fields["company_name"].accepted


def test_a_delivery_proof_by_labels_and_by_table() -> None:
    labelled = page(line(0.4, 0.1, "设备验收报告"), line(0.1, 0.2, "用户单位：杭州恒远汽车零部件有限公司"), line(0.1, 0.23, "设备名称：五轴卧式加工中心"), line(0.1, 0.26, "数量：2台"), line(0.1, 0.29, "验收日期：2021年5月8日"))
    table = page(line(0.4, 0.1, "交货验收单"), line(0.1, 0.15, "收货单位：杭州恒远汽车零部件有限公司"), ruled(0.1, 0.2, [0.1, 0.3, 0.2, 0.15], [["序号", "产品名称", "规格型号", "数量"], ["1", "五轴卧式加工中心", "HMC800", "2"]]),
                 line(0.1, 0.4, "验收日期：2021年5月8日"))
    for paper in (labelled, table):
        assert values(delivery_proof, paper) == {"buyer_name": "杭州恒远汽车零部件有限公司", "product_name": "五轴卧式加工中心", "quantity": "2", "accepted_on": "2021-05-08"}


REGISTERED = ["2019SR0668198", "软著登字3826958", "仓储调度软件", "V5.5", MAKER, "2019-12-13"]


@pytest.mark.parametrize("cells", [True, False])
@pytest.mark.parametrize(("rows", "accepted"), [([REGISTERED], True), ([REGISTERED, ["2019SR0668199", "软著登字3826959", "另一软件", "V1.0", "宁波恒远软件有限公司", "2019-12-13"]], False)])
def test_software_announced_in_a_table(rows: list[list[str]], accepted: bool, cells: bool) -> None:
    listed = page(line(0.32, 0.1, "计算机软件著作权登记公告"), ruled(0.1, 0.2, [0.16, 0.16, 0.18, 0.08, 0.24, 0.14], [["登记号", "证书编号", "软件全称", "版本号", "著作权人", "登记批准日"], *rows], cells=cells))
    made = ip_certificate.extract([listed]).fields
    assert {name: f.text for name, f in made.items()} == {"certificate_number": "2019SR0668198", "company_name": MAKER, "product_name": "仓储调度软件"}
    assert made["company_name"].accepted is accepted


def test_an_extract_of_the_patent_register() -> None:
    extract_ = page(ruled(0.1, 0.2, [0.2, 0.5], [["专利号", "ZL 2003 1 0102344.5"], ["发明创造名称", "五轴卧式加工中心"], ["专利权人", MAKER], ["法律状态", "专利权有效"], ["证书号", "12482228"]]))
    assert values(ip_certificate, extract_) == {"certificate_number": "ZL200310102344.5", "company_name": MAKER, "product_name": "五轴卧式加工中心"}


def test_a_certificate_in_one_sentence() -> None:
    p = page(line(0.33, 0.2, "首台（套）产品证书", size=0.03), line(0.19, 0.376, f"兹认定{MAKER}研制的五轴卧式加工中心，型号HMC800，为"),
             line(0.15, 0.43, "2019年度某市装备制造业重点领域首台（套）产品。"), line(0.15, 0.74, "编号甬首证字第00123号"))
    assert values(first_set_certificate, p) == {"certificate_number": "甬首证字第00123号", "company_name": MAKER, "product_name": "五轴卧式加工中心", "product_model": "HMC800"}


def test_the_number_of_a_notice_without_its_list_is_seen_by_a_person() -> None:
    p = page(line(0.24, 0.066, "某市经济和信息化局文件", size=0.03), line(0.4, 0.143, "某经信〔2019〕45号"), line(0.2, 0.2, "关于公布2019年度首台（套）产品名单的通知"), line(0.13, 0.256, "各有关单位："))
    number = extract_certificate([p]).fields["certificate_number"]
    assert (number.text, number.accepted) == ("某经信〔2019〕45号", False)


@pytest.mark.parametrize("label", ["软件全称及版本", "软件名称及版本号", "软件全称和版本"])
def test_a_label_that_names_software_with_its_version(label: str) -> None:
    p = page(ruled(0.15, 0.2, [0.2, 0.5], [["登记号", "2019SR0345001"], [label, "某某排产软件V6.4"], ["著作权人", "某某软件有限公司"]]))
    assert values(ip_certificate, p)["product_name"] == "某某排产软件"


def test_the_number_above_a_paragraph_that_begins_with_the_name_and_the_model_before_the_product() -> None:
    p = page(line(0.42, 0.1, "证　　书", size=0.03), line(0.45, 0.2, "NBST-2019-C-004"), line(0.19, 0.3, f"{MAKER}研制的HMC-800型五轴卧式加"), line(0.15, 0.33, "工中心，经认定为宁波市高端装备首台（套）产品。"))
    assert values(first_set_certificate, p) == {"certificate_number": "NBST-2019-C-004", "company_name": MAKER, "product_name": "五轴卧式加工中心", "product_model": "HMC-800"}


@pytest.mark.parametrize("number", ["2019甬经信装067号", "甬首台（套）证字2019第051号", "NBST-2019-C-085"])
def test_a_number_with_its_label_in_brackets_below_the_title(number: str) -> None:
    p = page(line(0.3, 0.1, "首台（套）产品认定告知书", size=0.025), line(0.35, 0.15, f"（证书编号　{number}）"), line(0.15, 0.25, f"{MAKER}："), line(0.18, 0.28, "你单位申报的五轴卧式加工中心（型号：HMC800），经组织专家评审，符合认定条件，现予认定。"))
    assert values(first_set_certificate, p)["certificate_number"] == number


def test_a_meeting_that_discussed_the_acceptance() -> None:
    read = values(delivery_proof, typed("""# 验收会议纪要
会议时间：|2020年01月18日
会议就高速泡罩剔废机（PT-5350V，共1台，合同编号HT20-085号）的验收进行了讨论。用户方汇报了试用情况，与会人员同意通过验收。"""))
    assert {name: read[name] for name in ("product_name", "quantity", "accepted_on")} == {"product_name": "高速泡罩剔废机", "quantity": "1", "accepted_on": "2020-01-18"}


def test_a_name_s_second_half_is_no_name() -> None:
    p = page(line(0.3, 0.1, "首台（套）产品认定证书", size=0.025), line(0.38, 0.2, "宁波东昇成套设备（中国）", size=0.02), line(0.34, 0.25, "有限公司研制的五轴卧式加工中心（型号：HMC800），经评审认定为首台（套）产品。"))
    assert values(first_set_certificate, p).get("company_name") != "有限公司"


def test_a_letter_to_an_office_names_company_product_and_number_in_its_sentence() -> None:
    made = first_set_certificate.extract([typed("""# 宁波市经济和信息化局文件
甬经信装备〔2019〕110号
关于核定宁波某某陶瓷机械有限公司产品为首台（套）产品的函
慈溪市经济和信息化局：
你局推荐、宁波某某陶瓷机械有限公司研制的嫩芽茶叶采摘机器人（型号规格为CY-7030RH），经材料审查、现场核验及公示，核定为宁波市首台（套）产品，核发证书号为NBST-2019-C-027。请做好后续指导和服务工作。
宁波市经济和信息化局
二〇一九年五月二十日""")]).fields
    assert {name: field.text for name, field in made.items()} == {
        "certificate_number": "NBST-2019-C-027", "company_name": "宁波某某陶瓷机械有限公司", "product_name": "嫩芽茶叶采摘机器人", "product_model": "CY-7030RH"}
