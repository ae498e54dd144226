"""What stands where on a page: pieces of text, blocks, labels with their values, table rows.

In:    read pages (`models.page.Page`): lines with places, ruled cells where the reader found them.
Out:   `Piece` (text that knows where it stands), `Block` (a cell's or a free line's text), `Hit` (a label and its value),
       `Table` (rows by column heading).
Fails: never; what isn't there is not returned. A label with nothing beside it comes back as a blank hit.
Elsewhere: what the labels of a paper are (extractors/papers), what a piece means (extractors/fields.py).

Ruled cells are used where they are and neighbourhood on the page where they are missing or broken, so no paper needs one layout.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from models.field import Region
from models.geometry import Box, hull
from models.page import Cell, Line, Page
from models.text import HAS_CJK

# ---------------------------------------------------------------- pieces


@dataclass(frozen=True, eq=False)
class Span:
    """Characters `start` to `end` of one line of one page."""

    page: Page
    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def box(self) -> Box:
        return self.line.box if self.start == 0 and self.end == len(self.line.text) else self.line.part(self.start, self.end)


@lru_cache(maxsize=4096)
def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Text as it is compared (NFKC, no white space), and for each of its characters the offset in the text given."""
    out: list[str] = []
    at: list[int] = []
    for i, c in enumerate(text):
        for f in unicodedata.normalize("NFKC", c):
            if not f.isspace():
                out.append(f)
                at.append(i)
    return "".join(out), tuple(at)


_LATIN_END = re.compile(r"[A-Za-z]{2}$")
_LATIN_START = re.compile(r"[A-Za-z]{2}")


def _glue(before: str, after: str) -> str:
    """What stands between two lines of one wrapped text: a blank between Latin words, else nothing."""
    return " " if _LATIN_END.search(before) and _LATIN_START.match(after) and not (before[-4:].isupper() and after[:4].isupper()) else ""


@dataclass(frozen=True, eq=False)
class Piece:
    """A text that knows where it stands: parts of one or more lines, in reading order, wrapped lines joined.

    Offsets count in `.text`. Slicing (`piece[3:8]`) and `.search` give pieces again.
    """

    spans: tuple[Span, ...]
    via: tuple[str, str] = ("", "")  # the label that led here, as printed, and where the piece stood to it (`Hit.how`)

    @cached_property
    def _chars(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        text, at = "", []
        for n, span in enumerate(self.spans):
            own = span.text
            glue = _glue(text, own) if n else ""
            at += [(-1, -1)] * len(glue) + [(n, span.start + i) for i in range(len(own))]
            text += glue + own
        return text, tuple(at)

    @property
    def text(self) -> str:
        return self._chars[0]

    @property
    def folded(self) -> str:
        """The text in the form in which it is compared: NFKC without white space."""
        return fold(self.text)[0]

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.folded)

    def __add__(self, other: Piece) -> Piece:
        return Piece(self.spans + other.spans, self.via)

    def __getitem__(self, part: slice) -> Piece:
        """The piece that holds these characters of `.text`."""
        start, stop, _ = part.indices(len(self.text))
        spans: list[Span] = []
        at = self._chars[1]
        for n, offset in at[start:stop]:
            if n < 0:
                continue
            whole = self.spans[n]
            if spans and spans[-1].line is whole.line and spans[-1].page is whole.page and spans[-1].end == offset:
                spans[-1] = replace(spans[-1], end=offset + 1)
            else:
                spans.append(Span(whole.page, whole.line, offset, offset + 1))
        return Piece(tuple(spans), self.via)

    def between(self, start: int, end: int) -> Piece:
        """The piece that holds these characters of `.folded`."""
        at = fold(self.text)[1]
        return self[at[start] : at[end - 1] + 1] if start < end <= len(at) else Piece(())

    def search(self, pattern: str | re.Pattern[str], group: int | str = 0) -> Piece | None:
        """The first match of a pattern in `.folded` (or one group of it) as a piece; None where it doesn't match or is empty."""
        found = re.search(pattern, self.folded)
        if not found or found[group] is None or found.start(group) == found.end(group):
            return None
        return self.between(found.start(group), found.end(group))

    def findall(self, pattern: str | re.Pattern[str], group: int | str = 0) -> list[Piece]:
        """All matches of a pattern in `.folded` as pieces."""
        return [self.between(m.start(group), m.end(group)) for m in re.finditer(pattern, self.folded) if m.start(group) < m.end(group)]

    def stripped(self, characters: str = " \t:：;；,，。、") -> Piece:
        """Without these characters (and white space) at both ends."""
        text = self.text
        start, end = 0, len(text)
        while start < end and (text[start] in characters or text[start].isspace()):
            start += 1
        while end > start and (text[end - 1] in characters or text[end - 1].isspace()):
            end -= 1
        return self[start:end]

    def lines(self) -> list[Piece]:
        """One piece for each line that takes part."""
        return [Piece((span,), self.via) for span in self.spans]

    def doubtful(self, below: float) -> list[tuple[str, float]]:
        """The letters and digits read with less than this, the weakest first."""
        each = ((c, span.line.certainty(span.start + i, span.start + i + 1)) for span in self.spans if len(span.line.sure) == len(span.line.text) for i, c in enumerate(span.text))
        return sorted((pair for pair in each if pair[1] < below and pair[0].isalnum()), key=lambda pair: pair[1])

    @property
    def page(self) -> Page:
        """The page on which the piece begins. Raises IndexError where the piece is empty."""
        return self.spans[0].page

    @property
    def box(self) -> Box:
        """Around all of the piece that stands on its first page."""
        return hull(span.box for span in self.spans if span.page is self.page)

    @property
    def region(self) -> Region:
        return Region(file=self.page.file, page=self.page.number, box=self.box.rounded())

    @property
    def confidence(self) -> float:
        """How sure the reading is: that of the weakest character, blanks and brackets (of either width the same) left aside; 0 where there is none."""
        return self._weakest(lambda c: not c.isspace() and c not in "()（）[]［］")

    @property
    def letter_confidence(self) -> float:
        """The same of letters and digits only: what stands between them (commas, brackets, boxes) is often read with less."""
        return self._weakest(str.isalnum)

    def _weakest(self, counts: Callable[[str], bool]) -> float:
        least, seen = 1.0, False
        for span in self.spans:
            line = span.line
            if len(line.sure) != len(line.text):
                least, seen = min(least, line.confidence), True
                continue
            for i in range(span.start, span.end):
                if counts(line.text[i]):
                    least, seen = min(least, line.sure[i]), True
        return least if seen else min((span.line.confidence for span in self.spans), default=0.0)


NOTHING = Piece(())


def piece_of(page: Page, lines: Line | Iterable[Line]) -> Piece:
    """The whole of these lines of a page, in the order given."""
    every = (lines,) if isinstance(lines, Line) else tuple(lines)
    return Piece(tuple(Span(page, line, 0, len(line.text)) for line in every if line.text))


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True, eq=False)
class Block:
    """The text of one ruled cell, its lines joined, or of one free line. `box` is the cell's or the line's; an empty cell is a block too."""

    page: Page
    box: Box
    piece: Piece
    cell: Cell | None = None

    @property
    def text(self) -> str:
        return self.piece.text


