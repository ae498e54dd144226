"""Everything that sorting sees of one page.

In:    a page. Out: its `Traits`: evidence for each type, numbers, how it begins and ends.
Elsewhere: headings and phrases (evidence.py), page numbers, papers' numbers and clauses (numbering.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.sorting.evidence import PLAIN, cue_evidence, goods_or_premium, heading_evidence
from extractors.sorting.numbering import CLAUSES, Clause, PageNumber, body_rows, clauses_of, numbers_of, page_number_of
from extractors.sorting.rows import Row, is_watermark, rows_of
from models.page import Page, PageSource
from models.paper import PaperType
from models.text import CJK, compact

_LISTED = 4.0  # evidence for a later page by which it is the goods list of an invoice, whose pages are counted by themselves
_BLANK_BELOW = 9  # characters; a page with fewer, and no heading, has nothing on it but noise or a page number


@dataclass(frozen=True)
class Traits:
    """What sorting sees of a page."""

    page: Page
    text: str
    rows: tuple[Row, ...]
    blank: bool
    bigrams: frozenset[str]
    opening: Mapping[PaperType, float] = field(default_factory=dict)  # evidence from headings
    body: Mapping[PaperType, float] = field(default_factory=dict)  # evidence from cues
    further: Mapping[PaperType, float] = field(default_factory=dict)  # evidence for a later page
    page_number: PageNumber | None = None
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)  # numbers of papers, by what they number
    clauses: tuple[Clause, ...] = ()
    annex: bool = False  # begins as an annex of a paper: 附件一 采购清单
    signed_off: bool = False  # closes a paper: 以下无正文, signatures
    endorsement: bool = False  # 批单, which goes with its policy
    supplement: bool = False  # 补充协议 that changes its contract; one by which more is bought is a contract of its own
    begins_midway: bool = False
    ends_midway: bool = False
    prose: float = 0.0
    names: frozenset[str] = frozenset()

    @property
    def where(self) -> tuple[str, int]:
        return self.page.file, self.page.number


def look(page: Page) -> Traits:
    """Everything that sorting needs to know of one page."""
    lines = [line for line in page.lines if not is_watermark(line.text)]
    rows = rows_of(lines)
    text = "\n".join(row.text for row in rows)
    flat = text.replace("\n", "")
    readable = sum(1 for c in flat if c.isalnum())
    annex = _is_annex(rows)
    headings = heading_evidence(rows[: _ANNEX_HEAD if annex else None]) if readable else {}
    blank = page.source is PageSource.BLANK or (readable < _BLANK_BELOW and not headings)
    if blank:
        return Traits(page, flat, rows, True, frozenset())
    # line by line as well: a phrase may be whole in one column where the row joins two
    single = [compact(line.text) for line in lines]
    by_line = "\n".join(single)
    pairs = frozenset(a + b for a, b in pairwise(flat)) | frozenset(a + b for a, b in pairwise(by_line.replace("\n", "")))
    haystack = flat + "\n" + by_line.replace("\n", "")
    body, further = cue_evidence(haystack, pairs, single)
    goods_or_premium(body, headings, sealed_by_insurer=any("保险" in seal.text for seal in page.seals))
    names = frozenset(m for text in single for m in _COMPANY.findall(text))
    if _signs_alone(rows, names, headings, body):
        body[PaperType.SALES_CONTRACT] = body.get(PaperType.SALES_CONTRACT, 0.0) + 1.5
        further[PaperType.SALES_CONTRACT] = max(3.0, further.get(PaperType.SALES_CONTRACT, 0.0))
    return Traits(
        page=page, text=flat, rows=rows, blank=False, bigrams=frozenset(a + b for a, b in pairwise(by_line) if "\n" not in a + b),
        opening=headings, body=body, further=further,
        page_number=None if further.get(PaperType.SALES_INVOICE, 0.0) >= _LISTED else page_number_of(rows), numbers=numbers_of(rows), clauses=clauses_of(lines),
        annex=annex and max(headings.values(), default=0.0) < PLAIN,
        endorsement=any(_ENDORSEMENT.match(row.text) for row in rows[:4]),
        signed_off=bool(_SIGNED_OFF.search(flat)), supplement=any(_SUPPLEMENT.match(row.text) for row in rows[:3]) and not _BUYS_MORE.search(flat),
        begins_midway=_begins_midway(rows), ends_midway=_ends_midway(rows),
        prose=sum(1 for line in lines if line.box.width > 0.6) / max(1, len(lines)),
        names=names,
    )


_SIGNING_ROWS = 8  # of a sheet on which two parties sign and nothing else stands
SIGNS = re.compile(r"签字|签章|签名|盖章|公章|代表")  # stands where parties sign
_PARTIES_OF_CONTRACTS = frozenset({PaperType.SALES_CONTRACT, PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE})  # 购买方, 销售方 are words of both


def _signs_alone(rows: Sequence[Row], names: frozenset[str], headings: Mapping[PaperType, float], body: Mapping[PaperType, float]) -> bool:
    """Whether two companies sign here below no heading and no text: the last sheet of a contract."""
    if any(headings.values()) or len(names) != 2 or len(rows) > _SIGNING_ROWS or not any(SIGNS.search(row.text) for row in rows) or any(re.search(r"[。；]|\d[,.]\d", row.text) for row in rows):
        return False
    return all(weight < 1.0 for kind, weight in body.items() if kind not in _PARTIES_OF_CONTRACTS)


_SIGNED_OFF = re.compile(r"以下无正文|签署[页栏区]|签字页|签章页|盖章页")
_SUPPLEMENT = re.compile(r"^.{0,16}(?:补充|变更)(?:协议|合同|条款|约定|说明)(?:书)?(?:[（(].{1,8}[)）])?$")
_ENDORSEMENT = re.compile(r"^.{0,20}?批(?:单|改单|注单)(?:[A-Za-z]{4,}){0,2}(?:[(（].{1,8}[)）])?$")
_BUYS_MORE = re.compile(r"增购|追加|加购|增订|新增|另行?(?:采购|购买|订购)")
_ANNEX = re.compile(r"^(?:合同|协议)?附(?:件|表|录)(?:[一二三四五六七八九十\d]{1,3}|[A-Z])?[:：、.．]?(?P<rest>.{0,24})$")
_ANNEXED = re.compile(r"清单|明细|技术(?:协议|要求|参数|规格|附件|条件)|报价|价格|配置|参数|规格书|图纸|方案|分项|补充协议|保密|廉洁|质量协议|服务承诺|备件|条款|特别约定|结果|数据|样品")
_ANNEX_HEAD = 3  # rows of an annex among which its own heading stands; a heading farther down opens no paper


def _is_annex(rows: Sequence[Row]) -> bool:
    """Whether a page begins as the annex of a paper; an application's own annexes (附件1：…申请表) name a paper of their own."""
    body = body_rows(rows)[:2]
    found = _ANNEX.match(body[0].text) if body else None
    rest = found["rest"] or (body[1].text if found and len(body) > 1 and len(body[1].text) <= 24 else "") if found else ""
    if any(_ANNEX_OF.search(row.text) for row in rows[1:_ANNEX_HEAD]):  # 技术协议 / （合同XSHT〔2020〕051之附件）
        return bool(_ANNEXED.search(rows[0].text))
    return bool(found and _ANNEXED.search(rest) and not re.search(r"申请表|汇总表|申报", rest))


_ANNEX_OF = re.compile(r"^[（(].{0,8}(?:合同|协议).{0,24}(?:之|的)附件.{0,6}[)）]$|^[（(]?(?:本?合同|协议)附件.{0,6}[)）]?$")
_COMPANY = re.compile(rf"[{CJK}（）()]{{4,30}}?(?:有限责任公司|有限公司|股份公司|集团公司|学院|大学|研究院|研究所|医院|总厂)(?:[{CJK}]{{1,8}}分公司)?")


def _begins_midway(rows: Sequence[Row]) -> bool:
    """The first line reads on from a page before: running text, no heading, no label."""
    body = body_rows(rows)
    if not body:
        return False
    first = body[0].text
    if any(p.match(first) for _, p in CLAUSES) or len(body[0].lines) > 1 or re.match(r"^.{1,12}[:：]", first):
        return False
    return body[0].box.x0 < 0.25 and (body[0].box.width > 0.6 or bool(re.search(r"[。；;]$", first)))


def _ends_midway(rows: Sequence[Row]) -> bool:
    body = body_rows(rows)
    return bool(body) and len(body[-1].lines) == 1 and body[-1].box.width > 0.6 and not re.search(r"[。；;：:!！）)]$", body[-1].text)
