"""Print beneath red seals: several looks at one line, and what is made of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.ocr.cascade import Stretch
from extractors.ocr.recognition import Reading
from extractors.seals import dimmed, find_seals, lift
from extractors.seals.beneath import agreed, reading_of, same, stretch, touches
from models.geometry import Box
from models.page import Line

PAGE = (1400, 1000)  # height, width


def read(text: str, sure: float = 0.99) -> Reading:
    return Reading(text, tuple((n + 0.5) / len(text) for n in range(len(text))), (sure,) * len(text))


def line(text: str, x0: float = 0.1, x1: float = 0.9, y0: float = 0.5, high: float = 0.02) -> Line:
    step = (x1 - x0) / len(text)
    return Line(text=text, box=Box(x0, y0, x1, y0 + high), confidence=0.99, xs=tuple(x0 + (n + 0.5) * step for n in range(len(text))), sure=(0.99,) * len(text))


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [("保险费：4.004", "保险费:4,004", True), ("自2020年", "自 2020年", True), ("自2020年", "自0年", False), ("4004", "4.004", False), ("", "", True)],
)
def test_points_and_space_are_no_difference(a: str, b: str, alike: bool) -> None:
    assert same(read(a) if a else Reading("", (), ()), read(b) if b else Reading("", (), ())) is alike


def test_two_looks_that_agree_outvote_a_third_that_is_surer_and_what_it_disputes_isnt_quite_sure() -> None:
    best = agreed((read("期间：自0年4月1日", 1.0), read("期间：自2020年4月1日", 0.97), read("期间：自2020年4月1日", 0.96)))
    assert best.text == "期间：自2020年4月1日"
    assert min(best.sure) <= 0.95
    assert best.sure[0] == 0.97, "nobody disputes the beginning"


def test_where_all_differ_the_one_in_the_middle_counts_and_its_disputed_characters_are_doubtful() -> None:
    best = agreed((read("编号 12345"), read("编号 12845"), read("编号 1284")))
    assert best.text == "编号 12845"
    assert [best.sure[best.text.index(c)] for c in "85"] == [0.60, 0.60]
    assert best.sure[0] == 0.99


def test_a_character_that_another_look_has_in_between_makes_its_neighbours_doubtful() -> None:
    best = agreed((read("10000元"), read("1000元"), read("1000元")))
    assert best.text == "1000元"
    assert min(best.sure[:5]) == 0.95


@pytest.mark.parametrize(
    ("seal", "hit"),
    [(Box(0.4, 0.4, 0.6, 0.6), True), (Box(0.4, 0.6, 0.6, 0.7), False), (Box(0.895, 0.4, 1.0, 0.6), False)],
)
def test_a_line_is_looked_at_again_where_enough_of_it_lies_beneath(seal: Box, hit: bool) -> None:
    assert touches(line("本保险单的保险期间自二〇二〇年四月一日起"), seal, PAGE) is hit


def test_a_column_of_characters_is_left_to_those_who_read_columns() -> None:
    assert not touches(Line(text="购买方", box=Box(0.4, 0.4, 0.43, 0.6), confidence=0.9), Box(0.3, 0.3, 0.7, 0.7), PAGE)


@pytest.mark.parametrize(
    ("text", "seal", "expected"),
    [
        ("甲方应在合同签订后十日内向乙方支付合同总价百分之三十的预付款", Box(0.4, 0.4, 0.5, 0.6), (9, 17)),
        ("短的一行字", Box(0.4, 0.4, 0.5, 0.6), (0, 5)),
        ("甲方应在合同签订后十日内向乙方支付合同总价百分之三十的预付款", Box(0.15, 0.4, 0.85, 0.6), (0, 30)),
    ],
)
def test_of_a_long_line_only_what_lies_beneath_is_read_again(text: str, seal: Box, expected: tuple[int, int]) -> None:
    got = stretch(line(text), [seal], PAGE)
    assert isinstance(got, Stretch)
    assert abs(got.start - expected[0]) <= 1
    assert abs(got.end - expected[1]) <= 1
    assert got.end <= len(text)


def test_a_line_comes_back_as_what_it_says() -> None:
    one = line("保险费")
    again = reading_of(one)
    assert (again.text, again.sure) == (one.text, one.sure)
    assert again.at == pytest.approx((1 / 6, 0.5, 5 / 6))


def test_thin_print_beneath_a_red_ring_keeps_its_strokes_when_colour_is_coarse() -> None:
    """A JPEG at 120 dpi keeps colour at half the resolution: lifting by colour thins the strokes, dimming by brightness doesn't."""
    picture = np.full((500, 700, 3), 250, np.uint8)
    cv2.ellipse(picture, (350, 250), (150, 150), 0, 0, 360, (225, 70, 75), 5)
    cv2.circle(picture, (350, 250), 60, (225, 70, 75), -1)
    strokes = np.zeros(picture.shape[:2], np.uint8)
    for x in range(300, 401, 8):
        cv2.line(strokes, (x, 225), (x, 275), 255, 1)
    picture[strokes > 0] = 95
    encoded = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 55])[1]
    coarse = np.ascontiguousarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)[:, :, ::-1])
    (spot,) = find_seals(coarse)
    assert spot.red
    inside = strokes > 0
    lifted, paled = cv2.cvtColor(lift(coarse, [spot]), cv2.COLOR_RGB2GRAY), dimmed(coarse, [spot])
    assert paled[inside].mean() < lifted[inside].mean() - 20, "print stays darker"
    ink = (cv2.dilate(strokes, np.ones((9, 9), np.uint8)) == 0) & spot.mask(strokes.shape, 0.35).astype(bool)
    assert paled[ink].mean() > 200, "the star is paled"
