"""What programs may do: the same as their owners, by the same functions, and every answer as it is described."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from django.test import Client

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
    programs = {role: program_of(role) for role in ("reviewer", "auditor", "lead")}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application(), headers={"Authorization": f"Bearer {programs['lead'].text}"})
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len([route for route in PERMISSIONS if route.startswith("api-") and route != "api-root"])
    tally: Counter[int] = Counter()
    checks = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

    for operation in operations:
        @given(case=operation.as_strategy(), role=st.sampled_from(sorted(programs)))
        @settings(max_examples=(ASKED or 200) // len(operations), deadline=None, derandomize=not ASKED, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
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


def test_everybody_may_read_the_description(client_of):
    described = client_of("analyst").get("/api/openapi.json").json()
    assert all(path.startswith("/api/") for path in described["paths"])