def in_rows(lines: Iterable[Line]) -> list[Line]:
    """Lines from top to bottom, and from left to right where they stand on one baseline."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda v: v.box.cy):
        if rows and _same_row(rows[-1][0].box, line.box):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda v: v.box.x0)]


def _same_row(a: Box, b: Box) -> bool:
    return abs(a.cy - b.cy) < 0.5 * min(a.height, b.height) if min(a.height, b.height) > 0 else abs(a.cy - b.cy) < 0.004


def blocks(page: Page) -> list[Block]:
    """All of a page: a block a ruled cell, then a block a line outside the cells; each from top to bottom."""
    return sheet(page).blocks


@dataclass(eq=False)
class Sheet:
    """A page taken apart into blocks; worked out once a page and kept while the page is at hand."""

    page: Page
    blocks: list[Block] = field(default_factory=list)
    of_line: dict[int, Block] = field(default_factory=dict)  # id(line) -> its block

    @property
    def ruled(self) -> list[Block]:
        return [b for b in self.blocks if b.cell]


_SHEETS: dict[int, Sheet] = {}
_KEPT = 64


def sheet(page: Page) -> Sheet:
    """The blocks of a page and which line is in which."""
    kept = _SHEETS.get(id(page))
    if kept and kept.page is page:
        return kept
    made = _take_apart(page)
    while len(_SHEETS) >= _KEPT:
        _SHEETS.pop(next(iter(_SHEETS)))
    _SHEETS[id(page)] = made
    return made


def _take_apart(page: Page) -> Sheet:
    out = Sheet(page)
    by_size = sorted(page.cells, key=lambda c: c.box.area)
    inside: dict[int, list[Line]] = {id(c): [] for c in page.cells}
    free: list[Line] = []
    for line in page.lines:
        home = next((c for c in by_size if c.box.contains(line.box.cx, line.box.cy)), None)
        if home is None:
            free.append(line)
        else:
            inside[id(home)].append(line)
    for cell in sorted(page.cells, key=lambda c: (c.table, c.row, c.column)):
        lines = in_rows(inside[id(cell)])
        block = Block(page, cell.box, piece_of(page, lines), cell)
        out.blocks.append(block)
        out.of_line.update((id(line), block) for line in lines)
    for line in in_rows(free):
        block = Block(page, line.box, piece_of(page, line))
        out.blocks.append(block)
        out.of_line[id(line)] = block
    return out


def ends_early(piece: Piece) -> bool:
    """Whether a cell's text likely goes on in a line that was not read: its last line fills the cell's width, and its lines stand above the cell's middle by
    nearly half a line, as those of a centred text do of which the last is missing.
    """
    if not piece.spans:
        return False
    last = piece.spans[-1]
    home = sheet(piece.page).of_line.get(id(last.line))
    if home is None or home.cell is None or last.end < len(last.line.text.rstrip()) or any(s.line.box.y0 > last.line.box.y1 for s in home.piece.spans):
        return False
    text = hull(s.line.box for s in home.piece.spans)
    height, letter = last.line.box.height, last.line.box.width / max(1, len(last.line.text))
    raised = (home.box.cy - text.cy) / height
    return home.box.x1 - last.line.box.x1 < 1.2 * letter and 0.35 < raised < 0.9


# ---------------------------------------------------------------- labels

_UNITS = ("百万元", "万元", "千元", "亿元", "元", "%", "‰")
_BRACKETED = re.compile(r"[((\[【][^()()\[\]【】]{0,12}[))\]】]?|(?:百万元|千元|万元|亿元|元|%|‰)[)\]】]")  # the second has lost its first bracket
_ORDINAL = re.compile(r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．](?!\d)|[*※·•●◆■□]+)")
_NUMBERED = re.compile(r"^\d{1,2}(?=[\u4e00-\u9fff]{2})(?![年月号个台套楼层幢元万亿期次份件人吨米天周只支块批]|日(?!期))")  # ①保险单号码: folding leaves the bare figure of it
_COLON = re.compile(r"[:：]")
_BLANK = re.compile(r"^[\s_\-—–/\\.。…·年月日至起止时零二十四自从、,:;()（）]*$|^(?:无|暂无|不适用|/+)$")
_BARRED_BEFORE = re.compile(r"[0-9A-Za-z]|" + HAS_CJK.pattern)


@dataclass(frozen=True, eq=False)
class Hit:
    """A label found on a page, and the value that stands with it.

    field: the key under which the label was asked for. label: as printed. wanted: as the table of labels has it, group included.
    piece: the value (`NOTHING` where `blank`). unit: 万元, 元, % … named in the label, "" where none.
    score: 0 to 1, how well the label fits and how surely the value is its own. how: inline, cell, right, below; "head" where the label
    stands before other labels (投保人 over 名称), so that it has no value of its own.
    blank: the label is there and nothing is written beside it (placeholders such as 年 月 日 count as nothing).
    """

    field: str
    label: Piece
    wanted: str
    piece: Piece
    unit: str
    score: float
    how: str
    blank: bool
    order: tuple[int, float, float]  # page's place among those given, then top and left of the label
    second: bool = False  # another place where the value may stand (below rather than beside), for where the first doesn't hold one

    @property
    def box(self) -> Box:
        return self.label.box


@dataclass(frozen=True, eq=False)
class _Site:
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


def is_blank(text: str) -> bool:
    """Whether a value is only a placeholder: lines to write on, 年 月 日, a stroke, 无."""
    return bool(_BLANK.match(fold(text)[0]))


_LATIN_GLOSS = re.compile(r"(?<=[A-Za-z])\([A-Za-z]{1,12}\)(?=[:：]?$)")  # Limit of Liability (Aggregate)
_EMPTY = re.compile(r"\([\W_]*\)")  # of Insured Product(s) 承保产品
_UNIT_TAILS = frozenset(f"{a}{unit}{b}{colon}" for unit in ("%", "‰", "元", "万元") for a, b in ("()", "[]") for colon in ("", ":"))
_TRANSLATION = re.compile(r"[A-Za-z][A-Za-z.'&/\-]*")
_FRAMES = {"【": "】", "〖": "〗", "〔": "〕", "[": "]"}  # 【投保人】甲公司: what a label may be set in instead of having a colon
_FRAMED = re.compile(r"^(?:【[^【】]+】|〖[^〖〗]+〗|〔[^〔〕]+〕|\[[^\[\]]+\])[:：]?$")


def _label_core(text: str) -> str:
    """A label without its bracketed unit, ordinal, colon and English translation, folded: 3.保费总金额 Premium（万元）： -> 保费总金额."""
    folded = fold(text)[0]
    if _FRAMED.match(folded):
        folded = folded.rstrip(":：")[1:-1]
    folded = _NUMBERED.sub("", _ORDINAL.sub("", folded))
    folded = _BRACKETED.sub(lambda m: "" if _is_unit(m[0]) else m[0], folded)
    if len(HAS_CJK.findall(folded)) >= 2:
        folded = _EMPTY.sub("", _TRANSLATION.sub("", folded))
    elif not HAS_CJK.search(folded):
        folded = _LATIN_GLOSS.sub("", folded)
    return folded.strip(":：*※_-—.。/ ")


_UNIT_WORDS = re.compile(r"单位|万|元|%|‰|台|套|个|件|批|吨|公斤|大写|小写|人民币|RMB|CNY|必填|如有|选填|盖章|签章|公章|名称|全称|签字|含税|累计|合计|100%")
_OF_A_PARTY = re.compile(r"\([甲乙丙]方?\)")  # 投保人（甲）


def _is_unit(bracket: str) -> bool:
    return bool(_UNIT_WORDS.search(bracket) or _OF_A_PARTY.fullmatch(bracket)) or not bracket.strip("()[]【】")  # an empty one has lost its %


def _unit_in(text: str) -> str:
    """The unit that a label names in brackets or after 单位; "" where none."""
    folded = fold(text)[0]
    for bracket in _BRACKETED.findall(folded) + re.findall(r"单位[:：]?\S{1,5}", folded):
        for unit in _UNITS:
            if unit in bracket:
                return unit
    return ""


@lru_cache(maxsize=512)
def _parsed_label(label: str) -> tuple[str, str]:
    """"投保人>名称" -> ("投保人", "名称"): the group a label belongs to, and the label, folded."""
    group, _, core = label.rpartition(">")
    return fold(group)[0], _label_core(core)


def _allowed(length: int) -> int:
    """Misread characters that a label of this length may have and still be told from its neighbours."""
    return 0 if length < 4 else 1 if length < 7 else 2


def _alike(found: str, core: str) -> float:
    """1 for the same text, less for misreadings that a label of this length may have, else 0."""
    if found == core:
        return 1.0
    allowed = _allowed(len(core))
    if not allowed or abs(len(found) - len(core)) > 1:  # characters are misread, or one lost; not two lost, which makes another label
        return 0.0
    edits = Levenshtein.distance(found, core, score_cutoff=allowed)
    return 0.0 if edits > allowed else 0.96 - 0.5 * edits / len(core)


_SEMICOLON = 0.94  # how surely a label is one before a semicolon, which recognition makes of a colon
_FIGURE_START = re.compile(r"[\d¥￥A-Z]")
_MORE_OF_LABEL = re.compile(r"[(\[【/、及和与或]")

Labels = Mapping[str, Sequence[str]]


@dataclass(eq=False)
class _Finder:
    """Finds a table's labels on one page."""

    page: Page
    index: int
    labels: Labels
    sites: list[_Site] = field(default_factory=list)
    taken: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # id(line) -> label's character ranges

    def __post_init__(self) -> None:
        self.table = [(name, label, *_parsed_label(label)) for name, some in self.labels.items() for label in some]
        self.groups = sorted({g for _, _, g, _ in self.table if g}, key=len, reverse=True)
        self.cores = sorted({c for _, _, _, c in self.table}, key=len, reverse=True)
        self.by_length: dict[int, set[str]] = {}
        for c in self.cores:
            self.by_length.setdefault(len(c), set()).add(c)
        self.rank = {label: n for some in self.labels.values() for n, label in enumerate(some)}
        self.sheet = self.without_run_together(sheet(self.page))
        self.find_sites()
        self.group_blocks = self.find_groups() if self.groups else []

    # ---- where the labels are

    def without_run_together(self, made: Sheet) -> Sheet:
        """The sheet with cells that have lost the rules between them taken apart into lines: those in which labels stand beside or below each other, or
        a label without a colon stands beside something else, and which aren't one wrapped label.
        """
        merged = [b for b in made.ruled if len(b.piece.spans) > 1 and self.runs_together(b)]
        if not merged:
            return made
        loose = [Block(self.page, v.line.box, Piece((v,))) for b in merged for v in b.piece.spans]
        of_line = {**made.of_line, **{id(b.piece.spans[0].line): b for b in loose}}
        return Sheet(self.page, [*(b for b in made.blocks if b not in merged), *loose], of_line)

    def runs_together(self, block: Block) -> bool:
        if _label_core(block.piece.text) in self.by_length.get(len(_label_core(block.piece.text)), ()):
            return False
        lines = [s.line for s in block.piece.spans]
        labels = [v for v in lines if len(core := _label_core(v.text)) >= 3 and core in self.by_length.get(len(core), ()) and not _COLON.search(v.text)]
        beside = any(v is not w and _same_row(v.box, w.box) and max(v.box.x0 - w.box.x1, w.box.x0 - v.box.x1) > 1.5 * _char_width(v) for v in labels for w in lines)
        return beside or len(labels) > 1

    def find_sites(self) -> None:
        loose: list[Block] = []
        for block in self.sheet.blocks:
            if not block.piece:
                continue
            whole = self.whole(block.piece, block)
            if whole:
                self.sites += whole
                if block.cell is None:
                    loose.append(block)
                continue
            loose += [block] if block.cell is None else [Block(self.page, v.box, v) for v in block.piece.lines()] if len(block.piece.spans) > 2 else []
            for piece in block.piece.lines():
                self.sites += self.whole(piece, block, alone=block.cell is None or len(block.piece.spans) == 1) or self.within(piece, block)
            if block.cell and len(block.piece.spans) > 1 and not any(s.block is block for s in self.sites):
                self.sites += self.within(block.piece, block, only_start=True)
        stacks = self.stacked(loose)
        self.sites = [*self.sites, *stacks]
        for site in self.sites:
            for span in site.label.spans:
                self.taken.setdefault(id(span.line), []).append((span.start, span.end))

    def whole(self, piece: Piece, block: Block, alone: bool = True) -> list[_Site]:
        """The labels that all of this piece is, one a field (two fields may share a label)."""
        core = _label_core(piece.text)
        if not core:
            return []
        scores = {core: 1.0} if core in self.by_length.get(len(core), ()) else {
            c: _alike(core, c) for n in (-1, 0, 1) for c in self.by_length.get(len(core) + n, ())}
        best = max(scores.values(), default=0.0)
        if best <= 0:
            return []
        if best < 1.0 and self.begins_with_label(piece):
            return []
        found = {c for c, score in scores.items() if score == best}
        return [
            _Site(name, label, c, group, piece, NOTHING, False, _unit_in(piece.text), best, block, alone)
            for name, label, group, c in self.table if c in found
        ]

    def begins_with_label(self, piece: Piece) -> bool:
        """Whether the first lines of several are a label to the letter and the others no more of it: 投保数量（台或套） over 1 isn't 投保数量 misread."""
        lines = piece.lines()
        for n in range(1, len(lines)):
            head = _label_core("".join(line.text for line in lines[:n]))
            if head in self.by_length.get(len(head), ()) and not _MORE_OF_LABEL.match(lines[n].folded):
                return True
        return False

    def within(self, piece: Piece, block: Block, only_start: bool = False) -> list[_Site]:
        """Labels with their value in one line: 保单号：123　币种：人民币."""
        text = piece.text
        folded, at = fold(text)
        marks: list[tuple[int, int, int, str, float, bool]] = []  # label start, label end, value start, core, score, colon
        ordinal = _ORDINAL.match(folded) or _NUMBERED.match(folded)
        start = ordinal.end() if ordinal else 0
        for core in (c for c in self.cores if c in folded):
            for m in re.finditer(re.escape(core), folded):
                if any(a <= m.start() < b for a, b, *_ in marks):
                    continue
                at_start = m.start() in (0, start)
                if _FRAMES.get(folded[m.start() - 1 : m.start()]) == folded[m.end() : m.end() + 1] != "":
                    after = m.end() + 1 + (folded[m.end() + 1 : m.end() + 2] in (":", "："))
                    marks.append((m.start() - 1, m.end() + 1, after, core, 1.0 if m.start() - 1 in (0, start) else 0.97, True))
                    continue
                if not at_start and only_start:
                    continue
                tail = _tail(folded, m.end())
                if at_start and not tail[1] and folded[tail[0] : tail[0] + 1] == ";" and HAS_CJK.match(folded, tail[0] + 1):  # a colon read as a semicolon
                    marks.append((m.start(), m.end(), tail[0] + 1, core, _SEMICOLON, True))
                    continue
                apart = at_start or not _BARRED_BEFORE.match(folded[m.start() - 1]) or at[m.start()] - at[m.start() - 1] > 1
                if tail[1]:
                    if apart:
                        marks.append((m.start(), m.end(), tail[0], core, 1.0 if at_start else 0.97, True))
                elif at_start and tail[0] < len(folded):
                    # a blank or a bracket between label and value, figures behind Chinese, or an item of a list (一、投保人甲公司) that lost its colon
                    gap = at[tail[0]] - at[tail[0] - 1] > 1 or tail[0] > m.end() or bool(_FIGURE_START.match(folded, tail[0]) and HAS_CJK.match(core[-1])) or 0 < start <= m.start()
                    if len(core) >= (2 if gap else 4):
                        marks.append((m.start(), m.end(), tail[0], core, 0.9 if gap and len(core) >= 3 else 0.8 if len(core) >= 4 else 0.6, False))
        if not any(m[0] in (0, start) for m in marks):  # a misread label before a colon
            colon = _COLON.search(folded)
            if colon and colon.start() - start >= 4:
                head = _label_core(folded[: colon.start()])
                best = max(self.cores, key=lambda c: _alike(head, c), default="")
                score = _alike(head, best) if best else 0.0
                if score > 0:
                    marks.append((start, colon.start(), colon.end(), best, score, True))
        if not only_start and any(m[0] in (0, start) for m in marks):  # a whole row of a form in one line: label value label value
            for core in self.cores:
                if len(core) >= 4 and core in folded and not core.endswith("公司"):
                    for m in re.finditer(re.escape(core), folded):
                        tail = _tail(folded, m.end())
                        if not _in_name(core, folded, m.start()) and not any(a < m.end() and m.start() < max(b, v) for a, b, v, *_ in marks) and tail[0] < len(folded):
                            marks.append((m.start(), m.end(), tail[0], core, 0.75, tail[1]))
        if not marks and not only_start:  # a label run together with the text of the cell before it: ○第三年申请补贴比例（%）
            for core in (c for c in self.cores if len(c) >= 6 and c in folded[1:] and not c.endswith("公司")):
                begun = folded.rindex(core)
                if begun > 0 and folded[begun + len(core) :] in _UNIT_TAILS and not any(begun < b for _, b, *_ in marks):
                    marks.append((begun, begun + len(core), len(folded), core, 0.75, False))
        marks.sort()
        out: list[_Site] = []
        for n, (a, b, v, core, score, colon_seen) in enumerate(marks):
            end = marks[n + 1][0] if n + 1 < len(marks) else len(folded)
            if folded[a] in _FRAMES:  # up to the next label that is set so, known or not
                end = min(end, next((f.start() for f in _NEXT_FRAMED.finditer(folded, v) if f[0][0] == folded[a]), end))
            rest = piece.between(v, end).stripped() if v < end else NOTHING
            rest = _closed(_cut_at_next_label(rest))
            label = piece.between(a, v if v > b else b)
            for name, wanted, group, c in self.table:
                if c == core:
                    out.append(_Site(name, wanted, c, group, label, rest, colon_seen, _unit_in(folded[b:v]), score, block, False))
        return out

    def stacked(self, loose: Sequence[Block]) -> list[_Site]:
        """Labels wrapped over two to four lines, one below the other, where no cell joins them (or a cell has lost its rules to its neighbours)."""
        free = [b for b in loose if b.piece and len(b.piece.folded) <= 12]
        known = {id(span.line) for s in self.sites if s.score >= 1.0 for span in s.label.spans}
        found: list[list[_Site]] = []
        for top in free:
            chain = [top]
            while len(chain) < 4 and not _COLON.search(chain[-1].text):  # behind a colon its value comes, not the rest of a label
                below = _just_below(chain[-1], free)
                if below is None or id(below.piece.spans[0].line) in known:  # a label of its own
                    break
                chain.append(below)
                piece = Piece(tuple(s for b in chain for s in b.piece.spans))
                sites = self.whole(piece, Block(self.page, hull(b.box for b in chain), piece))
                if sites and sites[0].score >= 0.85:
                    found.append(sites)
        out: list[_Site] = []
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

    # ---- which group a label belongs to

    def find_groups(self) -> list[tuple[str, Block]]:
        out = []
        for block in self.sheet.blocks:
            for piece in [block.piece] if block.cell else block.piece.lines():
                core = _label_core(piece.text)
                if 0 < len(core) <= 14:
                    name = next((g for g in self.groups if core == g or (g in core and len(core) <= len(g) + 4)), "")
                    if name:
                        out.append((name, block if block.cell else Block(self.page, piece.box, piece)))
        return out

    def in_group(self, site: _Site) -> float:
        """1 where the site's group governs it, 0 where another does or none is found."""
        if not site.group:
            return 1.0
        box = site.box
        over_column = next((name for name, b in self.group_blocks if b.cell and site.block.cell and site.alone and b is not site.block and abs(b.box.y1 - box.y0) < 0.01
                            and b.box.x0 < box.x0 + 0.01 and box.x1 < b.box.x1 + 0.01 and b.box.width > 1.2 * box.width), "")
        if over_column:  # 保险期间 over the columns 起 and 止
            return float(over_column == site.group)
        beside = [(name, b) for name, b in self.group_blocks if b.box.x1 <= box.x0 + 0.01 and b.box.y0 - 0.004 <= box.cy <= b.box.y1 + 0.004 and b is not site.block]
        if beside:
            name, _ = max(beside, key=lambda g: g[1].box.x1)
            return float(name == site.group)
        above = [(name, b) for name, b in self.group_blocks if b.box.cy < box.cy - 0.5 * b.box.height or (b.box.cy <= box.cy and b.box.x1 <= box.x0)]
        over = [g for g in above if min(g[1].box.x1, box.x1 + 0.25) > max(g[1].box.x0, box.x0 - 0.1)]
        if over or above:
            name, _ = max(over or above, key=lambda g: (round(g[1].box.y1, 3), g[1].box.x0))
            return 0.95 if name == site.group else 0.0
        return 0.0

    # ---- the value that stands with a label

    def is_label(self, block: Block) -> bool:
        return any(s.block is block and s.alone for s in self.sites)

    def line_is_label(self, line: Line) -> bool:
        """Whether a line is (part of) a label, wholly or at its beginning."""
        return any(start <= 1 for start, _ in self.taken.get(id(line), ()))

    def hit(self, site: _Site) -> Hit | None:
        group = self.in_group(site)
        if group <= 0:
            return None
        score = site.score * group - 0.002 * min(20, self.rank.get(site.wanted, 0))
        order = (self.index, site.box.y0, site.box.x0)

        def made(piece: Piece, factor: float, how: str, blank: bool = False) -> Hit:
            return Hit(site.field, site.label, site.wanted, NOTHING if blank else replace(piece, via=(site.label.text, how)), site.unit, max(0.0, score * factor), how, blank, order)

        if site.rest and not is_blank(site.rest.text):
            return made(self.continued(site, site.rest), 1.0, "inline")
        if site.rest:
            return made(NOTHING, 1.0, "inline", blank=True)
        if site.block.cell and site.alone:
            found = self.beside_cell(site)
            if found is not None:
                piece, how = found
                return made(piece, {"cell": 0.85 if ends_early(piece) else 1.0, "right": 0.95}.get(how, 0.93), how, blank=not piece or is_blank(piece.text))
            return made(NOTHING, 0.5, "head", blank=True)
        if site.block.cell and not site.alone:
            beside = self.to_the_right(site)
            after = self.rest_of_cell(site)
            if beside and not (after and self.over_value(site, beside, after)):
                return made(beside, 0.96, "right", blank=is_blank(beside.text))
            if after:
                return made(after, 0.97, "cell", blank=is_blank(after.text))
        right = self.to_the_right(site)
        if right:
            return made(right, 0.97 if site.colon or site.alone else 0.9, "right", blank=is_blank(right.text))
        below = self.line_below(site)
        if below:
            return made(below, 0.7, "below", blank=is_blank(below.text))
        return made(NOTHING, 0.8, "right", blank=True)

    def second(self, site: _Site, first: Hit) -> list[Hit]:
        """Where a label's cell has something to its right that may be another heading, unknown to us: what stands in the cell below."""
        if first.blank or first.how != "cell" or not (site.block.cell and site.alone):
            return []
        below = self.below(site.block)
        if below is None or self.is_label(below) or not below.piece or abs(below.box.width - site.block.box.width) > 0.02 or is_blank(below.text):
            return []
        return [replace(first, piece=replace(below.piece, via=(site.label.text, "below")), score=0.85 * first.score, how="below", second=True)]

    def beside_cell(self, site: _Site) -> tuple[Piece, str] | None:
        """The value of a label that fills a cell: the next cell to the right, what stands free there where that cell was lost, or the cell below
        where the label heads a column (labels to its left or right). None where there are only labels."""
        own = site.block
        right = self.right_of(own)
        if right is not None and not self.is_label(right):
            starts = [s for s in self.sites if s.block is right and not s.alone]
            other = next((s for s in starts if s.label.spans[0].start == 0 and s.colon and s.field != site.field), None)
            if other is not None and other.label.spans[0].line is right.piece.spans[0].line:
                return None
            return self.uncut(_before(right.piece, other.label.spans[0].line) if other is not None else right.piece), "cell"
        if right is None:
            free = self.to_the_right(site)
            if free:
                return free, "right"
        left = self.left_of(own)
        heading = right is not None or (left is not None and self.is_label(left))
        below = self.below(own) if heading else None
        if below is not None and not self.is_label(below) and below.piece:
            return below.piece, "below"
        return None if right is not None else (NOTHING, "right")

    def uncut(self, piece: Piece) -> Piece:
        """A cell's text with what a border that isn't one cut off: characters that follow at their usual distance, with no room for a rule between."""
        spans: list[Span] = []
        for span in piece.spans:
            spans.append(span)
            for _ in range(2):
                last = spans[-1].line
                rest = next((v for v in self.page.lines if v is not last and abs(v.box.x0 - last.box.x1) < 0.003 and _goes_on(last, v) and not self.line_is_label(v)), None)
                if rest is None or any(rest is s.line for s in piece.spans):
                    break
                spans.append(Span(self.page, rest, 0, len(rest.text)))
        return Piece(tuple(spans))

    def right_of(self, own: Block) -> Block | None:
        near = [b for b in self.sheet.ruled if b is not own and b.box.x0 >= own.box.x1 - 0.012 and b.box.x0 <= own.box.x1 + 0.05 and _share(b.box, own.box) > 0.5]
        return min(near, key=lambda b: (b.box.x0 > own.box.x1 + 0.015, abs(b.box.y0 - own.box.y0), b.box.x0), default=None)

    def left_of(self, own: Block) -> Block | None:
        near = [b for b in self.sheet.ruled if b is not own and abs(b.box.x1 - own.box.x0) < 0.02 and _share(b.box, own.box) > 0.5]
        return min(near, key=lambda b: abs(b.box.cy - own.box.cy), default=None)

    def below(self, own: Block) -> Block | None:
        near = [b for b in self.sheet.ruled if b is not own and b.box.y0 >= own.box.y1 - 0.008 and b.box.y0 <= own.box.y1 + 0.02
                and min(b.box.x1, own.box.x1) - max(b.box.x0, own.box.x0) > 0.5 * min(b.box.width, own.box.width)]
        return min(near, key=lambda b: (b.box.y0, abs(b.box.cx - own.box.cx)), default=None)

    def rest_of_cell(self, site: _Site) -> Piece:
        """Lines of the label's own cell that follow it, up to the next label."""
        spans: list[Span] = []
        seen = False
        last = site.label.spans[-1]
        for span in site.block.piece.spans:
            if span.line is last.line:
                seen = True
            elif seen:
                if self.line_is_label(span.line) or (spans and _looks_labelled(span.text)):
                    break
                spans.append(span)
        return Piece(tuple(spans)).stripped()

    def over_value(self, site: _Site, beside: Piece, after: Piece) -> bool:
        """Whether a label stands over its value in one cell: what lies to its right begins below it, and more of the cell's rows begin farther left."""
        label = site.label.box
        lower = all(s.line.box.y0 > label.cy and not _same_row(s.line.box, label) for s in beside.spans)
        return lower and any(s.line.box.x0 < label.x1 - 0.25 * label.height for s in after.spans)

    def continued(self, site: _Site, rest: Piece) -> Piece:
        """A value that began behind its label, with the lines on which it goes on."""
        last = rest.spans[-1].line
        if rest.spans[-1].end < len(last.text.rstrip()):
            return rest
        home = self.sheet.of_line.get(id(last))
        pool = [s.line for s in home.piece.spans] if home and home.cell else [b.piece.spans[0].line for b in self.sheet.blocks if b.cell is None]
        right_edge = max((v.box.x1 for v in pool), default=1.0)
        spans = list(rest.spans)
        left = rest.box.x0
        line_left = last.box.x0
        for _ in range(12):
            height = last.box.height
            after = [v for v in pool if v.box.cy > last.box.cy + 0.5 * height and v.box.y0 - last.box.y1 < 0.9 * height and v.box.x0 < last.box.x1]
            nearest = min(after, key=lambda v: (round(v.box.cy, 3), v.box.x0), default=None)
            if nearest is None or self.line_is_label(nearest) or _looks_labelled(nearest.text) or _ORDINAL.match(fold(nearest.text)[0]) or _only_dates(spans[-1].text, nearest.text) or self.labelled_beside(nearest, pool):
                break
            hanging = abs(nearest.box.x0 - left) < 1.2 * _char_width(last)
            near_edge = max((v.box.x1 for v in pool if abs(v.box.cy - last.box.cy) < 5 * height and abs(v.box.x0 - line_left) < 0.03), default=right_edge)
            full = last.box.x1 > (near_edge if len(nearest.text) <= 10 else right_edge) - 2.5 * _char_width(last)
            if len(nearest.text) <= 10 and not full:  # a column that ends where its neighbour on the same row begins
                beside = [v.box.x0 for v in pool if v is not last and v.box.x0 >= last.box.x1 and _same_row(v.box, last.box)]
                full = bool(beside) and last.box.x1 > min(beside) - 5 * _char_width(last)
                near_edge = last.box.x1 if full else near_edge
            if not (hanging or (full and nearest.box.x0 >= line_left - 2.5 * _char_width(last))) or last.box.x1 < left + 0.5 * (near_edge - left):
                break
            spans.append(Span(self.page, nearest, 0, len(nearest.text)))
            last = nearest
        return Piece(tuple(spans))

    def labelled_beside(self, line: Line, pool: Sequence[Line]) -> bool:
        """Whether a known label that ends in a colon stands to the left of a line, on its row: the line is that label's value."""
        return any(v.box.x1 <= line.box.x0 + 0.005 and _same_row(v.box, line.box) and _COLON.search(v.text[-1:]) and self.line_is_label(v) for v in pool)

    def to_the_right(self, site: _Site) -> Piece:
        """What stands to the right of a label on the page, up to the next label, with the lines of a wrapped value.

        The band of a label reaches half-way to the labels above and below it, since forms centre a label beside a value of several lines.
        """
        box = site.box
        height = min(v.line.box.height for v in site.label.spans)
        column = [s.box for s in self.sites if s is not site and min(s.box.x1, box.x1) > max(s.box.x0, box.x0) and s.label.spans[0].line is not site.label.spans[0].line]
        top = max([(b.y1 + box.y0) / 2 for b in column if b.cy < box.cy - 0.4 * height] + [box.y0 - 1.1 * height])
        bottom = min([(b.y0 + box.y1) / 2 for b in column if b.cy > box.cy + 0.4 * height] + [box.y1 + 1.1 * height])
        inner = site.block if site.block.cell and not site.alone else None
        own = {id(s.line) for s in site.label.spans}
        lines = [v for v in self.page.lines if v.box.x0 >= box.x1 - (0.8 if _same_row(v.box, box) else 0.25) * height and top <= v.box.cy <= bottom and id(v) not in own
                 and (inner is None or self.sheet.of_line.get(id(v)) is inner)]
        walls = [v.box for v in lines if self.line_is_label(v)]
        # a label that recognition ran into the text of the column before it
        ends = [v.box for v in self.page.lines if v.text.rstrip().endswith((":", "：")) and v.box.x1 > box.x0 and id(v) not in own and not self.line_is_label(v)]
        values = [v for v in lines if not self.line_is_label(v) and not any(
            w.x0 < v.box.x0 + 0.5 * _char_width(v) and (abs(w.cy - box.cy) < 0.8 * max(height, w.height) or _share(w, v.box) > 0.4) for w in walls)
            and not any(w.x1 <= v.box.x0 + 0.005 and _share(w, v.box) > 0.4 for w in ends)]
        if not values:
            return NOTHING
        first = min(values, key=lambda v: (v.box.x0 - box.x1) + 3 * abs(v.box.cy - box.cy))
        if abs(first.box.cy - box.cy) > 1.1 * max(first.box.height, box.height):
            return NOTHING
        if site.alone and not site.colon and not _same_row(first.box, box) and self.caption(site):
            return NOTHING
        chosen = wrapped_with(first, values, 6 * height)
        if (inner is None and not site.alone) or site.colon:  # a label in running text: its own row only
            chosen = [v for v in chosen if abs(v.box.cy - box.cy) < 0.7 * max(v.box.height, box.height)]
        piece = piece_of(self.page, in_rows(chosen)).stripped()
        return self.without_labels(_cut_at_next_label(piece))

    def without_labels(self, piece: Piece) -> Piece:
        """A free value without a further label that recognition ran into it: 某某有限公司联系人 -> 某某有限公司."""
        folded = piece.folded
        ends = [(folded.find(core, 2), core) for core in self.cores if (len(core) >= 4 or (len(core) == 3 and folded.endswith(core))) and not core.endswith("公司")]  # 某某保险公司
        first = min((e for e, core in ends if e > 0 and not _in_name(core, folded, e)), default=0)
        return piece.between(0, first).stripped() if first else piece

    def caption(self, site: _Site) -> bool:
        """Whether a label stands like a caption right above its value: the line beneath it begins where it does, and nearer than a row of its own would."""
        box, height = site.box, min(v.line.box.height for v in site.label.spans)
        return any(abs(v.box.x0 - box.x0) < 0.5 * height and 0 < v.box.cy - box.cy < 1.5 * height and not self.line_is_label(v) and not _looks_labelled(v.text) for v in self.page.lines)

    def line_below(self, site: _Site) -> Piece:
        """The nearest line below a label that begins or is centred with it and is no label itself; farther down where labels stand in a row, as headings do."""
        box = site.box
        height = min(v.line.box.height for v in site.label.spans)
        heading = any(s.label.spans[0].page is self.page and s.field != site.field and _share(s.box, box) > 0.5 and s.alone for s in self.sites)
        own = {id(s.line) for s in site.label.spans}
        near = [v for v in self.page.lines if id(v) not in own and v.box.cy > box.cy and v.box.y0 - box.y1 < (3.5 if heading else 1.5) * height
                and min(v.box.x1, box.x1) - max(v.box.x0, box.x0) > 0.3 * min(v.box.width, box.width) and _label_core(v.text)]
        line = min(near, key=lambda v: v.box.cy, default=None)
        if line is None or self.line_is_label(line) or _looks_labelled(line.text):
            return NOTHING
        return piece_of(self.page, line).stripped()


