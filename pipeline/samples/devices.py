"""What devices and people do to the picture of a page: screens, dithering, heavy compression, bad light, folds, pens and stamps over the print.

In:    a scan's picture, RGB, 200 dpi, and a random.Random.
Out:   another picture of the same page, upright and whole; its resolution may be another one.
Elsewhere: how the paper lies, noise, shadows, black frames (pipeline/samples/scan.py); how it is put into a file (pipeline/samples/files.py).
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image

Picture = npt.NDArray[np.uint8]
Device = Callable[[Picture, Random], Picture]
_FINEST = 200  # dots per inch that come in


def _grey(picture: Picture) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def _three(grey: npt.NDArray[Any]) -> Picture:
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _byte(values: npt.NDArray[Any]) -> Picture:
    return np.clip(values, 0, 255).astype(np.uint8)


def _scaled(picture: Picture, scale: float) -> Picture:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)


def _compressed(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


# ---------------------------------------------------------------- screens and two shades


def _halftone(picture: Picture, rng: Random, pitch: float = 5.0, weight: float = 0.35) -> Picture:
    """A copier's dots at 45°, as they come of a page that was printed with a tint."""
    ys, xs = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    wave = np.cos((xs + ys) * math.pi / pitch) * np.cos((xs - ys) * math.pi / pitch)
    return _byte(picture - (weight * 60 * (1 + wave))[..., None] * (picture > 90))


