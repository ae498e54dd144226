"""Pages out of files: text layers that may be trusted, scans at their own resolution, damage that must not pass."""

from __future__ import annotations

import io

import numpy as np
import painted
import pymupdf
import pytest
from PIL import Image

from extractors.files import source_file
from extractors.pdf import PdfSettings, Sheet, read_sheets
from models.errors import FileRefused
from pipeline.samples.files import WAYS

SCAN = painted.picture_of(painted.pdf(), 100)


def sheets(data: bytes, **settings: object) -> list[Sheet]:
    return list(read_sheets(source_file("a", data), PdfSettings(**settings)))  # type: ignore[arg-type]


def text(sheet: Sheet) -> list[str]:
    return [line.text for line in sheet.lines or ()]


def test_born_digital_text_is_taken_as_it_is_and_nothing_is_drawn() -> None:
    [sheet] = sheets(painted.pdf())
    assert text(sheet) == list(painted.TEXT)
    assert sheet.picture is None
    line = (sheet.lines or ())[3]
    assert line.confidence == 1.0
    assert len(line.xs) == len(line.text)
    assert line.box.x0 == pytest.approx(60 / 595, abs=0.01)
    assert line.box.y0 < (90 + 3 * 2.6 * 14) / 842 < line.box.y1


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_text_of_a_page_that_is_shown_turned_is_given_upright(rotation: int) -> None:
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    document[0].set_rotation(rotation)
    [sheet] = sheets(document.tobytes())
    assert text(sheet) == list(painted.TEXT)
    assert sheet.tilt == (360 - rotation) % 360
    assert (sheet.lines or ())[0].box.x0 == pytest.approx(60 / 595, abs=0.01)


def test_columns_stay_apart_and_pieces_of_one_line_are_joined() -> None:
    document = pymupdf.open()
    page = document.new_page()
    writer = pymupdf.TextWriter(page.rect)
    for x, piece in ((60, "甲方："), (102, "宁波东方公司"), (330, "乙方：上海东海公司")):
        writer.append((x, 200), piece, font=painted.FONT, fontsize=14)
    writer.write_text(page)
    assert text(sheets(document.tobytes())[0]) == ["甲方：宁波东方公司", "乙方：上海东海公司"]


def test_slanted_watermarks_are_no_lines() -> None:
    document = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    page = document[0]
    writer = pymupdf.TextWriter(page.rect, color=(0.8, 0.8, 0.8))
    writer.append((100, 500), "仅供保险补贴申请使用", font=painted.FONT, fontsize=40)
    writer.write_text(page, morph=(pymupdf.Point(300, 500), pymupdf.Matrix(35)))
    assert text(sheets(document.tobytes())[0]) == list(painted.TEXT)


