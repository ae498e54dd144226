"""How well seals are read: found, the name on the arc, the company of the submission that it is, none made up.

In:    the seals that were pressed on a page and those that were read, boxes in the same unit. Out: `SealTally`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matchers.names import normalise
from models.geometry import Box
from models.page import Seal
from pipeline.stamps import settled

_SAME_PLACE = 0.3  # shared area over united area


class SealRead(NamedTuple):
    """A seal as read, and its box in the unit of the true ones."""

    seal: Seal
    box: Box


class SealTrue(NamedTuple):
    """A seal as pressed. of_company: its owner is one of the submission's companies."""

    text: str
    box: Box
    of_company: bool


@dataclass
class SealTally:
    """Counts over pages.

    exact: the name on the arc read without an error. companies: seals of the submission's companies; right, wrong: those given to the right one and to
    another. made_up: read on the `bare_pages`, which have no seal; beside: read where none is on a page that has one elsewhere.
    """

    seals: int = 0
    found: int = 0
    exact: int = 0
    companies: int = 0
    right: int = 0
    wrong: int = 0
    bare_pages: int = 0
    made_up: int = 0
    beside: int = 0

    def add(self, true: Sequence[SealTrue], read: Sequence[SealRead], companies: Sequence[str]) -> None:
        """Count one page."""
        left = list(read)
        for seal in true:
            self.seals += 1
            self.companies += seal.of_company
            there = max(left, key=lambda r: _shared(r.box, seal.box), default=None)
            if there is None or _shared(there.box, seal.box) < _SAME_PLACE:
                continue
            left.remove(there)
            self.found += 1
            self.exact += normalise(there.seal.text) == normalise(seal.text)
            given = company_of(there.seal, companies) if seal.of_company else None
            self.right += given == seal.text
            self.wrong += given not in (None, seal.text)
        if true:
            self.beside += len(left)
        else:
            self.bare_pages += 1
            self.made_up += len(left)


def company_of(seal: Seal, companies: Sequence[str]) -> str | None:
    """The company of the submission that a seal is settled to; None where no name explains its reading."""
    known = {normalise(name): name for name in companies}
    return known.get(normalise(settled(seal, known).text))


def _shared(a: Box, b: Box) -> float:
    both = a.overlap(b)
    return both / max(1e-9, a.area + b.area - both)
