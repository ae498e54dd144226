"""Text as the contract writes it.

In:    text as printed or as read.
Out:   NFKC, full-width brackets around Chinese text, no spaces except between Latin words.
"""

from __future__ import annotations

import re
import unicodedata

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAS_CJK = re.compile(f"[{CJK}]")
_SPACE_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-z]) +(?=[A-Za-z])")
_BRACKETS = str.maketrans("()", "（）")
_CLEAN = re.compile(r"[0-9A-Za-z（）]*[\u4e00-\u9fff][0-9A-Za-z（）\u4e00-\u9fff]*")  # most names in registers are in the contract's form already


def nfkc(text: str) -> str:
    """NFKC with white space squeezed to single blanks; what parsers work on."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def compact(text: str) -> str:
    """NFKC without any white space: the form in which two texts are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def clean(text: str) -> str:
    """The contract's form of names, numbers of documents and other text."""
    if _CLEAN.fullmatch(text):
        return text
    marked = _SPACE_BETWEEN_LATIN.sub("\0", nfkc(text))
    out = marked.replace(" ", "").replace("\0", " ")
    return out.translate(_BRACKETS) if HAS_CJK.search(out) else out
