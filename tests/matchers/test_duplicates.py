"""The same sheet of paper in two submissions: known in spite of a second scan, and never taken for another copy of its form."""

from __future__ import annotations

from random import Random

import pytest

from matchers.duplicates import LOOK_NEAR, PageMark, Sheet, duplicate_pages, figures_of, mark_of, proposed, same_page
from models.geometry import Box
from models.page import Line, Page, PageSource

LABELS = ("保险费专用发票", "购买方名称", "纳税人识别号", "价税合计（大写）", "保险费", "收款人", "复核", "开票人", "销售方（章）", "开户行及账号")
FIGURES = ("3302182130", "45871236", "2021-01-15", "91330206MA2AH7XN1P", "379,470.00", "331066040018150009988")
LOOK = 0x0F1E2D3C4B5A6978


def page(figures=FIGURES, labels=LABELS, shift=0.0, scale=1.0, certainty=0.99, look=LOOK):
    lines = [Line(text=text, box=placed(0.1, 0.05 + 0.06 * i, shift, scale), confidence=0.99) for i, text in enumerate(labels)]
    lines += [Line(text=text, box=placed(0.5, 0.05 + 0.06 * i, shift, scale), confidence=certainty) for i, text in enumerate(figures) if text]
    return Page(file="f.pdf", number=1, width=595, height=842, source=PageSource.OCR, lines=tuple(lines), look=look)


def placed(x, y, shift, scale):
    return Box(x * scale + shift, y * scale + shift, (x + 0.25) * scale + shift, (y + 0.02) * scale + shift)


def but(at, text):
    return (*FIGURES[:at], text, *FIGURES[at + 1 :])


@pytest.mark.parametrize(
    "again",
    [
        page(),
        page(shift=0.03, scale=0.96),  # laid down otherwise
        page(figures=but(2, "")),  # a stamp covers the date
        page(figures=but(1, "45871286"), certainty=0.7),  # misread, and the reading knows that it may be
        page(figures=but(2, "2021年1月15日")),
        page(labels=LABELS[:8]),
    ],
)
def test_a_second_scan_is_the_same_sheet(again):
    found = same_page(page(), again)
    assert found.score == 1.0
    assert "在同一位置一致" in found.reason


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (page(figures=but(1, "45871237")), "45871236与45871237"),  # the next invoice of the book
        (page(figures=but(4, "379,480.00")), "37947000与37948000"),
        (page(labels=(LABELS[0], "被保险人名称地址", *LABELS[2:])), "文字不同"),
        (page(figures=("2021-01-15", "1234", "5678")), "数字不同"),
        (page(figures=()), "数字仅0处"),
        (page(labels=(), figures=()), "不能对齐"),
    ],
)
def test_another_copy_of_the_form_is_another_sheet(other, reason):
    found = same_page(page(), other)
    assert found.score == 0.0
    assert reason in found.reason


def test_figures_are_written_alike_and_short_ones_left_out():
    said = figures_of(page(figures=("2021年1月5日至2022.01.04", "¥ 379,470.00元", "第3页", "No.45871236")))
    assert [f.text for f in said if f.y < 0.3] == ["20210105", "20220104", "37947000", "45871236"]


def test_pages_are_proposed_by_look_and_figures_together():
    near, far = LOOK ^ 0b111, LOOK ^ ((1 << (LOOK_NEAR + 1)) - 1)
    mark = mark_of(page())
    assert list(proposed([mark, mark._replace(look=near)])) == [(0, 1)]
    assert list(proposed([mark, mark._replace(look=far)])) == []
    assert list(proposed([mark, mark_of(page(figures=("10000001", "20000002", "30000003", "40000004")))])) == []
    long = PageMark(LOOK, (*mark.digest, *range(100, 100 + 13)))
    assert list(proposed([long, PageMark(LOOK, (*long.digest[:3], *range(200, 200 + 13)))])) == []  # three in sixteen: forms of one year
    assert list(proposed([long, PageMark(LOOK, (*long.digest[:4], *range(200, 200 + 12)))])) == [(0, 1)]
    assert list(proposed([mark, PageMark(0, mark.digest), PageMark(LOOK, ())])) == []  # blank, or with too little on it


def test_all_pairs_are_proposed_whichever_strip_they_stand_in():
    rng = Random(5)
    marks = [PageMark(rng.getrandbits(64) | 1, tuple(sorted(rng.sample(range(2**32), 8)))) for _ in range(3000)]
    copies = [(10, 1100), (1020, 1030), (2, 2999), (1500, 2500)]
    for one, other in copies:
        marks[other] = marks[one]._replace(look=marks[one].look ^ 0b1010)
    assert sorted(proposed(marks)) == sorted(copies)


def test_pages_of_one_submission_or_one_product_are_not_held_against_each_other():
    pages = {key: page() for key in "abcd"}
    sheets = [Sheet(owner, product, key, mark_of(pages[key])) for owner, product, key in (("1", "车床", "a"), ("1", "车床", "b"), ("2", "车床", "c"), ("3", "泵", "d"))]
    assert [(pair.first.key, pair.second.key) for pair in duplicate_pages(sheets, lambda key: pages[str(key)])] == [("a", "d"), ("b", "d"), ("c", "d")]
