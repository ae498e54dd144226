"""Which accepted values are read a second time by a person who doesn't see what was read, and what that tells of those that nobody looks at.

In:    a claim as the machine read it, a key that only the workspace has; how many were looked at and how many of them were wrong.
Out:   values; a share with its interval.
Fails: never.
A value is chosen by a keyed hash of claim, paper and field: by chance, the same whenever one asks, and not to be foreseen by who makes papers or reads them.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterator
from typing import NamedTuple

from models.claim import Claim
from models.review import PaperRef
from pipeline.review.resorting import contract_fields

Z = 1.959964  # two-sided 95 %


class SecondLook(NamedTuple):
    """A value to be read from its page. key: as `pipeline.review.present` calls it."""

    key: str
    paper: PaperRef
    field: str
    read: str | bool


def chosen(claim: Claim, batch: str, key: bytes, share: float) -> Iterator[SecondLook]:
    """The accepted values of the claim's papers that chance picks. batch: which the claim is of; share: 0.03 for three in a hundred."""
    for index, paper in enumerate(claim.papers):
        ref = PaperRef(type=paper.type, file=paper.parts[0].file, page=paper.parts[0].pages[0])
        known = contract_fields(paper.type)
        for name, field in paper.fields.items():
            if field.accepted and field.source is not None and name in known and _chance(key, f"{batch}\0{claim.submission_id}\0{ref.file}\0{ref.page}\0{name}") < share:
                yield SecondLook(f"p{index}.{name}", ref, name, field.value)


def _chance(key: bytes, text: str) -> float:
    """0 to below 1, evenly spread over texts."""
    digest = hmac.new(key, b"second look\0" + text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class Share(NamedTuple):
    """wrong of looked, and within which bounds the true share lies with 95 % confidence (Wilson's interval); 0 to 1."""

    looked: int
    wrong: int
    least: float
    most: float


def share_of(looked: int, wrong: int) -> Share:
    """The share of wrong values with its interval; of none at all anything is possible."""
    if not looked:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = wrong / looked, Z * Z
    middle = (p + z2 / (2 * looked)) / (1 + z2 / looked)
    half = Z * math.sqrt(p * (1 - p) / looked + z2 / (4 * looked * looked)) / (1 + z2 / looked)
    return Share(looked, wrong, max(0.0, middle - half) if wrong else 0.0, min(1.0, middle + half) if wrong < looked else 1.0)
