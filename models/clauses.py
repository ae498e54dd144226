"""A scheme's own words, clause by clause.

In:    a scheme's name and a clause as flags cite it: "三（一）2", "四（二）1（3）", "附件1".
Out:   its text with all that belongs to it (三（一）: heading and points), the headings it stands under; "" and () where the scheme has no such clause.
Source: schemes/clauses/ningbo_2020.toml, the measure word for word.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from models.page import Frozen


class Entry(Frozen):
    """A heading, a point or a paragraph. id: of the clause it belongs to."""

    id: str
    text: str


@cache
def clauses(scheme: str) -> tuple[Entry, ...]:
    """All entries in the measure's order; none for a scheme whose text isn't shipped."""
    table = files("models").joinpath("schemes", "clauses", scheme.replace("-", "_") + ".toml")
    if not table.is_file():
        return ()
    return tuple(Entry.model_validate(entry) for entry in tomllib.loads(table.read_text(encoding="utf-8"))["clause"])


def clause_text(scheme: str, clause: str) -> str:
    """The clause's words with those of its points, a line each."""
    return "\n".join(entry.text for entry in clauses(scheme) if clause and entry.id.startswith(clause))


def clause_path(scheme: str, clause: str) -> tuple[str, ...]:
    """The headings that the clause stands under, the outermost first: 四、保险原则…, （二）高端装备, 1.每年1月份…以下申请材料："""
    above = dict.fromkeys(entry.id for entry in clauses(scheme) if clause.startswith(entry.id) and entry.id != clause)
    return tuple(next(entry.text for entry in clauses(scheme) if entry.id == one) for one in above)
