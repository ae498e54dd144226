"""Progress and metrics tell what happened: speed and time left by the ends of submissions, counts for Prometheus by port and by file, lines for people and programs."""

from __future__ import annotations

import json
import shutil
import socket
import urllib.request
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from invented_claim import judged
from rich.console import Console

from flows import metrics
from flows.bulk import figures_of, forecast_error
from flows.pace import Pace
from flows.report import Done
from flows.screen import Bar, How
from flows.stopwatch import RUN, SERVER, WORKER, Process, Watched
from flows.workers import PageCount
from models.claim import Quarantined, QuarantineReason
from models.errors import SettingsInvalid
from models.paper import Track
from pipeline.settings import MetricsSettings
from pipeline.store.data import InForce


def done(number: int = 1, *, unchanged: bool = False, failure: str = "", set_aside: tuple[QuarantineReason, ...] = ()) -> Done:
    claim = judged(Track.EQUIPMENT, submission_id=f"S-{number}").model_copy(update={"quarantined": tuple(Quarantined(file="x.pdf", reason=reason) for reason in set_aside)})
    return Done(claim, PageCount(read=7, blank=1), InForce(number, 1, datetime(2021, 1, 4, tzinfo=UTC)), 4.0, 3.0, 0.5, failure, unchanged)


# ---------------------------------------------------------------- pace


@pytest.mark.parametrize(
    ("ends", "speed", "left"),  # ends: when, and after how long
    [
        ((), None, None),
        (((30.0, 2.0), (32.0, 2.0)), None, None),  # two ends tell nothing
        (((30.0, 2.0), (32.0, 2.0), (34.0, 2.0)), 4.0, 14.0),  # however late the first came: starting isn't the speed
        (((30.0, 0.0), (30.0, 0.0), (30.0, 0.0)), None, None),  # no time passed
        (((31.0, 4.0), (33.0, 6.0), (35.0, 4.0), (39.0, 6.0)), 3.0, 16.0),  # two at once: the fifth is half done
        (tuple((float(at), 1.0) for at in range(1, 11)), 8.0, 0.0),
    ],
)
def test_speed_and_time_left_are_told_from_begins_and_ends(ends: tuple[tuple[float, float], ...], speed: float | None, left: float | None) -> None:
    pace = Pace(10)
    for end, seconds in ends:
        pace.end(end, 8, seconds)
    assert (pace.pages_a_second, pace.seconds_left) == (speed, left)


@pytest.mark.parametrize("workers", [1, 2, 7])
@pytest.mark.parametrize("together", [True, False], ids=["all workers end at once", "one after another"])
def test_however_workers_end_the_forecast_after_two_rounds_is_not_far_off(workers: int, together: bool) -> None:
    pace = Pace(20 * workers)
    ends = sorted(10.0 * turn + (0.0 if together else 10.0 * worker / workers) for worker in range(workers) for turn in range(1, 21))
    for end in ends[: 2 * workers + 1]:
        pace.end(end, 8, 10.0)
    assert pace.seconds_left == pytest.approx(ends[-1] - ends[2 * workers], rel=0.3)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_workers_first_submission_that_takes_thrice_as_long_does_not_mislead(workers: int) -> None:
    pace = Pace(20 * workers)
    ends = sorted(30.0 + 10.0 * turn + 10.0 * worker / workers for worker in range(workers) for turn in range(20))
    for n, end in enumerate(ends[: 2 * workers + 1]):
        pace.end(end, 8, 30.0 + 10.0 * n / workers if n < workers else 10.0)
    assert pace.seconds_left == pytest.approx(ends[-1] - ends[2 * workers], rel=0.15)


def test_what_is_taken_over_says_nothing_of_the_speed() -> None:
    pace = Pace(10)
    for _ in range(5):
        pace.end(0.0, 8, 0.0, unchanged=True)
    assert pace.seconds_left is None
    for at in (10.0, 20.0, 30.0):
        pace.end(at, 8, 10.0)
    assert (pace.left, pace.seconds_left) == (2, 20.0)


# ---------------------------------------------------------------- progress


def shown(how: How, times: int = 2) -> list[str]:
    out = StringIO()
    with Bar(times, how, Console(file=out, width=40)) as bar:
        for number in range(times):
            bar(done(number, unchanged=number == 0))
    return out.getvalue().splitlines()


