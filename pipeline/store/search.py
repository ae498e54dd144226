"""Submissions by part of a name or number.

In:    what somebody typed.
Out:   a query set of submissions that hold it in one of their names: applicant, insurer, product, policy number, their own id. Upper and lower case are one.
PostgreSQL looks in an index of all single characters and pairs of neighbours (migration 0002; its pg_trgm isn't to be had everywhere, and needs three characters where
a Chinese name is asked for by two) and compares what that finds; SQLite, which one office uses for itself, compares all of them.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from pipeline.store.models import Submission

NAMED = ("applicant", "insurer", "product", "policy_number", "submission_id")


def named(text: str) -> QuerySet[Submission]:
    """Those that hold the text in a name."""
    found = Submission.objects.all()
    if connection.vendor == "postgresql":
        found = found.filter(pk__in=RawSQL("SELECT id FROM store_submission WHERE pairs @> intake_pairs(%s::text)", (text,)))
    held = Q()
    for name in NAMED:
        held |= Q(**{f"{name}__icontains": text})
    return found.filter(held)
