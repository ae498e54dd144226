"""What is new of a batch as a Prefect flow: one task a submission, each handed to a worker process; decides nothing about a claim."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.settings import PREFECT_API_URL
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import prefect_server
from flows.away import Asked, process_away
from flows.batch import Run, process_one, read_tables
from flows.pool import Stopped
from flows.report import Done
from flows.workers import Workers
from flows.workspace import Content
from models.errors import IntakeError, UsageError

log = logging.getLogger(__name__)


def run_flow(context: Run) -> None:
    """Process what waits, and the insurers' tables where they are new."""
    todo = context.plan
    flow_run = intake_batch.with_options(task_runner=_runner(context))
    prefect_server.start()
    with _running(context):
        try:
            flow_run(batch=str(todo.batch), reference=str(context.tables), out=str(todo.out), scheme=todo.scheme, year=todo.year)
        except httpx.HTTPError as error:  # it shows runs, and keeps nothing that counts
            prefect_server.forget_events()
            told = f"Prefect's server doesn't answer any more ({' '.join(str(error).split())})"
            if not context.through:
                raise IntakeError(f"{told}. What is done is committed; see that the server runs, and run the same command again.") from error
            log.warning("%s: its page doesn't show how this run ended. The run itself goes on.", told)


def _runner(context: Run) -> TaskRunner[Any]:
    """Threads of this process, each with a worker process; or the workers of a dask cluster."""
    address = context.settings.run.dask
    if not address:
        # one more than there are processes: while a file that brought one down is tried again by itself, nobody else waits
        return ThreadPoolTaskRunner(max_workers=context.plan.workers + 1)
    if not context.settings.store.database.get_secret_value():
        raise UsageError("INTAKE_RUN__DASK needs a database that all machines reach: set INTAKE_STORE__DATABASE to a PostgreSQL server.")
    if not PREFECT_API_URL.value():  # else each dask worker would start a server of its own, where nobody sees what it tells
        raise UsageError("INTAKE_RUN__DASK needs a Prefect server that all machines reach: start one (prefect server start) and set PREFECT_API_URL here and for the dask workers.")
    from prefect_dask.task_runners import DaskTaskRunner  # takes a second, and most runs need none

    return DaskTaskRunner(address=address)


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
    if context.settings.run.dask:
        _far(context)
        return
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
    context.through = True


def _far(context: Run) -> None:
    """Hand what waits to the dask workers, and read the insurers' tables here meanwhile."""
    todo = context.plan
    asked = Asked(todo, context.inputs)
    futures = [process_far.with_options(task_run_name=folder.name).submit(asked, folder.name) for folder in context.waiting]
    if context.insurers:
        with Workers(context.settings, context.workspace.pages, context.tables, todo.scheme, todo.year, 1) as workers:
            read_tables(context, workers)
    for future in as_completed(futures):
        context.finish(future.result())
    context.through = True


@task(name="process-submission", cache_policy=NO_CACHE, persist_result=False)
def process_far(asked: Asked, submission: str) -> Done:
    """One submission, in a dask worker."""
    from distributed import get_worker

    return process_away(asked, submission, get_worker().state.nthreads)


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
