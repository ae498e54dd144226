"""The page's own words, Chinese and English (words.toml), for its templates.

In:    a name of the table.  Out: its words in the reader's language (cookie `language`, Chinese by default).
Fails: KeyError for a name that the table doesn't have, so that none is shown half translated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import lazy

from pipeline.labels import Language
from pipeline.review.web.roles import may

COOKIE = "language"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("pipeline.review.web").joinpath("words.toml").read_text(encoding="utf-8"))


def language_of(request: HttpRequest) -> Language:
    """What the reader chose."""
    return Language.EN if request.COOKIES.get(COOKIE) == "en" else Language.ZH


def request_language(request: HttpRequest) -> str:
    """The same as Django calls it."""
    return "en" if language_of(request) is Language.EN else "zh-hans"


def word(name: str, language: Language = Language.ZH) -> str:
    """One of the page's words."""
    return _table()[name][language.value]


def known(name: str) -> bool:
    """Whether the table has a name."""
    return name in _table()


def language_now() -> Language:
    """The language of who is answered now; Chinese where nobody is."""
    return Language.EN if (translation.get_language() or "").startswith("en") else Language.ZH


def told(name: str, **values: object) -> str:
    """What somebody is told who is answered now: one of the page's words, filled in."""
    return word(name, language_now()).format(**values)


lazily = lazy(told, str)  # for labels, which are made before anybody is answered


def did(action: str, language: Language = Language.ZH) -> str:
    """What a line of the log says was done; the bare name of an action that has no words."""
    return word(f"did_{action}", language) if f"did_{action}" in _table() else action


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template knows: the language, and which routes the person may use."""
    role = getattr(request.user, "role", "") if hasattr(request, "user") else ""
    theme = request.COOKIES.get("theme", "")
    routes = {route.replace("-", "_") for route in ("queue", "batches", "figures", "audit", "people", "reference", "scheme") if may(role, route)}
    return {"language": language_of(request), "may": routes, "theme": theme if theme in ("light", "dark") else ""}
