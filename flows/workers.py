"""Worker processes: each opens, reads and judges whole submissions, with its models loaded once.

In:    jobs.  Out: outcomes; a job never raises, whatever its files hold.
A file that brings a worker down or hangs it is known by the marker that the worker leaves before each file; the submission is
tried again without it.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessPool

from extractors.files import open_submission
from extractors.reading import Reader
from extractors.second_opinion import SecondOpinion
from models.claim import Claim, Quarantined, QuarantineReason, Triage
from models.page import Page, PageSource
from models.paper import Paper
from models.reference import Reference
from models.scheme import Scheme, load_scheme
from pipeline.calibration import Acceptance, load
from pipeline.learning.versions import second_opinion
from pipeline.process import claim_from_pages, papers_from_pages, read_files
from pipeline.reference import load_reference
from pipeline.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_TRIES = 8  # of one submission; after that what is left of it is quarantined whole


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
    """A claim and what it took. failure: the traceback where our own code failed, "" else."""

    claim: Claim
    pages: PageCount
    seconds: float
    reading_seconds: float
    failure: str = ""


class _Context(NamedTuple):
    settings: Settings
    reader: Reader
    reference: Reference
    scheme: Scheme
    year: int
    second: SecondOpinion | None
    acceptance: Acceptance


_context: _Context | None = None


def _start(settings: Settings, pages: Path, reference: Path, scheme: str, year: int) -> None:
    """Runs once in each worker process."""
    global _context
    acceptance = Acceptance(load(settings.confidence.calibration), settings.confidence.allowed)
    _context = _Context(
        settings, Reader(settings.reader, pages), load_reference(reference), load_scheme(scheme), year, second_opinion(settings.extraction.learned), acceptance)


def _sharing_cores(settings: Settings, workers: int) -> Settings:
    """The settings of one of several worker processes: where threads aren't set, each gets its share of the cores."""
    reader = settings.reader
    threads = reader.ocr.threads or max(1, (os.cpu_count() or 1) // workers)
    return settings.model_copy(update={"reader": reader.model_copy(update={"ocr": reader.ocr.model_copy(update={"threads": threads})})})


def _work(job: Job) -> Outcome:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    started = time.monotonic()
    c = _context
    read = read_files(job.folder, c.reader, c.settings.files, job.shunned, lambda name: _mark(job.marker, name))
    _mark(job.marker, "")
    claim = claim_from_pages(job.submission_id, read.pages, c.reference, c.scheme, c.year, read.quarantined, c.second, c.acceptance)
    return Outcome(claim, count(read.pages), time.monotonic() - started, read.seconds)


def _read_tables(job: Job) -> tuple[tuple[Paper, ...], tuple[Quarantined, ...]]:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    read = read_files(job.folder, _context.reader, _context.settings.files, job.shunned, lambda name: _mark(job.marker, name))
    _mark(job.marker, "")
    return papers_from_pages(read.pages), read.quarantined


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
        except Exception:
            failure = traceback.format_exc()
            log.exception("%s could not be processed", job.submission_id)
            return Outcome(self._given_up(job), PageCount(), time.monotonic() - started, 0.0, failure)

    def read_tables(self, job: Job) -> tuple[tuple[Paper, ...], tuple[Quarantined, ...]]:
        """The papers of the insurers' folder, without judging them."""
        return self._guarded(_read_tables, job)

    def _guarded(self, work: Callable[[Job], T], job: Job) -> T:
        for _ in range(MOST_TRIES):
            try:
                result: T = self._pool.schedule(work, args=[job], timeout=self._settings.run.submission_seconds).result()
                return result
            except (ProcessExpired, FutureTimeout) as error:
                reason = QuarantineReason.TIMEOUT if isinstance(error, FutureTimeout) else QuarantineReason.CRASHED
                culprit = job.marker.read_text("utf-8") if job.marker.exists() else ""
                if not culprit:
                    raise
                log.warning("%s: %s while reading %s; going on without it", job.submission_id, reason, culprit)
                job = job._replace(shunned=(*job.shunned, Quarantined(file=culprit, reason=reason)))
        raise RuntimeError(f"{job.submission_id}: {MOST_TRIES} files brought a worker down")

    def _given_up(self, job: Job) -> Claim:
        """The claim of a submission that could not be processed: every file set aside, for a person to look at."""
        names = sorted({f.name for f in open_submission(job.folder, self._settings.files).files} | {q.file for q in job.shunned})
        return Claim(
            submission_id=job.submission_id, scheme=self._scheme, track=None, triage=Triage.REVIEW,
            quarantined=tuple(Quarantined(file=name, reason=QuarantineReason.CRASHED) for name in names),
        )
