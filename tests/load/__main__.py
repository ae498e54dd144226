"""The page under load: python -m tests.load [--claims 20000] [--people 20] [--seconds 300] [--pause 3]

In:    nothing: claims are read once from invented papers (kept in --keep), then multiplied in a PostgreSQL server of its own.
Out:   for each kind of request how long it took, in the server alone and for who waited; the questions asked of the database that no index answers; one line of JSON.
       Exit status 1 where a limit of ours is passed.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cyclopts import App
from pydantic import SecretStr

from models.claim import Claim
from pipeline.review.web.site import open_review
from pipeline.settings import Settings
from pipeline.store.settings import StoreSettings
from tests.load import crowd, people, plans
from tests.store.servers import Absent, Postgres, free_port, postgres

SAMPLE = 24  # claims that are really read
# at the 95th percentile, milliseconds in the server; the queue's are of all that is asked of it, since of two dozen requests of one filter the 95th percentile is the second slowest
LIMITS: Mapping[str, float] = {"queue, all": 300, "claim": 500, "correction": 300}
app = App(name="load", help="The review page with many claims and people.")


def read_once(keep: Path) -> Path:
    """A finished run over invented papers; made where it isn't there yet, which takes minutes."""
    if not (keep / "out" / "batch.json").exists():
        print(f"load: reading {SAMPLE} invented submissions once, into {keep}", file=sys.stderr, flush=True)
        for command in (["sample", "--submissions", str(SAMPLE), "--seed", "7", "--out", str(keep / "sample")],
                        ["run", str(keep / "sample" / "batch"), "--reference", str(keep / "sample" / "reference"), "--out", str(keep / "out"), "--scheme", "ningbo-2020", "--year", "2021"]):
            subprocess.run([sys.executable, "-m", "flows.cli", *command], check=True, stdout=subprocess.DEVNULL)
    return keep


def claims_of(out: Path) -> list[Claim]:
    """The claims in force of a finished run."""
    open_review(Settings(), out / ".work")
    from pipeline.store.known import claims_in_force  # Django must be set up before
    from pipeline.store.models import Batch

    return sorted((known.claim for batch in Batch.objects.all() for known in claims_in_force(batch)), key=lambda claim: claim.submission_id)


