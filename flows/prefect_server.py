"""Prefect's temporary server, which a run starts where no other is set, ends with the run, however that ends.

Prefect ends it as its process leaves; where that is killed the server stays behind. So a small process watches: it holds one end of a pipe, which the system
closes with the run, and then ends the server.
"""

from __future__ import annotations

import atexit
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from errno import EACCES

import httpx
from prefect.client.orchestration import get_client
from prefect.events.worker import EventsWorker
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS

from models.errors import IntakeError, UsageError

# -I -S: no settings, no packages; 10 MB and a few milliseconds. The number of a process may be another's by the time it is used, its handle can't.
_WATCH = """
import os, signal, sys
server = os.pidfd_open(int(sys.argv[1]))
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.stdin.buffer.read()
signal.pidfd_send_signal(server, signal.SIGKILL)
"""


def start() -> None:
    """Start the server, unless one is set or it runs; again where it has died since. Prefect would start it as soon as it needs it. Raises UsageError where the one that is set doesn't answer, or none can be started."""
    if url := PREFECT_API_URL.value():
        with get_client(sync_client=True) as client:
            error = client.api_healthcheck()
        if error is not None:
            raise UsageError(f"No Prefect server answers at {url} ({' '.join(str(error).split())}). Start it, correct PREFECT_API_URL, or unset it: the run then starts one of its own.")
        return
    home = PREFECT_HOME.value()
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.access(home, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except OSError as error:
        raise UsageError(f"Prefect can't keep its own data in {home} ({error.strerror}). Set PREFECT_HOME to a folder that can be written.") from None
    own = SubprocessASGIServer()  # there is one for a process
    if own.server_process is not None and own.server_process.poll() is not None:  # a watch may outlive it
        own.stop()
    if not SubprocessASGIServer().running:
        _start_own()


def forget_events() -> None:
    """Drop what Prefect has yet to tell a server that doesn't answer any more: before the process ends it would try for ten seconds with each of some thousand events."""
    waiting = EventsWorker.instance()._queue
    with suppress(queue.Empty):
        while True:
            waiting.get_nowait()


def _start_own() -> None:
    server, up = SubprocessASGIServer(), threading.Event()
    watching = threading.Thread(target=_watch, args=(server, up), daemon=True)
    watching.start()  # from its first moment on: until it answers takes seconds
    try:
        server.start()
    except (httpx.TransportError, RuntimeError) as error:
        _wait_for(server, error)
    finally:
        up.set()
        watching.join()


def _wait_for(server: SubprocessASGIServer, error: Exception) -> None:
    """Go on waiting for a server that is up but takes longer than Prefect's patience with one answer, as on a busy machine. Raises IntakeError where it is up to nothing."""
    seconds = PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value()
    until = time.monotonic() + seconds
    while (process := server.server_process) is not None and process.poll() is None and time.monotonic() < until:
        with suppress(httpx.TransportError):
            if httpx.get(f"{server.api_url}/health", timeout=30, trust_env=False).status_code == httpx.codes.OK:
                server.running = True
                return
        time.sleep(0.5)
    raise IntakeError(
        f"Prefect's own server didn't start within {seconds:g} s ({' '.join(str(error).split())[:200]}). Where the machine is busy run the same command again later, "
        "or set PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS higher.") from error


def _watch(server: SubprocessASGIServer, up: threading.Event) -> None:
    """Have each process of the server watched until one is up: where its port is taken meanwhile it is started again."""
    watched = None
    while True:
        last = up.wait(0.02)
        process = server.server_process
        if process is not None and process is not watched:
            watched = process
            watcher = subprocess.Popen([sys.executable, "-I", "-S", "-c", _WATCH, str(process.pid)], stdin=subprocess.PIPE)  # noqa: S603  # nosec B603
            atexit.register(_leave, watcher)
        if last:
            return


def _leave(watcher: subprocess.Popen[bytes]) -> None:
    """The run leaves as it should, and Prefect ends its server itself."""
    watcher.kill()
    watcher.wait()
