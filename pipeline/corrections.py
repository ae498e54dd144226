"""Misreadings put right where the rest of the submission proves what stands there.

In:    papers with their fields, the pages they came from, names of companies that there are (the register).
Out:   the same papers; a corrected field keeps its `raw` and place, and says in `why` what was read and what proves the correction.
Fails: never; what nothing proves stays as it was read, and what speaks against a value without proving another leaves it to a person.
Elsewhere: proof within one paper (extractors/papers), which paper speaks for a fact (pipeline/assemble.py), seals (pipeline/stamps.py).

Three conditions hold for every correction. The value wasn't accepted: what was read for sure is the paper's own, and differing papers are for the rules to tell.
The reading fails where the correction holds: another paper, or other figures of its own, read for sure, say the one and not the other. And the difference is one that reading makes
(characters that look alike, a lost point, a unit), in exactly one way. `CORRECTORS` lists what is tried, in order; the first that proves anything wins.
What stands after that goes through all doubts (pipeline/doubts.py), which change no value, but may leave it to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from stdnum.cn import uscc

from extractors.confidence import confirmed
from extractors.fields import MISSHAPEN
from matchers.names import normalise
from matchers.values import agree
from models.dates import year_from, year_until
from models.field import Field
from models.lookalikes import LIKE, LIKE_DIGITS, LIKE_LETTERS, swaps
from models.money import yuan
from models.numbers import plain
from models.page import Page
from models.paper import Kind, Paper, kind_of
from pipeline.doubts import doubted
from pipeline.proof import LOOKALIKE, RELATIONS, RESEMBLING, SURE, Corrector, Submission, one_alike

PROVEN = 0.97  # confidence of a value that the rest of the submission proves
MOST_SWAPS = 2  # characters of one number that may be misread
TELLING = 3  # significant digits from which one amount isn't another by chance

# how far a misread figure may be off, what was misread, and what its print must look like for that
_NO_UNIT, _NO_POINT, _POINT_OF_THOUSANDS = re.compile(r"[^万元]*"), re.compile(r"[^.．]*"), re.compile(r"[^.．]*\d[.．]\d{3}(?!\d).*")
SCALES: Mapping[Decimal, tuple[str, re.Pattern[str]]] = {
    Decimal(10_000): ("万元与元", _NO_UNIT), Decimal("0.0001"): ("万元与元", _NO_UNIT), Decimal(1000): ("千分位与小数点", _POINT_OF_THOUSANDS),
    Decimal("0.1"): ("小数点", _NO_POINT), Decimal("0.01"): ("小数点", _NO_POINT), Decimal("0.001"): ("小数点", _NO_POINT),
}


def number_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number of which letters that look like others were misread: another paper prints the one that is meant.

    A digit for a digit makes another number, so it counts only in a credit code, whose check character tells.
    """
    coded = name == "credit_code"
    if kind_of(name) is not Kind.NUMBER or (uscc.is_valid(field.text) if coded else field.as_read >= SURE):
        return field
    table = LIKE if coded else LIKE_LETTERS
    fitting = {number for number in papers.numbers_beside(paper) if 0 < len(swaps(field.text, number, table) or ()) <= MOST_SWAPS and (not coded or uscc.is_valid(number))}
    if len(fitting) != 1:
        return field
    right = fitting.pop()
    return field.corrected(right, PROVEN, True, f"据其他材料上的同一号码更正（形近字符），印刷读作{field.text}")


