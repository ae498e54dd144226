"""Policies of several makers: schedules with rules and without, bilingual, listed, in columns, with sums that decide between readings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import line, page, ruled
from typed import typed

from extractors.papers.base import Extracted
from extractors.papers.insurance_policy import extract
from models.geometry import Box
from models.page import Cell, Line, Page

WANTED = {
    "policy_number": "TP2020330200000123", "insurer_name": "某某财产保险股份有限公司宁波分公司", "policyholder_name": "宁波某某重工有限公司",
    "insured_name": "宁波某某重工有限公司", "insurance_product": "首台（套）重大技术装备综合保险", "product_name": "全断面盾构机", "sum_insured": "5000000.00",
    "premium_rate": "2.5", "premium": "125000.00", "period_start": "2020-06-01", "period_end": "2021-05-31",
}


def listed() -> Page:
    """A numbered list, as smaller insurers print it."""
    rows = [
        "保险单号：TP2020330200000123", "1. 投保人：宁波某某重工有限公司", "2. 被保险人：宁波某某重工有限公司", "3. 保险标的：全断面盾构机",
        "4. 责任限额：人民币5,000,000.00元", "5. 保险费率：25‰", "6. 保险费：RMB125,000.00（大写：人民币壹拾贰万伍仟元整）",
        "7. 保险期间：自2020年6月1日0时起至2021年5月31日24时止", "8. 争议处理：诉讼", "保险人：某某财产保险股份有限公司宁波分公司", "签单日期：2020年5月28日",
    ]
    return page(line(0.25, 0.05, "首台（套）重大技术装备综合保险保险单", size=0.02), [line(0.1, 0.12 + 0.03 * n, t) for n, t in enumerate(rows)])


def in_four_columns(cells: bool = True) -> Page:
    """Label, value, label, value; amounts in 万元; the rate and the sums beneath their headings."""
    rows: list[Sequence[str | tuple[str, int]]] = [
        ["保单号码", ("TP2020330200000123", 3)],
        ["投保人名称", "宁波某某重工有限公司", "被保险人名称", "宁波某某重工有限公司"],
        ["保险标的名称", "全断面盾构机", "保险期间", "2020-06-01 00:00:00至2021-05-31 23:59:59"],
        ["累计责任限额（万元）", "费率", "保险费（万元）", "免赔额"],
        ["500", "2.50%", "12.5", "无"],
    ]
    return page(line(0.2, 0.03, "某某财产保险股份有限公司宁波分公司", size=0.02), line(0.25, 0.06, "首台（套）重大技术装备综合保险", size=0.018), line(0.4, 0.09, "保险单（正本）"),
                ruled(0.08, 0.15, [0.17, 0.25, 0.17, 0.25], rows, height=0.05, cells=cells))


def with_groups() -> Page:
    """投保人 and 被保险人 stand upright beside their rows."""
    rows: list[Sequence[str | tuple[str, int] | tuple[str, int, int]]] = [
        [("投\n保\n人", 1, 2), "名称", ("宁波某某重工有限公司", 3)],
        ["地址", "宁波市某某路1号", "行业", "制造业"],
        [("被\n保\n险\n人", 1, 2), "名称", ("宁波某某重工有限公司", 3)],
        ["地址", "宁波市某某路1号", "与投保人关系", "本人"],
        ["标的", "保险标的名称", ("全断面盾构机", 3)],
        [("保\n险\n金\n额", 1, 4), "保险金额/责任限额", "¥5,000,000.00", "费率", "2.5%"],
        ["大写", ("人民币伍佰万元整", 3)],
        ["应收保险费", "¥125,000.00", "短期系数", "1.00"],
        ["大写", ("人民币壹拾贰万伍仟元整", 3)],
        ["期限", "保险期间", ("2020年6月1日零时起，至2021年5月31日二十四时止", 3)],
    ]
    covers = [["序号", "承保险别/保险责任", "责任限额（元）"], ["1", "产品质量保证责任", "3,000,000.00"], ["2", "产品责任", "2,000,000.00"]]
    return page(line(0.2, 0.03, "某某财产保险股份有限公司宁波分公司", size=0.02), line(0.25, 0.06, "首台（套）重大技术装备综合保险", size=0.018), line(0.07, 0.1, "保单号码：TP2020330200000123"),
                ruled(0.08, 0.13, [0.05, 0.2, 0.25, 0.15, 0.15], rows, height=0.05), ruled(0.08, 0.7, [0.1, 0.4, 0.3], covers, table=1))


def bilingual() -> Page:
    rows = ["保单号 Policy No.：TP2020330200000123", "投保人 Policyholder：宁波某某重工有限公司", "被保险人 The Insured：宁波某某重工有限公司",
            "险种名称 Product：首台（套）重大技术装备综合保险", "保险标的 Subject Matter：全断面盾构机", "总保险金额 Sum Insured：CNY5,000,000.00", "费率 Rate：2.5%",
            "总保险费 Premium：CNY125,000.00", "保险期限 Period：自2020年6月1日零时起至2021年5月31日二十四时止"]
    return page(line(0.1, 0.04, "某某财产保险股份有限公司宁波分公司"), line(0.4, 0.08, "保 险 单", size=0.025), [line(0.1, 0.14 + 0.03 * n, t) for n, t in enumerate(rows)])


@pytest.mark.parametrize("made", [listed(), in_four_columns(), in_four_columns(cells=False), with_groups(), bilingual()], ids=["listed", "columns", "columns-unruled", "groups", "bilingual"])
def test_layouts(made: Page) -> None:
    assert {name: f.text for name, f in extract([made]).fields.items()} == WANTED


def figures(amount: str, rate: str, premium: str, *more: str) -> Extracted:
    rows = [f"保险金额：{amount}", f"费率：{rate}", f"保险费：{premium}", *more]
    return extract([page([line(0.1, 0.2 + 0.03 * n, t) for n, t in enumerate(rows)])])


def test_sum_times_rate_bears_the_three_out() -> None:
    read = figures("5,000,000.00元", "2.5%", "125,000.00元").fields
    assert all(read[n].accepted and "保险金额×费率=保险费" in read[n].why for n in ("sum_insured", "premium_rate", "premium"))


def test_a_broken_product_is_nobodys_word() -> None:
    read = figures("5,000,000.00元", "2.5%", "126,000.00元").fields
    assert not any(read[n].accepted for n in ("sum_insured", "premium_rate", "premium"))
    assert read["premium"].value == "126000.00"


def test_the_candidate_for_which_the_product_holds_is_taken() -> None:
    read = figures("1,000,000.00元", "2.5%", "125,000.00元", "累计责任限额：5,000,000.00元").fields
    assert read["sum_insured"].value == "5000000.00"


def test_words_say_what_the_figures_do_not() -> None:
    read = figures("5,000,000.00元", "2.5%", "¥1#5.000", "保险费大写：人民币壹拾贰万伍仟元整")
    assert read.fields["premium"].value == "125000.00"
    assert read.extra["amount_in_words"].value == "125000.00"


def test_words_against_figures_that_the_product_bears_out() -> None:
    read = figures("5,000,000.00元", "2.5%", "125,000.00元", "保险费大写：人民币壹拾贰万陆仟元整").fields
    assert read["premium"].value == "125000.00"
    assert not read["premium"].accepted


def test_the_total_among_several_limits_in_one_place() -> None:
    read = figures("每次事故100万元，累计500万元", "2.5%", "12.5万元").fields
    assert (read["sum_insured"].value, read["premium"].value) == ("5000000.00", "125000.00")


def test_the_total_row_of_a_schedule_with_several_subjects() -> None:
    rows = [["序号", "保险标的", "保险金额（元）", "费率", "保险费（元）"], ["1", "盾构机", "3,000,000.00", "2.5%", "75,000.00"], ["2", "盾构机", "2,000,000.00", "2.5%", "50,000.00"],
            ["合计", "", "5,000,000.00", "", "125,000.00"]]
    read = extract([page(ruled(0.1, 0.3, [0.1, 0.2, 0.2, 0.15, 0.2], rows))]).fields
    assert read["product_name"].value == "盾构机"
    assert (read["sum_insured"].value, read["premium"].value) == ("5000000.00", "125000.00")


@pytest.mark.parametrize("label", ["承保险种", "险种"])
def test_an_insurance_without_the_word_below_the_title_of_a_line_of_business(label: str) -> None:
    made = extract([typed(f"# 企业财产与责任类电子保险单\n保险单号：PT-E200553-943038\n{label}：|首台（套）重大装备保障计划")]).fields["insurance_product"]
    assert (made.text, made.accepted) == ("首台（套）重大装备保障计划", True)


def test_a_title_beside_another_insurance_in_its_own_field_is_for_a_person() -> None:
    made = extract([typed("# 首台（套）综合保险保险单\n保险单号：PT-E200553-943038\n承保险种：|首台（套）重大装备保障套餐")]).fields["insurance_product"]
    assert not made.accepted
    assert "险种栏另有所载" in made.why


@pytest.mark.parametrize("text", ["兹证明，宁波某某重工有限公司（投保企业）已向本公司投保“首台（套）装备综合责任保险”，被保险企业为宁波某某重工有限公司。"])
def test_parties_that_a_certificate_names(text: str) -> None:
    made = extract([typed(f"# 电子保险凭证\n{text}")]).fields
    assert {made[name].text for name in ("policyholder_name", "insured_name")} == {"宁波某某重工有限公司"}
    assert made["insurance_product"].text == "首台（套）装备综合责任保险"


@pytest.mark.parametrize("text", ["一、投保人宁波某某重工有限公司", "鉴于投保人宁波某某重工有限公司已向本公司投保，特立本保险单。", "鉴于宁波某某重工有限公司（以下简称投保人）向本公司提出申请"])
def test_the_policyholder_without_a_colon_or_in_the_opening_sentence(text: str) -> None:
    assert extract([page(line(0.1, 0.2, text))]).fields["policyholder_name"].value == "宁波某某重工有限公司"


def test_an_insurer_with_more_behind_its_name_than_was_understood() -> None:
    read = extract([page(line(0.1, 0.8, "保险人：某某财产保险股份有限公司波分公司"))]).fields["insurer_name"]
    assert not read.accepted


def test_a_title_in_two_lines() -> None:
    p = page(line(0.25, 0.05, "某某财产保险股份有限公司", size=0.02), line(0.28, 0.1, "首台（套）重大技术装备", size=0.022), line(0.32, 0.13, "综合保险保险单", size=0.022))
    assert extract([p]).fields["insurance_product"].value == "首台（套）重大技术装备综合保险"


def test_name_and_model_behind_one_label() -> None:
    assert extract([page(line(0.1, 0.3, "投保产品名称及型号：全断面盾构机/DG6250"))]).fields["product_name"].value == "全断面盾构机"


def test_a_bar_code_puts_a_misread_number_right() -> None:
    p = page(line(0.1, 0.1, "保单号：P0ZB2020330201070864"))
    assert not extract([p]).fields["policy_number"].accepted
    coded = p.model_copy(update={"codes": ("PQZB2020330201070864",)})
    assert extract([coded]).fields["policy_number"].value == "PQZB2020330201070864"


def test_a_number_read_for_sure_that_its_bar_code_contradicts_is_for_a_person() -> None:
    p = page(line(0.1, 0.1, "保单号：10502003902000018053")).model_copy(update={"codes": ("10502003902000018058",)})
    made = extract([p]).fields["policy_number"]
    assert (made.value, made.accepted) == ("10502003902000018053", False)


def test_covers_become_rows() -> None:
    rows = extract([with_groups()]).rows
    assert [(r["cover"].value, r["limit"].value) for r in rows] == [("产品质量保证责任", "3000000.00"), ("产品责任", "2000000.00")]


def test_numbers_on_every_page_are_held_against_each_other() -> None:
    first, second = listed(), page(line(0.1, 0.05, "（续）保险单号：TP2020330200000123"), line(0.1, 0.1, "第一条 投保人应当按照约定交付保险费。"), number=2)
    read = extract([first, second]).fields
    assert "多处一致" in read["policy_number"].why
    other = page(line(0.1, 0.05, "（续）保险单号：TP2020330200000128"), number=2)
    assert not extract([first, other]).fields["policy_number"].accepted


def test_clauses_are_no_values() -> None:
    clauses = ["投保人应当按照约定交付保险费。", "保险人不负责赔偿下列损失：", "被保险人与用户共同受益", "保险期间内发生的事故"]
    assert not extract([page([line(0.1, 0.1 + 0.03 * n, t) for n, t in enumerate(clauses)])]).fields


MAKER, BRANCH = "宁波某某重工有限公司", "某某财产保险股份有限公司宁波分公司"
LETTERS = {
    "whereas": f"""鉴于{MAKER}（以下称“投保人”）已向本保险人递交书面投保申请，并同意按约定交付保险费，本保险人依照《综合保险条款》，对被保险人{MAKER}生产的全断面盾构机（规格型号：DG6250，共2台）承担保险责任，特立本保险单为凭。
