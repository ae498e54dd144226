"""What people do with a case: take it, say what its papers show, decide; each in one transaction with its line in the log.

In:    a case, a person, what they saw of it (its revision) and what they want.
Out:   rows; the claim as it stands then, judged anew.
Fails: Stale with what others said meanwhile, Refused with a reason in Chinese for people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from models.amendments import AMENDMENT, Amendment, BuyersSet, ClaimValueSet, EntryChosen, FlagJudged, PaperRetyped
from models.claim import Claim
from models.review import Correction, PaperRef
from pipeline.review.corrections import Change, changes, corrected
from pipeline.review.stages import Action, Stage, stage_words, stages_of
from pipeline.review.web import audit
from pipeline.review.web.models import Case, Decided, Said, User
from pipeline.review.web.tables import Tables, tables_for
from pipeline.review.web.words import language_now, told
from pipeline.store import known
from pipeline.store.data import Made, MadeBy
from pipeline.store.models import ClaimVersion, File, State, Submission, remember
from pipeline.store.outcomes import revise_held

T = TypeVar("T")
RESORTED = "type/"  # what subjects of re-sortings begin with
HELD = timedelta(minutes=30)  # how long a case stays with who took it, after they last did something with it
Status = Case.Status
TO_DO = frozenset({Status.OPEN, Status.REFERRED})  # wait for somebody to decide
REOPENED = frozenset({Status.RETURNED, Status.REJECTED})  # can be taken up again
OTHERS_TURN: Mapping[Status, str] = {  # where somebody else than who brought a case there has to go on
    Status.REFERRED: "referred_by_you",
    Status.REJECTED: "rejected_by_you",
}


class Refused(Exception):
    """What was asked can't be done; the message is for the person, in their language."""


class Stale(Exception):
    """Others have been at the case since it was looked at. since: what they said of the same things."""

    def __init__(self, message: str, since: Sequence[Said] = ()) -> None:
        super().__init__(message)
        self.since = tuple(since)


# ---------------------------------------------------------------- cases and who has them


def stage_of(case: Case) -> Stage:
    """The step that the case is at."""
    return stages_of(case.submission.batch.scheme)[case.stage]


def _stage(case: Case) -> str:
    return stage_words(case.stage, language_now())


def taken_by_other(case: Case, person: User, now: datetime) -> bool:
    """Whether somebody else has the case before them."""
    return case.taken_by_id is not None and case.taken_by_id != person.pk and case.taken_until is not None and case.taken_until > now


@transaction.atomic
def take(case_id: int, person: User) -> Case:
    """The case for this person alone, for a while. Raises Refused where somebody else has it."""
    now = timezone.now()
    case = _locked(case_id)
    if taken_by_other(case, person, now):
        raise Refused(told("taken_until", who=case.taken_by, time=f"{timezone.localtime(case.taken_until):%H:%M}"))
    fresh = case.taken_by_id != person.pk
    case.taken_by, case.taken_until = person, now + HELD
    case.save(update_fields=["taken_by", "taken_until"])
    if fresh:
        audit.record("take", person, str(case), now)
    return case


def take_next(person: User, rows: Iterable[int]) -> Case | None:
    """The first of these cases that is free and that the person may decide on; None where there is none."""
    for pk in rows:
        case = Case.objects.select_related("submission__batch").get(pk=pk)
        if not may_decide(case, person) or taken_by_other(case, person, timezone.now()):
            continue
        try:
            return take(pk, person)
        except Refused:
            continue  # someone was a moment quicker
    return None


@transaction.atomic
def release(case_id: int, person: User) -> None:
    """Give a case back."""
    case = _locked(case_id)
    if case.taken_by_id == person.pk:
        case.taken_by = case.taken_until = None
        case.save(update_fields=["taken_by", "taken_until"])
        audit.record("release", person, str(case))


# ---------------------------------------------------------------- the claim


def in_force(case: Case) -> ClaimVersion:
    """The claim in force. Where a machine has made a new one since people spoke, what they said is put over it first."""
    version = _versions(case).in_force
    if version.made_by == MadeBy.CORRECTION or not case.revision or not case.said.exists():  # nothing said or decided: nothing to look for
        return version
    with transaction.atomic():
        locked = _locked(case.pk, to_change=True)
        _revise(locked, None)
        case.submission = locked.submission
    return _versions(case).in_force


