"""Files that are written whole or not at all, also where several processes, or machines on a shared folder, write the same one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at `path`: it takes the place of what stands there when the block ends, or is gone when it fails.

    One writer at a time. A writer that is killed leaves the file beside, "….part", to be written over by the next.
    """
    part = path.with_name(path.name + ".part")
    held = _alone(part)
    try:
        yield part
        part.replace(path)
    except BaseException:  # on a full disk what is half written stands in the way
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(held)  # and with it the lock


def _alone(part: Path) -> int:
    """Make the file, and lock it; gives the handle that holds the lock."""
    while True:
        held = os.open(part, os.O_RDWR | os.O_CREAT, 0o666)
        with suppress(OSError):  # a share that knows no locks
            fcntl.flock(held, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(held), part.stat()):
                return held
        except FileNotFoundError:
            pass
        os.close(held)  # the writer before has moved it to its place meanwhile
