"""Flags: what a rule found, how bad it is, which clause it rests on and where it shows."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from models.field import Region
from models.page import Frozen


class Severity(StrEnum):
    """From worst to mildest; the worst of a claim's flags decides its triage."""

    BLOCK = "block"  # 条件不符: a condition of the scheme is not met as far as the papers show; a person decides
    SUPPLEMENT = "supplement"  # 待补正: something is missing that the applicant can hand in
    REVIEW = "review"  # 待核: a person should look
    INFO = "info"  # 提示


class Verdict(StrEnum):
    UPHELD = "upheld"  # 成立
    DISMISSED = "dismissed"  # 不成立


class Judgement(Frozen):
    """What a reviewer holds of a flag, and why."""

    verdict: Verdict
    by: str
    at: AwareDatetime
    reason: str = ""


class Flag(Frozen):
    """One finding. clause: as the rulebook cites it, without spaces. detail: JSON values. message: Chinese, for people.

    across: found by looking at the whole batch; such flags are found anew whenever any claim of the batch changes.
    judgement: a reviewer's; a dismissed flag stays to be seen, and counts no longer.
    """

    code: str
    severity: Severity
    clause: str
    detail: dict[str, Any] = {}
    message: str
    evidence: tuple[Region, ...] = ()
    across: bool = False
    judgement: Judgement | None = None

    @property
    def stands(self) -> bool:
        """Whether the flag counts: no reviewer has dismissed it."""
        return self.judgement is None or self.judgement.verdict is not Verdict.DISMISSED

    @property
    def key(self) -> str:
        """What is found and where, in 16 hex digits: the same finding has the same key whenever the claim is judged, another finding of the same rule another."""
        told = json.dumps([self.code, self.severity.value, self.clause, self.detail, self.message], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]
