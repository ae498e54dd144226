"""People and their roles, for programs of administrators.

In:    a request.  Out: JSON; never a password.  Fails: as api/__init__.py says; 422 with what is wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema
from pydantic import Field

from pipeline.review.web import persons
from pipeline.review.web.api.terms import READS, WRITES, In, Pk, Text
from pipeline.review.web.middleware import person_of
from pipeline.review.web.models import User
from pipeline.review.web.roles import Role

router = Router()
Name = Annotated[Text, Field(max_length=150)]


class PersonOut(Schema):
    """A person. who: how the log calls them; single_sign_on: whether they log in by it."""

    pk: int
    who: str
    username: str
    name: str
    role: str
    active: bool
    single_sign_on: bool
    last_login: datetime | None

    @classmethod
    def from_user(cls, one: User) -> PersonOut:
        """As they stand."""
        return cls(pk=one.pk, who=one.opaque, username=one.username, name=one.first_name, role=one.role, active=one.is_active, single_sign_on=one.subject is not None, last_login=one.last_login)


class PersonIn(In):
    """Someone new. password: 12 characters at least, to be changed by them."""

    username: Name
    name: Name = ""
    role: Role
    password: Annotated[Text, Field(max_length=200)]


class ChangeIn(In):
    """What a person is to be; their sessions and tokens end."""

    name: Name = ""
    role: Role
    active: bool = True


@router.get("people", response={200: list[PersonOut], **READS}, url_name="api-people")
def people(request: HttpRequest) -> Any:
    """Everybody."""
    return [PersonOut.from_user(one) for one in persons.everybody()]


@router.post("people/new", response={200: PersonOut, **WRITES}, url_name="api-person-new")
def new(request: HttpRequest, said: PersonIn) -> Any:
    """Somebody new."""
    return PersonOut.from_user(persons.add({"username": said.username, "first_name": said.name, "role": said.role, "password": said.password}, person_of(request)))


@router.post("people/{pk}", response={200: PersonOut, **WRITES}, url_name="api-person")
def change(request: HttpRequest, pk: Path[Pk], said: ChangeIn) -> Any:
    """Change a person; nobody changes their own role."""
    one = get_object_or_404(User, pk=pk)
    return PersonOut.from_user(persons.change(one, {"first_name": said.name, "role": said.role, "is_active": said.active}, person_of(request)))
