"""Who may do what to a case wherever it stands: every route that changes one, every role, every step and status; and that nobody gets to decide at two steps, whatever way they try.

What is expected is worked out here from the two tables (roles.py, stages.toml) alone, without the functions that are tried.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from django.test import Client
from test_roles import routes

from pipeline.review.stages import Action, stages_of
from pipeline.review.web.roles import DECIDERS, PERMISSIONS, Role
from tests.invented_claim import SCHEME, field, judged

STAGES = stages_of(SCHEME.name).stages
REFERRALS = int(os.environ.get("REFERRALS", "1"))  # on one way through the stages; there could be any number, from hand to hand
MOST = {Action.REFER: REFERRALS, Action.REOPEN: int(REFERRALS > 1)}  # a claim that was taken up again is followed by `make attack` alone
EVERY = int(os.environ.get("EVERY", "7"))  # of so many ways to ask one is tried; `make attack` tries all
LONG_AGO = datetime(2020, 6, 1, tzinfo=UTC)
ENDS = {Action.RETURN: "returned", Action.REJECT: "rejected", Action.REFER: "referred"}


class State(NamedTuple):
    """Where a case stands. held: whether somebody else has it before them; before: whether the person decided at another step, or referred or rejected it here."""

    stage: str
    status: str
    held: bool = False
    before: bool = False


def states() -> Iterator[State]:
    """Every state that the stages' table leads to."""
    for name, stage in STAGES.items():
        last = [] if stage.next else ["closed"]
        for status in ("open", *(ENDS[action] for action in stage.actions if action in ENDS), *last, "withdrawn"):
            yield State(name, status)
            if status in ("open", "referred"):
                yield State(name, status, held=True)
            if status in ("open", "referred", "rejected"):
                yield State(name, status, before=True)


class Try(NamedTuple):
    """One thing done to a case. twin: its route for programs."""

    route: str
    twin: str
    action: str = ""


TRIES = (
    Try("amend", "api-amend"), Try("judge", "api-judge"), Try("retype", "api-retype"), *(Try("decide", "api-decide", action) for action in Action if action != Action.UNDO), Try("undo", "api-undo"), Try("letter-save", "api-letter-save"),
    *(Try("bulk-do", "api-bulk-do", action) for action in ("pass", "return", "refer")))
READS = ("claim", "letter", "letter-pdf", "entries", "claim-versions", "claim-version", "api-claim", "api-letter", "api-letter-pdf", "api-entries", "api-claim-versions", "api-claim-version")


def test_no_route_that_changes_a_case_is_left_out():
    others = {"release", "read-box", "picture"}  # giving back changes nothing that is said or decided
    of_cases = {name for name, _, place in routes() if place.startswith(("claims/", "api/claims/"))}
    assert of_cases == {name for one in TRIES for name in (one.route, one.twin) if "bulk" not in name} | set(READS) | others | {f"api-{route}" for route in others}


def allowed(role: str, one: Try, state: State) -> bool:
    """By the tables: the route is the role's, the step is theirs, the case is open there (or returned or rejected, to take it up again), nobody else has it, and they are nobody who decided before."""
    stage = STAGES[state.stage]
    if role not in PERMISSIONS[one.route] or role not in stage.roles:
        return False
    if one.action == Action.REOPEN:
        return state.status in ("returned", "rejected") and not state.before
    if state.status not in ("open", "referred"):
        return False
    if one.route == "letter-save":
        return not state.before and not state.held
    if one.route in ("amend", "judge", "retype"):
        return not state.held
    return one.route != "undo" and one.action in stage.actions and not state.held and not state.before


@pytest.fixture
def desk(client_of, file_claim):
    """A claim with a flag, one person of each role, and somebody who has the case or has decided."""
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    pk = file_claim(judged(changes={"insurance_policy": {"premium_rate": field("8", raw="8%")}}))
    claim = cases.in_force(Case.objects.get(pk=pk)).claim
    value = f"p{next(i for i, paper in enumerate(claim.papers) if paper.type == 'insurance_policy')}.premium_rate"
    return pk, value, claim.flags[0].key, {role: client_of(role) for role in Role.values}, client_of("lead", "另一人")


