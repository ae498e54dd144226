"""Scanning: a drawn page becomes the picture that a scanner or a telephone gives, with its seals pressed on and its faults.

In:    a page of a `Book` with its seal places, or two that lie side by side, a `Look` (scanner and paper), a random.Random.
Out:   a JPEG or PNG and, for truth, each seal's box as fractions of the upright page, through curl, skew and perspective.
Elsewhere: which pages go into which file (pipeline/samples/pack.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """A scanner's and its operator's ways, the same for a file.

    skew: most degrees by which pages lie askew, lean: degrees that all of them do. watermark: text across the page.
    curl: height of the paper's bulge, as a share of the page's. frame: width of the black around the paper when the lid stays open, as a share of the page's.
    shadow: how much darker a hand's or a telephone's shadow is, 0 to 1. ground: what lies beneath a page that is photographed.
    bilevel: every pixel black or white, as a fax gives it. streaks: dark hairlines along the page, from dirt on the glass. sharpen: the device's own, from 0 on. seal_ink: blue, green, red of the seals, None for any red.
    """

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
    ground: Literal["dark", "bright", "busy"] = "dark"
    lean: float = 0.0
    curl: float = 0.0
    frame: float = 0.0
    shadow: float = 0.0
    bilevel: bool = False
    streaks: int = 0
    sharpen: float = 0.0
    watermark: str = ""
    seal_strength: float = 0.85
    seal_ink: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Scan:
    """A picture of a page. seals: text and box of each pressed seal; width, height in points, as it lies in the file.

    placement: 3 × 3, row by row, from points of the page as drawn to fractions of the picture, a bulge left out.
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
    odd = rng.random()  # what comes once or twice in a January
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
        bilevel=odd < 0.02,
        frame=rng.uniform(0.01, 0.08) if 0.02 <= odd < 0.04 else 0.0,
    )


def of_telephone(look: Look, rng: Random) -> Look:
    """The same page photographed: uneven light, a little perspective, no scanner's edge; now and then bulged, in a shadow, on a light or patterned table."""
    return replace(
        look,
        phone=True,
        dpi=max(look.dpi, 200),
        skew=1.2,
        edge=False,
        holes=False,
        bleed=0.0,
        grey=False,
        bilevel=False,
        frame=0.0,
        quality=max(60, look.quality),
        curl=rng.uniform(0.004, 0.015) if rng.random() < 0.15 else 0.0,
        shadow=rng.uniform(0.2, 0.45) if rng.random() < 0.15 else 0.0,
        ground=rng.choice(("dark", "dark", "dark", "dark", "bright", "busy")),
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
        stamp(place.name, place.purpose, place.shape, place.number, place.star),
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
        ink = np.array(place.ink or look.seal_ink or rng.choice(_REDS), np.float32)
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
        ink = place.ink or rng.choice(_REDS)
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
    if look.bleed and behind is not None:
        _shine_through(image, render(doc, behind, 60), look.bleed)
    return _laid_down(image, marked, look, rng, turn, kind)


def scan_pair(doc: pymupdf.Document, pages: Sequence[tuple[int, Sequence[SealPlace]]], look: Look, rng: Random, turn: int = 0) -> Scan:
    """Scan two pages that lie side by side, the left one first. The fold between them is darker, as an open booklet's."""
    images: list[Image] = []
    marked: list[tuple[str, Box]] = []
    for number, places in pages:
        image = render(doc, number, look.dpi)
        left = sum(other.shape[1] for other in images)
        marked += [(text, (x0 + left, y0, x1 + left, y1)) for text, (x0, y0, x1, y1) in press(image, places, look, rng)]
        images.append(image)
    height = max(image.shape[0] for image in images)
    sheet = np.concatenate([cv2.copyMakeBorder(image, 0, height - image.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255)) for image in images], axis=1)
    fold = images[0].shape[1]
    reach = max(2, look.dpi // 12)
    shade = 1 - rng.choice((0.0, 0.12, 0.35)) * (1 - np.abs(np.arange(-reach, reach)) / reach)
    sheet[:, fold - reach : fold + reach] = (sheet[:, fold - reach : fold + reach] * shade[None, :, None]).astype(np.uint8)
    return _laid_down(np.ascontiguousarray(sheet, np.uint8), marked, look, rng, turn, "jpg")


def as_pdf(made: Scan) -> bytes:
    """A scanner's PDF: one picture that is the page."""
    doc: Any = pymupdf.open()
    page = doc.new_page(width=made.width, height=made.height)
    page.insert_image(page.rect, stream=made.data)
    data = bytes(doc.tobytes(no_new_id=True))
    doc.close()
    return data


def _laid_down(image: Image, marked: Sequence[tuple[str, Box]], look: Look, rng: Random, turn: int, kind: Literal["jpg", "png"]) -> Scan:
    """What the scanner or the telephone makes of an upright page."""
    if look.watermark:
        _watermark(image, look)
    if look.fade:
        cv2.addWeighted(image, 1 - look.fade, np.full_like(image, 255), look.fade, 0, dst=image)
    placed = Placement.of(image.shape[1], image.shape[0], look, rng)
    image = placed.picture(image, look, rng)
    _paper(image, look, rng)
    seals = tuple((text, placed.box(box)) for text, box in marked)
    if look.grey or look.bilevel:
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, look.quality] if kind == "jpg" else [cv2.IMWRITE_PNG_COMPRESSION, 3]
    if look.bilevel:
        kind, options = "png", [cv2.IMWRITE_PNG_BILEVEL, 1]
        image = np.asarray(cv2.threshold(image, rng.uniform(0.55, 0.72) * float(np.percentile(image, 90)), 255, cv2.THRESH_BINARY)[1], np.uint8)
    if turn:
        image = np.asarray(cv2.rotate(image, _ROTATE[turn]), np.uint8)
    done, data = cv2.imencode("." + kind, image, options)
    if not done:  # pragma: no cover - memory only
        raise MemoryError("the scan can't be encoded")
    high, wide = image.shape[:2]
    scale = look.dpi / 72
    placement = np.diag([1 / wide, 1 / high, 1.0]) @ _quarter(turn, placed.width, placed.height) @ placed.matrix @ np.diag([scale, scale, 1.0])
    return Scan(bytes(data), kind, wide * 72 / look.dpi, high * 72 / look.dpi, seals, look.dpi, turn, tuple(map(float, placement.ravel())))


