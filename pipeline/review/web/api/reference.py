"""Reference data, for programs: versions, what each changed, tables as CSV; a table is handed in, what it would change is told, and only when confirmed it is in force.

In:    a request; a table's file (CSV or XLSX) as the body of an import.
Out:   JSON; a table as CSV.
Fails: as api/__init__.py says; 409 where another version has come into force meanwhile or the proposal is gone, 422 with what is wrong in the file, row by row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from models.errors import IntakeError
from pipeline.reference import TABLES
from pipeline.reference_changes import TableChange, all_changes
from pipeline.reference_import import MOST_BYTES
from pipeline.review.web import reference
from pipeline.review.web.api.terms import BYTES, READS, WRITES, In, Pk, Text, binary
from pipeline.review.web.cases import Refused, Stale
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import ReferenceProposal
from pipeline.review.web.tables import tables_of
from pipeline.review.web.words import told
from pipeline.store import reference as versions
from pipeline.store.models import Batch, ReferencePut, ReferenceVersion
from pipeline.tables.spreadsheet import csv_pieces

router = Router()
Table = Literal["catalogue", "companies", "holdings", "officers", "awards", "restricted", "quotas"]
MOST = 1_000  # rows of each kind that an answer tells


class PutOut(Schema):
    """A version that came into force. pk: of this line of the history; version_pk, mark: of the tables; origin: folder, page, back; told: rows added, removed, changed by table."""

    pk: int
    number: int
    version_pk: int
    mark: str
    at: datetime
    by: str
    origin: str
    note: str
    told: dict[str, dict[str, int]]

    @classmethod
    def from_put(cls, put: ReferencePut) -> PutOut:
        """A line of the history."""
        return cls(pk=put.pk, number=put.number, version_pk=put.version_id, mark=put.version.mark, at=put.at, by=put.by, origin=put.origin, note=put.note, told=put.told)


class ReferenceOut(Schema):
    """What a batch is judged by: rows of each table, null where it wasn't given; outdated: claims last judged with other tables; running: whether all are being judged anew."""

    in_force: PutOut | None
    tables: dict[str, int | None]
    outdated: int
    running: bool
    history: list[PutOut]


class ChangedOut(Schema):
    """A row that differs: what it is about, and column, before and after of each cell that does."""

    about: list[str]
    cells: list[tuple[str, str, str]]


class TableChangeOut(Schema):
    """What is different in a table; rows in the order of columns, at most a thousand of each kind. counts: how many there are."""

    table: str
    columns: list[str]
    before: int
    after: int
    counts: dict[str, int]
    added: list[list[str]]
    removed: list[list[str]]
    changed: list[ChangedOut]

    @classmethod
    def from_change(cls, change: TableChange) -> TableChangeOut:
        """As a person may see it (`reference.for_eyes`)."""
        return cls(
            table=change.table, columns=list(TABLES[change.table].columns), before=change.before, after=change.after, counts=change.counts(),
            added=[list(row) for row in change.added[:MOST]], removed=[list(row) for row in change.removed[:MOST]],
            changed=[ChangedOut(about=list(row.about), cells=[(cell.column, cell.before, cell.after) for cell in row.cells]) for row in change.changed[:MOST]])


class ProposalOut(Schema):
    """A table that was handed in and waits to be confirmed. ignored: columns that aren't taken."""

    pk: int
    rows: int
    ignored: list[str]
    change: TableChangeOut


class NoteIn(In):
    note: Annotated[Text, Field(max_length=1000)] = ""


class RecheckOut(Schema):
    """begun: false where it is going on already."""

    begun: bool


@router.get("batches/{pk}/reference", response={200: ReferenceOut, **READS}, url_name="api-reference")
def page(request: HttpRequest, pk: Path[Pk]) -> Any:
    """What a batch is judged by, and what it was judged by before, the latest first."""
    batch = get_object_or_404(Batch, pk=pk)
    put, starter = reference.settled(batch), reference.starter_of(batch)
    held = tables_of(put.version, batch.scheme).reference if put else None
    rows = {name: None if (table := getattr(held, name, None)) is None else len(table) for name in TABLES}
    return ReferenceOut(
        in_force=PutOut.from_put(put) if put else None, tables=rows, outdated=reference.outdated(batch), running=starter is not None and starter.running,
        history=[PutOut.from_put(one) for one in batch.reference_puts.select_related("version").order_by("-number")])


