"""What becomes of submissions, each change in one transaction: all of it or none.

In:    what a run, a look across the batch, a recheck or a person's correction made.
Out:   rows; a claim's number.
Fails: LeaseLost and VersionStale where someone else was there first; Django's OperationalError where the database is (see pipeline/store/patience.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from models.claim import Claim
from models.errors import LeaseLost, VersionStale
from pipeline.store.data import FileSeen, Finished, InForce, Made, MadeBy, Tables
from pipeline.store.leases import Lease
from pipeline.store.models import FINAL, NAME, REASONS, Batch, BuyerNamed, ClaimVersion, File, FlagRaised, State, Submission

MOST = Decimal(10) ** 16  # what an amount's column can hold


def open_batch(name: str, scheme: str, year: int, now: datetime, reference: str = "") -> Batch:
    """The batch of that name, scheme and year, made where it is new. reference: folder of the tables that it is checked against now."""
    batch, _ = Batch.objects.get_or_create(name=name, scheme=scheme, year=year, defaults={"created": now})
    if reference and batch.reference != reference:
        batch.reference = reference
        batch.save(update_fields=["reference"])
    return batch


@transaction.atomic
def register(batch: Batch, fingerprints: Mapping[str, str], now: datetime, retry_failed: bool = False, there: Collection[str] = ()) -> list[str]:
    """Take note of what a batch holds now; gives the submissions that are new or changed, in the order of their ids.

    fingerprints: submission id → fingerprint of all that its claim would be made from. retry_failed: what failed counts as changed.
    What isn't in the batch any more is withdrawn, but not what is `there` by now. What someone works on is left to them.
    """
    # locked: what another run finishes between this look and what follows from it would be done again
    rows = Submission.objects.select_for_update().filter(batch=batch).order_by("pk")
    known = {row.submission_id: row for row in rows.only("submission_id", "state", "fingerprint")}
    new = [Submission(batch=batch, submission_id=one, created=now, updated=now) for one in fingerprints if one not in known]
    Submission.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    stale = (State.WITHDRAWN, State.FAILED) if retry_failed else (State.WITHDRAWN,)
    again = [row.pk for name, row in known.items() if name in fingerprints and (row.state in stale or row.fingerprint != fingerprints[name])]
    gone = [row.pk for row in known.values() if row.submission_id not in fingerprints and row.submission_id not in there]
    for some in _some(again):
        Submission.objects.filter(pk__in=some, state__in=FINAL).update(state=State.WAITING, attempts=0, updated=now)
    for some in _some(gone):
        Submission.objects.filter(pk__in=some).exclude(state=State.WITHDRAWN).update(state=State.WITHDRAWN, lease_owner="", lease_until=None, updated=now)
    waiting = Submission.objects.filter(batch=batch).exclude(state__in=FINAL).values_list("submission_id", flat=True)
    return sorted(one for one in waiting if one in fingerprints)


@transaction.atomic
def finish(lease: Lease, finished: Finished, now: datetime) -> InForce:
    """Write all that came of a submission and end its lease; gives the version of its claim.

    Doing it twice does it once, so that it can be tried again where the answer to a commit was lost. Raises LeaseLost, and then nothing is written.
    """
    state = State.FAILED if finished.reason else State.DONE
    if finished.reason and finished.reason not in REASONS:
        raise ValueError(f"{finished.reason!r} is no reason")
    row = Submission.objects.select_for_update().get(pk=lease.pk)
    if row.attempts == lease.attempt and row.state == state and row.fingerprint == finished.made.fingerprint and row.lease_owner == "":
        return _in_force(row)
    if row.state != State.WORKING or row.lease_owner != lease.owner or row.attempts != lease.attempt:
        raise LeaseLost(f"{lease.submission_id} is held by {row.lease_owner or 'nobody'} now; what {lease.owner} made of it is left out.")
    row.state, row.reason, row.failure = state, finished.reason, finished.failure
    row.lease_owner, row.lease_until, row.finished = "", None, now
    row.seconds, row.reading_seconds = finished.seconds, finished.reading_seconds
    _keep_files(row.batch, row, finished.files)
    before = ClaimVersion.objects.filter(submission=row, number=row.version).first()
    return _told(_keep_claim(row, before, finished.claim, MadeBy.RUN, finished.made, now))


@transaction.atomic
def revise(submission: int, claim: Claim, made_by: MadeBy, now: datetime, expected: int, by: str = "", made: Made | None = None) -> InForce:
    """Put another version of a claim in force.

    expected: number of the version it was made from. made: None where it was made from the same things. Raises VersionStale where another is in force by now.
    """
    row = Submission.objects.select_for_update().get(pk=submission)
    if row.version != expected:
        raise VersionStale(f"{row.submission_id} was changed by someone else: version {row.version} is in force, not {expected}. Look at it again.")
    return _told(revise_held(row, ClaimVersion.objects.get(submission=row, number=expected), claim, made_by, now, by, made))


def revise_held(row: Submission, before: ClaimVersion, claim: Claim, made_by: MadeBy, now: datetime, by: str = "", made: Made | None = None) -> ClaimVersion:
    """The same for a submission that is locked already, inside its transaction; before: the version in force. The row then holds what the database does."""
    if made is None:
        made = Made(row.fingerprint, before.reader, before.reference)
    return _keep_claim(row, before, claim, made_by, replace(made, reader=made.reader or before.reader), now, by)


def judged_with(in_force: Iterable[InForce], reference: str) -> None:
    """Note that these claims came out the same when they were judged with these reference tables. Those that others have changed since are left."""
    for number, keys in _by_number(in_force).items():
        for some in _some(keys):
            Submission.objects.filter(pk__in=some, version=number).exclude(reference=reference).update(reference=reference)


@transaction.atomic
def keep_tables(batch: Batch, tables: Tables, files: Sequence[FileSeen]) -> None:
    """Write what the insurers filed with a batch."""
    Batch.objects.select_for_update().get(pk=batch.pk)  # two runs of it may have read the same
    _keep_files(batch, None, files)
    Batch.objects.filter(pk=batch.pk).update(tables=tables.model_dump_json())


def tables_of(batch: Batch) -> Tables:
    """The insurers' tables as last read; none where there were none."""
    text = Batch.objects.values_list("tables", flat=True).get(pk=batch.pk)
    return Tables.model_validate_json(text) if text else Tables(fingerprint="")


