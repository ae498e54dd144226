"""Scanning: a drawn page becomes the picture that a scanner or a telephone gives, with its seals pressed on and its faults.

In:    a page of a `Book` with its seal places, a `Look` (scanner and paper), a random.Random.
Out:   a JPEG or PNG and, for truth, each seal's box as fractions of the upright page, through skew and perspective.
Elsewhere: which pages go into which file (pipeline/samples/pack.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

from pipeline.samples.draw.sheet import SealPlace
from pipeline.samples.seals import DPI, as_png, pressed, stamp, tight

Image = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
_ROTATE = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_DPIS = (150, 150, 150, *(200,) * 9, 240, 240, 240, 300)
_REDS = ((34, 30, 205), (40, 45, 190), (55, 60, 215), (70, 62, 180), (30, 22, 165))  # blue, green, red


@dataclass(frozen=True)
class Look:
    """A scanner's and its operator's ways, the same for a file. watermark: text across the page; seal_ink: blue, green, red of the seals, None for any red."""

    dpi: int = 200
    grey: bool = False
    quality: int = 70
    skew: float = 0.6
    noise: float = 3.0
    blur: float = 0.0
    tint: tuple[int, int, int] = (255, 255, 255)
    shade: float = 0.0
    fade: float = 0.0
    holes: bool = False
    edge: bool = False
    bleed: float = 0.0
    phone: bool = False
    watermark: str = ""
    seal_strength: float = 0.85
    seal_ink: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Scan:
    """A picture of a page. seals: text and box of each pressed seal; width, height in points, as it lies in the file.

    placement: 3 × 3, row by row, from points of the page as drawn to fractions of the picture.
    """

    data: bytes
    kind: Literal["jpg", "png"]
    width: float
    height: float
    seals: tuple[tuple[str, Box], ...]
    dpi: int
    turned: int
    placement: tuple[float, ...]


def any_look(rng: Random) -> Look:
    """A scanner of any kind: mostly fair, now and then poor."""
    poor = rng.random() < 0.2
    return Look(
        dpi=rng.choice(_DPIS if not poor else (150, 150, 200)),
        grey=rng.random() < 0.12,
        quality=rng.choice((60, 70, 80)) if not poor else rng.choice((38, 48)),
        skew=rng.choice((0.3, 0.6, 1.0, 1.6)) * (1.6 if poor else 1.0),
        noise=rng.uniform(0.5, 4.0) if not poor else rng.uniform(4, 9),
        blur=0.0 if not poor else rng.uniform(0.3, 0.8),
        tint=rng.choice(((255, 255, 255), (250, 252, 253), (240, 246, 250), (244, 247, 244), (232, 240, 246))),
        shade=rng.choice((0.0, 0.0, 0.06, 0.14)),
        fade=rng.choice((0.0, 0.0, 0.0, 0.12, 0.25)) + (0.1 if poor else 0.0),
        holes=rng.random() < 0.2,
        edge=rng.random() < 0.25,
        bleed=rng.choice((0.0, 0.0, 0.0, 0.05, 0.09)),
        watermark=rng.choice(("仅供申请保险补贴使用", "复印件与原件一致", "再次复印无效")) if rng.random() < 0.12 else "",
        seal_strength=rng.choice((0.95, 0.85, 0.75, 0.6, 0.5)),
    )


def render(doc: pymupdf.Document, number: int, dpi: int) -> Image:
    """A drawn page as blue-green-red pixels."""
    pixels = doc[number].get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
    rgb = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width * 3].reshape(pixels.height, pixels.width, 3)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def _imprint(place: SealPlace, look: Look, rng: Random, dpi: int, width: int, height: int) -> tuple[Any, int, int]:
    """A seal's mask and where its upper left corner lies, in pixels."""
    mask = pressed(
        rng,
        stamp(place.name, place.purpose, place.shape, place.number, True),
        look.seal_strength * rng.uniform(0.85, 1.1),
        rng.choice((0.0, rng.uniform(-12, 12), rng.uniform(-35, 35))) if place.shape == "round" else rng.uniform(-14, 14),
    )
    scale = dpi / DPI * place.size / (118.0 if place.shape == "round" else 114.0)
    mask = cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:height, :width]
    x = int(place.x / 72 * dpi - mask.shape[1] / 2)
    y = int(place.y / 72 * dpi - mask.shape[0] / 2)
    return mask, max(0, min(x, width - mask.shape[1])), max(0, min(y, height - mask.shape[0]))


