"""`intake upload`: a folder of submissions to a bucket, several at once.

In:    a folder that holds one folder a submission, s3://bucket/prefix.  Out: what became of each (pipeline/incoming/upload.py), and figures.
Fails: UsageError, SettingsInvalid; SourceUnreadable where the bucket refuses us, StoreUnavailable where it doesn't answer: what was sent stands, the next upload goes on from there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from extractors.files import shown
from models.errors import UsageError
from pipeline.incoming.bucket import refusals
from pipeline.incoming.folder import lying_in
from pipeline.incoming.places import open_bucket
from pipeline.incoming.upload import Sent, send
from pipeline.settings import Settings

MOST_NAMED = 10  # submissions in what is told to people


@dataclass
class Uploaded:
    """What an upload came to. stray: what lies outside any submission, and wasn't sent; seconds: wall clock."""

    submissions: list[Sent] = field(default_factory=list)
    stray: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def left(self) -> list[Sent]:
        return [one for one in self.submissions if one.left]

    def figures(self) -> dict[str, int | float]:
        its = self.submissions
        return {
            "submissions": len(its), "complete": len(its) - len(self.left), "left": len(self.left), "unchanged": sum(one.whole for one in its),
            "files_sent": sum(one.sent for one in its), "files_skipped": sum(one.there for one in its), "files_verified": sum(one.verified for one in its),
            "files_refused": sum(len(one.refused) for one in its), "bytes_sent": sum(one.bytes for one in its), "stray": len(self.stray), "seconds": round(self.seconds, 2)}

    def lines(self) -> list[str]:
        """For people, in Chinese."""
        figures = self.figures()
        told = [(
            f"已就绪 {figures['complete']} 件，其中 {figures['unchanged']} 件先前已上传。本次上传 {figures['files_sent']} 个文件（{figures['bytes_sent'] / 1e6:.1f} MB），"
            f"跳过 {figures['files_skipped']} 个，回读核对 {figures['files_verified']} 个，用时 {self.seconds:.0f} 秒。")]
        told += [f"未上传：{shown(one.submission)}，{one.left}" for one in self.left[:MOST_NAMED]]
        told += [f"文件未上传：{shown(one.submission)}/{q.file}（{q.detail}）" for one in self.submissions for q in one.refused][:MOST_NAMED]
        if self.stray:
            told.append(f"{len(self.stray)} 个文件不在任何申报文件夹内，未上传：{'、'.join(self.stray[:MOST_NAMED])}")
        return told


def folders_of(folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """The submissions of a folder, and what lies outside any. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name the folder that holds one folder a submission.")
    submissions, others = lying_in(folder)
    if not submissions:
        raise UsageError(f"{folder} holds no submission. Put the files of each submission into a folder of its own, named with its number.")
    return submissions, tuple(shown(path.name) for path in others)


def upload(folder: Path, address: str, settings: Settings, progress: Callable[[int, int], None] = lambda done, of: None, verify: bool = False) -> Uploaded:
    """Send what isn't there yet. progress: told of submissions done, of all. verify: read back also what an earlier upload has sent."""
    started = time.monotonic()
    submissions, stray = folders_of(folder)
    bucket = open_bucket(address, settings)
    done = Uploaded(stray=stray)
    stopped = threading.Event()

    def one(path: Path) -> Sent | None:
        return None if stopped.is_set() else send(path, bucket, lambda: datetime.now(UTC), verify)

    with refusals(), ThreadPoolExecutor(settings.incoming.connections) as pool:
        try:
            for future in as_completed([pool.submit(one, path) for path in submissions]):
                if sent := future.result():
                    done.submissions.append(sent)
                    progress(len(done.submissions), len(submissions))
        finally:  # broken off, or refused: those in hand are ended, no other is begun
            stopped.set()
    done.submissions.sort(key=lambda sent: sent.submission)
    done.seconds = time.monotonic() - started
    return done
