"""A batch from its folder to its results: what is new or changed goes through the flow (flows/flow.py), then all is looked at together.

In:    a folder of submissions.  Out: claims, batch.json, exceptions.xlsx, the insurers' tables.
Fails: not for what a submission holds: every one ends with a claim. What a user can get wrong is checked before (flows/plan.py).
       StoreUnavailable where the database or the storage doesn't answer; the next run goes on from there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.plan import Plan
from flows.report import Done, Report, batch_json
from flows.workers import PageCount
from flows.workspace import INSURERS, Content, LastRun, Workspace, code_version, fingerprint, folder_content, write_json
from models.errors import VersionStale
from models.scheme import load_scheme
from pipeline.process import judge_across
from pipeline.reference import load_reference
from pipeline.settings import Settings
from pipeline.store.data import MadeBy, Tables
from pipeline.tables.exceptions import write_exceptions

if TYPE_CHECKING:
    from flows.records import Records

Progress = Callable[[Done], None]


def run(todo: Plan, settings: Settings, progress: Progress = lambda done: None, retry_failed: bool = False) -> Report:
    """Run a plan to its end and write everything. progress: told of each submission as it ends. retry_failed: take up again what failed before."""
    started = time.monotonic()
    workspace = Workspace(todo.out)
    report = Report(stray=todo.stray)
    asked = LastRun(
        batch=todo.name, scheme=todo.scheme, year=todo.year, reference=str(todo.reference.resolve()), submissions=tuple(folder.name for folder in todo.submissions))
    workspace.begin(asked)
    with workspace.records(settings.store, asked) as records:
        context = Run(todo, settings, workspace, records, report, progress)
        context.register(retry_failed)
        if context.waiting or context.insurers:
            from flows.flow import run_flow  # Prefect takes seconds to start, and has nothing to do where nothing is new

            run_flow(context)
        report.done.sort(key=lambda d: d.claim.submission_id)
        look_across(context)
    report.seconds = time.monotonic() - started
    write_exceptions(todo.out / "exceptions.xlsx", report.claims)
    write_json(todo.out / "batch.json", batch_json(todo, report))
    return report


def look_across(context: Run) -> None:
    """Judge the claims of a run side by side; write those that this changes, and show what isn't shown yet."""
    todo, records = context.plan, context.records
    tables = records.tables()
    done = context.report.done
    unread = bool(tables.quarantined or context.report.insurer_failure)
    claims = judge_across([d.claim for d in done], tables.papers, load_reference(todo.reference), load_scheme(todo.scheme), todo.year, unread)
    for n, (before, claim) in enumerate(zip(done, claims, strict=True)):
        in_force = before.in_force
        if claim.flags != before.claim.flags:
            try:
                in_force = records.revise(in_force, claim, MadeBy.ACROSS)
            except VersionStale:  # corrected by a person while this run went on: theirs stands, the next look across takes it in
                known = records.known([claim.submission_id])[0]
                claim, in_force = known.claim, known.in_force
            done[n] = replace(before, claim=claim, in_force=in_force)
        context.workspace.show(claim, in_force.made_at, anew=in_force != before.in_force)


@dataclass
class Run:
    """What the parts of a run share. waiting: submissions that are new or changed, insurers: the insurers' folder where it is, with what they hold."""

    plan: Plan
    settings: Settings
    workspace: Workspace
    records: Records
    report: Report
    progress: Progress
    waiting: dict[Path, Content] = field(default_factory=dict)
    insurers: Content | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    inputs: str = ""
    reference: str = ""  # version of the reference tables

    def register(self, retry_failed: bool) -> None:
        """Find what is to be done, and take over what is done already."""
        todo = self.plan
        self.reference = folder_content(todo.reference).mark
        self.inputs = fingerprint(code_version(), self.reference, self.settings.model_dump_json(exclude={"run", "store"}), todo.scheme, todo.year)
        contents = {folder: folder_content(folder) for folder in todo.submissions}
        waiting = set(self.records.register({folder.name: self.mark(content) for folder, content in contents.items()}, retry_failed))
        self.waiting = {folder: content for folder, content in contents.items() if folder.name in waiting}
        self.finish_known([folder.name for folder in contents if folder.name not in waiting])
        self.insurers = _insurers_to_read(self)

    def mark(self, content: Content) -> str:
        """Fingerprint of all that is made from a folder's content in this run."""
        return fingerprint(self.inputs, content.mark)

    def finish(self, done: Done) -> None:
        with self.lock:
            self.report.done.append(done)
            self.progress(done)

    def finish_known(self, submissions: Collection[str]) -> None:
        """Take over what stands in the store."""
        for known in self.records.known(submissions):
            self.finish(Done(known.claim, PageCount(*known.pages), known.in_force, failure=known.failure, unchanged=True))


def _insurers_to_read(context: Run) -> Content | None:
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
    if known.fingerprint != context.mark(content):
        return content
    context.report.insurer_documents = len(known.papers)
    context.workspace.show_tables(known)
    return None
