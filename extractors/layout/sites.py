"""Where the labels that are asked for stand on a page.

In:    a page, a table of labels.
Out:   `Labelled`: a `Site` for each label found, with what follows it in its own line.
Elsewhere: how a label's text is compared (wording.py), the value that stands with it (values.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from extractors.layout.blocks import Block, Sheet, sheet
from extractors.layout.lines import char_width, same_row
from extractors.layout.pieces import NOTHING, Piece, fold
from extractors.layout.wording import (
    COLON,
    FRAMES,
    NUMBERED,
    ORDINAL,
    Wanted,
    alternatives,
    behind_figure,
    cut_at_next_label,
    either,
    in_name,
    label_core,
    tail_of,
    unit_in,
)
from models.geometry import Box, hull
from models.page import Line, Page
from models.text import HAS_CJK

_BARRED_BEFORE = re.compile(r"[0-9A-Za-z]|" + HAS_CJK.pattern)


@dataclass(frozen=True, eq=False)
class Site:
    """Where a label stands: its piece, its block, what follows it in the same line or cell."""

    field: str
    wanted: str
    core: str
    group: str
    label: Piece
    rest: Piece
    colon: bool
    unit: str
    score: float
    block: Block
    alone: bool  # the label is all that stands in its line or cell

    @property
    def box(self) -> Box:
        return self.block.box if self.alone and self.block.cell else self.label.box


_UNIT_TAILS = frozenset(f"{a}{unit}{b}{colon}" for unit in ("%", "‰", "元", "万元") for a, b in ("()", "[]") for colon in ("", ":"))
_OF_TWO_NAMES = 0.97  # how surely a label is one that has a second name for its thing in brackets
_SEMICOLON = 0.94  # how surely a label is one before a semicolon, which recognition makes of a colon
_GOES_ON = "的内"  # behind a label's words without a colon: a sentence speaks of the thing (被保险产品的用户为…), and no value begins so
_FIGURE_START = re.compile(r"[\d¥￥A-Z]")
_GLOSS = re.compile(r"[A-Z][A-Za-z .,&/'()\-]{3,40}")  # a label in another language, below it
_FLUSH = 0.015  # of the page's width: how far from each other the two begin at most
_NEXT_FRAMED = re.compile(r"【[\u4e00-\u9fff/()]{2,12}\d?】|〖[\u4e00-\u9fff/()]{2,12}\d?〗|〔[\u4e00-\u9fff/()]{2,12}\d?〕|\[[\u4e00-\u9fff/()]{2,12}\d?\]")


_OTHER_NAME = re.compile(r"[(]([^()]{2,10})[)][:：]")  # 凭证号（保险单号）：what a label is called elsewhere
_SURE, _VARIANT = 0.99, 0.6


def _variant(piece: Piece) -> float:
    """What a likeness to a known label counts where all was read surely, so that it isn't that label misread but one of its own: 保险期限 may be 保险期间, 到货日期 is no 收货日期."""
    return _VARIANT if piece.letter_confidence >= _SURE else 1.0


def _closed(piece: Piece) -> Piece:
    """Without a bracket at the end that was opened before the next label: 阀门（ of 阀门（型号：A1）."""
    text = piece.text.rstrip()
    return piece[: len(text) - 1].stripped() if text.endswith(("(", "（", "[", "【")) else piece


def _just_below(block: Block, others: Sequence[Block]) -> Block | None:
    height = block.box.height
    near = [b for b in others if b is not block and 0.3 * height < b.box.cy - block.box.cy < 1.9 * height
            and min(b.box.x1, block.box.x1) - max(b.box.x0, block.box.x0) > 0.5 * min(b.box.width, block.box.width)]
    return min(near, key=lambda b: b.box.cy, default=None)


