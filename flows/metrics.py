"""What a run counts and times, for Prometheus: on a page at a port of this machine, or in a file for node_exporter's textfile collector.

In:    submissions as they end, workers that died.  Out: the families below; docs/scale.md lists them.
Fails: SettingsInvalid where the port is taken or the file can't be written, before anything is run.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server, write_to_textfile

from models.errors import SettingsInvalid
from pipeline.settings import MetricsSettings

if TYPE_CHECKING:
    from flows.report import Done

log = logging.getLogger(__name__)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)

SUBMISSIONS = Counter("intake_submissions", "Submissions that ended, by queue, failed, or unchanged since an earlier run", ["outcome"], registry=REGISTRY)
PAGES = Counter("intake_pages", "Pages gone through, by what they were read from", ["source"], registry=REGISTRY)
QUARANTINED = Counter("intake_quarantined_files", "Files set aside, by reason", ["reason"], registry=REGISTRY)
RESTARTED = Counter("intake_workers_restarted", "Worker processes replaced because they died (crashed) or took too long (timeout)", ["reason"], registry=REGISTRY)
WAITING = Gauge("intake_submissions_waiting", "Submissions of the batch that aren't done yet", registry=REGISTRY)
SECONDS = Histogram("intake_submission_seconds", "Seconds that one submission took: opening and reading, judging, and storing all that came of it", ["part"], buckets=_SECONDS, registry=REGISTRY)


def ended(done: Done) -> None:
    """Count a submission."""
    if done.unchanged:
        SUBMISSIONS.labels("unchanged").inc()
        return
    SUBMISSIONS.labels("failed" if done.failure else done.claim.triage.value).inc()
    for source, pages in done.pages._asdict().items():
        PAGES.labels(source).inc(pages)
    for q in done.claim.quarantined:
        QUARANTINED.labels(q.reason.value).inc()
    for part, seconds in (("reading", done.reading_seconds), ("judging", max(0.0, done.seconds - done.reading_seconds)), ("storage", done.storage_seconds)):
        SECONDS.labels(part).observe(seconds)


@contextmanager
def exposed(settings: MetricsSettings) -> Iterator[None]:
    """While this lasts the figures can be fetched; the file stays behind with the last ones."""
    with ExitStack() as stack:
        if settings.port:
            stack.enter_context(_served(settings.host, settings.port))
        if settings.file is not None:
            stack.enter_context(_written(settings.file, settings.seconds))
        yield


@contextmanager
def _served(host: str, port: int) -> Iterator[None]:
    try:
        server, thread = start_http_server(port, host, REGISTRY)
    except OSError as error:
        raise SettingsInvalid(f"Metrics can't be served at {host}:{port} ({error.strerror}). Choose another INTAKE_METRICS__PORT, or 0 for none.") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _written(path: Path, seconds: float) -> Iterator[None]:
    try:
        write_to_textfile(str(path), REGISTRY)
    except OSError as error:
        raise SettingsInvalid(f"Metrics can't be written to {path} ({error.strerror}). Name another INTAKE_METRICS__FILE in a folder that is there.") from None
    end = threading.Event()

    def write() -> None:
        try:
            write_to_textfile(str(path), REGISTRY)
        except OSError as error:  # on a full disk, say; the run is more than its figures
            log.warning("metrics can't be written to %s (%s); trying again", path, error.strerror)

    def keep_writing() -> None:
        while not end.wait(seconds):
            write()

    writer = threading.Thread(target=keep_writing, name="metrics", daemon=True)
    writer.start()
    try:
        yield
    finally:
        end.set()
        writer.join()
        write()
