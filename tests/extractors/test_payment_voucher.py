"""Payment vouchers of several banks: parties side by side, one above the other, in a list; amounts twice; the date of payment, not of printing."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled

from extractors.papers.payment_voucher import extract
from models.page import Page

PAYER, PAYEE = "宁波东昇机床有限公司", "中国人民财产保险股份有限公司宁波市分公司"


def values(*pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in extract(pages).fields.items()}


def two_columns_ruled(cells: bool = True) -> Page:
    """网上银行电子回单: the parties' labels stand over three rows."""
    return page(
        line(0.4, 0.05, "网上银行电子回单"), line(0.09, 0.09, "电子回单号码：0012-3456-7890-1234"), line(0.75, 0.09, "打印日期：2020年5月6日"),
        ruled(0.08, 0.11, [0.05, 0.1, 0.28, 0.05, 0.1, 0.28],
              [[("付款人", 1, 3), "户名", PAYER, ("收款人", 1, 3), "户名", PAYEE],
               ["账号", "3901311409200088888", "账号", "3901110009000012345"],
               ["开户银行", "中国工商银行宁波鄞州支行", "开户银行", "中国工商银行宁波市分行营业部"],
               [("金额", 2), "人民币（大写）：贰万叁仟柒佰陆拾贰元伍角整", ("小写：¥23,762.50", 3)],
               [("交易时间", 2), "2020-03-06", ("币种", 2), "人民币"]], height=0.04, cells=cells))


def upright_letters() -> Page:
    """付 款 人 one below the other, unruled."""
    return page(
        line(0.4, 0.05, "宁波银行业务回单"), line(0.1, 0.09, "2020年03月06日"), line(0.6, 0.09, "交易流水号：NB20200306-1187"),
        line(0.08, 0.12, "付"), line(0.08, 0.15, "款"), line(0.08, 0.18, "人"), line(0.5, 0.12, "收"), line(0.5, 0.15, "款"), line(0.5, 0.18, "人"),
        line(0.12, 0.12, "全 称"), line(0.2, 0.12, PAYER), line(0.54, 0.12, "全 称"), line(0.61, 0.12, "中国人民财产保险股份有限"), line(0.61, 0.137, "公司宁波市分公司"),
        line(0.12, 0.16, "账 号"), line(0.2, 0.16, "24010122000088888"), line(0.54, 0.16, "账 号"), line(0.61, 0.16, "3901110009000012345"),
        line(0.1, 0.22, "人民币（大写）"), line(0.25, 0.22, "贰万叁仟柒佰陆拾贰元伍角整"), line(0.7, 0.22, "¥23,762.50"),
        line(0.1, 0.26, "摘要"), line(0.2, 0.26, "保险费"))


def boc_list() -> Page:
    """国内支付业务付款回单: labels with colons in two columns."""
    return page(
        line(0.35, 0.05, "国内支付业务付款回单"), line(0.08, 0.09, "客户号：123456789"), line(0.6, 0.09, "日期：2020年03月06日"),
        line(0.08, 0.12, "付款人账号：358400088888"), line(0.52, 0.12, "收款人账号：3901110009000012345"),
        line(0.08, 0.15, f"付款人名称：{PAYER}"), line(0.52, 0.15, "收款人名称：中国人民财产保险股份有限公"), line(0.62, 0.167, "司宁波市分公司"),
        line(0.08, 0.19, "付款人开户行：中国银行宁波市科技支行"), line(0.52, 0.19, "收款人开户行：中国工商银行宁波市分行"),
        line(0.08, 0.22, "金额：CNY23,762.50"), line(0.08, 0.25, "人民币贰万叁仟柒佰陆拾贰元伍角整"),
        line(0.08, 0.28, "业务种类：汇款"), line(0.3, 0.28, "业务编号：C200306118877"), line(0.52, 0.28, "凭证号码：77881234"),
        line(0.08, 0.31, "用途：保费"), line(0.08, 0.34, "打印时间：2020-04-01 10:22:33"))


