"""Whole files to pages: order, blank pages, the cache, damage."""

from __future__ import annotations

from difflib import SequenceMatcher

import cv2
import numpy as np
import painted
import pymupdf
import pytest

from extractors.files import source_file
from extractors.ocr import OcrSettings, build
from extractors.reading import Reader, ReaderSettings, in_order
from models.errors import FileRefused
from models.geometry import Box
from models.page import Cell, Line, PageSource
from pipeline.samples.files import WAYS

SCAN = painted.picture_of(painted.pdf(), 120)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ReaderSettings())


class Forbidden:
    """An engine that nobody may use."""

    name = "forbidden"

    def __init__(self) -> None:
        self.version = build(OcrSettings()).version

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the engine was asked for {name}")


def folded(text: str) -> str:
    return text.replace(" ", "").replace(":", "：").replace("(", "（").replace(")", "）")


@pytest.mark.parametrize(("quarter", "skew"), [(0, 0.0), (90, 1.2), (180, -2.0), (270, 0.0)])
def test_a_scan_is_read_whichever_way_it_lies(reader: Reader, quarter: int, skew: float) -> None:
    picture = np.ascontiguousarray(np.rot90(painted.askew(SCAN, skew), quarter // 90))
    [page] = reader.read(source_file("a.pdf", painted.scanned(picture, dpi=120)))
    assert page.source is PageSource.OCR
    assert page.turned == quarter
    assert page.height > page.width
    assert folded(page.text) == folded("\n".join(painted.TEXT))


def test_a_stamped_scan_gives_its_text_and_its_seal(reader: Reader) -> None:
    stamped = painted.stamped(SCAN, painted.stamp("宁波东方精密机械有限公司", radius=95), 330, 360)
    [page] = reader.read(source_file("a.jpg", painted.encoded(stamped)))
    assert folded(page.text) == folded("\n".join(painted.TEXT))
    [seal] = page.seals
    assert SequenceMatcher(None, seal.text, "宁波东方精密机械有限公司").ratio() > 0.75  # print hides some of it


def test_a_small_paper_on_a_large_page_is_read_as_if_it_were_the_page(reader: Reader) -> None:
    large = painted.picture_of(painted.pdf(), 200)
    [page] = reader.read(source_file("a.pdf", WAYS["40 % of its page"](large, 595, 842)))
    assert folded(page.text) == folded("\n".join(painted.TEXT))
    assert page.corners[:2] == pytest.approx((0.3, 0.18), abs=0.01)
    assert page.corners[4:6] == pytest.approx((0.7, 0.58), abs=0.01)


def test_a_picture_among_text_is_read(reader: Reader) -> None:
    document = pymupdf.open(stream=painted.pdf(painted.TEXT[:4]), filetype="pdf")
    part = SCAN[round(250 * 120 / 72) : round(320 * 120 / 72), round(40 * 120 / 72) : round(560 * 120 / 72)]
    document[0].insert_image((40, 500, 560, 570), stream=painted.encoded(part, "PNG"))
    [page] = reader.read(source_file("a.pdf", document.tobytes()))
    assert page.source is PageSource.TEXT_LAYER
    assert folded(page.text) == folded("\n".join((*painted.TEXT[:4], *painted.TEXT[5:7])))


def test_born_digital_pages_need_no_network() -> None:
    [page] = Reader(engine=Forbidden()).read(source_file("a.pdf", painted.pdf()))  # type: ignore[arg-type]
    assert page.source is PageSource.TEXT_LAYER
    assert page.text == "\n".join(painted.TEXT)


def test_a_second_reading_opens_no_model(tmp_path, reader: Reader) -> None:
    data = painted.scanned(SCAN, dpi=120)
    first = Reader(ReaderSettings(), tmp_path).read(source_file("a.pdf", data))
    again = Reader(ReaderSettings(), tmp_path, Forbidden()).read(source_file("renamed.pdf", data))  # type: ignore[arg-type]
    assert [p.text for p in again] == [p.text for p in first]
    assert [p.file for p in again] == ["renamed.pdf"]
    # The same page in another file is known too: by what was drawn, not by its name.
    both = painted.scanned(SCAN, SCAN, dpi=120)
    pages = Reader(ReaderSettings(), tmp_path, Forbidden()).read(source_file("twice.pdf", both))  # type: ignore[arg-type]
    assert [p.number for p in pages] == [1, 2]


def test_a_spoilt_cache_is_read_anew(tmp_path) -> None:
    data = painted.pdf(("营业执照",))
    Reader(cache=tmp_path).read(source_file("a.pdf", data))
    for stored in tmp_path.rglob("*.json"):
        stored.write_text("{")
    assert Reader(cache=tmp_path).read(source_file("a.pdf", data))[0].text == "营业执照"


def blank(**marks: bool) -> painted.Picture:
    page = np.full((1400, 990, 3), 250, np.uint8)
    if marks.get("holes"):
        for y in (500, 900):
            cv2.circle(page, (40, y), 18, (60, 60, 60), -1)
    if marks.get("border"):
        page[:, :25] = 10
        page[:18] = 10
    if marks.get("through"):
        back = cv2.flip(painted.picture_of(painted.pdf(), 120), 1)[:1400, :990]
        page[: back.shape[0], : back.shape[1]] = (250 - (255 - back.astype(float)) * 0.08).astype(np.uint8)
    noise = np.random.default_rng(2).normal(0, 3, page.shape)
    return (page + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("mark", ["plain", "holes", "border", "through"])
def test_blank_pages_are_blank_whatever_lies_on_them(reader: Reader, mark: str) -> None:
    [page] = reader.read(source_file("a.jpg", painted.encoded(blank(**{mark: True}))))
    assert (page.source, page.lines, page.unreadable) == (PageSource.BLANK, (), "")


def test_a_page_with_a_few_words_is_not_blank(reader: Reader) -> None:
    [page] = reader.read(source_file("a.jpg", painted.encoded(painted.picture_of(painted.pdf(("（以下无正文）",)), 120))))
    assert page.source is PageSource.OCR
    assert "以下无正文" in page.text


def test_an_empty_page_among_others_is_blank() -> None:
    [first, second] = Reader(engine=Forbidden()).read(source_file("a.pdf", painted.pdf(("营业执照",), ())))  # type: ignore[arg-type]
    assert first.source is PageSource.TEXT_LAYER
    assert second.source is PageSource.BLANK


def test_a_file_whose_only_page_is_damaged_is_refused_and_one_damaged_page_of_many_is_not(reader: Reader) -> None:
    def with_cut_picture(*pictures: painted.Picture) -> bytes:
        document = pymupdf.open(stream=painted.scanned(*pictures, dpi=120), filetype="pdf")
        xref = document[0].get_images()[0][0]
        whole = painted.encoded(SCAN)
        document.update_stream(xref, whole[: len(whole) // 3], compress=0)
        document.xref_set_key(xref, "Filter", "/DCTDecode")
        return bytes(document.tobytes())

    with pytest.raises(FileRefused):
        reader.read(source_file("a.pdf", with_cut_picture(SCAN)))
    other = painted.picture_of(painted.pdf(("营业执照",)), 120)
    third = painted.picture_of(painted.pdf(("保险单",)), 120)
    pages = reader.read(source_file("a.pdf", with_cut_picture(SCAN, other, third)))
    assert pages[0].unreadable
    assert [p.text for p in pages[1:]] == ["营业执照", "保险单"]


def at(text: str, x: float, y: float) -> Line:
    return Line(text=text, box=Box(x, y, x + 0.1, y + 0.02), confidence=1.0)


def test_lines_are_read_row_by_row_and_tables_cell_by_cell() -> None:
    cells = [Cell(box=Box(0.1 + 0.4 * c, 0.3 + 0.1 * r, 0.5 + 0.4 * c, 0.4 + 0.1 * r), row=r, column=c) for r in range(2) for c in range(2)]
    lines = [at("脚", 0.1, 0.8), at("题", 0.4, 0.1), at("右", 0.6, 0.201), at("左", 0.1, 0.2)]
    lines += [at("b1", 0.6, 0.31), at("b2", 0.6, 0.36), at("a", 0.2, 0.34), at("c", 0.2, 0.43), at("d", 0.7, 0.43)]
    assert [line.text for line in in_order(lines, cells)] == ["题", "左", "右", "a", "b1", "b2", "c", "d", "脚"]
