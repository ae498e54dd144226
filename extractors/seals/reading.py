"""What a seal says: the name on its arc, the line below the star, a number.

In:    a page's picture, a ring on it. Out: a `Seal`; None where nothing can be read on the ring, which is no seal then.
Elsewhere: doubtful characters by the words they make (words.py), whose seal it is (matchers).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.ocr.recognition import Reading
from extractors.pictures import Picture
from extractors.seals.arc import lean_of, set_upright, span_of, text_band, unrolled, without_middle
from extractors.seals.ink import seal_ink, without_rules
from extractors.seals.letters import FULL_WIDTH, agreed_on, evenly, row_of_letters, told
from extractors.seals.spot import Mask, SealSpot
from extractors.seals.words import read_by_words
from models.page import Seal

_ARC_HEIGHT = 48  # pixels of an unrolled strip
_ARC_PAD = 20  # pixels of white at its ends: a letter at the very edge is read badly
_PURPOSE = re.compile(r"[\u4e00-\u9fff]*章")
_LEGIBLE = 0.5  # mean confidence below which a ring's letters are no letters
_NOISE = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9（）()·&]")
# The tax bureau's own oval at the head of every paper invoice: printed, nobody's stamp.
_TAX_MARK = frozenset("全国统一发票监制章")
_PRINTED = re.compile(r"发票监制|票监制|监制章|统一发票")


def read_seal(engine: Engine, picture: Picture, spot: SealSpot, turned: npt.NDArray[np.float64], size: tuple[int, int]) -> Seal | None:
    """What a seal says; None when it says nothing (no seal) or is the tax bureau's printed one.

    picture: the page as it was found, any way up. turned: the 2 × 3 matrix to the upright page. size: width, height of the upright page.
    """
    ink, rough = seal_ink(picture, spot)
    tilt = -math.degrees(math.atan2(turned[1, 0], turned[0, 0]))  # where the page's own "up" lies in the picture
    here = replace(spot, x=ink.shape[1] / 2, y=ink.shape[0] / 2)
    lean = lean_of(ink, here, tilt)
    reading = read_by_words(_read_arc(engine, ink, rough, here, lean))
    text = _cleaned(reading)
    if sum("\u4e00" <= c <= "\u9fff" and s > 0.4 for c, s in zip(reading.text, reading.sure, strict=True)) < 4 or reading.confidence < _LEGIBLE:
        return None
    purpose, number = _read_middle(engine, ink, here, lean)
    if _PRINTED.search(text) or _PRINTED.search(purpose) or sum(c in _TAX_MARK for c in text) >= max(3, len(text) // 2):
        return None
    return Seal(text=text, box=spot.moved(turned).box(*size), confidence=round(reading.confidence, 4), purpose=purpose, number=number, places=told(reading))


class _Look(NamedTuple):
    """One way to look at an arc: how much deeper than its letters seem to stand, its width, how much paler."""

    deeper: float
    width: float
    paler: float = 1.0


_FIRST = _Look(deeper=0.0, width=1.0, paler=1.6)
_AGAIN = _Look(deeper=0.04, width=0.85, paler=1.6)
_UPRIGHT = _Look(deeper=0.0, width=0.85, paler=1.6)
_UPRIGHT_MORE = (0.02, 0.03)  # a letter set upright needs a little more height, above and below, than one that is bent along
_BORNE_OUT = 0.8  # sureness of the weakest letter from which two looks are enough
_LEAST_TOP = 0.03


def _read_arc(engine: Engine, ink: Mask, other: Callable[[], Mask], spot: SealSpot, lean: float) -> Reading:
    """The text along the ring. Where one look leaves doubts another is taken, then two with each letter set upright; what they see at each place counts together."""
    clean = without_middle(without_rules(ink, spot), spot, lean)
    top, bottom = text_band(clean, spot)
    start, sweep = span_of(clean, spot, top, bottom, lean)

    def strip(look: _Look, source: Mask) -> Picture:
        return _framed(unrolled(source, spot, start, sweep, top, bottom + look.deeper, _ARC_HEIGHT, look.width), look)

    seen = strip(_FIRST, clean)
    best = _unpadded(engine.recognise([seen], careful=True)[0], seen.shape[1])
    if best.confidence > 0.95 and best.weakest > 0.7 and evenly(best):
        return best
    rough = without_middle(without_rules(other(), spot), spot, lean)
    seen = strip(_AGAIN, rough)
    looks = [r for r in (best, _unpadded(engine.recognise([seen], careful=True)[0], seen.shape[1])) if r.text]
    agreed = agreed_on(looks)
    letters = row_of_letters(agreed)
    if letters is None or (agreed.weakest > _BORNE_OUT and evenly(agreed)):
        return agreed
    high, low = max(_LEAST_TOP, top - _UPRIGHT_MORE[0]), bottom + _UPRIGHT_MORE[1]
    strips = [_framed(set_upright(source, spot, start, sweep, high, low, _ARC_HEIGHT, letters, _UPRIGHT.width), _UPRIGHT) for source in (clean, rough)]
    looks += [_unpadded(r, one.shape[1], *letters.ends) for r, one in zip(engine.recognise(strips, careful=True), strips, strict=True) if r.text]
    return agreed_on(looks)


def _framed(strip: Mask, look: _Look) -> Picture:
    """A strip as the engine wants it: paled, white at its ends."""
    if look.paler != 1:
        strip = cv2.LUT(strip, (255 * (np.arange(256) / 255) ** look.paler).astype(np.uint8)).astype(np.uint8)
    padded = cv2.copyMakeBorder(strip, 0, 0, _ARC_PAD, _ARC_PAD, cv2.BORDER_CONSTANT, value=(255.0,))
    out: Picture = cv2.cvtColor(padded, cv2.COLOR_GRAY2RGB).astype(np.uint8)
    return out


def _unpadded(reading: Reading, wide: int, first: float = 0.0, last: float = 1.0) -> Reading:
    """The same reading, places being shares of the strip without the white at its ends. first, last: where this strip begins and ends on that of the whole arc."""

    def moved(at: float) -> float:
        return first + (at * wide - _ARC_PAD) / (wide - 2 * _ARC_PAD) * (last - first)

    return replace(reading, at=tuple(moved(at) for at in reading.at), places=tuple(replace(place, at=moved(place.at)) for place in reading.places))


def _read_middle(engine: Engine, ink: Mask, spot: SealSpot, lean: float) -> tuple[str, str]:
    """The line below the star (合同专用章, 电子回单专用章) and a number in the middle (taxpayer's, on an oval)."""
    side = 360
    k = side / (2 * 0.78 * spot.along)
    t = math.radians(-lean)
    matrix = np.array([[k * math.cos(t), -k * math.sin(t), 0], [k * math.sin(t), k * math.cos(t), 0]])
    matrix[:, 2] = side / 2 - matrix[:, :2] @ (spot.x, spot.y)
    level = cv2.warpAffine(without_rules(ink, spot), matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=255).astype(np.uint8)
    half_wide, half_high = spot.along * k, spot.across * k
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    u, v = (xs - side / 2) / half_wide, (ys - side / 2) / half_high
    # What stands straight: within the arc's letters, and wider towards the foot, where there are none.
    inner = (np.hypot(u, v) < 0.60) | ((v > 0.2) & (v < 0.82) & (np.abs(u) < 0.50))
    level[~inner] = 255
    dark = level < 150
    inked = dark.sum(1) > 0.02 * side
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    crops = []
    for y0, y1 in zip(edges[::2], edges[1::2], strict=True):
        columns = np.flatnonzero(dark[y0:y1].any(0))
        high, wide = y1 - y0, columns[-1] - columns[0] + 1
        solid = float(dark[y0:y1, columns[0] : columns[-1] + 1].mean())  # a star is
        if 0.05 * side < high < 0.35 * side and wide > 1.6 * high and solid < 0.5:
            x0, x1, pad = max(0, columns[0] - 6), columns[-1] + 7, max(2, round(0.12 * high))
            crops.append(cv2.cvtColor(level[max(0, y0 - pad) : y1 + pad, x0:x1], cv2.COLOR_GRAY2RGB).astype(np.uint8))
    readings = [r for r in engine.recognise(crops) if r.confidence > 0.6]
    text = "".join(_NOISE.sub("", r.text) for r in readings if sum("\u4e00" <= c <= "\u9fff" for c in r.text) >= 2)
    purpose = _PURPOSE.search(text)
    number = next((m.group() for r in readings if (m := re.search(r"[0-9A-Z]{13,20}", r.text.replace(" ", "")))), "")
    return (purpose.group() if purpose else ""), number


def _cleaned(reading: Reading) -> str:
    """The name on the arc without the marks that a ring leaves at either end."""
    kept = [(c, s) for c, s in zip(reading.text, reading.sure, strict=True) if not _NOISE.match(c)]
    while kept and (not "\u4e00" <= kept[0][0] <= "\u9fff" or kept[0][1] < 0.35):
        kept.pop(0)
    while kept and (not ("\u4e00" <= kept[-1][0] <= "\u9fff" or kept[-1][0] in ")）") or kept[-1][1] < 0.35):
        kept.pop()
    return "".join(c for c, _ in kept).translate(FULL_WIDTH)
