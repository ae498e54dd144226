"""What a person set right: the record that the review page writes and that learning and calibration read.

In:    JSON lines, one correction a line, UTF-8.
Out:   `Correction`.
Fails: CorrectionsInvalid, with the line.

Corrections are only ever added: who changes their mind writes another one, and the later one of a field counts (`latest`).
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import AwareDatetime, Field, ValidationError

from models.errors import CorrectionsInvalid
from models.field import Region
from models.page import Frozen
from models.paper import PaperType


class PaperRef(Frozen):
    """A paper of a submission: its type and its first page, from 1 in the file."""

    type: PaperType
    file: str
    page: int = Field(ge=1)


class Correction(Frozen):
    """One field of one paper as it was read and as it should be.

    field: the contract's name. read: the value that the system gave, None where it gave none. corrected: the right one in the contract's format, None where the paper
    doesn't show the field; the same as `read` where a person has confirmed it.
    place: where the right value stands (file, page, box in fractions of the upright page), where the person has shown it.
    at: when, with its time zone. by: an opaque id of the person, no name. reason: free text, may be "".
    """

    submission_id: str
    paper: PaperRef
    field: str
    read: str | bool | None = None
    corrected: str | bool | None = None
    place: Region | None = None
    at: AwareDatetime
    by: str
    reason: str = ""

    @property
    def subject(self) -> tuple[str, PaperRef, str]:
        """What it is about."""
        return self.submission_id, self.paper, self.field


def parse_corrections(text: str, name: str = "corrections") -> tuple[Correction, ...]:
    """Corrections from JSON lines; empty lines are passed over. name: of the file, for the message. Raises CorrectionsInvalid."""
    out = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            out.append(Correction.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise CorrectionsInvalid(f"{name}, line {number}: {where}: {first['msg']}. Write one correction a line as models/review.py describes it.") from None
    return tuple(out)


def as_lines(corrections: Iterable[Correction]) -> str:
    """The same as JSON lines."""
    return "".join(one.model_dump_json() + "\n" for one in corrections)


def latest(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """The last correction of each field of each paper, in the order of time."""
    last = {one.subject: one for one in sorted(corrections, key=lambda c: c.at)}
    return tuple(sorted(last.values(), key=lambda c: c.at))
