"""A workspace with a few claims, and a browser-less client for each role."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.claim import Claim
from pipeline.review.settings import ReviewSettings
from pipeline.review.web.site import configure_review, open_review
from pipeline.settings import Settings
from tests.invented_claim import SCHEME, field, judged, write_tables

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
PASSWORD = "七支-steady-lamp-42"


@pytest.fixture(scope="session")
def empty_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them."""
    from django.db import connection

    work = tmp_path_factory.mktemp("review")
    open_review(Settings(), work)
    connection.close()
    return work


@pytest.fixture
def site(empty_review: Path, tmp_path: Path) -> Iterator[Path]:
    """An empty workspace of the review page; gives its folder."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection

    work = tmp_path / "work"
    shutil.copytree(empty_review, work)
    configure_review(Settings(review=ReviewSettings(second_look=0)), work)  # which values chance picks would differ from run to run
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    cache.clear()
    yield work
    connection.close()


@pytest.fixture
def file_claim(site: Path, tmp_path: Path) -> Callable[[Claim], int]:
    """Puts a claim into the store as a run would; gives its case."""
    from pipeline.review.web import following
    from pipeline.review.web.models import Case
    from pipeline.store import leases
    from pipeline.store.data import FileSeen, Finished, Made
    from pipeline.store.outcomes import finish, open_batch, register

    folder = write_tables(tmp_path / "reference")
    filed: dict[str, str] = {}

    def put(claim: Claim) -> int:
        batch = open_batch("一月", SCHEME.name, 2021, NOW, str(folder))
        filed[claim.submission_id] = "mark"
        register(batch, filed, NOW)
        lease = leases.take(batch, 1, "run", NOW, only=[claim.submission_id])[0]
        finish(lease, Finished(claim, (FileSeen("scan.pdf", "a" * 64, 9, "a" * 64, pages=9, ocr=9),), Made("mark", "reader", "tables")), NOW)
        following.open_cases()
        return Case.objects.get(submission__submission_id=claim.submission_id).pk

    return put


@pytest.fixture
def case(file_claim: Callable[[Claim], int]) -> int:
    """A claim whose rate is above the cap, as it was read."""
    return file_claim(judged(changes={"insurance_policy": {"premium_rate": field("8", raw="8%")}}))


@pytest.fixture
def person(site: Path):  # type: ignore[no-untyped-def]
    """Makes a person with a role."""
    from pipeline.review.web.models import User

    def make(role: str, name: str = "", password: str = ""):  # type: ignore[no-untyped-def]
        one = User(username=name or role, first_name=name or role, role=role)
        one.set_password(password or None)  # a real one takes a fifth of a second
        one.save()
        return one

    return make


@pytest.fixture
def client_of(person):  # type: ignore[no-untyped-def]
    """Someone with a role, logged in."""
    from django.test import Client

    def make(role: str, name: str = ""):  # type: ignore[no-untyped-def]
        one = person(role, name)
        client = Client()
        client.force_login(one, backend="django.contrib.auth.backends.ModelBackend")
        client.person = one
        return client

    return make
