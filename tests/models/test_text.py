"""Names in the contract's form: what is passed through unlooked-at is what looking at it would give."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from models.text import clean, is_clean


@given(st.text(alphabet="宁波甬江机械有限公司（）()A9ａ９ \u3000豈-,，", max_size=12))
def test_clean_text_is_left_as_it_is(text):
    out = clean(text)
    assert clean(out) == out
    if is_clean(text):
        assert out == text
        assert unicodedata.normalize("NFKC", text).translate(str.maketrans("()", "（）")) == text
