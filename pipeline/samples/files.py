"""How scanners and their programs put a page's picture into a PDF: whole or in pieces, in every coding, on pages of every kind, under layers of text.

In:    a scan's picture, RGB, and the page's size in points.
Out:   a PDF of one page that shows that picture, and all of it.
Elsewhere: what devices do to the picture itself (pipeline/samples/devices.py), what programs make of drawn pages (pipeline/samples/programs.py).

The files are written here byte by byte: what is to be shown is how others write them, not how MuPDF does.
"""

from __future__ import annotations

import base64
import io
import math
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Picture = npt.NDArray[np.uint8]
Way = Callable[[Picture, float, float], bytes]
_QUALITY = 75
_GARBLED = ("目标曰口田由甲巾千干于土土末未己巳已人入", "宁渡市首合套产品呆险卜贴甲请农", "0O1lI5S8B 2Z 6G 9q", "贵任限颔 人民市 伍仟陆百元正", "某其他软件认错的文字不可当真")


@dataclass(frozen=True)
class Stream:
    """An object of a PDF that holds data. head: its dictionary's entries but for /Length."""

    head: str
    data: bytes


def written(objects: Sequence[str | Stream], catalogue: str = "/Pages 2 0 R") -> bytes:
    """A PDF of these objects, which are numbered from 2 on: 2 are the pages."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, one in enumerate((f"<< /Type /Catalog {catalogue} >>", *objects), 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number
        if isinstance(one, Stream):
            out += f"<< {one.head} /Length {len(one.data)} >>\nstream\n".encode() + one.data + b"\nendstream"
        else:
            out += one.encode()
        out += b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))


def page(content: str, pictures: Sequence[Stream], width: float, height: float, *, box: str = "", extra: str = "", more: Sequence[str | Stream] = (), resources: str = "") -> bytes:
    """A PDF of one page. content: what it draws, its pictures as /P0, /P1 …; more: objects behind the pictures, the first of which is number 5 + their count."""
    names = " ".join(f"/P{n} {n + 5} 0 R" for n in range(len(pictures)))
    return written((
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {box or f'/MediaBox [0 0 {width:.3f} {height:.3f}]'} {extra} /Contents 4 0 R /Resources << /XObject << {names} >> {resources} >> >>",
        Stream("", content.encode()), *pictures, *more,
    ))  # fmt: skip


# ---------------------------------------------------------------- codings of a picture


def _grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _two(picture: Picture) -> npt.NDArray[np.bool_]:
    """Where the page is dark."""
    return np.asarray(_grey(picture) < 150, np.bool_)


def _coded(picture: Picture, space: str, bits: int, filters: str, data: bytes, extra: str = "") -> Stream:
    height, width = picture.shape[:2]
    return Stream(f"/Type /XObject /Subtype /Image /Width {width} /Height {height} {space} /BitsPerComponent {bits} /Filter {filters} {extra}", data)


def _jpeg_data(picture: Picture, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).convert(mode).save(out, "JPEG", quality=_QUALITY, **how)
    return out.getvalue()


def jpeg(picture: Picture) -> Stream:
    """Colour as most scanners give it."""
    return _coded(picture, "/ColorSpace /DeviceRGB", 8, "/DCTDecode", _jpeg_data(picture))


def _cmyk(picture: Picture) -> Stream:
    """Four inks, the other way round, as Photoshop writes them: /Decode says so."""
    inks = np.dstack([255 - picture, np.zeros(picture.shape[:2], np.uint8)])
    out = io.BytesIO()
    Image.fromarray(inks, "CMYK").save(out, "JPEG", quality=_QUALITY)
    return _coded(picture, "/ColorSpace /DeviceCMYK", 8, "/DCTDecode", out.getvalue(), "/Decode [1 0 1 0 1 0 1 0]")


def _g4(mask: npt.NDArray[np.bool_]) -> bytes:
    """What is dark in the code of faxes, in which white is 0, however the TIFF library would have it."""
    data, white_is_zero = _strip(~mask)
    return data if white_is_zero else _strip(mask)[0]


def _strip(picture: npt.NDArray[np.bool_]) -> tuple[bytes, bool]:
    """A picture of two shades as a TIFF's one strip, and whether 0 is white in it."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "TIFF", compression="group4", strip_size=2**30)
    with Image.open(out) as tiff:
        tags: Any = tiff.tag_v2  # type: ignore[attr-defined]
        start, length, order, shades = tags[273][0], tags[279][0], tags.get(266, 1), tags[262]
    data = out.getvalue()[start : start + length]
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data) if order == 2 else data, shades == 0


