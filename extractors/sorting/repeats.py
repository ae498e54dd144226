"""Further scans of one page.

In:    pages, or their traits. Out: which pages repeat which, or the pages without repeats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.sorting.traits import Traits, look
from models.dates import find_dates
from models.page import Page
from models.text import compact


def distinct(pages: Sequence[Page]) -> tuple[Page, ...]:
    """A paper's pages without second scans of the same page; of two, the one read with more confidence stays."""
    traits = [look(page) for page in pages]
    kept = list(range(len(pages)))
    for i, first in repeats_in(traits).items():
        worse = i if _sureness(pages[i]) <= _sureness(pages[first]) else first
        if worse in kept and len(kept) > 1:
            kept.remove(worse)
    return tuple(pages[i] for i in kept)


def repeats_in(traits: Sequence[Traits]) -> dict[int, int]:
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


def _sureness(page: Page) -> float:
    return sum(line.confidence * len(line.text) for line in page.lines)
