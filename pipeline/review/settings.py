"""How the review page is reached, and who writes letters."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class OfficeSettings(BaseModel):
    """Who writes letters to applicants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="经济和信息化局", description="office that writes letters, e.g. 宁波市江北区经济和信息化局")
    contact: str = Field(default="", description="person to ask, named in letters")
    phone: str = Field(default="", description="telephone of that person")
    days: int = Field(default=10, ge=1, le=90, description="days that applicants have to hand in what is missing")


class UploadSettings(BaseModel):
    """What may be uploaded on the page; how much one file and one submission may hold is a run's (`INTAKE_FILES__…`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    submissions: int = Field(default=1_000, ge=1, le=100_000, description="submissions in one upload")
    total_bytes: int = Field(default=20 * 2**30, ge=2**20, le=2**42, description="bytes of one upload")
    spare_bytes: int = Field(default=2 * 2**30, ge=0, le=2**42, description="bytes that uploads leave free on the disk")
    keep_days: int = Field(default=7, ge=1, le=365, description="days after which an upload that nobody went on with is deleted")
    reference: Path | None = Field(default=None, description="folder of reference tables (CSV) for batches that are begun on the page, beside those of earlier batches")
    start_runs: bool = Field(default=True, description="whether the page's server reads what was uploaded; false where another program watches the batch's folder")
    workers: int = Field(default=0, ge=0, le=256, description="worker processes of such a run; 0 for one a core")


class ReviewSettings(BaseModel):
    """How the review page is reached, and how long a login lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: str = Field(default="", description="address at which people reach the page, e.g. https://claims.example.gov.cn; empty for this machine alone")
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60, description="minutes without a click after which one has to log in again")
    office: OfficeSettings = Field(default_factory=OfficeSettings)
    proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front of the page that set X-Forwarded-For and X-Forwarded-Proto")
    second_look: float = Field(default=0.03, ge=0, le=1, description="share of accepted values that somebody reads from the page without seeing what was read")
    uploads: UploadSettings = Field(default_factory=UploadSettings)
    second_look_required: bool = Field(default=False, description="whether a claim passes only after its second looks are done")
