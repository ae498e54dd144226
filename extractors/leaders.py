"""What parts a label from its value, or from the value before it, on one line: leaders (签约日............2020年2月25日), underlined blanks that were filled in, wide gaps.

In:    a page as read.
Out:   the same page. A line that leaders run through is two lines, the label and the value, each at its place; so are two labels with their values a gap apart (型号：RP-39　数量：12吨).
       Underlines around what was filled in within a sentence are gone: 共计＿＿900＿＿吨 reads 共计900吨.
Fails: never.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from models.page import Line, Page

_LEADERS = re.compile(r"\s*(?:[.·．‥…。]\s?){4,}\s*|\s*[…‥]{2,}\s*|^\s*(?:[.·．‥…]\s?){2,}|\s*(?:＿+|_{2,})\s*")  # ＿ of a blank that was filled in
_FEW = re.compile(r"^[\u4e00-\u9fff]{2,5}(?P<leaders>\s?(?:[…‥]|[.．·]{2,3})\s*)(?=[^\s.．·…‥])")  # all that is left of them behind a label where they were read
_BLANK = re.compile(r"[＿_]")
_LONE = 6  # characters that a label has at most which an underline parts from its value without a colon
_CLAUSE = re.compile(r"[，,；;。、]")
_GAP = 0.7  # of a character's width: so much free space at least lies between two columns
_NEXT = re.compile(r"(?![\u4e00-\u9fff（）()]{0,8}(?:公司|集团|厂|局|院|所|中心)[:：])[\u4e00-\u9fff][\u4e00-\u9fff/（）()]{1,7}(?:(?P<colon>[:：])|\s?[A-Z]{0,4}\s?[¥￥\d])")  # 数量：12吨, 流水 2202007878
_SENTENCE = re.compile(r"[。；;]|^\s*(?:第[一二三四五六七八九十\d]{1,3}[条款]|[一二三四五六七八九十]{1,2}、)")  # of which no gap makes columns


def without_leaders(page: Page) -> Page:
    """The page with its lines cut at leaders; leaders at a line's ends are dropped. A line of nothing else stays as it is."""
    lines = tuple(part for line in page.lines for whole in _cut(_filled_in(line)) for part in _columns(whole))
    return page if lines == page.lines else page.model_copy(update={"lines": lines})


def _cut(line: Line) -> list[Line]:
    """The pieces of a line between leaders."""
    pieces, start = [], 0
    few = _FEW.match(line.text)
    for cut, end in (*([few.span("leaders")] if few else []), *(found.span() for found in _LEADERS.finditer(line.text))):
        pieces.append((start, cut))
        start = end
    pieces = [(a, b) for a, b in (*pieces, (start, len(line.text))) if a < b]
    return [line.cut(a, b) for a, b in pieces] if pieces and pieces != [(0, len(line.text))] else [line]


def _filled_in(line: Line) -> Line:
    """A line without the underlines around what was filled in behind a colon or within a sentence; behind a lone label they stay, to part it from its value."""
    if not _BLANK.search(line.text):
        return line
    kept: list[int] = []
    start = 0
    within: bool | None = None  # of the blank that is open
    for run in re.finditer(r"\s*[＿_]{2,}\s*|\s*＿\s*", line.text):
        before = line.text[start : run.start()].strip()
        opens = within is None
        if within is None:
            within = before.endswith((":", "：")) or len(before) > _LONE or bool(_CLAUSE.search(before))
        kept += range(start, run.start() if within else run.end())
        start, within = run.end(), within if opens else None
    kept += range(start, len(line.text))
    return line if len(kept) == len(line.text) else line.keeping(kept)


def _columns(line: Line) -> list[Line]:
    """A line cut before each label that stands a gap behind the value before it."""
    if len(line.xs) != len(line.text) or _SENTENCE.search(line.text):
        return [line]
    wide = [y - x for (x, one), (y, other) in pairwise(zip(line.xs, line.text, strict=True)) if _is_wide(one) and _is_wide(other)]
    if len(wide) < 2:
        return [line]
    width, cuts, last, colons = median(wide), [0], "", 0
    signs = [(i, x, c) for i, (x, c) in enumerate(zip(line.xs, line.text, strict=True)) if not c.isspace()]
    for (_, x, one), (i, y, other) in pairwise(signs):
        last += one
        free = y - x - width * (_share(one) + _share(other)) / 2
        if free > _GAP * width and len(last) >= 4 and one not in ":：)）" and (label := _NEXT.match(line.text, i)):
            cuts.append(i)
            last, colons = "", colons + bool(label["colon"])
    if not colons and len(cuts) < 3:  # a single gap before words and a figure may be one of a sentence
        return [line]
    return [line.cut(a, b) for a, b in zip(cuts, (*cuts[1:], len(line.text)), strict=True)] if len(cuts) > 1 else [line]


def _is_wide(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _share(sign: str) -> float:
    """How wide a sign is beside a Chinese character."""
    return 0.55 if sign.isascii() else 1.0
