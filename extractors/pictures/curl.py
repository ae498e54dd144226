"""Paper that doesn't lie flat: lines that rise and fall across the page are laid straight.

In:    an upright page as an RGB picture, and the corners of the lines found on it.
Out:   the same page with its lines straight, or None where they already are.
Fails: never; lines that agree on no bend are left as they are.

Lines of text and pieces of rules each give a slope where they stand. A smooth surface, free across the page and changing evenly from its top to
its foot, is fitted to the slopes; rows of pixels are moved by it, if that makes lines stand out better from the space between them.
What is bent sideways stays so: paper that bulges away from a camera does that far less.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.crops import sides
from extractors.pictures import Grey, Picture, grey_of, pieces, shrunk

Quads = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

_DEGREE = 5  # of the polynomial across the page
_LONG = 2.5  # length over height of a line whose slope tells something
_STEEP = 0.25  # slope beyond which a line isn't level on purpose
_SUSPECT = 0.0025  # usual difference between lines' slopes beyond which it is worth looking closer
_LEAST = 8  # lines or pieces of rules
_BENT = 0.0025  # of the page's height, by which some place must be off for the page to be bent
_MOST = 0.08  # of the page's height: lines that seem to be further off aren't each other's
_BETTER = 1.05  # times, by which lines must stand out better afterwards
_SIDE = 1750  # pixels: long side of the picture in which rules are looked for
_PIECE = 40  # pixels of a rule that give one slope
_RIDGE = 3e-5


def suspected(quads: Quads, width: int, height: int) -> bool:
    """Whether lines of an upright page of width × height pixels differ so much in slope that the paper may be bent."""
    lines = _slopes(quads, width, height)
    return len(lines) >= 3 and _usual_difference(lines) >= _SUSPECT


def flattened(page: Picture, quads: Quads) -> Picture | None:
    """The page with its lines laid straight, None where they are."""
    height, width = page.shape[:2]
    lines = _slopes(quads, width, height)
    grey = grey_of(page)
    slopes = np.concatenate((lines, _rules(grey)))
    if len(slopes) < _LEAST:
        return None
    surface = _surface(slopes, height / width)
    xs, ys = np.meshgrid(np.linspace(0, 1, max(2, width // 16)), np.linspace(0, 1, max(2, height // 16)))
    sunk = (_sunk(surface, xs, ys, slopes) * height).astype(np.float32)
    if not _BENT * height <= float(np.abs(sunk).max()) <= _MOST * height:
        return None
    quarter = shrunk(grey, grey.shape[1] // 2, grey.shape[0] // 2)
    if _standing_out(_moved(quarter, sunk / 2)) < _BETTER * _standing_out(quarter):
        return None
    return _moved(page, sunk)


def _moved(picture: Picture, sunk: npt.NDArray[np.float32]) -> Picture:
    """Each pixel taken from where it has sunk to."""
    height, width = picture.shape[:2]
    down = cv2.resize(sunk, (width, height), interpolation=cv2.INTER_LINEAR) + np.arange(height, dtype=np.float32)[:, None]
    across = np.repeat(np.arange(width, dtype=np.float32)[None], height, 0)
    out: Picture = cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return out


def _standing_out(grey: Grey) -> float:
    """How sharply rows of print are parted from the space between them."""
    profile = grey[:, grey.shape[1] // 25 : -grey.shape[1] // 25].mean(axis=1)
    return float((np.diff(profile) ** 2).sum())


def _slopes(quads: Quads, width: int, height: int) -> Floats:
    """(n, 5): where level lines begin and end across the page, how far down they are (fractions), their slope in pixels, their weight."""
    rows = []
    for quad in quads:
        along, across = sides(quad)
        left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
        run = float(right[0] - left[0])
        if along < _LONG * across or run <= 0:
            continue
        slope = float(right[1] - left[1]) / run
        if abs(slope) < _STEEP:
            rows.append((left[0] / width, right[0] / width, (left[1] + right[1]) / 2 / height, slope, (run / width) ** 2))
    return np.array(rows, np.float64).reshape(-1, 5)


def _usual_difference(slopes: Floats) -> float:
    """Between lines' slopes, longer ones counting more."""
    def middle(values: Floats) -> float:
        order = np.argsort(values)
        heap = np.cumsum(slopes[order, 4])
        return float(values[order][np.searchsorted(heap, heap[-1] / 2)])

    return middle(np.abs(slopes[:, 3] - middle(slopes[:, 3])))