def stacked_list() -> Page:
    """客户专用回单: one label a row, and the thousands separator read as a point."""
    return page(
        line(0.4, 0.05, "单位客户专用回单"), line(0.08, 0.09, "回单编号：CCB20200306131194"), line(0.6, 0.09, "交易日期：2020年03月06日"),
        *[v for n, (label, value) in enumerate((("付款人全称", PAYER), ("付款人账号", "33150198373600088888"), ("付款人开户行", "中国建设银行宁波江北支行"), ("收款人全称", PAYEE),
                                              ("收款人账号", "3901110009000012345"), ("收款人开户行", "中国工商银行宁波市分行营业部"), ("交易金额", "¥23.762.50")))
          for v in (line(0.1, 0.12 + 0.025 * n, label), line(0.26, 0.12 + 0.025 * n, value))],
        line(0.26, 0.295, "（大写）人民币贰万叁仟柒佰陆拾贰元伍角整"))


def credit_slip() -> Page:
    """进账单: digits in boxes, the date below the title, 出票人 pays."""
    return page(
        line(0.4, 0.05, "进账单（回单）"), line(0.42, 0.075, "2020年3月6日"), line(0.8, 0.06, "No 11870023"),
        ruled(0.08, 0.11, [0.05, 0.1, 0.28, 0.05, 0.1, 0.28],
              [[("出票人", 1, 3), "全称", PAYER, ("收款人", 1, 3), "全称", PAYEE],
               ["账号", "39000088888", "账号", "3901110009000012345"],
               ["开户银行", "农行鄞州支行", "开户银行", "工行宁波市分行"],
               [("金额", 1), ("人民币（大写）贰万叁仟柒佰陆拾贰元伍角整", 3), ("2376250", 2)],
               [("票据种类", 2), "转账支票", ("票据号码", 2), "66778899"]], height=0.04))


def cheque_stub() -> Page:
    """转账支票存根: it doesn't say who pays."""
    return page(line(0.2, 0.05, "中国农业银行"), line(0.2, 0.08, "转账支票存根"), line(0.2, 0.11, "支票号码 10203310"), line(0.1, 0.2, "出票日期 2020年3月6日"),
                line(0.1, 0.23, f"收款人：{PAYEE}"), line(0.1, 0.26, "金额：¥23,762.50"), line(0.1, 0.29, "用途：保险费"))


def one_above_the_other() -> Page:
    """付款方 and 收款方 each with rows of its own."""
    return page(
        line(0.4, 0.05, "电子回单"), line(0.1, 0.08, "流水号：2020030612345678"), line(0.6, 0.08, "记账日期：2020/03/06"),
        line(0.1, 0.12, "付款方"), line(0.2, 0.12, "户名："), line(0.28, 0.12, PAYER), line(0.2, 0.145, "账号："), line(0.28, 0.145, "39000088888"),
        line(0.1, 0.19, "收款方"), line(0.2, 0.19, "户名："), line(0.28, 0.19, PAYEE), line(0.2, 0.215, "账号："), line(0.28, 0.215, "3901110009000012345"),
        line(0.1, 0.26, "金额（小写）：23,762.50"), line(0.5, 0.26, "金额（大写）：贰万叁仟柒佰陆拾贰圆伍角"))


@pytest.mark.parametrize(
    ("voucher", "number"),
    [(two_columns_ruled(), "0012-3456-7890-1234"), (two_columns_ruled(cells=False), "0012-3456-7890-1234"), (upright_letters(), "NB20200306-1187"), (boc_list(), "77881234"),
     (stacked_list(), "CCB20200306131194"), (credit_slip(), "66778899"), (one_above_the_other(), "2020030612345678")],
    ids=["two columns ruled", "two columns unruled", "upright letters", "list in two columns", "list", "credit slip", "one above the other"],
)
def test_each_bank_s_voucher_says_who_paid_whom_how_much_and_when(voucher: Page, number: str) -> None:
    assert values(voucher) == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": number}


def test_a_cheque_stub_names_no_payer() -> None:
    assert values(cheque_stub()) == {"payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "10203310"}


def test_words_bear_out_figures_and_unmatched_words_are_seen_by_a_person() -> None:
    good = extract([stacked_list()])
    assert good.fields["amount"].accepted
    assert good.extra["amount_in_words"].text == "23762.50"
    wrong = stacked_list()
    wrong = wrong.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, "（大写）人民币贰万叁仟柒佰陆拾叁元伍角整") if "大写" in v.text else v for v in wrong.lines)})
    made = extract([wrong])
    assert not made.fields["amount"].accepted
    assert (made.fields["amount"].text, made.extra["amount_in_words"].text) == ("23762.50", "23763.50")


