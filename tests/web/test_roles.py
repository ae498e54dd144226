"""Nobody gets where their role has no business: every route of the URL table, every role, and nobody at all."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from pipeline.review.web.roles import NOBODY_YET, PERMISSIONS, Role, may
from pipeline.review.web.urls import urlpatterns

ARGUMENTS = {"pk": 1, "number": 1, "page": 1, "kind": "page", "code": "en"}
POSTS = {"next", "release", "amend", "judge", "decide", "undo", "letter-save", "logout", "read-box"}


def address(name: str) -> str:
    wanted = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
    return reverse(name, kwargs={key: ARGUMENTS[key] for key in wanted})


def test_every_route_has_its_entry_and_every_entry_its_route():
    assert {pattern.name for pattern in urlpatterns} == set(PERMISSIONS) | NOBODY_YET


@pytest.mark.parametrize("role", Role.values)
def test_a_role_gets_what_the_table_says_and_nothing_else(role, client_of, case):
    client = client_of(role)
    for name in sorted(set(PERMISSIONS) - {"logout"}):
        answer = (client.post if name in POSTS else client.get)(address(name))
        assert (answer.status_code == 403) == (not may(role, name)), (name, answer.status_code)
        assert answer.status_code < 500, name


def test_without_a_login_nothing_is_shown(site):
    from django.test import Client

    client = Client()
    for name in PERMISSIONS:
        answer = (client.post if name in POSTS else client.get)(address(name))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/login"), name


def test_a_route_that_the_table_does_not_have_is_refused():
    assert not may("admin", "something-new")
    assert not may("admin", None)
