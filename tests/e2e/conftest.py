"""The review page in a real browser: a workspace, a server process that can be killed, people who are logged in.

Runs with `-m e2e` alone. E2E_OUT: where screenshots are kept (out/e2e). CHROMIUM: the browser, where it isn't found by name.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.claims import CLAIMS, REFERENCE_TABLES
from tests.e2e.workspace import PASSWORD, build

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop of its own in this thread
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OUT = Path(os.environ.get("E2E_OUT", "out/e2e"))
PEOPLE = {"op": "operator", "li": "reviewer", "sun": "reviewer", "qian": "reviewer", "wang": "lead", "zhao": "auditor", "chen": "analyst", "root": "admin"}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SERVE = "import sys; from pathlib import Path; from flows.review import open_site, serve; from pipeline.settings import Settings; out, settings = Path(sys.argv[1]), Settings.read(); open_site(out, settings); serve('127.0.0.1', int(sys.argv[2]), out, settings)"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "e2e: drives a real browser; only with -m e2e")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "e2e" in config.getoption("-m", ""):
        return
    mine = [item for item in items if item.get_closest_marker("e2e")]
    if mine:
        config.hook.pytest_deselected(items=mine)
        items[:] = [item for item in items if item not in mine]


class Server:
    """The page, served by a process of its own on a port that stays the same."""

    def __init__(self, out: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._out, self._process = out, None
        self.url = f"http://127.0.0.1:{self._port}"

    @property
    def database(self) -> Path:
        return self._out / ".work" / "intake.db"

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("INTAKE_")}
        env["INTAKE_REVIEW__SECOND_LOOK"] = "0"  # which values are drawn depends on the workspace's own key
        self._process = subprocess.Popen([sys.executable, "-c", SERVE, str(self._out), str(self._port)], env=env)
        until = time.monotonic() + 240
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url + "/login", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server didn't come up")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A workspace of invented claims, served."""
    from django.db import connection

    out = tmp_path_factory.mktemp("e2e")
    build(out / ".work", CLAIMS, REFERENCE_TABLES, PEOPLE)
    connection.close()
    one = Server(out)
    one.start()
    yield one
    one.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine; name one in CHROMIUM")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield one
        one.close()


@pytest.fixture(scope="session")
def shot() -> Callable[[Page, str], None]:
    """Keeps a screenshot."""
    OUT.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=OUT / f"{name}.png")

    return keep


EXPECTED = ("Failed to load resource", "Response Status Error Code 4")  # the browser and htmx on an answer of 4xx


class Seen:
    """What a browser complained of. script: strings of ours that were run; csp: reports; errors: of the console but for answers of 4xx, which tests ask for."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" and not any(told in message.text for told in EXPECTED) else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))


WATCH = "window.hits = []; window.hit = (n) => window.hits.push(n); window.reports = []; document.addEventListener('securitypolicyviolation', (e) => window.reports.push(e.blockedURI + ' ' + e.violatedDirective));"


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Logs somebody in, in a browser of their own; whatever the browser complains of fails the test. E2E_PATIENCE: seconds to wait for anything, more on a busy machine."""
    yield from _visits(server, browser)


@pytest.fixture(scope="module")
def visit_once(server: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """The same, for what several tests need."""
    yield from _visits(server, browser)


def _visits(server: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    expect.set_options(timeout=float(os.environ.get("E2E_PATIENCE", "5")) * 1000)
    contexts: list[BrowserContext] = []
    seen = Seen()

    def enter(name: str, path: str = "", **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "base_url": server.url, **options})  # type: ignore[arg-type]
        context.set_default_timeout(float(os.environ.get("E2E_PATIENCE", "30")) * 1000)
        contexts.append(context)
        context.add_init_script(WATCH)
        context.on("page", seen.watch)
        page = context.new_page()
        page.goto("/login")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("nav a")
        if path:
            page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert seen.errors == []
