"""People and their roles, as administrators deal with them, on the page and by the API.

In:    what was filled in, who fills it in.  Out: the person; each change in one transaction with its line in the log.
Fails: Unfit with what is wrong, by field; Refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.models import User
from pipeline.review.web.roles import Role
from pipeline.review.web.words import lazily, told


class Unfit(Exception):
    """What was filled in can't be taken. form: with what is wrong."""

    def __init__(self, form: forms.ModelForm[User]) -> None:
        super().__init__(told("between_parts").join(f"{field}{told('colon')}{told('between').join(map(str, wrong))}" for field, wrong in form.errors.items()))
        self.form = form


def _roles() -> forms.TypedChoiceField:
    """A choice of role, in the words of who is asked."""
    return forms.TypedChoiceField(label=lazily("role"), choices=[("", "—"), *((role.value, lazily(role.value)) for role in Role)])


class NewPerson(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers alone
    """Someone who is to work here."""

    role = _roles()
    password = forms.CharField(label=lazily("first_password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), min_length=12)

    class Meta:
        model = User
        fields = ("username", "first_name", "role")
        labels = {"username": lazily("username"), "first_name": lazily("full_name")}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(username=self.cleaned_data.get("username", "")))
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return password


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator may change of a person."""

    role = _roles()

    class Meta:
        model = User
        fields = ("first_name", "role", "is_active")
        labels = {"first_name": lazily("full_name"), "is_active": lazily("in_use")}


def everybody() -> Sequence[User]:
    """Who works here first, by role and name."""
    return list(User.objects.order_by("-is_active", "role", "username"))


def add(filled: Mapping[str, Any], by: User) -> User:
    """Someone new. filled: username, first_name, role, password."""
    if not settings.INTAKE.review.password_login:
        raise Refused(told("people_by_sso"))
    form = NewPerson(filled)
    if not form.is_valid():
        raise Unfit(form)
    with transaction.atomic():
        person: User = form.save(commit=False)
        person.set_password(form.cleaned_data["password"])
        person.save()
        audit.record("person-new", by, person.opaque, username=person.username, role=person.role)
    return person


def change(one: User, filled: Mapping[str, Any], by: User) -> User:
    """Role, name, whether they still work here; ends their sessions. Nobody changes their own."""
    if one.pk == by.pk:
        raise Refused(told("own_role"))
    form = PersonForm(filled, instance=one)
    if not form.is_valid():
        raise Unfit(form)
    with transaction.atomic():
        changed: User = form.save(commit=False)
        changed.epoch += 1
        changed.save()
        audit.record("person", by, one.opaque, **{name: form.cleaned_data[name] for name in form.changed_data})
    return changed
