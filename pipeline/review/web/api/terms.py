"""What all routes for programs share: how texts, numbers and problems are written.

In, out: pydantic models. Fails: never by itself; ninja answers 422 for what doesn't fit.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from pipeline.store.outcomes import storable

Text = Annotated[str, AfterValidator(storable), Field(max_length=20_000)]
Pk = Annotated[int, Field(ge=1, le=2**31 - 1)]
Money = Annotated[Decimal | None, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})]


class Problem(Schema):
    """What is the matter, for people."""

    detail: Any


class In(Schema):
    """What is sent has no fields but those declared."""

    model_config = ConfigDict(extra="forbid")


READS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
WRITES: dict[int, Any] = {**READS, 409: Problem}


def binary(told: str, *media_types: str) -> dict[str, Any]:
    """An answer that is a file, for the description. told: what it is."""
    return {"responses": {200: {"description": told, "content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}}}}


BYTES: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}  # what a request bears that brings a file