_DATE_ALONE = re.compile(r"[(（]?(?:(?:19|20)\d\d|[二○〇零一三四五六七八九OoＯ]{4})[年.\-/]?(?:[\d一二三四五六七八九十廿]{1,3}[月.\-/]?)?(?:[\d一二三四五六七八九十廿]{1,3}日?)?[)）]?")


def _only_dates(before: str, line: str) -> bool:
    """Whether a line is a date of its own below a text, and not the second half of a period or of what was left open."""
    return bool(_DATE_ALONE.fullmatch(fold(line)[0])) and not re.search(r"(?:[至到起止\-—–~、,(]|日期|时间)$", fold(before)[0])


def _tail(folded: str, end: int) -> tuple[int, bool]:
    """Where a value begins behind a label that ends at `end` (its unit in brackets and a colon skipped), and whether a colon was there."""
    bracket = _BRACKETED.match(folded, end)
    if bracket and _is_unit(bracket[0]) and not re.search(r"\d", bracket[0].replace("100%", "")):
        after = bracket.end()
        if after < len(folded) and folded[after] in ":：":
            return after + 1, True
        if end < len(folded):
            return after, False
    if end and folded[end - 1].isascii() and (gloss := _LATIN_GLOSS.match(folded, end)):
        end = gloss.end()
    translated = re.compile(r"[(]?[A-Za-z][A-Za-z.'&/\-]{2,40}[)]?(?=[:：])").match(folded, end)
    if translated:
        end = translated.end()
    if folded[end : end + 2] in ("为:", "是:", "系:"):
        end += 1
    if end < len(folded) and folded[end] in ":：":
        return end + 1, True
    return end, False


