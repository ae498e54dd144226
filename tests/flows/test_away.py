"""A dask worker takes a submission through by itself, if it would make of it what the machine that started the run would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from pydantic import SecretStr

from flows import away
from flows.away import Asked, process_away
from flows.batch import Run
from flows.flow import _runner
from flows.plan import Plan, plan
from flows.report import Report
from flows.workspace import LastRun, Workspace
from models.errors import UsageError
from pipeline.calibration import load
from pipeline.settings import RunSettings, Settings
from pipeline.store.settings import StoreSettings


@pytest.fixture
def todo(papers: Path, tmp_path: Path) -> Plan:
    folder = tmp_path / "batch" / "S-1"
    folder.mkdir(parents=True)
    document = pymupdf.open()
    document.new_page().insert_text((72, 100), "保险单号：PZDX202033020000000186", fontname="china-s")
    document.save(folder / "a.pdf")
    return plan(tmp_path / "batch", papers / "reference", tmp_path / "out", "ningbo-2020", 2021, 1)


@pytest.fixture
def closed() -> Iterator[None]:
    yield
    away._close()


def settled(todo: Plan) -> Run:
    """The run as the machine that starts it knows it."""
    settings = Settings.read()
    workspace = Workspace(todo.out)
    records = workspace.records(settings.store, LastRun(batch=todo.name, scheme=todo.scheme, year=todo.year, reference=str(todo.reference), submissions=()))
    context = Run(todo, settings, workspace, records, Report(), lambda done: None, load(settings.confidence.calibration))
    context.settle()
    context.register(retry_failed=False)
    return context


@pytest.mark.usefixtures("closed")
def test_a_submission_is_read_and_committed_once_by_plain_data_alone(todo: Plan) -> None:
    asked = Asked(todo, settled(todo).inputs)
    first, again = (process_away(asked, "S-1", 1) for _ in range(2))
    assert (first.claim.submission_id, first.pages.text_layer, first.unchanged) == ("S-1", 1, False)
    assert (again.unchanged, again.in_force) == (True, first.in_force)
    assert (todo.out / "S-1" / "claim.json").exists()


@pytest.mark.usefixtures("closed")
def test_a_worker_that_would_make_something_else_of_it_refuses(todo: Plan) -> None:
    context = settled(todo)
    with pytest.raises(UsageError, match="other sources, settings"):
        process_away(Asked(todo, "another version's"), "S-1", 1)
    assert context.records.known_one("S-1") is None


@pytest.mark.parametrize(
    ("database", "server", "missing"),
    [("", "http://prefect.example/api", "INTAKE_STORE__DATABASE"), ("postgresql://db.example/intake", "", "PREFECT_API_URL")],
)
def test_what_all_machines_must_reach_is_asked_for(todo: Plan, database: str, server: str, missing: str) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    settings = Settings(run=RunSettings(dask="tcp://127.0.0.1:1"), store=StoreSettings(database=SecretStr(database)))
    with temporary_settings({PREFECT_API_URL: server} if server else {}, restore_defaults={PREFECT_API_URL}), pytest.raises(UsageError, match=missing):
        _runner(replace(settled(todo), settings=settings))
