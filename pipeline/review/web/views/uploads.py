"""Uploading: what is announced and received is JSON and bytes, which the page's script sends; the rest are forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from pydantic import TypeAdapter, ValidationError

from pipeline.review.web import filing, inboxes, receiving
from pipeline.review.web.cases import Refused
from pipeline.review.web.filing import AlreadyThere, NotWhole
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import Upload
from pipeline.review.web.receiving import Misplaced
from pipeline.review.web.upload_sent import FileSent, announced, piece_of
from pipeline.review.web.words import language_of, word
from pipeline.store.models import Batch

_FILES: TypeAdapter[list[FileSent]] = TypeAdapter(list[FileSent])


@require_safe
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What of the person's own upload is here: the part of the batch's page that changes as files come in."""
    going = receiving.going(get_object_or_404(Batch, pk=pk), person_of(request))
    return render(request, "review/upload_rows.html", {**upload_context(going), "batch": {"pk": pk}, "language": language_of(request)})


def upload_context(going: Upload | None) -> dict[str, Any]:
    """For upload_rows.html."""
    rows = receiving.rows(going) if going else []
    return {"upload": going, "rows": rows, "whole": bool(rows) and not any(row.missing for row in rows)}


@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Files that will be sent, as JSON; answers what is here of each."""
    batch = get_object_or_404(Batch, pk=pk)
    try:
        files = announced(_FILES.validate_json(request.body))
        return _answer({"files": [one._asdict() for one in receiving.announce(batch, person_of(request), files)]})
    except (ValidationError, RawPostDataException):  # the latter of a form
        return _answer({"detail": word("bad_request_told", language_of(request))}, 422)
    except Refused as refused:
        return _answer({"detail": str(refused)}, 422)


@require_POST
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of a file; answers how much is here."""
    try:
        sent = piece_of(request)
        return _answer(receiving.receive(pk, person_of(request), sent.offset, sent.data, sent.sha256)._asdict())
    except Misplaced as misplaced:
        return _answer({"detail": str(misplaced), "received": misplaced.received}, 409)
    except Refused as refused:
        return _answer({"detail": str(refused)}, 422)


@require_POST
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Which submission a folder is; or, with "drop", that it isn't wanted."""
    person = person_of(request)
    try:
        if request.POST.get("drop"):
            receiving.drop_folder(pk, person)
        else:
            receiving.rename(pk, person, request.POST.get("submission_id", ""), bool(request.POST.get("adds")))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("batch", _number(request.POST.get("batch", "")))


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everything up that was received and not put away."""
    going = receiving.going(get_object_or_404(Batch, pk=pk), person_of(request))
    try:
        if going is not None:
            receiving.drop(going, person_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("batch", pk)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was received into the batch, and ask for it to be read."""
    batch, person, language = get_object_or_404(Batch, pk=pk), person_of(request), language_of(request)
    going = receiving.going(batch, person)
    try:
        if going is not None and going.state == Upload.State.OPEN:
            _settle_numbers(request, going)
        filed = filing.finish(batch, person)
    except (Refused, NotWhole, AlreadyThere) as refused:
        messages.error(request, str(refused))
        return redirect("batch", pk)
    messages.success(request, word("upload_filed" if filed else "upload_nothing_new", language).format(n=len(filed)))
    if filed and inboxes.may_read(batch):
        inboxes.want_reading(batch, person)
    return redirect("batch", pk)


def _settle_numbers(request: HttpRequest, going: Upload) -> None:
    """Take the numbers as they were typed in the table."""
    for folder in going.folders.all():
        typed = request.POST.get(f"id_{folder.pk}")
        adds = bool(request.POST.get(f"adds_{folder.pk}"))
        if typed is not None and (typed.strip(), adds) != (folder.submission_id, folder.adds):
            receiving.rename(folder.pk, person_of(request), typed, adds)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _answer(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
