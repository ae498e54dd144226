"""What may pass by itself is tried again with growing pauses, for as long as was set; anything else is raised at once."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from minio.error import S3Error
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from models.errors import StoreUnavailable
from pipeline.store.patience import BlobDamaged, passes, patiently


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def s3(code: str) -> S3Error:
    return S3Error(HTTPResponse(), code, "message", "resource", "request", "host")


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (OperationalError("server closed the connection"), True),
        (InterfaceError("connection already closed"), True),
        (IntegrityError("duplicate key"), False),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (ConnectionResetError(), True),
        (PermissionError(errno.EACCES, "denied"), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (ProtocolError("short body"), True),
        (s3("SlowDown"), True),
        (s3("AccessDenied"), False),
        (s3("NoSuchBucket"), False),
        (BlobDamaged("read back otherwise"), True),
        (ValueError("ours"), False),
    ],
    ids=repr,
)
def test_what_passes_by_itself(error: Exception, passing: bool) -> None:
    assert passes(error) is passing


def test_it_is_tried_until_it_goes_well_with_growing_pauses() -> None:
    clock, tries = Clock(), iter(range(100))

    def work() -> str:
        if next(tries) < 6:
            raise OperationalError("restarting")
        return "done"

    assert patiently(work, 60, clock.sleep, clock) == "done"
    assert len(clock.slept) == 6
    assert clock.slept[-1] > 5 * clock.slept[0]


def test_patience_ends_with_what_to_do() -> None:
    clock = Clock()

    def work() -> None:
        raise OperationalError("down")

    with pytest.raises(StoreUnavailable, match="run the same command again"):
        patiently(work, 20, clock.sleep, clock)
    assert clock.now == pytest.approx(20)
    assert max(clock.slept) <= 5


def test_what_does_not_pass_is_not_tried_again() -> None:
    clock = Clock()

    def work() -> None:
        raise IntegrityError("duplicate key")

    with pytest.raises(IntegrityError):
        patiently(work, 60, clock.sleep, clock)
    assert clock.slept == []


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_database_that_is_restarted_is_waited_for_and_what_was_begun_is_done_once(store: Path, request: pytest.FixtureRequest) -> None:
    import signal
    from datetime import UTC, datetime

    from pipeline.store.models import Batch
    from pipeline.store.outcomes import open_batch, register

    server = request.getfixturevalue("postgres_server")
    now = datetime(2021, 1, 15, tzinfo=UTC)
    batch = open_batch("一月", "ningbo-2020", 2021, now)
    server.stop(signal.SIGQUIT)  # at once, as in a crash

    def sleep(seconds: float) -> None:
        if server.process.poll() is not None:
            server.start()

    assert patiently(lambda: register(batch, {"E-1": "f"}, now), 60, sleep) == ["E-1"]
    assert Batch.objects.get().submissions.count() == 1
