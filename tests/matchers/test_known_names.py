"""Searching a register for a misread name finds what comparing it with every name finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchers.known_names import KnownNames, are_plain
from matchers.names import resolve
from models.text import is_clean

NAMES = [f"{place}{brand}{trade}有限公司" for place in ("宁波", "台州", "宁波市北仑区") for brand in ("澄岳", "澄远", "望溪", "甬江") for trade in ("轴承制造", "机械", "新材料科技")]
INDEX = KnownNames(NAMES)
KNOWN = {name: name for name in NAMES}


@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["艰", "甬", "", "限限", "机"])), max_size=3))
def test_the_masks_lose_nothing(name, errors):
    read = name
    for at, letter in errors:
        at %= len(read)
        read = read[:at] + letter + read[at + 1 :]
    assert INDEX.resolve(read) == resolve(read, KNOWN)


def test_nothing_is_found_among_nothing():
    assert KnownNames([]).resolve("宁波澄岳机械有限公司") is None
    assert INDEX.resolve("") is None


@given(st.lists(st.text(alphabet="甲乙龥一A1z（）(·.Ａ　 \U00020000", max_size=4), max_size=12))
def test_plain_names_are_those_that_are_in_the_contracts_form_already(names):
    assert are_plain(names) == [is_clean(name) for name in names]
