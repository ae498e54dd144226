"""Counting wrong characters: whatever lines an engine cuts a page into, only what it read counts."""

from __future__ import annotations

import pytest

from models.geometry import Box
from pipeline.accuracy.characters import TICK_BOX, Glyph, PageScore, Read, Ring, fold, judge

SIZE = 10.0


def printed(text: str, x: float, base: float) -> list[Glyph]:
    """A line of square characters of 10 points, its baseline at `base`."""
    return [Glyph(c, Box(x + n * SIZE, base - 8.6, x + (n + 1) * SIZE, base + 1.4), base, SIZE) for n, c in enumerate(text)]


def read(text: str, x: float, base: float, width: float | None = None) -> Read:
    """A line as read, its box a little larger than the print, as engines give it."""
    return Read(text, Box(x - 2, base - 10, x + (width or len(text) * SIZE) + 2, base + 3))


def errors(score: PageScore) -> tuple[int, int]:
    return score.errors, score.characters


FORM = [*printed("保险费", 50, 100), *printed("37.947万元", 120, 100), *printed("保险期限", 50, 130)]


def test_truth_against_itself_has_no_errors() -> None:
    assert errors(judge(FORM, [Read(g.text, g.box) for g in FORM])) == (0, 15)


@pytest.mark.parametrize(
    "reads",
    [
        pytest.param([read("保险费", 50, 100), read("37.947万元", 120, 100), read("保险期限", 50, 130)], id="a line a cell"),
        pytest.param([read("保险费37.947万元", 50, 100, 160), read("保险期限", 50, 130)], id="cells run together"),
        pytest.param([read("限", 80, 130), read("947万元", 150, 100, 50), read("保险期", 50, 130), read("37.", 120, 100), read("保险费", 50, 100)], id="cut and shuffled"),
        pytest.param([read("保 险 费", 50, 100, 30), read("37．947万元", 120, 100, 80), read("保险期限", 50, 132)], id="white space, full width, a little lower"),
    ],
)
def test_lines_and_their_order_do_not_matter(reads: list[Read]) -> None:
    assert judge(FORM, reads).errors == 0


@pytest.mark.parametrize(
    ("reads", "wrong"),
    [
        ([read("保险费", 50, 100), read("37.947万元", 120, 100)], 4),  # a line lost
        ([read("保险费", 50, 100), read("87.947万元", 120, 100), read("保险期限", 50, 130)], 1),  # one for another
        ([read("保险费", 50, 100), read("37.947万元", 120, 100), read("保险期限", 50, 130), read("机密", 50, 300)], 2),  # made up
        ([read("37.947万元", 50, 100), read("保险费", 120, 100), read("保险期限", 50, 130)], 6),  # in each other's place
        ([], 15),
    ],
)
def test_what_is_lost_changed_or_made_up_counts(reads: list[Read], wrong: int) -> None:
    assert judge(FORM, reads).errors == wrong


def test_two_lines_beside_one_are_three_rows() -> None:
    """A cell with two lines beside a cell with one: an engine's lines go to the rows they stand on, half a line apart as these are."""
    page = [*printed("开户银行", 50, 100), *printed("中国银行股份", 120, 93.6), *printed("宁海支行", 120, 106.4)]
    score = judge(page, [read("宁海支行", 120, 106.4), read("开户银行", 50, 100), read("中国银行股份", 120, 93.6)])
    assert [row.read for row in score.rows] == ["中国银行股份", "开户银行", "宁海支行"]
    assert score.errors == 0


def test_a_column_read_as_one_line_finds_its_rows() -> None:
    page = [g for n, c in enumerate("购买方") for g in printed(c, 50, 100 + 14 * n)] + printed("名称", 80, 107)
    assert judge(page, [Read("购买方", Box(48, 88, 62, 131)), read("名称", 80, 107)]).errors == 0


def test_a_narrow_line_is_no_column() -> None:
    page = [Glyph("2", Box(50, 90, 55, 100), 98.6, SIZE), Glyph(".", Box(55, 90, 58, 100), 98.6, SIZE)]
    assert judge(page, [Read("2.", Box(48, 86, 60, 105))]).errors == 0


@pytest.mark.parametrize("seen", ["□", "口", "", "☑"])
def test_a_tick_box_counts_neither_way(seen: str) -> None:
    page = printed(f"{TICK_BOX}第一年", 50, 100)
    assert errors(judge(page, [read(f"{seen}第一年", 50, 100, 40)])) == (0, 3)


def test_a_seals_own_text_is_neither_print_nor_made_up() -> None:
    page = [*printed("盖章单位意见", 50, 100), *printed("年月日", 50, 130)]
    seal = [Ring(Box(40, 60, 160, 180))]
    reads = [read("盖章单位意见", 50, 100), read("年月日", 50, 130), read("合同专用章", 60, 160), read("某某公司", 62, 112)]
    assert judge(page, reads, rings=seal).errors == 0
    assert judge(page, reads).errors == 9


def test_a_line_of_print_in_a_seal_counts_when_it_is_wrong() -> None:
    page = printed("盖章单位意见", 60, 100)
    assert judge(page, [read("盖草单位", 60, 100)], rings=[Ring(Box(40, 40, 160, 160))]).errors == 3


def test_characters_under_a_seal_are_counted_apart() -> None:
    page = printed("甲乙丙丁戊己庚辛", 0, 100)
    under = [Ring(Box(18, 60, 52, 140))]  # holds the middles of 丙, 丁 and 戊
    score = judge(page, [read("甲X丙Y戊己庚", 0, 100)], under=under)
    assert (score.under, score.under_errors) == (3, 1)
    assert errors(score) == (3, 8)


def test_values_are_found_whole_in_their_row() -> None:
    page = [*FORM, *printed("37.947万元", 120, 160)]
    score = judge(page, [read("37.947万元", 120, 100), read("37.94万元", 120, 160)], keys=["37.947", "不在页上的"])
    assert (score.keys, score.keys_found) == (2, 1)


def test_signs_that_look_alike_are_one() -> None:
    assert fold("（２０２１）“A” — B") == fold('(2021)"A"-B')
    assert fold("人民币") != fold("人民市")
