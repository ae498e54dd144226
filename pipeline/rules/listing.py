"""The rules as a table, for people: which there are, how bad a finding is, what it rests on, what it needs.

In:    a scheme.  Out: a row a rule and severity-or-clause that differs by track, from the registry and the scheme's own numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from models.flag import Severity
from models.paper import Track
from models.scheme import Scheme
from pipeline.rules import RULES
from pipeline.rules.case import Rule


class Line(NamedTuple):
    """A rule in one or more tracks.

    needs: fields that must have been read; asks: fields and papers it asks for on its way; reference: tables that must have been given; across: looks at the whole batch.
    """

    code: str
    tracks: tuple[Track, ...]
    severity: Severity
    clause: str
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    reference: tuple[str, ...]
    across: bool


def lines(scheme: Scheme) -> Iterator[Line]:
    """The rules that the scheme's tracks have, in the rulebook's order; tracks that share severity and clause share a line."""
    for rule in RULES:
        by_finding: dict[tuple[Severity, str], list[Track]] = {}
        for track in rule.tracks:
            if track in scheme.tracks:
                by_finding.setdefault((rule.severity_in(track), clauses(rule, scheme, track)), []).append(track)
        for (severity, clause), tracks in by_finding.items():
            yield Line(rule.code, tuple(tracks), severity, clause, rule.needs, rule.asks, rule.reference, rule.across)


def clauses(rule: Rule, scheme: Scheme, track: Track) -> str:
    """What findings of a rule cite in a track; a rule on papers cites the clause of the paper that is missing."""
    if rule.code == "missing_document":
        return "、".join(dict.fromkeys(wanted.clause for wanted in scheme.documents[track]))
    return scheme.limit(rule.code, track).clause
