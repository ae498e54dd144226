"""Limits on a process that opens what strangers filed: seconds and memory, kept by the kernel.

In:    settings; which part of the work begins.  Out: a process that ends by itself when it takes longer, and is refused memory beyond its limit.
A parser that runs in circles returns to no Python code, so nothing within the process could stop it: the kernel's timer ends it (SIGALRM), and what asks for more
memory gets none, which libraries tell by an exception or by dying. Whoever started the process sees how it ended (`TIMED_OUT`).
"""

from __future__ import annotations

import ctypes
import resource
import signal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

TIMED_OUT = -signal.SIGALRM  # exit code of a process that ran out of time
_MIB = 2**20
_LEAST = 64 * _MIB  # that may always be asked for: where nothing is left, not even an error can be told
_STATUS = Path("/proc/self/status")
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_LARGE = 20 * _MIB  # what is asked for at once and is at least as large lies apart, and is the system's again as soon as it is given up; a page's picture is smaller
_KEPT = 64 * _MIB


class CageSettings(BaseModel):
    """What one file may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_seconds: float = Field(default=60, ge=1, le=86_400, description="longest that a file may take before it is set aside")
    page_seconds: float = Field(default=6, ge=0, le=3_600, description="seconds that a file gets on top for each page that was read of it")
    parse_mib: int = Field(default=1_536, ge=256, le=1_048_576, description="memory of a worker process while it opens a file and draws its pages, in MiB")
    ocr_mib: int = Field(default=2_560, ge=512, le=1_048_576, description="memory of a worker process while it reads or judges, in MiB")


class Cage:
    """The limits of this process. Nothing is limited before the first call."""

    def __init__(self, settings: CageSettings) -> None:
        self._settings = settings
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hold_little()

    def file(self) -> None:
        """A file is about to be opened."""
        self._give(self._settings.file_seconds)
        self.parse()

    def page(self) -> None:
        """A page was read; the file may go on."""
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        self._give(left + self._settings.page_seconds)
        self.parse()

    def parse(self) -> None:
        """From here on bytes are decoded."""
        confine(self._settings.parse_mib)

    def ocr(self) -> None:
        """From here on pictures are read."""
        confine(self._settings.ocr_mib)

    def judge(self, pages: int) -> None:
        """All files are read; what they say is looked at."""
        self._give(self._settings.file_seconds + pages * self._settings.page_seconds)
        self.ocr()

    def leave(self) -> None:
        """The work is done: no limit on time, and what it took goes back to the system."""
        self._give(0)
        give_back()

    @staticmethod
    def _give(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)


def hold_little() -> None:
    """Have this process keep less of the memory that it has given up.

    By itself glibc soon takes whatever is asked for from one heap, where what is large leaves gaps between what stays. With a lower limit pages' pictures would lie apart
    as well, at 4 % more time, for the system clears what it gives.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT)


def give_back() -> None:
    """Give the system what this process has given up."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)


def confine(mib: int) -> None:
    """Let this process hold no more memory than so many MiB.

    The kernel counts what was asked for, of which threads and networks leave much untouched. So what may be asked for is what has been, and what is left of the
    memory that is really held.
    """
    asked, held = _memory()
    most = asked + max(_LEAST, mib * _MIB - held)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _memory() -> tuple[int, int]:
    """Bytes that this process has asked for, and holds."""
    figures = dict(line.split(":", 1) for line in _STATUS.read_text("ascii", "replace").splitlines() if line.startswith(("VmData", "VmRSS")))
    asked, held = (int(figures[name].split()[0]) * 1024 for name in ("VmData", "VmRSS"))
    return asked, held
