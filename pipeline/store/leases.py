"""Who works on which submission, and until when.

A lease is taken by compare-and-set and ends by itself, so that nothing stays "working" after a crash; what was made under a lease that has been lost
is not written (`pipeline.store.outcomes.finish`). Times are given by the caller, UTC.
"""

from __future__ import annotations

import os
import platform
import random
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db.models import F, Q

from pipeline.store.models import Batch, State, Submission

SECONDS = 120.0


class Lease(NamedTuple):
    """One submission, held by `owner`. attempt: how often it has been taken, this time included; with the owner it tells this lease from any other."""

    pk: int
    submission_id: str
    owner: str
    attempt: int


def take(batch: Batch, n: int, owner: str, now: datetime, seconds: float = SECONDS, only: Collection[str] = ()) -> list[Lease]:
    """At most n submissions that wait, or whose lease has run out, in the order of their ids; they are the owner's for `seconds`.

    only: submissions to choose from, () for all of the batch. What another owner takes at the same moment isn't among them.
    """
    free = Submission.objects.filter(batch=batch).filter(_free(now, seconds))
    if only:
        free = free.filter(submission_id__in=only)
    until = now + timedelta(seconds=seconds)
    taken = []
    for pk, submission_id, attempts in list(free.order_by("submission_id").values_list("pk", "submission_id", "attempts")[:n]):
        # the condition is looked at again by the database as it writes: of two owners one changes a row, the other none
        mine = Submission.objects.filter(_free(now, seconds), pk=pk, attempts=attempts)
        if mine.update(state=State.WORKING, lease_owner=owner, lease_until=until, attempts=F("attempts") + 1, updated=now):
            taken.append(Lease(pk, submission_id, owner, attempts + 1))
    return taken


def _free(now: datetime, seconds: float) -> Q:
    """Waiting, or held by a lease that has run out, or that ends later than any lease could: a clock was wrong when it was taken."""
    held = Q(state=State.WORKING)
    return Q(state=State.WAITING) | (held & Q(lease_until__lt=now)) | (held & Q(lease_until__gt=now + timedelta(seconds=2 * seconds)))


def renew(owner: str, now: datetime, seconds: float = SECONDS) -> int:
    """Hold all that the owner has for `seconds` more, and tell how many that are."""
    return Submission.objects.filter(state=State.WORKING, lease_owner=owner).update(lease_until=now + timedelta(seconds=seconds))


def release(lease: Lease, now: datetime) -> bool:
    """Give a submission back undone; False where it isn't held any more. The attempt doesn't count."""
    mine = Submission.objects.filter(pk=lease.pk, state=State.WORKING, lease_owner=lease.owner, attempts=lease.attempt)
    return bool(mine.update(state=State.WAITING, lease_owner="", lease_until=None, attempts=F("attempts") - 1, updated=now))


def release_all(owner: str, now: datetime) -> int:
    """Give back all that the owner has, undone."""
    return Submission.objects.filter(state=State.WORKING, lease_owner=owner).update(state=State.WAITING, lease_owner="", lease_until=None, attempts=F("attempts") - 1, updated=now)


def release_gone(batch: Batch, now: datetime) -> int:
    """Free what processes of this machine hold that aren't there any more, without waiting for their leases to run out."""
    held = Submission.objects.filter(batch=batch, state=State.WORKING)
    gone = [owner for owner in held.values_list("lease_owner", flat=True).distinct() if is_gone(owner)]
    return held.filter(lease_owner__in=gone).update(state=State.WAITING, lease_owner="", lease_until=None, updated=now)


def own_name() -> str:
    """Who this process is, among all that may share a database: machine, its process space, number and birth of the process, a die."""
    return "/".join((platform.node()[:50], _space(), str(os.getpid()), _birth(os.getpid()), f"{random.SystemRandom().getrandbits(32):08x}"))


def is_gone(owner: str) -> bool:
    """Whether an owner surely isn't there any more: only a process of this very machine can be known to be gone."""
    node, space, pid, birth = ([*owner.split("/"), "", "", ""])[:4]
    if node != platform.node()[:50] or not space or space != _space() or not pid.isdecimal():
        return False
    return _birth(int(pid)) != birth


def _space() -> str:
    """The boot and the process namespace in which process numbers mean something, "" where that can't be known."""
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text('ascii')[:8]}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _birth(pid: int) -> str:
    """When a process was born, in ticks since the machine was started; "" where there is none (any more: a zombie is none)."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" else rest[18]
