"""What a page's headings and phrases say of the type of paper that it is of.

In:    rows of a page, its text.
Out:   for each type a sum of evidence, from headings and from the body.
Elsewhere: the headings and phrases themselves (sorting.toml, read by vocabulary.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extractors.sorting.rows import Row
from extractors.sorting.vocabulary import Title, letters_of, titles_perhaps_in, vocabulary
from models.geometry import Box
from models.paper import PaperType
from models.text import compact

_TITLE_WEIGHT = 6.0
_HINT_WEIGHT = 2.5
_CUES_AT_MOST = 9.0
_KIND = 3  # characters at a title's end that say what kind of paper it is (申请表), of which one at least must stand there
PLAIN = 4.0  # a heading this clear leaves no doubt that the paper begins here


def heading_evidence(rows: Sequence[Row]) -> dict[PaperType, float]:
    """Evidence for each type from what stands as a heading."""
    heights = [line.box.height for row in rows for line in row.lines]
    usual = median(heights) if heights else 0.02
    candidates: list[tuple[str, float]] = []
    for i, row in enumerate(rows):
        candidates += [(compact(x.text), _prominence(x.box, usual, i)) for x in (*row.lines, *((row,) if len(row.lines) > 1 else ()))]
        if i + 1 < len(rows) and len(row.lines) == len(rows[i + 1].lines) == 1 and rows[i + 1].box.y0 - row.box.y1 < 1.2 * usual:  # heading in two lines
            both = row.text + rows[i + 1].text
            if len(both) <= 36:
                candidates.append((both, 0.9 * _prominence(row.box.union(rows[i + 1].box), 2 * usual, i)))
    lines = [(t, titles_perhaps_in(letters_of(t)), p) for t, p in candidates if 2 <= len(t) <= 44 and p > 0.2]
    out: dict[PaperType, float] = {}
    for n, words in enumerate(vocabulary()):
        best = best_hint = 0.0
        for text, titles, weight in lines:
            ceiling = _TITLE_WEIGHT * weight
            if ceiling > best and not any(x in text for x in words.excluded):
                best = max(best, ceiling * _best_title(titles.get((n, False), ()), text, weight))
                if len(text) <= 40 and any(p.search(text) for p in words.patterns):
                    best = max(best, ceiling * 0.9)
            if _HINT_WEIGHT * weight > best_hint:
                best_hint = max(best_hint, _HINT_WEIGHT * weight * _best_title(titles.get((n, True), ()), text, weight))
        if best or best_hint:
            out[words.type] = max(best + 0.3 * best_hint, best_hint)
    return out


def _prominence(box: Box, usual: float, row: int) -> float:
    """How much a line looks like a heading, 0 to 1: larger than the rest, centred, at the top."""
    big = box.height / usual if usual else 1.0
    weight = 0.5
    weight += 0.3 if big >= 1.6 else 0.2 if big >= 1.25 else 0.0
    weight += 0.15 if abs(box.cx - 0.5) < 0.12 else 0.0
    weight += 0.15 if row < 5 else 0.0
    if box.y0 > 0.35 and big < 1.35:
        weight *= 0.4
    return min(1.0, weight)


def _best_title(titles: Iterable[Title], text: str, weight: float) -> float:
    return max((_title_fits(t, text, weight) for t in titles), default=0.0)


def _title_fits(wanted: Title, text: str, weight: float) -> float:
    """How well a line bears a title, 0 to 1: few misread characters, little else in the line."""
    title, allowed, _ = wanted
    n = len(title)
    if len(text) < n - allowed:
        return 0.0
    if title in text:
        wrong = 0
    else:
        if not allowed:
            return 0.0
        borne = text
        if len(text) > n:
            found = fuzz.partial_ratio_alignment(title, text, score_cutoff=100 * (1 - allowed / n) - 1)
            if found is None:
                return 0.0
            borne = text[found.dest_start : found.dest_end]
        wrong = Levenshtein.distance(title, borne, score_cutoff=allowed)
        if wrong > allowed or not set(title[-_KIND:]) & set(borne):
            return 0.0
    share = n / len(text)
    if n <= 3:
        room = 1.0 if share >= 0.6 else 0.5 if share >= 0.3 and weight > 0.75 else 0.0
    else:
        room = 1.0 if share >= 0.5 else 0.8 if share >= 0.3 else 0.6 if weight > 0.8 else 0.3
    length = 1.0 if n >= 4 else 0.9  # a longer title says more
    return room * length * (1.0 - 0.15 * wrong) * (1.0 + 0.02 * min(n, 10)) / 1.2


def _nearly(cue: str, text: str, pairs: frozenset[str]) -> bool:
    """Whether a long cue stands on the page with a character or two misread."""
    if len(cue) < 6:
        return False
    wrong = 1 if len(cue) < 12 else 2  # each misread character spoils two pairs
    return sum(a + b in pairs for a, b in pairwise(cue)) >= len(cue) - 1 - 2 * wrong and sum(c in text for c in cue) >= len(cue) - wrong


def cue_evidence(text: str, pairs: frozenset[str], lines: Sequence[str]) -> tuple[dict[PaperType, float], dict[PaperType, float]]:
    """Evidence from the body, for each type and for a later page of each type."""
    body: dict[PaperType, float] = {}
    later: dict[PaperType, float] = {}
    for words in vocabulary():
        total = sum(w for cue, w in words.cues.items() if cue in text or ((not words.exact or len(cue) >= 9) and _nearly(cue, text, pairs)))
        further = sum(w for cue, w in words.further.items() if cue in text or _nearly(cue, text, pairs))
        further += sum(w for mark, w in words.later if any(mark.search(line) for line in lines))
        total += sum(w for mark, w in words.marks if any(mark.search(line) for line in lines))
        body[words.type] = total + 0.6 * further
        later[words.type] = min(4.0, further)
    body = {t: min(_CUES_AT_MOST, s) for t, s in body.items()}
    return body, later


def goods_or_premium(body: dict[PaperType, float], headings: dict[PaperType, float], sealed_by_insurer: bool) -> None:
    """Share an invoice's evidence out between invoices for goods and invoices of insurers, by what it says of insurance."""
    invoice = body.get(PaperType.SALES_INVOICE, 0.0)
    heading = headings.get(PaperType.SALES_INVOICE, 0.0)
    insurance = max(-3.0, min(3.0, body.get(PaperType.PREMIUM_INVOICE, 0.0) + (2.0 if sealed_by_insurer else 0.0) - 1.5))
    if invoice + heading >= 2.0:
        body[PaperType.PREMIUM_INVOICE], headings[PaperType.PREMIUM_INVOICE] = max(0.0, invoice + insurance), max(heading, headings.get(PaperType.PREMIUM_INVOICE, 0.0))
        body[PaperType.SALES_INVOICE] = max(0.0, invoice - insurance)
    else:
        body[PaperType.PREMIUM_INVOICE] = 0.0
