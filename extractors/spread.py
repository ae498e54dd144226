"""Labels set wide, put together again: 名　　称, 注 册 资 本, which recognition hands over as several lines, or with the value's line.

In:    a page and the labels that it may bear.
Out:   the same page, each such label one line (and what stood before and behind it in the same line a line of its own), without watermarks.
Elsewhere: finding the labels' values (extractors/layout).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean

from extractors.layout import Span, fold
from extractors.organisations import is_organisation
from extractors.rows import Row, rows_of, spans_of
from models.geometry import Box, hull
from models.page import Cell, Line, Page
from models.text import left_out

MOST_PARTS = 6
MOST_APART = 8  # letters' widths that may part two of a label
LOSES_ONE = 4  # letters that a label has of which one may not have been read
_LABELLED = re.compile(r"[^:：]{0,8}[:：]")
_TRANSLATED = re.compile(r"(?=[^:：]*[a-z])[A-Z][A-Za-z.'&/()\-]*(?=[:：]|$)")


def with_labels_joined(page: Page, labels: Iterable[str]) -> Page:
    """The page with its wide-set labels joined. A label's letters must stand on one baseline in the right order with nothing else between them."""
    wanted = _Wanted(labels)
    changed: dict[int, list[Line]] = {}
    cells = list(page.cells)
    spans = spans_of(page)
    for row in rows_of(spans):
        at = 0
        while at < len(row.spans):
            used, lines = _label_at(row, at, wanted)
            if not used:
                used, lines = _label_behind(row, at, wanted)
            elif used == 1 and len(lines) == 2:  # the value may end in the next column's label
                further, behind = _label_behind(Row((Span(page, lines[1], 0, len(lines[1].text)), *row.spans[at + 1 :])), 0, wanted)
                used, lines = (further, [lines[0], *behind]) if further else (used, lines)
            if used:
                changed[id(row.spans[at].line)] = lines
                changed.update({id(s.line): [] for s in row.spans[at + 1 : at + used]})
                cells = _without_strokes(cells, [s.line.box for s in row.spans[at : at + used]], lines[-1].box if len(lines) > 1 else None)
            at += max(1, used)
    return page.model_copy(update={"lines": tuple(new for span in spans for new in changed.get(id(span.line), [span.line])), "cells": tuple(cells)})


class _Wanted:
    """Folded labels, the longest first, by the characters that a line must begin or end with to begin one."""

    def __init__(self, labels: Iterable[str]) -> None:
        every = sorted({folded for label in labels if len(folded := fold(label)[0]) > 1}, key=lambda label: (-len(label), label))
        self._begun: dict[str, list[str]] = defaultdict(list)
        self._cut: dict[str, list[str]] = defaultdict(list)
        for label in every:
            for c in {label[0], label[1] if len(label) >= LOSES_ONE else label[0]}:  # its first letter may be the one that was not read
                self._begun[c].append(label)
            for c in set(label[:-1]):
                self._cut[c].append(label)

    def begun_by(self, text: str) -> Sequence[str]:
        """The labels that a text may begin, or be."""
        return self._begun.get(text[:1], ())

    def cut_at(self, text: str) -> Sequence[str]:
        """The labels of which a text's end may be the beginning."""
        return self._cut.get(text[-1:], ())


def with_spread_joined(page: Page, labels: Iterable[str]) -> Page:
    """The page with those labels joined whose letters stand apart as lines of their own: 费　　率. Nothing is cut and no letter is supplied, so running text stays as it is."""
    wanted = {fold(label)[0] for label in labels if 1 < len(fold(label)[0]) <= 2 * MOST_PARTS}
    changed: dict[int, list[Line]] = {}
    spans = spans_of(page)
    for row in rows_of(spans):
        texts = [fold(s.text)[0] for s in row.spans]
        at = 0
        while at < len(texts):
            upto = next((n for n in range(min(len(texts), at + MOST_PARTS), at + 1, -1)
                         if all(len(t.rstrip(":：")) <= 2 for t in texts[at:n]) and "".join(texts[at:n]).rstrip(":：") in wanted
                         and all(_near(a.line, b.line) for a, b in pairwise(row.spans[at:n]))), at)
            if upto > at:
                changed[id(row.spans[at].line)] = [_merged([s.line for s in row.spans[at:upto]])]
                changed.update({id(s.line): [] for s in row.spans[at + 1 : upto]})
            at = max(upto, at + 1)
    return page.model_copy(update={"lines": tuple(new for span in spans for new in changed.get(id(span.line), [span.line]))}) if changed else page


def _near(left: Line, right: Line) -> bool:
    """Whether two parts may be letters of one label: of two upright labels side by side they stand farther apart."""
    return right.box.x0 - left.box.x1 < MOST_APART * left.box.width / max(1, len(left.text))


