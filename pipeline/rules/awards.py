"""What was granted before, ready to be asked about an applicant.

In:    the reference tables.  Out: `Awards`, built once for a table in use.
Fails: never; a table that wasn't given holds no awards (the engine speaks of that).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from matchers.names import normalise
from models.paper import Track
from models.reference import Award, Reference
from pipeline.rules.prepared import Prepared

CENTRAL, MUNICIPAL = "central", "municipal"


class Awards:
    """Awards by applicant, track and level."""

    def __init__(self, awards: Iterable[Award]) -> None:
        self._by: dict[tuple[str, str, str], list[Award]] = defaultdict(list)
        for award in awards:
            self._by[normalise(award.applicant), award.track, award.level].append(award)

    def to(self, applicant: str, track: Track | None, level: str = MUNICIPAL) -> Sequence[Award]:
        """Awards of a level to an applicant in a track; none to an unread name."""
        return self._by.get((normalise(applicant), track.value if track else "", level), ()) if applicant else ()


_awards = Prepared(Awards)


def awards_of(reference: Reference) -> Awards:
    """The awards of the tables that were given."""
    return _awards(reference.awards)