@pytest.mark.parametrize(
    ("end", "amount", "accepted"), [("陆拾贰元伍角整", "23762.50", True), ("陆拾叁元伍角整", "23762.50", False)])
def test_words_on_two_lines_of_a_cell_are_one_amount(end: str, amount: str, accepted: bool) -> None:
    """小写 stands beside both, on the baseline between them; the second line alone would be another amount."""
    wrapped = page(line(0.4, 0.05, "电子回单"), line(0.1, 0.1, "付款人户名："), line(0.22, 0.1, PAYER), line(0.1, 0.13, "收款人户名："), line(0.22, 0.13, PAYEE),
                   line(0.1, 0.2, "人民币（大写）：贰万叁仟柒佰"), line(0.1, 0.217, end), line(0.6, 0.208, "小写：¥23,762.50"))
    made = extract([wrapped])
    assert (made.fields["amount"].text, made.fields["amount"].accepted) == (amount, accepted)
    assert (made.extra["amount_in_words"].text == amount) is accepted


def test_a_lost_label_of_the_payer_leaves_the_left_name_to_it() -> None:
    whole = two_columns_ruled(cells=False)
    left = whole.model_copy(update={"lines": tuple(v for v in whole.lines if v.text != "付款人")})
    assert values(left)["payer_name"] == PAYER
    assert values(left)["payee_name"] == PAYEE


def test_two_scans_of_one_voucher_bear_each_other_out() -> None:
    first = stacked_list()
    made = extract([first, first.model_copy(update={"number": 2})])
    assert made.fields["payer_name"].accepted
    assert "两页一致" in made.fields["payer_name"].why


@pytest.mark.parametrize("head", ["No. 081299579420", "No.081299579420", "NO. 081299579420"])
def test_a_number_without_a_word_for_it_stands_at_the_head(head: str) -> None:
    made = values(page(line(0.4, 0.05, "转账汇款回单"), line(0.1, 0.09, "委托日期2020年05月19日"), line(0.7, 0.09, head), line(0.1, 0.14, f"付款人全称：{PAYER}")))
    assert made["voucher_number"] == "081299579420"


def test_parties_that_head_rows_below_one_heading() -> None:
    """借方 and 贷方 to the left, one 户名 over both names; a short name ends left of where the heading's letters begin."""
    short = "某某财险公司"
    rows = [["", "户  名", "账  号"], ["借方", PAYER, "3901311409200088888"], ["贷方", short, "3901110009000012345"]]
    made = values(page(line(0.3, 0.05, "单位结算账户付款凭单"), ruled(0.08, 0.1, [0.1, 0.5, 0.3], rows)))
    assert (made["payer_name"], made["payee_name"]) == (PAYER, short)


def test_a_cheque_s_number_beside_the_slip_s_own_is_seen_by_a_person() -> None:
    made = extract([credit_slip()]).fields["voucher_number"]
    assert (made.text, made.accepted) == ("66778899", False)


def test_an_empty_page_gives_nothing() -> None:
    assert extract([page()]).fields == {}


def pairs(*rows: tuple[str, str] | str, gap: float = 0.022) -> Page:
    """A voucher of labels and values, one row below the other."""
    out = [line(0.4, 0.04, "电子回单")]
    for n, row in enumerate(rows):
        label, value = (row, "") if isinstance(row, str) else row
        out += [line(0.08, 0.1 + gap * n, label), *([line(0.3, 0.1 + gap * n, value)] if value else [])]
    return page(out)


BOTH = (("付款人", PAYER), ("收款人", PAYEE))


@pytest.mark.parametrize(
    ("rows", "number", "accepted"),
    [
        (("凭证号码：00123456  交易流水号：77665544332211  回单编号：HD20200306001",), "HD20200306001", True),
        (("凭证号码：00123456  交易流水号：77665544332211",), "00123456", True),
        (("业务流水号：TS20200306001  打印流水号：998877",), "TS20200306001", True),
        (("凭单编号　2020-EBR-568469",), "2020-EBR-568469", True),
        (("扣划申请编号：KH20200306118",), "KH20200306118", False),  # a label that no list foresees
        (("柜员号码：20200306",), "", False),
        (("NoE1859974195420",), "E1859974195420", False),
        (("打印时间：2020年04月01日",), "", False),
    ],
)
def test_of_several_numbers_the_receipt_s_own_comes_first(rows: tuple[str, ...], number: str, accepted: bool) -> None:
    made = extract([pairs(*BOTH, *rows)]).fields.get("voucher_number")
    assert ((made.value, made.accepted) if made else ("", False)) == (number, accepted)


