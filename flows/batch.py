"""A batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim.

In:    a folder of submissions.  Out: claims, batch.json, exceptions.xlsx, the insurers' tables.
Fails: not for what a submission holds: every one ends with a claim. What a user can get wrong is checked before (flows/plan.py).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.plan import Plan
from flows.report import Done, Report, batch_json
from flows.workers import Job, PageCount, Workers
from flows.workspace import INSURERS, Content, LastRun, Workspace, code_version, fingerprint, folder_content, write_json
from models.errors import LeaseLost
from models.scheme import load_scheme
from pipeline.process import judge_across
from pipeline.reference import load_reference
from pipeline.settings import Settings
from pipeline.store.blobs import SourceChanged
from pipeline.store.data import Finished, Made, MadeBy, Tables, accounted
from pipeline.tables.exceptions import write_exceptions

if TYPE_CHECKING:
    from flows.records import Records

log = logging.getLogger(__name__)

ASK_AGAIN = 2.0  # seconds, where another run works on a submission

Progress = Callable[[Done], None]


def run(todo: Plan, settings: Settings, progress: Progress = lambda done: None, retry_failed: bool = False) -> Report:
    """Run a plan to its end and write everything. progress: told of each submission as it ends. retry_failed: take up again what failed before."""
    started = time.monotonic()
    workspace = Workspace(todo.out)
    report = Report(stray=todo.stray)
    asked = LastRun(
        batch=todo.name, scheme=todo.scheme, year=todo.year, reference=str(todo.reference.resolve()), submissions=tuple(folder.name for folder in todo.submissions))
    workspace.begin(asked)
    # Prefect types a runner by the futures it makes, invariantly: its own runner doesn't fit its own parameter
    flow_run = intake_batch.with_options(task_runner=ThreadPoolTaskRunner(max_workers=todo.workers))  # type: ignore[arg-type]
    with workspace.records(settings.store, asked) as records:
        context = _Run(todo, settings, workspace, records, report, progress, retry_failed)
        with _running(context):
            flow_run(batch=str(todo.batch), reference=str(todo.reference), out=str(todo.out), scheme=todo.scheme, year=todo.year)
        report.done.sort(key=lambda d: d.claim.submission_id)
        look_across(context)
    report.seconds = time.monotonic() - started
    write_exceptions(todo.out / "exceptions.xlsx", report.claims)
    write_json(todo.out / "batch.json", batch_json(todo, report))
    return report


def look_across(context: _Run) -> None:
    """Judge the claims of a run side by side; write those that this changes, and show what isn't shown yet."""
    todo, records = context.plan, context.records
    tables = records.tables()
    done = context.report.done
    unread = bool(tables.quarantined or context.report.insurer_failure)
    claims = judge_across([d.claim for d in done], tables.papers, load_reference(todo.reference), load_scheme(todo.scheme), todo.year, unread)
    for n, (before, claim) in enumerate(zip(done, claims, strict=True)):
        in_force = before.in_force
        if claim.flags != before.claim.flags:
            in_force = records.revise(in_force, claim, MadeBy.ACROSS)
            done[n] = replace(before, claim=claim, in_force=in_force)
        context.workspace.show(claim, in_force.made_at, anew=in_force != before.in_force)


