"""What pages of no known type may be: a paper that seems to be missing may have been filed in a form that sorting doesn't know.

In:    a submission's papers and the pages that they came from.
Out:   the same papers; those of type "other" say in `maybe` which papers they may be: their text has that paper's words and a fact that it must bear.
Fails: never.
Elsewhere: sorting (extractors/sorting); what follows where a paper is missing (pipeline/rules/completeness.py).

An advice of a bank that was never seen before may go unrecognised, but it names the premium and speaks of paying. To ask an applicant for
what lies there already is worse than to ask a reviewer to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from models.page import Page
from models.paper import Paper, PaperType
from models.text import compact

_SHORTEST = 4  # characters of a name that tells anything
_WHERE: Mapping[str, tuple[tuple[PaperType, str], ...]] = {
    "premium": ((PaperType.INSURANCE_POLICY, "premium"), (PaperType.APPLICATION_FORM, "premium"), (PaperType.APPLICATION_FORM, "premium_paid"), (PaperType.PREMIUM_INVOICE, "total_amount"), (PaperType.PAYMENT_VOUCHER, "amount")),
    "price": ((PaperType.SALES_CONTRACT, "contract_amount"), (PaperType.SALES_INVOICE, "total_amount"), (PaperType.APPLICATION_FORM, "contract_amount")),
    "product": tuple((kind, name) for kind in (PaperType.APPLICATION_FORM, PaperType.SALES_CONTRACT, PaperType.INSURANCE_POLICY) for name in ("product_name", "product_model")),
    "company": ((PaperType.APPLICATION_FORM, "applicant_name"), (PaperType.INSURANCE_POLICY, "policyholder_name")),
    "policy": ((PaperType.APPLICATION_FORM, "policy_number"), (PaperType.PREMIUM_INVOICE, "policy_number")),
}


class Sign(NamedTuple):
    """What tells a paper: at least so many of these words, and one of these facts of the submission."""

    words: tuple[str, ...]
    least: int
    facts: tuple[str, ...]


_TAXED = ("发票", "税额", "价税合计", "税率", "购买方", "销售方", "开票")
SIGNS: Mapping[PaperType, Sign] = {
    PaperType.PAYMENT_VOUCHER: Sign(
        ("付款", "汇款", "转账", "转出", "汇出", "支取", "收款", "收妥", "回单", "账号", "户名", "交易", "记账", "借方", "贷方", "流水", "凭证", "入账"), 2, ("premium",)),
    PaperType.PREMIUM_INVOICE: Sign(_TAXED, 3, ("premium",)),
    PaperType.SALES_INVOICE: Sign(_TAXED, 3, ("price", "product")),
    PaperType.INSURANCE_POLICY: Sign(("保险人", "投保人", "被保险人", "保险期间", "保险责任", "保险金额", "保险费", "保单", "承保"), 4, ("premium", "policy")),
    PaperType.SALES_CONTRACT: Sign(("合同", "甲方", "乙方", "买方", "卖方", "需方", "供方", "交货", "验收", "违约", "质保", "付款"), 4, ("price", "product")),
    PaperType.TEST_REPORT: Sign(("检测", "检验", "测试", "试验", "样品", "结论", "合格", "报告"), 3, ("product",)),
    PaperType.BUSINESS_LICENCE: Sign(("统一社会信用代码", "注册资本", "经营范围", "法定代表人", "登记机关", "成立日期", "营业期限"), 3, ("company",)),
    PaperType.IP_CERTIFICATE: Sign(("专利", "发明", "著作权", "登记号", "证书号", "权利人"), 2, ("product", "company")),
}


def with_possible_types(papers: Sequence[Paper], pages: Iterable[Page]) -> tuple[Paper, ...]:
    """The papers, those of no known type with what they may be. A type that the submission has anyway is none of it."""
    if all(paper.type is not PaperType.OTHER for paper in papers):
        return tuple(papers)
    texts = {(page.file, page.number): compact("".join(line.text for line in page.lines)) for page in pages}
    facts = {name: _told(papers, where) for name, where in _WHERE.items()}
    lacking = {kind: sign for kind, sign in SIGNS.items() if all(paper.type is not kind for paper in papers)}

    def seen(paper: Paper) -> Paper:
        if paper.type is not PaperType.OTHER:
            return paper
        text = "".join(texts.get((part.file, number), "") for part in paper.parts for number in part.pages)
        return paper.model_copy(update={"maybe": tuple(kind for kind, sign in lacking.items() if _bears(text, sign, facts))})

    return tuple(map(seen, papers))


def _bears(text: str, sign: Sign, facts: Mapping[str, frozenset[str]]) -> bool:
    bare = re.sub(r"[,，]", "", text)
    return sum(word in text for word in sign.words) >= sign.least and any(fact in bare for name in sign.facts for fact in facts[name])


def _told(papers: Iterable[Paper], where: Sequence[tuple[PaperType, str]]) -> frozenset[str]:
    """How a text may print what the papers say of a fact: amounts to the cent, names whole."""
    found = (paper.fields[name].text for paper in papers for kind, name in where if paper.type is kind and name in paper.fields)
    return frozenset(text for value in found if len(text := compact(value)) >= _SHORTEST)