def put(pk: int, state: State, person, other) -> None:
    """Bring the case there, as the functions under test would have; all is taken back after."""
    from pipeline.review.web.models import Case, Decided

    def decided(number: int, by, stage: str, action: str, to: tuple[str, str]) -> None:
        Decided.objects.create(case_id=pk, number=number, action=action, stage=stage, status="open", to_stage=to[0], to_status=to[1], version=1, by=by, at=LONG_AGO)

    elsewhere = next(name for name in STAGES if name != state.stage)
    if state.before and state.status == "open":
        decided(1, person, elsewhere, "pass", (state.stage, "open"))
    if state.status == "referred":
        decided(2, person if state.before else other, state.stage, "refer", (state.stage, "referred"))
    elif state.status not in ("open", "withdrawn"):
        decided(2, person if state.before else other, state.stage, next((action for action, end in ENDS.items() if end == state.status), "pass"), (state.stage, state.status))
    Case.objects.filter(pk=pk).update(
        stage=state.stage, status=state.status, since=LONG_AGO, revision=2, taken_by=other if state.held else None, taken_until=datetime(2100, 1, 1, tzinfo=UTC) if state.held else None)


def asked(client: Client, one: Try, by_api: bool, pk: int, value: str, flag: str):
    """Does it; gives the status and whether anything was written."""
    from pipeline.review.web.models import Case, Decided, Letter, Said

    def written() -> tuple[int, ...]:
        return Said.objects.count(), Decided.objects.count(), Letter.objects.count()

    seen, before = Case.objects.select_related("submission").get(pk=pk).seen, written()
    sent = {
        "amend": {"key": value, "value": "2%"}, "judge": {"flag": flag, "verdict": "upheld"}, "retype": {"paper": "scan.pdf/4", "type": "premium_invoice"}, "decide": {"action": one.action, "reason": "已核"}, "undo": {}, "letter-save": {"kind": "return", "text": "请补交。"},
        "bulk-do": {"action": one.action, "reason": "已核", "chosen": f"{pk}:{seen}"}}[one.route]
    if by_api:
        where = {"letter-save": f"claims/{pk}/letter/save", "bulk-do": "bulk"}.get(one.route, f"claims/{pk}/{one.route}")
        sent = {**sent, "paper": {"file": "scan.pdf", "page": 4}} if one.route == "retype" else sent
        said = {"action": one.action, "reason": "已核", "do": True, "cases": [{"pk": pk, "seen": seen}]} if one.route == "bulk-do" else {**sent, **({} if one.route == "undo" else {"seen": seen})}
        answer = client.post("/api/" + where, json.dumps(said), content_type="application/json")
    else:
        where = {"letter-save": f"/claims/{pk}/letter/save", "bulk-do": "/bulk/do"}.get(one.route, f"/claims/{pk}/{one.route}")
        answer = client.post(where, {**sent, "revision": seen})
    return answer.status_code, written() != before


def test_every_role_may_do_in_every_state_what_the_tables_say_and_nothing_else(desk):
    from django.db import transaction

    pk, value, flag, clients, other = desk
    wrong, tried, done, asking = [], 0, 0, itertools.count()
    for state in states():
        for role, client in clients.items():
            if (state.held or state.before) and role not in DECIDERS:
                continue  # refused by the same state with nobody else in it
            with transaction.atomic():
                put(pk, state, client.person, other.person)
                for one, by_api in itertools.product(TRIES, (False, True)):
                    if (by_api and not one.twin) or next(asking) % EVERY:
                        continue
                    with transaction.atomic():
                        status, changed = asked(client, one, by_api, pk, value, flag)
                        transaction.set_rollback(True)
                    tried, done = tried + 1, done + changed
                    if changed != allowed(role, one, state) or status >= 500 or (status == 403) != (role not in PERMISSIONS[one.twin if by_api else one.route]):
                        wrong.append((state, role, one, by_api, status, changed))
                transaction.set_rollback(True)
    assert wrong == []
    assert min(tried - done, done) > 100 // EVERY
    print(json.dumps({"tried": tried, "done": done, "wrong": len(wrong)}))