def once(case: Case, what: str, ask: Callable[[], T]) -> T:
    """What is asked of the database about a case in hand, asked once."""
    if what not in case.asked:
        case.asked[what] = ask()
    found: T = case.asked[what]
    return found


def _versions(case: Case) -> known.Versions:
    """The claim in force and as it was read. Versions never change, so that a case in hand needs to be asked for them once while its number stays."""
    number = case.submission.version
    found = once(case, f"versions {number}", lambda: known.versions(case.submission_id, number))
    if found is None:
        raise Refused(told("not_read_yet"))
    return found


def as_read(case: Case) -> Claim:
    """The claim as the machine last made it, before people spoke, with what was last found by looking across the batch."""
    versions = _versions(case)
    found, now = versions.as_read.claim, versions.in_force.claim
    across = tuple(flag.model_copy(update={"judgement": None}) for flag in now.flags if flag.across)
    return found.model_copy(update={"flags": (*(flag for flag in found.flags if not flag.across), *across)})


def said_of(case: Case) -> list[Said]:
    """What people said of the claim, in order."""
    return once(case, "said", lambda: list(case.said.order_by("number").select_related("by")))


def tables_of(case: Case) -> Tables:
    """The reference tables that are in force for the case's batch."""
    return once(case, "tables", lambda: tables_for(case.submission.batch))


def subject(a: Amendment) -> str:
    """What an amendment is about: two of one subject can contradict each other."""
    match a:
        case Correction():
            return paper_subject(a.paper, a.field)
        case ClaimValueSet():
            return f"claim/{a.field}"
        case PaperRetyped():
            return f"{RESORTED}{a.paper.file}/{a.paper.page}"[:400]
        case BuyersSet():
            return "buyers"
        case EntryChosen():
            return "entry"
        case FlagJudged():
            return f"flag/{a.flag}"[:400]


def paper_subject(paper: PaperRef, field: str) -> str:
    """A value of a paper."""
    return f"paper/{f'{paper.file}/{paper.page}'[:300]}/{field}"


def _says(a: Amendment) -> dict[str, object]:
    """What an amendment comes to, whoever says it, when and why: two that say the same don't contradict each other."""
    return a.model_dump(mode="json", exclude={"submission_id", "at", "by", "reason", "read", "place", "made"})


def resorted_since(case: Case, revision: int) -> bool:
    """Whether papers were sorted anew after that revision."""
    return any(said.number > revision and said.subject.startswith(RESORTED) for said in said_of(case))


class Seen(NamedTuple):
    """How a case was when somebody looked at it: its revision, and the version of its claim, which a machine may have made anew since."""

    revision: int
    version: int

    @classmethod
    def of(cls, text: str) -> Seen:
        """From `Case.seen` as a page sends it back; what makes no sense was never seen."""
        revision, _, version = text.partition(".")
        return cls(*(int(part) if part.isascii() and part.isdecimal() and len(part) < 10 else -1 for part in (revision, version)))


class Amended(NamedTuple):
    """What an amendment did: the case and its claim then, and what changed."""

    case: Case
    claim: Claim
    changed: tuple[Change, ...]


@transaction.atomic
def amend(case_id: int, person: User, amendment: Amendment, seen: int) -> Amended:
    """Put an amendment over the claim and judge it anew.

    seen: the case's revision that the person looked at. Raises Stale where something else was said about the same thing since, by others or by the person in another tab;
    what was said about other things stands beside it.
    """
    return amend_held(editable(case_id, person), person, amendment, seen)


def amend_held(case: Case, person: User, amendment: Amendment, seen: int) -> Amended:
    """The same for a case that `editable` gave, inside its transaction."""
    now = timezone.now()
    about = subject(amendment)
    since = [said for said in said_of(case) if said.number > seen and said.subject == about and _says(AMENDMENT.validate_json(said.text)) != _says(amendment)]
    if since:
        raise Stale(told("said_meanwhile"), since)
    before = _versions(case).in_force.claim
    case.revision += 1
    case.taken_by, case.taken_until = person, now + HELD
    case.save(update_fields=["revision", "taken_by", "taken_until"])
    said_of(case).append(Said.objects.create(case=case, number=case.revision, subject=about, text=AMENDMENT.dump_json(amendment).decode(), by=person, at=now))
    after = _revise(case, person)
    audit.record("amend", person, str(case), now, **_told(amendment))
    return Amended(case, after, changes(before, after, language_now()))


