"""What a line of the log says beside who did what: its details in words, for people. The export has them as they were written.

In:    the details as JSON, the language.  Out: pairs of a name and a text, in the order of DETAILS.
Fails: never; a name or a code that has no words is shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.labels import Language, field_label, label, table
from pipeline.reference import TABLES
from pipeline.reference_import import table_label
from pipeline.review.stages import stage_words
from pipeline.review.values import shown
from pipeline.review.web.words import known, word

# in the order in which they are told; each has its words as log_…
DETAILS = (
    "decision", "stage", "to", "before", "after", "field", "read", "corrected", "verdict", "code", "paper", "type", "joins", "pages", "place", "entry_id", "buyers", "reason", "kind", "asked", "name", "username",
    "first_name", "role", "is_active", "by", "scheme", "year", "batch", "submission", "submissions", "cases", "went", "files", "bytes", "refused", "adds", "old", "new", "table", "file", "version", "reference", "told", "note", "status",
    "retry_failed", "agreed", "upload", "takes_back", "sha256")
_ORDER = {name: n for n, name in enumerate(DETAILS)}
_OMITTED = frozenset({"flag"})  # a mark: what it is of stands in `code`
_KINDS = frozenset({"return", "reject", "csv", "xlsx"})  # of letters and lists; kinds of amendments say no more than their other details


def details(text: str, language: Language) -> list[tuple[str, str]]:
    """The details of a line."""
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return [("", text)]
    if not isinstance(told, dict):
        return [("", text)]
    names = sorted((name for name in told if name not in _OMITTED and told[name] not in ("", None, [], {}) and (name != "kind" or told[name] in _KINDS)), key=lambda name: _ORDER.get(name, len(_ORDER)))
    return [(_name(name, language), _text(name, told[name], told, language)) for name in names]


def _name(name: str, language: Language) -> str:
    return word(f"log_{name}", language) if known(f"log_{name}") else name


def _text(name: str, value: Any, told: Mapping[str, Any], language: Language) -> str:
    """A detail in words. told: all details of the line, which say of what field a value is."""
    if name in ("read", "corrected"):
        return shown(str(told.get("field", "")), value, language) if isinstance(value, str | bool) else str(value)
    if isinstance(value, bool):
        return str(table()["value"]["yes_no"]["true" if value else "false"][language.value])
    if name in _CODED and isinstance(value, str):
        return _CODED[name](value, language)
    if isinstance(value, dict):
        return word("between", language).join(_parts(value, told, language))
    if isinstance(value, list):
        return word("between", language).join(_text(name, one, told, language) for one in value)
    return str(value)


def _parts(value: Mapping[str, Any], told: Mapping[str, Any], language: Language) -> Iterator[str]:
    """What a detail consists of: a paper, a place on a page, a user, counts of rows by table."""
    for name, one in value.items():
        if name == "box":
            continue
        if name == "page":
            yield word("page_of", language).format(n=one)
        elif name in TABLES and isinstance(one, dict):
            counts = (word(f"rows_{kind}_n", language).format(n=n) for kind, n in one.items() if n and known(f"rows_{kind}_n"))
            yield word("table_changed", language).format(table=table_label(name, language), what=word("between", language).join(counts) or word("tables_same", language))
        else:
            yield _text(name, one, told, language)


def _to(text: str, language: Language) -> str:
    """Where a decision leads: stage and status."""
    stage, _, status = text.partition("/")
    return f"{stage_words(stage, language)} · {_word(status, language)}"


def _word(text: str, language: Language) -> str:
    return word(text, language) if known(text) else text


def _table(text: str, language: Language) -> str:
    return table_label(text, language) if text in TABLES else text


_CODED: Mapping[str, Callable[[str, Language], str]] = {
    "decision": _word, "stage": stage_words, "to": _to, "before": _word, "after": _word, "status": _word, "role": _word, "kind": _word, "table": _table,
    "field": lambda name, language: field_label(name, None, language), "verdict": lambda name, language: label("verdict", name, language),
    "code": lambda name, language: label("flag", name, language), "type": lambda name, language: label("paper", name, language)}