@pytest.mark.parametrize(
    ("row", "day", "accepted"),
    [
        ("委托日期：2020-03-05 记账日期：2020-03-06", "2020-03-06", True),
        ("记账日期：2020-03-07 交易日期：2020-03-06 打印日期：2020-04-01", "2020-03-06", True),
        ("交易时间：2020-03-06 10:12:33", "2020-03-06", True),
        ("付款日期：2020-03-06 交易日期：2020-03-09", "2020-03-06", False),
        ("2020年03月06日", "2020-03-06", False),
    ],
)
def test_the_day_of_payment_is_neither_that_of_the_order_nor_of_printing(row: str, day: str, accepted: bool) -> None:
    made = extract([pairs(*BOTH, row)]).fields["paid_on"]
    assert (made.value, made.accepted) == (day, accepted)


@pytest.mark.parametrize(
    "rows",
    [
        (f"付款人：{PAYER} 账号 3901311409200088888", f"收款人：{PAYEE}开户行：中国工商银行宁波市分行"),
        (f"付款人全称 {PAYER}", f"收款人全称 {PAYEE}"),
        (("付款人名称：", PAYER), ("付款人开户行：", "杭州银行宁波东部新城支行"), ("收款人名称：", PAYEE), ("收款人开户行：", "中国银行宁波分行")),
        (("本方户名", PAYER), ("对方账号", "3901110009000012345"), ("对方户名", PAYEE), ("对方开户行", "中国工商银行宁波市分行")),
    ],
)
def test_a_name_ends_before_its_account_and_its_bank(rows: tuple[tuple[str, str] | str, ...]) -> None:
    assert {k: v for k, v in values(pairs(*rows, gap=0.0165)).items() if k.endswith("_name")} == {"payer_name": PAYER, "payee_name": PAYEE}


def test_a_label_run_into_the_column_before_it_parts_its_value_from_the_row_above() -> None:
    p = page(line(0.08, 0.1, "付款人名称："), line(0.2, 0.1, PAYER), line(0.5, 0.1, "收款人名称："), line(0.62, 0.1, "某某信用保险公司宁波分公司"),
             line(0.08, 0.118, "付款人开户行："), line(0.2, 0.118, "中国建设银行宁波分行收款人开户行："), line(0.62, 0.118, "中国光大银行宁波分行营业部"))
    assert values(p)["payee_name"] == "某某信用保险公司宁波分公司"


def test_figures_in_boxes_are_read_with_the_words() -> None:
    made = extract([page(line(0.1, 0.16, "人民币（大写）贰万叁仟柒佰陆拾贰元伍角整"), line(0.62, 0.17, "￥2376250"))]).fields["amount"]
    assert (made.value, made.accepted) == ("23762.50", True)


def headed_panels(left: str, right: str, swapped: bool = False, cells: bool = False) -> Page:
    """Two panels, each under a heading centred over it; nothing stands to the left of the labels."""
    names = (PAYEE, PAYER) if swapped else (PAYER, PAYEE)
    return page(
        line(0.4, 0.03, "企业账户电子回单"),
        ruled(0.08, 0.11, [0.08, 0.34, 0.08, 0.34], [[(left, 2), (right, 2)], ["户名", names[0], "户名", names[1]], ["账号", "39000088888", "账号", "3901110009000012345"]], height=0.04, cells=cells),
        line(0.1, 0.3, "小写：¥23,762.50"))


def headed_blocks(upper: str, lower: str, swapped: bool = False) -> Page:
    """The one party's block under its heading, then the other's; the headings are centred on the page."""
    names = (PAYEE, PAYER) if swapped else (PAYER, PAYEE)
    return page(line(0.4, 0.03, "交易回单"), *[
        v for n, (head, name) in enumerate(zip((upper, lower), names, strict=True))
        for v in (line(0.45, 0.1 + 0.12 * n, head), line(0.1, 0.13 + 0.12 * n, "户名"), line(0.2, 0.13 + 0.12 * n, name), line(0.1, 0.16 + 0.12 * n, "账号"), line(0.2, 0.16 + 0.12 * n, f"39000088{n}"))])


