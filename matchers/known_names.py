"""A register's names, asked for one that was perhaps misread.

In:    normalised names, up to millions; a name as read.
Out:   the known names within a few errors of it; whether one of them is meant is for `matchers.names.resolve` to say.
Fails: never.

Each name is a mask of 64 bits, one or more for each of its characters; an error changes at most two of them. Comparing masks leaves a
handful of a million names to be compared by edits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matchers.names import ALLOWED_ERRORS, resolve
from models.text import is_clean

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # golden ratio: neighbouring characters get bits far apart
_TOP = np.uint64(58)
_ONE = np.uint64(1)
_PLAIN = np.array(sorted(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz（）")), dtype=np.uint32)


class KnownNames:
    """Normalised names; the masks are made when the first name has to be searched for."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    @cached_property
    def _masks(self) -> npt.NDArray[np.uint64]:
        return _masks_of(self._names)

    def resolve(self, name: str) -> str | None:
        """The known name that a normalised reading means, as `matchers.names.resolve` finds it; None where there is none."""
        if not name or not self._names:
            return None
        differing = np.bitwise_count(self._masks ^ _masks_of([name])[0])
        near = np.flatnonzero(differing <= 2 * ALLOWED_ERRORS)
        return resolve(name, {self._names[i]: self._names[i] for i in near.tolist()})


def are_plain(names: Sequence[str]) -> list[bool]:
    """Of each name whether it is surely in the form in which names are compared (`models.text.is_clean`), all of them at once."""
    lengths = list(map(len, names))
    if not all(lengths):
        return list(map(is_clean, names))
    codes = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32)
    chinese = (codes >= 0x4E00) & (codes <= 0x9FFF)
    others = np.isin(codes[~chinese], _PLAIN)
    allowed = chinese.copy()
    allowed[~chinese] = others
    starts = np.cumsum([0, *lengths[:-1]])
    return (np.logical_and.reduceat(allowed, starts) & np.logical_or.reduceat(chinese, starts)).tolist() if names else []


def _masks_of(names: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The set of a name's characters as bits; names aren't empty."""
    codes = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    bits = _ONE << ((codes * _SPREAD) >> _TOP)
    starts = np.cumsum([0, *map(len, names[:-1])])
    return np.bitwise_or.reduceat(bits, starts)
