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


_ready: dict[int, tuple[tuple[Award, ...], Awards]] = {}


def awards_of(reference: Reference) -> Awards:
    """The awards of the tables that were given; built once for a table in use."""
    table = reference.awards or ()
    known = _ready.get(id(table))
    if known is None or known[0] is not table:
        if len(_ready) > 4:
            _ready.clear()
        known = (table, Awards(table))
        _ready[id(table)] = known
    return known[1]
