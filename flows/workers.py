"""Worker processes: each opens, reads and judges whole submissions, with its models loaded once.

In:    jobs.  Out: outcomes; a job never raises, whatever its files hold.
A file that twice brings a worker down, or once hangs it, is known by the marker that the worker leaves before each file; the submission is
tried again without it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessPool

from extractors.files import SourceFile, open_submission
from extractors.reading import READER_VERSION, Keep, Reader
from extractors.second_opinion import SecondOpinion
from flows import metrics
from models.claim import Claim, Quarantined, QuarantineReason, Triage
from models.page import Page, PageSource
from models.paper import Paper
from models.reference import Reference
from models.scheme import Scheme, load_scheme
from pipeline.calibration import Acceptance, load
from pipeline.learning.versions import second_opinion
from pipeline.process import ReadFiles, claim_from_pages, papers_from_pages, read_files
from pipeline.reference import load_reference
from pipeline.review.pictures import PICTURES, FolderShelf, keeper
from pipeline.settings import Settings
from pipeline.store.data import FileSeen
from pipeline.store.settings import StoreSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

_REASONS: dict[type[BaseException], str] = {ProcessExpired: QuarantineReason.CRASHED.value, FutureTimeout: QuarantineReason.TIMEOUT.value}

MOST_TRIES = 16  # of one submission; after that what is left of it is quarantined whole
DEATHS = 2  # of a worker over one file, before the file is taken for the cause: it may have been killed for another reason, want of memory above all


class Job(NamedTuple):
    """One submission to process. marker: where the worker says which file it is about to read."""

    submission_id: str
    folder: Path
    marker: Path
    shunned: tuple[Quarantined, ...] = ()


class PageCount(NamedTuple):
    read: int = 0  # by OCR
    text_layer: int = 0
    blank: int = 0
    unreadable: int = 0

    @property
    def all(self) -> int:
        return sum(self)


class Outcome(NamedTuple):
    """A claim and what it took. reader: the reader's version. reason, failure: why it could not be made, in a word and as a traceback; "" where it was."""

    claim: Claim
    files: tuple[FileSeen, ...]
    seconds: float
    reading_seconds: float
    reader: str = ""
    reason: str = ""
    failure: str = ""

    @property
    def pages(self) -> PageCount:
        """How the pages of files that were read were read."""
        read = [file for file in self.files if not file.reason]
        return PageCount(sum(f.ocr for f in read), sum(f.text for f in read), sum(f.blank for f in read), sum(f.aside for f in read))


class _Context(NamedTuple):
    settings: Settings
    reader: Reader
    reference: Reference
    scheme: Scheme
    year: int
    shelf: FolderShelf
    second: SecondOpinion | None
    acceptance: Acceptance

    def keep_of(self, file: SourceFile) -> Keep:
        """Puts a file's pages on the shelf as they are read."""
        return keeper(self.shelf, file, self.reader.version, self.settings.pictures)


_context: _Context | None = None


def _start(settings: Settings, pages: Path, reference: Path, scheme: str, year: int) -> None:
    """Runs once in each worker process."""
    global _context
    acceptance = Acceptance(load(settings.confidence.calibration), settings.confidence.allowed)
    _context = _Context(
        settings, Reader(settings.reader, pages), load_reference(reference), load_scheme(scheme), year, FolderShelf(pages.parent / PICTURES), second_opinion(settings.extraction.learned), acceptance)