def _told(a: Amendment) -> dict[str, object]:
    """What the log says of an amendment: from what to what."""
    told = a.model_dump(mode="json", exclude={"submission_id", "at", "by", "made"}, exclude_none=True)
    return {key: value for key, value in told.items() if value not in ("", [])}


def _revise(case: Case, person: User | None) -> Claim:
    submission, tables, versions = case.submission, tables_of(case), _versions(case)
    said = [AMENDMENT.validate_json(one.text) for one in said_of(case)]
    claim = corrected(as_read(case), said, tables.reference, tables.scheme, submission.batch.year)
    made = Made(submission.fingerprint, reference=tables.mark)
    version = revise_held(submission, versions.in_force, claim, MadeBy.CORRECTION, timezone.now(), person.opaque if person else "", made)
    remember(version.text, claim)
    case.asked[f"versions {version.number}"] = known.Versions(version, versions.as_read)
    return claim


def editable(case_id: int, person: User) -> Case:
    """The case, where this person may change its claim now. Raises Refused. Inside a transaction."""
    case = _locked(case_id, to_change=True)
    _editable(case, person, timezone.now())
    return case


def _editable(case: Case, person: User, now: datetime) -> None:
    if taken_by_other(case, person, now):
        raise Refused(told("taken_no_change", who=case.taken_by))
    if case.status not in TO_DO:
        raise Refused(told("decided_no_change"))
    if case.submission.state == State.WITHDRAWN:
        raise Refused(told("it_is", status=told(Status.WITHDRAWN)))
    if person.role not in stage_of(case).roles:
        raise Refused(told("stage_no_change", stage=_stage(case)))


# ---------------------------------------------------------------- decisions


def may_decide(case: Case, person: User) -> bool:
    """Whether this person may decide here at all: by role, and not at another step of the same claim."""
    return why_not(case, person) == ""


def why_not(case: Case, person: User) -> str:
    """Why a person may not decide on a case, in words; "" where they may."""
    if case.status not in TO_DO:
        return told("it_is", status=told(case.status))
    return _not_theirs(case, person)


def actions_of(case: Case, person: User) -> tuple[Action, ...]:
    """What the person may decide on a case now: one that was returned or rejected can be taken up again, and nothing else."""
    if case.status in REOPENED:
        return () if _not_theirs(case, person) else (Action.REOPEN,)
    return () if why_not(case, person) else stage_of(case).actions


def _not_theirs(case: Case, person: User) -> str:
    stage = stage_of(case)
    if case.submission.state == State.WITHDRAWN:
        return told("it_is", status=told(Status.WITHDRAWN))
    if person.role not in stage.roles:
        return told("not_your_stage", stage=_stage(case))
    if any(one.by_id == person.pk and one.stage != case.stage for one in _standing(case)):
        return told("decided_elsewhere")
    last = _last(case) if case.status in OTHERS_TURN else None
    return told(OTHERS_TURN[Status(case.status)]) if last is not None and last.by_id == person.pk else ""


def papers_of(submissions: Collection[int]) -> dict[int, str]:
    """By submission, what its papers are known by: SHA-256 over those of its files, whatever they are called."""
    held: dict[int, list[str]] = {}
    for pk, sha256 in File.objects.filter(submission__in=submissions).values_list("submission_id", "sha256"):
        held.setdefault(pk, []).append(sha256)
    return {pk: hashlib.sha256("".join(sorted(marks)).encode()).hexdigest() for pk, marks in held.items()}


def decisions_of(case: Case) -> list[Decided]:
    """What was decided on the case, in order."""
    return once(case, "decisions", lambda: list(case.decisions.order_by("number").select_related("by")))


def _standing(case: Case) -> list[Decided]:
    """Decisions that weren't taken back."""
    undone = {one.undoes_id for one in decisions_of(case)}
    return [one for one in decisions_of(case) if one.undoes_id is None and one.pk not in undone]


def _last(case: Case) -> Decided | None:
    return next(reversed(_standing(case)), None)


