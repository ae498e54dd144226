"""The log, the figures and the scheme, for programs.

In:    a request.  Out: JSON; the log as CSV.  Fails: as api/__init__.py says.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from models.clauses import clauses
from models.numbers import plain
from models.scheme import load_scheme
from pipeline.review.masks import masked_detail
from pipeline.review.parameters import Parameter, parameters, wanted_papers
from pipeline.review.stages import stages_of
from pipeline.review.web import audit, looks, saying
from pipeline.review.web.api.terms import READS, Text, binary
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import AuditEvent
from pipeline.review.web.views.figures import figures_told
from pipeline.review.web.views.log import export
from pipeline.store.models import Batch

router = Router()
LINES = 100  # of the log at once


class LineOut(Schema):
    """A line of the log."""

    number: int
    at: datetime
    who: str
    action: str
    about: str
    detail: str
    chain: str


class LogOut(Schema):
    total: int
    page: int
    pages: int
    lines: list[LineOut]


class WholeOut(Schema):
    """Whether the log is whole; number: of the first line that isn't what was written, what: how, in Chinese."""

    whole: bool
    number: int | None
    what: str


class StageOut(Schema):
    """A step of a scheme. roles: who may decide there; working_days: how long it lasts at least."""

    name: str
    zh: str
    en: str
    roles: list[str]
    next: str
    actions: list[str]
    working_days: int


class ClauseOut(Schema):
    """A heading, a point or a paragraph of the measure."""

    clause: str
    text: str


class ParameterOut(Schema):
    """A number of the scheme, as text, null where the measure sets none. code: of the rule that goes by it; track: "" for all; unit: of at_most and at_least."""

    code: str
    track: str
    at_most: str | None
    at_least: str | None
    times: str | None
    times_component: str | None
    unit: str
    clause: str
    text: str

    @classmethod
    def from_parameter(cls, one: Parameter) -> ParameterOut:
        """A number with its source."""
        numbers = {name: None if (number := getattr(one.limit, name)) is None else plain(number) for name in ("at_most", "at_least", "times", "times_component")}
        return cls(code=one.code, track=one.track, unit=one.limit.unit, clause=one.limit.clause, text=one.limit.text, **numbers)


class PapersOut(Schema):
    """Papers that a track's claims need: one of these types."""

    track: str
    types: list[str]
    clause: str
    text: str


class SchemeOut(Schema):
    """A scheme, in force from and until these days. clauses: in the measure's order."""

    name: str
    title: str
    in_force: tuple[date, date]
    stages: list[StageOut]
    parameters: list[ParameterOut]
    papers: list[PapersOut]
    clauses: list[ClauseOut]


class StageCount(Schema):
    stage: str
    status: str
    claims: int


class FlagCount(Schema):
    code: str
    severity: str
    claims: int


class FiguresOut(Schema):
    """Counts; silent_errors: of accepted values that were read a second time, with the bounds of the true share (95 %)."""

    claims: int
    triage: dict[str, int]
    stages: list[StageCount]
    flags: list[FlagCount]
    decisions: dict[str, int]
    pages: dict[str, int]
    silent_errors: dict[str, float]


@router.get("audit", response={200: LogOut, **READS}, url_name="api-audit")
def log(request: HttpRequest, about: Text = "", who: Text = "", page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> Any:
    """The log, the latest lines first."""
    found = AuditEvent.objects.order_by("-number").filter(**{name: value for name, value in (("about", about), ("who", who)) if value})
    some = Paginator(found, LINES).get_page(page)
    hide = saying.masks(person_of(request))
    lines = [LineOut(number=e.number, at=e.at, who=e.who, action=e.action, about=e.about, detail=masked_detail(e.detail) if hide else e.detail, chain=e.chain) for e in some]
    return LogOut(total=some.paginator.count, page=some.number, pages=some.paginator.num_pages, lines=lines)


@router.get("audit/verify", response={200: WholeOut, **READS}, url_name="api-audit-verify")
def verify(request: HttpRequest) -> Any:
    """Whether the log is what was written."""
    damage = audit.verify()
    return WholeOut(whole=damage is None, number=damage.number if damage else None, what=damage.what if damage else "")


@router.get("audit.csv", response=READS, url_name="api-audit-export", openapi_extra=binary("The whole log", "text/csv"))
def exported(request: HttpRequest) -> HttpResponseBase:
    """The whole log."""
    return export(request)


@router.get("scheme", response={200: list[SchemeOut], **READS}, url_name="api-scheme")
def scheme(request: HttpRequest) -> Any:
    """Every scheme that there are batches of: its stages, its numbers, the papers it wants, and its clauses in the measure's own words."""
    names = Batch.objects.order_by("scheme").values_list("scheme", flat=True).distinct()
    return [
        SchemeOut(
            name=name, title=one.title, in_force=(one.validity.from_, one.validity.until), parameters=[ParameterOut.from_parameter(number) for number in parameters(one)],
            papers=[PapersOut(track=paper.track, types=list(paper.types), clause=paper.said.clause, text=paper.said.text) for paper in wanted_papers(one)], clauses=[ClauseOut(clause=entry.id, text=entry.text) for entry in clauses(name)],
            stages=[StageOut(name=stage.name, zh=stage.zh, en=stage.en, roles=sorted(stage.roles), next=stage.next, actions=list(stage.actions), working_days=stage.working_days) for stage in stages_of(name).stages.values()])
        for name, one in ((name, load_scheme(name)) for name in names)]


@router.get("figures", response={200: FiguresOut, **READS}, url_name="api-figures")
def figures(request: HttpRequest) -> Any:
    """How much goes which way, and how good the reading is."""
    told = figures_told()
    silent = looks.silent_errors()
    return FiguresOut(
        claims=told["total"], triage={name: n for name, n, _ in told["triage"]}, stages=[StageCount(stage=stage, status=status, claims=n) for stage, status, n in told["stages"]],
        flags=[FlagCount(code=code, severity=severity, claims=n) for code, severity, n in told["flags"]], decisions=dict(told["decided"]),
        pages={name: n or 0 for name, n in told["pages"].items()},
        silent_errors={"looked": silent.share.looked, "wrong": silent.share.wrong, "least": silent.share.least, "most": silent.share.most, "open": silent.open})
