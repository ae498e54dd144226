"""A contract's number: labelled as one anywhere, or a plain 编号 at its head.

In:    a contract.
Out:   its number, surer where several pages print the same.
Fails: None where none stands there.
Elsewhere: numbers behind labels of their own (extractors/language).
"""

from __future__ import annotations

import re

from extractors.confidence import contradicted, doubted
from extractors.fields import make_field
from extractors.language import Entity
from extractors.layout import Piece, Span
from extractors.papers.sales_contract.contract import Contract, most_said
from extractors.papers.sales_contract.words import any_of, vocabulary
from models.dates import find_dates
from models.field import Field

# 20购销0585号, HTXS-2020-296, 2020-购-031, 合字（2020）第603号, 2020年购字第12号, 甬购〔2020〕15-2号
_NUMBER_FORM = r"(?:[（(〔\[](?:19|20)(?:\d\d)?[)）〕\]][\u4e00-\u9fff]{1,4}第?\d{1,6}(?:[\-—]\d{1,4})*号?|(?:\d{2}|\d{4})[\u4e00-\u9fff]{1,4}\d{3,6}号?|[\u4e00-\u9fff]{1,6}\d{2}[\-—]\d{3,6}(?:[\-—]\d{1,4})?号?|[A-Za-z]{1,8}[\-—]?[（(〔\[]\d{4}[)）〕\]]第[A-Za-z0-9\-]{1,12}号?|[\u4e00-\u9fff]{1,6}[A-Za-z]{0,4}[（(〔\[【]?\d{4}[)）〕\]】]?[年]?[\u4e00-\u9fffA-Za-z]{0,4}[\-—]?\d{1,6}(?:[\-—]\d{1,4})?号?|\d{4}年?[A-Za-z]{0,4}[\u4e00-\u9fff]{1,6}第?\d{1,6}(?:[\-—]\d{1,4})?号?|(?:[A-Za-z0-9]{1,12}[\-—/]){1,3}[\u4e00-\u9fff]{1,4}(?:[\-—/][A-Za-z0-9]{1,12}){1,3}(?![A-Za-z0-9\-—/])|(?:[A-Za-z0-9]{1,12}[\-—/]){2,3}[\u4e00-\u9fff]{1,4}(?![\u4e00-\u9fffA-Za-z0-9\-—/])|[A-Za-z0-9][A-Za-z0-9\-—_/（）()\[\]〔〕.]{3,30})"
_FRAMEWORK = re.compile(r"框架(?:协议|合同)(?:书)?(?:编号|号码?)?[:：\s]*$")  # 框架协议号: an order's own number is another
_OF_ANOTHER = re.compile(r"(?:通知书?|公告|来?函|证书?|许可|标准|图纸|文件|报告|招标|投标|备案|项目)[（(【\[〔]$")  # 中标通知书（编号：…）
_REGISTERED = r"[A-Za-z0-9()（）〔〕]{0,10}[\u4e00-\u9fff]{1,4}字第?[A-Za-z0-9\-]{1,12}号"  # 2020销字第597号


def find_number(contract: Contract) -> Field | None:
    """The contract's number: what most of its pages call so; at its head also a plain 编号."""
    every = [(e, 1.0) for e in contract.of("contract")]
    found = [(e, sure) for e, sure in every if not _FRAMEWORK.search(contract.text[max(0, e.start - 16) : e.start])] or every
    if not found:
        head = contract.text[:400]
        plain_label = re.compile(rf"(?:^|[\n\t（(【\[〔])(?:{any_of(vocabulary()['number']['plain'])})[:：.]?\t?(?P<n>{_REGISTERED}|{_NUMBER_FORM})")
        found = [(Entity("contract", m["n"], m.start("n"), m.start("n") + len(_closed(m["n"]))), 0.95) for m in plain_label.finditer(head) if sum(c.isdigit() for c in m["n"]) >= 3 and not _OF_ANOTHER.search(head[: m.start() + 1])]
    if not found:
        return _by_itself(contract)
    made = [f for e, sure in found if (f := make_field("contract_number", contract.piece(*_whole(contract.text, e.start, e.end)), found=sure)) is not None]
    best = most_said(made, why="合同编号")
    return contradicted(best, "编号首字可能缺失", 0.7) if best is not None and re.match(r"[字号第\-—）)]", best.text) else best  # 字（2020）第7号: of what 字 is lost


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A number with the year in brackets or the letters right before it, and the party's sign right behind: （2020）购字72-4, PO4520009192, KL206079甲."""
    year = re.search(r"[（(〔\[](?:19|20)\d\d[)）〕\]]$|(?<![A-Za-z.])P\.?O$", text[max(0, start - 6) : start])
    side = re.match(r"[甲乙号](?=[\n\t)）]|$)", text[end:])
    return start - (len(year[0]) if year else 0), end + (1 if side else 0)


_ALONE = re.compile(rf"(?=(?:.*\d){{3}})(?=.*[A-Za-z\u4e00-\u9fff(（])(?!GB|JB|HG|YY|ISO|IEC|第)(?:{_NUMBER_FORM}|[A-Z]{{2,6}}\d{{4,10}}|\d{{4}}[A-Z]{{1,4}}-?\d{{2,5}}号?)[甲乙]?")
_HEAD = 0.2  # of a page's height


def _by_itself(contract: Contract) -> Field | None:
    """The one number that has a line to itself beside or below the title; for a person to see, since nothing says what it numbers."""
    heads = [Piece((Span(page, line, 0, len(line.text)),)).stripped() for page in contract.pages[:1] for line in page.lines if line.box.cy < _HEAD]
    alone = [piece for piece in (head.between(1, len(head.folded) - 1) if re.fullmatch(r"[(（][^()（）]*[)）]", head.folded) else head for head in heads)
             if _ALONE.fullmatch(piece.folded) and not any(d.end - d.start > 0.7 * len(piece.folded) for d in find_dates(piece.folded))]
    made = make_field("contract_number", alone[0], found=0.8) if len(alone) == 1 else None
    return doubted(made, "未见编号字样") if made is not None else None


def _closed(number: str) -> str:
    """A number without a closing bracket that is not its own: what stands around number and label, （编号：HT-12）."""
    for opened, closed in ("()", "（）", "[]", "〔〕"):
        while number.endswith(closed) and number.count(closed) > number.count(opened):
            number = number[:-1]
    return number
