"""Where a claim goes: the worst of its flags decides.

In:    a claim with its flags.
Out:   `Triage`: ineligible, supplement, review or clear.
Fails: never.
Source: the contract: clear means only info flags and every claim field accepted. What wasn't read can't pass as good:
        a field that the track's papers must show, a track that wasn't recognised or a quarantined file leave the claim to a person.
        A flag that a reviewer dismissed counts no longer; that of a rule which wasn't checked still keeps the claim from being clear.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.claim import Claim, Triage
from models.flag import Severity
from pipeline.assemble import expected_fields

WORST: Mapping[Severity, Triage] = {
    Severity.BLOCK: Triage.INELIGIBLE,
    Severity.SUPPLEMENT: Triage.SUPPLEMENT,
    Severity.REVIEW: Triage.REVIEW,
}


def triage(claim: Claim) -> Triage:
    """The queue a claim belongs in."""
    raised = {flag.severity for flag in claim.flags if flag.stands}
    for severity, queue in WORST.items():
        if severity in raised:
            return queue
    return Triage.CLEAR if _all_read(claim) else Triage.REVIEW


def _all_read(claim: Claim) -> bool:
    """Whether every field of the claim is there and accepted, no file was left unread and no rule unchecked."""
    if claim.track is None or claim.quarantined:
        return False
    if any(flag.code == "not_checked" for flag in claim.flags):
        return False
    return all(name in claim.fields for name in expected_fields(claim.track)) and all(field.accepted for field in claim.fields.values())
