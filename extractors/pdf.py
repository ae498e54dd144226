"""Pages out of PDFs and pictures: their text where it can be trusted, else the picture that was scanned.

In:    a SourceFile. Out: Sheets: one a page, as its file shows it (the PDF's /Rotate and a photograph's EXIF turn already applied).
Fails: FileRefused ("encrypted", "empty", "truncated", "damaged", "too_large"): a cut-off picture is never read as a whole one.
Elsewhere: which text layer is trusted (extractors/text_layer.py), which way up the paper lies in the picture (extractors/pictures/upright.py), OCR (extractors/ocr).

PyMuPDF gives boxes of the unrotated page; `text_layer.displayed` is the one place that knows.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import pymupdf
from PIL import ExifTags, Image, ImageOps, ImageSequence
from pydantic import BaseModel, ConfigDict, Field

from extractors import jpeg
from extractors.files import FileKind, SourceFile
from extractors.pictures import Picture
from extractors.text_layer import covers, displayed, seen, text_layer, together
from models.errors import FileRefused
from models.geometry import Box
from models.page import Line

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
Image.MAX_IMAGE_PIXELS = None  # `max_pixels` says it, before anything is decoded


class PdfSettings(BaseModel):
    """How pages are drawn and how much of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    render_dpi: int = Field(default=200, ge=100, le=600, description="resolution at which a page is drawn when no scan can be taken out of it")
    long_side: int = Field(default=2500, ge=1000, le=12_000, description="a larger picture is reduced to this many pixels on its long side")
    max_pages: int = Field(default=3_000, ge=1, le=100_000, description="pages of one file before it is refused")
    max_pixels: int = Field(default=150_000_000, ge=1_000_000, le=1_000_000_000, description="pixels of one picture before it is refused")
    draw_pixels: int = Field(default=40_000_000, ge=1_000_000, le=1_000_000_000, description="pixels of a drawn page above which it is drawn at a lower resolution")
    max_letters: int = Field(default=50_000, ge=1_000, le=10_000_000, description="letters of a page's text layer above which the page is drawn and read instead")


@dataclass(frozen=True)
class Sheet:
    """One page as its file shows it.

    width, height: of the page as shown, in points, or pixels of a photograph. picture: RGB; None where there is nothing on the page but trusted text.
    lines: the trusted text layer, None where the picture has to be read. damage: "" or why the page is not whole.
    tilt: degrees clockwise (0, 90, 180, 270) by which to turn the page so that its text layer stands upright.
    pictures: where pictures stand among the text of a page that is no scan, in fractions of the page as shown: what is printed in them isn't in its lines, and may be small.
    paper: where the pictures of a page stand that has nothing else on it, if they take but a part of it: a licence or a receipt on an empty page.
    mark: alike only where pictures are; b"" where only its pixels tell it from others.
    """

    number: int
    width: float
    height: float
    picture: Picture | None = field(default=None, repr=False)
    lines: tuple[Line, ...] | None = None
    damage: str = ""
    tilt: int = 0
    pictures: tuple[Box, ...] = ()
    paper: Box | None = None
    mark: bytes = field(default=b"", repr=False)


LIMITS = {"draw_pixels", "max_letters"}  # settings that no reading of a sound page depends on
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")  # what may be opened: no other decoder sees a filed byte

# What MuPDF says of a page parts of which are gone. Of damaged fonts it matters only where the page is drawn to be read: the text layer doesn't need them.
# Anything else that it says is only counted where a page came out empty.
_CUT_SIGNS = ("premature end", "padding truncated", "truncated", "unexpected end", "not enough data", "premature eof", "corrupt jpeg", "treating as end of file")
_DAMAGE_SIGNS = ("zlib error", "cannot load content stream", "object is not a stream", "bad data in", "jpeg error", "openjpeg error", "jbig2dec error", "cannot decode", "page may not be correct")
_FONT_SIGNS = ("cannot render glyph", "when loading embedded font")
_BROKEN = (RuntimeError, ValueError, TypeError, IndexError, KeyError, AttributeError, AssertionError, ArithmeticError, MemoryError, pymupdf.mupdf.FzErrorBase)  # what PyMuPDF raises over broken files
_INLINE = re.compile(rb"\bBI\b.{0,400}?\bID\b", re.DOTALL)
_PASTED = (0.01, 0.05)  # share of the page, below which a picture on a page of text holds no text of its own; one without a ground of its own, as seals and signatures come
_BACKGROUND = 0.5  # share of the page, from which a picture on a page of text is a watermark
_LITTLE = (0.05, 0.5)  # share of the page, between which pictures that are all it has are a small paper on a large one
_SCAN = 0.6  # share of the page that pictures cover together, from which the page is a scan
_APART = 0.005  # of the page, by which pictures are more than pieces of one
_SOUND = 1000  # pixels on the long side, below which a page drawn at an ordinary resolution is none of an ordinary size
_PLAIN_COLOURS = frozenset({"DeviceRGB", "DeviceGray", "ICCBased", "CalRGB", "CalGray"})  # what a JPEG's own pixels are, whatever profile they come with
_UNEVEN = 1.07  # between the resolutions along and across, above which letters come out squat


