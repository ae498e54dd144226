"""What of a line is read twice, and what comes of two readings."""

from __future__ import annotations

import numpy as np
import pytest
from stdnum.cn import uscc

from extractors.ocr.cascade import Stretch, better, doubtful, merged, numbers, piece, settled
from extractors.ocr.recognition import Reading
from extractors.pictures import shrunk

LINE = "本合同项下设备由卖方负责运输至买方指定地点"


def reading(text: str, weak: dict[int, float] | None = None) -> Reading:
    """A line read with 0.99, but for some characters."""
    return Reading(text, tuple((i + 0.5) / len(text) for i in range(len(text))), tuple((weak or {}).get(i, 0.99) for i in range(len(text))))


@pytest.mark.parametrize(
    ("read", "again"),
    [
        (reading(LINE), ()),
        (reading(LINE * 2, {20: 0.5}), (Stretch(14, 27),)),
        (reading(LINE, {0: 0.5}), (Stretch(0, 7),)),
        (reading(LINE * 2, {2: 0.5, 39: 0.5}), (Stretch(0, 9), Stretch(33, 42))),
        (reading(LINE, {2: 0.5, 10: 0.5, 18: 0.5}), (Stretch(0, 21),)),  # most of it: the line costs hardly more
        (reading(LINE, dict.fromkeys(range(21), 0.95)), (Stretch(0, 21),)),  # nothing stands out, and yet the line isn't sure
        (reading("金额合计", {1: 0.5}), (Stretch(0, 4),)),
        (reading("保险金额：人民币伍佰陆拾万元整即¥5,600.00", {16: 0.5}), (Stretch(10, 25, number=True),)),  # the number is not cut
        (reading("金额：1", {2: 0.5}), ()),  # a colon's width never matters
        (reading(LINE + "型号规格为：XK2-40A，共计壹台整"), (Stretch(21, 40),)),  # letters and figures: sure or not
    ],
)
def test_only_what_is_doubtful_is_read_again(read: Reading, again: tuple[Stretch, ...]) -> None:
    assert doubtful(read, 0.98, 0.90) == again


def test_a_credit_code_with_the_right_check_digit_is_beyond_doubt_and_an_invoices_cipher_not_worth_it() -> None:
    code = "纳税人识别号91330200MA2AEF0U1G"
    right, wrong = (next(made for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc.is_valid((made := code[:-1] + c)[6:]) is valid) for valid in (True, False))
    assert doubtful(reading(right, {8: 0.5}), 0.98, 0.90) == ()
    assert doubtful(reading(wrong, {8: 0.5}), 0.98, 0.90)
    assert doubtful(reading(right, {2: 0.5}), 0.98, 0.90)
    assert doubtful(reading("<-++28-331>1+--/91+<*+3-9>/*", {3: 0.5}), 0.98, 0.90) == ()
    assert doubtful(reading("2021-01-01/2021-12-31", {3: 0.5}), 0.98, 0.90)


def test_a_stretch_is_cut_between_characters() -> None:
    crop = np.full((30, 400), 255, np.uint8)
    for n in range(20):
        crop[5:25, n * 20 + 3 : n * 20 + 14] = 0  # the gap lies right of the middle between two centres
    places = tuple((n * 20 + 8.5) / 400 for n in range(20))
    part, left, right = piece(crop, Reading("字" * 20, places, (0.9,) * 20), Stretch(5, 9))
    assert part.shape[1] == round((right - left) * 400)
    assert 94 <= left * 400 <= 103
    assert 174 <= right * 400 <= 183


def test_what_the_larger_network_reads_takes_the_place_of_the_stretch() -> None:
    first = reading(LINE, {10: 0.5})
    again = Reading(LINE[7:10] + "售" + LINE[11:14], tuple((i + 0.5) / 7 for i in range(7)), (0.98,) * 7)
    out = merged(first, Stretch(7, 14), again, 7 / 21, 14 / 21, better)
    assert out is not None
    assert out.text == LINE[:10] + "售" + LINE[11:]
    assert out.at == pytest.approx(first.at)
    assert len(out.sure) == len(out.text)


@pytest.mark.parametrize("text", ["甲由卖方负责运", "由卖方负责运乙", ""])
def test_a_cut_through_a_character_is_noticed(text: str) -> None:
    again = Reading(text, tuple((i + 0.5) / max(1, len(text)) for i in range(len(text))), (0.9,) * len(text))
    assert merged(reading(LINE, {10: 0.5}), Stretch(7, 14), again, 7 / 21, 14 / 21, better) is None


@pytest.mark.parametrize("size", [(100, 80), (33, 200), (120, 161)])
@pytest.mark.parametrize("shape", [(323, 247), (323, 247, 3)])
def test_a_shrunk_picture_has_the_size_and_the_shade_asked_for(size: tuple[int, int], shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(1).integers(100, 140, shape, np.uint8)
    small = shrunk(picture, *size)
    assert small.shape == (size[1], size[0], *shape[2:])
    assert float(small.mean()) == pytest.approx(float(picture.mean()), abs=1.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("账号：3302011100002222", (Stretch(0, 19, number=True),)),
        ("二〇二〇年三月三十日前付清全部货款", ()),
        ("本保险单自2020年3月30日起至次年止", ()),  # a year and a day are short
        ("本保险单的保险期间共12个月，费率2.85%，详见附页", (Stretch(11, 27, number=True),)),
        ("保险金额为人民币12,000,000.00元，免赔额每次事故壹万元", (Stretch(0, 33, number=True),)),
    ],
)
def test_long_numbers_are_looked_at_twice(text: str, found: tuple[Stretch, ...]) -> None:
    assert numbers(reading(text), 0.6 * len(text)) == found


def test_a_number_with_a_gap_in_it_is_looked_at_twice() -> None:
    text = "设备共计88台（套）"
    even = reading(text)
    gap = Reading(text, tuple(at + (0.12 if i > 4 else 0.0) for i, at in enumerate(even.at)), even.sure)
    assert numbers(even, 6.0) == ()
    assert numbers(gap, 6.0) == (Stretch(0, 10),)


def test_a_number_that_two_looks_give_otherwise_is_not_sure() -> None:
    narrow, wide = reading("¥7,777.00"), reading("¥7,777,777.00")
    assert settled(narrow, wide).text == wide.text
    assert max(settled(narrow, wide).sure) < 0.9
    assert settled(wide, wide) == wide