def _fax(picture: Picture, extra: str = "/ColorSpace /DeviceGray") -> Stream:
    mask = _two(picture)
    parameters = f"/DecodeParms << /K -1 /Columns {mask.shape[1]} /Rows {mask.shape[0]} /BlackIs1 false >>"
    return _coded(picture, "", 1, "/CCITTFaxDecode", _g4(mask), f"{extra} {parameters}")


def _jbig2(picture: Picture) -> Stream:
    """A generic region, coded as faxes are (MMR), which the format allows."""
    mask = _two(picture)
    height, width = mask.shape
    coded = _g4(mask)
    information = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x01" + coded
    return _coded(picture, "/ColorSpace /DeviceGray", 1, "/JBIG2Decode", information + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region)


def _jpeg2000(picture: Picture) -> Stream:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG2000", quality_mode="rates", quality_layers=[20])
    return _coded(picture, "/ColorSpace /DeviceRGB", 8, "/JPXDecode", out.getvalue())


def _indexed(picture: Picture, colours: int = 16) -> Stream:
    palette = Image.fromarray(picture).quantize(colours, dither=Image.Dither.NONE)
    table = bytes(palette.getpalette() or ())[: 3 * colours].ljust(3 * colours, b"\0")
    bits = {2: 1, 4: 2, 16: 4, 256: 8}[colours]
    return _coded(picture, f"/ColorSpace [/Indexed /DeviceRGB {colours - 1} <{table.hex()}>]", bits, "/FlateDecode", zlib.compress(_bits(np.asarray(palette), bits)))


