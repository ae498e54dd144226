"""The database is SQLite in the workspace or PostgreSQL as set; its tables are those of the models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pydantic import SecretStr

from models.errors import SettingsInvalid
from pipeline.store.settings import StoreSettings
from pipeline.store.setup import configure, database, migrate, open_store


def test_every_change_of_the_models_has_its_migration(store: Path) -> None:
    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sqlite_is_set_to_lose_nothing_and_to_let_readers_in(store: Path) -> None:
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_workspace_is_opened_again_as_it_was_left(tmp_path: Path) -> None:
    from pipeline.store.models import Batch
    from pipeline.store.outcomes import open_batch

    first, second = tmp_path / "a", tmp_path / "b"
    for work in (first, second, first):
        work.mkdir(exist_ok=True)
        open_store(StoreSettings(), work)
        open_batch(work.name, "s", 2021, datetime(2021, 1, 15, tzinfo=UTC))
        assert [batch.name for batch in Batch.objects.all()] == [work.name]
    connection.close()


def test_tables_are_made_all_or_none(tmp_path: Path) -> None:
    """Broken off between a migration and the note that it was made, the next to open the store would find tables in its way for good."""
    noted = iter(range(2))  # content types have two, which are noted as they are made; the first of users isn't

    def broken_off(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith('INSERT INTO "django_migrations"') and next(noted, None) is None:
            raise InterruptedError
        return execute(sql, *arguments)

    configure(StoreSettings(), tmp_path)
    with connection.execute_wrapper(broken_off), pytest.raises(InterruptedError):
        migrate(tmp_path)
    assert connection.introspection.table_names() == []
    open_store(StoreSettings(), tmp_path)
    connection.close()


def test_an_address_of_postgresql_is_taken_apart() -> None:
    found = database(StoreSettings(database=SecretStr("postgresql://me:p%40ss@db.example:5433/intake?sslmode=require")), Path())
    assert {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {"NAME": "intake", "USER": "me", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}
    assert found["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://[broken", "intake.db"])
def test_any_other_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(SettingsInvalid) as told:
        database(StoreSettings(database=SecretStr(address)), Path())
    assert address not in str(told.value)
