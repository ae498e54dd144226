"""Worker processes that may die at any instant: each has a pipe of its own, so that the death of one is felt by nobody but the call that it was at work for.

In:    a function and its argument, both of which can be pickled.
Out:   what the function gives, or raises.
Fails: Died where the process ended over the call, TookTooLong where it was killed because it took too long; a fresh one takes its place. Stopped where the pool was.

Pools that share a pipe and its locks between processes hang or break as a whole where one is killed while it holds a lock, or before it has begun.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

log = logging.getLogger(__name__)
A = TypeVar("A")
T = TypeVar("T")

SPAWN = get_context("spawn")
START_SECONDS = 300.0  # longest that a process may take to load its models
STARTS = 5  # tries to get one going
LEAVE_SECONDS = 3.0  # until a process that is told to end is killed


class Died(Exception):
    """A worker process ended over a call. status: its exit status, None where that isn't known."""

    def __init__(self, told: str, status: int | None = None) -> None:
        super().__init__(told)
        self.status = status


class TookTooLong(Exception):
    """A call wasn't answered in the time it was given."""


class Stopped(Exception):
    """The pool was stopped while a call went on, or before it began: nothing can be said of what was to be done."""


class Pool:
    """Processes, each set up once by `start(*arguments)` and replaced after `calls_each` calls. Calls block, and may come from several threads at once."""

    def __init__(self, processes: int, start: Callable[..., None], arguments: tuple[Any, ...], calls_each: int) -> None:
        self._slots = [_Slot(start, arguments, calls_each) for _ in range(processes)]
        self._idle: queue.LifoQueue[_Slot] = queue.LifoQueue()  # the one used last is warm
        for slot in reversed(self._slots):
            self._idle.put(slot)

    def call(self, work: Callable[[A], T], argument: A, seconds: float) -> T:
        """work(argument), in a process. Raises what the work raises, Died, TookTooLong, Stopped."""
        slot = self._idle.get()
        try:
            result: T = slot.call(work, argument, seconds)
            return result
        finally:
            self._idle.put(slot)

    def close(self) -> None:
        """Have the processes end."""
        for slot in self._slots:
            slot.end()

    def stop(self) -> None:
        """End the processes at once, whatever they are at."""
        for slot in self._slots:
            slot.stop()


class _Slot:
    """The place of one process."""

    def __init__(self, start: Callable[..., None], arguments: tuple[Any, ...], calls_each: int) -> None:
        self._start, self._arguments, self._calls_each = start, arguments, calls_each
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._calls = 0
        self._stopped = False
        self._starting = threading.Lock()

    def call(self, work: Callable[[A], T], argument: A, seconds: float) -> T:
        if self._calls >= self._calls_each:
            self.end()
        well, result = self._answer(self._asked((work, argument)), seconds)
        if well:
            done: T = result
            return done
        raise result

    def _asked(self, what: tuple[Callable[[A], T], A]) -> Connection:
        """The pipe to a process that was told what to do; one that died while it waited is nobody's fault, as at the start."""
        for _ in range(STARTS):
            pipe = self._ready()
            try:
                pipe.send(what)
            except OSError:
                self._discard()
                continue
            self._calls += 1
            return pipe
        raise Died(f"{STARTS} worker processes in turn ended before they were asked anything")

    def _ready(self) -> Connection:
        """The pipe to a process that has been set up; one that dies before is nobody's fault, so another is tried."""
        for _ in range(STARTS):
            if self._pipe is not None and self._process is not None and self._process.is_alive():
                return self._pipe
            self._discard()
            with self._starting:
                if self._stopped:
                    raise Stopped("the worker processes were stopped")
                pipe, theirs = SPAWN.Pipe()
                process = SPAWN.Process(target=_serve, args=(theirs, self._start, self._arguments), name="worker", daemon=True)
                process.start()
                theirs.close()  # so that its end is felt
                self._pipe, self._process, self._calls = pipe, process, 0
            try:
                well, result = self._answer(pipe, START_SECONDS)
            except Died as error:
                log.warning("a worker process ended before it had begun (%s); starting another", error)
                continue
            if well:
                return pipe
            self._discard()
            raise result
        raise Died(f"{STARTS} worker processes in turn ended before they had begun")

    def _answer(self, pipe: Connection, seconds: float) -> tuple[bool, Any]:
        """Whether it went well, and what came of it. Raises Died, TookTooLong, Stopped; the process is gone then."""
        assert self._process is not None  # noqa: S101
        overdue = not wait([pipe, self._process.sentinel], seconds)
        try:
            if not overdue and pipe.poll():  # a process that has ended may have answered first
                answer: tuple[bool, Any] = pipe.recv()
                return answer
        except (EOFError, OSError):
            pass
        code = self._discard()
        if self._stopped:
            raise Stopped("the worker processes were stopped")
        raise TookTooLong(f"no answer in {seconds:.0f} s") if overdue else Died(f"exit status {code}", code)

    def _discard(self) -> int | None:
        """Kill the process, if there is one; gives its exit status."""
        process, self._process = self._process, None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if process is None:
            return None
        process.kill()
        process.join()
        return process.exitcode

    def end(self) -> None:
        """Have the process end, as it does when nobody is there to ask it any more."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.join(LEAVE_SECONDS)
            self._discard()

    def stop(self) -> None:
        with self._starting:
            self._stopped = True
            if (process := self._process) is not None:
                process.kill()  # the call that waits for it sees it die


def _serve(pipe: Connection, start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """A worker process: set up, then answer calls until nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches all processes of a terminal; the run itself ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if not _answered(pipe, lambda _: start(*arguments), None):
        return
    while True:
        try:
            work, argument = pipe.recv()
        except (EOFError, OSError):
            return
        _answered(pipe, work, argument)


def _answered(pipe: Connection, work: Callable[[Any], Any], argument: Any) -> bool:
    """Do the work and send what came of it; tells whether it went well."""
    try:
        answer: tuple[bool, Any] = (True, work(argument))
    except Exception as error:
        error.add_note(traceback.format_exc())
        answer = (False, error)
    try:
        pipe.send(answer)
    except OSError:  # nobody waits for it any more
        os._exit(1)
    except Exception as error:  # what can't be pickled
        pipe.send((False, RuntimeError(f"{type(error).__name__}: {error}; {answer[1]!r:.2000}")))
        return False
    return answer[0]


def _end_with_parent() -> None:
    """A run that is killed leaves no process behind that reads on."""
    parent = parent_process()
    assert parent is not None  # noqa: S101
    parent.join()
    time.sleep(0.5)  # one that is idle sees the pipe's end by itself, and leaves as it should
    os._exit(1)