def _in_name(core: str, folded: str, at: int) -> bool:
    """Whether a label that ends as names do (保险公司) is only a part of one here: 中国出口信用保险公司宁波分公司."""
    return core.endswith("公司") and at > 0 and bool(HAS_CJK.match(folded[at - 1]))


_NEXT_LABEL = re.compile(r"(?:\s{2,}|\t|　|(?<=\S)\s)[\u4e00-\u9fff/（）()]{2,12}[:：]")
_LABELLED = re.compile(r"^\s*[\u4e00-\u9fff][\u4e00-\u9fff/（）()、 　]{1,13}[:：]|^\s*(?:【[\u4e00-\u9fff]{2,10}\d?】|〖[\u4e00-\u9fff]{2,10}\d?〗)")
_NEXT_FRAMED = re.compile(r"【[\u4e00-\u9fff/()]{2,12}\d?】|〖[\u4e00-\u9fff/()]{2,12}\d?〗|〔[\u4e00-\u9fff/()]{2,12}\d?〕|\[[\u4e00-\u9fff/()]{2,12}\d?\]")


def _looks_labelled(text: str) -> bool:
    """Whether a line begins like a label of its own, known or not: a few Chinese characters and a colon."""
    return bool(_LABELLED.match(text))


def _cut_at_next_label(piece: Piece) -> Piece:
    """Without a further label and its value at the end: 123　签单日期：2020-01-01 -> 123."""
    found = _NEXT_LABEL.search(piece.text)
    return piece[: found.start()].stripped() if found and found.start() > 0 else piece


