"""Cuts while somebody types: the server is killed, the network goes, the tab is closed, the session ends, the server dies over what was sent. Nothing typed is lost.

CUTS=50 makes that many and prints what it came to as JSON: `CUTS=50 python -m pytest -s -m e2e tests/e2e/test_cuts.py`.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from random import Random

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.asking import ask, number
from tests.e2e.workspace import PASSWORD

pytestmark = pytest.mark.e2e
CUTS = int(os.environ.get("CUTS", "5"))
CLAIM = "CUT-01"
# where somebody types: the field in the page; how it is opened, where it isn't there yet
FIELDS = {"value": ".value form input", "reason": "#reason", "dismissal": ".flag form input", "letter": "#text"}
KINDS = ("server killed", "network off", "tab closed", "session over", "killed over what was sent")


def open_field(page: Page, where: str) -> None:
    """Bring the field before the person; what is typed is still to come."""
    if page.locator(FIELDS[where]).count() == 0:
        page.locator("[data-key$='.voucher_number']" if where == "value" else ".flag.block").first.focus()
        page.keyboard.press("e" if where == "value" else "x")
    page.locator(FIELDS[where]).first.focus()
    page.keyboard.press("Control+a")


def log_in_again(page: Page) -> None:
    login = page.context.new_page()
    login.goto("/login")
    login.fill("#id_username", "li")
    login.fill("#id_password", PASSWORD)
    login.keyboard.press("Enter")
    login.wait_for_selector("nav a")
    login.close()


def test_nothing_typed_is_lost_over_cuts(server, visit):
    die = Random(CUTS)
    pk = number(server, CLAIM)
    page = visit("li", f"/claims/{pk}")
    tally: Counter[str] = Counter()
    lost: list[tuple[str, str, str, str]] = []
    started = time.perf_counter()
    for n in range(CUTS):
        kind = KINDS[n % len(KINDS)]
        where = die.choice(sorted(FIELDS)) if kind != "killed over what was sent" else "value"
        path = f"/claims/{pk}/letter?kind=return" if where == "letter" else f"/claims/{pk}"
        page.goto(path)
        typed = f"{die.choice(('V', '凭证', '№'))}{die.randrange(10**8)}" if where == "value" else f"第{n}次：{die.choice(('已电话核实', '批单已更正', '请补交发票'))}{die.randrange(10**6)}"
        at = die.randrange(1, len(typed))
        open_field(page, where)
        page.keyboard.type(typed[:at])
        if kind == "tab closed":
            page.keyboard.type(typed[at:])
            again = page.context.new_page()
            page.close()
            page = again
        else:
            page = _cut(kind, server, page, where, typed[at:])
        page.goto(path)
        page.wait_for_selector("html[data-ready]")
        kept = page.locator(FIELDS[where]).first.input_value() if page.locator(FIELDS[where]).count() else ""
        if kept != typed and not (where == "value" and said(server, pk) == typed):
            lost.append((kind, where, typed, kept))
        tally[kind] += 1
        ask(server, "update review_case set taken_until = '2020-01-01 00:00:00' where id = ?", pk)
        page.evaluate("localStorage.clear()")
    assert lost == []
    print(json.dumps({"cuts": sum(tally.values()), **tally, "lost": len(lost), "seconds": round(time.perf_counter() - started)}, ensure_ascii=False))


def said(server, pk: int) -> str:
    """The last value that the server has of what the value's field is about."""
    rows = ask(server, "select text from review_said where case_id = ? order by number desc limit 1", pk)
    return json.loads(rows[0][0])["corrected"] if rows else ""


def _cut(kind: str, server, page: Page, where: str, rest: str) -> Page:
    """Cut, type on, try to send it where that is one key, and bring things back."""
    if kind == "network off":
        page.context.set_offline(True)
    elif kind == "session over":
        ask(server, "delete from django_session")
    elif kind == "server killed":
        server.kill()
    page.keyboard.type(rest)
    if where in ("value", "dismissal"):
        page.keyboard.press("Enter")
        if kind == "killed over what was sent":
            server.kill()
        else:
            expect(page.locator(".wrong")).to_be_visible()
    if kind == "network off":
        page.context.set_offline(False)
    elif kind == "session over":
        log_in_again(page)
    else:
        server.start()
    return page
