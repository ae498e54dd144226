"""What becomes of a run whose papers are removed or written anew while it reads: no claim is made of papers that it couldn't see, nothing counts as done that wasn't read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_claim import YEAR
from quick import QuickWorkers

from flows.batch import run
from flows.plan import plan
from flows.report import Report
from flows.workers import Job, Outcome
from models.errors import StoreUnavailable
from pipeline.settings import Settings


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
