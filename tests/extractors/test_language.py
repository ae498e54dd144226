"""Running text over lines and pages, and what the spaCy pipeline marks in it."""

from __future__ import annotations

import time

import pytest
from drawn import line, page
from typed import typed

from extractors.language import RunningText, entities, nlp
from extractors.language.pipeline import COMPONENTS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("总价为人民币379470.00元整", [("money", "379470.00")]),  # and not 79470.00元 within it
        ("合同总价（含税）为人民币叁拾柒万玖仟肆佰柒拾元整（小写:¥379,470.00）", [("money_in_words", "379470.00"), ("money", "379470.00")]),
        ("单价37.947万元", [("money", "379470.00")]),
        ("重复定位精度0.04mm,额定负载13kg", []),  # figures, but not money
        ("本合同于2020年4月21日签订,2020.04.30前付款", [("date", "2020-04-21"), ("date", "2020-04-30")]),
        ("签订于二〇二〇年四月二十一日", [("date", "2020-04-21")]),
        ("甲方(采购方):杭州某某电气有限公司", [("organisation", "杭州某某电气有限公司")]),
        ("由宁波某某软件有限责任公司与对方公司签订", [("organisation", "宁波某某软件有限责任公司")]),
        ("承保机构:中国人民财产保险股份有限公司宁波市分公司\n", [("organisation", "中国人民财产保险股份有限公司宁波市分公司")]),
        ("买方\t上海某某职业技术学院\n", [("organisation", "上海某某职业技术学院")]),
        ("开户银行\t开户银行\n", []),
        ("合同编号:ER-XS2020558签订日期:2020年4月21日", [("contract", "ER-XS2020558"), ("date", "2020-04-21")]),
        ("合同编号:甬采合（2020）第015号\n", [("contract", "甬采合（2020）第015号")]),
        ("浙江某某大学(以下简称甲方)与宁波某某软件有限公司(以下简称乙方)", [("organisation", "浙江某某大学"), ("organisation", "宁波某某软件有限公司")]),
        ("与贵阳某某软件有限公司签订", [("organisation", "贵阳某某软件有限公司")]),
        ("，已接受宁波某某软件有限公司的投标", [("organisation", "宁波某某软件有限公司")]),
        ("签字日\t2020-07-12\n1许可费支付", [("date", "2020-07-12")]),
        ("2020年7月1\n2日", []),
        ("合同号ContractNo.:HT-2020-0712A\n", [("contract", "HT-2020-0712A")]),
        ("许可合同号No.\t4520099096", [("contract", "4520099096")]),
        ("（合同编号：LCX-XS2020926），", [("contract", "LCX-XS2020926")]),
        ("保险单号码:PZDX202033020000000186", [("policy", "PZDX202033020000000186")]),
        ("账号\t3901 3112 7645 0937\n电话:0574-69914408", [("account", "3901 3112 7645 0937"), ("phone", "0574-69914408")]),
    ],
)
def test_what_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [(e.kind, e.value) for e in entities(text)] == found


def test_offsets_are_the_text_s_own() -> None:
    text = "甲方:杭州某某电气有限公司\n总价:¥379,470.00"
    assert [text[e.start : e.end] for e in entities(text)] == ["杭州某某电气有限公司", "¥379,470.00"]
    signed = "签署时间:2020-07-0816:21:46"  # a value may end within a token
    assert [signed[e.start : e.end] for e in entities(signed)] == ["2020-07-08"]


def test_the_pipeline_is_spacy_s_with_components_of_ours_and_built_once() -> None:
    assert nlp() is nlp()
    assert tuple(nlp().pipe_names) == COMPONENTS
    doc = nlp()("额定起重量25t,合同总价¥5.00元")
    assert [t.text for t in doc[:6]] == ["额", "定", "起", "重", "量", "25"]


CLAUSE = "1.2本合同总价（含税）为人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分（小写：¥1,234,567.89），由买受人在货到验收合格并收到发票后三十日内一次性付清，逾期按日计收违约金。"


