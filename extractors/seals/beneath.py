"""Print beneath a red seal: each line is read with the ink lifted off by its colour and by its brightness, and where these differ with the seal left on.

In:    readings of one line, from different pictures of it. Out: the one to go by, its disputed characters no surer than the dispute allows.
Elsewhere: the pictures (extractors/seals), reading them (extractors/reading.py).

Colour tells ink from print best, but a JPEG keeps colour at half the resolution: on a coarse or faded scan the ink's red runs into thin strokes, and lifting it
takes them along, without any doubt left to see. Brightness stays sharp, but doesn't tell pale print from dark ink. Each errs in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from extractors.ocr.cascade import Stretch
from extractors.ocr.recognition import TWINS, Reading
from models.geometry import Box
from models.page import Line

_OUTVOTED = 0.95  # confidence of a character of which two looks out of three are the same, at most
_AT_ODDS = 0.60  # and of one where all differ
_TOUCHED = 0.5  # of a character, as high as the line and as wide: less of it beneath a seal can't mislead
_BESIDE = 2.0  # heights of a line beyond a seal's box that are read with it
_LONG = 14  # characters: a line of fewer is read whole
_MOST = 0.75  # share of a line beyond which it is read whole
_POINTS = str.maketrans("，,．。、", ".....")  # which point it is, no two looks agree on


def touches(line: Line, seal: Box, shape: tuple[int, int]) -> bool:
    """Whether enough of a level line lies within a seal's box to be misread. shape: height and width of the page in pixels."""
    height, width = shape
    if line.box.height * height > line.box.width * width:  # a column of characters has a way of its own to be read
        return False
    return line.box.overlap(seal) * height * width > _TOUCHED * (line.box.height * height) ** 2


def stretch(line: Line, seals: Sequence[Box], shape: tuple[int, int]) -> Stretch:
    """The characters of a line that may stand beneath seals, with some around them; all of it where that is most of it."""
    reach = _BESIDE * line.box.height * shape[0] / shape[1]
    beneath = [n for n, x in enumerate(line.xs) if any(seal.x0 - reach < x < seal.x1 + reach for seal in seals)]
    count = len(line.text)
    if len(line.xs) != count or count < _LONG or not beneath or beneath[-1] + 1 - beneath[0] > _MOST * count:
        return Stretch(0, count)
    return Stretch(beneath[0], beneath[-1] + 1)


def same(a: Reading, b: Reading) -> bool:
    """Whether two readings say the same, points and white space aside."""
    return _said(a) == _said(b)


def agreed(readings: Sequence[Reading]) -> Reading:
    """The reading that is nearest to the others, the surest of these where several are."""
    said = [_said(reading) for reading in readings]
    away = [sum(Levenshtein.distance(own, other) for other in said) for own in said]
    best = min(range(len(readings)), key=lambda n: (away[n], -readings[n].confidence))
    limit = _OUTVOTED if said.count(said[best]) > 1 else _AT_ODDS
    chosen = readings[best]
    for other in readings:
        for part in Levenshtein.opcodes(chosen.text, other.text):
            if part.tag != "equal":
                # Where another look has something between two characters, it is about both.
                start, end = (part.src_start, part.src_end) if part.src_end > part.src_start else (part.src_start - 1, part.src_start + 1)
                chosen = replace(chosen, sure=tuple(min(sure, limit) if start <= n < end else sure for n, sure in enumerate(chosen.sure)))
    return chosen


def _said(reading: Reading) -> str:
    return "".join(c for c in reading.text.translate(_POINTS) if c not in TWINS)


def reading_of(line: Line) -> Reading:
    """A line that was read, as what it says; places are shares of its box."""
    width = max(1e-6, line.box.width)
    places = line.xs if len(line.xs) == len(line.text) else (line.box.cx,) * len(line.text)
    return Reading(line.text, tuple((x - line.box.x0) / width for x in places), line.sure)
