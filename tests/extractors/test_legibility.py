"""A page is blank only where nothing is on it; what can't be read is said to be so, and why."""

from __future__ import annotations

import io

import cv2
import numpy as np
import painted
import pymupdf
import pytest
from PIL import Image

from extractors.files import source_file
from extractors.ocr import OcrSettings
from extractors.reading import Reader, ReaderSettings
from models.page import Flaw, Page, PageSource

Picture = painted.Picture
LINES = (*painted.TEXT, *(f"第{n}条　{text}" for n, text in enumerate(painted.TEXT, 1)))
SCAN = painted.picture_of(painted.pdf(LINES), 120)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ReaderSettings(ocr=OcrSettings(threads=1), seals=False))


def grained(picture: Picture, grain: float = 2.0) -> Picture:
    noise = np.random.default_rng(3).normal(0, grain, picture.shape[:2])
    return (picture.astype(np.float32) + noise[..., None]).clip(0, 255).astype(np.uint8)


def lit(picture: Picture, light: float) -> Picture:
    return grained((picture * light).astype(np.uint8))


def washed_out(picture: Picture, depth: float) -> Picture:
    return grained((255 - (255 - picture.astype(np.float32)) * depth).astype(np.uint8), 1.0)


def blurred(picture: Picture, sigma: float) -> Picture:
    return grained(cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.uint8))


def upper_part(picture: Picture, lower: Picture, share: float = 0.25) -> Picture:
    cut = int(share * len(picture))
    return np.vstack((picture[:cut], lower[cut:]))


def read(reader: Reader, picture: Picture) -> Page:
    [page] = reader.read(source_file("a.jpg", painted.encoded(picture)))
    return page


def found(page: Page) -> float:
    """Share of the printed lines that were read to the letter, or nearly."""
    text = page.text.replace(" ", "").replace(":", "：").replace("(", "（").replace(")", "）")
    return sum(line.replace("　", "") in text for line in LINES) / len(LINES)


@pytest.mark.parametrize(
    ("name", "picture"),
    [("dim", lit(SCAN, 0.12)), ("dim, upside down", np.ascontiguousarray(lit(SCAN, 0.12)[::-1, ::-1])), ("washed out", washed_out(SCAN, 0.12))],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_light_is_made_good(reader: Reader, name: str, picture: Picture) -> None:
    page = read(reader, picture)
    assert (page.source, page.flaw) == (PageSource.OCR, None)
    assert page.turned == (180 if "upside" in name else 0)
    assert found(page) > 0.85


@pytest.mark.parametrize(
    ("picture", "flaw"),
    [
        (np.full((1400, 990, 3), 6, np.uint8), Flaw.DARK),
        (grained(np.full((1400, 990, 3), 12, np.uint8)), Flaw.DARK),
        (blurred(SCAN, 5), Flaw.UNREAD),
        (blurred(SCAN, 12), Flaw.UNREAD),
        (upper_part(SCAN, blurred(SCAN, 5)), Flaw.PARTLY),
        (upper_part(SCAN, grained(np.full_like(SCAN, 10))), Flaw.PARTLY),
    ],
    ids=["black", "black, grained", "out of focus", "far out of focus", "lower part out of focus", "lower part black"],
)
def test_what_cannot_be_read_is_said_to_be_so(reader: Reader, picture: Picture, flaw: Flaw) -> None:
    page = read(reader, picture)
    assert page.source is PageSource.OCR
    assert page.flaw is flaw


@pytest.mark.parametrize("strength", [0.05, 0.12])
@pytest.mark.parametrize("fallen", [False, True])
def test_print_on_the_other_side_leaves_a_page_blank(reader: Reader, strength: float, fallen: bool) -> None:
    behind = cv2.GaussianBlur(cv2.flip(SCAN, 0 if fallen else 1), (0, 0), 1.2)
    page = read(reader, washed_out(np.asarray(behind, np.uint8), strength))
    assert (page.source, page.lines, page.flaw) == (PageSource.BLANK, (), None)


def test_a_photograph_without_words_is_neither_blank_nor_unreadable(reader: Reader) -> None:
    page = np.full((1400, 990, 3), 250, np.uint8)
    for k in range(12):  # a machine of sorts: boxes with edges
        cv2.rectangle(page, (200 + 40 * k, 400 + 15 * k), (260 + 40 * k, 900 - 20 * k), (40 + 12 * k, 90, 160 - 8 * k), -1)
    read_ = read(reader, grained(page))
    assert (read_.source, read_.flaw) == (PageSource.OCR, None)


@pytest.mark.parametrize("edge", [0, 110])
def test_a_good_page_has_no_flaw_nor_has_one_with_a_scanners_dark_edge(reader: Reader, edge: int) -> None:
    picture = SCAN.copy()
    if edge:
        picture[:, :edge] = (picture[:, :edge] * np.linspace(0.1, 1, edge)[None, :, None]).astype(np.uint8)
    page = read(reader, picture)
    assert page.flaw is None
    assert found(page) > 0.9


def test_a_fax_is_read_like_any_scan(reader: Reader) -> None:
    """CCITT group 4, as fax machines and archives keep it."""
    grey = cv2.cvtColor(painted.picture_of(painted.pdf(LINES), 200), cv2.COLOR_RGB2GRAY)
    image = Image.fromarray(grey).point(lambda v: 255 * (v > 150)).convert("1")
    wide, high = image.size
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="group4", strip_size=1 << 30)
    tiff = Image.open(io.BytesIO(buffer.getvalue()))
    start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    xref = page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, wide, high)), keep_proportion=False)
    document.update_stream(xref, buffer.getvalue()[start : start + length], compress=0)
    for key, value in (
        ("Filter", "/CCITTFaxDecode"), ("BitsPerComponent", "1"), ("ColorSpace", "/DeviceGray"),
        ("DecodeParms", f"<</K -1/Columns {wide}/Rows {high}/BlackIs1 {'true' if tiff.tag_v2[262] else 'false'}>>"),
    ):  # fmt: skip
        document.xref_set_key(xref, key, value)
    [read_] = reader.read(source_file("fax.pdf", bytes(document.tobytes())))
    assert read_.flaw is None
    assert found(read_) > 0.85