def code_confirmed(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A credit code worked out by its check character alone that another paper prints, too."""
    if name == "credit_code" and uscc.is_valid(field.text) and field.text in papers.numbers_beside(paper):
        return confirmed(field, "其他材料上印有同一代码")
    return field


def printed_elsewhere(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number or a model that another paper prints, too, and there every character was read for sure: two papers aren't misread alike."""
    telling = name == "product_model" or kind_of(name) is Kind.NUMBER
    whole = field.read is None or field.read.fit > MISSHAPEN  # of what breaks off, or has more with it, another paper prints a piece by chance
    if telling and whole and field.borne_out is None and papers.printed_beside(paper, field.text):
        return confirmed(field, "其他材料上印有同样内容")
    return field


def name_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name of which one character was misread for one that looks alike (昊, 吴): two other papers write it, nothing knows the one that was read."""
    own = normalise(field.text)
    if kind_of(name) is not Kind.NAME or own in papers.registered or papers.names[own] or papers.text.count(own) > 1:
        return field
    weak = {c for c, _ in field.read.weak} if field.read else set()
    fitting = [other for other, count in papers.names.items() if count > 1 and one_alike(own, other, weak, LOOKALIKE)]
    if len(fitting) != 1:
        return field
    return field.corrected(fitting[0], PROVEN, True, f"据其他{papers.names[fitting[0]]}份材料更正（形近字），印刷读作{field.text}")


def name_registered(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name that no register knows, of which one character was read doubtfully, here or in another paper, for one that resembles that of the one registered name: 灿, 屾."""
    own = papers.unknown(name, field)
    if not own or not papers.weak_in[own]:
        return field
    fitting = [other for other in papers.registered_by_length.get(len(own), ()) if one_alike(own, other, papers.weak_in[own], RESEMBLING)]
    return field.corrected(fitting[0], PROVEN, True, f"据登记名录更正（形近字），印刷读作{field.text}") if len(fitting) == 1 else field


def amount_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An amount whose point or unit was lost, or of which one digit was misread for one that looks alike: another paper shows the right one."""
    if kind_of(name) is not Kind.MONEY or not field.decimal:
        return field
    told = {amount for other in papers.said_elsewhere(paper, name) if (amount := other.decimal) and len(plain(amount).replace(".", "").strip("0")) >= TELLING}
    if field.decimal in told:
        return field
    fitting = {amount: why for amount in told if (why := _misread_figure(field, amount, yuan(amount)))}
    if len(fitting) != 1:
        return field
    (right, why), = fitting.items()
    return field.corrected(yuan(right), PROVEN, True, f"据其他材料上的同一金额更正（{why}），印刷读作{field.text}")


def _misread_figure(field: Field, right: Decimal, value: str) -> str:
    """What was misread where a figure should be this one (value: as the contract writes it), in Chinese; "" where it is another figure."""
    assert field.decimal  # noqa: S101  asked before
    misread, form = SCALES.get(right / field.decimal, ("", _NO_UNIT))
    if misread and form.fullmatch(field.raw):  # a unit or a point that is printed isn't lost
        return misread
    return "形近数字" if _one_digit(field, value, field.text) else ""


def _one_digit(field: Field, right: str, read: str) -> bool:
    """Whether a single digit, read doubtfully, tells the two apart."""
    differing = swaps(read, right, LIKE_DIGITS) or ()
    return len(differing) == 1 and field.read is not None and differing[0] in {c for c, _ in field.read.weak}


def figure_by_arithmetic(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A figure that two others of its paper, both sure, tell, where it is their result misread."""
    for relation in RELATIONS.get(paper.type, ()):
        if relation.how == "times" and len(paper.rows) > 1:  # one of several items doesn't make the whole
            continue
        right = relation.solved(name, paper.fields)
        if right is None or not field.decimal or right <= 0:
            continue
        money = kind_of(name) is Kind.MONEY
        value = yuan(right) if money else plain(right.normalize())
        if right != Decimal(value) or len(value.replace(".", "").strip("0")) < (TELLING if money else 1):  # not a figure that could be printed
            continue
        if field.decimal != right and (why := _misread_figure(field, right, value)):
            return field.corrected(value, PROVEN, True, f"据{relation.said}更正（{why}），印刷读作{field.text}")
    return field


def period_of_a_year(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """First or last day of a period: surely read where it makes the other a year with it, and put right where the form says so, too.

    Source: ningbo-2020, 三: the insurance lasts a year; a period that doesn't is no error of reading.
    """
    partner = {"period_start": "period_end", "period_end": "period_start"}.get(name)
    other = paper.fields.get(partner or "")
    if other is None or not other.accepted or len(field.text) != 10 or len(other.text) != 10:
        return field
    meant = year_from(other.text) if name == "period_end" else year_until(other.text)
    if meant == field.text:
        return confirmed(field, "保险期间恰为一年")
    proof = [voice for voice in papers.said_elsewhere(paper, name) if agree(name, voice, field.model_copy(update={"value": meant})) and not agree(name, voice, field)]
    if proof and _one_digit(field, meant, field.text):
        return field.corrected(meant, PROVEN, True, f"据保险期间一年及其他材料更正（形近数字），印刷读作{field.text}")
    return field


CORRECTORS: tuple[Corrector, ...] = (code_confirmed, printed_elsewhere, number_alike, name_alike, name_registered, amount_alike, figure_by_arithmetic, period_of_a_year)


def with_misreadings_corrected(papers: Sequence[Paper], pages: Iterable[Page], registered: Iterable[str] = (), catalogued: Iterable[str] = ()) -> tuple[Paper, ...]:
    """The papers with what can be proven put right; proof comes from the papers as they were read, so no correction rests on another."""
    known = Submission(papers, pages, registered, catalogued)
    return tuple(paper.model_copy(update={"fields": {name: _corrected(known, paper, name, field) for name, field in paper.fields.items()}}) for paper in papers)


def _corrected(known: Submission, paper: Paper, name: str, field: Field) -> Field:
    if field.accepted:
        return doubted(known, paper, name, printed_elsewhere(known, paper, name, name_registered(known, paper, name, field)))
    for corrector in CORRECTORS:
        done = corrector(known, paper, name, field)
        if done is not field:
            return done
    return doubted(known, paper, name, field)