def test_sentences_go_on_over_lines_and_pages_and_lead_back_to_their_place() -> None:
    first, second = typed(f"一、标的\n{CLAUSE}\n第1页 共2页~", number=1), typed("二、交货\n2.1 交货地点为买受人指定的地点。", number=2)
    running = RunningText.of([first, second])
    assert running.text.split("\n") == ["一、标的", CLAUSE.replace("（", "(").replace("）", ")").replace("：", ":").replace("，", ","), "二、交货", "2.1交货地点为买受人指定的地点。"]
    words, figures = entities(running.text, "money", "money_in_words")
    piece = running.piece(words.start, words.end)
    assert piece.folded == "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"
    assert {span.page.number for span in piece.spans} == {1}
    assert running.piece(figures.start, figures.end).region.page == 1
    place = running.search("买受人指定")
    assert place is not None
    assert place.region.page == 2


def test_an_amount_in_words_goes_on_in_a_narrow_column() -> None:
    text = RunningText.of([typed("人民币（大写）：贰佰陆拾万肆\n仟元整")]).text
    assert [e.value for e in entities(text)] == ["2604000.00"]


def test_columns_stand_apart() -> None:
    text = RunningText.of([typed("甲方：某某电气有限公司|乙方：某某软件有限公司\n电话：0574-1|电话：0574-2")]).text
    assert text == "甲方:某某电气有限公司\t乙方:某某软件有限公司\n电话:0574-1\t电话:0574-2"


def test_a_hundred_pages_take_less_than_a_second() -> None:
    text = RunningText.of([typed("\n".join([CLAUSE] * 12))]).text
    nlp()(text)
    start = time.perf_counter()
    for _ in range(20):
        nlp()(text)
    assert time.perf_counter() - start < 20 * 0.03  # ten times what it takes, for busy machines


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("乙方应当在合同生效后按照约定的时间和地点交付全部货物，甲方在验收合格后", "30日内支付合同总价的百分之六十。", True), ("乙方应当按照约定的时间和地点交付全部货物，每台单价为人民币二百五十，即250,0", "00元。", True),
        ("乙方应当按照约定的时间和地点交付全部货物，包装物不回收，费用由乙方承担", "2付款方式", False), ("乙方应当按照约定的时间和地点交付全部货物，包装物不回收，费用由乙方承担", "2.付款方式", False),
        ("乙方应当按照约定的时间和地点交付全部货物，包装物不回收，费用由乙方承担", "甲方（以下简称“甲方”）：江苏某某公司", False),
        ("1.货物名称：蒸发结晶控制装置；规格型号：MVR-94；供货数量：一万八千平方米；含", "税单价：49.00元。", True), ("1.货物名称：蒸发结晶控制装置；规格型号：MVR-94；供货数量：三套；含税单价：", "3,340,000.00元。", True),
        ("送货地址：江苏省南京市江宁区某某街道某某工业园区某某路1024号标准厂房3幢", "联系电话：025-1", False), ("付款方式、交货期限、质量要求和技术标准按照双方另行签订的技术协议执行如下：", "甲方指定收货人。", False),
    ],
)  # fmt: skip
def test_where_a_paragraph_goes_on(first: str, second: str, joined: bool) -> None:
    wide = line(0.1, 0.1, first)
    made = RunningText.of([page([wide, line(0.1, wide.box.y1 + 0.004, second)])]).text
    assert ("\n" not in made) is joined


def test_a_number_at_the_right_is_no_full_line() -> None:
    text = RunningText.of([typed("# 设备买卖合同\n||编号：HTXS-TR-20-296-1\n甲方是江苏某某电气有限公司，在本合同里是买方，乙方是宁波某某装备有限公司，在本合同里是卖方。")]).text
    assert text.split("\n")[1] == "编号:HTXS-TR-20-296-1"


def test_a_date_behind_figures_that_stand_above_figures() -> None:
    text = "5\t版本\tV5.5\n6\t数量\t12\n7\t签订时间\t2020年7月11日\n8\t签订地点"
    assert [text[e.start : e.end] for e in entities(text) if e.kind == "date"] == ["2020年7月11日"]
