"""What somebody sees of a case and says of it: for the page and the API alike.

In:    a case, a person, what they typed and which state of the case they looked at.
Out:   the view of the claim for this person; what changed.
Fails: EditInvalid with what is expected, Stale, Refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from models.amendments import Amendment, BuyersSet, ClaimValueSet, EntryChosen, FlagJudged, NamedBuyer, PaperRetyped
from models.claim import Claim
from models.field import Region
from models.flag import Verdict
from models.paper import PaperType
from models.review import Correction
from pipeline.labels import Language, label
from pipeline.review.corrections import Change
from pipeline.review.edits import parse_edit
from pipeline.review.masks import masked, personal_values
from pipeline.review.present import ClaimView, PaperView, ValueView, blinded, present
from pipeline.review.values import shown
from pipeline.review.web import cases, looks
from pipeline.review.web.cases import Refused, Seen
from pipeline.review.web.looks import Looks
from pipeline.review.web.models import Case, Decided, User
from pipeline.review.web.roles import EDITORS, Role
from pipeline.review.web.tables import Tables
from pipeline.review.web.words import word

MOST_BUYERS = 200


class EditInvalid(Exception):
    """What was typed can't be the value; the message says what is expected."""


class Told(NamedTuple):
    """What somebody says of a value. key: as the view calls it, "entry" for the catalogue's, "buyers" for all users; what: set, confirm or absent; buyers: name and quantity."""

    key: str
    what: str = "set"
    value: str = ""
    reason: str = ""
    place: Region | None = None
    buyers: tuple[tuple[str, str], ...] = ()


def view_of(case: Case, person: User, language: Language, left: Looks | None = None) -> ClaimView:
    """The claim as this person may see it: telephones and accounts are for those who decide, values of the second look for those who don't take it.

    left: what of the second look is left, where it is known already.
    """
    return shown_to(case, cases.in_force(case).claim, cases.tables_of(case), person, language, left)


def masks(person: User) -> bool:
    """Whether telephones, accounts and ID numbers are kept from this person."""
    return person.role not in {*EDITORS, Role.AUDITOR}


def shown_to(case: Case, claim: Claim, tables: Tables, person: User, language: Language, left: Looks | None = None) -> ClaimView:
    """Any state of the case's claim as this person may see it."""
    view = present(claim, tables.scheme, language, tables.catalogue, mask=masks(person))
    if person.role not in EDITORS or case.status not in (Case.Status.OPEN, Case.Status.REFERRED):
        return view
    left = left or looks.looks_of(case)
    differs = word("look_differs", language)
    return blinded(view, left.waiting, {key: differs.format(typed=typed or word("absent", language)) for key, typed in left.disputed.items()})


def decisions_of(case: Case, person: User) -> list[Decided]:
    """What was decided on the case, reasons and letters as this person may see them."""
    found = cases.decisions_of(case)
    if masks(person):
        hidden = personal_values(cases.in_force(case).claim)
        for one in found:
            one.reason, one.letter = masked(one.reason, hidden), masked(one.letter, hidden)
    return found


class Heard(NamedTuple):
    """What came of what somebody said: the case as it stands then, and what changed."""

    case: Case
    changed: Sequence[Change]


@transaction.atomic
def say_value(case_id: int, person: User, told: Told, seen: Seen, language: Language) -> Heard:
    """Set a value right, confirm it, or say that the paper doesn't show it."""
    case = cases.editable(case_id, person)
    if told.key.startswith("p") and cases.resorted_since(case, seen.revision):
        raise Refused(word("resorted_since", language))  # the page counts the papers as they were
    left = looks.looks_of(case)
    asked = left.waiting.get(told.key)
    if asked is not None:
        typed = None if told.what == "absent" else _parsed(asked.paper.type, asked.field, told.value, language)
        looks.look(case, person, asked, typed, seen)
        return Heard(case, ())
    view = view_of(case, person, language, left)
    return Heard(case, cases.amend_held(case, person, _amendment(case, person, told, view, language), seen.revision).changed)


@transaction.atomic
def judge_flag(case_id: int, person: User, key: str, verdict: str, reason: str, seen: Seen, language: Language) -> Heard:
    """Uphold or dismiss a flag, "" takes an earlier verdict back."""
    case = cases.editable(case_id, person)
    flag = next((flag for flag in cases.in_force(case).claim.flags if flag.key == key), None)
    if flag is None:
        raise Refused(word("gone", language))
    if verdict == Verdict.DISMISSED and not reason.strip():
        raise EditInvalid(word("reason_needed", language))
    judged = Verdict(verdict) if verdict in set(Verdict) else None
    return Heard(case, cases.amend_held(case, person, FlagJudged(**event(case, person, reason), flag=flag.key, code=flag.code, verdict=judged), seen.revision).changed)


