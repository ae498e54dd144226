"""Where a batch stands, for its page and for programs.

In:    a batch; which of its submissions are asked for.
Out:   figures of pipeline/store/progress.py, submissions with their claims, the last run that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from pipeline.review.web.inboxes import folder_of, may_read
from pipeline.review.web.models import Case, Reading
from pipeline.store.models import Batch, State, Submission
from pipeline.store.progress import Failure, Progress, progress

PAGE = 50  # submissions at once
SHOWN = 200  # files set aside that a page lists


@dataclass(frozen=True)
class Shown:
    """A submission in the list; case: its claim's, None where there is none yet."""

    submission: Submission
    case: int | None


@dataclass(frozen=True)
class BatchState:
    """Where a batch stands. going: whether anything is being done, so that it pays to look again soon; open: whether submissions can be uploaded for it."""

    batch: Batch
    progress: Progress
    reading: Reading | None
    submissions: Sequence[Shown]
    cases: dict[str, int]
    state: str
    page: int
    pages: int
    open: bool
    may_read: bool

    @property
    def going(self) -> bool:
        return bool(self.progress.states.get(State.WORKING)) or (self.reading is not None and self.reading.state in (Reading.State.WAITING, Reading.State.RUNNING))

    @property
    def failed_shown(self) -> Sequence[Failure]:
        """The first of what failed."""
        return self.progress.failed[:SHOWN]

    @property
    def dead_shown(self) -> Sequence[tuple[Failure, int | None]]:
        """The first files that were set aside, with their claims' cases."""
        return [(one, self.cases.get(one.submission_id)) for one in self.progress.dead_files[:SHOWN]]

    @property
    def total(self) -> int:
        """Submissions in the batch."""
        return sum(n for state, n in self.progress.states.items() if state != State.WITHDRAWN)

    @property
    def ended(self) -> int:
        """Submissions that nothing more is to be done for."""
        return self.total - self.progress.states.get(State.WAITING, 0) - self.progress.states.get(State.WORKING, 0)


def state_of(batch: Batch, state: str = "", page: int = 1) -> BatchState:
    """Look at a batch. state: of the submissions to list, "" for all."""
    told = progress(batch)
    rows = Submission.objects.filter(batch=batch, **({"state": state} if state in State.values else {})).order_by("submission_id")
    pages = max(1, -(-rows.count() // PAGE))
    page = min(max(page, 1), pages)
    some = list(rows[(page - 1) * PAGE : page * PAGE])
    set_aside = {failure.submission_id for failure in told.dead_files[:SHOWN]}
    cases = dict(Case.objects.filter(submission__batch=batch, submission__submission_id__in=set_aside).values_list("submission__submission_id", "pk"))
    own = dict(Case.objects.filter(submission__in=[row.pk for row in some]).values_list("submission_id", "pk"))
    return BatchState(
        batch=batch, progress=told, reading=Reading.objects.filter(batch=batch).order_by("-wanted", "-pk").first(), submissions=[Shown(row, own.get(row.pk)) for row in some], cases=cases,
        state=state if state in State.values else "", page=page, pages=pages, open=folder_of(batch) is not None, may_read=may_read(batch))


def batches() -> list[tuple[Batch, dict[str, int]]]:
    """All batches, the latest first, with how many submissions are in which state."""
    counts: dict[int, dict[str, int]] = {}
    for pk, state, n in Submission.objects.order_by().values_list("batch", "state").annotate(n=Count("pk")):
        counts.setdefault(pk, {})[state] = n
    return [(batch, counts.get(batch.pk, {})) for batch in Batch.objects.order_by("-created")]
