"""People and their roles."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from pipeline.review.web import audit
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import User
from pipeline.review.web.words import language_of, word


class NewPerson(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers alone
    """Someone who is to work here."""

    password = forms.CharField(label="初始密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), min_length=12)

    class Meta:
        model = User
        fields = ("username", "first_name", "role")
        labels = {"username": "登录名", "first_name": "姓名"}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(username=self.cleaned_data.get("username", "")))
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return password


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody; a form for someone new."""
    form = NewPerson(request.POST or None)
    by_password = settings.INTAKE.review.password_login
    if request.method == "POST" and by_password and form.is_valid():
        with transaction.atomic():
            person = form.save(commit=False)
            person.set_password(form.cleaned_data["password"])
            person.save()
            audit.record("person-new", person_of(request), person.opaque, username=person.username, role=person.role)
        messages.success(request, word("person_made", language_of(request)))
        return redirect("people")
    return render(request, "review/people.html", {"form": form if by_password else None, "people": User.objects.order_by("-is_active", "role", "username"), "language": language_of(request)}, status=422 if form.errors else 200)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator may change of a person."""

    class Meta:
        model = User
        fields = ("first_name", "role", "is_active")
        labels = {"first_name": "姓名", "is_active": "在用"}


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, whether they still work here. Changing either ends their sessions; nobody changes their own."""
    one = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=one)
    own = one.pk == person_of(request).pk
    if request.method == "POST" and not own and form.is_valid():
        with transaction.atomic():
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            changed_person = form.save(commit=False)
            changed_person.epoch += 1
            changed_person.save()
            audit.record("person", person_of(request), one.opaque, **changed)
        return redirect("people")
    return render(request, "review/person.html", {"form": form, "one": one, "own": own, "language": language_of(request)}, status=422 if form.errors else 200)
