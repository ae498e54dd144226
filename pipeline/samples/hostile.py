"""Files that nobody should file: bombs, loops, lies and litter, one of each kind, made from nothing.

In:    the name of a kind.  Out: a file's bytes; or, of `PLACES`, something laid into a folder that is no plain file.
Most declare what they don't hold, so that they are small here and large only to who believes them.
"""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pymupdf
from PIL import Image

Maker = Callable[[], bytes]
_MIB = 2**20


# ---------------------------------------------------------------- PDFs


def _stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data) if length is None else length, data)


def _flated(data: bytes, entries: bytes = b"", times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return _stream(data, entries + b" /Filter [%s]" % (b"/FlateDecode " * times))


def _assembled(objects: Mapping[int, bytes]) -> bytes:
    """A PDF of these objects; 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, size))
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def _page(content: bytes, resources: bytes = b"", more: Mapping[int, bytes] | None = None, box: bytes = b"0 0 595 842", page: bytes = b"", catalogue: bytes = b"") -> bytes:
    """A PDF of one page. content: its operators, or an object that begins with "<<"; more: objects from 5 on."""
    return _assembled({
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> %s >>" % (box, resources, page),
        4: content if content.startswith(b"<<") else _stream(content),
        **(more or {}),
    })  # fmt: skip


_SMALL = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"


def _pages(kids: bytes, count: int, third: bytes = _SMALL) -> bytes:
    return _assembled({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), 3: third})


def _leaves(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    return _assembled({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), **dict.fromkeys(range(3, 3 + count), _SMALL)})


def _image(data: bytes, width: int, height: int, packed: bytes = b"", more: Mapping[int, bytes] | None = None, colours: bytes = b"/DeviceRGB", bits: int = 8) -> bytes:
    """A page that is one picture. packed: how it is said to be."""
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent %d %s" % (width, height, colours, bits, packed)
    return _page(b"q 595 0 0 842 0 0 cm /I Do Q", b"/XObject << /I 5 0 R >>", {5: _stream(data, entries), **(more or {})})


def _form(content: bytes, calls: int, entries: bytes = b"") -> bytes:
    return _stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F %d 0 R >> >> %s" % (calls, entries))


def _forms(content: bytes, depth: int, entries: bytes = b"") -> bytes:
    """Forms that draw each other: few bytes, drawings without number."""
    chain = {n: _form(content, n + 1, entries) for n in range(5, 5 + depth)}
    return _page(b"/F Do", b"/XObject << /F 5 0 R >>", {**chain, 5 + depth: _form(b"0 0 99 99 re f", 4)})


def _saved(lines: int = 3, **how: Any) -> bytes:
    """A sound PDF, as PyMuPDF saves it."""
    document = pymupdf.open()
    page = document.new_page()
    for row in range(lines):
        page.insert_text((60, 90 + 20 * row), f"row {row} 123,456.00")
    return bytes(document.tobytes(**how))


def _attached() -> bytes:
    document = pymupdf.open(stream=_saved(), filetype="pdf")
    document.embfile_add("run.exe", b"MZ" + bytes(20 * _MIB))
    return bytes(document.tobytes())


def _start_of_table(data: bytes | bytearray) -> int:
    return int(data[data.rindex(b"startxref") + 9 :].split()[0])


def _updates(count: int) -> bytes:
    out = bytearray(_page(b"BT ET"))
    for _ in range(count):
        before, place = _start_of_table(out), len(out)
        out += b"4 0 obj\n<< /Length 5 >>\nstream\nBT ET\nendstream\nendobj\n"
        out += b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (place, before, len(out))
    return bytes(out)


def _looped_table() -> bytes:
    data = _page(b"BT ET")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % _start_of_table(data))


_FONT = b"/Font << /F 5 0 R >>"
_HELVETICA = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
_TYPE3 = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> "
    b"/FirstChar 97 /LastChar 97 /Widths [9] /Resources << /Font << /F 5 0 R >> >> >>"
)
_CID = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> %s >>] >>"
)
_WRITTEN = b"BT /F 20 Tf 60 600 Td <00410042> Tj ET"
_RANGES = b"begincmap\n100 beginbfrange\n" + b"<0000> <FFFF> <0041>\n" * 100 + b"endbfrange\nendcmap"
_TILE = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>"
_MESH = b"/ShadingType 4 /ColorSpace /DeviceRGB /BitsPerCoordinate 32 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 595 0 842 0 1 0 1 0 1]"
_AXIAL = b"/Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Function 5 0 R >> >>"
_WIDGET = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (x) /Rect [0 0 9 9] >> "
_FLATE = b"/Filter /FlateDecode"
_MASK = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceGray /BitsPerComponent 8"

PDFS: Mapping[str, Maker] = {
    "pdf_header_alone": lambda: b"%PDF-1.7\n",
    "pdf_header_and_noise": lambda: b"%PDF-1.7\n" + Random(1).randbytes(200_000),
    "pdf_locked": lambda: _saved(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="user", owner_pw="owner"),
    "pdf_locked_by_nonsense": lambda: _page(b"BT ET").replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 5 /R 6 /O () /U () /P -1 >>"),
    "pdf_10000_pages": lambda: _leaves(10_000),
    "pdf_1000_pages": lambda: _leaves(1_000),
    "pdf_one_page_10000_times": lambda: _pages(b"3 0 R " * 10_000, 10_000),
    "pdf_a_billion_pages_said": lambda: _pages(b"3 0 R", 10**9),
    "pdf_minus_one_page": lambda: _pages(b"3 0 R", -1),
    "pdf_page_tree_loop": lambda: _pages(b"2 0 R", 1),
    "pdf_page_tree_ring": lambda: _pages(b"3 0 R", 7, b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 7 >>"),
    "pdf_parent_loop": lambda: _pages(b"3 0 R", 1, b"<< /Type /Page /Parent 3 0 R >>"),
    "pdf_catalogue_is_its_pages": lambda: _assembled({1: b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 1 >>"}),
    "pdf_table_loop": _looped_table,
    "pdf_table_of_a_billion": lambda: _page(b"BT ET").replace(b"xref\n0 5", b"xref\n0 999999999"),
    "pdf_table_beyond_the_end": lambda: _page(b"BT ET").replace(b"startxref\n", b"startxref\n99999999"),
    "pdf_500_updates": lambda: _updates(500),
    "pdf_object_stream_loop": lambda: _page(b"BT ET", more={5: _flated(b"6 0 7 9 << >> << >>", b"/Type /ObjStm /N 2 /First 8 /Extends 5 0 R")}),
    "pdf_stream_is_its_length": lambda: _page(b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"),
    "pdf_stream_length_negative": lambda: _page(_stream(b"BT ET", length=-7)),
    "pdf_stream_length_huge": lambda: _page(_stream(b"BT ET", length=2**31 - 1)),
    "pdf_form_in_itself": lambda: _page(b"/F Do", b"/XObject << /F 5 0 R >>", {5: _form(b"/F Do", 5)}),
    "pdf_forms_in_forms": lambda: _forms(b"/F Do " * 10, 9),
    "pdf_groups_in_groups": lambda: _forms(b"/F Do /F Do", 35, b"/Group << /S /Transparency /I true /K true >>"),
    "pdf_endless_drawing": lambda: _page(_flated(b"0 0 m 595 842 l 0 842 l 595 0 l S\n" * 3_000_000)),
    "pdf_endless_curve": lambda: _page(_flated(b"0 0 m " + b"9 842 595 0 300 9 c 595 842 0 0 9 9 c\n" * 400_000 + b"f*")),
    "pdf_dashes": lambda: _page(b"[0.00001] 0 d 0 0 m 595 842 l S " * 50),
    "pdf_graphics_states": lambda: _page(_flated(b"q " * 5_000_000)),
    "pdf_clips_in_clips": lambda: _page(_flated(b"q 0 0 500 500 re W n " * 200_000)),
    "pdf_tiles": lambda: _page(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern << /P 5 0 R >>", {5: _stream(b"0 0 1 1 re f", _TILE)}),
    "pdf_flate_bomb": lambda: _page(_flated(b" " * (512 * _MIB))),
    "pdf_flate_chain": lambda: _page(_flated(b" " * (256 * _MIB), times=4)),
    "pdf_run_length_chain": lambda: _page(_stream(b"\x81 " * 200_000, b"/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]")),
    "pdf_filters_without_end": lambda: _page(_stream(b"00" * 50_000 + b">", b"/Filter [%s]" % (b"/ASCIIHexDecode " * 400))),
    "pdf_lzw_noise": lambda: _page(_stream(Random(2).randbytes(300_000), b"/Filter /LZWDecode")),
    "pdf_picture_100000_square": lambda: _image(zlib.compress(bytes(10 * _MIB)), 100_000, 100_000, _FLATE),
    "pdf_picture_of_140_megapixels": lambda: _image(zlib.compress(bytes(140 * 10**6)), 14_000, 10_000, _FLATE, colours=b"/DeviceGray"),
    "pdf_picture_minus_one": lambda: _image(b"", -1, 2**31 - 1),
    "pdf_picture_mask_100000_square": lambda: _image(bytes(300), 10, 10, b"/SMask 6 0 R", {6: _flated(bytes(_MIB), _MASK)}),
    "pdf_picture_masks_itself": lambda: _image(bytes(300), 10, 10, b"/SMask 5 0 R"),
    "pdf_inline_picture_huge": lambda: _page(b"q 595 0 0 842 0 0 cm BI /W 60000 /H 60000 /BPC 8 /CS /RGB ID " + bytes(10_000) + b" EI Q"),
    "pdf_jbig2_noise": lambda: _image(Random(3).randbytes(60_000), 5_000, 7_000, b"/Filter /JBIG2Decode", colours=b"/DeviceGray", bits=1),
    "pdf_jbig2_page_huge": lambda: _image(struct.pack(">IBBBIIIIIBH", 0, 48, 0, 1, 19, 2**31, 2**31, 0, 0, 0, 0), 500, 700, b"/Filter /JBIG2Decode", colours=b"/DeviceGray", bits=1),
    "pdf_jpx_noise": lambda: _image(b"\x00\x00\x00\x0cjP  \r\n\x87\n" + Random(4).randbytes(60_000), 5_000, 7_000, b"/Filter /JPXDecode"),
    "pdf_jpx_huge": lambda: _image(b"\xff\x4f\xff\x51" + struct.pack(">HHIIIIIIIIHBBB", 41, 0, 2**31, 2**31, 0, 0, 2**31, 2**31, 0, 0, 1, 7, 1, 1), 500, 700, b"/Filter /JPXDecode"),
    "pdf_fax_huge": lambda: _image(b"\x00\x10" * 5_000, 12_000, 12_000, b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 2000000000 >>", colours=b"/DeviceGray", bits=1),
    "pdf_dct_noise": lambda: _image(b"\xff\xd8\xff\xe0" + Random(5).randbytes(60_000), 5_000, 7_000, b"/Filter /DCTDecode"),
    "pdf_page_of_a_billion_points": lambda: _page(b"0 0 9 9 re f", box=b"0 0 1000000000 1000000000"),
    "pdf_page_of_90000_points": lambda: _page(b"0 0 9 9 re f", box=b"0 0 90000 90000"),
    "pdf_page_without_extent": lambda: _page(b"0 0 9 9 re f", box=b"0 0 0 0"),
    "pdf_page_of_a_line": lambda: _page(b"0 0 9 9 re f", box=b"0 0 90000 0.01"),
    "pdf_page_not_a_number": lambda: _page(b"0 0 9 9 re f", box=b"nan inf -inf 1e999"),
    "pdf_user_unit": lambda: _page(b"0 0 9 9 re f", page=b"/UserUnit 1000000"),
    "pdf_font_of_noise": lambda: _page(_WRITTEN, _FONT, {5: _CID % b"/FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>", 6: _stream(_RANGES), 7: _flated(Random(6).randbytes(8 * _MIB))}),
    "pdf_unicode_ranges": lambda: _page(_WRITTEN, _FONT, {5: _CID % b"", 6: _flated(_RANGES * 300)}),
    "pdf_font_writes_itself": lambda: _page(b"BT /F 9 Tf (aaaa) Tj ET", _FONT, {5: _TYPE3, 6: _stream(b"9 0 d0 BT /F 9 Tf (aaaa) Tj ET")}),
    "pdf_text_without_end": lambda: _page(_flated(b"BT /F 4 Tf " + b"1 0 0 1 9 400 Tm (%s) Tj " % (b"0123456789" * 10) * 12_000 + b"ET"), _HELVETICA),
    "pdf_letters_off_the_page": lambda: _page(_flated(b"BT /F 1e9 Tf 1 0 0 1 -1e9 1e9 Tm (999) Tj ET " * 2_000), _HELVETICA),
    "pdf_shading_of_noise": lambda: _page(b"/S sh", b"/Shading << /S 5 0 R >>", {5: _flated(Random(7).randbytes(2 * _MIB), _MESH)}),
    "pdf_function_of_itself": lambda: _page(b"/S sh", _AXIAL, {5: b"<< /FunctionType 3 /Domain [0 1] /Functions [5 0 R 5 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>"}),
    "pdf_arrays_in_arrays": lambda: _page(b"BT ET", more={5: b"[" * 200_000 + b"]" * 200_000}, page=b"/X 5 0 R"),
    "pdf_arrays_in_contents": lambda: _page(_flated(b"[" * 1_000_000)),
    "pdf_javascript": lambda: _page(b"BT ET", catalogue=b"/OpenAction << /S /JavaScript /JS (while(true){app.alert\\(1\\)}) >>"),
    "pdf_launches": lambda: _page(b"BT ET", catalogue=b"/OpenAction << /S /Launch /F (/bin/sh) >>"),
    "pdf_attachment": _attached,
    "pdf_outline_loop": lambda: _page(b"BT ET", more={5: b"<< /First 6 0 R /Last 6 0 R /Count 9 >>", 6: b"<< /Title (x) /Parent 5 0 R /Next 6 0 R /First 6 0 R >>"}, catalogue=b"/Outlines 5 0 R"),
    "pdf_names_loop": lambda: _page(b"BT ET", more={5: b"<< /Kids [5 0 R] >>"}, catalogue=b"/Names << /Dests 5 0 R /EmbeddedFiles 5 0 R >>"),
    "pdf_form_fields_loop": lambda: _page(b"BT ET", more={5: _WIDGET.replace(b"/T (x)", b"/T (x) /Kids [5 0 R] /Parent 5 0 R")}, page=b"/Annots [5 0 R]", catalogue=b"/AcroForm << /Fields [5 0 R] >>"),
    "pdf_20000_widgets": lambda: _page(b"BT ET", page=b"/Annots [%s]" % (_WIDGET * 20_000), catalogue=b"/AcroForm << /Fields [] >>"),
    "pdf_annotation_draws_itself": lambda: _page(b"BT ET", more={5: b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 500 500] /AP << /N 6 0 R >> >>", 6: _form(b"/F Do", 6)}, page=b"/Annots [5 0 R]"),
    "pdf_layers_loop": lambda: _page(b"/OC /L BDC 0 0 9 9 re f EMC", b"/Properties << /L 5 0 R >>", {5: b"<< /Type /OCMD /VE [/And 6 0 R] >>", 6: b"[/Not 6 0 R]"}),
    "pdf_xfa": lambda: _page(b"BT ET", more={5: _stream(b"<xdp:xdp><template>" + b"<subform>" * 50_000)}, catalogue=b"/AcroForm << /Fields [] /XFA 5 0 R >>"),
    "pdf_cut": lambda: _saved(30)[:-400],
    "pdf_two_in_one": lambda: _saved() + _saved(),
    "pdf_is_a_zip_too": lambda: _saved() + _zip({"a.pdf": b"x"}),
}


# ---------------------------------------------------------------- pictures


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, data: bytes, before: bytes = b"") -> bytes:
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + before + _chunk(b"IDAT", zlib.compress(data, 9)) + _chunk(b"IEND", b"")


def _drawn(form: str, size: tuple[int, int] = (400, 300), **how: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, form, **how)
    return out.getvalue()


def _resized(data: bytes, marker: bytes, width: int, height: int) -> bytes:
    """A JPEG that says it is larger than it is."""
    at = data.index(marker) + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def _directory(width: int, height: int, following: int, compression: int, at: int, length: int) -> bytes:
    values = {256: width, 257: height, 258: 8, 259: compression, 262: 1, 273: at, 277: 1, 278: height, 279: length}
    return struct.pack("<H", len(values)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items()) + struct.pack("<I", following)


def _tiff(width: int, height: int, following: int = 0, compression: int = 1, tail: bytes = bytes(1000)) -> bytes:
    """A TIFF of one page, which may say anything."""
    return b"II*\x00" + struct.pack("<I", 8) + _directory(width, height, following, compression, 122, len(tail)) + tail


def _chained(count: int) -> bytes:
    """A TIFF of many pages, all the same picture."""
    size = len(_directory(8, 8, 0, 1, 0, 64))
    places = [8 + 64 + n * size for n in range(count)] + [0]
    return b"II*\x00" + struct.pack("<I", places[0]) + bytes(64) + b"".join(_directory(8, 8, following, 1, 8, 64) for following in places[1:])


def _frames(form: str, mode: str, count: int) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, form, save_all=True, append_images=[Image.new(mode, (8, 8), n % 2) for n in range(1, count)])
    return out.getvalue()


def _scans(count: int) -> bytes:
    """A progressive JPEG whose last pass is said over and over: each costs a walk over the whole picture."""
    data = _resized(_drawn("JPEG", progressive=True, quality=20), b"\xff\xc2", 12_000, 12_000)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * count + b"\xff\xd9"


def _bmp(width: int, height: int, bits: int = 24, compression: int = 0, tail: bytes = bytes(900)) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 1000, 0, 0, 54, 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0) + tail


_EXIF_LOOP = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00"

PICTURES: Mapping[str, Maker] = {
    "png_100000_square": lambda: _png(100_000, 100_000, bytes(100_000)),
    "png_of_140_megapixels": lambda: _png(14_000, 10_000, bytes(14_001 * 10_000)),
    "png_of_a_billion": lambda: _png(2**31 - 1, 1, bytes(1000)),
    "png_without_extent": lambda: _png(0, 0, b""),
    "png_text_bomb": lambda: _png(50, 50, bytes(51 * 50), _chunk(b"zTXt", b"x\x00\x00" + zlib.compress(bytes(200 * _MIB), 9))),
    "png_profile_bomb": lambda: _png(50, 50, bytes(51 * 50), _chunk(b"iCCP", b"x\x00\x00" + zlib.compress(bytes(200 * _MIB), 9))),
    "png_of_100000_chunks": lambda: _png(50, 50, bytes(51 * 50), _chunk(b"tEXt", b"a\x00b") * 100_000),
    "png_cut": lambda: _drawn("PNG")[:-9_000],
    "png_too_little": lambda: _png(2_000, 2_000, bytes(2_000)),
    "jpeg_65500_square": lambda: _resized(_drawn("JPEG"), b"\xff\xc0", 65_500, 65_500),
    "jpeg_without_extent": lambda: _resized(_drawn("JPEG"), b"\xff\xc0", 0, 0),
    "jpeg_larger_than_it_is": lambda: _resized(_drawn("JPEG"), b"\xff\xc0", 4_000, 3_000),
    "jpeg_scan_after_scan": lambda: _scans(400),
    "jpeg_cut": lambda: _drawn("JPEG")[:-9_000],
    "jpeg_with_a_hole": lambda: _drawn("JPEG")[:9_000] + bytes(4_096) + _drawn("JPEG")[13_096:],
    "jpeg_profile_of_noise": lambda: _drawn("JPEG", icc_profile=Random(8).randbytes(300_000)),
    "jpeg_exif_loop": lambda: _drawn("JPEG", exif=_EXIF_LOOP),
    "jpeg_of_one_pixel": lambda: _drawn("JPEG", (1, 1)),
    "jpeg_ribbon": lambda: _drawn("JPEG", (65_000, 1)),
    "jpeg_start_alone": lambda: b"\xff\xd8\xff",
    "tiff_100000_square": lambda: _tiff(100_000, 100_000),
    "tiff_directory_loop": lambda: _tiff(30, 30, following=8),
    "tiff_of_3100_pages": lambda: _chained(3_100),
    "tiff_deflate_bomb": lambda: _tiff(12_000, 12_000, compression=8, tail=zlib.compress(bytes(144 * 10**6), 9)),
    "tiff_fax_noise": lambda: _tiff(10_000, 10_000, compression=4, tail=Random(9).randbytes(50_000)),
    "tiff_jpeg_noise": lambda: _tiff(10_000, 10_000, compression=7, tail=Random(10).randbytes(50_000)),
    "tiff_cut": lambda: _drawn("TIFF")[:-50_000],
    "bmp_100000_square": lambda: _bmp(100_000, 100_000),
    "bmp_minus": lambda: _bmp(-5, -(2**31)),
    "bmp_runs": lambda: _bmp(10_000, 10_000, 8, 1, b"\xff\x01" * 200_000 + b"\x00\x01"),
    "gif_65535_square": lambda: b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x01\x00\x00;",
    "gif_of_1000_frames": lambda: _frames("GIF", "P", 1_000),
    "gif_cut": lambda: _drawn("GIF")[:-9_000],
    "webp_16383_square": lambda: b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X" + struct.pack("<II", 10, 0) + (16_382).to_bytes(3, "little") * 2 + bytes(18),
    "webp_cut": lambda: _drawn("WEBP")[:-9_000],
    "webp_noise": lambda: b"RIFF\xff\xff\xff\x7fWEBPVP8L" + Random(11).randbytes(50_000),
}


# ---------------------------------------------------------------- ZIPs


def _zip(entries: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items() if isinstance(entries, Mapping) else entries:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def _overlapping(entries: int) -> bytes:
    """A ZIP whose entries are all the same bytes."""
    size, crc = 4 * _MIB, zlib.crc32(bytes(4 * _MIB))
    body = zlib.compress(bytes(size), 9)[2:-4]
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(body), size, 5, 0) + b"a.pdf" + body
    listed = b"".join(struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(body), size, 8, 0, 0, 0, 0, 0, 0) + b"%04d.pdf" % n for n in range(entries))
    return local + listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(listed), len(local), 0)


def _nested(depth: int) -> bytes:
    core = _saved()
    for level in range(depth):
        core = _zip({f"{level}.zip" if level else "a.pdf": core})
    return core


def _linked() -> bytes:
    entry = zipfile.ZipInfo("link.pdf")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _marked(flags: int, method: int) -> bytes:
    """A ZIP of one entry that is said to be packed otherwise than it is."""
    data = bytearray(_zip({"a.pdf": _saved()}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<HH", flags, method)
    return bytes(data)


ZIPS: Mapping[str, Maker] = {
    "zip_bomb": lambda: _zip({"a.pdf": b"%PDF-1.7\n" + bytes(300 * _MIB)}),
    "zip_bomb_of_many": lambda: _zip((f"{n}.pdf", b"%PDF-1.7\n" + bytes(_MIB - 9)) for n in range(400)),
    "zip_bomb_overlapping": lambda: _overlapping(1_500),
    "zip_bomb_lzma": lambda: _zip({"a.pdf": b"%PDF-1.7\n" + bytes(100 * _MIB)}, zipfile.ZIP_LZMA),
    "zip_bomb_bzip2": lambda: _zip({"a.pdf": b"%PDF-1.7\n" + bytes(100 * _MIB)}, zipfile.ZIP_BZIP2),
    "zip_of_60000_entries": lambda: _zip((f"{n}", b"") for n in range(60_000)),
    "zip_of_2001_entries": lambda: _zip((f"{n}.pdf", b"") for n in range(2_001)),
    "zip_in_zip_in_zip": lambda: _nested(12),
    "zip_of_bombs": lambda: _zip((f"{n}.zip", _zip({"a.pdf": bytes(20 * _MIB)})) for n in range(20)),
    "zip_up": lambda: _zip({"../../up.pdf": _saved(), "..\\up.pdf": _saved(), "good.pdf": _saved()}),
    "zip_absolute": lambda: _zip({"/etc/cron.d/x": _saved(), "C:\\windows\\x.pdf": _saved()}),
    "zip_link": _linked,
    "zip_newline_in_name": lambda: _zip({"a\nb\x1b[2J.pdf": _saved()}),
    "zip_marks_in_name": lambda: _zip({"invoice\u202efdp.exe": _saved()}),
    "zip_long_names": lambda: _zip({"长" * 100 + ".pdf": _saved(), "x" * 60_000 + ".pdf": _saved()}),
    "zip_same_name_twice": lambda: _zip([("a.pdf", _saved(2)), ("a.pdf", _saved(3))]),
    "zip_names_without_sense": lambda: _zip({"XXXX.pdf": _saved()}, zipfile.ZIP_STORED).replace(b"XXXX", b"\xff\xfe\x80\xff"),
    "zip_locked": lambda: _marked(1, 0),
    "zip_method_nobody_knows": lambda: _marked(0, 93),
    "zip_stored_said_to_be_packed": lambda: _marked(0, 8),
    "zip_cut": lambda: _zip({"a.pdf": _saved(30)})[:-200],
    "zip_wrong_checksum": lambda: _zip({"a.pdf": _saved()}, zipfile.ZIP_STORED).replace(b"MediaBox", b"mediaBox", 1),
    "zip_end_alone": lambda: b"PK\x05\x06" + bytes(18),
    "zip_after_noise": lambda: b"PK\x03\x04" + Random(12).randbytes(50_000) + _zip({"a.pdf": _saved()}),
    "zip_folders_alone": lambda: _zip({"a/": b"", "b/c/": b""}),
    "xlsx_bomb": lambda: _zip({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b"<worksheet>" + b"<row/>" * 20_000_000}),
    "xlsx_entities": lambda: _zip({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Types>&b;</Types>'}),
    "ofd_bomb": lambda: _zip({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": bytes(100 * _MIB)}),
}

OTHERS: Mapping[str, Maker] = {
    "empty": lambda: b"",
    "blanks": lambda: b" \r\n\t\x00" * 5_000,
    "zeros": lambda: bytes(_MIB),
    "noise": lambda: Random(13).randbytes(_MIB),
    "words": lambda: "本文件不是图片".encode() * 1_000,
    "html": lambda: b"<!DOCTYPE html><html><script>while(1);</script></html>",
    "svg_entities": lambda: b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "postscript_loop": lambda: b"%!PS\n{ } loop\n",
    "rar": lambda: b"Rar!\x1a\x07\x01\x00" + Random(14).randbytes(1_000),
    "7z": lambda: b"7z\xbc\xaf\x27\x1c" + Random(15).randbytes(1_000),
    "gzip_bomb": lambda: b"\x1f\x8b" + zlib.compress(bytes(20 * _MIB), 9),
    "heic": lambda: b"\x00\x00\x00\x18ftypheic" + bytes(1_000),
    "word_95": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000),
    "rtf": lambda: b"{\\rtf1" + b"{" * 100_000,
    "program": lambda: b"\x7fELF" + bytes(1_000),
}

KINDS: Mapping[str, Maker] = {**OTHERS, **PDFS, **PICTURES, **ZIPS}


# ---------------------------------------------------------------- what isn't a plain file


def _socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # its whole path may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket.pdf")
    finally:
        os.chdir(here)


def _named(*names: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name in names:
            Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(_saved())

    return make


def _deep(folder: Path) -> None:
    inner = folder.joinpath(*["deeper"] * 60)
    inner.mkdir(parents=True)
    (inner / "a.pdf").write_bytes(_saved())


PLACES: Mapping[str, Callable[[Path], object]] = {
    "pipe": lambda folder: os.mkfifo(folder / "pipe.pdf"),
    "socket": _socket,
    "link_to_a_device": lambda folder: (folder / "zero.pdf").symlink_to("/dev/zero"),
    "link_out": lambda folder: (folder / "passwd.pdf").symlink_to("/etc/passwd"),
    "link_to_a_folder": lambda folder: (folder / "folder").symlink_to("/etc"),
    "link_to_above": lambda folder: (folder / "loop").symlink_to(folder.parent),
    "link_to_itself": lambda folder: (folder / "self.pdf").symlink_to("self.pdf"),
    "link_to_nothing": lambda folder: (folder / "gone.pdf").symlink_to("nothing.pdf"),
    "folder_called_pdf": lambda folder: (folder / "folder.pdf").mkdir(),
    "folders_in_folders": _deep,
    "newline_in_name": _named(b"a\nb\x1b[2J.pdf"),
    "same_when_shown": _named(b"a\nb.pdf", b"a\tb.pdf"),
    "name_of_255_bytes": _named(b"x" * 251 + b".pdf"),
    "name_in_gbk": _named("保险单.pdf".encode("gbk")),
    "name_in_no_code": _named(b"\xff\xfe\x80.pdf"),
    "marks_in_name": _named("invoice\u202efdp.exe".encode()),
    "name_like_an_option": _named(b"--out=x;rm -rf.pdf"),
    "name_like_a_formula": _named(b"=cmd|' 'C calc'!A0.pdf"),
}
