"""Print that detection overlooks in a cell, and pale print that isn't text."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from extractors.pictures.gaps import overlooked, understated
from extractors.pictures.pale import lift_pale
from models.geometry import Box
from models.page import Cell, Line

DPI = 150
SCALE = DPI / 72


def drawn(*texts: tuple[float, float, str, float]) -> np.ndarray:
    """An A4 page with a ruled cell at 300..400 × 300..350 pt and texts (x, y, text, grey 0 to 1)."""
    page = pymupdf.open().new_page(width=595, height=842)
    page.draw_rect(pymupdf.Rect(300, 300, 400, 350))
    for x, y, text, grey in texts:
        page.insert_text((x, y), text, fontname="china-s", fontsize=11, color=(grey, grey, grey))
    picture = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    return np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.width).copy()


CELL = Cell(box=Box(300 / 595, 300 / 842, 400 / 595, 350 / 842))
LABEL = Line(text="投保数量", box=Box(100 / 595, 316 / 842, 145 / 595, 330 / 842), confidence=1.0)


def test_a_lone_figure_in_a_cell_is_found() -> None:
    page = drawn((100, 328, "投保数量", 0), (345, 329, "2", 0))
    (quad,) = overlooked(page, [LABEL], [CELL])
    x0, y0, x1, y1 = quad[0][0] / SCALE, quad[0][1] / SCALE, quad[2][0] / SCALE, quad[2][1] / SCALE
    assert 335 < x0 < 346 < 350 < x1 < 360
    assert 312 < y0 < 322 < 329 < y1 < 337


@pytest.mark.parametrize("texts", [[], [(345, 329, "2", 0.85)], [(345, 329, "·", 0)]])
def test_an_empty_cell_the_back_side_and_a_speck_are_not(texts: list[tuple[float, float, str, float]]) -> None:
    page = drawn((100, 328, "投保数量", 0), *texts)
    assert overlooked(page, [LABEL], [CELL]) == []


def test_a_cell_that_was_read_is_left_alone() -> None:
    page = drawn((100, 328, "投保数量", 0), (345, 329, "2", 0))
    read = Line(text="2", box=Box(343 / 595, 318 / 842, 353 / 595, 332 / 842), confidence=1.0)
    assert overlooked(page, [LABEL, read], [CELL]) == []


FULL = Line(text="SYNTHETIC1234567", box=Box(302 / 595, 304 / 842, 397 / 595, 318 / 842), confidence=1.0)


@pytest.mark.parametrize(("left", "bottom"), [(303, 318), (345, 318), (345, 324)])  # in line with the number; centred; the number's box reaches into the next line
def test_the_last_figure_of_a_number_that_fills_its_cell_is_found_below(left: float, bottom: float) -> None:
    page = drawn((303, 315, "SYNTHETIC1234567", 0), (left, 329, "8", 0))
    full = FULL.model_copy(update={"box": FULL.box._replace(y1=bottom / 842)})
    (quad,) = overlooked(page, [full, *(LABEL.model_copy(update={"box": LABEL.box._replace(y0=(y - 12) / 842, y1=(y + 2) / 842)}) for y in (100, 200))], [CELL])
    x0, y0, x1, y1 = quad[0][0] / SCALE, quad[0][1] / SCALE, quad[2][0] / SCALE, quad[2][1] / SCALE
    assert left - 6 < x0 < left + 1 < left + 5 < x1 < left + 12
    assert 315 < y0 < 322 < 328 < y1 < 334


def test_a_lone_figure_below_its_label_is_found() -> None:
    label = LABEL.model_copy(update={"box": Box(302 / 595, 304 / 842, 347 / 595, 318 / 842)})
    (quad,) = overlooked(drawn((303, 315, "投保数量", 0), (303, 331, "1", 0)), [label], [CELL])
    assert 296 < quad[0][0] / SCALE < 304
    assert quad[2][0] / SCALE < 316
    assert quad[0][1] / SCALE > 316


UNIT = Line(text="套", box=Box(339 / 595, 316 / 842, 367 / 595, 334 / 842), confidence=1.0)


@pytest.mark.parametrize("number", ["1", "12"])
def test_a_figure_that_was_left_out_before_its_unit(number: str) -> None:
    found = understated(drawn((100, 328, "投保数量", 0), (351 - 6 * len(number), 329, number, 0), (352, 329, "套", 0)), [LABEL, UNIT])
    assert list(found) == [1]
    quad = found[1] / SCALE
    assert quad[0][0] < 351 - 6 * len(number) < 362 < quad[2][0]


@pytest.mark.parametrize(("text", "printed"), [("套", "套"), ("千克", "千克"), ("台", "台"), ("第一", "第一")])
def test_a_unit_that_was_read_whole(text: str, printed: str) -> None:
    assert understated(drawn((100, 328, "投保数量", 0), (347, 329, printed, 0)), [LABEL, UNIT.model_copy(update={"text": text})]) == {}


@pytest.mark.parametrize(("line", "more"), [
    (FULL, ()),  # nothing is below
    (FULL, ((303, 329, "8 in a further column", 0),)),  # more than is overlooked
    (Line(text="二〇二一年公司公云", box=FULL.box, confidence=1.0), ()),  # strokes of the line itself that lie below its middle
    (Line(text="SYNTHETIC", box=Box(302 / 595, 304 / 842, 360 / 595, 318 / 842), confidence=1.0), ((345, 329, "8", 0),)),  # the line was broken nowhere
])
def test_what_hangs_below_no_full_line_is_left_alone(line: Line, more: tuple[tuple[float, float, str, float], ...]) -> None:
    assert overlooked(drawn((303, 315, line.text, 0), *more), [line], [CELL]) == []


def patch(page: np.ndarray, x: float, y: float) -> np.ndarray:
    return page[int((y - 12) * SCALE) : int((y + 3) * SCALE), int(x * SCALE) : int((x + 60) * SCALE)]


def test_a_watermark_goes_and_print_stays() -> None:
    page = drawn((100, 100, "保险金额人民币", 0), (100, 200, "仅供补贴申请", 0.84))
    lifted = lift_pale(page)
    assert patch(page, 100, 200).min() < 225
    assert patch(lifted, 100, 200).min() > 245
    before, after = patch(page, 100, 100).astype(int), patch(lifted, 100, 100).astype(int)
    strokes = before < 150
    assert strokes.any()
    assert np.abs(after - before)[strokes].max() <= 1


def test_on_a_faded_page_the_print_is_kept() -> None:
    page = drawn(*((100, y, "保险金额人民币", 0.55) for y in range(100, 400, 20)))
    lifted = lift_pale(page)
    assert patch(lifted, 100, 120).min() < 160


@pytest.mark.parametrize("dark", [np.s_[:, :8], np.s_[600:680, 300:380]], ids=["the ground of a photograph", "a code or a picture"])
def test_what_is_dark_but_no_text_makes_no_print_pale(dark: tuple[slice, slice]) -> None:
    page = drawn(*((100, y, "保险金额人民币", 0.72) for y in range(100, 800, 12)))
    page[dark] = 20
    before, after = patch(page, 100, 120).astype(int), patch(lift_pale(page), 100, 120).astype(int)
    strokes = before < 215
    assert strokes.sum() > 100
    assert np.abs(after - before)[strokes].max() < 10


def test_an_empty_page_stays_as_it_is() -> None:
    page = np.full((400, 300), 240, np.uint8)
    assert (lift_pale(page) == page).all()