def as_a_matrix(names: tuple[str, str] = (PAYER, PAYEE)) -> Page:
    """One row a party under common headings."""
    return page(line(0.4, 0.03, "转账凭证"), ruled(0.08, 0.11, [0.12, 0.42, 0.3], [["", "户名", "账号"], ["付款人", names[0], "39000088888"], ["收款人", names[1], "3901110009000012345"]], height=0.04))


@pytest.mark.parametrize(
    "voucher",
    [headed_panels("付款方", "收款方"), headed_panels("付款单位", "收款单位", cells=True), headed_panels("付款方信息", "收款方信息"), headed_panels("付款人 Payer", "收款人 Payee"),
     headed_panels("收款方", "付款方", swapped=True), headed_panels("转出方", "转入方"), headed_panels("本方", "对方"), headed_panels("付款方账户信息", "收款方账户信息"),
     headed_blocks("付款方信息", "收款方信息"), headed_blocks("收款方信息", "付款方信息", swapped=True), as_a_matrix(),
     page(line(0.1, 0.1, f"转出户名：{PAYER}"), line(0.1, 0.13, f"转入户名：{PAYEE}")), page(line(0.1, 0.1, f"收款单位名称：{PAYEE}"), line(0.1, 0.13, f"申请人全称：{PAYER}"))],
)  # fmt: skip
def test_a_heading_over_a_panel_says_whose_name_stands_beneath(voucher: Page) -> None:
    made = values(voucher)
    assert (made.get("payer_name"), made.get("payee_name")) == (PAYER, PAYEE)


@pytest.mark.parametrize(
    ("payer", "payee", "accepted"),
    [(PAYER, PAYEE, (True, True)), (PAYEE, PAYER, (False, False)), (PAYER, PAYER, (False, False)), ("宁波某某保险柜有限公司", PAYEE, (True, True)), (PAYER, "宁波某某保险柜有限公司", (True, False)),
     (PAYEE, "某某财产保险股份有限公司宁波分公司", (True, True)), (PAYER, "某某相互保险社宁波办事处", (True, True))],
)
def test_an_insurer_that_pays_somebody_else_and_a_payee_that_is_none_are_for_a_person(payer: str, payee: str, accepted: tuple[bool, bool]) -> None:
    made = extract([page(line(0.1, 0.1, f"付款人户名：{payer}"), line(0.1, 0.13, f"收款人户名：{payee}"))]).fields
    assert [(made[n].text, made[n].accepted) for n in ("payer_name", "payee_name")] == [(payer, accepted[0]), (payee, accepted[1])]


@pytest.mark.parametrize(
    ("label", "number"), [("序号：3317200500123", "3317200500123"), ("进账单号：A20200617", "A20200617"), ("序号：1", None), ("序号：2020年3月6日", None), ("受理编号：SL-20200617-9", "SL-20200617-9"),
                        ("流水：SXL202007799160", "SXL202007799160"), ("支付指令号623919896031065443", "623919896031065443"), ("结算单号621632126978865256", "621632126978865256")])
def test_further_names_of_the_number(label: str, number: str | None) -> None:
    assert values(page(line(0.4, 0.05, "进账单"), line(0.7, 0.08, label))).get("voucher_number") == number


@pytest.mark.parametrize("label", ["参考编号Transaction Ref.", "交易参考编号Reference", "参考编号"])
def test_a_translated_caption_is_no_value(label: str) -> None:
    made = values(page(line(0.1, 0.1, "付款通知Payment Advice"), line(0.1, 0.15, label, size=0.011), line(0.5, 0.15, "付款日期Value Date", size=0.011), line(0.1, 0.163, "CYH202003493920", size=0.011), line(0.5, 0.163, "2020-03-27", size=0.011)))
    assert made == {"voucher_number": "CYH202003493920", "paid_on": "2020-03-27"}


