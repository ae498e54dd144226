"""Engines: what any of them gives, and the arithmetic around the networks."""

from __future__ import annotations

import numpy as np
import painted
import pytest

from extractors.ocr import Backend, Engine, ModelSize, OcrSettings, build, recognition, weights
from extractors.ocr.cascade import better
from extractors.ocr.crops import crop
from extractors.ocr.settings import OcrSettings as Settings

PAGE = painted.picture_of(painted.pdf(), 120)


@pytest.mark.parametrize("backend", [Backend.OPENVINO, Backend.ONNXRUNTIME, pytest.param(Backend.PADDLE, marks=pytest.mark.slow)])
def test_every_backend_that_can_run_here_reads_a_page(backend: Backend) -> None:
    engine = build(OcrSettings(backend=backend))
    assert isinstance(engine, Engine)
    [lines] = engine.read([PAGE])
    read = {line.text.replace(":", "：").replace("(", "（").replace(")", "）") for line in lines}
    assert len(read & set(painted.TEXT)) >= 7
    line = next(line for line in lines if line.text.endswith("1234"))
    assert line.box.cy == pytest.approx((90 + 3 * 2.6 * 14 - 5) / 842, abs=0.01)
    assert len(line.xs) == len(line.sure) == len(line.text)
    assert list(line.xs) == sorted(line.xs)
    assert line.box.x0 < line.xs[0] < line.xs[-1] < line.box.x1


def test_a_character_is_placed_where_it_stands() -> None:
    [lines] = build(OcrSettings()).read([PAGE])
    line = next(line for line in lines if line.text.startswith("保单号"))
    at = line.text.index("P")
    # Three full-width characters and a colon of 14 points stand before it.
    assert line.xs[at] == pytest.approx((60 + 4 * 14 + 5) / 595, abs=0.012)


def test_loading_an_engine_loads_no_network() -> None:
    engine = build(OcrSettings(models=None))
    assert not engine._networks  # type: ignore[attr-defined]


def test_a_missing_model_says_where_it_was_looked_for(tmp_path) -> None:
    with pytest.raises(weights.WeightsMissing, match=str(tmp_path)):
        weights.detection(ModelSize.TINY, tmp_path)


def test_the_version_tells_settings_apart() -> None:
    assert build(Settings()).version != build(Settings(detection_side=1280)).version


def test_ctc_merges_repeats_drops_blanks_and_keeps_places() -> None:
    chances = np.full((1, 10, 4), 0.01, np.float32)
    for step, (cls, sure) in enumerate([(1, 0.9), (1, 0.6), (0, 0.9), (1, 0.8), (0, 0.9), (2, 0.7), (3, 0.95), (0, 0.9), (0, 0.9), (0, 0.9)]):
        chances[0, step, cls] = sure
    [reading] = recognition.decoded(chances, ("A", "B", " "))
    assert reading.text == "AAB"
    assert reading.at == pytest.approx((0.1, 0.35, 0.55))
    assert reading.sure == pytest.approx((0.9, 0.8, 0.7))


def test_batches_hold_every_crop_once_and_pad_little() -> None:
    widths = [17, 40, 41, 60, 250, 251, 252, 253, 254, 300, 900, 3000]
    seen = []
    for members, padded in recognition.batches(widths, 48, 8):
        seen += members
        assert all(widths[i] <= padded for i in members)
        assert len(members) & (len(members) - 1) == 0 or len(members) <= 8
    assert sorted(seen) == list(range(len(widths)))


@pytest.mark.parametrize(
    ("widths", "sizes"),
    [
        ([300] * 8, [4, 4]),
        ([20, 3000], [1, 1]),  # a narrow crop isn't padded to the width of a whole line
        ([300, 310, 320], [1, 2]),  # sizes are powers of two
        ([90, 100, 100, 160], [4]),  # padding a little costs less than another call
        ([], []),
    ],
)
def test_crops_are_split_into_batches_as_costs_least(widths: list[int], sizes: list[int]) -> None:
    assert sorted(len(members) for members, _ in recognition.batches(widths, 48, 4)) == sizes


