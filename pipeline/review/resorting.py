"""Which papers a submission is made of, after what reviewers said of it: papers of another type, pages that belong to another paper, values set right.

In:    papers as read, corrections and re-sortings in the order in which they were made.
Out:   the papers as they stand then; what was said of papers that aren't there.
Fails: never.
What was set right stays set right: a paper whose pages are read as another type gets the corrections that were made of it again, where the type shows such a value; a correction
of a value that stands on a page goes with the page. Taken back, a re-sorting leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from extractors.papers import extract_paper
from models.amendments import Amendment, PageRef, PaperRetyped
from models.field import Field
from models.page import Page
from models.paper import FIELDS, FORM_FIELDS, Paper, PaperType, Part
from models.review import Correction, PaperRef

FORM_ONES = frozenset(name for fields in FORM_FIELDS.values() for name in fields)
_READ: Mapping[str, object] = {"fields": {}, "extra": {}, "rows": (), "total": {}, "buyers": (), "parameters": (), "blank": (), "places": {}}  # what reading gives a paper
_SORTED: Mapping[str, object] = {"confidence": 1.0, "doubt": "", "annex": None, "maybe": ()}  # a person is sure


class Sorted(NamedTuple):
    """papers: as they stand; unplaced: what was said of papers that there aren't, which changes nothing."""

    papers: list[Paper]
    unplaced: tuple[Amendment, ...]


def sorted_anew(papers: Sequence[Paper], amendments: Iterable[Amendment]) -> Sorted:
    """The papers with what was said of them, one after the other."""
    said = [a for a in amendments if isinstance(a, (Correction, PaperRetyped))]
    gone = {a.takes_back for a in said if isinstance(a, PaperRetyped)} - {None}
    desks = [_Desk(paper, paper, frozenset({paper.type})) for paper in papers]
    left: list[Amendment] = []
    for a in said:
        if isinstance(a, PaperRetyped):
            if a.takes_back is not None:
                continue
            at = find([desk.paper for desk in desks], a.paper)
            if a.at in gone and at is not None:  # what was set right on it while it was of that type still finds it
                desks[at] = desks[at]._replace(types=desks[at].types | {a.type})
            elif a.at not in gone and not _resort(desks, a):
                left.append(a)
        elif (at := _held(desks, a.paper)) is None:
            left.append(a)
        else:
            desks[at] = desks[at]._replace(paper=with_correction(desks[at].paper, a), said=(*desks[at].said, a))
    return Sorted([desk.paper for desk in desks], tuple(left))


def find(papers: Sequence[Paper], ref: PaperRef) -> int | None:
    """Which of the papers begins there."""
    return next((i for i, paper in enumerate(papers) if (paper.parts[0].file, paper.parts[0].pages[0]) == (ref.file, ref.page)), None)


def ref_of(paper: Paper) -> PaperRef:
    """How what is said of a paper calls it."""
    return PaperRef(type=paper.type, file=paper.parts[0].file, page=paper.parts[0].pages[0])


def pages_of(paper: Paper) -> tuple[PageRef, ...]:
    """A paper's pages in reading order."""
    return tuple(PageRef(file=part.file, page=page) for part in paper.parts for page in part.pages)


def contract_fields(kind: PaperType) -> frozenset[str]:
    """The fields that a paper of a type may show; a form's of any track."""
    return FORM_ONES if kind is PaperType.APPLICATION_FORM else frozenset(FIELDS.get(kind, ()))


# ---------------------------------------------------------------- values


def with_correction(paper: Paper, correction: Correction) -> Paper:
    """A paper with one value set right, added or taken away. What it shows beyond the contract's fields is set in `extra`; what another type shows that it was taken for isn't set."""
    name = correction.field
    known = name in paper.fields or name in contract_fields(paper.type)
    if correction.paper.type is not paper.type and not known and name not in paper.extra:
        return paper
    beyond = name in paper.extra or not known
    fields = dict(paper.extra if beyond else paper.fields)
    old = fields.pop(name, None)
    if correction.corrected is not None:
        fields[name] = as_said(old, correction.corrected, correction.reason)
        fields[name] = fields[name].model_copy(update={"source": correction.place or (old.source if old else None) or paper.region})
    blank = tuple(n for n in paper.blank if n != name) + ((name,) if correction.corrected is None else ())
    return paper.model_copy(update={"extra": fields, "blank": blank} if beyond else {"fields": fields, "blank": blank})


def as_said(old: Field | None, value: str | bool, reason: str) -> Field:
    """A value as a reviewer says it is: sure and accepted; what was printed, and how it was read, is kept."""
    if old is None:
        why = "人工补录"
    elif old.value == value:
        why = "人工确认"
    else:
        why = f"人工更正，原识别为“{old.text}”"
    return Field(
        value=value, raw=old.raw if old else "", confidence=1.0, accepted=True, source=old.source if old else None,
        why=(*(old.why if old else ()), why + (f"：{reason}" if reason else "")), reading=old.as_read if old else 0.0)


# ---------------------------------------------------------------- papers


class _Desk(NamedTuple):
    """A paper as it was read and with what was set right on it, and the types that it has been taken for."""

    paper: Paper
    read: Paper
    types: frozenset[PaperType]
    said: tuple[Correction, ...] = ()


