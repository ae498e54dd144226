"""A run's hand on the store: its batch, its leases, the papers it keeps. Waits where the database or the storage doesn't answer.

Import it by `Workspace.records`, which sets Django up before.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from django.db import connections
from django.db.models import Q

from extractors.files import filed
from flows.workspace import REFERENCE, UNREAD, LastRun, Workspace, write_bytes
from models.annexes import INSURERS
from models.claim import Claim
from models.errors import UsageError
from models.reference import Reference
from pipeline.reference import TABLES
from pipeline.store import leases, outcomes
from pipeline.store import reference as versions
from pipeline.store.blobs import PatientBlobs, SourceChanged, hash_file, open_blobs
from pipeline.store.clock import Clock
from pipeline.store.data import FileSeen, Finished, InForce, Made, MadeBy, Original, Tables
from pipeline.store.known import Known, claims_as_read, claims_in_force
from pipeline.store.leases import Lease
from pipeline.store.models import Batch, ClaimVersion, File, ReferencePut, State, Submission
from pipeline.store.patience import patiently
from pipeline.store.progress import Progress, progress
from pipeline.store.settings import StoreSettings

log = logging.getLogger(__name__)
T = TypeVar("T")
Form = Callable[[Claim], Claim]


def whole(claim: Claim) -> Claim:
    """The claim with all that belongs to it."""
    return claim


def _unread(path: Path) -> bool:
    """Whether a file can't be read (any more)."""
    try:
        hash_file(path)
    except OSError:
        return True
    return False


