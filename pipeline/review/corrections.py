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

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from pipeline.labels import TRACK, Language, field_label, label
from pipeline.process import judge_anew
from pipeline.review.flag_words import message_of
from pipeline.review.resorting import as_said, pages_of, sorted_anew
from pipeline.review.values import shown
from pipeline.triage import triage


def corrected(claim: Claim, amendments: Sequence[Amendment], reference: Reference, scheme: Scheme, year: int) -> Claim:
    """The claim, as read before any of them, with the amendments put over it, judged anew."""
    papers = sorted_anew(claim.papers, amendments).papers
    own = {a.field: a for a in amendments if isinstance(a, ClaimValueSet)}
    track = own.pop(TRACK, None)
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
    """One difference between two states of a claim. kind: value, buyers, entry, paper, flag_gone, flag_new, verdict, triage; text: in words, for people."""

    kind: str
    text: str


def changes(before: Claim, after: Claim, language: Language = Language.ZH) -> tuple[Change, ...]:
    """What is different after a correction: the claim's own values and those of its papers, users, entry, flags gone and new, verdicts, triage."""
    return tuple(_Changes(language).of(before, after))


class _Changes:
    """Changes in the words of one language (labels.toml, group "change")."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def _say(self, what: str, /, **values: str) -> str:
        return label("change", what, self.language).format(**values)

    def _name(self, group: str, name: str) -> str:
        return label(group, name, self.language)

    def of(self, before: Claim, after: Claim) -> Iterator[Change]:
        if before.track is not after.track:
            yield Change("value", self._say("track", old=self._track(before), new=self._track(after)))
        for old_paper, new_paper in _pairs(before.papers, after.papers):
            word = self._name("paper", new_paper.type.value)
            if old_paper.type is not new_paper.type:
                yield Change("paper", self._say("retyped", old=self._name("paper", old_paper.type.value), new=word, pages=self._pages(new_paper)))
            elif old_paper.parts != new_paper.parts:
                yield Change("paper", self._say("moved", paper=word, old=self._pages(old_paper), new=self._pages(new_paper)))
            for old, new in ((old_paper.fields, new_paper.fields), (old_paper.extra, new_paper.extra)):
                yield from self._values(word, old, new, new_paper.type)
        yield from self._values(self._say("own"), before.fields, after.fields, None)
        if (users := self._users(after.buyers)) != (were := self._users(before.buyers)):
            yield Change("buyers", self._say("users", old=were or self._say("none"), new=users or self._say("none")))
        old_entry, new_entry = (c.catalogue_match.entry_id if c.catalogue_match else self._say("none") for c in (before, after))
        if old_entry != new_entry:
            yield Change("entry", self._say("entry", old=old_entry, new=new_entry))
        yield from self._flags(before, after)
        if before.triage is not after.triage:
            yield Change("triage", self._say("triage", old=self._name("triage", before.triage.value), new=self._name("triage", after.triage.value)))

    def _flags(self, before: Claim, after: Claim) -> Iterator[Change]:
        old, new = ({flag.key: flag for flag in claim.flags} for claim in (before, after))
        yield from (Change("flag_gone", self._say("flag_gone", flag=self._flag(flag))) for key, flag in old.items() if key not in new)
        yield from (Change("flag_new", self._say("flag_new", flag=self._flag(flag))) for key, flag in new.items() if key not in old)
        for key, flag in new.items():
            was = old.get(key)
            if was is not None and _verdict(was) != _verdict(flag):
                yield Change("verdict", self._say("verdict", verdict=self._name("verdict", _verdict(flag)), flag=self._flag(flag)) if flag.judgement else self._say("verdict_gone", flag=self._flag(flag)))

    def _values(self, place: str, before: Mapping[str, Field], after: Mapping[str, Field], paper: PaperType | None) -> Iterator[Change]:
        for name in dict.fromkeys((*before, *after)):
            old, new = before.get(name), after.get(name)
            what = _what(old, new)
            if what:
                words = {which: shown(name, field.value, self.language) for which, field in (("old", old), ("new", new)) if field is not None}
                yield Change("value", self._say(what, place=place, field=field_label(name, paper, self.language), **words))

    def _flag(self, flag: Flag) -> str:
        return message_of(flag, self.language)

    def _pages(self, paper: Paper) -> str:
        between = self._say("between")
        return between.join(self._say("pages", file=part.file, pages=between.join(map(str, part.pages))) for part in paper.parts)

    def _users(self, buyers: Iterable[Buyer]) -> str:
        named = ((b.name.text if b.name else "", b.quantity.text if b.quantity else "") for b in buyers)
        return self._say("between").join(self._say("user", name=name, quantity=quantity) if quantity else name for name, quantity in named)

    def _track(self, claim: Claim) -> str:
        return self._name("track", claim.track.value) if claim.track else self._say("no_track")


def _pairs(before: Sequence[Paper], after: Sequence[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Each paper with what it was before: the one of its type that had most of its pages, else the one of another."""
    for paper in after:
        own = set(pages_of(paper))
        shared, _, old = max(((len(own & set(pages_of(one))), one.type is paper.type, one) for one in before), key=lambda x: (x[0] > 0 and x[1], x[0]), default=(0, False, paper))
        if shared:
            yield old, paper


def _what(old: Field | None, new: Field | None) -> str:
    """What became of a value, as the words of the table are named; "" for nothing."""
    if old is None or new is None:
        return "added" if new is not None else "absent" if old is not None else ""
    if old.value != new.value:
        return "value"
    return "" if old.accepted == new.accepted else "accepted" if new.accepted else "doubted"


def _verdict(flag: Flag) -> str:
    return flag.judgement.verdict.value if flag.judgement else ""