def test_what_may_be_read_may_be_read_in_every_state(desk):
    pk, _, _, clients, other = desk
    from django.db import transaction

    asking = itertools.count()
    for state in states():
        for role, client in clients.items():
            with transaction.atomic():
                put(pk, state, client.person, other.person)
                for route in (route for route in READS if next(asking) % (EVERY * EVERY) == 0):
                    place = {"claim": "", "letter-pdf": "/letter.pdf", "entries": "/entries?q=机床", "claim-versions": "/versions", "claim-version": "/versions/1", "letter": "/letter"}[route.removeprefix("api-")]
                    assert client.get(f"{'/api' if route.startswith('api-') else ''}/claims/{pk}{place}").status_code == (200 if role in PERMISSIONS[route] else 403), (state, role, route)
                transaction.set_rollback(True)


# ---------------------------------------------------------------- four eyes


class Node(NamedTuple):
    """Where a case stands and whose decisions stand, people numbered in the order in which they came."""

    stage: str
    status: str
    standing: tuple[tuple[int, str, str], ...]


def test_there_is_no_way_by_which_one_person_decides_at_two_steps(person, file_claim):
    """Every way through the stages is gone, by people whose role is changed to whatever fits best before each try; each can pass, return, reject, refer and take back, alone or in bulk."""
    from django.db import transaction

    from pipeline.review.web import bulk, cases, deciding
    from pipeline.review.web.bulk import Chosen
    from pipeline.review.web.cases import Refused, Seen, Stale
    from pipeline.review.web.models import Case, Decided, User

    pk = file_claim(judged())
    people = [person("reviewer", f"人{n}") for n in range(len(STAGES) + REFERRALS + 1)]
    number = {one.pk: n for n, one in enumerate(people)}
    ways, closed, refused = set(), set(), 0

    def now() -> Case:
        return Case.objects.select_related("submission__batch").get(pk=pk)

    def node() -> Node:
        rows = list(Decided.objects.filter(case=pk).order_by("number"))
        undone = {row.undoes_id for row in rows if row.undoes_id}
        case = now()
        return Node(case.stage, case.status, tuple((number[row.by_id], row.stage, row.action) for row in rows if row.undoes_id is None and row.pk not in undone))

    def fits(one: User, stage: str) -> User:
        User.objects.filter(pk=one.pk).update(role=next(iter(STAGES[stage].roles)))
        return User.objects.get(pk=one.pk)

    def step(who: User, how: str) -> None:
        case = now()
        seen = Seen(case.revision, case.submission.version)
        if how == Action.UNDO:
            cases.undo(pk, who)
        elif how.startswith("bulk-"):
            bulk.carry_out([Chosen(pk, seen)], who, Action(how[5:]), "已核")
        else:
            deciding.decide(case, who, Action(how), seen, "已核")

    def whole(at: Node) -> None:
        steps: dict[int, set[str]] = {}
        for who, stage, _ in at.standing:
            steps.setdefault(who, set()).add(stage)
        assert all(len(stages) == 1 for stages in steps.values()), at
        for (first, stage, how), (then, there, _) in zip(at.standing, at.standing[1:], strict=False):
            assert not (how == "refer" and stage == there and first == then), at

    def walk(at: Node) -> None:
        nonlocal refused
        ways.add(at)
        whole(at)
        if at.status == "closed":
            closed.add(at)
        known = max((who for who, _, _ in at.standing), default=-1) + 1
        for who in people[: known + 1]:  # those who have been there, and one more: anybody else would do the same as that one
            for how in (*Action, "bulk-pass"):
                with transaction.atomic():
                    Case.objects.filter(pk=pk).update(since=LONG_AGO)  # the notice is over
                    try:
                        step(fits(who, at.stage), how)
                    except (Refused, Stale):
                        refused += 1
                    after = node()
                    if after == at:
                        refused += how == "bulk-pass"
                    elif after not in ways and all(sum(action == back for _, _, action in after.standing) <= most for back, most in MOST.items()):
                        walk(after)
                    transaction.set_rollback(True)

    walk(node())
    assert {at.stage for at in ways} == set(STAGES)
    assert closed
    assert all(len({who for who, _, _ in at.standing}) >= len(STAGES) for at in closed)  # each step somebody else
    assert refused > 100
    print(json.dumps({"states": len(ways), "closed": len(closed), "refused": refused}))
