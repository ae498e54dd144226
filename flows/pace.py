"""How fast a batch gets done, and how long the rest will take: from when submissions were begun and ended.

In:    each submission as it ends, when, and how long it was worked on.  Out: pages a second, seconds left; None as long as too little was done to tell.
What was taken over from an earlier run takes no time and tells nothing of the speed. Starting isn't counted, since it comes but once: time begins with the first
submission. What the other workers are at when one ends counts as half done. A worker's first submission takes longer (it loads models), so it counts for as many of
the later ones as would have taken its time. Submissions are of all sizes, so that a forecast from a handful is a guess; docs/scale.md has how far it was off.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from statistics import mean

RECENT = 500  # ends that the speed is told from: a machine that slows down is soon believed
LEAST = 3  # ends before anything is told


@dataclass(frozen=True)
class _Stretch:
    """A submission that was worked on, seconds by one clock."""

    begun: float
    ended: float
    pages: int
    first: bool  # of its worker

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


class Pace:
    """Told of each end. submissions: how many there are in all."""

    def __init__(self, submissions: int) -> None:
        self.submissions = submissions
        self.done = 0
        self._first_end: float | None = None
        self._recent: deque[_Stretch] = deque(maxlen=RECENT)

    def end(self, now: float, pages: int, seconds: float, unchanged: bool = False) -> None:
        """One more is done. now: seconds, by any clock that only goes forward; pages: that were gone through for it; seconds: that it took."""
        self.done += 1
        if not unchanged:
            if self._first_end is None:
                self._first_end = now
            self._recent.append(_Stretch(now - seconds, now, pages, now - seconds < self._first_end))

    @property
    def left(self) -> int:
        return self.submissions - self.done

    @property
    def pages_a_second(self) -> float | None:
        a_second = self._a_second
        return a_second and a_second * sum(one.pages for one in self._recent) / len(self._recent)

    @property
    def seconds_left(self) -> float | None:
        if not self.left:
            return 0.0
        a_second = self._a_second
        return a_second and self.left / a_second

    @property
    def _a_second(self) -> float | None:
        """Submissions a second; None where that can't be told."""
        seconds = self._recent[-1].ended - min(one.begun for one in self._recent) if len(self._recent) >= LEAST else 0.0
        usual = mean([one.seconds for one in self._recent if not one.first] or [one.seconds for one in self._recent] or [0.0])
        return (sum(one.seconds for one in self._recent) / usual + (_at_once(self._recent) - 1) / 2) / seconds if seconds > 0 and usual > 0 else None


def _at_once(stretches: deque[_Stretch]) -> int:
    """How many were worked on at the same time, at most."""
    running: list[float] = []
    most = 0
    for one in sorted(stretches, key=lambda one: one.begun):
        while running and running[0] <= one.begun:
            heappop(running)
        heappush(running, one.ended)
        most = max(most, len(running))
    return most
