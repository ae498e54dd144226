"""What is new of a batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.batch import Run, process_one, read_tables
from flows.pool import Stopped
from flows.workers import Workers
from flows.workspace import Content


def run_flow(context: Run) -> None:
    """Process what waits, and the insurers' tables where they are new."""
    todo = context.plan
    # one more than there are processes: while a file that brought one down is tried again by itself, nobody else waits
    # Prefect types a runner by the futures it makes, invariantly: its own runner doesn't fit its own parameter
    flow_run = intake_batch.with_options(task_runner=ThreadPoolTaskRunner(max_workers=todo.workers + 1))  # type: ignore[arg-type]
    with _running(context):
        flow_run(batch=str(todo.batch), reference=str(context.tables), out=str(todo.out), scheme=todo.scheme, year=todo.year)


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
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            context.ending.set()  # what hasn't begun doesn't
            raise


@task(name="process-submission", cache_policy=NO_CACHE, persist_result=False)
def process_submission(folder: Path, content: Content, workers: Workers, out: str) -> None:
    """One submission; what came of it is in the store and its claim on disk when this returns."""
    try:
        process_one(_running.runs[out], folder, content, workers)
    except Stopped:  # the run is broken off, and says so itself
        return


@task(name="read-insurers", cache_policy=NO_CACHE, persist_result=False)
def read_insurers(workers: Workers, out: str) -> None:
    """The insurers' tables."""
    try:
        read_tables(_running.runs[out], workers)
    except Stopped:
        return
