"""A claim as it stood at any time, and how it would stand with the reference data of another day. Only to look at: nothing of it is kept.

In:    a case, the number of a version of its claim, a version of the reference tables.  Out: versions; a claim judged by them.
Fails: Refused where there is no such version.
"""

from __future__ import annotations

from typing import NamedTuple

from models.amendments import AMENDMENT
from models.claim import Claim
from pipeline.labels import Language
from pipeline.review.corrections import changes, corrected
from pipeline.review.masks import masked, personal_values
from pipeline.review.present import ClaimView
from pipeline.review.web import saying
from pipeline.review.web.cases import Refused
from pipeline.review.web.models import Case, Decided, User
from pipeline.review.web.tables import tables_for, tables_of
from pipeline.review.web.words import told
from pipeline.store import known
from pipeline.store.models import ClaimVersion, ReferencePut, ReferenceVersion


class Then(NamedTuple):
    """A version of a claim: with which reference tables it was made (None where they weren't kept), and which decisions went by it."""

    version: ClaimVersion
    reference: ReferenceVersion | None
    decisions: tuple[Decided, ...]


def versions_of(case: Case) -> list[Then]:
    """All versions of the case's claim, the latest first."""
    rows = list(case.submission.versions.defer("text").order_by("-number"))
    kept = {one.mark: one for one in ReferenceVersion.objects.filter(mark__in={row.reference for row in rows})}
    decided: dict[int, list[Decided]] = {}
    for decision in case.decisions.select_related("by"):
        decided.setdefault(decision.version, []).append(decision)
    return [Then(row, kept.get(row.reference), tuple(decided.get(row.number, ()))) for row in rows]


def judged_by(case: Case) -> ReferenceVersion | None:
    """The reference tables that the claim in force was last judged with; None where they weren't kept."""
    return ReferenceVersion.objects.filter(mark=case.submission.reference).first() if case.submission.reference else None


def claim_then(case: Case, number: int) -> ClaimVersion:
    """A version of the case's claim."""
    version: ClaimVersion | None = case.submission.versions.filter(number=number).first()
    if version is None:
        raise Refused(told("no_such_version"))
    return version


def reference_versions(case: Case) -> list[ReferencePut]:
    """The reference tables that were ever in force for the case's batch, each once, the latest first."""
    puts = ReferencePut.objects.filter(batch=case.submission.batch).select_related("version").order_by("-number")
    return list({put.version_id: put for put in reversed(puts)}.values())[::-1]


def judged_with(case: Case, then: ClaimVersion, reference: ReferenceVersion) -> Claim:
    """A version of the claim, with all that people had said of it by then, judged with other reference tables. Flags from across the batch stay as they were."""
    read = known.as_read(case.submission.pk, then.number)
    if read is None:
        raise Refused(told("not_read_yet"))
    across = tuple(flag.model_copy(update={"judgement": None}) for flag in then.claim.flags if flag.across)
    read = read.model_copy(update={"flags": (*(flag for flag in read.flags if not flag.across), *across)})
    said = [AMENDMENT.validate_json(text) for text in case.said.filter(at__lte=then.made_at).order_by("number").values_list("text", flat=True)]
    batch = case.submission.batch
    tables = tables_of(reference, batch.scheme)
    return corrected(read, said, tables.reference, tables.scheme, batch.year)


class ShownThen(NamedTuple):
    """A version as somebody may see it. changed: what other reference tables made of it, a line each."""

    view: ClaimView
    changed: tuple[str, ...] = ()


def reference_asked(case: Case, text: str) -> ReferenceVersion | None:
    """The reference tables of that number, None for "": those that the version was made with. Raises Refused where the case's batch never had them."""
    if not text:
        return None
    found: ReferenceVersion | None = ReferenceVersion.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 18 else None
    if found is None or not case.submission.batch.reference_puts.filter(version=found).exists():
        raise Refused(told("no_such_version"))
    return found


def shown_then(case: Case, then: ClaimVersion, person: User, language: Language, reference: ReferenceVersion | None = None) -> ShownThen:
    """A version as this person may see it; as other reference tables would have it where some are named."""
    if reference is None:
        used = ReferenceVersion.objects.filter(mark=then.reference).first()
        tables = tables_of(used, case.submission.batch.scheme) if used else tables_for(case.submission.batch)
        return ShownThen(saying.shown_to(case, then.claim, tables, person, language))
    claim = judged_with(case, then, reference)
    told = tuple(change.text for change in changes(then.claim, claim, language))
    if saying.masks(person):
        hidden = personal_values(then.claim) | personal_values(claim)
        told = tuple(masked(text, hidden) for text in told)
    return ShownThen(saying.shown_to(case, claim, tables_of(reference, case.submission.batch.scheme), person, language), told)
