"""Reference data: which version is in force, what each changed, and how a table is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from models.errors import IntakeError
from pipeline.labels import Language
from pipeline.reference import TABLES
from pipeline.reference_changes import TableChange, all_changes
from pipeline.reference_import import column_label, table_label
from pipeline.review.web import reference
from pipeline.review.web.cases import Refused
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import ReferenceProposal, User
from pipeline.review.web.roles import may
from pipeline.review.web.tables import tables_of
from pipeline.review.web.words import language_of, word
from pipeline.store import reference as versions
from pipeline.store.models import Batch, ReferencePut, ReferenceVersion
from pipeline.tables.spreadsheet import csv_pieces

SHOWN = 200  # rows of each kind that a page shows


class ColumnShown(NamedTuple):
    """A column as people call it."""

    name: str
    label: str


class ChangeShown(NamedTuple):
    """A table's change, as a page shows it. more: whether there are rows that it doesn't; alarming: more than half of the rows would go."""

    change: TableChange
    label: str
    columns: Sequence[ColumnShown]
    added: Sequence[Sequence[str]]
    removed: Sequence[Sequence[str]]
    changed: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
    more: bool
    alarming: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is in force for a batch, its history, and forms for who may change it."""
    batches = list(Batch.objects.order_by("-created"))
    batch = _batch(request.GET.get("batch", ""), batches)
    return render(request, "review/reference.html", {**_of_batch(request, batch), "batches": batches, "language": language_of(request)})


@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Read a table that was handed in; shows what it would change, or what is wrong with it. Nothing is taken yet."""
    batch = _batch(request.POST.get("batch", ""), list(Batch.objects.order_by("-created")))
    file = request.FILES.get("file")
    language = language_of(request)
    table = request.POST.get("table", "")
    if batch is None or file is None:
        messages.error(request, word("reference_choose", language))
        return _back(batch)
    try:
        found, proposal = reference.propose(batch, table, file.name or "", file.read(), person_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return _back(batch)
    except IntakeError:  # the table in force is what can't be read
        messages.error(request, word("reference_broken", language))
        return _back(batch)
    context = {"batch": batch, "file": file.name, "table": table_label(table, language), "rows": found.rows, "ignored": word("between", language).join(found.ignored), "language": language}
    if proposal is None:
        problems = [(problem.row, column_label(problem.column, language) if problem.column else "", problem.text) for problem in found.problems]
        return render(request, "review/reference_problems.html", {**context, "problems": problems}, status=422)
    change = reference.change_of(proposal)
    return render(request, "review/reference_preview.html", {**context, "proposal": proposal, "change": _shown(change, person_of(request), language)})


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was shown in force."""
    batch = _batch_of_proposal(pk, person_of(request))
    try:
        put = reference.confirm(pk, person_of(request), request.POST.get("note", ""))
        messages.success(request, word("reference_in_force", language_of(request)).format(version=put.version))
    except (Refused, IntakeError) as refused:
        messages.error(request, str(refused))
    return _back(batch)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop what was handed in."""
    batch = _batch_of_proposal(pk, person_of(request))
    reference.cancel(pk, person_of(request))
    return _back(batch)


@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the version of an earlier line of the history in force again."""
    put = get_object_or_404(ReferencePut.objects.select_related("batch", "version"), pk=pk)
    try:
        made = reference.put_back(put.batch, put.version, person_of(request), request.POST.get("note", ""))
        messages.success(request, word("reference_in_force", language_of(request)).format(version=made.version))
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(put.batch)


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What a line of the history changed against the one before."""
    put = get_object_or_404(ReferencePut.objects.select_related("batch", "version"), pk=pk)
    before = ReferencePut.objects.filter(batch=put.batch, number__lt=put.number).select_related("version").order_by("-number").first()
    found = all_changes(versions.files_of(before.version) if before else {}, versions.files_of(put.version))
    language = language_of(request)
    return render(request, "review/reference_changes.html", {
        "put": put, "before": before, "who": _names().get(put.by, put.by), "changes": [_shown(change, person_of(request), language) for change in found], "language": language})


@require_safe
def export(request: HttpRequest, pk: int, table: str) -> HttpResponse | StreamingHttpResponse:
    """A version's table as CSV that spreadsheets open without running anything; it can be handed in again."""
    version = get_object_or_404(ReferenceVersion, pk=pk)
    try:
        rows = reference.table_of(version, table, person_of(request))
    except KeyError:
        raise Http404 from None
    name = f"{table}-{version}.csv"
    return StreamingHttpResponse(csv_pieces([*TABLES[table].columns], rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Have all claims of the batch judged anew, in the background."""
    batch = get_object_or_404(Batch, pk=pk)
    try:
        begun = reference.recheck(batch, person_of(request))
        messages.success(request, word("recheck_begun" if begun else "recheck_runs", language_of(request)))
    except Refused:
        messages.error(request, word("recheck_by_hand", language_of(request)))
    return _back(batch)


# ---------------------------------------------------------------- what the pages show


def _of_batch(request: HttpRequest, batch: Batch | None) -> dict[str, Any]:
    if batch is None:
        return {"batch": None}
    put = reference.settled(batch)
    language = language_of(request)
    names = _names()
    history = [(one, names.get(one.by, one.by), reference.summary(one.told)) for one in batch.reference_puts.select_related("version").order_by("-number")[:SHOWN]]
    starter = reference.starter_of(batch)
    return {
        "batch": batch, "put": put, "in_force": _tables(put, batch, language) if put else [], "history": history, "outdated": reference.outdated(batch),
        "running": starter is not None and starter.running, "startable": starter is not None, "tables": [(name, table_label(name, language)) for name in TABLES],
        "may_import": may(person_of(request).role, "reference-import")}


def _tables(put: ReferencePut, batch: Batch, language: Language) -> list[tuple[str, str, int | None]]:
    """Each table: its name, what people call it, its rows; None where it wasn't given."""
    held = tables_of(put.version, batch.scheme).reference
    return [(name, table_label(name, language), None if (rows := getattr(held, name)) is None else len(rows)) for name in TABLES]


def _shown(change: TableChange, person: User, language: Language) -> ChangeShown:
    columns = [ColumnShown(name, column_label(name, language)) for name in TABLES[change.table].columns]
    change = reference.for_eyes(change, person)
    changed = [(" · ".join(filter(None, row.about)), [(column_label(c.column, language), c.before, c.after) for c in row.cells]) for row in change.changed[:SHOWN]]
    return ChangeShown(
        change, table_label(change.table, language), columns, change.added[:SHOWN], change.removed[:SHOWN], changed,
        max(map(len, (change.added, change.removed, change.changed))) > SHOWN, len(change.removed) * 2 > change.before)


def _names() -> dict[str, str]:
    return {person.opaque: str(person) for person in User.objects.all()}


def _batch(text: str, batches: Sequence[Batch]) -> Batch | None:
    """The batch that was asked for, the latest otherwise."""
    return next((batch for batch in batches if str(batch.pk) == text), batches[0] if batches else None)


def _batch_of_proposal(pk: int, person: User) -> Batch | None:
    proposal = ReferenceProposal.objects.select_related("batch").filter(pk=pk, by=person).first()
    return proposal.batch if proposal else None


def _back(batch: Batch | None) -> HttpResponse:
    return redirect(reverse("reference") + (f"?batch={batch.pk}" if batch else ""))
