"""Letters by which a bank bears out a payment: who paid whom stands in sentences that run over lines."""

from __future__ import annotations

import pytest
from drawn import line, page

from extractors.papers.payment_voucher import extract
from models.page import Page

PAYER, PAYEE = "宁波昆明通达电缆（集团）有限公司", "中国人民财产保险股份有限公司宁波市分公司"


def letter(title: str, *rows: str) -> Page:
    return page(line(0.42, 0.1, title), line(0.65, 0.13, "证明编号：00041672108568"), *(line(0.15 if n == 0 else 0.12, 0.18 + 0.03 * n, text) for n, text in enumerate(rows)),
                line(0.6, 0.5, "某某银行宁波分行"), line(0.6, 0.53, "2020年4月1日"))


@pytest.mark.parametrize(
    "paper",
    [
        letter("汇款证明", "兹证明，我行客户宁波昆明通达电缆（集团）有限公司（账号", "201071394051667）已于2020年3月6日通过我行向中国人民财产保险股份有限", "公司宁波市分公司在某某银行股份有限公司城南支行开立的账户（账",
               "号018843865989701）划付款项一笔，金额为人民币贰万叁仟柒佰陆", "拾贰元伍角整（23,762.50元），用途为缴付保费。", "特此证明。"),
        letter("付款证明", "兹证明宁波昆明通达电缆（集团）有限公司于2020年3", "月6日通过我行网上银行向中国人民财产保险股份有限公司宁", "波市分公司支付保险费人民币贰万叁仟柒佰陆拾", "贰元伍角整（小写：￥23,762.50元）。"),
        letter("转账证明", "兹有我行客户“宁波昆明通达电缆（集团）有限公司”，账号3901120029000088888，", "已于2020年3月6日汇至中国人民财产保险股份有限公司宁波市分公司账户", "（账号：3901110009000012345）人民币23,762.50元，用途：保费。"),
    ],
    ids=["transfer through the bank", "name and day cut by the line", "quoted, figures only"],
)
def test_who_paid_whom_how_much_and_when_by_a_letter_s_sentences(paper: Page) -> None:
    made = {name: f.text for name, f in extract([paper]).fields.items()}
    assert made == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "00041672108568"}


def test_words_that_differ_from_the_figures_are_seen_by_a_person() -> None:
    made = extract([letter("付款证明", f"兹证明{PAYER}于2020年3月6日向", f"{PAYEE}支付保险费人民币", "贰万叁仟柒佰陆拾叁元伍角整（23,762.50元）。")])
    assert (made.fields["amount"].text, made.fields["amount"].accepted) == ("23762.50", False)


def test_an_insurer_s_letter_that_the_premium_came_in() -> None:
    """保险费收讫证明: the insurer signs it, so that it is the payee; the number is the bank's, the sum isn't cut out of its words."""
    paper = page(line(0.3, 0.06, PAYEE), line(0.4, 0.1, "保险费收讫证明"), *(line(0.15 if n == 0 else 0.12, 0.16 + 0.03 * n, text) for n, text in enumerate((
        f"兹证明，{PAYER}向我公司投保“三首”产品保险，保险单", "号为PDAB202033010000012345。我公司财务已于2020年3月6日收到该单位从其某某银行", "宁波分行结算账户（账号201071394051667）汇来的保险费，计23,762.50元（大写：贰万", "叁仟柒佰陆拾贰元伍角整）。",
        "该款项收款账户：某某银行城南支行，账号018843865989701；银行到账流水", "号：12044513461003。上述保费系投保单位自行缴付。"))), line(0.5, 0.5, PAYEE), line(0.6, 0.53, "2020年3月9日"))
    made = {name: f.text for name, f in extract([paper]).fields.items()}
    assert made == {"payer_name": PAYER, "payee_name": PAYEE, "amount": "23762.50", "paid_on": "2020-03-06", "voucher_number": "12044513461003"}
