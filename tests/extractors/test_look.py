"""A page's look outlives a second scan; another page has another one."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pytest

from extractors.pictures.look import look_of


def sheet(seed: int):
    """A page of lines and a table, drawn by the seed."""
    rng = Random(seed)
    page = np.full((1100, 800), 255, np.uint8)
    y = 60
    while y < 1000:
        x = 60 + rng.randrange(60)
        end = x + rng.randrange(80, 620)
        for left in range(x, min(end, 740), 22):
            cv2.putText(page, rng.choice("ABCDEFGHKMNRSXZ"), (left, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
        y += rng.choice((30, 40, 40, 90))
    return page


def moved(page, x, y, angle):
    matrix = cv2.getRotationMatrix2D((400, 550), angle, 1.0)
    matrix[:, 2] += (x, y)
    return cv2.warpAffine(page, matrix, (800, 1100), borderValue=255)


def differing(a, b):
    return (look_of(a) ^ look_of(b)).bit_count()


@pytest.mark.parametrize(
    "again",
    [
        lambda page: cv2.resize(page, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA),
        lambda page: moved(page, 5, -4, 0.2),
        lambda page: cv2.convertScaleAbs(page, alpha=0.6, beta=90),  # faded
        lambda page: cv2.GaussianBlur(page, (0, 0), 1.5),
        lambda page: np.clip(page.astype(int) + np.random.default_rng(3).normal(0, 9, page.shape), 0, 255).astype(np.uint8),
        lambda page: cv2.copyMakeBorder(page[6:-6, 6:-6], 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=70),  # the scanner's edge
    ],
)
def test_a_second_scan_looks_alike(again):
    assert all(differing(sheet(seed), again(sheet(seed))) <= 10 for seed in range(6))


def test_other_pages_look_otherwise():
    apart = [differing(sheet(a), sheet(b)) for a in range(6) for b in range(a)]
    assert min(apart) > 12


def test_a_page_with_nothing_on_it_has_no_look():
    assert look_of(np.full((300, 200), 240, np.uint8)) == 0
