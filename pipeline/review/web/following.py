"""Cases follow their submissions: what runs have finished, withdrawn or read anew since the queue was last looked at.

In:    nothing, or a batch.
Out:   rows; a line in the log, as a machine's, for each case that it moves.
Fails: never.
A claim that was returned comes back by itself when a run has read papers that weren't there when it was returned; a run that reads the same papers anew moves nothing.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from pipeline.review.stages import stages_of
from pipeline.review.web import audit
from pipeline.review.web.cases import TO_DO, Status, in_force, papers_of
from pipeline.review.web.models import Case, Decided, Said
from pipeline.store.data import MadeBy
from pipeline.store.models import Batch, ClaimVersion, State, Submission


def follow(batch: int | None = None) -> None:
    """Bring all cases, or those of a batch, to where their submissions are."""
    open_cases(batch)
    for case in _withdrawn():
        _move(case.pk, case.status, Status.WITHDRAWN)
    for case in Case.objects.filter(status=Status.WITHDRAWN, submission__state=State.DONE):
        _move(case.pk, case.status, _before(case))
    for pk in _answered():
        _move(pk, Status.RETURNED, Status.OPEN)
    put_over_new()


def open_cases(batch: int | None = None) -> int:
    """Make a case of every finished submission that has none; gives how many were made."""
    waiting = Submission.objects.filter(case__isnull=True, state=State.DONE).select_related("batch")
    rows = waiting.filter(batch=batch) if batch else waiting
    now = timezone.now()
    made = Case.objects.bulk_create(
        [Case(submission=row, stage=stages_of(row.batch.scheme).first, since=now) for row in rows.only("pk", "batch__scheme")], batch_size=500, ignore_conflicts=True)
    return len(made)


def put_over_new(most: int = 10) -> int:
    """Put what people said over claims that a machine has made anew since, so that the queue shows them as they stand; gives how many were done.

    most: at once, each takes a tenth of a second; whoever opens another one has it put right then, and so has who decides.
    """
    by_machine = ClaimVersion.objects.filter(submission=OuterRef("submission"), number=OuterRef("submission__version")).exclude(made_by=MadeBy.CORRECTION)
    new = list(Case.objects.filter(Exists(Said.objects.filter(case=OuterRef("pk"))), Exists(by_machine)).select_related("submission__batch")[:most])
    for case in new:
        in_force(case)
    return len(new)


def _withdrawn() -> list[Case]:
    """Cases that wait for somebody though their submission is no longer in the batch."""
    gone = Submission.objects.filter(batch__in=list(Batch.objects.values_list("pk", flat=True)), state=State.WITHDRAWN)
    return list(Case.objects.filter(submission__in=gone, status__in=(*TO_DO, Status.RETURNED)))


def _before(case: Case) -> str:
    """Where a case was when its submission was withdrawn: where the last decision led, open where there was none."""
    last = case.decisions.order_by("-number").first()
    return last.to_status if last else Status.OPEN


def _answered() -> list[int]:
    """Cases that were returned and whose submissions have other papers now."""
    last = Decided.objects.filter(case=OuterRef("pk")).order_by("-number")
    returned = Case.objects.filter(status=Status.RETURNED, submission__state=State.DONE).annotate(at=Subquery(last.values("at")[:1]), had=Subquery(last.values("papers")[:1]))
    waiting = [(pk, submission, had) for pk, submission, at, had, finished in returned.values_list("pk", "submission_id", "at", "had", "submission__finished") if had and finished and finished > at]
    have = papers_of([submission for _, submission, _ in waiting])
    return [pk for pk, submission, had in waiting if have.get(submission, had) != had]


@transaction.atomic
def _move(pk: int, status: str, to: str) -> None:
    """Another process may have moved it already."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    if case.status != status:
        return
    case.status = to
    case.taken_by = case.taken_until = None
    if status == Status.RETURNED:
        case.since = timezone.now()
    case.save(update_fields=["status", "since", "taken_by", "taken_until"])
    audit.record("follow", None, str(Submission.objects.get(pk=case.submission_id)), before=status, after=to)
