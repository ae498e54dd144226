"""Measuring what becomes of values whose labels aren't known."""

from __future__ import annotations

import pytest

from extractors.layout import label_values
from models.geometry import Box
from models.page import Line, Page, PageSource
from pipeline.accuracy.hidden_labels import hidden, is_hidden, main

LABELS = {"number": ("保险单号", "保单号码"), "premium": ("保险费",)}
PAGE = Page(file="scan.pdf", number=1, width=595, height=842, source=PageSource.TEXT_LAYER, lines=(Line(text="保险费：200元", box=Box(0.1, 0.1, 0.3, 0.12), confidence=1.0),))


def found() -> list[str]:
    return [hit.piece.text for hit in label_values([PAGE], LABELS)["premium"] if not hit.blank]


def test_what_is_hidden_is_the_same_every_time_and_known_again_afterwards() -> None:
    every = [f"标签{n}" for n in range(1000)]
    first, again, other = ({label for label in every if is_hidden(label, 0.15, seed)} for seed in (1, 1, 2))
    assert first == again != other
    assert 100 < len(first) < 200
    with hidden(1.0, 1):
        assert found() == []
    assert found() == ["200元"]


def test_labels_are_known_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), hidden(1.0, 1):
        raise ValueError("broken")
    assert found() == ["200元"]


def test_a_folder_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(Exception, match="There is no folder"):
        main(tmp_path)