一、责任限额：本保险单累计责任限额为人民币5,000,000.00元。
二、保险费率及保险费：保险费率为2.5%，保险费为人民币壹拾贰万伍仟元整（¥125,000.00）。
三、保险期限：十二个月，自2020年6月1日零时起，至2021年5月31日二十四时止。""",
    "at the request of": f"""本公司根据投保人{MAKER}的申请，在投保人缴付约定的保险费后，同意按照《综合保险条款》对被保险人{MAKER}研发并销售的全断面盾构机（型号：DG6250）承担保险责任。
本保险单的累计赔偿限额为人民币伍佰万元整（¥5,000,000.00），年费率为千分之二十五，保险费共计人民币壹拾贰万伍仟元整（小写：¥125,000.00）。
保险期间自二〇二〇年六月一日零时起至二〇二一年五月三十一日二十四时止。""",
    "the parties first": f"""{MAKER}（以下简称“投保人”）向{BRANCH}（以下简称“保险人”）投保综合保险，已交付保险费人民币125,000.00元。
被保险人：{MAKER}，其开发的全断面盾构机为本保险单的保险标的。
保险金额：人民币5,000,000.00元；费率：2.5%。
保险责任自2020年6月1日零时起至2021年5月31日二十四时止。""",
    "a certificate": f"""本公司依据《首台（套）重大技术装备综合保险》之约定，接受{MAKER}的投保，以其为投保人，并以{MAKER}为被保险人，就被保险人制造并销售的全断面盾构机（DG6250）2台向用户某某隧道工程有限公司承担下列责任：
本公司在保险有效期内之最高赔偿额，累计不逾人民币伍佰万元整（即5,000,000元）。
投保人应付之保费，按前述最高赔偿额的百分之二点五计收，计人民币壹拾贰万伍仟元整，即125,000元，于出单时付讫。
保险有效期由二〇二〇年六月一日上午零时始，迄二〇二一年五月三十一日午夜十二时终。""",
}  # fmt: skip
SPECIAL = """特别约定：
1、投保人应于保险起期后30日内缴清全部保险费；未缴清前保险费为人民币1元的部分不生效。
2、被保险人应在知道保险事故发生后48小时内拨打24小时服务热线报案。
3、被保险人某某其他有限公司生产的其他产品因质量缺陷造成的损失不属于保险责任。
"""


@pytest.mark.parametrize("letter", LETTERS.values(), ids=list(LETTERS))
def test_a_policy_in_letter_form_says_its_facts_in_sentences(letter: str) -> None:
    read = extract([typed(f"#某某财产保险股份有限公司\n#首台（套）重大技术装备综合保险保险单\n保险单号：TP2020330200000123\n{letter}\n{SPECIAL}保险人（盖章）：{BRANCH}")]).fields
    assert {name: f.text for name, f in read.items()} == WANTED


def test_the_declarations_may_stand_behind_the_clauses() -> None:
    clauses = "第一条 保险合同构成：投保单、保险单、条款及批单。\n第二条 通知义务：被保险人获悉可能引起索赔的情形，应当立即书面通知保险人。\n第三条 保险费：投保人应当按照约定交付保险费。"
    declared = f"""# 承保声明
