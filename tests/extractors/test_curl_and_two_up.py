"""Paper that doesn't lie flat, shadows across it, and two pages on one sheet."""

from __future__ import annotations

import cv2
import numpy as np
import painted
import pytest

from extractors.files import source_file
from extractors.ocr import Engine, OcrSettings, build
from extractors.pictures import curl, grey_of, grid, light, two_up, upright
from extractors.reading import Reader, ReaderSettings

Picture = painted.Picture
RIGHT = tuple(f"右页第{n}行：采购合同约定的设备单价与数量" for n in range(1, 9))


def form() -> Picture:
    """A ruled form with words in its cells."""
    page = painted.picture_of(painted.pdf(tuple(f"第{n}项投保企业名称　　宁波东方精密机械有限公司" for n in range(1, 17))), 150)
    width = page.shape[1]
    for y in range(130, 1400, 76):
        cv2.line(page, (90, y), (width - 90, y), (30, 30, 30), 2)
    for x in (90, 500, width - 90):
        cv2.line(page, (x, 130), (x, 1346), (30, 30, 30), 2)
    return page


def bulged(page: Picture, rise: float) -> Picture:
    """Lines that rise in the middle by so many pixels."""
    height, width = page.shape[:2]
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(page, xs, ys + rise * np.sin(np.pi * xs / width), cv2.INTER_LINEAR, borderValue=(255, 255, 255)).astype(np.uint8)


FORM = form()
CELLS = len(grid.find_cells(grey_of(FORM)))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build(OcrSettings(threads=1))


@pytest.mark.parametrize("rise", [-24.0, 24.0])
def test_a_bent_page_is_laid_straight(engine: Engine, rise: float) -> None:
    page = bulged(FORM, rise)
    assert len(grid.find_cells(grey_of(page))) < 0.6 * CELLS
    straight = curl.flattened(page, engine.find(page))
    assert straight is not None
    assert len(grid.find_cells(grey_of(straight))) >= 0.95 * CELLS
    quads = engine.find(straight)
    assert not curl.suspected(quads, straight.shape[1], straight.shape[0]) or curl.flattened(straight, quads) is None


def test_a_flat_page_is_left_alone(engine: Engine) -> None:
    assert not curl.suspected(engine.find(FORM), FORM.shape[1], FORM.shape[0])


def shaded(page: Picture, strength: float) -> Picture:
    """The left half in a soft shadow."""
    light_ = 1 - strength / (1 + np.exp((np.arange(page.shape[1]) - 0.5 * page.shape[1]) / 30))
    return (page * light_[None, :, None]).astype(np.uint8)


def test_a_shadow_is_lifted_and_even_light_is_left_alone() -> None:
    flat = light.evened(shaded(FORM, 0.65))
    paper = light.paper_of(flat)
    assert int(paper[:, 20:-20].min()) > 190
    assert light.evened(FORM) is FORM
    mild = shaded(FORM, 0.2)
    assert light.evened(mild) is mild


@pytest.mark.parametrize("ground", [20, 150])
def test_a_sheet_that_lies_half_in_a_shadow_is_found_whole(ground: int) -> None:
    photo = np.full((FORM.shape[0] + 160, FORM.shape[1] + 160, 3), ground, np.uint8)
    photo[80:-80, 80:-80] = FORM
    corners = upright.find_sheet(shaded(photo, 0.0 if ground > 100 else 0.5))
    assert corners is not None
    assert np.abs(corners - [[80, 80], [80 + FORM.shape[1], 80], [80 + FORM.shape[1], 80 + FORM.shape[0]], [80, 80 + FORM.shape[0]]]).max() < 12


def test_the_lit_half_of_a_shaded_scan_is_no_sheet() -> None:
    assert upright.find_sheet(shaded(FORM, 0.65)) is None


def spread() -> Picture:
    left, right = (painted.picture_of(painted.pdf(lines), 100) for lines in (painted.TEXT, RIGHT))
    sheet = np.concatenate((left, right), axis=1)
    fold = left.shape[1]
    sheet[:, fold - 6 : fold + 6] = (sheet[:, fold - 6 : fold + 6] * 0.7).astype(np.uint8)
    return sheet


@pytest.mark.parametrize("turn", [0, 90])
def test_of_two_pages_on_a_sheet_the_left_one_is_read_first(turn: int) -> None:
    picture = np.ascontiguousarray(np.rot90(spread(), -turn // 90))
    [page] = Reader(ReaderSettings(ocr=OcrSettings(threads=1), seals=False)).read(source_file("a.jpg", painted.encoded(picture)))
    assert page.turned == -turn % 360
    assert page.width > page.height
    sides = [line.box.cx > 0.5 for line in page.lines]
    assert sides == sorted(sides)
    assert not any(line.box.x0 < 0.49 and line.box.x1 > 0.51 for line in page.lines)
    text = page.text.replace(" ", "").replace(":", "：")
    assert text.index("保险期间") < text.index(RIGHT[0]) < text.index(RIGHT[-1])


def test_a_wide_paper_is_not_cut_in_two(engine: Engine) -> None:
    wide = np.full((900, 1500), 255, np.uint8)
    for y in range(120, 800, 60):
        cv2.line(wide, (60, y), (1440, y), 20, 2)
    rows = np.array([[[x, y], [x + 300, y], [x + 300, y + 30], [x, y + 30]] for x in (100, 1000) for y in range(130, 780, 60)], np.float32)
    assert two_up.gutter(wide, rows) is None  # rules run through its middle
    plain = np.full_like(wide, 255)
    assert two_up.gutter(plain, rows) == pytest.approx(750, abs=60)
    title = np.array([[[600, 40], [900, 40], [900, 90], [600, 90]]], np.float32)
    assert two_up.gutter(plain, np.concatenate((title, rows))) is None
    assert two_up.gutter(np.ascontiguousarray(plain[:, :900]), rows[:11]) is None