class Records:
    """One batch in the store, as one process works on it. A context manager: within it what is held is held on to, after it given back."""

    def __init__(self, workspace: Workspace, settings: StoreSettings, asked: LastRun, clock: Clock | None = None) -> None:
        self._workspace = workspace
        self._settings = settings
        self._clock = clock or Clock()
        self._owner = leases.own_name()
        self._blobs = open_blobs(settings, workspace.work)
        self._end = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)
        self._patiently(self._clock.set)
        self.batch = self._patiently(lambda: outcomes.open_batch(asked.batch, asked.scheme, asked.year, self._clock(), asked.reference))

    def __enter__(self) -> Records:
        self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end.set()
        self._keeper.join()
        if kind is None:
            self._patiently(lambda: leases.release_all(self._owner, self._clock()))
            return
        try:  # what ends the run is to be told, not what comes of it
            leases.release_all(self._owner, self._clock())
        except Exception:
            log.warning("what this run held could not be given back; it is free after %s s", self._settings.lease_seconds)

    def _keep(self) -> None:
        """Hold on to the leases until the run ends."""
        try:
            while not self._end.wait(self._settings.lease_seconds / 4):
                try:
                    self.renew()
                except Exception as error:
                    log.warning("leases could not be renewed (%s); trying again", error)
                    connections.close_all()
        finally:
            connections.close_all()  # this thread's own

    def renew(self) -> None:
        """Hold on to the leases for as long again, by the clock that counts."""
        self._clock.set()
        leases.renew(self._owner, self._clock(), self._settings.lease_seconds)

    def _patiently(self, work: Callable[[], T]) -> T:
        return patiently(work, self._settings.patience_seconds)

    def register(self, fingerprints: Mapping[str, str], retry_failed: bool, there: Collection[str] = ()) -> list[str]:
        """Take note of what the batch holds; gives what is to be done. What processes of this machine held that are gone is free again.

        there: what has come meanwhile, for the next run or another one.
        """
        self._patiently(lambda: leases.release_gone(self.batch, self._clock()))
        return self._patiently(lambda: outcomes.register(self.batch, fingerprints, self._clock(), retry_failed, there))

    def take(self, submission_id: str) -> Lease | None:
        """The lease of a submission; None where another run has it, or has done it."""
        taken = self._patiently(lambda: leases.take(self.batch, 1, self._owner, self._clock(), self._settings.lease_seconds, [submission_id]))
        return taken[0] if taken else None

    def release(self, lease: Lease) -> None:
        """Give a submission back undone."""
        self._patiently(lambda: leases.release(lease, self._clock()))

    def ready(self) -> None:
        """Look whether papers can be kept, before any is read. Raises StoreUnavailable."""
        self._patiently(self._blobs.ready)

    def keep_originals(self, folder: Path, hashes: Mapping[Path, str]) -> dict[str, Original]:
        """Keep a folder's files as they were filed; one that couldn't be read can't be. Raises SourceChanged where one isn't any more what its hash says."""
        kept = {}
        for name, path in filed(folder):
            sha256 = hashes.get(path, "")
            if sha256 == UNREAD:
                continue
            try:
                self._patiently(lambda path=path, sha256=sha256: self._blobs.put(path, sha256))  # type: ignore[misc]
                kept[name] = Original(sha256, path.stat().st_size)
            except OSError as error:
                if not _unread(path):  # it is where it is kept that fails
                    raise
                raise SourceChanged(f"{path.name} can't be read any more ({error.strerror}). Run the same command again.") from error
        return kept

    def keeps(self, submission_id: str, files: Mapping[str, str]) -> bool:
        """Whether a claim made from just these files (SHA-256 by name) is committed and every one of them, as kept, reads back. The insurers' tables are a submission here."""
        asked = {"submission__isnull": True} if submission_id == INSURERS else {"submission__submission_id": submission_id, "submission__state": State.DONE}
        rows = self._patiently(lambda: dict(File.objects.filter(batch=self.batch, **asked).exclude(blob="").order_by().values_list("name", "sha256")))
        if not files or any(rows.get(name) != sha256 for name, sha256 in files.items()):
            return False
        blobs = PatientBlobs(self._blobs, self._settings.patience_seconds)
        return all(blobs.sound(sha256) for sha256 in set(files.values()))

    def finish(self, lease: Lease, finished: Finished) -> InForce:
        """Write all that came of a submission. Raises LeaseLost."""
        now = self._clock()
        return self._patiently(lambda: outcomes.finish(lease, finished, now))

    def revise(self, before: InForce, claim: Claim, made_by: MadeBy, made: Made | None = None) -> InForce:
        """Put another version of a claim in force. Raises VersionStale."""
        now = self._clock()
        return self._patiently(lambda: outcomes.revise(before.submission, claim, made_by, now, before.number, made=made))

    def stands(self) -> Progress:
        """Where the batch stands."""
        return self._patiently(lambda: progress(self.batch))

    def known(self, submissions: Collection[str], form: Form = whole) -> list[Known]:
        """The claims in force of these submissions, in the order of their ids. form: what of each is kept."""
        wanted = frozenset(submissions)
        return [known for known in self.all_known(form) if known.claim.submission_id in wanted]

    def all_known(self, form: Form = whole) -> list[Known]:
        """The claims in force of the whole batch, in the order of their ids. form: what of each is kept."""
        return sorted(self._patiently(lambda: [replace(known, claim=form(known.claim)) for known in claims_in_force(self.batch)]), key=lambda known: known.claim.submission_id)

    def claim(self, in_force: InForce) -> Claim:
        """A claim as it was put in force."""
        return self._patiently(lambda: ClaimVersion.objects.get(submission=in_force.submission, number=in_force.number).claim)

    def beside(self) -> list[Batch]:
        """Other batches that were run into this workspace, the newest first. A server's database knows nothing of folders and holds those of others: there it is the workspace that tells."""
        here = Q()
        if self._settings.database.get_secret_value():
            here = reduce(or_, (Q(name=run.batch, scheme=run.scheme, year=run.year) for run in self._workspace.batches()), Q(pk__in=()))
        return self._patiently(lambda: list(Batch.objects.filter(here).exclude(pk=self.batch.pk).order_by("-created")))

    def displaced(self, shown: Collection[str]) -> dict[str, list[str]]:
        """By other batches of this workspace, their submissions that bear the number of one of these: of those the folder shows but one claim."""
        found: dict[str, list[str]] = {}
        for batch in self.beside():
            theirs = self._patiently(lambda batch=batch: Submission.objects.filter(batch=batch).exclude(state=State.WITHDRAWN).order_by("submission_id").values_list("submission_id", flat=True))  # type: ignore[misc]
            if same := [one for one in theirs if one in shown]:
                found[str(batch)] = same
        return found

    def versions(self) -> dict[int, int]:
        """The number of the claim in force, by submission, of those that are done or failed, by whomever."""
        return self._patiently(lambda: dict(Submission.objects.filter(batch=self.batch, state__in=(State.DONE, State.FAILED)).values_list("pk", "version")))

    def as_read(self) -> list[Claim]:
        """The batch's claims as the machine last made them, before people said anything of them."""
        return self._patiently(lambda: list(claims_as_read(self.batch)))

    def known_one(self, submission_id: str, form: Form = whole) -> Known | None:
        """The claim in force of one submission, None where there is none (yet). form: what of it is kept. Raises UsageError where another run has withdrawn the submission."""

        def look() -> Known | None:
            if Submission.objects.filter(batch=self.batch, submission_id=submission_id, state=State.WITHDRAWN).exists():
                raise UsageError(f"Another run of batch {self.batch} goes on without {submission_id}. Give one of the two another --name.")
            return next((replace(known, claim=form(known.claim)) for known in claims_in_force(self.batch, submission_id)), None)

        return self._patiently(look)

    def reference(self, folder: Path | None) -> tuple[str, Path]:
        """Settle which reference tables the batch is judged by: their mark, and a folder in the workspace that holds just them. folder: the one that was named, if any."""
        put = self._settled(folder, insist=False)
        if folder is not None and put.origin != versions.Origin.FOLDER:
            log.warning(
                "%s is as it was when the batch last took it; what was put in force on the review page on %s stands. To judge by the folder again: intake recheck %s --reference %s",
                folder, put.at.date(), self._workspace.out, folder)
        kept = self._workspace.work / REFERENCE / put.version.mark[:16]
        kept.mkdir(parents=True, exist_ok=True)
        for name, data in self._patiently(lambda: versions.files_of(put.version)).items():
            if not (kept / TABLES[name].file).exists():
                write_bytes(kept / TABLES[name].file, data)
        return put.version.mark, kept

    def reference_read(self, folder: Path | None = None) -> tuple[str, Reference]:
        """The reference tables that are in force, with their mark. folder: is put in force first, whatever was."""
        put = self._settled(folder, insist=True)
        return put.version.mark, versions.reference_of(put.version)

    def _settled(self, folder: Path | None, insist: bool) -> ReferencePut:
        return self._patiently(lambda: versions.settle(self.batch, folder, self._clock(), insist))

    def judged_with(self, in_force: Iterable[InForce], reference: str) -> None:
        """Note that these claims came out the same with these reference tables."""
        rows = list(in_force)
        self._patiently(lambda: outcomes.judged_with(rows, reference))

    def tables(self) -> Tables:
        """The insurers' tables as last read; none where there were none."""
        return self._patiently(lambda: outcomes.tables_of(self.batch))

    def keep_tables(self, tables: Tables, files: Iterable[FileSeen]) -> None:
        """Write what the insurers filed."""
        self._patiently(lambda: outcomes.keep_tables(self.batch, tables, list(files)))
