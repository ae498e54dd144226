"""Where a batch stands: submissions by state, pages accounted for, speed, time left, what failed, which files are dead."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from pipeline.store.models import Batch, File, State, Submission

PAUSE = timedelta(minutes=15)  # between two submissions: longer, and the work before belongs to another stretch
RECENT = 300  # submissions from whose ends the speed is told
ACCOUNTED = F("pages_ocr") + F("pages_text") + F("pages_blank") + F("pages_aside")


@dataclass(frozen=True)
class Failure:
    """A submission that failed, or a file that was set aside. reason: one of REASONS; detail: one line."""

    submission_id: str
    file: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Progress:
    """Where a batch stands. pages: by the files' own word, of those that could be opened; unaccounted: of them neither read nor blank nor set aside.

    pages_a_second, seconds_left: by the last stretch of work, None where too little was done to tell.
    """

    batch: str
    scheme: str
    year: int
    states: dict[str, int]
    triage: dict[str, int]
    files: int
    pages: int
    pages_read: int
    pages_blank: int
    pages_aside: int
    unaccounted: int
    pages_a_second: float | None
    seconds_left: float | None
    failed: tuple[Failure, ...]
    dead_files: tuple[Failure, ...]

    def figures(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def progress(batch: Batch) -> Progress:
    """Look at a batch; changes nothing."""
    submissions = Submission.objects.filter(batch=batch)
    files = File.objects.filter(batch=batch).exclude(submission__state=State.WITHDRAWN)
    zero = {name: Coalesce(Sum(column), 0) for name, column in {"ocr": "pages_ocr", "text": "pages_text", "blank": "pages_blank", "aside": "pages_aside", "all": "pages"}.items()}
    sums = files.aggregate(files=Count("pk"), **zero)
    states = dict(submissions.order_by().values_list("state").annotate(Count("pk")))
    speed, left = _speed(submissions, states)
    return Progress(
        batch=batch.name, scheme=batch.scheme, year=batch.year,
        states={state: states[state] for state in State.values if state in states},
        triage=dict(submissions.filter(state=State.DONE).order_by("triage").values_list("triage").annotate(Count("pk"))),
        files=sums["files"], pages=sums["all"], pages_read=sums["ocr"] + sums["text"], pages_blank=sums["blank"], pages_aside=sums["aside"],
        unaccounted=unaccounted(files).aggregate(n=Coalesce(Sum(F("pages") - ACCOUNTED), 0))["n"],
        pages_a_second=speed, seconds_left=left,
        failed=tuple(
            Failure(row.submission_id, "", row.reason, (row.failure.strip().splitlines() or [""])[-1]) for row in submissions.filter(state=State.FAILED).order_by("submission_id")),
        dead_files=tuple(
            Failure(file.submission.submission_id if file.submission else "", file.name, file.reason, file.detail)
            for file in files.exclude(reason="").select_related("submission").order_by("submission__submission_id", "number")),
    )


def unaccounted(files: QuerySet[File]) -> QuerySet[File]:
    """Files of which some page is neither read nor blank nor set aside, or counted twice."""
    return files.filter(pages__isnull=False).exclude(pages=ACCOUNTED)


def _speed(submissions: QuerySet[Submission], states: dict[str, int]) -> tuple[float | None, float | None]:
    """Pages a second in the last stretch of work, and seconds until what waits is done at that speed."""
    left = states.get(State.WAITING, 0) + states.get(State.WORKING, 0)
    read = Coalesce(Sum("files__pages", filter=Q(files__reason="")), 0)
    recent = submissions.filter(finished__isnull=False).annotate(read=read).order_by("-finished").values_list("finished", "read")[:RECENT]
    ended = [(finished, int(count)) for finished, count in recent if finished]
    stretch = ended[:1]
    for one in ended[1:]:
        if stretch[-1][0] - one[0] > PAUSE:
            break
        stretch.append(one)
    seconds = (stretch[0][0] - stretch[-1][0]).total_seconds() if stretch else 0.0
    if len(stretch) < 3 or seconds <= 0:
        return None, None if left else 0.0
    pages = sum(count for _, count in stretch[:-1])  # those of the earliest were read before the stretch begins
    return round(pages / seconds, 3), round(left * seconds / (len(stretch) - 1), 1)
