"""A worker process that dies at any instant is felt by its own call alone, and by none where it was at none."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.pool import Died, Pool, Stopped, TookTooLong


def starts(counted: Path, dies: int) -> None:
    """Stands for loading models; the first ones die over it."""
    with counted.open("a") as file:
        file.write("x")
    if counted.stat().st_size <= dies:
        os._exit(9)


def work(what: str) -> int:
    match what:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "fail":
            raise KeyError("premium")
    return os.getpid()


@pytest.fixture
def pool(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pool]:
    made = Pool(1, starts, (tmp_path / "counted", getattr(request, "param", 0)), calls_each=6)
    yield made
    made.close()


@pytest.mark.parametrize("pool", [2], indirect=True)
def test_deaths_are_felt_where_they_belong(pool: Pool, tmp_path: Path) -> None:
    first = pool.call(work, "", 60)  # two have died over their start
    assert (tmp_path / "counted").stat().st_size == 3
    os.kill(first, signal.SIGKILL)  # while it waits
    time.sleep(0.3)
    second = pool.call(work, "", 60)
    assert second != first
    with pytest.raises(Died, match="-9"):
        pool.call(work, "die", 60)
    with pytest.raises(TookTooLong):
        pool.call(work, "hang", 0.3)
    with pytest.raises(KeyError, match="premium"):
        pool.call(work, "fail", 60)
    last = pool.call(work, "", 60)
    assert [pool.call(work, "", 60) for _ in range(5)][:4] == [last] * 4
    assert pool.call(work, "", 60) != last  # after six calls, by a fresh one


def test_a_pool_that_is_stopped_ends_what_goes_on_and_begins_nothing(pool: Pool) -> None:
    process = pool.call(work, "", 60)
    ended: list[Exception] = []

    def call() -> None:
        try:
            pool.call(work, "hang", 60)
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.2)
    pool.stop()
    thread.join(20)
    assert [type(error) for error in ended] == [Stopped]
    with pytest.raises(Stopped):
        pool.call(work, "", 60)
    assert not Path(f"/proc/{process}").exists()
