"""Whoever reads the page in English is told in English, too, why something can't be done."""

from __future__ import annotations

import ast
import json
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.text import HAS_CJK
from pipeline.review.web.words import told
from tests.invented_claim import judged

WEB = Path(__file__).parents[2] / "pipeline" / "review" / "web"
TOLD = frozenset({"told", "lazily"})  # what gives words in the reader's language
TELLS = frozenset({"Refused", "EditInvalid", "Stale", "HttpError", "_problem", "_plain", "error", "info", "success", "warning", "__init__", "Damage"})  # what hands words to a person
TABLE = tomllib.loads((WEB / "words.toml").read_text(encoding="utf-8"))
SOURCES = [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(WEB.rglob("*.py")) if "migrations" not in path.parts]


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def calls(names: frozenset[str]) -> Iterator[tuple[str, ast.Call]]:
    for path, tree in SOURCES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in names:
                yield f"{path.name}:{node.lineno}", node


def test_every_name_that_is_told_has_its_words():
    named = [(where, node.args[0].value) for where, node in calls(TOLD) if node.args and isinstance(node.args[0], ast.Constant)]
    assert len(named) > 60
    assert [one for one in named if one[1] not in TABLE] == []


def test_all_words_are_there_in_both_languages_with_the_same_gaps():
    def gaps(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [name for name, entry in TABLE.items() if set(entry) != {"zh", "en"} or gaps(entry["zh"]) != gaps(entry["en"])] == []


def test_nobody_is_told_anything_that_has_no_english():
    left = [where for where, node in calls(TELLS) if any(isinstance(part, ast.Constant) and isinstance(part.value, str) and HAS_CJK.search(part.value) for part in ast.walk(node))]
    assert left == []
    # nor does a function give back bare Chinese for one to be told
    given = [f"{path.name}:{node.lineno}" for path, tree in SOURCES for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Dict)
             for part in ast.walk(node.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) and HAS_CJK.search(part.value)]
    assert given == []


@pytest.mark.parametrize(("role", "where", "said", "status"), [
    ("reviewer", "amend", {"key": "p4.premium_rate", "value": "很多"}, 422), ("reviewer", "amend", {"key": "p4.premium_rate", "value": ""}, 422), ("reviewer", "amend", {"key": "none", "value": "1"}, 422),
    ("reviewer", "decide", {"action": "return"}, 422), ("reviewer", "decide", {"action": "none"}, 422), ("lead", "decide", {"action": "pass"}, 422), ("reviewer", "undo", {}, 422), ("lead", "amend", {"key": "c.premium", "value": "1"}, 409),
    ("reviewer", "retype", {"paper": "scan.pdf/9", "type": "cover"}, 422), ("reviewer", "retype", {"paper": "scan.pdf/4", "type": "sales_invoice"}, 422), ("reviewer", "letter/save", {"kind": "return", "text": " "}, 422)])
def test_refusals_come_in_the_language_of_who_is_refused(role, where, said, status, client_of, file_claim):
    pk = file_claim(judged())
    client = client_of(role)
    answers = {}
    for language in ("en", "zh"):
        client.cookies["language"] = language
        answer = client.post(f"/claims/{pk}/{where}", {**said, "revision": "0.1"})
        assert answer.status_code == status
        answers[language] = answer.content.decode()
    english, chinese = answers["en"], answers["zh"]
    assert not HAS_CJK.search(english)
    assert HAS_CJK.search(chinese)


def test_programs_and_forms_are_told_in_their_language_too(client_of, file_claim):
    file_claim(judged())
    admin = client_of("admin")
    admin.cookies["language"] = "en"
    refused = admin.post("/api/people/new", json.dumps({"username": "new", "role": "analyst", "password": "short"}), content_type="application/json")
    assert refused.status_code == 422
    assert not HAS_CJK.search(json.dumps(refused.json(), ensure_ascii=False))
    assert not HAS_CJK.search(admin.get("/api/queue").json()["detail"])
    held = client_of("reviewer")
    held.cookies["language"] = "en"
    assert held.get("/api/claims/1").json()["why_not"] == ""
    assert told("taken", who="甲") == "甲 正在处理该申报。"  # nobody is answered: the office's own language
