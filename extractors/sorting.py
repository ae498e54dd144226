"""Which paper each page belongs to: its type, where one paper ends and the next begins.

In:    the pages of a submission, file by file in the order in which the files were given.
Out:   papers without fields, in order; every page belongs to exactly one; a blank page is a paper of its own (`other`).
How:   each page is scored for every type by its headings and cues (sorting.toml), and for opening a paper or going on with the one before
       by page numbers, the paper's number, clause numbers and running sentences; the best path through the pages wins (Viterbi).
       Further scans of one page go to the paper of the first; pages that were cut off from their beginning are then joined to it.
Elsewhere: what the papers say (extractors/papers).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from models.dates import find_dates
from models.geometry import Box, hull
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Part
from models.text import CJK, compact

T = PaperType

TITLE_WEIGHT, HINT_WEIGHT = 6.0, 2.5
LETTERS = 509  # bits for the letters of a text
CUES_AT_MOST = 9.0
OTHER_BASE = 2.2  # what a type must gather to be believed rather than "some other paper"
CUT_OFF = 1.7  # what it costs to begin with a later page
PLAIN = 4.0  # a heading this clear leaves no doubt that the paper begins here
LISTED = 4.0  # evidence for a later page by which it is the goods list of an invoice, whose pages are counted by themselves
SURE = 0.8
BLANK_BELOW = 9  # characters; a page with fewer, and no heading, has nothing on it but noise or a page number
_SINGLE = {T.SALES_INVOICE, T.PREMIUM_INVOICE, T.PAYMENT_VOUCHER, T.BUSINESS_LICENCE, T.FIRST_SET_CERTIFICATE, T.IP_CERTIFICATE, T.APPLICATION_FORM}


LOOKED_BACK = 8  # pages of a paper, besides its first, that a further page is held against
_TITLED = {T.SALES_CONTRACT, T.INSURANCE_POLICY, T.TEST_REPORT, T.APPLICATION_FORM}
_ANNEXED_TO = {T.SALES_CONTRACT, T.INSURANCE_POLICY, T.TEST_REPORT}


class Title(NamedTuple):
    """A heading, how many of its characters may be misread, and its letters (`_letters`): a line that lacks more of them can't be it."""

    text: str
    errors: int
    letters: int


@dataclass(frozen=True)
class Words:
    """What sorting.toml says of one type."""

    type: PaperType
    more: float
    titles: tuple[Title, ...]
    hints: tuple[Title, ...]
    patterns: tuple[re.Pattern[str], ...]
    excluded: tuple[str, ...]
    cues: Mapping[str, float]
    further: Mapping[str, float]
    exact: bool
    marks: tuple[tuple[re.Pattern[str], float], ...]
    later: tuple[tuple[re.Pattern[str], float], ...]


@lru_cache(maxsize=1)
def vocabulary() -> tuple[Words, ...]:
    """The table of headings and cues, one entry a type."""
    data = tomllib.loads(Path(__file__).with_name("sorting.toml").read_text(encoding="utf-8"))
    return tuple(
        Words(
            type=PaperType(name),
            more=float(d.get("more", 0.0)),
            titles=tuple(_title(t) for t in d.get("titles", ())),
            hints=tuple(_title(t) for t in d.get("hints", ())),
            patterns=tuple(re.compile(p) for p in d.get("patterns", ())),
            excluded=tuple(_key(t) for t in d.get("not", ())),
            cues={_key(k): float(v) for k, v in d.get("cues", {}).items()},
            further={_key(k): float(v) for k, v in d.get("further", {}).items()},
            exact=bool(d.get("exact", False)),
            marks=tuple((re.compile(k), float(v)) for k, v in d.get("marks", {}).items()),
            later=tuple((re.compile(k), float(v)) for k, v in d.get("later", {}).items()),
        )
        for name, d in data.items()
    )


class Row(NamedTuple):
    """Lines on one baseline, from left to right."""

    text: str
    box: Box
    lines: tuple[Line, ...]


class PageNumber(NamedTuple):
    """第2页共4页: which page, of how many (0 where it doesn't say); sure where the page says so in words."""

    number: int
    total: int
    sure: bool


class Clause(NamedTuple):
    """A numbered clause: in which style it is numbered, and its number."""

    style: str
    number: int


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


def sort_pages(pages: Sequence[Page]) -> tuple[Paper, ...]:
    """Papers of a submission, in the order of their first pages; `fields` stay empty.

    pages: file by file, each file's pages in order; files in an order that need not mean anything.
    A paper whose pages lie in several files has several parts, in reading order. `confidence` is that of the type; `doubt` says in Chinese
    why it is uncertain.
    """
    traits = [look(page) for page in pages]
    again = _repeats(traits)
    content = [i for i, t in enumerate(traits) if not t.blank and i not in again]
    runs = _join_cut_off(_best_path([traits[i] for i in content], content), traits)
    papers = [_paper(run, again, traits) for run in runs]
    papers += [_blank(t) for i, t in enumerate(traits) if t.blank and i not in again]
    order = {t.where: i for i, t in enumerate(traits)}
    return tuple(sorted(papers, key=lambda p: min(order[(part.file, n)] for part in p.parts for n in part.pages)))


def distinct(pages: Sequence[Page]) -> tuple[Page, ...]:
    """A paper's pages without second scans of the same page; of two, the one read with more confidence stays."""
    traits = [look(page) for page in pages]
    kept = list(range(len(pages)))
    for i, first in _repeats(traits).items():
        worse = i if _sureness(pages[i]) <= _sureness(pages[first]) else first
        if worse in kept and len(kept) > 1:
            kept.remove(worse)
    return tuple(pages[i] for i in kept)


