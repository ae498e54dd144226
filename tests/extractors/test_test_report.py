"""Test reports: cover and results, tables of parameters, sentences, software."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled

from extractors.captions import with_captions_turned
from extractors.papers.test_report import extract
from models.page import Page

MAKER = "宁波东昇新材料有限公司"


def values(*pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in extract(pages).fields.items()}


COVER = page(line(0.65, 0.06, "报告编号：CP202003297"), line(0.35, 0.25, "检 验 检 测 报 告", size=0.03), line(0.2, 0.45, "样品名称：高纯钽溅射靶材"), line(0.2, 0.5, f"委托单位：{MAKER}"), line(0.2, 0.55, "检测类别：委托检测"))
RESULTS = page(
    line(0.35, 0.05, "某市产品质量检验研究院"), line(0.4, 0.08, "检测结果"), line(0.1, 0.11, "报告编号：CP202003297"), line(0.7, 0.11, "共2页第2页"),
    ruled(0.1, 0.14, [0.15, 0.65], [["样品名称", "高纯钽溅射靶材"], ["委托单位", MAKER], ["1", "检测项目：纯度　检测结果：99.996%　单项判定：符合"], ["2", "检测项目：平均晶粒尺寸　检测结果：70μm　单项判定：符合"],
                                   ["检测结论", "所检项目符合标准要求。"]]), number=2)
TABLE = page(
    line(0.4, 0.05, "检验报告"), line(0.1, 0.09, "No：WJ2021-0455"), line(0.1, 0.12, "产品名称"), line(0.25, 0.12, "高性能铝合金厚板"), line(0.1, 0.15, "受检单位"), line(0.25, 0.15, MAKER),
    ruled(0.1, 0.2, [0.08, 0.2, 0.2, 0.2, 0.12], [["序号", "检验项目", "技术要求", "检验结果", "单项判定"], ["1", "抗拉强度", "≥280MPa", "287MPa", "合格"], ["2", "断后伸长率", "≥20%", "25%", "合格"]]),
    line(0.1, 0.4, "检验结论"), line(0.25, 0.4, "该样品所检项目符合GB/T 3880-2012标准要求"))


@pytest.mark.parametrize(("conclusion", "value"), [("所检项目符合企业标准要求", "所检项目符合企业标准要求"), ("检验结论：所检项目符合企业标准要求", "检验结论:所检项目符合企业标准要求"), ("所检项目符合企业标准要求。小", "所检项目符合企业标准要求"), ("所检项目符合企业标准要求。小（检测专用章）", "所检项目符合企业标准要求"), ("2所检项目符合企业标准要求。", "所检项目符合企业标准要求"), ("本批样品检测结果合格", "本批样品检测结果合格")])
def test_labels_in_two_languages_and_a_conclusion_that_names_itself(conclusion: str, value: str) -> None:
    rows = [("编号No.", "20NBX-82782"), ("申请商Applicant", MAKER), ("样品描述Sample", "高纯钽溅射靶材"), ("型号Model", "KR-5930A"), ("完成日期Date of Issue", "2020-01-04"), ("测试结论Conclusion", conclusion)]
    made = values(page(line(0.4, 0.05, "测试报告TEST REPORT"), [part for n, (a, b) in enumerate(rows) for part in (line(0.1, 0.12 + 0.025 * n, a), line(0.35, 0.12 + 0.025 * n, b))]))
    assert made == {"report_number": "20NBX-82782", "company_name": MAKER, "product_name": "高纯钽溅射靶材", "conclusion": value}


def test_a_conclusion_that_begins_with_a_label_s_word() -> None:
    made = values(page(line(0.4, 0.05, "软件测试报告"), ruled(0.1, 0.1, [0.15, 0.6], [["产品名称", "某某控制软件"], ["测试结论", "被测软件实现了需求说明中规定的功能，测试通过。"]])))
    assert made["conclusion"] == "被测软件实现了需求说明中规定的功能,测试通过"


@pytest.mark.parametrize("said", ["样品所检项目的检测结果均满足委托方技术文件要求。", "受检样品各项性能指标达到所申报技术参数。"])
def test_a_conclusion_beside_a_sample_of_two_names(said: str) -> None:
    made = values(page(line(0.4, 0.05, "检验检测报告"), ruled(0.1, 0.1, [0.2, 0.6], [["送检单位", MAKER], ["产品（样品）", "高纯钽溅射靶材"], ["结  论", said]])))
    assert (made["product_name"], made["conclusion"]) == ("高纯钽溅射靶材", said.rstrip("。"))


def test_values_that_stand_over_their_captions() -> None:
    rows = [(("检20-7762", "报告编号"), ("2020年05月29日", "签发日期")), (("高纯钽溅射靶材", "样品名称"),), ((MAKER, "申请检测单位"),), (("经检测，该批样品的性能满足约定的技术指标。", "检测结论"),)]
    lines = [part for n, row in enumerate(rows) for k, (value, caption) in enumerate(row) for part in (line(0.2 + 0.4 * k, 0.2 + 0.08 * n, value), line(0.2 + 0.4 * k, 0.218 + 0.08 * n, caption, size=0.011))]
    made = values(with_captions_turned(page(line(0.45, 0.1, "报告", size=0.02), lines)))
    assert made == {"report_number": "检20-7762", "product_name": "高纯钽溅射靶材", "company_name": MAKER, "conclusion": "经检测,该批样品的性能满足约定的技术指标"}


def test_a_notice_on_the_back_names_nobody() -> None:
    back = page(line(0.4, 0.05, "声明"), line(0.1, 0.1, "委托方对结果有异议的，应自收到报告之日起十日内书面提出。"), line(0.1, 0.2, "报告编号：CP202003297"), line(0.1, 0.3, f"申请检测单位：{MAKER}"))
    assert values(back)["company_name"] == MAKER


def test_cover_and_results_bear_each_other_out() -> None:
    made = extract([COVER, RESULTS])
    assert {k: f.text for k, f in made.fields.items()} == {"report_number": "CP202003297", "company_name": MAKER, "product_name": "高纯钽溅射靶材", "conclusion": "所检项目符合标准要求"}
    assert all(made.fields[k].accepted for k in ("report_number", "company_name", "product_name"))


def test_another_number_on_the_second_page_is_seen_by_a_person() -> None:
    other = RESULTS.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, "报告编号：CP202003291") if "编号" in v.text else v for v in RESULTS.lines)})
    assert not extract([COVER, other]).fields["report_number"].accepted


def test_results_in_sentences_give_parameters() -> None:
    made = extract([COVER, RESULTS])
    assert [(r["parameter"].text, r["found"].text) for r in made.rows] == [("纯度", "99.996%"), ("平均晶粒尺寸", "70μm")]
    assert [p.text for p in made.parameters] == ["纯度99.996%", "平均晶粒尺寸70μm"]


def test_results_in_a_table_give_what_was_required_too() -> None:
    made = extract([TABLE])
    assert {k: f.text for k, f in made.fields.items()} == {"report_number": "WJ2021-0455", "company_name": MAKER, "product_name": "高性能铝合金厚板", "conclusion": "该样品所检项目符合GB/T3880-2012标准要求"}
    assert [(r["parameter"].text, r["required"].text, r["found"].text) for r in made.rows] == [("抗拉强度", "≥280MPa", "287MPa"), ("断后伸长率", "≥20%", "25%")]


def test_a_software_report() -> None:
    report = page(line(0.6, 0.06, "报告编号：WT202097424"), line(0.3, 0.2, "软件产品评测报告", size=0.03), line(0.2, 0.4, "软件名称：仓储调度软件"), line(0.2, 0.45, f"委托单位：{MAKER}"),
                  ruled(0.1, 0.6, [0.15, 0.65], [["1", "功能性：通过"], ["2", "性能效率：通过"], ["评测结论", "测试通过，符合需求说明书要求"]]))
    made = extract([report])
    assert made.fields["conclusion"].text == "测试通过,符合需求说明书要求"
    assert [(r["parameter"].text, r["found"].text) for r in made.rows] == [("功能性", "通过"), ("性能效率", "通过")]
    assert made.parameters == []


def conclusion(*lines_below: str, label: str = "结论：") -> Page:
    return page(line(0.43, 0.06, "检测报告", size=0.024), line(0.1, 0.12, "报告编号：WD-2020-06456"), line(0.1, 0.15, f"委托单位：{MAKER}"), line(0.1, 0.18, "产品名称：硅碳负极复合材料"),
                *(line(0.1, 0.4 + 0.02 * n, (label if n == 0 else "") + text, size=0.012) for n, text in enumerate(lines_below)))


@pytest.mark.parametrize(("lines_below", "value", "sure"), [
    (("依据检验依据要求检测，结果合格。",), "依据检验依据要求检测,结果合格", True),  # words that are labels elsewhere
    (("所检项目的检测结果均满足技术协议要求。",), "所检项目的检测结果均满足技术协议要求", True),
    (("样品经检验，符合要求。", "批准：何佳志"), "样品经检验,符合要求", True),
    (("样品经检验，所检项目结果均符合委托方所提出的技术要求和所附标准的规定，按该标准判定", "合格。"), "样品经检验,所检项目结果均符合委托方所提出的技术要求和所附标准的规定,按该标准判定合格", True),
    (("样品经检验，符合要求", "某市产品质量检验研究院"), "样品经检验,符合要求", True),  # no full stop read, and what stands below isn't its own
    (("所检项目的",), "所检项目的", False),
], ids=["label words", "more label words", "signatures below", "goes on below", "no full stop", "cut short"])
def test_a_conclusion_in_a_sentence(lines_below: tuple[str, ...], value: str, sure: bool) -> None:
    made = extract([conclusion(*lines_below)]).fields["conclusion"]
    assert (made.text, made.accepted) == (value, sure)


def test_a_conclusion_stands_above_the_date_in_its_cell() -> None:
    report = page(line(0.4, 0.05, "检验检测报告"), ruled(0.1, 0.1, [0.15, 0.25, 0.15, 0.25], [["样品名称", "硅碳负极复合材料", "规格型号", "SC-603A"], ["检验依据", ("Q/NB 015-2019《企业标准》及委托方技术要求", 3)],
                                                                                       ["检验结论", ("该产品性能指标达到企业标准规定。\n签发日期：2020年02月24日", 3)]]))
    made = extract([report]).fields["conclusion"]
    assert (made.text, made.accepted) == ("该产品性能指标达到企业标准规定", True)


def test_a_conclusion_below_its_heading() -> None:
    report = page(line(0.3, 0.05, "软件产品评测报告"), line(0.1, 0.2, "1 概述", size=0.016), line(0.14, 0.23, f"受{MAKER}委托，某市电子产品监督检验所对其提交的仓储调度软件进行测试。", size=0.012),
                  line(0.1, 0.4, "4 测试结论", size=0.016), line(0.14, 0.43, "被测软件实现了需求说明中规定的功能，测试通过。"), line(0.1, 0.46, "编写：罗东 审核：林远"))
    made = extract([report]).fields
    assert (made["conclusion"].text, made["conclusion"].accepted) == ("被测软件实现了需求说明中规定的功能,测试通过", True)
    assert (made["company_name"].text, made["product_name"].text) == (MAKER, "仓储调度软件")
    assert not made["company_name"].accepted


@pytest.mark.parametrize("label", ["申请测试单位", "委托测试单位", "生产厂家", "受测单位"])
def test_more_names_for_who_had_it_tested(label: str) -> None:
    assert values(page(line(0.2, 0.1, "测试报告"), line(0.2, 0.4, f"{label}：{MAKER}")))["company_name"] == MAKER


def test_a_number_behind_a_misread_numero() -> None:
    cover, inner = (page(line(0.66, y, text), number=n) for n, (y, text) in enumerate(((0.068, "N：（2020)量测字第9694号"), (0.133, "N：：（2020）量测字第9694号")), 1))
    assert extract([cover]).fields["report_number"].text == "（2020）量测字第9694号"
    assert not extract([cover]).fields["report_number"].accepted
    assert extract([cover, inner]).fields["report_number"].accepted
    assert "report_number" not in extract([page(line(0.66, 0.5, "N：3500.25"))]).fields


@pytest.mark.parametrize(
    ("head", "number"),
    [(("检测证书", "证书编号　TR-20-35824-A"), "TR-20-35824-A"), (("检验报告", "资质证书", "证书编号　TR-20-35824-A"), None), (("软件产品测评意见书", "（JC202036-095）"), "JC202036-095"),
     (("检测报告", "（2020年修订版）"), None), (("检验报告", "（2020）检字第0123号"), "（2020）检字第0123号"), (("软件确认测试报告", "报告标识：JC202036-095"), "JC202036-095")],
    ids=["certificate", "of the laboratory's accreditation", "bracketed beneath the title", "no number in brackets", "in full", "another label"],
)
def test_where_a_report_s_number_stands(head: tuple[str, ...], number: str | None) -> None:
    report = page(*(line(0.4, 0.05 + 0.03 * n, text) for n, text in enumerate(head)), line(0.1, 0.3, f"申请单位：{MAKER}"))
    assert values(report).get("report_number") == number


@pytest.mark.parametrize("commissioned", [f"受{MAKER}委托", f"应{MAKER}的委托"])
def test_a_report_told_in_sentences(commissioned: str) -> None:
    report = page(line(0.42, 0.136, "检测证书"), line(0.16, 0.2, f"{commissioned}，本机构于二零二零年四月五日对其提供"), line(0.12, 0.23, "的低重稀土钕铁硼磁钢（N50SH-1620B）进行了检测，结果如下："),
                  line(0.16, 0.26, "内禀矫顽力：标准值≥21kOe，检测值24kOe，符合；"), line(0.16, 0.29, "测评意见：检测数据表明该产品满足首批次应用要求。"))
    assert values(report) == {"company_name": MAKER, "product_name": "低重稀土钕铁硼磁钢", "conclusion": "检测数据表明该产品满足首批次应用要求"}


def test_a_report_in_english() -> None:
    items = (("Report No.", "WT2020-1234"), ("Sample Name", "High purity tantalum target"), ("Applicant", "NINGBO DONGSHENG CO., LTD"), ("Conclusion", "The tested items comply with the standard."))
    report = page(line(0.4, 0.05, "TEST REPORT"), *(v for n, (label, value) in enumerate(items) for v in (line(0.1, 0.12 + 0.03 * n, label), line(0.3, 0.12 + 0.03 * n, value))))
    assert values(report) == {"report_number": "WT2020-1234", "product_name": "High purity tantalum target", "company_name": "NINGBO DONGSHENG CO.,LTD", "conclusion": "The tested items comply with the standard"}


def test_a_sentence_that_begins_with_a_label_s_word_is_no_company() -> None:
    made = values(COVER.model_copy(update={"lines": tuple(v for v in COVER.lines if "委托单位" not in v.text)}),
                  page(line(0.4, 0.05, "检验结果"), ruled(0.1, 0.1, [0.15, 0.65], [["送样单位", MAKER], ["检验依据", "委托方提供的技术要求、产品企业标准"]]), number=2))
    assert made["company_name"] == MAKER


def test_rows_below_a_column_of_verdicts_are_no_conclusion() -> None:
    made = values(page(line(0.4, 0.05, "检测报告"), ruled(0.1, 0.1, [0.1, 0.2, 0.2, 0.2, 0.1], [["序号", "检测项目", "技术要求", "实测值", "结论"], ["1", "纯度", "≥99.9", "99.96", "符合"], ["2", "粒径", "≤3", "2.6", "符合"]]),
                       line(0.1, 0.3, "检测结论："), line(0.14, 0.32, "样品检测结果符合产品企业标准的要求。")))
    assert made["conclusion"] == "样品检测结果符合产品企业标准的要求"


@pytest.mark.parametrize("said", ["样品所检项目结果符合企业标准要求，判定合格。", "送检样品各项性能指标达到规定要求。"])
def test_a_sentence_beside_its_label_that_begins_with_another_label_s_word(said: str) -> None:
    report = page(line(0.43, 0.06, "测试报告", size=0.02), line(0.11, 0.18, "样品名称："), line(0.26, 0.18, "硅碳负极复合材料"), line(0.11, 0.385, "结论："), line(0.18, 0.385, said), line(0.11, 0.415, "授权签字人："))
    assert values(report)["conclusion"] == said.rstrip("。").replace("，", ",")


def test_a_software_report_in_a_letter() -> None:
    report = page(line(0.38, 0.12, "软件评测报告", size=0.02), line(0.37, 0.19, "（报告编号：YP20-3302-4651）"), line(0.13, 0.23, f"委托方：{MAKER}"), line(0.17, 0.256, f"受{MAKER}委托，我单位依据GB/T 25000.51-2016"),
                  line(0.13, 0.28, "对“仓储调度软件”（版本：V5.6）进行了功能、性能测试。"), line(0.17, 0.35, "测试结论：被测软件通过本次测试。"), line(0.17, 0.378, "详细测试数据见附件《测试记录》。"))
    assert values(report) == {"report_number": "YP20-3302-4651", "company_name": MAKER, "product_name": "仓储调度软件", "conclusion": "被测软件通过本次测试"}


def test_a_report_in_sentences_says_for_whom_and_what_was_tested() -> None:
    told = page(line(0.4, 0.05, "产品测试报告"), line(0.4, 0.08, "报告号 2020JC-05487"), line(0.1, 0.12, f"受{MAKER}（地址：宁波市海曙区听海路149号（A座））委托，本单位对其"),
                line(0.08, 0.14, "送来的高纯钽溅射靶材（KG-5）进行测试。"), line(0.1, 0.2, "三、结论"), line(0.1, 0.22, "本次检验各项目均合格。"))
    made = values(told)
    assert (made["company_name"], made["product_name"]) == (MAKER, "高纯钽溅射靶材")


def test_a_notice_of_results_addressed_to_the_applicant() -> None:
    p = page(line(0.35, 0.1, "检测结果通知书", size=0.025), line(0.7, 0.15, "NBJC2010459"), line(0.12, 0.25, "宁波某某信息技术有限责任公司："),
             line(0.16, 0.28, "你单位委托我单位检测的模具企业报价核算软件（V3.6）已检测完毕，现将结果通知如下："), line(0.16, 0.31, "结论：经测试，软件运行正常，同意通过。"))
    read = extract([p]).fields
    assert {name: f.text for name, f in read.items()} == {
        "report_number": "NBJC2010459", "company_name": "宁波某某信息技术有限责任公司", "product_name": "模具企业报价核算软件", "conclusion": "经测试,软件运行正常,同意通过"}
    assert not read["report_number"].accepted  # nothing says what it numbers


@pytest.mark.parametrize("mark", ["CNASL12345", "CMA161100341234", "ISO9001-201501"])
def test_a_mark_of_accreditation_is_no_number(mark: str) -> None:
    p = page(line(0.35, 0.1, "检测结果通知书", size=0.025), line(0.7, 0.15, mark), line(0.12, 0.25, "委托单位：宁波某某材料有限公司"), line(0.12, 0.28, "样品名称：高强板材"))
    assert "report_number" not in extract([p]).fields
