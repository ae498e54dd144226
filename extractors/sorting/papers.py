"""The papers of a submission, from its pages.

In:    pages, file by file. Out: papers without fields, in order; every page belongs to exactly one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from extractors.sorting.cut_off import join_cut_off
from extractors.sorting.path import Run, best_path
from extractors.sorting.repeats import repeats_in
from extractors.sorting.scores import names_agree
from extractors.sorting.traits import Traits, look
from models.page import Page
from models.paper import Paper, PaperType, Part

_SURE = 0.8  # confidence in its type from which a paper needn't be checked


def sort_pages(pages: Sequence[Page]) -> tuple[Paper, ...]:
    """Papers of a submission, in the order of their first pages; `fields` stay empty.

    pages: file by file, each file's pages in order; files in an order that need not mean anything.
    A paper whose pages lie in several files has several parts, in reading order. `confidence` is that of the type; `doubt` says in Chinese
    why it is uncertain.
    """
    traits = [look(page) for page in pages]
    again = repeats_in(traits)
    content = [i for i, t in enumerate(traits) if not t.blank and i not in again]
    runs = join_cut_off(best_path([traits[i] for i in content], content), traits)
    sealed = _sealed_alone(runs, traits)
    papers = [_paper(run, again, traits) for run in runs]
    papers += [_blank(t) for i, t in enumerate(traits) if t.blank and i not in again and i not in sealed]
    order = {t.where: i for i, t in enumerate(traits)}
    return tuple(sorted(papers, key=lambda p: min(order[(part.file, n)] for part in p.parts for n in part.pages)))


def _sealed_alone(runs: list[Run], traits: Sequence[Traits]) -> set[int]:
    """Pages that bear the seals of a contract's two parties and next to no other text, right behind its last page: they go with it, and are put there."""
    out: set[int] = set()
    for run in [r for r in runs if r.type is PaperType.SALES_CONTRACT]:
        behind = run.pages[-1] + 1
        if behind >= len(traits) or traits[behind].page.file != traits[run.pages[-1]].page.file:
            continue
        alone = next((r for r in runs if r.pages == [behind] and r.type is PaperType.OTHER and len(traits[behind].text) <= _SEALS_TEXT), None)
        parties = {name for i in run.pages for name in traits[i].names}
        if (traits[behind].blank or alone) and names_agree(parties, {seal.text for seal in traits[behind].page.seals if seal.text}) > 0:
            run.pages.append(behind)
            out.add(behind)
            if alone:
                runs.remove(alone)
    return out


_SEALS_TEXT = 60  # characters that may be read of two seals


def _paper(run: Run, again: Mapping[int, int], traits: Sequence[Traits]) -> Paper:
    pages = list(run.pages)
    pages += sorted(j for j, i in again.items() if i in run.pages)
    parts: list[Part] = []
    for i in pages:
        file, number = traits[i].where
        if parts and parts[-1].file == file:
            parts[-1] = Part(file=file, pages=(*parts[-1].pages, number))
        else:
            parts.append(Part(file=file, pages=(number,)))
    confidence = 1 / (1 + math.exp(-max(-20.0, run.margin)))
    return Paper(type=run.type, parts=tuple(parts), confidence=round(confidence, 3), doubt="" if confidence >= _SURE else "材料类型不能确定，请核对")


def _blank(t: Traits) -> Paper:
    return Paper(type=PaperType.OTHER, parts=(Part(file=t.page.file, pages=(t.page.number,)),))
