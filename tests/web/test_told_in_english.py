"""Whoever reads the page in English reads English: every page, every answer, and why something can't be done. What papers, tables and people say stays as it is."""

from __future__ import annotations

import ast
import json
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from models.clauses import clauses
from models.text import CJK, HAS_CJK
from pipeline.review.web.roles import PERMISSIONS, Role, may
from pipeline.review.web.words import told
from tests.invented_claim import SCHEME, field, judged
from tests.web.test_roles import POSTS, address

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


# ---------------------------------------------------------------- every page

RUN = re.compile(f"[{CJK}]+")
CHINESE = re.compile(r'<(\w+)[^>]*\blang="zh-Hans"[^>]*>.*?</\1>', re.DOTALL)  # what a page says is Chinese: letters, clauses, what was noted while reading
SAID_IN_CHINESE = frozenset({"message", "written", "why", "doubt", "reason", "purpose", "zh"})  # of a claim: by the machine, in the office's language
DOCUMENTS = frozenset({"exceptions", "api-exceptions", "letter-pdf", "api-letter-pdf", "reference-export", "api-reference-export", "api-letter", "api-letter-save", "openapi-json"})  # of the office and the applicant, whoever fetches them
UNITS = "元万年月日"  # as papers write amounts and days, where a person is told how to type them


def strings(value: object, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in a value that was read from JSON, none of those under a name in `but`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if name not in but:
                yield from strings(one, but)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one, but)


def left(answer, data: str) -> list[str]:
    """Chinese of an answer that is neither what papers, tables and people say nor told to be Chinese."""
    text = CHINESE.sub(" ", (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode())
    if answer["Content-Type"].startswith("application/json"):
        text = " ".join(strings(json.loads(text), SAID_IN_CHINESE))
    return [run for run in RUN.findall(text) if run not in data and run.strip(UNITS)]


@pytest.fixture
def english(client_of, file_claim, tmp_path):
    """A claim with flags of many kinds; people of every role who read English; what papers, tables and people say."""
    claim = judged(changes={"insurance_policy": {"premium_rate": "8"}, "application_form": {"bank_account": None, "applicant_name": field("宁波澄岳机床有限公", confidence=0.5, accepted=False)}}, without=["sales_invoice"],
                   extra={"application_form": {"blank": ("bank_account",)}})
    pk = file_claim(claim)
    clients = {role: client_of(role) for role in Role.values}
    for client in clients.values():
        client.cookies["language"] = "en"
    told = [*strings(json.loads(claim.model_dump_json()), SAID_IN_CHINESE), "一月", SCHEME.title, *(clause.id + " " + clause.text for clause in clauses(SCHEME.name)), *(limit.clause for by in SCHEME.rules.values() for limit in by.values())]
    tables = [path.read_text("utf-8") for path in sorted((tmp_path / "reference").iterdir())]
    return pk, clients, "\n".join([*told, *tables])


def test_no_route_answers_in_chinese_whom_it_is_to_answer_in_english(english):
    _, clients, data = english
    found = {}
    for name in sorted(set(PERMISSIONS) - DOCUMENTS - {"logout"}):
        client = next(clients[role] for role in Role.values if may(role, name))
        answer = (client.post if name in POSTS else client.get)(address(name))
        if chinese := left(answer, data) if answer.status_code != 302 else []:
            found[name] = chinese
    assert found == {}


SAID = "核对过的理由"
STEPS = (  # role, address after the claim's, what is said, and a word of the English answer
    ("reviewer", "", None, "To look at"), ("operator", "", None, "Flags"), ("reviewer", "/amend", {"key": "c.track", "value": "software"}, "Track: First-set equipment → First-version software"),
    ("reviewer", "/amend", {"key": "c.track", "value": "Equipment?"}, "Choose"), ("reviewer", "/amend", {"key": "c.track", "what": "absent"}, "Track: First-version software → First-set equipment"), ("reviewer", "/amend", {"key": "p3.premium_rate", "value": "2.6"}, "Premium rate"), ("reviewer", "/amend", {"key": "p3.premium_rate", "what": "absent"}, "not on the paper"),
    ("reviewer", "/amend", {"key": "buyers", "name": "宁波某某机械有限公司", "quantity": "1"}, "Users: "), ("reviewer", "/amend", {"key": "entry", "value": ""}, "Catalogue entry: "),
    ("reviewer", "/retype", {"paper": "scan.pdf/3", "type": "sales_invoice"}, "Sales contract → Sales invoice (scan.pdf page 3)"), ("reviewer", "/versions", None, "correction"), ("reviewer", "/versions/1", None, "reading"),
    ("reviewer", "/letter", None, "Letter"), ("reviewer", "/letter?kind=reject", None, "Return letter"), ("reviewer", "/decide", {"action": "return", "reason": SAID}, ""), ("reviewer", "", None, "Returned"))


def test_what_comes_of_what_people_say_is_told_in_english(english):
    from pipeline.review.web.models import Case

    pk, clients, data = english
    for role, where, said, word in STEPS:
        at = f"/claims/{pk}{where}"
        answer = clients[role].get(at) if said is None else clients[role].post(at, {**said, "revision": Case.objects.get(pk=pk).seen})
        assert answer.status_code in (200, 204, 422), (where, said)
        assert (where, said, left(answer, data + SAID + "宁波某某机械有限公司")) == (where, said, [])
        assert word in answer.content.decode()


def test_a_table_that_is_handed_in_is_told_of_in_english(english):
    from django.core.files.uploadedfile import SimpleUploadedFile

    _, clients, data = english
    for text, word in (("company,reason,until\n甲公司,,明天\n", "is not a date"), ("company,reason,until\n甲公司,失信,\n", "Put in force")):
        answer = clients["admin"].post("/reference/import", {"table": "restricted", "file": SimpleUploadedFile("t.csv", text.encode())})
        assert word in answer.content.decode()
        assert left(answer, data + text) == []
    for path in ("/people", "/people/1", "/reference", "/reference/history/1", "/audit?verify=1"):
        assert left(clients["admin"].get(path), data) == []