def words_of(said: Amendment, language: Language) -> tuple[str, str]:
    """What somebody said, for who said something else, and why."""
    match said:
        case FlagJudged():
            told = verdict_words(said.verdict or "", language)
        case BuyersSet():
            told = users_words(((buyer.name, buyer.quantity) for buyer in said.buyers), language) or word("users_restore", language)
        case EntryChosen():
            told = said.entry_id or word("no_entry" if said.entry_id == "" else "take_back", language)
        case PaperRetyped():
            told = _resorted(said, language)
        case Correction() | ClaimValueSet():
            told = word("absent", language) if said.corrected is None else shown(said.field, said.corrected, language)
    return told, said.reason


def _resorted(said: PaperRetyped, language: Language) -> str:
    """A re-sorting in a line: 其他材料（scan.pdf 第3页） → 销售发票."""
    pages = [page.page for page in said.pages] or [said.paper.page]
    was = word("paper_pages", language).format(paper=label("paper", said.paper.type, language), file=said.paper.file, pages=word("between", language).join(map(str, pages)))
    becomes = label("paper", said.type, language)
    if said.joins is not None:
        becomes = word("paper_pages", language).format(paper=becomes, file=said.joins.file, pages=said.joins.page)
    return word("resort_taken_back", language).format(what=becomes) if said.takes_back else f"{was} → {becomes}"


def verdict_words(verdict: str, language: Language) -> str:
    """A verdict on a flag; "" for one that is taken back."""
    return label("verdict", verdict, language) if verdict in set(Verdict) else word("take_back", language)


def users_words(named: Iterable[tuple[str, str]], language: Language) -> str:
    """Users and their quantities in a line; "" for none."""
    return word("between", language).join(name + (word("in_brackets", language).format(what=quantity) if quantity else "") for name, quantity in named)


def _amendment(case: Case, person: User, told: Told, view: ClaimView, language: Language) -> Amendment:
    about = event(case, person, told.reason)
    if told.key == "entry":
        return EntryChosen(**about, entry_id=told.value if told.value in {"", *cases.tables_of(case).catalogue} else None)
    if told.key == "buyers":
        return BuyersSet(**about, buyers=_buyers(told, language))
    value = view.value(told.key)
    if value is None:
        raise EditInvalid(word("gone", language))
    paper = _paper_of(view, told.key)
    corrected = _typed(told, paper, value, language)
    if paper is None:
        return ClaimValueSet(**about, field=value.field, read=value.value, corrected=corrected)
    return Correction(**about, paper=paper.ref, field=value.field, read=value.value, corrected=corrected, place=told.place or value.source)


def _buyers(told: Told, language: Language) -> tuple[NamedBuyer, ...]:
    """The users as typed, row by row; a row that can't be one is named."""
    if len(told.buyers) > MOST_BUYERS:
        raise EditInvalid(word("users_many", language).format(n=MOST_BUYERS))
    rows = []
    for number, (name, quantity) in enumerate(told.buyers, 1):
        if not name:
            raise EditInvalid(word("user_unnamed", language).format(n=number))
        try:
            rows.append(NamedBuyer(
                name=str(_parsed(PaperType.DELIVERY_PROOF, "buyer_name", name, language)), quantity=str(_parsed(PaperType.DELIVERY_PROOF, "quantity", quantity, language)) if quantity else ""))
        except EditInvalid as wrong:
            raise EditInvalid(word("user_wrong", language).format(n=number, what=wrong)) from None
    return tuple(rows)


def _typed(told: Told, paper: PaperView | None, value: ValueView, language: Language) -> str | bool | None:
    match told.what:
        case "confirm":
            return value.value
        case "absent":
            return None
    return _parsed(paper.ref.type if paper else None, value.field, told.value, language)


def _parsed(paper: PaperType | None, field: str, text: str, language: Language) -> str | bool:
    edit = parse_edit(paper, field, text, language)
    if edit.value is None:
        raise EditInvalid(edit.error)
    return edit.value


def _paper_of(view: ClaimView, key: str) -> PaperView | None:
    head = key.partition(".")[0]
    return view.papers[int(head[1:])] if head[:1] == "p" and head[1:].isdecimal() and int(head[1:]) < len(view.papers) else None


def event(case: Case, person: User, reason: str) -> dict[str, Any]:
    return {"submission_id": case.submission.submission_id, "at": timezone.now(), "by": person.opaque, "reason": reason}
