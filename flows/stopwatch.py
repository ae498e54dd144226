"""A command watched from outside: when each submission ended, and what memory and processor time its processes took.

In:    the arguments of an `intake run`.  Out: `Watched`.
Fails: RuntimeError with the command's last lines where it doesn't end with 0.

Processes are told apart by what they are: the run itself, its workers (which multiprocessing has spawned), Prefect's server. Of a process that ends between two looks
the time since the last one is lost: at most `EVERY` seconds of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil  # type: ignore[import-untyped]

EVERY = 0.5  # seconds between two looks
RUN, WORKER, SERVER = "run", "worker", "server"
_KINDS = (("spawn_main", WORKER), ("prefect.server", SERVER))
MB = 1 << 20


@dataclass
class Process:
    """kind: RUN, WORKER, SERVER; processor: seconds so far; memory: (seconds since the start, MB resident)."""

    kind: str
    processor: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Watched:
    """seconds: from start to end of the command; ends: (seconds since the start, what `--progress json` told)."""

    seconds: float
    ends: tuple[tuple[float, dict[str, Any]], ...]
    processes: tuple[Process, ...]
    output: str

    def processor(self, kind: str) -> float:
        """Processor seconds of all processes of a kind."""
        return sum(one.processor for one in self.processes if one.kind == kind)

    def of(self, kind: str) -> list[Process]:
        return [one for one in self.processes if one.kind == kind]


def watch(arguments: Sequence[str]) -> Watched:
    """Run `intake …` and look on. Raises RuntimeError where it fails."""
    started = time.monotonic()
    command = subprocess.Popen(  # noqa: S603  our own program  # nosec B603
        [sys.executable, "-m", "flows.cli", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    ends: list[tuple[float, dict[str, Any]]] = []
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(command.stderr, started, ends, said))
    listener.start()
    processes: dict[int, Process] = {}
    out: list[str] = []
    reader = threading.Thread(target=lambda: out.append(command.stdout.read() if command.stdout else ""))
    reader.start()
    while command.poll() is None:
        _look(command.pid, time.monotonic() - started, processes)
        time.sleep(EVERY)
    seconds = time.monotonic() - started
    listener.join()
    reader.join()
    if command.returncode:
        raise RuntimeError(f"intake {' '.join(arguments)} ended with {command.returncode}: {' '.join(said[-5:])}")
    return Watched(seconds, tuple(ends), tuple(processes.values()), "".join(out))


def _listen(stream: Any, started: float, ends: list[tuple[float, dict[str, Any]]], said: list[str]) -> None:
    """Take the lines of standard error as they come: those of JSON are submissions that ended."""
    for line in stream:
        if line.startswith("{"):
            ends.append((time.monotonic() - started, json.loads(line)))
        else:
            said.append(line.strip())


def _look(pid: int, at: float, processes: dict[int, Process]) -> None:
    try:
        root = psutil.Process(pid)
        there = [root, *root.children(recursive=True)]
    except psutil.Error:
        return
    for one in there:
        try:
            with one.oneshot():
                if one.pid not in processes:
                    line = " ".join(one.cmdline())
                    processes[one.pid] = Process(RUN if one.pid == pid else next((kind for sign, kind in _KINDS if sign in line), "other"))
                seen = processes[one.pid]
                times = one.cpu_times()
                seen.processor = times.user + times.system
                seen.memory.append((at, one.memory_info().rss / MB))
        except psutil.Error:
            continue