def _sharing_cores(settings: Settings, workers: int) -> Settings:
    """The settings of one of several worker processes: where threads aren't set, each gets its share of the cores; none gets the keys of the store."""
    reader = settings.reader
    threads = reader.ocr.threads or max(1, (os.cpu_count() or 1) // workers)
    own = reader.model_copy(update={"ocr": reader.ocr.model_copy(update={"threads": threads})})
    return settings.model_copy(update={"reader": own, "store": StoreSettings()})


def _work(job: Job) -> Outcome:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    started = time.monotonic()
    c = _context
    keep_of = c.keep_of if c.settings.pictures.keep else None
    read = read_files(job.folder, c.reader, c.settings.files, job.shunned, lambda name: _mark(job.marker, name), keep_of)
    _mark(job.marker, "")
    claim = claim_from_pages(job.submission_id, read.pages, c.reference, c.scheme, c.year, read.quarantined, c.second, c.acceptance)
    reader = f"{READER_VERSION} {hashlib.sha256(c.reader.version.encode()).hexdigest()[:16]}"
    return Outcome(claim, files_seen(read), time.monotonic() - started, read.seconds, reader)


class TablesRead(NamedTuple):
    papers: tuple[Paper, ...]
    quarantined: tuple[Quarantined, ...]
    files: tuple[FileSeen, ...]


def _read_tables(job: Job) -> TablesRead:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    read = read_files(job.folder, _context.reader, _context.settings.files, job.shunned, lambda name: _mark(job.marker, name))
    _mark(job.marker, "")
    return TablesRead(papers_from_pages(read.pages), read.quarantined, files_seen(read))


def files_seen(read: ReadFiles) -> tuple[FileSeen, ...]:
    """What became of every file and its pages; of a file set aside all pages are."""
    aside = {q.file: q for q in read.quarantined}
    by_file: dict[str, list[Page]] = {}
    for page in read.pages:
        by_file.setdefault(page.file, []).append(page)
    out = []
    for source in read.sources:
        known = FileSeen(source.name, source.sha256, source.size, pages=source.pages)
        if q := aside.pop(source.name, None):
            out.append(replace(known, aside=source.pages or 0, reason=q.reason.value, detail=q.detail))
        else:
            pages = count(tuple(by_file.get(source.name, ())))
            out.append(replace(known, ocr=pages.read, text=pages.text_layer, blank=pages.blank, aside=pages.unreadable))
    return (*out, *(_set_aside(q) for q in aside.values()))


def _set_aside(q: Quarantined) -> FileSeen:
    return FileSeen(q.file, reason=q.reason.value, detail=q.detail)


def count(pages: tuple[Page, ...]) -> PageCount:
    """How the pages were read."""
    unreadable = sum(bool(page.unreadable) for page in pages)
    blank = sum(page.source is PageSource.BLANK and not page.unreadable for page in pages)
    text = sum(page.source is PageSource.TEXT_LAYER and not page.unreadable for page in pages)
    return PageCount(len(pages) - unreadable - blank - text, text, blank, unreadable)


def _mark(marker: Path, name: str) -> None:
    marker.write_text(name, "utf-8")


class Workers:
    """A pool of worker processes; a context manager. Calls block and may come from several threads at once."""

    def __init__(self, settings: Settings, pages: Path, reference: Path, scheme: str, year: int, workers: int) -> None:
        self._settings = settings
        self._scheme = scheme
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=settings.run.submissions_per_worker, context=get_context("spawn"),
            initializer=_start, initargs=(_sharing_cores(settings, workers), pages, reference, scheme, year),
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.stop() if exc[0] else self._pool.close()
        self._pool.join()

    def process(self, job: Job) -> Outcome:
        """Process one submission. Never raises for what the files hold: what can't be read is in the claim's `quarantined`."""
        started = time.monotonic()
        try:
            return self._guarded(_work, job)
        except Exception as error:
            log.exception("%s could not be processed", job.submission_id)
            return self.given_up(job, _REASONS.get(type(error), "error"), traceback.format_exc(), time.monotonic() - started)

    def read_tables(self, job: Job) -> TablesRead:
        """The papers of the insurers' folder, without judging them."""
        return self._guarded(_read_tables, job)

    def _guarded(self, work: Callable[[Job], T], job: Job) -> T:
        deaths: Counter[str] = Counter()
        for _ in range(MOST_TRIES):
            try:
                result: T = self._pool.schedule(work, args=[job], timeout=self._settings.run.submission_seconds).result()
                return result
            except (ProcessExpired, FutureTimeout) as error:
                reason = QuarantineReason.TIMEOUT if isinstance(error, FutureTimeout) else QuarantineReason.CRASHED
                metrics.RESTARTED.labels(reason.value).inc()
                culprit = job.marker.read_text("utf-8") if job.marker.exists() else ""
                deaths[culprit] += 1
                if reason is QuarantineReason.CRASHED and deaths[culprit] < DEATHS:
                    log.warning("%s: a worker died%s; trying again", job.submission_id, f" while reading {culprit}" if culprit else "")
                    continue
                if not culprit:
                    raise
                log.warning("%s: %s while reading %s; going on without it", job.submission_id, reason, culprit)
                job = job._replace(shunned=(*job.shunned, Quarantined(file=culprit, reason=reason)))
        raise RuntimeError(f"{job.submission_id}: {MOST_TRIES} times a worker came to grief")

    def given_up(self, job: Job, reason: str, failure: str, seconds: float = 0.0) -> Outcome:
        """What is left of a submission that could not be processed: every file set aside, for a person to look at."""
        names = sorted({f.name for f in open_submission(job.folder, self._settings.files).files} | {q.file for q in job.shunned})
        quarantined = tuple(Quarantined(file=name, reason=QuarantineReason.CRASHED) for name in names)
        claim = Claim(submission_id=job.submission_id, scheme=self._scheme, track=None, triage=Triage.REVIEW, quarantined=quarantined)
        return Outcome(claim, tuple(map(_set_aside, quarantined)), seconds, 0.0, reason=reason, failure=failure)
