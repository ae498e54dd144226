"""Which of several names a stamp bears, by what its reader saw at each place of the arc.

In:    a seal's places (characters with how likely each is), a name, and how alike two characters look.
Out:   `Explained`: what it costs to take the reading for the name; `chosen`: the one name that explains it clearly better than chance and its rivals.
Fails: never; where no name is good enough there is none.
Elsewhere: which names the papers give (pipeline/stamps.py), names compared as text (matchers/names.py).

A price is a logarithm of odds: 0 for what was read itself, a little for another character that the reader thought possible or that looks like the
one it saw, very much for one that looks otherwise where it was sure. So a misread name is found again and a different one stays different.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from matchers.names import LIKE, ROUGHLY, SHORTEST, Match, match_reading, normalise, same_or_branch, similarity, take_apart
from models.name_words import FORMS
from models.page import Chances, Seal

Alike = Callable[[str, str], float]

SURE = 0.75  # from this on a character that looks otherwise isn't taken for a misreading
CERTAIN = 0.95  # and from this on it speaks for another company
LOOKALIKE = 0.4  # likeness from which one may be taken for the other all the same
NEVER = 1e6
UNALIKE = (2.5, 2.2)  # price of another character than the one seen: at even odds, and for each unit of log odds
LEAST = 0.8
OVERLOOKED = 6.0  # a character that should stand where the reader saw no room for one
AT_THE_ENDS = 2.5  # the same at either end of the arc, where stamps are pale and cut
IN_A_GAP = 1.2  # the same where there is room for one
NO_LETTER = 3.0  # a gap with room for one where the name has none
RUBBISH = 0.3  # share of the price for a mark that is no Chinese character
BEYOND = 0.6  # share of the price for a character beyond the name's ends, where a ring leaves marks
KNOWN = 0.5  # share of the budget that a company has which the submission doesn't name
BUDGET, MOST = 0.6, 10.5  # price that a name may have: for each of its characters, and altogether
APART = 2.4  # by how much a name must be cheaper than the next
SELDOM = 2.0  # at most, what a name costs that is printed seldom


class Explained(NamedTuple):
    """price: of taking the reading for the name. seen: for each of the name's characters, how likely the reader thought it, likeness counted in, 0 to 1.

    against: characters that were read for sure and that the name hasn't, nor any that look like them.
    """

    price: float
    seen: tuple[float, ...]
    against: int


def evidence(seal: Seal) -> tuple[Chances, ...]:
    """What the reader saw, place by place; of a seal known by its text alone, that text, as sure as the seal is."""
    return seal.places or tuple(((c, seal.confidence), ("", 1 - seal.confidence)) for c in seal.raw or seal.text)


class _Prices:
    """What it costs to take places of a seal for names: what doesn't hang on the name is counted once, the price of a character once a place."""

    def __init__(self, places: Sequence[Chances], alike: Alike) -> None:
        self.places, self._alike = places, alike
        count = len(places)
        gaps = [_is_gap(place) for place in places]
        self._added = [_added(place) for place in places]
        self._missing = [AT_THE_ENDS if i in (0, count) or any(gaps[i - 1 : i + 1]) else OVERLOOKED for i in range(count + 1)]
        self._swapped: list[dict[str, float]] = [{} for _ in places]

    def table(self, name: str, most: float = math.inf) -> list[list[float]]:
        """Row i, column j: the least that the first i places cost, taken for the name's first j characters. most: from where on no price matters; the rows end there."""
        before = [0.0]
        for _ in name:
            before.append(before[-1] + self._missing[0])
        out = [before]
        for place, added, known, missing in zip(self.places, self._added, self._swapped, self._missing[1:], strict=True):
            outside = added * BEYOND
            cost = before[0] + outside
            row = [cost]
            for j, c in enumerate(name):
                swapped = known.get(c)
                if swapped is None:
                    swapped = known[c] = _swapped(place, c, self._alike)
                cost = min(before[j] + swapped, before[j + 1] + (outside if j + 1 == len(name) else added), cost + missing)
                row.append(cost)
            out.append(row)
            before = row
            if min(row) > most:  # no step costs less than nothing
                break
        return out

    def price(self, name: str, most: float = math.inf) -> float:
        """What it costs to take the places for a name; NEVER where that is surely more than `most`."""
        table = self.table(name, most)
        return table[-1][-1] if len(table) > len(self.places) else NEVER

    def explained(self, name: str, certain: float = CERTAIN) -> Explained:
        """The cheapest way from what was seen to a name, step by step. certain: how sure a character must be that is counted as one against the name."""
        best = self.table(name)
        seen, against = [0.0] * len(name), 0
        i, j = len(self.places), len(name)
        while i or j:
            ways = []
            if i and j:
                ways.append((best[i - 1][j - 1] + self._swapped[i - 1][name[j - 1]], "swap"))
            if i:
                ways.append((best[i - 1][j] + self._added[i - 1] * (BEYOND if j in (0, len(name)) else 1.0), "add"))
            if j:
                ways.append((best[i][j - 1] + self._missing[i], "miss"))
            step = min(ways)[1]
            if step == "swap":
                seen[j - 1] = _seen(self.places[i - 1], name[j - 1], self._alike)
            elif step == "add":
                c, sure = _top(self.places[i - 1])
                against += sure >= certain and is_chinese(c)
            i, j = i - (step != "miss"), j - (step != "add")
        return Explained(best[-1][-1], tuple(seen), against)


