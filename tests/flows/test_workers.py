"""A file that brings a worker process down, or hangs it, is set aside; its submission goes on without it in a fresh process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import cv2
import pytest

from flows import workers as flows_workers
from flows.workers import Job, Workers, _mark
from models.claim import QuarantineReason
from pipeline.cage import CageSettings
from pipeline.settings import Settings


def reads_a_then_b(job: Job) -> tuple[str, ...]:
    """Stands for reading: `a` kills the process or hangs it, `b` is sound."""
    for name in ("a", "b"):
        if name in {q.file for q in job.shunned}:
            continue
        _mark(job.marker, name)
        flows_workers._context.cage.file()  # type: ignore[union-attr]
        if name == "a":
            with job.marker.with_suffix(".tries").open("a") as tries:
                tries.write(f"{os.getpid()} ")
            if job.submission_id == "hangs":
                time.sleep(60)
            os._exit(9)
    return tuple(f"{q.file} {q.reason}" for q in job.shunned)


def dies_once(job: Job) -> str:
    """Stands for a worker that is killed for a reason of its own: the first one over a submission doesn't live."""
    _mark(job.marker, "a" if job.submission_id == "reading" else "")
    seen = job.marker.with_suffix(".seen")
    if not seen.exists():
        seen.touch()
        os._exit(9)
    return "done"


@pytest.mark.parametrize("submission", ["reading", "judging"])
def test_a_worker_that_dies_once_costs_no_file(papers: Path, tmp_path: Path, submission: str) -> None:
    with Workers(Settings(), tmp_path / "pages", papers / "reference", "ningbo-2020", 2021, workers=1) as workers:
        assert workers.guarded(dies_once, Job(submission, tmp_path, tmp_path / "marker")) == "done"


def greedy(job: Job) -> str:
    """Stands for a file that is decoded to more than there may be: what a library asks for in vain, and what is really there."""
    flows_workers._context.cage.file()  # type: ignore[union-attr]
    try:
        bytearray(2**31)
    except MemoryError:
        return f"refused at {_held_mib()}"
    return "given"


def _held_mib() -> int:
    return int(next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


@pytest.mark.parametrize(("submission", "reason"), [("dies", QuarantineReason.CRASHED), ("hangs", QuarantineReason.TIMEOUT)])
def test_the_culprit_is_tried_twice_and_set_aside_and_the_rest_goes_on(papers: Path, tmp_path: Path, submission: str, reason: QuarantineReason) -> None:
    settings = Settings(cage=CageSettings(file_seconds=1))
    with Workers(settings, tmp_path / "pages", papers / "reference", "ningbo-2020", 2021, workers=1) as workers:
        done = workers.guarded(reads_a_then_b, Job(submission, tmp_path, tmp_path / "marker"))
    assert done == (f"a {reason}",)
    assert len(set((tmp_path / "marker.tries").read_text().split())) == 2  # the second time in another process


def test_memory_beyond_the_limit_is_refused_and_the_worker_lives(papers: Path, tmp_path: Path) -> None:
    with Workers(Settings(), tmp_path / "pages", papers / "reference", "ningbo-2020", 2021, workers=1) as workers:
        told = workers.guarded(greedy, Job("greedy", tmp_path, tmp_path / "marker"))
        assert told.startswith("refused at ")
        assert int(told.split()[-1]) < CageSettings().parse_mib
        assert workers.guarded(greedy, Job("greedy", tmp_path, tmp_path / "marker")).startswith("refused")


def threads_of_pictures(job: Job) -> int:
    """What a worker works on pictures with."""
    return cv2.getNumThreads()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_worker_takes_no_more_threads_than_it_is_given(papers: Path, tmp_path: Path, threads: int) -> None:
    settings = Settings()
    given = settings.reader.model_copy(update={"ocr": settings.reader.ocr.model_copy(update={"threads": threads})})
    with Workers(settings.model_copy(update={"reader": given}), tmp_path / "pages", papers / "reference", "ningbo-2020", 2021, workers=1) as workers:
        assert workers.guarded(threads_of_pictures, Job("any", tmp_path, tmp_path / "marker")) == threads
