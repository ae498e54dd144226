"""What stands around a label: to its right, below it, in the rest of its cell, on the lines where its value goes on.

In:    a page with its labels found, one of them.
Out:   a piece of text; `NOTHING` where there is none.
Elsewhere: which of these is the label's value (values.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.layout.lines import char_width, goes_on, in_rows, same_row, shared_height, wrapped_with
from extractors.layout.pieces import NOTHING, Piece, Span, fold, piece_of
from extractors.layout.sites import Labelled, Site
from extractors.layout.wording import COLON, FRAMES, ORDINAL, behind_figure, cut_at_next_label, in_name, label_core, looks_labelled
from models.page import Line

_FAR = 3.5  # of a line's height: what stands so far below a label is none of its value
_WATERMARK = 2.5  # how much taller than a label the single letters of a watermark are at least
_DATE_ALONE = re.compile(r"[(（]?(?:(?:19|20)\d\d|[二○〇零一三四五六七八九OoＯ]{4})[年.\-/]?(?:[\d一二三四五六七八九十廿]{1,3}[月.\-/]?)?(?:[\d一二三四五六七八九十廿]{1,3}日?)?[)）]?")
_PERIOD_BEGUN = re.compile(r"自?(?:19|20)\d\d[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?(?:[零0]时)?起?[至到~—\-]{1,2}(?:19|20)\d\d")


def _only_dates(before: str, line: str) -> bool:
    """Whether a line is a date or a period of its own below a text, and not the second half of a period or of what was left open."""
    own = fold(line)[0]
    return bool(_DATE_ALONE.fullmatch(own) or _PERIOD_BEGUN.match(own)) and not re.search(r"(?:[至到起止\-—–~、,(]|日期|时间)$", fold(before)[0])


_NUMBER_ALONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-/]{7,}")  # a paper's number, which doesn't go on in words
_WORDS_ALONE = re.compile(r"(?![号元整])[\u4e00-\u9fff]{2,}")


def uncut(on: Labelled, piece: Piece) -> Piece:
    """A cell's text with what a border that isn't one cut off: characters that follow at their usual distance, with no room for a rule between."""
    spans: list[Span] = []
    for span in piece.spans:
        spans.append(span)
        for _ in range(2):
            last = spans[-1].line
            rest = next((v for v in on.page.lines if v is not last and abs(v.box.x0 - last.box.x1) < 0.003 and goes_on(last, v) and not on.line_is_label(v)), None)
            if rest is None or any(rest is s.line for s in piece.spans):
                break
            spans.append(Span(on.page, rest, 0, len(rest.text)))
    return Piece(tuple(spans))


def rest_of_cell(on: Labelled, site: Site) -> Piece:
    """Lines of the label's own cell that follow it, up to the next label."""
    spans: list[Span] = []
    seen = False
    last = site.label.spans[-1]
    above = last.line.box
    for span in site.block.piece.spans:
        if span.line is last.line:
            seen = True
        elif seen:
            far = span.line.box.y0 - above.y1 > _FAR * min(above.height, span.line.box.height)  # of a cell that has lost its rules
            if on.line_is_label(span.line) or (spans and looks_labelled(span.text)) or far:
                break
            spans.append(span)
            above = span.line.box
    return Piece(tuple(spans)).stripped()


def over_value(site: Site, beside: Piece, after: Piece) -> bool:
    """Whether a label stands over its value in one cell: what lies to its right begins below it, and more of the cell's rows begin farther left."""
    label = site.label.box
    lower = all(s.line.box.y0 > label.cy and not same_row(s.line.box, label) for s in beside.spans)
    return lower and any(s.line.box.x0 < label.x1 - 0.25 * label.height for s in after.spans)