@router.get("reference/history/{pk}", response={200: list[TableChangeOut], **READS}, url_name="api-reference-changes")
def changes(request: HttpRequest, pk: Path[Pk]) -> Any:
    """What a line of the history changed against the one before."""
    put = get_object_or_404(ReferencePut.objects.select_related("version"), pk=pk)
    before = ReferencePut.objects.filter(batch=put.batch_id, number__lt=put.number).select_related("version").order_by("-number").first()
    found = all_changes(versions.files_of(before.version) if before else {}, versions.files_of(put.version))
    return [TableChangeOut.from_change(reference.for_eyes(change, person_of(request))) for change in found]


@router.get("reference/versions/{pk}/{table}.csv", response=READS, url_name="api-reference-export", openapi_extra=binary("The table", "text/csv"))
def export(request: HttpRequest, pk: Path[Pk], table: Table) -> HttpResponseBase:
    """A version's table, which can be handed in again."""
    version = get_object_or_404(ReferenceVersion, pk=pk)
    try:
        rows = reference.table_of(version, table, person_of(request))
    except KeyError:
        raise HttpError(404, told("no_table_in_version")) from None
    return StreamingHttpResponse(csv_pieces([*TABLES[table].columns], rows), content_type="text/csv; charset=utf-8")


@router.post("batches/{pk}/reference/{table}", response={200: ProposalOut, **WRITES}, url_name="api-reference-import", openapi_extra=BYTES)
def take_in(request: HttpRequest, pk: Path[Pk], table: Table, name: Annotated[Text, Query(max_length=200)] = "") -> Any:
    """Hand in a table, as CSV or XLSX; tells what it would change. Nothing is in force before it is confirmed. name: of the file, for people."""
    batch, person = get_object_or_404(Batch, pk=pk), person_of(request)
    try:
        found, proposal = reference.propose(batch, table, name, request.read(MOST_BYTES + 1), person)
    except IntakeError:
        raise Refused(told("table_unreadable")) from None
    if proposal is None:
        raise HttpError(422, "；".join(told("table_row", n=problem.row, text=problem.text) if problem.row else problem.text for problem in found.problems[:MOST]))
    return ProposalOut(pk=proposal.pk, rows=found.rows, ignored=list(found.ignored), change=TableChangeOut.from_change(reference.for_eyes(reference.change_of(proposal), person)))


@router.post("reference/proposals/{pk}/confirm", response={200: PutOut, **WRITES}, url_name="api-reference-confirm")
def confirm(request: HttpRequest, pk: Path[Pk], said: NoteIn) -> Any:
    """Put what was handed in in force. 409 where another version has come into force since, or it is gone."""
    try:
        return PutOut.from_put(reference.confirm(pk, person_of(request), said.note))
    except Refused as refused:
        raise Stale(str(refused)) from None


@router.post("reference/proposals/{pk}/cancel", response={200: list[int], **WRITES}, url_name="api-reference-cancel")
def cancel(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Drop what was handed in; gives one's proposals that are left."""
    reference.cancel(pk, person_of(request))
    return list(ReferenceProposal.objects.filter(by=person_of(request)).values_list("pk", flat=True))


@router.post("reference/history/{pk}/back", response={200: PutOut, **WRITES}, url_name="api-reference-back")
def put_back(request: HttpRequest, pk: Path[Pk], said: NoteIn) -> Any:
    """Put the version of an earlier line of the history in force again."""
    put = get_object_or_404(ReferencePut.objects.select_related("batch", "version"), pk=pk)
    return PutOut.from_put(reference.put_back(put.batch, put.version, person_of(request), said.note))


@router.post("batches/{pk}/reference-recheck", response={200: RecheckOut, **WRITES}, url_name="api-reference-recheck")
def recheck(request: HttpRequest, pk: Path[Pk]) -> Any:
    """Have all claims of the batch judged anew by what is in force, in the background."""
    return RecheckOut(begun=reference.recheck(get_object_or_404(Batch, pk=pk), person_of(request)))