def _keep_files(batch: Batch, submission: Submission | None, files: Sequence[FileSeen]) -> None:
    """Put these files in place of those known before."""
    File.objects.filter(batch=batch, submission=submission).delete()
    File.objects.bulk_create(
        [
            File(
                batch=batch, submission=submission, number=number, name=storable(seen.name), sha256=seen.sha256, size=seen.size, blob=seen.blob, pages=seen.pages, pages_ocr=seen.ocr,
                pages_text=seen.text, pages_blank=seen.blank, pages_aside=seen.aside, reason=seen.reason, detail=storable(seen.detail))
            for number, seen in enumerate(files, 1)
        ],
        batch_size=200,
    )


def _keep_claim(row: Submission, before: ClaimVersion | None, claim: Claim, made_by: MadeBy, made: Made, now: datetime, by: str = "") -> ClaimVersion:
    """A new version of the claim, unless it is word for word the one in force and made with the same; and the columns that follow it."""
    text = claim.model_dump_json()
    if before is None or (before.text, before.reader, before.reference) != (text, made.reader, made.reference):
        row.version += 1
        before = ClaimVersion.objects.create(
            submission=row, number=row.version, text=text, made_by=made_by, by=by, made_at=now, fingerprint=made.fingerprint, reader=made.reader, reference=made.reference)
    row.fingerprint, row.reference, row.updated = made.fingerprint, made.reference, now
    row.triage, row.track = claim.triage.value, claim.track.value if claim.track else ""
    row.applicant, row.insurer, row.product, row.policy_number = (_name(claim, field) for field in ("applicant_name", "insurer_name", "product_name", "policy_number"))
    row.sum_insured, row.premium, row.subsidy_requested = (_amount(claim, field) for field in ("sum_insured", "premium", "subsidy_requested"))
    row.save()
    raised = Counter((flag.code, flag.severity.value) for flag in claim.flags)
    if dict(raised) != {(code, severity): count for code, severity, count in FlagRaised.objects.filter(submission=row).values_list("code", "severity", "count")}:
        FlagRaised.objects.filter(submission=row).delete()
        FlagRaised.objects.bulk_create([FlagRaised(submission=row, code=code, severity=severity, count=count) for (code, severity), count in sorted(raised.items())])
    buyers = {storable(buyer.name.text)[:NAME] for buyer in claim.buyers if buyer.name and buyer.name.text}
    if buyers != set(BuyerNamed.objects.filter(submission=row).values_list("name", flat=True)):
        BuyerNamed.objects.filter(submission=row).delete()
        BuyerNamed.objects.bulk_create([BuyerNamed(submission=row, name=name) for name in sorted(buyers)])
    return before


def _told(version: ClaimVersion) -> InForce:
    return InForce(version.submission_id, version.number, version.made_at)


def _by_number(in_force: Iterable[InForce]) -> dict[int, list[int]]:
    keys: dict[int, list[int]] = {}
    for one in in_force:
        keys.setdefault(one.number, []).append(one.submission)
    return keys


def _in_force(row: Submission) -> InForce:
    return InForce(row.pk, row.version, ClaimVersion.objects.values_list("made_at", flat=True).get(submission=row, number=row.version))


def _name(claim: Claim, field: str) -> str:
    return storable(claim.fields[field].text)[:NAME] if field in claim.fields else ""


def _amount(claim: Claim, field: str) -> Decimal | None:
    """In yuan; None where it wasn't read or is no amount that any policy could have."""
    value = claim.fields[field].decimal if field in claim.fields else None
    return value.quantize(Decimal("0.01")) if value is not None and value.is_finite() and abs(value) < MOST else None


def storable(text: str) -> str:
    """Text that every database takes: names of files may hold bytes that are no UTF-8, text layers NULs."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


def _some(keys: Sequence[int], at_once: int = 500) -> Iterable[Sequence[int]]:
    """Keys in portions that one statement can hold."""
    return (keys[start : start + at_once] for start in range(0, len(keys), at_once))
