"""Stamps: found by their ring whatever their colour, lifted off, read."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import painted
import pytest
from rapidfuzz.distance import Levenshtein

from extractors import seals
from extractors.ocr import Engine, OcrSettings, build
from extractors.ocr.recognition import Place, Reading
from extractors.pictures import upright
from extractors.seals.arc import set_upright
from extractors.seals.finding import two_toned
from extractors.seals.letters import Letters, agreed_on, row_of_letters, told

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


def turned(ink: npt.NDArray[np.float32], degrees: float) -> npt.NDArray[np.float32]:
    middle = ink.shape[0] / 2
    return cv2.warpAffine(ink, cv2.getRotationMatrix2D((middle, middle), -degrees, 1.0), ink.shape[::-1], flags=cv2.INTER_LINEAR).astype(np.float32)


def pale(page: painted.Picture) -> painted.Picture:
    return (255 - (255 - page.astype(float)) * 0.8).astype(np.uint8)


def grey(page: painted.Picture) -> painted.Picture:
    return np.repeat((page @ (0.299, 0.587, 0.114)).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("oval", "lean", "strength", "y", "scanned"),
    [
        (0.74, 0.0, 0.9, 1250, None),
        (0.70, 16.0, 0.9, 1250, None),
        (1.0, 30.0, 0.9, 1250, None),
        (1.0, 0.0, 0.35, 1250, pale),
        (1.0, 8.0, 0.6, 1250, grey),
        (1.0, 0.0, 0.9, 420, None),
        (1.0, 0.0, 0.55, 420, grey),
    ],
    ids=["oval", "leaning oval", "turned", "faded", "grey", "over print", "grey over print"],
)
def test_a_seal_is_read_as_it_comes(engine: Engine, oval: float, lean: float, strength: float, y: int, scanned: Callable[[painted.Picture], painted.Picture] | None) -> None:
    page = painted.stamped(PAGE, turned(painted.stamp(NAME, radius=128, oval=oval), lean), 560, y, RED, strength)
    page = scanned(page) if scanned else page
    turn = upright.turn_of(0, 0.0, page.shape[1], page.shape[0])
    found = [seals.read_seal(engine, page, spot, turn.matrix, (turn.width, turn.height)) for spot in seals.find_seals(page)]
    [seal] = [one for one in found if one is not None]
    assert Levenshtein.distance(seal.text, NAME) <= (2 if y == 420 else 0), seal.text
    seen = [{c for c, chance in place if chance > 0.05} for place in seal.places]
    assert sum(any(c in place for place in seen) for c in set(NAME)) >= len(set(NAME)) - 1


def test_a_place_tells_what_else_may_stand_there_and_a_gap_that_something_must() -> None:
    at = (0.1, 0.2, 0.4, 0.5)
    reading = Reading("宁波金昊", at, (0.9, 0.9, 0.9, 0.6), (*(Place(x, ((c, 0.9),)) for x, c in zip(at, "宁波金", strict=False)), Place(0.5, (("吴", 0.6), ("昊", 0.4)))))
    assert told(reading) == ((("宁", 0.9),), (("波", 0.9),), (("", 1.0),), (("金", 0.9),), (("吴", 0.6), ("昊", 0.4)))


def test_two_looks_agree_on_what_both_think_likely() -> None:
    def look(last: tuple[tuple[str, float], ...]) -> Reading:
        return Reading("宁波" + last[0][0], (0.1, 0.2, 0.3), (0.9, 0.9, last[0][1]), (Place(0.1, (("宁", 0.9),)), Place(0.2, (("波", 0.9),)), Place(0.3, last)))

    agreed = agreed_on([look((("吴", 0.5), ("昊", 0.45))), look((("昊", 0.8), ("臭", 0.1)))])
    assert agreed.text == "宁波昊"
    assert agreed.places[-1].chances[0] == ("昊", pytest.approx(0.625))


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


def test_a_faint_trace_beside_a_letter_doesnt_double_it() -> None:
    def look(*places: tuple[float, str]) -> Reading:
        letters = [(at, c) for at, c in places if c]
        told = tuple(Place(at, ((c, 1.0),) if c else (("", 0.9), ("民", 0.1))) for at, c in places)
        return Reading("".join(c for _, c in letters), tuple(at for at, _ in letters), (1.0,) * len(letters), told)

    plain = look((0.10, "中"), (0.20, "国"), (0.30, "人"), (0.40, "民"), (0.50, "财"))
    traced = look((0.10, "中"), (0.20, "国"), (0.251, ""), (0.304, "人"), (0.40, "民"), (0.50, "财"))
    assert agreed_on([plain, plain, traced, traced]).text == "中国人民财"


def test_a_letter_that_one_look_sees_a_little_further_on_is_the_same() -> None:
    def look(second: float) -> Reading:
        at = (0.1, second, 0.3, 0.4)
        return Reading("中国人民", at, (1.0,) * 4, tuple(Place(x, ((c, 1.0),)) for x, c in zip(at, "中国人民", strict=True)))

    assert agreed_on([look(0.2), look(0.26)]).text == "中国人民"


def test_letters_stand_in_an_even_row_whatever_else_was_read() -> None:
    # 0.05 apart; one overlooked at 0.30, a mark between two at 0.425
    at = (0.10, 0.15, 0.20, 0.25, 0.35, 0.40, 0.425, 0.45)
    letters = row_of_letters(Reading("宁波金昊机械，有", at, (0.9,) * 8))
    assert letters is not None
    assert letters.pitch == pytest.approx(0.05, abs=0.002)
    assert {0.10, 0.30, 0.45} <= {round(middle, 2) for middle in letters.middles}
    assert row_of_letters(Reading("宁波金", at[:3], (0.9,) * 3)) is None


def test_each_letter_is_set_upright() -> None:
    spot = seals.SealSpot(200.0, 200.0, 150.0, 150.0, 0.0, True, 1.0)
    ink = np.full((400, 400), 255, np.uint8)
    for degrees in (-120, -90, -60):  # bars that point outwards, each a straight stroke 12 wide
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        cv2.line(ink, (round(200 + 80 * c), round(200 + 80 * s)), (round(200 + 146 * c), round(200 + 146 * s)), 0, 12)
    strip = set_upright(ink, spot, -150.0, 120.0, 0.05, 0.40, 48, Letters((0.25, 0.5, 0.75), 0.25), 1.0)
    piece = strip.shape[1] // 3
    for k in range(3):
        high, low = ((strip[rows, k * piece : (k + 1) * piece] < 128).sum() for rows in (slice(4, 20), slice(28, 44)))
        assert high == pytest.approx(low, rel=0.12)  # unrolled, the stroke's foot would be a third wider than its head
        assert (strip[:, k * piece + piece // 2] < 128).all()


def test_a_fax_drops_parts_of_a_ring_and_the_seal_is_found_all_the_same() -> None:
    page = page_with((painted.stamp(NAME), 600, 1200), colour=(30, 30, 30), strength=1.0)
    page = np.where(page.min(2, keepdims=True) < 128, 0, 255).repeat(3, 2).astype(np.uint8)
    for x, y in ((505, 1120), (520, 1290), (690, 1270)):  # where the stamp was pressed lightly
        cv2.circle(page, (x, y), 40, (255, 255, 255), -1)
    assert two_toned(page)
    assert any((round(s.x, -1), round(s.y, -1)) == (600, 1200) for s in seals.find_seals(page))


@pytest.mark.parametrize(("page", "fax"), [(PAGE, False), (grey(PAGE), False), (np.full((80, 80, 3), 255, np.uint8), False)], ids=["colour", "grey", "blank"])
def test_what_is_no_fax(page: painted.Picture, fax: bool) -> None:
    assert two_toned(page) is fax
