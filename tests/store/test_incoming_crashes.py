"""Sending, taking in, running and removing at the source, killed just before any of their effects: begun again, they end as if nothing had been.

Every effect bears the name of the step it belongs to. In the suite a few of them, drawn by seed so that each step has its turn; `make faults` takes 200.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from faults import Faults
from invented_claim import YEAR
from pydantic import SecretStr
from quick import QuickWorkers
from servers import Bucket

from flows.upload import upload
from flows.watch import Asked, Watch
from flows.workspace import Workspace
from pipeline.incoming.settings import IncomingSettings
from pipeline.settings import Settings
from pipeline.store.blobs import open_blobs
from pipeline.store.settings import S3Settings, StoreSettings

SUBMISSIONS = 2
FORK = get_context("fork")
TOLD = {"os.rename": "renamed", "os.remove": "removed", "os.rmdir": "folder removed", "os.mkdir": "folder made", "http.client.send": "asked of the server"}


def step(event: str, args: tuple[Any, ...]) -> str:
    """The name of the step that an effect belongs to, "" where it isn't one of ours."""
    if event == "open":
        if not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
            return ""
        return f"{where(args[0])} written"
    if event == "http.client.send":
        head = args[1][:400] if isinstance(args[1], bytes) else b""
        method, _, rest = head.partition(b" ")
        if method not in (b"PUT", b"GET", b"DELETE"):
            return ""
        kind = next((kind for kind in ("complete", "files") if f"/.intake/{kind}/".encode() in rest), "blob" if b"-blobs/" in rest else "listing")
        return f"{kind} {method.decode()}"
    return f"{where(args[0])} {TOLD[event]}" if event in TOLD else ""


def where(path: object) -> str:
    """Which of our places a path lies in."""
    text = str(path)
    for part, name in ((".taken", "state of the spool"), (".arriving", "arriving"), ("/spool", "spool"), ("/blobs", "blob"), ("/inbox", "source"), ("intake.db", "database"), ("/out", "result")):
        if part in text:
            return name
    return "other"


