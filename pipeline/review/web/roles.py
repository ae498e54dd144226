"""Who may do what: one table of routes and roles, looked at for every request.

A route that isn't in the table is refused to everybody (and fails a test), so that none is open because it was forgotten.
What a role may decide depends on the stage a case is in, and stands in stages.toml.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models


class Role(models.TextChoices):
    """What a person is here to do; each has one role."""

    OPERATOR = "operator", "录入员"
    REVIEWER = "reviewer", "初审员"
    LEAD = "lead", "复审负责人"
    AUDITOR = "auditor", "审计员"
    ANALYST = "analyst", "分析员"
    ADMIN = "admin", "管理员"


EVERYBODY = frozenset(Role)
READERS = frozenset({Role.OPERATOR, Role.REVIEWER, Role.LEAD, Role.AUDITOR})  # see claims
DECIDERS = frozenset({Role.REVIEWER, Role.LEAD, Role.AUDITOR})
EDITORS = frozenset({Role.REVIEWER, Role.LEAD})
WATCHERS = frozenset({Role.AUDITOR, Role.ADMIN})  # see the audit log
ADMINS = frozenset({Role.ADMIN})
RECEIVERS = frozenset({Role.OPERATOR, Role.LEAD})  # take submissions in
KEEPERS = frozenset({Role.LEAD, Role.AUDITOR, Role.ADMIN})  # see which reference data were in force, and what changed in them

NOBODY_YET = frozenset({"login", "language", "sso", "sso-back"})  # routes that need no login

_PAGES: Mapping[str, frozenset[Role]] = {
    "home": EVERYBODY,
    "logout": EVERYBODY,
    "password": EVERYBODY,
    "queue": READERS,
    "exceptions": READERS,
    "next": DECIDERS,
    "bulk": DECIDERS,
    "bulk-do": DECIDERS,
    "claim": READERS,
    "claim-versions": READERS,
    "claim-version": READERS,
    "release": DECIDERS,
    "picture": READERS,
    "read-box": EDITORS,
    "amend": EDITORS,
    "judge": EDITORS,
    "retype": EDITORS,
    "entries": EDITORS,
    "decide": DECIDERS,
    "undo": DECIDERS,
    "letter": READERS,
    "letter-save": DECIDERS,
    "letter-pdf": READERS,
    "batches": READERS,
    "batch": READERS,
    "batch-new": RECEIVERS,
    "batch-read": RECEIVERS,
    "upload": RECEIVERS,
    "upload-announce": RECEIVERS,
    "upload-piece": RECEIVERS,
    "upload-name": RECEIVERS,
    "upload-drop": RECEIVERS,
    "upload-finish": RECEIVERS,
    "figures": frozenset({Role.LEAD, Role.AUDITOR, Role.ANALYST}),
    "audit": WATCHERS,
    "audit-export": WATCHERS,
    "people": ADMINS,
    "person": ADMINS,
    "reference": KEEPERS,
    "reference-changes": KEEPERS,
    "reference-import": ADMINS,
    "reference-confirm": ADMINS,
    "reference-cancel": ADMINS,
    "reference-back": ADMINS,
    "reference-export": ADMINS,
    "reference-recheck": ADMINS,
    "scheme": EVERYBODY,
    "tokens": EVERYBODY,
    "token-revoke": EVERYBODY,
    "api-root": EVERYBODY,
    "openapi-json": EVERYBODY,
}
_NO_TWIN = frozenset({"home", "logout", "password", "bulk", "tokens", "token-revoke", "api-root", "openapi-json"})  # of people alone; what bulk asks, api-bulk-do tells
_TWINS = {f"api-{page}": roles for page, roles in _PAGES.items() if page not in _NO_TWIN}  # who may use a page may use its twin for programs
UNATTENDED = frozenset({"batch"})  # asked for by a page by itself (with HX-Request), which keeps nobody's session from ending

PERMISSIONS: Mapping[str, frozenset[Role]] = {**_PAGES, **_TWINS, "api-person-new": _PAGES["people"], "api-audit-verify": _PAGES["audit"]}


def may(role: str, route: str | None) -> bool:
    """Whether a role may use a route; False for a route that the table doesn't have."""
    return route is not None and role in PERMISSIONS.get(route, frozenset())
