"""A batch's reference tables: which are in force after runs, rechecks and imports, and that each is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented_claim import APPLICANT, SCHEME, YEAR, judged, write_tables

from flows.recheck import recheck
from flows.workspace import LastRun, Workspace
from models.claim import Triage
from models.errors import ReferenceInvalid, UsageError
from models.paper import Track
from pipeline.reference import load_reference
from pipeline.store.data import Finished, Made
from pipeline.store.settings import StoreSettings

RESTRICTED = [{"company": APPLICANT[Track.EQUIPMENT], "reason": "严重失信", "until": "2021-12-31"}]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A run's folder with one sound claim, whose tables were never kept as a version."""
    out = tmp_path / "out"
    out.mkdir()
    Workspace(out).begin(LastRun(batch="b", scheme=SCHEME.name, year=YEAR, reference=str(write_tables(tmp_path / "tables")), submissions=("E-1",)))
    records = opened(out)
    records.register({"E-1": "mark"}, retry_failed=False)
    with records:
        records.finish(records.take("E-1"), Finished(judged(submission_id="E-1"), (), Made("mark")))
    return out


def opened(out: Path):
    return Workspace(out).records(StoreSettings(), Workspace(out).last_run())


def in_force(out: Path):
    from pipeline.store import reference

    return reference.in_force(opened(out).batch)


def imported(out: Path, folder: Path) -> None:
    """As the page puts tables in force."""
    from pipeline.reference import folder_tables
    from pipeline.store import reference
    from pipeline.store.clock import utc_now

    reference.put_in_force(opened(out).batch, folder_tables(folder), utc_now(), reference.Origin.PAGE, "u1", "名单")


def test_the_folder_of_a_run_from_before_versions_were_kept_is_the_first(out: Path, tmp_path: Path) -> None:
    mark, reference = opened(out).reference_read()
    assert reference == load_reference(tmp_path / "tables")
    assert (in_force(out).version.mark, in_force(out).number, in_force(out).origin) == (mark, 1, "folder")


def test_the_same_tables_are_the_same_version_wherever_they_lie(out: Path, tmp_path: Path) -> None:
    first = opened(out).reference(tmp_path / "tables")
    (tmp_path / "tables" / "README.txt").write_text("not a table")
    assert opened(out).reference(write_tables(tmp_path / "elsewhere")) == first
    assert in_force(out).number == 1


def test_a_run_goes_by_a_copy_that_nobody_changes_under_it(out: Path, tmp_path: Path) -> None:
    _, copy = opened(out).reference(tmp_path / "tables")
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    write_tables(tmp_path / "tables", restricted=RESTRICTED)
    assert before == {path.name: path.read_bytes() for path in copy.iterdir()}
    assert opened(out).reference(tmp_path / "tables")[1] != copy


def test_the_same_command_again_does_not_undo_an_import_a_changed_folder_does(out: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "tables"
    opened(out).reference(folder)
    imported(out, write_tables(tmp_path / "page", restricted=RESTRICTED))
    page = in_force(out).version.mark
    assert opened(out).reference(folder)[0] == page
    assert "put in force on the review page" in caplog.text
    assert opened(out).reference(None)[0] == page
    write_tables(folder, restricted=[{**RESTRICTED[0], "reason": "行政处罚"}])
    assert opened(out).reference(folder)[0] not in (page, "")
    assert in_force(out).origin == "folder"
    assert in_force(out).told == {"restricted": {"added": 0, "removed": 0, "changed": 1}}


def test_a_recheck_goes_by_what_is_in_force_and_by_a_folder_where_one_is_named(out: Path, tmp_path: Path) -> None:
    recheck(out)
    imported(out, write_tables(tmp_path / "page", restricted=RESTRICTED))
    assert recheck(out).moved == (("E-1", Triage.CLEAR, Triage.INELIGIBLE),)
    assert recheck(out, tmp_path / "tables").moved == (("E-1", Triage.INELIGIBLE, Triage.CLEAR),)
    assert in_force(out).origin == "folder"


def test_a_claim_that_comes_out_the_same_is_known_to_have_been_judged_with_the_new_tables(out: Path, tmp_path: Path) -> None:
    recheck(out, write_tables(tmp_path / "new", restricted=[{"company": "别的公司", "reason": "", "until": ""}]))
    submission = opened(out).batch.submissions.get()
    assert (submission.reference, submission.version) == (in_force(out).version.mark, 1)


def test_a_claim_corrected_while_a_recheck_went_on_keeps_the_correction(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import recheck as module
    from pipeline.store.clock import utc_now
    from pipeline.store.data import MadeBy
    from pipeline.store.outcomes import revise

    def judged_meanwhile(claims, *rest):
        submission = opened(out).batch.submissions.get()
        revise(submission.pk, judged(submission_id="E-1", changes={"application_form": {"contact_name": "陆二"}}), MadeBy.CORRECTION, utc_now(), submission.version, "u1")
        return judge_across(claims, *rest)

    judge_across = module.judge_across
    monkeypatch.setattr(module, "judge_across", judged_meanwhile)
    recheck(out, write_tables(tmp_path / "new", restricted=RESTRICTED))
    version = opened(out).batch.submissions.get().versions.last()
    assert (version.made_by, version.claim.papers[0].fields["contact_name"].value) == ("correction", "陆二")


def test_tables_that_cannot_be_read_never_come_into_force(out: Path, tmp_path: Path) -> None:
    before = opened(out).reference_read()[0]
    with pytest.raises(ReferenceInvalid):
        opened(out).reference(write_tables(tmp_path / "bad", restricted=[{**RESTRICTED[0], "until": "去年"}]))
    assert in_force(out).version.mark == before


def test_without_any_table_one_is_told_to_name_a_folder(tmp_path: Path) -> None:
    Workspace(tmp_path).begin(LastRun(batch="b", scheme=SCHEME.name, year=YEAR, reference="", submissions=()))
    with pytest.raises(UsageError, match="--reference"):
        opened(tmp_path).reference(None)


def test_doctor_finds_a_table_that_is_missing_or_damaged(out: Path, tmp_path: Path) -> None:
    from django.db import connection

    from pipeline.store.blobs import open_blobs
    from pipeline.store.clock import utc_now
    from pipeline.store.doctor import examine

    opened(out).reference(tmp_path / "tables")
    batch = opened(out).batch
    blobs = open_blobs(StoreSettings(), out / ".work")

    def found() -> list[str]:
        return [finding.kind for finding in examine(batch, blobs, utc_now()) if finding.kind.startswith("reference")]

    assert found() == []
    files = in_force(out).version.files
    with connection.cursor() as cursor:  # as nobody may
        cursor.execute("UPDATE store_referencefile SET data = %s WHERE sha256 = %s", [b"x", files["companies"]])
        cursor.execute("DELETE FROM store_referencefile WHERE sha256 = %s", [files["catalogue"]])
    assert found() == ["reference_missing", "reference_damaged"]
