"""A batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim.

In:    a folder of submissions.  Out: claims, batch.json, exceptions.xlsx, the insurers' tables.
Fails: UsageError before anything is read; after that every submission ends with a claim.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.workers import Job, PageCount, Workers
from flows.workspace import INSURERS, Workspace, code_version, fingerprint, folder_content, write_json
from models.claim import Claim
from models.errors import UsageError
from models.scheme import load_scheme
from pipeline.output import paper_json
from pipeline.reference import load_reference
from pipeline.settings import Settings
from pipeline.tables.exceptions import write_exceptions

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What a run is to do; making one checks all that a user can get wrong."""

    batch: Path
    reference: Path
    out: Path
    scheme: str
    year: int
    workers: int
    submissions: tuple[Path, ...]
    stray: tuple[str, ...]  # files that lie in the batch outside any submission: told, never lost

    @property
    def insurers(self) -> Path | None:
        folder = self.batch / INSURERS
        return folder if folder.is_dir() else None


@dataclass(frozen=True)
class Done:
    """One finished submission. unchanged: taken from the last run."""

    claim: Claim
    pages: PageCount
    seconds: float = 0.0
    reading_seconds: float = 0.0
    failure: str = ""
    unchanged: bool = False


@dataclass
class Report:
    """What a run did."""

    done: list[Done] = field(default_factory=list)
    stray: tuple[str, ...] = ()
    insurer_documents: int = 0
    insurer_failure: str = ""
    seconds: float = 0.0

    @property
    def claims(self) -> list[Claim]:
        return [d.claim for d in self.done]

    @property
    def failed(self) -> list[Done]:
        return [d for d in self.done if d.failure]

    @property
    def pages(self) -> PageCount:
        return PageCount(*(sum(column) for column in zip(*(d.pages for d in self.done), strict=True))) if self.done else PageCount()

    @property
    def fresh_pages(self) -> int:
        """Pages that this run itself went through."""
        return sum(d.pages.all for d in self.done if not d.unchanged)


def plan(batch: Path, reference: Path, out: Path, scheme: str, year: int, workers: int) -> Plan:
    """Check what the user named. Raises UsageError (folder, year), SchemeUnknown, ReferenceInvalid."""
    if not batch.is_dir():
        raise UsageError(f"There is no batch folder {batch}. Name the folder that holds one folder a submission.")
    if not reference.is_dir():
        raise UsageError(f"There is no reference folder {reference}. Name the folder that holds catalogue.csv and the other tables with --reference.")
    if out.resolve() == batch.resolve() or batch.resolve() in out.resolve().parents:
        raise UsageError(f"The results can't go into the batch itself ({out}). Name another folder with --out.")
    entries = sorted(path for path in batch.iterdir() if not path.name.startswith("."))
    submissions = tuple(path for path in entries if path.is_dir() and path.name != INSURERS)
    if not submissions:
        raise UsageError(f"{batch} holds no submission. Put the files of each submission into a folder of its own, named with its number.")
    load_scheme(scheme)
    load_reference(reference)
    return Plan(batch, reference, out, scheme, year, workers, submissions, tuple(path.name for path in entries if not path.is_dir()))


Progress = Callable[[Done], None]


def run(todo: Plan, settings: Settings, progress: Progress = lambda done: None) -> Report:
    """Run a plan to its end and write everything. progress: told of each submission as it ends."""
    started = time.monotonic()
    workspace = Workspace(todo.out)
    report = Report(stray=todo.stray)
    context = _Run(todo, settings, workspace, report, progress)
    flow_run = intake_batch.with_options(task_runner=ThreadPoolTaskRunner(max_workers=todo.workers))
    with _running(context):
        flow_run(batch=str(todo.batch), reference=str(todo.reference), out=str(todo.out), scheme=todo.scheme, year=todo.year)
    report.done.sort(key=lambda d: d.claim.submission_id)
    report.seconds = time.monotonic() - started
    write_exceptions(todo.out / "exceptions.xlsx", report.claims)
    write_json(todo.out / "batch.json", batch_json(todo, report))
    return report


@dataclass
class _Run:
    """What the flow's tasks share; kept out of Prefect's parameters, which it would try to write down."""

    plan: Plan
    settings: Settings
    workspace: Workspace
    report: Report
    progress: Progress
    lock: threading.Lock = field(default_factory=threading.Lock)
    inputs: str = ""

    def finish(self, done: Done) -> None:
        with self.lock:
            self.report.done.append(done)
            self.progress(done)


class _running:  # noqa: N801  reads as a statement
    """Hands a run to the flow by its output folder, for as long as it lasts."""

    runs: dict[str, _Run] = {}

    def __init__(self, context: _Run) -> None:
        self._context = context

    def __enter__(self) -> None:
        self.runs[str(self._context.plan.out)] = self._context

    def __exit__(self, *exc: object) -> None:
        del self.runs[str(self._context.plan.out)]


