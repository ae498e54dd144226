"""Judge a finished run's claims anew: other tables, other rules, the same readings. No file is opened, no model loaded.

In:    the output folder of a run; reference tables.  Out: claims, exceptions.xlsx and batch.json brought up to date; `Rechecked`, which tells what changed.
Fails: UsageError where the folder holds no run, ReferenceInvalid.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.report import counts
from flows.workspace import LastRun, Workspace, write_json
from models.claim import Claim, Triage
from models.scheme import load_scheme
from pipeline.process import judge_across, judge_anew
from pipeline.reference import load_reference
from pipeline.tables.exceptions import write_exceptions


@dataclass(frozen=True)
class Rechecked:
    """What judging anew gave. judging_seconds: spent on reading what is stored, matching and rules; seconds: with loading tables and writing.

    moved: submissions that stand in another queue now, with the one before and the one after.
    """

    claims: tuple[Claim, ...]
    changed: int
    moved: tuple[tuple[str, Triage, Triage], ...]
    judging_seconds: float
    seconds: float

    def figures(self) -> dict[str, Any]:
        """As the command's last line tells them."""
        return {
            "claims": len(self.claims), "changed": self.changed, "moved": len(self.moved), "triage": dict(sorted(Counter(c.triage.value for c in self.claims).items())),
            "judging_seconds": round(self.judging_seconds, 2), "seconds": round(self.seconds, 2),
            "claims_a_second": round(len(self.claims) / self.judging_seconds, 1) if self.claims else None,
        }


def recheck(out: Path, reference: Path) -> Rechecked:
    """Match and check every stored claim against the tables, then across the batch; write what that changes.

    A changed claim is no longer what its fingerprint says, so the next run judges it anew, from stored readings.
    """
    started = time.perf_counter()
    workspace = Workspace(out)
    asked = workspace.last_run()
    tables, scheme = load_reference(reference), load_scheme(asked.scheme)
    insurers = workspace.tables()
    begun = time.perf_counter()
    before = dict(workspace.stored())
    own = [judge_anew(stored.claim, tables, scheme, asked.year) for stored in before.values()]
    claims = judge_across(own, insurers.papers, tables, scheme, asked.year, bool(insurers.unread))
    judged = time.perf_counter() - begun
    changed = [claim for claim in claims if claim != before[claim.submission_id].claim]
    for claim in changed:
        workspace.save("", claim, before[claim.submission_id].pages)
    moved = tuple((c.submission_id, old, c.triage) for c in changed if (old := before[c.submission_id].claim.triage) is not c.triage)
    workspace.begin(LastRun(scheme=asked.scheme, year=asked.year, reference=str(reference.resolve())))
    write_exceptions(out / "exceptions.xlsx", claims)
    _update(out / "batch.json", claims)
    return Rechecked(claims, len(changed), moved, judged, time.perf_counter() - started)


def _update(path: Path, claims: tuple[Claim, ...]) -> None:
    """Bring the counts of batch.json up to date; what it says of the reading stands."""
    if path.exists():
        write_json(path, json.loads(path.read_text("utf-8")) | counts(claims))
