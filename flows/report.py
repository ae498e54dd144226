"""What a run did: finished submissions, counts, timings, failures; and batch.json, which tells it.

Seconds are wall-clock; those of submissions add up over the workers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.plan import Plan
from flows.workers import PageCount
from models.claim import Claim
from pipeline.store.data import InForce


@dataclass(frozen=True)
class Done:
    """One finished submission. claim: in brief (pipeline/brief.py). in_force: its claim in the store; storage_seconds: spent on storing its papers and what came of them; unchanged: taken from an earlier run, or from another that works on the batch."""

    claim: Claim
    pages: PageCount
    in_force: InForce
    seconds: float = 0.0
    reading_seconds: float = 0.0
    storage_seconds: float = 0.0
    failure: str = ""
    unchanged: bool = False


@dataclass
class Report:
    """What a run did."""

    done: list[Done] = field(default_factory=list)
    stray: tuple[str, ...] = ()
    insurer_documents: int = 0
    insurer_failure: str = ""
    seconds: float = 0.0

    @property
    def claims(self) -> list[Claim]:
        return [d.claim for d in self.done]

    @property
    def failed(self) -> list[Done]:
        return [d for d in self.done if d.failure]

    @property
    def pages(self) -> PageCount:
        return PageCount(*(sum(column) for column in zip(*(d.pages for d in self.done), strict=True))) if self.done else PageCount()

    @property
    def fresh_pages(self) -> int:
        """Pages that this run itself went through."""
        return sum(d.pages.all for d in self.done if not d.unchanged)


def batch_json(todo: Plan, report: Report) -> dict[str, Any]:
    """Counts, timings and failures of a run: OUT/batch.json."""
    return {
        "contract": 1,
        "batch": todo.batch.name,
        "scheme": todo.scheme,
        "year": todo.year,
        "submissions": {
            "all": len(report.done),
            "unchanged": sum(d.unchanged for d in report.done),
            "failed": len(report.failed),
        },
        **counts(report.claims),
        "pages": {"all": report.pages.all, **report.pages._asdict(), "this_run": report.fresh_pages},
        "quarantined": [{"submission_id": claim.submission_id, "file": q.file, "reason": q.reason.value} for claim in report.claims for q in claim.quarantined],
        "stray_files": list(report.stray),
        "insurers": {"documents": report.insurer_documents, **({"failure": report.insurer_failure} if report.insurer_failure else {})},
        "seconds": {
            "whole": round(report.seconds, 2),
            "reading": round(sum(d.reading_seconds for d in report.done), 2),
            "submissions": round(sum(d.seconds for d in report.done), 2),
            "storage": round(sum(d.storage_seconds for d in report.done), 2),
            "a_page": round(report.seconds / report.fresh_pages, 4) if report.fresh_pages else None,
        },
        "workers": todo.workers,
        "failures": [{"submission_id": d.claim.submission_id, "error": _last_line(d.failure)} for d in report.failed],
    }


def counts(claims: Sequence[Claim]) -> dict[str, Any]:
    """How many claims stand in each queue, and how many flags of each code they bear."""
    return {
        "triage": dict(sorted(Counter(claim.triage.value for claim in claims).items())),
        "flags": dict(sorted(Counter(flag.code for claim in claims for flag in claim.flags).items())),
    }


def _last_line(trace: str) -> str:
    lines = trace.strip().splitlines()
    return lines[-1] if lines else ""
