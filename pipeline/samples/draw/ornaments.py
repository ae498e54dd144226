"""What hands add to a paper: square name seals, rubber stamps, notes with a pen, stickers, the shadow of a clip; and the pale words of a watermark.

In:    words, a random.Random.
Out:   `Mark`: a transparent picture that is laid over a page; none of it is a value, a seal of the truth, or part of the page's own text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
import pymupdf

from pipeline.samples.draw.faces import font
from pipeline.samples.draw.sheet import BLACK, Colour, Sheet
from pipeline.samples.seals import as_png, pressed

_DPI = 200
_RED: Colour = (0.78, 0.1, 0.14)
_INKS: tuple[Colour, ...] = ((0.1, 0.15, 0.5), (0.1, 0.1, 0.12), (0.15, 0.25, 0.6))


@dataclass(frozen=True)
class Mark:
    """A transparent PNG of width × height points."""

    data: bytes
    width: float
    height: float

    def put(self, sheet: Sheet, x: float, y: float) -> None:
        """Lay it over a page, its centre at x, y or as near as the page allows."""
        x = min(max(x, self.width / 2 + 2), sheet.width - self.width / 2 - 2)
        y = min(max(y, self.height / 2 + 2), sheet.height - self.height / 2 - 2)
        sheet.picture((x - self.width / 2, y - self.height / 2, x + self.width / 2, y + self.height / 2), self.data)


def chop(name: str, side: float, rng: Random) -> Mark:
    """A person's square seal (法人章), read from the right column down."""
    letters = (name + "印" if len(name) == 3 else name + "之印" if len(name) == 2 else name)[:4].ljust(4, "印")
    doc: Any = pymupdf.open()
    page = doc.new_page(width=side, height=side)
    page.draw_rect(pymupdf.Rect(2, 2, side - 2, side - 2), color=(0, 0, 0), width=side * 0.045)
    writer, size = pymupdf.TextWriter(page.rect), side * 0.41
    face = font(rng.choice(("kai", "song", "hei")))
    for n, c in enumerate(letters):
        writer.append((side * (0.53 if n < 2 else 0.08), side * (0.46 if n % 2 == 0 else 0.87)), c, face, size)
    writer.write_text(page)
    return _mark(page, _RED, 0.9, rng.uniform(-9, 9), rng)


def rubber(lines: Sequence[str], rng: Random, size: float, colour: Colour, rim: str = "box") -> Mark:
    """Words one below the other as a rubber stamp leaves them. rim: box, double, ring, none."""
    face = font(rng.choice(("hei", "song", "cjk")))
    widths = [face.text_length(line, size) for line in lines]
    wide, high = max(widths) + size * (1.6 if rim != "ring" else 3.4), len(lines) * size * 1.35 + size * (0.8 if rim != "ring" else 2.4)
    doc: Any = pymupdf.open()
    page = doc.new_page(width=wide, height=high)
    inner = pymupdf.Rect(1.5, 1.5, wide - 1.5, high - 1.5)
    if rim in ("box", "double"):
        page.draw_rect(inner, color=(0, 0, 0), width=1.3)
    if rim == "double":
        page.draw_rect(pymupdf.Rect(4.5, 4.5, wide - 4.5, high - 4.5), color=(0, 0, 0), width=0.6)
    if rim == "ring":
        page.draw_oval(inner, color=(0, 0, 0), width=1.4)
    writer = pymupdf.TextWriter(page.rect)
    top = (high - len(lines) * size * 1.35) / 2
    for n, (line, long) in enumerate(zip(lines, widths, strict=True)):
        writer.append(((wide - long) / 2, top + (n + 0.82) * size * 1.35 - size * 0.1), line, face, size)
    writer.write_text(page)
    return _mark(page, colour, rng.uniform(0.7, 1.0), rng.uniform(-7, 7), rng)


def note(words: str, rng: Random, size: float = 15.0) -> Mark:
    """Words written with a pen."""
    face = font("hand")
    long = face.text_length(words, size)
    doc: Any = pymupdf.open()
    page = doc.new_page(width=long + size, height=size * 2)
    writer = pymupdf.TextWriter(page.rect)
    x = size / 2
    for c in words:  # no two characters stand quite alike
        writer.append((x, size * rng.uniform(1.32, 1.48)), c, face, size * rng.uniform(0.92, 1.06))
        x += face.text_length(c, size)
    writer.write_text(page)
    return _mark(page, rng.choice(_INKS), 1.0, rng.uniform(-5, 5), rng)


def sticker(words: str, rng: Random) -> Mark:
    """A white label with a number, stuck on."""
    face, size = font("hei"), 10.0
    wide = face.text_length(words, size) + 22
    doc: Any = pymupdf.open()
    page = doc.new_page(width=wide, height=26)
    page.draw_rect(pymupdf.Rect(1, 1, wide - 1, 25), color=(0.3, 0.3, 0.3), fill=rng.choice(((1, 1, 1), (0.99, 0.97, 0.82), (0.9, 0.96, 1))), width=0.8)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((11, 17), words, face, size)
    writer.write_text(page, color=BLACK)
    return Mark(bytes(page.get_pixmap(dpi=_DPI).tobytes("png")), wide, 26.0)


def water(words: str, wide: float) -> Mark:
    """Pale words slanting upwards, as electronic papers and copies bear them."""
    face = font("hei")
    size = min(44.0, wide / max(1.0, face.text_length(words, 1.0)))
    doc: Any = pymupdf.open()
    page = doc.new_page(width=wide * 1.1, height=wide * 0.8)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((wide * 0.05 + (wide - face.text_length(words, size)) / 2, wide * 0.4 + size / 3), words, face, size)
    writer.write_text(page, morph=(pymupdf.Point(wide * 0.55, wide * 0.4), pymupdf.Matrix(28)))
    pixels = page.get_pixmap(dpi=_DPI // 2, colorspace=pymupdf.csGRAY, alpha=False)
    grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width]
    return Mark(as_png(np.asarray((255 - grey) * 0.13, np.uint8), (90, 90, 100)), wide * 1.1, wide * 0.8)


def clip(rng: Random) -> Mark:
    """The grey trace of a paper clip at a page's edge."""
    doc: Any = pymupdf.open()
    page = doc.new_page(width=16, height=54)
    for inset, top, low in ((2, 2, 44), (5, 8, 50), (5, 14, 40)):
        page.draw_rect(pymupdf.Rect(inset, top, 16 - inset, low), color=(0, 0, 0), width=1.3, radius=0.4)
    return _mark(page, (0.42, 0.42, 0.44), 0.8, rng.uniform(-8, 8), rng)


def _mark(page: Any, colour: Colour, strength: float, turn: float, rng: Random) -> Mark:
    pixels = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width]
    mask = pressed(rng, np.asarray(255 - cv2.copyMakeBorder(np.ascontiguousarray(grey), 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=255), np.uint8), strength, turn)
    red, green, blue = (round(part * 255) for part in colour)
    return Mark(as_png(mask, (red, green, blue)), mask.shape[1] * 72 / _DPI, mask.shape[0] * 72 / _DPI)


__all__ = ["Mark", "chop", "clip", "note", "rubber", "sticker", "water"]