def test_stars_before_an_amount_are_no_part_of_it() -> None:
    made = extract([page(line(0.1, 0.1, "金额：¥**23,762.50"), line(0.1, 0.13, "大写：贰万叁仟柒佰陆拾贰元伍角整"))])
    assert (made.fields["amount"].text, made.fields["amount"].accepted) == ("23762.50", True)


def as_a_table(turned: bool, cells: bool) -> Page:
    """转出方 and 转入方 head columns (turned: rows) of one table, each row's label once."""
    account, bank = ("0333508491238891", "88506362289577161"), ("某某银行三江口支行", "某某银行临港支行")
    rows = [["", "户名", "账号", "开户行"], ["转出方", PAYER, account[0], bank[0]], ["转入方", PAYEE, account[1], bank[1]]] if turned else [
        ["", "转出方", "转入方"], ["名　　称", PAYER, PAYEE], ["账号/卡号", *account], ["开户网点", *bank]]
    return page(line(0.35, 0.05, "某某银行　业务回单（付款）"), line(0.08, 0.09, "主机流水号：5299202077638229"), line(0.7, 0.09, "记账日：2020-03-06"),
                ruled(0.08, 0.12, [0.1, 0.34, 0.2, 0.22] if turned else [0.14, 0.35, 0.35], rows, height=0.04, cells=cells), line(0.1, 0.36, "小写金额"), line(0.3, 0.36, "¥23,762.50"))


def in_the_middle(cells: bool) -> Page:
    """The labels stand between the payer's column and the payee's."""
    return page(line(0.4, 0.05, "网上银行回单"), line(0.08, 0.09, "回单编号：5299202077638229"), line(0.7, 0.09, "交易日期：2020-03-06"),
                ruled(0.08, 0.12, [0.36, 0.12, 0.36], [["付款人", "项目", "收款人"], [PAYER, "户名", PAYEE], ["0333508491238891", "账号", "88506362289577161"]], height=0.04, cells=cells),
                line(0.1, 0.32, "金额"), line(0.3, 0.32, "¥23,762.50"))


def in_english() -> Page:
    items = (("Transaction Reference", "5299202077638229"), ("Value Date", "06 Mar 2020"), ("Remitter", PAYER), ("Remitting Bank", "SOME BANK"), ("Beneficiary", PAYEE), ("Beneficiary Bank", "OTHER BANK"), ("Amount", "CNY 23,762.50"))
    return page(line(0.4, 0.08, "DEBIT ADVICE"), *(v for n, (label, value) in enumerate(items) for v in (line(0.1, 0.14 + 0.03 * n, label), line(0.4, 0.14 + 0.03 * n, value))))


def in_two_languages() -> Page:
    items = (("付款人 Remitter", PAYER), ("付款账号 Debit A/C", "3901120029000088888"), ("收款人 Beneficiary", PAYEE), ("金额 Amount", "CNY 23,762.50"), ("起息日 Value Date", "06 Mar 2020"), ("交易参考号 Transaction Ref.", "5299202077638229"))
    return page(line(0.35, 0.05, "汇出汇款通知书 Remittance Advice"), *(v for n, (label, value) in enumerate(items) for v in (line(0.1, 0.14 + 0.03 * n, label), line(0.45, 0.14 + 0.03 * n, value))))


def ticket() -> Page:
    """What a bank's web site shows of a transfer, printed."""
    items = (("付款单位", PAYER), ("付款账户", "3901 **** 8888"), ("收款单位", PAYEE), ("收款账户", "3901 **** 2345"), ("到账时间", "2020‑3‑6 10:22:31"), ("电子凭证号", "5299202077638229"))
    return page(line(0.42, 0.1, "付款成功"), line(0.4, 0.14, "23,762.50"), line(0.35, 0.18, "贰万叁仟柒佰陆拾贰元伍角整"),
                *(v for n, (label, value) in enumerate(items) for v in (line(0.12, 0.22 + 0.03 * n, label), line(0.4, 0.22 + 0.03 * n, value))))


def debit_and_credit() -> Page:
    """借方 pays."""
    items = (("会计日期", "2020/03/06"), ("传票序号", "5299202077638229"), ("贷方户名", PAYEE), ("贷方账号", "3901110009000012345"), ("贷方行名", "某某银行临港支行"), ("借方户名", PAYER), ("借方行名", "某某银行三江口支行"), ("发生额", "23,762.50 CNY"))
    return page(line(0.42, 0.1, "客户借记回单"), *(v for n, (label, value) in enumerate(items) for v in (line(0.12, 0.16 + 0.03 * n, label), line(0.3, 0.16 + 0.03 * n, value))))


