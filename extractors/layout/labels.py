"""Labels and their values on all pages of a paper.

In:    pages, a table of labels.
Out:   the hits of each key, surest first.
Elsewhere: where labels stand (sites.py), what governs them (groups.py), their values (values.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.layout.groups import Groups
from extractors.layout.likely import likely, likeness_of
from extractors.layout.sites import labelled
from extractors.layout.values import Hit, hit_at, second
from extractors.layout.wording import Labels, Wanted
from models.page import Page


def label_values(pages: Sequence[Page], labels: Labels) -> dict[str, list[Hit]]:
    """Find labels and the values that stand with them.

    labels: for each key (a field's name, or any name of the caller's) the labels under which papers print it, best first. "投保人>名称" asks
        for 名称 where 投保人 governs it: in a cell to its left, or as the nearest such heading above. Labels are compared without white space,
        ordinals, units in brackets and colons, with one misread character from 4 characters on and two from 7; the best fitting label of the
        whole table takes a place, so give also labels whose values aren't wanted (under a key of their own, "_", say): they bound values.
    Where no label of a key was found, those unknown ones count that are like its own and like no other key's (likely.py), for what a guess is worth.
    Returns for every key its hits, surest first and in order on the pages where equally sure; blank ones too (`Hit.blank`).
    """
    out: dict[str, list[Hit]] = {name: [] for name in labels}
    wanted = Wanted(labels)
    read = [labelled(page, index, wanted) for index, page in enumerate(pages)]
    for on in read:
        groups = Groups(on.sheet, wanted.groups)
        for site in on.sites:
            governed = groups.governs(site)
            if governed > 0:
                first = hit_at(on, site, governed)
                out[first.field] += [first, *second(on, site, first)]
    missing = {name for name, hits in out.items() if not hits and not name.startswith("_")}
    likeness = likeness_of(wanted)
    for on in read if missing else ():
        for site in likely(on, likeness, missing):
            hit = hit_at(on, site, 1.0)
            if not hit.blank and not likeness.is_heading(hit.piece.text):
                out[hit.field].append(hit)
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