@flow(name="intake-batch", validate_parameters=False)
def intake_batch(batch: str, reference: str, out: str, scheme: str, year: int) -> None:
    """Process every submission of a batch that is new or changed, then the insurers' tables."""
    context = _running.runs[out]
    todo, workspace = context.plan, context.workspace
    context.inputs = fingerprint(code_version(), folder_content(Path(reference)), context.settings.model_dump_json(exclude={"run"}), scheme, year)
    waiting = []
    for folder in todo.submissions:
        mark = fingerprint(context.inputs, folder_content(folder))
        stored = workspace.done(folder.name, mark)
        if stored:
            context.finish(Done(stored.claim, PageCount(*stored.pages), unchanged=True))
        else:
            waiting.append((folder, mark))
    tables = _insurers_to_read(context)
    if not waiting and not tables:
        return
    with Workers(context.settings, workspace.pages, Path(reference), scheme, year, todo.workers) as workers:
        futures = [process_submission.with_options(task_run_name=folder.name).submit(folder, mark, workers, out) for folder, mark in waiting]
        if tables:
            futures.append(read_insurers.submit(tables, workers, out))
        for future in as_completed(futures):
            future.result()


@task(name="process-submission", cache_policy=NO_CACHE, persist_result=False)
def process_submission(folder: Path, mark: str, workers: Workers, out: str) -> None:
    """One submission, in a worker process; its claim is on disk when this returns."""
    context = _running.runs[out]
    outcome = workers.process(Job(folder.name, folder, context.workspace.marker(folder.name)))
    context.workspace.save(mark, outcome.claim, outcome.pages)
    if outcome.failure:
        context.workspace.forget(folder.name)
    context.finish(Done(outcome.claim, outcome.pages, outcome.seconds, outcome.reading_seconds, outcome.failure))


def _insurers_to_read(context: _Run) -> str:
    """Fingerprint of the insurers' folder where it is new or changed, "" else."""
    folder = context.plan.insurers
    if folder is None:
        return ""
    mark = fingerprint(context.inputs, folder_content(folder))
    seen = context.workspace.work / "insurers"
    return "" if seen.exists() and seen.read_text("utf-8") == mark else mark


@task(name="read-insurers", cache_policy=NO_CACHE, persist_result=False)
def read_insurers(mark: str, workers: Workers, out: str) -> None:
    """The insurers' tables: documents.json. A failure is told in batch.json; no claim hangs on it."""
    context = _running.runs[out]
    folder = context.plan.insurers
    assert folder is not None  # noqa: S101  asked before
    target = context.plan.out / INSURERS
    target.mkdir(exist_ok=True)
    try:
        papers, quarantined = workers.read_tables(Job(INSURERS, folder, context.workspace.marker(INSURERS)))
    except Exception:
        log.exception("the insurers' tables could not be read")
        context.report.insurer_failure = "The insurers' tables could not be read; see the log."
        write_json(target / "documents.json", [])
        return
    write_json(target / "documents.json", [paper_json(paper) for paper in papers])
    write_json(target / "quarantined.json", [q.model_dump(mode="json") for q in quarantined])
    context.workspace.marker(INSURERS).unlink(missing_ok=True)
    (context.workspace.work / INSURERS.strip("_")).write_text(mark, "utf-8")
    context.report.insurer_documents = len(papers)


def batch_json(todo: Plan, report: Report) -> dict[str, Any]:
    """Counts, timings and failures of a run: OUT/batch.json."""
    return {
        "contract": 1,
        "batch": todo.batch.name,
        "scheme": todo.scheme,
        "year": todo.year,
        "submissions": {
            "all": len(report.done),
            "unchanged": sum(d.unchanged for d in report.done),
            "failed": len(report.failed),
        },
        "triage": dict(sorted(Counter(claim.triage.value for claim in report.claims).items())),
        "flags": dict(sorted(Counter(flag.code for claim in report.claims for flag in claim.flags).items())),
        "pages": {"all": report.pages.all, **report.pages._asdict(), "this_run": report.fresh_pages},
        "quarantined": [{"submission_id": claim.submission_id, "file": q.file, "reason": q.reason.value} for claim in report.claims for q in claim.quarantined],
        "stray_files": list(report.stray),
        "insurers": {"documents": report.insurer_documents, **({"failure": report.insurer_failure} if report.insurer_failure else {})},
        "seconds": {
            "whole": round(report.seconds, 2),
            "reading": round(sum(d.reading_seconds for d in report.done), 2),
            "submissions": round(sum(d.seconds for d in report.done), 2),
            "a_page": round(report.seconds / report.fresh_pages, 4) if report.fresh_pages else None,
        },
        "workers": todo.workers,
        "failures": [{"submission_id": d.claim.submission_id, "error": _last_line(d.failure)} for d in report.failed],
    }


def _last_line(trace: str) -> str:
    lines: Sequence[str] = trace.strip().splitlines()
    return lines[-1] if lines else ""
