"""Characters of numbers that are read for one another: how far one reading is from another, and what a reading may have been."""

from __future__ import annotations

import pytest

from models.lookalikes import LIKE, LIKE_LETTERS, readings, swaps


@pytest.mark.parametrize(
    ("read", "other", "letters_only", "expected"),
    [
        ("POZB1", "PQZB1", True, ("O",)),
        ("P0ZB1", "PQZB1", True, ("0",)),
        ("P0Z81", "PQZB1", True, ("0", "8")),
        ("PQZB1", "PQZB1", True, ()),
        ("PQZB1", "PQZB7", True, None),  # a digit for a digit is another number
        ("PQZB1", "PQZB7", False, ("1",)),
        ("PAZB1", "PQZB1", False, None),  # these don't look alike
        ("PQZB", "PQZB1", False, None),
    ],
)
def test_what_would_have_to_be_misread(read: str, other: str, letters_only: bool, expected: tuple[str, ...] | None) -> None:
    assert swaps(read, other, LIKE_LETTERS if letters_only else LIKE) == expected


def test_readings_change_doubtful_characters_alone() -> None:
    made = set(readings("8O5", [0], most=1))
    assert "BO5" in made
    assert all(text.endswith("O5") for text in made)
    assert "8O5" not in made
    assert list(readings("8O5", [])) == []


def test_every_pair_holds_both_ways() -> None:
    assert all(a in LIKE[b] for a in LIKE for b in LIKE[a])
