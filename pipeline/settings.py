"""Settings: typed, bounded, described, built once and handed down.

In:    environment variables: INTAKE_RUN__SUBMISSION_SECONDS=900, INTAKE_READER__OCR__BACKEND=onnxruntime.
Out:   `Settings`.
Fails: SettingsInvalid for a value out of bounds and for an INTAKE_ name that no setting has (with the nearest that exists).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import process as fuzzy

from extractors.files import FileLimits
from extractors.reading import ReaderSettings
from models.errors import SettingsInvalid
from pipeline.cage import CageSettings
from pipeline.incoming.settings import IncomingSettings
from pipeline.review.pictures import PictureSettings
from pipeline.review.settings import ReviewSettings
from pipeline.store.settings import StoreSettings

PREFIX = "INTAKE_"


class RunSettings(BaseModel):
    """How a batch is run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    submission_seconds: float = Field(default=900, ge=10, le=86_400, description="longest that one submission may take before the file it is at is set aside")
    submissions_per_worker: int = Field(default=200, ge=1, le=100_000, description="submissions after which a worker process is replaced by a fresh one")
    dask: str = Field(default="", description="tcp://host:8786 of a dask scheduler whose workers take the submissions, in place of processes of this machine; needs a database server")


class ConfidenceSettings(BaseModel):
    """What a value must be worth to be accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    silent_errors: float = Field(default=0.2, ge=0.01, le=10, description="percent of the accepted values that may be wrong: fewer means more to look at")
    calibration: Path | None = Field(default=None, description="fit that intake calibrate wrote, used in place of the one shipped")

    @property
    def allowed(self) -> float:
        """Share of accepted values that may be wrong."""
        return self.silent_errors / 100


class ExtractionSettings(BaseModel):
    """What extraction has beside its rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learned: Path | None = Field(default=None, description="folder of models that intake learn has written; by default names are read by rules alone")


class MetricsSettings(BaseModel):
    """Where Prometheus finds what a run counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int = Field(default=0, ge=0, le=65_535, description="port at which a run serves /metrics while it lasts; 0 for none")
    host: str = Field(default="127.0.0.1", description="address at which it does")
    file: Path | None = Field(default=None, description="file ending in .prom that a run writes its metrics to, for node_exporter's textfile collector")
    seconds: float = Field(default=15, ge=1, le=3_600, description="between two writings of that file")


class Settings(BaseSettings):
    """All settings; `Settings.read()` takes them from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    files: FileLimits = Field(default_factory=FileLimits)
    reader: ReaderSettings = Field(default_factory=ReaderSettings)
    confidence: ConfidenceSettings = Field(default_factory=ConfidenceSettings)
    extraction: ExtractionSettings = Field(default_factory=ExtractionSettings)
    run: RunSettings = Field(default_factory=RunSettings)
    cage: CageSettings = Field(default_factory=CageSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    incoming: IncomingSettings = Field(default_factory=IncomingSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    pictures: PictureSettings = Field(default_factory=PictureSettings)

    @classmethod
    def read(cls) -> Settings:
        """From the environment. Raises SettingsInvalid with one line that says which name and what is expected."""
        known = frozenset(names(cls, PREFIX))
        for name in sorted(os.environ):
            if name.startswith(PREFIX) and name.upper() not in known:
                near = fuzzy.extractOne(name, sorted(one for one in known if not any(other.startswith(one + "__") for other in known)))  # no group of settings
                raise SettingsInvalid(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ".") + " Unset it or correct its name; intake settings lists them all.")
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
            given = "" if isinstance(first["input"], (Mapping, BaseModel)) else f"={first['input']!r}"  # a whole group would tell the secrets in it
            raise SettingsInvalid(f"{name}{given}: {first['msg']}. Correct the environment variable and run the same command again.") from None


def names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The environment names of a settings model's leaves and groups."""
    fields: Mapping[str, object] = model.model_fields
    for name, info in fields.items():
        kind = getattr(info, "annotation", None)
        full = prefix + name.upper()
        yield full
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from names(kind, full + "__")


def describe(model: BaseModel, prefix: str = PREFIX) -> Iterator[tuple[str, str, str, str]]:
    """A row a setting: environment name, value now, bounds, description."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from describe(value, prefix + name.upper() + "__")
        else:
            yield prefix + name.upper(), str(value), _bounds(info.annotation, info.metadata), info.description or ""


def _bounds(kind: object, constraints: Sequence[object]) -> str:
    """What a setting may be: "1 to 64", the names it chooses from, or its type."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(str(choice.value) for choice in kind)
    if get_origin(kind) is Literal:
        return ", ".join(map(str, get_args(kind)))
    low, over, high = (next((getattr(c, end) for c in constraints if hasattr(c, end)), None) for end in ("ge", "gt", "le"))
    if over is not None:
        return f"over {over} to {high}"
    if low is not None or high is not None:
        return f"{low} to {high}"
    if get_origin(kind) is dict:
        return "JSON"
    return {bool: "true, false", str: "text", SecretStr: "text, never shown"}.get(kind, "a path") if isinstance(kind, type) else "a path"
