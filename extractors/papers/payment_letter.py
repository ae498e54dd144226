"""Letters that bear out a payment: of a bank (汇款证明: 兹证明，我行客户甲公司已于……通过我行向乙保险公司划付款项一笔，金额为……), of the insurer (保险费收讫证明: 我公司已于……收到该单位汇来的保险费).

In:    the pages of one paper.
Out:   payer, payee, day and number as its sentences say, and its running text, in which the amount stands; None where it has no such sentence.
Fails: never.
Elsewhere: the amount, in words and in figures (extractors/papers/payment_voucher/amount.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.fields import make_field
from extractors.layout import Piece
from extractors.organisations import ENDINGS, is_organisation
from extractors.rows import rows_of, running_text, spans_of
from models.field import Field
from models.page import Page

_NAME = rf"(?:[\u4e00-\u9fffA-Za-z0-9·]|[（(][\u4e00-\u9fff]{{2,8}}[)）]){{3,40}}?{ENDINGS}"
_ACCOUNT = r"[（(]?(?:账|帐|户|卡)[号户]?"
_PAYER = re.compile(
    rf"(?:客户|单位|存款人|付款人|汇款人|委托人|证明|兹有)(?:(?:名称|户名)?[:：为]|[，,“\"])?(?P<v>(?!我|本行|客户|贵|单位|存款人|[付汇]款人|委托人|[兹特]?[此]?证明|兹有|现){_NAME})(?=[”\"]?(?:{_ACCOUNT}|[(（,，。]|于|已|通过|在[我本]行|委托|向|从))"
)
_PAYEE = re.compile(
    rf"(?:向|给|[汇划转]至|[汇划转付]往|[汇划转]入|(?:收款(?:人|单位|方)|受益人)(?:名称|户名|全称)?[:：为是])[“\"]?(?P<v>{_NAME})(?=[”\"]?(?:{_ACCOUNT}|[,，。;；)）]|在|开立|的|支付|划|汇|转|付|缴|交|于))"
)
_DAY = re.compile(r"(?:于|[,，。])(?P<v>(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}))")
_RECEIVED = re.compile(r"(?:我|本)(?:公司|司|社|单位|中心)[^。;；]{0,40}(?:收到|收讫|收妥|到账|入账)")  # the insurer itself bears out that the premium came in
_NUMBER = re.compile(r"(?:流水号|回单编?号码?|凭证编?号码?|业务编号|交易编?号)[:：为]?(?P<v>(?=[A-Z0-9-]*\d{4})[A-Z0-9-]{6,32})(?![A-Z0-9-])", re.IGNORECASE)
_PAID = re.compile(r"划付|支付|汇[款出入至往给]|转[账帐]|划[款转]|付款|缴[付纳存]")


@dataclass(frozen=True)
class Told:
    """What the sentences say; text: all of them, in which the amount stands."""

    payer_name: Field
    payee_name: Field
    paid_on: Field | None
    voucher_number: Field | None
    text: Piece


def told_payment(pages: Sequence[Page]) -> Told | None:
    """Payer, payee and day from a letter's sentences; None where they don't name both parties of a payment."""
    text = running_text(pages)
    payer = text.search(_PAYER, "v")
    payee = text.search(_PAYEE, "v") or (_issuer(pages) if _RECEIVED.search(text.folded) else None)
    names = make_field("payer_name", payer, found=0.95), make_field("payee_name", payee, found=0.95)
    if names[0] is None or names[1] is None or not _PAID.search(text.folded):
        return None
    return Told(names[0], names[1], make_field("paid_on", text.search(_DAY, "v"), found=0.95), make_field("voucher_number", text.search(_NUMBER, "v"), found=0.95), text)


def _issuer(pages: Sequence[Page]) -> Piece | None:
    """Who signs a letter: the last row that is an organisation's name and nothing else."""
    alone = [piece for page in pages for row in rows_of(spans_of(page)) if is_organisation((piece := row.whole).folded)]
    return alone[-1] if alone else None
