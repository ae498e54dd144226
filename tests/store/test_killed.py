"""A run that is killed anywhere goes on when it is started again, and ends with what one that was left alone ends with: nothing lost, nothing twice.

Killed at random instants, and at crash points: just before one of the run's own effects (a statement, a rename, a file opened for writing, a request).
Reading is stood in for by a worker that takes a few milliseconds; test_killed_processes.py kills real ones.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from faults import Faults
from places import FORK, Place

EFFECTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.chmod", "os.utime", "http.client.send"})


def on_effects(tell: Callable[[], None]) -> None:
    """Have this process tell just before each of its effects: statements, changes of files, requests."""
    from django.db.backends.signals import connection_created

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event in EFFECTS or (event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
            tell()

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        tell()
        return execute(*args)

    connection_created.connect(lambda connection, **_: connection.execute_wrappers.append(statement), weak=False)
    sys.addaudithook(heard)


def crash_at(number: int) -> None:
    """Kill this process just before its effect of that number, from 0."""
    left = iter(range(number))
    on_effects(lambda: None if next(left, None) is not None else os.kill(os.getpid(), signal.SIGKILL))


def effects_of(place: Place) -> int:
    """How many effects a whole run has."""
    counted = FORK.Value("i", 0)

    def count() -> None:
        with counted.get_lock():
            counted.value += 1

    assert place.in_child(lambda: on_effects(count)) == 0
    return int(counted.value)


@pytest.mark.fault("run killed at random instants")
def test_killed_at_random_instants_it_goes_on(begun: Callable[[str], Place], faults: Faults) -> None:
    dice, left, batches = random.Random(faults.seed), faults.number(100, 4), 0
    kills, whole = left, begun("whole")
    started = time.monotonic()
    assert whole.in_child() == 0
    took = time.monotonic() - started
    while left:
        batches += 1
        killed, ended = begun(f"killed {batches}"), None
        while ended != 0:
            ended = killed.in_child(kill_after=dice.uniform(0, took) if left else None)
            assert ended in (0, -signal.SIGKILL)
            left -= ended != 0
        killed.check_against(whole)
    faults.tell(injected=kills, twice=0, batches=batches)


@pytest.mark.fault("run crashed before one of its effects")
def test_crashed_before_any_of_its_effects_it_goes_on(begun: Callable[[str], Place], faults: Faults) -> None:
    whole = begun("whole")
    assert whole.in_child() == 0
    effects = effects_of(begun("counted"))  # where places share a server the first finds fewer things there
    points = random.Random(faults.seed).sample(range(effects - 10), min(faults.number(effects, 2), effects - 10))
    crash_at_each(points, begun, whole)
    faults.tell(injected=len(points), twice=0, effects=effects)


@pytest.mark.fault("run crashed as the tables are made")
@pytest.mark.parametrize("place", ["sqlite and folder"], indirect=True)
def test_crashed_as_the_tables_are_made_it_goes_on(place: Callable[[str], Place], begun: Callable[[str], Place], faults: Faults) -> None:
    if not faults.size(1, 0):
        pytest.skip("only in make faults: test_setup.py breaks it off once in make test")
    whole = place("whole")
    tables = effects_of(whole) - effects_of(begun("tables made before"))
    points = random.Random(faults.seed).sample(range(tables), faults.number(40, 1))
    crash_at_each(points, place, whole)
    faults.tell(injected=len(points), twice=0, effects=tables)


def crash_at_each(points: list[int], place: Callable[[str], Place], whole: Place) -> None:
    """Crash a run of its own at each point, and hold what the next one ends with against a whole one."""
    for number in points:
        crashed = place(f"crashed at {number}")
        assert crashed.in_child(lambda number=number: crash_at(number)) == -signal.SIGKILL  # type: ignore[misc]
        assert crashed.in_child() == 0
        crashed.check_against(whole)
        shutil.rmtree(crashed.out)