1.|保险单号：TP2020330200000123
2.|保险名称：首台（套）重大技术装备综合保险
3.|投保人（甲）：{MAKER}
4.|被保险人（乙）：{MAKER}
5.|本合同所称产品系指：全断面盾构机，规格为DG6250，共计2台
6.|产品之用户系指：某某隧道工程有限公司
7.|保险人所负责任之限额：5,000,000元，大写伍佰万元整
8.|甲方应缴纳之保险费：125,000元，大写壹拾贰万伍仟元整，费率千分之二十五
9.|保险责任开始于2020年6月1日零时，终止于2021年5月31日二十四时
责任1 产品质量保证保险，每次事故免赔：10000元
保险人：{BRANCH}"""
    read = extract([typed(f"# 首台（套）重大技术装备综合保险\n{clauses}"), typed(declared, number=2)]).fields
    assert {name: f.text for name, f in read.items()} == WANTED


def in_captions() -> Page:
    """Figures in circles before labels that stand over their values."""
    rows: list[Sequence[str | tuple[str, int]]] = [
        ["①保险单号码", ("②险种", 3)], ["TP2020330200000123", ("首台（套）重大技术装备综合保险", 3)], ["③投保人", ("④被保险人", 3)], ["宁波某某重工有限公司", ("宁波某某重工有限公司", 3)],
        ["⑤产品名称", "⑥型号", ("⑦数量", 2)], ["全断面盾构机", "DG6250", ("2台", 2)], ["⑧起保日期", "⑨满期日期", "⑩费率（%）", "⑪签发日期"], ["2020年06月01日", "2021年05月31日", "2.5", "2020年05月28日"],
        [("⑫赔偿限额（元）", 2), ("⑬保险费（元）", 2)], [("5,000,000.00", 2), ("125,000.00", 2)],
    ]
    return page(line(0.3, 0.05, "产品质量及责任类保险单", size=0.02), ruled(0.08, 0.15, [0.25, 0.2, 0.2, 0.2], rows), line(0.1, 0.8, f"⑭保险人签章：{BRANCH}"))


def shared() -> Page:
    """Of several insurers who share it, with words of their own for number, period and sum."""
    rows: list[Sequence[str]] = [["主承保单号", "TP2020330200000123"], ["投保人", "宁波某某重工有限公司"], ["被保险人", "宁波某某重工有限公司"], ["保险标的", "全断面盾构机"], ["标的型号", "DG6250"],
            ["保险责任起止", "2020年06月01日0时至2021年05月31日24时"], ["共保体责任限额（100%）", "5,000,000.00"], ["适用费率", "2.5%"], ["保险费（100%）", "125,000.00（人民币壹拾贰万伍仟元整）"], ["首席承保人", BRANCH]]
    return page(line(0.25, 0.03, "首台（套）重大技术装备综合保险", size=0.018), line(0.4, 0.06, "共保保险单"), ruled(0.08, 0.15, [0.3, 0.5], rows))


def in_two_languages() -> Page:
    """English over Chinese in one cell, the value beside both; no rule between label and value."""
    rows = [("Policy Number", "保单编号", "TP2020330200000123"), ("Class of Insurance", "险种", "首台（套）重大技术装备综合保险"), ("Named Insured", "记名被保险人", "宁波某某重工有限公司"), ("Policyholder", "投保人", "宁波某某重工有限公司"),
            ("Insured Product(s)", "承保产品", "全断面盾构机"), ("Model / Quantity", "型号／数量", "DG6250／2台"), ("Policy Period", "保险期间", "From自2020/06/01 00:00 To至2021/05/31 24:00"),
            ("Limit of Liability (Aggregate)", "赔偿限额（累计）", "5,000,000.00 CNY"), ("Rate", "费率", "2.5000%"), ("Premium (VAT inclusive)", "含税保险费", "125,000.00 CNY")]
    return page(line(0.1, 0.05, "SCHEDULE 保险明细"), [line(x, 0.12 + 0.04 * n + dy, text, size=0.012) for n, (en, zh, value) in enumerate(rows) for x, dy, text in ((0.1, 0.0, en), (0.45, 0.007, value), (0.1, 0.014, zh))],
                line(0.1, 0.7, f"Signed for {BRANCH}"))


def numbered(rules: bool) -> Page:
    """A schedule whose rows are numbered, each with its label over its English, the value level with the middle of both; ruled between the rows alone, or not at all."""
    rows = [("险种名称", "Name of Insurance", "首台（套）重大技术装备综合保险"), ("投保人", "The Applicant", "宁波某某重工有限公司"), ("被保险人", "The Insured", "宁波某某重工有限公司"),
            ("保险标的", "Subject Matter Insured", "全断面盾构机，型号DG6250，共2台"), ("保险期间（北京时间）", "Period of Insurance", "自2020年06月01日00:00时起，至2021年05月31日24:00时止"),
            ("保险金额", "Total Sum Insured", "RMB 5,000,000.00"), ("保险费率", "Rate of Premium", "2.5000%"), ("总保险费（含增值税）", "Total Premium (VAT incl.)", "RMB 125,000.00")]
    parts: list[Line | Cell] = []
    for n, (zh, en, value) in enumerate(rows):
        y = 0.15 + 0.045 * n
        parts += [line(0.1, y + 0.012, str(n + 1), size=0.012), line(0.14, y + 0.004, zh, size=0.012), line(0.14, y + 0.02, en, size=0.01), line(0.45, y + 0.012, value, size=0.012)]
        parts += [Cell(box=Box(0.08, y, 0.92, y + 0.045))] if rules else []
    return page(line(0.35, 0.05, "保险单明细表", size=0.02), line(0.55, 0.1, "保险单号 Policy No.：TP2020330200000123"), parts, line(0.5, 0.8, BRANCH))


@pytest.mark.parametrize("rules", [True, False])
def test_labels_over_their_gloss_in_numbered_rows(rules: bool) -> None:
    read = {name: f.text for name, f in extract([numbered(rules)]).fields.items()}
    assert {name: read.get(name) for name in WANTED if name != "insurer_name"} == {name: value for name, value in WANTED.items() if name != "insurer_name"}


@pytest.mark.parametrize("made", [in_captions(), shared(), in_two_languages()], ids=["captions", "shared", "two languages"])
def test_layouts_with_words_of_their_own(made: Page) -> None:
    assert {name: f.text for name, f in extract([made]).fields.items()} == WANTED


@pytest.mark.parametrize(("label", "name"), [("最高保障限额", "sum_insured"), ("累计赔付限额", "sum_insured"), ("100%责任限额", "sum_insured"), ("保障额度", "sum_insured"), ("失效日期", "period_end"), ("保险终期", "period_end"), ("保险始期", "period_start"), ("起保", "period_start"), ("终保", "period_end"), ("赔偿总限额", "sum_insured"), ("六、每次及累计责任限额", "sum_insured"), ("八、保险费（含增值税）", "premium"), ("单号", "policy_number"), ("主保险单号", "policy_number"),
    ("Limit of Indemnity", "sum_insured"), ("投保方", "policyholder_name"), ("被保险方", "insured_name"), ("保险标的物为", "product_name"), ("费率标准", "premium_rate")])
def test_other_words_for_the_same(label: str, name: str) -> None:
    assert extract([page(line(0.1, 0.2, f"{label}：{WANTED[name]}"))]).fields[name].text == WANTED[name]


@pytest.mark.parametrize("label", ["每次事故赔偿限额", "每人责任限额", "每次事故最高赔偿限额"])
def test_the_sum_of_one_accident_is_not_the_policy_s(label: str) -> None:
    assert "sum_insured" not in extract([typed(f"# 综合保险保险单\n保险单号：TP2020330200000123\n{label}：1,000,000.00元。\n本保单{label}为人民币1,000,000.00元。")]).fields


@pytest.mark.parametrize(
    ("printed", "name", "value", "accepted"),
    [
        ("基准费率：3% 执行费率：2.5%", "premium_rate", "2.5", True), ("保单编号：TP2020330200000123（正本）", "policy_number", "TP2020330200000123", True),
        ("被保险产品：全断面盾构机（DG6250）2台", "product_name", "全断面盾构机", False), ("承保产品：全断面盾构机2台", "product_name", "全断面盾构机", False), ("承保设备名称及型号：全断面盾构机 DG6250", "product_name", "全断面盾构机", True),
        ("投保人：宁波某某重工有限公司\n被保险人：同投保人", "insured_name", "宁波某某重工有限公司", True), ("保险期间：自2020年06月01日零时起一年", "period_end", "2021-05-31", False),
        ("按2.5%的费率计收保险费。", "premium_rate", "2.5", True), ("应宁波某某重工有限公司之请求，本公司同意承保。", "policyholder_name", "宁波某某重工有限公司", True),
        ("保险人的最高赔偿责任不超过人民币5,000,000.00元。", "sum_insured", "5000000.00", True), ("本保险单应收保险费人民币壹拾贰万伍仟元整。", "premium", "125000.00", True),
    ],
)  # fmt: skip
def test_what_is_the_value_and_what_stands_with_it(printed: str, name: str, value: str | None, accepted: bool) -> None:
    made = extract([typed(f"# 首台（套）重大技术装备综合保险保险单\n{printed}")]).fields.get(name)
    assert (made.text, made.accepted) == (value, accepted) if made else value is None


def test_a_cover_is_not_the_insurance() -> None:
    covers = [["序号", "险别名称", "责任限额", "费率", "保险费"], ["1", "产品质量保证保险", "5,000,000.00", "2.5%", "125,000.00"]]
    p = page(line(0.25, 0.05, "首台（套）重大技术装备综合保险", size=0.02), line(0.4, 0.09, "保险单明细表"), line(0.45, 0.3, "承保险种表"), ruled(0.08, 0.33, [0.08, 0.3, 0.2, 0.1, 0.15], covers))
    assert extract([p]).fields["insurance_product"].text == "首台（套）重大技术装备综合保险"


def test_words_behind_a_label_of_their_own_stand_against_the_figures() -> None:
    p = page([line(0.1, 0.2 + 0.04 * n, t) for n, t in enumerate(["赔偿限额：5,000,000.00", "费率：2.5%", "应收保费合计：¥125,000.00", "应收保费合计（大写）：人民币壹拾叁万伍仟元整"])])
    made = extract([p])
    assert made.fields["premium"].text == "125000.00"
    assert not made.fields["premium"].accepted
    assert made.extra["amount_in_words"].text == "135000.00"


@pytest.mark.parametrize("sentence", ["被保险人应在知道保险事故发生后48小时内拨打24小时服务热线报案。", "投保人应于保险起期后30日内缴清全部保险费", "1、被保险人就同一事故索赔的", "被保险人不得放弃对生产厂家的权利"])
def test_a_label_that_begins_a_sentence_has_no_value(sentence: str) -> None:
    assert not {"policyholder_name", "insured_name"} & set(extract([page(line(0.1, 0.4, sentence))]).fields)


@pytest.mark.parametrize(
    ("head", "foot", "name", "accepted"),
    [
        ("某某财产保险股份有限公司", "保险公司签章：某某财产保险股份有限公司宁波中心支公司", "某某财产保险股份有限公司宁波中心支公司", True),
        ("某某财产保险股份有限公司", "保险人（盖章）：某某财产保险股份有限公司宁波分公司", "某某财产保险股份有限公司宁波分公司", True),
        ("某某财产保险股份有限公司", "某某财产保险股份有限公司宁波分公司（承保专用章）", "某某财产保险股份有限公司宁波分公司", True),
        ("中国某某信用保险公司", "保险人：中国某某信用保险公司宁波分公司", "中国某某信用保险公司宁波分公司", True),
        ("某某财产保险股份有限公司", "签单日期：2020年5月28日", "某某财产保险股份有限公司", False),
        ("某某财产保险股份有限公司", "主承保人：某某财产保险股份有限公司宁波分公司（60%）、另一财产保险股份有限公司宁波分公司（40%）", "某某财产保险股份有限公司宁波分公司", True),
        ("共保保险单", "保险人：另一财产保险股份有限公司宁波分公司|首席承保人：某某财产保险股份有限公司宁波分公司", "某某财产保险股份有限公司宁波分公司", True),
    ],
)
def test_the_branch_that_signs_is_the_insurer(head: str, foot: str, name: str, accepted: bool) -> None:
    made = extract([page(line(0.3, 0.04, head, size=0.02), [line(0.1, 0.8 + 0.03 * n, t) for n, t in enumerate(foot.split("|"))])]).fields["insurer_name"]
    assert (made.value, made.accepted) == (name, accepted)


@pytest.mark.parametrize(
    ("rate", "value", "accepted"), [("25‰", "2.5", True), ("25%0", "2.5", True), ("25", "2.5", True), ("2.5", "2.5", True), ("千分之二十五", "2.5", True), ("26%0", "2.6", False), ("26", "26", False)]
)
def test_a_rate_whose_sign_was_lost_is_told_by_the_arithmetic(rate: str, value: str, accepted: bool) -> None:
    made = figures("5,000,000.00元", rate, "125,000.00元").fields["premium_rate"]
    assert (made.value, made.accepted) == (value, accepted)


@pytest.mark.parametrize(
    ("title", "product"),
    [
        (("装备首台套综合险A款保险单",), "装备首台套综合险A款"), (("首台（套）综合保险（2020版）保险明细表",), "首台（套）综合保险（2020版）"), (("首版次软件综合保险保险单",), "首版次软件综合保险"),
        (("产品责任与保证保险（新材料附加条款）", "共同保险保险单"), "产品责任与保证保险（新材料附加条款）"), (("新材料首批次应用综合保险", "共保保险单"), "新材料首批次应用综合保险"),
    ],
)
def test_what_makes_a_title_a_paper_s_is_no_part_of_the_insurance(title: Sequence[str], product: str) -> None:
    lines = [line(0.5 - 0.0099 * len(text), 0.05 + 0.025 * n, text, size=0.014) for n, text in enumerate(title)]
    assert extract([page(lines)]).fields["insurance_product"].text == product


def framed() -> Page:
    """A running text with labels set in brackets."""
    rows = ["鉴于投保人已向保险人提出投保申请并同意交付保险费，特立本保险单为凭。", "【保险单号】TP2020330200000123", "【投保人】宁波某某重工有限公司【被保险人】宁波某某重工有限公司",
            "【承保产品】全断面盾构机【型号】DG6250【数量】1台", "【用户】某某隧道有限公司", "【赔偿总限额】人民币5,000,000.00元【费率】2.5%【保险费】人民币125,000.00元",
            "【保险期间】自二〇二〇年六月一日零时起至二〇二一年五月三十一日二十四时止", "【责任1】产品质量保证保险，每次事故免赔无"]
    return page(line(0.3, 0.03, "某某财产保险股份有限公司宁波分公司", size=0.02), line(0.25, 0.06, "首台（套）重大技术装备综合保险保险单", size=0.018), [line(0.1, 0.12 + 0.025 * n, t) for n, t in enumerate(rows)])


def with_upright_labels() -> Page:
    """Labels stand upright in cells; a party's address or telephone follows in its cell."""
    rows = [["投\n保\n人", "宁波某某重工有限公司\n0574-87654321", "被\n保\n险\n人", "宁波某某重工有限公司\n宁波市某某路1249号2号楼5层", "险\n种", "首台（套）重大技术装备综合保险"],
            ["产\n品", "全断面盾构机", "型\n号", "DG6250", "用\n户", "某某隧道有限公司"], ["赔\n偿\n限\n额", "5,000,000.00", "费\n率", "2.5%", "保\n险\n费", "125,000.00"],
            ["起\n期", "2020-06-01", "止\n期", "2021-05-31", "签\n单\n日", "2020-05-28"]]
    return page(line(0.3, 0.03, "某某财产保险股份有限公司宁波分公司", size=0.02), line(0.4, 0.06, "保险单", size=0.02), line(0.6, 0.09, "保单号：TP2020330200000123"),
                ruled(0.05, 0.12, [0.04, 0.26] * 3, rows, height=0.09))


