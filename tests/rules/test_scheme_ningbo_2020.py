"""The scheme's table quotes the measure word for word, and its numbers are the measure's."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import SchemeUnknown
from models.paper import FORM_FIELDS, Track
from models.scheme import known_schemes, load_scheme

SCHEME = load_scheme("ningbo-2020")
# the measure's own sentences that the table quotes, and the annexes' labels
MEASURE = re.sub(r"\s+", "", (Path(__file__).parent / "ningbo_2020_quotes.txt").read_text(encoding="utf-8"))


def quotes():
    yield "validity", SCHEME.validity.text
    for code, by_track in SCHEME.rules.items():
        for track, limit in by_track.items():
            yield f"{code} {track}", limit.text
    for track, wanted in SCHEME.documents.items():
        for item in wanted:
            yield f"{track} {item.types[0]}", item.text
    for track, form in SCHEME.forms.items():
        yield f"{track} title", form.title
        for field in form.fields:
            yield f"{track} {field.field}", field.text


@pytest.mark.parametrize(("where", "text"), [pytest.param(where, text, id=where) for where, text in quotes() if text])
def test_every_quoted_word_stands_in_the_measure(where, text):
    assert re.sub(r"\s+", "", text) in MEASURE


@pytest.mark.parametrize("track", list(SCHEME.forms))
def test_each_form_asks_for_the_contracts_fields(track):
    assert {field.field for field in SCHEME.forms[track].fields} == set(FORM_FIELDS[track])


def test_numbers_are_the_measures():
    limits = {
        ("rate_above_cap", Track.EQUIPMENT): ("at_most", "3"),
        ("subsidy_above_limit", Track.SOFTWARE): ("at_most", "80"),
        ("premium_underpaid", Track.MATERIAL): ("at_least", "20"),
        ("sum_insured_above_cap", Track.MATERIAL): ("times", "5"),
        ("sum_insured_above_cap", Track.SOFTWARE): ("times", "3"),
        ("coverage_below_value", Track.EQUIPMENT): ("times_component", "2"),
        ("batch_limit_exceeded", Track.EQUIPMENT): ("at_most", "3"),
        ("annual_cap_exceeded", Track.SOFTWARE): ("at_most", "1000000"),
        ("total_cap_exceeded", Track.MATERIAL): ("at_most", "6000000"),
    }
    for (code, track), (name, value) in limits.items():
        assert getattr(SCHEME.limit(code, track), name) == Decimal(value), (code, track)
    assert (SCHEME.validity.from_, SCHEME.validity.until) == (date(2020, 1, 1), date(2022, 12, 31))
    assert [SCHEME.track_of_annex(n) for n in (1, 4, 6, 2)] == [Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE, None]


def test_an_unknown_scheme_names_those_there_are():
    assert "ningbo-2020" in known_schemes()
    with pytest.raises(SchemeUnknown, match="ningbo-2020"):
        load_scheme("ningbo-2021")
