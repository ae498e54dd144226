"""A run that is killed anywhere goes on when it is started again, and ends with what one that was left alone ends with: nothing lost, nothing twice.

Killed at random instants, and at crash points: just before one of the run's own effects (a statement, a rename, a file opened for writing, a request).
Reading is stood in for by a worker that takes a few milliseconds. `make faults` asks for more of both.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import pytest
from faults import Faults
from invented_claim import YEAR
from pydantic import SecretStr
from quick import QuickWorkers

from flows.batch import run
from flows.plan import plan
from flows.workspace import Workspace
from pipeline.settings import Settings
from pipeline.store.settings import S3Settings, StoreSettings

SUBMISSIONS = 4
FORK = get_context("fork")


class Place:
    """A batch, its tables and where it is run to."""

    def __init__(self, batch: Path, reference: Path, out: Path, store: StoreSettings) -> None:
        if store.blobs:  # a prefix of its own
            store = store.model_copy(update={"blobs": f"{store.blobs}/{out.name}"})
        self.batch, self.reference, self.out, self.store = batch, reference, out, store

    def run(self) -> None:
        run(plan(self.batch, self.reference, self.out, "ningbo-2020", YEAR, 2, name=self.out.name), Settings(store=self.store), flow=QuickWorkers().two_at_a_time)

    def start(self, before: Callable[[], None] = lambda: None) -> ForkProcess:
        """Run in a process of its own."""

        def work() -> None:
            sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  a child that is killed has much to say
            before()
            self.run()

        from django.db import connections

        connections.close_all()  # of a fork each has to be its own
        child = FORK.Process(target=work)
        child.start()
        return child

    def in_child(self, before: Callable[[], None] = lambda: None, kill_after: float | None = None) -> int | None:
        """Run in a process of its own; gives how it ended."""
        child = self.start(before)
        child.join(kill_after)
        if child.is_alive():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        return child.exitcode

    def results(self) -> dict[str, object]:
        """Everything that a run leaves for people, but for timings and for what only tells which run did what."""
        found: dict[str, object] = {}
        for path in sorted(path for path in self.out.rglob("*") if path.is_file() and ".work" not in path.parts):
            name = path.relative_to(self.out).as_posix()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    found[name] = {part: book.read(part) for part in book.namelist() if part != "docProps/core.xml"}
            elif name == "batch.json":
                told = json.loads(path.read_text("utf-8"))
                del told["seconds"], told["batch"], told["submissions"]["unchanged"], told["pages"]["this_run"]
                found[name] = told
            else:
                found[name] = path.read_bytes()
        return found

    def check_store(self) -> None:
        """Everything there, nothing twice, nobody at work, nothing for the doctor to find that matters."""
        from flows.doctor import examine_run
        from pipeline.store.models import ClaimVersion, File, State, Submission

        batch = Workspace(self.out).records(self.store, Workspace(self.out).last_run()).batch
        mine = Submission.objects.filter(batch=batch)
        assert sorted(mine.values_list("submission_id", "state")) == [(f"S-{n}", State.DONE) for n in range(SUBMISSIONS)]
        assert File.objects.filter(batch=batch).count() == 2 * SUBMISSIONS
        assert ClaimVersion.objects.filter(submission__batch=batch, made_by="run").count() == SUBMISSIONS
        found = list(examine_run(Workspace(self.out), self.store))
        assert [finding for finding in found if not finding.mended] == []
        assert list(examine_run(Workspace(self.out), self.store)) == []


@pytest.fixture(params=["sqlite and folder", "postgresql and s3"])
def place(request: pytest.FixtureRequest, papers: Path, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes a place to run the batch in, by name."""
    from django.db import connections

    for n in range(SUBMISSIONS):
        folder = tmp_path / "batch" / f"S-{n}"
        folder.mkdir(parents=True)
        for name in ("a.pdf", "b.pdf"):
            (folder / name).write_bytes(f"%PDF-1.4 {n} {name}".encode())
    store = StoreSettings(patience_seconds=20)
    if request.param != "sqlite and folder":
        server, made = request.getfixturevalue("postgres_server"), request.getfixturevalue("s3_bucket")
        s3 = S3Settings(endpoint=made.endpoint, access_key=made.access_key, secret_key=SecretStr(made.secret_key), secure=False)
        store = StoreSettings(database=SecretStr(server.url), blobs=f"s3://{made.name}/{tmp_path.name}", s3=s3, patience_seconds=20)
    yield lambda name: Place(tmp_path / "batch", papers / "reference", tmp_path / f"{tmp_path.name}-{name}", store)
    connections.close_all()


EFFECTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.chmod", "os.utime", "http.client.send"})


def on_effects(tell: Callable[[], None]) -> None:
    """Have this process tell just before each of its effects: statements, changes of files, requests."""
    from django.db.backends.signals import connection_created

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event in EFFECTS or (event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
            tell()

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        tell()
        return execute(*args)

    connection_created.connect(lambda connection, **_: connection.execute_wrappers.append(statement), weak=False)
    sys.addaudithook(heard)


def crash_at(number: int) -> None:
    """Kill this process just before its effect of that number, from 0."""
    left = iter(range(number))
    on_effects(lambda: None if next(left, None) is not None else os.kill(os.getpid(), signal.SIGKILL))


def effects_of(place: Place) -> int:
    """How many effects a whole run has."""
    counted = FORK.Value("i", 0)

    def count() -> None:
        with counted.get_lock():
            counted.value += 1

    assert place.in_child(lambda: on_effects(count)) == 0
    return int(counted.value)


@pytest.mark.fault("run killed at random instants")
def test_killed_at_random_instants_it_goes_on(place: Callable[[str], Place], faults: Faults) -> None:
    dice, kills = random.Random(faults.seed), faults.number(100, 4)
    whole, killed = place("whole"), place("killed")
    started = time.monotonic()
    assert whole.in_child() == 0
    took = time.monotonic() - started
    ends = [killed.in_child(kill_after=took * (n + dice.random()) / (2 * kills)) for n in range(kills)]  # later each time, within the first half of what a whole run takes
    assert killed.in_child() == 0
    assert killed.results() == whole.results()
    killed.check_store()
    faults.tell(injected=ends.count(-signal.SIGKILL), twice=0)


def test_two_runs_of_one_batch_at_once_share_the_work(place: Callable[[str], Place]) -> None:
    whole, shared = place("whole"), place("shared")
    assert whole.in_child() == 0
    children = [shared.start() for _ in range(2)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert shared.results() == whole.results()
    shared.check_store()


@pytest.mark.fault("run crashed before one of its effects")
def test_crashed_before_any_of_its_effects_it_goes_on(place: Callable[[str], Place], faults: Faults) -> None:
    whole = place("whole")
    effects = effects_of(whole)
    crashes = min(faults.number(200, 2), effects - 10)
    for number in random.Random(faults.seed).sample(range(effects - 10), crashes):
        crashed = place(f"crashed at {number}")
        assert crashed.in_child(lambda number=number: crash_at(number)) == -signal.SIGKILL  # type: ignore[misc]
        assert crashed.in_child() == 0
        assert crashed.results() == whole.results(), f"after a crash before effect {number} of {effects}"
        crashed.check_store()
    faults.tell(injected=crashes, twice=0)