def continued(on: Labelled, site: Site, rest: Piece) -> Piece:
    """A value that began behind its label, with the lines on which it goes on."""
    last = rest.spans[-1].line
    if rest.spans[-1].end < len(last.text.rstrip()):
        return rest
    home = on.sheet.of_line.get(id(last))
    pool = [s.line for s in home.piece.spans] if home and home.cell else [b.piece.spans[0].line for b in on.sheet.blocks if b.cell is None]
    right_edge = max((v.box.x1 for v in pool), default=1.0)
    spans = list(rest.spans)
    left = rest.box.x0
    line_left = last.box.x0
    if site.label.folded[:1] in FRAMES:  # in running text, which goes on to the right, then at the left margin
        row = [v.box.x0 for v in pool if same_row(v.box, last.box)]
        if max(row, default=line_left) > last.box.cx:
            return rest
        line_left = min(row, default=line_left)
    for _ in range(12):
        height = last.box.height
        after = [v for v in pool if v.box.cy > last.box.cy + 0.5 * height and v.box.y0 - last.box.y1 < 0.9 * height and v.box.x0 < last.box.x1 - 0.5 * char_width(last)]
        nearest = min(after, key=lambda v: (round(v.box.cy, 3), v.box.x0), default=None)
        if nearest is None or on.line_is_label(nearest) or looks_labelled(nearest.text) or ORDINAL.match(fold(nearest.text)[0]) or _only_dates(spans[-1].text, nearest.text) or _labelled_beside(on, nearest, pool):
            break
        if len(spans) == 1 and _NUMBER_ALONE.fullmatch(fold(rest.text)[0]) and _WORDS_ALONE.fullmatch(fold(nearest.text)[0]):
            break
        hanging = abs(nearest.box.x0 - left) < 1.2 * char_width(last)
        near_edge = max((v.box.x1 for v in pool if abs(v.box.cy - last.box.cy) < 5 * height and abs(v.box.x0 - line_left) < 0.03), default=right_edge)
        full = last.box.x1 > (near_edge if len(nearest.text) <= 10 else right_edge) - 2.5 * char_width(last)
        if len(nearest.text) <= 10 and not full:  # a column that ends where its neighbour on the same row begins
            beside = [v.box.x0 for v in pool if v is not last and v.box.x0 >= last.box.x1 and same_row(v.box, last.box)]
            full = bool(beside) and last.box.x1 > min(beside) - 5 * char_width(last)
            near_edge = last.box.x1 if full else near_edge
        if not (hanging or (full and nearest.box.x0 >= line_left - 2.5 * char_width(last))) or last.box.x1 < left + 0.5 * (near_edge - left):
            break
        spans.append(Span(on.page, nearest, 0, len(nearest.text)))
        last = nearest
    return Piece(tuple(spans))


def _labelled_beside(on: Labelled, line: Line, pool: Sequence[Line]) -> bool:
    """Whether a known label that ends in a colon stands to the left of a line, on its row: the line is that label's value."""
    return any(v.box.x1 <= line.box.x0 + 0.005 and same_row(v.box, line.box) and COLON.search(v.text[-1:]) and on.line_is_label(v) for v in pool)


