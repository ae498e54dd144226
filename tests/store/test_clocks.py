"""Clocks that are wrong by an hour, or put forward or back by one while machines work and die: nothing stays "working" for longer than two leases, nothing is lost or done twice."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faults import Faults
from invented_claim import judged

from flows.records import Records
from flows.workspace import LastRun, Workspace
from models.errors import LeaseLost
from models.paper import Track
from pipeline.store.clock import Clock
from pipeline.store.data import FileSeen, Finished, Made
from pipeline.store.leases import Lease
from pipeline.store.settings import StoreSettings

LEASE = 120.0
STEP = LEASE / 8  # a look at what goes on; a lease is renewed at every second
HOUR = 3600.0
SUBMISSIONS = 6
ASKED = LastRun(batch="一月", scheme="ningbo-2020", year=2021, reference="reference", submissions=())


@dataclass
class World:
    """Time as it passes, whatever clocks say."""

    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    passed: float = 0.0


@dataclass
class Machine:
    """One run of the batch: takes a submission, is at it for three steps or more, writes it."""

    world: World
    records: Records
    lease: Lease | None = None
    since: float = 0.0

    def step(self, dice: random.Random, left: list[str]) -> None:
        if round(self.world.passed / STEP) % 2 == 0:
            self.records.renew()
        if self.lease is None:
            self.lease = next((lease for one in left if (lease := self.records.take(one))), None)
            self.since = self.world.passed
        elif self.world.passed - self.since >= dice.choice((3, 3, 12)) * STEP:
            lease, self.lease = self.lease, None
            claim = judged(Track.EQUIPMENT, submission_id=lease.submission_id)
            try:
                self.records.finish(lease, Finished(claim, (FileSeen("a.pdf", "a" * 64, 9, pages=1, text=1),), Made("mark", "reader", "tables")))
            except LeaseLost:
                return
            left.remove(lease.submission_id)


class ServerClock(Clock):
    """A database server's clock in the world's time: right, whatever the machine's own says. That a server is asked at all stands below."""

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(lambda: world.began, lambda: world.passed)

    def _that_counts(self) -> datetime:
        return self.world.began + timedelta(seconds=self.world.passed)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_server_is_asked_what_time_it_is(store: Path) -> None:
    clock = Clock(lambda: datetime.now(UTC) + timedelta(hours=1))
    assert clock() > datetime.now(UTC) + timedelta(minutes=50)
    clock.set()
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.fault("clock wrong by an hour")
def test_clocks_that_are_wrong_or_jump_lose_nothing(store: Path, faults: Faults) -> None:
    from django.db import connection

    from pipeline.store.models import ClaimVersion, State, Submission

    dice, faulty = random.Random(faults.seed), faults.number(40, 8)
    server = connection.vendor == "postgresql"
    world = World()
    wrong = [0.0]  # by so much the one clock that all of one machine go by
    jumps = deaths = longest = 0.0
    workspace = Workspace(store)

    def machine() -> Machine:
        own = Clock(lambda: world.began + timedelta(seconds=world.passed + wrong[0]), lambda: world.passed)
        clock = ServerClock(world) if server else own
        return Machine(world, Records(workspace, StoreSettings(), ASKED, clock))

    while jumps + deaths < faulty:
        mark = f"{jumps} {deaths}"
        left = [f"S-{n:02}" for n in range(SUBMISSIONS)]
        machines = [machine() for _ in range(3)]
        machines[0].records.register(dict.fromkeys(left, mark), retry_failed=False)
        seen: dict[tuple[str, str, int], float] = {}  # when a lease was last held by someone alive
        while left:
            world.passed += STEP
            if dice.random() < 0.15:
                jumps += 1
                wrong[0] = dice.choice((-HOUR, 0.0, HOUR))
            if dice.random() < 0.1:
                deaths += 1
                machines[dice.randrange(3)] = machine()
            for one in machines:
                one.step(dice, left)
            alive = {(one.lease.owner, one.lease.attempt, one.lease.pk) for one in machines if one.lease}
            working = Submission.objects.filter(state=State.WORKING)
            for owner, attempt, pk in working.values_list("lease_owner", "attempts", "pk"):
                key = (owner, attempt, pk)
                if key in alive or key not in seen:
                    seen[key] = world.passed
                longest = max(longest, world.passed - seen[key])
            assert world.passed < 1000 * HOUR, left
        assert set(Submission.objects.values_list("state", flat=True)) == {State.DONE}
        assert not Submission.objects.exclude(fingerprint="mark").exists()
    assert ClaimVersion.objects.count() == SUBMISSIONS
    assert longest <= 2 * LEASE
    faults.tell(injected=int(jumps + deaths), twice=0, jumps=int(jumps), deaths=int(deaths))
