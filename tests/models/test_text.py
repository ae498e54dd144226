"""Names in the contract's form: what is passed through unlooked-at is what looking at it would give."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import clean, is_clean, some


@given(st.text(alphabet="宁波甬江机械有限公司（）()A9ａ９ \u3000豈-,，", max_size=12))
def test_clean_text_is_left_as_it_is(text):
    out = clean(text)
    assert clean(out) == out
    if is_clean(text):
        assert out == text
        assert unicodedata.normalize("NFKC", text).translate(str.maketrans("()", "（）")) == text


@pytest.mark.parametrize(("names", "told"), [([], ""), (["甲", "乙"], "甲, 乙"), (["甲", "乙", "丙"], "甲, 乙 …")])
def test_some_of_many_names(names: list[str], told: str) -> None:
    assert some(names, 2) == told
