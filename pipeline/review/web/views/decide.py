"""Decisions, and the letters that go with them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pipeline.review.letter import draft_return, letter_pdf as drawn
from pipeline.review.stages import Action
from pipeline.review.web import audit, cases
from pipeline.review.web.cases import Refused, Stale
from pipeline.review.web.models import Case, Letter
from pipeline.review.web.tables import tables_for
from pipeline.review.web.views.claim import _case
from pipeline.review.web.words import language_of, word

DAYS = 10  # to hand in what is missing
