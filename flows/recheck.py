"""Judge a finished run's claims anew: other tables, other rules, the same readings. No file is opened, no model loaded.

In:    the output folder of a run; a folder of reference tables, or those in force.  Out: claims, exceptions.xlsx and batch.json brought up to date; `Rechecked`, which tells what changed.
Fails: UsageError where the folder holds no run, ReferenceInvalid, InUse while a run goes on there: what it has yet to read would be missing from all that is written.
"""

from __future__ import annotations

import gc
import json
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from flows.report import counts
from flows.workspace import Workspace, write_json
from models.claim import Claim, Triage
from models.errors import VersionStale
from models.reference import Reference
from models.scheme import Scheme, load_scheme
from pipeline.process import judge_across, judge_anew
from pipeline.store.data import Made, MadeBy
from pipeline.store.settings import StoreSettings
from pipeline.tables.exceptions import write_exceptions

FEW = 100  # claims that one process has judged before a second one has begun
VERDICT = ("catalogue_match", "candidates", "rivals", "flags", "triage")


@dataclass(frozen=True)
class Rechecked:
    """What judging anew gave. judging_seconds: spent on reading what is stored, matching and rules; seconds: with loading tables and writing.
    processor_seconds: what judging had of the processor in this process, which other work on the machine can't lengthen much.

    moved: submissions that stand in another queue now, with the one before and the one after. beside: other batches in the same folder, which weren't looked at.
    """

    claims: tuple[Claim, ...]
    changed: int
    moved: tuple[tuple[str, Triage, Triage], ...]
    judging_seconds: float
    processor_seconds: float
    seconds: float
    beside: tuple[str, ...] = ()

    def figures(self) -> dict[str, Any]:
        """As the command's last line tells them."""
        return {
            "claims": len(self.claims), "changed": self.changed, "moved": len(self.moved), "triage": dict(sorted(Counter(c.triage.value for c in self.claims).items())),
            "judging_seconds": round(self.judging_seconds, 2), "processor_seconds": round(self.processor_seconds, 2), "seconds": round(self.seconds, 2),
            "claims_a_second": round(len(self.claims) / self.judging_seconds, 1) if self.claims else None,
        }


def recheck(out: Path, reference: Path | None = None, workers: int = 1, store: StoreSettings | None = None, wait: bool = False) -> Rechecked:
    """Match and check every stored claim against the tables, then across the batch; write what that changes.

    reference: a folder that is put in force first; None for what is in force. workers: processes that share the claims where there are many. A changed claim is no longer what its fingerprint says, so the next run judges it anew,
    from stored readings. wait: for a run that goes on to end. Raises InUse where one does.
    """
    started = time.perf_counter()
    gc.disable()  # claims are trees that live to the end: looking for cycles among them takes as long as all the rest
    try:
        with Workspace(out).alone(wait):
            return _recheck(out, reference, workers, store or StoreSettings(), started)
    finally:
        gc.enable()


def _recheck(out: Path, reference: Path | None, workers: int, store: StoreSettings, started: float) -> Rechecked:
    workspace = Workspace(out)
    asked = workspace.last_run()
    scheme = load_scheme(asked.scheme)
    records = workspace.records(store, asked)
    mark, tables = records.reference_read(reference)
    begun, had = time.perf_counter(), time.process_time()
    insurers = records.tables()
    before = {known.claim.submission_id: known for known in records.known(asked.submissions)}
    own = _judged(_Task([known.claim for known in before.values()], tables, scheme, asked.year), workers)
    claims = judge_across(own, insurers.papers, tables, scheme, asked.year, bool(insurers.quarantined))
    judged, spent = time.perf_counter() - begun, time.process_time() - had
    changed = [claim for claim in claims if claim != before[claim.submission_id].claim]
    made = Made(reference=mark)  # no fingerprint: the next run judges anew what isn't what its own would be
    for claim in changed:
        try:
            in_force = records.revise(before[claim.submission_id].in_force, claim, MadeBy.RECHECK, made)
        except VersionStale:  # corrected by a person meanwhile, and judged with these tables then
            continue
        workspace.show(claim, in_force.made_at)
    other = {claim.submission_id for claim in changed}
    records.judged_with((known.in_force for name, known in before.items() if name not in other), mark)
    moved = tuple((c.submission_id, old, c.triage) for c in changed if (old := before[c.submission_id].claim.triage) is not c.triage)
    if reference is not None:
        workspace.begin(asked.model_copy(update={"reference": str(reference.resolve())}))
    write_exceptions(out / "exceptions.xlsx", claims)
    _update(out / "batch.json", claims)
    return Rechecked(claims, len(changed), moved, judged, spent, time.perf_counter() - started, tuple(map(str, records.beside())))


class _Task(NamedTuple):
    """What is to be judged; worker processes find it in the memory they were forked with."""

    claims: list[Claim]
    reference: Reference
    scheme: Scheme
    year: int


_task: _Task | None = None
_Verdict = dict[str, Any]  # what judging changes in a claim


def _judged(task: _Task, workers: int) -> list[Claim]:
    """The claims, each judged by itself."""
    global _task
    if workers < 2 or len(task.claims) < FEW:
        return [judge_anew(claim, task.reference, task.scheme, task.year) for claim in task.claims]
    _task = task
    try:
        with ProcessPoolExecutor(workers - 1, mp_context=get_context("fork")) as pool:  # this process is one of them
            own, *others = (range(n, len(task.claims), workers) for n in range(workers))
            parts = [pool.submit(_verdicts, places) for places in others]
            verdicts = dict(pair for part in (_verdicts(own), *(part.result() for part in parts)) for pair in part)
    finally:
        _task = None
    return [claim.model_copy(update=verdicts[n]) for n, claim in enumerate(task.claims)]


def _verdicts(places: range) -> list[tuple[int, _Verdict]]:
    assert _task is not None, "forked without a task"  # noqa: S101
    judged = ((n, judge_anew(_task.claims[n], _task.reference, _task.scheme, _task.year)) for n in places)
    return [(n, {name: getattr(claim, name) for name in VERDICT}) for n, claim in judged]


def _update(path: Path, claims: tuple[Claim, ...]) -> None:
    """Bring the counts of batch.json up to date; what it says of the reading stands."""
    if path.exists():
        write_json(path, json.loads(path.read_text("utf-8")) | counts(claims))