def on_steps(tell: Callable[[str], None]) -> None:
    """Have this process tell just before each of its effects."""
    from django.db.backends.signals import connection_created

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if name := step(event, args):
            tell(name)

    def statement(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if written := re.match(r'(INSERT|UPDATE|DELETE)[^"]*"(\w+)"', sql):
            tell(f"{written[2]} {written[1].lower()}")
        return execute(sql, *args)

    def commit(connection: BaseDatabaseWrapper) -> None:
        tell("committed")
        done(connection)

    done = BaseDatabaseWrapper._commit
    BaseDatabaseWrapper._commit = commit  # of this process, which is a child and ends
    connection_created.connect(lambda connection, **_: connection.execute_wrappers.append(statement), weak=False)
    sys.addaudithook(heard)


class Way:
    """From an inbox, by the bucket where there is one, to claims, and away from the source."""

    def __init__(self, inbox: Path, out: Path, reference: Path, bucket: Bucket | None, database: Path) -> None:
        (out / ".work").mkdir(parents=True)
        shutil.copy(database, out / ".work" / "intake.db")
        self.inbox, self.out, self.reference, self.bucket = inbox, out, reference, bucket
        store = StoreSettings(patience_seconds=20)
        if bucket:
            s3 = S3Settings(endpoint=bucket.endpoint, access_key=bucket.access_key, secret_key=SecretStr(bucket.secret_key), secure=False)
            store = StoreSettings(s3=s3, blobs=f"s3://{bucket.name}/{inbox.parent.name}-{out.name}-blobs", patience_seconds=20)
        self.address = f"s3://{bucket.name}/{inbox.parent.name}-{out.name}" if bucket else str(inbox)
        self.settings = Settings(store=store, incoming=IncomingSettings(settle_seconds=0.05, remove_source=True, connections=1))
        for n in range(SUBMISSIONS):
            for name in ("a.pdf", "b.pdf"):
                (inbox / f"S-{n}").mkdir(parents=True, exist_ok=True)
                (inbox / f"S-{n}" / name).write_bytes(f"%PDF-1.4 {n} {name}".encode())
        self.filed = {path.relative_to(inbox).as_posix(): path.read_bytes() for path in inbox.rglob("*.pdf")}

    def go(self) -> None:
        if self.bucket:
            upload(self.inbox, self.address, self.settings)
        Watch(Asked(self.address, self.reference, self.out, "ningbo-2020", YEAR, 2, "一月"), self.settings, lambda line: None, flow=QuickWorkers().two_at_a_time).run(once=True)

    def in_child(self, before: Callable[[], None] = lambda: None) -> int | None:
        def work() -> None:
            sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  a child that is killed has much to say
            before()
            self.go()

        from django.db import connections

        connections.close_all()  # of a fork each has to be its own
        child = FORK.Process(target=work)
        child.start()
        child.join()
        return child.exitcode

    def steps(self) -> list[str]:
        """The names of all effects of a whole way, in order."""
        told = self.inbox.parent / "steps"
        with told.open("ab", buffering=0) as file:

            def write(name: str) -> None:
                file.write(f"{name}\n".encode())

            assert self.in_child(lambda: on_steps(write)) == 0
        return told.read_text("utf-8").splitlines()

    def crash_at(self, name: str, number: int) -> bool:
        """Die just before the effect of that name and number; False where this way, begun again, has none."""

        def count() -> None:
            left = iter(range(number))

            def tell(its: str) -> None:
                if its == name and next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            on_steps(tell)

        ended = self.in_child(count)
        assert ended in (0, -signal.SIGKILL)
        return ended == -signal.SIGKILL

    def check(self) -> None:
        """All committed once, all originals there, nothing left at the source, nothing for the doctor that matters, and nothing at all the second time."""
        from flows.doctor import examine_run
        from pipeline.store.models import ClaimVersion, State, Submission

        workspace = Workspace(self.out)
        records = workspace.records(self.settings.store, workspace.last_run())
        mine = Submission.objects.filter(batch=records.batch)
        assert sorted(mine.values_list("submission_id", "state")) == [(f"S-{n}", State.DONE) for n in range(SUBMISSIONS)]
        assert ClaimVersion.objects.filter(submission__batch=records.batch, made_by="run").count() == SUBMISSIONS
        blobs = open_blobs(self.settings.store, workspace.work)
        assert {hashlib.sha256(data).hexdigest() for data in self.filed.values()} == set(blobs.names())
        assert sorted(blobs.read(sha256) for sha256 in blobs.names()) == sorted(self.filed.values())
        if self.bucket:
            prefix = self.address.removeprefix(f"s3://{self.bucket.name}/") + "/"
            assert [one.object_name for one in self.bucket.client().list_objects(self.bucket.name, prefix, recursive=True)] == []
        else:
            assert list(self.inbox.iterdir()) == []
        assert [one for one in examine_run(workspace, self.settings.store) if not one.mended] == []
        assert list(examine_run(workspace, self.settings.store)) == []


@pytest.fixture(params=["folder", "s3"])
def way(request: pytest.FixtureRequest, papers: Path, empty_database: Path, tmp_path: Path) -> Iterator[Callable[[str], Way]]:
    """Makes a way of its own, by name."""
    from django.db import connections

    bucket: Bucket | None = None if request.param == "folder" else request.getfixturevalue("s3_bucket")

    def made(name: str) -> Way:
        return Way(tmp_path / name / "inbox", tmp_path / name / f"out-{name}", papers / "reference", bucket, empty_database)

    yield made
    connections.close_all()


@pytest.mark.fault("killed at a step of coming in")
def test_killed_before_any_step_of_coming_in_nothing_is_lost(way: Callable[[str], Way], faults: Faults) -> None:
    whole = way("whole")
    steps = whole.steps()
    whole.check()
    numbered = Counter[str]()
    effects = []
    for name in steps:
        effects.append((name, numbered[name]))
        numbered[name] += 1
    dice = random.Random(faults.seed)
    dice.shuffle(effects)
    effects.sort(key=lambda effect: effect[1] != dice.randrange(numbered[effect[0]]))  # steps of all names first
    crashes = Counter[str]()
    for n, (name, number) in enumerate(effects[:faults.number(200, 4)]):
        crashed = way(f"crashed-{n}")
        if not crashed.crash_at(name, number):
            continue  # two threads share the work: it came out otherwise this time
        crashes[name] += 1
        assert crashed.in_child() == 0, f"after a crash before {name} {number}"
        crashed.check()
    faults.tell(injected=crashes.total(), steps=len(crashes), effects=len(steps))
