"""A batch from its folder to its results: what is new or changed goes through the flow (flows/flow.py), then all is looked at together.

In:    a folder of submissions.  Out: claims, batch.json, exceptions.xlsx, report.txt, the insurers' tables.
Fails: not for what a submission holds: every one ends with a claim. What a user can get wrong is checked before (flows/plan.py).
       StoreUnavailable where the database or the storage doesn't answer; the next run goes on from there.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.reading import Reader
from flows import metrics
from flows.plan import Plan, submissions_in
from flows.pool import Stopped
from flows.report import Done, Report, batch_json
from flows.run_report import Warnings, run_report
from flows.workers import Job, PageCount, Workers
from flows.workspace import Content, LastRun, Workspace, code_version, fingerprint, folder_content, write_json, write_text
from models.annexes import INSURERS
from models.claim import Claim, QuarantineReason
from models.errors import LeaseLost, StoreUnavailable, VersionStale, no_room
from models.paper import Paper
from models.scheme import load_scheme
from models.text import some
from pipeline.brief import brief
from pipeline.calibration import Calibration, load
from pipeline.learning.versions import used
from pipeline.process import judge_across
from pipeline.reference import load_reference
from pipeline.settings import Settings
from pipeline.store.blobs import SourceChanged
from pipeline.store.data import FileSeen, Finished, Made, MadeBy, Tables, accounted
from pipeline.tables.exceptions import write_exceptions

if TYPE_CHECKING:
    from flows.records import Records
    from pipeline.store.known import Known

log = logging.getLogger(__name__)

Progress = Callable[[Done], None]
ASK_AGAIN = 2.0  # seconds, where another run works on a submission
MOST_LOOKS = 5  # across the batch by one run, while others change its claims
MOST_CHANGES = 3  # of a submission while it is read; after that what was read counts, and the next run finds it changed
MOST_TAKEN = 20  # times that a run may end over a submission before it is set aside as the likely cause


def run(
    todo: Plan, settings: Settings, progress: Progress = lambda done: None, retry_failed: bool = False, flow: Flow | None = None, stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Run a plan to its end and write everything.

    progress: told of each submission as it ends. retry_failed: take up again what failed before. flow: takes what waits through, by default Prefect's.
    stop: asked before each submission; once it says so, what is left waits for the next run.
    Raises StoreUnavailable where the store doesn't answer or the disk is full.
    """
    try:
        return _run(todo, settings, progress, retry_failed, flow, stop)
    except OSError as error:
        if not no_room(error):
            raise
        raise StoreUnavailable(f"The disk is full (磁盘空间不足: {error.filename or todo.out}). Nothing written is lost; make room and run the same command again.") from error


def _run(todo: Plan, settings: Settings, progress: Progress, retry_failed: bool, flow: Flow | None, stop: Callable[[], bool]) -> Report:
    started, began = time.monotonic(), datetime.now().astimezone()
    workspace = Workspace(todo.out)
    report = Report(stray=todo.stray)
    asked = LastRun(
        batch=todo.name, folder=str(todo.batch.resolve()), scheme=todo.scheme, year=todo.year, reference=str(todo.reference.resolve()) if todo.reference else "", submissions=tuple(folder.name for folder in todo.submissions),
        reader=Reader(settings.reader).version)
    calibration = load(settings.confidence.calibration)
    warn_of(calibration, settings.confidence.allowed, asked.reader)
    with workspace.used(), Warnings() as warned, workspace.records(settings.store, asked) as records:
        context = Run(todo, settings, workspace, records, report, progress, calibration, stop=stop)
        context.settle()
        workspace.begin(asked)  # only now: a run that can't be is not the last one, by which other commands go
        context.register(retry_failed)
        if context.waiting or context.insurers:
            records.ready()
            (flow or _prefect)(context)
        conclude(context, started)
        stands = records.stands()
    write_text(todo.out / "report.txt", run_report(todo, report, stands, warned.lines, began, datetime.now().astimezone()))
    return report


