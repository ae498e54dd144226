"""Telephones and accounts are for those who decide: nothing that an operator is shown bears one, by any route."""

from __future__ import annotations

import html
import re

import pytest

from pipeline.review.web.roles import PERMISSIONS, Role
from tests.invented_claim import field, judged

PHONE, ACCOUNT = "13800000001", "33150198370000000001"
SHOWS = ("/claims/{pk}", "/claims/{pk}/versions/1", "/claims/{pk}/letter", "/claims/{pk}/letter?kind=reject", "/exceptions.csv?stage=&status=", "/queue?stage=&status=",
         "/api/claims/{pk}", "/api/claims/{pk}/versions/1", "/api/claims/{pk}/letter", "/api/exceptions/csv?stage=&status=", "/api/queue?stage=&status=")


def shown(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.fixture
def filed(file_claim, client_of) -> int:
    """A claim with a telephone and an account; a reviewer names both in a verdict's reason and in a decision's."""
    pk = file_claim(judged(changes={"insurance_policy": {"premium_rate": field("8", raw="8%")}}))
    client = client_of("reviewer", "改的人")
    text = shown(client, f"/claims/{pk}")
    assert PHONE in text
    assert ACCOUNT in text
    flag = text.partition('data-key="f:')[2].partition('"')[0]
    reason = f"电话{PHONE}、账号{ACCOUNT}已核"
    panel = client.post(f"/claims/{pk}/judge", {"flag": html.unescape(flag), "verdict": "dismissed", "reason": reason, "revision": text.partition('data-revision="')[2].partition('"')[0]})
    assert panel.status_code == 200
    assert client.post(f"/claims/{pk}/decide", {"action": "refer", "reason": reason, "revision": panel.content.decode().partition('data-revision="')[2].partition('"')[0]}).status_code == 204
    return pk


def test_an_operator_is_shown_neither(filed, client_of):
    client = client_of("operator")
    for path in SHOWS:
        text = shown(client, path.format(pk=filed))
        assert PHONE not in text, path
        assert ACCOUNT not in text, path
        assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", text), path


def test_who_sees_no_claims_sees_no_page_of_them_either(case, client_of):
    for role in set(Role.values) - PERMISSIONS["picture"]:
        client = client_of(role)
        for path in (f"/claims/{case}/pictures/1/1/page", f"/api/claims/{case}/pages/1/1/thumbnail", f"/claims/{case}"):
            assert client.get(path).status_code == 403
