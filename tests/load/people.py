"""Twenty people at work over HTTP: each logs in, looks at the queue, takes claims, corrects, judges, decides, and thinks in between.

In:    the server's address, names and roles, how long, how long a person thinks.
Out:   how long each kind of request took: for the person (waiting in line, transport and all) and in the server alone (its Server-Timing).
Fails: Unexpected, with the answer, where one isn't what a person at work would get.
"""

from __future__ import annotations

import html
import http.client
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple
from urllib.parse import quote, urlencode

LOST = frozenset({409, 422})  # somebody was quicker, or what was chosen can't be decided: an answer like any other


class Unexpected(Exception):
    """An answer that nobody at work should get."""


class Took(NamedTuple):
    """One request, in milliseconds. cpu: of the server's process, without the database's; on a busy machine it says more than the others."""

    seen: float
    server: float
    cpu: float


class Answer(NamedTuple):
    status: int
    text: str
    place: str


class Person:
    """One browser."""

    def __init__(self, host: str, port: int, name: str, took: Callable[[str, Took], None]) -> None:
        self._wire = http.client.HTTPConnection(host, port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._token = ""
        self.name, self._took = name, took

    def ask(self, kind: str, method: str, path: str, fields: Mapping[str, str] | None = None, fragment: bool = False, body: bool = True) -> Answer:
        """One request; kind: "" where it isn't counted."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), "X-CSRFToken": self._token, **({"HX-Request": "true"} if fragment else {})}
        data = None
        if fields is not None:
            data, headers["Content-Type"] = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self._wire.request(method, path, data, headers)
        answer = self._wire.getresponse()
        raw = answer.read()
        seen = (time.perf_counter() - started) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if kind:
            self._took(kind, Took(seen, *(float(dur) for dur in re.findall(r"dur=([\d.]+)", answer.headers["Server-Timing"]))))
        text = raw.decode("utf-8", "replace") if body else ""
        if answer.status >= 400 and answer.status not in LOST:
            raise Unexpected(f"{self.name}: {method} {path} gave {answer.status}: {text[:300]}")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        if token:
            self._token = token[1]
        return Answer(answer.status, text, answer.headers.get("Location") or "")

    def log_in(self, password: str) -> None:
        self.ask("", "GET", "/login")
        if self.ask("login", "POST", "/login", {"username": self.name, "password": password, "csrfmiddlewaretoken": self._token}).status != 302:
            raise Unexpected(f"{self.name} can't log in")


def _of(pattern: str, text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(pattern, text)]


class Work:
    """What one person does until the time is up."""

    def __init__(self, person: Person, role: str, pause: float, until: float, seed: int, names: list[str]) -> None:
        self.person, self.role, self._until, self._pause, self._die, self._names = person, role, until, pause, Random(seed), names

    def _think(self) -> None:
        time.sleep(max(0.0, min(self._die.uniform(0.5, 1.5) * self._pause, self._until - time.monotonic())))

    def go(self) -> None:
        turn = {"analyst": self._figures, "operator": self._look_up}.get(self.role, self._triage)
        while time.monotonic() < self._until:
            turn()

    def _queue(self) -> str:
        die = self._die
        kind, path = die.choices(
            [("queue", "/queue"), ("queue, searched", f"/queue?q={quote(die.choice(self._names))}&stage=&status="), ("queue, by flag", "/queue?triage=review&flag=" + die.choice(self._flags)),
             ("queue, by amount", "/queue?order=amount&stage=&status="), ("queue, by reviewer", f"/queue?reviewer={die.randrange(1, 17)}&least=50000&stage=&status="), ("queue, far on", f"/queue?stage=&status=&page={die.randrange(2, 400)}")],
            [8, 4, 2, 1, 1, 1])[0]
        text = self.person.ask(kind, "GET", path, fragment=kind != "queue").text
        self._flags = _of(r'<option value="(\w+)"[^>]*>[^<]*（\d+）', text) or self._flags
        return path.partition("?")[2]

    _flags: list[str] = ["not_checked"]

    def _triage(self) -> None:
        person, die = self.person, self._die
        self._queue()
        if self.role == "auditor" and die.random() < 0.5:
            person.ask("log", "GET", die.choice(["/audit", f"/audit?about=EQ-{die.randrange(2000):06}"]))
        self._think()
        taken = person.ask("next", "POST", "/next", {"asked": ""})
        if not taken.place.startswith("/claims/"):
            raise Unexpected(f"{person.name} got no claim: {taken.status} {taken.place}")
        page = person.ask("claim", "GET", taken.place).text
        pictures = _of(r'src="(/claims/\d+/pictures/[^"]+)"', page)
        if pictures:
            person.ask("picture", "GET", pictures[0].replace("thumbnail", "page"), body=False)
        for path in pictures[:8]:
            person.ask("thumbnail", "GET", path, body=False)
        self._think()
        if self.role != "auditor":
            page = self._correct(taken.place, page)
        revision = (_of(r'data-revision="([\d.]+)"', page) or ["0.0"])[0]
        action = die.choices(["pass", "return", "refer"], [6, 2, 1])[0] if self.role != "auditor" else "pass"
        person.ask("decide", "POST", taken.place + "/decide", {"action": action, "reason": "已核", "revision": revision})
        self._think()

    def _correct(self, place: str, page: str) -> str:
        """Two values and a flag."""
        die = self._die
        for _ in range(2):
            values = re.findall(r'data-key="(p\d+\.(?:premium|premium_rate|product_name|voucher_number|invoice_number))"[^>]*data-value="([^"]*)"', page)
            if not values:
                break
            key, value = die.choice(values)
            value = html.unescape(value)
            typed = value if key.endswith("name") else value[:-1] + str(die.randrange(10))
            answer = self.person.ask("correction", "POST", place + "/amend", {"key": key, "value": typed, "revision": (_of(r'data-revision="([\d.]+)"', page) or ["0"])[0]}, fragment=True)
            page = answer.text if answer.status == 200 else page
            self._think()
        flags = _of(r'data-key="f:([^"]+)"', page)
        if flags and 'data-verdict="upheld"' in page:
            answer = self.person.ask("verdict", "POST", place + "/judge", {
                "flag": die.choice(flags), "verdict": "dismissed", "reason": "已核", "revision": (_of(r'data-revision="([\d.]+)"', page) or ["0"])[0]}, fragment=True)
            page = answer.text if answer.status == 200 else page
            self._think()
        return page

    def _figures(self) -> None:
        self.person.ask("figures", "GET", "/figures")
        self._think()

    def _look_up(self) -> None:
        """An operator looks claims up."""
        self._queue()
        self._think()
        found = _of(r'href="(/claims/\d+)"', self.person.ask("queue, searched", "GET", f"/queue?q={quote(self._die.choice(self._names))}").text)
        if found:
            self._think()
            self.person.ask("claim", "GET", self._die.choice(found))
        self.person.ask("queue, by API", "GET", "/api/queue?order=age")
        self._think()


def at_work(host: str, port: int, people: Mapping[str, str], password: str, seconds: float, pause: float, names: list[str]) -> tuple[dict[str, list[Took]], list[str]]:
    """All of them at once; gives the times by kind of request, and what went wrong. people: role by name."""
    took: dict[str, list[Took]] = defaultdict(list)
    wrong: list[str] = []
    lock = threading.Lock()
    there = threading.Barrier(len(people))

    def note(kind: str, one: Took) -> None:
        with lock:
            took[kind].append(one)

    def work(name: str, role: str, seed: int) -> None:
        try:
            person = Person(host, port, name, note)
            person.log_in(password)
            there.wait(timeout=120)
            Work(person, role, pause, time.monotonic() + seconds, seed, names).go()
        except (Unexpected, OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
            with lock:
                wrong.append(f"{type(error).__name__}: {error}")
            there.abort()

    threads = [threading.Thread(target=work, args=(name, role, seed)) for seed, (name, role) in enumerate(people.items())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(took), wrong