def _prefect(context: Run) -> None:
    from flows.flow import run_flow  # takes seconds to start, and has nothing to do where nothing is new

    run_flow(context)


def warn_of(calibration: Calibration, allowed: float, reader: str) -> None:
    """Say what a fit can't answer for. A fit for another reader is used all the same: what is doubtful to one mostly is so to the next."""
    if not calibration.fits(reader):
        log.warning("confidence was fitted for the reader %r, not for %r: run intake calibrate on a batch whose truth is known", calibration.reader, reader)
    if not calibration.limit(allowed):
        log.warning(
            "no value will be accepted: confidence was fitted on %d values, which can't vouch for %g %% silent errors; set INTAKE_CONFIDENCE__SILENT_ERRORS to %.2f or more, "
            "or run intake calibrate on more batches whose truth is known", calibration.figures.values, 100 * allowed, 100 * calibration.least() + 0.005)


def conclude(context: Run, started: float) -> None:
    """Look across the batch and write its tables; again where others have put claims in force meanwhile, so that whoever writes last has seen all."""
    todo, report = context.plan, context.report
    for attempt in range(MOST_LOOKS):
        report.done.sort(key=lambda d: d.claim.submission_id)
        if not attempt:
            warn_of_displaced(context)
        look_across(context)
        report.seconds = time.monotonic() - started
        write_exceptions(todo.out / "exceptions.xlsx", report.claims)
        write_json(todo.out / "batch.json", batch_json(todo, report))
        if not catch_up(context):
            return
    log.warning("claims of this batch change faster than they can be looked at together: what was changed last isn't in exceptions.xlsx and batch.json; run intake recheck %s when it is quiet", todo.out)


def warn_of_displaced(context: Run) -> None:
    """Say where claims of another batch give way in the folder. On the page and in the store all stand."""
    for batch, same in context.records.displaced({done.claim.submission_id for done in context.report.done}).items():
        log.warning(
            "%d submissions (%s) bear the numbers of others in %s, whose claim.json in %s is replaced; exceptions.xlsx and batch.json are of this batch alone. To keep the results of both as files, give each batch an --out of its own",
            len(same), some(same, 3), batch, context.plan.out)


def catch_up(context: Run) -> bool:
    """Take over what others have put in force since this run knew of it: another run of the batch, a person. False where there is nothing."""
    report = context.report
    mine = {done.in_force.submission: done for done in report.done}
    if all(pk in mine and mine[pk].in_force.number == number for pk, number in context.records.versions().items()):
        return False
    taken_over = False
    for known in context.records.all_known(brief):
        before = mine.get(known.in_force.submission)
        if before is None or before.in_force.number != known.in_force.number:
            seconds = (before.seconds, before.reading_seconds, before.storage_seconds) if before else (0.0, 0.0, 0.0)
            mine[known.in_force.submission] = Done(known.claim, PageCount(*known.pages), known.in_force, *seconds, known.failure, before is None or before.unchanged)
            taken_over = True
    report.done[:] = mine.values()
    return taken_over


def look_across(context: Run) -> None:
    """Judge the claims of a run side by side; write those that this changes, and show what isn't shown yet."""
    todo, records = context.plan, context.records
    tables = records.tables()
    done = context.report.done
    unread = bool(tables.quarantined or context.report.insurer_failure)
    written = {d.claim.submission_id: d.in_force for d in done}

    def papers_of(claim: Claim) -> tuple[Paper, ...]:
        return records.claim(written[claim.submission_id]).papers

    claims = judge_across([d.claim for d in done], tables.papers, load_reference(context.tables), load_scheme(todo.scheme), todo.year, unread, papers_of)
    for n, (before, claim) in enumerate(zip(done, claims, strict=True)):
        in_force = before.in_force
        if claim == before.claim and context.workspace.shows(claim.submission_id, in_force.made_at):
            continue
        whole = claim.model_copy(update={"papers": papers_of(claim)})
        if claim != before.claim:
            try:
                in_force = records.revise(in_force, whole, MadeBy.ACROSS)
            except VersionStale:  # corrected by a person while this run went on, or looked at by another: theirs stands, and is caught up with
                continue
            done[n] = replace(before, claim=claim, in_force=in_force)
        context.workspace.show(whole, in_force.made_at)


