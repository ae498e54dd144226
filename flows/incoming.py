"""Taking submissions in, from a folder or a bucket to the spool of a workspace, and away from where they came once nothing of them can be lost.

In:    a source.  Out: the spool with all that is complete there, and what was taken, waits, or is refused.
Fails: SourceUnreadable, StoreUnavailable. One submission that can't be taken in holds up no other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from extractors.files import shown
from flows.plan import Plan, check, plan
from flows.workspace import Workspace
from models.annexes import INSURERS
from models.errors import StoreUnavailable, UsageError, no_room
from models.text import some
from pipeline.incoming.bucket import refusals
from pipeline.incoming.manifest import ManifestInvalid
from pipeline.incoming.places import open_source
from pipeline.incoming.source import NotWhole, Source, SourceUnreadable
from pipeline.incoming.spool import AtSource, Spool
from pipeline.settings import Settings

log = logging.getLogger(__name__)

MOST_NAMED = 5  # submissions in a line for people


@dataclass
class TakenIn:
    """What one look at a source came to. waits, refused: by submission, why, in Chinese; settling: some wait for nothing but time. there: whatever stands there, complete or not. stray: what lies outside any submission."""

    taken: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    waits: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stray: tuple[str, ...] = ()
    settling: bool = False
    there: frozenset[str] = frozenset()

    def figures(self) -> dict[str, int]:
        return {
            "taken": len(self.taken), "waiting": len(self.waits), "refused": len(self.refused), "withdrawn": len(self.withdrawn), "removed": len(self.removed), "stray": len(self.stray)}

    def lines(self) -> list[str]:
        """For people, in Chinese; none where there is nothing to tell."""
        told = [f"收件 {len(self.taken)} 件：{_named(self.taken)}"] if self.taken else []
        for what, which in (("等待", self.waits), ("不予收取", self.refused)):
            told += [f"{what}：{shown(submission) or '（空名）'}，{why}" for submission, why in list(which.items())[:MOST_NAMED]]
            told += [f"{what}：等共 {len(which)} 件"] if len(which) > MOST_NAMED else []
        for what, names in (("已从来源撤回", self.withdrawn), ("来源处已移除（原件已存档并核对）", self.removed), ("不在任何申报内，未收取", list(self.stray))):
            told += [f"{what}：{_named(names)}"] if names else []
        return told


def _named(names: list[str]) -> str:
    return "、".join("承保机构材料" if name == INSURERS else name for name in names[:MOST_NAMED]) + (f" 等 {len(names)} 件" if len(names) > MOST_NAMED else "")


def take_in(source: Source, spool: Spool, stop: Callable[[], bool] = lambda: False) -> TakenIn:
    """Bring what is complete at the source, and new or changed, to the spool. stop: asked before each submission."""
    known = spool.taken()
    came = TakenIn()
    with refusals():
        arrivals = source.look([(one.submission, one.mark) for one in known.values()])
    came.stray = tuple(source.stray())
    came.there = frozenset(arrival.submission for arrival in arrivals)
    for arrival in arrivals:
        if stop():
            return came
        before = known.get(arrival.submission)
        if arrival.refused:
            came.refused[arrival.submission] = arrival.refused
        elif before and before.at_source is not AtSource.THERE and arrival.mark in (before.mark, ""):
            continue  # what is left of a removal
        elif arrival.waits:
            came.waits[arrival.submission] = arrival.waits
            came.settling |= arrival.settling
        elif not (before and before.mark == arrival.mark and spool.whole(before)):
            try:
                with refusals():
                    spool.receive(source, arrival)
            except (NotWhole, ManifestInvalid, SourceUnreadable) as error:
                log.warning("%s", error)
                came.waits[arrival.submission] = "收取时不完整、有变动或已损坏，下次再收"
            except OSError as error:
                todo = "make room" if no_room(error) else "see that the disk is there and the folder may be written"
                raise StoreUnavailable(f"{spool.folder} can't be written ({error.strerror}). Nothing is lost; {todo}, and run the same command again.") from error
            else:
                came.taken.append(arrival.submission)
    return came


def withdraw(spool: Spool, came: TakenIn) -> list[str]:
    """Take out of the batch what isn't at the source any more and wasn't removed there by us; gives its names. What was made of it stays in the store.

    Raises SourceUnreadable where the source holds nothing at all: that is a wrong place, or one that isn't connected.
    """
    gone = [one.submission for one in spool.taken().values() if one.submission not in came.there and one.at_source is AtSource.THERE]
    if gone and not came.there:
        raise SourceUnreadable(f"The source holds nothing any more, and {len(gone)} submissions came from there ({some(gone, MOST_NAMED)}). Nothing is withdrawn; check that it is what it was, and run the same command again.")
    for submission in gone:
        spool.forget(submission)
    return gone


def spool_plan(spool: Spool, came: TakenIn, source: Source, reference: Path | None, out: Path, scheme: str, year: int, workers: int, name: str) -> Plan:
    """What is to be done with the spool. Raises what `plan` raises."""
    refused = {one.submission: one.refused for one in spool.taken().values() if one.refused}
    stray = (*came.stray, *(shown(submission) for submission in came.refused))
    return plan(spool.folder, reference, out, scheme, year, workers, name or source.name, stray=stray, refused=refused)


def plan_from(address: str, reference: Path | None, out: Path, scheme: str, year: int, workers: int, name: str, settings: Settings, tell: Callable[[str], None]) -> Plan:
    """What is to be done with all that is complete at a source; what isn't there any more is withdrawn. tell: told in Chinese what came in and what waits.

    Raises UsageError where nothing is complete, what `take_in` and `plan` raise.
    """
    check_address(address, out)
    check(reference, scheme)
    source = open_source(address, settings)
    spool = Spool(Workspace(out).work)
    with spool.alone(source.address):
        came = take_in(source, spool)
        if came.settling:
            time.sleep(settings.incoming.settle_seconds)
            again = take_in(source, spool)
            again.taken = came.taken + again.taken
            came = again
        came.withdrawn = withdraw(spool, came)
    for line in came.lines():
        tell(line)
    if not spool.taken().keys() - {INSURERS}:
        raise UsageError(f"{address} holds no submission that is complete. Send some with intake upload FOLDER {address}.")
    return spool_plan(spool, came, source, reference, out, scheme, year, workers, name)


def remove_sources(source: Source, spool: Spool, todo: Plan, settings: Settings, stop: Callable[[], bool] = lambda: False) -> list[str]:
    """Remove at their source the submissions whose claim is committed and whose originals all read back; gives their names.

    That we remove one is written down before: what is then missing at the source was not withdrawn.
    """
    workspace = Workspace(todo.out)
    records = workspace.records(settings.store, workspace.last_run())
    removed = []
    for one in spool.taken().values():
        if stop():
            break
        if one.refused or one.at_source is AtSource.GONE:
            continue
        if one.at_source is AtSource.THERE:
            if not records.keeps(one.submission, {file.name: file.sha256 for file in one.files}):
                continue
            spool.note(one.model_copy(update={"at_source": AtSource.LEAVING}))
        with refusals():
            gone = source.remove(one.submission, one.mark, one.files)
        if gone:
            spool.note(one.model_copy(update={"at_source": AtSource.GONE}))
            removed.append(one.submission)
        else:
            log.warning("%s changed at its source as it was to be removed; it stays there", one.submission)
    return removed


def check_address(address: str, out: Path) -> None:
    """Raises UsageError where the results would go into the source."""
    folder = Path(address)
    if folder.is_dir() and (out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents):
        raise UsageError(f"The results can't go into the folder that submissions come from ({out}). Name another folder with --out.")