def read_sheets(file: SourceFile, settings: PdfSettings | None = None) -> Iterator[Sheet]:
    """The pages of a file, one after another."""
    settings = settings or PdfSettings()
    if file.kind is FileKind.PDF:
        yield from _pdf_sheets(file, settings)
    else:
        yield from _image_sheets(file.data, settings)


def page_count(file: SourceFile) -> int | None:
    """How many pages a file says it has, without looking at any; None where it can't be opened."""
    try:
        if file.kind is FileKind.PDF:
            with pymupdf.open(stream=file.data, filetype="pdf") as document:
                return None if document.needs_pass else int(document.page_count) or None
        with _quiet(), Image.open(io.BytesIO(file.data), formats=_FORMATS) as image:
            return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except Exception:  # whatever a library makes of a broken file: it is counted, not judged
        return None


def drawn_sheet(file: SourceFile, number: int, settings: PdfSettings | None = None) -> Sheet:
    """One page of a file, from 1, with its picture even where it bears nothing but trusted text. Raises FileRefused; "damaged" where the file has no such page."""
    settings = settings or PdfSettings()
    sheets = _pdf_sheets(file, settings, number) if file.kind is FileKind.PDF else _image_sheets(file.data, settings)
    found = next((sheet for sheet in sheets if sheet.number == number), None) if number >= 1 else None
    if found is None:
        raise FileRefused("damaged", f"there is no page {number}")
    return found


# ---------------------------------------------------------------- pictures


def _image_sheets(data: bytes, settings: PdfSettings) -> Iterator[Sheet]:
    try:
        with _quiet():
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            _check_pixels(image.width, image.height, settings)  # of the first picture, before anything is decoded
            if data[:3] == b"\xff\xd8\xff" and not _jpeg_ends(data):
                raise FileRefused("truncated", "the JPEG has no end")
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if frames > settings.max_pages:
                raise FileRefused("too_many_pages", f"{frames} pages; at most {settings.max_pages} are read")
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                _check_pixels(frame.width, frame.height, settings)
                picture = reduced(_squared(frame, _rgb(_turned(_smaller(frame, settings)))), settings.long_side)
                yield Sheet(number, float(picture.shape[1]), float(picture.shape[0]), picture)
                if number >= frames:
                    break
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise FileRefused("too_large", str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError, AttributeError, KeyError, AssertionError, RuntimeError, ArithmeticError, struct.error, MemoryError) as error:  # all of them come out of Pillow's decoders
        reason = "truncated" if "truncated" in str(error).lower() else "damaged"
        raise FileRefused(reason, f"the picture can't be decoded: {error}") from error


def _quiet() -> AbstractContextManager[None]:
    """Pillow warns of what is refused here, or harmless."""
    return warnings.catch_warnings(action="ignore")


def _check_pixels(width: int, height: int, settings: PdfSettings, where: str = "") -> None:
    if width * height > settings.max_pixels:
        raise FileRefused("too_large", f"{width} × {height} pixels{where}")


def _jpeg_ends(data: bytes) -> bool:
    """Whether a JPEG's end marker is there. A thumbnail's isn't the picture's; phones write data of their own behind that."""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 1 if data[at + 1 : at + 2] == b"\xff" else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.find(b"\xff\xd9", at) >= 0  # within compressed data it stands for nothing else


