"""Ruled cells, and lines cut at their borders."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.pictures import Grey, grey_of
from extractors.pictures.grid import find_cells, split_at_walls
from models.geometry import Box
from models.page import Cell, Line

XS, YS = (100, 300, 520, 900), (150, 220, 290, 400, 460)


def form(colour: tuple[int, int, int] = (0, 0, 0), thick: int = 2, noise: float = 0.0, breaks: bool = False) -> Grey:
    """Four rows of three columns; the first row's last two cells are one, the first column's middle two are one."""
    page = np.full((1400, 1000, 3), 255, np.uint8)
    for y in YS:
        start = XS[1] if y == YS[2] else XS[0]
        cv2.line(page, (start, y), (XS[-1], y), colour, thick)
    for x in XS:
        top = YS[1] if x == XS[2] else YS[0]
        cv2.line(page, (x, top), (x, YS[-1]), colour, thick)
    if breaks:
        for x in (160, 245, 345, 400, 460, 580, 660, 780, 850):
            page[:, x : x + 4] = 255
    for y in (190, 260, 350, 430):  # letters must not be taken for rules
        cv2.putText(page, "H 1 E I T L", (320, y), 0, 0.8, (0, 0, 0), 2)
    if noise:
        spots = np.random.default_rng(1).normal(0, noise, page.shape[:2])
        page = (page + spots[..., None]).clip(0, 255).astype(np.uint8)
    return grey_of(page)


@pytest.mark.parametrize(
    "options", [{}, {"colour": (170, 170, 170)}, {"thick": 1}, {"noise": 6.0}, {"breaks": True, "thick": 3}], ids=["plain", "pale", "thin", "noisy", "broken"]
)
def test_cells_with_their_spans_are_found(options: dict) -> None:
    cells = find_cells(form(**options))
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in cells}
    assert spans == {(0, 0): (1, 1), (0, 1): (1, 2), (1, 0): (2, 1), (1, 1): (1, 1), (1, 2): (1, 1), (2, 1): (1, 1), (2, 2): (1, 1), (3, 0): (1, 1), (3, 1): (1, 1), (3, 2): (1, 1)}
    merged = next(c for c in cells if (c.row, c.column) == (1, 0))
    assert merged.box == pytest.approx((0.1, 220 / 1400, 0.3, 400 / 1400), abs=0.006)


def test_coloured_rules_count() -> None:
    assert len(find_cells(form(colour=(150, 190, 150)))) == 10


@pytest.mark.parametrize(("start", "end"), [((600, 0), (600, 1399)), ((600, 8), (603, 1390)), ((0, 350), (999, 350))], ids=["upright", "leaning, from margin to margin", "level"])
def test_a_streak_that_dust_draws_across_a_scan_parts_nothing(start: tuple[int, int], end: tuple[int, int]) -> None:
    page = form()
    cv2.line(page, start, end, 120, 1)
    assert [c.model_copy(update={"box": None}) for c in find_cells(page)] == [c.model_copy(update={"box": None}) for c in find_cells(form())]


@pytest.mark.parametrize("lean", [-12, 12])
@pytest.mark.parametrize("broken", [False, True])
def test_a_streak_that_leans_and_breaks_parts_nothing(lean: int, broken: bool) -> None:
    page = form()
    for start in range(0, 1400, 100):
        if not broken or start not in (300, 600):
            x = 560 + lean * start / 1400
            cv2.line(page, (round(x), start), (round(x + lean * 100 / 1400), start + 99), 120, 1)
    assert [c.model_copy(update={"box": None}) for c in find_cells(page)] == [c.model_copy(update={"box": None}) for c in find_cells(form())]


def test_a_table_that_fills_the_page_keeps_its_rules() -> None:
    page = np.full((1400, 1000), 255, np.uint8)
    for x in (2, 250, 500, 750, 997):
        cv2.line(page, (x, 0), (x, 1399), 0, 2)
    for y in range(2, 1400, 349):
        cv2.line(page, (0, y), (999, y), 0, 2)
    assert len(find_cells(page)) == 16


def test_frames_and_underlines_are_no_tables() -> None:
    page = np.full((1400, 1000), 255, np.uint8)
    cv2.rectangle(page, (60, 60), (940, 1340), 0, 3)
    for y in range(300, 900, 60):
        cv2.line(page, (300, y), (700, y), 0, 2)
    assert find_cells(page) == ()


def test_two_tables_are_told_apart() -> None:
    page = np.vstack([form(), form()])[:2000]
    assert {c.table for c in find_cells(page)} == {0, 1}


def test_a_table_open_at_its_sides_is_closed() -> None:
    page = np.full((1400, 1000), 255, np.uint8)
    for y in (200, 260, 320, 380):
        cv2.line(page, (100, y), (900, y), 0, 2)
    for x in (350, 600):
        cv2.line(page, (x, 200), (x, 380), 0, 2)
    cells = find_cells(page)
    assert len(cells) == 9
    assert min(c.box.x0 for c in cells) == pytest.approx(0.1, abs=0.02)


def test_a_line_never_runs_across_a_wall() -> None:
    cells = (Cell(box=Box(0.1, 0.1, 0.4, 0.2)), Cell(box=Box(0.4, 0.1, 0.8, 0.2), column=1))
    text = "保单号PQZB2020"
    xs = tuple(0.2 + 0.05 * i for i in range(3)) + tuple(0.45 + 0.02 * i for i in range(8))
    line = Line(text=text, box=Box(0.18, 0.13, 0.62, 0.16), confidence=0.9, xs=xs, sure=(0.9,) * 11)
    parts = split_at_walls([line], cells)
    assert [p.text for p in parts] == ["保单号", "PQZB2020"]
    assert parts[0].box.x1 <= 0.4 <= parts[1].box.x0
    assert all(len(p.xs) == len(p.text) for p in parts)


@pytest.mark.parametrize(("text", "left", "kept"), [("20200574-ZR-0", 0.405, []), ("30200574-ZR-0", 0.405, ["2"]), ("20200574-ZR-0", 0.46, ["2"])])
def test_what_a_line_took_along_from_the_next_cell_isnt_kept_twice(text: str, left: float, kept: list[str]) -> None:
    cells = (Cell(box=Box(0.1, 0.1, 0.4, 0.2)), Cell(box=Box(0.4, 0.1, 0.8, 0.2), column=1))
    ran_on = Line(text="安全生产监2", box=Box(0.2, 0.13, 0.42, 0.16), confidence=0.9, xs=(0.22, 0.26, 0.3, 0.34, 0.38, 0.41))
    own = Line(text=text, box=Box(left, 0.13, 0.7, 0.16), confidence=0.9)
    assert [part.text for part in split_at_walls([ran_on, own], cells)] == ["安全生产监", *kept, text]


def test_a_line_within_its_cell_stays_whole() -> None:
    cells = (Cell(box=Box(0.1, 0.1, 0.4, 0.2)), Cell(box=Box(0.4, 0.1, 0.8, 0.2), column=1))
    line = Line(text="宁波公司", box=Box(0.12, 0.13, 0.402, 0.16), confidence=0.9)
    assert split_at_walls([line], cells) == (line,)
