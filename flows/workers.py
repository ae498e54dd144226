"""Worker processes: each opens, reads and judges whole submissions, with its models loaded once.

In:    jobs.  Out: outcomes; a job never raises, whatever its files hold.
A file that brings a worker down or hangs it is known by the marker that the worker leaves before each file. The submission is tried once more, alone in a fresh
process; when the file does it again it is set aside and the rest goes on without it. Seconds and memory are limited by the kernel (pipeline/cage.py).
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import cv2

from extractors.files import SourceFile, filed
from extractors.pdf import Sheet
from extractors.reading import READER_VERSION, Keep, Reader, ReaderSettings
from extractors.second_opinion import SecondOpinion
from flows import metrics
from flows.logs import to_stderr
from flows.pool import Died, Pool, Stopped, TookTooLong
from models.claim import Claim, Quarantined, QuarantineReason, Triage
from models.errors import no_room
from models.page import Page, PageSource
from models.paper import Paper
from models.reference import Reference
from models.scheme import Scheme, load_scheme
from pipeline.cage import TIMED_OUT, Cage
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

MOST_TRIES = 16  # of one submission; after that what is left of it is quarantined whole
TRIES = 2  # of one file: the worker may have died for another reason, or the machine been slow
MOST_STRETCHES = 4  # of `submission_seconds` that all tries of a submission may take together


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


class CagedReader(Reader):
    """A reader that keeps its process within the limits on a file."""

    def __init__(self, settings: ReaderSettings, cache: Path, cage: Cage) -> None:
        super().__init__(settings, cache)
        self._cage = cage

    def read_sheet(self, sheet: Sheet, name: str, keep: Keep | None = None) -> Page:
        self._cage.ocr()
        page = super().read_sheet(sheet, name, keep)
        self._cage.page()
        return page


class _Context(NamedTuple):
    settings: Settings
    cage: Cage
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
    to_stderr()
    cv2.setNumThreads(settings.reader.ocr.threads)  # else it takes all cores in every worker
    acceptance = Acceptance(load(settings.confidence.calibration), settings.confidence.allowed)
    cage = Cage(settings.cage)
    reader = CagedReader(settings.reader, pages, cage)
    shelf = FolderShelf(pages.parent / PICTURES)
    _context = _Context(settings, cage, reader, load_reference(reference), load_scheme(scheme), year, shelf, second_opinion(settings.extraction.learned), acceptance)


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
    read = _read(c, job, keep_of)
    c.cage.judge(len(read.pages))
    claim = claim_from_pages(job.submission_id, read.pages, c.reference, c.scheme, c.year, read.quarantined, c.second, c.acceptance)
    c.cage.leave()
    reader = f"{READER_VERSION} {hashlib.sha256(c.reader.version.encode()).hexdigest()[:16]}"
    return Outcome(claim, files_seen(read), time.monotonic() - started, read.seconds, reader)


def _read(context: _Context, job: Job, keep_of: Callable[[SourceFile], Keep] | None = None) -> ReadFiles:
    """A submission's files, each marked and with its own limits."""

    def about_to_read(name: str) -> None:
        _mark(job.marker, name)
        context.cage.file()

    read = read_files(job.folder, context.reader, context.settings.files, job.shunned, about_to_read, keep_of)
    _mark(job.marker, "")
    return read


class TablesRead(NamedTuple):
    papers: tuple[Paper, ...]
    quarantined: tuple[Quarantined, ...]
    files: tuple[FileSeen, ...]


def _read_tables(job: Job) -> TablesRead:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    read = _read(_context, job)
    _context.cage.judge(len(read.pages))
    papers = papers_from_pages(read.pages)
    _context.cage.leave()
    return TablesRead(papers, read.quarantined, files_seen(read))


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


def _reason_of(error: Died | TookTooLong) -> QuarantineReason:
    """Why a worker is gone."""
    timed_out = isinstance(error, TookTooLong) or error.status == TIMED_OUT
    return QuarantineReason.TIMEOUT if timed_out else QuarantineReason.CRASHED


