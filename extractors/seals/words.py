"""Doubtful characters of a seal's arc, read by the words that they make with their neighbours.

In:    a Reading of the arc, with what else the network thought possible at each place.
Out:   the same, a doubtful character given way to another that was seen there, too, where that makes a word of many names ("宁渡市" → "宁波市", "监露管理局" → "监督管理局").
Elsewhere: names that a submission gives (matchers/stamps.py): none is known here, so no company is put where another, or nothing, was read.

Nothing is taken that the network didn't see, nothing that it read for sure is touched, and what it saw stays in `places`. A character chosen so is never sure.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.ocr.recognition import Place, Reading
from models.name_words import BRANCHES, CITIES, FORMS, OFFICES, PROVINCES, TRADES

_SURE = 0.9  # a character read with this much stays what it is
_SEEN = 0.01  # what was seen with less wasn't seen
_WORTH = 3.0  # how much likelier (logarithm) a word makes each of its characters after the first: far less than names bear out, so that what was seen decides
_AT_MOST = 0.6  # how sure a character is that only its word speaks for
_WORDS = frozenset(word for word in (*PROVINCES, *CITIES, *FORMS, *TRADES, *OFFICES, *BRANCHES, "中国", "财产保险", "股份", "有限", "责任", "集团", "国家", "（集团）") if len(word) > 1)
_LONGEST = max(map(len, _WORDS))


def _by_first(words: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        out[word[0]].append(word)
    return {first: tuple(group) for first, group in out.items()}


_BY_FIRST = _by_first(_WORDS)


def read_by_words(reading: Reading) -> Reading:
    """The likeliest way to read an arc if names are made of words; a reading without `places` stays as it is."""
    if not reading.places or all(sure >= _SURE for sure in reading.sure):
        return reading
    options = [_options(c, sure, at, reading.places) for c, sure, at in zip(reading.text, reading.sure, reading.at, strict=True)]
    text = _likeliest(reading.text, options)
    sure = tuple(
        before if c == was else min(_AT_MOST, one[c] * math.exp(_WORTH) / (one[c] * math.exp(_WORTH) + before))
        for c, was, before, one in zip(text, reading.text, reading.sure, options, strict=True)
    )
    return replace(reading, text=text, sure=sure)


def _options(character: str, sure: float, at: float, places: Sequence[Place]) -> Mapping[str, float]:
    """What may stand where a character was read, with how likely each is."""
    if sure >= _SURE:
        return {character: sure}
    seen = next((place.chances for place in places if place.at == at), ())
    return {**{c: chance for c, chance in seen if c and chance >= _SEEN}, character: max(sure, _SEEN)}


def _likeliest(text: str, options: Sequence[Mapping[str, float]]) -> str:
    """The text whose characters' chances, and the words among them, are worth most."""
    best: list[tuple[float, str]] = [(0.0, "")]
    for end in range(1, len(text) + 1):
        ways = [(best[end - 1][0] + math.log(options[end - 1][text[end - 1]]), best[end - 1][1] + text[end - 1])]
        ways += [(best[end - len(word)][0] + worth, best[end - len(word)][1] + word) for word, worth in _ending(options[:end])]
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _ending(options: Sequence[Mapping[str, float]]) -> list[tuple[str, float]]:
    """Words that the last places may spell, with what each is worth."""
    found = []
    for start in range(max(0, len(options) - _LONGEST), len(options) - 1):
        places = options[start:]
        spelt = (word for first in places[0] for word in _BY_FIRST.get(first, ()) if len(word) == len(places) and all(c in one for c, one in zip(word, places, strict=True)))
        found += [(word, sum(math.log(one[c]) for c, one in zip(word, places, strict=True)) + _WORTH * (len(word) - 1)) for word in spelt]
    return found