def fill(keep: Path, work: Path, settings: Settings, claims: int) -> list[str]:
    """A store with so many claims; gives parts of names to search for."""
    read = claims_of(keep / "out")
    from django.db import connection

    from pipeline.store.models import Submission
    from tests.e2e.workspace import SHA256, pictures

    started = time.perf_counter()
    open_review(settings, work)
    crowd.fill(read, claims, keep / "sample" / "reference", SHA256)
    pictures(work, settings)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        [(size,)] = cursor.fetchall()
    print(f"load: {claims} claims, {size}, written in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    rows = Submission.objects.order_by("pk").values_list("applicant", "policy_number")[: 40 * 7 : 7]
    return [part for applicant, policy in rows for part in (applicant[4:6], policy[3:9]) if part]


@contextmanager
def served(out: Path, database: str) -> Iterator[int]:
    """The page, served by a process of its own."""
    port = free_port()
    env = {**{name: value for name, value in os.environ.items() if not name.startswith("INTAKE_")}, "INTAKE_STORE__DATABASE": database}
    process = subprocess.Popen([sys.executable, "-m", "tests.load.serve", str(out), str(port)], env=env)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("load: the server didn't come up") from None
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


def at(share: float, times: Sequence[float]) -> float:
    """The value below which that share of the times lies."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def table(took: Mapping[str, Sequence[people.Took]]) -> dict[str, dict[str, float]]:
    """Figures by kind of request, in milliseconds; "queue, all" is all that was asked of the queue, however it was filtered."""
    queue = [each for kind, all_ in took.items() if kind.startswith("queue") for each in all_]
    return {
        kind: {"n": len(all_), "median": round(at(0.5, [t.server for t in all_]), 1), "p95": round(at(0.95, [t.server for t in all_]), 1), "most": round(max(t.server for t in all_), 1),
               "p95_waited": round(at(0.95, [t.seen for t in all_]), 1), "median_cpu": round(at(0.5, [t.cpu for t in all_]), 1)}
        for kind, all_ in sorted((took | ({"queue, all": queue} if queue else {})).items())}


def tell(asked: plans.Asked) -> None:
    for scan in asked.scans:
        print(f"{'NO INDEX' if scan.wasteful else 'all rows':<10}{scan.route:<14}{scan.table:<20}{scan.kept:>7} of {scan.read:<8}{scan.sql[:180]}")
    for took, route, sql in asked.slowest:
        print(f"{took:>8.1f} ms  {route:<14}{sql[:180]}")


@app.default
def main(*, claims: int = 20_000, users: int = 20, seconds: float = 300, pause: float = 3, keep: Path = Path("out/load"), only_plans: bool = False) -> None:
    """Fill, explain, serve, work, tell."""
    out = Path(tempfile.mkdtemp(prefix="intake-load-"))
    try:
        read_once(keep)
        with postgres(lasting=True) as server:
            failed = measure(server, out, keep, claims, users, seconds, pause, only_plans)
    except Absent as why:
        raise SystemExit(f"load: {why}") from None
    finally:
        shutil.rmtree(out, ignore_errors=True)
    raise SystemExit(int(failed))


def measure(server: Postgres, out: Path, keep: Path, claims: int, users: int, seconds: float, pause: float, only_plans: bool) -> bool:
    from django.conf import settings as django_settings
    from django.db import connection

    settings = Settings(store=StoreSettings(database=SecretStr(server.url)))
    (out / ".work").mkdir()
    names = fill(keep.resolve(), out / ".work", settings, claims)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are asked for
    django_settings.ALLOWED_HOSTS = ["testserver"]
    asked = plans.explained(plans.questions(names))
    tell(asked)
    unindexed = sum(scan.wasteful for scan in asked.scans)
    figures: dict[str, object] = {"claims": claims, "routes": asked.routes, "questions": asked.shapes, "without_index": unindexed, "whole_tables": len(asked.scans) - unindexed}
    over: list[str] = []
    wrong: list[str] = []
    if not only_plans:
        connection.close()
        who = [f"{role}{i}" for role, n in crowd.PEOPLE.items() for i in range(n)]
        with served(out, server.url) as port:
            took, wrong = people.at_work("127.0.0.1", port, {name: name.rstrip("0123456789") for name in who[:users]}, crowd.PASSWORD, seconds, pause, names)
        told = table(took)
        print(f"{'':<20}{'n':>7}{'median':>9}{'p95':>9}{'most':>9}{'p95 waited':>12}{'median CPU':>12}   ms in the server; waited: as seen by who asked; CPU: of the server's process")
        for kind, row in told.items():
            print(f"{kind:<20}{row['n']:>7}{row['median']:>9}{row['p95']:>9}{row['most']:>9}{row['p95_waited']:>12}{row['median_cpu']:>12}")
        print("\n".join(wrong[:10]))
        over = [kind for kind, limit in LIMITS.items() if kind in told and told[kind]["p95"] > limit]
        figures |= {"users": users, "seconds": seconds, "pause": pause, "requests": sum(len(all_) for all_ in took.values()), "requests_a_second": round(sum(len(all_) for all_ in took.values()) / seconds, 1),
                    "p95_ms": {kind: row["p95"] for kind, row in told.items()}, "median_cpu_ms": {kind: row["median_cpu"] for kind, row in told.items()}, "over_limit": over, "wrong": len(wrong)}
    print(json.dumps({**figures, "load_average": round(os.getloadavg()[0], 1)}, ensure_ascii=False))
    return bool(over or wrong or unindexed)


if __name__ == "__main__":
    app()