def _smaller(image: Image.Image, settings: PdfSettings) -> Image.Image:
    """A very large picture by a whole factor smaller, before copies of it are made."""
    factor = math.ceil(math.sqrt(image.width * image.height / settings.draw_pixels))
    if factor == 1:
        return image
    smaller = (image.convert("L" if image.mode == "1" else "RGB") if image.mode in ("1", "P") else image).reduce(factor)
    smaller.info["exif"] = image.getexif().tobytes()  # how it is to be turned
    return smaller


def _turned(image: Image.Image) -> Image.Image:
    """As EXIF says that it is to be seen; the picture itself where that is how it lies, for Pillow would copy it."""
    image.load()  # of some formats what EXIF says stands behind the pixels
    return image if image.getexif().get(ExifTags.Base.Orientation, 1) == 1 else ImageOps.exif_transpose(image)


def _rgb(image: Image.Image) -> Picture:
    """RGB on white, 8 bits a channel; may not be written to."""
    if image.mode.startswith("I;16") or image.mode == "I":
        values = np.asarray(image).astype(np.float32)
        grey = (values * (255.0 / max(255.0, float(values.max(initial=0.0))))).astype(np.uint8)
        return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", with_alpha.size, "white"), with_alpha)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _squared(image: Image.Image, picture: Picture) -> Picture:
    """A fax machine's picture at one resolution both ways; any other as it is."""
    along, across = (float(dots) for dots in image.info.get("dpi") or (0, 0))
    if image.format != "TIFF" or min(along, across) < 50 or 1 / _UNEVEN < along / across < _UNEVEN or not 1 / 3 < along / across < 3:
        return picture
    return _evened_out(picture, along / across)


def reduced(picture: Picture, long_side: int) -> Picture:
    """A picture of its own, no larger than `long_side` pixels."""
    scale = long_side / max(picture.shape[:2])
    if scale >= 1:
        return picture.copy()
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    out: Picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return out


# ---------------------------------------------------------------- PDFs


def _pdf_sheets(file: SourceFile, settings: PdfSettings, only: int | None = None) -> Iterator[Sheet]:
    """only: the one page that is wanted, drawn whatever is on it."""
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        document = pymupdf.open(stream=file.data, filetype="pdf")
        pages = 0 if document.needs_pass else int(document.page_count)
        repaired = bool(document.is_repaired)
        lost = _lost(document, pages, file.data) if repaired and 0 < pages <= settings.max_pages else ""
    except _BROKEN as error:
        raise FileRefused("truncated" if _cut(file.data) else "damaged", f"the PDF can't be opened: {error}"[:200]) from error
    with document:
        if document.needs_pass:
            raise FileRefused("encrypted", "the PDF asks for a password")
        if pages == 0:
            raise FileRefused("truncated" if _cut(file.data) else "damaged", "the PDF has no pages")
        if pages > settings.max_pages:
            raise FileRefused("too_many_pages", f"{pages} pages; at most {settings.max_pages} are read")
        if _shortened(file.data) or (repaired and _cut(file.data)):
            raise FileRefused("truncated", "the PDF breaks off before its end")
        if lost:
            raise FileRefused("damaged", lost)
        if elsewhere := _elsewhere(document):
            raise FileRefused("unsupported", elsewhere)
        for index in range(pages) if only is None else range(only - 1, min(only, pages)):
            yield _sheet(document, index, repaired, settings, only is not None)


def _cut(data: bytes) -> bool:
    """Whether a PDF's end marker is missing. Some programs fill the file's last block up with zeros."""
    return b"%%EOF" not in data.rstrip(b"\0\r\n \t\x1a")[-2048:]


def _elsewhere(document: Any) -> str:
    """Where the papers are of a PDF whose own pages only say that a viewer can't show them; "" for any other."""
    root = document.pdf_catalog()
    if document.xref_get_key(root, "Collection")[0] != "null" and document.embfile_count():
        return "a portfolio: the papers are files within the PDF; save each of them by itself"
    if document.xref_get_key(root, "NeedsRendering") == ("bool", "true") and document.xref_get_key(root, "AcroForm/XFA")[0] != "null":
        return "an XFA form, which only Adobe's programs can show; print it into a PDF"
    return ""


def _shortened(data: bytes) -> bool:
    """Whether a PDF that opens as if nothing were wrong is an earlier, or the first, part of a longer one."""
    linear = re.search(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})", data[:4096])
    if linear and int(linear[1]) > len(data):
        return True
    end = data.rfind(b"%%EOF")
    return end >= 0 and re.search(rb"\d\s+obj\b", data[end:]) is not None