@pytest.mark.parametrize("made", [framed(), with_upright_labels()], ids=["framed", "upright"])
def test_labels_without_a_colon(made: Page) -> None:
    assert {name: f.text for name, f in extract([made]).fields.items()} == WANTED


@pytest.mark.parametrize("title", ["首台（套）重大技术装备综合保险保险单（电子保单）", "首台（套）重大技术装备综合保险电子保险单（副本）", "首台（套）重大技术装备综合保险"])
def test_the_insurance_is_named_in_the_title(title: str) -> None:
    assert extract([page(line(0.25, 0.05, title, size=0.02))]).fields["insurance_product"].value == "首台（套）重大技术装备综合保险"


@pytest.mark.parametrize(("first", "last"), [("2020-06-01 00:00:00", "2021-05-31 23:59:59"), ("20200601 00:00:00", "20210531 23:59:59"), ("2020-6-1 12时", "2021-5-31 12时"), ("2020/06/01 0时", "2021/05/31 24时")])
def test_a_time_behind_a_date_is_no_part_of_it(first: str, last: str) -> None:
    for rows in ([f"保险期间：{first} 至 {last}"], [f"保险起期：{first}", f"保险止期：{last}"]):
        read = extract([page([line(0.1, 0.2 + 0.03 * n, t) for n, t in enumerate(rows)])]).fields
        assert (read["period_start"].value, read["period_end"].value) == ("2020-06-01", "2021-05-31")


