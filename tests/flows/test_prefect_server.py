"""A Prefect server that isn't there, or can't be started, is told in one line before anything is begun. That it ends with its run: tests/store/test_killed_processes.py."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows import prefect_server
from models.errors import UsageError


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