def _lost(document: Any, found: int, data: bytes) -> str:
    """What a PDF whose table of objects had to be made anew has lost; "" where it is whole but for that table. found: pages that it still has."""
    pages = sum(document.xref_get_key(xref, "Type") == ("name", "/Page") for xref in range(1, document.xref_length()))
    if pages > found:
        return f"of {pages} pages that the PDF holds only {found} can be found"
    for start in re.finditer(rb">>\s*stream\r?\n", data):
        header = data[max(0, start.start() - 4096) : start.start()]
        length = _length(header[header.rfind(b"obj") + 3 :], data)
        if length is not None and data.find(b"endstream", start.end() + length - 16, start.end() + length + 32) < 0:
            return "a part of the PDF is longer or shorter than it says"
    return ""


def _length(header: bytes, data: bytes) -> int | None:
    """Bytes that a stream says it has; None where it doesn't say, or in an object that is compressed itself."""
    said = re.search(rb"/Length\s+(\d{1,10})(\s+\d+\s+R)?", header)
    if said and said[2]:
        said = re.search(rb"(?<!\d)%s\s+\d+\s+obj\s+(\d{1,10})" % said[1], data)
    return int(said[1]) if said else None


def _sheet(document: Any, index: int, repaired: bool, settings: PdfSettings, draw: bool = False) -> Sheet:
    pymupdf.TOOLS.reset_mupdf_warnings()
    number = index + 1
    try:
        page = document[index]
        drawn = page.get_bboxlog()
        images = _images(page, settings)
        width, height = float(page.rect.width), float(page.rect.height)
        if not (0 < width < 1e5 and 0 < height < 1e5):
            raise FileRefused("damaged", f"page {number} measures {width:g} × {height:g} points")
        lines, tilt = text_layer(page, drawn, images, settings.max_letters)
        paper = None if lines else _small_paper(page, drawn, images)
        picture, mark = None, b""
        if not lines or draw or _anything_but_text(page, drawn):
            picture, mark = _picture(document, page, drawn, images, settings, lines is None, paper)
        if lines and picture is not None:
            lines = seen(lines, picture, tilt) or None
        pictures = _pasted(page, images) if lines else _shown_small(page, images) if paper is None else ()
    except FileRefused:
        raise
    except _BROKEN as error:
        return Sheet(number, 595.0, 842.0, damage=f"damaged: {type(error).__name__} {error}"[:200])
    finally:
        pymupdf.TOOLS.store_shrink(100)  # MuPDF would keep up to 256 MiB of decoded pictures, each of which is wanted once
    said = pymupdf.TOOLS.mupdf_warnings(reset=True).lower()
    damage = ""
    if any(sign in said for sign in _CUT_SIGNS):
        damage = "truncated: a picture on the page ends too early"
    elif sign := next((sign for sign in (*_DAMAGE_SIGNS, *(_FONT_SIGNS if lines is None else ())) if sign in said), ""):
        damage = f"damaged: {next(line for line in said.splitlines() if sign in line)[:120]}"
    elif (repaired or said) and not lines and _empty(picture):
        damage = f"damaged: {said.splitlines()[0][:120] if said else 'nothing is left of the page'}"
    return Sheet(number, width, height, picture, lines, damage, tilt, pictures, paper, mark)


def _images(page: Any, settings: PdfSettings) -> list[dict[str, Any]]:
    """The pictures that the page draws; where it is but one, with the number of its object in the file: it may be a scan that can be taken out.

    Raises FileRefused for one that is too large to be decoded. PyMuPDF tells which object is drawn by decoding them all. Where one is there, of the same size, and none stands in the page's own text, it needn't.
    """
    drawn: list[dict[str, Any]] = page.get_image_info()
    for image in drawn:
        _check_pixels(image["width"], image["height"], settings, f" on page {page.number + 1}")
    if len(drawn) != 1:
        return drawn
    there = page.get_images(full=True)
    if len(there) == 1 and there[0][2:4] == (drawn[0]["width"], drawn[0]["height"]) and not _INLINE.search(page.read_contents()):
        return [drawn[0] | {"xref": there[0][0], "colours": there[0][5]}]
    return list(page.get_image_info(xrefs=True))


