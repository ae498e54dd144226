"""A PDF page's own text, where it can be trusted.

In:    a page as PyMuPDF opens it, what it draws, its pictures.
Out:   its lines, in fractions of the page turned upright, and that turn; None where the page has to be drawn and read instead.
Fails: never.
Elsewhere: drawing pages (extractors/pdf.py).

A text layer is trusted only where the page was born digital: its letters are drawn, not hidden, no scan lies behind or over them, whole or in pieces, nothing
has been painted over them and written anew, and they are letters. PyMuPDF gives boxes of the unrotated page; `displayed` is the one place that knows.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf

from extractors.boxes import inside
from extractors.pictures import Picture
from models.geometry import Box
from models.page import Line

_PICTURE_TEXT = 0.20  # one that covers this share, or several together, may hold text of its own
_GRAIN = 100  # parts of the page's width and height, by which it is counted how much pictures cover together
_MASKED_DOTS = 600  # pixels of a masked picture's long side that tell how dark it is
_DARK = 130  # of 255: a watermark is paler, what was scanned isn't
_PRINTED = 0.002  # share of a masked picture that is so dark, from which print may be in it
_NEW_LINE_GAP = 1.5  # em between two letters: what stands beyond is another line
_SAME_LINE_GAP = 1.0
_LEVEL = 0.05  # sine of the angle up to which letters are level
_WHITE = 0xF0  # of each colour: letters that are lighter can't be seen on paper
_UNSEEN = 24  # of 255: between the lightest and the darkest within a line's box, below which nothing stands there
_COVERED = 0.8  # share of a text's box that is painted over
_SAME = 0.2  # share of a text's box that lies within another's, from which one is written over the other
_PAINT = 5.0  # points: what is narrower or lower is a rule
_WIDE = 0.95  # em: hardly a Latin letter is so wide, each Chinese one is
_ANY_WIDTH = frozenset("0123456789.,:-/()@%MW")  # Latin ones that may be that wide, or are set so among Chinese ones
_FOREIGN = 20  # letters of a font, from which it is told whether they are what they look like


def text_layer(page: Any, drawn: Sequence[Any], images: Sequence[Any], most: int) -> tuple[tuple[Line, ...] | None, int]:
    """The page's own text as lines, and the turn that makes them upright; None where the picture must be read instead.

    drawn: kinds and boxes of all that the page draws, in that order. images: its pictures. most: letters, above which the picture is read.
    """
    visible = sum(kind in _VISIBLE for kind, _ in drawn)
    hidden = sum(kind == "ignore-text" for kind, _ in drawn)
    if not visible or hidden > 0.1 * visible or _scanned(page, images) or _written_anew(drawn):
        return None, 0
    if len(page.get_text("text")) > most:  # letter by letter it would take a kilobyte each
        return None, 0
    by_turn: dict[int, list[list[_Letter]]] = {0: [], 90: [], 180: [], 270: []}
    grounds = [pymupdf.Rect(box) for kind, box in drawn if kind in _GROUNDS and box[2] - box[0] > _PAINT and box[3] - box[1] > _PAINT]
    fonts: dict[str, list[_Letter]] = {}
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP)["blocks"]:
        for line in block.get("lines", ()):
            turn = _turn(line["dir"], page.rotation)
            if turn is not None:
                by_turn[turn].append(_letters(page, line, turn, grounds, fonts))
    tilt = max(by_turn, key=lambda turn: sum(len(letters) for letters in by_turn[turn]))
    letters = [run for run in by_turn[tilt] if run]
    text = "".join(letter.text for run in letters for letter in run)
    if not _is_language(text) or {name for name, own in fonts.items() if _is_foreign(own)} - _named_alone(page):
        return None, 0
    width, height = page.rect.width, page.rect.height
    if tilt in (90, 270):
        width, height = height, width
    return tuple(_line(run, width, height) for run in _runs(letters)), tilt


def displayed(page: Any, rectangle: Any) -> Any:
    """PyMuPDF's rectangle (of the unrotated page, from its top left) as the page is shown."""
    shown = pymupdf.Rect(rectangle)
    return shown * page.rotation_matrix if page.rotation else shown


def covers(page: Any, rectangle: Any) -> float:
    """Share of the page within a rectangle of the unrotated page."""
    whole = pymupdf.Rect(page.rect)
    return float(abs((displayed(page, rectangle) & whole).get_area()) / max(1e-6, abs(whole.get_area())))


