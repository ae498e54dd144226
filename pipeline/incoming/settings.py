"""How submissions are taken in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class IncomingSettings(BaseModel):
    """What `intake upload`, `intake watch` and runs from a bucket go by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    settle_seconds: float = Field(default=30, ge=0, le=86_400, description="how long nothing may change in a submission before it is taken for complete, where no manifest says so")
    poll_seconds: float = Field(default=30, ge=0.05, le=86_400, description="pause between two looks of intake watch")
    without_manifest: bool = Field(default=False, description="take in from a bucket, too, what came without a manifest, once nothing has changed in it for settle_seconds")
    remove_source: bool = Field(default=False, description="remove a submission at its source once its claim is committed and its originals read back")
    connections: int = Field(default=4, ge=1, le=64, description="submissions that are uploaded at once")
    cron: str = Field(default="", description="when intake watch --serve looks, in the time of Beijing, e.g. */10 * * 1 * for every ten minutes in January; empty for every poll_seconds")
