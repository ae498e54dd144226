"""How PostgreSQL answers every question that the page's routes ask.

In:    a store of many claims.
Out:   each shape of a question once, with the tables that it reads from end to end, and how much of what it read it threw away.
A table that is read from end to end isn't wrong where most of its rows are asked for (the figures count every claim); it is where most are read to be thrown away:
there an index is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

BIG = 2_000  # rows from which on a table is better looked up than read
WASTED = 0.5  # of the rows read, thrown away


class Scan(NamedTuple):
    """A table that a question reads from end to end."""

    route: str
    table: str
    read: int
    kept: int
    sql: str

    @property
    def wasteful(self) -> bool:
        return self.kept < (1 - WASTED) * self.read


class Asked(NamedTuple):
    """What all routes asked. shapes: how many different questions; scans: the tables read from end to end; slowest: milliseconds and question."""

    routes: int
    shapes: int
    scans: Sequence[Scan]
    slowest: Sequence[tuple[float, str, str]]


def explained(questions: Mapping[str, tuple[str, str]]) -> Asked:
    """Ask for each question's plan. questions: by shape the route and one question of it."""
    from django.db import connection, transaction

    scans, times = [], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
        rows = dict(cursor.fetchall())
        for route, sql in questions.values():
            with transaction.atomic():
                cursor.execute("EXPLAIN (ANALYZE, TIMING, FORMAT JSON) " + sql.replace("%", "%%"), [])
                [(plan,)] = cursor.fetchall()
                transaction.set_rollback(True)
            told = (json.loads(plan) if isinstance(plan, str) else plan)[0]
            times.append((told["Execution Time"], route, sql))
            for node in _nodes(told["Plan"]):
                table = node.get("Relation Name", "")
                if node["Node Type"] == "Seq Scan" and rows.get(table, 0) >= BIG:
                    loops = node["Actual Loops"] or 1
                    kept, gone = node["Actual Rows"] * loops, node.get("Rows Removed by Filter", 0) * loops
                    scans.append(Scan(route, table, int(kept + gone), int(kept), sql))
    return Asked(len({route for route, _ in questions.values()}), len(questions), scans, sorted(times, reverse=True)[:8])


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def shape(sql: str) -> str:
    """A question without its values."""
    return re.sub(r"\b\d+(\.\d+)?\b", "0", re.sub(r"IN \([^()]*\)", "IN ()", re.sub(r"'(?:[^']|'')*'", "''", sql)))


