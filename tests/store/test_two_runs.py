"""Two runs of one batch at once: each submission is done once, and the tables are of everything, whoever writes them last.

Free to run as they come (test_killed.py kills them, too), and one just where the other has looked already and is about to write.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from faults import Faults
from invented_claim import judged
from places import SUBMISSIONS, Place

from models.claim import Claim
from models.paper import Track
from pipeline.store import leases
from pipeline.store.data import FileSeen, Finished, Made, Tables
from pipeline.store.known import Pages, claims_in_force
from pipeline.store.models import File, State, Submission
from pipeline.store.outcomes import finish, keep_tables, open_batch, register
from pipeline.whole import replacing

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
MOMENTS = {"looking across": ("claim.json", SUBMISSIONS), "exceptions.xlsx": ("exceptions.xlsx", 0), "batch.json": ("batch.json", 0)}  # before the file of that name and number is written


@pytest.mark.fault("two runs of one batch at once")
def test_they_share_the_work(begun: Callable[[str], Place], faults: Faults) -> None:
    shared = begun("shared")
    if shared.store.blobs and not faults.size(1, 0):
        pytest.skip("only in make faults: one within another, below, is quicker there and finds more")
    children = [shared.start() for _ in range(2)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    whole = begun("whole")
    assert whole.in_child() == 0
    shared.check_against(whole)
    faults.tell(injected=1)


def at(name: str, number: int, act: Callable[[], None]) -> None:
    """Have this process act just before it makes the file of that name and number, from 0, for writing."""
    left = iter(range(number))
    acted = False

    def heard(event: str, args: tuple[Any, ...]) -> None:
        nonlocal acted
        if event == "open" and args[1] is None and not acted and str(args[0]).endswith(f"/{name}.part") and next(left, None) is None:
            acted = True
            act()

    sys.addaudithook(heard)


@pytest.mark.fault("another run of the batch within a run")
@pytest.mark.parametrize("moment", MOMENTS)
def test_what_came_while_one_ended_stands_in_its_tables(begun: Callable[[str], Place], moment: str, faults: Faults) -> None:
    if moment != "batch.json" and not faults.size(1, 0):
        pytest.skip("only in make faults")
    slow = begun("slow")

    def another() -> None:
        for folder in (slow.batch / "S-0", slow.batch / f"S-{SUBMISSIONS}"):
            folder.mkdir(exist_ok=True)
            (folder / "a.pdf").write_bytes(f"%PDF-1.4 {folder.name} at the last minute".encode())
        slow.run()

    assert slow.in_child(lambda: at(*MOMENTS[moment], another)) == 0
    whole = begun("whole")
    assert len(whole.submissions) == SUBMISSIONS + 1
    assert whole.in_child() == 0
    assert slow.results() == whole.results()
    faults.tell(injected=1)


# ---------------------------------------------------------------- between two statements


class Between:
    """Does something in another thread when this one has sent so many statements; waits for it a little, since it may have to wait for this one."""

    def __init__(self, statements: int, act: Callable[[], object]) -> None:
        self._left = statements
        self.thread = threading.Thread(target=self._alone, args=(act,))
        self.failed: list[Exception] = []

    def _alone(self, act: Callable[[], object]) -> None:
        from django.db import connection

        try:
            act()
        except Exception as error:
            self.failed.append(error)
        finally:
            connection.close()

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        if self._left == 0:
            self.thread.start()
            self.thread.join(0.1)
        self._left -= 1
        return execute(*statement)

    def within(self, work: Callable[[], Any]) -> Any:
        """Do the work; what it gives. The other's is done when this returns."""
        from django.db import connection

        with connection.execute_wrapper(self):
            result = work()
        if self._left >= 0:  # the work had fewer statements
            self.thread.start()
        self.thread.join()
        assert self.failed == []
        return result


def claim_of(submission_id: str) -> Claim:
    return judged(Track.EQUIPMENT, submission_id=submission_id)


@pytest.mark.parametrize("statements", [1, 2, 3])
def test_what_another_run_finishes_as_one_registers_isnt_done_again(store: Path, statements: int) -> None:
    batch = open_batch("一月", "ningbo-2020", 2021, NOW)
    register(batch, {"E-1": "f1"}, NOW)
    lease = leases.take(batch, 1, "another", NOW)[0]
    other = Between(statements, lambda: finish(lease, Finished(claim_of("E-1"), (), Made("f1")), NOW))
    other.within(lambda: register(batch, {"E-1": "f1"}, NOW))
    assert Submission.objects.get().state == State.DONE


def test_what_came_while_one_looked_at_the_batch_isnt_withdrawn(store: Path) -> None:
    batch = open_batch("一月", "ningbo-2020", 2021, NOW)
    register(batch, {"E-1": "f1", "E-2": "f2", "E-3": "f3"}, NOW)
    assert register(batch, {"E-1": "f1"}, NOW, there=("E-1", "E-2")) == ["E-1"]
    assert dict(Submission.objects.values_list("submission_id", "state")) == {"E-1": State.WAITING, "E-2": State.WAITING, "E-3": State.WITHDRAWN}


@pytest.mark.parametrize("statements", [0, 1, 2])
def test_a_claim_is_known_with_its_pages_or_not_at_all(store: Path, statements: int) -> None:
    batch = open_batch("一月", "ningbo-2020", 2021, NOW)
    register(batch, {"E-1": "f1"}, NOW)
    lease = leases.take(batch, 1, "another", NOW)[0]
    other = Between(statements, lambda: finish(lease, Finished(claim_of("E-1"), (FileSeen("a.pdf", "a" * 64, 9, pages=3, ocr=2, blank=1),), Made("f1")), NOW))
    found = other.within(lambda: list(claims_in_force(batch, "E-1")))
    assert [known.pages for known in found] in ([], [Pages(ocr=2, blank=1)])
    assert [known.pages for known in claims_in_force(batch)] == [Pages(ocr=2, blank=1)]


@pytest.mark.parametrize("statements", [1, 2, 3])
def test_two_that_have_read_the_insurers_tables_write_them_once(store: Path, statements: int) -> None:
    batch = open_batch("一月", "ningbo-2020", 2021, NOW)

    def keep() -> None:
        keep_tables(batch, Tables(fingerprint="x"), [FileSeen("表.pdf", "c" * 64, 5, "c" * 64, pages=1, text=1)])

    Between(statements, keep).within(keep)
    assert File.objects.count() == 1


def test_two_that_write_one_file_write_it_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "batch.json"

    def write(text: str) -> None:
        with replacing(path) as part:
            part.write_text(text, "utf-8")

    with replacing(path) as part:
        other = threading.Thread(target=write, args=("theirs",))
        other.start()
        part.write_text("mine", "utf-8")
        other.join(0.1)
        assert other.is_alive(), "it waits"
        assert part.read_text("utf-8") == "mine"
    other.join()
    assert path.read_text("utf-8") == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cant_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "batch.json"
    path.write_text("before", "utf-8")
    with suppress(OSError), replacing(path) as part:
        part.write_text("ha", "utf-8")
        raise OSError("full")
    assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [("batch.json", "before")]