def test_a_number_that_only_no_announces_is_for_a_person() -> None:
    made = extract([page(line(0.7, 0.06, "NO. TP2020330200000123"))]).fields["policy_number"]
    assert (made.value, made.accepted) == ("TP2020330200000123", False)
    labelled = extract([page(line(0.7, 0.06, "No.3302001234567"), line(0.1, 0.1, "保险单号：TP2020330200000123"))]).fields["policy_number"]
    assert (labelled.value, labelled.accepted) == ("TP2020330200000123", True)


def endorsement(text: str) -> Page:
    return page(line(0.42, 0.05, "批  单", size=0.022), line(0.1, 0.12, "批单号：P1234567890"), line(0.1, 0.15, "保险单号：TP2020330200000123"), line(0.1, 0.2, text), number=2)


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("兹经投保人申请，本保险单项下被保险人联系地址更正为：宁波市某某路1号。", set()),
        ("兹经投保人申请，保险费增加人民币25,000.00元，批改后保险费为人民币150,000.00元。", {"premium"}),
        ("兹经投保人申请，保险期限延长至2021年8月31日。", {"period_start", "period_end"}),
        ("兹经投保人申请，被保险人名称变更为宁波某某集团有限公司。", {"insured_name"}),
    ],
)
def test_what_an_endorsement_changes_is_for_a_person(text: str, doubtful: set[str]) -> None:
    alone, read = extract([listed()]).fields, extract([listed(), endorsement(text)]).fields
    assert {name: f.text for name, f in read.items()} == WANTED
    assert {name for name, f in read.items() if alone[name].accepted and not f.accepted} == doubtful


def test_several_subjects_are_no_one_product() -> None:
    rows = [["序号", "保险标的", "保险金额（元）", "费率", "保险费（元）"], ["1", "盾构机", "3,000,000.00", "2.5%", "75,000.00"], ["2", "数控机床", "2,000,000.00", "2.5%", "50,000.00"]]
    assert not extract([page(ruled(0.1, 0.3, [0.1, 0.2, 0.2, 0.15, 0.2], rows))]).fields["product_name"].accepted


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("感谢您选择某某财产保险股份有限公司。您投保的新型装备应用保障保险已承保，保险单号为TP2020330200000123。", "新型装备应用保障保险"),
        ("您投保的装备质量综合保险（首台套）已承保，请核对。", "装备质量综合保险（首台套）"),
        ("贵公司向我公司投保的软件与服务责任险（首版次专用）保险单已生效。", "软件与服务责任险（首版次专用）"),
        ("险种名称：装备质量与责任保险", "装备质量与责任保险"),
        ("险种：新材料质量及责任互助综合保险（2020版）", "新材料质量及责任互助综合保险（2020版）"),
        ("本保险单适用《新型装备综合险（A款）条款》。", "新型装备综合险（A款）"),
        ("险种名称：详见保险条款", None),
        ("请您在投保前仔细阅读保险条款。", None),
    ],
)
def test_the_insurance_is_named_in_a_letter_or_behind_a_label(text: str, product: str | None) -> None:
    made = extract([page(line(0.42, 0.05, "保险单"), line(0.1, 0.4, text, size=0.008))]).fields.get("insurance_product")
    assert (made.text if made else None) == product


@pytest.mark.parametrize("title", ["企业财产及责任类 保险单", "特殊风险类保险单", "责任保险单", "企业财产保险保险单", "财产保险综合保险单"])
def test_a_line_of_business_over_a_policy_is_no_product(title: str) -> None:
    assert "insurance_product" not in extract([page(line(0.35, 0.05, title, size=0.02))]).fields
    labelled = extract([page(line(0.35, 0.05, title, size=0.02), line(0.1, 0.12, "险种名称：新型装备质量与责任保险"))]).fields["insurance_product"]
    assert labelled.text == "新型装备质量与责任保险"


def test_the_insurance_in_brackets_below_a_line_of_business() -> None:
    below = [line(0.35, 0.05, "财产保险综合保险单", size=0.02), line(0.34, 0.08, "（新型装备综合险（2020版））", size=0.014)]
    assert extract([page(*below)]).fields["insurance_product"].text == "新型装备综合险（2020版）"


def test_two_titles_that_name_an_insurance_leave_it_to_a_person() -> None:
    small = [line(0.1, 0.3 + 0.02 * n, f"第{n}条约定的内容", size=0.01) for n in range(6)]
    titles = [line(0.35, 0.05, "新型装备综合保险保险单", size=0.02), line(0.36, 0.1, "产品应用推广保险", size=0.02)]
    assert not extract([page(*titles, *small)]).fields["insurance_product"].accepted
    assert extract([page(titles[0], *small)]).fields["insurance_product"].accepted


@pytest.mark.parametrize("named", ["质量安全责任保险", "软件质量责任"])
def test_a_cover_is_no_product(named: str) -> None:
    assert "product_name" not in extract([page(line(0.1, 0.3, f"产品名称：{named}"))]).fields


@pytest.mark.parametrize(
    "name",
    ["某某相互保险社宁波办事处", "某某财产相互保险社宁波营业部", "某某农业相互保险公司宁波代表处", "某某财产保险（中国）有限公司宁波分公司", "某某互助保险社", "某某财产保险有限责任公司宁波运营中心",
     "某某财产保险股份有限公司宁波市（北仑）支公司"],
)
def test_insurers_of_every_kind_keep_their_office(name: str) -> None:
    made = extract([page(line(0.1, 0.8, f"保险人：{name}"))]).fields["insurer_name"]
    assert made.text == name


def test_a_mutual_insurer_named_at_the_back_only() -> None:
    back = page(line(0.22, 0.08, "扫码验真"), line(0.22, 0.1, "某某相互保险社宁波办事处"), line(0.22, 0.12, "宁波市某某路1号"), number=2)
    assert extract([listed_without_insurer(), back]).fields["insurer_name"].text == "某某相互保险社宁波办事处"


def listed_without_insurer() -> Page:
    whole = listed()
    return whole.model_copy(update={"lines": tuple(v for v in whole.lines if not v.text.startswith("保险人："))})


def far_amounts(*rows: tuple[str, str]) -> Page:
    """Labels at the left margin, amounts at the right, labels of two letters set wide."""
    out = []
    for n, (label, value) in enumerate(rows):
        y = 0.3 + 0.03 * n
        wide = len(label) == 2
        out += [line(0.1, y, label[0]), line(0.18, y, label[1])] if wide else [line(0.1, y, label)]
        out += [line(0.3 if wide or "限额" in label else 0.75, y, value)] if value else []
    return page(out)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ((("累计赔偿限额", "RMB ¥**5,000,000.00"), ("费率", "2.5%"), ("应收保险费合计", "¥**125,000.00"), ("大写：壹拾贰万伍仟元整", "")), ("5000000.00", "2.5", "125000.00")),
        ((("总责任限额合计", "人民币5,000,000.00元"), ("费率", "25‰"), ("应交保险费总额", "125,000.00")), ("5000000.00", "2.5", "125000.00")),
        ((("赔偿限额合计", "CNY5,000,000.00"), ("费率", "2.5%"), ("大写：壹拾贰万伍仟元整", "")), ("5000000.00", "2.5", "125000.00")),  # whose words they are the arithmetic tells
        ((("赔偿限额", "5,000,000.00"), ("大写：壹拾贰万伍仟元整", "")), ("5000000.00", None, None)),  # nothing tells whose
    ],
)
def test_amounts_far_from_their_labels(rows: tuple[tuple[str, str], ...], wanted: tuple[str | None, ...]) -> None:
    made = extract([far_amounts(*rows)]).fields
    assert tuple(made[n].text if n in made else None for n in ("sum_insured", "premium_rate", "premium")) == wanted


