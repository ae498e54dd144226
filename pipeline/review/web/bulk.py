"""One decision on several cases that are alike: first what would become of each, then each by itself, as if it were the only one.

In:    cases, a person, a decision.
Out:   for each case whether it goes, and why not.
Fails: Refused where the cases aren't alike or too many.
Alike are cases at one stage in one triage. Nothing is decided that couldn't be decided on the claim's own page, and a claim whose paper, policy or invoice is in
another claim too isn't passed with others: somebody has to look at the two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from models.claim import Triage
from pipeline.review.stages import Action, stage_words
from pipeline.review.web import audit, cases, deciding
from pipeline.review.web.cases import Refused, Seen, Stale
from pipeline.review.web.models import Case, User
from pipeline.review.web.words import language_now, told

MOST = 200  # cases at once
ACTIONS = (Action.PASS, Action.RETURN, Action.REFER)
DUPLICATE = "duplicate_"  # how the codes of such flags begin


class Chosen(NamedTuple):
    """A case, as it was seen."""

    pk: int
    seen: Seen


class Planned(NamedTuple):
    """What would become, or became, of one case. why: in Chinese why it doesn't go, "" where it does."""

    case: Case
    why: str = ""


def plan(pks: Sequence[int], person: User, action: Action) -> list[Planned]:
    """What the decision would do to each of the cases now."""
    chosen = _alike(pks, action)
    return [Planned(case, _against(case, person, action)) for case in chosen]


def carry_out(chosen: Sequence[Chosen], person: User, action: Action, reason: str) -> list[Planned]:
    """Decide on each case as it was seen; one that can't be decided on leaves the others as they are."""
    seen = {one.pk: one.seen for one in chosen}
    found = _alike(list(seen), action)
    out = [Planned(case, _decided(case, person, action, seen[case.pk], reason)) for case in found]
    audit.record("bulk", person, decision=action.value, cases=len(out), went=sum(not one.why for one in out))
    return out


def reason_needed(planned: Sequence[Planned], action: Action) -> bool:
    """Whether a reason has to be given for all of them."""
    return action is not Action.PASS or any(one.case.submission.triage != Triage.CLEAR for one in planned)


def _decided(case: Case, person: User, action: Action, seen: Seen, reason: str) -> str:
    """Why it couldn't be decided, "" where it was."""
    try:
        if why := _alone(case, action):
            return why
        deciding.decide(case, person, action, seen, reason)
    except (Refused, Stale) as refused:
        return str(refused)
    return ""


def _alike(pks: Sequence[int], action: Action) -> list[Case]:
    if action not in ACTIONS:
        raise Refused(told("not_in_bulk"))
    if not 0 < len(pks) <= MOST:
        raise Refused(told("choose_claims", n=MOST))
    found = {case.pk: case for case in Case.objects.select_related("submission__batch", "taken_by").filter(pk__in=pks)}
    rows = [found[pk] for pk in dict.fromkeys(pks) if pk in found]
    for case in rows:
        cases.in_force(case)  # what people said is put over what a machine has read anew, before it is looked at
    if len({(case.stage, case.submission.triage, case.submission.batch.scheme) for case in rows}) != 1:
        raise Refused(told("alike_only"))
    return rows


def _against(case: Case, person: User, action: Action) -> str:
    if cases.taken_by_other(case, person, timezone.now()):
        return told("taken", who=case.taken_by)
    if why := cases.why_not(case, person):
        return why
    stage = cases.stage_of(case)
    if action not in stage.actions:
        return told("no_such_decision_here", stage=stage_words(case.stage, language_now()))
    return _alone(case, action) or (cases.too_early(case) if action is Action.PASS else "")


def _alone(case: Case, action: Action) -> str:
    """Why a case has to be passed by itself, "" where it needn't."""
    if action is Action.PASS and any(flag.code.startswith(DUPLICATE) and flag.stands for flag in cases.in_force(case).claim.flags):
        return told("duplicate_alone")
    return ""
