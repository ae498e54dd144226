"""A run does what is new or changed and no more; what failed is left until it is asked for; results follow the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invented_claim import YEAR
from quick import QuickWorkers

from flows.batch import run
from flows.plan import plan
from flows.report import Report
from flows.workspace import Workspace
from models.claim import Quarantined, QuarantineReason
from models.errors import UsageError
from models.page import Page, PageSource
from pipeline.process import ReadFiles, Source
from pipeline.settings import Settings
from pipeline.store.data import FileSeen, Original, accounted
from pipeline.store.outcomes import open_batch

Runs = Callable[..., tuple[Report, list[str]]]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    for name in ("S-0", "S-1"):
        (tmp_path / "batch" / name).mkdir(parents=True)
        (tmp_path / "batch" / name / "a.pdf").write_bytes(f"%PDF-1.4 {name}".encode())
    return tmp_path / "batch"


@pytest.fixture
def again(batch: Path, papers: Path, tmp_path: Path) -> Runs:
    """Runs the batch; gives the report and which submissions went through the workers."""

    def once(failing: tuple[str, ...] = (), **how: bool) -> tuple[Report, list[str]]:
        workers = QuickWorkers(failing)
        report = run(plan(batch, papers / "reference", tmp_path / "out", "ningbo-2020", YEAR, 2), Settings(), flow=workers.two_at_a_time, **how)
        return report, sorted(workers.done)

    return once


def test_only_what_is_new_or_changed_is_done_again(again: Runs, batch: Path) -> None:
    assert again()[1] == ["S-0", "S-1"]
    assert again()[1] == []
    (batch / "S-1" / "a.pdf").write_bytes(b"%PDF-1.4 corrected")
    report, done = again()
    assert done == ["S-1"]
    assert [d.unchanged for d in report.done] == [True, False]


def test_what_failed_is_told_and_left_until_it_is_asked_for(again: Runs) -> None:
    report, _ = again(failing=("S-1",))
    assert [d.claim.submission_id for d in report.failed] == ["S-1"]
    report, done = again()
    assert (done, [d.claim.submission_id for d in report.failed]) == ([], ["S-1"])
    report, done = again(retry_failed=True)
    assert (done, report.failed) == (["S-1"], [])


def test_a_report_tells_people_what_became_of_every_page_and_what_failed(again: Runs, tmp_path: Path) -> None:
    again(failing=("S-1",))
    told = (tmp_path / "out" / "report.txt").read_text("utf-8")
    assert "申报：共 2 件，本次处理 2 件，沿用上次结果 0 件，处理失败 1 件" in told
    assert "页：2 = 已读 2 + 空白 0 + 搁置 0\n" in told
    assert "处理失败（1）：\n  S-1" in told
    assert "KeyError: 'premium'" in told
    again()
    assert "本次处理 0 件，沿用上次结果 2 件" in (tmp_path / "out" / "report.txt").read_text("utf-8")


def test_a_report_names_what_was_tried_again(again: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.store import leases

    real, tries = leases.take, iter(range(2))

    def once_down(*arguments: object) -> object:
        if next(tries, None) is not None:
            raise ConnectionResetError("gone for a moment")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "take", once_down)
    again()
    told = (tmp_path / "out" / "report.txt").read_text("utf-8")
    assert "运行中的重试和警告" in told
    assert told.count("gone for a moment") == 2


def test_a_result_that_is_missing_or_was_changed_is_written_anew(again: Runs, tmp_path: Path) -> None:
    again()
    results = [tmp_path / "out" / name / "claim.json" for name in ("S-0", "S-1")]
    before = [path.read_bytes() for path in results]
    results[0].unlink()
    results[1].write_text("{}")
    assert again()[1] == []
    assert [path.read_bytes() for path in results] == before


def test_a_submission_that_is_gone_leaves_the_batch_but_not_the_store(again: Runs, batch: Path, tmp_path: Path) -> None:
    from pipeline.store.blobs import FolderBlobs
    from pipeline.store.models import Submission

    again()
    (batch / "S-1").rename(tmp_path / "elsewhere")
    assert [d.claim.submission_id for d in again()[0].done] == ["S-0"]
    assert Submission.objects.get(submission_id="S-1").state == "withdrawn"
    assert len(list(FolderBlobs(tmp_path / "out" / ".work" / "blobs").names())) == 2
    assert json.loads((tmp_path / "out" / "batch.json").read_text("utf-8"))["submissions"]["all"] == 1


def test_a_run_that_cant_be_isnt_the_last_one(again: Runs, batch: Path, tmp_path: Path) -> None:
    again()
    with pytest.raises(UsageError, match=r"2022.*--reference"):
        run(plan(batch, None, tmp_path / "out", "ningbo-2020", 2022, 2), Settings(), flow=QuickWorkers().two_at_a_time)
    assert Workspace(tmp_path / "out").last_run().year == YEAR


def test_every_file_is_accounted_for_with_the_original_that_holds_it() -> None:
    seen = [FileSeen("扫描/a.pdf", pages=1), FileSeen("b.zip/内/c.pdf", "c" * 64, 3, pages=2), FileSeen("link.pdf", reason="unsafe_name")]
    found = accounted(seen, {"扫描/a.pdf": Original("a" * 64, 1), "b.zip": Original("b" * 64, 2)})
    assert [(file.name, file.sha256[:1], file.blob[:1], file.pages) for file in found] == [
        ("b.zip", "b", "b", 0), ("b.zip/内/c.pdf", "c", "b", 2), ("link.pdf", "", "", None), ("扫描/a.pdf", "a", "a", 1)]


def test_pages_of_a_file_are_told_by_what_became_of_them() -> None:
    from flows.workers import files_seen

    def page(file: str, number: int, source: PageSource, unreadable: str = "") -> Page:
        return Page(file=file, number=number, width=1, height=1, source=source, unreadable=unreadable)

    pages = (page("a", 1, PageSource.OCR), page("a", 2, PageSource.BLANK), page("a", 3, PageSource.TEXT_LAYER), page("a", 4, PageSource.OCR, "dark: all of it"))
    aside = (Quarantined(file="b", reason=QuarantineReason.TOO_MANY_PAGES), Quarantined(file="z.zip/../x", reason=QuarantineReason.UNSAFE_NAME))
    found = files_seen(ReadFiles(pages, aside, 0.0, (Source("a", "", 0, 4), Source("b", "", 0, 9000))))
    assert [(f.name, f.pages, f.ocr, f.text, f.blank, f.aside, f.reason) for f in found] == [
        ("a", 4, 1, 1, 1, 1, ""), ("b", 9000, 0, 0, 0, 9000, "too_many_pages"), ("z.zip/../x", None, 0, 0, 0, 0, "unsafe_name")]


@pytest.fixture
def on_server(store: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether commands find their batches on a database server, which holds those of other folders too."""
    served: bool = request.node.callspec.params["store"] == "postgresql"
    if served:
        monkeypatch.setenv("INTAKE_STORE__DATABASE", request.getfixturevalue("postgres_server").url)
    return served


