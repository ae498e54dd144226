"""A decision with the letter that goes with it, for pages, bulk actions and the API alike.

In:    a case as it was seen, a person, what they decide.  Out: the case as it stands then; letters as they stand.
Fails: as cases.decide.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from pipeline.review import letter as letters
from pipeline.review.stages import Action
from pipeline.review.web import cases, looks
from pipeline.review.web.cases import Refused, Seen
from pipeline.review.web.models import Case, Letter, User
from pipeline.review.web.tables import tables_for

WITH_LETTER = frozenset({Action.RETURN, Action.REJECT})


def decide(case: Case, person: User, action: Action, seen: Seen, reason: str) -> Case:
    """Decide, and keep the letter as it was then with a decision that the applicant is written about."""
    if action is Action.PASS and settings.INTAKE.review.second_look_required and any(looks.looks_of(case)):
        raise Refused("该申报的抽查尚未完成。")
    text = letter_of(case, action).text if action in WITH_LETTER else ""
    return cases.decide(case.pk, person, action, seen, reason, text)


def letter_of(case: Case, kind: Action) -> letters.Letter:
    """The draft from the claim's flags; its body as somebody wrote it, where they did. kind: RETURN or REJECT."""
    today = timezone.localtime().date()
    scheme, claim = tables_for(case.submission.batch).scheme, cases.in_force(case).claim
    office = letters.Office(name=settings.OFFICE.name, contact=settings.OFFICE.contact, phone=settings.OFFICE.phone)
    made = letters.draft_return(claim, scheme, office, today, today + timedelta(days=settings.OFFICE.days)) if kind is Action.RETURN else letters.draft_rejection(claim, scheme, office, today)
    written = Letter.objects.filter(case=case, kind=kind).values_list("text", flat=True).first()
    return made.model_copy(update={"body": written}) if written else made
