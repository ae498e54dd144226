"""A store of many claims, made of a few that were really read: other names, numbers and amounts, and the history that an office would have left by then.

In:    claims of a finished run, an empty store of the review page, how many.
Out:   rows: submissions, claims, files, flags, cases at every step, what people said and decided, the log; people of each role.
Everything is written in bulk past the functions that write one at a time, and is what they would have written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from models.claim import Claim

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
PORTION = 250
PASSWORD = "七支-steady-lamp-42"
PEOPLE: Mapping[str, int] = {"reviewer": 12, "lead": 4, "auditor": 2, "analyst": 1, "operator": 1, "admin": 1}
# where the cases stand: step, status, share, decisions that led there (step, action, role)
_PASSED = (("district", "pass", "reviewer"), ("city", "pass", "lead"), ("audit", "pass", "auditor"))
STANDING: Sequence[tuple[str, str, float, tuple[tuple[str, str, str], ...]]] = (
    ("district", "open", 0.5, ()),
    ("district", "returned", 0.05, (("district", "return", "reviewer"),)),
    ("district", "rejected", 0.03, (("district", "reject", "reviewer"),)),
    ("city", "open", 0.15, _PASSED[:1]),
    ("city", "referred", 0.02, (*_PASSED[:1], ("city", "refer", "lead"))),
    ("audit", "open", 0.05, _PASSED[:2]),
    ("notice", "open", 0.03, _PASSED),
    ("payment", "closed", 0.17, (*_PASSED, ("notice", "pass", "lead"), ("payment", "pass", "lead"))),
)
_PLACES = ["慈溪", "余姚", "镇海", "北仑", "鄞州", "奉化", "象山", "宁海", "海曙", "江北"]
_FIRST, _SECOND = "澄曜拓锐恒景瑞沣岚骏淮屹峰溪榕柏磐岳沐嘉", "达远成和源川泽翔鸣朗辰昌越舟图信宁合盛邦"
_TRADES = ["机床", "精密机械", "轴承", "模具", "新材料", "智能装备", "液压", "自动化", "软件", "电气", "铸造", "仪表"]
_COLUMNS = ("applicant_name", "insurer_name", "product_name", "policy_number")
_AMOUNTS = ("sum_insured", "premium", "subsidy_requested")


class Twin(NamedTuple):
    """A claim like one that was read. columns: of its submission; of: the claim that it was made of."""

    name: str
    text: str
    columns: dict[str, Any]
    of: Claim


def twins(claims: Sequence[Claim], n: int, die: Random) -> Iterator[Twin]:
    """So many claims, each like one of those given."""
    texts = [claim.model_dump_json() for claim in claims]
    for i in range(n):
        claim, text = claims[i % len(claims)], texts[i % len(claims)]
        value = {name: claim.fields[name].text if name in claim.fields else "" for name in (*_COLUMNS, *_AMOUNTS)}
        other = {
            claim.submission_id: f"{claim.submission_id[:2]}-{i:06}",
            value["applicant_name"]: f"宁波{die.choice(_PLACES)}{die.choice(_FIRST)}{die.choice(_SECOND)}{die.choice(_TRADES)}有限公司",
            value["policy_number"]: f"P{die.randrange(10**19):019}",
            value["subsidy_requested"]: f"{die.randrange(5_000, 3_000_000)}.{die.randrange(100):02}",
        }
        for old, new in other.items():
            if old:
                text = text.replace(json.dumps(old, ensure_ascii=False)[1:-1], new)
        said = {name: other.get(value[name], value[name]) or None for name in value}
        yield Twin(other[claim.submission_id], text, {
            "triage": claim.triage.value, "track": claim.track.value if claim.track else "", "applicant": said["applicant_name"] or "", "insurer": said["insurer_name"] or "",
            "product": said["product_name"] or "", "policy_number": said["policy_number"] or "", **{name: said[name] for name in _AMOUNTS}}, claim)


def fill(claims: Sequence[Claim], n: int, reference: Path, sha256: str, seed: int = 1) -> None:
    """Write so many claims and their history."""
    from pipeline.store.outcomes import open_batch

    die = Random(seed)
    people = _people()
    batch = open_batch("一月", claims[0].scheme, 2021, NOW, str(reference))
    made = twins(claims, n, die)
    lines = 0
    head = (0, "0" * 64)
    while portion := [twin for _, twin in zip(range(PORTION), made, strict=False)]:
        head = _portion(batch, portion, people, sha256, die, head)
        lines += len(portion)
    _sealed(*head)


def _people() -> dict[str, list[Any]]:
    from pipeline.review.web.models import User

    one = User()
    one.set_password(PASSWORD)  # hashed once: it takes a fifth of a second
    made = User.objects.bulk_create([User(username=f"{role}{i}", first_name=f"{role}{i}", role=role, password=one.password) for role, n in PEOPLE.items() for i in range(n)])
    return {role: [user for user in made if user.role == role] for role in PEOPLE}


def _portion(batch: Any, twins: Sequence[Twin], people: Mapping[str, list[Any]], sha256: str, die: Random, head: tuple[int, str]) -> tuple[int, str]:
    from django.db import connection

    from pipeline.review.web.models import AuditEvent, Case, Decided, Said
    from pipeline.store.models import BuyerNamed, File, FlagRaised, State, Submission

    rows = Submission.objects.bulk_create([
        Submission(batch=batch, submission_id=t.name, state=State.DONE, created=NOW - timedelta(days=die.randrange(90)), updated=NOW, finished=NOW, version=1, fingerprint="mark", **t.columns) for t in twins])
    pairs = list(zip(rows, twins, strict=True))
    where = die.choices(STANDING, [share for _, _, share, _ in STANDING], k=len(pairs))
    cases = Case.objects.bulk_create([
        Case(submission=row, stage=stage, status=status, since=NOW - timedelta(days=die.randrange(60)), revision=2 * len(way)) for (row, _), (stage, status, _, way) in zip(pairs, where, strict=True)])
    versions, said, decided, lines = [], [], [], []
    for (row, twin), case, (stage, status, _, way) in zip(pairs, cases, where, strict=True):
        versions.append((row.pk, 1, twin.text, "run", ""))
        lines.append((people["operator"][0], "see", twin.name, {}))
        for step, (at, action, role) in enumerate(way):
            to_stage, to_status = (way[step + 1][0], "open") if step + 1 < len(way) else (stage, status)
            who = die.choice(people[role])
            said.append(_said(case, twin, 2 * step + 1, who, die))
            decided.append(Decided(
                case=case, number=2 * step + 2, action=action, stage=at, status="open", to_stage=to_stage, to_status=to_status, reason="已核", version=1, by=who, at=NOW + timedelta(minutes=step)))
            case.last_by = who
            lines += [(who, "amend", twin.name, {"field": "premium"}), (who, "decide", twin.name, {"decision": action})]
        if way:
            versions.append((row.pk, 2, twin.text, "correction", "u1"))
            row.version = 2
    with connection.cursor() as cursor, cursor.copy(  # long texts: bulk_create takes twenty times as long
            "COPY store_claimversion (submission_id, number, text, made_by, by, made_at, fingerprint, reader, reference) FROM STDIN") as copy:
        for version in versions:
            copy.write_row((*version, NOW, "mark", "r", "t"))
    Submission.objects.bulk_update([row for row in rows if row.version == 2], ["version"])
    File.objects.bulk_create([
        File(batch=batch, submission=row, number=i, name=name, sha256=sha256, size=9, blob=sha256, pages=9, pages_ocr=9)
        for row, twin in pairs for i, name in enumerate(sorted({part.file for paper in twin.of.papers for part in paper.parts}), 1)])
    raised = {id(twin): Counter((flag.code, flag.severity.value) for flag in twin.of.flags) for twin in twins}
    FlagRaised.objects.bulk_create([FlagRaised(submission=row, code=code, severity=severity, count=n) for row, twin in pairs for (code, severity), n in raised[id(twin)].items()])
    BuyerNamed.objects.bulk_create([BuyerNamed(submission=row, name=name) for row, twin in pairs for name in {buyer.name.text for buyer in twin.of.buyers if buyer.name}])
    Said.objects.bulk_create(said)
    Decided.objects.bulk_create(decided)
    Case.objects.bulk_update([case for case in cases if case.last_by], ["last_by"])
    events, head = _chained(lines, head)
    AuditEvent.objects.bulk_create(events)
    return head


def _said(case: Any, twin: Twin, number: int, who: Any, die: Random) -> Any:
    """A value confirmed."""
    from models.amendments import AMENDMENT
    from models.review import Correction, PaperRef
    from pipeline.review.web.cases import subject
    from pipeline.review.web.models import Said

    paper = die.choice([paper for paper in twin.of.papers if paper.fields])
    name = die.choice(sorted(paper.fields))
    value = paper.fields[name].value
    told = Correction(submission_id=twin.name, paper=PaperRef(type=paper.type, file=paper.parts[0].file, page=paper.parts[0].pages[0]), field=name, read=value, corrected=value, at=NOW, by=who.opaque)
    return Said(case=case, number=number, subject=subject(told), text=AMENDMENT.dump_json(told).decode(), by=who, at=NOW)


def _chained(lines: Sequence[tuple[Any, str, str, dict[str, str]]], head: tuple[int, str]) -> tuple[list[Any], tuple[int, str]]:
    from pipeline.review.web import audit
    from pipeline.review.web.models import AuditEvent

    number, chain = head
    events = []
    for who, action, about, detail in lines:
        number += 1
        event = AuditEvent(number=number, at=NOW, who=who.opaque, action=action, about=about, detail=json.dumps(detail) if detail else "")
        chain = event.chain = audit._chain(chain, *(getattr(event, name) for name in audit._LINE))
        events.append(event)
    return events, (number, chain)


def _sealed(number: int, chain: str) -> None:
    from pipeline.review.web import audit
    from pipeline.review.web.models import AuditHead

    head = AuditHead(pk=1, number=number, chain=chain)
    head.seal = audit._seal(head)
    head.save()
