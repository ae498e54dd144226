"""Searching a register for a misread name finds what comparing it with every name finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchers.known_names import KnownNames
from matchers.names import resolve

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
