"""Whether a run's folder is whole: the store behind it, and everything that is made from it.

In:    the output folder of a run.  Out: what is wrong; results that are missing or were changed are written anew from the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.workspace import Workspace, json_bytes
from models.annexes import INSURERS
from pipeline.incoming.spool import FOLDER, Spool
from pipeline.output import claim_json
from pipeline.store.blobs import PatientBlobs, open_blobs
from pipeline.store.clock import utc_now
from pipeline.store.doctor import Finding, examine
from pipeline.store.known import claims_in_force
from pipeline.store.models import State, Submission
from pipeline.store.settings import StoreSettings


def examine_run(workspace: Workspace, settings: StoreSettings) -> Iterator[Finding]:
    """Everything that is wrong with a run's folder and its batches in the store: the last run's, and others that were run into it."""
    records = workspace.records(settings, workspace.last_run())
    batch, beside = records.batch, records.beside()
    blobs = PatientBlobs(open_blobs(settings, workspace.work), settings.patience_seconds)
    yield from _once(finding for one in (batch, *beside) for finding in examine(one, blobs, utc_now()))
    shown = {INSURERS}
    for known in claims_in_force(batch):
        shown.add(known.claim.submission_id)
        path = workspace.out / known.claim.submission_id / "claim.json"
        if not path.exists() or path.read_bytes() != json_bytes(claim_json(known.claim)):
            workspace.show(known.claim, known.in_force.made_at)
            yield Finding("result_stale", str(path.relative_to(workspace.out)), mended=True)
    for known in (known for other in beside for known in claims_in_force(other)):  # where two batches bear the same number the folder shows the one that was run last
        if known.claim.submission_id not in shown and not (workspace.out / known.claim.submission_id / "claim.json").exists():
            workspace.show(known.claim, known.in_force.made_at)
            yield Finding("result_stale", f"{known.claim.submission_id}/claim.json", mended=True)
    working = Submission.objects.filter(batch__in=(batch, *beside), state=State.WORKING).exists()
    known_ids = set(Submission.objects.values_list("submission_id", flat=True))
    for folder in sorted(path for path in workspace.out.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if folder.name not in shown | known_ids:
            yield Finding("result_orphaned", folder.name)
    if not working:  # what a writer that was cut off has left; nobody writes now
        for name in Spool(workspace.work).sweep() if (workspace.work / FOLDER).exists() else ():
            yield Finding("leftover", f"{FOLDER}/{name}", mended=True)
        written = (path for path in workspace.work.rglob("*.part") if workspace.work / FOLDER not in path.parents)  # what lies in the spool bears the names it came with
        for path in sorted({*written, *workspace.out.glob("*/*.part"), *workspace.out.glob("*.part"), *workspace.work.glob("*.reading")}):
            path.unlink(missing_ok=True)
            yield Finding("leftover", str(path.relative_to(workspace.out)), mended=True)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Papers are all batches' together: one that is missing is told once."""
    return iter(dict.fromkeys(findings))
