"""Seals: round company seals and oval invoice seals as masks of ink, pale, dark, worn and turned.

In:    a name for the arc, a line for below (合同专用章 …), a shape.
Out:   grey masks (uint8, 255 = full ink) at `DPI`, which are laid over a scanned page or put into a born-digital one as a picture.
Elsewhere: where a paper has its seals (pipeline/samples/draw), how they become part of the scan (pipeline/samples/scan.py).
"""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

DPI = 220
Mask = npt.NDArray[np.uint8]
_SIZES: dict[str, tuple[float, float]] = {"round": (118.0, 118.0), "oval": (114.0, 85.0)}


@lru_cache(maxsize=256)
def stamp(name: str, purpose: str, shape: Literal["round", "oval"], number: str, star: bool) -> Mask:
    """The clean imprint of a seal. Points: 42 mm across when round, 40 × 30 mm when oval."""
    width, height = _SIZES[shape]
    doc: Any = pymupdf.open()
    page = doc.new_page(width=width, height=height)
    drawing = page.new_shape()
    rim = 2.6 if shape == "round" else 1.9
    drawing.draw_oval(pymupdf.Rect(rim, rim, width - rim, height - rim))
    drawing.finish(color=(0, 0, 0), width=rim)
    if star and shape == "round":
        _star(drawing, width / 2, height / 2, 16.5)
    drawing.commit()
    _arc(page, name, width, height, upper=True)
    centre = pymupdf.Point(width / 2, height / 2)
    if purpose:
        size = min(11.0 if shape == "round" else 10.5, width * (0.46 if shape == "round" else 0.55) / max(1, len(purpose)))
        y = height * (0.735 if shape == "round" else 0.77)
        page.insert_text((centre.x - len(purpose) * size / 2, y), purpose, fontname="china-s", fontsize=size, render_mode=2, border_width=0.03)
    if number:
        if shape == "oval":
            size = min(8.5, width * 0.6 / pymupdf.get_text_length(number, "helv", 1.0))
            page.insert_text((centre.x - pymupdf.get_text_length(number, "helv", size) / 2, centre.y + 5), number, fontname="helv", fontsize=size)
        else:
            _arc(page, number, width, height, upper=False)
    pixels = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY, alpha=False)
    grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width]
    doc.close()
    return np.asarray(255 - grey, np.uint8)


def _star(drawing: Any, x: float, y: float, radius: float) -> None:
    points = [(x + r * math.sin(k * math.pi / 5), y - r * math.cos(k * math.pi / 5)) for k in range(10) for r in (radius if k % 2 == 0 else radius * 0.382,)]
    drawing.draw_polyline(points)
    drawing.finish(color=(0, 0, 0), fill=(0, 0, 0), width=0.2, closePath=True)


def _arc(page: Any, text: str, width: float, height: float, upper: bool) -> None:
    """Characters along the rim at even distances, their feet to the middle (above), or small digits below."""
    count = len(text)
    tall = (1.4 if count < 17 else 1.25) if width == height else 1.15
    limit = (300.0 if count > 16 else 245.0) if width == height else 250.0
    size = min(15.5 if width == height else 12.0, math.radians(limit) * (width + height) / 4 * 0.66 / max(1, count)) if upper else 5.2
    inset = 6.0 + size * tall * 0.86 if upper else 6.0
    rx, ry = width / 2 - inset, height / 2 - inset
    pen = page.new_shape()
    angles = _even(rx, ry, count, size * (1.16 if count < 15 else 1.05) if upper else 4.4, math.radians(limit))
    for angle, c in zip(angles, text, strict=True):
        side = 1 if upper else -1
        foot = pymupdf.Point(width / 2 + rx * math.sin(angle), height / 2 - side * ry * math.cos(angle))
        turn = side * math.degrees(math.atan2(ry * math.sin(angle), rx * math.cos(angle)))  # the ellipse's normal
        name = "china-s" if not c.isascii() else "helv"
        advance = size if not c.isascii() else pymupdf.get_text_length(c, "helv", size)
        matrix = pymupdf.Matrix(1, 0, 0, tall if upper else 1, 0, 0) * pymupdf.Matrix(-turn)
        pen.insert_text(foot - (advance / 2, 0), c, fontname=name, fontsize=size, render_mode=2, border_width=0.025 if upper else 0.001, morph=(foot, matrix))
    pen.commit()


def _even(rx: float, ry: float, count: int, step: float, limit: float) -> list[float]:
    """Angles from the top at which `count` marks stand `step` points apart along an ellipse, less where they'd pass `limit`."""
    fine = np.linspace(-math.pi, math.pi, 1441)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(rx * np.sin(fine)), np.diff(ry * np.cos(fine))))])
    middle = along[720]
    room = float(np.interp(limit / 2, fine, along) - middle) * 2
    step = min(step * 1.25, max(step, room * 0.8 / max(1, count)), room / max(1, count - 1)) if count > 1 else step
    return [float(np.interp(middle + (n - (count - 1) / 2) * step, along, fine)) for n in range(count)]


def pressed(rng: Random, mask: Mask, strength: float, turn: float) -> Mask:
    """The imprint as a hand leaves it: turned by `turn` degrees, unevenly inked, worn in places. strength: 0 to 1."""
    height, width = mask.shape
    radians = math.radians(turn)
    cos, sin = abs(math.cos(radians)), abs(math.sin(radians))
    wide, high = int(width * cos + height * sin) + 2, int(width * sin + height * cos) + 2
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    matrix[0, 2] += wide / 2 - width / 2
    matrix[1, 2] += high / 2 - height / 2
    turned = cv2.warpAffine(mask, matrix, (wide, high), flags=cv2.INTER_LINEAR)
    noise = np.random.default_rng(rng.getrandbits(32))
    uneven = cv2.resize(noise.uniform(0.55, 1.25, (6, 6)).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    grain = cv2.resize(noise.uniform(0.6, 1.2, (high // 3 + 1, wide // 3 + 1)).astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(turned * uneven * grain * strength, 0, 255), np.uint8)


def tight(mask: Mask) -> tuple[int, int, int, int]:
    """The box of the ink in a mask: x0, y0, x1, y1 in its pixels."""
    columns, rows = np.flatnonzero(mask.max(axis=0) > 40), np.flatnonzero(mask.max(axis=1) > 40)
    if not len(columns) or not len(rows):
        return 0, 0, mask.shape[1], mask.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def as_png(mask: Mask, colour: tuple[int, int, int]) -> bytes:
    """The imprint as a transparent picture for a born-digital page. colour: red, green, blue."""
    picture = np.empty((*mask.shape, 4), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = colour[2], colour[1], colour[0]
    picture[..., 3] = mask
    done, data = cv2.imencode(".png", picture)
    if not done:  # pragma: no cover - memory only
        raise MemoryError("the seal's picture can't be encoded")
    return bytes(data)