class Workers:
    """A pool of worker processes; a context manager. Calls block and may come from several threads at once."""

    def __init__(self, settings: Settings, pages: Path, reference: Path, scheme: str, year: int, workers: int) -> None:
        self._settings = settings
        self._scheme = scheme
        def pool(processes: int, calls_each: int) -> Pool:
            return Pool(processes, _start, (_sharing_cores(settings, workers), pages, reference, scheme, year), calls_each)

        self._pool, self._apart = pool(workers, settings.run.submissions_per_worker), pool(1, 1)
        self._alone = threading.Lock()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exc: object) -> None:
        for pool in (self._pool, self._apart):
            pool.stop() if exc[0] else pool.close()

    def process(self, job: Job) -> Outcome:
        """Process one submission. Never raises for what the files hold: what can't be read is in the claim's `quarantined`. Raises Stopped where the run ends, OSError where the disk is full."""
        started = time.monotonic()
        try:
            return self.guarded(_work, job)
        except Stopped:  # the run ends: the next one takes it up
            raise
        except Exception as error:
            if no_room(error):  # the next run takes it up
                raise
            log.exception("%s could not be processed", job.submission_id)
            reason = _reason_of(error) if isinstance(error, Died | TookTooLong) else None
            return self.given_up(job, reason.value if reason else "error", traceback.format_exc(), time.monotonic() - started)

    def read_tables(self, job: Job) -> TablesRead:
        """The papers of the insurers' folder, without judging them."""
        return self.guarded(_read_tables, job)

    def guarded(self, work: Callable[[Job], T], job: Job) -> T:
        """Have a worker do it. What brings it down or hangs it, by the marker, is shunned from the third try on. Raises Died or TookTooLong where that is nothing."""
        tried: Counter[str] = Counter()
        started = time.monotonic()
        alone = False
        while True:
            try:
                return self._done_alone(work, job) if alone else self._pool.call(work, job, self._settings.run.submission_seconds)
            except (Died, TookTooLong) as error:
                reason = _reason_of(error)
                metrics.RESTARTED.labels(reason.value).inc()
                culprit = job.marker.read_text("utf-8") if job.marker.exists() else ""
                tried[culprit] += 1
                if sum(tried.values()) >= MOST_TRIES or time.monotonic() - started > MOST_STRETCHES * self._settings.run.submission_seconds:
                    raise
                alone = tried[culprit] < TRIES
                if alone:
                    log.warning("%s: %s%s; trying again, alone", job.submission_id, reason, f" while reading {culprit}" if culprit else "")
                    continue
                if not culprit:
                    raise
                log.warning("%s: %s while reading %s; going on without it", job.submission_id, reason, culprit)
                job = job._replace(shunned=(*job.shunned, Quarantined(file=culprit, reason=reason)))

    def _done_alone(self, work: Callable[[Job], T], job: Job) -> T:
        """In a process that nothing else was done in; one at a time, and the other workers go on."""
        with self._alone:
            try:
                return self._apart.call(work, job, self._settings.run.submission_seconds)
            finally:
                self._apart.close()

    def given_up(self, job: Job, reason: str, failure: str, seconds: float = 0.0) -> Outcome:
        """What is left of a submission that could not be processed: every file set aside, for a person to look at."""
        aside = {name: Quarantined(file=name, reason=QuarantineReason.CRASHED) for name, _ in filed(job.folder)} | {q.file: q for q in job.shunned}
        quarantined = tuple(aside[name] for name in sorted(aside))
        claim = Claim(submission_id=job.submission_id, scheme=self._scheme, track=None, triage=Triage.REVIEW, quarantined=quarantined)
        return Outcome(claim, tuple(map(_set_aside, quarantined)), seconds, 0.0, reason=reason, failure=failure)
