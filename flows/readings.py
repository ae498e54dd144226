"""Runs that people ask for on the page: a thread of the page's server starts `intake run` for each, one at a time.

In:    rows of Reading, the workspace.
Out:   results as a run leaves them; the row says how it went, with the end of what the run printed.
Which process goes on stands in a file lock that the run inherits, so that it is known also after the server was killed; what a server left half done is taken up again by the next.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils import timezone

from pipeline.review.settings import UploadSettings
from pipeline.review.web import inboxes, receiving
from pipeline.review.web.models import Reading

log = logging.getLogger(__name__)

ASK = 2.0  # seconds between two looks for a run that is wanted
SWEEP = 3600.0  # seconds between two looks for uploads that nobody went on with
KEPT = 4_000  # characters of what a run printed
FOLDER = "readings"


class Readings(threading.Thread):
    """Starts what is wanted until told to end."""

    def __init__(self, out: Path, settings: UploadSettings) -> None:
        super().__init__(name="readings", daemon=True)
        self._out, self._settings = out, settings
        self._end = threading.Event()
        self._swept = -SWEEP

    def end(self) -> None:
        """Start nothing more; a run that goes on isn't broken off."""
        self._end.set()

    def run(self) -> None:
        while not self._end.is_set():
            try:
                self._look()
            except Exception:
                log.exception("runs that people asked for; trying again")
            finally:
                connection.close()
            self._end.wait(ASK)

    def _look(self) -> None:
        if time.monotonic() - self._swept >= SWEEP:
            receiving.sweep(timezone.now())
            self._swept = time.monotonic()
        if not self._settings.start_runs:
            return
        folder = self._out / ".work" / FOLDER
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # a run goes on, or another server of this workspace looks
            inboxes.recover()
            if reading := inboxes.take():
                self._carry_out(reading, folder / f"{reading.pk}.log", lock)

    def _carry_out(self, reading: Reading, path: Path, lock: IO[str]) -> None:
        connection.close()  # a run may take hours
        with path.open("wb") as output:
            done = subprocess.run(  # noqa: S603  our own command; ids and names were checked when they were made  # nosec B603
                command(reading, self._out, self._settings.workers), env=same_code(), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, pass_fds=[lock.fileno()], check=False)
        inboxes.ended(reading, done.returncode, tail(path))


def command(reading: Reading, out: Path, workers: int) -> list[str]:
    """The command that reads the batch."""
    batch = reading.batch
    asked = [
        sys.executable, "-P", "-m", "flows.cli", "run", batch.inbox.folder, *([f"--reference={batch.reference}"] if batch.reference and Path(batch.reference).is_dir() else []), f"--out={out.resolve()}", f"--scheme={batch.scheme}", f"--year={batch.year}",
        f"--name={batch.name}", f"--workers={workers or os.cpu_count() or 1}"]
    return [*asked, "--retry-failed"] if reading.retry_failed else asked


def same_code() -> dict[str, str]:
    """The environment in which the run imports what this process did, whatever lies in the folder it was started in."""
    here = str(Path(__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}


def tail(path: Path) -> str:
    """The end of what a run printed."""
    return path.read_bytes()[-4 * KEPT:].decode("utf-8", "replace").replace("\0", "")[-KEPT:]
