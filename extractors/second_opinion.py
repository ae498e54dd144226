"""A second opinion on the names that a paper of prose tells: what a learned model says is held against what the rules found.

In:    a paper with its fields, its pages, a model and what it may be used for.
Out:   the same paper, some of its names surer, doubted, replaced or added; a name that only the model says is never accepted.
Fails: never.
Elsewhere: the model (extractors/language/names.py); how it is measured what it may be used for (pipeline/learning).

Both see the same reading, so that they agree says that the place is right, not that the characters are: agreement makes no name surer than it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from extractors.confidence import ACCEPT_AT, CONFIRMED, accepts, doubted
from extractors.fields import make_field
from extractors.language.names import LEARNED, Names, Said
from extractors.language.running import RunningText
from extractors.papers import pages_of
from models.field import Field
from models.page import Frozen, Page
from models.paper import Paper, PaperType
from models.text import compact

NEVER_ABOVE = ACCEPT_AT - 0.05  # of a name that only the model says
FIRM = 0.9  # likelihood from which on the model's word counts against the rules'


class Use(StrEnum):
    """What a model's word on a field may do."""

    ADD = "add"  # say a name where the rules found none
    BEAR_OUT = "bear_out"  # make a name surer where both say the same
    DOUBT = "doubt"  # leave an accepted name to a person where they differ
    REPLACE = "replace"  # take the place of a name that the rules weren't sure of


class Trust(Frozen):
    """What a model may be used for in one field of one type of paper. right: share of what it says that is right, as measured, at least."""

    uses: frozenset[Use] = frozenset()
    right: float = 0.0


Trusts = Mapping[str, Trust]  # "sales_contract.buyer_name" -> Trust


def key(type_: PaperType, name: str) -> str:
    """How a field of a type of paper is called in `Trusts`."""
    return f"{type_.value}.{name}"


@dataclass(frozen=True, eq=False)
class SecondOpinion:
    """A model and what it may be used for."""

    names: Names
    trusts: Trusts = field(default_factory=dict)

    def on(self, paper: Paper, pages: Mapping[tuple[str, int], Page]) -> Paper:
        """The paper as it stands after the model was asked. pages: all of the submission's, by file and number."""
        asked = [name for name in LEARNED.get(paper.type, ()) if self.trusts.get(key(paper.type, name), Trust()).uses]
        if not asked:
            return paper
        said = self.names.said(RunningText.of(pages_of(paper, pages)), paper.type)
        fields = dict(paper.fields)
        for name in asked:
            settled = weigh(fields.get(name), said.get(name), self.trusts[key(paper.type, name)])
            if settled is not None:
                fields[name] = settled
        return paper if fields == paper.fields else paper.model_copy(update={"fields": fields})


def weigh(found: Field | None, said: Said | None, trust: Trust) -> Field | None:
    """A field after the model's word on it. found: by the rules. said: by the model, None where it says nothing."""
    if said is None:
        return found
    if found is None:
        return _own(said, trust, "规则未读出，据学习所得") if Use.ADD in trust.uses else None
    if same(found, said):
        sure = min(CONFIRMED, said.piece.confidence)
        if Use.BEAR_OUT not in trust.uses or found.reading or sure <= found.confidence:  # `reading`: a check has lowered it, and stands
            return found
        surer = found.raised(sure, "与学习所得一致")
        return surer.model_copy(update={"accepted": accepts(surer.confidence)})
    if not against(found, said):
        return found
    if found.accepted:
        return doubted(found, f"学习所得为{said.piece.folded}") if Use.DOUBT in trust.uses else found
    return (_own(said, trust, f"规则读作{found.text}，存疑，据学习所得") if Use.REPLACE in trust.uses else None) or found


def _own(said: Said, trust: Trust, why: str) -> Field | None:
    """The model's word as a field of its own, for a person to look at."""
    made = make_field(said.field, said.piece, found=said.likelihood * trust.right)
    return made.lowered(NEVER_ABOVE, why) if made is not None else None


def against(found: Field, said: Said) -> bool:
    """Whether the model's word speaks against the rules'. A part of their name does not: the border of a column or a line break cut it."""
    return said.likelihood >= FIRM and not same(found, said) and said.piece.folded not in compact(found.text)


def same(found: Field, said: Said) -> bool:
    """Whether rules and model say the same name."""
    return compact(found.text) == said.piece.folded
