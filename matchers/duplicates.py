"""The same scanned page in two submissions: found among very many by its look, decided by what it says and where.

In:    a `PageMark` of each page; for pairs that are proposed, the two `Page`s.
Out:   pairs of pages that are one sheet, with the reason in Chinese.
Fails: never; a page on which too little stands to know it again is the same as none.
Source: rulebook, duplicate_page: "the same scanned page (by content, not by bytes)".

Two filled-in copies of one form look alike, so a look only proposes. What decides are figures (numbers, dates, amounts) and lines: the two pages
are laid over each other, and one figure that differs at its place, where both readings are sure of it, makes them two sheets.
A page of print without figures of its own (general conditions) can't be told from another print of it, and isn't.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from statistics import median
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from matchers.names import Match
from models.page import Line, Page
from models.text import HAS_CJK, nfkc

LOOK_NEAR = 12   # of 64 bits; 98 of 100 pages scanned twice differ in no more
ROWS = 24        # smallest hashes of a page's figures that are kept
SHARED = 3       # of these, in pages that are worth laying over each other
SHARE = 0.25     # of these, as a share of the shorter page's; copies have WHOLE of their figures in common, which is some 0.4 of these
SURE = 0.85      # certainty of its weakest character from which a figure counts as read
FEWEST = 3       # figures in common from which a page is known again
WHOLE = 0.6      # share of the shorter page's figures and lines that must be found at their place
LINE_LIKE = 0.75 # lines less alike than this, both surely read, say different things
KEPT = 512       # pages that are held against others and kept in hand
_STRIP = 512     # looks compared with as many at once: they stay in the processor's cache
_AT_ONCE = 65_536
_SMALLEST = 4
_FIGURE = re.compile(r"[A-Za-z]*\d[0-9A-Za-z.,:/-]*")
_DIGIT = re.compile(r"\d")
_SEPARATORS = re.compile(r"[.,:/-]")
_DATE = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_SHORTEST = 4    # characters of a figure
_APART = (0.025, 0.012)  # how far a figure may lie from its place, as shares of the page
_NONE = np.uint32(0xFFFFFFFF)


class PageMark(NamedTuple):
    """What of a page is kept to find it again. digest: the smallest hashes of its figures, in order; () where it has too few."""

    look: int
    digest: tuple[int, ...]


class Sheet(NamedTuple):
    """A page as filed. owner: the submission; product: what it is about, pages of one product aren't held against each other; key: how to get at the page."""

    owner: Hashable
    product: Hashable
    key: Hashable
    mark: PageMark


class Pair(NamedTuple):
    """Two filings of one sheet of paper, and why they are one."""

    first: Sheet
    second: Sheet
    match: Match


class Figure(NamedTuple):
    """A number, date or amount on a page: without separators, the middle of its place, certainty of its weakest character."""

    text: str
    x: float
    y: float
    certainty: float


def mark_of(page: Page) -> PageMark:
    """What to keep of a page; without look or digest it is never proposed."""
    distinct = {figure.text for figure in figures_of(page)}
    if len(distinct) < FEWEST:
        return PageMark(page.look, ())
    return PageMark(page.look, tuple(sorted(crc32(text.encode()) for text in distinct)[:ROWS]))


def figures_of(page: Page) -> tuple[Figure, ...]:
    """A page's figures of at least four characters, dates written alike."""
    return tuple(figure for line in page.lines for figure in _figures(line))


def _figures(line: Line) -> Iterator[Figure]:
    if not _DIGIT.search(line.text):
        return
    text = nfkc(line.text)
    if len(text) != len(line.text):  # places are by character
        text = line.text
    for found in (*_DATE.finditer(text), *_FIGURE.finditer(_DATE.sub(lambda m: " " * len(m[0]), text))):
        bare = f"{found[1]}{found[2]:0>2}{found[3]:0>2}" if found.re is _DATE else _SEPARATORS.sub("", found[0]).upper()
        if len(bare) >= _SHORTEST and sum(c.isdigit() for c in bare) >= 2:
            box = line.part(*found.span())
            yield Figure(bare, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, line.certainty(*found.span()))


# ---------------------------------------------------------------- proposing


