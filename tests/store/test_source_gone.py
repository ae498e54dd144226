"""What becomes of a run whose papers are removed or written anew while it reads: no claim is made of papers that it couldn't see, nothing counts as done that wasn't read."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_claim import YEAR
from places import Place
from quick import QuickWorkers

from flows.batch import run
from flows.plan import plan
from flows.report import Report
from flows.workers import Job, Outcome
from models.errors import StoreUnavailable
from pipeline.settings import Settings
from pipeline.store.settings import StoreSettings


class Meanwhile(QuickWorkers):
    """Something happens while the first submission is read, after or before its files are looked at."""

    def __init__(self, act: Callable[[Path], None], before: bool) -> None:
        super().__init__()
        self._act, self._before = act, before

    def process(self, job: Job) -> Outcome:
        if self._before and not self.done:
            self._act(job.folder)
        first = not self.done
        outcome = super().process(job)
        if first and not self._before:
            self._act(job.folder)
        return outcome


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    (tmp_path / "batch" / "S-0").mkdir(parents=True)
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / "batch" / "S-0" / name).write_bytes(f"%PDF-1.4 {name}".encode())
    return tmp_path / "batch"


@pytest.fixture
def once(batch: Path, papers: Path, tmp_path: Path) -> Callable[[QuickWorkers], Report]:
    def go(workers: QuickWorkers) -> Report:
        return run(plan(batch, papers / "reference", tmp_path / "out", "ningbo-2020", YEAR, 1), Settings(), flow=workers.two_at_a_time)

    return go


def rewrite(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 another paper")


def remove(folder: Path) -> None:
    (folder / "b.pdf").unlink()


@pytest.mark.parametrize("act", [rewrite, remove])
@pytest.mark.parametrize("before", [True, False])
def test_what_changed_while_it_was_read_is_read_again(once: Callable[[QuickWorkers], Report], act: Callable[[Path], None], before: bool) -> None:
    changing, again = Meanwhile(act, before), QuickWorkers()
    once(changing)
    # written anew after it was read: what was read is what was kept, and the next run finds it changed
    assert (len(changing.done), len(once(again).done), len(again.done)) == ((1, 1, 1) if act is rewrite and not before else (2, 1, 0))


def test_a_share_that_drops_ends_the_run_and_fails_nothing(once: Callable[[QuickWorkers], Report], batch: Path, tmp_path: Path) -> None:
    def drop(folder: Path) -> None:
        shutil.copytree(batch, tmp_path / "kept")
        shutil.rmtree(batch)

    with pytest.raises(StoreUnavailable, match="isn't there any more"):
        once(Meanwhile(drop, before=False))
    shutil.copytree(tmp_path / "kept", batch)
    after = QuickWorkers()
    assert [done.failure for done in once(after).done] == [""]
    assert after.done == ["S-0"]


def test_a_share_that_drops_while_contents_are_looked_at_withdraws_nothing(once: Callable[[QuickWorkers], Report], batch: Path, tmp_path: Path, papers: Path) -> None:
    once(QuickWorkers())
    todo = plan(batch, papers / "reference", tmp_path / "out", "ningbo-2020", YEAR, 1)
    batch.rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable, match="a moment ago"):
        run(todo, Settings(), flow=QuickWorkers().two_at_a_time)
    (tmp_path / "away").rename(batch)
    assert [done.unchanged for done in once(QuickWorkers()).done] == [True]


# ---------------------------------------------------------------- one paper never stops a batch


def on_open(act: Callable[[Path], None]) -> Callable[[], None]:
    """What has a process, which is a child and ends, act before it opens any file."""

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | os.PathLike):
            act(Path(args[0]))

    return lambda: sys.addaudithook(heard)


def bad_sector(path: Path) -> None:
    if path.parts[-2:] == ("S-0", "b.pdf"):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def removed_as_it_is_kept(path: Path) -> None:
    if path.parts[-2:] == ("S-0", "b.pdf") and list(path.parents[2].glob("out/.work/blobs/*/*.part")):
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("act", [bad_sector, removed_as_it_is_kept])
def test_a_paper_that_cant_be_read_stops_no_batch(batch: Path, papers: Path, tmp_path: Path, act: Callable[[Path], None], empty_database: Path) -> None:
    from pipeline.store.models import File

    place = Place(batch, papers / "reference", tmp_path / "out", StoreSettings())
    (place.out / ".work").mkdir(parents=True)
    shutil.copy(empty_database, place.out / ".work")
    paper = (batch / "S-0" / "b.pdf").read_bytes()
    assert place.in_child(on_open(act)) == 0
    (batch / "S-0" / "b.pdf").write_bytes(paper)  # it can be read again, or is there again
    assert place.in_child() == 0
    place.check_store()
    assert sorted(File.objects.exclude(blob="").values_list("name", flat=True)) == ["a.pdf", "b.pdf"]