def _quarter(turn: int, width: int, height: int) -> npt.NDArray[np.float64]:
    """Where a clockwise turn by quarters takes the points of a picture of width × height."""
    turns = {0: ((1, 0, 0), (0, 1, 0)), 90: ((0, -1, height), (1, 0, 0)), 180: ((-1, 0, width), (0, -1, height)), 270: ((0, 1, 0), (-1, 0, width))}
    return np.array([*turns[turn], (0, 0, 1)], np.float64)


@dataclass(frozen=True)
class Placement:
    """How the paper lies: bulged, then turned a little about its middle and, before a telephone, in perspective, on a ground that may be larger.

    width, height: of the picture. matrix: 3 × 3, from the bulged page's pixels to the picture's.
    bulge: pixels by which each column sinks at the page's top, grown by `growth` until its foot, which lies at `foot`.
    """

    width: int
    height: int
    foot: int
    matrix: npt.NDArray[np.float64]
    bulge: npt.NDArray[np.float64]
    growth: float

    @classmethod
    def of(cls, width: int, height: int, look: Look, rng: Random) -> Placement:
        turn = rng.uniform(-look.skew, look.skew) - look.lean
        matrix = np.vstack([cv2.getRotationMatrix2D((width / 2 + rng.uniform(-4, 4), height / 2), turn, 1.0), [0.0, 0.0, 1.0]])
        if look.phone:
            corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
            pull = np.array(
                [[rng.uniform(0.006, 0.035) * width * sx, rng.uniform(0.006, 0.03) * height * sy] for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))],
                np.float32,
            )
            matrix = cv2.getPerspectiveTransform(corners, (corners + pull).astype(np.float32)) @ matrix
        wide, high = width, height
        if look.frame:
            left, right, top, bottom = (round(look.frame * width * rng.uniform(0.2, 1.0)) for _ in range(4))
            matrix = np.array([[1.0, 0, left], [0, 1.0, top], [0, 0, 1.0]]) @ matrix
            wide, high = width + left + right, height + top + bottom
        bulge, growth = np.zeros(width), 0.0
        if look.curl:
            across = np.linspace(0, 1, width)
            form = np.sin(np.pi * across) if rng.random() < 0.5 else np.exp(-across / 0.3) if rng.random() < 0.5 else np.exp((across - 1) / 0.3)
            bulge = rng.choice((-1, 1)) * look.curl * height * (form - form.mean())
            growth = rng.uniform(-0.4, 0.4)
        return cls(wide, high, height, np.asarray(matrix, np.float64), bulge, growth)

    def picture(self, image: Image, look: Look, rng: Random) -> Image:
        """The page on its ground."""
        border = (20, 20, 20) if look.frame else (238, 238, 238) if not look.edge else (60, 60, 60)
        if look.phone:
            border = {"dark": (24, 24, 26), "bright": (168, 188, 200), "busy": (70, 96, 124)}[look.ground]
        if self.bulge.any():
            ys, xs = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
            sink = self.bulge[None, :].astype(np.float32)
            ys = (ys - sink) / (1 + self.growth * sink / self.foot)
            image = np.asarray(cv2.remap(image, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border), np.uint8)
        size = (self.width, self.height)
        out = cv2.warpPerspective(image, self.matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
        if look.phone and look.ground == "busy":
            outside = cv2.warpPerspective(np.zeros(image.shape[:2], np.uint8), self.matrix, size, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
            grain = np.random.default_rng(rng.getrandbits(32)).normal(0, 1, (self.height // 40 + 1, self.width // 6 + 1))  # the veins of a wooden table
            veins = cv2.resize((grain * 45 + 128).clip(0, 255).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC).astype(np.int16) - 128
            out = np.where(outside[..., None] > 0, (out.astype(np.int16) + veins[..., None]).clip(0, 255), out)
        return np.ascontiguousarray(out, np.uint8)

    def box(self, box: Box) -> Box:
        """A box of the page as fractions of the picture: sampled along its inscribed oval, which is what a seal fills."""
        x0, y0, x1, y1 = box
        angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
        xs, ys = (x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(angles), (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(angles)
        sink = self.bulge[xs.round().astype(int).clip(0, len(self.bulge) - 1)]
        moved = self.matrix @ np.stack([xs, ys + sink * (1 + self.growth * ys / self.foot), np.ones(24)])
        across, down = moved[0] / moved[2] / self.width, moved[1] / moved[2] / self.height
        low, high = np.clip([across.min(), down.min()], 0, 1), np.clip([across.max(), down.max()], 0, 1)
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


def _shadow(image: Image, strength: float, rng: Random) -> None:
    """The shadow of a hand or a telephone: from one side, soft at its edge, in place."""
    height, width = 96, 96
    corners = [(-20, -20), (width * rng.uniform(0.25, 0.75), -20), (width * rng.uniform(0.25, 0.75), height + 20), (-20, height + 20)]
    mask = np.zeros((height, width), np.float32)
    cv2.fillPoly(mask, [np.array(corners, np.int32)], 1.0)
    mask = np.rot90(cv2.GaussianBlur(mask, (0, 0), rng.uniform(2, 6)), rng.randrange(4))
    light = cv2.resize(((1 - strength * mask) * 255).astype(np.uint8), (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.multiply(image, cv2.merge([light] * 3), dst=image, scale=1 / 255)


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
    if look.shadow:
        _shadow(image, look.shadow, rng)
    if look.edge:
        side = max(3, int(width * rng.uniform(0.004, 0.014)))
        image[:, :side] = (image[:, :side] * np.linspace(0.25, 0.95, side, dtype=np.float32)[None, :, None]).astype(np.uint8)
    if look.holes:
        radius = int(width * 0.012)
        for y in (0.32, 0.68) if height > width else (0.25, 0.75):
            cv2.circle(image, (int(width * 0.028), int(height * y)), radius, (40, 40, 40), -1, cv2.LINE_AA)
    for _ in range(look.streaks):
        x, wide = rng.randrange(width), rng.choice((1, 1, 2))
        image[:, x : x + wide] = (image[:, x : x + wide] * rng.uniform(0.55, 0.9)).astype(np.uint8)
    if look.blur:
        cv2.GaussianBlur(image, (0, 0), look.blur, dst=image)
    if look.sharpen:
        cv2.addWeighted(image, 1 + look.sharpen, cv2.GaussianBlur(image, (0, 0), 1.4), -look.sharpen, 0, dst=image)
    if look.noise >= 1:
        grain = np.random.default_rng(rng.getrandbits(32))
        tile = np.clip(grain.normal(0, look.noise, (512, 512)), -60, 60)
        lighter, darker = np.clip(tile, 0, 60).astype(np.uint8), np.clip(-tile, 0, 60).astype(np.uint8)
        times = (math.ceil(height / 512), math.ceil(width / 512))
        for part, change in ((lighter, cv2.add), (darker, cv2.subtract)):
            full = np.tile(part, times)[:height, :width]
            change(image, cv2.merge([full] * 3), dst=image)