def test_a_sum_no_greater_than_its_premium_is_nobodys_word() -> None:
    made = extract([page(line(0.1, 0.2, "保险金额：125,000.00元"), line(0.1, 0.23, "保险费：125,000.00元"))]).fields
    assert not made["sum_insured"].accepted
    assert not made["premium"].accepted


@pytest.mark.parametrize("text", ["本批单不影响保险金额和保险费，投保人联系人变更为张某。", "投保人联系人变更为张某，保险金额、保险费、保险期间均保持不变。", "联系人变更为张某；不涉及保险费的调整。"])
def test_what_an_endorsement_says_it_leaves_as_it_is_stays_sure(text: str) -> None:
    alone, read = extract([listed()]).fields, extract([listed(), endorsement(text)]).fields
    assert {n for n, f in alone.items() if f.accepted} <= {n for n, f in read.items() if f.accepted}


def test_the_covers_that_a_sentence_lists_are_not_the_product() -> None:
    made = extract([page(line(0.3, 0.05, "新型装备综合保险保险单", size=0.02), line(0.1, 0.4, "投保人向保险人投保产品质量保证保险、产品责任保险，本保险单承保产品质量保证保险。"))]).fields
    assert made["insurance_product"].text == "新型装备综合保险"


def test_the_whole_is_chosen_where_each_cover_s_own_figures_agree_too() -> None:
    covers = [["险别名称", "责任限额", "费率", "保险费"], ["产品质量保证保险", "4212000.00", "2.60%", "109512.00"], ["产品责任保险", "2808000.00", "2.60%", "73008.00"]]
    total = ruled(0.08, 0.4, [0.6, 0.2], [["总赔偿限额", "7020000.00"], ["应收保费合计", "(小写)¥182,520.00"]], table=1)
    made = extract([page(line(0.3, 0.05, "保险单明细表"), ruled(0.08, 0.2, [0.3, 0.2, 0.15, 0.2], covers), total)])
    assert [made.fields[name].value for name in ("sum_insured", "premium_rate", "premium")] == ["7020000.00", "2.6", "182520.00"]


def test_the_row_of_all_covers_is_no_cover() -> None:
    covers = [["险别名称", "责任限额"], ["产品质量保证保险", "4212000.00"], ["产品责任保险", "2808000.00"], ["总赔偿限额", "7020000.00"]]
    made = extract([page(line(0.3, 0.05, "保险单明细表"), ruled(0.08, 0.2, [0.3, 0.2], covers))])
    assert [row["cover"].value for row in made.rows] == ["产品质量保证保险", "产品责任保险"]
    assert made.fields["sum_insured"].value == "7020000.00"


@pytest.mark.parametrize(("period", "more", "found"), [
    ("2020-06-01零时起至2021-05-31 24时止", (), ("2020-06-01", "2021-05-31")),
    ("自2020年6月1日零时起至2021年5月31日二十四时止。", (), ("2020-06-01", "2021-05-31")),
    ("2020-06-01至2021-05-31", (), None),  # of the insurance, or of a contract?
    ("2020-06-01零时起至2021-05-31 24时止", ("2019-06-01零时起至2020-05-31 24时止",), None),
])
def test_a_period_by_itself_is_the_policy_s_if_it_is_the_only_one(period: str, more: tuple[str, ...], found: tuple[str, str] | None) -> None:
    read = extract([page(line(0.4, 0.05, "保险单"), line(0.08, 0.1, "期"), line(0.08, 0.12, "间"), line(0.2, 0.08, "投保人：宁波某某重工有限公司。"), *(line(0.2, 0.11 + 0.03 * n, text) for n, text in enumerate((period, *more))))]).fields
    assert tuple(read[name].value for name in ("period_start", "period_end") if name in read) == (found or ())


def test_both_days_that_share_a_cell_under_the_label_of_one_are_told_apart_and_left_to_a_person() -> None:
    rows = [["保险单号", "TP2020330200000123"], ["起保/终保", ""], ["终保", ("2020-06-01零时", "2021-05-31二十四时")]]
    cells = ruled(0.1, 0.2, [0.2, 0.4], [[c if isinstance(c, str) else "".join(c) for c in row] for row in rows], height=0.05)
    read = extract([page(line(0.4, 0.05, "保险单"), cells)]).fields
    assert [(read[name].value, read[name].accepted) for name in ("period_start", "period_end")] == [("2020-06-01", False), ("2021-05-31", False)]


def test_a_special_condition_that_speaks_of_the_product_names_none() -> None:
    rows = ["4.保险产品：全断面盾构机", "特别约定", "1.被保险产品的用户为本保险单质量保证责任项下的索赔权利人。"]
    assert extract([page([line(0.1, 0.2 + 0.03 * n, text) for n, text in enumerate(rows)])]).fields["product_name"].value == "全断面盾构机"


def test_a_subject_that_is_listed_elsewhere() -> None:
    schedule = ruled(0.1, 0.2, [0.2, 0.6], [["投保人名称", "宁波某某重工有限公司"], ["保险标的", "详见《投保设备明细》"], ["费率", "2.5%"]])
    listed_ = ruled(0.1, 0.2, [0.1, 0.3, 0.2, 0.2], [["序号", "产品名称", "规格型号", "责任限额"], ["1", "全断面盾构机", "DG-6", "5,000,000.00"]])
    assert extract([page(schedule), page(listed_, number=2)]).fields["product_name"].text == "全断面盾构机"


def test_the_other_half_of_an_upright_heading_is_no_product() -> None:
    made = page(ruled(0.1, 0.2, [0.08, 0.2, 0.4], [[("保险标的", 1, 2), "保险产品名称", "全断面盾构机"], ["规格型号", "DG-6"], [("责任", 1, 2), "产品质量保证", "500万元"], ["产品责任", "含在上项内"]]))
    assert extract([made]).fields["product_name"].text == "全断面盾构机"


@pytest.mark.parametrize("printed", ["险种名称某某首台套综合保险", "险种名称：某某首台套综合保险", "适用条款：某某首台套综合保险条款"])
def test_the_name_of_the_insurance_without_its_label_and_what_names_the_clauses(printed: str) -> None:
    made = page(line(0.1, 0.05, "某某财产保险股份有限公司"), line(0.4, 0.08, "保险单", size=0.025), line(0.1, 0.14, "保单号：TP2020330200000123"), line(0.1, 0.17, printed))
    assert extract([made]).fields["insurance_product"].text == "某某首台套综合保险"


@pytest.mark.parametrize("office", ["宁波营业管理部", "宁波中心支公司", "浙江业务管理部", "宁波运营中心"])
def test_offices_of_an_insurer(office: str) -> None:
    made = page(line(0.1, 0.05, "某某财产保险有限责任公司"), line(0.1, 0.7, f"承保公司：某某财产保险有限责任公司{office}"))
    assert extract([made]).fields["insurer_name"].text == f"某某财产保险有限责任公司{office}"


COVERED = """永泰保险
# 首台（套）成套装备综合险
保险单号TP2020330200000123
投保人：宁波某某重工有限公司
被保险人：宁波某某重工有限公司（与投保人相同）
保险标的：全断面盾构机
保险期间：自2020年6月1日零时起至2021年5月31日二十四时止
保障项目|保险金额|保险费
产品质量责任|3,000,000.00元|75,000.00元
产品责任|2,000,000.00元|50,000.00元
{total}
费率|2.5%
保险人：永泰财产保险股份有限公司宁波分公司"""