def _rules(grey: Grey) -> Floats:
    """Slopes of pieces of level rules, in the same form; letters' strokes are shorter."""
    scale = min(1.0, _SIDE / max(grey.shape))
    small = shrunk(grey, round(grey.shape[1] * scale), round(grey.shape[0] * scale))
    height, width = small.shape
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 17, 12)
    strokes = cv2.morphologyEx(cv2.dilate(dark, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, 15), np.uint8))
    labels, stats = pieces(strokes)
    rows = []
    for i in range(1, len(stats)):
        x, y, w, h, _ = (int(v) for v in stats[i])
        if w < 3 * _PIECE or h > 8 + 0.12 * w:
            continue
        own = labels[y : y + h, x : x + w] == i
        thick = own.sum(0)
        centre = (own * np.arange(h)[:, None]).sum(0) / np.maximum(thick, 1)
        for a in range(0, w - _PIECE + 1, _PIECE):
            part = slice(a, a + _PIECE)
            if (thick[part] > 8).any() or (thick[part] == 0).any():  # crossed by an upright rule, or a bar
                sound = (thick[part] > 0) & (thick[part] <= 8)
                if sound.sum() < _PIECE // 2:
                    continue
            else:
                sound = np.ones(_PIECE, bool)
            at = np.flatnonzero(sound)
            level = float(centre[part][at].mean())
            steps = at - at.mean()
            slope = float(steps @ (centre[part][at] - level) / (steps @ steps))
            if abs(slope) < _STEEP:
                rows.append(((x + a) / width, (x + a + _PIECE) / width, (y + level) / height, slope, (2.0 * _PIECE / width) ** 2))
    return np.array(rows, np.float64).reshape(-1, 5)


def _terms(slopes: Floats) -> Floats:
    """What each coefficient of the surface adds to each slope, in heights of the page a width."""
    powers = np.arange(1, _DEGREE + 1)
    x0, x1, y = slopes[:, 0:1] - 0.5, slopes[:, 1:2] - 0.5, slopes[:, 2:3] - 0.5
    across = (x1**powers - x0**powers) / (x1 - x0)
    return np.concatenate((across, across * y), axis=1)


def _surface(slopes: Floats, tall: float) -> Floats:
    """Coefficients of the bend, for places in fractions of the page. tall: the page's height over its width."""
    terms, wanted, own = _terms(slopes), slopes[:, 3] / tall, slopes[:, 4]
    powers = np.arange(1, _DEGREE + 1, dtype=np.float64)
    reluctance = np.diag(np.concatenate((powers, 3 * powers)) ** 2)
    weight: npt.NDArray[Any] = own
    found: npt.NDArray[Any] = np.zeros(2 * _DEGREE)
    for _ in range(4):  # lines at odds with the others (stamps, watermarks, handwriting) lose their say
        a = terms * weight[:, None]
        found = np.linalg.solve(a.T @ terms + _RIDGE * float(weight.sum()) * reluctance, a.T @ wanted)
        off = np.abs(wanted - terms @ found)
        weight = own / (1 + (off / (2.5 * max(0.0015, float(np.median(off))))) ** 2)
    return found


def _sunk(surface: Floats, xs: Floats, ys: Floats, slopes: Floats) -> Floats:
    """How far places lie too low, as a share of the page's height; nothing on the average of each row. Beyond the outermost lines it stays what it is there."""
    powers = range(1, _DEGREE + 1)
    x = xs.clip(slopes[:, 0].min(), slopes[:, 1].max()) - 0.5
    y = ys.clip(slopes[:, 2].min(), slopes[:, 2].max()) - 0.5
    even = sum(surface[j - 1] * x**j for j in powers)
    growing = sum(surface[_DEGREE + j - 1] * x**j for j in powers)
    sunk = even + growing * y
    out: Floats = sunk - sunk.mean(axis=1, keepdims=True)
    return out