@dataclass
class _Run:
    """What the flow's tasks share; kept out of Prefect's parameters, which it would try to write down."""

    plan: Plan
    settings: Settings
    workspace: Workspace
    records: Records
    report: Report
    progress: Progress
    retry_failed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    inputs: str = ""
    tables_version: str = ""

    def finish(self, done: Done) -> None:
        with self.lock:
            self.report.done.append(done)
            self.progress(done)

    def finish_known(self, submissions: Collection[str]) -> None:
        """Take over what stands in the store."""
        for known in self.records.known(submissions):
            self.finish(Done(known.claim, PageCount(*known.pages), known.in_force, failure=known.failure, unchanged=True))


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
    context.tables_version = folder_content(Path(reference)).mark
    context.inputs = fingerprint(code_version(), context.tables_version, context.settings.model_dump_json(exclude={"run", "store", "review", "pictures"}), scheme, year)
    contents = {folder: folder_content(folder) for folder in todo.submissions}
    waiting = set(context.records.register({folder.name: fingerprint(context.inputs, content.mark) for folder, content in contents.items()}, context.retry_failed))
    context.finish_known([folder.name for folder in contents if folder.name not in waiting])
    tables = _insurers_to_read(context)
    if not waiting and not tables:
        return
    with Workers(context.settings, workspace.pages, Path(reference), scheme, year, todo.workers) as workers:
        futures = [
            process_submission.with_options(task_run_name=folder.name).submit(folder, content, workers, out) for folder, content in contents.items() if folder.name in waiting]
        if tables:
            futures.append(read_insurers.submit(tables, workers, out))
        for future in as_completed(futures):
            future.result()


@task(name="process-submission", cache_policy=NO_CACHE, persist_result=False)
def process_submission(folder: Path, content: Content, workers: Workers, out: str) -> None:
    """One submission, in a worker process; what came of it is in the store and its claim on disk when this returns."""
    context = _running.runs[out]
    records = context.records
    while True:
        lease = records.take(folder.name)
        if lease is None:  # another run works on the same batch
            if records.known([folder.name]):
                context.finish_known([folder.name])
                return
            time.sleep(ASK_AGAIN)
            continue
        try:
            originals = records.keep_originals(folder, content.hashes)
        except SourceChanged:
            records.release(lease)
            content = folder_content(folder)
            continue
        outcome = workers.process(Job(folder.name, folder, context.workspace.marker(folder.name)))
        made = Made(fingerprint(context.inputs, content.mark), outcome.reader, context.tables_version)
        finished = Finished(outcome.claim, accounted(outcome.files, originals), made, outcome.seconds, outcome.reading_seconds, outcome.reason, outcome.failure)
        try:
            in_force = records.finish(lease, finished)
        except LeaseLost as error:
            log.warning("%s", error)
            continue
        context.workspace.show(outcome.claim, in_force.made_at)
        context.workspace.marker(folder.name).unlink(missing_ok=True)
        context.finish(Done(outcome.claim, outcome.pages, in_force, outcome.seconds, outcome.reading_seconds, outcome.failure))
        return


def _insurers_to_read(context: _Run) -> Content | None:
    """The insurers' folder where it is new or changed."""
    todo, records = context.plan, context.records
    folder = todo.insurers
    known = records.tables()
    if folder is None:
        if known.fingerprint or (todo.out / INSURERS).exists():  # of an earlier run
            records.keep_tables(Tables(fingerprint=""), ())
            context.workspace.show_tables(Tables(fingerprint=""))
        return None
    content = folder_content(folder)
    if known.fingerprint != fingerprint(context.inputs, content.mark):
        return content
    context.report.insurer_documents = len(known.papers)
    context.workspace.show_tables(known)
    return None


@task(name="read-insurers", cache_policy=NO_CACHE, persist_result=False)
def read_insurers(content: Content, workers: Workers, out: str) -> None:
    """The insurers' tables. A failure is told in batch.json, and what would have been looked up in them isn't checked."""
    context = _running.runs[out]
    folder = context.plan.insurers
    assert folder is not None  # noqa: S101  asked before
    mark = fingerprint(context.inputs, content.mark)
    originals = context.records.keep_originals(folder, content.hashes)
    try:
        papers, quarantined, files = workers.read_tables(Job(INSURERS, folder, context.workspace.marker(INSURERS)))
    except Exception:
        log.exception("the insurers' tables could not be read")
        context.report.insurer_failure = "The insurers' tables could not be read; see the log."
        papers, quarantined, files, mark = (), (), (), ""
    tables = Tables(fingerprint=mark, papers=papers, quarantined=quarantined)
    context.records.keep_tables(tables, accounted(files, originals))
    context.workspace.show_tables(tables)
    context.workspace.marker(INSURERS).unlink(missing_ok=True)
    context.report.insurer_documents = len(papers)