@pytest.mark.parametrize(
    ("total", "amount", "premium", "accepted"),
    [
        ("累计保额|5,000,000.00元\n应缴保费|125,000.00元", "5000000.00", "125000.00", True),
        ("", "3000000.00", "75000.00", False),  # only the covers' own were found, which agree with the rate as well
    ],
)
def test_the_whole_and_not_one_covers_sum(total: str, amount: str, premium: str, accepted: bool) -> None:
    fields = extract([typed(COVERED.format(total=total))]).fields
    assert (fields["sum_insured"].text, fields["sum_insured"].accepted) == (amount, accepted)
    assert (fields["premium"].text, fields["premium"].accepted) == (premium, accepted)
    assert fields["insured_name"].text == "宁波某某重工有限公司"
    assert fields["insurance_product"].text == "首台（套）成套装备综合险"  # and not 永泰保险, as its insurer calls itself


@pytest.mark.parametrize(
    ("title", "name"),
    [("首台（套）成套装备综合保险（共保）保险单", "首台（套）成套装备综合保险"), ("首台（套）成套装备综合保险（2020版）保险单", "首台（套）成套装备综合保险（2020版）")],
)
def test_an_insurance_shared_by_several_insurers_keeps_its_name(title: str, name: str) -> None:
    assert extract([typed(f"# {title}\n保单号：TP2020330200000123\n投保人：宁波某某重工有限公司")]).fields["insurance_product"].text == name


def test_a_product_that_begins_beside_its_centred_heading() -> None:
    p = page(line(0.3, 0.05, "首台（套）成套装备综合险保险单"), line(0.1, 0.1, "一、承保产品"),
             *(line(x, 0.13, t) for x, t in ((0.2, "产品名称"), (0.45, "型号"), (0.6, "数量"))), *(line(x, 0.16, t) for x, t in ((0.09, "盾构机"), (0.43, "DG-6250"), (0.6, "2台"))), line(0.1, 0.19, "二、保险责任"))
    assert extract([p]).fields["product_name"].text == "盾构机"


def test_a_premium_said_without_a_verb() -> None:
    text = "# 首台（套）成套装备综合险保险单\n投保人：宁波某某重工有限公司\n责任限额：人民币5,000,000.00元\n年费率2.5%；保险费人民币125,000.00元（大写：壹拾贰万陆仟元整），其中含增值税6%。"
    fields = extract([typed(text)])
    assert (fields.fields["premium"].text, fields.extra["amount_in_words"].text) == ("125000.00", "126000.00")


def test_a_captive_insurer_beside_those_who_share_the_policy() -> None:
    own = "某某远洋运输财产保险自保股份有限公司"
    made = extract([typed(f"""# {own}
# 保险单
保单号码：ZHYY-20-NB-099250
被保险产品：大负载六轴工业机器人
共保人名称|份额
{own}（首席）|60%
远川财产保险股份有限公司宁波分公司|25%
首席共保人：{own}浙东分公司""")]).fields
    assert made["insurer_name"].text == f"{own}浙东分公司"


def test_a_heading_beside_is_no_product() -> None:
    made = extract([page(line(0.1, 0.1, "电子保险单"), ruled(0.08, 0.42, [0.3, 0.18, 0.1, 0.26], [["产品名称", "型号/版本", "数量", "购买方"], ["全断面盾构机", "DG-6250", "1套", "湛江欧峻造船有限公司"]]),
                         line(0.08, 0.24, "保障开始时间"), line(0.36, 0.24, "保障结束时间"), line(0.08, 0.256, "2020年5月30日 00:00"), line(0.36, 0.256, "2021年5月29日 24:00"))]).fields
    assert (made["product_name"].text, made["period_start"].text, made["period_end"].text) == ("全断面盾构机", "2020-05-30", "2021-05-29")


def test_the_insurance_of_whose_clauses_the_opening_speaks() -> None:
    made = extract([typed("""# 产品责任类保险单
本公司根据投保人填具的投保单，在投保人交付保险费后，按照首台（套）技术装备产品综合保险条款及本保险单所载内容承担保险责任。
投保人：宁波某某重工有限公司""")]).fields
    assert made["insurance_product"].text == "首台（套）技术装备产品综合保险"


def test_the_rate_in_the_row_of_totals() -> None:
    made = extract([page(line(0.1, 0.1, "责任保险保险单"), ruled(0.08, 0.4, [0.08, 0.32, 0.2, 0.12, 0.16], [
        ["代码", "主险/附加险责任", "保险金额", "费率", "保险费"], ["01", "产品质量保证保险", "10,360,800.00", "", "124,329.60"], ["02", "产品责任保险", "6,907,200.00", "", "82,886.40"], ["", "合　　计", "17,268,000.00", "1.20%", "207,216.00"]]))]).fields
    assert {n: made[n].text for n in ("sum_insured", "premium_rate", "premium")} == {"sum_insured": "17268000.00", "premium_rate": "1.2", "premium": "207216.00"}


def test_words_and_figures_in_one_line_beside_the_label_of_the_whole() -> None:
    rows = [["保险标的", "盾构机　规格：DG6250　数量：2台"], ["赔偿限额（100%）", "大写：叁佰玖拾捌万肆仟元整　小写：3,984,000.00"], ["费率", "3.2000%"], ["保险费（100%）", "大写：壹拾贰万柒仟肆佰捌拾捌元整　小写：127,488.00"]]
    made = extract([page(line(0.4, 0.05, "共保业务保险单", size=0.02), ruled(0.1, 0.13, [0.17, 0.6], rows))]).fields
    assert {n: made[n].text for n in ("product_name", "sum_insured", "premium_rate", "premium")} == {
        "product_name": "盾构机", "sum_insured": "3984000.00", "premium_rate": "3.2", "premium": "127488.00"}


@pytest.mark.parametrize(("premium", "rate"), [("205,400.00", "2.6"), ("200,000.00", None)])
def test_the_usual_rate_is_the_policy_s_where_it_makes_the_premium(premium: str, rate: str | None) -> None:
    made = extract([page(line(0.4, 0.05, "电子保险凭证", size=0.02), ruled(0.1, 0.13, [0.25, 0.25, 0.25], [["保额", "基准费率", "实收保费"], ["RMB7,900,000.00", "2.6%", f"RMB{premium}"]]))]).fields
    assert (made["premium_rate"].text if "premium_rate" in made else None) == rate


def test_parties_told_in_a_sentence() -> None:
    made = extract([typed("""# 首台套装备创新应用综合保险承保协议
保险单号：GYBZ（2020）甬4773
宁波某某流体控制（宁波）有限公司（下称投保人）向某某财产保险股份有限公司宁波分公司（下称保险人）投保，双方约定如下：
1. 被保险人为宁波某某流体控制（宁波）有限公司。
2. 保险标的为生活垃圾智能分选成套设备，型号FX-7250TS，共1套，由白银某某公司使用。
3. 保险期间自2020年06月26日零时起至2021年06月25日二十四时止。""")]).fields
    assert {n: made[n].text for n in ("policyholder_name", "insured_name", "product_name", "insurance_product", "policy_number")} == {
        "policyholder_name": "宁波某某流体控制（宁波）有限公司", "insured_name": "宁波某某流体控制（宁波）有限公司", "product_name": "生活垃圾智能分选成套设备",
        "insurance_product": "首台套装备创新应用综合保险", "policy_number": "GYBZ（2020）甬4773"}


def test_the_total_of_several_covers_in_a_sentence_each_sum_with_its_own_words() -> None:
    made = page(
        line(0.4, 0.05, "首台（套）重大技术装备综合保险", size=0.02), line(0.45, 0.08, "保险单"), line(0.4, 0.1, "保单号：TP2020330200000123"), line(0.1, 0.13, "投保人名称："), line(0.28, 0.13, "宁波某某重工有限公司"),
        line(0.1, 0.16, "被保险企业名称："), line(0.28, 0.16, "宁波某某重工有限公司"), line(0.1, 0.19, "承保产品："), line(0.28, 0.19, "全断面盾构机"),
        ruled(0.1, 0.24, [0.06, 0.24, 0.18, 0.18, 0.16], [["项", "承保风险", "保险金额（元）", "保险费（元）", "免赔"], ["1", "产品质量保证保险", "3,000,000.00", "75,000.00", "无"], ["2", "产品责任保险", "2,000,000.00", "50,000.00", "无"]]),
        line(0.12, 0.4, "各项合计保险金额为5,000,000.00元（大写：伍佰万元整），综合费率2.5%，合计保险费为"), line(0.1, 0.42, "125,000.00元（大写：壹拾贰万伍仟元整）。"))
    got = extract([made])
    assert {n: got.fields[n].text for n in ("insured_name", "sum_insured", "premium_rate", "premium")} == {"insured_name": "宁波某某重工有限公司", "sum_insured": "5000000.00", "premium_rate": "2.5", "premium": "125000.00"}
    assert all(got.fields[n].accepted for n in ("sum_insured", "premium"))
    assert got.extra["amount_in_words"].text == "125000.00"