def _held(desks: Sequence[_Desk], ref: PaperRef) -> int | None:
    """Which paper of that type, now or as read, begins there."""
    at = find([desk.paper for desk in desks], ref)
    return at if at is not None and ref.type in desks[at].types else None


class Plan(NamedTuple):
    """What a re-sorting comes to. at: the paper it is of; to: the one that gets pages of it, None for a new one; moved: the pages; whole: nothing of the paper is left; result: with
    pages and types, still without what stands on them: the paper of the pages first, then what is left of the other."""

    at: int
    to: int | None
    moved: frozenset[PageRef]
    whole: bool
    result: tuple[Paper, ...]


def plan(papers: Sequence[Paper], said: PaperRetyped) -> Plan | None:
    """What a re-sorting of these papers comes to; None where it comes to nothing."""
    at, to = find(papers, said.paper), find(papers, said.joins) if said.joins else None
    if at is None or to == at or (said.joins is not None and to is None):
        return None
    own = pages_of(papers[at])
    moved = frozenset(said.pages) & frozenset(own) if said.pages else frozenset(own)
    if not moved:
        return None
    whole = moved == frozenset(own)
    target = _bare(papers[at], said.type, [page for page in own if page in moved]) if to is None else _bare(papers[to], papers[to].type, [*pages_of(papers[to]), *sorted(moved, key=own.index)])
    rest = () if whole else (_bare(papers[at], papers[at].type, [page for page in own if page not in moved]),)
    return Plan(at, to, moved, whole, (target, *rest))


def readings(planned: Plan, pages: Mapping[tuple[str, int], Page]) -> tuple[Paper, ...]:
    """The plan's papers, read from their pages; none where one of the pages isn't at hand."""
    wanted = [page for paper in planned.result for page in pages_of(paper)]
    return tuple(extract_paper(paper, pages) for paper in planned.result) if all((page.file, page.page) in pages for page in wanted) else ()


def _resort(desks: list[_Desk], said: PaperRetyped) -> bool:
    """Put a re-sorting over the papers; False where it comes to nothing. Papers that stay keep their places; a new one comes last."""
    planned = plan([desk.paper for desk in desks], said)
    if planned is None:
        return False
    source = desks[planned.at]
    fitting = len(said.made) == len(planned.result) and all(pages_of(made) == pages_of(paper) for made, paper in zip(said.made, planned.result, strict=True))
    bare = list(said.made if fitting else _unread(desks, planned))
    goes = source.said if planned.whole else tuple(a for a in source.said if a.place is not None and PageRef(file=a.place.file, page=a.place.page) in planned.moved)
    if planned.to is None:
        new = _Desk(bare[0], bare[0], (source.types if planned.whole else frozenset()) | {said.type}, goes)
    else:
        new = desks[planned.to]._replace(read=bare[0], said=(*goes, *desks[planned.to].said))
    again = _with_all(new)
    if planned.to is not None:
        desks[planned.to] = again
    elif planned.whole:
        desks[planned.at] = again
    else:
        desks.append(again)
    if not planned.whole:
        desks[planned.at] = _with_all(source._replace(read=bare[1], said=tuple(a for a in source.said if a not in goes)))
    elif planned.to is not None:
        del desks[planned.at]
    return True


def _with_all(desk: _Desk) -> _Desk:
    """A paper that was read anew with what was set right on it."""
    paper = desk.read
    for a in desk.said:
        paper = with_correction(paper, a)
    return desk._replace(paper=paper)


def _unread(desks: Sequence[_Desk], planned: Plan) -> Iterator[Paper]:
    """Without readings at hand: what both types show stays, and what stands on a page goes with it."""
    source = desks[planned.at].read
    held = source if planned.to is None else desks[planned.to].read
    target, *rest = planned.result
    if planned.to is None:
        known = contract_fields(target.type)
        fields = {name: field for name, field in source.fields.items() if name in known and (planned.whole or _on(field, planned.moved))}
        yield target.model_copy(update={"fields": fields, "blank": tuple(n for n in source.blank if n in known), "seals": tuple(s for s in source.seals if PageRef(file=s.file, page=s.page) in planned.moved)})
    else:
        moved = tuple(s for s in source.seals if PageRef(file=s.file, page=s.page) in planned.moved)
        yield held.model_copy(update={"parts": target.parts, "seals": (*held.seals, *moved)})
    for paper in rest:
        yield source.model_copy(update={
            "parts": paper.parts, "fields": {name: field for name, field in source.fields.items() if not _on(field, planned.moved)},
            "seals": tuple(s for s in source.seals if PageRef(file=s.file, page=s.page) not in planned.moved)})


def _on(field: Field, pages: frozenset[PageRef]) -> bool:
    return field.source is not None and PageRef(file=field.source.file, page=field.source.page) in pages


def _bare(paper: Paper, kind: PaperType, pages: Sequence[PageRef]) -> Paper:
    """A paper of these pages with nothing read on it; pages of one file in their order, files as they first come."""
    files = dict.fromkeys(page.file for page in pages)
    parts = tuple(Part(file=file, pages=tuple(sorted({page.page for page in pages if page.file == file}))) for file in files)
    return paper.model_copy(update={**_READ, **_SORTED, "type": kind, "parts": parts, "seals": ()})
