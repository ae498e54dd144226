"""Tick boxes seen in the picture: what recognition drops, and what it takes for letters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.pictures import Grey
from extractors.pictures.ticks import with_drawn_boxes, with_tick_boxes
from models.geometry import Box
from models.page import Line

WIDTH, HEIGHT, SIDE = 800, 400, 24


def drawn(signs: str) -> Grey:
    """Signs drawn in a row: E an empty box, T one with a tick, L a tick that sticks out, F a filled one, W a word's character, 口 a printed 口, blanks between."""
    picture = np.full((HEIGHT, WIDTH), 235, np.uint8)
    for n, sign in enumerate(signs):
        x, y, ink = 100 + n * 30, 200, 40
        if sign in "ETL口":
            cv2.rectangle(picture, (x, y), (x + SIDE - 4, y + SIDE - 4), ink, 2)
        if sign == "T":
            cv2.polylines(picture, [np.array([[x + 4, y + 10], [x + 9, y + 16], [x + 17, y + 5]])], False, ink, 3)
        if sign == "L":
            cv2.polylines(picture, [np.array([[x + 3, y + 8], [x + 9, y + 17], [x + 23, y - 4]])], False, ink, 3)
        if sign == "F":
            cv2.rectangle(picture, (x, y), (x + SIDE - 4, y + SIDE - 4), ink, -1)
        if sign == "W":
            cv2.line(picture, (x, y + 4), (x + 20, y + 4), ink, 2)
            cv2.line(picture, (x + 10, y), (x + 10, y + 20), ink, 2)
    return picture


def line(signs: str, read: str) -> Line:
    """What recognition made of them: `read` has a character for each sign, · where it read nothing."""
    xs = [(100 + n * 30 + 10) / WIDTH for n in range(len(signs))]
    kept = [(c, x) for c, x in zip(read, xs, strict=True) if c != "·"]
    box = Box((100 - 4) / WIDTH, 196 / HEIGHT, (100 + len(signs) * 30) / WIDTH, 226 / HEIGHT)
    return Line(text="".join(c for c, _ in kept), box=box, confidence=0.99, xs=tuple(x for _, x in kept), sure=(0.99,) * len(kept))


ELSEWHERE = Line(text="□", box=Box(0.8, 0.1, 0.83, 0.13), confidence=0.9)  # boxes were read on this page


@pytest.mark.parametrize(
    ("signs", "read", "seen"),
    [
        ("TWWEWW", "·甲一·乙二", "☑甲一□乙二"),  # both dropped
        ("FWWEWW", "·甲一□乙二", "☑甲一□乙二"),  # the filled one dropped
        ("EWWLWW", "□甲一□乙二", "□甲一☑乙二"),  # a tick that sticks out read as an empty box
        ("EWWEWW", "■甲一□乙二", "□甲一□乙二"),  # the picture decides
        ("W口WW", "人口甲乙", "人口甲乙"),  # a character that looks like a box is one where it was read
        ("WWWW", "甲乙丙丁", "甲乙丙丁"),
    ],
)
def test_boxes_are_put_where_the_picture_shows_them(signs: str, read: str, seen: str) -> None:
    marked, _ = with_tick_boxes(drawn(signs), [line(signs, read), ELSEWHERE])
    assert marked.text == seen
    assert len(marked.xs) == len(marked.sure) == len(marked.text)
    assert list(marked.xs) == sorted(marked.xs)


def test_pages_without_boxes_are_left_alone() -> None:
    lines = (line("TWW", "·甲一"),)
    assert with_tick_boxes(drawn("TWW"), lines) == lines


@pytest.mark.parametrize(
    ("signs", "read", "seen"),
    [
        ("EWWTWW", "·一年·二年", "□一年☑二年"),
        ("WWEWWT", "一年·二年·", "一年□二年☑"),
        ("EWW", "·一年", "一年"),  # one alone may be anything
        ("口WW口WW", "口一年口二年", "口一年口二年"),  # what the text layer has is a letter
        ("WWWW", "一年二年", "一年二年"),
    ],
)
def test_a_text_layers_form_may_draw_its_boxes(signs: str, read: str, seen: str) -> None:
    (found,) = with_drawn_boxes(drawn(signs), [line(signs, read)])
    assert found.text == seen


def test_the_strokes_of_letters_set_a_little_apart_are_no_boxes() -> None:
    picture = drawn("")
    middles = [100, 130, 160, 200, 230, 260]  # 程 and 动 at 160 and 200
    for x in (180, 400):
        cv2.rectangle(picture, (x - 10, 200), (x + 10, 220), 40, 2)
    apart = Line(text="行程程动作器", box=Box(0.1, 0.5, 0.35, 0.56), confidence=1.0, sure=(1.0,) * 6, xs=tuple(x / WIDTH for x in middles))
    options = Line(text="是否", box=Box(0.53, 0.5, 0.6, 0.56), confidence=1.0, sure=(1.0,) * 2, xs=(430 / WIDTH, 460 / WIDTH))
    found = with_drawn_boxes(picture, [apart, options])
    assert found[0].text == "行程程动作器"
