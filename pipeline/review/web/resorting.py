"""Papers that a reviewer sorts anew: of another type, pages of another paper, and taken back again; for the page and the API alike.

In:    a case, a person, which paper and pages, what they are.
Out:   the case as it stands then; what was sorted anew and stands.
Fails: EditInvalid with what is expected, Stale, Refused.
The pages are read as what they are said to be from the readings that runs keep beside the database; where a file was read by another version, what both types show stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from extractors.reading import Reader
from models.amendments import AMENDMENT, PageRef, PaperRetyped
from models.claim import Claim
from models.page import Page
from models.paper import Paper, PaperType
from models.review import PaperRef
from pipeline.calibration import Acceptance, load
from pipeline.labels import Language
from pipeline.process import company_names, product_names, with_each_other
from pipeline.review.resorting import find, pages_of, plan, readings
from pipeline.review.web import cases
from pipeline.review.web.models import Case, Said, User
from pipeline.review.web.saying import EditInvalid, Heard, event, words_of
from pipeline.review.web.words import word
from pipeline.store.models import File

READINGS = "pages"  # folder of the workspace


class Wanted(NamedTuple):
    """What somebody says of a paper. paper, joins: any paper that begins there; kind: a type's code; pages: of the paper, none for all."""

    paper: PaperRef
    kind: str = ""
    pages: tuple[PageRef, ...] = ()
    joins: PaperRef | None = None
    reason: str = ""


class Resorted(NamedTuple):
    """A re-sorting that stands. number: by which it is taken back; told: in words."""

    number: int
    told: str
    by: str
    at: datetime


@transaction.atomic
def resort(case_id: int, person: User, wanted: Wanted, seen: cases.Seen, language: Language) -> Heard:
    """Say of which type a paper is, or where some of its pages belong; the claim is judged anew."""
    case = cases.editable(case_id, person)
    claim = cases.in_force(case).claim
    at, to = find(claim.papers, wanted.paper), find(claim.papers, wanted.joins) if wanted.joins else None
    if at is None or (wanted.joins is not None and to is None):
        raise EditInvalid(word("gone", language))
    kind = claim.papers[to].type.value if to is not None else wanted.kind
    if kind not in set(PaperType):
        raise EditInvalid(word("type_unknown", language))
    said = PaperRetyped(
        **event(case, person, wanted.reason), paper=wanted.paper.model_copy(update={"type": claim.papers[at].type}), type=PaperType(kind), pages=wanted.pages,
        joins=wanted.joins.model_copy(update={"type": claim.papers[to].type}) if wanted.joins is not None and to is not None else None)
    planned = plan(claim.papers, said)
    if planned is None or (planned.to is None and planned.whole and claim.papers[at].type is said.type):
        raise EditInvalid(word("resorts_nothing", language))
    made = _settled(claim, readings(planned, stored_pages(case, [page.file for paper in planned.result for page in pages_of(paper)])), case)
    return Heard(case, cases.amend_held(case, person, said.model_copy(update={"made": made}), seen.revision).changed)


@transaction.atomic
def take_back(case_id: int, person: User, number: int, seen: cases.Seen, language: Language) -> Heard:
    """Take a re-sorting back: the papers are as they were read again, with what was set right on them."""
    case = cases.editable(case_id, person)
    found = next((said for said in _standing(case) if said.number == number), None)
    if found is None:
        raise EditInvalid(word("gone", language))
    was = AMENDMENT.validate_json(found.text)
    assert isinstance(was, PaperRetyped)  # noqa: S101  _standing gives no others
    said = was.model_copy(update={**event(case, person, ""), "made": (), "takes_back": was.at})
    return Heard(case, cases.amend_held(case, person, said, seen.revision).changed)


def resorted_of(case: Case, language: Language) -> list[Resorted]:
    """What was sorted anew on the case and not taken back, in order."""
    return [Resorted(said.number, words_of(AMENDMENT.validate_json(said.text), language)[0], str(said.by), said.at) for said in _standing(case)]




def stored_pages(case: Case, files: Sequence[str]) -> Mapping[tuple[str, int], Page]:
    """The readings of a case's files that runs kept, by file and number; what isn't there is left out."""
    reader = Reader(settings.INTAKE.reader, settings.WORK / READINGS)
    rows = File.objects.filter(submission=case.submission_id, name__in=set(files)).values_list("name", "sha256")
    return {(page.file, page.number): page for name, sha256 in rows for page in reader.known(name, sha256) or ()}


def _settled(claim: Claim, made: Sequence[Paper], case: Case) -> tuple[Paper, ...]:
    """Papers that were read as another type, with what the other papers prove put right, their seals settled, and chances in place of scores, as a run does it."""
    if not made:
        return ()
    reference = cases.tables_of(case).reference
    pages = tuple(stored_pages(case, [part.file for paper in (*claim.papers, *made) for part in paper.parts]).values())
    others = [paper for paper in claim.papers if not any(set(pages_of(paper)) & set(pages_of(one)) for one in made)]
    settled = with_each_other([*made, *others], pages, company_names(reference), product_names(reference))[: len(made)]
    confidence = settings.INTAKE.confidence
    return Acceptance(load(confidence.calibration), confidence.allowed).settle(Claim(submission_id="", scheme=claim.scheme, track=claim.track, papers=tuple(settled))).papers


def _standing(case: Case) -> list[Said]:
    """What was sorted anew and not taken back."""
    told = [(said, AMENDMENT.validate_json(said.text)) for said in cases.said_of(case) if said.subject.startswith(cases.RESORTED)]
    gone = {one.takes_back for _, one in told if isinstance(one, PaperRetyped)}
    return [said for said, one in told if isinstance(one, PaperRetyped) and one.takes_back is None and one.at not in gone]
