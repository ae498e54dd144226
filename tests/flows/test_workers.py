"""A file that brings a worker process down, or hangs it, is set aside; its submission goes on without it in a fresh process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flows.workers import Job, Workers, _mark
from models.claim import QuarantineReason
from pipeline.settings import RunSettings, Settings


def reads_a_then_b(job: Job) -> tuple[str, ...]:
    """Stands for reading: `a` kills the process or hangs it, `b` is sound."""
    for name in ("a", "b"):
        if name in {q.file for q in job.shunned}:
            continue
        _mark(job.marker, name)
        if name == "a":
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
        assert workers._guarded(dies_once, Job(submission, tmp_path, tmp_path / "marker")) == "done"


@pytest.mark.parametrize(("submission", "reason"), [("dies", QuarantineReason.CRASHED), ("hangs", QuarantineReason.TIMEOUT)])
def test_the_culprit_is_set_aside_and_the_rest_goes_on(papers: Path, tmp_path: Path, submission: str, reason: QuarantineReason) -> None:
    settings = Settings(run=RunSettings(submission_seconds=10))
    with Workers(settings, tmp_path / "pages", papers / "reference", "ningbo-2020", 2021, workers=1) as workers:
        done = workers._guarded(reads_a_then_b, Job(submission, tmp_path, tmp_path / "marker"))
    assert done == (f"a {reason}",)
