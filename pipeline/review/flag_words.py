"""What a flag says; in English put together from what its rule notes of the finding: flag_words.toml.

In:    a flag, the language.
Out:   a sentence; the flag's title where the rule notes less than a sentence needs.
Fails: never.
Elsewhere: the Chinese message, which the rule itself writes and which goes into records, letters and lists.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from models.flag import Flag
from models.paper import PaperType
from pipeline.labels import Language, field_label, label, table
from pipeline.reference_import import table_label
from pipeline.review.values import shown

EN = Language.EN
_PAPERS = frozenset(kind.value for kind in PaperType)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("pipeline.review").joinpath("flag_words.toml").read_text(encoding="utf-8"))


def sentences(code: str) -> Sequence[str]:
    """What a rule's findings are told in, the first that fits first."""
    found: Sequence[str] = _table().get(code, ())
    return found


def message_of(flag: Flag, language: Language) -> str:
    """What the flag says."""
    return flag.message if language is Language.ZH else in_english(flag)


def paper_named(name: str) -> str:
    """The type of paper that a name among a flag's values stands for: of two papers of one type that differ the second has _2 behind it."""
    return name.removesuffix("_2")


def in_english(flag: Flag) -> str:
    """What the flag says in English."""
    known = {name: value for name, value in flag.detail.items() if value not in ("", None, [], {})}
    for sentence in sentences(flag.code):
        if {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= known.keys():
            return _Gaps(str(known.get("field", ""))).vformat(sentence, (), known)
    return label("flag", flag.code, EN)


class _Gaps(string.Formatter):
    """Fills the gaps of a sentence, each by its kind. field: whose values `values` are."""

    def __init__(self, field: str) -> None:
        self.field = field

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "values":
            return "; ".join(f"{_name(name)} {shown(self.field, str(one), EN)}" for name, one in value.items())
        return _KINDS[spec](value)


def _name(name: str) -> str:
    """A field, a paper, "premium_invoice.total_amount", or one of our own words."""
    paper, dot, field = name.rpartition(".")
    if dot and paper in _PAPERS:
        return f"{label('paper', paper, EN)}, {field_label(field, PaperType(paper), EN)}"
    bare = paper_named(name)
    if bare in _PAPERS:
        return label("paper", bare, EN)
    return field_label(name, None, EN) if name in table()["field"] else str(_table()["words"].get(name, name))


def _names(names: Sequence[str], name: Callable[[str], str] = _name) -> str:
    return ", ".join(map(name, names))


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "": str, "money": lambda yuan: shown("premium", str(yuan), EN), "field": _name, "fields": _names, "paper": _name, "word": _name, "list": lambda names: _names(names, str),
    "path": " – ".join, "flag": lambda code: label("flag", code, EN) if code in table()["flag"] else _name(code), "flaw": lambda flaw: label("flaw", flaw, EN),
    "tables": lambda names: _names(names, lambda name: table_label(name, EN))}
