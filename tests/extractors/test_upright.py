"""Which way up, how far askew, and where the sheet lies in a photograph."""

from __future__ import annotations

import cv2
import numpy as np
import painted
import pytest

from extractors.ocr import Engine, OcrSettings, build
from extractors.pictures import upright

PAGE = painted.picture_of(painted.pdf(), 120)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build(OcrSettings())


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-4.0, 0.0, 1.5])
def test_pages_are_set_upright_and_level(engine: Engine, quarter: int, skew: float) -> None:
    picture = np.ascontiguousarray(np.rot90(painted.askew(PAGE, skew), quarter // 90))
    turn, _ = upright.find_turn(engine, picture, engine.find(picture))
    assert turn.quarter == quarter
    assert turn.skew == pytest.approx(-skew, abs=0.15)
    assert abs(upright.skew_of(turn.points(engine.find(picture)))) < 0.15


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_points_go_where_the_picture_goes(quarter: int) -> None:
    picture = np.zeros((300, 200, 3), np.uint8)
    picture[40:44, 150:154] = 255
    turn = upright.turn_of(quarter, 3.0, 200, 300)
    turned = turn.picture(picture)
    ys, xs = np.nonzero(turned[:, :, 0] > 128)
    [[x, y]] = turn.points(np.array([[152.0, 42.0]], np.float32))
    assert (xs.mean(), ys.mean()) == pytest.approx((x, y), abs=1.5)
    assert turned.shape[:2] == (turn.height, turn.width)


def test_the_sheet_in_a_photograph_is_laid_flat() -> None:
    corners = np.array([[60, 50], [930, 90], [960, 1340], [30, 1300]], np.float32)
    height, width = PAGE.shape[:2]
    matrix = cv2.getPerspectiveTransform(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), corners)
    photo = cv2.warpPerspective(PAGE, matrix, (1000, 1400), borderValue=(70, 66, 60)).astype(np.uint8)
    found = upright.find_sheet(photo)
    assert found is not None
    assert np.abs(found - corners).max() < 6
    assert upright.flattened(photo, found).shape[0] > 1100


def test_a_scan_has_no_sheet_within_it() -> None:
    assert upright.find_sheet(PAGE) is None
    bordered = PAGE.copy()
    bordered[:, :12] = 0  # a scanner's dark edge
    assert upright.find_sheet(bordered) is None


def test_slanted_lines_are_told_from_level_and_upright_ones() -> None:
    def quad(angle: float) -> np.ndarray:
        t = np.radians(angle)
        turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
        return (np.array([[0, 0], [300, 0], [300, 30], [0, 30]]) @ turn.T + 400).astype(np.float32)

    assert [upright.tilted(quad(a)) for a in (0, 3, 35, 60, 90)] == [False, False, True, True, False]