def press(image: Image, places: Sequence[SealPlace], look: Look, rng: Random) -> list[tuple[str, Box]]:
    """Press seals onto an upright page, in place. Returns each seal's text and box in pixels."""
    found = []
    for place in places:
        mask, x, y = _imprint(place, look, rng, look.dpi, image.shape[1], image.shape[0])
        part = image[y : y + mask.shape[0], x : x + mask.shape[1]]
        ink = np.array(rng.choice(_REDS) if look.seal_ink is None else look.seal_ink, np.float32)
        cover = (mask.astype(np.float32) / 255)[..., None]
        part[:] = (part * (1 - cover) + np.minimum(part, ink) * cover * 0.92 + ink * cover * 0.08).astype(np.uint8)
        x0, y0, x1, y1 = tight(mask)
        found.append((place.name, (float(x + x0), float(y + y0), float(x + x1), float(y + y1))))
    return found


def stick(page: pymupdf.Page, places: Sequence[SealPlace], rng: Random) -> list[tuple[str, Box]]:
    """Put seals on a born-digital page as pictures. Returns text and box as fractions of the page."""
    found = []
    width, height = page.rect.width, page.rect.height
    look = Look(seal_strength=rng.uniform(0.75, 1.0))
    for place in places:
        mask, x, y = _imprint(place, look, rng, 150, int(width / 72 * 150), int(height / 72 * 150))
        ink = rng.choice(_REDS)
        scale = 72 / 150
        page.insert_image(
            pymupdf.Rect(x * scale, y * scale, (x + mask.shape[1]) * scale, (y + mask.shape[0]) * scale), stream=as_png(mask, (ink[2], ink[1], ink[0]))
        )
        x0, y0, x1, y1 = tight(mask)
        found.append((place.name, ((x + x0) * scale / width, (y + y0) * scale / height, (x + x1) * scale / width, (y + y1) * scale / height)))
    return found


def scan(
    doc: pymupdf.Document,
    number: int,
    places: Sequence[SealPlace],
    look: Look,
    rng: Random,
    turn: int = 0,
    kind: Literal["jpg", "png"] = "jpg",
    behind: int | None = None,
    seal_rng: Random | None = None,
) -> Scan:
    """Scan one page.

    turn: clockwise degrees it lies turned; behind: the page that shines through. seal_rng: dice for the seals alone, so that the same scan comes with
    and without them.
    """
    image = render(doc, number, look.dpi)
    marked = press(image, places, look, seal_rng or rng)
    height, width = image.shape[:2]
    if look.bleed and behind is not None:
        _shine_through(image, render(doc, behind, 60), look.bleed)
    if look.watermark:
        _watermark(image, look)
    if look.fade:
        cv2.addWeighted(image, 1 - look.fade, np.full_like(image, 255), look.fade, 0, dst=image)
    matrix = _placement(width, height, look, rng)
    border = (24, 24, 26) if look.phone else (238, 238, 238) if not look.edge else (60, 60, 60)
    if look.phone:
        placed = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    else:
        placed = cv2.warpAffine(image, matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    image = np.asarray(placed, np.uint8)
    _paper(image, look, rng)
    seals = tuple((text, _moved(box, matrix, width, height)) for text, box in marked)
    if look.grey:
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    if turn:
        image = np.asarray(cv2.rotate(image, _ROTATE[turn]), np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, look.quality] if kind == "jpg" else [cv2.IMWRITE_PNG_COMPRESSION, 3]
    done, data = cv2.imencode("." + kind, image, options)
    if not done:  # pragma: no cover - memory only
        raise MemoryError("the scan can't be encoded")
    high, wide = image.shape[:2]
    scale = look.dpi / 72
    placement = np.diag([1 / wide, 1 / high, 1.0]) @ _quarter(turn, width, height) @ matrix @ np.diag([scale, scale, 1.0])
    return Scan(bytes(data), kind, wide * 72 / look.dpi, high * 72 / look.dpi, seals, look.dpi, turn, tuple(map(float, placement.ravel())))


def _quarter(turn: int, width: int, height: int) -> npt.NDArray[np.float64]:
    """Where a clockwise turn by quarters takes the points of a picture of width × height."""
    turns = {0: ((1, 0, 0), (0, 1, 0)), 90: ((0, -1, height), (1, 0, 0)), 180: ((-1, 0, width), (0, -1, height)), 270: ((0, 1, 0), (-1, 0, width))}
    return np.array([*turns[turn], (0, 0, 1)], np.float64)


def _placement(width: int, height: int, look: Look, rng: Random) -> npt.NDArray[np.float64]:
    """How the paper lies: a small turn about its middle and, before a telephone, a perspective."""
    turn = rng.uniform(-look.skew, look.skew)
    rotation = np.vstack([cv2.getRotationMatrix2D((width / 2 + rng.uniform(-4, 4), height / 2), turn, 1.0), [0.0, 0.0, 1.0]])
    if not look.phone:
        return np.asarray(rotation, np.float64)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    pull = np.array(
        [[rng.uniform(0.006, 0.035) * width * sx, rng.uniform(0.006, 0.03) * height * sy] for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))], np.float32
    )
    return np.asarray(cv2.getPerspectiveTransform(corners, (corners + pull).astype(np.float32)) @ rotation, np.float64)