def duplicate_pages(sheets: Sequence[Sheet], page_of: Callable[[Hashable], Page]) -> tuple[Pair, ...]:
    """Pages that stand in submissions of different owners and products. page_of: a sheet's page by its key, asked for pairs that look alike only.

    Licences and certificates of a company are everybody's to file: leave them out of `sheets`.
    """
    out = []
    laid = lru_cache(maxsize=KEPT)(lambda place: _Laid(page_of(sheets[place].key)))
    for one, other in proposed([sheet.mark for sheet in sheets]):
        first, second = sheets[one], sheets[other]
        if first.owner != second.owner and first.product != second.product:
            match = _same(laid(one), laid(other))
            if match.score:
                out.append(Pair(first, second, match))
    return tuple(out)


def proposed(marks: Sequence[PageMark]) -> Iterator[tuple[int, int]]:
    """Places of pages that look alike and have figures in common, each pair once, in order.

    All looks are compared with all, in strips that stay in the processor's cache: 100,000 pages take some ten seconds and 10 MB.
    """
    known = [i for i, mark in enumerate(marks) if mark.look and mark.digest]
    looks = np.array([marks[i].look for i in known], dtype=np.uint64)
    digests = np.full((len(known), ROWS), _NONE, dtype=np.uint32)
    for row, i in enumerate(known):
        digests[row, : len(marks[i].digest)] = marks[i].digest
    smallest, lengths = np.ascontiguousarray(digests[:, :_SMALLEST]), (digests != _NONE).sum(axis=1)
    for start in range(0, len(known), _STRIP):
        strip = looks[start : start + _STRIP, None]
        for other in range(start, len(known), _STRIP):
            near = np.bitwise_count(strip ^ looks[None, other : other + _STRIP]) <= LOOK_NEAR
            left, right = (places + offset for places, offset in zip(np.nonzero(near), (start, other), strict=True))
            later = left < right
            left, right = left[later], right[later]
            for a, b in zip(*_sharing(digests, smallest, lengths, left, right), strict=True):
                yield known[a], known[b]


def _sharing(
    digests: npt.NDArray[np.uint32], smallest: npt.NDArray[np.uint32], lengths: npt.NDArray[np.intp], left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]
) -> tuple[list[int], list[int]]:
    """Of pairs those whose digests share enough. smallest: the beginnings of the digests; lengths: how much of each there is."""
    kept_left: list[int] = []
    kept_right: list[int] = []
    for start in range(0, len(left), _AT_ONCE):
        a, b = left[start : start + _AT_ONCE], right[start : start + _AT_ONCE]
        one, other = smallest[a], smallest[b]  # nearly all pairs fall here: sheets that share figures share one of the smallest
        some = np.zeros(len(a), dtype=bool)
        for i in range(_SMALLEST):
            for j in range(_SMALLEST):
                some |= (one[:, i] == other[:, j]) & (one[:, i] != _NONE)
        a, b = a[some], b[some]
        both = np.sort(np.concatenate((digests[a], digests[b]), axis=1), axis=1)
        shared = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] != _NONE)).sum(axis=1)
        kept = (shared >= SHARED) & (shared >= SHARE * np.minimum(lengths[a], lengths[b]))
        kept_left += a[kept].tolist()
        kept_right += b[kept].tolist()
    return kept_left, kept_right


# ---------------------------------------------------------------- deciding


def same_page(a: Page, b: Page) -> Match:
    """Whether two pages are scans of one sheet: 1 or 0 with the reason. Laid over each other, figures and lines agree and none surely differs."""
    return _same(_Laid(a), _Laid(b))


class _Laid:
    """A page on the table beside others; what is compared of it is found once, its figures only for a page that another one fits."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures_of(self.page)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines that the page has once, by their text."""
        count = Counter(line.text for line in self.page.lines)
        return {line.text: line for line in self.page.lines if count[line.text] == 1 and len(line.text) >= 2}


