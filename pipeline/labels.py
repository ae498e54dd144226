"""The words in which people see our names and codes, Chinese and English: one table, labels.toml, used by every message, list, letter and screen.

In:    a group of the table ("paper", "severity", "flag" …) and a name in it.  Out: its words in a language.
Fails: never; a name that has no words is shown as it is. A test holds the table against fields, enumerations and rules.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from models.paper import Kind, PaperType, kind_of
from models.scheme import Form

TRACK = "track"  # which a claim is filed in: said of it like its own values, though no paper names it so


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@cache
def table() -> Mapping[str, Any]:
    """labels.toml: group -> name -> language -> words; "on" and "value" have one level more."""
    return tomllib.loads(files("pipeline").joinpath("labels.toml").read_text(encoding="utf-8"))


def words(*group: str, language: Language = Language.ZH) -> dict[str, str]:
    """A group's names with their words in one language."""
    level: Any = table()
    for name in group:
        level = level.get(name, {})
    return {name: entry[language.value] for name, entry in level.items()}


def label(group: str, name: str, language: Language = Language.ZH) -> str:
    """The words of a name in a group, the name itself where it has none."""
    entry = table().get(group, {}).get(name)
    return str(entry[language.value]) if entry else name


def field_label(name: str, paper: PaperType | None = None, language: Language = Language.ZH, form: Form | None = None) -> str:
    """A field's name as a paper calls it. form: whose annex prints it; its own words, in Chinese, where they name this field alone (投保单位名称)."""
    if form is not None and language is Language.ZH:
        own = [field for field in form.fields if field.field == name]
        if own and sum(field.text == own[0].text for field in form.fields) == 1:
            return own[0].text
    entry = table()["on"].get(paper.value, {}).get(name) if paper else None
    return str(entry[language.value]) if entry else label("field", name, language)


def value_words(field: str) -> Mapping[str, Any]:
    """The words of a field whose values are codes (product_category, yes/no), by value and language; empty where they aren't."""
    if field == TRACK:
        return dict(table()[TRACK])
    found: Mapping[str, Any] = table()["value"].get("yes_no" if kind_of(field) is Kind.YES_NO else field, {})
    return found