def _empty(picture: Picture | None) -> bool:
    return picture is None or int(picture.max()) - int(picture.min()) < 8


def _anything_but_text(page: Any, drawn: list[Any]) -> bool:
    """Whether seals or rules may stand on the page beside its text."""
    return any("text" not in kind for kind, _ in drawn) or _noted(page)


def _noted(page: Any) -> bool:
    """Whether the page has annotations or form fields."""
    return next(page.annots(), None) is not None or next(page.widgets(), None) is not None


def _pasted(page: Any, images: list[Any]) -> tuple[Box, ...]:
    """Where pictures stand that may hold text."""
    shown = (_share(page, image["bbox"]) for image in images if _PASTED[bool(image.get("has-mask"))] < covers(page, image["bbox"]) < _BACKGROUND)
    return tuple(dict.fromkeys(shown))


def _shown_small(page: Any, images: list[Any]) -> tuple[Box, ...]:
    """Where pictures stand on a page whose text has to be read, too, apart from each other; () where the page is a scan, whole or in pieces."""
    large = [image for image in images if covers(page, image["bbox"]) > _PASTED[1]]
    if not large or together(page, images) > _SCAN:
        return ()
    boxes = [_share(page, image["bbox"]) for image in large if not image.get("has-mask")]
    grown = [Box(box.x0 - _APART, box.y0 - _APART, box.x1 + _APART, box.y1 + _APART) for box in boxes]
    return () if any(a.overlap(b) > 0 for a, b in combinations(grown, 2)) else tuple(boxes)


def _small_paper(page: Any, drawn: list[Any], images: list[Any]) -> Box | None:
    """Where the page's pictures stand, if they are all there is and take but a part of it."""
    if not images or any("image" not in kind and "imgmask" not in kind and kind != "ignore-text" for kind, _ in drawn) or _noted(page):
        return None
    around = pymupdf.Rect(images[0]["bbox"])
    for image in images[1:]:
        around |= pymupdf.Rect(image["bbox"])
    if not _LITTLE[0] < covers(page, around) < _LITTLE[1]:
        return None
    return _share(page, around)


def _share(page: Any, rectangle: Any) -> Box:
    """What of a rectangle of the unrotated page is on the page as shown, in fractions of it."""
    shown = displayed(page, rectangle) & page.rect
    width, height = page.rect.width, page.rect.height
    return Box(shown.x0 / width, shown.y0 / height, shown.x1 / width, shown.y1 / height)


def _picture(document: Any, page: Any, drawn: list[Any], images: list[Any], settings: PdfSettings, unread: bool, paper: Box | None) -> tuple[Picture, bytes]:
    """The page in pixels: the scan itself where the page is one, else as MuPDF draws it; and its mark. unread: its text has to be read from it; paper: as `Sheet.paper`."""
    if len(images) == 1 and images[0].get("xref") and not any("path" in k or "shade" in k or k in ("fill-text", "stroke-text", "clip-text") for k, _ in drawn):
        taken = _taken_out(document, page, images[0], settings)
        if taken is not None:
            return taken
    dpi = _resolution(page, images, settings, unread, paper)
    pixmap = page.get_pixmap(dpi=max(1, round(dpi)), colorspace=pymupdf.csRGB, alpha=False, annots=True)
    return _pixels(pixmap).copy(), b""


def _resolution(page: Any, images: list[Any], settings: PdfSettings, unread: bool, paper: Box | None) -> float:
    """Dots per inch at which a page is drawn. Scans of a lower resolution gain nothing from being drawn larger, and one in strips is drawn at its own."""
    width, height = float(page.rect.width), float(page.rect.height)
    dpi, long_side = float(settings.render_dpi), max(width, height)
    most = settings.long_side / long_side * 72
    large = [image for image in images if covers(page, image["bbox"]) > 0.1]
    if large:
        own = max(map(_own_resolution, large))
        if own > dpi or not (unread and any(image.get("has-mask") for image in large)):  # print in layers is as fine as its mask, which tells no resolution
            dpi = min(max(own, 100.0), 300.0) if own < dpi or len(large) == len(images) else dpi
    if unread and images and long_side * dpi / 72 < _SOUND:  # a page that says it is tiny
        dpi = max(dpi, *map(_own_resolution, images))
    if paper is not None:  # of which nothing else will be read
        finest = settings.long_side / max(paper.width * width, paper.height * height) * 72
        dpi, most = max(dpi, min(finest, *map(_own_resolution, images))), min(finest, 2 * most)
    return min(dpi, most, 72 * math.sqrt(settings.draw_pixels / max(1.0, width * height)))


