"""Whether harm done to the review page's log is found: single changes to a long log, each made, looked for and taken back.

    python -m pipeline.accuracy.audit_chain --events 10000 --mutations 1000

In:    how many lines, how many changes, a seed.
Out:   by kind of change how many were made and found, as text and as JSON.
Who does harm here may write any row of the database, as someone with its password could, but doesn't have the workspace's key.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App
from django.db import connection, transaction

from pipeline.review.web.site import open_review
from pipeline.settings import Settings

AWAY = 10**9  # numbers where no line stands
LINES, HEAD = "review_auditevent", "review_audithead"
ACTIONS = ("see", "amend", "judge", "decide", "take", "release", "login", "letter")


def _sql(text: str, *values: str | int | datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text.format(lines=LINES, head=HEAD), values)


def edit(die: random.Random, last: int) -> None:
    """One cell of one line is another."""
    column = die.choice(("who", "action", "about", "detail"))
    _sql(f"UPDATE {{lines}} SET {column} = {column} || %s WHERE number = %s", die.choice("x0甲 "), die.randint(1, last))  # noqa: S608  columns from the line above  # nosec B608


def retime(die: random.Random, last: int) -> None:
    """A line says that it was another second."""
    number = die.randint(1, last)
    _sql("UPDATE {lines} SET at = %s WHERE number = %s", datetime(2021, 1, 1, tzinfo=UTC) if connection.vendor == "postgresql" else "2021-01-01 00:00:00", number)


def forge(die: random.Random, last: int) -> None:
    """A line has the chain of another."""
    number, other = die.sample(range(1, last + 1), 2)
    _sql("UPDATE {lines} SET chain = (SELECT chain FROM {lines} WHERE number = %s) WHERE number = %s", other, number)


def delete(die: random.Random, last: int) -> None:
    """A line is gone."""
    _sql("DELETE FROM {lines} WHERE number = %s", die.randint(1, last))


def close_up(die: random.Random, last: int) -> None:
    """A line is gone and those after it have moved up."""
    number = die.randint(1, last - 1)
    _sql("DELETE FROM {lines} WHERE number = %s", number)
    _sql("UPDATE {lines} SET number = number + %s WHERE number > %s", AWAY, number)
    _sql("UPDATE {lines} SET number = number - %s - 1 WHERE number > %s", AWAY, AWAY)


def insert(die: random.Random, last: int) -> None:
    """There is a line more at the end."""
    _sql("INSERT INTO {lines} (number, at, who, action, about, detail, chain) SELECT %s, at, who, action, about, detail, chain FROM {lines} WHERE number = %s", last + 1, die.randint(1, last))


def swap(die: random.Random, last: int) -> None:
    """Two lines have changed places."""
    a, b = die.sample(range(1, last + 1), 2)
    for old, new in ((a, AWAY), (b, a), (AWAY, b)):
        _sql("UPDATE {lines} SET number = %s WHERE number = %s", new, old)


def truncate(die: random.Random, last: int) -> None:
    """The end is cut off."""
    _sql("DELETE FROM {lines} WHERE number > %s", last - die.randint(1, 50))


def truncate_with_head(die: random.Random, last: int) -> None:
    """The end is cut off, and the head says so too."""
    keep = last - die.randint(1, 50)
    _sql("DELETE FROM {lines} WHERE number > %s", keep)
    _sql("UPDATE {head} SET number = %s, chain = (SELECT chain FROM {lines} WHERE number = %s)", keep, keep)


HARMS: Mapping[str, Callable[[random.Random, int], None]] = {harm.__name__: harm for harm in (edit, retime, forge, delete, close_up, insert, swap, truncate, truncate_with_head)}

app = App(name="audit_chain", help="Whether harm done to the log is found.")


@app.default
def main(*, events: int = 10_000, mutations: int = 1_000, seed: int = 1) -> None:
    """Write a log, harm it, look for the harm."""
    with tempfile.TemporaryDirectory() as folder:
        open_review(Settings(), Path(folder))
        from pipeline.review.web import audit  # its models need Django set up

        die = random.Random(seed)
        with transaction.atomic():
            for number in range(events):
                audit.record(die.choice(ACTIONS), None, f"EQ-{number % 500:04}", field="premium", corrected=str(number))
        started = time.perf_counter()
        whole = audit.verify()
        seconds = time.perf_counter() - started
        if whole is not None:
            raise SystemExit(f"audit_chain: the log is taken for damaged before anything was done to it: {whole}")
        made, found = Counter[str](), Counter[str]()
        for _ in range(mutations):
            name = die.choice(list(HARMS))
            with transaction.atomic():
                HARMS[name](die, events)
                made[name] += 1
                found[name] += audit.verify() is not None
                transaction.set_rollback(True)
        if audit.verify() is not None:
            raise SystemExit("audit_chain: a change wasn't taken back")
        connection.close()
    for name in HARMS:
        print(f"{name:<20}{found[name]:>6} of {made[name]}")
    print(json.dumps({"events": events, "mutations": mutations, "found": sum(found.values()), "verify_seconds": round(seconds, 3)}))


if __name__ == "__main__":
    app()
