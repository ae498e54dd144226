"""What senders of files say, read the same way for the page and the API.

In:    a request.  Out: Announced files; a piece of one.
Fails: pydantic's ValidationError; Refused for a piece that is larger than is taken, or that says no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, NamedTuple

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from pipeline.review.web.cases import Refused
from pipeline.review.web.receiving import PIECE, Announced
from pipeline.review.web.words import told

_LARGEST = 2**53 - 1  # what JSON's numbers hold


class FileSent(BaseModel):
    """A file that will be sent. folder: of its submission, as the sender calls it; name: its path in there; size in bytes; modified: milliseconds since 1970, 0 unknown."""

    model_config = ConfigDict(extra="forbid")

    folder: Annotated[str, Field(min_length=1, max_length=4096)]
    name: Annotated[str, Field(min_length=1, max_length=4096)]
    size: Annotated[int, Field(ge=0, le=_LARGEST)]
    modified: Annotated[int, Field(ge=0, le=_LARGEST)] = 0


class Piece(NamedTuple):
    """Bytes of a file from offset on; sha256: of the whole file, "" where the sender doesn't say."""

    offset: int
    data: bytes
    sha256: str


def announced(sent: Iterable[FileSent]) -> list[Announced]:
    """As receiving takes them."""
    return [Announced(one.folder, one.name, one.size, one.modified) for one in sent]


def piece_of(request: HttpRequest) -> Piece:
    """The bytes in a request's body, with `offset` and `sha256` from its address."""
    offset, sha256 = request.GET.get("offset", ""), request.GET.get("sha256", "")
    if not re.fullmatch("[0-9]{1,16}", offset) or not re.fullmatch("(?:[0-9a-fA-F]{64})?", sha256):
        raise Refused(told("no_offset"))
    return Piece(int(offset), body_of(request), sha256)


def body_of(request: HttpRequest) -> bytes:
    """A request's body, read no further than a piece may be long."""
    data = request.read(PIECE + 1)
    if len(data) > PIECE:
        raise Refused(told("piece_most", n=PIECE))
    return data
