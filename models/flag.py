"""Flags: what a rule found, how bad it is, which clause it rests on and where it shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from models.field import Region
from models.page import Frozen


class Severity(StrEnum):
    """From worst to mildest; the worst of a claim's flags decides its triage."""

    BLOCK = "block"  # 条件不符: a condition of the scheme is not met as far as the papers show; a person decides
    SUPPLEMENT = "supplement"  # 待补正: something is missing that the applicant can hand in
    REVIEW = "review"  # 待核: a person should look
    INFO = "info"  # 提示


class Flag(Frozen):
    """One finding. clause: as the rulebook cites it, without spaces. detail: JSON values. message: Chinese, for people.

    across: found by looking at the whole batch; such flags are found anew whenever any claim of the batch changes.
    """

    code: str
    severity: Severity
    clause: str
    detail: dict[str, Any] = {}
    message: str
    evidence: tuple[Region, ...] = ()
    across: bool = False
