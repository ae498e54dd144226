"""How fast a batch gets done, and how long the rest will take: from the moments at which submissions ended.

In:    each submission as it ends, and when.  Out: pages a second, seconds left; None as long as too little was done to tell.
What was taken over from an earlier run takes no time and tells nothing of the speed. Starting isn't counted, since it comes but once: speed is taken from the
first end to the last. Submissions are of all sizes, so that a forecast from a handful is a guess; docs/scale.md has how far it was off.
"""

from __future__ import annotations

from collections import deque

RECENT = 500  # ends that the speed is told from: a machine that slows down is soon believed
LEAST = 3  # ends before anything is told


class Pace:
    """Told of each end. submissions: how many there are in all."""

    def __init__(self, submissions: int) -> None:
        self.submissions = submissions
        self.done = 0
        self._ends: deque[tuple[float, int]] = deque(maxlen=RECENT)

    def end(self, now: float, pages: int, unchanged: bool = False) -> None:
        """One more is done. now: seconds, by any clock that only goes forward; pages: that were gone through for it."""
        self.done += 1
        if not unchanged:
            self._ends.append((now, pages))

    @property
    def left(self) -> int:
        return self.submissions - self.done

    @property
    def pages_a_second(self) -> float | None:
        seconds = self._seconds
        return sum(pages for _, pages in list(self._ends)[1:]) / seconds if seconds else None

    @property
    def seconds_left(self) -> float | None:
        if not self.left:
            return 0.0
        seconds = self._seconds
        return self.left * seconds / (len(self._ends) - 1) if seconds else None

    @property
    def _seconds(self) -> float:
        """From the first end to the last; 0 where that tells nothing."""
        return self._ends[-1][0] - self._ends[0][0] if len(self._ends) >= LEAST else 0.0
