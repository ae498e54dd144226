"""Characters of numbers that are read for one another.

In:    two readings, or one.
Out:   whether the one may be the other misread; what the one may have been.
Elsewhere: Chinese characters (extractors/glyphs.py); what proves which reading is right (extractors/papers/business_licence.py, pipeline/corrections.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, product

# each pair both ways; a letter beside a digit or a letter is no other number, a digit beside a digit may be
LETTERS = ("0O", "0Q", "0D", "OQ", "OD", "OC", "OG", "QD", "QG", "0C", "0U", "1I", "1L", "1J", "1T", "IL", "IJ", "IT", "7T", "7Z", "2Z", "5S", "8B", "3B", "6G", "6B", "9G", "CG", "UV", "VY", "UY", "EF", "PR", "KX", "MN", "HN")
DIGITS = ("17", "38", "35", "56", "68", "08", "06", "89", "49", "27", "09")


def _both_ways(pairs: Collection[str]) -> Mapping[str, str]:
    out: dict[str, str] = {}
    for one, other in (both for pair in pairs for both in ((pair[0], pair[1]), (pair[1], pair[0]))):
        out[one] = out.get(one, "") + other
    return out


LIKE_LETTERS: Mapping[str, str] = _both_ways(LETTERS)
LIKE_DIGITS: Mapping[str, str] = _both_ways(DIGITS)
LIKE: Mapping[str, str] = _both_ways((*LETTERS, *DIGITS))


def swaps(read: str, other: str, table: Mapping[str, str] = LIKE) -> tuple[str, ...] | None:
    """The characters of `read` that would have to be misread for `other` to stand there; () where both are the same, None where they are too unlike."""
    if len(read) != len(other):
        return None
    differing = [(a, b) for a, b in zip(read, other, strict=True) if a != b]
    return tuple(a for a, _ in differing) if all(b in table.get(a, "") for a, b in differing) else None


def readings(text: str, doubtful: Collection[int], most: int = 2, table: Mapping[str, str] = LIKE) -> Iterator[str]:
    """What a text may have been where up to `most` of the characters at these offsets were misread; the text itself is left out."""
    for count in range(1, most + 1):
        for places in combinations(sorted(doubtful), count):
            for letters in product(*(table.get(text[at], "") for at in places)):
                out = list(text)
                for at, letter in zip(places, letters, strict=True):
                    out[at] = letter
                yield "".join(out)
