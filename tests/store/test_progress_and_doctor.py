"""intake status and intake doctor: where a batch stands, and whether all of it is there and unchanged."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from invented_claim import SCHEME, YEAR, judged

from flows.cli import main
from flows.workspace import LastRun, Workspace
from models.paper import Track
from pipeline.store import leases
from pipeline.store.blobs import FolderBlobs
from pipeline.store.data import FileSeen, Finished, Made
from pipeline.store.models import Batch, File, FlagRaised, Submission
from pipeline.store.outcomes import finish, open_batch, register
from pipeline.store.progress import progress
from pipeline.store.settings import StoreSettings

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
PAPER = b"%PDF-1.4 paper"
SHA256 = hashlib.sha256(PAPER).hexdigest()


def filled(done: int, left: int = 0) -> Batch:
    """A batch of which some submissions are done, ten seconds and four pages each, one of them with a dead file."""
    batch = open_batch("一月", SCHEME.name, YEAR, NOW)
    register(batch, {f"E-{n}": "f" for n in range(done + left)}, NOW)
    for n in range(done):
        lease = leases.take(batch, 1, "me", NOW)[0]
        files = [FileSeen("扫描.pdf", SHA256, len(PAPER), SHA256, pages=4, ocr=2, text=1, blank=1)]
        if n == 0:
            files.append(FileSeen("坏.pdf", SHA256, len(PAPER), SHA256, reason="truncated", detail="breaks off"))
        claim = judged(Track.EQUIPMENT, submission_id=lease.submission_id)
        finish(lease, Finished(claim, files, Made("f")), NOW + timedelta(seconds=10 * n))
    return batch


def test_progress_counts_every_page_and_tells_speed_and_time_left(store: Path) -> None:
    batch = filled(done=5, left=3)
    lease = leases.take(batch, 1, "me", NOW)[0]
    finish(lease, Finished(judged(Track.EQUIPMENT, submission_id=lease.submission_id), (), Made("f"), reason="error", failure="Traceback\nKeyError: 'x'"), NOW + timedelta(seconds=50))
    found = progress(batch)
    assert found.states == {"waiting": 2, "done": 5, "failed": 1}
    assert (found.pages, found.pages_read, found.pages_blank, found.pages_aside, found.unaccounted) == (20, 15, 5, 0, 0)
    assert (found.pages_a_second, found.seconds_left) == (pytest.approx(16 / 50, abs=0.01), pytest.approx(20.0))
    assert [(one.submission_id, one.reason, one.detail) for one in found.failed] == [("E-5", "error", "KeyError: 'x'")]
    assert [(one.submission_id, one.file, one.reason) for one in found.dead_files] == [("E-0", "坏.pdf", "truncated")]


def test_a_break_in_the_work_does_not_count(store: Path) -> None:
    batch = filled(done=4)
    Submission.objects.filter(submission_id="E-0").update(finished=NOW - timedelta(hours=9))
    assert progress(batch).pages_a_second == pytest.approx(8 / 20)


def test_a_page_that_nobody_read_is_told(store: Path) -> None:
    batch = filled(done=2)
    File.objects.filter(submission__submission_id="E-1").update(pages=6)
    assert progress(batch).unaccounted == 2


@pytest.fixture
def out(tmp_path: Path, empty_database: Path) -> Path:
    """A run's folder with three submissions, done, and their results."""
    workspace = Workspace(tmp_path / "out")
    shutil.copy(empty_database, workspace.work)
    asked = LastRun(batch="一月", scheme=SCHEME.name, year=YEAR, reference="", submissions=("E-0", "E-1", "E-2"))
    workspace.begin(asked)
    workspace.records(StoreSettings(), asked)
    filled(done=3)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(PAPER)
    FolderBlobs(workspace.work / "blobs").put(paper, SHA256)
    for known in workspace.records(StoreSettings(), asked).known(asked.submissions):
        workspace.show(known.claim, known.in_force.made_at)
    return workspace.out


def examined(out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], dict[str, int]]:
    try:
        main(["doctor", str(out)])
    except SystemExit as ended:
        assert ended.code == 1  # noqa: PT017
    *lines, figures = capsys.readouterr().out.splitlines()
    return [line.partition(":")[0] for line in lines], json.loads(figures)