def to_the_right(on: Labelled, site: Site) -> Piece:
    """What stands to the right of a label on the page, up to the next label, with the lines of a wrapped value.

    The band of a label reaches half-way to the labels above and below it, since forms centre a label beside a value of several lines.
    """
    box = site.box
    height = min(v.line.box.height for v in site.label.spans)
    column = [s.box for s in on.sites if s is not site and min(s.box.x1, box.x1) > max(s.box.x0, box.x0) and s.label.spans[0].line is not site.label.spans[0].line]
    top = max([(b.y1 + box.y0) / 2 for b in column if b.cy < box.cy - 0.4 * height] + [box.y0 - 1.1 * height])
    bottom = min([(b.y0 + box.y1) / 2 for b in column if b.cy > box.cy + 0.4 * height] + [box.y1 + 1.1 * height])
    inner = site.block if site.block.cell and not site.alone else None
    own = {id(s.line) for s in site.label.spans}
    lines = [v for v in on.page.lines if v.box.x0 >= box.x1 - (0.8 if same_row(v.box, box) else 0.25) * height and top <= v.box.cy <= bottom and id(v) not in own
             and (inner is None or on.sheet.of_line.get(id(v)) is inner) and not (v.box.height > _WATERMARK * height and len(v.text.strip()) <= 2)]
    walls = [v.box for v in lines if on.line_is_label(v)]
    # a label that recognition ran into the text of the column before it
    ends = [v.box for v in on.page.lines if v.text.rstrip().endswith((":", "：")) and v.box.x1 > box.x0 and id(v) not in own and not on.line_is_label(v)]
    values = [v for v in lines if not on.line_is_label(v) and not (_LONE.fullmatch(v.text.strip()) and v.box.x0 > box.x1) and not any(
        w.x0 < v.box.x0 + 0.5 * char_width(v) and (abs(w.cy - box.cy) < 0.8 * max(height, w.height) or shared_height(w, v.box) > 0.4) for w in walls)
        and not any(w.x1 <= v.box.x0 + 0.005 and shared_height(w, v.box) > 0.4 for w in ends)]
    if not values:
        return NOTHING
    first = min(values, key=lambda v: (v.box.x0 - box.x1) + 3 * abs(v.box.cy - box.cy))
    if abs(first.box.cy - box.cy) > 1.1 * max(first.box.height, box.height):  # the row above has a column nearer by
        first = min((v for v in values if same_row(v.box, box)), key=lambda v: v.box.x0, default=first)
        if not same_row(first.box, box):
            return NOTHING
    if site.alone and not site.colon and not same_row(first.box, box) and _caption(on, site):
        return NOTHING
    chosen = wrapped_with(first, values, 6 * height)
    if (inner is None and not site.alone) or site.colon:  # a label in running text: its own row only
        chosen = [v for v in chosen if abs(v.box.cy - box.cy) < 0.7 * max(v.box.height, box.height)]
    piece = piece_of(on.page, in_rows(chosen)).stripped()
    return _without_labels(on, cut_at_next_label(piece))


_LONE = re.compile(r"(?!.*公司)[\u4e00-\u9fff][\u4e00-\u9fff/（）()、]{1,7}[:：]")  # a label that no list knows: 统一代码：


def _without_labels(on: Labelled, piece: Piece) -> Piece:
    """A free value without a further label that recognition ran into it: 某某有限公司联系人 -> 某某有限公司."""
    folded = piece.folded
    if figure := behind_figure(folded, on.wanted.known):
        return piece.between(0, figure).stripped()
    ends = [(folded.find(core, 2), core) for core in on.wanted.cores if (len(core) >= 4 or (len(core) == 3 and folded.endswith(core))) and not core.endswith("公司")]  # 某某保险公司
    first = min((e for e, core in ends if e > 0 and not in_name(core, folded, e) and not _EDITION.match(folded, e + len(core))), default=0)
    return piece.between(0, first).stripped() if first else piece


_EDITION = re.compile(r"\(\d{4}\S{0,6}版\)")  # 综合保险条款（2019版）


def _caption(on: Labelled, site: Site) -> bool:
    """Whether a label stands like a caption right above its value: the line beneath it begins where it does, and nearer than a row of its own would."""
    box, height = site.box, min(v.line.box.height for v in site.label.spans)
    return any(abs(v.box.x0 - box.x0) < 0.5 * height and 0 < v.box.cy - box.cy < 1.5 * height and not on.line_is_label(v) and not looks_labelled(v.text) for v in on.page.lines)


def line_below(on: Labelled, site: Site) -> Piece:
    """The nearest line below a label that begins or is centred with it and is no label itself; farther down where labels stand in a row, as headings do."""
    box = site.box
    height = min(v.line.box.height for v in site.label.spans)
    heading = any(s.label.spans[0].page is on.page and s.field != site.field and shared_height(s.box, box) > 0.5 and s.alone for s in on.sites)
    own = {id(s.line) for s in site.label.spans}
    near = [v for v in on.page.lines if id(v) not in own and v.box.cy > box.cy and v.box.y0 - box.y1 < (3.5 if heading else 1.5) * height
            and min(v.box.x1, box.x1) - max(v.box.x0, box.x0) > 0.3 * min(v.box.width, box.width) and label_core(v.text)]
    line = min(near, key=lambda v: v.box.cy, default=None)
    if line is None or on.line_is_label(line) or looks_labelled(line.text):
        return NOTHING
    return piece_of(on.page, line).stripped()
