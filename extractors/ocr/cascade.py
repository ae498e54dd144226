"""The cascade: what a first, cheap reading may have wrong is read again, and hardly more than that.

In:    a first Reading of a crop, later another reading of some stretches of it. Out: the stretches to read again; one Reading out of both.
Elsewhere: running the networks (extractors/ocr/engine.py).

Two things are read again. Long numbers, wider: figures are narrow, and where the same one stands twice the network needs steps between the two, or
drops one and is sure of it. And what is doubtful, by the larger network: a line of forty characters with one doubtful one costs it as much as the
whole line, unless only that stretch is cut out. A stretch has certain characters at its ends: where these are read otherwise the second time, the
cut went wrong, and the whole line is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from stdnum.cn import uscc

from extractors.ocr.recognition import TWINS, Reading
from extractors.pictures import Picture

# Numbers of letters and figures: the small network takes Q for 0 and is sure of it, and nothing around them tells.
_CODE = re.compile(r"(?=[A-Z0-9-]*[0-9])(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{6,}")
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_CIPHER = re.compile(r"(?=(?:.*[<>*/+]){3})(?=(?:.*[0-9]){6})[0-9<>*/+-]{14,}")  # a line of an invoice's 密码区: no reader needs it
_DISPUTED = 0.95  # confidence of a character on which two networks differ, at most
_UNSETTLED = 0.85  # confidence of a number that two widths give otherwise, at most
_FIGURES = re.compile(r"[0-9](?:[,.，．\s-]?[0-9])*")
_LONG_NUMBER = re.compile(r"(?:[0-9][\s-]?){5}|[0-9][,.，．][0-9]")
_APART = 0.68  # heights of a line: the centres of a figure and its neighbour are 0.4 to 0.6 apart
_BOXES = frozenset("☑□☐■☒√✓")
_AROUND = 6  # characters on either side of a doubtful one that are read again with it: the network reads a character by its neighbours, too
_LONG = 14  # characters: a line of fewer is read again whole
_MOST = 0.6  # share of a line beyond which it is read again whole
_SLACK = 0.3  # of a character's pitch: how far from the middle between two characters a cut may lie


@dataclass(frozen=True)
class Stretch:
    """Characters start to end (exclusive) of a first reading. number: a long number stands in it."""

    start: int
    end: int
    number: bool = False


def numbers(reading: Reading, shape: float) -> tuple[Stretch, ...]:
    """The numbers of a line in which a figure may have been lost, with a few characters around them. shape: the crop's width over its height.

    Long ones, amounts, and those that stand further from their neighbours than figures do: what is lost leaves a gap.
    """
    marked = np.zeros(len(reading.text), np.bool_)
    for found in _FIGURES.finditer(reading.text):
        start, end = found.span()
        places = reading.at[max(0, start - 1) : end + 1]
        if _LONG_NUMBER.search(found.group()) or any(b - a > _APART / shape for a, b in pairwise(places)):
            marked[max(0, start - _AROUND) : end + _AROUND] = True
    return _marked(reading, marked) if marked.any() else ()


def doubtful(reading: Reading, below: float, below_char: float) -> tuple[Stretch, ...]:
    """What of a line must be read again: nothing, some stretches, or all of it.

    below: mean confidence of a line, and below_char: confidence of a character, under which they are doubtful. A credit code that its check digit bears out is beyond doubt:
    one misread character never agrees with it.
    """
    kept = [i for i, c in enumerate(reading.text) if c not in TWINS] or list(range(len(reading.text)))
    plain = reading.plain
    if _CIPHER.fullmatch(plain.text):
        return ()
    proved = {kept[i] for m in _CREDIT_CODE.finditer(plain.text) if uscc.is_valid(m.group()) for i in range(*m.span())}
    weak = {i for i in kept if reading.sure[i] < below_char} - proved
    codes = [(kept[m.start()], kept[m.end() - 1] + 1) for m in _CODE.finditer(plain.text) if not proved.issuperset(kept[m.start() : m.end()])]
    if not weak and not codes and plain.confidence >= below:
        return ()
    marked = np.zeros(len(reading.text), np.bool_)
    for start, end in (*((i, i + 1) for i in weak), *codes):
        marked[max(0, start - _AROUND) : end + _AROUND] = True
    for found in _FIGURES.finditer(reading.text):  # no cut goes through a number
        start, end = found.span()
        marked[start:end] |= bool(marked[start:end].any())
    rest = [reading.sure[i] for i in kept if not marked[i] and i not in proved]
    if sum(rest) < below * len(rest):
        marked[:] = True
    return _marked(reading, marked)


def _marked(reading: Reading, marked: npt.NDArray[np.bool_]) -> tuple[Stretch, ...]:
    """Characters that are marked as stretches; the whole line where it is short or most of it is marked."""
    count = len(reading.text)
    if count < _LONG or marked.sum() > _MOST * count:
        return (Stretch(0, count, bool(_LONG_NUMBER.search(reading.text))),)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marked.astype(np.int8), [0])))).tolist()
    return tuple(Stretch(start, end, bool(_LONG_NUMBER.search(reading.text[start:end]))) for start, end in zip(edges[::2], edges[1::2], strict=True))


def piece(crop: Picture, reading: Reading, stretch: Stretch) -> tuple[Picture, float, float]:
    """The part of a crop in which a stretch stands, and where it begins and ends, in shares of the crop's width."""
    left = _gap(crop, reading, stretch.start) if stretch.start else 0
    right = _gap(crop, reading, stretch.end) if stretch.end < len(reading.text) else crop.shape[1]
    return crop[:, left:right], left / crop.shape[1], right / crop.shape[1]