def _moved(box: Box, matrix: npt.NDArray[np.float64], width: int, height: int) -> Box:
    """A box after the placement, as fractions of the page: sampled along its inscribed oval, which is what a seal fills."""
    x0, y0, x1, y1 = box
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    points = np.stack([(x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(angles), (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(angles), np.ones(24)])
    moved = matrix @ points
    xs, ys = moved[0] / moved[2] / width, moved[1] / moved[2] / height
    low, high = np.clip([xs.min(), ys.min()], 0, 1), np.clip([xs.max(), ys.max()], 0, 1)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _shine_through(image: Image, other: Image, strength: float) -> None:
    """The other side of the sheet, mirrored and faint."""
    mirrored = cv2.resize(cv2.flip(other, 1), (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    faint = cv2.convertScaleAbs(cv2.cvtColor(mirrored, cv2.COLOR_BGR2GRAY), alpha=strength, beta=255 * (1 - strength))
    cv2.min(image, cv2.merge([faint] * 3), dst=image)


def _watermark(image: Image, look: Look) -> None:
    """Grey words across the page, laid under the print."""
    height, width = image.shape[:2]
    page: Any = pymupdf.open().new_page(width=400, height=400)
    size = 250 / len(look.watermark)
    page.insert_text((75, 210), look.watermark, fontname="china-s", fontsize=size, morph=(pymupdf.Point(200, 200), pymupdf.Matrix(35)))
    pixels = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY, alpha=False)
    mark = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:, : pixels.width]
    side = min(width, height)
    mark = cv2.resize(mark, (side, side), interpolation=cv2.INTER_AREA)
    pale = (255 - (255 - mark.astype(np.float32)) * 0.16).astype(np.uint8)[..., None]
    y, x = (height - side) // 2, (width - side) // 2
    part = image[y : y + side, x : x + side]
    np.minimum(part, pale, out=part)


def _paper(image: Image, look: Look, rng: Random) -> None:
    """Tint, uneven light, dark edges, punch holes, blur and grain, in place."""
    height, width = image.shape[:2]
    if look.tint != (255, 255, 255):
        table = (np.arange(256)[:, None] * np.array(look.tint) / 255).astype(np.uint8)
        cv2.LUT(image, table.reshape(256, 1, 3), dst=image)
    shade = look.shade + (0.12 if look.phone else 0.0)
    if shade:
        corner = np.array([[rng.uniform(1 - shade, 1) for _ in range(2)] for _ in range(2)], np.float32)
        light = cv2.resize(corner, (64, 64), interpolation=cv2.INTER_LINEAR)
        full = cv2.resize((light * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.multiply(image, cv2.merge([full] * 3), dst=image, scale=1 / 255)
    if look.edge:
        side = max(3, int(width * rng.uniform(0.004, 0.014)))
        image[:, :side] = (image[:, :side] * np.linspace(0.25, 0.95, side, dtype=np.float32)[None, :, None]).astype(np.uint8)
    if look.holes:
        radius = int(width * 0.012)
        for y in (0.32, 0.68) if height > width else (0.25, 0.75):
            cv2.circle(image, (int(width * 0.028), int(height * y)), radius, (40, 40, 40), -1, cv2.LINE_AA)
    if look.blur:
        cv2.GaussianBlur(image, (0, 0), look.blur, dst=image)
    if look.noise >= 1:
        grain = np.random.default_rng(rng.getrandbits(32))
        tile = np.clip(grain.normal(0, look.noise, (512, 512)), -60, 60)
        lighter, darker = np.clip(tile, 0, 60).astype(np.uint8), np.clip(-tile, 0, 60).astype(np.uint8)
        times = (math.ceil(height / 512), math.ceil(width / 512))
        for part, change in ((lighter, cv2.add), (darker, cv2.subtract)):
            full = np.tile(part, times)[:height, :width]
            change(image, cv2.merge([full] * 3), dst=image)