@pytest.mark.parametrize(("apart", "shapes"), [(False, {(4, 96), (1, 96), (1, 320)}), (True, {(1, 96), (1, 320)})])
def test_only_whole_batches_go_into_the_network_at_once_and_each_crop_gets_its_own_reading(apart: bool, shapes: set[tuple[int, int]]) -> None:
    seen: list[tuple[int, int]] = []

    def network(inputs: np.ndarray) -> np.ndarray:
        """A character where a step's pixels are bright, another where they are black, nothing on the grey beside a crop."""
        seen.append((inputs.shape[0], inputs.shape[3]))
        steps = inputs[:, 0, 0, ::8]
        chances = np.full((*steps.shape, 3), 0.01, np.float32)
        np.put_along_axis(chances, np.where(steps > 0.5, 1, np.where(steps < -0.5, 2, 0))[..., None], 0.9, 2)
        return chances

    crops = [np.full((48, width), shade, np.uint8) for width, shade in ((60, 255), (70, 0), (80, 255), (90, 0), (92, 255), (94, 0), (300, 255))]
    assert [reading.text for reading in recognition.recognise(crops, network, ("A", "B"), 48, batch=4, apart=apart)] == list("ABABABA")
    assert set(seen) == shapes


def test_doubtful_punctuation_does_not_make_a_line_doubtful() -> None:
    reading = recognition.Reading("金额：1", (0.1, 0.3, 0.5, 0.9), (0.99, 0.99, 0.51, 0.99))
    assert reading.weakest == 0.51
    assert reading.plain.weakest == 0.99


def test_a_slanted_crop_comes_out_level() -> None:
    page = np.full((200, 400, 3), 255, np.uint8)
    page[90:110, 50:350] = 0
    slanted = painted.askew(page, 20)
    t = np.radians(20)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    quad = ((np.array([[50, 90], [350, 90], [350, 110], [50, 110]]) - (200, 100)) @ turn.T + (200, 100)).astype(np.float32)
    cut = crop(slanted, quad)
    assert cut.shape[:2] == pytest.approx((20, 300), abs=1)
    assert cut[3:-3, 3:-3].mean() < 30


def reading(text: str, *sure: float) -> recognition.Reading:
    return recognition.Reading(text, tuple((i + 0.5) / len(text) for i in range(len(text))), sure)


@pytest.mark.parametrize(
    ("small", "large", "chosen"),
    [
        (reading("P0ZB", 1, 1.0, 1, 1), reading("PQZB", 1, 1.0, 1, 1), "PQZB"),  # the larger network knows better
        (reading("明昊", 1, 0.9), reading("明吴", 1, 0.6), "明昊"),  # unless it is far less sure
        (reading("☑单台", 0.9, 0.9, 0.9), reading("单台", 1, 1), "☑单台"),  # or overlooks a tick box
        (reading("保险费", 0.9, 0.9, 0.9), reading("保险", 0.5, 0.6), "保险费"),
    ],
)
def test_two_networks_agree_on_a_reading(small: recognition.Reading, large: recognition.Reading, chosen: str) -> None:
    assert better(small, large).text == chosen


def test_where_two_networks_differ_neither_is_quite_sure() -> None:
    assert better(reading("P0ZB", 1, 1, 1, 1), reading("PQZB", 1, 1, 1, 1)).sure == (1, 0.95, 1, 1)
    assert better(reading("额:1", 1, 1, 1), reading("额：1", 1, 0.99, 1)).sure == (1, 0.99, 1)


def test_look_alike_traditional_characters_are_given_as_our_papers_print_them() -> None:
    from extractors.ocr.variants import SIMPLIFIED, simplified

    assert simplified("黃志麗，注冊資本，吳彥") == "黄志麗，注冊資本，吴彦"
    assert not set(SIMPLIFIED.values()) & {chr(code) for code in SIMPLIFIED}, "a pair must not lead on to another"
