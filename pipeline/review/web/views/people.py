"""People and their roles."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from pipeline.review.web import persons
from pipeline.review.web.cases import Refused
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import User
from pipeline.review.web.persons import NewPerson, PersonForm, Unfit
from pipeline.review.web.words import language_of, word


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody; a form for someone new."""
    form: ModelForm[User] = NewPerson()
    if request.method == "POST":
        try:
            persons.add(request.POST, person_of(request))
            messages.success(request, word("person_made", language_of(request)))
            return redirect("people")
        except Unfit as unfit:
            form = unfit.form
        except Refused as refused:
            messages.error(request, str(refused))
    shown = form if settings.INTAKE.review.password_login else None
    return render(request, "review/people.html", {"form": shown, "people": persons.everybody(), "language": language_of(request)}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, whether they still work here. Changing either ends their sessions; nobody changes their own."""
    one = get_object_or_404(User, pk=pk)
    form: ModelForm[User] = PersonForm(instance=one)
    if request.method == "POST":
        try:
            persons.change(one, request.POST, person_of(request))
            return redirect("people")
        except Unfit as unfit:
            form = unfit.form
        except Refused as refused:
            messages.error(request, str(refused))
    return render(request, "review/person.html", {"form": form, "one": one, "own": one.pk == person_of(request).pk, "language": language_of(request)}, status=422 if form.errors else 200)
