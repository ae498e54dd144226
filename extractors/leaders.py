"""Leaders, the dots that lead the eye from a label to its value: 签约日............2020年2月25日; and the wide blanks that part a label from the value before it.

In:    a page as read.  Out: the same page; a line that leaders run through is two lines, the label and the value, each at its place; so is 型号：RP-39　数量：12吨.
Fails: never.
"""

from __future__ import annotations

import re

from models.page import Line, Page

_LEADERS = re.compile(r"\s*(?:[.·．‥…。]\s?){4,}\s*|\s*[…‥]{2,}\s*|^\s*(?:[.·．‥…]\s?){2,}|\s*(?:＿+|_{2,})\s*|(?<=[^\s:：])[\u3000 ]+(?=[\u4e00-\u9fff][\u4e00-\u9fff/（）()]{1,7}[:：])")  # ＿ of a blank that was filled in
_FEW = re.compile(r"^[\u4e00-\u9fff]{2,5}(?P<leaders>\s?(?:[…‥]|[.．·]{2,3})\s*)(?=[^\s.．·…‥])")  # all that is left of them behind a label where they were read


def without_leaders(page: Page) -> Page:
    """The page with its lines cut at leaders; leaders at a line's ends are dropped. A line of nothing else stays as it is."""
    if not any(_LEADERS.search(line.text) or _FEW.match(line.text) for line in page.lines):
        return page
    return page.model_copy(update={"lines": tuple(part for line in page.lines for part in _cut(line))})


def _cut(line: Line) -> list[Line]:
    """The pieces of a line between leaders."""
    pieces, start = [], 0
    few = _FEW.match(line.text)
    for cut, end in (*([few.span("leaders")] if few else []), *(found.span() for found in _LEADERS.finditer(line.text))):
        pieces.append((start, cut))
        start = end
    pieces = [(a, b) for a, b in (*pieces, (start, len(line.text))) if a < b]
    return [line.cut(a, b) for a, b in pieces] if pieces and pieces != [(0, len(line.text))] else [line]
