"""Text as the contract writes it.

In:    text as printed or as read.
Out:   NFKC, full-width brackets around Chinese text, no spaces except between Latin words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAS_CJK = re.compile(f"[{CJK}]")
_SPACE_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-z]) +(?=[A-Za-z])")
_BRACKETS = str.maketrans("()", "（）")
_CLEAN = re.compile(r"[0-9A-Za-z（）]*[\u4e00-\u9fff][0-9A-Za-z（）\u4e00-\u9fff]*")  # most names in registers are in the contract's form already


def some(names: Sequence[str], most: int) -> str:
    """The first names in a line for people, with a sign that there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def nfkc(text: str) -> str:
    """NFKC with white space squeezed to single blanks; what parsers work on."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def compact(text: str) -> str:
    """NFKC without any white space: the form in which two texts are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def left_out(read: str, whole: str) -> list[str]:
    """Runs of characters of which one, left out of the whole, gives what was read: 有限公司 of 有限责任公司 lacks 责任; [] where none does."""
    lost = len(whole) - len(read)
    return [whole[i : i + lost] for i in range(len(read) + 1) if whole[:i] + whole[i + lost :] == read] if lost > 0 else []


def is_clean(text: str) -> bool:
    """Whether a text is surely in the contract's form: Chinese, Latin letters, digits and full-width brackets alone."""
    return _CLEAN.fullmatch(text) is not None


def clean(text: str) -> str:
    """The contract's form of names, numbers of documents and other text."""
    if is_clean(text):
        return text
    marked = _SPACE_BETWEEN_LATIN.sub("\0", nfkc(text))
    out = marked.replace(" ", "").replace("\0", " ")
    return out.translate(_BRACKETS) if HAS_CJK.search(out) else out
