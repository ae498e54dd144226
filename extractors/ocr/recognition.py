"""What a line says: crops into the recognition network, CTC out of it.

In:    crops of one line each, RGB or grey. Out: a Reading each: characters, where along the crop each stands, how sure each is.
Source: PaddleOCR's RecResizeImg and CTCLabelDecode, but a crop is padded only to the widest of its own batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.backends import Floats, Network
from extractors.pictures import Picture

TWINS = frozenset(":：()（）,，;； ")
_MIN_WIDTH = 32
_STEPS: tuple[int, ...] = (*range(96, 321, 32), *range(384, 769, 64), *range(896, 1665, 128), *range(1920, 3201, 256))  # widths that crops are padded to: paper after the last character helps reading it
_MAX_WIDTH: int = _STEPS[-1]
_SIZES = (1, 2, 4, 8, 16, 32, 64)  # crops of a batch
_CALL = 150  # pixels of width that a network reads in the time that calling it takes
_MAX_PIXELS = 48 * 320 * 10  # of one batch: bounds memory, since the output is some 18,000 floats a step


_FAINT = 0.004  # a character less likely than this isn't worth mentioning
_MOST = 6  # characters mentioned at one place
_PERHAPS = 0.08  # how likely something must be where most likely nothing stands


@dataclass(frozen=True)
class Place:
    """What may stand at one place of a crop. at: share of its width; chances: characters with how likely each is, the likeliest first, "" for nothing there."""

    at: float
    chances: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Reading:
    """text, and for each of its characters: at (share of the crop's width, 0 to 1) and sure (0 to 1).

    places: where asked for, what else the network saw there, and where it saw something that it took for nothing.
    """

    text: str
    at: tuple[float, ...]
    sure: tuple[float, ...]
    places: tuple[Place, ...] = ()

    @property
    def confidence(self) -> float:
        """Mean over the characters; 0 for nothing read."""
        return sum(self.sure) / len(self.sure) if self.sure else 0.0

    @property
    def weakest(self) -> float:
        return min(self.sure, default=0.0)

    @property
    def plain(self) -> Reading:
        """Without punctuation that has a twin of another width: which of the two it is, is always doubtful and never matters."""
        kept = [i for i, c in enumerate(self.text) if c not in TWINS]
        if not kept:
            return self
        return Reading("".join(self.text[i] for i in kept), tuple(self.at[i] for i in kept), tuple(self.sure[i] for i in kept))


NOTHING = Reading("", (), ())


def recognise(
    crops: Sequence[Picture], network: Network, characters: Sequence[str], height: int,
    *, batch: int = 8, width_scale: float = 1.0, places: bool = False, apart: bool = False,
) -> list[Reading]:  # fmt: skip
    """Read crops of one line each; the order of the answer is that of the crops. places: tell what else might stand there.

    Only whole batches go into the network at once, what is less goes crop by crop: it gives the same, and a backend needn't prepare itself for as many shapes, for each of
    which it keeps megabytes. apart: all goes crop by crop, for a network that isn't faster with several.
    """
    widths = [_width(crop, height, width_scale) for crop in crops]
    read = [NOTHING] * len(crops)
    for members, width in batches(widths, height, batch):
        inputs = np.zeros((len(members), 3, height, width), np.float32)
        for row, index in enumerate(members):
            inputs[row, :, :, : widths[index]] = _prepared(crops[index], widths[index], height)
        given = np.split(inputs, len(members)) if apart or len(members) < batch else [inputs]
        found = (reading for some in given for reading in decoded(network(some), characters, places=places))
        for index, reading in zip(members, found, strict=True):
            stretch = width / widths[index]
            read[index] = replace(
                reading, at=tuple(min(1.0, at * stretch) for at in reading.at), places=tuple(Place(min(1.0, place.at * stretch), place.chances) for place in reading.places)
            )
    return read


def batches(widths: Sequence[int], height: int, most: int) -> list[tuple[list[int], int]]:
    """Indices of crops of like width, with the width that they are padded to: the split that costs least, a call counting as `_CALL` pixels of width.

    Few widths and batch sizes are used: backends prepare themselves anew for every shape that they haven't seen.
    """
    order = sorted(range(len(widths)), key=lambda i: widths[i])
    best: list[tuple[int, int]] = [(0, 0)]  # for so many of the narrowest crops: what they cost, and how many of them are the last batch
    for end, index in enumerate(order, 1):
        padded = _rounded(widths[index])
        sizes = [size for size in _SIZES if size <= min(most, end) and (size == 1 or size * padded * height <= _MAX_PIXELS)]
        best.append(min((best[end - size][0] + _CALL + size * padded, size) for size in sizes))
    found: list[tuple[list[int], int]] = []
    end = len(order)
    while end:
        members = order[end - best[end][1] : end]
        found.append((members, _rounded(widths[members[-1]])))
        end -= len(members)
    return found


def decoded(chances: Floats, characters: Sequence[str], *, places: bool = False) -> Iterator[Reading]:
    """CTC: the best class a step, repeats merged, blanks (class 0) dropped; a character is as sure as its surest step."""
    best = chances.argmax(2)
    steps = best.shape[1]
    for row, classes in enumerate(best):
        sure = chances[row, np.arange(steps), classes]
        starts = np.flatnonzero(np.concatenate(([True], classes[1:] != classes[:-1])))
        ends = np.append(starts[1:], steps)
        read = classes[starts] > 0
        text = [characters[kind - 1] for kind in classes[starts[read]].tolist()]
        reading = _trimmed(text, ((starts + ends) / 2 / steps)[read].tolist(), np.maximum.reduceat(sure, starts)[read].tolist())
        yield replace(reading, places=_places(chances[row], classes, starts, ends, characters)) if places else reading


def _places(
    chances: Floats, classes: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], characters: Sequence[str]
) -> tuple[Place, ...]:
    """What may stand where: one place for each character read, and one for each stretch of nothing in which something is not unlikely."""
    found = cv2.findNonZero(cv2.compare(chances, _FAINT, cv2.CMP_GT))  # many times as fast as comparing and searching with NumPy
    likely, steps = found[:, 0].T if found is not None else np.zeros((2, 0), np.int32)
    bounds = np.searchsorted(steps, np.stack((starts, ends)))
    out = []
    for run, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        best: dict[int, float] = {}
        for step, kind in zip(steps[bounds[0, run] : bounds[1, run]].tolist(), likely[bounds[0, run] : bounds[1, run]].tolist(), strict=True):
            best[kind] = max(best.get(kind, 0.0), float(chances[step, kind]))
        nothing = best.pop(0, 0.0)
        if not classes[start]:
            # Next to a character its own last traces are no second one.
            for side in (start - 1, end):
                if 0 <= side < len(classes):
                    best.pop(int(classes[side]), None)
            if sum(best.values()) < _PERHAPS:
                continue
            nothing = max(0.0, 1 - sum(best.values()))
            at = float(max(range(start, end), key=lambda step: max(float(chances[step, kind]) for kind in best))) + 0.5
        else:
            at = (start + end) / 2
        ranked = sorted(((characters[kind - 1], round(chance, 4)) for kind, chance in best.items()), key=lambda found: -found[1])[:_MOST]
        if nothing > _FAINT:
            ranked = sorted([*ranked, ("", round(nothing, 4))], key=lambda found: -found[1])
        out.append(Place(at / len(classes), tuple(ranked)))
    return tuple(out)


def _trimmed(text: list[str], at: list[float], sure: list[float]) -> Reading:
    """Without spaces at either end."""
    first = next((i for i, c in enumerate(text) if not c.isspace()), len(text))
    last = next((i for i in range(len(text), first, -1) if not text[i - 1].isspace()), first)
    return Reading("".join(text[first:last]), tuple(at[first:last]), tuple(sure[first:last]))


def _rounded(width: int) -> int:
    return int(next((step for step in _STEPS if step >= width), _MAX_WIDTH))


def _width(crop: Picture, height: int, scale: float) -> int:
    wanted: int = math.ceil(height * crop.shape[1] / max(1, crop.shape[0]) * scale)
    return min(_MAX_WIDTH, max(_MIN_WIDTH // 2, wanted))


def _prepared(crop: Picture, width: int, height: int) -> npt.NDArray[np.float32]:
    shrunk = crop.shape[0] > 1.5 * height
    small = cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA if shrunk else cv2.INTER_LINEAR)
    pixels: npt.NDArray[np.float32] = small.astype(np.float32) / 127.5 - 1.0
    return pixels[None] if pixels.ndim == 2 else pixels[:, :, ::-1].transpose(2, 0, 1)