def seen(lines: Sequence[Line], picture: Picture, tilt: int) -> tuple[Line, ...]:
    """Those of a text layer's lines that can be seen. picture: of the page as it is shown; tilt: clockwise turn that makes the lines upright."""
    upright = np.rot90(picture, -(tilt // 90))
    height, width = upright.shape[:2]
    out = []
    for line in lines:
        patch = upright[int(line.box.y0 * height) : int(line.box.y1 * height) + 1 : 2, int(line.box.x0 * width) : int(line.box.x1 * width) + 1]
        if not patch.size or int(patch.max()) - int(patch.min()) >= _UNSEEN:
            out.append(line)
    return tuple(out)


# ---------------------------------------------------------------- what speaks against it


_VISIBLE = ("fill-text", "stroke-text")
_GROUNDS = ("fill-path", "fill-shade", "fill-image", "fill-imgmask")


def _scanned(page: Any, images: Sequence[Any]) -> bool:
    """Whether pictures, one or all together, may hold the page's text. Watermarks are large pictures, too, but with a mask, and pale; seals are small."""
    pieces = []
    for image in images:
        covered = covers(page, image["bbox"])
        if covered <= _PICTURE_TEXT:
            pieces.append(image)
        elif not image.get("has-mask") or _dark(page, image):
            return True
    if len(pieces) < 2:
        return False
    if together(page, [image for image in pieces if not image.get("has-mask")]) > _PICTURE_TEXT:
        return True
    return together(page, pieces) > _PICTURE_TEXT and together(page, [image for image in pieces if not image.get("has-mask") or _dark(page, image)]) > _PICTURE_TEXT


def together(page: Any, images: Sequence[Any]) -> float:
    """Share of the page that pictures cover."""
    grid = np.zeros((_GRAIN, _GRAIN), np.bool_)
    width, height = page.rect.width, page.rect.height
    for image in images:
        box = displayed(page, image["bbox"])
        xs, ys = (slice(max(0, round(a / of * _GRAIN)), max(0, round(b / of * _GRAIN))) for a, b, of in ((box.x0, box.x1, width), (box.y0, box.y1, height)))
        grid[ys, xs] = True
    return float(grid.mean())


def _dark(page: Any, image: dict[str, Any]) -> bool:
    """Whether a picture with a mask shows dark print; so it is said of one that isn't found by its size."""
    found = next((there for there in page.get_images(full=True) if there[1] and there[2:4] == (image["width"], image["height"])), None)
    if found is None:
        return True
    colours, mask = pymupdf.Pixmap(page.parent, found[0]), pymupdf.Pixmap(page.parent, found[1])
    shown = colours if colours.n == 1 and not colours.alpha else pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(colours, 0) if colours.alpha else colours)
    light, opaque = (_sampled(pixmap) for pixmap in (shown, mask))
    fine, coarse = (light, opaque) if light.size >= opaque.size else (opaque, light)
    ys, xs = (np.arange(size) * of // size for size, of in zip(fine.shape, coarse.shape, strict=True))
    spread = coarse[ys][:, xs]
    light, opaque = (fine, spread) if fine is light else (spread, fine)
    return bool((255 - (255 - light) * (opaque / 255.0) < _DARK).mean() > _PRINTED)


def _sampled(pixmap: Any) -> npt.NDArray[np.float32]:
    """One channel, no finer than needed."""
    pixels = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width * pixmap.n : pixmap.n]
    step = max(1, max(pixels.shape) // _MASKED_DOTS)
    return pixels[::step, ::step].astype(np.float32)


def _written_anew(drawn: Sequence[Any]) -> bool:
    """Whether text was painted over and other text written on the paint: the layer has both, and doesn't say which is seen."""
    first = next((n for n, (kind, _) in enumerate(drawn) if kind in _VISIBLE), len(drawn))
    paint = [(n, Box(*box)) for n, (kind, box) in enumerate(drawn) if n > first and kind in ("fill-path", "fill-image") and box[2] - box[0] > _PAINT and box[3] - box[1] > _PAINT]
    if not paint:
        return False
    texts = [(n, Box(*box)) for n, (kind, box) in enumerate(drawn) if kind in _VISIBLE]
    covered = inside([box for _, box in texts], [box for _, box in paint]) > _COVERED
    before = np.array([n for n, _ in texts])[:, None] < np.array([n for n, _ in paint])
    painted = (covered & before).any(0)
    beneath = [box for (_, box), row in zip(texts, covered & before, strict=True) if row.any()]
    above = [box for (_, box), row in zip(texts, (covered & ~before)[:, painted], strict=True) if row.any()]
    return bool(beneath and above and (inside(above, beneath) > _SAME).any())


def _named_alone(page: Any) -> set[str]:
    """Fonts that the file names without bringing them along: a viewer draws their letters by what they are said to be, however wide they are set."""
    return {name for _, brought, kind, name, *_ in page.get_fonts() if brought == "n/a" and kind != "Type3"}


def _is_foreign(letters: Sequence[_Letter]) -> bool:
    """Whether a font's letters aren't what it says: Latin ones as wide as Chinese ones, or Chinese ones that nobody writes."""
    latin = [one for one in letters if "!" <= one.text <= "~" and one.text not in _ANY_WIDTH]
    if len(latin) >= _FOREIGN and sum(one.x1 - one.x0 > _WIDE * one.size for one in latin) > 0.3 * len(latin):
        return True
    chinese = [one.text for one in letters if "\u4e00" <= one.text <= "\u9fff"]
    return len(chinese) >= _FOREIGN and sum(_common(text) for text in chinese) < 0.6 * len(chinese)


# ---------------------------------------------------------------- letters and lines


@dataclass(frozen=True)
class _Letter:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float


def _turn(direction: tuple[float, float], rotation: int) -> int | None:
    """Clockwise turn that makes letters of this direction level on the page as shown; None for slanted ones (watermarks)."""
    angle = math.degrees(math.atan2(direction[1], direction[0])) + rotation
    quarter = round(angle / 90) * 90
    if abs(math.sin(math.radians(angle - quarter))) > _LEVEL:
        return None
    return -quarter % 360


def _letters(page: Any, line: dict[str, Any], turn: int, grounds: Sequence[Any], fonts: dict[str, list[_Letter]]) -> list[_Letter]:
    """A line's visible letters, boxes in points of the page turned upright. grounds: boxes of what may lie beneath letters. fonts: to which each letter is added."""
    width, height = page.rect.width, page.rect.height
    moved = page.rotation != 0  # asked for every letter it would take longer than reading the text
    out: list[_Letter] = []
    for span in line["spans"]:
        if span.get("alpha", 255) < 40 or (_white(span["color"]) and not any(pymupdf.Rect(span["bbox"]) in ground for ground in grounds)):  # as good as invisible
            continue
        first = len(out)
        for char in span["chars"]:
            x0, y0, x1, y1 = displayed(page, char["bbox"]) if moved else char["bbox"]
            ox, oy, _, _ = displayed(page, (*char["origin"], *char["origin"])) if moved else (*char["origin"], 0.0, 0.0)
            match turn:
                case 90:
                    x0, y0, x1, y1, base = height - y1, x0, height - y0, x1, ox
                case 180:
                    x0, y0, x1, y1, base = width - x1, height - y1, width - x0, height - y0, height - oy
                case 270:
                    x0, y0, x1, y1, base = y0, width - x1, y1, width - x0, width - ox
                case _:
                    base = oy
            out.append(_Letter(char["c"], x0, y0, x1, y1, base, span["size"]))
        fonts.setdefault(span["font"], []).extend(out[first:])
    return out


def _white(colour: int) -> bool:
    return min(colour >> 16 & 255, colour >> 8 & 255, colour & 255) >= _WHITE


def _runs(runs: list[list[_Letter]]) -> list[list[_Letter]]:
    """Lines as a reader sees them: parted at wide gaps, joined where one ends and the next goes on upon the same baseline."""
    parts: list[list[_Letter]] = []
    for run in runs:
        inked = [letter for letter in sorted(run, key=lambda c: c.x0) if not letter.text.isspace()]
        if not inked:
            continue
        spaces = [letter for letter in run if letter.text.isspace()]
        part = [inked[0]]
        for before, after in pairwise(inked):
            if after.x0 - before.x1 > _NEW_LINE_GAP * max(before.size, after.size):
                parts.append(part)
                part = []
            elif spaces and _latin(before.text) and _latin(after.text) and any(before.x1 - 0.1 <= s.x0 and s.x1 <= after.x0 + 0.1 for s in spaces):
                part.append(_Letter(" ", before.x1, before.y0, after.x0, before.y1, before.base, before.size))
            part.append(after)
        parts.append(part)
    parts.sort(key=lambda part: (part[0].base, part[0].x0))
    joined: list[list[_Letter]] = []
    for part in sorted(parts, key=lambda p: p[0].x0):
        for line in joined:
            size = max(line[-1].size, part[0].size)
            if abs(line[-1].base - part[0].base) < 0.15 * size and -0.3 * size < part[0].x0 - line[-1].x1 < _SAME_LINE_GAP * size:
                line.extend(part)
                break
        else:
            joined.append(list(part))
    return joined


def _line(letters: list[_Letter], width: float, height: float) -> Line:
    x0, y0 = min(c.x0 for c in letters), min(c.y0 for c in letters)
    x1, y1 = max(c.x1 for c in letters), max(c.y1 for c in letters)
    size = max(c.size for c in letters)
    base = letters[0].base
    # Fonts claim more room above and below than their letters take: boxes are cut to what is drawn, or neighbours overlap.
    y0, y1 = max(y0, base - 0.95 * size), min(y1, base + 0.25 * size)
    box = Box(*(min(1.0, max(0.0, v)) for v in (x0 / width, y0 / height, x1 / width, y1 / height)))
    text, xs = "", []
    for c in letters:  # a ligature is one letter that reads as two
        text += c.text
        xs += [(c.x0 + c.x1) / 2 / width] * len(c.text)
    return Line(text=text, box=box, confidence=1.0, xs=tuple(xs), sure=(1.0,) * len(text))


def _latin(text: str) -> bool:
    return bool(text) and ord(text[0]) < 0x250


def _is_language(text: str) -> bool:
    """Whether letters are what they look like: a font without a true table gives replacements, private characters or rare ones."""
    inked = [c for c in text if not c.isspace()]
    if not inked:
        return False
    bad = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") for c in inked)
    if bad > 0.02 * len(inked):
        return False
    chinese = [c for c in inked if "\u4e00" <= c <= "\u9fff"]
    return len(chinese) < 10 or sum(_common(c) for c in chinese) >= 0.85 * len(chinese)


def _common(character: str) -> bool:
    """Whether it is one of the 3,755 characters of GB 2312's first level, which make up over 98 % of what is printed."""
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
