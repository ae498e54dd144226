"""Running text: the lines of several pages as one text in which wrapped sentences go on, each character knowing its place.

In:    pages, in reading order.
Out:   `RunningText.text`; any stretch of it as a `Piece`, across lines and pages.
Elsewhere: values beside labels in forms and cells (extractors/layout).

Within a paragraph lines are joined with nothing between them; paragraphs stand apart by a line feed, columns on one baseline by a tab.
White space inside lines is dropped, characters are NFKC, so that patterns need no room for either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.layout import Piece, Span, fold
from extractors.sorting import Row, is_watermark, rows_of
from models.page import Page

_FURNITURE = re.compile(
    r"^(?:第?[\d一二三四五六七八九十]{1,3}页?[/,，]?共?[\d一二三四五六七八九十]{1,3}页|共\d{1,3}页[,，]?第\d{1,3}页|第\d{1,3}页|[-—–·]*\d{1,3}[-—–·]*|\d{1,2}/\d{1,2}|"
    r"(?i:page)\d{1,3}(?:of\d{1,3})?|仅供.{0,14}使用|"
    r"(?=.*(?:(?i:fax)|传真))(?:(?i:from|fm).{0,20})?(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}.{0,12}(?:(?i:fax)|传真).{0,34})$"  # what a fax machine prints over a page
)
_NEW = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[条章节]|[一二三四五六七八九十]{1,4}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:\.\d{1,2}){0,3}(?:[、.．:： ](?=[^\d%.,])|(?=[\u4e00-\u9fff])(?!日|天|年|月|个|台|套|元|万|号|小时|吨|件|倍|层|幢|楼|室|份|公斤|千克|米|片|支|只|次|周)))"
)
_NUMERAL = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]$")
_NUMERAL_ON = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]{1,20}(?:[（()）¥￥。;；,，]|$)")
_LABEL = re.compile(r"^[\u4e00-\u9fff][\u4e00-\u9fff（）()、/“”\"'‘’「」]{0,15}(?:[A-Za-z][A-Za-z.'&/]{1,23})?:")
_UNFINISHED = re.compile(r":.*[;；,，][^;；,，:。]{1,8}$")  # labels with values in running text, the last label cut by the margin: 数量:2台;含 / 税单价:
_FIGURE = re.compile(r"^(?:人民币|[¥￥])?\d[\d,.]*(?:万|亿)?元?")
_UNBROKEN = re.compile(r"^[¥￥$(A-Za-z\d][A-Za-z\d,.%/)\-]{0,15}")  # what is set in one line: a figure, a model; it leaves the line above short
_INDENT = 4.5  # characters by which the first line of a paragraph may be indented; what begins farther in is a centred or right-aligned line


@dataclass(frozen=True, eq=False)
class RunningText:
    """Text over lines and pages. `pieces` are its stretches in order, `marks` what stands before each ("", tab, line feed)."""

    pieces: tuple[Piece, ...]
    marks: tuple[str, ...]

    @classmethod
    def of(cls, pages: Iterable[Page]) -> RunningText:
        """The running text of pages; page numbers and watermarks are left out."""
        pieces: list[Piece] = []
        marks: list[str] = []
        before: Row | None = None
        for page in pages:
            rows = [row for row in rows_of([line for line in page.lines if line.text.strip() and not is_watermark(line.text)]) if not _FURNITURE.match(row.text)]
            edges = _edges(rows)
            for row in rows:
                goes_on = before is not None and _goes_on(before, row, edges)
                for n, line in enumerate(row.lines):
                    pieces.append(Piece((Span(page, line, 0, len(line.text)),)))
                    marks.append("\t" if n else "" if goes_on or not pieces[:-1] else "\n")
                before = row
        return cls(tuple(pieces), tuple(marks))

    @cached_property
    def _chars(self) -> tuple[str, tuple[tuple[Span, int] | None, ...]]:
        text: list[str] = []
        at: list[tuple[Span, int] | None] = []
        for piece, mark in zip(self.pieces, self.marks, strict=True):
            if mark:
                text.append(mark)
                at.append(None)
            for span in piece.spans:
                folded, offsets = fold(span.text)
                text.append(folded)
                at += [(span, span.start + o) for o in offsets]
        return "".join(text), tuple(at)

    @property
    def text(self) -> str:
        return self._chars[0]

    def piece(self, start: int, end: int) -> Piece:
        """What stands at text[start:end], wherever on the pages; empty where nothing does."""
        spans: list[Span] = []
        for place in self._chars[1][start:end]:
            if place is None:
                continue
            span, offset = place
            last = spans[-1] if spans else None
            if last is not None and last.line is span.line and last.page is span.page and last.start <= offset <= last.end:
                spans[-1] = Span(span.page, span.line, last.start, max(last.end, offset + 1))
            else:
                spans.append(Span(span.page, span.line, offset, offset + 1))
        return Piece(tuple(spans))

    def x_at(self, offset: int) -> float:
        """Where a character stands across its page, 0 to 1."""
        place = self._chars[1][offset]
        return place[0].line.part(place[1], place[1] + 1).x0 if place else 0.0

    def line_of(self, offset: int) -> tuple[int, int]:
        """Start and end of the paragraph or row in which a character stands."""
        text = self.text
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        return start, len(text) if end < 0 else end

    def search(self, pattern: str | re.Pattern[str], group: int | str = 0, start: int = 0) -> Piece | None:
        """The first match of a pattern (or of one of its groups) as a piece."""
        found = re.compile(pattern).search(self.text, start)
        return self.piece(*found.span(group)) if found and found[group] else None


def _edges(rows: Sequence[Row]) -> tuple[float, float]:
    """Left and right edge of the page's running text."""
    wide = [row.box for row in rows if row.box.width > 0.5 and len(row.lines) == 1] or [row.box for row in rows]
    return (min((b.x0 for b in wide), default=0.0), max((b.x1 for b in wide), default=1.0))


def _goes_on(before: Row, row: Row, edges: tuple[float, float]) -> bool:
    """Whether a row continues the paragraph of the one before: that was full and this begins at the margin with neither number nor label."""
    upper, lower = before.lines[-1], row.lines[0]
    if _NUMERAL.search(upper.text.strip()) and _NUMERAL_ON.match(fold(lower.text)[0]) and min(upper.box.x1, lower.box.x1) > max(upper.box.x0, lower.box.x0):
        return True  # an amount in words, wrapped in a narrow column
    if len(before.lines) > 1 or len(row.lines) > 1:
        return False
    last, first = before.text, row.text
    if not first or _NEW.match(first) or re.search(r"[。;；]$", last) or (last.endswith(":") and not (_FIGURE.match(first) or _NUMERAL_ON.match(first))) or (_LABEL.match(first) and not _UNFINISHED.search(last)):
        return False
    width = before.box.width / max(1, len(before.text))  # of a character
    unbroken = _UNBROKEN.match(lower.text) if re.search(r"[:,，、(（\u4e00-\u9fff]$", last) else None
    full = before.box.x1 + (lower.part(0, unbroken.end()).width if unbroken else 0.0) > edges[1] - 2.5 * width
    at_margin = row.box.x0 < edges[0] + 1.2 * width
    if before.box.x0 > edges[0] + _INDENT * width and before.box.width < 0.5 * (edges[1] - edges[0]):
        return False
    return full and at_margin and max(before.box.height, row.box.height) < 1.6 * min(before.box.height, row.box.height)