# ---------------------------------------------------------------- looking at one page


def look(page: Page) -> Traits:
    """Everything that sorting needs to know of one page."""
    lines = [line for line in page.lines if not is_watermark(line.text)]
    rows = rows_of(lines)
    text = "\n".join(row.text for row in rows)
    flat = text.replace("\n", "")
    readable = sum(1 for c in flat if c.isalnum())
    annex = _is_annex(rows)
    headings = _headings(rows[: _ANNEX_HEAD if annex else None]) if readable else {}
    blank = page.source is PageSource.BLANK or (readable < BLANK_BELOW and not headings)
    if blank:
        return Traits(page, flat, rows, True, frozenset())
    # line by line as well: a phrase may be whole in one column where the row joins two
    single = [compact(line.text) for line in lines]
    by_line = "\n".join(single)
    pairs = frozenset(a + b for a, b in pairwise(flat)) | frozenset(a + b for a, b in pairwise(by_line.replace("\n", "")))
    haystack = flat + "\n" + by_line.replace("\n", "")
    body, further = _cues(haystack, pairs, single)
    _goods_or_premium(body, headings, sealed_by_insurer=any("保险" in seal.text for seal in page.seals))
    return Traits(
        page=page, text=flat, rows=rows, blank=False, bigrams=frozenset(a + b for a, b in pairwise(by_line) if "\n" not in a + b),
        opening=headings, body=body, further=further,
        page_number=None if further.get(T.SALES_INVOICE, 0.0) >= LISTED else _page_number(rows), numbers=_numbers(rows), clauses=_clauses(lines),
        annex=annex and max(headings.values(), default=0.0) < PLAIN,
        endorsement=any(_ENDORSEMENT.match(row.text) for row in rows[:4]),
        signed_off=bool(_SIGNED_OFF.search(flat)), supplement=any(_SUPPLEMENT.match(row.text) for row in rows[:3]) and not _BUYS_MORE.search(flat),
        begins_midway=_begins_midway(rows), ends_midway=_ends_midway(rows),
        prose=sum(1 for line in lines if line.box.width > 0.6) / max(1, len(lines)),
        names=frozenset(m for text in single for m in _COMPANY.findall(text)),
    )


_SIGNED_OFF = re.compile(r"以下无正文|签署页|签字页|签章页|盖章页")
_SUPPLEMENT = re.compile(r"^.{0,16}(?:补充|变更)(?:协议|合同|条款|约定|说明)(?:书)?(?:[（(].{1,8}[)）])?$")
_REFERS_BACK = re.compile(r"原(?:合同|协议|订单)|主合同|(?:上述|前述|以上|已签订的|已签署的)[^。;；]{0,12}(?:合同|协议)|本?合同的?(?:补充|组成部分)")
_ENDORSEMENT = re.compile(r"^.{0,20}?批(?:单|改单|注单)(?:[A-Za-z]{4,}){0,2}(?:[(（].{1,8}[)）])?$")
_BUYS_MORE = re.compile(r"增购|追加|加购|增订|新增|另行?(?:采购|购买|订购)")
_ANNEX = re.compile(r"^(?:合同|协议)?附(?:件|表|录)(?:[一二三四五六七八九十\d]{1,3}|[A-Z])?[:：、.．]?(?P<rest>.{0,24})$")
_ANNEXED = re.compile(r"清单|明细|技术(?:协议|要求|参数|规格|附件|条件)|报价|价格|配置|参数|规格书|图纸|方案|分项|补充协议|保密|廉洁|质量协议|服务承诺|备件|条款|特别约定|结果|数据|样品")
_ANNEX_HEAD = 3  # rows of an annex among which its own heading stands; a heading farther down opens no paper


def _is_annex(rows: Sequence[Row]) -> bool:
    """Whether a page begins as the annex of a paper; an application's own annexes (附件1：…申请表) name a paper of their own."""
    body = _body_rows(rows)[:2]
    found = _ANNEX.match(body[0].text) if body else None
    rest = found["rest"] or (body[1].text if found and len(body) > 1 and len(body[1].text) <= 24 else "") if found else ""
    if any(_ANNEX_OF.search(row.text) for row in rows[1:_ANNEX_HEAD]):  # 技术协议 / （合同XSHT〔2020〕051之附件）
        return bool(_ANNEXED.search(rows[0].text))
    return bool(found and _ANNEXED.search(rest) and not re.search(r"申请表|汇总表|申报", rest))


_ANNEX_OF = re.compile(r"^[（(].{0,8}(?:合同|协议).{0,24}(?:之|的)附件.{0,6}[)）]$|^[（(]?(?:本?合同|协议)附件.{0,6}[)）]?$")


_COMPANY = re.compile(rf"[{CJK}（）()]{{4,30}}?(?:有限责任公司|有限公司|股份公司|集团公司|学院|大学|研究院|研究所|医院|总厂)(?:[{CJK}]{{1,8}}分公司)?")


