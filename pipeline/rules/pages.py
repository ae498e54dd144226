"""Pages that stand in two submissions: the same sheet, scanned twice or copied.

In:    the prints of a batch's pages.
Out:   pairs of pages that bear one print: the same numbers, but for a slip of reading, and the same words.
Fails: never; a page with few numbers is taken for nobody's copy, since two filled-in copies of one form share all their words.
Source: the rulebook, duplicate_page: by content, not by bytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from models.page import PagePrint

DIGITS = 6      # digits from which a number tells something
FEWEST = 3      # numbers that a page must bear to be told apart by them
COMMON = 50     # a number that stands on more pages than these, an insurer's account, proposes no pair
SLIPPED = 0.1   # share of a page's numbers that may be misread, one character each
ALIKE = 90      # likeness of the words, 0 to 100
_NUMBER = re.compile(r"[A-Za-z]*\d[\d,.\-/]*\d")
_MARKS = re.compile(r"[,.\-/]")


@lru_cache(maxsize=4096)
def numbers_of(text: str) -> frozenset[str]:
    """The telling numbers of a print: accounts, amounts, days, numbers of documents, without their separators."""
    found = (_MARKS.sub("", number) for number in _NUMBER.findall(text))
    return frozenset(number.upper() for number in found if sum(c.isdigit() for c in number) >= DIGITS)


def same_print(a: str, b: str) -> bool:
    """Whether two prints are one sheet's."""
    left, right = numbers_of(a), numbers_of(b)
    most = max(len(left), len(right))
    if min(len(left), len(right)) < FEWEST:
        return False
    lone, other = left - right, right - left
    if max(len(lone), len(other)) > SLIPPED * most:
        return False
    if not all(any(Levenshtein.distance(number, twin, score_cutoff=1) <= 1 for twin in other) for number in lone):
        return False
    return fuzz.ratio(a, b, score_cutoff=ALIKE) > 0


def pairs(prints: Sequence[tuple[str, PagePrint]]) -> Iterator[tuple[int, int]]:
    """Which of the pages, each with its submission, bear one print and stand in two submissions; as places in the list, the earlier first."""
    holders: dict[str, list[int]] = defaultdict(list)
    for at, (_, page) in enumerate(prints):
        for number in numbers_of(page.text):
            holders[number].append(at)
    proposed = {
        (a, b) for places in holders.values() if len(places) <= COMMON for n, a in enumerate(places) for b in places[n + 1:] if prints[a][0] != prints[b][0]}
    yield from sorted(pair for pair in proposed if same_print(prints[pair[0]][1].text, prints[pair[1]][1].text))
