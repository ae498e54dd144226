"""Claims in force and as they were read, as the store knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from models.claim import Claim
from pipeline.store.data import InForce, MadeBy
from pipeline.store.models import Batch, ClaimVersion, File, State


class Pages(NamedTuple):
    """Pages of files that were read, by what became of them."""

    ocr: int = 0
    text: int = 0
    blank: int = 0
    aside: int = 0


@dataclass(frozen=True)
class Known:
    """A submission's claim in force, how it was come by, and its pages."""

    claim: Claim
    in_force: InForce
    pages: Pages
    reason: str = ""
    failure: str = ""


def claims_in_force(batch: Batch, submission_id: str | None = None) -> Iterator[Known]:
    """The claims of a batch's submissions that are done or failed, in no order; or that of one."""
    of = Q() if submission_id is None else Q(submission__submission_id=submission_id)
    versions = ClaimVersion.objects.filter(of, submission__batch=batch, submission__state__in=(State.DONE, State.FAILED), number=F("submission__version")).order_by()
    # in one statement: asked for before, the pages would be those of before another run wrote the claim
    for version in versions.annotate(**{f"all_{name}": _pages(f"pages_{name}") for name in Pages._fields}).select_related("submission").iterator(200):
        row = version.submission
        yield Known(version.claim, InForce(row.pk, version.number, version.made_at), Pages(*(getattr(version, f"all_{name}") for name in Pages._fields)), row.reason, row.failure)


def _pages(column: str) -> Coalesce:
    """Of a claim's submission, the sum of a column of its files that were read."""
    files = File.objects.filter(submission=OuterRef("submission"), reason="").order_by().values("submission")
    return Coalesce(Subquery(files.annotate(pages=Sum(column)).values("pages")), 0)


def as_read(submission: int, until: int | None = None) -> Claim | None:
    """A submission's claim as the machine last made it, before people said anything of it; None where there is none.

    What a look across or a recheck made of a corrected claim bears people's values, too: it isn't as it was read. until: the last version that counts, for a look back.
    """
    number = _read_last(submission, until)
    return ClaimVersion.objects.get(submission=submission, number=number).claim if number else None


class Versions(NamedTuple):
    """A submission's claim in force, and as the machine last made it before people said anything of it; the same where nobody did."""

    in_force: ClaimVersion
    as_read: ClaimVersion


def versions(submission: int, number: int) -> Versions | None:
    """Both versions of a submission whose claim in force has that number; None where it has none."""
    read = _read_last(submission, number)
    rows = {row.number: row for row in ClaimVersion.objects.filter(submission=submission, number__in={read, number})} if number else {}
    return Versions(rows[number], rows[read]) if rows else None


def _read_last(submission: int, until: int | None) -> int:
    """Number of the version that the machine last made before people spoke; 0 where there is none."""
    rows = ClaimVersion.objects.filter(submission=submission, **({} if until is None else {"number__lte": until}))
    made = list(rows.order_by("number").values_list("number", "made_by"))  # few, and without their text
    run = max((number for number, by in made if by == MadeBy.RUN), default=0)
    spoken = min((number for number, by in made if by == MadeBy.CORRECTION and number > run), default=None)
    return max((number for number, _ in made if spoken is None or number < spoken), default=0)


def claims_as_read(batch: Batch) -> Iterator[Claim]:
    """The claims of a batch's submissions that are done, as the machine last made them."""
    for submission in batch.submissions.filter(state=State.DONE).order_by("submission_id").values_list("pk", flat=True):
        claim = as_read(submission)
        if claim is not None:
            yield claim
