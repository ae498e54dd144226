"""An S3 server on a bad network, or stopped for a while: uploads, runs from a bucket and blobs in a bucket go on, and every byte is what it was.

A few short ones in the suite; `make faults` injects 50, delays by 5 s and stops the server for 20 s.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FAULTS, FaultProxy, fault_proxy
from faults import Faults
from invented_claim import YEAR
from pydantic import SecretStr
from quick import QuickWorkers
from servers import Bucket

from flows.batch import run
from flows.incoming import plan_from
from flows.upload import upload
from flows.workspace import Workspace
from pipeline.settings import Settings
from pipeline.store.blobs import PatientBlobs, open_blobs
from pipeline.store.settings import S3Settings, StoreSettings

FULL = os.environ.get("FAULTS") == "full"
DELAY, STOPPED = (5.0, 20.0) if FULL else (0.1, 0.5)  # seconds
SUBMISSIONS = 5


@pytest.fixture
def proxy(s3_bucket: Bucket) -> Iterator[FaultProxy]:
    with fault_proxy(s3_bucket.endpoint, DELAY, seed=1) as made:
        yield made


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    dice = random.Random(1)
    for n in range(SUBMISSIONS):
        folder = tmp_path / "batch" / f"S-{n}"
        folder.mkdir(parents=True)
        for name in ("申请表.pdf", "b.pdf", "scan.pdf"):
            (folder / name).write_bytes(b"%PDF-1.4 " + dice.randbytes(dice.choice([50, 5_000, 200_000])))
    return tmp_path / "batch"


def settings_for(bucket: Bucket, endpoint: str, prefix: str) -> Settings:
    s3 = S3Settings(endpoint=endpoint, access_key=bucket.access_key, secret_key=SecretStr(bucket.secret_key), secure=False)
    return Settings(store=StoreSettings(blobs=f"s3://{bucket.name}/{prefix}-blobs", s3=s3, patience_seconds=max(60, 4 * STOPPED)))


def hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def through(batch: Path, papers: Path, out: Path, address: str, settings: Settings) -> None:
    """Send, take in, run: the whole way, all of it through the proxy."""
    assert upload(batch, address, settings).left == []
    todo = plan_from(address, papers / "reference", out, "ningbo-2020", YEAR, 2, "", settings, tell=lambda line: None)
    report = run(todo, settings, flow=QuickWorkers().two_at_a_time)
    assert report.failed == []


def lost(batch: Path, out: Path, settings: Settings) -> int:
    """Papers that aren't what they were: in the spool, among the originals, or in the store's own account."""
    from flows.doctor import examine_run

    filed = hashes(batch)
    spool = {name: sha256 for name, sha256 in hashes(out / ".work" / "spool").items() if not name.startswith(".")}
    blobs = PatientBlobs(open_blobs(settings.store, out / ".work"), settings.store.patience_seconds)
    kept = {sha256: hashlib.sha256(blobs.read(sha256)).hexdigest() for sha256 in filed.values()}
    records = Workspace(out).records(settings.store, Workspace(out).last_run())
    not_committed = [folder.name for folder in batch.iterdir() if not records.keeps(folder.name, hashes(folder))]
    found = [one for one in examine_run(Workspace(out), settings.store) if not one.mended]
    return len(filed.items() ^ spool.items()) + sum(asked != came for asked, came in kept.items()) + len(not_committed) + len(found)


@pytest.mark.fault("network to S3")
def test_every_fault_of_the_network_is_survived_and_every_byte_is_what_it_was(
    proxy: FaultProxy, s3_bucket: Bucket, batch: Path, papers: Path, tmp_path: Path, faults: Faults,
) -> None:
    injected = faults.number(50, 18)
    planned = [FAULTS[n % len(FAULTS)] for n in range(injected)]
    random.Random(faults.seed).shuffle(planned)
    rounds = 0
    proxy.plan(planned)
    while proxy.left or not rounds:
        settings = settings_for(s3_bucket, proxy.endpoint, f"{tmp_path.name}-{rounds}")
        through(batch, papers, tmp_path / f"out-{rounds}", f"s3://{s3_bucket.name}/{tmp_path.name}-{rounds}", settings)
        assert lost(batch, tmp_path / f"out-{rounds}", settings) == 0
        rounds += 1
    assert sum(proxy.injected.values()) == injected
    faults.tell(injected=injected, kinds=len(proxy.injected), rounds=rounds)


@pytest.mark.fault("S3 stopped")
def test_a_server_that_is_stopped_for_a_while_is_waited_for(s3_bucket: Bucket, batch: Path, papers: Path, tmp_path: Path, faults: Faults) -> None:
    settings = settings_for(s3_bucket, s3_bucket.endpoint, tmp_path.name)
    stops = 0
    ended = threading.Event()

    def stop_and_start() -> None:
        nonlocal stops
        while not ended.wait(0.3) and stops < 2:
            s3_bucket.stop()
            stops += 1
            time.sleep(STOPPED)
            s3_bucket.start()

    stopper = threading.Thread(target=stop_and_start)
    stopper.start()
    try:
        through(batch, papers, tmp_path / "out", f"s3://{s3_bucket.name}/{tmp_path.name}", settings)
    finally:
        ended.set()
        stopper.join()
    assert stops > 0
    assert lost(batch, tmp_path / "out", settings) == 0
    faults.tell(injected=stops)