def _without_strokes(cells: list[Cell], parts: Sequence[Box], value: Box | None) -> list[Cell]:
    """The cells with those that a label's parts stand in made one: a stroke of a letter had been taken for a rule. Not where a value stands in one too."""
    own = {id(c): c for p in parts for c in [min((c for c in cells if c.box.contains(p.cx, p.cy)), key=lambda c: c.box.area, default=None)] if c is not None}
    if len(own) < 2 or value is not None:
        return cells
    first = min(own.values(), key=lambda c: c.box.x0)
    joined = first.model_copy(update={"box": hull(c.box for c in own.values()), "column_span": sum(c.column_span for c in own.values())})
    return [joined if c is first else c for c in cells if c is first or id(c) not in own]


def _label_at(row: Row, at: int, wanted: _Wanted) -> tuple[int, list[Line]]:
    """How many of the row's lines, from `at` on, make up a label (0: none), and the lines that stand for them then."""
    texts = [fold(s.text)[0] for s in row.spans[at : at + MOST_PARTS]]
    return next((found for label in wanted.begun_by("".join(texts)) if (found := _made_up(row, at, texts, label)) is not None), (0, []))


def _made_up(row: Row, at: int, texts: Sequence[str], label: str) -> tuple[int, list[Line]] | None:
    """As `_label_at`, of one label; None where it doesn't begin there, so that another may."""
    joined = ""
    for n, text in enumerate(texts):
        before, joined = joined, joined + text
        bare = joined.rstrip(":：")
        lines = [s.line for s in row.spans[at : at + n + 1]]
        if label == bare:
            if n and joined == bare and texts[n + 1 : n + 2] == [":"]:  # the colon stands as wide as the letters
                return n + 2, [_merged([*lines, row.spans[at + n + 1].line])]
            return (n + 1, [_merged(lines)]) if n else (0, [])
        if joined.startswith(label) and not n and (_LABELLED.match(joined, len(label)) or _TRANSLATED.match(joined, len(label))):
            return 0, []  # a longer label, or this one with its colon or its English (业务编号 Ref. No.): told from its value without help
        if joined.startswith(label) and label.startswith(before) and (n or len(joined) - len(label) > 1):
            head, rest = _cut(lines[-1], len(label) - len(before))  # the last part goes on with the value
            return n + 1, [_merged([*lines[:-1], head]) if n else head, rest]
        if n and len(label) >= LOSES_ONE and len(bare) == len(label) - 1 and left_out(bare, label) and not _goes_on(texts, n, label):
            return n + 1, [Line(text=label, box=hull(v.box for v in lines), confidence=0.8 * min(v.confidence for v in lines))]
        if not (label.startswith(joined) or (len(label) >= LOSES_ONE and _within(joined, label))):
            break
    return None


def _label_behind(row: Row, at: int, wanted: _Wanted) -> tuple[int, list[Line]]:
    """As `_label_at`, where the label's first letters were read together with the text of the column before it: …加工、销住, 所."""
    line = row.spans[at].line
    folded = fold(line.text)[0]
    if at + 1 >= len(row.spans) or is_organisation(folded):  # a name ends in its own 公司, whatever label stands beside it: …有限公司, 名称
        return 0, []
    for label in wanted.cut_at(folded):
        for own in range(1, len(label)):
            if len(folded) <= own or not folded.endswith(label[:own]):
                continue
            head, tail = _cut(line, len(folded) - own)
            changed = Row((replace(row.spans[at], line=tail, start=0, end=len(tail.text)), *row.spans[at + 1 :]))
            used, lines = _made_up(changed, 0, [fold(s.text)[0] for s in changed.spans[:MOST_PARTS]], label) or (0, [])
            if used > 1:
                return used, [head, *lines]
    return 0, []


def _within(found: str, label: str) -> bool:
    """Whether a text can be the beginning of a label of which one letter was not read."""
    return any((label[:i] + label[i + 1 :]).startswith(found) for i in range(len(label)))


def _goes_on(texts: Sequence[str], n: int, label: str) -> bool:
    return n + 1 < len(texts) and "".join(texts[: n + 2]).startswith(label)


def _cut(line: Line, count: int) -> tuple[Line, Line]:
    """A line cut behind its first `count` characters that aren't white space."""
    places = fold(line.text)[1]
    return _part(line, 0, places[count - 1] + 1), _part(line, places[count], len(line.text))


def _part(line: Line, start: int, end: int) -> Line:
    known = len(line.xs) == len(line.text)
    return Line(text=line.text[start:end], box=line.part(start, end), confidence=line.confidence, xs=line.xs[start:end] if known else (),
                sure=line.sure[start:end] if len(line.sure) == len(line.text) else ())


def _merged(lines: Sequence[Line]) -> Line:
    known = all(len(v.xs) == len(v.text) and len(v.sure) == len(v.text) for v in lines)
    return Line(text="".join(v.text for v in lines), box=hull(v.box for v in lines), confidence=fmean(v.confidence for v in lines),
                xs=tuple(x for v in lines for x in v.xs) if known else (), sure=tuple(s for v in lines for s in v.sure) if known else ())