def _gap(crop: Picture, reading: Reading, index: int) -> int:
    """The brightest column between the characters index - 1 and index, pixels."""
    before, after = reading.at[index - 1], reading.at[index]
    middle, slack = (before + after) / 2 * crop.shape[1], _SLACK * (after - before) * crop.shape[1]
    first, last = max(1, round(middle - slack)), min(crop.shape[1] - 1, round(middle + slack) + 1)
    if last <= first:
        return int(min(max(1, round(middle)), crop.shape[1] - 1))
    return int(first + crop[:, first:last].reshape(len(crop), last - first, -1).sum((0, 2), dtype=np.int64).argmax())


Choice = Callable[[Reading, Reading], Reading]


def merged(first: Reading, stretch: Stretch, again: Reading, left: float, right: float, choose: Choice) -> Reading | None:
    """The first reading with one stretch read again; None where the cut went through a character.

    left, right: where the stretch was cut, in shares of the crop's width. choose: which of two readings counts (`settled`, `better`).
    """
    start, end = stretch.start, stretch.end
    count = len(first.text)
    if (start > 0 and not again.text.startswith(first.text[start])) or (end < count and not again.text.endswith(first.text[end - 1])):
        return None
    there = Reading(again.text, tuple(left + at * (right - left) for at in again.at), again.sure)
    chosen = choose(Reading(first.text[start:end], first.at[start:end], first.sure[start:end]), there)
    return Reading(
        first.text[:start] + chosen.text + first.text[end:],
        (*first.at[:start], *chosen.at, *first.at[end:]),
        (*first.sure[:start], *chosen.sure, *first.sure[end:]),
    )


def settled(narrow: Reading, wide: Reading) -> Reading:
    """A number read twice by one network: the surer character counts; where the two looks differ in a figure, or in how many, nothing of it is sure."""
    if narrow.plain.text == wide.plain.text:
        return wide
    if len(narrow.text) != len(wide.text):
        return Reading(wide.text, wide.at, tuple(min(sure, _UNSETTLED) for sure in wide.sure))
    pairs = list(zip(narrow.text, narrow.sure, wide.text, wide.sure, strict=True))
    differ = any(a != b and (a.isdigit() or b.isdigit()) for a, _, b, _ in pairs)
    sure = tuple(min(max(sa, sb), _UNSETTLED) if differ else max(sa, sb) for _, sa, _, sb in pairs)
    return Reading("".join(a if sa > sb else b for a, sa, b, sb in pairs), wide.at, sure)


def better(small: Reading, large: Reading) -> Reading:
    """The larger network's reading, unless it overlooks a tick box or is clearly less sure."""
    if _BOXES & set(small.text) and not _BOXES & set(large.text) and small.confidence > 0.8:
        return small
    if large.plain.confidence < small.plain.confidence - 0.05:
        return small
    return _voted(small, large) if len(small.text) == len(large.text) else large


def _voted(small: Reading, large: Reading) -> Reading:
    """The larger network's reading but for characters of which the other is far surer; where they differ, neither is quite sure."""
    if small.text == large.text:
        return large
    text, sure = [], []
    for a, b, sa, sb in zip(small.text, large.text, small.sure, large.sure, strict=True):
        differ = a != b and not {a, b} & TWINS
        text.append(a if differ and sa > sb + 0.1 else b)
        sure.append(min(max(sa, sb), _DISPUTED) if differ else sb)
    return Reading("".join(text), large.at, tuple(sure))


__all__ = ["Choice", "Stretch", "better", "doubtful", "merged", "numbers", "piece", "settled"]
