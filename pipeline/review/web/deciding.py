"""A decision with the letter that goes with it, for pages, bulk actions and the API alike.

In:    a case as it was seen, a person, what they decide or write.  Out: the case as it stands then; letters as they stand.
Fails: as cases.decide; LetterStale where somebody else has written the letter meanwhile.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pipeline.review import letter as letters
from pipeline.review.stages import Action
from pipeline.review.web import audit, cases, looks
from pipeline.review.web.cases import Refused, Seen, Stale
from pipeline.review.web.models import Case, Letter, User
from pipeline.review.web.tables import tables_for
from pipeline.review.web.words import told

WITH_LETTER = frozenset({Action.RETURN, Action.REJECT})
MOST = 20_000  # characters of a letter


class LetterStale(Stale):
    """Somebody else has written the letter since it was looked at. theirs: as it stands; seen: to be sent back by who writes over it."""

    def __init__(self, theirs: Letter) -> None:
        super().__init__(told("letter_changed"))
        self.theirs, self.seen = theirs, _seen(theirs)


class LetterShown(NamedTuple):
    """A letter as it stands. seen: to be sent back with what is written; outdated: what was written rests on other flags than those that stand now."""

    letter: letters.Letter
    seen: str = ""
    outdated: bool = False


def decide(case: Case, person: User, action: Action, seen: Seen, reason: str) -> Case:
    """Decide, and keep the letter as it was then with a decision that the applicant is written about."""
    if action is Action.PASS and settings.INTAKE.review.second_look_required and any(looks.looks_of(case)):
        raise Refused(told("look_waits"))
    with transaction.atomic():
        if action not in WITH_LETTER:
            return cases.decide(case.pk, person, action, seen, reason)
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # whoever writes the letter meanwhile waits
        shown = letter_of(case, action)
        if shown.outdated:
            raise Refused(told("letter_rests_on_others"))
        return cases.decide(case.pk, person, action, seen, reason, shown.letter.text)


def letter_of(case: Case, kind: Action) -> LetterShown:
    """The draft from the claim's flags; its body as somebody wrote it, where they did. kind: RETURN or REJECT."""
    made = draft_of(case, kind)
    written = Letter.objects.filter(case=case, kind=kind).first()
    if written is None:
        return LetterShown(made)
    return LetterShown(made.model_copy(update={"body": written.text}), _seen(written), written.flags not in ("", _flags(made)))


def draft_of(case: Case, kind: Action) -> letters.Letter:
    """The draft from the claim's flags."""
    today = timezone.localtime().date()
    scheme, claim = tables_for(case.submission.batch).scheme, cases.in_force(case).claim
    office = letters.Office(name=settings.OFFICE.name, contact=settings.OFFICE.contact, phone=settings.OFFICE.phone)
    return letters.draft_return(claim, scheme, office, today, today + timedelta(days=settings.OFFICE.days)) if kind is Action.RETURN else letters.draft_rejection(claim, scheme, office, today)


@transaction.atomic
def write_letter(case: Case, person: User, kind: Action, text: str, seen: str) -> LetterShown:
    """Keep what was written over the letter that was seen (`LetterShown.seen`). Raises LetterStale, Refused."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if cases.taken_by_other(case, person, timezone.now()):
        raise Refused(told("taken_no_change", who=case.taken_by))
    if why := cases.why_not(case, person):
        raise Refused(why)
    body = "\n".join(text.splitlines()).strip("\n")
    if not body.strip():
        raise Refused(told("letter_empty"))
    if len(body) > MOST:
        raise Refused(told("letter_long", n=MOST))
    before = Letter.objects.filter(case=case, kind=kind).first()
    if before is not None and _seen(before) != seen and before.text != body:
        raise LetterStale(before)
    made = draft_of(case, kind)
    written, _ = Letter.objects.update_or_create(
        case=case, kind=kind, defaults={"text": body, "by": person, "at": timezone.now(), "revision": case.revision, "flags": _flags(made)})
    audit.record("letter", person, str(case), kind=kind.value)
    return LetterShown(made.model_copy(update={"body": body}), _seen(written))


def _seen(letter: Letter) -> str:
    return letter.at.isoformat()


def _flags(made: letters.Letter) -> str:
    """What a letter rests on; a line each, a dot where it is nothing."""
    return "\n".join(made.flags) or "."
