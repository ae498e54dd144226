"""What every paper's extractor takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.field import Field, Region
from models.page import Page
from models.paper import Buyer, Row


@dataclass(frozen=True)
class Extracted:
    """What was read of one paper; the parts are those of `models.paper.Paper`, which says what they mean.

    fields: the contract's for the paper's type, absent where the paper doesn't show them.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    extra: Mapping[str, Field] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    total: Row = field(default_factory=dict)
    buyers: Sequence[Buyer] = ()
    parameters: Sequence[Field] = ()
    blank: Sequence[str] = ()
    places: Mapping[str, Region] = field(default_factory=dict)
    annex: int | None = None


def present(**fields: Field | None) -> dict[str, Field]:
    """Those fields that were read."""
    return {name: value for name, value in fields.items() if value is not None}


__all__ = ["Extracted", "Page", "present"]
