"""Asking again where a database or storage doesn't answer: what passes by itself is waited for, anything else is raised at once."""

from __future__ import annotations

import errno
import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings as django_settings
from django.db import InterfaceError, OperationalError, connections
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from models.errors import StoreUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

FIRST, LONGEST = 0.1, 5.0  # seconds between two tries
_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EAGAIN, errno.EINTR, errno.ESTALE, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNREFUSED, errno.EPIPE)
# what an S3 server means as it says it; every other word of one may pass, or was damaged on its way
_MEANT = frozenset({
    "AccessDenied", "AllAccessDisabled", "AccountProblem", "AuthorizationHeaderMalformed", "BucketAlreadyExists", "EntityTooLarge", "ExpiredToken", "InvalidAccessKeyId", "InvalidArgument",
    "InvalidBucketName", "InvalidObjectState", "InvalidRequest", "InvalidToken", "KeyTooLongError", "MethodNotAllowed", "NoSuchBucket", "NoSuchKey", "NotImplemented", "PermanentRedirect",
    "QuotaExceeded", "RequestTimeTooSkewed", "ResourceNotFound", "XMinioInvalidObjectName"})


class BlobDamaged(Exception):
    """What was read back isn't what was written."""


class AnswerGarbled(Exception):
    """A server's answer isn't what such a server says: it was damaged on its way."""


def passes(error: BaseException) -> bool:
    """Whether a fault may be gone when the same is tried again. A damaged request shows as a wrong signature or digest."""
    if isinstance(error, S3Error):
        return error.code not in _MEANT
    if isinstance(error, OSError) and not isinstance(error, HTTPError):
        return error.errno in _PASSING or isinstance(error, ConnectionError | TimeoutError)
    return isinstance(error, OperationalError | InterfaceError | ServerError | InvalidResponseError | HTTPError | BlobDamaged | AnswerGarbled)


def patiently(work: Callable[[], T], seconds: float, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic) -> T:
    """Do the work, again and again with growing pauses while what stops it may pass, for at most `seconds`. Raises StoreUnavailable after that.

    The work must be safe to do twice: the answer to what was done may have been lost.
    """
    until = clock() + seconds
    pause = FIRST
    while True:
        try:
            return work()
        except Exception as error:
            if not passes(error):
                raise
            told = " ".join(str(error).split())
            left = until - clock()
            if left <= 0:
                who, setting = ("database", "INTAKE_STORE__DATABASE") if isinstance(error, OperationalError | InterfaceError) else ("storage", "INTAKE_STORE__BLOBS and INTAKE_STORE__S3__ENDPOINT")
                raise StoreUnavailable(f"The {who} didn't answer for {seconds:.0f} s ({told}). Nothing written is lost; check {setting}, and run the same command again when it does.") from error
            log.warning("the store doesn't answer (%s: %s); trying again", type(error).__name__, told)
            _hang_up()
            sleep(min(pause * random.uniform(0.5, 1.0), left))  # noqa: S311  apart from others who wait, no secret
            pause = min(2 * pause, LONGEST)


def _hang_up() -> None:
    """Drop this thread's connections to the database, unless a transaction is open around: a broken one stays broken."""
    if not django_settings.configured:  # storage alone is spoken to
        return
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
