"""JPEGs decoded by themselves: only what is whole and plain; and pictures taken out of PDFs so."""

from __future__ import annotations

import io

import numpy as np
import painted
import pymupdf
import pytest
from PIL import Image

from extractors import jpeg
from extractors.files import source_file
from extractors.pdf import PdfSettings, Sheet, read_sheets

SCAN = painted.picture_of(painted.pdf(), 100)
HEIGHT, WIDTH = SCAN.shape[:2]


def packed(mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(SCAN).convert(mode).save(out, "JPEG", quality=90, **how)  # type: ignore[arg-type]
    return out.getvalue()


def one_page(kept: bytes, rotate: int = 0, **keys: str) -> Sheet:
    """A PDF's one page, a picture over all of it. keys: of the picture's object, as PDF writes them."""
    document = pymupdf.open()
    page = document.new_page()
    xref = page.insert_image(page.rect, stream=kept, keep_proportion=False, rotate=rotate)
    for key, value in keys.items():
        document.xref_set_key(xref, key, value)
    [sheet] = read_sheets(source_file("a", document.tobytes()), PdfSettings())
    return sheet


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 2}])
def test_pixels_are_those_that_pillow_finds(how: dict[str, object]) -> None:
    data = packed(**how)
    picture = jpeg.decoded(data, WIDTH, HEIGHT)
    assert picture is not None
    assert np.abs(picture.astype(int) - np.asarray(Image.open(io.BytesIO(data)))).max() <= 2


def test_a_grey_one_comes_in_three_like_channels() -> None:
    picture = jpeg.decoded(packed("L"), WIDTH, HEIGHT)
    assert picture is not None
    assert picture.shape == SCAN.shape
    assert (picture[..., 0] == picture[..., 2]).all()


def test_what_is_cut_off_otherwise_large_or_in_printers_colours_is_left_to_others() -> None:
    data = packed()
    assert jpeg.decoded(data[: len(data) // 2], WIDTH, HEIGHT) is None
    assert jpeg.decoded(data[:-2000] + bytes(1998) + data[-2:], WIDTH, HEIGHT) is None
    assert jpeg.decoded(data, WIDTH, HEIGHT + 1) is None
    assert jpeg.decoded(packed("CMYK"), WIDTH, HEIGHT) is None
    assert jpeg.decoded(b"no picture", WIDTH, HEIGHT) is None


def test_a_page_is_marked_by_the_jpeg_it_is_and_by_how_that_lies() -> None:
    first, second = packed(), packed("L")
    marks = [one_page(kept, rotate).mark for kept in (first, second) for rotate in (0, 90, 180)]
    assert all(marks)
    assert len(set(marks)) == len(marks)
    assert one_page(first).mark == marks[0]


def test_a_jpeg_that_the_pdf_shows_otherwise_is_decoded_as_it_says() -> None:
    plain, inverted = one_page(packed()), one_page(packed(), Decode="[1 0 1 0 1 0]")
    assert inverted.mark == b""
    assert plain.picture is not None
    assert inverted.picture is not None
    assert np.abs(plain.picture.astype(int) - (255 - inverted.picture.astype(int))).mean() < 2


def test_a_jpeg_that_breaks_off_within_a_pdf_is_said_to_be_damaged() -> None:
    data = packed()
    sheet = one_page(data)
    document = pymupdf.open()
    page = document.new_page()
    xref = page.insert_image(page.rect, stream=data)
    document.update_stream(xref, data[: len(data) // 2], compress=False)
    document.xref_set_key(xref, "Filter", "/DCTDecode")
    [cut] = read_sheets(source_file("a", document.tobytes()), PdfSettings())
    assert not sheet.damage
    assert cut.damage
    assert cut.mark == b""


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_a_scan_kept_otherwise_is_taken_out_by_mupdf(mode: str) -> None:
    out = io.BytesIO()
    Image.fromarray(np.tile(SCAN, (2, 2, 1))).convert(mode).save(out, "PNG")
    sheet = one_page(out.getvalue())
    assert sheet.mark == b""
    assert sheet.picture is not None
    shown = np.asarray(Image.open(out).convert("RGB"))
    assert sheet.picture.shape == shown.shape
    assert np.abs(sheet.picture.astype(int) - shown).mean() < 1