def rows_of(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Lines that stand on one baseline, joined from left to right, rows from the top; texts are compacted."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: x.box.cy):
        for row in reversed(out[-3:]):
            same = abs(row[0].box.cy - line.box.cy) < 0.45 * min(row[0].box.height, line.box.height)
            if same and all(min(o.box.x1, line.box.x1) - max(o.box.x0, line.box.x0) < 0.3 * min(o.box.width, line.box.width) for o in row):
                row.append(line)
                break
        else:
            out.append([line])
    rows = []
    for row in out:
        row.sort(key=lambda x: x.box.x0)
        rows.append(Row("".join(compact(x.text) for x in row), hull(x.box for x in row), tuple(row)))
    return tuple(rows)


def _key(text: str) -> str:
    return compact(text)


def _title(text: str) -> Title:
    key = compact(text)
    n = len(key)
    return Title(key, 0 if n <= 3 else 1 if n <= 6 else 2 if n <= 11 else 3, _letters(key))


def _letters(text: str) -> int:
    """A text's characters as a set of bits. Two may share one, so that a text may seem to have one that it lacks, never the other way round."""
    bits = 0
    for c in set(text):
        bits |= 1 << ord(c) % LETTERS
    return bits


def is_watermark(text: str) -> bool:
    """仅供保险补贴申请使用 and the like: printed across any page, says nothing of it."""
    t = compact(text)
    return len(t) <= 16 and (("仅供" in t and len(t) <= 14) or (len(t) >= 5 and fuzz.ratio("仅供保险补贴申请使用", t) >= 75))


def _headings(rows: Sequence[Row]) -> dict[PaperType, float]:
    """Evidence for each type from what stands as a heading."""
    heights = [line.box.height for row in rows for line in row.lines]
    usual = median(heights) if heights else 0.02
    candidates: list[tuple[str, float]] = []
    for i, row in enumerate(rows):
        candidates += [(compact(x.text), _prominence(x.box, usual, i)) for x in (*row.lines, *((row,) if len(row.lines) > 1 else ()))]
        if i + 1 < len(rows) and len(row.lines) == len(rows[i + 1].lines) == 1 and rows[i + 1].box.y0 - row.box.y1 < 1.2 * usual:  # heading in two lines
            both = row.text + rows[i + 1].text
            if len(both) <= 36:
                candidates.append((both, 0.9 * _prominence(row.box.union(rows[i + 1].box), 2 * usual, i)))
    lines = [(t, _letters(t), p) for t, p in candidates if 2 <= len(t) <= 44 and p > 0.2]
    out: dict[PaperType, float] = {}
    for words in vocabulary():
        best = best_hint = 0.0
        for text, letters, weight in lines:
            ceiling = TITLE_WEIGHT * weight
            if ceiling > best and not any(x in text for x in words.excluded):
                best = max(best, ceiling * _best_title(words.titles, text, letters, weight))
                if len(text) <= 40 and any(p.search(text) for p in words.patterns):
                    best = max(best, ceiling * 0.9)
            if HINT_WEIGHT * weight > best_hint:
                best_hint = max(best_hint, HINT_WEIGHT * weight * _best_title(words.hints, text, letters, weight))
        if best or best_hint:
            out[words.type] = max(best + 0.3 * best_hint, best_hint)
    return out


def _prominence(box: Box, usual: float, row: int) -> float:
    """How much a line looks like a heading, 0 to 1: larger than the rest, centred, at the top."""
    big = box.height / usual if usual else 1.0
    weight = 0.5
    weight += 0.3 if big >= 1.6 else 0.2 if big >= 1.25 else 0.0
    weight += 0.15 if abs(box.cx - 0.5) < 0.12 else 0.0
    weight += 0.15 if row < 5 else 0.0
    if box.y0 > 0.35 and big < 1.35:
        weight *= 0.4
    return min(1.0, weight)


def _best_title(titles: Iterable[Title], text: str, letters: int, weight: float) -> float:
    lacking = ~letters
    return max([_title_fits(t, text, weight) for t in titles if (t.letters & lacking).bit_count() <= t.errors], default=0.0)


def _title_fits(wanted: Title, text: str, weight: float) -> float:
    """How well a line bears a title, 0 to 1: few misread characters, little else in the line."""
    title, allowed, _ = wanted
    n = len(title)
    if len(text) < n - allowed:
        return 0.0
    if title in text:
        wrong = 0
    else:
        if not allowed:
            return 0.0
        if len(text) <= n:
            wrong = Levenshtein.distance(title, text, score_cutoff=allowed)
        else:
            found = fuzz.partial_ratio_alignment(title, text, score_cutoff=100 * (1 - allowed / n) - 1)
            if found is None:
                return 0.0
            wrong = Levenshtein.distance(title, text[found.dest_start : found.dest_end], score_cutoff=allowed)
        if wrong > allowed:
            return 0.0
    share = n / len(text)
    if n <= 3:
        room = 1.0 if share >= 0.6 else 0.5 if share >= 0.3 and weight > 0.75 else 0.0
    else:
        room = 1.0 if share >= 0.5 else 0.8 if share >= 0.3 else 0.6 if weight > 0.8 else 0.3
    length = 1.0 if n >= 4 else 0.9  # a longer title says more
    return room * length * (1.0 - 0.15 * wrong) * (1.0 + 0.02 * min(n, 10)) / 1.2


def _nearly(cue: str, text: str, pairs: frozenset[str]) -> bool:
    """Whether a long cue stands on the page with a character or two misread."""
    if len(cue) < 6:
        return False
    wrong = 1 if len(cue) < 12 else 2  # each misread character spoils two pairs
    return sum(a + b in pairs for a, b in pairwise(cue)) >= len(cue) - 1 - 2 * wrong and sum(c in text for c in cue) >= len(cue) - wrong


def _cues(text: str, pairs: frozenset[str], lines: Sequence[str]) -> tuple[dict[PaperType, float], dict[PaperType, float]]:
    """Evidence from the body, for each type and for a later page of each type."""
    body: dict[PaperType, float] = {}
    later: dict[PaperType, float] = {}
    for words in vocabulary():
        total = sum(w for cue, w in words.cues.items() if cue in text or ((not words.exact or len(cue) >= 9) and _nearly(cue, text, pairs)))
        further = sum(w for cue, w in words.further.items() if cue in text or _nearly(cue, text, pairs))
        further += sum(w for mark, w in words.later if any(mark.search(line) for line in lines))
        total += sum(w for mark, w in words.marks if any(mark.search(line) for line in lines))
        body[words.type] = total + 0.6 * further
        later[words.type] = min(4.0, further)
    body = {t: min(CUES_AT_MOST, s) for t, s in body.items()}
    return body, later


def _goods_or_premium(body: dict[PaperType, float], headings: dict[PaperType, float], sealed_by_insurer: bool) -> None:
    """Share an invoice's evidence out between invoices for goods and invoices of insurers, by what it says of insurance."""
    invoice = body.get(T.SALES_INVOICE, 0.0)
    heading = headings.get(T.SALES_INVOICE, 0.0)
    insurance = max(-3.0, min(3.0, body.get(T.PREMIUM_INVOICE, 0.0) + (2.0 if sealed_by_insurer else 0.0) - 1.5))
    if invoice + heading >= 2.0:
        body[T.PREMIUM_INVOICE], headings[T.PREMIUM_INVOICE] = max(0.0, invoice + insurance), heading
        body[T.SALES_INVOICE] = max(0.0, invoice - insurance)
    else:
        body[T.PREMIUM_INVOICE] = 0.0


_PAGE_NUMBERS = (
    (re.compile(r"第([\d一二三四五六七八九十]{1,3})页[/,，、（(]*共([\d一二三四五六七八九十]{1,3})页"), 1, 2, True),
    (re.compile(r"共([\d一二三四五六七八九十]{1,3})页[/,，、）)]*第([\d一二三四五六七八九十]{1,3})页"), 2, 1, True),
    (re.compile(r"(?i)page:?(\d{1,3})(?:of|/)(\d{1,3})"), 1, 2, True),
    (re.compile(r"^[-—–~·]?(\d{1,3})[/／](\d{1,3})页?[-—–~·]?$"), 1, 2, False),
    (re.compile(r"^第([\d一二三四五六七八九十]{1,3})页$"), 1, 0, True),
    (re.compile(r"^[-—–~·]*(\d{1,2})[-—–~·]*$"), 1, 0, False),
)
_ORDINALS = {c: n for n, c in enumerate("零一二三四五六七八九")}


def ordinal(text: str) -> int | None:
    """Value of 12 or 十二, 二十一; None where it is neither."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for c in text:
        if c == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c in _ORDINALS:
            digit = _ORDINALS[c]
        else:
            return None
    return total + digit or None


def _page_number(rows: Sequence[Row]) -> PageNumber | None:
    """The page's own number where it prints one at its head or foot."""
    for pattern, a, b, sure in _PAGE_NUMBERS:
        for row in reversed(rows):
            edge = row.box.cy > 0.85 or (row.box.cy < 0.15 and sure)
            for text in {row.text, *(compact(x.text) for x in row.lines)}:
                found = pattern.search(text) if sure else (pattern.match(text) if row.box.cy > 0.88 else None)
                if not found or (not edge and not b):
                    continue
                number, total = ordinal(found[a]), ordinal(found[b]) if b else 0
                if number and total is not None and (not b or number <= total <= 300):
                    return PageNumber(number, total, sure)
    return None


# 检字第2020-8216号, (2020)量测字第9694号, 2020年购字第12号
_FILE_NUMBER = r"[\u4e00-\u9fff]{0,6}[（(〔\[【]?(?:19|20)\d{2}[)）〕\]】]?[-—]?[A-Za-z\u4e00-\u9fff]{0,8}?\d{1,6}(?:[-—]\d{1,4})*号"
_NUMBERED = (
    ("contract", re.compile(r"(?:合同|协议|订单)(?:书)?(?:编号|号码|号|No\.?)[:：]?([\u4e00-\u9fff]{0,6}(?:[（(〔\[]\d{4}[)）〕\]]|\d{4})[A-Za-z\u4e00-\u9fff]{1,8}\d[\d\-]*号?|[A-Za-z0-9][A-Za-z0-9\-_/]{4,})")),
    ("policy", re.compile(r"(?:(?:保险单|保单|保险合同)(?:号码|号|编号|No\.?)|(?:所属|所附|附于|对应|原)(?:保险单|保单)|(?i:policyno)\.?)(?:[（(][A-Za-z.]{2,12}[)）])?[:：]?([A-Za-z0-9][A-Za-z0-9\-_/]{7,})")),
    ("endorsement", re.compile(r"批单(?:号码|号|编号|No\.?)[:：]?([A-Za-z0-9][A-Za-z0-9\-_/]{7,})")),
    ("report", re.compile(rf"(?:报告编号|报告号|报告No\.?|(?:№|(?<![A-Za-z])N[oO][.:：])(?=[:：.]{{0,2}}(?:[A-Za-z]{{1,6}}[-—\d]|{_FILE_NUMBER}))|(?<![同议单书票证品器备厂户])编号(?:No\.?)?)[:：.]?"
                          rf"({_FILE_NUMBER}|(?:[（(〔\[]\d{{4}}[)）〕\]]|\d{{4}})[A-Za-z\u4e00-\u9fff]{{1,8}}\d[\d\-]*号?|[A-Za-z0-9][A-Za-z0-9\-_/]{{5,}})")),
    ("invoice", re.compile(r"(?:发票号码|票号码|N[o°º0]\.?|№|发票代码[:：]?\d{10,12}号码)[:：]?(\d{8}(?:\d{12})?)(?!\d)")),
    ("voucher", re.compile(r"(?:回单编号|回单号码|回单号|回单流水号|流水号|凭证号码?|交易序号|回执编号)[:：]?([A-Za-z0-9][A-Za-z0-9\-]{5,})")),
)


def _numbers(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    """Numbers of papers that the page names, by what they number; label and number may stand in one line or side by side."""
    out: dict[str, set[str]] = {}
    lines = [compact(line.text) for row in rows for line in row.lines]
    for kind, pattern in _NUMBERED:
        found = [m[1] for text in lines for m in pattern.finditer(text)] or [m[1] for row in rows for m in pattern.finditer(row.text)]
        plausible = {n.translate(_ALIKE).upper() for n in found if sum(c.isdigit() for c in n) >= 4}
        if plausible:
            out[kind] = plausible
    return {k: frozenset(v) for k, v in out.items()}


_ALIKE = str.maketrans("OoIlSZB", "0011528")  # letters and figures that reading confuses count as the same


_CLAUSES = (
    ("第条", re.compile(r"^第([\d一二三四五六七八九十百]{1,4})[条章]")),
    ("、", re.compile(r"^([一二三四五六七八九十]{1,4})[、.．]")),
    ("1.1", re.compile(r"^(\d{1,2})\.\d{1,2}(?!\d)")),
    ("1.", re.compile(r"^(\d{1,2})[.、．](?!\d)")),
)


def _clauses(lines: Sequence[Line]) -> tuple[Clause, ...]:
    """The numbered clauses that begin on the page, from top to bottom."""
    out = []
    for line in sorted(lines, key=lambda x: x.box.cy):
        text = compact(line.text)
        for style, pattern in _CLAUSES:
            found = pattern.match(text)
            number = ordinal(found[1]) if found else None
            if number and len(text) > 2:
                out.append(Clause("1." if style == "1.1" else style, number))
                break
    return tuple(out)


def _body_rows(rows: Sequence[Row]) -> list[Row]:
    return [r for r in rows if len(r.text) >= 2 and not any(p.search(r.text) and len(r.text) < 14 for p, *_ in _PAGE_NUMBERS)]


def _begins_midway(rows: Sequence[Row]) -> bool:
    """The first line reads on from a page before: running text, no heading, no label."""
    body = _body_rows(rows)
    if not body:
        return False
    first = body[0].text
    if any(p.match(first) for _, p in _CLAUSES) or len(body[0].lines) > 1 or re.match(r"^.{1,12}[:：]", first):
        return False
    return body[0].box.x0 < 0.25 and (body[0].box.width > 0.6 or bool(re.search(r"[。；;]$", first)))


def _ends_midway(rows: Sequence[Row]) -> bool:
    body = _body_rows(rows)
    return bool(body) and len(body[-1].lines) == 1 and body[-1].box.width > 0.6 and not re.search(r"[。；;：:!！）)]$", body[-1].text)


# ---------------------------------------------------------------- second scans


def _repeats(traits: Sequence[Traits]) -> dict[int, int]:
    """Pages that are another scan of an earlier page -> that page.

    Forms of one kind look alike and clauses repeat between contracts, so likeness alone proves nothing: a single-sheet paper must show the same
    numbers, a page of text must follow the very page it repeats.
    """
    out: dict[int, int] = {}
    inked = [i for i, t in enumerate(traits) if not t.blank]
    for place, j in enumerate(inked):
        for back, i in enumerate(reversed(inked[:place])):
            if i not in out and _same_page(traits[i], traits[j], neighbours=back == 0 or inked[place - 1] in out):
                out[j] = i
                break
    return out


def _same_page(a: Traits, b: Traits, neighbours: bool) -> bool:
    small, large = sorted((len(a.bigrams), len(b.bigrams)))
    if not large or small / large < 0.6:
        return False
    alike = 2 * len(a.bigrams & b.bigrams) / (small + large)
    if alike < 0.6:
        return False
    if a.page_number and b.page_number and a.page_number[:2] != b.page_number[:2] and a.page_number.sure and b.page_number.sure:
        return False
    for kind in a.numbers.keys() & b.numbers.keys():
        if not a.numbers[kind] & b.numbers[kind]:
            return False
    ours, theirs = _figures(a), _figures(b)
    if ours and theirs and 2 * len(ours & theirs) / (len(ours) + len(theirs)) < 0.75:
        return False
    if any(t.prose > 0.2 or len(t.clauses) > 2 for t in (a, b)):
        return neighbours and alike >= 0.88
    serial = _serials(a), _serials(b)
    if serial[0] and serial[1] and not serial[0] & serial[1]:
        return False
    return bool(ours & theirs) and alike >= (0.65 if serial[0] & serial[1] else 0.85)


def _figures(t: Traits) -> frozenset[str]:
    """Long numbers, amounts and dates of a page: what tells two filled-in forms apart. A tax invoice's cipher is no number."""
    texts = [compact(line.text) for line in t.page.lines if len(re.findall(r"[<>*+/]", line.text)) < 3]
    numbers = {n for text in texts for n in re.findall(r"\d[\d,]*\.\d\d(?!\d)|\d{6,}", text)}
    return frozenset(numbers | {found.value for text in texts for found in find_dates(text)})


def _serials(t: Traits) -> frozenset[str]:
    """Numbers that can be the paper's own: eight or twenty figures by themselves in its upper part, or named as its number."""
    head = (compact(line.text) for line in t.page.lines if line.box.cy < 0.4)
    alone = (re.fullmatch(r"(?:[^\d]{0,8}[:：.]|N[o°º0]\.?|№)?(\d{8}|\d{20})", text) for text in head)
    return frozenset(m[1] for m in alone if m) | frozenset(n for found in t.numbers.values() for n in found)


# ---------------------------------------------------------------- the best path


@dataclass
class Run:
    """Pages (indices) that follow each other in one paper, their type, and by how much it beat the next best."""

    pages: list[int]
    type: PaperType
    margin: float
    cut_off: bool  # begins on a later page: what it belongs to lies elsewhere, if anywhere


def _type_score(t: Traits, kind: PaperType, opens: bool) -> float:
    """How well a page suits a type, as the first page of such a paper or as a later one."""
    heading, body = t.opening.get(kind, 0.0), t.body.get(kind, 0.0)
    if kind is T.OTHER:
        return OTHER_BASE + heading + body
    return heading + body if opens else 0.5 * heading + body + (t.further.get(kind, 0.0) if heading < PLAIN else 0.0)


def _start_score(t: Traits, kind: PaperType) -> tuple[float, bool]:
    """How well a page begins a run of a type, and whether it does so as a later page that was cut off from its beginning."""
    opening = _type_score(t, kind, True) + _opens_score(t, kind)
    later = _type_score(t, kind, False) - CUT_OFF
    return max(opening, later), kind is not T.OTHER and later > opening


def _opens_score(t: Traits, kind: PaperType) -> float:
    """How much a page looks like the first of a paper of this type, whatever stands before it."""
    score = 0.0
    if t.page_number and kind is not T.OTHER:
        number, _, sure = t.page_number
        score += (1.5 if sure else 0.5) if number == 1 else (-3.0 if sure else -0.7)
    if t.begins_midway:
        score -= 1.0
    if t.opening.get(kind, 0.0) < PLAIN:
        score -= 0.6 * t.further.get(kind, 0.0)
    if kind in _TITLED and t.opening.get(kind, 0.0) < 2.0:
        score -= 1.5  # such papers say what they are
    if t.annex and kind in _ANNEXED_TO:
        score -= 2.0
    if t.clauses and t.clauses[0].number > 1 and t.opening.get(kind, 0.0) < 2.0:
        score -= 1.5
    return score


def _covers(sheet: Traits, t: Traits, kind: PaperType) -> bool:
    """Whether a page with little on it is the cover sheet of the paper that the next one begins: the same heading, or the same names and numbers."""
    if len(sheet.rows) > 14 or sheet.signed_off or sheet.prose >= 0.2 or sheet.clauses or (sheet.page_number and sheet.page_number.sure and sheet.page_number.number > 1):
        return False
    titled = sheet.opening.get(kind, 0.0) >= 3.0
    ours, theirs = _values(sheet), _values(t)
    return (titled and t.opening.get(kind, 0.0) >= 3.0) or len(ours & theirs) >= (2 if titled or sheet.body.get(kind, 0.0) >= 2.0 else 3)


def _covered_by_first(run: Sequence[Traits], t: Traits, kind: PaperType) -> bool:
    """Whether a cover sheet, with nothing but notes behind it, is that of the paper which this page begins."""
    notes = run[1:]
    if not 1 <= len(notes) <= 2 or any(p.page_number for p in run) or any(p.opening.get(kind, 0.0) >= 3.0 for p in notes):
        return False
    return _covers(run[0], t, kind) and len(_values(run[0]) & _values(t)) >= 2


def _values(t: Traits) -> set[str]:
    """What stands on a page behind labels or by itself, where it is long enough to be one paper's own: names, products, numbers."""
    return {v for row in t.rows for line in row.lines for v in re.split(r"[:：]", compact(line.text)) if len(v) >= 6}


def _link(run: Sequence[Traits], t: Traits, kind: PaperType, more: float) -> float:
    """How much a page looks like going on with the pages before it, the last of which lies right before it."""
    before = run[-1]
    score = more
    if before.page.file != t.page.file:
        score -= 2.5 if t.page.number == 1 else 1.0
    a, b = before.page_number, t.page_number
    numbers = {n: next(p.numbers[n] for p in reversed(run) if n in p.numbers) for n in {n for p in run for n in p.numbers}}
    echoed = _OWN_NUMBER.get(kind, "") not in numbers and _names_number_of(run, t, kind)
    same_number = echoed or any(numbers[n] & t.numbers[n] for n in numbers.keys() & t.numbers.keys())
    names_fit = max(_names_fit(before.names, t.names), _names_fit(frozenset(n for p in run for n in p.names), t.names))
    # names neither party: who they are stands in the contract that it refers to
    nameless = not t.names and not t.numbers.get("contract") and bool(_REFERS_BACK.search(t.text))
    supplements = (kind is T.SALES_CONTRACT and t.supplement and (names_fit > 0 or nameless)) or (kind is T.INSURANCE_POLICY and t.endorsement)
    covered = kind not in _SINGLE and (_covers(before, t, kind) or _covered_by_first(run, t, kind))
    if covered:
        score += 1.5
    if b and b.number == 1:
        # a cover and notes bear no page number; what they name as theirs begins to count behind them
        score -= 0.0 if (covered and not a) or (same_number and not any(p.page_number for p in run)) else 4.0 if b.sure else 1.0
    elif b and b.sure:
        score += 2.0
        if a and a.sure:
            score += 3.0 if b.number == a.number + 1 and b.total == a.total else -2.0
    elif a and b and b.number == a.number + 1 and b.total == a.total:
        score += 2.5 if b.total else 1.5
    if a and a.total and a.sure:
        score += -2.0 if a.number == a.total else 2.5 if not b and before.page.file == t.page.file else 0.0  # the last page; one with more to come
    for name in numbers.keys() & t.numbers.keys():
        score += 3.5 if numbers[name] & t.numbers[name] else -4.0
    score += 3.5 if echoed else 0.0
    if before.clauses and t.clauses:
        last, first = before.clauses[-1], t.clauses[0]
        if first.style == last.style and first.number in (last.number, last.number + 1) and first.number > 1:
            score += 3.0
        elif first.number == 1 and first.style == last.style and last.number > 2:
            score -= 1.0
    if before.ends_midway and t.begins_midway:
        score += 2.0
    score += 0.7 * names_fit
    if t.annex and kind in _ANNEXED_TO:
        score += 2.0
    if kind is T.APPLICATION_FORM:
        score -= 2.5 if _asked_again(before, t) else 0.0
    same_shape = (before.page.width > before.page.height) == (t.page.width > t.page.height)
    score -= 0.0 if same_shape else 1.0
    heading = t.opening.get(kind, 0.0)
    if heading >= 3.0:  # a heading of its own: a new paper, unless the page before was its cover sheet or bears the same number
        score += 0.5 * heading if same_number or covered or supplements else -3.0
        score += 1.5 if supplements and not same_number else -0.5 if covered and not same_number else 0.0
    if not t.opening.get(kind) and not t.body.get(kind):
        score += 1.0 if t.prose > 0.4 else -0.5
    return score


_OWN_NUMBER = {T.SALES_CONTRACT: "contract", T.INSURANCE_POLICY: "policy", T.TEST_REPORT: "report"}


def _names_number_of(run: Sequence[Traits], t: Traits, kind: PaperType) -> bool:
    """Whether a page names as the paper's a number that stands on the pages before it, by whatever label: NO.3202… on a policy, 保险单号：3202… on its endorsement."""
    named = t.numbers.get(_OWN_NUMBER.get(kind, ""), frozenset())
    return any(len(n) >= 6 and n in p.text.translate(_ALIKE).upper() for n in named for p in run)


def _asked_again(before: Traits, t: Traits) -> bool:
    """Whether a form asks what the page before it asked: another form."""
    words = next(w for w in vocabulary() if w.type is T.APPLICATION_FORM)
    return sum(cue in before.text and cue in t.text for cue in words.cues) >= 3


def _names_fit(ours: Collection[str], theirs: Collection[str]) -> float:
    """1 where two pages name the same two companies, -1 where each names two and they are not the same, else 0."""
    if len(ours) < 2 or len(theirs) < 2:
        return 0.0
    shared = sum(any(n == m or fuzz.ratio(n, m) >= 85 for m in ours) for n in theirs)
    return 1.0 if shared >= 2 else -1.0


def _best_path(traits: Sequence[Traits], indices: Sequence[int]) -> list[Run]:
    """The likeliest cut of the pages into papers and types."""
    if not traits:
        return []
    kinds = [w.type for w in vocabulary()]
    more = {w.type: w.more for w in vocabulary()}
    states = [(k, opens) for k in kinds for opens in (True, False)]
    scores: list[dict[tuple[PaperType, bool], float]] = []
    back: list[dict[tuple[PaperType, bool], tuple[PaperType, bool]]] = []
    runs_to: list[dict[tuple[PaperType, bool], tuple[Traits, ...]]] = []  # pages of the run that the best path to a state ends in
    for i, t in enumerate(traits):
        in_run: dict[tuple[PaperType, bool], tuple[Traits, ...]] = {}
        here: dict[tuple[PaperType, bool], float] = {}
        origin: dict[tuple[PaperType, bool], tuple[PaperType, bool]] = {}
        top = max(scores[-1], key=scores[-1].__getitem__) if scores else None
        for kind, opens in states:
            if opens:
                in_run[(kind, True)] = (t,)
                here[(kind, True)] = _start_score(t, kind)[0] + (scores[-1][top] if top else 0.0)
                if top:
                    origin[(kind, True)] = top
            elif i:
                best = max(((kind, True), (kind, False)), key=lambda s: scores[-1].get(s, -math.inf))
                run = runs_to[-1].get(best, (traits[i - 1],))
                in_run[(kind, False)] = (*run[:1], *run[1:][-LOOKED_BACK:], t)
                here[(kind, False)] = _type_score(t, kind, False) + _link(run, t, kind, more[kind]) + scores[-1].get(best, -math.inf)
                origin[(kind, False)] = best
        runs_to.append(in_run)
        scores.append(here)
        back.append(origin)
    state = max(scores[-1], key=scores[-1].__getitem__)
    path = [state]
    for origin in reversed(back[1:]):
        path.append(origin[path[-1]])
    path.reverse()
    runs: list[Run] = []
    for i, (kind, opens) in enumerate(path):
        if opens or not runs:
            runs.append(Run([indices[i]], kind, _margin(traits[i], kind), _start_score(traits[i], kind)[1]))
        else:
            runs[-1].pages.append(indices[i])
            runs[-1].margin = max(runs[-1].margin, _margin(traits[i], kind))
    return runs


def _margin(t: Traits, kind: PaperType) -> float:
    """By how much a page's own evidence for a type beats the next best type."""
    return _type_score(t, kind, True) - max(_type_score(t, w.type, True) for w in vocabulary() if w.type is not kind)


# ---------------------------------------------------------------- pages cut off from their beginning


def _join_cut_off(runs: list[Run], traits: Sequence[Traits]) -> list[Run]:
    """Join runs that begin on a later page to the paper they belong to: photographs, files in another order, a stray page in between."""
    whole = list(runs)
    for run in sorted(runs, key=lambda r: traits[r.pages[0]].page_number or PageNumber(99, 0, False)):
        if not run.cut_off and _opens_score(traits[run.pages[0]], run.type) > -1.4:
            continue
        others = [(_belongs(head, run, traits), head) for head in whole if head is not run]
        score, head = max(others, key=lambda x: x[0], default=(0.0, run))
        if score >= 1.1:
            head.pages = _in_reading_order(head, run, traits)
            head.margin = max(head.margin, run.margin) if head.type is run.type else head.margin
            whole = [r for r in whole if r is not run]
    return whole


def _belongs(head: Run, run: Run, traits: Sequence[Traits]) -> float:
    """How much a run without a beginning looks like the rest of another."""
    first, last, start = traits[run.pages[0]], traits[head.pages[-1]], traits[head.pages[0]]
    theirs, ours = [traits[i].page_number for i in head.pages], first.page_number
    fits = 0.0
    if ours and ours.sure and ours.total:
        known = [n for n in theirs if n and n.sure and n.total]
        if known:
            if any(n.total != ours.total or n.number == ours.number for n in known):
                return -9.0
            fits += 2.0 + (1.0 if any(n.number + 1 == ours.number for n in known) else 0.0)
        elif len(theirs) >= ours.total:
            return -9.0
    elif ours and any(n and n.number == ours.number for n in theirs):
        fits -= 2.0
    elif ours and any(n and n.number + 1 == ours.number for n in theirs):
        fits += 0.5
    if head.type is not run.type:
        if not fits or run.type is not T.OTHER or head.type in _SINGLE:
            return -9.0
        fits -= 0.8
    else:
        fits += 1.5 if not head.cut_off and _opens_score(start, head.type) > -1.4 else 1.0
    pages = [traits[i] for i in run.pages]
    for name in {n for t in pages for n in t.numbers}:
        there = {x for i in head.pages for x in traits[i].numbers.get(name, ())}
        if there:
            fits += 3.0 if there & {x for t in pages for x in t.numbers.get(name, ())} else -5.0
    names = {n for t in pages for n in t.names}
    fits += 2.0 * _names_fit({n for i in head.pages for n in traits[i].names}, names)
    fits += _clauses_fit([c for i in head.pages for c in traits[i].clauses], first.clauses)
    if last.ends_midway and first.begins_midway:
        fits += 1.0
    return fits - (0.0 if first.page.file == last.page.file else 0.3)


def _clauses_fit(before: Sequence[Clause], after: Sequence[Clause]) -> float:
    """How well the clauses of a page go on where those of others end: numbered alike, the first one next to one that is there."""
    fits = 0.0
    for style in {c.style for c in after}:
        there = {c.number for c in before if c.style == style}
        ours = [c.number for c in after if c.style == style]
        if not there:
            continue
        if len(there & set(ours)) > 1:
            return -2.0  # the same clauses again
        follows = ours[0] in there or ours[0] - 1 in there or ours[-1] + 1 in there
        fits = max(fits, 2.0 if follows else 0.3)
    return fits


def _in_reading_order(head: Run, run: Run, traits: Sequence[Traits]) -> list[int]:
    """The pages of both, by the numbers that they bear; a page without one stays behind the one it followed."""
    keyed: list[tuple[float, int, int]] = []
    for part, one in enumerate((head, run)):
        at = 0.0 if part == 0 and not head.cut_off else 500.0
        for i in one.pages:
            number = traits[i].page_number
            at = float(number.number) if number and not (number.number > 1 and i == head.pages[0] and not head.cut_off) else at + 0.01
            keyed.append((at, i, i))
    return [i for _, _, i in sorted(keyed)]


# ---------------------------------------------------------------- papers


def _paper(run: Run, again: Mapping[int, int], traits: Sequence[Traits]) -> Paper:
    pages = list(run.pages)
    pages += sorted(j for j, i in again.items() if i in run.pages)
    parts: list[Part] = []
    for i in pages:
        file, number = traits[i].where
        if parts and parts[-1].file == file:
            parts[-1] = Part(file=file, pages=(*parts[-1].pages, number))
        else:
            parts.append(Part(file=file, pages=(number,)))
    confidence = 1 / (1 + math.exp(-max(-20.0, run.margin)))
    return Paper(type=run.type, parts=tuple(parts), confidence=round(confidence, 3), doubt="" if confidence >= SURE else "材料类型不能确定，请核对")


def _blank(t: Traits) -> Paper:
    return Paper(type=T.OTHER, parts=(Part(file=t.page.file, pages=(t.page.number,)),))


def _sureness(page: Page) -> float:
    return sum(line.confidence * len(line.text) for line in page.lines)
