"""A PostgreSQL server that is restarted at once, as in a crash, while a run commits: the run waits for it and goes on by itself, and nothing is lost or done twice."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import Faults
from places import Place, quick_flow, write_small_batch
from pydantic import SecretStr
from servers import Absent, Postgres, postgres

from pipeline.store.settings import StoreSettings


@pytest.fixture
def server() -> Iterator[Postgres]:
    """One of its own: other tests' would suffer."""
    from django.db import connections

    try:
        with postgres() as one:
            yield one
            connections.close_all()
    except Absent as why:
        pytest.skip(str(why))


@pytest.mark.fault("database restarted during commits")
def test_a_run_survives_a_database_that_is_restarted(server: Postgres, papers: Path, tmp_path: Path, faults: Faults) -> None:
    dice, restarts = random.Random(faults.seed), faults.number(20, 2)
    batch = write_small_batch(tmp_path / "batch", faults.size(100, 12))
    store = StoreSettings(database=SecretStr(server.url), patience_seconds=120)
    whole = Place(batch, papers / "reference", tmp_path / "whole", store, quick_flow)
    assert whole.in_child() == 0
    left, batches = restarts, 0
    while left:
        batches += 1
        place = Place(batch, papers / "reference", tmp_path / f"restarted {batches}", store, quick_flow)
        run = place.start()
        run.join(dice.uniform(0.3, 1.0))
        while run.is_alive() and left:
            server.stop(signal.SIGQUIT)
            left -= 1
            server.start()
            run.join(dice.uniform(0.05, 0.5))
        run.join()
        assert run.exitcode == 0, place.said.read_text("utf-8") if place.said.exists() else ""
        place.check_against(whole)
    faults.tell(injected=restarts, twice=0, batches=batches)
