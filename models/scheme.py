"""A scheme's numbers: what the notice asks for, with the clause and the words it stands in.

In:    the name of a scheme, "ningbo-2020"; its table lies beside this module in schemes/ningbo_2020.toml.
Out:   `Scheme`: papers to hand in, fields of the forms, caps, rates and windows by flag code and track.
Fails: SchemeUnknown, naming the schemes there are.
Elsewhere: what is done with the numbers (pipeline/rules).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict, Field

from models.errors import SchemeUnknown
from models.page import Frozen
from models.paper import PaperType, Track

ALL = "all"


class Provision(Frozen):
    """Where the notice says it. clause: as flags cite it, without spaces; text: its words, "" where the rule follows from none."""

    clause: str = ""
    text: str = ""


class Limit(Provision):
    """A provision with the numbers it sets, each None where it sets none.

    at_most, at_least: in `unit` (percent, yuan, month, batches, years), both ends allowed.
    times: a multiple of another amount, kept as one; times_component: that for core components (关键核心零部件).
    """

    at_most: Decimal | None = None
    at_least: Decimal | None = None
    times: Decimal | None = None
    times_component: Decimal | None = None
    unit: str = ""


class Validity(Provision):
    """First and last day on which an insurance may start."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    from_: date = Field(alias="from")
    until: date


class RequiredPapers(Provision):
    """Papers to hand in: one of `types` will do; the first one's name is reported where all are missing."""

    types: tuple[PaperType, ...]


class FormField(Frozen):
    """A field that the form asks for. text: the annex's own label; optional: it may stay blank (contact persons)."""

    field: str
    text: str
    optional: bool = False


class Form(Frozen):
    """An application form (附件). annex: its number; title: as it heads the form."""

    annex: int
    title: str
    fields: tuple[FormField, ...]


class Tables(Frozen):
    """Which annexes insurers file for a track: the claims they insured, and, where there is one, the losses they paid."""

    claims: int
    losses: int | None = None


class Scheme(Frozen):
    """A scheme as data. rules: flag code -> track (or "all") -> what the notice says about it. tables: those that insurers file."""

    name: str
    title: str
    validity: Validity
    forms: Mapping[Track, Form]
    documents: Mapping[Track, tuple[RequiredPapers, ...]]
    tables: Mapping[Track, Tables] = {}
    rules: Mapping[str, Mapping[str, Limit]]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that the scheme knows, in its own order."""
        return tuple(self.documents)

    def limit(self, code: str, track: Track | None) -> Limit:
        """What the notice says for a flag's code in a track; an empty provision where it says nothing."""
        by_track = self.rules.get(code, {})
        return by_track.get(track.value if track else ALL) or by_track.get(ALL) or Limit()

    def track_of_annex(self, annex: int) -> Track | None:
        """Which track's form the annex is."""
        return next((track for track, form in self.forms.items() if form.annex == annex), None)


def known_schemes() -> tuple[str, ...]:
    """Names of the schemes that are shipped."""
    return tuple(sorted(entry.name[:-5].replace("_", "-") for entry in files("models").joinpath("schemes").iterdir() if entry.name.endswith(".toml")))


@cache
def load_scheme(name: str) -> Scheme:
    """A shipped scheme by its name. Raises SchemeUnknown, naming those there are."""
    known = known_schemes()
    if name not in known:
        raise SchemeUnknown(f"There is no scheme {name!r}. Known: {', '.join(known)}. Name one of these with --scheme and run the same command again.")
    table = files("models").joinpath("schemes", name.replace("-", "_") + ".toml")
    return Scheme.model_validate(tomllib.loads(table.read_text(encoding="utf-8")))
