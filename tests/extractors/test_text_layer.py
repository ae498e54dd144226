"""Which text layers are trusted: what a page says of itself must be what is seen on it."""

from __future__ import annotations

import io

import numpy as np
import painted
import pymupdf
import pytest
from PIL import Image

from extractors.files import source_file
from extractors.pdf import PdfSettings, Sheet, read_sheets
from pipeline.samples.files import WAYS
from pipeline.samples.programs import PROGRAMS

SCAN = painted.picture_of(painted.pdf(), 100)
WHOLE = frozenset("".join(painted.TEXT))


def only(data: bytes) -> Sheet:
    [sheet] = read_sheets(source_file("a.pdf", data), PdfSettings())
    return sheet


def text(sheet: Sheet) -> list[str]:
    return [line.text for line in sheet.lines or ()]


def written(program: str) -> Sheet:
    return only(PROGRAMS[program](pymupdf.open(stream=painted.pdf(), filetype="pdf"), 0))


@pytest.mark.parametrize("way", [
    "signed", "strips, footer", "strips, signed", "stencil, signed", "stencil strips, signed", "layers, signed", "layers, no background, signed",
    "hidden text", "hidden text, strips", "text beneath", "text beneath, strips", "white text, strips", "clear text, strips",
])  # fmt: skip
def test_words_over_or_under_a_scan_are_not_its_text(way: str) -> None:
    sheet = only(WAYS[way](SCAN, 595, 842))
    assert sheet.lines is None
    assert sheet.picture is not None


@pytest.mark.parametrize("program", ["font tells nothing", "font tells the next letter", "font tells Latin letters", "fonts of pictures", "outlines", "whited out"])
def test_a_layer_that_says_something_else_is_not_trusted(program: str) -> None:
    sheet = written(program)
    assert sheet.lines is None
    assert sheet.picture is not None


@pytest.mark.parametrize("program", ["drawn", "letters one by one", "letters in any order", "white words", "form fields", "form fields, not drawn", "notes"])
def test_a_layer_that_says_what_is_seen_is_trusted_and_nothing_else_is_in_it(program: str) -> None:
    said = "".join(text(written(program)))
    assert sorted(said) == sorted("".join(painted.TEXT))


def test_white_words_on_a_dark_ground_are_seen() -> None:
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    page = document[0]
    page.draw_rect((50, 700, 400, 760), fill=(0.1, 0.2, 0.5))
    for y, words in ((735, "白字在深色底上"), (800, "白字在白纸上")):
        writer = pymupdf.TextWriter(page.rect, color=(1, 1, 1))
        writer.append((60, y), words, font=painted.FONT, fontsize=14)
        writer.write_text(page)
    assert text(only(document.tobytes())) == [*painted.TEXT, "白字在深色底上"]


def test_words_beneath_a_white_field_are_not_seen() -> None:
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    document[0].draw_rect((40, 90 + 5 * 36.4 - 20, 560, 90 + 5 * 36.4 + 10), color=None, fill=(1, 1, 1))
    assert text(only(document.tobytes())) == [line for n, line in enumerate(painted.TEXT) if n != 5]


def masked(shade: int, share: float) -> bytes:
    """The page of text with a picture without a ground of its own, across its middle."""
    mark = np.zeros((300, 400, 4), np.uint8)
    mark[..., :3] = shade
    mark[40:260:20, 20:380, 3] = mark[41:261:20, 20:380, 3] = 255
    out = io.BytesIO()
    Image.fromarray(mark).save(out, "PNG")
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    height = 842 * share
    document[0].insert_image((0, 421 - height / 2, 595, 421 + height / 2), stream=out.getvalue(), keep_proportion=False)
    return bytes(document.tobytes())


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_pale_watermark_does_no_harm_and_dark_print_on_a_clear_ground_is_a_scan(share: float) -> None:
    assert text(only(masked(215, share))) == list(painted.TEXT)
    assert only(masked(20, share)).lines is None


def test_pictures_among_text_are_told() -> None:
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    assert only(document.tobytes()).pictures == ()
    document[0].insert_image((100, 600, 400, 800), stream=painted.encoded(SCAN[:200, :300]))
    [box] = only(document.tobytes()).pictures
    assert box == pytest.approx((100 / 595, 600 / 842, 400 / 595, 800 / 842), abs=0.01)


def test_a_font_that_is_only_named_sets_latin_letters_wide() -> None:
    page = pymupdf.open().new_page()
    for n in range(6):
        page.insert_text((50, 80 + 20 * n), f"Policy number ABCDEFG{n} 保险单号", fontname="china-s", fontsize=11)
    assert len(text(only(page.parent.tobytes()))) == 6
