"""A store for each test: tables made once, emptied in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.store.settings import StoreSettings
from pipeline.store.setup import configure, open_store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and nothing in them."""
    from django.db import connection

    work = tmp_path_factory.mktemp("empty")
    open_store(StoreSettings(), work)
    connection.close()  # writes the log back into the file
    return work / "intake.db"


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Path]:
    """An empty store; gives its folder."""
    from django.db import connection

    shutil.copy(empty_database, tmp_path / "intake.db")
    configure(StoreSettings(), tmp_path)
    yield tmp_path
    connection.close()
