"""A Prefect server that isn't there, or can't be started, is told in one line before anything is begun; one that goes away later costs nothing that was done.

That it ends with its run, and is started again, with real ones: tests/store/test_killed_processes.py.
"""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows import flow, prefect_server
from models.errors import IntakeError, UsageError


def test_a_server_that_doesnt_answer_is_named_with_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        with temporary_settings({PREFECT_API_URL: url}), pytest.raises(UsageError, match=f"{url}.*PREFECT_API_URL"):
            prefect_server.start()


def test_a_home_that_cant_be_written_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file in the way")
    with temporary_settings({PREFECT_HOME: tmp_path / "home"}, restore_defaults={PREFECT_API_URL}), pytest.raises(UsageError, match="PREFECT_HOME"):
        prefect_server.start()


@pytest.mark.parametrize("through", [True, False])
def test_a_server_that_goes_away_is_told_and_costs_only_what_isnt_done(through: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    todo = SimpleNamespace(batch=Path("batch"), out=Path("out"), scheme="ningbo-2020", year=2021, workers=1)
    context: Any = SimpleNamespace(plan=todo, tables=Path("tables"), settings=SimpleNamespace(run=SimpleNamespace(dask="")), through=False)

    def goes_away(**parameters: Any) -> None:
        context.through = through
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(flow, "intake_batch", SimpleNamespace(with_options=lambda task_runner: goes_away))
    monkeypatch.setattr(prefect_server, "start", lambda: None)
    monkeypatch.setattr(prefect_server, "forget_events", lambda: None)
    if through:
        with caplog.at_level(logging.WARNING):
            flow.run_flow(context)
        assert "goes on" in caplog.text
    else:
        with pytest.raises(IntakeError, match="run the same command again"):
            flow.run_flow(context)