def _own_resolution(image: dict[str, Any]) -> float:
    """Dots per inch of a picture as it lies on the page."""
    return float(72.0 * image["width"] / max(1e-6, math.hypot(image["transform"][0], image["transform"][1])))


def _pixels(pixmap: Any) -> Picture:
    """A pixmap's pixels where they lie: who uses them must hold it."""
    pixels: Picture = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return pixels


def _taken_out(document: Any, page: Any, info: dict[str, Any], settings: PdfSettings) -> tuple[Picture, bytes] | None:
    """The one picture that is the page, at its own resolution but no larger than is set, as the page shows it, and its mark; None where it is placed askew or covers only a part."""
    if info.get("has-mask") or _noted(page):
        return None
    box, whole = displayed(page, info["bbox"]), page.rect
    slack = 0.01 * max(whole.width, whole.height)
    if any(abs(a - b) > slack for a, b in zip(box, whole, strict=True)):
        return None
    # The picture's own x and y axes as they run on the page as shown: which quarter turn, and mirrored or not.
    matrix = pymupdf.Matrix(*info["transform"]) * page.rotation_matrix
    straight = abs(matrix.b) + abs(matrix.c) < 0.01 * (abs(matrix.a) + abs(matrix.d))
    turned = abs(matrix.a) + abs(matrix.d) < 0.01 * (abs(matrix.b) + abs(matrix.c))
    if not (straight or turned):
        return None
    kept = _plain_jpeg(document, info)
    decoded = jpeg.decoded(kept, info["width"], info["height"]) if kept else None
    pixmap = None if decoded is not None else _in_three_colours(document, info["xref"])
    if decoded is None and pixmap is None:
        return None
    picture = _pixels(pixmap) if decoded is None else decoded
    mark = b"" if decoded is None else hashlib.sha256(repr((turned, tuple(matrix), tuple(whole), settings.long_side)).encode() + kept).digest()
    if turned:
        picture = picture.transpose(1, 0, 2)
    along, across = (matrix.c, matrix.b) if turned else (matrix.a, matrix.d)
    if along < 0:
        picture = picture[:, ::-1]
    if across < 0:
        picture = picture[::-1]
    # Unequal resolutions along and across (fax machines) are evened out, or letters come out squat.
    aspect = (picture.shape[1] / whole.width) / (picture.shape[0] / whole.height)
    if not 0.93 < aspect < _UNEVEN:
        picture = _evened_out(picture, aspect)
    return reduced(np.ascontiguousarray(picture), settings.long_side), mark


def _plain_jpeg(document: Any, info: dict[str, Any]) -> bytes:
    """The JPEG as which the file keeps a picture; b"" where it keeps it otherwise, or has more to say about its colours."""
    xref = info["xref"]
    if info.get("colours") not in _PLAIN_COLOURS or any(document.xref_get_key(xref, key)[0] != "null" for key in ("Decode", "DecodeParms", "F")):
        return b""
    if document.xref_get_key(xref, "Filter") not in (("name", "/DCTDecode"), ("array", "[/DCTDecode]")):
        return b""
    return bytes(document.xref_stream_raw(xref))


def _in_three_colours(document: Any, xref: int) -> Any:
    """A picture of whatever kind as MuPDF decodes it; None for a stencil, which has no colours of its own."""
    pixmap = pymupdf.Pixmap(document, xref)
    if pixmap.colorspace is None:
        return None
    if pixmap.alpha:
        pixmap = pymupdf.Pixmap(pixmap, 0)
    return pixmap if pixmap.n == 3 else pymupdf.Pixmap(pymupdf.csRGB, pixmap)


def _evened_out(picture: Picture, aspect: float) -> Picture:
    """A picture at one resolution both ways. aspect: that along its width over that along its height."""
    size = (picture.shape[1], round(picture.shape[0] * aspect)) if aspect > 1 else (round(picture.shape[1] / aspect), picture.shape[0])
    out: Picture = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    return out
