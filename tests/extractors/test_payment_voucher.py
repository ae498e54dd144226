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


def test_an_empty_page_gives_nothing() -> None:
    assert extract([page()]).fields == {}
