"""A batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim.

In:    a folder of submissions.  Out: claims, batch.json, exceptions.xlsx, the insurers' tables.
Fails: not for what a submission holds: every one ends with a claim. What a user can get wrong is checked before (flows/plan.py).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from extractors.reading import Reader
from flows.plan import Plan
from flows.report import Done, Report, batch_json
from flows.workers import Job, PageCount, Workers
from flows.workspace import INSURERS, LastRun, StoredTables, Workspace, code_version, fingerprint, folder_content, write_json
from models.scheme import load_scheme
from pipeline.calibration import Calibration, load
from pipeline.learning.versions import used
from pipeline.process import judge_across
from pipeline.reference import load_reference
from pipeline.settings import Settings
from pipeline.tables.exceptions import write_exceptions

log = logging.getLogger(__name__)


Progress = Callable[[Done], None]


def run(todo: Plan, settings: Settings, progress: Progress = lambda done: None) -> Report:
    """Run a plan to its end and write everything. progress: told of each submission as it ends."""
    started = time.monotonic()
    workspace = Workspace(todo.out)
    report = Report(stray=todo.stray)
    context = _Run(todo, settings, workspace, report, progress, load(settings.confidence.calibration))
    # Prefect types a runner by the futures it makes, invariantly: its own runner doesn't fit its own parameter
    flow_run = intake_batch.with_options(task_runner=ThreadPoolTaskRunner(max_workers=todo.workers))  # type: ignore[arg-type]
    reader = Reader(settings.reader).version
    workspace.begin(LastRun(
        scheme=todo.scheme, year=todo.year, reference=str(todo.reference.resolve()), submissions=tuple(folder.name for folder in todo.submissions),
        batch=str(todo.batch.resolve()), reader=reader))
    warn_of(context.calibration, settings.confidence.allowed, reader)
    if not todo.insurers and workspace.tables().papers:  # those of an earlier run
        workspace.save_tables(StoredTables(fingerprint=""))
    with _running(context):
        flow_run(batch=str(todo.batch), reference=str(todo.reference), out=str(todo.out), scheme=todo.scheme, year=todo.year)
    report.done.sort(key=lambda d: d.claim.submission_id)
    look_across(context)
    report.seconds = time.monotonic() - started
    write_exceptions(todo.out / "exceptions.xlsx", report.claims)
    write_json(todo.out / "batch.json", batch_json(todo, report))
    return report


def warn_of(calibration: Calibration, allowed: float, reader: str) -> None:
    """Say what a fit can't answer for. A fit for another reader is used all the same: what is doubtful to one mostly is so to the next."""
    if not calibration.fits(reader):
        log.warning("confidence was fitted for the reader %r, not for %r: run intake calibrate on a batch whose truth is known", calibration.reader, reader)
    if not calibration.limit(allowed):
        log.warning(
            "no value will be accepted: confidence was fitted on %d values, which can't vouch for %g %% silent errors; set INTAKE_CONFIDENCE__SILENT_ERRORS to %.2f or more, "
            "or run intake calibrate on more batches whose truth is known", calibration.figures.values, 100 * allowed, 100 * calibration.least() + 0.005)


def look_across(context: _Run) -> None:
    """Judge the claims of a run side by side, and write those that this changes."""
    todo, workspace = context.plan, context.workspace
    tables = workspace.tables()
    done = context.report.done
    unread = bool(tables.unread or context.report.insurer_failure)
    claims = judge_across([d.claim for d in done], tables.papers, load_reference(todo.reference), load_scheme(todo.scheme), todo.year, unread)
    for n, (before, claim) in enumerate(zip(done, claims, strict=True)):
        if claim.flags != before.claim.flags:
            if before.mark:
                workspace.save(before.mark, claim, before.pages)
            else:
                workspace.show(claim)
        done[n] = replace(before, claim=claim)


@dataclass
class _Run:
    """What the flow's tasks share; kept out of Prefect's parameters, which it would try to write down."""

    plan: Plan
    settings: Settings
    workspace: Workspace
    report: Report
    progress: Progress
    calibration: Calibration
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
    settings = context.settings.model_dump_json(exclude={"run"})
    context.inputs = fingerprint(
        code_version(), folder_content(Path(reference)), settings, context.calibration.model_dump_json(), _learned(context.settings), scheme, year)
    waiting = []
    for folder in todo.submissions:
        mark = fingerprint(context.inputs, folder_content(folder))
        stored = workspace.done(folder.name, mark)
        if stored:
            context.finish(Done(stored.claim, PageCount(*stored.pages), unchanged=True, mark=mark))
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


def _learned(settings: Settings) -> str:
    """Changes when another learned model comes into use."""
    folder = settings.extraction.learned
    return folder_content(folder / used(folder)) if folder is not None and used(folder) else ""


@task(name="process-submission", cache_policy=NO_CACHE, persist_result=False)
def process_submission(folder: Path, mark: str, workers: Workers, out: str) -> None:
    """One submission, in a worker process; its claim is on disk when this returns."""
    context = _running.runs[out]
    outcome = workers.process(Job(folder.name, folder, context.workspace.marker(folder.name)))
    context.workspace.save(mark, outcome.claim, outcome.pages)
    if outcome.failure:
        context.workspace.forget(folder.name)
    context.finish(Done(outcome.claim, outcome.pages, outcome.seconds, outcome.reading_seconds, outcome.failure, mark="" if outcome.failure else mark))


def _insurers_to_read(context: _Run) -> str:
    """Fingerprint of the insurers' folder where it is new or changed, "" else."""
    folder = context.plan.insurers
    if folder is None:
        return ""
    mark = fingerprint(context.inputs, folder_content(folder))
    known = context.workspace.tables()
    context.report.insurer_documents = len(known.papers)
    return "" if known.fingerprint == mark else mark


@task(name="read-insurers", cache_policy=NO_CACHE, persist_result=False)
def read_insurers(mark: str, workers: Workers, out: str) -> None:
    """The insurers' tables. A failure is told in batch.json, and what would have been looked up in them isn't checked."""
    context = _running.runs[out]
    folder = context.plan.insurers
    assert folder is not None  # noqa: S101  asked before
    try:
        papers, quarantined = workers.read_tables(Job(INSURERS, folder, context.workspace.marker(INSURERS)))
    except Exception:
        log.exception("the insurers' tables could not be read")
        context.report.insurer_failure = "The insurers' tables could not be read; see the log."
        papers, quarantined, mark = (), (), ""
    context.workspace.save_tables(StoredTables(fingerprint=mark, papers=papers, unread=tuple(q.file for q in quarantined)))
    write_json(context.plan.out / INSURERS / "quarantined.json", [q.model_dump(mode="json") for q in quarantined])
    context.report.insurer_documents = len(papers)
