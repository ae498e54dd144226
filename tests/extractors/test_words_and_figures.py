"""Amounts whose words are believed against the figures beside them: the figures are kept, since the paper contradicts itself."""

from __future__ import annotations

import pytest
from drawn import line, page
from test_invoices import paper_invoice
from test_sales_contract import MODEL_FORM
from typed import typed

from extractors.papers import insurance_policy, sales_contract, sales_invoice


def policy(premium: str):
    rows = ["保险单号：TP2020330200000123", "投保人：宁波某某重工有限公司", "责任限额：人民币5,000,000.00元", "保险费率：2.5%", f"保险费：RMB{premium}（大写：人民币壹拾贰万伍仟元整）"]
    return insurance_policy.extract([page(line(0.25, 0.05, "首台（套）重大技术装备综合保险保险单", size=0.02), [line(0.1, 0.12 + 0.03 * n, t) for n, t in enumerate(rows)])])


@pytest.mark.parametrize(("printed", "kept"), [("125,000.00", None), ("152,000.00", "152000.00")])
def test_a_policys_premium_is_that_of_the_words_where_the_sum_bears_them_out(printed, kept):
    read = policy(printed)
    assert read.fields["premium"].text == "125000.00"
    assert (read.extra["premium_in_figures"].text if kept else read.extra.get("premium_in_figures")) == kept


@pytest.mark.parametrize(("printed", "kept"), [("3,846,000.00", None), ("3,864,000.00", "3864000.00")])
def test_a_contracts_amount_is_that_of_words_and_rows(printed, kept):
    read = sales_contract.extract([typed(MODEL_FORM[0].replace("￥3,846,000.00", f"￥{printed}"))])
    assert read.fields["contract_amount"].text == "3846000.00"
    assert (read.extra["contract_amount_in_figures"].text if kept else read.extra.get("contract_amount_in_figures")) == kept


@pytest.mark.parametrize(("printed", "kept"), [("¥562900.00", None), ("¥569200.00", "569200.00")])
def test_an_invoices_total_is_that_of_words_and_sum(printed, kept):
    read = sales_invoice.extract([paper_invoice(small=f"（小写）{printed}")])
    assert read.fields["total_amount"].text == "562900.00"
    assert (read.extra["total_amount_in_figures"].text if kept else read.extra.get("total_amount_in_figures")) == kept