def test_two_batches_in_one_folder_are_both_looked_after(
    on_server: bool, again: Runs, batch: Path, papers: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.cli import main

    out = tmp_path / "out"
    if on_server:
        open_batch("elsewhere", "ningbo-2020", YEAR, datetime.now(UTC))
    again()
    assert "bear the numbers" not in caplog.text
    other = tmp_path / "february"
    for name in ("S-1", "S-2"):
        (other / name).mkdir(parents=True)
        (other / name / "a.pdf").write_bytes(f"%PDF-1.4 of february {name}".encode())
    run(plan(other, papers / "reference", out, "ningbo-2020", YEAR, 2), Settings(), flow=QuickWorkers().two_at_a_time)
    assert "1 submissions (S-1) bear the numbers of others in batch (ningbo-2020, 2021)" in caplog.text

    main(["status", str(out), "--json"])
    assert [json.loads(line)["batch"] for line in capsys.readouterr().out.splitlines()] == ["february", "batch"]
    main(["recheck", str(out)])
    assert "batch (ningbo-2020, 2021) in this folder stand as they were" in capsys.readouterr().err

    kept = sorted((out / ".work" / "blobs").glob("??/*"))
    assert len(kept) == 4
    (out / "S-0" / "claim.json").unlink()
    main(["doctor", str(out)])
    assert [line.partition("（")[0] for line in capsys.readouterr().out.splitlines()[:-1]] == ["result_stale: S-0/claim.json"]
    of_first = hashlib.sha256(b"%PDF-1.4 S-0").hexdigest()
    next(path for path in kept if path.name == of_first).unlink()
    with pytest.raises(SystemExit):
        main(["doctor", str(out)])
    assert capsys.readouterr().out.startswith(f"original_missing: {of_first}")
