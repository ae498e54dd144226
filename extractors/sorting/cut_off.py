"""Pages that were cut off from the beginning of their paper: photographs, files in another order, a stray page in between.

In:    runs of pages. Out: the runs with those that begin on a later page joined to what they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.sorting.numbering import Clause, PageNumber
from extractors.sorting.path import Run
from extractors.sorting.scores import SINGLE, names_agree, opens_score
from extractors.sorting.traits import Traits
from models.paper import PaperType


def join_cut_off(runs: list[Run], traits: Sequence[Traits]) -> list[Run]:
    """Join runs that begin on a later page to the paper they belong to: photographs, files in another order, a stray page in between."""
    whole = list(runs)
    for run in sorted(runs, key=lambda r: traits[r.pages[0]].page_number or PageNumber(99, 0, False)):
        if not run.cut_off and opens_score(traits[run.pages[0]], run.type) > -1.4:
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
        if not fits or run.type is not PaperType.OTHER or head.type in SINGLE:
            return -9.0
        fits -= 0.8
    else:
        fits += 1.5 if not head.cut_off and opens_score(start, head.type) > -1.4 else 1.0
    pages = [traits[i] for i in run.pages]
    for name in {n for t in pages for n in t.numbers}:
        there = {x for i in head.pages for x in traits[i].numbers.get(name, ())}
        if there:
            fits += 3.0 if there & {x for t in pages for x in t.numbers.get(name, ())} else -5.0
    names = {n for t in pages for n in t.names}
    fits += 2.0 * names_agree({n for i in head.pages for n in traits[i].names}, names)
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
