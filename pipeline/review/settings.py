"""How the review page is reached, and who writes letters."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class OfficeSettings(BaseModel):
    """Who writes letters to applicants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="经济和信息化局", description="office that writes letters, e.g. 宁波市江北区经济和信息化局")
    contact: str = Field(default="", description="person to ask, named in letters")
    phone: str = Field(default="", description="telephone of that person")
    days: int = Field(default=10, ge=1, le=90, description="days that applicants have to hand in what is missing")


class ReviewSettings(BaseModel):
    """How the review page is reached, and how long a login lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: str = Field(default="", description="address at which people reach the page, e.g. https://claims.example.gov.cn; empty for this machine alone")
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60, description="minutes without a click after which one has to log in again")
    office: OfficeSettings = Field(default_factory=OfficeSettings)
    proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front of the page that set X-Forwarded-For and X-Forwarded-Proto")
