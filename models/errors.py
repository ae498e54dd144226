"""Everything that claim-intake raises on purpose.

A message says where, what was found, what was expected and what to do, in one line that a person can act on.
"""

from __future__ import annotations

import errno

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class IntakeError(Exception):
    """Base of all our errors; `exit_code` is what the command ends with when it reaches the top."""

    exit_code = 1


class UsageError(IntakeError):
    """The command was called with something that can't work: a folder that isn't there, an unknown scheme."""

    exit_code = 2


class ReferenceInvalid(UsageError):
    """A reference table that doesn't hold what its header promises."""


class SchemeUnknown(UsageError):
    """No scheme of that name is shipped."""


class SettingsInvalid(UsageError):
    """A setting that doesn't exist or lies outside its bounds."""


class StoreUnavailable(IntakeError):
    """The database or the blobs can't be reached or written, also after asking again for as long as was set."""


def no_room(error: BaseException) -> bool:
    """Whether this is a disk, or someone's share of it, that is full: no paper's fault, and gone when there is room again."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


class InUse(IntakeError):
    """Something goes on that this may not be done beside."""


class LeaseLost(IntakeError):
    """Someone else works on the submission now, or has finished it: what was done for it is not written."""


class VersionStale(IntakeError):
    """A claim was changed by someone else since it was looked at: nothing is written over theirs."""


class CalibrationInvalid(UsageError):
    """A file that holds no fit of confidence, or claims and truth of which none can be made."""


class FileRefused(IntakeError):
    """A file that can't be read as pages; it is quarantined and the rest goes on.

    reason: one of `models.claim.QuarantineReason`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


class ModelInvalid(UsageError):
    """A trained model that isn't there or wasn't made by this version."""


class CorrectionsInvalid(UsageError):
    """A file of corrections that doesn't hold what it should."""
