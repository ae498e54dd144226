"""Corrections: one a line, read strictly; the last of a field counts."""

from __future__ import annotations

import json

import pytest

from models.errors import CorrectionsInvalid
from models.review import Correction, as_lines, latest, parse_corrections

LINE = {
    "submission_id": "EQ-0001", "paper": {"type": "sales_contract", "file": "scan.pdf", "page": 3}, "field": "buyer_name", "read": "杭州某某公司",
    "corrected": "杭州某某有限公司", "place": {"file": "scan.pdf", "page": 3, "box": [0.1, 0.2, 0.5, 0.22]}, "at": "2021-02-03T10:00:00+08:00", "by": "u17", "reason": "漏字",
}


def line(**changes: object) -> str:
    return json.dumps({**LINE, **changes}, ensure_ascii=False)


def test_a_line_comes_back_as_it_was():
    read = parse_corrections(line() + "\n\n" + line(corrected=None, place=None))
    assert parse_corrections(as_lines(read)) == read
    assert (read[0].corrected, read[1].corrected) == ("杭州某某有限公司", None)


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (line(at="2021-02-03T10:00:00"), "at"),  # which time zone?
        (line(paper={"type": "letter", "file": "a.pdf", "page": 1}), "paper.type"),
        (line(paper={"type": "sales_contract", "file": "a.pdf", "page": 0}), "paper.page"),
        (line(name="王某"), "name"),  # nothing that isn't asked for: no names of people
        ("{", "the line"),
    ],
)
def test_what_is_no_correction_is_told_with_its_line(bad: str, where: str):
    with pytest.raises(CorrectionsInvalid, match=f"c.jsonl, line 2: {where}: "):
        parse_corrections(line() + "\n" + bad, "c.jsonl")


def test_the_last_word_on_a_field_counts():
    first, second, other = (Correction.model_validate_json(text) for text in (
        line(), line(corrected="杭州某某股份有限公司", at="2021-02-03T03:00:00Z"), line(field="seller_name", at="2021-01-03T03:00:00Z")))
    assert latest([second, other, first]) == (other, second)