def test_progress_as_json_is_a_whole_line_a_submission() -> None:
    first, second = map(json.loads, shown("json"))
    assert (first["submission_id"], first["unchanged"], first["done"], first["of"], first["seconds_left"]) == ("S-0", True, 1, 2, None)
    assert (second["outcome"], second["pages"], second["seconds"], second["done"], second["seconds_left"]) == (done().claim.triage.value, 8, 4.0, 2, 0.0)


@pytest.mark.parametrize("how", ["auto", "plain"])
def test_where_there_is_no_terminal_the_end_is_told_in_a_plain_line(how: How) -> None:
    assert [line.startswith("已完成 2/2") for line in shown(how)] == [True]


# ---------------------------------------------------------------- metrics


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_every_end_is_counted_once_and_what_is_unchanged_has_no_pages() -> None:
    kinds = {
        "unchanged": ("intake_submissions_total", {"outcome": "unchanged"}), "failed": ("intake_submissions_total", {"outcome": "failed"}),
        "queue": ("intake_submissions_total", {"outcome": done().claim.triage.value}), "read": ("intake_pages_total", {"source": "read"}), "blank": ("intake_pages_total", {"source": "blank"}),
        "locked": ("intake_quarantined_files_total", {"reason": "encrypted"}), "stored": ("intake_submission_seconds_sum", {"part": "storage"}), "judged": ("intake_submission_seconds_sum", {"part": "judging"}),
    }
    before = {kind: value(name, **labels) for kind, (name, labels) in kinds.items()}
    for one in (done(), done(set_aside=(QuarantineReason.ENCRYPTED,)), done(failure="KeyError"), done(unchanged=True)):
        metrics.ended(one)
    assert {kind: value(name, **labels) - before[kind] for kind, (name, labels) in kinds.items()} == {
        "unchanged": 1, "failed": 1, "queue": 2, "read": 21, "blank": 3, "locked": 1, "stored": 1.5, "judged": 3.0}


def test_metrics_can_be_fetched_while_a_run_lasts_and_read_from_a_file_after_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = tmp_path / "intake.prom"
    with metrics.exposed(MetricsSettings(port=port, file=file)):
        metrics.WAITING.set(12)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert "intake_submissions_waiting 12.0" in answer.read().decode()
        with pytest.raises(SettingsInvalid, match="INTAKE_METRICS__PORT"), metrics.exposed(MetricsSettings(port=port)):
            pass
    assert "intake_submissions_waiting 12.0" in file.read_text("utf-8")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)
    with pytest.raises(SettingsInvalid, match="INTAKE_METRICS__FILE"), metrics.exposed(MetricsSettings(file=tmp_path / "nowhere" / "x.prom")):
        pass


def test_metrics_that_cant_be_written_any_more_end_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "collector"
    folder.mkdir()
    with metrics.exposed(MetricsSettings(file=folder / "intake.prom")):
        shutil.rmtree(folder)
    assert str(folder) in caplog.text


# ---------------------------------------------------------------- what make bulk makes of what it saw


def watched(told_left: float) -> Watched:
    """Ten submissions in two workers, one every 2 s from second 14 on, 4 s each; the command takes 40 s."""
    ends = tuple(
        (14.0 + 2 * n, {"unchanged": False, "seconds": 4.0, "pages": 8, "done": n + 1, "of": 10, "seconds_left": told_left if n else None}) for n in range(10))
    processes = (Process(RUN, 3.0, [(0.0, 100.0)]), Process(SERVER, 2.0, [(0.0, 90.0)]), Process(WORKER, 20.0, [(0.0, 300.0)]), Process(WORKER, 25.0, [(0.0, 310.0)]))
    return Watched(40.0, ends, processes, "")


def test_the_share_around_reading_is_told_by_processor_time_and_by_what_the_workers_waited() -> None:
    figures = figures_of(watched(16.0), {"pages": {"all": 80}, "seconds": {"storage": 1.0}}, workers=2)
    assert figures["processor_share"] == 0.1
    assert (figures["starting_seconds"], figures["working_seconds"], figures["ending_seconds"]) == (10.0, 22.0, 8.0)
    assert (figures["idle_share"], figures["pages_a_second"]) == (round(1 - 40 / 44, 4), round(80 / 22, 2))
    assert figures["most_mb"] == {RUN: 100, SERVER: 90, WORKER: 310}


@pytest.mark.parametrize(("told", "error"), [(16.0, 0.0), (20.0, 0.25), (8.0, -0.5)])
def test_a_forecast_is_held_against_what_came(told: float, error: float) -> None:
    assert forecast_error(watched(told)) == error  # first told at 16 s, when 16 s were to come
