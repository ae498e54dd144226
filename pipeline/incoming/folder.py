"""A folder that others put submissions into, each a folder of its own.

A submission is complete when nothing in it has changed for as long as was set, and no file's name says that someone still writes to it. Change is what is seen
between two looks, by this process's own clock: the times that a file bears are those of another machine, or of the scanner.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from extractors.files import FileLimits, Refused, filed, shown
from models.claim import Quarantined, QuarantineReason
from models.errors import UsageError, no_room
from pipeline.incoming.manifest import Listed, sort_out
from pipeline.incoming.names import UNSAFE_ID, half_written, why_unsafe_id
from pipeline.incoming.source import Arrival, NotWhole, Received, SourceUnreadable
from pipeline.store.blobs import hash_file

LEAVING = ".intake-leaving-"  # begins the name of a submission's folder while it is removed
_CHUNK = 2**20


class FolderSource:
    """Submissions from a folder."""

    def __init__(self, root: Path, settle_seconds: float, limits: FileLimits, clock: Callable[[], float] = time.monotonic) -> None:
        if not root.is_dir():
            raise UsageError(f"There is no folder {root}. Name the folder that submissions are put into, one folder each, or s3://bucket/prefix.")
        self._root = root
        self._settle = settle_seconds
        self._limits = limits
        self._clock = clock
        self._since: dict[str, tuple[str, float]] = {}  # the mark of each submission, and since when it has been that
        self._stray: list[str] = []

    @property
    def address(self) -> str:
        return str(self._root.resolve())

    @property
    def name(self) -> str:
        return self._root.resolve().name

    def look(self, known: Iterable[tuple[str, str]] = ()) -> list[Arrival]:
        taken = set(known)
        now = self._clock()
        try:
            folders, others = lying_in(self._root)
        except OSError as error:
            raise SourceUnreadable(f"{self._root} can't be read ({error.strerror}). Check that it is there and may be read.") from None
        self._stray = [shown(path.name) for path in others]
        found = []
        before, self._since = self._since, {}
        for folder in folders:
            if why_unsafe_id(folder.name):
                found.append(Arrival(folder.name, refused=UNSAFE_ID))
                continue
            mark, half = content_mark(folder)
            last, since = before.get(folder.name, ("", now))
            since = since if last == mark else now
            self._since[folder.name] = mark, since
            if half:
                found.append(Arrival(folder.name, mark, waits=f"{shown(half)} 尚未写完"))
            elif (folder.name, mark) in taken or now - since >= self._settle:
                found.append(Arrival(folder.name, mark))
            else:
                found.append(Arrival(folder.name, mark, waits=f"刚有变动，静置 {self._settle:.0f} 秒后收取", settling=True))
        return found

    def stray(self) -> list[str]:
        return self._stray

    def fetch(self, arrival: Arrival, folder: Path) -> Received:
        source = self._root / arrival.submission
        unseen: list[Refused] = []
        paths: dict[str, Path] = {}
        listed = []
        try:
            for name, path in filed(source, unseen):
                listed.append(Listed(name=name, size=path.stat().st_size, sha256="0" * 64))
                paths[name] = path
            before = [Quarantined(file=one.name, reason=QuarantineReason(one.reason), detail=one.detail) for one in unseen]
            files, refused = sort_out(listed, self._limits, before)
            taken = tuple(file.model_copy(update={"sha256": _copy(paths[file.name], folder / file.name)}) for file in files)
        except OSError as error:
            if no_room(error):
                raise
            raise NotWhole(f"{shown(arrival.submission)}: a file went away or can't be read as it was taken in ({error.strerror}).") from None
        if content_mark(source)[0] != arrival.mark or any((folder / file.name).stat().st_size != file.size for file in taken):
            raise NotWhole(f"{shown(arrival.submission)} was changed as it was taken in.")
        return Received(taken, refused)

    def remove(self, submission: str, mark: str, files: tuple[Listed, ...]) -> bool:
        """The folder is put aside under another name first, so that what is put there meanwhile is another submission, and what is left of a removal isn't one."""
        source, leaving = self._root / submission, self._root / f"{LEAVING}{submission}"
        if not leaving.exists():
            if not source.exists():
                return True
            if content_mark(source)[0] != mark:  # something came, be it what nobody would read or may
                return False
            source.rename(leaving)
        there = [Path(where) / name for where, _, names in os.walk(leaving) for name in names]
        papers = {path: name for name, path in filed(leaving)}
        known = {file.name: file.sha256 for file in files}
        left = {path for path, name in papers.items() if known.get(name) == hash_file(path)}
        if papers.keys() - left:  # something came after we looked
            if len(left) == len(known) and not source.exists():
                leaving.rename(source)
            return False
        for path in there:
            path.unlink()
        for where, _, _ in os.walk(leaving, topdown=False):
            with suppress(OSError):
                Path(where).rmdir()
        return not leaving.exists()


def lying_in(root: Path) -> tuple[list[Path], list[Path]]:
    """What lies in a folder of submissions, in order: folders, and what can't be a submission: files, and links, for these may lead anywhere. What begins with a full stop isn't looked at."""
    entries = sorted(path for path in root.iterdir() if not path.name.startswith("."))
    folders = [path for path in entries if path.is_dir() and not path.is_symlink()]
    known = frozenset(folders)
    return folders, [path for path in entries if path not in known]


def content_mark(folder: Path) -> tuple[str, str]:
    """What changes when anything in a folder does, and the name of a file that someone still writes to, "" where there is none."""
    digest = hashlib.sha256()
    half = ""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where) / name
            half = half or (name if half_written(name) else "")
            with suppress(OSError):  # gone as we look: the next look tells
                its = path.lstat()
                digest.update(f"{path.relative_to(folder).as_posix()}\0{its.st_size}\0{its.st_mtime_ns}\0{its.st_mode}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest(), half


def _copy(path: Path, to: Path) -> str:
    """Copy a file's bytes, written through, and give their SHA-256."""
    to.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("rb") as source, to.open("xb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()
