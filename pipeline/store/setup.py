"""Django, set up from our own settings: one database for the run and the review page.

In:    `StoreSettings`, the workspace's `.work` folder; of an application that stands on the store its apps and further Django settings.
Out:   a process in which `pipeline.store.models` can be imported, and a database that has all its tables.
Fails: SettingsInvalid for a database that isn't PostgreSQL's, StoreUnavailable where it can't be reached or written.

The apps are settled by the first call in a process; a later one may only name another workspace.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from models.errors import SettingsInvalid, StoreUnavailable
from pipeline.store.settings import StoreSettings

DATABASE = "intake.db"
APPS = ("pipeline.store",)
_MIGRATING = 0x1D7A4E  # the advisory lock under which PostgreSQL's tables are made
# WAL: readers and the one writer don't wait for each other. FULL: what is committed survives a power cut.
_SQLITE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=60000"


def open_store(settings: StoreSettings, work: Path, apps: Sequence[str] = (), **more: Any) -> None:
    """Set Django up and bring the database's tables up to date.

    apps: applications beside the store's own, in Django's order. more: further Django settings (AUTH_USER_MODEL, ROOT_URLCONF, …).
    """
    configure(settings, work, apps, **more)
    file = work / DATABASE
    if not settings.database.get_secret_value() and file.exists() and not os.access(file, os.R_OK | os.W_OK):  # else SQLite would be asked again and again
        raise StoreUnavailable(f"{file} may not be read and written. Give the user who runs this the right to, for all of {work}, and run the same command again.")
    try:
        migrate(work)
    except DatabaseError as error:
        check = "that its server runs and INTAKE_STORE__DATABASE names it, user and password included" if settings.database.get_secret_value() else f"that {work} can be written, {DATABASE} in it too"
        raise StoreUnavailable(f"The database can't be opened ({_line(error)}). Check {check}, and run the same command again.") from None


def configure(settings: StoreSettings, work: Path, apps: Sequence[str] = (), **more: Any) -> None:
    """Set Django up without touching the database; again for another workspace."""
    databases = {"default": database(settings, work)}
    if django_settings.configured:
        connections["default"].close()
        del connections["default"]
        connections.settings = connections.configure_settings(databases)
        return
    common: dict[str, Any] = {"USE_TZ": True, "TIME_ZONE": "Asia/Shanghai", "LANGUAGE_CODE": "zh-hans", "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField"}
    django_settings.configure(DATABASES=databases, INSTALLED_APPS=[*apps, *APPS], LOGGING_CONFIG=None, **{**common, **more})
    django.setup()


def database(settings: StoreSettings, work: Path) -> dict[str, Any]:
    """Django's description of the database: PostgreSQL where it is set, SQLite in the workspace else."""
    url = settings.database.get_secret_value()
    if not url:
        # IMMEDIATE: a transaction that will write says so when it begins, and waits its turn instead of failing half-way
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(work / DATABASE), "OPTIONS": {"init_command": _SQLITE, "transaction_mode": "IMMEDIATE", "timeout": 60}}
    wrong = SettingsInvalid("INTAKE_STORE__DATABASE is no address of a PostgreSQL database. Write it as postgresql://user:password@host/name.")
    if not url.startswith(("postgresql://", "postgres://")):
        raise wrong
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        raise wrong from None
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}  # the name of a key  # nosec B105
    plain = {django_name: str(given.pop(name, "") or "") for django_name, name in named.items()}
    return {"ENGINE": "django.db.backends.postgresql", **plain, "OPTIONS": {"connect_timeout": 10, **given}, "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}


def migrate(work: Path) -> None:
    """Make or update the tables, all of it or none; one process at a time, the others wait."""
    if not _behind():
        return
    # Django notes some migrations only after they are committed: killed in between, it would find tables that it doesn't know of, and never get past them
    with _alone(work), connection.constraint_checks_disabled(), transaction.atomic():
        if _behind():
            call_command("migrate", interactive=False, verbosity=0)


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """While one process makes the tables; the lock goes with the process, however it ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
        return
    with (work / f"{DATABASE}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
