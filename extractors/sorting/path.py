"""The likeliest cut of a submission's pages into papers and types (Viterbi).

In:    traits of pages in order. Out: `Run`s: pages that follow each other in one paper, with its type.
Elsewhere: what each step is worth (scores.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.sorting.scores import link_score, start_score, type_score
from extractors.sorting.traits import Traits
from extractors.sorting.vocabulary import vocabulary
from models.paper import PaperType

_LOOKED_BACK = 8  # pages of a paper, besides its first, that a further page is held against


@dataclass
class Run:
    """Pages (indices) that follow each other in one paper, their type, and by how much it beat the next best."""

    pages: list[int]
    type: PaperType
    margin: float
    cut_off: bool  # begins on a later page: what it belongs to lies elsewhere, if anywhere


def best_path(traits: Sequence[Traits], indices: Sequence[int]) -> list[Run]:
    """The likeliest cut of the pages into papers and types."""
    if not traits:
        return []
    kinds = [w.type for w in vocabulary()]
    more = {w.type: w.more for w in vocabulary()}
    states = [(k, opens) for k in kinds for opens in (True, False)]
    scores: list[dict[tuple[PaperType, bool], float]] = []
    back: list[dict[tuple[PaperType, bool], tuple[PaperType, bool]]] = []
    runs_to: list[dict[tuple[PaperType, bool], tuple[Traits, ...]]] = []  # pages of the run that the best path to a state ends in
    for i, t in enumerate(traits):
        in_run: dict[tuple[PaperType, bool], tuple[Traits, ...]] = {}
        here: dict[tuple[PaperType, bool], float] = {}
        origin: dict[tuple[PaperType, bool], tuple[PaperType, bool]] = {}
        top = max(scores[-1], key=scores[-1].__getitem__) if scores else None
        for kind, opens in states:
            if opens:
                in_run[(kind, True)] = (t,)
                here[(kind, True)] = start_score(t, kind)[0] + (scores[-1][top] if top else 0.0)
                if top:
                    origin[(kind, True)] = top
            elif i:
                best = max(((kind, True), (kind, False)), key=lambda s: scores[-1].get(s, -math.inf))
                run = runs_to[-1].get(best, (traits[i - 1],))
                in_run[(kind, False)] = (*run[:1], *run[1:][-_LOOKED_BACK:], t)
                here[(kind, False)] = type_score(t, kind, False) + link_score(run, t, kind, more[kind]) + scores[-1].get(best, -math.inf)
                origin[(kind, False)] = best
        runs_to.append(in_run)
        scores.append(here)
        back.append(origin)
    state = max(scores[-1], key=scores[-1].__getitem__)
    path = [state]
    for origin in reversed(back[1:]):
        path.append(origin[path[-1]])
    path.reverse()
    runs: list[Run] = []
    for i, (kind, opens) in enumerate(path):
        if opens or not runs:
            runs.append(Run([indices[i]], kind, _margin(traits[i], kind), start_score(traits[i], kind)[1]))
        else:
            runs[-1].pages.append(indices[i])
            runs[-1].margin = max(runs[-1].margin, _margin(traits[i], kind))
    return runs


def _margin(t: Traits, kind: PaperType) -> float:
    """By how much a page's own evidence for a type beats the next best type."""
    return type_score(t, kind, True) - max(type_score(t, w.type, True) for w in vocabulary() if w.type is not kind)
