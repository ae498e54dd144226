"""What is new of a batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.batch import Run
from flows.report import Done
from flows.workers import Job, Workers
from flows.workspace import INSURERS, Content, folder_content
from models.errors import LeaseLost
from pipeline.store.blobs import SourceChanged
from pipeline.store.data import Finished, Made, Tables, accounted

log = logging.getLogger(__name__)

ASK_AGAIN = 2.0  # seconds, where another run works on a submission


def run_flow(context: Run) -> None:
    """Process what waits, and the insurers' tables where they are new."""
    todo = context.plan
    # Prefect types a runner by the futures it makes, invariantly: its own runner doesn't fit its own parameter
    flow_run = intake_batch.with_options(task_runner=ThreadPoolTaskRunner(max_workers=todo.workers))  # type: ignore[arg-type]
    with _running(context):
        flow_run(batch=str(todo.batch), reference=str(todo.reference), out=str(todo.out), scheme=todo.scheme, year=todo.year)


class _running:  # noqa: N801  reads as a statement
    """Hands a run to the flow by its output folder, for as long as it lasts; kept out of Prefect's parameters, which it would try to write down."""

    runs: dict[str, Run] = {}

    def __init__(self, context: Run) -> None:
        self._context = context

    def __enter__(self) -> None:
        self.runs[str(self._context.plan.out)] = self._context

    def __exit__(self, *exc: object) -> None:
        del self.runs[str(self._context.plan.out)]


@flow(name="intake-batch", validate_parameters=False)
def intake_batch(batch: str, reference: str, out: str, scheme: str, year: int) -> None:
    """Process every submission of a batch that waits, and the insurers' tables."""
    context = _running.runs[out]
    with Workers(context.settings, context.workspace.pages, Path(reference), scheme, year, context.plan.workers) as workers:
        futures = [process_submission.with_options(task_run_name=folder.name).submit(folder, content, workers, out) for folder, content in context.waiting.items()]
        if context.insurers:
            futures.append(read_insurers.submit(workers, out))
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
        made = Made(context.mark(content), outcome.reader, context.reference)
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


@task(name="read-insurers", cache_policy=NO_CACHE, persist_result=False)
def read_insurers(workers: Workers, out: str) -> None:
    """The insurers' tables. A failure is told in batch.json, and what would have been looked up in them isn't checked."""
    context = _running.runs[out]
    folder, content = context.plan.insurers, context.insurers
    assert folder is not None  # noqa: S101  asked before
    assert content is not None  # noqa: S101
    mark = context.mark(content)
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
