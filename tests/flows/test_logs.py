"""Logs of a run tell no personal numbers: neither ours nor what libraries and tracebacks put into them."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pymupdf
import pytest
from invented_claim import YEAR, write_tables

from flows import workers
from flows.batch import Run, process_one, run
from flows.logs import Masking, told_elsewhere
from flows.plan import plan
from flows.workers import Job, Outcome
from models.errors import StoreUnavailable
from models.paper import Paper
from pipeline.review.masks import PERSONAL
from pipeline.review.pictures import PictureSettings
from pipeline.samples import batch as samples
from pipeline.samples.draw.sheet import Book
from pipeline.samples.world import World
from pipeline.settings import Settings

WITH_NUMBERS = {"application_form", "insurance_policy", "premium_invoice", "payment_voucher"}  # enough, and quickly read
PEOPLE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)|(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, to the least line, as our processes write it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Masking("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


def write_batch(folder: Path, submissions: int, seed: int) -> None:
    """Invented submissions as PDFs with their text, so that reading takes no time."""
    for case in samples.plan(World(Random(f"{seed}/world")), submissions, seed, YEAR):
        book = Book()
        (folder / case.sid).mkdir(parents=True)
        for n, paper in enumerate(samples.draw(book, case, Random(f"{seed}/{case.sid}"))):
            if paper.type not in WITH_NUMBERS:
                continue
            out = pymupdf.open()
            for sheet in paper.sheets:
                sheet.finish()
                out.insert_pdf(book.doc, from_page=sheet.number, to_page=sheet.number)
            out.subset_fonts()
            (folder / case.sid / f"{n:02}.pdf").write_bytes(out.tobytes(garbage=3))


def personal(papers: tuple[Paper, ...]) -> set[str]:
    values = {field.text for paper in papers for name, field in {**paper.fields, **paper.extra}.items() if name in PERSONAL}
    return {re.sub(r"\D", "", value) for value in values if len(re.sub(r"\D", "", value)) >= 7}


class Here:
    """The workers' own code, in this process, where all that it logs is heard; every second submission fails over a number."""

    def __init__(self) -> None:
        self.asked = 0

    def process(self, job: Job) -> Outcome:
        self.asked += 1
        outcome = workers._work(job)
        if self.asked % 2 == 0:
            try:
                raise ValueError(f"{sorted(personal(outcome.claim.papers))} of {outcome.claim.model_dump_json()}")
            except ValueError:
                logging.getLogger("flows.workers").exception("%s could not be processed", job.submission_id)
        return outcome


def test_a_runs_log_holds_no_personal_number(log: io.StringIO, tmp_path: Path) -> None:
    write_batch(tmp_path / "batch", 2, 7)
    (tmp_path / "batch" / "X-1").mkdir()
    (tmp_path / "batch" / "X-1" / "13800001234.pdf").write_bytes(b"no PDF")

    def flow(context: Run) -> None:
        workers._start(context.settings, context.workspace.pages, context.tables, "ningbo-2020", YEAR)
        here = Here()
        for folder, content in context.waiting.items():
            process_one(context, folder, content, here)  # type: ignore[arg-type]

    report = run(plan(tmp_path / "batch", write_tables(tmp_path / "tables"), tmp_path / "out", "ningbo-2020", YEAR, 1), Settings(pictures=PictureSettings(keep=False)), flow=flow)
    numbers = set().union(*(personal(claim.papers) for claim in report.claims))
    assert len(numbers) >= 6  # else there was nothing to find
    said = log.getvalue()
    assert "13****" not in said
    assert "could not be processed" in said
    assert "quarantined" in said
    digits = re.sub(r"(?<=\d)[- ](?=\d)", "", said)
    assert [number for number in numbers if number in digits] == []
    assert PEOPLE.findall(said) == []


@pytest.mark.parametrize(("text", "hidden"), [
    ("phone 13800001234 of", "13800001234"), ("0574-87654321", "87654321"), ("id 33020319800101123X", "33020319800101123X"), ("account 6222021001001234567", "6222021001001234567")])
def test_a_traceback_is_masked_like_a_message(text: str, hidden: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed over %s", (text,), (KeyError, error, error.__traceback__))
    said = Masking("%(message)s").format(record)
    assert hidden not in said
    assert "Traceback" in said


def test_what_is_no_personal_number_stays() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "EQ-0001 scan.pdf p5: 379470.00 of 2021-01-31, reader ab12cd34", (), None)
    assert Masking("%(message)s").format(record) == "EQ-0001 scan.pdf p5: 379470.00 of 2021-01-31, reader ab12cd34"


@pytest.mark.parametrize(("logger", "error", "said"), [("prefect.task_runs", StoreUnavailable("full"), False), ("prefect.task_runs", KeyError("premium"), True), ("flows.workers", StoreUnavailable("full"), True)])
def test_what_ends_a_run_is_told_once_and_what_is_our_fault_with_its_traceback(logger: str, error: Exception, said: bool) -> None:
    record = logging.LogRecord(logger, logging.ERROR, "x.py", 1, "Task run failed with exception: %r", (error,), (type(error), error, None))
    assert told_elsewhere(record) is not said
