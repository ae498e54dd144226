"""Forms written as sentences (文字填报版): 本次申请由某某负责联系，电话…；由某某保险公司承保，保险费率…

In:    the form's pages.
Out:   the fields that its sentences tell, none of them surer than `_TOLD`: for a person, unless other papers bear them out.
Fails: a form that isn't written so gives nothing.
Elsewhere: labels and their values (the package's `extract`); what a value must look like (values.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.fields import make_field, make_period
from extractors.layout import Piece
from extractors.organisations import ENDINGS
from extractors.papers.application_form.values import PHONE, fits
from extractors.rows import running_text
from models.field import Field
from models.page import Page

_TOLD = 0.88  # how sure a value is that only the words around it tell
_LEAST = 5  # fields that sentences must tell, to be taken for how the form is written
_PERSON = r"(?P<v>[\u4e00-\u9fff·]{2,5}?)(?=[,，;；。、）)]|负责|电话|联系|，)"
_NUMBER = rf"(?:电话|联系电话|手机|联系方式)[:：为是]?(?P<v>{PHONE.pattern})"
_NAME = rf"(?P<v>[\u4e00-\u9fffA-Za-z0-9（）()·]{{3,40}}?{ENDINGS}(?:[\u4e00-\u9fff]{{2,14}}?(?:公司|营业部|服务部|中心))?)"
_AMOUNT = r"[:：为是共计]{0,3}(?P<v>(?:人民币)?[¥￥]?\d[\d,]*(?:\.\d+)?万?元)"
_BEHIND = r"[（(][^（）()]{0,60}?"  # within the bracket behind a name
_FIELDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "legal_representative": rf"(?:法定代表人|法人代表)[:：为是]?{_PERSON}",
        "main_business": r"主营(?:业务)?[:：为是]?(?P<v>[^。;；:：]{4,80})(?=[。;；])",
        "contact_name": r"(?:由|联系人[:：为是]?)(?P<v>[\u4e00-\u9fff·]{2,4}?)(?:负责联系|负责(?:本次)?申报|负责对接|为联系人)",
        "contact_phone": rf"负责(?:联系|(?:本次)?申报|对接)[,，;；、（(]?{_NUMBER}",
        "product_name": r"投保的?(?:新材料|材料|产品|软件|装备|设备)(?:名称)?[为是系](?P<v>[^,，。;；:：（(]{2,40})(?=[,，。;；（(])",
        "insured_quantity": r"(?:共|合计)?投保(?:数量)?(?:共|合计|为)?(?P<v>\d[\d,]*(?:\.\d+)?(?:吨|千克|公斤|克|平方米|米|台|套|件|个|片|只|块|卷|升))",
        "technical_parameters": r"主要技术(?:参数|指标)[:：为是](?P<v>[^。;；]{4,160})(?=[。;；])",
        "buyer_name": rf"(?:供给|供应给|销售给|售给|销往|提供给|供应|用户(?:单位)?[为是系]){_NAME}(?=[（(,，。;；使用])",
        "contract_amount": rf"合同(?:总)?(?:金额|价款|总价){_AMOUNT}",
        "insurer_name": rf"由{_NAME}(?:承保|提供保险|出具保[险单])",
        "insurer_contact": rf"承保{_BEHIND}联系人[:：为是]?{_PERSON}",
        "insurer_phone": rf"承保{_BEHIND}{_NUMBER}",
        "sum_insured": rf"(?:保险(?:额度|金额|限额)|责任限额|保额){_AMOUNT}",
        "premium_rate": r"(?:保险费率|保费率|费率)[:：为是]?(?P<v>\d(?:\.\d+)?[%％‰])",
        "premium": rf"(?:保费(?:总)?(?:金额)?|保险费){_AMOUNT}",
    }.items()
}  # fmt: skip
_BEHIND_BUYER: Mapping[str, str] = {  # in the bracket behind the user's name
    "buyer_address": r"(?:地址|住所)[:：为是]?(?P<v>[^（）();；,，。]{6,60})",
    "buyer_contact": rf"联系人[:：为是]?{_PERSON}",
    "buyer_phone": _NUMBER,
}
_PERIOD = re.compile(r"保险(?:时间|期间|期限)(?P<v>[:：为是]?自?[^,，。;；]{8,40}?[起]?(?:至|到)[^,，。;；]{8,24}日)")


def told_in_sentences(pages: Sequence[Page], wanted: Sequence[str]) -> dict[str, Field]:
    """The wanted fields that a form's sentences tell; none where it isn't written in sentences."""
    text = running_text(pages)
    found = {name: piece for name, pattern in _FIELDS.items() if name in wanted and (piece := text.search(pattern, "v"))}
    buyer = _FIELDS["buyer_name"].search(text.folded)
    bracket = re.match(r"[（(](?P<v>[^（）()]{6,160})[)）]", text.folded[buyer.end("v") :]) if buyer else None
    if buyer and bracket:
        within = text.between(buyer.end("v") + bracket.start("v"), buyer.end("v") + bracket.end("v"))
        found |= {name: piece for name, pattern in _BEHIND_BUYER.items() if name in wanted and (piece := within.search(pattern, "v"))}
    if len(found) < _LEAST:
        return {}
    out = {name: field for name, piece in found.items() if (field := _made(name, piece)) is not None}
    period = text.search(_PERIOD, "v")
    both = make_period(period, _TOLD) if period else None
    return out | dict(zip(("period_start", "period_end"), both, strict=True)) if both else out


def _made(name: str, piece: Piece) -> Field | None:
    made = make_field(name, piece, found=_TOLD)
    return made if made is not None and fits(name)(made) else None


__all__ = ["told_in_sentences"]
