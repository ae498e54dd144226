"""Lists to take along: the flags of the cases that the queue was asked for, as a workbook or CSV, for each role with what it may see."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from models.claim import Claim
from pipeline.review.web import audit
from pipeline.review.web.following import follow
from pipeline.review.web.middleware import person_of
from pipeline.review.web.queue_rows import Asked, rows
from pipeline.review.web.saying import masks
from pipeline.store.models import ClaimVersion
from pipeline.tables.exceptions import as_csv, write_exceptions

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def exceptions(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The flags of the cases asked for, in the order of their numbers; telephones, accounts and ID numbers are for those who see them on the page."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    person = person_of(request)
    asked = Asked.of(request.GET, person)
    follow()
    wanted = rows(asked, person, timezone.now()).order_by().values("submission")
    audit.record("exceptions", person, kind=kind, asked=request.GET.urlencode()[:500])
    name = f"exceptions-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    claims = _claims(ClaimVersion.objects.filter(submission__in=wanted, number=F("submission__version")).order_by("submission__submission_id").iterator(100))
    if kind == "csv":
        return StreamingHttpResponse(
            as_csv(claims, masks(person)), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_exceptions(Path(file.name), claims, masks(person))
        return FileResponse(Path(file.name).open("rb"), as_attachment=True, filename=name, content_type=BOOK)


def _claims(versions: Iterator[ClaimVersion]) -> Iterator[Claim]:
    return (version.claim for version in versions)
