"""Two people and a machine at one claim, in any order: nothing that was said is lost, nobody decides at two steps, who saw something older is told.

INTERLEAVINGS=1000 runs that many sequences instead of a few and prints what it came to as JSON: `INTERLEAVINGS=1000 python -m pytest -s tests/web/test_interleavings.py`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import NamedTuple

from conftest import NOW
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from models.flag import Verdict
from pipeline.review.values import shown
from tests.invented_claim import field, judged

ASKED = int(os.environ.get("INTERLEAVINGS", "0"))
FEW, STEPS = 8, 25
PEOPLE = ("甲", "乙")
WHO = st.sampled_from(PEOPLE)
RATES = ("2", "2.5", "8", "9")
SUBJECTS = {"premium_rate": ("insurance_policy", RATES), "voucher_number": ("payment_voucher", ("V1", "V2", "V3"))}
STAGE_OF = {"district": "reviewer", "city": "lead", "audit": "auditor"}


class Once(NamedTuple):
    """Something that the server took: the revision it made, what it is about, what was said, by whom."""

    number: int
    subject: str
    said: str | None
    by: int


def read_by_machine(submission_id: str, rate: str):
    """A claim of three papers: half of what an interleaving takes is showing it."""
    return judged(submission_id=submission_id, without=("business_licence", "sales_contract", "sales_invoice", "premium_invoice"), changes={"insurance_policy": {"premium_rate": field(rate, raw=rate + "%")}})


def test_whatever_the_order_nothing_is_lost_and_nobody_decides_twice(client_of, file_claim):
    from pipeline.review.web import audit, cases
    from pipeline.review.web.models import AuditEvent, Case, Decided, Said, User
    from pipeline.store.data import MadeBy
    from pipeline.store.outcomes import revise

    clients = {name: client_of("reviewer", name) for name in PEOPLE}
    tally: Counter[str] = Counter()

    class Desk(RuleBasedStateMachine):
        @initialize()
        def file(self):
            tally["sequences"] += 1
            User.objects.update(role="reviewer")
            self.name = f"I-{tally['sequences']:05}"
            self.pk = file_claim(read_by_machine(self.name, "8"))
            self.said: list[Once] = []
            self.decided, self.stage = 0, self.row().stage
            self.seen = dict.fromkeys(PEOPLE, self.row().seen)
            self.checked, self.of_paper = "", {}
            for name, (kind, _) in SUBJECTS.items():
                at = next(i for i, paper in enumerate(self.claim().papers) if paper.type == kind)
                paper = self.claim().papers[at]
                self.of_paper[name] = (f"p{at}.{name}", f"paper/{paper.parts[0].file}/{paper.parts[0].pages[0]}/{name}")

        def row(self) -> Case:
            return Case.objects.select_related("submission__batch").get(pk=self.pk)

        def claim(self):
            return cases.in_force(self.row()).claim

        def may_write(self, who: str) -> bool:
            """By the case as it is: whether it is open, at this person's step, and not before somebody else; auditors don't write."""
            row, person = self.row(), User.objects.get(pk=clients[who].person.pk)
            from django.utils import timezone

            held = row.taken_by_id not in (None, person.pk) and row.taken_until > timezone.now()
            return row.status in ("open", "referred") and person.role == STAGE_OF[row.stage] and person.role != "auditor" and not held

        def written_since(self, who: str, subject: str, said: str | None) -> bool:
            revision = int(self.seen[who].partition(".")[0])
            return any(one.subject == subject and one.number > revision and one.said != said for one in self.said)

        def took(self, who: str, subject: str, said: str | None, answer) -> None:
            assert answer.status_code == 200
            self.said.append(Once(self.row().revision, subject, said, clients[who].person.pk))
            self.seen[who] = answer.content.decode().partition('data-revision="')[2].partition('"')[0]
            tally["taken"] += 1

        @precondition(lambda self: self.stage in STAGE_OF)
        @rule(who=WHO)
        def look(self, who):
            """Opens the page; takes the case where it is free."""
            answer = clients[who].get(f"/claims/{self.pk}")
            assert answer.status_code == 200
            self.seen[who] = answer.content.decode().partition('data-revision="')[2].partition('"')[0]
            assert self.seen[who] == self.row().seen

        @precondition(lambda self: self.stage in STAGE_OF)
        @rule(who=WHO, name=st.sampled_from(sorted(SUBJECTS)), at=st.integers(0, 9))
        def amend(self, who, name, at):
            key, subject = self.of_paper[name]
            values = SUBJECTS[name][1]
            value = values[at % len(values)]
            right = self.may_write(who) and not self.written_since(who, subject, value)
            answer = clients[who].post(f"/claims/{self.pk}/amend", {"key": key, "value": value, "revision": self.seen[who]})
            if right:
                self.took(who, subject, value, answer)
            else:
                assert answer.status_code in (403, 409)
                tally["stale or held"] += 1

        @precondition(lambda self: self.stage in STAGE_OF)
        @rule(who=WHO, verdict=st.sampled_from(("upheld", "dismissed", "")))
        def judge(self, who, verdict):
            flag = next((flag for flag in self.claim().flags if flag.code == "rate_above_cap"), None)
            if flag is None:
                return
            subject = "flag/" + flag.key
            right = self.may_write(who) and not self.written_since(who, subject, verdict or None)
            answer = clients[who].post(f"/claims/{self.pk}/judge", {"flag": flag.key, "verdict": verdict, "reason": "已核", "revision": self.seen[who]})
            if right:
                self.took(who, subject, verdict or None, answer)
            else:
                assert answer.status_code in (403, 409)
                tally["stale or held"] += 1

        @precondition(lambda self: self.stage in ("district", "city") and self.row().status in ("open", "referred"))
        @rule(who=WHO, name=st.sampled_from(sorted(SUBJECTS)), at=st.integers(0, 9), keep=st.booleans())
        def collide(self, who, name, at, keep):
            """Both look at one state, then say something else of one value one after the other; the second is shown both, and keeps theirs or doesn't."""
            second = next(one for one in PEOPLE if one != who)
            for one in (who, second):
                self.half_an_hour()
                self.promote(one, STAGE_OF[self.stage])
                self.look(one)
            self.half_an_hour()
            key, subject = self.of_paper[name]
            values = SUBJECTS[name][1]
            theirs, mine = (values[(at + n) % len(values)] for n in range(2))
            stale = self.seen[second]
            self.took(who, subject, theirs, clients[who].post(f"/claims/{self.pk}/amend", {"key": key, "value": theirs, "revision": self.seen[who]}))
            self.half_an_hour()
            before = self.row().seen
            answer = clients[second].post(f"/claims/{self.pk}/amend", {"key": key, "value": mine, "revision": stale})
            text = answer.content.decode()
            assert (answer.status_code, self.row().seen) == (409, before)  # told, and nothing is written
            assert f"<b>{shown(name, theirs)}</b>" in text
            assert f"<b>{mine}</b>" in text
            tally["shown both"] += 1
            if keep:
                revision = text.partition('data-revision="')[2].partition('"')[0]
                self.took(second, subject, mine, clients[second].post(f"/claims/{self.pk}/amend", {"key": key, "value": mine, "revision": revision}))

        @rule(who=WHO)
        def release(self, who):
            assert clients[who].post(f"/claims/{self.pk}/release").status_code == 302

        @rule()
        def half_an_hour(self):
            Case.objects.filter(pk=self.pk, taken_until__isnull=False).update(taken_until=NOW)

        @rule(who=WHO, role=st.sampled_from(("reviewer", "lead", "auditor")))
        def promote(self, who, role):
            User.objects.filter(pk=clients[who].person.pk).update(role=role)

        @rule(rate=st.sampled_from(RATES))
        def machine(self, rate):
            """The machine reads the papers anew."""
            row = self.row()
            revise(row.submission_id, read_by_machine(self.name, rate), MadeBy.RECHECK, NOW, row.submission.version)

        @precondition(lambda self: self.stage in STAGE_OF)
        @rule(who=WHO, action=st.sampled_from(("pass", "pass", "return", "refer")), fit=st.booleans(), fresh=st.booleans())
        def decide(self, who, action, fit, fresh):
            """fit: the person has the step's role by now; fresh: they look before they decide."""
            if fit:
                self.promote(who, STAGE_OF[self.stage])
            if fresh:
                self.look(who)
            before = self.row()
            answer = clients[who].post(f"/claims/{self.pk}/decide", {"action": action, "reason": "已核", "revision": self.seen[who]})
            if answer.status_code == 204:
                assert self.seen[who] == before.seen  # nobody decides on what they haven't seen
                self.decided, self.stage = self.decided + 1, self.row().stage
                tally["decided"] += 1
            else:
                assert answer.status_code == (409 if answer.content.decode().startswith("该申报刚刚") else 422)
                assert self.row().seen == before.seen
                tally["decision refused"] += 1

        @rule(who=WHO)
        def undo(self, who):
            answer = clients[who].post(f"/claims/{self.pk}/undo")
            assert answer.status_code in (204, 422)
            self.decided, self.stage = self.decided + (answer.status_code == 204), self.row().stage

        @invariant()
        def every_word_is_kept(self):
            rows = Said.objects.filter(case=self.pk).order_by("number")
            assert [(row.number, row.subject, row.by_id) for row in rows] == [(one.number, one.subject, one.by) for one in self.said]
            assert self.row().revision == len(self.said) + self.decided

        @invariant()
        def the_last_word_on_everything_is_in_force(self):
            if self.checked == self.row().seen:
                return
            last = {one.subject: one.said for one in self.said}
            claim = self.claim()
            self.checked = self.row().seen
            for name, (kind, _) in SUBJECTS.items():
                subject = self.of_paper[name][1]
                if subject in last:
                    assert next(paper for paper in claim.papers if paper.type == kind).fields[name].value == last[subject]
            for flag in claim.flags:
                if "flag/" + flag.key in last:
                    assert (flag.judgement.verdict if flag.judgement else None) == (Verdict(last["flag/" + flag.key]) if last["flag/" + flag.key] else None)

        @invariant()
        def four_eyes(self):
            rows = list(Decided.objects.filter(case=self.pk))
            undone = {row.undoes_id for row in rows if row.undoes_id}
            standing = {(row.by_id, row.stage) for row in rows if row.pk not in undone and row.undoes_id is None}
            assert len(standing) == len({by for by, _ in standing})
            tally["longest way"] = max(tally["longest way"], len({stage for _, stage in standing}))

    run_state_machine_as_test(Desk, settings=settings(
        max_examples=ASKED or FEW, stateful_step_count=STEPS, deadline=None, derandomize=not ASKED, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)))
    assert audit.verify() is None
    assert AuditEvent.objects.filter(action="amend").count() == tally["taken"]
    assert min(tally["decided"], tally["decision refused"], tally["shown both"]) > 0  # the sequences reached what they are to try
    if ASKED:
        assert min(tally["taken"], tally["stale or held"]) > 0
        print(json.dumps({**tally, "lost_updates": 0, "four_eyes_broken": 0, "audit_lines": AuditEvent.objects.count()}))