def questions(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """All that the routes ask, by shape, as everybody who may use them."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from pipeline.review.web.models import Case, User
    from pipeline.review.web.roles import PERMISSIONS

    found: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    for role, route, method, path, data in _calls(names):
        client = Client()
        client.force_login(User.objects.filter(role=role).order_by("pk")[0], backend="django.contrib.auth.backends.ModelBackend")
        Case.objects.filter(taken_by__isnull=False).update(taken_until="2020-01-01T00:00:00Z")
        with CaptureQueriesContext(connection) as seen:
            answer = getattr(client, method)(path, **({"data": data} if data is not None else {}), **({"content_type": "application/json"} if path.startswith("/api/") and data is not None else {}))
            if answer.streaming:
                b"".join(answer.streaming_content)
        if answer.status_code >= 500 or answer.status_code in (403, 404):
            raise SystemExit(f"load: {role} {method} {path} gave {answer.status_code}")
        used.add(route)
        for one in seen.captured_queries:
            sql = one["sql"]
            if sql.split(" ", 1)[0] in ("SELECT", "UPDATE", "DELETE"):
                found.setdefault(shape(sql), (route, sql))
    if left := set(PERMISSIONS) - used - {"picture", "api-picture", "read-box", "api-read-box", "logout", "password", "api-root", "batch", "api-batch"} - {route for route in PERMISSIONS if route.startswith(_FEW)}:  # those ask nothing of the big tables but what the others do
        raise SystemExit(f"load: no question was asked of {', '.join(sorted(left))}")
    return found


# uploads and tables of reference data: what they ask is of one upload, one batch or one version
_FEW = ("upload", "api-upload", "batch-", "api-batch-", "reference-", "api-reference-")


def _calls(names: Sequence[str]) -> Iterator[tuple[str, str, str, str, Any]]:
    """Role, route, method, address and what is sent, for every route and every way to ask the queue."""
    from pipeline.review.web.cases import in_force
    from pipeline.review.web.models import Case, Token

    def of(stage: str, status: str = "open") -> Case:
        return Case.objects.select_related("submission__batch").filter(stage=stage, status=status).order_by("pk")[7]

    name = names[0]
    for query in ("", "?stage=&status=", f"?q={name}", f"?q={name}&stage=&status=", "?q=宁", "?triage=review", "?track=material&stage=&status=", "?flag=not_checked", "?flag=not_checked&triage=review&stage=&status=",
                  "?holder=me", "?holder=free", "?holder=others", "?least=100000&most=200000&stage=&status=", "?least=2900000", "?older=20000&stage=&status=", "?newer=3", "?reviewer=3&stage=&status=", "?reviewer=14", "?order=amount", "?order=age", "?order=id", "?order=amount&stage=&status=", "?order=age&stage=&status=", "?order=id&stage=&status=",
                  "?stage=&status=&page=390", "?stage=audit", "?status=rejected", "?stage=notice&order=age", "?bounds=1", "?bounds=1&stage=&status="):
        yield "reviewer", "queue", "get", "/queue" + query, None
        yield "auditor", "api-queue", "get", "/api/queue" + query, None
    yield "reviewer", "home", "get", "/", None
    yield "lead", "next", "post", "/next", {"asked": ""}
    yield "reviewer", "next", "post", "/next", {"asked": "q=" + name}
    case = of("district")
    at, claim = f"/claims/{case.pk}", in_force(case).claim
    value = next(f"p{i}.{field}" for i, paper in enumerate(claim.papers) for field, one in paper.fields.items() if field == "product_name" and one.value)
    yield "reviewer", "claim", "get", at, None
    yield "operator", "claim", "get", at, None
    yield "reviewer", "claim-versions", "get", at + "/versions", None
    yield "reviewer", "claim-version", "get", at + "/versions/1", None
    yield "operator", "batches", "get", "/batches", None
    yield "operator", "api-batches", "get", "/api/batches", None
    yield "admin", "reference", "get", "/reference", None
    yield "lead", "exceptions", "get", f"/exceptions.csv?q={name}&stage=&status=", None
    yield "reviewer", "api-claim", "get", f"/api{at}", None
    yield "reviewer", "entries", "get", at + "/entries?q=机床", None
    yield "reviewer", "amend", "post", at + "/amend", {"key": value, "value": "数控机床", "revision": case.seen}
    yield "reviewer", "amend", "post", at + "/amend", {"key": value, "value": "数控磨床", "revision": "0.0"}
    yield "reviewer", "judge", "post", at + "/judge", {"flag": "none", "verdict": "upheld", "revision": "0.0"}
    last = claim.papers[-1].parts[0]
    yield "reviewer", "retype", "post", at + "/retype", {"paper": f"{last.file}/{last.pages[0]}", "type": "cover", "revision": "9.9"}
    yield "reviewer", "letter", "get", at + "/letter", None
    yield "reviewer", "api-letter", "get", f"/api{at}/letter", None
    yield "reviewer", "letter-save", "post", at + "/letter/save", {"kind": "return", "text": "请补交。", "revision": "0"}
    yield "reviewer", "letter-pdf", "get", at + "/letter.pdf", None
    yield "reviewer", "release", "post", at + "/release", None
    now = Case.objects.select_related("submission").get(pk=case.pk)
    yield "reviewer", "decide", "post", at + "/decide", {"action": "refer", "reason": "已核", "revision": now.seen}
    yield "reviewer", "undo", "post", at + "/undo", None
    other = Case.objects.select_related("submission__batch").filter(stage="district", status="open").order_by("pk")[8]
    there = f"/api/claims/{other.pk}"
    yield "reviewer", "api-amend", "post", there + "/amend", {"seen": other.seen, "key": value, "value": "数控铣床"}
    now = Case.objects.select_related("submission").get(pk=other.pk)
    yield "reviewer", "api-retype", "post", there + "/retype", {"seen": now.seen, "paper": {"file": "none", "page": 1}, "type": "cover"}
    yield "reviewer", "api-judge", "post", there + "/judge", {"seen": now.seen, "flag": "none", "verdict": "upheld"}
    yield "reviewer", "api-decide", "post", there + "/decide", {"seen": now.seen, "action": "refer", "reason": "已核"}
    yield "reviewer", "api-undo", "post", there + "/undo", {}
    yield "reviewer", "api-next", "post", f"/api/queue/next?q={name}", {}
    yield "reviewer", "api-release", "post", there + "/release", {}
    yield "reviewer", "api-entries", "get", there + "/entries?q=机床", None
    yield "reviewer", "api-claim-versions", "get", there + "/versions", None
    yield "reviewer", "api-claim-version", "get", there + "/versions/1", None
    yield "reviewer", "api-letter-save", "post", there + "/letter/save", {"kind": "return", "text": "请补交。"}
    yield "reviewer", "api-letter-pdf", "get", there + "/letter.pdf", None
    yield "lead", "api-exceptions", "get", f"/api/exceptions/csv?q={name}", None
    yield "admin", "api-reference", "get", f"/api/batches/{case.submission.batch_id}/reference", None
    alike = list(Case.objects.select_related("submission").filter(stage="district", status="open", submission__triage="review").order_by("pk")[20:23])
    yield "reviewer", "bulk", "post", "/bulk", {"action": "return", "case": [str(one.pk) for one in alike]}
    yield "reviewer", "bulk-do", "post", "/bulk/do", {"action": "return", "reason": "已核", "chosen": [f"{one.pk}:{one.seen}" for one in alike]}
    few = list(Case.objects.select_related("submission").filter(stage="district", status="open", submission__triage="review").order_by("pk")[30:32])
    yield "reviewer", "api-bulk-do", "post", "/api/bulk", {"action": "return", "reason": "已核", "do": True, "cases": [{"pk": one.pk, "seen": one.seen} for one in few]}
    for role in ("analyst", "lead"):
        yield role, "figures", "get", "/figures", None
        yield role, "api-figures", "get", "/api/figures", None
        yield role, "scheme", "get", "/scheme", None
        yield role, "api-scheme", "get", "/api/scheme", None
    for query in ("", "?page=500", "?about=" + str(case), "?who=u1", f"?who=u1&about={case}", "?verify="):
        yield "auditor", "audit", "get", "/audit" + query, None
        yield "auditor", "api-audit", "get", "/api/audit" + query, None
    yield "admin", "people", "get", "/people", None
    yield "admin", "person", "get", "/people/1", None
    yield "admin", "api-people", "get", "/api/people", None
    yield "admin", "api-person-new", "post", "/api/people/new", {"username": "plans", "role": "analyst", "password": "七支-steady-lamp-42"}
    yield "admin", "api-person", "post", "/api/people/1", {"role": "reviewer"}
    yield "auditor", "audit-export", "get", "/audit.csv", None
    yield "auditor", "api-audit-export", "get", "/api/audit.csv", None
    yield "auditor", "api-audit-verify", "get", "/api/audit/verify", None
    yield "auditor", "tokens", "post", "/tokens", {"name": "x"}
    yield "auditor", "token-revoke", "post", f"/tokens/{Token.objects.order_by('-pk').values_list('pk', flat=True)[0] if Token.objects.exists() else 1}/revoke", None
    yield "auditor", "openapi-json", "get", "/api/openapi.json", None
