"""Whether a run's folder is whole: the store behind it, and everything that is made from it.

In:    the output folder of a run.  Out: what is wrong; results that are missing or were changed are written anew from the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from flows.workspace import BATCHES, PAGES, REFERENCE, Workspace, json_bytes
from models.annexes import INSURERS
from models.errors import InUse
from pipeline.incoming.spool import FOLDER, Spool
from pipeline.output import claim_json
from pipeline.review.pictures import PICTURES
from pipeline.store import blobs as originals
from pipeline.store.blobs import PatientBlobs, open_blobs
from pipeline.store.clock import utc_now
from pipeline.store.doctor import Finding, examine, examine_database
from pipeline.store.known import Known, claims_in_force
from pipeline.store.models import Batch, State, Submission
from pipeline.store.settings import StoreSettings

log = logging.getLogger(__name__)

OURS = (originals.FOLDER, PAGES, PICTURES, BATCHES, REFERENCE)  # folders of `.work` that nobody but runs and what they keep for the page write into


def examine_run(workspace: Workspace, settings: StoreSettings) -> Iterator[Finding]:
    """Everything that is wrong with a run's folder and its batches in the store: the last run's, and others that were run into it."""
    records = workspace.records(settings, workspace.last_run())
    if damaged := list(examine_database()):  # what else it says may be wrong, too
        yield from damaged
        return
    batch, beside = records.batch, records.beside()
    blobs = PatientBlobs(open_blobs(settings, workspace.work), settings.patience_seconds)
    yield from _once(finding for one in (batch, *beside) for finding in examine(one, blobs, utc_now()))
    known_ids = set(Submission.objects.values_list("submission_id", flat=True)) | {INSURERS}
    for folder in sorted(path for path in workspace.out.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if folder.name not in known_ids:
            yield Finding("result_orphaned", folder.name)
    try:
        with workspace.alone(wait=False):
            found = [*_results(workspace, batch, beside)]
            if not Submission.objects.filter(batch__in=(batch, *beside), state=State.WORKING).exists():
                found += _leftovers(workspace)
    except InUse:
        log.warning("%s: a run goes on; its results, and what others that were cut off have left, are looked at when it has ended", workspace.out)
    else:
        yield from found


def _results(workspace: Workspace, batch: Batch, beside: Iterable[Batch]) -> Iterator[Finding]:
    """Claims that aren't shown as they are in force, written anew. Where two batches bear the same number the folder shows the one that was run last."""
    shown = set()
    for known in claims_in_force(batch):
        shown.add(known.claim.submission_id)
        path = workspace.claim(known.claim.submission_id)
        if not path.exists() or path.read_bytes() != json_bytes(claim_json(known.claim)):
            yield _shown(workspace, known)
    for known in (known for other in beside for known in claims_in_force(other)):
        if known.claim.submission_id not in shown and not workspace.claim(known.claim.submission_id).exists():
            yield _shown(workspace, known)


def _shown(workspace: Workspace, known: Known) -> Finding:
    workspace.show(known.claim, known.in_force.made_at)
    return Finding("result_stale", workspace.claim(known.claim.submission_id).relative_to(workspace.out).as_posix(), mended=True)


def _leftovers(workspace: Workspace) -> Iterator[Finding]:
    """What a writer that was cut off has left, where runs write and nobody does now.

    Nowhere else: in the inbox papers bear the names they came with, and what is being uploaded on the page, or waits to be filed, looks just like what was cut off.
    """
    out, work = workspace.out, workspace.work
    for name in Spool(work).sweep() if (work / FOLDER).exists() else ():
        yield Finding("leftover", f"{FOLDER}/{name}", mended=True)
    within = (path for name in OURS for path in (work / name).rglob("*.part"))
    for path in sorted({*within, *work.glob("*.part"), *work.glob("*.reading"), *out.glob("*.part"), *out.glob("*/*.part")}):
        path.unlink(missing_ok=True)
        yield Finding("leftover", path.relative_to(out).as_posix(), mended=True)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Papers are all batches' together: one that is missing is told once."""
    return iter(dict.fromkeys(findings))
