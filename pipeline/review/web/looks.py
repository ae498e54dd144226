"""The blind second look at a case: which values wait for it, what people typed, what came of it.

In:    a case, a person, what they read on the page.
Out:   values still to be read, and those on which person and machine differ until somebody says which is right.
Fails: as cases.amend.
An agreement is a confirmation like any other. A difference changes nothing yet: the value is shown then, and stays among what needs a look until it is set right or confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from models.review import Correction
from pipeline.review.resorting import ref_of
from pipeline.review.second_look import SecondLook, Share, chosen, share_of
from pipeline.review.web import audit, cases
from pipeline.review.web.cases import Seen
from pipeline.review.web.models import Case, Looked, Said, User


class Looks(NamedTuple):
    """waiting: values to be read, by key. disputed: what was typed where it isn't what was read, by key; None where the person finds nothing on the paper."""

    waiting: Mapping[str, SecondLook]
    disputed: Mapping[str, str | None]


def looks_of(case: Case) -> Looks:
    """What of the second look is left to do on a case."""
    share = settings.INTAKE.review.second_look
    if not share:
        return Looks({}, {})
    places = {ref_of(paper): i for i, paper in enumerate(cases.in_force(case).claim.papers)}  # a paper that a person has sorted anew asks for no second look
    asked = [look._replace(key=f"p{places[look.paper]}.{look.field}") for look in chosen(cases.as_read(case), str(case.submission.batch), settings.AUDIT_KEY, share) if look.paper in places]
    subjects = {look.key: cases.paper_subject(look.paper, look.field) for look in asked}
    done = {row.subject: row for row in cases.once(case, "looked", lambda: list(Looked.objects.filter(case=case)))}
    said = {one.subject: one.number for one in cases.said_of(case)}
    waiting = {look.key: look for look in asked if subjects[look.key] not in done and subjects[look.key] not in said}
    disputed = {
        look.key: row.typed for look in asked
        if (row := done.get(subjects[look.key])) is not None and not row.agreed and said.get(row.subject, -1) <= row.number}
    return Looks(waiting, disputed)


def look(case: Case, person: User, asked: SecondLook, typed: str | bool | None, seen: Seen) -> bool:
    """Keep what somebody read; gives whether it is what the machine read.

    case: as `cases.editable` gave it, inside its transaction. typed: in the contract's form, None where the paper doesn't show it.
    """
    agreed = typed == asked.read
    now = timezone.now()
    if agreed:
        event = Correction(submission_id=case.submission.submission_id, at=now, by=person.opaque, paper=asked.paper, field=asked.field, read=asked.read, corrected=asked.read)
        cases.amend_held(case, person, event, seen.revision)
    case.asked.pop("looked", None)
    Looked.objects.create(
        case=case, number=case.revision, subject=cases.paper_subject(asked.paper, asked.field), field=asked.field, read=_text(asked.read), typed=None if typed is None else _text(typed),
        agreed=agreed, by=person, at=now)
    audit.record("second-look", person, str(case), now, field=asked.field, agreed=agreed)
    return agreed


def _text(value: str | bool) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else value


class Silent(NamedTuple):
    """Errors among accepted values. open: differences that nobody has settled yet; they count in neither."""

    share: Share
    open: int


def silent_errors() -> Silent:
    """Over all second looks: how many accepted values were wrong."""
    looked = wrong = unsettled = 0
    last = {(case, subject): (number, text) for case, subject, number, text in Said.objects.filter(subject__in=Looked.objects.filter(agreed=False).values("subject")).order_by("number").values_list("case", "subject", "number", "text")}
    for case, subject, number, read, agreed in Looked.objects.order_by("pk").values_list("case", "subject", "number", "read", "agreed"):
        if agreed:
            looked += 1
            continue
        settled, text = last.get((case, subject), (-1, ""))
        if settled <= number:
            unsettled += 1
            continue
        looked += 1
        corrected = Correction.model_validate_json(text).corrected
        wrong += corrected is None or _text(corrected) != read
    return Silent(share_of(looked, wrong), unsettled)