def _same(first: _Laid, second: _Laid) -> Match:
    a, b = first.page, second.page
    place = _alignment(first, second)
    if place is None:
        return Match(0.0, "两页文字不能对齐")
    left, right = first.figures, second.figures
    same, other = _compared(map(place.figure, left), right)
    if other:
        return Match(0.0, f"同一位置数字不同：{other[0].text}与{other[1].text}")
    if len({figure.text for figure in same}) < FEWEST or len(same) < WHOLE * min(len(left), len(right)):
        return Match(0.0, f"相同位置一致的数字仅{len(same)}处")
    alike, differing = _lines_compared(place, a.lines, b.lines)
    if differing:
        return Match(0.0, f"同一位置文字不同：{differing[0]}与{differing[1]}")
    fewer = min(sum(map(_says, a.lines)), sum(map(_says, b.lines)))
    if alike < WHOLE * fewer:
        return Match(0.0, f"相同位置一致的文字仅{alike}行")
    return Match(1.0, f"两页叠合后数字{len(same)}处、文字{alike}行在同一位置一致，无一处不同")


class _Placement(NamedTuple):
    """How the one page lies on the other: scale and shift along both sides."""

    x_scale: float
    x_shift: float
    y_scale: float
    y_shift: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return x * self.x_scale + self.x_shift, y * self.y_scale + self.y_shift

    def figure(self, figure: Figure) -> Figure:
        x, y = self.point(figure.x, figure.y)
        return figure._replace(x=x, y=y)


def _alignment(a: _Laid, b: _Laid) -> _Placement | None:
    """From lines that both pages have once; None where there are too few."""
    common = [(a.lines[text].box, b.lines[text].box) for text in a.lines.keys() & b.lines.keys()]
    if len(common) < FEWEST:
        return None
    x = _fitted([(p.x0, q.x0) for p, q in common])
    y = _fitted([((p.y0 + p.y1) / 2, (q.y0 + q.y1) / 2) for p, q in common])
    return _Placement(*x, *y)


def _fitted(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Scale and shift by the median of slopes between points far apart (Theil and Sen), so that a few strays don't matter."""
    points = sorted(points)
    half = len(points) // 2
    slopes = [(q[1] - p[1]) / (q[0] - p[0]) for p, q in zip(points, points[half:], strict=False) if q[0] - p[0] > 0.05]
    scale = median(slopes) if slopes else 1.0
    return scale, median(q - scale * p for p, q in points)


def _compared(left: Iterable[Figure], right: Sequence[Figure]) -> tuple[list[Figure], tuple[Figure, Figure] | None]:
    """Figures that both pages have at one place, up to the first pair that differs there although both are surely read."""
    same: list[Figure] = []
    across, down = _APART
    for figure in left:
        there = [other for other in right if abs(other.y - figure.y) <= down and abs(other.x - figure.x) <= across]
        if any(other.text == figure.text for other in there):
            same.append(figure)
            continue
        for other in there:
            cut_off = figure.text in other.text or other.text in figure.text  # lines may be parted otherwise
            if not cut_off and min(figure.certainty, other.certainty) >= SURE:
                return same, (figure, other)
    return same, None


def _says(line: Line) -> bool:
    return len(line.text) >= 3 and bool(HAS_CJK.search(line.text))


def _lines_compared(place: _Placement, left: Sequence[Line], right: Sequence[Line]) -> tuple[int, tuple[str, str] | None]:
    """How many lines agree at their place, and a pair that doesn't although both are surely read and equally long on paper."""
    alike = 0
    differing = None
    for line in filter(_says, left):
        x, y = place.point(line.box.x0, (line.box.y0 + line.box.y1) / 2)
        end, _ = place.point(line.box.x1, 0)
        there = [o for o in right if _says(o) and abs((o.box.y0 + o.box.y1) / 2 - y) <= _APART[1] and abs(o.box.x0 - x) <= _APART[0]]
        best = max(((Indel.normalized_similarity(line.text, o.text), o) for o in there), key=lambda found: found[0], default=None)
        if best is None:
            continue
        score, other = best
        if score >= LINE_LIKE:
            alike += 1
        elif abs(other.box.x1 - end) <= 2 * _APART[0] and min(_certainty(line), _certainty(other)) >= SURE:
            differing = differing or (line.text, other.text)
    return alike, differing


def _certainty(line: Line) -> float:
    return line.certainty(0, len(line.text))