def wrapped_with(first: Line, others: Sequence[Line], reach: float) -> list[Line]:
    """A line with those that continue it: on its baseline within `reach`, and touching above and below as the lines of one wrapped value do."""
    chosen = [first]
    for _ in range(8):
        grown = [
            v for v in others
            if not any(v is c for c in chosen)
            and any((_same_row(v.box, c.box) and v.box.x0 - c.box.x1 < reach)
                    or (min(v.box.x1, c.box.x1) > max(v.box.x0, c.box.x0) and max(v.box.y0 - c.box.y1, c.box.y0 - v.box.y1) < 0.45 * min(v.box.height, c.box.height)) for c in chosen)
        ]
        if not grown:
            break
        chosen += grown
    return chosen


def _before(piece: Piece, line: Line) -> Piece:
    """The lines of a piece that stand above this one of its lines: what a cell holds before a further label (检验结论 | 合格。 / 签发日期：…)."""
    return Piece(tuple(s for s in piece.spans if s.line.box.cy < line.box.cy and not _same_row(s.line.box, line.box)), piece.via)


def _closed(piece: Piece) -> Piece:
    """Without a bracket at the end that was opened before the next label: 阀门（ of 阀门（型号：A1）."""
    text = piece.text.rstrip()
    return piece[: len(text) - 1].stripped() if text.endswith(("(", "（", "[", "【")) else piece