@pytest.mark.parametrize(
    "voucher",
    [as_a_table(False, True), as_a_table(False, False), as_a_table(True, True), as_a_table(True, False), in_the_middle(True), in_the_middle(False), in_english(), in_two_languages(), ticket(), debit_and_credit()],
    ids=["columns", "columns unruled", "rows", "rows unruled", "labels between", "labels between, unruled", "English", "two languages", "ticket of a web site", "debit and credit"],
)
def test_parties_as_columns_and_rows_and_other_words_for_them(voucher: Page) -> None:
    assert values(voucher) == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "5299202077638229"}


@pytest.mark.parametrize(("kind", "number"), [("凭证种类", "K20201033285534"), ("结算方式", "80302603")])
def test_the_number_of_the_order_by_which_it_was_paid_comes_last(kind: str, number: str) -> None:
    receipt = page(line(0.4, 0.05, "客户专用回单"), line(0.7, 0.1, "流水号：K20201033285534"), line(0.1, 0.2, kind), line(0.2, 0.2, "电子转账凭证"), line(0.5, 0.2, "凭证号码"), line(0.62, 0.2, "80302603"))
    assert values(receipt)["voucher_number"] == number


def test_what_a_fax_machine_prints_is_no_day_of_payment() -> None:
    slip = credit_slip()
    faxed = slip.model_copy(update={"lines": (line(0.05, 0.01, "2020-12-26 10:32"), line(0.22, 0.01, "FAX 0574-60876509"), line(0.42, 0.01, "P.01"), *slip.lines)})
    assert values(faxed)["paid_on"] == "2020-03-06"


def test_an_advice_with_each_label_in_english_over_the_same_in_chinese() -> None:
    items = (("Our Reference", "我行编号", "20-55-0405496"), ("Value Date", "起息日", "2020年3月6日"), ("Remitter", "汇款申请人", PAYER), ("Debit Account No.", "扣款账号", "0604105894610393"),
             ("Beneficiary", "受益人", PAYEE), ("Remittance Amount", "汇款金额", "RMB 23,762.50"), ("Amount in Words", "大写金额", "贰万叁仟柒佰陆拾贰元伍角整"))
    advice = page(line(0.1, 0.1, "Outward Remittance Advice 汇出汇款通知书"),
                  *(v for n, (upper, lower, value) in enumerate(items) for v in (line(0.1, 0.16 + 0.04 * n, upper), line(0.1, 0.176 + 0.04 * n, lower), line(0.4, 0.168 + 0.04 * n, value))))
    assert values(advice) == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "20-55-0405496"}


def test_a_name_with_a_numeral_in_it_is_no_amount_in_words() -> None:
    assert values(page(line(0.1, 0.1, "开户行：某某银行三角洲支行"), line(0.1, 0.13, "金额：¥23,762.50")))["amount"] == "23762.50"


def test_a_name_beside_a_label_keeps_its_own_ending() -> None:
    """公司 of a name and 名称 of the next column make no label 公司名称."""
    made = values(page(line(0.45, 0.05, "电子回单"), ruled(0.1, 0.1, [0.1, 0.3, 0.1, 0.3], [["名称", PAYER, "名称", PAYEE], ["账号", "3310123456789012", "账号", "3310987654321098"]])))
    assert (made["payer_name"], made["payee_name"]) == (PAYER, PAYEE)


def test_a_mark_read_onto_an_amount_changes_no_cent() -> None:
    given = upright_letters()
    marked = given.model_copy(update={"lines": tuple(one.model_copy(update={"text": "¥23762.508"}) if one.text == "¥23,762.50" else one for one in given.lines)})
    assert values(marked)["amount"] == "23762.50"


