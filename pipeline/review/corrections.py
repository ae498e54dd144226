"""A claim as it stands after what reviewers said of it.

In:    the claim as read, corrections and other amendments in the order in which they were made, reference tables, scheme, the batch's year.
Out:   the claim with corrected values (sure, accepted, "人工更正" among their reasons, what was printed kept), its own fields put together anew, matched,
       checked and triaged; flags bear the verdicts given on them.
Fails: never; an amendment of a paper that isn't there changes nothing (`unplaced` names it).
Pure: no clock, disk or network, arguments stay as they were.

Flags that were found across the batch stay as they were: whoever holds the batch looks across it anew (pipeline.process.judge_across) and then puts the verdicts
back with `with_verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from matchers.catalogue import Outcome, match_product
from models.amendments import Amendment, BuyersSet, ClaimValueSet, EntryChosen, FlagJudged, NamedBuyer
from models.claim import CatalogueMatch, Claim
from models.field import Field
from models.flag import Flag, Judgement
from models.paper import Buyer, Paper, PaperType, Track
from models.reference import Reference
from models.scheme import Scheme
from pipeline.assemble import assemble
from pipeline.labels import field_label, label
from pipeline.process import judge_anew
from pipeline.review.resorting import as_said, pages_of, sorted_anew
from pipeline.review.values import shown
from pipeline.triage import triage


def corrected(claim: Claim, amendments: Sequence[Amendment], reference: Reference, scheme: Scheme, year: int) -> Claim:
    """The claim, as read before any of them, with the amendments put over it, judged anew."""
    papers = sorted_anew(claim.papers, amendments).papers
    own = {a.field: a for a in amendments if isinstance(a, ClaimValueSet)}
    track = own.pop("track", None)
    buyers = next((a for a in reversed(amendments) if isinstance(a, BuyersSet)), None)
    if buyers and buyers.buyers:
        papers = [_with_buyers(paper, buyers) for paper in papers]
    made = assemble(claim.submission_id, papers, scheme, Track(str(track.corrected)) if track and track.corrected else None)
    stood = {name: _as_it_was(claim.fields.get(name), field) for name, field in made.fields.items()}
    fields = {**stood, **{name: as_said(stood.get(name), a.corrected, a.reason) for name, a in own.items() if a.corrected is not None}}
    out = claim.model_copy(update={
        "track": made.track, "papers": made.papers, "fields": fields,
        "buyers": _buyers(made.buyers, buyers) if buyers and buyers.buyers else made.buyers})
    out = judge_anew(out, reference, scheme, year, _chosen(out, amendments, reference))
    out = out.model_copy(update={"flags": (*out.flags, *(flag for flag in claim.flags if flag.across))})
    return with_verdicts(out, amendments)


def prepare(reference: Reference, scheme: Scheme) -> None:
    """Index the tables for the scheme's tracks, so that the first correction doesn't wait for it: whoever serves reviewers calls it once for each version of the tables."""
    name = Field(value="数控机床", confidence=1.0, accepted=True)
    for track in scheme.tracks:
        judge_anew(Claim(submission_id="", scheme=scheme.name, track=track, fields={"product_name": name, "applicant_name": name}), reference, scheme, scheme.validity.from_.year)


def _as_it_was(old: Field | None, new: Field) -> Field:
    """A value that the amendments don't touch, with what its acceptance was: the same value, of which no check says anything else."""
    return old if old is not None and (old.value, old.why) == (new.value, new.why) else new


def with_verdicts(claim: Claim, amendments: Iterable[Amendment]) -> Claim:
    """The claim's flags with the last verdict on each, and its triage by those that stand. A verdict holds for the very finding it was given on."""
    last = {a.flag: a for a in amendments if isinstance(a, FlagJudged)}
    flags = tuple(_judged(flag, last.get(flag.key)) for flag in claim.flags)
    out = claim.model_copy(update={"flags": flags})
    return out.model_copy(update={"triage": triage(out)})


def unplaced(claim: Claim, amendments: Iterable[Amendment]) -> tuple[Amendment, ...]:
    """Amendments of papers that the claim, as read, doesn't have: after a file was replaced, say. They change nothing."""
    return sorted_anew(claim.papers, amendments).unplaced


# ---------------------------------------------------------------- users, entry, flags


def _buyer(old: Sequence[Buyer], named: NamedBuyer, reason: str) -> Buyer:
    same = next((b for b in old if b.name and b.name.text == named.name), None) or (old[0] if len(old) == 1 else None)
    name, quantity = (same.name, same.quantity) if same else (None, None)
    return Buyer(name=as_said(name, named.name, reason), quantity=as_said(quantity, named.quantity, reason) if named.quantity else None)


def _buyers(old: Sequence[Buyer], said: BuyersSet) -> tuple[Buyer, ...]:
    return tuple(_buyer(old, named, said.reason) for named in said.buyers)


def _with_buyers(paper: Paper, said: BuyersSet) -> Paper:
    """The form with its table of users as the reviewer has it; other papers as they are."""
    if paper.type is not PaperType.APPLICATION_FORM or not paper.buyers:
        return paper
    return paper.model_copy(update={"buyers": _buyers(paper.buyers, said)})


