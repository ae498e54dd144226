"""How the review page is reached, and who writes letters."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


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


class OidcSettings(BaseModel):
    """Single sign-on by OpenID Connect: authorization code with PKCE, ID tokens signed with a key of the provider's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(default="", description="the provider, as its ID tokens name it, e.g. https://sso.example.gov.cn; empty for no single sign-on")
    authorization_endpoint: str = Field(default="", description="address to which people are sent to log in")
    token_endpoint: str = Field(default="", description="address at which this server gets tokens")
    jwks_endpoint: str = Field(default="", description="address of the provider's public keys")
    client_id: str = Field(default="", description="name under which the provider knows this page")
    client_secret: SecretStr = Field(default=SecretStr(""), description="the page's secret with the provider")
    algorithm: Literal["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] = Field(default="RS256", description="how ID tokens are signed")
    scopes: str = Field(default="openid profile", description="scopes that are asked for")
    name_claim: str = Field(default="name", description="claim of the ID token with the person's name")
    username_claim: str = Field(default="preferred_username", description="claim with the name that a new person gets here")
    roles_claim: str = Field(default="groups", description="claim with the person's groups, a text or a list; path with dots, e.g. realm_access.roles")
    roles: dict[str, Literal["operator", "reviewer", "lead", "auditor", "analyst", "admin"]] = Field(default_factory=dict, description='roles by group, as JSON, e.g. {"subsidy-review": "reviewer"}; the first that fits; who is in none gets no role')
    timeout: float = Field(default=10, gt=0, le=120, description="seconds that the provider has to answer")

    @property
    def on(self) -> bool:
        """Whether there is single sign-on."""
        return bool(self.issuer)

    @model_validator(mode="after")
    def _whole(self) -> OidcSettings:
        needed = ("authorization_endpoint", "token_endpoint", "jwks_endpoint", "client_id")
        missing = [name for name in needed if self.on and not getattr(self, name)]
        if missing:
            raise ValueError(f"single sign-on needs {', '.join(missing)} too")
        for name in needed[:3]:
            parts = urlsplit(getattr(self, name))
            if self.on and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
                raise ValueError(f"{name} must be an https address: what goes there is worth a login")
        return self


class ReviewSettings(BaseModel):
    """How the review page is reached, and how long a login lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: str = Field(default="", description="address at which people reach the page, e.g. https://claims.example.gov.cn; empty for this machine alone")
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60, description="minutes without a click after which one has to log in again")
    office: OfficeSettings = Field(default_factory=OfficeSettings)
    oidc: OidcSettings = Field(default_factory=OidcSettings)
    password_login: bool = Field(default=True, description="whether people may log in with a password; false only with single sign-on")
    proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front of the page that set X-Forwarded-For and X-Forwarded-Proto")
    second_look: float = Field(default=0.03, ge=0, le=1, description="share of accepted values that somebody reads from the page without seeing what was read")
    uploads: UploadSettings = Field(default_factory=UploadSettings)
    second_look_required: bool = Field(default=False, description="whether a claim passes only after its second looks are done")

    @model_validator(mode="after")
    def _some_way_in(self) -> ReviewSettings:
        if not self.password_login and not self.oidc.on:
            raise ValueError("nobody could log in: without passwords single sign-on has to be set (INTAKE_REVIEW__OIDC__ISSUER)")
        return self
