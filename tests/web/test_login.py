"""Logging in: five failures lock, sessions end when they should, browsers keep nothing."""

from __future__ import annotations

import pytest
from conftest import PASSWORD
from django.test import Client

pytestmark = pytest.mark.usefixtures("site")


def log_in(client: Client, name: str = "reviewer", password: str = PASSWORD):
    return client.post("/login", {"username": name, "password": password})


def test_a_session_gets_a_new_id_when_somebody_logs_in(person):
    person("reviewer", password=PASSWORD)
    client = Client()
    client.get("/login")
    before = client.session.session_key
    assert log_in(client)["Location"] == "/"
    assert client.session.session_key != before
    assert client.get("/queue").status_code == 200


def test_five_failures_lock_the_name_also_for_the_right_password(person):
    person("reviewer", password=PASSWORD)
    client = Client()
    for _ in range(5):
        answer = log_in(client, password="wrong")
    assert answer.status_code == 429
    assert log_in(client).status_code == 429
    assert client.get("/queue").status_code == 302


def test_sessions_elsewhere_end_with_a_new_password(person):
    person("reviewer", password=PASSWORD)
    here, there = Client(), Client()
    log_in(here), log_in(there)
    new = "another-quiet-river-7"
    assert here.post("/password", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}).status_code == 302
    assert here.get("/queue").status_code == 200
    assert there.get("/queue")["Location"].startswith("/login")


def test_a_session_ends_when_the_role_changes_or_the_person_leaves(client_of):
    admin, reviewer = client_of("admin"), client_of("reviewer")
    admin.post(f"/people/{reviewer.person.pk}", {"first_name": "甲", "role": "auditor", "is_active": "on"})
    assert reviewer.get("/queue")["Location"].startswith("/login")


@pytest.mark.parametrize("password", ["short", "123456789012", "1qaz2wsx3edc", "reviewer-reviewer"])
def test_weak_passwords_are_refused(client_of, password):
    from pipeline.review.web.models import User

    admin = client_of("admin")
    answer = admin.post("/people", {"username": "reviewer-reviewe", "first_name": "甲", "role": "reviewer", "password": password})
    assert answer.status_code == 422
    assert not User.objects.filter(username="reviewer-reviewe").exists()


def test_browsers_are_told_to_keep_nothing_and_run_nothing_from_elsewhere(client_of, case):
    answer = client_of("reviewer").get(f"/claims/{case}")
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    text = answer.content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text


def test_a_name_that_nobody_has_is_not_written_down():
    from pipeline.review.web.models import AuditEvent

    log_in(Client(), "my-secret-password", "x")
    assert AuditEvent.objects.filter(action="login-failed").exists()
    assert not AuditEvent.objects.filter(detail__contains="my-secret").exists()
    assert not AuditEvent.objects.filter(about__contains="my-secret").exists()
