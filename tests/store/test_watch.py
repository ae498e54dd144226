"""intake watch: runs the batch on what is new, goes on after a look that failed, and ends after the submissions in hand when it is told to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented_claim import YEAR
from quick import QuickWorkers

from flows.batch import Run
from flows.cli import main
from flows.watch import Asked, Watch
from models.errors import SettingsInvalid, StoreUnavailable, UsageError
from pipeline.incoming.settings import IncomingSettings
from pipeline.settings import Settings


def fill(inbox: Path, *submissions: str) -> None:
    for submission in submissions:
        (inbox / submission).mkdir(parents=True)
        (inbox / submission / "a.pdf").write_bytes(f"%PDF-1.4 {submission}".encode())


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def asked(inbox: Path, papers: Path, empty_database: Path, tmp_path: Path) -> Asked:
    (tmp_path / "out" / ".work").mkdir(parents=True)
    shutil.copy(empty_database, tmp_path / "out" / ".work" / "intake.db")
    return Asked(str(inbox), papers / "reference", tmp_path / "out", "ningbo-2020", YEAR, 2, "一月")


SETTINGS = Settings(incoming=IncomingSettings(settle_seconds=0.05, poll_seconds=0.05))


def test_once_takes_in_what_is_complete_runs_it_and_ends(inbox: Path, asked: Asked) -> None:
    told: list[str] = []
    done = Watch(asked, SETTINGS, told.append, flow=QuickWorkers().two_at_a_time).run(once=True)
    assert (done.taken, done.processed, told) == (0, 0, [])
    fill(inbox, "_insurers")
    assert Watch(asked, SETTINGS, told.append, flow=QuickWorkers().two_at_a_time).run(once=True).processed == 0
    fill(inbox, "S-0", "S-1")
    (inbox / "S-1" / "b.pdf.part").write_bytes(b"%PDF")
    done = Watch(asked, SETTINGS, told.append, flow=QuickWorkers().two_at_a_time).run(once=True)
    assert (done.taken, done.processed, done.waiting) == (1, 1, 1)
    assert any("S-1" in line and "尚未写完" in line for line in told)
    assert (asked.out / "S-0" / "claim.json").exists()
    fill(inbox, "S-2")
    done = Watch(replace(asked, reference=None), SETTINGS, told.append, flow=QuickWorkers().two_at_a_time).run(once=True)  # by the tables in force
    assert (done.taken, done.processed) == (1, 1)


def test_it_goes_on_after_a_look_that_failed_and_runs_only_where_something_came(inbox: Path, asked: Asked) -> None:
    fill(inbox, "S-0")
    runs: list[list[str]] = []
    workers = QuickWorkers()

    def flow(context: Run) -> None:
        runs.append(sorted(folder.name for folder in context.waiting))
        if len(runs) == 1:
            raise StoreUnavailable("The store didn't answer.")
        workers.two_at_a_time(context)
        if len(runs) == 2:
            fill(inbox, "S-1")
        if len(runs) == 3:
            one.stop()

    told: list[str] = []
    one = Watch(asked, SETTINGS, told.append, flow=flow)
    done = one.run(once=False)
    assert runs == [["S-0"], ["S-0"], ["S-1"]]
    assert (done.failed_rounds, done.processed, workers.done) == (1, 2, ["S-0", "S-1"])
    assert sum("本轮未完成" in line for line in told) == 1


def test_told_to_stop_it_ends_after_the_submissions_in_hand_and_the_next_one_goes_on(inbox: Path, asked: Asked) -> None:
    fill(inbox, *(f"S-{n}" for n in range(8)))
    workers = QuickWorkers()

    def flow(context: Run) -> None:
        begun = threading.Event()
        process = workers.process

        def slowly(job: Any) -> Any:
            if begun.is_set():
                one.stop()
            begun.set()
            time.sleep(0.05)
            return process(job)

        workers.process = slowly  # type: ignore[method-assign]
        workers.two_at_a_time(context)

    one = Watch(asked, SETTINGS, lambda line: None, flow=flow)
    done = one.run(once=False)
    assert 0 < done.processed == len(workers.done) < 8
    again = QuickWorkers()
    assert Watch(asked, SETTINGS, lambda line: None, flow=again.two_at_a_time).run(once=True).processed == 8 - done.processed
    assert sorted(workers.done + again.done) == [f"S-{n}" for n in range(8)]


def test_a_signal_ends_it_with_its_figures_and_its_metrics_stay(asked: Asked, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flows.cli", "watch", asked.source, "--reference", str(asked.reference), "--out", str(asked.out), "--scheme", asked.scheme, "--year", str(asked.year)]
    watching = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1, cwd=Path(__file__).parents[2],
        env={**os.environ, "INTAKE_INCOMING__POLL_SECONDS": "3600", "INTAKE_METRICS__FILE": str(tmp_path / "intake.prom")})
    assert watching.stdout is not None
    assert "正在收件" in watching.stdout.readline()
    watching.send_signal(signal.SIGTERM)
    out, _ = watching.communicate(timeout=60)
    assert watching.returncode == 0
    *lines, figures = out.splitlines()
    assert "正在完成手头的申报" in lines[-1]
    assert json.loads(figures)["taken"] == 0
    assert "intake_submissions_waiting" in (tmp_path / "intake.prom").read_text("utf-8")


def test_results_may_not_go_into_the_folder_that_is_watched(inbox: Path, asked: Asked) -> None:
    with pytest.raises(UsageError, match="--out"):
        Watch(Asked(str(inbox), asked.reference, inbox / "out", asked.scheme, YEAR, 1), SETTINGS, print).run(once=True)


def test_as_a_deployment_it_looks_by_its_schedule_and_needs_a_server(inbox: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from flows.serve import intake_watch, schedule_of

    assert schedule_of(IncomingSettings(poll_seconds=600)).interval.total_seconds() == 600
    january = schedule_of(IncomingSettings(cron="*/10 * * 1 *"))
    assert (january.cron, january.timezone) == ("*/10 * * 1 *", "Asia/Shanghai")
    with pytest.raises(SettingsInvalid, match="INCOMING__CRON"):
        schedule_of(IncomingSettings(cron="every morning"))
    parameters = intake_watch.parameters.properties
    assert set(parameters) == {"source", "reference", "out", "scheme", "year", "workers", "name"}
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["watch", str(inbox), "--reference", str(asked.reference), "--out", str(asked.out), "--scheme", asked.scheme, "--year", str(YEAR), "--serve"])
    assert ended.value.code == 2
    assert "prefect server start" in capsys.readouterr().err
