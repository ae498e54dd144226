"""What programs may do: the same as their owners, by the same functions, and every answer as it is described."""

from __future__ import annotations

import json
import os
import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import resolve

from pipeline.review.web.roles import PERMISSIONS, Role
from tests.invented_claim import judged

ASKED = int(os.environ.get("API_REQUESTS", "0"))


@pytest.fixture
def program_of(person):
    """A program with a token of somebody with a role; gives call(method, path, body)."""
    from pipeline.review.web import tokens

    def make(role: str, name: str = ""):
        owner = person(role, name)
        token, text = tokens.make(owner, "test")
        client = Client()

        def call(method: str, path: str, body=None):
            return getattr(client, method)(f"/api/{path}", None if body is None else json.dumps(body), content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {text}")

        call.owner, call.token, call.text = owner, token, text
        return call

    return make


def test_a_claim_goes_its_way_by_the_api(program_of, case):
    call = program_of("reviewer")
    row = call("get", "queue").json()["cases"][0]
    assert (row["pk"], row["triage"]) == (case, "ineligible")
    claim = call("get", f"claims/{case}").json()
    key = next(v["key"] for paper in claim["claim"]["papers"] if paper["ref"]["type"] == "insurance_policy" for v in paper["values"] if v["field"] == "premium_rate")
    said = call("post", f"claims/{case}/amend", {"seen": claim["case"]["seen"], "key": key, "value": "2%"}).json()
    assert said["case"]["triage"] == "clear"
    assert any("8 % → 2 %" in change["text"] for change in said["changed"])
    assert call("post", f"claims/{case}/decide", {"seen": claim["case"]["seen"], "action": "pass"}).status_code == 409
    done = call("post", f"claims/{case}/decide", {"seen": said["case"]["seen"], "action": "pass"}).json()
    assert (done["stage"], done["status"]) == ("city", "open")
    assert call("post", f"claims/{case}/undo", {}).json()["stage"] == "district"
    assert "补正" in call("get", f"claims/{case}/letter").json()["title"]


def test_what_cannot_be_is_told(program_of, case):
    call = program_of("reviewer")
    seen = call("get", f"claims/{case}").json()["case"]["seen"]
    assert call("post", f"claims/{case}/amend", {"seen": seen, "key": "c.premium_rate", "value": "很多"}).status_code == 422
    assert call("post", f"claims/{case}/judge", {"seen": seen, "flag": "none", "verdict": "upheld"}).status_code == 422
    assert call("post", f"claims/{case}/decide", {"seen": seen, "action": "refer"}).status_code == 422
    assert call("post", f"claims/{case}/decide", {"seen": seen, "action": "pay"}).status_code == 422
    assert call("get", "claims/999").status_code == 404


def test_a_session_may_too_but_not_from_another_site(client_of, case):
    client = client_of("reviewer")
    assert client.get("/api/queue").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(f"/api/claims/{case}/undo", "{}", content_type="application/json").status_code == 403


def test_a_token_opens_no_page_and_ends_with_its_owner_s_sessions(program_of, client_of, case):
    from pipeline.review.web import tokens
    from pipeline.review.web.models import AuditEvent, Token, User

    call = program_of("reviewer")
    assert Client().get("/queue", HTTP_AUTHORIZATION=f"Bearer {call.text}").status_code == 302
    assert call.text not in "".join(str(value) for row in Token.objects.values_list() for value in row)
    assert not AuditEvent.objects.filter(detail__contains=call.text).exists()
    User.objects.filter(pk=call.owner.pk).update(epoch=call.owner.epoch + 1)  # a new password
    assert call("get", "queue").status_code == 401
    other = program_of("lead")
    assert other("get", "queue").status_code == 200
    assert not tokens.revoke(call.owner, other.token.pk)  # somebody else's
    assert tokens.revoke(other.owner, other.token.pk)
    assert other("get", "queue").status_code == 401


def test_tokens_are_made_shown_once_and_revoked_by_their_owner(client_of):
    from pipeline.review.web.models import Token

    client, other = client_of("reviewer"), client_of("lead")
    text = client.post("/tokens", {"name": "报表"}).content.decode()
    token = text.partition("<code class=\"code\">")[2].partition("<")[0]
    assert Client().get("/api/queue", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
    assert token not in client.get("/tokens").content.decode()
    pk = Token.objects.get().pk
    other.post(f"/tokens/{pk}/revoke")
    assert Client().get("/api/queue", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
    client.post(f"/tokens/{pk}/revoke")
    assert Client().get("/api/queue", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


@pytest.mark.parametrize("role", Role.values)
def test_a_token_may_what_its_owner_s_role_may(program_of, case, role):
    call = program_of(role)
    for path, route in (("queue", "queue"), (f"claims/{case}", "claim"), ("audit", "audit"), ("figures", "figures"), (f"claims/{case}/letter", "letter")):
        assert (call("get", path).status_code == 403) == (role not in PERMISSIONS[route]), route


def test_every_answer_is_as_described(program_of, file_claim):
    """Schemathesis asks whatever the description allows and what it doesn't; nothing may break, every answer has to be one that is described.

    API_REQUESTS=10000 asks that many times and prints what it came to as JSON: `API_REQUESTS=10000 python -m pytest -s tests/web/test_api.py -k described`.
    """
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

    from pipeline.review.web.site import application

    for n in range(3):
        file_claim(judged(submission_id=f"T-{n}"))
    programs = {role: program_of(role) for role in Role.values}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application(), headers={"Authorization": f"Bearer {programs['lead'].text}"})
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len([route for route in PERMISSIONS if route.startswith("api-") and route != "api-root"])
    tally: Counter[int] = Counter()
    checks = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

    for operation in operations:
        allowed = [role for role in sorted(programs) if role in PERMISSIONS[_route(operation.path)]]

        @given(case=operation.as_strategy(), role=st.one_of(st.sampled_from(allowed), st.sampled_from(allowed), st.sampled_from(sorted(programs))))
        @settings(max_examples=-(-(ASKED or 200) // len(operations)), deadline=None, derandomize=not ASKED, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
        def ask(case, role):
            if "pk" in (case.path_parameters or {}) and case.path_parameters["pk"] % 2:
                case.path_parameters["pk"] = case.path_parameters["pk"] % 3 + 1  # one that there is
            answer = case.call(headers={"Authorization": f"Bearer {programs[role].text}"})
            tally[answer.status_code] += 1
            case.validate_response(answer, checks=checks)

        ask()
    assert tally[200] > 20
    if ASKED:
        print(json.dumps({"requests": sum(tally.values()), "5xx": sum(n for status, n in tally.items() if status >= 500), "off_schema": 0, "answers": {str(k): v for k, v in sorted(tally.items())}}))


def _route(path: str) -> str:
    """The name of the route that a path of the description leads to."""
    values = {"kind": "csv", "table": "catalogue"}
    name = resolve(re.sub(r"{(\w+)}", lambda found: values.get(found[1], "1"), path.replace("{page}/{kind}", "1/page"))).url_name
    assert name in PERMISSIONS
    return name


def test_everybody_may_read_the_description(client_of):
    described = client_of("analyst").get("/api/openapi.json").json()
    assert all(path.startswith("/api/") for path in described["paths"])


def test_a_form_sent_where_json_is_asked_for_is_told(client_of, case):
    """With a session Django looks for the safety mark in the form, after which nothing of it can be read as JSON."""
    page = client_of("reviewer")
    page.get("/queue")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = page.cookies
    token = strict.cookies["csrf"].value
    for fields in ({"csrfmiddlewaretoken": token, "seen": "0.1"}, {"seen": "0.1"}):
        assert strict.post(f"/api/claims/{case}/decide", fields, HTTP_X_CSRFTOKEN=token).status_code == 400


def test_a_program_takes_a_case_looks_back_and_writes_its_letter(program_of, case):
    call = program_of("reviewer")
    assert call("post", "queue/next?stage=district").json()["case"]["pk"] == case
    assert call("post", f"claims/{case}/release").json()["taken_by"] == ""
    assert call("get", f"claims/{case}/entries?q=机床").status_code == 200
    first = call("get", f"claims/{case}/letter").json()
    saved = call("post", f"claims/{case}/letter/save", {"kind": "return", "text": "请补交。", "seen": first["seen"]}).json()
    assert (saved["body"], saved["outdated"]) == ("请补交。", False)
    assert call("post", f"claims/{case}/letter/save", {"kind": "return", "text": "另一封。", "seen": first["seen"]}).status_code == 409
    assert call("get", f"claims/{case}/letter.pdf").content.startswith(b"%PDF")
    rows = call("get", f"claims/{case}/versions").json()
    assert [row["number"] for row in rows] == [1]
    assert call("get", f"claims/{case}/versions/1").json()["changed"] == []
    assert call("get", f"claims/{case}/versions/9").status_code == 404
    seen = call("get", f"claims/{case}").json()["case"]["seen"]
    asked = {"action": "return", "cases": [{"pk": case, "seen": seen}], "reason": "缺材料"}
    assert call("post", "bulk", asked).json()[0]["case"]["status"] == "open"
    assert call("post", "bulk", {**asked, "do": True}).json()[0]["case"]["status"] == "returned"
    again = call("get", f"claims/{case}").json()
    assert again["actions"] == ["reopen"]
    assert call("post", f"claims/{case}/decide", {"seen": again["case"]["seen"], "action": "reopen", "reason": "材料已补齐"}).json()["status"] == "open"
    assert "费率" in b"".join(call("get", "exceptions/csv?status=").streaming_content).decode()


def test_an_administrator_s_program_brings_reference_data_up_to_date(program_of, case):
    from pipeline.store.models import Batch

    pk = Batch.objects.get().pk
    call, watcher = program_of("admin"), program_of("auditor")
    call("get", f"batches/{pk}/reference")
    before = watcher("get", f"batches/{pk}/reference").json()["in_force"]

    def hand_in(text: str):
        return Client().post(f"/api/batches/{pk}/reference/restricted?name=名单.csv", text.encode(), content_type="application/octet-stream", HTTP_AUTHORIZATION=f"Bearer {call.text}")

    wrong = hand_in("企业,原因,截止日期\n甲公司,严重失信,去年\n")
    assert wrong.status_code == 422
    assert "第2行" in wrong.json()["detail"]
    told = hand_in("企业,原因,截止日期\n甲公司,严重失信,2031-12-31\n").json()
    assert told["change"]["added"] == [["甲公司", "严重失信", "2031-12-31"]]
    assert watcher("get", f"batches/{pk}/reference").json()["in_force"] == before  # nothing is taken before it is confirmed
    assert watcher("post", f"reference/proposals/{told['pk']}/confirm", {}).status_code == 403
    put = call("post", f"reference/proposals/{told['pk']}/confirm", {"note": "一季度"}).json()
    assert (put["number"], put["note"], put["told"]["restricted"]["added"]) == (before["number"] + 1, "一季度", 1)
    assert call("post", f"reference/proposals/{told['pk']}/confirm", {}).status_code == 409
    assert "甲公司" in b"".join(call("get", f"reference/versions/{put['version_pk']}/restricted.csv").streaming_content).decode()
    assert watcher("get", f"reference/history/{put['pk']}").json()[0]["counts"]["added"] == 1
    back = call("post", f"reference/history/{before['pk']}/back", {}).json()
    assert back["mark"] == before["mark"]
    assert watcher("get", f"batches/{pk}/reference").json()["outdated"] in (0, 1)
    assert call("post", f"batches/{pk}/reference-recheck").status_code == 422  # whoever serves the page here can't


def test_an_administrator_s_program_deals_with_people_and_nobody_with_themselves(program_of):
    call = program_of("admin")
    assert call("post", "people/new", {"username": "new", "name": "新人", "role": "reviewer", "password": "short"}).status_code == 422
    made = call("post", "people/new", {"username": "new", "name": "新人", "role": "reviewer", "password": "七支-steady-lamp-42"}).json()
    assert call("post", f"people/{made['pk']}", {"name": "新人", "role": "lead", "active": False}).json()["role"] == "lead"
    assert call("post", f"people/{call.owner.pk}", {"role": "lead"}).status_code == 422
    assert {one["username"]: one["active"] for one in call("get", "people").json()} == {"admin": True, "new": False}
    assert "steady-lamp" not in json.dumps(call("get", "audit").json(), ensure_ascii=False)
    assert call("get", "audit/verify").json() == {"whole": True, "number": None, "what": ""}
