"""`intake doctor` proves login by logging in at the public address, and leaves nobody behind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import waitress

from flows.login_check import prove_login
from pipeline.review.settings import OidcSettings, ReviewSettings


class Served:
    """An application at an address of this machine."""

    def __init__(self, application: Any) -> None:
        self.server = waitress.create_server(application, host="127.0.0.1", port=0, threads=2)
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        threading.Thread(target=self.server.run, daemon=True).start()


@pytest.fixture
def served(site) -> Iterator[Any]:
    made: list[Served] = []

    def serve(application: Any) -> str:
        made.append(Served(application))
        return made[-1].url

    yield serve
    for one in made:
        one.server.close()


def kinds(url: str, **more: Any) -> list[str]:
    return [finding.kind for finding in prove_login(ReviewSettings(public_url=url, **more))]


def people() -> int:
    from pipeline.review.web.models import User

    return User.objects.count()


def page():
    from pipeline.review.web.site import application

    return application()


def test_who_can_log_in_is_told_of_nothing_and_nobody_is_left(served):
    from pipeline.review.web.models import AuditEvent

    assert kinds(served(page())) == []
    assert people() == 0
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["person-new", "login", "logout", "person-gone"]


def changed(application, change):
    """The application behind a proxy that changes what it answers."""
    def through(environ, start):
        return application(environ, lambda status, headers, *rest: start(status, change(headers), *rest))

    return through


@pytest.mark.parametrize(("lost", "kind"), [("Content-Security-Policy", "policy_lost"), ("Cache-Control", "kept_by_caches"), ("Set-Cookie", "login_failed")])
def test_what_a_proxy_takes_away_is_found(served, lost, kind):
    proxy = changed(page(), lambda headers: [(name, value) for name, value in headers if name != lost])
    assert kind in kinds(served(proxy))
    assert people() == 0


def test_another_page_at_the_address_is_told(served):
    def other(environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [b"hello"]

    assert kinds(served(other)) == ["page_not_ours"]


def test_an_address_where_nothing_answers_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert kinds(url) == ["page_unreachable"]


def test_single_sign_on_that_is_not_begun_is_told(served):
    oidc = OidcSettings(issuer="https://s.example", authorization_endpoint="https://s.example/a", token_endpoint="https://s.example/t", jwks_endpoint="https://s.example/k", client_id="intake")
    assert kinds(served(page()), oidc=oidc, password_login=False) == ["sso_not_begun"]  # the page that runs there knows of none