@dataclass
class Run:
    """What the parts of a run share. waiting: submissions that are new or changed, insurers: the insurers' folder where it is, with what they hold."""

    plan: Plan
    settings: Settings
    workspace: Workspace
    records: Records
    report: Report
    progress: Progress
    calibration: Calibration
    waiting: dict[Path, Content] = field(default_factory=dict)
    insurers: Content | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)  # set when the run is broken off: nothing more is begun
    through: bool = False  # set when all that waited was taken through
    inputs: str = ""
    reference: str = ""  # mark of the version of the reference tables that is in force
    tables: Path = Path()  # folder that holds just that version, whatever becomes of the folder that was named
    stop: Callable[[], bool] = lambda: False

    def register(self, retry_failed: bool) -> None:
        """Find what is to be done, and take over what is done already. What claims are made from is settled before."""
        todo = self.plan
        metrics.WAITING.set(len(todo.submissions))
        contents = {folder: folder_content(folder) for folder in todo.submissions}
        if gone := next((folder for folder in contents if not folder.is_dir()), None):
            raise StoreUnavailable(f"{gone} was there a moment ago and isn't now. Check that {todo.batch} is connected, and run the same command again; nothing is lost.")
        there = [folder.name for folder in submissions_in(todo.batch)]  # looking at all contents takes its time: another run may know more by now
        waiting = set(self.records.register({folder.name: self.mark(content, folder.name) for folder, content in contents.items()}, retry_failed, there))
        self.waiting = {folder: content for folder, content in contents.items() if folder.name in waiting}
        for known in self.records.known([folder.name for folder in contents if folder.name not in waiting], brief):
            self.take_over(known)
        self.insurers = _insurers_to_read(self)

    def settle(self) -> None:
        """Settle what all claims of the run are made from, beside their papers."""
        todo = self.plan
        self.reference, self.tables = self.records.reference(todo.reference)
        settings = self.settings.model_dump_json(exclude={"run", "cage", "store", "metrics", "review", "pictures", "incoming"})
        self.inputs = fingerprint(code_version(), self.reference, settings, self.calibration.model_dump_json(), _learned(self.settings), todo.scheme, todo.year)

    def mark(self, content: Content, submission_id: str) -> str:
        """Fingerprint of all that is made from a folder's content in this run, and from what was refused of it as it came in."""
        refused = self.plan.refused.get(submission_id, ())
        return fingerprint(self.inputs, content.mark, *(q.model_dump_json() for q in refused))

    def finish(self, done: Done) -> None:
        with self.lock:
            self.report.done.append(done)
            metrics.ended(done)
            metrics.WAITING.set(len(self.plan.submissions) - len(self.report.done))
            self.progress(done)

    def take_over(self, known: Known) -> None:
        """Finish with what stands in the store. known: its claim in brief."""
        self.finish(Done(known.claim, PageCount(*known.pages), known.in_force, failure=known.failure, unchanged=True))


Flow = Callable[[Run], None]


def _learned(settings: Settings) -> str:
    """Changes when another learned model comes into use."""
    folder = settings.extraction.learned
    return folder_content(folder / used(folder)).mark if folder is not None and used(folder) else ""


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
    if known.fingerprint != context.mark(content, INSURERS):
        return content
    context.report.insurer_documents = len(known.papers)
    context.workspace.show_tables(known)
    return None