def test_a_scan_is_taken_out_at_its_own_resolution() -> None:
    [sheet] = sheets(painted.scanned(SCAN, dpi=100))
    assert sheet.lines is None
    assert sheet.picture is not None
    assert sheet.picture.shape == SCAN.shape
    assert np.abs(sheet.picture.astype(int) - SCAN).mean() < 3


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_scan_comes_as_the_page_shows_it(rotation: int) -> None:
    [sheet] = sheets(painted.scanned(SCAN, dpi=100, rotate=rotation))
    assert sheet.picture is not None
    shown = np.rot90(SCAN, -rotation // 90)
    assert sheet.picture.shape == shown.shape
    assert np.abs(sheet.picture.astype(int) - shown).mean() < 3


def test_a_hidden_text_layer_over_a_scan_is_not_trusted() -> None:
    [sheet] = sheets(painted.scanned(SCAN, dpi=100, hidden=("这里的字不是纸上的字", "别人认错的文字")))
    assert sheet.lines is None
    assert sheet.picture is not None


def test_letters_that_are_none_are_not_trusted() -> None:
    private = tuple("".join(chr(0xE000 + 7 * i + k) for k in range(12)) for i in range(5))
    document = pymupdf.open()
    page = document.new_page()
    for row, line in enumerate(private):
        page.insert_text((60, 90 + 30 * row), line, fontname="china-s", fontsize=14)
    [sheet] = sheets(document.tobytes())
    assert sheet.lines is None


def test_a_large_page_is_reduced() -> None:
    [sheet] = sheets(painted.encoded(painted.picture_of(painted.pdf(), 200)), long_side=1200)
    assert sheet.picture is not None
    assert max(sheet.picture.shape) == 1200


def test_a_photograph_is_turned_as_its_exif_says() -> None:
    image = Image.fromarray(SCAN)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90°
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    [sheet] = sheets(out.getvalue())
    assert sheet.picture is not None
    assert sheet.picture.shape[:2] == SCAN.shape[1::-1]


@pytest.mark.parametrize("form", ["PNG", "TIFF", "BMP", "WEBP"])
def test_other_pictures_are_read_too(form: str) -> None:
    assert [s.picture.shape for s in sheets(painted.encoded(SCAN, form)) if s.picture is not None] == [SCAN.shape]


def test_a_fax_of_several_pages_gives_them_all() -> None:
    grey = Image.fromarray(SCAN).convert("1")
    out = io.BytesIO()
    grey.save(out, "TIFF", save_all=True, append_images=[grey, grey])
    assert [s.number for s in sheets(out.getvalue())] == [1, 2, 3]


def coarse(picture: np.ndarray) -> np.ndarray:
    """What can be told of a page in any coding, at any resolution."""
    return np.asarray(Image.fromarray(picture).convert("L").resize((60, 84), Image.Resampling.BOX), int)


@pytest.mark.parametrize("way", [name for name in WAYS if "of its page" not in name])
def test_a_scan_is_the_same_however_it_is_put_into_its_file(way: str) -> None:
    [sheet] = sheets(WAYS[way](SCAN, 595, 842))
    assert sheet.picture is not None
    assert max(sheet.picture.shape) > 0.95 * max(SCAN.shape)
    assert np.abs(coarse(sheet.picture) - coarse(SCAN)).mean() < (6 if "straightened" not in way else 12)


@pytest.mark.parametrize(("way", "share"), [("40 % of its page", 0.4), ("60 % of its page", 0.6), ("plain", 0), ("strips", 0), ("stencil", 0)])
def test_a_small_paper_on_a_large_page_is_told(way: str, share: float) -> None:
    [sheet] = sheets(WAYS[way](SCAN, 595, 842))
    if not share:
        assert sheet.paper is None
        return
    assert sheet.paper is not None
    assert (sheet.paper.width, sheet.paper.height) == pytest.approx((share, share), abs=0.01)


def test_a_picture_beneath_a_caption_is_told_and_pieces_of_a_scan_are_none() -> None:
    [sheet] = sheets(WAYS["50 % of its page, captioned"](SCAN, 595, 842))
    assert sheet.lines is None
    assert sheet.paper is None
    [box] = sheet.pictures
    assert (box.width, box.height) == pytest.approx((0.5, 0.5), abs=0.01)
    for way in ("strips, signed", "tiles", "signed"):
        [sheet] = sheets(WAYS[way](SCAN, 595, 842))
        assert sheet.pictures == ()


def test_a_fax_of_half_the_resolution_down_the_page_is_squared() -> None:
    half = Image.fromarray(SCAN).convert("1").resize((SCAN.shape[1], SCAN.shape[0] // 2))
    out = io.BytesIO()
    half.save(out, "TIFF", dpi=(204, 98), compression="group4")
    [sheet] = sheets(out.getvalue())
    assert sheet.height / sheet.width == pytest.approx(SCAN.shape[0] / 2 * 204 / 98 / SCAN.shape[1], abs=0.01)


def refused(data: bytes, **settings: object) -> str:
    with pytest.raises(FileRefused) as error:
        sheets(data, **settings)
    return error.value.reason


def test_one_applicants_picture_never_shows_in_anothers_cut_off_one() -> None:
    """OpenCV 4.10 filled the missing part of a truncated JPEG with what it had decoded before it."""
    other = np.full_like(SCAN, 255)
    other[::7] = 0
    whole, cut = painted.encoded(other), painted.encoded(SCAN)
    sheets(whole)
    for share in (0.3, 0.6, 0.95):
        assert refused(cut[: int(share * len(cut))]) == "truncated"
    assert refused(painted.encoded(SCAN, "PNG")[:-3000]) in ("truncated", "damaged")


def test_a_cut_off_pdf_is_refused_even_where_it_can_be_mended() -> None:
    data = painted.scanned(SCAN, SCAN, SCAN)
    for share in (0.4, 0.9, 0.99):
        assert refused(data[: int(share * len(data))]) in ("truncated", "damaged")


def test_a_page_whose_picture_ends_too_early_says_so() -> None:
    whole = painted.encoded(SCAN)
    document = pymupdf.open(stream=painted.scanned(SCAN), filetype="pdf")
    xref = document[0].get_images()[0][0]
    document.update_stream(xref, whole[: len(whole) // 3], compress=0)
    document.xref_set_key(xref, "Filter", "/DCTDecode")
    [sheet] = sheets(document.tobytes())
    assert sheet.damage.startswith(("truncated", "damaged"))


def test_a_locked_pdf_is_refused_and_one_without_a_password_is_not() -> None:
    assert refused(painted.pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="geheim", owner_pw="owner")) == "encrypted"
    assert len(sheets(painted.pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="owner"))) == 1


def test_a_pdf_that_only_says_that_its_papers_are_elsewhere_is_refused() -> None:
    portfolio = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    portfolio.embfile_add("a.pdf", painted.pdf(), "a.pdf")
    assert len(sheets(portfolio.tobytes())) == 1  # an invoice with its data beside it
    portfolio.xref_set_key(portfolio.pdf_catalog(), "Collection", "<< /Type /Collection >>")
    assert refused(portfolio.tobytes()) == "unsupported"
    form = pymupdf.open(stream=painted.pdf(), filetype="pdf")
    form.xref_set_key(form.pdf_catalog(), "AcroForm", "<< /Fields [] /XFA (xdp) >>")
    assert len(sheets(form.tobytes())) == 1
    form.xref_set_key(form.pdf_catalog(), "NeedsRendering", "true")
    assert refused(form.tobytes()) == "unsupported"


def test_zeros_behind_the_end_do_no_harm() -> None:
    assert len(sheets(painted.pdf() + b"\0" * 4000)) == 1


def test_limits_hold() -> None:
    assert refused(painted.pdf(("一",), ("二",), ("三",)), max_pages=2) == "too_many_pages"
    assert refused(painted.encoded(np.full((1100, 1100, 3), 255, np.uint8), "PNG"), max_pixels=1_000_000) == "too_large"
    assert refused(b"%PDF-1.7\nnothing at all") in ("damaged", "truncated")
