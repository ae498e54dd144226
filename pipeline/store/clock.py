"""What time it is, for all that work on one batch: by the database server's clock where there is a server, by the machine's own else.

Leases are judged by time: two machines whose clocks differ by more than a lease would take each submission from one another for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """UTC, as it was when last set and as steady time has passed since: a clock that is put forward or back in between moves nothing.

    own: the machine's clock; steady: seconds that nobody puts forward or back.
    """

    def __init__(self, own: Callable[[], datetime] = utc_now, steady: Callable[[], float] = time.monotonic) -> None:
        self._own, self._steady = own, steady
        self._ahead = own().timestamp() - steady()

    def set(self) -> None:
        """Look at the clock that counts. Raises what the database raises."""
        self._ahead = self._that_counts().timestamp() - self._steady()

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._ahead + self._steady(), UTC)

    def _that_counts(self) -> datetime:
        if connection.vendor != "postgresql":
            return self._own()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            told: datetime = cursor.fetchone()[0]
        return told
