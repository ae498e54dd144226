"""Stamps: found by their ring whatever their colour, lifted off, read."""

from __future__ import annotations

import numpy as np
import painted
import pytest

from extractors import seals, upright
from extractors.ocr import Engine, OcrSettings, build

NAME = "宁波东方精密机械有限公司"
PAGE = painted.picture_of(painted.pdf(), 150)
RED, DARK_RED, GREY = (214, 40, 48), (150, 24, 36), (120, 120, 120)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build(OcrSettings())


def page_with(*stamps: tuple[np.ndarray, int, int], colour: tuple[int, int, int] = RED, strength: float = 0.9) -> painted.Picture:
    page = PAGE
    for ink, x, y in stamps:
        page = painted.stamped(page, ink, x, y, colour, strength)
    return page


@pytest.mark.parametrize(("colour", "strength"), [(RED, 0.9), (DARK_RED, 0.9), (RED, 0.35), (GREY, 0.9)], ids=["red", "dark", "pale", "grey"])
@pytest.mark.parametrize("oval", [1.0, 0.72], ids=["round", "oval"])
def test_seals_are_found_where_they_stand(colour: tuple[int, int, int], strength: float, oval: float) -> None:
    page = page_with((painted.stamp(NAME, oval=oval), 700, 1200), (painted.stamp("浙江东海银行", oval=oval), 350, 1000), colour=colour, strength=strength)
    spots = seals.find_seals(page)
    assert sorted((round(s.x, -1), round(s.y, -1)) for s in spots) == [(350, 1000), (700, 1200)]
    assert all(s.along == pytest.approx(118, abs=7) and s.across == pytest.approx(118 * oval, abs=7) for s in spots)


def test_pages_without_a_stamp_have_none(engine: Engine) -> None:
    page = PAGE.copy()
    page[600:640, 100:800] = (200, 30, 30)  # a red bar
    for spot in seals.find_seals(page):
        assert seals.read_seal(engine, page, spot, upright.turn_of(0, 0.0, page.shape[1], page.shape[0]).matrix, page.shape[1::-1]) is None


@pytest.mark.parametrize(("quarter", "lean"), [(0, 0.0), (0, 14.0), (90, -10.0), (180, 0.0), (270, 8.0)])
def test_the_name_on_the_arc_is_read(engine: Engine, quarter: int, lean: float) -> None:
    upright_page = page_with((painted.stamp(NAME, "合同专用章", lean=lean), 700, 1250))
    picture = np.ascontiguousarray(np.rot90(upright_page, quarter // 90))
    turn = upright.turn_of(quarter, 0.0, picture.shape[1], picture.shape[0])
    [seal] = [seals.read_seal(engine, picture, spot, turn.matrix, (turn.width, turn.height)) for spot in seals.find_seals(picture)]
    assert seal is not None
    assert seal.text == NAME
    assert seal.purpose == "合同专用章"
    assert (seal.box.cx * turn.width, seal.box.cy * turn.height) == pytest.approx((700, 1250), abs=6)


def test_the_tax_bureaus_own_oval_is_nobodys_stamp(engine: Engine) -> None:
    page = page_with((painted.stamp("全国统一发票监制章", oval=0.72), 700, 1250))
    turn = upright.turn_of(0, 0.0, page.shape[1], page.shape[0])
    assert [seals.read_seal(engine, page, s, turn.matrix, (turn.width, turn.height)) for s in seals.find_seals(page)] == [None]


@pytest.mark.parametrize("colour", [RED, DARK_RED, GREY], ids=["red", "dark", "grey"])
def test_print_under_a_seal_is_read_once_it_is_lifted_off(engine: Engine, colour: tuple[int, int, int]) -> None:
    page = page_with((painted.stamp(NAME), 330, 420), colour=colour)
    spots = seals.find_seals(page)
    assert len(spots) == 1
    lifted = seals.lift(page, spots)
    read = {line.text.replace(" ", "") for line in engine.read([lifted])[0]}
    assert {"保单号：PQZB202033020000001234", "投保企业名称：宁波东方精密机械有限公司"} <= {text.replace(":", "：") for text in read}
    blank = np.abs(lifted.astype(int) - PAGE).mean()
    assert blank < np.abs(page.astype(int) - PAGE).mean() / 3


def test_a_seal_cut_by_the_pages_edge_is_still_one() -> None:
    spots = seals.find_seals(page_with((painted.stamp(NAME), PAGE.shape[1] - 40, 1200)))
    assert len(spots) == 1
