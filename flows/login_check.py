"""Whether people can log in at the address that they are given: proved by logging in there.

In:    the public address, settings of the review page; Django set up for it.
Out:   what is wrong; nothing where somebody got in and out again.
Fails: never. A person is made for it and removed again; the log tells of both.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import requests

from pipeline.review.settings import ReviewSettings
from pipeline.review.web import audit
from pipeline.review.web.models import User
from pipeline.review.web.roles import Role
from pipeline.store.doctor import Finding

_SECONDS = 20
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def prove_login(settings: ReviewSettings) -> Iterator[Finding]:
    """What keeps people from logging in at the public address."""
    url = settings.public_url.rstrip("/")
    try:
        with requests.Session() as browser:
            browser.headers["User-Agent"] = "intake doctor"
            page = browser.get(f"{url}/login", timeout=_SECONDS, allow_redirects=False)
            if page.status_code != 200 or ("csrfmiddlewaretoken" not in page.text and settings.password_login):
                yield Finding("page_not_ours", f"{url}/login answers {page.status_code}" + (f" and sends on to {page.headers['Location']}" if "Location" in page.headers else ", and not with our page"))
                return
            yield from _guarded(url, page)
            if settings.oidc.on:
                yield from _sent_to_provider(browser, url, settings)
            if settings.password_login:
                yield from _logged_in(browser, url, page)
    except requests.RequestException as error:
        yield Finding("page_unreachable", f"{url}: {type(error).__name__}. Is the page running, and does the address lead to it?")


def _guarded(url: str, page: requests.Response) -> Iterator[Finding]:
    """What browsers are to be told, which a proxy may have taken away."""
    if "default-src 'none'" not in page.headers.get("Content-Security-Policy", ""):
        yield Finding("policy_lost", f"{url}/login comes without our content security policy: a proxy takes it away")
    if "no-store" not in page.headers.get("Cache-Control", ""):
        yield Finding("kept_by_caches", f"{url}/login may be kept by caches: a proxy changes Cache-Control")
    if url.startswith("https:") and not any(name.startswith("__Host-") for name in page.cookies.keys()):  # noqa: SIM118  a jar isn't a dictionary
        yield Finding("cookies_not_bound", f"{url}/login sets no __Host- cookie: INTAKE_REVIEW__PUBLIC_URL of the page that runs there isn't this address")


def _sent_to_provider(browser: requests.Session, url: str, settings: ReviewSettings) -> Iterator[Finding]:
    sent = browser.get(f"{url}/sso", timeout=_SECONDS, allow_redirects=False)
    where = sent.headers.get("Location", "")
    back = parse_qs(urlsplit(where).query).get("redirect_uri", [""])[0]
    if not where.startswith(settings.oidc.authorization_endpoint):
        yield Finding("sso_not_begun", f"{url}/sso answers {sent.status_code} {where}".rstrip())
    elif not back.startswith(url + "/"):
        yield Finding("sso_leads_elsewhere", f"the provider is told to send people back to {back}: behind a proxy INTAKE_REVIEW__PROXIES has to be set")


def _logged_in(browser: requests.Session, url: str, page: requests.Response) -> Iterator[Finding]:
    password = secrets.token_urlsafe(30)
    person = User(username=f"doctor-{secrets.token_hex(6)}", first_name="intake doctor", role=Role.OPERATOR)
    person.set_password(password)
    person.save()
    audit.record("person-new", None, person.opaque, username=person.username, role=person.role, by="doctor")
    try:
        yield from _in_and_out(browser, url, page, person.username, password)
    finally:
        audit.record("person-gone", None, person.opaque, by="doctor")
        person.delete()


def _in_and_out(browser: requests.Session, url: str, page: requests.Response, name: str, password: str) -> Iterator[Finding]:
    token = _TOKEN.search(page.text)
    fields = {"username": name, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    answer = browser.post(f"{url}/login", data=fields, headers={"Referer": f"{url}/login", "Origin": url}, timeout=_SECONDS, allow_redirects=False)
    if answer.status_code != 302:
        told = {200: "the page that runs there has another database", 403: "the form's token is refused: cookies or the Origin don't get through"}.get(answer.status_code, "")
        yield Finding("login_failed", f"{url}/login answers {answer.status_code}" + (f"; {told}" if told else ""))
        return
    inside = browser.get(f"{url}/password", timeout=_SECONDS, allow_redirects=False)
    if inside.status_code != 200:
        yield Finding("session_lost", f"after logging in {url}/password answers {inside.status_code}: the session's cookie doesn't come back")
        return
    token = _TOKEN.search(inside.text)
    browser.post(f"{url}/logout", data={"csrfmiddlewaretoken": token[1] if token else ""}, headers={"Referer": f"{url}/password", "Origin": url}, timeout=_SECONDS, allow_redirects=False)
    if browser.get(f"{url}/password", timeout=_SECONDS, allow_redirects=False).status_code == 200:
        yield Finding("logout_failed", f"after logging out {url}/password is still shown")
