"""Confidence: a product of what is known before any check, moved by checks; a failed check is never accepted."""

from __future__ import annotations

import pytest

from extractors.confidence import ACCEPT_AT, CONFIRMED, accepts, confirmed, contradicted, doubted, initial
from models.field import Field


@pytest.mark.parametrize(("parts", "confidence"), [((0.99, 0.97, 1.0), 0.9603), ((1.2, 1.0, 1.0), 1.0), ((0.9, 0.9, 0.9), 0.729), ((-1.0, 1.0, 1.0), 0.0)])
def test_before_any_check_it_is_a_product(parts: tuple[float, float, float], confidence: float) -> None:
    assert initial(*parts) == pytest.approx(confidence)


def test_a_passed_check_accepts_what_was_read_doubtfully() -> None:
    value = confirmed(Field(value="1", confidence=0.7), "相符")
    assert value.accepted
    assert value.confidence == CONFIRMED
    assert value.why == ("相符",)


def test_what_was_hardly_read_may_agree_by_chance() -> None:
    assert not confirmed(Field(value="1", confidence=0.1), "相符").accepted


@pytest.mark.parametrize("check", [contradicted, doubted])
def test_a_failed_check_is_never_accepted(check: type) -> None:
    value = check(Field(value="1", confidence=0.999, accepted=True), "不符")
    assert not value.accepted
    assert value.confidence < ACCEPT_AT


@pytest.mark.parametrize(("confidence", "accepted"), [(ACCEPT_AT, True), (ACCEPT_AT - 0.001, False)])
def test_the_threshold(confidence: float, accepted: bool) -> None:
    assert accepts(confidence) is accepted
