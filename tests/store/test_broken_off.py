"""A run that is broken off (Ctrl+C, or a service that is stopped) says so in one line, gives back what it held at once and leaves no process; the same command goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from born_digital import write_born_digital
from faults import Faults
from places import FORK, Place, worker_flow
from test_killed_processes import left_over

from flows import batch as batches
from flows import cli
from pipeline.store.settings import StoreSettings


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    from django.db import connections

    write_born_digital(tmp_path, 6, seed=1, pages=2)
    yield Place(tmp_path / "batch", tmp_path / "reference", tmp_path / "out", StoreSettings(), worker_flow)
    connections.close_all()


@pytest.mark.fault("run broken off")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("flow", ["threads", "prefect"])
def test_a_run_that_is_broken_off_gives_back_what_it_held(place: Place, tmp_path: Path, how: signal.Signals, flow: str, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults")
    monkeypatch.setenv("INTAKE_PICTURES__KEEP", "false")
    said = tmp_path / "said"
    arguments = ["run", str(place.batch), "--reference", str(place.reference), "--out", str(place.out), "--scheme", "ningbo-2020", "--year", "2021", "--workers", "2"]

    def command() -> None:
        os.setsid()
        sys.stdout = sys.stderr = said.open("w", encoding="utf-8")
        cli.main(arguments)

    if flow == "threads":
        monkeypatch.setattr(batches, "_prefect", worker_flow)  # which takes ten seconds to start
        run: ForkProcess | subprocess.Popen[bytes] = FORK.Process(target=command)
        run.start()
        ended: Callable[[], object] = partial(run.join, 60)
    else:  # Prefect's own server is ended when a process leaves as it should, which a forked one doesn't
        with said.open("w") as log:
            whole_process = subprocess.Popen([sys.executable, "-m", "flows.cli", *arguments], stdout=log, stderr=log, start_new_session=True)
        run, ended = whole_process, partial(whole_process.wait, 60)
    while not list(place.out.glob("*/claim.json")):
        time.sleep(0.02)
    os.kill(run.pid or 0, how)
    ended()
    told = said.read_text("utf-8")
    assert (run.returncode if isinstance(run, subprocess.Popen) else run.exitcode) == 1, told
    assert "intake: Broken off; the same command goes on from here." in told.splitlines()
    assert "flows/" not in told, told  # no traceback of ours; Prefect's server says much of its own as it ends
    assert left_over(run.pid or 0) == []
    assert working(place) == 0
    assert place.in_child() == 0
    whole = Place(place.batch, place.reference, tmp_path / "whole", place.store, worker_flow)
    assert whole.in_child() == 0
    assert claims(place) == claims(whole)
    faults.tell(injected=1, twice=0)


def claims(place: Place) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in place.out.glob("*/claim.json")}


def working(place: Place) -> int:
    """Submissions that someone still holds."""
    from flows.workspace import Workspace
    from pipeline.store.models import State, Submission

    Workspace(place.out).records(place.store, Workspace(place.out).last_run())
    return Submission.objects.filter(state=State.WORKING).count()
