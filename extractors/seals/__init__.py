"""Stamps: where they are, the page without them, and what they say.

In:    RGB picture of a page, any way up. Out: SealSpots (ellipses in its pixels), the picture with their ink taken off, and Seals once read.
Elsewhere: whose seal it is (matchers), which paper needs one (pipeline/rules).

What stands on the arc decides: a ring (finding.py) on which nothing can be read (reading.py) is no seal.
"""

from extractors.seals.finding import find_seals
from extractors.seals.lifting import dimmed, lift
from extractors.seals.reading import read_seal
from extractors.seals.spot import SealSpot

__all__ = ["SealSpot", "dimmed", "find_seals", "lift", "read_seal"]
