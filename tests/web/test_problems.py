"""Pages for what went wrong, and words for what the log says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from pipeline.labels import Language


@pytest.fixture
def client(client_of):
    return client_of("reviewer")


def test_what_is_not_there_is_told_in_chinese_first(client):
    answer = client.get("/claims/999999")
    assert (answer.status_code, "没有这一页" in answer.content.decode()) == (404, True)
    client.cookies["language"] = "en"
    assert "No such page" in client.get("/nowhere").content.decode()


def test_what_a_role_may_not_see_is_told(client):
    answer = client.get("/people")
    assert (answer.status_code, "无权访问" in answer.content.decode()) == (403, True)


def test_a_failure_of_ours_has_a_page_that_asks_no_database(client, monkeypatch):
    from pipeline.review.web.views import queue

    def fail(*_: object) -> None:
        raise RuntimeError("nothing of this is shown")

    monkeypatch.setattr(queue, "listed", fail)
    client.raise_request_exception = False
    answer = client.get("/queue")
    assert (answer.status_code, "系统出错" in answer.content.decode()) == (500, True)
    assert "nothing of this" not in answer.content.decode()


def test_too_large_a_form_is_told_and_not_kept(client):
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    checked.get("/queue")  # sets the mark's cookie
    answer = checked.post("/language/zh", data="back=" + "x" * 2_100_000, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, "内容过大" in answer.content.decode()) == (413, True)


def test_a_form_without_the_session_s_mark_is_told_to_load_again(client):
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    answer = checked.post("/next", {"asked": ""})
    assert (answer.status_code, "页面已过期" in answer.content.decode()) == (403, True)


def test_every_action_of_the_log_has_words():
    import pipeline.review.web
    from pipeline.review.web.words import did

    source = "".join(path.read_text(encoding="utf-8") for path in Path(pipeline.review.web.__file__).parent.rglob("*.py"))
    actions = set(re.findall(r'audit\.record\(\s*"([a-z-]+)"', source))
    assert len(actions) >= 14
    assert [action for action in actions for language in Language if did(action, language) == action] == []
