"""Statements of an account: whatever its columns are called, the row paid to the insurer counts, and no other is taken for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import line, page, ruled

from extractors.papers.payment_voucher import extract
from models.page import Page

PAYER, PAYEE = "宁波东昇机床有限公司", "中国人民财产保险股份有限公司宁波市分公司"
RENT, PREMIUM, POWER = (
    ("20200301", "4053939828", "", "266,400.00", "宁波仓储服务有限公司", "租金收入"),
    ("20200306", "G060327205518", "23,762.50", "", PAYEE, "保险费"),
    ("20200308", "4410166339", "8,649.50", "", "国网浙江省电力有限公司", "电费"),
)
PAID = {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "G060327205518"}
ROWS = (RENT, PREMIUM, POWER)


def statement(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = (0.1, 0.15, 0.12, 0.12, 0.3, 0.1), cells: bool = True) -> Page:
    return page(line(0.3, 0.04, "某某银行对公活期账户交易明细"), line(0.06, 0.08, f"户名：{PAYER}"), line(0.5, 0.08, "账号：201029898110922"),
                ruled(0.05, 0.12, widths, [heads, *rows], height=0.035, cells=cells))


OUT_IN = statement(("交易日期", "流水号", "支出金额", "收入金额", "对方户名", "摘要"), ROWS)


@pytest.mark.parametrize(
    "paper",
    [
        OUT_IN,
        statement(("交易日期", "流水号", "支出金额", "收入金额", "对方户名", "摘要"), ROWS, cells=False),
        statement(("记账日期", "凭证号", "借方发生额", "贷方发生额", "余额", "对方名称"), [(*r[:4], "99,000.00", r[4]) for r in ROWS], (0.1, 0.15, 0.12, 0.12, 0.12, 0.3)),
        statement(("交易日期Date", "流水号Ref No.", "借方Debit", "贷方Credit", "对方户名Counterparty", "摘要Remark"), ROWS),
        statement(("交易日期", "流水号", "借贷标志", "交易金额", "对方户名", "用途"), [(r[0], r[1], "借" if r[2] else "贷", r[2] or r[3], r[4], r[5]) for r in ROWS]),
        statement(("交易时间", "流水号", "交易金额", "余额", "对方户名", "备注"), [(r[0], r[1], f"-{r[2]}" if r[2] else r[3], "99,000.00", r[4], r[5]) for r in ROWS]),
        statement(("交易日期", "流水号", "支出", "收入", "余额", "摘要"), [(*r[:4], "99,000.00", f"{r[5]}-{r[4]}") for r in ROWS], (0.1, 0.15, 0.12, 0.12, 0.12, 0.36)),
    ],
    ids=["out and in", "unruled", "debit and credit", "two languages", "one amount and its sense", "one amount and its sign", "the other party in the note only"],
)
def test_the_row_paid_to_the_insurer_counts(paper: Page) -> None:
    made = extract([paper]).fields
    assert {name: f.text for name, f in made.items()} == PAID
    assert all(f.accepted for f in made.values())


@pytest.mark.parametrize(
    ("rows", "payee", "accepted"),
    [((RENT, POWER), "国网浙江省电力有限公司", False), ((RENT, POWER, (*POWER[:4], "中国电信宁波分公司", "通讯费")), None, None), ((PREMIUM, (*PREMIUM[:4], "某某财产保险股份有限公司宁波分公司", "车险保费")), PAYEE, False)],
    ids=["one payment, to somebody else", "several, none to an insurer", "two to insurers"],
)
def test_where_no_row_is_plainly_the_premium_s_none_is_accepted(rows: Sequence[Sequence[str]], payee: str | None, accepted: bool | None) -> None:
    made = extract([statement(("交易日期", "流水号", "支出金额", "收入金额", "对方户名", "摘要"), rows)]).fields
    assert made["payer_name"].text == PAYER
    assert (made["payee_name"].text, made["amount"].accepted) == (payee, accepted) if payee else made.keys() == {"payer_name"}


def test_a_receipt_with_a_table_of_its_own_is_no_statement() -> None:
    receipt = page(line(0.4, 0.05, "电子回单"), line(0.1, 0.1, f"付款人户名：{PAYER}"), line(0.1, 0.13, f"收款人户名：{PAYEE}"),
                   ruled(0.1, 0.2, [0.2, 0.3, 0.15, 0.2], [["交易日期", "流水号", "金额", "用途"], ["2020-03-06", "G060327205518", "¥23,762.50", "保费"]]))
    assert {name: f.text for name, f in extract([receipt]).fields.items()} == PAID


def test_a_list_of_payments_made_at_once() -> None:
    insurer = "某某财产保险股份有限公司宁波分公司"
    heads = ["笔号", "交易流水", "收款户名", "金额（元）", "用途"]
    rows = [["1", "0014330973", "宁波顺丰达货运代理有限公司", "27,703.35", "运费"], ["2", "20201162A9484", insurer, "187,558.80", "保费"]]
    batch = page(line(0.3, 0.05, "某某银行　批量转账处理结果清单"), line(0.1, 0.1, f"付款户名：{PAYER}"), line(0.1, 0.14, "批次提交：2020年06月12日 08:37:13"), ruled(0.05, 0.2, [0.06, 0.2, 0.44, 0.14, 0.08], [heads, *rows], height=0.04))
    made = extract([batch]).fields
    assert {name: field.text for name, field in made.items()} == {"payer_name": PAYER, "payee_name": insurer, "amount": "187558.80", "paid_on": "2020-06-12", "voucher_number": "20201162A9484"}


@pytest.mark.parametrize(("payee", "accepted"), [("某某财产保险股份有限公司宁波分公司", True), ("309,229.54某某财产保险股份有限公司宁波分公司", True), ("国家金库宁波市支库某某财产保险（集团）", False)])
def test_a_payee_that_the_next_row_has_run_into_leaves_the_row_to_a_person(payee: str, accepted: bool) -> None:
    made = extract([statement(("交易日期", "流水号", "支出金额", "收入金额", "对方户名", "摘要"), [["2020-03-16", "20200316001", "3,000.00", "", "宁波某某物流有限公司", "运费"], ["2020-03-17", "20200317002", "12,500.00", "", payee, "保险费"]])]).fields
    assert made["amount"].accepted is made["paid_on"].accepted is accepted


def test_a_list_of_payments_made_at_once_with_account_and_outcome() -> None:
    """The payee's account stands below its name in the same cell; what the bank sent back was never paid."""
    rows = [("1", "7011785106", "宁波顺捷货运代理部\n62338346149947059", "运费", "14,396.00", "成功"), ("2", "2020143407888", f"{PAYEE}\n1202360217244471748", "保险费", "23,762.50", "成功"),
            ("3", "7002641696", "某某财产保险股份有限公司宁波分公司\n39542611656708317", "保险费", "85,534.00", "失败")]
    paper = page(line(0.3, 0.04, "企业网银批量付款处理结果清单"), line(0.06, 0.08, f"付款单位：{PAYER}"), line(0.5, 0.08, "提交日期：2020-03-06"),
                 ruled(0.05, 0.12, (0.06, 0.15, 0.36, 0.1, 0.14, 0.08), [("序号", "付款流水号", "收款人名称/账号", "用途", "金额（元）", "结果"), *rows], height=0.06))
    made = extract([paper]).fields
    assert {name: made[name].text for name in ("payer_name", "payee_name", "amount", "voucher_number")} == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "voucher_number": "2020143407888"}
    assert made["amount"].accepted
