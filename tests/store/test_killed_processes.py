"""Real processes killed at random instants: a worker, the run itself, or everything at once. The run, or the next one, ends as if nothing had been.

Where the run alone is killed its workers end by themselves.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from born_digital import write_born_digital
from faults import Faults
from places import Place, worker_flow

from pipeline.store.settings import StoreSettings

MOST = 8  # kills of one batch: a submission over which twenty runs end is set aside, as it should be
ORPHANED = 20.0  # seconds after which nothing may be left of a run that was killed


@pytest.fixture(scope="module")
def digital(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A folder with a batch of so many submissions, and its tables."""

    def write(submissions: int) -> Path:
        folder = tmp_path_factory.mktemp("digital")
        write_born_digital(folder, submissions, seed=1, pages=2)
        return folder

    return write


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[Path, str], Place]]:
    """Makes a place to run a batch in, by name."""
    from django.db import connections

    yield lambda root, name: Place(root / "batch", root / "reference", tmp_path / name, StoreSettings(), worker_flow)
    connections.close_all()


def family(leader: int) -> list[psutil.Process]:
    """All processes of a session but its leader, the dead ones that nobody has asked for left out."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader != process.pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def kill(kind: str, leader: int, dice: random.Random) -> bool:
    """Kill a worker, the run, or all; False where there was no worker at this instant."""
    if kind == "worker":
        workers = [process for process in family(leader) if "spawn_main" in " ".join(process.cmdline())]
        if not workers:
            return False
        dice.choice(workers).kill()
    elif kind == "run":
        os.kill(leader, signal.SIGKILL)
    elif os.getsid(leader) != leader:  # it has only just begun, in our own session
        return False
    else:
        os.killpg(leader, signal.SIGKILL)
    return True


def left_over(leader: int) -> list[psutil.Process]:
    """What is still there of a run that has ended, a while after."""
    until = time.monotonic() + ORPHANED
    while (left := family(leader)) and time.monotonic() < until:
        time.sleep(0.1)
    for process in left:
        process.kill()
    return left


def seconds_of(place: Place) -> tuple[float, float]:
    """How long a run that is left alone takes until its first claim, and from there to its end."""
    started = time.monotonic()
    run = place.start()
    while run.is_alive() and not list(place.out.glob("*/claim.json")):
        run.join(0.05)
    begun = time.monotonic()
    run.join()
    assert run.exitcode == 0
    return begun - started, time.monotonic() - begun


@pytest.mark.fault("worker, run or everything killed")
def test_killed_anywhere_it_goes_on(digital: Callable[[int], Path], place: Callable[[Path, str], Place], faults: Faults) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults: real worker processes take their time; test_killed.py draws a few in make test")
    dice = random.Random(faults.seed)
    kinds = ["worker"] * faults.number(100, 1) + ["run"] * faults.number(60, 1) + ["everything"] * faults.number(40, 1)
    dice.shuffle(kinds)
    injected, root = len(kinds), digital(faults.size(60, 4))
    whole = place(root, "whole")
    begin, rest = seconds_of(whole)
    batches, aside, left = 0, 0, []
    while kinds:
        batches += 1
        killed, ended, few = place(root, f"killed {batches}"), None, kinds[-MOST:]
        del kinds[-MOST:]
        asked, started = len(few), time.monotonic()
        while ended != 0:
            run = killed.start(os.setsid)
            leader = run.pid or 0
            while few and run.is_alive():
                undone = 1 - len(list(killed.out.glob("*/claim.json"))) / len(killed.submissions)
                run.join(dice.uniform(0, begin + rest * undone))
                if run.is_alive() and kill(few[-1], leader, dice):
                    few.pop()
            run.join()
            left += left_over(leader)
            ended = run.exitcode
            assert ended in (0, -signal.SIGKILL)
        if len(few) == asked:  # it was done before: the machine is quicker by now
            quicker = (time.monotonic() - started) / (begin + rest)
            begin, rest = begin * quicker, rest * quicker
        kinds += few
        failures = {one["submission_id"] for one in json.loads((killed.out / "batch.json").read_text("utf-8"))["failures"]}
        if failures:  # over which two workers died: set aside, as it should be, and there to be taken up again
            aside += len(failures)
            again = killed.start(os.setsid, retry_failed=True)
            again.join()
            left += left_over(again.pid or 0)
            assert again.exitcode == 0
        killed.check_against(whole, again=failures)
    assert left == []
    faults.tell(injected=injected, twice=0, batches=batches, set_aside=aside)


@pytest.mark.fault("run with Prefect's server killed")
@pytest.mark.parametrize("when", ["as its server starts", "at work"])
def test_prefects_own_server_ends_with_a_run_that_is_killed(digital: Callable[[int], Path], tmp_path: Path, when: str, faults: Faults) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults: Prefect takes ten seconds to start")
    run, out = prefect_run(digital(4), tmp_path / "out")
    while not prefects_of(run.pid) or (when == "at work" and not list(out.glob("*/claim.json"))):
        assert run.poll() is None, "it ended before it was killed"
        time.sleep(0.05)
    time.sleep(0.5)
    run.kill()
    run.wait()
    assert left_over(run.pid) == []
    faults.tell(injected=1)


@pytest.mark.fault("Prefect's server killed under a run")
def test_a_run_goes_on_where_prefects_server_dies(digital: Callable[[int], Path], tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults: Prefect takes ten seconds to start")
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "1")  # of its own accord it tries for a minute and a half
    submissions = 12
    run, out = prefect_run(digital(submissions), tmp_path / "out")
    while not list(out.glob("*/claim.json")):
        assert run.poll() is None, "it ended before its server was killed"
        time.sleep(0.05)
    for server in prefects_of(run.pid):
        server.kill()
    assert run.wait(120) == 0
    assert json.loads((out / "batch.json").read_text("utf-8"))["submissions"] == {"all": submissions, "unchanged": 0, "failed": 0}
    faults.tell(injected=1)


@pytest.mark.fault("Prefect's server killed between two rounds of a watch")
def test_prefects_server_is_started_again_where_it_died(faults: Faults) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults: Prefect takes ten seconds to start")
    program = """
import httpx
from flows import prefect_server
from prefect.server.api.server import SubprocessASGIServer
prefect_server.start()
first = SubprocessASGIServer().server_process
first.kill()
first.wait()
prefect_server.start()
second = SubprocessASGIServer()
prefect_server.start()
assert second is SubprocessASGIServer() and second.server_process is not first
assert httpx.get(second.api_url + "/health", timeout=30, trust_env=False).status_code == 200
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    faults.tell(injected=1)


def prefect_run(root: Path, out: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """The command, in a session of its own, and where it puts its results."""
    command = [sys.executable, "-m", "flows.cli", "run", str(root / "batch"), "--reference", str(root / "reference"), "--out", str(out), "--scheme", "ningbo-2020", "--year", "2021", "--workers", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True), out


def prefects_of(leader: int) -> list[psutil.Process]:
    """The processes of Prefect's server in a run's session."""
    return [one for one in family(leader) if "prefect.server" in " ".join(one.cmdline())]
