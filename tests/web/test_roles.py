"""Nobody gets where their role has no business: every route of the URL table, every role, and nobody at all."""

from __future__ import annotations

import re

import pytest
from django.urls import URLResolver, reverse

from pipeline.review.web.roles import NOBODY_YET, PERMISSIONS, Role, may
from pipeline.review.web.urls import urlpatterns

ARGUMENTS = {"pk": 1, "number": 1, "page": 1, "kind": "csv", "code": "en", "table": "catalogue"}
POSTS = {"next", "release", "amend", "judge", "retype", "api-retype", "decide", "undo", "letter-save", "logout", "read-box", "bulk", "bulk-do", "token-revoke", "reference-import", "reference-confirm", "reference-cancel", "reference-back",
         "reference-recheck", "api-amend", "api-judge", "api-decide", "api-undo", "api-next", "api-bulk-do", "api-release", "api-read-box", "api-letter-save", "api-person", "api-person-new",
         "api-reference-import", "api-reference-confirm", "api-reference-cancel", "api-reference-back", "api-reference-recheck",
         "batch-new", "batch-read", "upload-announce", "upload-piece", "upload-name", "upload-drop", "upload-finish", "api-batch-new", "api-batch-read", "api-upload-announce", "api-upload-piece",
         "api-upload-name", "api-upload-drop", "api-upload-finish"}


def routes(patterns=urlpatterns, within: str = "", before: str = ""):
    """Name, full name and place of every route, those of included tables too."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, pattern.namespace + ":", before + str(pattern.pattern))
        else:
            yield pattern.name, within + pattern.name, before + str(pattern.pattern)


ROUTES = {name: (full, where) for name, full, where in routes()}


def address(name: str) -> str:
    full, where = ROUTES[name]
    return reverse(full, kwargs={key: ARGUMENTS[key] for key in re.findall(r"<(?:\w+:)?(\w+)>", where)})


def programs(name: str) -> bool:
    return ROUTES[name][0] != name


def test_every_route_has_its_entry_and_every_entry_its_route():
    assert {name for name, _, _ in routes()} == set(PERMISSIONS) | NOBODY_YET


def test_every_route_has_an_address_of_its_own():
    """One address with two methods would go by the entry of the first."""
    places = [place for _, _, place in routes()]
    assert len(places) == len(set(places))


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
        if programs(name):
            assert answer.status_code == 401, name
            continue
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/login"), name


def test_a_route_that_the_table_does_not_have_is_refused():
    assert not may("admin", "something-new")
    assert not may("admin", None)