def _chosen(claim: Claim, amendments: Sequence[Amendment], reference: Reference) -> Outcome | None:
    """The last choice of a catalogue entry as an outcome of matching, what was found beside it kept to be seen; None where no choice stands."""
    choice = next((a for a in reversed(amendments) if isinstance(a, EntryChosen)), None)
    if choice is None or choice.entry_id is None:
        return None
    found = match_product(claim, reference)
    if not choice.entry_id:
        return Outcome(None, found.candidates)
    others = tuple(c for c in found.candidates if c.entry_id != choice.entry_id)
    return Outcome(CatalogueMatch(entry_id=choice.entry_id, score=1.0, reason="人工选定" + (f"：{choice.reason}" if choice.reason else ""), alternatives=others), found.candidates)


def _judged(flag: Flag, verdict: FlagJudged | None) -> Flag:
    if verdict is None or verdict.verdict is None:
        return flag.model_copy(update={"judgement": None}) if flag.judgement else flag
    return flag.model_copy(update={"judgement": Judgement(verdict=verdict.verdict, by=verdict.by, at=verdict.at, reason=verdict.reason)})


# ---------------------------------------------------------------- what changed


class Change(NamedTuple):
    """One difference between two states of a claim. kind: value, buyers, entry, paper, flag_gone, flag_new, verdict, triage; text: Chinese, for people."""

    kind: str
    text: str


def changes(before: Claim, after: Claim) -> tuple[Change, ...]:
    """What is different after a correction: the claim's own values and those of its papers, users, entry, flags gone and new, verdicts, triage."""
    return tuple(_changes(before, after))


def _changes(before: Claim, after: Claim) -> Iterator[Change]:
    if before.track is not after.track:
        yield Change("value", f"申报类别：{_track(before)} → {_track(after)}")
    for old_paper, new_paper in _pairs(before.papers, after.papers):
        word = label("paper", new_paper.type.value)
        if old_paper.type is not new_paper.type:
            yield Change("paper", f"{label('paper', old_paper.type.value)} → {word}（{_pages(new_paper)}）")
        elif old_paper.parts != new_paper.parts:
            yield Change("paper", f"{word}：{_pages(old_paper)} → {_pages(new_paper)}")
        for old, new in ((old_paper.fields, new_paper.fields), (old_paper.extra, new_paper.extra)):
            yield from (Change("value", word + "·" + text) for text in _differing(old, new, new_paper.type))
    yield from (Change("value", "申报事项·" + text) for text in _differing(before.fields, after.fields, None))
    if (users := _named(after.buyers)) != (were := _named(before.buyers)):
        yield Change("buyers", f"用户：{were or '无'} → {users or '无'}")
    old_entry, new_entry = (c.catalogue_match.entry_id if c.catalogue_match else "无" for c in (before, after))
    if old_entry != new_entry:
        yield Change("entry", f"目录条目：{old_entry} → {new_entry}")
    old_flags, new_flags = ({flag.key: flag for flag in c.flags} for c in (before, after))
    yield from (Change("flag_gone", f"已消除：{flag.message}") for key, flag in old_flags.items() if key not in new_flags)
    yield from (Change("flag_new", f"新增：{flag.message}") for key, flag in new_flags.items() if key not in old_flags)
    for key, flag in new_flags.items():
        was = old_flags.get(key)
        if was is not None and _verdict(was) != _verdict(flag):
            yield Change("verdict", f"{label('verdict', _verdict(flag)) if flag.judgement else '撤回判定'}：{flag.message}")
    if before.triage is not after.triage:
        yield Change("triage", f"分类：{label('triage', before.triage.value)} → {label('triage', after.triage.value)}")


def _pairs(before: Sequence[Paper], after: Sequence[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Each paper with what it was before: the one of its type that had most of its pages, else the one of another."""
    for paper in after:
        own = set(pages_of(paper))
        shared, _, old = max(((len(own & set(pages_of(one))), one.type is paper.type, one) for one in before), key=lambda x: (x[0] > 0 and x[1], x[0]), default=(0, False, paper))
        if shared:
            yield old, paper


def _pages(paper: Paper) -> str:
    return "、".join(f"{part.file} 第{'、'.join(map(str, part.pages))}页" for part in paper.parts)


def _differing(before: dict[str, Field], after: dict[str, Field], paper: PaperType | None) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        word = field_label(name, paper)
        if old is not None and new is not None:
            if old.value != new.value:
                yield f"{word}：{shown(name, old.value)} → {shown(name, new.value)}"
            elif old.accepted != new.accepted:
                yield f"{word}：{shown(name, new.value)} {'已采信' if new.accepted else '待核对'}"
        elif new is not None:
            yield f"{word}：补录{shown(name, new.value)}"
        elif old is not None:
            yield f"{word}：{shown(name, old.value)} → 材料未载明"


def _named(buyers: Iterable[Buyer]) -> str:
    return "、".join((b.name.text if b.name else "") + (f"（{b.quantity.text}）" if b.quantity else "") for b in buyers)


def _track(claim: Claim) -> str:
    return label("track", claim.track.value) if claim.track else "未识别"


def _verdict(flag: Flag) -> str:
    return flag.judgement.verdict.value if flag.judgement else ""