def process_one(context: Run, folder: Path, content: Content, workers: Workers) -> None:
    """Take one submission through: what came of it is in the store, and its claim on disk, when this returns.

    The order is what makes it safe to be broken off anywhere: originals first, then all rows at once, then the files that are made from them.
    """
    records, changes = context.records, 0
    while not context.stop():
        if context.ending.is_set():
            raise Stopped("the run was broken off")
        lease = records.take(folder.name)
        if lease is None:  # another run works on the same batch
            if known := records.known_one(folder.name, brief):
                context.take_over(known)
                return
            time.sleep(ASK_AGAIN)
            continue
        begun = time.monotonic()
        try:
            refuse_if_gone(folder, content)
            originals = records.keep_originals(folder, content.hashes)
        except SourceChanged:
            records.release(lease)
            content = folder_content(folder)
            continue
        storing = time.monotonic() - begun
        job = Job(folder.name, folder, context.workspace.marker(folder.name), context.plan.refused.get(folder.name, ()))
        if lease.attempt > MOST_TAKEN:
            outcome = workers.given_up(job, QuarantineReason.CRASHED.value, f"Taken {MOST_TAKEN} times, and each time the run ended before it was done.")
        else:
            outcome = workers.process(job)
        if changes < MOST_CHANGES and changed_meanwhile(folder, content, outcome.files):
            changes += 1
            records.release(lease)
            content = folder_content(folder)
            continue
        begun = time.monotonic()
        made = Made(context.mark(content, folder.name), outcome.reader, context.reference)
        finished = Finished(outcome.claim, accounted(outcome.files, originals), made, outcome.seconds, outcome.reading_seconds, outcome.reason, outcome.failure)
        try:
            in_force = records.finish(lease, finished)
        except LeaseLost as error:
            log.warning("%s", error)
            continue
        context.workspace.show(outcome.claim, in_force.made_at)
        context.workspace.marker(folder.name).unlink(missing_ok=True)
        storing += time.monotonic() - begun
        context.finish(Done(brief(outcome.claim), outcome.pages, in_force, outcome.seconds, outcome.reading_seconds, storing, outcome.failure))
        return


def refuse_if_gone(folder: Path, content: Content) -> None:
    """Papers that can't be found are no claim without papers. Raises SourceChanged where some are gone, StoreUnavailable where the whole folder is, as when a share drops."""
    if not folder.is_dir():
        raise StoreUnavailable(f"{folder} isn't there any more. Check that the batch's folder is connected; nothing written is lost, and the same command goes on from here.")
    if gone := next((path for path in content.hashes if not os.path.lexists(path)), None):
        raise SourceChanged(f"{gone.name} was removed while it was taken in.")


def changed_meanwhile(folder: Path, content: Content, seen: Iterable[FileSeen]) -> bool:
    """Whether what was read isn't what was kept: a file was written anew or removed meanwhile. Raises StoreUnavailable where the whole folder is gone."""
    try:
        refuse_if_gone(folder, content)
    except SourceChanged:
        return True
    return any(file.sha256 and content.hashes.get(folder / file.name, file.sha256) != file.sha256 for file in seen)


def read_tables(context: Run, workers: Workers) -> None:
    """Read the insurers' tables. A failure is told in batch.json, and what would have been looked up in them isn't checked."""
    folder, content = context.plan.insurers, context.insurers
    assert folder is not None  # noqa: S101  asked before
    assert content is not None  # noqa: S101
    mark = context.mark(content, INSURERS)
    originals = context.records.keep_originals(folder, content.hashes)
    try:
        papers, quarantined, files = workers.read_tables(Job(INSURERS, folder, context.workspace.marker(INSURERS), context.plan.refused.get(INSURERS, ())))
    except Exception as error:
        if isinstance(error, Stopped) or no_room(error):  # the next run takes them up
            raise
        log.exception("the insurers' tables could not be read")
        context.report.insurer_failure = "The insurers' tables could not be read; see the log."
        papers, quarantined, files, mark = (), (), (), ""
    if changed_meanwhile(folder, content, files):
        mark = ""  # the next run reads them again
    tables = Tables(fingerprint=mark, papers=papers, quarantined=quarantined)
    context.records.keep_tables(tables, accounted(files, originals))
    context.workspace.show_tables(tables)
    context.workspace.marker(INSURERS).unlink(missing_ok=True)
    context.report.insurer_documents = len(papers)