def _occurrences(core: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where a label's text stands in a line's, from where to where; without regular expressions, of which there would be one a label, more than Python keeps ready."""
    begin = folded.find(core)
    while begin >= 0:
        yield begin, begin + len(core)
        begin = folded.find(core, begin + len(core))


class _Mark(NamedTuple):
    """A label in a line's folded text: where it begins and ends, where its value begins, which it is, how surely, and whether a colon ends it."""

    start: int
    end: int
    value: int
    core: str
    score: float
    colon: bool


@dataclass(frozen=True, eq=False)
class Labelled:
    """A page with the labels that stand on it. index: its place among the pages given. taken: id(line) -> where labels stand in the line's text."""

    page: Page
    index: int
    wanted: Wanted
    sheet: Sheet
    sites: Sequence[Site]
    taken: Mapping[int, Sequence[tuple[int, int]]]

    @cached_property
    def alone(self) -> Sequence[Site]:
        """The labels that fill a line and have nothing behind them, each line once."""
        return list({id(s.label.spans[0].line): s for s in self.sites if s.alone and not s.colon and s.block.cell is None}.values())

    def is_label(self, block: Block) -> bool:
        """Whether a label fills a block."""
        return any(s.block is block and s.alone for s in self.sites)

    def line_is_label(self, line: Line) -> bool:
        """Whether a line is (part of) a label, wholly or at its beginning."""
        return any(start <= 1 for start, _ in self.taken.get(id(line), ()))


def labelled(page: Page, index: int, wanted: Wanted) -> Labelled:
    """Find the labels of a page."""
    search = _Search(page, wanted)
    taken: dict[int, list[tuple[int, int]]] = {}
    for site in search.sites:
        for span in site.label.spans:
            taken.setdefault(id(span.line), []).append((span.start, span.end))
    return Labelled(page, index, wanted, search.sheet, search.sites, taken)


class _Search:
    """The search for labels on one page: `sheet` is the page taken apart, `sites` what was found on it."""

    def __init__(self, page: Page, wanted: Wanted) -> None:
        self.page = page
        self.wanted = wanted
        self.sites: list[Site] = []
        self.sheet = self._without_run_together(sheet(page))
        self._find()

    def _of_the_next(self, site: Site, gloss: Block) -> bool:
        """Whether a line in another language below a label is that of the label below it, which stands nearer: Policyholder over 投保人 over Mailing Address over 通讯地址."""
        flush = [b for b in self.sheet.blocks if b.piece and b is not gloss and abs(b.box.x0 - gloss.box.x0) < _FLUSH and b.box.y0 > gloss.box.cy]
        apart = gloss.box.y0 - site.label.box.y1
        return min((b.box.y0 - gloss.box.y1 for b in flush), default=1.0) < apart + 0.4 * gloss.box.height

    def _without_run_together(self, made: Sheet) -> Sheet:
        """The sheet with cells that have lost the rules between them taken apart into lines: those in which labels stand beside or below each other, or
        a label without a colon stands beside something else, and which aren't one wrapped label.
        """
        merged = [b for b in made.ruled if len(b.piece.spans) > 1 and self._runs_together(b)]
        if not merged:
            return made
        loose = [Block(self.page, v.line.box, Piece((v,))) for b in merged for v in b.piece.spans]
        of_line = {**made.of_line, **{id(b.piece.spans[0].line): b for b in loose}}
        return Sheet(self.page, [*(b for b in made.blocks if b not in merged), *loose], of_line)

    def _runs_together(self, block: Block) -> bool:
        if label_core(block.piece.text) in self.wanted.known:
            return False
        lines = [s.line for s in block.piece.spans]
        labels = [v for v in lines if len(core := label_core(v.text)) >= 3 and core in self.wanted.known and not COLON.search(v.text)]
        # level with the label, or with the middle between it and its other language below
        beside = any(
            v is not w and (same_row(v.box, w.box) or (w.box.x0 > v.box.x1 and abs(v.box.cy - w.box.cy) < v.box.height)) and max(v.box.x0 - w.box.x1, w.box.x0 - v.box.x1) > 1.5 * char_width(v)
            for v in labels for w in lines)
        return beside or len(labels) > 1

    def _find(self) -> None:
        loose: list[Block] = []
        for block in self.sheet.blocks:
            if not block.piece:
                continue
            whole = self._whole(block.piece, block)
            if whole:
                self.sites += whole
                if block.cell is None:
                    loose.append(block)
                continue
            loose += [block] if block.cell is None else [Block(self.page, v.box, v) for v in block.piece.lines()] if len(block.piece.spans) > 2 else []
            for piece in block.piece.lines():
                self.sites += self._whole(piece, block, alone=block.cell is None or len(block.piece.spans) == 1) or self._within(piece, block)
            if block.cell and len(block.piece.spans) > 1 and not any(s.block is block for s in self.sites):
                self.sites += self._within(block.piece, block, only_start=True)
        stacks = self._stacked(loose)
        self.sites = self._with_glosses([*self.sites, *stacks], loose)

    def _with_glosses(self, sites: Sequence[Site], loose: Sequence[Block]) -> list[Site]:
        """The labels, those below which they stand in another language (险种名称 over Name of Insurance) taken with it: the value is level with the middle of both, or with either."""
        said = {id(span.line): site for site in sites for span in site.label.spans}
        foreign = [b for b in loose if b.piece and _GLOSS.fullmatch(b.text.strip()) and not ((site := said.get(id(b.piece.spans[0].line))) and (site.alone or site.colon))]
        out: list[Site] = []
        glosses: set[int] = set()
        for site in sites:
            free = site.alone and not site.colon and len(site.label.spans) == 1 and any(b.piece and b.piece.spans[0].line is site.label.spans[0].line for b in loose)
            below = _just_below(Block(self.page, site.label.box, site.label), foreign) if free and foreign and HAS_CJK.search(site.label.text) else None
            if below is None or abs(below.box.x0 - site.label.box.x0) > _FLUSH or self._of_the_next(site, below):
                out.append(site)
                continue
            both = Piece((*site.label.spans, *below.piece.spans))
            glosses.add(id(below.piece.spans[0].line))
            out.append(replace(site, label=both, block=Block(self.page, both.box, both)))
        return [site for site in out if site.alone or id(site.label.spans[0].line) not in glosses]

    def _whole(self, piece: Piece, block: Block, alone: bool = True) -> list[Site]:
        """The labels that all of this piece is, one a field (two fields may share a label)."""
        core = label_core(piece.text)
        if not core:
            return []
        scores = {core: 1.0} if core in self.wanted.known else self.wanted.like(core)
        best = max(scores.values(), default=0.0)
        if best <= 0:
            return self._alternatives(core, piece, block, alone)
        worth = _variant(piece) if best < 1.0 else 1.0
        found = {c for c, score in scores.items() if score == best}
        if best < 1.0 and self._begins_with_label(piece, found):
            return []
        return [
            Site(name, label, c, group, piece, NOTHING, False, unit_in(piece.text), best * worth, block, alone)
            for name, label, group, c in self.wanted.table if c in found
        ]

    def _alternatives(self, core: str, piece: Piece, block: Block, alone: bool) -> list[Site]:
        """The label that a piece is by several names of one thing, each of them known: 总保险金额/累计责任限额."""
        if (named := self._either(core)):
            return [Site(key, label, c, group, piece, NOTHING, False, unit_in(piece.text), _OF_TWO_NAMES, block, alone) for key, label, group, c in self.wanted.table if c == named]
        names = alternatives(core)
        if not names or not all(name in self.wanted.known for name in names):
            return []
        fields = set.intersection(*({key for key, _, _, c in self.wanted.table if c == name} for name in names))
        return [
            Site(key, label, c, group, piece, NOTHING, False, unit_in(piece.text), 1.0, block, alone)
            for key, label, group, c in self.wanted.table if key in fields and key != "_" and c == names[0]
        ]

    def _either(self, core: str) -> str:
        """The known label that one with a second name in the middle stands for, one that is wanted before one that only bounds what is: 合同(保险单)编号; "" for none."""
        named = [name for name in either(core) if name in self.wanted.known]
        return next((name for name in named if any(c == name and key != "_" for key, _, _, c in self.wanted.table)), named[0] if named else "")

    def _begins_with_label(self, piece: Piece, taken_for: Collection[str]) -> bool:
        """Whether the first lines of several are a label to the letter, and the others have nothing of the labels that all of them are taken for:
        投保数量（台或套） over 1 isn't 投保数量 misread, but 投保单位 over 名 is what was read of 投保单位名称.
        """
        lines = piece.lines()
        for n in range(1, len(lines)):
            head, rest = (label_core("".join(line.text for line in some)) for some in (lines[:n], lines[n:]))
            if head in self.wanted.known and not any(set(rest) & set(label[len(head) :]) for label in taken_for):
                return True
        return False

    def _within(self, piece: Piece, block: Block, only_start: bool = False) -> list[Site]:
        """Labels with their value in one line: 保单号：123　币种：人民币."""
        folded, at = fold(piece.text)
        ordinal = ORDINAL.match(folded) or NUMBERED.match(folded)
        start = ordinal.end() if ordinal else 0
        marks = self._told_apart(folded, at, start, only_start)
        if not any(m.start in (0, start) for m in marks):
            marks += self._misread(folded, start, piece)
        if not only_start and any(m.start in (0, start) for m in marks):
            self._add_row(marks, folded)
        if not marks and not only_start:
            self._add_run_together(marks, folded)
        marks.sort()
        out: list[Site] = []
        for n, mark in enumerate(marks):
            end = marks[n + 1].start if n + 1 < len(marks) else len(folded)
            if folded[mark.start] in FRAMES:  # up to the next label that is set so, known or not
                end = min(end, next((f.start() for f in _NEXT_FRAMED.finditer(folded, mark.value) if f[0][0] == folded[mark.start]), end))
            rest = piece.between(mark.value, end).stripped() if mark.value < end else NOTHING
            rest = _closed(cut_at_next_label(rest))
            label = piece.between(mark.start, max(mark.end, mark.value))
            for name, wanted, group, c in self.wanted.table:
                if c == mark.core:
                    out.append(Site(name, wanted, c, group, label, rest, mark.colon, unit_in(folded[mark.end : mark.value]), mark.score, block, False))
        return out

    def _told_apart(self, folded: str, at: Sequence[int], start: int, only_start: bool) -> list[_Mark]:
        """Labels to the letter that stand apart from what is before them, and from their value. start: where the line's text begins behind its number."""
        marks: list[_Mark] = []
        for core in (c for c in self.wanted.cores if c in folded):
            for begin, end in _occurrences(core, folded):
                if any(known.start <= begin < known.end for known in marks):
                    continue
                at_start = begin in (0, start)
                if FRAMES.get(folded[begin - 1 : begin]) == folded[end : end + 1] != "":
                    after = end + 1 + (folded[end + 1 : end + 2] in (":", "："))
                    marks.append(_Mark(begin - 1, end + 1, after, core, 1.0 if begin - 1 in (0, start) else 0.97, True))
                    continue
                if not at_start and only_start:
                    continue
                tail, colon = tail_of(folded, end)
                if not colon and (other := _OTHER_NAME.match(folded, end)) and label_core(other[1]) in self.wanted.known:
                    tail, colon = other.end(), True
                if at_start and not colon and folded[tail : tail + 1] == ";" and HAS_CJK.match(folded, tail + 1):  # a colon read as a semicolon
                    marks.append(_Mark(begin, end, tail + 1, core, _SEMICOLON, True))
                    continue
                apart = at_start or not _BARRED_BEFORE.match(folded[begin - 1]) or at[begin] - at[begin - 1] > 1
                if colon:
                    if apart:
                        marks.append(_Mark(begin, end, tail, core, 1.0 if at_start else 0.97, True))
                elif at_start and tail < len(folded) and folded[tail] not in _GOES_ON:
                    # a blank or a bracket between label and value, figures behind Chinese, or an item of a list (一、投保人甲公司) that lost its colon
                    gap = at[tail] - at[tail - 1] > 1 or tail > end or bool(_FIGURE_START.match(folded, tail) and HAS_CJK.match(core[-1])) or 0 < start <= begin
                    if len(core) >= (2 if gap else 4):
                        marks.append(_Mark(begin, end, tail, core, 0.9 if gap and len(core) >= 3 else 0.8 if len(core) >= 4 else 0.6, False))
        return marks

    def _misread(self, folded: str, start: int, piece: Piece) -> list[_Mark]:
        """A misread label before the line's first colon. folded: the piece's text."""
        colon = COLON.search(folded)
        if not colon or colon.start() - start < 4:
            return []
        head = label_core(folded[: colon.start()])
        if (named := self._either(head)):
            return [_Mark(start, colon.start(), colon.end(), named, _OF_TWO_NAMES, True)]
        near = self.wanted.like(head)
        best = max(near, key=lambda c: near[c], default="")
        score = near[best] * _variant(piece) if best else 0.0
        return [_Mark(start, colon.start(), colon.end(), best, score, True)] if score > 0 else []

    def _add_row(self, marks: list[_Mark], folded: str) -> None:
        """Add the labels farther on where a whole row of a form is in one line: label value label value."""
        for core in self.wanted.cores:
            if len(core) >= 4 and core in folded and not core.endswith("公司"):
                for begin, end in _occurrences(core, folded):
                    tail, colon = tail_of(folded, end)
                    if not in_name(core, folded, begin) and not any(known.start < end and begin < max(known.end, known.value) for known in marks) and folded[tail : tail + 1] not in ("", *_GOES_ON):
                        marks.append(_Mark(begin, end, tail, core, 0.75, colon))

    def _add_run_together(self, marks: list[_Mark], folded: str) -> None:
        """Add a label run together with the text of the cell before it: ○第三年申请补贴比例（%）."""
        if begun := behind_figure(folded, self.wanted.known):
            marks.append(_Mark(begun, len(folded), len(folded), label_core(folded[begun:]), 0.9, False))
            return
        for core in (c for c in self.wanted.cores if len(c) >= 6 and c in folded[1:] and not c.endswith("公司")):
            begun = folded.rindex(core)
            if begun > 0 and folded[begun + len(core) :] in _UNIT_TAILS and not any(begun < known.end for known in marks):
                marks.append(_Mark(begun, begun + len(core), len(folded), core, 0.75, False))

    def _stacked(self, loose: Sequence[Block]) -> list[Site]:
        """Labels wrapped over two to four lines, one below the other, where no cell joins them (or a cell has lost its rules to its neighbours)."""
        free = [b for b in loose if b.piece and len(b.piece.folded) <= 12]
        known = {id(span.line) for s in self.sites if s.score >= 1.0 for span in s.label.spans}
        found: list[list[Site]] = []
        for top in free:
            chain = [top]
            while len(chain) < 4 and not COLON.search(chain[-1].text):  # behind a colon its value comes, not the rest of a label
                below = _just_below(chain[-1], free)
                if below is None or id(below.piece.spans[0].line) in known:  # a label of its own
                    break
                chain.append(below)
                piece = Piece(tuple(s for b in chain for s in b.piece.spans))
                sites = self._whole(piece, Block(self.page, hull(b.box for b in chain), piece))
                if sites and sites[0].score >= 0.85:
                    found.append(sites)
        out: list[Site] = []
        used: set[int] = set()
        for sites in sorted(found, key=lambda s: (-s[0].score, -len(s[0].core), -len(s[0].label))):
            lines = {id(s.line) for s in sites[0].label.spans}
            weaker = [s for s in self.sites if {id(x.line) for x in s.label.spans} & lines]
            if lines & used or any(s.score * len(s.core) > sites[0].score * len(sites[0].core) for s in weaker):
                continue
            used |= lines
            self.sites = [s for s in self.sites if s not in weaker]
            out += sites
        return out
