"""Where the store keeps things, and how patient it is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class S3Settings(BaseModel):
    """An S3 server for the blobs; asked only where `blobs` names a bucket."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(default="", description="host:port of the S3 server")
    access_key: str = Field(default="", description="user of the S3 server")
    secret_key: SecretStr = Field(default=SecretStr(""), description="password of the S3 server")
    secure: bool = Field(default=True, description="speak HTTPS to the S3 server")
    region: str = Field(default="us-east-1", description="region of the bucket")


class StoreSettings(BaseModel):
    """The database and the blobs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: SecretStr = Field(default=SecretStr(""), description="postgresql://user:password@host/name; empty for SQLite in the workspace")
    blobs: str = Field(default="", description="folder for the papers as filed, or s3://bucket/prefix; empty for a folder in the workspace")
    s3: S3Settings = Field(default_factory=S3Settings)
    lease_seconds: float = Field(default=120, ge=5, le=86_400, description="after which a submission that nobody reports on is taken again")
    patience_seconds: float = Field(default=120, ge=0, le=86_400, description="how long a database or storage that doesn't answer is asked again")