def test_a_whole_run_has_nothing_wrong(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert examined(out, capsys) == ([], {"findings": 0, "mended": 0, "left": 0})


def blob(out: Path) -> Path:
    return out / ".work" / "blobs" / SHA256[:2] / SHA256


def damage_blob(out: Path) -> None:
    blob(out).chmod(0o644)
    blob(out).write_bytes(b"%PDF-1.4 faked")


def bad_sector(out: Path) -> None:
    blob(out).unlink()
    blob(out).symlink_to("/proc/self/mem")  # reading it is an input/output error


def damage_database(out: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'flag_code'")
        page = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        size = cursor.fetchone()[0]
    connection.close()  # writes the log back into the file
    with (out / ".work" / "intake.db").open("rb+") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 100)


DAMAGES = {
    "database_damaged": damage_database,
    "original_damaged": damage_blob,
    "original_damaged, by its disk": bad_sector,
    "original_missing": lambda out: blob(out).unlink(),
    "original_orphaned": lambda out: FolderBlobs(out / ".work" / "blobs").put(*stray(out)),
    "columns_untrue": lambda out: FlagRaised.objects.create(submission=Submission.objects.get(submission_id="E-1"), code="x", severity="info"),
    "claim_missing": lambda out: Submission.objects.filter(submission_id="E-1").update(version=7),
    "page_unaccounted": lambda out: File.objects.filter(submission__submission_id="E-1").update(pages=5),
    "result_orphaned": lambda out: (out / "E-9").mkdir(),
}
MENDED = {
    "result_stale": lambda out: (out / "E-1" / "claim.json").write_text("{}"),
    "leftover": lambda out: (out / "E-1" / "claim.json.part").write_text("{"),
}


def stray(out: Path) -> tuple[Path, str]:
    path = out.parent / "stray.pdf"
    path.write_bytes(b"stray")
    return path, hashlib.sha256(b"stray").hexdigest()


@pytest.mark.parametrize("kind", DAMAGES)
def test_what_is_lost_or_damaged_is_found_and_stays_wrong(out: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    DAMAGES[kind](out)
    for _ in range(2):
        kinds, figures = examined(out, capsys)
        assert set(kinds) == {kind.partition(",")[0]}
        assert figures["left"] == len(kinds) > 0


def test_a_damaged_database_is_told_in_one_line_by_every_command(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage_database(out)
    with pytest.raises(SystemExit):
        main(["recheck", str(out), "--workers", "1", "--reference", str(Path(__file__).parents[1] / "papers" / "reference")])
    assert capsys.readouterr().err.startswith("intake: The database can't be used (database disk image is malformed)")


@pytest.mark.parametrize("kind", MENDED)
def test_what_is_made_from_the_store_is_mended(out: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (out / "E-1" / "claim.json").read_bytes()
    MENDED[kind](out)
    assert examined(out, capsys) == ([kind], {"findings": 1, "mended": 1, "left": 0})
    assert examined(out, capsys)[0] == []
    assert (out / "E-1" / "claim.json").read_bytes() == before


LEFT = ("E-1/claim.json.part", ".work/run.json.part", ".work/blobs/ab/tmp1.part", ".work/pages/ab/tmp2.part", ".work/pictures/ab/tmp3.part", ".work/E-1.reading")
THEIRS = (".work/uploads/u1/7.part", ".work/inbox/b2/.u1-f3.part/0001-a.pdf", ".work/inbox/b2/E-5/scan.part", ".work/spool/E-5/scan.part")  # being uploaded, filed; named so by whoever filed it


def lay(out: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("x")


def test_what_is_uploaded_just_now_isnt_taken_for_what_was_cut_off(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(out, LEFT + THEIRS)
    assert examined(out, capsys)[1] == {"findings": len(LEFT), "mended": len(LEFT), "left": 0}
    assert ([name for name in LEFT if (out / name).exists()], [name for name in THEIRS if not (out / name).exists()]) == ([], [])


def test_what_a_run_writes_just_now_is_left_to_it(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(out, LEFT)
    (out / "E-0" / "claim.json").unlink()
    with Workspace(out).used():
        assert examined(out, capsys)[0] == []
        assert all((out / name).exists() for name in LEFT)
    assert set(examined(out, capsys)[0]) == {"leftover", "result_stale"}


def test_status_is_told_in_chinese_and_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["status", str(out)])
    told = capsys.readouterr().out
    assert "已完成" in told
    assert "坏.pdf" in told
    main(["status", str(out), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["states"], figures["pages"]) == ({"done": 3}, 12)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_status_of_a_database_tells_of_all_its_batches(store: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    filled(done=2)
    open_batch("二月", SCHEME.name, YEAR, NOW)
    main(["status", request.getfixturevalue("postgres_server").url, "--json"])
    assert {line["batch"]: line["states"] for line in map(json.loads, capsys.readouterr().out.splitlines())} == {"一月": {"done": 2}, "二月": {}}
