"""A submission taken through by a dask worker, on this machine or another: taken, read, judged and committed there, by itself.

In:    what the run is asked to do, as plain data; the worker's own environment, from which it opens the store.  Out: what came of the submission.
Fails: UsageError where a worker can't do what was asked of it: other sources, settings or tables than the machine that started the run, or no right to start processes.

Nothing of a run can be sent along but its plan: connections, leases and worker processes belong to a process. So each dask worker builds them once for a run and keeps
them. A dask worker that dies leaves a lease that ends by itself; dask gives its tasks to another one, which waits for that.
"""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple

from flows.batch import Run, process_one
from flows.plan import Plan
from flows.report import Done, Report
from flows.workers import Workers
from flows.workspace import LastRun, Workspace, folder_content
from models.errors import UsageError
from pipeline.calibration import load
from pipeline.settings import Settings


class Asked(NamedTuple):
    """What a dask worker is told of a run. inputs: fingerprint of all that claims are made from beside the papers; it must come to the same there."""

    plan: Plan
    inputs: str


class _Site(NamedTuple):
    """A run as one dask worker works on it."""

    context: Run
    workers: Workers
    open: ExitStack


_site: tuple[Asked, _Site] | None = None
_lock = threading.Lock()


def process_away(asked: Asked, submission: str, threads: int) -> Done:
    """Take one submission through. threads: tasks that this dask worker does at once, so worker processes that it needs. Called in the dask worker."""
    folder = asked.plan.batch / submission
    site = _site_of(asked, threads)
    ended: list[Done] = []
    own = replace(site.context, report=Report(), progress=ended.append, lock=threading.Lock())
    process_one(own, folder, folder_content(folder), site.workers)
    return ended[0]


def _site_of(asked: Asked, threads: int) -> _Site:
    """The store, the leases and the worker processes of a run; made when its first task comes, in place of the run's before."""
    global _site
    with _lock:
        if _site is None or _site[0] != asked:
            _close()
            _site = asked, _opened(asked, threads)
        return _site[1]


def _opened(asked: Asked, threads: int) -> _Site:
    if multiprocessing.current_process().daemon:
        raise UsageError("This dask worker may not start processes of its own. Start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False.")
    plan, settings = replace(asked.plan, reference=None), Settings.read()  # the run has brought its tables into force
    workspace = Workspace(plan.out)
    with ExitStack() as stack:
        records = stack.enter_context(workspace.records(settings.store, LastRun(batch=plan.name, scheme=plan.scheme, year=plan.year, reference="", submissions=())))
        context = Run(plan, settings, workspace, records, Report(), lambda done: None, load(settings.confidence.calibration))
        context.settle()
        if context.inputs != asked.inputs:
            raise UsageError("This dask worker has other sources, settings, reference tables or learned models than the machine that started the run. Install the same version, set the same INTAKE_ variables.")
        workers = stack.enter_context(Workers(settings, workspace.pages, context.tables, plan.scheme, plan.year, threads))
        return _Site(context, workers, stack.pop_all())


def _close() -> None:
    """Give back what the run before held."""
    global _site
    if _site is not None:
        _site[1].open.close()
        _site = None


atexit.register(_close)
