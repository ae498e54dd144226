"""Sound files as they come from many programs, and the same damaged: cut off, with bits turned over, with parts lost, doubled or mixed with others'.

In:    how many, a seed.  Out: bytes. Every sound file bears a mark in its words that no other has, so that words which turn up in the wrong file are known.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pymupdf
from PIL import Image

STEPS = range(5, 100, 5)  # percent at which a file is cut


class Sound(NamedTuple):
    """A sound file. mark: words that stand in no other."""

    name: str
    mark: str
    data: bytes


def _written(mark: str, pages: int, font: pymupdf.Font) -> pymupdf.Document:
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page()
        writer = pymupdf.TextWriter(page.rect)
        lines = ("保险费：人民币伍仟陆佰元整（¥5,600.00）", f"保单号：{mark}", f"第{number + 1}页", "被保险人：宁波东方精密机械有限公司")
        for row in range(16):
            writer.append((60, 90 + 40 * row), lines[row % len(lines)], font=font, fontsize=14)
        writer.write_text(page)
        if number % 2:
            page.draw_rect((50, 60, 540, 760))
    document.subset_fonts()
    return document


def _picture(mark: str, dpi: int = 60) -> Image.Image:
    pixels = _written(mark, 1, pymupdf.Font("cjk"))[0].get_pixmap(dpi=dpi)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _packed(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _updated(document: pymupdf.Document) -> bytes:
    """Saved, then written to again and saved at its end, as signing programs do."""
    handle, name = tempfile.mkstemp(suffix=".pdf")
    os.close(handle)
    try:
        document.save(name)
        with pymupdf.open(name) as again:
            for _ in range(3):
                again[0].insert_text((60, 60), "seen and approved")
                again.saveIncr()
        return Path(name).read_bytes()
    finally:
        Path(name).unlink()


def _scans(mark: str, pages: int, form: str, **how: Any) -> bytes:
    document = pymupdf.open()
    for _ in range(pages):
        page = document.new_page()
        page.insert_image(page.rect, stream=_packed(_picture(mark, 90), form, **how))
    return bytes(document.tobytes(deflate=form != "JPEG"))


_PDFS: tuple[Callable[[str], bytes], ...] = (
    lambda mark: bytes(_written(mark, 3, pymupdf.Font("cjk")).tobytes()),
    lambda mark: bytes(_written(mark, 2, pymupdf.Font("cjk")).tobytes(deflate=True)),
    lambda mark: bytes(_written(mark, 4, pymupdf.Font("cjk")).tobytes(deflate=True, garbage=4, use_objstms=1)),
    lambda mark: bytes(_written(mark, 1, pymupdf.Font("cjk")).tobytes(ascii=True)),
    lambda mark: _updated(_written(mark, 2, pymupdf.Font("cjk"))),
    lambda mark: _scans(mark, 2, "JPEG", quality=70),
    lambda mark: _scans(mark, 1, "PNG"),
    lambda mark: _packed(_picture(mark, 90), "PDF", save_all=True, append_images=[_picture(mark)]),
)

_JPEGS: tuple[Callable[[Image.Image], bytes], ...] = (
    lambda picture: _packed(picture, "JPEG", quality=85),
    lambda picture: _packed(picture, "JPEG", progressive=True),
    lambda picture: _packed(picture.convert("L"), "JPEG"),
    lambda picture: _packed(picture.convert("CMYK"), "JPEG"),
    lambda picture: _packed(picture, "JPEG", subsampling=0, optimize=True),
    lambda picture: _packed(picture, "JPEG", restart_marker_rows=1),
    lambda picture: _with_thumbnail(picture),
    lambda picture: _packed(picture, "JPEG") + b"what a telephone adds" * 200,
)

_OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (("PNG", {}), ("TIFF", {"compression": "group4"}), ("TIFF", {"compression": "tiff_lzw"}), ("WEBP", {}), ("BMP", {}), ("GIF", {}))


def _with_thumbnail(picture: Image.Image) -> bytes:
    """As cameras write it: a whole small JPEG before the large one."""
    small, data = _packed(picture.resize((120, 160)), "JPEG"), _packed(picture, "JPEG")
    return data[:2] + b"\xff\xe1" + (len(small) + 8).to_bytes(2, "big") + b"Exif\0\0" + small + data[2:]


def _mark(number: int) -> str:
    return f"PQ{7919 * (number + 11) % 1_000_000:06d}X{number:03d}"


def pdfs(count: int) -> Iterator[Sound]:
    """PDFs as eight programs write them."""
    for number in range(count):
        yield Sound(f"{number:03d}.pdf", _mark(number), _PDFS[number % len(_PDFS)](_mark(number)))


def jpegs(count: int) -> Iterator[Sound]:
    """JPEGs as eight programs write them."""
    for number in range(500, 500 + count):
        yield Sound(f"{number:03d}.jpg", _mark(number), _JPEGS[number % len(_JPEGS)](_picture(_mark(number))))


def pictures(count: int) -> Iterator[Sound]:
    """Pictures in other formats."""
    for number in range(800, 800 + count):
        form, how = _OTHERS[number % len(_OTHERS)]
        picture = _picture(_mark(number))
        yield Sound(f"{number:03d}.{form.lower()}", _mark(number), _packed(picture.convert("1") if how.get("compression") == "group4" else picture, form, **how))


def mutant(sound: Sequence[bytes], rng: Random) -> bytes:
    """A file that was sound once."""
    data = bytearray(rng.choice(sound))
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, length = rng.randrange(len(data)), rng.randrange(1, max(2, len(data) // 8))
        match rng.randrange(7):
            case 0:
                for _ in range(rng.choice((1, 3, 20))):
                    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            case 1:
                del data[at:]
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length]
            case 4:
                other = rng.choice(sound)
                begin = rng.randrange(len(other))
                data[at : at + length] = other[begin : begin + length]
            case 5:
                data[at : at + length] = bytes(min(length, len(data) - at))
            case _:  # a number that is said becomes an extreme one
                digits = [n for n in range(at, min(len(data), at + 2_000)) if data[n : n + 1].isdigit()]
                for n in digits[: rng.choice((1, 4, 9))]:
                    data[n : n + 1] = b"9"
        if not data:
            break
    return bytes(data)