def _bits(values: npt.NDArray[Any], bits: int) -> bytes:
    """Values of so many bits, rows filled up to whole bytes."""
    spread = (values[..., None].astype(np.uint8) >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(spread.reshape(values.shape[0], -1), axis=1).tobytes()


def _greys(picture: Picture, bits: int, *, inverted: bool = False) -> Stream:
    grey = _grey(picture)
    if inverted:
        grey = np.asarray(255 - grey, np.uint8)
    data = (grey.astype(">u2") * 257).tobytes() if bits == 16 else _bits(grey >> (8 - bits), bits)
    return _coded(picture, "/ColorSpace /DeviceGray", bits, "/FlateDecode", zlib.compress(data), "/Decode [1 0]" if inverted else "")


def _deep(picture: Picture) -> Stream:
    return _coded(picture, "/ColorSpace /DeviceRGB", 16, "/FlateDecode", zlib.compress((picture.astype(">u2") * 257).tobytes()))


def _calibrated(picture: Picture) -> Stream:
    space = "/ColorSpace [/CalRGB << /WhitePoint [0.9505 1 1.089] /Gamma [2.2 2.2 2.2] >>]"
    return _coded(picture, space, 8, "[/ASCII85Decode /DCTDecode]", _ascii85(_jpeg_data(picture)))


def _ascii85(data: bytes) -> bytes:
    return base64.a85encode(data) + b"~>"


def _inverted(picture: Picture) -> Stream:
    return _coded(picture, "/ColorSpace /DeviceRGB", 8, "/DCTDecode", _jpeg_data(np.asarray(255 - picture, np.uint8)), "/Decode [1 0 1 0 1 0]")


# ---------------------------------------------------------------- pictures on pages


def _placed(name: int, x: float, y: float, width: float, height: float) -> str:
    return f"q {width:.4f} 0 0 {height:.4f} {x:.4f} {y:.4f} cm /P{name} Do Q\n"


def whole(coding: Callable[[Picture], Stream], picture: Picture, width: float, height: float) -> bytes:
    """One picture that is the page."""
    return page(_placed(0, 0, 0, width, height), [coding(picture)], width, height)


def _pieces(picture: Picture, width: float, height: float, rows: int, columns: int) -> tuple[str, list[Stream]]:
    """The picture cut up, laid edge to edge."""
    high, wide = picture.shape[:2]
    ys, xs = np.linspace(0, high, rows + 1).round().astype(int), np.linspace(0, wide, columns + 1).round().astype(int)
    content = ""
    parts: list[Stream] = []
    for top, bottom in pairwise(ys):
        for left, right in pairwise(xs):
            content += _placed(len(parts), left / wide * width, (1 - bottom / high) * height, (right - left) / wide * width, (bottom - top) / high * height)
            parts.append(jpeg(np.ascontiguousarray(picture[top:bottom, left:right])))
    return content, parts


def tiled(picture: Picture, width: float, height: float, rows: int = 16, columns: int = 1, footer: str = "") -> bytes:
    """In strips or tiles. footer: a small line at the page's foot, as programs sign what they scanned."""
    content, parts = _pieces(picture, width, height, rows, columns)
    return page(content + _latin(footer, 40, 12, 8), parts, width, height, resources=_HELVETICA)


_HELVETICA = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
SIMSUN = (  # named, but not brought along
    "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /W [1 95 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor << /Type /FontDescriptor /FontName /SimSun /Flags 4 /ItalicAngle 0 /Ascent 859 /Descent -141 /CapHeight 683 /StemV 80 /FontBBox [-8 -145 1000 859] >> >>] >>"
)
_SONG = f"/Font << /F {SIMSUN} >>"


def _latin(text: str, x: float, y: float, size: float) -> str:
    return f"BT /F {size} Tf 0.4 g {x} {y} Td ({text}) Tj ET\n" if text else ""


def _chinese(lines: Sequence[str], x: float, y: float, size: float, mode: int = 0, paint: str = "0 g") -> str:
    rows = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -{1.5 * size} Td\n" for line in lines)
    return f"BT /F {size} Tf {mode} Tr {paint} {x} {y} Td\n{rows}ET\n"


def _sign(width: float) -> str:
    """The line with which a scanning app signs its pages."""
    return _chinese(("扫描全能王创建",), width - 120, 14, 9)


def _signed(picture: Picture, width: float, height: float, rows: int = 1) -> bytes:
    content, parts = _pieces(picture, width, height, rows, 1)
    return page(content + _sign(width), parts, width, height, resources=_SONG)


def _mask(picture: Picture) -> Stream:
    return _fax(picture, "/ImageMask true")


def stencil(picture: Picture, width: float, height: float, *, footer: bool = False, rows: int = 1) -> bytes:
    """Black through a stencil: what is white in the scan isn't drawn at all."""
    high = picture.shape[0]
    ys = np.linspace(0, high, rows + 1).round().astype(int)
    parts = [_mask(np.ascontiguousarray(picture[a:b])) for a, b in pairwise(ys)]
    content = "0 g " + "".join(_placed(n, 0, (1 - b / high) * height, width, (b - a) / high * height) for n, (a, b) in enumerate(pairwise(ys)))
    return page(content + _sign(width) * footer, parts, width, height, resources=_SONG)


def _background(picture: Picture) -> Picture:
    """The page without its print, at a third of the resolution."""
    filled = np.where(cv2.dilate(_two(picture).astype(np.uint8), np.ones((5, 5), np.uint8))[..., None] > 0, 245, picture).astype(np.uint8)
    return np.asarray(cv2.resize(filled, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA), np.uint8)


def layered(picture: Picture, width: float, height: float, *, background: bool = True, footer: bool = False) -> bytes:
    """Mixed raster content, as "high compression" writes it: a coarse background, print through a mask at full resolution, painted by a coarser picture of its colours."""
    front = np.asarray(cv2.resize(cv2.erode(picture, np.ones((7, 7), np.uint8)), None, fx=1 / 4, fy=1 / 4, interpolation=cv2.INTER_AREA), np.uint8)
    parts = [jpeg(_background(picture))] if background else []
    number = len(parts)
    shape = _coded(picture, "/ColorSpace /DeviceGray", 1, "/CCITTFaxDecode", _g4(_two(picture)), f"/Decode [1 0] /DecodeParms << /K -1 /Columns {picture.shape[1]} /Rows {picture.shape[0]} >>")
    painted = jpeg(front)
    parts += [Stream(painted.head + f" /SMask {number + 6} 0 R", painted.data), shape]
    content = "".join(_placed(n, 0, 0, width, height) for n in range(number + 1))
    return page(content + _sign(width) * footer, parts, width, height, resources=_SONG)


def _layered_stencil(picture: Picture, width: float, height: float) -> bytes:
    content = _placed(0, 0, 0, width, height) + "0.1 0.1 0.12 rg " + _placed(1, 0, 0, width, height)
    return page(content, [jpeg(_background(picture)), _mask(picture)], width, height)


def _rotated(turn: int, picture: Picture, width: float, height: float) -> bytes:
    """The picture lies turned in the page, and /Rotate turns it back."""
    laid = np.ascontiguousarray(np.rot90(picture, turn // 90))
    if turn in (90, 270):
        width, height = height, width
    return page(_placed(0, 0, 0, width, height), [jpeg(laid)], width, height, extra=f"/Rotate {turn}")


def _rotated_tiles(picture: Picture, width: float, height: float) -> bytes:
    content, parts = _pieces(np.ascontiguousarray(np.rot90(picture)), height, width, 10, 3)
    return page(content, parts, height, width, extra="/Rotate 90")


def _cropped(picture: Picture, width: float, height: float, rotate: int = 0) -> bytes:
    """A page whose corner lies anywhere, and of which a margin isn't shown."""
    if rotate == 90:
        picture, width, height = np.ascontiguousarray(np.rot90(picture)), height, width
    box = f"/MediaBox [-300 150 {width + 40:.2f} {height + 350:.2f}] /CropBox [-100 200 {width - 100:.2f} {height + 200:.2f}]"
    return page(_placed(0, -100, 200, width, height), [jpeg(picture)], width, height, box=box, extra=f"/Rotate {rotate}")


def _in_units(picture: Picture, width: float, height: float) -> bytes:
    return page(_placed(0, 0, 0, width / 10, height / 10), [jpeg(picture)], width / 10, height / 10, extra="/UserUnit 10")


def _sized(width: float, rows: int, picture: Picture, _width: float, _height: float) -> bytes:
    """A page that measures what it likes."""
    height = width * picture.shape[0] / picture.shape[1]
    content, parts = _pieces(picture, width, height, rows, 1)
    return page(content, parts, width, height)


def _mirrored(picture: Picture, width: float, height: float) -> bytes:
    """Stored bottom up, drawn top down."""
    return page(f"q {width} 0 0 {-height} 0 {height} cm /P0 Do Q", [jpeg(np.ascontiguousarray(picture[::-1]))], width, height)


def _turned_by_matrix(picture: Picture, width: float, height: float) -> bytes:
    return page(f"q 0 {height} {-width} 0 {width} 0 cm /P0 Do Q", [jpeg(np.ascontiguousarray(np.rot90(picture, -1)))], width, height)


def _straightened(picture: Picture, width: float, height: float, degrees: float = 1.5) -> bytes:
    """A scanner's own straightening: the picture stays as it is, its matrix is turned."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return page(f"q {width * c:.4f} {width * s:.4f} {-height * s:.4f} {height * c:.4f} {height * s / 2:.4f} {-width * s / 2:.4f} cm /P0 Do Q", [jpeg(picture)], width, height)


def _small(share: float, picture: Picture, width: float, height: float, caption: str = "") -> bytes:
    """A small paper on a large page: nothing around it but a caption."""
    content = _placed(0, width * (1 - share) / 2, height * (1 - share) * 0.7, width * share, height * share)
    return page(content + (_chinese((caption,), 60, height - 60, 14) if caption else ""), [jpeg(picture)], width, height, resources=_SONG)


def _layer(picture: Picture, width: float, height: float, rows: int = 1, mode: int = 3, paint: str = "0 g", *, beneath: bool = False) -> bytes:
    """Under or over it the text that another program read, wrongly."""
    content, parts = _pieces(picture, width, height, rows, 1)
    text = _chinese([line for k in range(8) for line in _GARBLED[k % 5 :] + _GARBLED[: k % 5]], 50, height - 60, 10, mode, paint)
    return page(text + content if beneath else content + text, parts, width, height, resources=_SONG)


def _clear_layer(picture: Picture, width: float, height: float) -> bytes:
    """The text is drawn, but with no opacity at all."""
    content, parts = _pieces(picture, width, height, 12, 1)
    text = _chinese([line for k in range(8) for line in _GARBLED], 50, height - 60, 10)
    return page(content + f"q /G gs {text} Q", parts, width, height, resources=_SONG + " /ExtGState << /G << /ca 0 /CA 0 >> >>")


def _stamp_over(picture: Picture, width: float, height: float) -> bytes:
    """A stamp of a program, placed as an annotation over a scan."""
    form = Stream("/Type /XObject /Subtype /Form /BBox [0 0 120 40] /Resources << " + _SONG + " >>", ("1 0 0 RG 2 w 2 2 116 36 re S " + _chinese(("审核通过",), 20, 14, 18, 0, "1 0 0 rg")).encode())
    note = "<< /Type /Annot /Subtype /Stamp /Rect [400 40 520 80] /F 4 /AP << /N 6 0 R >> >>"
    return page(_placed(0, 0, 0, width, height), [jpeg(picture)], width, height, extra="/Annots [7 0 R]", more=(form, note))


WAYS: Mapping[str, Way] = {
    "plain": partial(whole, jpeg),
    "strips": tiled,
    "strips, 60": partial(tiled, rows=60),
    "tiles": partial(tiled, rows=8, columns=6),
    "strips, footer": partial(tiled, footer="Scanned with a scanner"),
    "strips, signed": partial(_signed, rows=16),
    "signed": _signed,
    "stencil": stencil,
    "stencil, signed": partial(stencil, footer=True),
    "stencil strips, signed": partial(stencil, footer=True, rows=12),
    "layers": layered,
    "layers, signed": partial(layered, footer=True),
    "layers, no background": partial(layered, background=False),
    "layers, no background, signed": partial(layered, background=False, footer=True),
    "layers, stencil": _layered_stencil,
    "fax G4": partial(whole, _fax),
    "JBIG2": partial(whole, _jbig2),
    "JPEG 2000": partial(whole, _jpeg2000),
    "CMYK": partial(whole, _cmyk),
    "16 colours": partial(whole, _indexed),
    "4 colours": partial(whole, partial(_indexed, colours=4)),
    **{f"{bits} bit grey": partial(whole, partial(_greys, bits=bits)) for bits in (1, 2, 4, 8, 16)},
    "16 bit colour": partial(whole, _deep),
    "grey, inverted": partial(whole, partial(_greys, bits=8, inverted=True)),
    "1 bit, inverted": partial(whole, partial(_greys, bits=1, inverted=True)),
    "colour, inverted": partial(whole, _inverted),
    "calibrated, ASCII": partial(whole, _calibrated),
    **{f"/Rotate {turn}": partial(_rotated, turn) for turn in (90, 180, 270)},
    "/Rotate 90, tiles": _rotated_tiles,
    "crop box": _cropped,
    "crop box, /Rotate 90": partial(_cropped, rotate=90),
    "user unit": _in_units,
    "page of 2,480 points": partial(_sized, 2480.0, 1),
    "page of 2,480 points, strips": partial(_sized, 2480.0, 12),
    "page of 60 points": partial(_sized, 60.0, 1),
    "page of 60 points, strips": partial(_sized, 60.0, 12),
    "page of 6 points, strips": partial(_sized, 6.0, 12),
    "mirrored by matrix": _mirrored,
    "turned by matrix": _turned_by_matrix,
    "straightened by matrix": _straightened,
    "60 % of its page": partial(_small, 0.6),
    "40 % of its page": partial(_small, 0.4),
    "50 % of its page, captioned": partial(_small, 0.5, caption="附件一：营业执照复印件"),
    "hidden text": _layer,
    "hidden text, strips": partial(_layer, rows=12),
    "text beneath": partial(_layer, mode=0, beneath=True),
    "text beneath, strips": partial(_layer, mode=0, beneath=True, rows=12),
    "white text, strips": partial(_layer, mode=0, paint="1 g", rows=12),
    "clear text, strips": _clear_layer,
    "stamp as annotation": _stamp_over,
}
