"""`intake watch`: takes submissions in as they are complete, and runs the batch on what is new, again and again until it is stopped.

In:    a source, where the results go.  Out: what `intake run` writes, kept up to date.
Fails: with `once` as taking in and running do; else a round that fails is told, and the next one tries again.

Prefect and the workers run beside the main thread, which hears signals. The first one ends the work after the submissions in hand, the second at once.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil  # type: ignore[import-untyped]

from flows import batch as batches
from flows.incoming import TakenIn, check_address, remove_sources, spool_plan, take_in
from flows.plan import check
from flows.report import Done, Report
from flows.screen import summary
from flows.workspace import Workspace
from models.annexes import INSURERS
from models.errors import IntakeError
from pipeline.incoming.places import open_source
from pipeline.incoming.source import Source
from pipeline.incoming.spool import Spool
from pipeline.settings import Settings

log = logging.getLogger(__name__)

Bars = Callable[[int], AbstractContextManager[Callable[[Done], None]]]


@dataclass(frozen=True)
class Asked:
    """What to watch, and how what is taken in is to be run; as for `intake run`."""

    source: str
    reference: Path | None
    out: Path
    scheme: str
    year: int
    workers: int
    name: str = ""


@dataclass
class Watched:
    """What was done since the watch began."""

    rounds: int = 0
    failed_rounds: int = 0
    taken: int = 0
    processed: int = 0
    failed: int = 0
    removed: int = 0
    waiting: int = 0
    refused: int = 0

    def figures(self) -> dict[str, int]:
        return dict(vars(self))


@dataclass
class Watch:
    """A watch over one source. tell: what people are told, line by line; bar: makes what is told of each submission as it ends; flow: as for `flows.batch.run`."""

    asked: Asked
    settings: Settings
    tell: Callable[[str], None]
    bar: Bars = lambda submissions: nullcontext(lambda done: None)
    flow: batches.Flow | None = None
    done: Watched = field(default_factory=Watched)
    _stop: threading.Event = field(default_factory=threading.Event)
    _told: list[str] = field(default_factory=list)
    _ran: frozenset[tuple[str, str]] = frozenset()  # what the last run that ended was given: submissions and their marks

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """End after the submissions in hand."""
        self._stop.set()

    def run(self, once: bool) -> Watched:
        """Watch until stopped; `once`: take in what is complete, waiting for what only has to settle, run it, and end."""
        check_address(self.asked.source, self.asked.out)
        check(self.asked.reference, self.asked.scheme)
        source = open_source(self.asked.source, self.settings)
        spool = Spool(Workspace(self.asked.out).work)
        with spool.alone(source.address):
            while not self._stop.is_set():
                if once:
                    self._round(source, spool, settle=True)
                    break
                try:
                    self._round(source, spool, settle=False)
                except IntakeError as error:
                    self._failed(str(error))
                except Exception as error:
                    log.exception("a round failed")
                    self._failed(f"{type(error).__name__}: {error}")
                self._stop.wait(self.settings.incoming.poll_seconds)
        return self.done

    def _failed(self, why: str) -> None:
        self.done.failed_rounds += 1
        self._say([f"本轮未完成，稍后重试：{why}"])

    def _round(self, source: Source, spool: Spool, settle: bool) -> None:
        self.done.rounds += 1
        came = take_in(source, spool, stop=self._stop.is_set)
        self.done.taken += len(came.taken)
        self._say(came.lines())
        if settle and came.settling and not self._stop.wait(self.settings.incoming.settle_seconds):
            came = take_in(source, spool, stop=self._stop.is_set)
            self.done.taken += len(came.taken)
            self._say(came.lines())
        self.done.waiting, self.done.refused = len(came.waits), len(came.refused)
        there = frozenset((one.submission, one.mark) for one in spool.taken().values())
        if self.stopping or not any(submission != INSURERS for submission, _ in there):
            return
        asked = self.asked
        todo = spool_plan(spool, came, source, asked.reference, asked.out, asked.scheme, asked.year, asked.workers, asked.name)
        if there != self._ran:
            with self.bar(len(todo.submissions)) as progress:
                self._count(batches.run(todo, self.settings, progress, flow=self.flow, stop=self._stop.is_set))
            self._ran = there
        if self.settings.incoming.remove_source:
            removed = remove_sources(source, spool, todo, self.settings, self._stop.is_set)
            self.done.removed += len(removed)
            self._say(TakenIn(removed=removed).lines())

    def _count(self, report: Report) -> None:
        fresh = [one for one in report.done if not one.unchanged]
        self.done.processed += len(fresh)
        self.done.failed = len(report.failed)
        if fresh:
            self.tell(summary(report))

    def _say(self, lines: list[str]) -> None:
        """Tell what isn't what was told last: a submission that waits for days is told once."""
        for line in lines:
            if line not in self._told:
                self.tell(line)
        self._told = lines or self._told


def watch(asked: Asked, settings: Settings, tell: Callable[[str], None], once: bool, bar: Bars) -> Watched:
    """Watch from a thread of its own, so that a signal ends it cleanly."""
    one = Watch(asked, settings, tell, bar)
    ended: list[BaseException] = []

    def work() -> None:
        # what this thread starts, Prefect's own server and the workers, inherits this: Ctrl-C in a terminal goes to all of them, and they are to end their work
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            one.run(once)
        except BaseException as error:
            ended.append(error)

    with _heard(one, tell):
        tell(f"正在收件：{asked.source}" + ("" if once else "  （Ctrl+C 结束）"))
        thread = threading.Thread(target=work, name="watch", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.5)
    if ended:
        raise ended[0]
    return one.done


@contextmanager
def _heard(one: Watch, tell: Callable[[str], None]) -> Iterator[None]:
    """SIGINT and SIGTERM stop the watch; a second one breaks it off, with the processes that it started."""

    def heard(number: int, frame: FrameType | None) -> None:
        if one.stopping:
            for child in psutil.Process().children(recursive=True):
                child.kill()
            os._exit(1)  # threads of the flow would be waited for
        tell("正在完成手头的申报，之后结束；再按一次 Ctrl+C 立即中断。")
        one.stop()

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