@pytest.mark.parametrize(("head", "end"), [("某某财产保险股份有限公司宁波市北仑中心支公", "司"), ("某某财产保险股份有限公司宁波市北仑中心", "支公司"), ("某某财产保险股份有限公司浙东", "分公司")])
def test_a_name_s_mere_ending_below_is_no_value_of_the_next_label(head: str, end: str) -> None:
    voucher = page(line(0.35, 0.05, "国内支付业务付款回单"), line(0.6, 0.09, "日期：2020年03月06日"), line(0.08, 0.12, f"付款人名称：{PAYER}"), line(0.5, 0.12, f"收款人名称：{head}"), line(0.5, 0.137, end),
                   line(0.08, 0.137, "付款人开户行：中国银行宁波市科技支行"), line(0.5, 0.155, "收款人开户行：中国工商银行宁波市分行"), line(0.08, 0.19, "金额：CNY23,762.50"))
    assert values(voucher)["payee_name"] == head + end


def test_english_behind_a_label_is_no_value_of_it() -> None:
    items = (("业务编号Ref. No.", "5299202077638229"), ("处理日期Value Date", "2020-03-06"), ("金额Amount", "CNY23,762.50"), ("汇款人Ordering Customer", PAYER), ("收款人Beneficiary", PAYEE), ("汇入行Beneficiary's Bank", "某某银行股份有限公司临港支行"))
    advice = page(line(0.35, 0.05, "汇兑往账业务回执"), *(v for n, (label, value) in enumerate(items) for v in (line(0.1, 0.12 + 0.022 * n, label), line(0.37, 0.12 + 0.022 * n, value))))
    assert values(advice) == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "5299202077638229"}


def test_a_number_with_hyphens_that_do_not_break_is_whole() -> None:
    made = extract([page(line(0.4, 0.05, "电子回单"), line(0.1, 0.1, "回单编号：2020‑2087‑414387"))]).fields["voucher_number"]
    assert made.text == "2020-2087-414387"


def test_the_first_letter_of_the_label_below_is_no_part_of_a_name() -> None:
    rows = [line(0.4, 0.05, "借方凭证（客户回单）"), line(0.1, 0.1, "付款单位："), line(0.2, 0.1, PAYER), line(0.5, 0.1, "收款单位："), line(0.6, 0.1, PAYEE),
            line(0.1, 0.12, "账"), line(0.17, 0.12, "号："), line(0.2, 0.12, "6960260919916038"), line(0.5, 0.12, "账　　号："), line(0.6, 0.12, "3905050716599597641")]
    made = extract([page(*rows)]).fields
    assert (made["payer_name"].text, made["payee_name"].text) == (PAYER, PAYEE)


def test_a_number_beside_the_date_in_the_head_of_a_slip() -> None:
    slip = page(line(0.4, 0.05, "进账单（回单）"), line(0.4, 0.09, "2020年3月6日"), line(0.75, 0.09, "第 PZ2020570882 号"), line(0.1, 0.15, "金额：23,762.50元"))
    assert values(slip)["voucher_number"] == "PZ2020570882"


def test_the_day_of_the_transfer_comes_before_the_day_on_which_a_cheque_was_drawn() -> None:
    stub = [line(0.05, 0.05, "转账支票存根"), line(0.05, 0.2, "出票日期："), line(0.15, 0.2, "2020年8月29日"), line(0.5, 0.05, "银行受理证明")]
    assert values(page(*stub, line(0.5, 0.3, "划转日期："), line(0.62, 0.3, "2020年9月2日")))["paid_on"] == "2020-09-02"
    unlabelled = extract([page(*stub, line(0.5, 0.3, "票款交换于2020年9月2日"))]).fields["paid_on"]
    assert not unlabelled.accepted


def test_digits_in_boxes_against_the_words_and_no_fee_for_the_amount() -> None:
    boxes = [line(0.5 + 0.03 * n, 0.21, digit) for n, digit in enumerate("¥5412000")]
    made = extract([page(
        line(0.4, 0.05, "电汇凭证（回单）"), line(0.6, 0.08, "委托日期 2020年06月01日"), line(0.05, 0.12, "汇款人"), line(0.15, 0.12, "全称"), line(0.2, 0.12, PAYER), line(0.55, 0.12, "收款人"), line(0.65, 0.12, "全称"), line(0.7, 0.12, PAYEE),
        line(0.1, 0.2, "人民币（大写）伍万肆仟壹佰贰拾元整"), *boxes, line(0.1, 0.3, "汇划手续费：16.50元"))]).fields
    assert (made["amount"].text, made["amount"].accepted) == ("54120.00", True)
