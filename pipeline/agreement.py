"""What a paper says of a fact borne out by another paper that says the same, read for sure.

In:    a submission's papers, after what was misread is put right and what is doubtful is doubted.
Out:   the same papers; a value that another paper has, too, is surer, and says so in `why`.
Fails: never.
Elsewhere: which of several papers speaks for the claim (pipeline/evidence.py); the insurers' tables as a second paper (pipeline/seconding.py).

A value that is doubtful by its place or its label is hardly the wrong one where another paper prints it as the same fact. That proves nothing of a value that was looked for on its paper because
the others have it, nor against a check that failed on the paper itself (words against figures): its figures may be copied wrongly on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.confidence import confirmed
from matchers.values import same_value
from models.field import Field
from models.paper import Kind, Paper, kind_of
from models.text import compact
from pipeline.proof import heard_elsewhere
from pipeline.unlabelled import FOUND_SO

DOUBT = 0.8  # a value scored with less failed a check; one with more is left to a person for its place or form alone


def with_agreement_heeded(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The papers with those of their values borne out that other papers have, too; these were all sure of themselves before any was borne out."""
    return tuple(paper.model_copy(update={"fields": {name: _heeded(papers, paper, name, field) for name, field in paper.fields.items()}}) for paper in papers)


def _heeded(papers: Sequence[Paper], paper: Paper, name: str, field: Field) -> Field:
    if field.borne_out or FOUND_SO in field.why or (field.borne_out is False and field.score < DOUBT):
        return field
    alike = any(same_value(name, field, other) and _as_written(name, field) == _as_written(name, other) for other in heard_elsewhere(papers, paper, name))
    return confirmed(field, "与其他材料一致") if alike else field


def _as_written(name: str, field: Field) -> str:
    """A text with all its signs, which count here though names are compared without those around them: ....ER198 isn't ER198."""
    return "" if kind_of(name) in (Kind.MONEY, Kind.PERCENT, Kind.QUANTITY) else compact(field.text)