def _ordered(picture: Picture, rng: Random) -> Picture:
    """Black and white in "photo mode": dots in an ordered pattern."""
    cell = np.array([[0, 2], [3, 1]])
    for _ in range(2):
        cell = np.block([[4 * cell, 4 * cell + 2], [4 * cell + 3, 4 * cell + 1]])
    height, width = picture.shape[:2]
    limits = (np.tile(cell, (height // 8 + 1, width // 8 + 1))[:height, :width] + 0.5) * 4
    return _three((_grey(picture) > limits) * 255)


def _diffused(picture: Picture, rng: Random) -> Picture:
    """Black and white, the error of each dot handed on to its neighbours."""
    return _three(np.asarray(Image.fromarray(picture).convert("1"), np.uint8) * 255)


# ---------------------------------------------------------------- levels, sharpness, resolution


def _levels(picture: Picture, rng: Random, dark: float, light: float) -> Picture:
    """All below `dark` black, all above `light` white."""
    return _byte((picture.astype(np.float32) - dark) * (255 / (light - dark)))


def _thinned(picture: Picture, rng: Random) -> Picture:
    """Strokes broken by a contrast set too high."""
    thin = cv2.GaussianBlur(cv2.dilate(picture, np.ones((2, 2), np.uint8)), (0, 0), 0.6)
    return _levels(np.asarray(thin, np.uint8), rng, 30, 190)


def _sharpened(picture: Picture, rng: Random) -> Picture:
    return np.asarray(cv2.addWeighted(picture, 3.5, cv2.GaussianBlur(picture, (0, 0), 2.0), -2.5, 0), np.uint8)


def _blocks(picture: Picture, rng: Random, dpi: int, quality: int, back: int = 0) -> Picture:
    """At so many dots per inch, heavily compressed; back: blown up again to so many."""
    small = _compressed(_scaled(picture, dpi / _FINEST), quality)
    return _scaled(small, back / dpi) if back else small


def _messenger(picture: Picture, rng: Random) -> Picture:
    """Photographed, sent as a picture and sent on: 1,080 dots wide at a low quality, twice."""
    small = _scaled(picture, 1080 / picture.shape[1])
    return _compressed(_compressed(small, 50), 45)


# ---------------------------------------------------------------- light


def _cast(picture: Picture, rng: Random, red: float, green: float, blue: float) -> Picture:
    return _byte(picture * np.array([red, green, blue], np.float32))


def _distance(picture: Picture, x: float, y: float) -> npt.NDArray[np.float32]:
    """From a point, in shares of the page's long side."""
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(np.hypot(xs - x * width, ys - y * height) / max(height, width), np.float32)


def _vignette(picture: Picture, rng: Random) -> Picture:
    return _byte(picture * (1 - 0.9 * _distance(picture, 0.5, 0.5) ** 2 * 1.6)[..., None])


def _glare(picture: Picture, rng: Random) -> Picture:
    """A flash that bleaches a spot of a glossy page."""
    spot = np.clip(1.25 - _distance(picture, rng.uniform(0.4, 0.6), rng.uniform(0.35, 0.65)) / 0.13, 0, 0.8)[..., None]
    return _byte(picture * (1 - spot) + 255 * spot)


def _moved(picture: Picture, rng: Random, length: int = 5) -> Picture:
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, length // 2 + rng.choice((-1, 0, 1))), (length - 1, length // 2), 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def _soft_corner(picture: Picture, rng: Random) -> Picture:
    soft = cv2.GaussianBlur(picture, (0, 0), 2.2)
    share = np.clip(1 - _distance(picture, 1.0, 1.0) / 0.8, 0, 1)[..., None]
    return _byte(picture * (1 - share) + soft * share)


# ---------------------------------------------------------------- paper


def _folds(picture: Picture, rng: Random) -> Picture:
    """Folded to fit an envelope: dark and light lines, each part a little otherwise lit."""
    out = picture.astype(np.float32)
    height = out.shape[0]
    for at in (1 / 3, 2 / 3):
        y = int(height * at) + rng.randint(-30, 30)
        ys = np.arange(height) - y
        out *= (1 - 0.35 * np.exp(-((ys / 3.0) ** 2)) - 0.12 * np.exp(-np.abs(ys) / 40.0) * (ys > 0))[:, None, None]
    return _byte(out)


def _crumpled(picture: Picture, rng: Random) -> Picture:
    """Pressed in a fist and flattened: facets otherwise lit, with edges between."""
    small = np.random.default_rng(rng.getrandbits(32)).normal(0, 1, (14, 10)).astype(np.float32)
    relief = cv2.resize(small, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    slope = cv2.Sobel(relief, cv2.CV_32F, 1, 1, ksize=3)
    return _byte(picture * np.clip(1 + 0.06 * relief + 60 * slope, 0.55, 1.08)[..., None])


def _dog_ear(picture: Picture, rng: Random) -> Picture:
    """A corner folded over and stapled: what was beneath it is dark."""
    out = picture.copy()
    side = int(0.11 * out.shape[1])
    cv2.fillPoly(out, [np.array([[0, 0], [side, 0], [0, side]], np.int32)], (70, 66, 60))
    cv2.fillPoly(out, [np.array([[side, 0], [side, side], [0, side]], np.int32)], (222, 220, 214))
    cv2.line(out, (int(side * 0.9), int(side * 0.55)), (int(side * 1.35), int(side * 0.75)), (110, 110, 115), 3)
    return out


def _on_another(picture: Picture, rng: Random) -> Picture:
    """Laid askew on another written sheet, whose edges show."""
    height, width = picture.shape[:2]
    under = np.roll(picture[::-1, ::-1], 200, axis=0).copy()
    degrees = rng.choice((-1.5, 1.5))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.95)
    inside = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, (width, height))
    shade = cv2.GaussianBlur(cv2.dilate(inside, np.ones((9, 9), np.uint8)), (0, 0), 5)
    out = under * (1 - 0.35 * (shade[..., None] / 255))
    return _byte(np.where(inside[..., None] > 0, cv2.warpAffine(picture, matrix, (width, height), borderValue=(255, 255, 255)), out))


def _shines_through(picture: Picture, rng: Random) -> Picture:
    back = _three(255 - 0.22 * (255 - _grey(np.ascontiguousarray(picture[:, ::-1]))))
    return np.minimum(picture, np.asarray(cv2.GaussianBlur(back, (0, 0), 1.5), np.uint8))


# ---------------------------------------------------------------- print


def _inked(picture: Picture, rng: Random, ink: tuple[int, int, int], soft: float = 0.0, strength: float = 1.0) -> Picture:
    """Black print in another ink, as a carbon copy gives it."""
    grey = cv2.GaussianBlur(_grey(picture), (0, 0), soft) if soft else _grey(picture)
    dark = (255 - grey)[..., None] / 255 * strength
    return _byte(255 * (1 - dark) + np.array(ink, np.float32) * dark)


def _patches(picture: Picture, rng: Random, low: float, high: float, grid: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Strengths between two bounds, drawn on a coarse grid of rows and columns, that run into each other over the page."""
    drawn = np.random.default_rng(rng.getrandbits(32)).uniform(low, high, grid).astype(np.float32)
    return np.asarray(cv2.resize(drawn, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _carbon(picture: Picture, rng: Random) -> Picture:
    """The third sheet of a set: soft, blue, now paler, now darker."""
    patches = _patches(picture, rng, 0.55, 1.0, (12, 8))
    pale = _inked(picture, rng, (60, 70, 150), 1.0, 0.85)
    return _byte(255 - (255 - pale.astype(np.float32)) * patches[..., None])


def _needles(picture: Picture, rng: Random, missing: bool = False) -> Picture:
    """A matrix printer's dots. missing: one of its 24 needles is broken."""
    grey = _grey(picture)
    ys, xs = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    dots = np.asarray(cv2.GaussianBlur((((ys % 3) < 2) & ((xs % 3) < 2)).astype(np.float32), (0, 0), 0.7))
    out = 255 - (255 - grey) * np.clip(dots * 1.6, 0.25, 1.0) * 0.85
    if missing:
        out[ys % 27 == 11] = 250
    return _three(out)


def _thermal(picture: Picture, rng: Random) -> Picture:
    """Heat-sensitive paper after a summer: brownish grey, pale in places."""
    print_ = (255 - _grey(picture)) * _patches(picture, rng, 0.22, 0.6, (5, 7))
    return _byte(np.array([246, 240, 226], np.float32) - print_[..., None])


def _toner(picture: Picture, rng: Random) -> Picture:
    """Streaks of too little and too much toner along the page."""
    out = picture.astype(np.float32)
    width = out.shape[1]
    for _ in range(3):
        x, wide = rng.randrange(width), rng.randint(8, 30)
        out[:, x : x + wide] = 255 - (255 - out[:, x : x + wide]) * 0.35
    for _ in range(3):
        x, wide = rng.randrange(width), rng.randint(2, 6)
        out[:, x : x + wide] *= 0.55
    return _byte(out)


# ---------------------------------------------------------------- pens and stamps


def _spots(picture: Picture, rng: Random, count: int) -> list[tuple[int, int]]:
    """Places on the print, away from the edges."""
    height, width = picture.shape[:2]
    ys, xs = np.nonzero(_grey(picture)[height // 8 : -height // 8, width // 8 : -width // 4] < 110)
    picks = [rng.randrange(len(ys)) for _ in range(count)] if len(ys) else []
    return [(int(xs[k]) + width // 8, int(ys[k]) + height // 8) for k in picks]


def _over(picture: Picture, ink: tuple[int, int, int], cover: npt.NDArray[np.float32]) -> Picture:
    """Transparent ink laid over the page where `cover` says, 0 to 1."""
    tint = 1 - cover[..., None] * (1 - np.array(ink, np.float32) / 255)
    return _byte(picture * tint)


def _highlighted(picture: Picture, rng: Random, ink: tuple[int, int, int] = (255, 240, 60)) -> Picture:
    cover = np.zeros(picture.shape[:2], np.float32)
    for x, y in _spots(picture, rng, 8):
        cv2.line(cover, (x - 20, y + rng.randint(-3, 3)), (x + rng.randint(150, 380), y + rng.randint(-4, 4)), 1.0, 36)
    return _over(picture, ink, cover)


def _underlined(picture: Picture, rng: Random) -> Picture:
    """Underlines and ticks by hand."""
    cover = np.zeros(picture.shape[:2], np.float32)
    for x, y in _spots(picture, rng, 8):
        points = np.array([[x + 16 * k, y + 16 + rng.randint(-3, 3)] for k in range(16)], np.int32)
        cv2.polylines(cover, [points], False, 0.9, 3, cv2.LINE_AA)
        cv2.polylines(cover, [np.array([[x - 40, y], [x - 28, y + 14], [x - 2, y - 26]], np.int32)], False, 0.9, 4, cv2.LINE_AA)
    return _over(picture, (205, 30, 40), cover)


def _signature(picture: Picture, rng: Random) -> Picture:
    """A signature in blue ink across the print."""
    cover = np.zeros(picture.shape[:2], np.float32)
    for x, y in _spots(picture, rng, 3):
        points = [(x + 22 * k + 26 * math.sin(2.3 * k), y + 34 * math.sin(1.7 * k) * rng.uniform(0.4, 1)) for k in range(14)]
        smooth = cv2.resize(np.array(points, np.float32)[:, None, :], (1, 140), interpolation=cv2.INTER_CUBIC).reshape(-1, 2)
        cv2.polylines(cover, [smooth.round().astype(np.int32)], False, 0.9, 4, cv2.LINE_AA)
    return _over(picture, (25, 45, 150), cover)


def _across_edges(picture: Picture, rng: Random) -> Picture:
    """A piece of the seal that is pressed across the edges of all pages of a contract."""
    cover = np.zeros(picture.shape[:2], np.float32)
    height, width = picture.shape[:2]
    centre, radius = (width + int(0.6 * 160), int(height * 0.45)), 160
    cv2.circle(cover, centre, radius, 0.8, 7, cv2.LINE_AA)
    for angle in range(100, 261, 16):
        x, y = centre[0] + int(0.82 * radius * math.cos(math.radians(angle))), centre[1] + int(0.82 * radius * math.sin(math.radians(angle)))
        cv2.rectangle(cover, (x - 9, y - 12), (x + 9, y + 12), 0.8, 4)
    return _over(picture, (205, 30, 34), cover)


def _received(picture: Picture, rng: Random) -> Picture:
    """The bureau's stamp of receipt, blue, over the print."""
    page: Any = pymupdf.open().new_page(width=180, height=90)
    page.draw_rect((3, 3, 177, 87), width=2.5)
    for row, text in enumerate(("经济和信息化局", "收文专用", "2021年01月18日")):
        page.insert_text((22, 28 + 25 * row), text, fontname="china-s", fontsize=18)
    pixels = page.get_pixmap(dpi=_FINEST, colorspace=pymupdf.csGRAY, alpha=False)
    mark = 1 - np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width].astype(np.float32) / 255
    cover = np.zeros(picture.shape[:2], np.float32)
    [(x, y)] = _spots(picture, rng, 1) or [(200, 200)]
    high, wide = (min(side, of) for side, of in zip(mark.shape, picture.shape[:2], strict=True))
    x, y = min(x, picture.shape[1] - wide), min(y, picture.shape[0] - high)
    mark = mark[:high, :wide]
    cover[y : y + high, x : x + wide] = 0.8 * mark
    return _over(picture, (40, 60, 190), cover)


DEVICES: Mapping[str, Device] = {
    "halftone": _halftone,
    "coarse halftone": partial(_halftone, pitch=8.0, weight=0.6),
    "ordered dots": _ordered,
    "diffused dots": _diffused,
    "whitened": partial(_levels, dark=20, light=190),
    "strong contrast": partial(_levels, dark=90, light=170),
    "thin strokes broken": _thinned,
    "sharpened": _sharpened,
    "150 dpi, quality 20": partial(_blocks, dpi=150, quality=20),
    "150 dpi, quality 10": partial(_blocks, dpi=150, quality=10),
    "100 dpi": partial(_blocks, dpi=100, quality=70),
    "96 dpi blown up to 300": partial(_blocks, dpi=96, quality=70, back=300),
    "messenger": _messenger,
    "warm lamp": partial(_cast, red=1.0, green=0.86, blue=0.62),
    "blue lamp": partial(_cast, red=0.7, green=0.85, blue=1.0),
    "vignette": _vignette,
    "glare": _glare,
    "moved": _moved,
    "moved far": partial(_moved, length=9),
    "soft corner": _soft_corner,
    "folds": _folds,
    "crumpled": _crumpled,
    "dog-ear": _dog_ear,
    "on another sheet": _on_another,
    "shines through": _shines_through,
    "red print": partial(_inked, ink=(200, 40, 45)),
    "blue print": partial(_inked, ink=(40, 50, 160)),
    "carbon copy": _carbon,
    "needles": _needles,
    "needles, one broken": partial(_needles, missing=True),
    "thermal paper": _thermal,
    "toner": _toner,
    "highlighter": _highlighted,
    "highlighter, green": partial(_highlighted, ink=(120, 240, 90)),
    "highlighter, pink": partial(_highlighted, ink=(255, 120, 170)),
    "underlined": _underlined,
    "signature": _signature,
    "seal across edges": _across_edges,
    "stamp of receipt": _received,
}
