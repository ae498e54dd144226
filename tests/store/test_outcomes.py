"""What becomes of a submission is written whole or not at all, once, and only by whom holds it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from invented_claim import APPLICANT, judged

from models.claim import Claim, Quarantined, QuarantineReason, Triage
from models.errors import LeaseLost, VersionStale
from models.field import Field
from models.flag import Flag, Severity
from models.paper import Track
from pipeline.store import leases
from pipeline.store.data import FileSeen, Finished, Made, MadeBy, Tables
from pipeline.store.models import REASONS, Batch, ClaimVersion, File, FlagRaised, State, Submission
from pipeline.store.outcomes import finish, keep_tables, open_batch, register, revise, tables_of

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("store")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def batch(store: Path) -> Batch:
    """Two submissions that wait."""
    made = open_batch("一月", "ningbo-2020", 2021, NOW)
    register(made, {"E-1": "f1", "E-2": "f2"}, NOW)
    return made


def claim(submission_id: str = "E-1", **changed: object) -> Claim:
    return judged(Track.EQUIPMENT, submission_id=submission_id).model_copy(update=changed)


def finished(submission_id: str = "E-1", mark: str = "f1", **changed: object) -> Finished:
    files = (FileSeen("扫描.pdf", "a" * 64, 100, "a" * 64, pages=3, ocr=2, blank=1), FileSeen("坏.pdf", "b" * 64, 9, "b" * 64, reason="truncated"))
    return Finished(claim(submission_id), files, Made(mark, "reader 1", "tables 1"), seconds=3.0, reading_seconds=2.0, **changed)  # type: ignore[arg-type]


def taken(batch: Batch, owner: str = "me", n: int = 1) -> leases.Lease:
    return leases.take(batch, n, owner, NOW)[0]


def states(batch: Batch) -> dict[str, str]:
    return dict(Submission.objects.filter(batch=batch).values_list("submission_id", "state"))


# ---------------------------------------------------------------- registering


def test_what_is_new_or_changed_is_to_be_done_and_what_is_gone_is_withdrawn_but_kept(batch: Batch) -> None:
    finish(taken(batch), finished(), NOW)
    assert register(batch, {"E-1": "f1", "E-2": "f2"}, NOW) == ["E-2"]
    assert register(batch, {"E-1": "other"}, NOW) == ["E-1"]
    assert states(batch) == {"E-1": State.WAITING, "E-2": State.WITHDRAWN}
    assert register(batch, {"E-1": "f1", "E-2": "f2"}, NOW) == ["E-1", "E-2"]
    assert ClaimVersion.objects.count() == 1


def test_what_failed_is_left_until_it_changes_or_is_asked_for(batch: Batch) -> None:
    finish(taken(batch), finished(reason="error", failure="Traceback …"), NOW)
    both = {"E-1": "f1", "E-2": "f2"}
    assert states(batch)["E-1"] == State.FAILED
    assert register(batch, both, NOW) == ["E-2"]
    assert register(batch, both, NOW, retry_failed=True) == ["E-1", "E-2"]
    assert leases.take(batch, 1, "me", NOW)[0].attempt == 1


def test_a_batch_is_known_by_name_scheme_and_year(batch: Batch) -> None:
    assert open_batch("一月", "ningbo-2020", 2021, later(9), "tables").pk == batch.pk
    assert open_batch("一月", "ningbo-2020", 2022, NOW).pk != batch.pk


def test_there_are_few_enough_reasons() -> None:
    assert {reason.value for reason in QuarantineReason} < set(REASONS)
    assert len(REASONS) <= 15


# ---------------------------------------------------------------- leases


def test_nobody_takes_what_another_holds_until_the_lease_runs_out(batch: Batch) -> None:
    assert [lease.submission_id for lease in leases.take(batch, 9, "a", NOW, 100, only=["E-2"])] == ["E-2"]
    assert [lease.submission_id for lease in leases.take(batch, 9, "b", NOW, 100)] == ["E-1"]
    assert leases.take(batch, 9, "c", later(100), 100) == []
    assert leases.renew("b", later(60), 100) == 1
    assert [(lease.submission_id, lease.attempt) for lease in leases.take(batch, 9, "c", later(101), 100)] == [("E-2", 2)]
    assert [lease.submission_id for lease in leases.take(batch, 9, "c", later(161), 100)] == ["E-1"]


def test_a_lease_from_a_clock_that_ran_ahead_binds_nobody(batch: Batch) -> None:
    leases.take(batch, 9, "a", later(3600), 100)
    assert len(leases.take(batch, 9, "b", NOW, 100)) == 2


def test_given_back_it_waits_again(batch: Batch) -> None:
    lease = taken(batch)
    assert leases.release(lease, NOW)
    assert not leases.release(lease, NOW)
    assert taken(batch, "b").attempt == 1


def test_of_many_who_take_at_once_each_submission_goes_to_one(batch: Batch) -> None:
    register(batch, {f"E-{n}": "f" for n in range(30)}, NOW)
    got: dict[str, list[str]] = {}

    def take(owner: str) -> None:
        got[owner] = [lease.submission_id for _ in range(10) for lease in leases.take(batch, 3, owner, NOW)]
        connection.close()

    threads = [threading.Thread(target=take, args=(f"owner {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [one for ids in got.values() for one in ids]
    assert len(every) == len(set(every)) == 30


def test_what_a_process_held_that_is_gone_is_free_at_once_and_what_lives_keeps_its_own(batch: Batch) -> None:
    me = leases.own_name()
    node, space, pid, _, die = me.split("/")
    leases.take(batch, 1, me, NOW)
    leases.take(batch, 1, "/".join((node, space, pid, "1", die)), NOW)  # the same number, born at another time
    assert leases.release_gone(batch, NOW) == 1
    assert states(batch) == {"E-1": State.WORKING, "E-2": State.WAITING}


@pytest.mark.parametrize("owner", ["another-machine/x.1/99999999/1/die", "", "me", "a/b/c/d/e"])
def test_of_others_nobody_knows_whether_they_are_gone(owner: str) -> None:
    assert not leases.is_gone(owner)


# ---------------------------------------------------------------- finishing


def test_all_that_came_of_a_submission_is_written(batch: Batch) -> None:
    lease = taken(batch)
    assert finish(lease, finished(), later(5)) == (lease.pk, 1, later(5))
    row = Submission.objects.get(submission_id="E-1")
    assert (row.state, row.lease_owner, row.lease_until, row.fingerprint, row.version, row.seconds) == (State.DONE, "", None, "f1", 1, 3.0)
    assert (row.track, row.applicant, row.triage) == ("equipment", APPLICANT[Track.EQUIPMENT], "clear")
    assert row.subsidy_requested == claim().fields["subsidy_requested"].decimal
    assert row.versions.get().claim == claim()
    assert [(f.name, f.pages, f.pages_ocr + f.pages_text + f.pages_blank + f.pages_aside, f.reason) for f in row.files.all()] == [("扫描.pdf", 3, 3, ""), ("坏.pdf", None, 0, "truncated")]


@pytest.mark.parametrize("failing", ["FlagRaised", "ClaimVersion", "File"])
def test_where_one_part_cannot_be_written_nothing_is(batch: Batch, failing: str) -> None:
    table = {"FlagRaised": FlagRaised, "ClaimVersion": ClaimVersion, "File": File}[failing]._meta.db_table
    lease = taken(batch)
    flag = Flag(code="missing_document", severity=Severity.SUPPLEMENT, clause="四", message="缺少")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
        try:
            with pytest.raises(DatabaseError):
                finish(lease, Finished(claim(flags=(flag,)), finished().files, Made("f1")), NOW)
        finally:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    row = Submission.objects.get(submission_id="E-1")
    assert (row.state, row.version, row.triage, row.lease_owner) == (State.WORKING, 0, "", "me")
    assert (File.objects.count(), ClaimVersion.objects.count(), FlagRaised.objects.count()) == (0, 0, 0)


def test_finishing_twice_does_it_once(batch: Batch) -> None:
    lease = taken(batch)
    assert finish(lease, finished(), NOW) == finish(lease, finished(), later(1)) == (lease.pk, 1, NOW)
    assert ClaimVersion.objects.count() == 1


def test_what_was_made_under_a_lost_lease_is_not_written(batch: Batch) -> None:
    old = leases.take(batch, 1, "a", NOW, 100)[0]
    new = leases.take(batch, 1, "b", later(101), 100)[0]
    assert old.pk == new.pk
    with pytest.raises(LeaseLost):
        finish(old, finished(), later(102))
    assert states(batch)["E-1"] == State.WORKING
    finish(new, finished(), later(103))
    with pytest.raises(LeaseLost):
        finish(old, finished(), later(104))


def test_an_unknown_reason_is_refused(batch: Batch) -> None:
    with pytest.raises(ValueError, match="bored"):
        finish(taken(batch), finished(reason="bored"), NOW)


def test_names_of_files_and_amounts_that_no_column_takes_are_kept_all_the_same(batch: Batch) -> None:
    monstrous = claim(fields={**claim().fields, "premium": Field(value="9" * 40), "applicant_name": Field(value="甲" * 500 + "\0")})
    seen = FileSeen("a\0b\udcff\n.pdf" + "长" * 300, reason="unsafe_name")
    finish(taken(batch), Finished(monstrous, (seen,), Made("f1")), NOW)
    row = Submission.objects.get(submission_id="E-1")
    assert (row.premium, row.applicant) == (None, "甲" * 200)
    assert row.files.get().name == "a�b?\n.pdf" + "长" * 300


# ---------------------------------------------------------------- versions


def test_a_claim_changed_is_a_version_more_and_the_queue_follows_it(batch: Batch) -> None:
    lease = taken(batch)
    finish(lease, finished(), NOW)
    flag = Flag(code="duplicate_page", severity=Severity.REVIEW, clause="六", message="重复", across=True)
    changed = claim(flags=(flag, flag), triage=Triage.REVIEW)
    assert revise(lease.pk, changed, MadeBy.ACROSS, NOW, expected=1).number == 2
    row = Submission.objects.get(pk=lease.pk)
    assert (row.triage, row.version, row.fingerprint) == ("review", 2, "f1")
    assert list(row.flags.values_list("code", "severity", "count")) == [("duplicate_page", "review", 2)]
    assert [(v.number, v.made_by, v.claim.triage, v.reader) for v in row.versions.all()] == [(1, "run", "clear", "reader 1"), (2, "across", "review", "reader 1")]
    assert revise(lease.pk, changed, MadeBy.RECHECK, later(9), expected=2) == (lease.pk, 2, NOW), "the same claim is no new version"


def test_nothing_is_written_over_what_someone_else_changed(batch: Batch) -> None:
    lease = taken(batch)
    finish(lease, finished(), NOW)
    revise(lease.pk, claim(triage=Triage.REVIEW), MadeBy.CORRECTION, NOW, expected=1, by="wang")
    with pytest.raises(VersionStale):
        revise(lease.pk, claim(), MadeBy.CORRECTION, NOW, expected=1, by="li")
    assert ClaimVersion.objects.get(number=2).by == "wang"


def test_versions_are_never_changed_or_deleted(batch: Batch) -> None:
    finish(taken(batch), finished(), NOW)
    version = ClaimVersion.objects.get()
    version.text = "{}"
    for change in (version.save, version.delete, ClaimVersion.objects.all().delete, lambda: ClaimVersion.objects.update(text="{}")):
        with pytest.raises(TypeError):
            change()
    assert ClaimVersion.objects.get().claim == claim()


def test_the_insurers_tables_and_their_files_are_the_batchs(batch: Batch) -> None:
    assert tables_of(batch) == Tables(fingerprint="")
    for _ in range(2):
        keep_tables(batch, Tables(fingerprint="x", quarantined=(Quarantined(file="坏.pdf", reason=QuarantineReason.DAMAGED),)), [FileSeen("表.pdf", "c" * 64, 5, "c" * 64, pages=1, text=1)])
    assert [q.file for q in tables_of(batch).quarantined] == ["坏.pdf"]
    assert File.objects.get().submission is None


def test_amounts_are_exact(batch: Batch) -> None:
    finish(taken(batch), Finished(claim(fields={"premium": Field(value="379470.10")}), (), Made("f1")), NOW)
    assert Submission.objects.get(submission_id="E-1").premium == Decimal("379470.10")