def _goes_on(left: Line, right: Line) -> bool:
    """Whether two lines on one baseline are one text cut in two: the characters at the cut stand no farther apart than the others."""
    if not (_same_row(left.box, right.box) and len(left.xs) == len(left.text) and len(right.xs) == len(right.text) and left.text and right.text):
        return False
    steps = sorted(b - a for xs in (left.xs, right.xs) for a, b in pairwise(xs))
    return bool(steps) and right.xs[0] - left.xs[-1] < 1.35 * steps[len(steps) // 2] + 0.001


def _char_width(line: Line) -> float:
    return line.box.width / max(1, len(line.text))


def _share(a: Box, b: Box) -> float:
    """Height that two boxes share, as a part of the lower one's."""
    least = min(a.height, b.height)
    return (min(a.y1, b.y1) - max(a.y0, b.y0)) / least if least > 0 else 0.0


def _just_below(block: Block, others: Sequence[Block]) -> Block | None:
    height = block.box.height
    near = [b for b in others if b is not block and 0.3 * height < b.box.cy - block.box.cy < 1.9 * height
            and min(b.box.x1, block.box.x1) - max(b.box.x0, block.box.x0) > 0.5 * min(b.box.width, block.box.width)]
    return min(near, key=lambda b: b.box.cy, default=None)


def label_values(pages: Sequence[Page], labels: Labels) -> dict[str, list[Hit]]:
    """Find labels and the values that stand with them.

    labels: for each key (a field's name, or any name of the caller's) the labels under which papers print it, best first. "投保人>名称" asks
        for 名称 where 投保人 governs it: in a cell to its left, or as the nearest such heading above. Labels are compared without white space,
        ordinals, units in brackets and colons, with one misread character from 4 characters on and two from 7; the best fitting label of the
        whole table takes a place, so give also labels whose values aren't wanted (under a key of their own, "_", say): they bound values.
    Returns for every key its hits, surest first and in order on the pages where equally sure; blank ones too (`Hit.blank`).
    """
    out: dict[str, list[Hit]] = {name: [] for name in labels}
    for index, page in enumerate(pages):
        finder = _Finder(page, index, labels)
        for site in finder.sites:
            hit = finder.hit(site)
            if hit is not None:
                out[hit.field] += [hit, *finder.second(site, hit)]
    return {name: sorted(_unique(hits), key=lambda h: (h.blank, -round(h.score, 2), h.order)) for name, hits in out.items()}


def _unique(hits: list[Hit]) -> Iterator[Hit]:
    """One hit a place: of two labels that fit at the same place the surer."""
    seen: dict[tuple[int, int, int, bool], Hit] = {}
    for hit in hits:
        first = hit.label.spans[0]
        key = (hit.order[0], id(first.line), first.start, hit.second)
        if key not in seen or seen[key].score < hit.score:
            seen[key] = hit
    yield from seen.values()


# ---------------------------------------------------------------- tables

_TOTAL = re.compile(r"^\S{0,8}(?:合计|总计|共计)|^(?:小计|总价|合价|总金额|总额|合同(?:总[价额金]|金额|价款))")


@dataclass(frozen=True, eq=False)
class TableRow:
    """A row by heading. total: it sums up the others (合计, 总计). text: all of its text, wherever it stands."""

    cells: dict[str, Piece]
    total: bool = False
    text: str = ""
    page: int = 0


@dataclass(frozen=True, eq=False)
class Table:
    """Rows below column headings. heads: each heading as printed; units: 万元 … named in a heading or above the table."""

    heads: dict[str, Piece] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    every: tuple[TableRow, ...] = ()

    @property
    def rows(self) -> list[dict[str, Piece]]:
        """The rows that hold something and aren't totals."""
        return [row.cells for row in self.every if not row.total]

    @property
    def totals(self) -> list[dict[str, Piece]]:
        return [row.cells for row in self.every if row.total]


def table_rows(pages: Sequence[Page], headings: Labels, least: int = 2) -> Table:
    """The rows of the first table whose headings fit best, ruled or only aligned; on following pages its rows go on.

    headings: for each key the ways in which papers head that column. least: how many headings must be found to take it for the table.
    Returns an empty `Table` where none is found. A key whose cell is empty in a row is absent from that row.
    """
    best: Table | None = None
    known = _Headings(headings)
    for index, page in enumerate(pages):
        for table in (*_ruled_tables(page, index, known, least), *_aligned_tables(page, index, known, least)):
            if best is None or (len(table.heads), len(table.every) > 0) > (len(best.heads), len(best.every) > 0):
                best = table
            elif best.every and index > best.every[-1].page and set(table.heads) == set(best.heads):
                best = replace(best, every=best.every + table.every)
    return best or Table()


class _Headings:
    """A table's headings, by their lengths: of all others a text can't be a misreading."""

    def __init__(self, headings: Labels) -> None:
        self._by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for name, some in headings.items():
            for label in some:
                core = _parsed_label(label)[1]
                for length in range(len(core) - 1, len(core) + 2):
                    self._by_length[length].append((name, core))

    def of(self, text: str) -> tuple[str, float]:
        """The heading that a text is, and how surely, 0 to 1; ("", 0) where it is none."""
        core = _label_core(text)
        best, score = "", 0.0
        for name, heading in self._by_length.get(len(core), ()):
            alike = _alike(core, heading)
            if alike > score:
                best, score = name, alike
        return best, score


def _ruled_tables(page: Page, index: int, headings: _Headings, least: int) -> Iterator[Table]:
    every = sheet(page).ruled
    for number in sorted({b.cell.table for b in every if b.cell}):
        own = [b for b in every if b.cell and b.cell.table == number]
        tops: dict[int, list[Block]] = {}
        for b in own:
            tops.setdefault(b.cell.row if b.cell else 0, []).append(b)
        best: dict[str, Block] = {}
        for cells in tops.values():
            found: dict[str, Block] = {}
            for b in sorted(cells, key=lambda v: v.box.x0):
                name, score = headings.of(b.text) if b.piece else ("", 0.0)
                if score > 0 and name not in found:
                    found[name] = b
            if len(found) > len(best):
                best = found
        if len(best) < least:
            continue
        units = {name: unit for name, b in best.items() if (unit := _unit_in(b.text))}
        bottom = max(b.box.y1 for b in best.values())
        below = [b for b in own if b.box.y0 >= bottom - 0.006]
        if any(b.box.y0 < bottom + 0.006 and headings.of(b.text)[1] > 0 for b in below if b.piece):
            continue  # labels beside values, in several rows: a form
        rows: list[TableRow] = []
        grouped: list[list[Block]] = []
        for b in sorted(below, key=lambda v: (round(v.box.y0, 3), v.box.x0)):
            if grouped and abs(grouped[-1][0].box.y0 - b.box.y0) < 0.006:
                grouped[-1].append(b)
            else:
                grouped.append([b])
        for cells in grouped:
            made = _ruled_row(cells, best, index)
            if made is None:
                break
            rows += made
        yield Table({name: b.piece for name, b in best.items()}, units, tuple(rows))


def _ruled_row(cells: Sequence[Block], heads: Mapping[str, Block], index: int) -> list[TableRow] | None:
    """One ruled row, or the several that stand in it unruled; None where the table's columns have ended."""
    text = "".join(fold(b.text)[0] for b in cells)
    by_name: dict[str, Piece] = {}
    for name, head in heads.items():
        over = [b for b in cells if min(b.box.x1, head.box.x1) - max(b.box.x0, head.box.x0) > 0.5 * min(b.box.width, head.box.width)]
        if len(over) == 1 and over[0].piece:
            by_name[name] = over[0].piece
    total = bool(_TOTAL.match(text))
    wide = max((b.box.width for b in cells), default=0.0)
    if len(cells) <= 2 and len(heads) > 2 and not total and wide > 0.5 * sum(h.box.width for h in heads.values()):
        return None
    by_name = {k: v for k, v in by_name.items() if sum(v is o for o in by_name.values()) == 1 or not total}
    if not text:
        return []
    counts = sorted((len(v.spans) for k, v in by_name.items()), reverse=True)
    if not total and len(counts) >= 2 and counts[1] >= 2:
        split = _split_row(by_name, index)
        if split:
            return split
    return [TableRow(by_name, total, text, index)] if by_name or total else []


_NUMERIC = re.compile(r"^[¥￥]?-?[\d,，.]+(?:[%‰]|[\u4e00-\u9fff]{0,3})?$")


def _split_row(cells: Mapping[str, Piece], index: int) -> list[TableRow]:
    """The rows inside one ruled row whose columns hold one item a line (as invoices print them); [] where it is one item with wrapped text."""
    numeric = [v for v in cells.values() if len(v.spans) >= 2 and all(_NUMERIC.match(fold(s.text)[0]) for s in v.spans)]
    if not numeric:
        return []
    anchors = sorted({s.line.box.cy for s in max(numeric, key=lambda v: len(v.spans)).spans})
    if len(anchors) < 2:
        return []
    rows: list[dict[str, list[Span]]] = [{} for _ in anchors]
    for name, piece in cells.items():
        for span in piece.spans:
            n = _row_of(span.line.box, anchors)
            rows[n].setdefault(name, []).append(span)
    return [_made_row(row, index) for row in rows if row]


def _row_of(box: Box, anchors: Sequence[float]) -> int:
    """The row to which a line belongs: wrapped text follows the line that carries the row's figures."""
    above = [n for n, y in enumerate(anchors) if y <= box.cy + 0.45 * box.height]
    return above[-1] if above else 0


def _made_row(row: Mapping[str, Sequence[Span]], index: int) -> TableRow:
    cells = {name: Piece(tuple(spans)) for name, spans in row.items()}
    text = "".join(p.folded for p in cells.values())
    return TableRow(cells, bool(_TOTAL.match(text)), text, index)


def _aligned_tables(page: Page, index: int, headings: _Headings, least: int) -> Iterator[Table]:
    """Tables without rules: headings on one baseline, values beneath them by place."""
    lines = list(page.lines)
    found = [(line, *headings.of(line.text)) for line in lines]
    heads = [(line, name) for line, name, score in found if score > 0]
    used: set[int] = set()
    for line, _ in heads:
        if id(line) in used:
            continue
        row: dict[str, Line] = {}
        for other, name in heads:
            if abs(other.box.cy - line.box.cy) < 0.9 * max(line.box.height, other.box.height) and name not in row:
                row[name] = other
        if len(row) < least:
            continue
        used |= {id(v) for v in row.values()}
        yield from _below_heads(page, index, row)


def _below_heads(page: Page, index: int, heads: Mapping[str, Line]) -> Iterator[Table]:
    bottom = max(v.box.y1 for v in heads.values())
    height = sorted(v.box.height for v in heads.values())[len(heads) // 2]
    order = sorted(heads.items(), key=lambda v: v[1].box.cx)
    below = [v for v in in_rows(page.lines) if v.box.cy > bottom - 0.2 * height]
    taken: list[tuple[str, Line]] = []
    last = bottom
    ended = False
    for line in below:
        if ended or line.box.y0 - last > 3.5 * height:
            break
        if _looks_labelled(line.text) and len(taken) > 1:
            ended = True
            continue
        across = sum(min(line.box.x1, h.box.x1) > max(line.box.x0, h.box.x0) for h in heads.values())
        if across > 2 and taken and not _TOTAL.match(fold(line.text)[0]):  # running text: the table is over
            break
        name = _column_of(line.box, order)
        if name:
            taken.append((name, line))
        last = max(last, line.box.y1)
    units = {name: unit for name, line in heads.items() if (unit := _unit_in(line.text))}
    printed = {name: piece_of(page, line) for name, line in heads.items()}
    anchors: list[float] = []
    for _, line in taken:
        folded = fold(line.text)[0]
        if (_NUMERIC.match(folded) or _TOTAL.match(folded)) and not (anchors and line.box.cy - anchors[-1] < 0.6 * height):
            anchors.append(line.box.cy)
    if not anchors:
        return
    rows: list[dict[str, list[Span]]] = [{} for _ in anchors]
    for name in heads:
        for stack in _stacks([line for n, line in taken if n == name]):
            for line, n in _rows_of_stack(stack, anchors, height):
                rows[n].setdefault(name, []).append(Span(page, line, 0, len(line.text)))
    yield Table(printed, units, tuple(_made_row(row, index) for row in rows if row))


def _stacks(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one column in groups that stand close upon each other and begin or centre alike: the lines of one wrapped cell, mostly."""
    out: list[list[Line]] = []
    for line in lines:
        last = out[-1][-1] if out else None
        if last is not None and not _TOTAL.match(fold(line.text)[0]) and line.box.y0 - last.box.y1 < 0.8 * min(last.box.height, line.box.height) and (
            abs(line.box.x0 - last.box.x0) < 0.02 or abs(line.box.cx - last.box.cx) < 0.02 or _same_row(line.box, last.box)
        ):
            out[-1].append(line)
        else:
            out.append([line])
    return out


def _rows_of_stack(stack: Sequence[Line], anchors: Sequence[float], height: float) -> Iterator[tuple[Line, int]]:
    """Each line of a stack with the row it belongs to: that whose figures stand beside the stack; where several do, line by line."""
    top, bottom = stack[0].box.y0, max(v.box.y1 for v in stack)
    beside = [n for n, y in enumerate(anchors) if top - 0.3 * height <= y <= bottom + 0.3 * height]
    for line in stack:
        n = beside[0] if len(beside) == 1 else _row_of(line.box, anchors)
        if len(beside) == 1 or line.box.cy - anchors[n] < 2.8 * height:
            yield line, n


def _column_of(box: Box, order: Sequence[tuple[str, Line]]) -> str:
    """The heading under which a line stands: that which it overlaps most, else the nearest."""
    overlaps = [(min(box.x1, h.box.x1) - max(box.x0, h.box.x0), name) for name, h in order]
    best, name = max(overlaps)
    if best > 0:
        return name
    return name if -best < 0.06 else ""
