"""Reference data as administrators deal with it: a table is handed in, what it changes is shown, and only when confirmed it comes into force.

In:    a batch, a table's file, a person.  Out: proposals, versions in force; each change in one transaction with its line in the log.
Fails: Refused with a reason in Chinese, for people.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from models.errors import IntakeError
from pipeline.reference import TABLES, read_reference
from pipeline.reference_changes import Row, TableChange, rows_of, table_change
from pipeline.reference_import import MOST_BYTES, Imported, read_table, table_label
from pipeline.review.masks import masked_value
from pipeline.review.web import audit
from pipeline.review.web.cases import Refused
from pipeline.review.web.models import ReferenceProposal, User
from pipeline.review.web.roles import Role
from pipeline.review.web.words import language_now, told
from pipeline.store import reference as versions
from pipeline.store.models import Batch, ReferencePut, ReferenceVersion, State, Submission
from pipeline.store.outcomes import storable

KEPT = timedelta(hours=12)  # how long a proposal waits
_PHONE = "phone"  # the column of telephones


def settled(batch: Batch) -> ReferencePut | None:
    """What is in force for a batch; None where it has no tables."""
    try:
        return versions.in_force(batch) or versions.settle(batch, None, timezone.now())
    except IntakeError:
        return None


def files_in_force(batch: Batch) -> Mapping[str, bytes]:
    """The batch's tables, by name."""
    put = settled(batch)
    return versions.files_of(put.version) if put else {}


def propose(batch: Batch, table: str, name: str, data: bytes, person: User) -> tuple[Imported, ReferenceProposal | None]:
    """Read what was handed in; a proposal where nothing is wrong with it. Proposals that nobody confirmed are dropped after a while."""
    if table not in TABLES:
        raise Refused(told("no_such_table"))
    if len(data) > MOST_BYTES:
        raise Refused(told("table_large", n=MOST_BYTES // 2**20))
    found = read_table(table, data, language_now())
    if found.problems:
        return found, None
    now = timezone.now()
    put = settled(batch)
    with transaction.atomic():
        ReferenceProposal.objects.filter(Q(by=person) | Q(at__lt=now - KEPT)).delete()
        proposal = ReferenceProposal.objects.create(
            batch=batch, table=table, base=put.version.mark if put else "", name=storable(name)[:200], data=zlib.compress(found.data), by=person, at=now)
    return found, proposal


def change_of(proposal: ReferenceProposal) -> TableChange:
    """What a proposal would change."""
    return table_change(proposal.table, files_in_force(proposal.batch).get(proposal.table), zlib.decompress(bytes(proposal.data)))


def for_eyes(change: TableChange, person: User) -> TableChange:
    """A change as this person may see it: telephones in full for administrators and auditors alone."""
    if person.role in {Role.ADMIN, Role.AUDITOR} or _PHONE not in TABLES[change.table].columns:
        return change
    at = list(TABLES[change.table].columns).index(_PHONE)

    def row(cells: Row) -> Row:
        return (*cells[:at], _masked(cells[at]), *cells[at + 1 :])

    changed = tuple(
        one._replace(cells=tuple(cell._replace(before=_masked(cell.before), after=_masked(cell.after)) if cell.column == _PHONE else cell for cell in one.cells)) for one in change.changed)
    return change._replace(added=tuple(map(row, change.added)), removed=tuple(map(row, change.removed)), changed=changed)


def _masked(phone: str) -> str:
    return masked_value("contact_phone", phone)


@transaction.atomic
def confirm(proposal_id: int, person: User, note: str) -> ReferencePut:
    """Put one's own proposal in force. Raises Refused where it is gone, or where something else has come into force since it was shown."""
    proposal = ReferenceProposal.objects.select_for_update(of=("self",)).select_related("batch").filter(pk=proposal_id, by=person).first()
    if proposal is None:
        raise Refused(told("import_over"))
    batch = Batch.objects.select_for_update().get(pk=proposal.batch_id)
    put = settled(batch)
    if proposal.base != (put.version.mark if put else ""):
        raise Refused(told("reference_meanwhile"))
    files = {**(versions.files_of(put.version) if put else {}), proposal.table: zlib.decompress(bytes(proposal.data))}
    read_reference(files)  # what comes into force can be read
    made = versions.put_in_force(batch, files, timezone.now(), versions.Origin.PAGE, person.opaque, note.strip()[:1000])
    audit.record("reference", person, str(batch), table=proposal.table, file=proposal.name, version=made.version.mark, before=proposal.base, told=made.told, note=made.note)
    proposal.delete()
    return made


@transaction.atomic
def put_back(batch: Batch, version: ReferenceVersion, person: User, note: str) -> ReferencePut:
    """Put an earlier version in force again."""
    put = settled(batch)
    if put is None or not batch.reference_puts.filter(version=version).exists():
        raise Refused(told("never_in_force"))
    if put.version_id == version.pk:
        raise Refused(told("in_force_now"))
    made = versions.put_in_force(batch, versions.files_of(version), timezone.now(), versions.Origin.BACK, person.opaque, note.strip()[:1000])
    audit.record("reference-back", person, str(batch), version=version.mark, before=put.version.mark, told=made.told, note=made.note)
    return made


def cancel(proposal_id: int, person: User) -> None:
    """Drop one's own proposal."""
    ReferenceProposal.objects.filter(pk=proposal_id, by=person).delete()


def outdated(batch: Batch) -> int:
    """How many claims were last judged with other tables than those in force."""
    put = settled(batch)
    return Submission.objects.filter(batch=batch, state=State.DONE).exclude(reference=put.version.mark).count() if put else 0


def starter_of(batch: Batch) -> Any:
    """What judges the batch's claims anew (`flows.review.Rechecking`); None where whoever serves the page can't."""
    starter = getattr(settings, "RECHECKING", None)
    return starter if starter is not None and starter.covers(batch) else None


def recheck(batch: Batch, person: User) -> bool:
    """Have all claims of the batch judged anew, in the background; False where that is going on already. Raises Refused where who serves the page can't."""
    starter = starter_of(batch)
    if starter is None:
        raise Refused(told("recheck_by_hand"))
    if not starter.start():
        return False
    audit.record("recheck", person, str(batch))
    return True


def table_of(version: ReferenceVersion, table: str, person: User) -> list[Row]:
    """A version's table, row by row. Raises KeyError where it has none of that name."""
    data = versions.files_of(version)[table]
    audit.record("reference-export", person, version.mark, table=table)
    return rows_of(table, data)


def summary(counts: Mapping[str, Mapping[str, int]]) -> str:
    """What a put changed, in a line."""
    told_of = {name: [told(f"rows_{kind}_n", n=n[kind]) for kind in ("added", "removed", "changed") if n.get(kind)] for name, n in counts.items() if name in TABLES}
    tables = [told("table_changed", table=table_label(name, language_now()), what=told("between").join(what) or told("table_empty")) for name, what in told_of.items()]
    return told("between_parts").join(tables) or told("tables_same")