def explained(places: Sequence[Chances], name: str, alike: Alike, certain: float = CERTAIN) -> Explained:
    """The cheapest way to get from what was seen to a name: characters misread, overlooked, or seen where there are none.

    certain: how sure a character must be that is counted as one against the name.
    """
    return _Prices(places, alike).explained(name, certain)


def is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _top(place: Chances) -> tuple[str, float]:
    return place[0] if place else ("", 1.0)


def _is_gap(place: Chances) -> bool:
    """Whether there is room for a character at a place where hardly any was seen."""
    return place[:1] == (("", 1.0),)


def _log_odds(chance: float) -> float:
    return math.log(max(chance, 0.01) / (1.004 - min(chance, 1.0)))


def _swapped(place: Chances, wanted: str, alike: Alike) -> float:
    """Price of a wanted character where this was seen."""
    seen, sure = _top(place)
    if seen == wanted:
        return 0.0
    known = next((chance for c, chance in place if c == wanted), 0.0)
    likely = math.log(sure / known) if known else NEVER
    if not seen:
        return min(likely, IN_A_GAP if _is_gap(place) else OVERLOOKED) if known < sure else 0.0
    like = alike(seen, wanted)
    if sure >= SURE and like < LOOKALIKE and known < 0.01:
        return NEVER
    base, slope = UNALIKE
    return min(likely, max(LEAST, (base + slope * _log_odds(sure)) * (1 - 0.6 * like)))


def _added(place: Chances) -> float:
    """Price of there being nothing where this was seen."""
    seen, sure = _top(place)
    if not seen:
        return NO_LETTER if _is_gap(place) else 0.0
    nothing = next((chance for c, chance in place if not c), 0.0)
    base, slope = UNALIKE
    price = max(LEAST, base + slope * _log_odds(sure)) * (1.0 if is_chinese(seen) else RUBBISH)
    return min(price, math.log(sure / nothing)) if nothing else price


def _seen(place: Chances, wanted: str, alike: Alike) -> float:
    known = next((chance for c, chance in place if c == wanted), 0.0)
    seen, sure = _top(place)
    return max(known, 0.5 * sure * alike(seen, wanted) if seen and alike(seen, wanted) >= LOOKALIKE else 0.0)


def affordable(found: Explained, name: str, share: float = 1.0) -> bool:
    """Whether a reading may be this name: cheap for its length, and what tells the company apart (字号) was seen, half of it at least."""
    if found.price > share * min(MOST, BUDGET * len(name)):
        return False
    brand = take_apart(name).brand
    at = name.find(brand)
    own = found.seen[at : at + len(brand)] if at >= 0 else found.seen
    return sum(chance >= 0.1 for chance in own) * 2 >= len(own)


def chosen(seal: Seal, names: Mapping[str, int], alike: Alike, others: Iterable[str] = ()) -> str | None:
    """The name that a seal bears; None where none explains its reading, or two do as well.

    names: those that the submission gives, as printed, with how often. others: companies that there are besides: they must explain the reading better.
    """
    prices = _Prices(evidence(seal), alike)
    named, known = _by_key(names), _by_key(others)
    most = max(names.values(), default=1)

    best = second = (NEVER, "")
    for key in {**known, **named}:
        # a little more for what is hardly ever printed: a misreading of another name, most often
        seldom = min(SELDOM, math.log(most / max(1, names.get(named.get(key, ""), 0))))
        found = (prices.price(key, best[0] + APART - seldom) + seldom, key)
        if not best[1] or found[0] < best[0]:
            best, second = found, best
        elif not second[1] or found[0] < second[0]:
            second = found
    key, apart = best[1], second[0] - best[0]
    if not key or apart < APART or not affordable(prices.explained(key), key, 1.0 if key in named else KNOWN):
        return None
    return named.get(key) or known[key]


def _by_key(names: Iterable[str]) -> dict[str, str]:
    """Names that can stand on a seal by the form in which they are compared."""
    return {key: name for name in names if (key := normalise(name)) and len(key) >= SHORTEST and not key.startswith(FORMS)}


def match_seal(seal: Seal, expected: str, alike: Alike, others: Iterable[str] = ()) -> Match:
    """Whether a seal is the expected company's, perhaps its branch's or its head office's: by what its reader saw, where that is known, else by its text.

    others: further companies that it might be.
    """
    match = match_reading(seal.text, expected, others)
    if match.score < LIKE or not seal.places or same_or_branch(seal.text, expected) or normalise(seal.text) in normalise(expected):
        return match
    return Match(LIKE / 2, "印章上有确切读出而该名称没有的字") if bears_another(seal, expected, alike) else match


def bears_another(seal: Seal, name: str, alike: Alike, certain: float = CERTAIN) -> bool:
    """Whether a seal that reads nearly like a name surely isn't its own: it bears a character, read for sure, that the name hasn't."""
    return nearly(seal, name) and explained(evidence(seal), normalise(name), alike, certain).against > 0


def nearly(seal: Seal, name: str) -> bool:
    """Whether a seal, of which each character's surety is known, reads nearly like a name: it may be that name misread."""
    return bool(seal.places) and similarity(seal.raw or seal.text, normalise(name)) >= ROUGHLY
