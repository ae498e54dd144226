"""Many boxes against many: what one against one gives. And shades by counting: what sorting gives."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from extractors import boxes
from extractors.pictures import percentiles
from models.geometry import Box


def _some(rng: Random, count: int) -> list[Box]:
    """Boxes of all sizes, one of them without any area."""
    corners = [(rng.random(), rng.random()) for _ in range(count)]
    return [*(Box(x, y, x + rng.random() / 2, y + rng.random() / 4) for x, y in corners), Box(0.5, 0.5, 0.5, 0.5)]


def test_many_boxes_at_once_give_what_each_two_give() -> None:
    rng = Random(3)
    these, those = _some(rng, 12), _some(rng, 9)
    common, shares, middles = boxes.overlaps(these, those), boxes.inside(these, those), boxes.middles_within(these, those)
    assert common.shape == shares.shape == middles.shape == (13, 10)
    for i, one in enumerate(these):
        for j, other in enumerate(those):
            assert common[i, j] == pytest.approx(one.overlap(other))
            assert bool(middles[i, j]) is other.contains(one.cx, one.cy)
            assert shares[i, j] == pytest.approx(one.inside(other))
    assert middles.any()
    assert not middles.all()


@pytest.mark.parametrize(("these", "those"), [([], []), ([Box(0, 0, 1, 1)], []), ([], [Box(0, 0, 1, 1)])])
def test_no_boxes_give_empty_tables(these: list[Box], those: list[Box]) -> None:
    assert boxes.overlaps(these, those).shape == boxes.inside(these, those).shape == boxes.middles_within(these, those).shape == (len(these), len(those))


@pytest.mark.parametrize("shape", [(7, 5), (200, 301)])
def test_shades_are_counted_as_sorting_gives_them(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(5).integers(20, 240, shape).astype(np.uint8)[:, ::2]
    wanted = (0, 3, 50, 90, 100)
    for share, found in zip(wanted, percentiles(grey, *wanted), strict=True):
        assert share == 0 or found == np.percentile(grey, share, method="inverted_cdf")