@transaction.atomic
def decide(case_id: int, person: User, action: Action, seen: Seen, reason: str = "", letter: str = "") -> Case:
    """Decide on a case as it was seen. Raises Stale where anything has been said, decided or made anew by a machine since, Refused where this isn't this person's to decide."""
    case = _locked(case_id)
    now = timezone.now()
    stage = stage_of(case)
    if taken_by_other(case, person, now):
        raise Refused(told("taken", who=case.taken_by))
    if Seen(case.revision, case.submission.version) != seen:
        raise Stale(told("changed_meanwhile"), list(case.said.filter(number__gt=seen.revision)))
    if action not in actions_of(case, person):
        raise Refused(why_not(case, person) or told("no_such_decision_here", stage=_stage(case)))
    if action is not Action.PASS and not reason.strip():
        raise Refused(told("reason_needed"))
    if action is Action.PASS:
        _may_pass(case, reason)
    to_stage, to_status = _leads_to(case, stage, action)
    _move(case, person, now, Decided(action=action, to_stage=to_stage, to_status=to_status, reason=reason.strip(), letter=letter))
    return case


def too_early(case: Case) -> str:
    """Why a step may not end yet, in words; "" where it may."""
    stage = stage_of(case)
    day = stage.over_on(timezone.localtime(case.since).date())
    return "" if timezone.localtime().date() >= day else told("too_early", stage=_stage(case), days=stage.working_days, year=day.year, month=f"{day:%m}", day=f"{day:%d}")


def _may_pass(case: Case, reason: str) -> None:
    if why := too_early(case):
        raise Refused(why)
    if case.submission.triage != "clear" and not reason.strip():
        raise Refused(told("reason_to_pass"))


def _leads_to(case: Case, stage: Stage, action: Action) -> tuple[str, str]:
    match action:
        case Action.PASS:
            return (stage.next, Status.OPEN) if stage.next else (case.stage, Status.CLOSED)
        case Action.RETURN:
            return case.stage, Status.RETURNED
        case Action.REJECT:
            return case.stage, Status.REJECTED
        case Action.REFER:
            return case.stage, Status.REFERRED
        case Action.REOPEN:
            return case.stage, Status.OPEN
    raise Refused(told("no_such_decision"))


def undoable(case: Case, person: User) -> bool:
    """Whether the person may take back the last decision now."""
    return not _why_not_undone(_last(case), person)


def _why_not_undone(last: Decided | None, person: User) -> str:
    """Why the last decision can't be taken back, in words; "" where it can."""
    if last is None or last.by_id != person.pk:
        return told("undo_own")
    if timezone.localtime(last.at).date() != timezone.localtime().date():
        return told("undo_today")
    return ""


@transaction.atomic
def undo(case_id: int, person: User, reason: str = "") -> Case:
    """Take back one's own decision on the day it was made, as long as nobody has decided since."""
    case = _locked(case_id)
    now = timezone.now()
    last = _last(case)
    if why := _why_not_undone(last, person):
        raise Refused(why)
    assert last is not None  # noqa: S101  told above
    _move(case, person, now, Decided(action=Action.UNDO, to_stage=last.stage, to_status=last.status, reason=reason.strip(), undoes=last))
    return case


def _move(case: Case, person: User, now: datetime, row: Decided) -> None:
    """Write a decision and where it leads."""
    case.revision += 1
    row.case, row.number, row.stage, row.status, row.version, row.by, row.at = case, case.revision, case.stage, case.status, case.submission.version, person, now
    row.papers = papers_of([case.submission_id]).get(case.submission_id, "")
    row.save(force_insert=True)
    case.asked.clear()
    if row.to_stage != case.stage:
        case.since = now
    last = _last(case)
    case.last_by = last.by if last else None
    case.stage, case.status = row.to_stage, row.to_status
    case.taken_by = case.taken_until = None
    case.save()
    audit.record("decide", person, str(case), now, decision=str(row.action), stage=row.stage, to=f"{row.to_stage}/{row.to_status}", version=row.version, reason=row.reason)


def _locked(case_id: int, to_change: bool = False) -> Case:
    """The case, which nobody else moves until the transaction ends. to_change: nor does anybody revise its claim."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    submissions = Submission.objects.select_for_update(of=("self",)) if to_change else Submission.objects
    case.submission = submissions.select_related("batch").get(pk=case.submission_id)  # asked for once the case is locked: what a run wrote before counts
    return case


def free(now: datetime, person: User) -> Q:
    """Cases that nobody else has before them."""
    return Q(taken_by__isnull=True) | Q(taken_until__lte=now) | Q(taken_by=person)
