"""A batch, its tables and where it is run to, again and again, in processes that may be killed; and what tells whether anything was lost."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import zipfile
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

from quick import QuickWorkers

from flows.batch import Flow, Run, process_one, run
from flows.plan import plan
from flows.workers import Workers, _start
from flows.workspace import Workspace
from models.errors import IntakeError
from pipeline.review.pictures import PictureSettings
from pipeline.settings import Settings
from pipeline.store.settings import StoreSettings

FORK = get_context("fork")
WORKERS = 2
SUBMISSIONS = 4  # of a small batch


def quick_flow(context: Run) -> None:
    """No worker processes: what stands around reading is to be tested."""
    QuickWorkers().two_at_a_time(context)


def worker_flow(context: Run) -> None:
    """Real worker processes, handed their submissions by threads in place of Prefect's, which takes ten seconds to start."""
    todo = context.plan

    def one(folder: Path) -> None:
        from django.db import connection

        try:
            process_one(context, folder, context.waiting[folder], workers)
        finally:
            connection.close()

    with ThreadPoolExecutor(todo.workers) as pool, Workers(context.settings, context.workspace.pages, context.tables, todo.scheme, todo.year, todo.workers) as workers:
        try:
            list(pool.map(one, context.waiting))
        except BaseException:
            context.ending.set()
            raise


class _Here:
    """Stands for worker processes: the work is done in this one."""

    def call(self, work: Callable[[Any], Any], argument: Any, seconds: float) -> Any:
        return work(argument)

    def close(self) -> None: ...

    stop = close


class _WorkersHere(Workers):
    """Reads as worker processes do, without their start."""

    def __init__(self, settings: Settings, *arguments: Any) -> None:
        self._settings, self._scheme, pool = settings, "ningbo-2020", _Here()
        self._pool: Any = pool
        self._apart: Any = pool
        self._alone = threading.Lock()
        _start(settings, *arguments)


def reading_flow(context: Run) -> None:
    """Real reading, one submission after the other, in the run's own process."""
    todo = context.plan
    with _WorkersHere(context.settings, context.workspace.pages, context.tables, todo.scheme, todo.year) as workers:
        for folder, content in context.waiting.items():
            process_one(context, folder, content, workers)


@dataclass
class Place:
    """One batch and one output folder. flow: takes what waits through; None: Prefect's. pictures: of pages are kept."""

    batch: Path
    reference: Path
    out: Path
    store: StoreSettings
    flow: Flow | None = quick_flow
    year: int = 2021
    pictures: bool = False
    said_in: Path | None = None

    def __post_init__(self) -> None:
        if self.store.blobs:  # a prefix of its own
            self.store = self.store.model_copy(update={"blobs": f"{self.store.blobs}/{self.out.name}"})

    @property
    def said(self) -> Path:
        """Where stands what a run that couldn't be finished told people."""
        return (self.said_in or self.out.parent) / f"{self.out.name}.said"

    @property
    def submissions(self) -> list[str]:
        return sorted(path.name for path in self.batch.iterdir() if path.is_dir() and not path.name.startswith("_"))

    def run(self, retry_failed: bool = False) -> None:
        settings = Settings(store=self.store, pictures=PictureSettings(keep=self.pictures))
        run(plan(self.batch, self.reference, self.out, "ningbo-2020", self.year, WORKERS, name=self.out.name), settings, retry_failed=retry_failed, flow=self.flow)

    def start(self, before: Callable[[], None] = lambda: None, retry_failed: bool = False) -> ForkProcess:
        """Run in a process of its own."""

        def work() -> None:
            sys.stderr = Path(os.environ.get("CHILD_SAYS", os.devnull)).open("w")  # noqa: SIM115  a child that is killed has much to say
            before()
            try:
                self.run(retry_failed)
            except IntakeError as error:
                self.said.write_text(str(error), "utf-8")
                sys.exit(error.exit_code)

        from django.db import connections

        connections.close_all()  # of a fork each has to be its own
        child = FORK.Process(target=work)
        child.start()
        return child

    def in_child(self, before: Callable[[], None] = lambda: None, kill_after: float | None = None) -> int | None:
        """Run in a process of its own; gives how it ended."""
        child = self.start(before)
        child.join(kill_after)
        if child.is_alive():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        return child.exitcode

    def results(self) -> dict[str, object]:
        """Everything that a run leaves for people, but for timings and for what only tells which run did what."""
        found: dict[str, object] = {}
        for path in sorted(path for path in self.out.rglob("*") if path.is_file() and ".work" not in path.parts and path.name != "report.txt"):
            name = path.relative_to(self.out).as_posix()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    found[name] = {part: book.read(part) for part in book.namelist() if part != "docProps/core.xml"}
            elif name == "batch.json":
                told = json.loads(path.read_text("utf-8"))
                del told["seconds"], told["batch"], told["submissions"]["unchanged"], told["pages"]["this_run"]
                found[name] = told
            else:
                found[name] = path.read_bytes()
        return found

    def check_store(self, again: Collection[str] = ()) -> None:
        """Everything there, nothing twice, every page accounted for, nobody at work, nothing for the doctor to find that matters.

        again: submissions that were set aside and then taken up again, whose first claim stays beside the second.
        """
        from flows.doctor import examine_run
        from pipeline.store.models import ClaimVersion, File, State, Submission
        from pipeline.store.progress import progress

        batch = Workspace(self.out).records(self.store, Workspace(self.out).last_run()).batch
        mine = Submission.objects.filter(batch=batch)
        assert sorted(mine.values_list("submission_id", "state")) == [(one, State.DONE) for one in self.submissions]
        files = [path for one in self.submissions for path in (self.batch / one).iterdir()]
        assert File.objects.filter(batch=batch).count() == len(files)
        assert ClaimVersion.objects.filter(submission__batch=batch, made_by="run").count() == len(self.submissions) + len(again)
        seen = progress(batch)
        assert (seen.pages, seen.unaccounted) == (seen.pages_read + seen.pages_blank + seen.pages_aside, 0)
        found = list(examine_run(Workspace(self.out), self.store))
        assert [finding for finding in found if not finding.mended] == []
        assert list(examine_run(Workspace(self.out), self.store)) == []

    def check_against(self, whole: Place, but: tuple[str, ...] = (), again: Collection[str] = ()) -> None:
        """The same as from a run that was left alone, files named in `but` left out. again: as check_store has it."""
        mine, theirs = self.results(), whole.results()
        differ = sorted(name for name in {*mine, *theirs} - {*but} if mine.get(name) != theirs.get(name))
        assert differ == [], f"{self.out.name} isn't as {whole.out.name}: {[(name, mine.get(name), theirs.get(name)) if name.endswith('.json') else name for name in differ]}"
        self.check_store(again)


def write_small_batch(folder: Path, submissions: int = SUBMISSIONS) -> Path:
    """A batch for quick_flow: two files a submission that no reader is asked for."""
    for n in range(submissions):
        (folder / f"S-{n}").mkdir(parents=True)
        for name in ("a.pdf", "b.pdf"):
            (folder / f"S-{n}" / name).write_bytes(f"%PDF-1.4 {n} {name}".encode())
    return folder