@pytest.mark.parametrize(("model", "name"), [("PA10T-6520H", "耐高温聚酰胺PA10T"), ("PA10T", "耐高温聚酰胺")])
def test_what_the_model_s_own_label_tells_otherwise_is_part_of_the_name(model: str, name: str) -> None:
    made = page(line(0.4, 0.05, "保险单明细表", size=0.02), line(0.1, 0.1, "保险产品 Product Insured"), line(0.4, 0.1, "耐高温聚酰胺PA10T"), line(0.1, 0.13, "型号 Model"),
                line(0.4, 0.13, model), line(0.1, 0.16, "投保人 Applicant"), line(0.4, 0.16, "宁波某某重工有限公司"))
    assert extract([made]).fields["product_name"].text == name


IN_ARTICLES = """# 保险合同（保险单）
合同（保险单）编号：HJ33022020ZZ598216
保险人|某某财产保险股份有限公司宁波市分公司
投保人|宁波某某重工有限公司
被保险人|宁波某某重工有限公司
第一条 承保产品：海水淡化成套设备（SWRO-227H）1套，使用方为佳木斯某某热电股份有限公司。
第二条 适用条款：首台（套）重大技术装备综合保险。
第三条 保险期间：2020年3月17日零时起，2021年3月16日二十四时止。
第四条 责任限额：保险期间内累计¥10,425,000.00元。
第五条 保险费：按责任限额的26‰计算，为¥271,050.00元（大写：贰拾柒万壹仟零伍拾元整），分期交付。
第七条 发生保险事故后，被保险人应在四十八小时内通知本公司。"""


@pytest.mark.parametrize("rate", ["26‰", "26%o", "26%"])  # as it is printed, and what reading makes of it
def test_a_policy_in_articles(rate: str) -> None:
    read = extract([typed(IN_ARTICLES.replace("26‰", rate))]).fields
    assert {name: read[name].text for name in ("policy_number", "policyholder_name", "insured_name", "product_name", "sum_insured", "premium_rate", "premium", "period_start", "period_end")} == {
        "policy_number": "HJ33022020ZZ598216", "policyholder_name": "宁波某某重工有限公司", "insured_name": "宁波某某重工有限公司", "product_name": "海水淡化成套设备",
        "sum_insured": "10425000.00", "premium_rate": "2.6", "premium": "271050.00", "period_start": "2020-03-17", "period_end": "2021-03-16",
    }


@pytest.mark.parametrize("number", ["CL-2020-3302-ZB-8473", "JH（2020）甬字第3542号"])
def test_a_number_in_brackets_below_the_title_and_parties_told_in_a_sentence(number: str) -> None:
    read = extract([typed(f"""# 保 险 单
（{number}）
兹经宁波某某重工有限公司（投保人）申请并约定交付保险费，本公司同意按照《首批次新材料综合保险条款（2019版）》条款及下列约定，
承保宁波某某材料有限公司（被保险人）所制造的耐热合金钢管，型号UP-720SS，计14吨，由甲公司使用。
二、发生保险事故后，被保险人应在四十八小时内通知本公司。""")]).fields
    assert {name: read[name].text for name in ("policy_number", "policyholder_name", "insured_name", "insurance_product", "product_name")} == {
        "policy_number": number, "policyholder_name": "宁波某某重工有限公司", "insured_name": "宁波某某材料有限公司",
        "insurance_product": "首批次新材料综合保险条款（2019版）", "product_name": "耐热合金钢管",
    }


AS_A_CONTRACT = """# 保 险 合 同 书
合同书号：JCHM-2020-XS78963
承保人：某某惠民财产保险股份有限公司宁波市象山支公司（以下称甲方）
投保人：宁波某某精工机械有限公司（以下称乙方）
第一条　甲方承保乙方的口服液瓶烘洗灌封联动线，型号KF-652，1套，最终用户为甲公司。承保险种为首台（套）装备应用风险保险。
第二条　甲方累计承担的最高赔偿额为人民币3,780,000.00元（大写叁佰柒拾捌万元整）。
第三条　乙方按最高赔偿额的千分之二十五缴纳保险费，计人民币94,500.00元，大写玖万肆仟伍佰元整，于合同书签订后十日内汇入甲方账户。
第四条　合同有效期一年，从二〇二〇年九月一日零时到二〇二一年八月三十一日二十四时。
签订日期：二〇二〇年八月二十七日"""


def test_a_policy_drawn_up_as_a_contract() -> None:
    read = extract([typed(AS_A_CONTRACT)]).fields
    wanted = {"policy_number": "JCHM-2020-XS78963", "policyholder_name": "宁波某某精工机械有限公司", "product_name": "口服液瓶烘洗灌封联动线", "insurance_product": "首台（套）装备应用风险保险",
              "sum_insured": "3780000.00", "premium_rate": "2.5", "premium": "94500.00", "period_start": "2020-09-01", "period_end": "2021-08-31"}
    assert {name: read[name].text for name in wanted if name in read} == wanted


def test_a_letter_that_confirms_the_cover() -> None:
    read = extract([typed("""某某长青财产保险股份有限公司
# 承保函（代保险单）
函号：SJ2020NH896734B
宁波某某制药机械有限公司：
贵公司的投保申请收悉。经审核，我公司同意承保“科技型中小企业首台（套）产品保险”，受保方为宁波某某制药机械有限公司，承保的产品为贵公司生产的高速剔废机（型号PT-5350V，1台）。
我公司对上述产品提供的保障限额为50.93万元，按1.8%计收，贵公司应缴费0.91674万元，大写人民币玖仟壹佰陆拾柒元肆角整。
保障起止：2020年3月19日零时起，2021年3月18日二十四时止。""")]).fields
    wanted = {"policy_number": "SJ2020NH896734B", "policyholder_name": "宁波某某制药机械有限公司", "insured_name": "宁波某某制药机械有限公司", "product_name": "高速剔废机", "insurance_product": "科技型中小企业首台（套）产品保险",
              "sum_insured": "509300.00", "premium_rate": "1.8", "premium": "9167.40", "period_start": "2020-03-19", "period_end": "2021-03-18"}
    assert {name: read[name].text for name in wanted if name in read} == wanted


def test_a_letter_that_says_number_sum_and_premium_in_two_sentences() -> None:
    made = extract([typed("""# 首台套保险承保函
致：宁波某某装备有限公司
我公司同意承保贵公司生产的数控龙门起重机（CZ6320）2台的首台（套）重大技术装备综合保险，保单号为PQZB2020330201007257。
保险金额共计人民币伍拾万元（¥500,000.00），费率2.5%，保费人民币12,500.00元，保险期限一年，自2020年5月18日0时起至2021年5月17日24时止。
某某财产保险股份有限公司宁波分公司
2020年5月17日""")]).fields
    assert {name: field.text for name, field in made.items() if name in ("policy_number", "policyholder_name", "sum_insured", "premium", "premium_rate", "product_name")} == {
        "policy_number": "PQZB2020330201007257", "policyholder_name": "宁波某某装备有限公司", "sum_insured": "500000.00", "premium": "12500.00", "premium_rate": "2.5", "product_name": "数控龙门起重机"}


@pytest.mark.parametrize(("printed", "accepted"), [("数控龙门起重机 型号CZ6320 2台", True), ("数控龙门起重机，共2台", False), ("数控龙门起重机（CZ6320）2台", False), ("数控龙门起重机", True)])
def test_a_product_with_its_model_and_number_behind_it(printed: str, accepted: bool) -> None:
    made = extract([typed(f"# 保险单\n保单号：PQZB2020330201007257\n投保人：宁波某某装备有限公司\n保险标的：{printed}\n总保费：12,500.00元\n保险期间：自2020年5月18日零时起至2021年5月17日二十四时止")]).fields["product_name"]
    assert (made.text, made.accepted) == ("数控龙门起重机", accepted)
