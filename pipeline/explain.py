"""Why a field of a claim is what it is: every candidate, where it stood, what moved its confidence, why it won or lost.

In:    a claim as stored, and what is asked for: a field of the claim (policy_number), or of a paper (insurance_policy.policy_number).
Out:   `Explanation`s, one for the claim's field, or one for each paper of the type; in Chinese, for people, and as JSON.
Fails: UsageError for a field that neither the claim nor any paper can have, naming the nearest.
Elsewhere: how values are chosen (pipeline/assemble.py, pipeline/evidence.py; asked again here, so that what is told is what was done).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from extractors.confidence import accepts
from matchers.values import agree, same_value
from models.claim import Claim
from models.errors import UsageError
from models.field import Field, Region
from models.page import Frozen
from models.paper import CLAIM_FIELDS, FIELDS, FORM_FIELDS, Paper, PaperType
from pipeline.assemble import ADDED_UP, SOURCES, claim_choices
from pipeline.evidence import Choice, Voice, of_type
from pipeline.rules.words import PAPERS, field_word

HOW: Mapping[str, str] = {"inline": "与标签同行", "cell": "标签旁的单元格", "right": "标签右侧", "below": "标签下方", "": ""}
NO_LABEL = "无标签，按版面位置或行文找到"
WON, AGREES, ADDED, LOST = VERDICTS = ("中选", "一致", "计入合计", "落选")
NOWHERE = "没有材料显示此项"


class Check(Frozen):
    """A check that spoke: what it said, the confidence before (None where it wasn't kept) and after."""

    said: str
    before: float | None
    after: float


class Candidate(Frozen):
    """One value that a field might have had.

    verdict: one of `VERDICTS`; why: the reason for it. found: which label led there, and how. characters, place, fit: what the first confidence is
    the product of, None where it wasn't kept; weak: characters that weren't read for sure.
    """

    verdict: str
    why: str
    document: str
    field: str
    value: str
    raw: str
    confidence: float
    accepted: bool
    file: str = ""
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    found: str = ""
    characters: float | None = None
    place: float | None = None
    fit: float | None = None
    weak: tuple[tuple[str, float], ...] = ()
    checks: tuple[Check, ...] = ()


class Explanation(Frozen):
    """A field, the value that it has ("" where it has none), whether and why it is accepted, and its candidates, the winner first.

    checks: those that spoke when papers were held against each other; a paper's own stand with its candidate.
    """

    submission_id: str
    target: str
    label: str
    value: str
    confidence: float
    accepted: bool
    acceptance: str
    checks: tuple[Check, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def explain(claim: Claim, target: str) -> tuple[Explanation, ...]:
    """Why the field is what it is. A field that only papers have is explained for each paper that shows it. Raises UsageError."""
    kind, dot, name = target.rpartition(".")
    if dot:
        if kind not in set(PaperType) or name not in _fields_of(PaperType(kind)):
            raise _unknown(target, [f"{k}.{n}" for k in PaperType for n in _fields_of(k)])
        return tuple(_of_papers(claim, PaperType(kind), name))
    if name in CLAIM_FIELDS:
        return (_of_claim(claim, name),)
    kinds = [k for k in PaperType if name in _fields_of(k)]
    if not kinds:
        raise _unknown(target, sorted({*CLAIM_FIELDS, *(n for k in PaperType for n in _fields_of(k))}))
    shown = [k for k in kinds if any(paper.type is k and name in paper.fields for paper in claim.papers)]
    return tuple(told for k in shown or kinds[:1] for told in _of_papers(claim, k, name))


def _fields_of(kind: PaperType) -> frozenset[str]:
    return frozenset(name for fields in FORM_FIELDS.values() for name in fields) if kind is PaperType.APPLICATION_FORM else frozenset(FIELDS[kind])


def _unknown(target: str, known: Sequence[str]) -> UsageError:
    near = get_close_matches(target, known, n=3, cutoff=0.5)
    return UsageError(
        f"{target!r} is no field of a claim or of a paper. " + (f"Did you mean {', '.join(near)}? " if near else "")
        + "Give a claim's field (policy_number) or a paper's (insurance_policy.policy_number).")


# ---------------------------------------------------------------- the claim's own fields


def _of_claim(claim: Claim, name: str) -> Explanation:
    choice = claim_choices(claim.papers, claim.track).get(name)
    if choice is None:
        return _absent(claim, name, name)
    chosen = claim.fields.get(name, choice.field)
    own = choice.winner.field.why
    candidates = [_candidate(*_verdict(name, voice, choice), voice.paper, _field_name(voice, name), voice.field) for voice in choice.said]
    said = {id(voice.field) for voice in choice.said}
    every = list(_every(claim, name))
    candidates += [_candidate(ADDED, "各份相加后参与比较", v.paper, n, v.field) for n, v in every if id(v.field) not in said]
    candidates += [_candidate(LOST, "同一份材料的另一份扫描件，或不是本次申报所指的保险单", v.paper, n, v.field) for n, v in _set_aside(claim, name)]
    candidates += [other for n, v in every for other in _others(v.paper, n, v.field)]
    told = _acceptance(chosen)
    if chosen.text != choice.field.text:
        told += f"。按现有材料应选{choice.field.text}：此值经人工更正，或由其他版本选定"
    return Explanation(
        submission_id=claim.submission_id, target=name, label=field_word(name), value=chosen.text, confidence=chosen.confidence, accepted=chosen.accepted, acceptance=told,
        checks=_checks(chosen)[len(own):] if chosen.why[: len(own)] == own else _checks(chosen), candidates=_ranked(candidates))


def _field_name(voice: Voice, name: str) -> str:
    """What the paper calls the field."""
    return next((own for own, field in voice.paper.fields.items() if field is voice.field), next((n for kind, n in _sources(name) if kind is voice.paper.type), name))


def _sources(name: str) -> tuple[tuple[PaperType, str], ...]:
    """Papers that may say a claim's field, under which name."""
    return SOURCES[name] if name in SOURCES else ADDED_UP[name]


def _verdict(name: str, voice: Voice, choice: Choice) -> tuple[str, str]:
    first, winner = choice.said[0], choice.winner
    if voice is winner:
        if voice is first:
            return WON, "顺位在先" + ("" if len(choice.said) > 1 else "，且仅此一处")
        return WON, "顺位在先的材料存疑且无他处印证，此值已可靠读出或另有材料与之一致"
    if same_value(name, voice.field, winner.field):
        return AGREES, "与中选值一致，提高其可信度"
    if agree(name, voice.field, winner.field):
        return AGREES, "与中选值相符（写法或精度不同）"
    if voice is first:
        return LOST, "虽顺位在先，但未可靠读出，且无其他材料与之一致"
    return LOST, "顺位在后且与中选值不同" + ("，已因此降低中选值的可信度" if voice.field.accepted and choice.field.score < winner.field.score else "")


def _set_aside(claim: Claim, name: str) -> Iterator[tuple[str, Voice]]:
    """Papers that would say the field but aren't heard: second scans, another year's policy."""
    for kind, field in _sources(name):
        heard = of_type(claim.papers, kind)
        yield from ((field, Voice(p, p.fields[field])) for p in claim.papers if p.type is kind and field in p.fields and not any(p is h for h in heard))


def _every(claim: Claim, name: str) -> Iterator[tuple[str, Voice]]:
    """The papers' own values behind the voices, summands one by one."""
    for kind, field in _sources(name):
        for paper in of_type(claim.papers, kind):
            if field in paper.fields:
                yield field, Voice(paper, paper.fields[field])


# ---------------------------------------------------------------- one paper's fields


def _of_papers(claim: Claim, kind: PaperType, name: str) -> Iterator[Explanation]:
    papers = [paper for paper in claim.papers if paper.type is kind]
    target = f"{kind.value}.{name}"
    for paper in papers:
        field = paper.fields.get(name)
        if field is None:
            yield _absent(claim, target, name, "标签旁空白，未填写" if name in paper.blank else f"{_place(paper)}中未读出此项")
            continue
        won = _candidate(WON, "本材料中的首选" if field.others else "本材料中仅此一处", paper, name, field)
        yield Explanation(
            submission_id=claim.submission_id, target=target, label=field_word(target), value=field.text, confidence=field.confidence, accepted=field.accepted,
            acceptance=_acceptance(field), candidates=(won, *_others(paper, name, field)))
    if not papers:
        yield _absent(claim, target, name, f"申报材料中没有{PAPERS[kind]}")


def _place(paper: Paper) -> str:
    first = paper.parts[0]
    return f"{PAPERS[paper.type]}（{first.file} 第{first.pages[0]}页）"


def _absent(claim: Claim, target: str, name: str, why: str = NOWHERE) -> Explanation:
    return Explanation(submission_id=claim.submission_id, target=target, label=field_word(target), value="", confidence=0.0, accepted=False, acceptance=why)


def _others(paper: Paper, name: str, field: Field) -> Iterator[Candidate]:
    for other in field.others:
        yield Candidate(
            verdict=LOST, why=other.why, document=paper.type.value, field=name, value=other.value, raw=other.raw, confidence=other.confidence, accepted=False,
            **_where(other.source))


def _ranked(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The winner first, then what agrees, what was added up, and what lost."""
    return tuple(sorted(candidates, key=lambda c: VERDICTS.index(c.verdict)))


def _candidate(verdict: str, why: str, paper: Paper, name: str, field: Field) -> Candidate:
    read = field.read
    found = (f"标签“{read.label.strip()}”，{HOW.get(read.how, read.how)}" if read.label.strip() else NO_LABEL) if read else ""
    return Candidate(
        verdict=verdict, why=why, document=paper.type.value, field=name, value=field.text, raw=field.raw, confidence=field.confidence, accepted=field.accepted, found=found,
        characters=read.characters if read else None, place=read.place if read else None, fit=read.fit if read else None, weak=read.weak if read else (),
        checks=_checks(field), **_where(field.source))


def _where(region: Region | None) -> dict[str, object]:
    return {"file": region.file, "page": region.page, "box": tuple(region.box.rounded())} if region else {}


def _checks(field: Field) -> tuple[Check, ...]:
    return tuple(Check(said=step.why, before=step.before, after=step.after) for step in field.steps)


def _acceptance(field: Field) -> str:
    """Why a value is accepted, or why a person has to look."""
    doubts = [step.why for step in field.steps if step.before is not None and step.after < step.before]
    if field.accepted:
        borne = [step.why for step in field.steps if step.before is None or step.after >= step.before]
        return "采信：" + ("；".join(dict.fromkeys(borne)) if borne else "读得清楚，没有检查与之相悖")
    if doubts:
        return "不采信，请人工核对：" + "；".join(dict.fromkeys(doubts))
    if field.borne_out is not False and (field.scored is not None or not accepts(field.confidence)):
        return f"不采信，请人工核对：可信度{field.confidence:.2f}未达采信标准"
    return "不采信，请人工核对：" + ("；".join(field.why) or "其所依据的值未全部采信")
