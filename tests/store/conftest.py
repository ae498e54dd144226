"""A store for each test, on SQLite and on PostgreSQL; blobs in a folder and in a bucket. Tables are made once and emptied in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from places import Place, write_small_batch
from pydantic import SecretStr
from servers import Absent, Bucket, Postgres, bucket, postgres

from pipeline.store.blobs import Blobs, open_blobs
from pipeline.store.settings import S3Settings, StoreSettings
from pipeline.store.setup import configure, open_store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and nothing in them."""
    from django.db import connection

    work = tmp_path_factory.mktemp("empty")
    open_store(StoreSettings(), work)
    connection.close()  # writes the log back into the file
    return work / "intake.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    try:
        with postgres() as server:
            yield server
    except Absent as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def s3_bucket() -> Iterator[Bucket]:
    try:
        with bucket() as made:
            yield made
    except Absent as why:
        pytest.skip(str(why))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An empty store; gives the folder of its workspace."""
    from django.apps import apps
    from django.db import connection

    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "intake.db")
        configure(StoreSettings(), tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        open_store(StoreSettings(database=SecretStr(server.url)), tmp_path)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE " + ", ".join(model._meta.db_table for model in apps.get_app_config("store").get_models()) + " CASCADE")
    yield tmp_path
    connection.close()


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Blobs with nothing in them yet."""
    if request.param == "folder":
        return open_blobs(StoreSettings(), tmp_path)
    made: Bucket = request.getfixturevalue("s3_bucket")
    s3 = S3Settings(endpoint=made.endpoint, access_key=made.access_key, secret_key=SecretStr(made.secret_key), secure=False)
    return open_blobs(StoreSettings(blobs=f"s3://{made.name}/{tmp_path.name}", s3=s3), tmp_path)


@pytest.fixture(params=["sqlite and folder", "postgresql and s3"])
def place(request: pytest.FixtureRequest, papers: Path, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes a place to run a small batch in, by name."""
    from django.db import connections

    batch = write_small_batch(tmp_path / "batch")
    store = StoreSettings(patience_seconds=20)
    if request.param != "sqlite and folder":
        server, made = request.getfixturevalue("postgres_server"), request.getfixturevalue("s3_bucket")
        s3 = S3Settings(endpoint=made.endpoint, access_key=made.access_key, secret_key=SecretStr(made.secret_key), secure=False)
        store = StoreSettings(database=SecretStr(server.url), blobs=f"s3://{made.name}/{tmp_path.name}", s3=s3, patience_seconds=20)
    yield lambda name: Place(batch, papers / "reference", tmp_path / f"{tmp_path.name}-{name}", store)
    connections.close_all()


@pytest.fixture
def begun(place: Callable[[str], Place], empty_database: Path) -> Callable[[str], Place]:
    """Makes a place where the tables stand already: making them takes longer than all the rest, and has more effects."""

    def made(name: str) -> Place:
        new = place(name)
        work = new.out / ".work"
        work.mkdir(parents=True)
        if new.store.database.get_secret_value():
            open_store(new.store, work)
        else:
            shutil.copy(empty_database, work)
        return new

    return made
