"""What the server's database holds, asked past the server."""

from __future__ import annotations

import sqlite3
from contextlib import closing


def ask(server, query: str, *values: object) -> list[tuple]:  # type: ignore[no-untyped-def]  # tests/e2e/conftest.Server
    """Rows; what the query changes is committed."""
    with closing(sqlite3.connect(server.database, timeout=30)) as db:
        found = db.execute(query, values).fetchall()
        db.commit()
    return found


def number(server, name: str) -> int:  # type: ignore[no-untyped-def]
    """A submission's case."""
    return ask(server, "select c.id from review_case c join store_submission s on s.id = c.submission_id where s.submission_id = ?", name)[0][0]
