"""The whole way for one submission: files in, claim out.

`process` reads and decides; `claim_from_pages` is its pure part: same pages, tables, scheme and year in, same claim out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from extractors.files import FileLimits, Refused, SourceFile, each_file
from extractors.papers import extract_paper
from extractors.pdf import page_count
from extractors.reading import Keep
from extractors.second_opinion import SecondOpinion
from extractors.sorting import sort_pages
from matchers.catalogue import Outcome, match_product
from models.claim import Claim, Quarantined, QuarantineReason, UnreadablePage
from models.errors import FileRefused, no_room
from models.field import Field
from models.page import Page, PagePrint
from models.paper import Paper
from models.reference import Reference
from models.scheme import Scheme
from pipeline.agreement import with_agreement_heeded
from pipeline.assemble import assemble
from pipeline.calibration import Acceptance
from pipeline.corrections import with_misreadings_corrected
from pipeline.evidence import with_sides_doubted, with_slips_doubted
from pipeline.listed import with_own_row
from pipeline.prints import prints_of
from pipeline.rules import check, check_across
from pipeline.rules.tables import Books
from pipeline.seconding import seconded
from pipeline.stamps import with_seals_settled
from pipeline.triage import triage
from pipeline.unlabelled import with_unlabelled_found
from pipeline.unsorted import with_possible_types

log = logging.getLogger(__name__)


class PageReader(Protocol):
    """What `process` needs of a reader: the pages of one file, or FileRefused."""

    def read(self, file: SourceFile, keep: Keep | None = None) -> tuple[Page, ...]: ...


class ReadFiles(NamedTuple):
    """What reading a submission gave: every page of every file that could be read, and the files that could not.

    sources: name, SHA-256, bytes and pages (by the file's own word, None where it can't be opened) of every file that was tried.
    """

    pages: tuple[Page, ...]
    quarantined: tuple[Quarantined, ...]
    seconds: float
    sources: tuple[Source, ...] = ()


class Source(NamedTuple):
    name: str
    sha256: str
    size: int
    pages: int | None


def process(
    folder: Path, reference: Reference, scheme: Scheme, year: int, reader: PageReader, limits: FileLimits | None = None, acceptance: Acceptance | None = None
) -> Claim:
    """Read the submission in `folder` (its name is the submission's id) and judge it against the scheme.

    year: in whose January the batch was filed. acceptance: what scores are worth; None leaves them as they are. Bad files are quarantined, never raised.
    """
    read = read_files(folder, reader, limits)
    return claim_from_pages(folder.name, read.pages, reference, scheme, year, read.quarantined, acceptance=acceptance)


def read_files(
    folder: Path,
    reader: PageReader,
    limits: FileLimits | None = None,
    shunned: Iterable[Quarantined] = (),
    about_to_read: Callable[[str], None] = lambda name: None,
    keep_of: Callable[[SourceFile], Keep] | None = None,
) -> ReadFiles:
    """All pages of a submission's files, in the order of their names.

    shunned: files that brought a reader down before, or were refused as they came in; they are quarantined unopened, those too that lie in no folder.
    about_to_read: told each file's name before it is opened or read, so that whoever watches knows the culprit of a crash. Of the entries of a ZIP none is opened when it is the ZIP.
    keep_of: gives for a file what is told of its pages as they are read, so that pictures of them can be kept.
    """
    started = time.monotonic()
    avoid = {q.file: q for q in shunned}
    refused: list[Quarantined] = []
    quarantined: list[Quarantined] = []
    pages: list[Page] = []
    sources: list[Source] = []

    def about_to_open(name: str) -> bool:
        about_to_read(name)
        if name in avoid and avoid[name] not in quarantined:
            quarantined.append(avoid[name])
        return name not in avoid

    for file in each_file(folder, limits, about_to_open):
        if isinstance(file, Refused):
            refused.append(Quarantined(file=file.name, reason=QuarantineReason(file.reason), detail=file.detail))
            continue
        if file.name in avoid:
            quarantined.append(avoid[file.name])
            sources.append(Source(file.name, file.sha256, len(file.data), None))
            continue
        about_to_read(file.name)
        known = len(sources)
        sources.append(Source(file.name, file.sha256, len(file.data), None))
        try:
            sources[known] = sources[known]._replace(pages=page_count(file))
            pages += reader.read(file, keep_of(file)) if keep_of else reader.read(file)
        except FileRefused as refusal:
            log.info("%s quarantined: %s", file.name, refusal)
            quarantined.append(Quarantined(file=file.name, reason=QuarantineReason(refusal.reason), detail=refusal.detail))
        except MemoryError as error:
            log.warning("%s quarantined: it needs more memory than may be used", file.name)
            quarantined.append(Quarantined(file=file.name, reason=QuarantineReason.TOO_LARGE, detail=f"more memory than may be used: {error}".rstrip(": ")))
        except Exception as error:  # one file never costs its submission, whatever a library makes of it
            if no_room(error):  # that is nobody's paper's fault
                raise
            log.exception("%s quarantined", file.name)
            quarantined.append(Quarantined(file=file.name, reason=QuarantineReason.CRASHED, detail=type(error).__name__))
    quarantined += [one for one in avoid.values() if one not in quarantined]
    return ReadFiles(tuple(pages), (*refused, *quarantined), time.monotonic() - started, tuple(sources))


def papers_from_pages(pages: Sequence[Page], registered: Iterable[str] = (), second: SecondOpinion | None = None, catalogued: Iterable[str] = ()) -> tuple[Paper, ...]:
    """The papers that the pages make up, with their fields, what can be proven misread put right, and their seals settled.

    registered: names of companies that there are; catalogued: of products. second: a learned model that is asked, too.
    """
    by_place = {(page.file, page.number): page for page in pages}
    papers = with_own_row([extract_paper(paper, by_place) for paper in sort_pages(pages)])
    if second is not None:
        papers = tuple(second.on(paper, by_place) for paper in papers)
    return with_possible_types(with_each_other(papers, pages, registered, catalogued), pages)


def with_each_other(papers: Sequence[Paper], pages: Sequence[Page], registered: Iterable[str] = (), catalogued: Iterable[str] = ()) -> tuple[Paper, ...]:
    """The papers with what they tell of each other: what no label said found, what can be proven misread put right, what they agree on borne out, their seals settled. registered: names of companies that there are; catalogued: of products."""
    known = tuple(registered)
    return with_seals_settled(with_agreement_heeded(with_misreadings_corrected(with_unlabelled_found(papers, pages), pages, known, catalogued)), pages, known)


def product_names(reference: Reference) -> list[str]:
    """Names of the products in the catalogue."""
    return [entry.name for entry in reference.catalogue or ()]


def company_names(reference: Reference) -> list[str]:
    """Names of the companies in the register."""
    return [company.name for company in reference.companies or ()]


def claim_from_pages(
    submission_id: str, pages: Sequence[Page], reference: Reference, scheme: Scheme, year: int, quarantined: Sequence[Quarantined] = (),
    second: SecondOpinion | None = None, acceptance: Acceptance | None = None,
) -> Claim:
    """Sort, extract, assemble, match, check and triage. Pure: no clock, disk or network."""
    unreadable = tuple(UnreadablePage(file=page.file, number=page.number, flaw=page.flaw) for page in pages if page.flaw)
    papers = papers_from_pages(pages, company_names(reference), second, product_names(reference))
    return judge(submission_id, papers, reference, scheme, year, quarantined, unreadable, prints_of(pages), acceptance)


def judge(
    submission_id: str, papers: Sequence[Paper], reference: Reference, scheme: Scheme, year: int,
    quarantined: Sequence[Quarantined] = (), unreadable: Sequence[UnreadablePage] = (), prints: Sequence[PagePrint] = (), acceptance: Acceptance | None = None,
) -> Claim:
    """The claim that the papers make: fields chosen and accepted, product matched, rules checked, triaged."""
    claim = assemble(submission_id, with_sides_doubted(with_slips_doubted(papers)), scheme)
    claim = acceptance.settle(claim) if acceptance else claim
    claim = claim.model_copy(update={"quarantined": tuple(quarantined), "unreadable": tuple(unreadable), "prints": tuple(prints)})
    return judge_anew(claim, reference, scheme, year)


def judge_anew(claim: Claim, reference: Reference, scheme: Scheme, year: int, chosen: Outcome | None = None) -> Claim:
    """A claim whose papers and fields stand, matched, checked and triaged anew: after a correction, or against other tables.

    chosen: the catalogue entry that a person took the product for, or none; without it the product is matched here.
    """
    found = chosen or match_product(claim, reference)
    claim = claim.model_copy(update={"catalogue_match": found.match, "candidates": found.candidates, "rivals": found.rivals})
    claim = claim.model_copy(update={"flags": check(claim, reference, scheme, year)})
    return claim.model_copy(update={"triage": triage(claim)})


def judge_across(
    claims: Sequence[Claim], tables: Sequence[Paper], reference: Reference, scheme: Scheme, year: int, tables_unread: bool = False,
    papers_of: Callable[[Claim], tuple[Paper, ...]] = lambda claim: claim.papers,
) -> tuple[Claim, ...]:
    """A batch's claims, in order, with what is found by looking at all of them. Needs claims alone, so it is cheap to do again.

    claims: each judged by itself; those that were looked at across before come out the same. Brief ones (pipeline/brief.py) do, and come out brief: then papers_of gives one's papers whole.
    tables: the papers that insurers filed, which also speak for values that are doubtful by themselves. tables_unread: some of their files couldn't be read, so that what isn't in the others may stand there.
    """
    alone = [claim.model_copy(update={"flags": tuple(flag for flag in claim.flags if not flag.across)}) for claim in claims]
    books = Books(alone, tables, scheme)

    def judged(claim: Claim, fields: dict[str, Field]) -> Claim:
        """The claim with these fields; the claim itself where they are its own."""
        if fields == claim.fields:
            return claim
        anew = judge_anew(claim.model_copy(update={"fields": fields, "papers": papers_of(claim)}), reference, scheme, year)
        return anew.model_copy(update={"papers": claim.papers})

    own = [judged(claim, seconded(claim.fields, books.entry(claim))) for claim in alone]
    out = []
    for claim, found in zip(own, check_across(own, tables, reference, scheme, year, tables_unread), strict=True):
        whole = claim.model_copy(update={"flags": (*claim.flags, *found)})
        out.append(whole.model_copy(update={"triage": triage(whole)}))
    return tuple(out)
