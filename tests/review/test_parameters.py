"""A scheme's numbers as people read them, each with the words of the measure that it comes from."""

from __future__ import annotations

import re

import pytest

from models.scheme import load_scheme
from pipeline.labels import Language
from pipeline.review.parameters import parameters, track_words, wanted_papers

SCHEME = load_scheme("ningbo-2020")


def told(language: Language) -> dict[tuple[str, str], str]:
    return {(one.code, one.track): one.told for one in parameters(SCHEME, language)}


@pytest.mark.parametrize(("code", "track", "zh", "en"), [
    ("rate_above_cap", "equipment", "不超过3%", "at most 3 %"), ("premium_underpaid", "software", "不低于20%", "at least 20 %"), ("outside_window", "material", "1月", "month 1"),
    ("sum_insured_above_cap", "material", "不超过125,000,000元；对应金额的5倍", "at most CNY 125,000,000; 5 × the amount it is held against"),
    ("coverage_below_value", "equipment", "对应金额的1倍；关键核心零部件2倍", "1 × the amount it is held against; core components 2 ×"),
    ("outside_first_year", "equipment", "不超过12个月", "at most 12 months"), ("annual_cap_exceeded", "software", "不超过1,000,000元", "at most CNY 1,000,000")])
def test_numbers_are_told_with_their_units(code, track, zh, en):
    assert (told(Language.ZH)[code, track], told(Language.EN)[code, track]) == (zh, en)


def test_no_number_is_left_out_and_none_is_told_that_the_measure_does_not_set():
    with_numbers = {(code, "" if track == "all" else track) for code, by_track in SCHEME.rules.items() for track, limit in by_track.items()
                    if any(number is not None for number in (limit.at_most, limit.at_least, limit.times, limit.times_component))}
    assert set(told(Language.ZH)) == with_numbers
    assert all(re.search(r"\d", text) and not re.search(r"[{}]", text) for language in Language for text in told(language).values())


def test_papers_are_those_that_the_scheme_wants_with_their_clauses():
    found = [*wanted_papers(SCHEME)]
    assert len(found) == sum(map(len, SCHEME.documents.values()))
    assert ("software", ("ip_certificate", "test_report")) in [(one.track, one.types) for one in found]
    assert all(one.said.clause and one.said.text for one in found)
    assert (track_words("", Language.EN), track_words("software")) == ("All tracks", "首版次软件")
