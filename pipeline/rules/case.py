"""What a rule is given and what it gives back.

In:    a claim with its catalogue match, the reference tables, the scheme, the batch's year.
Out:   `Case`, which rules ask for papers and fields and which writes their flags with severity and clause; `Rule`, a rule's entry in the registry.
Fails: NotRead, raised by a rule whose value wasn't read with confidence; the engine turns it into `not_checked`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from matchers.relations import Register
from models.claim import Claim
from models.field import Field, Region
from models.flag import Flag, Severity
from models.numbers import plain
from models.paper import Kind, Paper, PaperType, Track, kind_of
from models.reference import Company, Reference
from models.scheme import Limit, Scheme
from pipeline.evidence import of_type
from pipeline.rules.words import CHECKS, field_word

if TYPE_CHECKING:
    from pipeline.rules.across import Batch


class NotRead(Exception):
    """A rule's value wasn't read, or not with confidence. field: which; source: where it stands, if it was seen; said: what else to tell of it, Chinese."""

    def __init__(self, field: str, source: Region | None = None, said: str = "") -> None:
        super().__init__(field)
        self.field = field
        self.source = source
        self.said = said


Check = Callable[["Case"], Iterator[Flag]]


class Rule(NamedTuple):
    """A rule's entry: its code, what it does, how bad a finding is (by track where that differs), and what it needs.

    needs: claim fields ("premium_rate") or fields of papers ("premium_invoice.total_amount") that must have been read with confidence;
        a paper type that isn't in the submission at all needs nothing, `missing_document` speaks of it.
    asks: fields, or papers for any field of theirs, that the rule asks for on its way; where one wasn't read, what rests on it isn't checked.
    reference: tables without which the rule can't be checked. tracks: those it applies to.
    partly: the rule says what it can where some of its needs weren't read or given; what is lacking is told all the same.
    across: the rule looks at the whole batch, after every claim was judged by itself.
    """

    code: str
    check: Check
    severity: Severity | Mapping[Track, Severity]
    needs: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    tracks: tuple[Track, ...] = (Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE)
    partly: bool = False
    across: bool = False
    asks: tuple[str, ...] = ()

    def severity_in(self, track: Track | None) -> Severity:
        """How bad a finding is in a track."""
        return self.severity if isinstance(self.severity, Severity) else self.severity.get(track or Track.EQUIPMENT, Severity.REVIEW)


class Case(NamedTuple):
    """A claim before its judges, for one rule."""

    rule: Rule
    claim: Claim
    reference: Reference
    register: Register
    scheme: Scheme
    year: int
    batch: Batch | None = None
    shelf: dict[PaperType, tuple[Paper, ...]] | None = None  # the claim's papers as sorted for the rules before this one

    @property
    def track(self) -> Track | None:
        return self.claim.track

    @property
    def beside(self) -> Batch:
        """The batch that the claim stands in; for rules that look across."""
        assert self.batch is not None, f"{self.rule.code} looks across a batch and was given none"  # noqa: S101
        return self.batch

    @property
    def limit(self) -> Limit:
        """What the scheme says for the rule in the claim's track."""
        return self.scheme.limit(self.rule.code, self.track)

    # ---- what the papers say

    def papers(self, *kinds: PaperType) -> tuple[Paper, ...]:
        """Papers of the types, second scans left out."""
        return tuple(paper for kind in kinds for paper in self._kept(kind))

    def _kept(self, kind: PaperType) -> tuple[Paper, ...]:
        if self.shelf is None:
            return of_type(self.claim.papers, kind)
        if kind not in self.shelf:
            self.shelf[kind] = of_type(self.claim.papers, kind)
        return self.shelf[kind]

    @property
    def form(self) -> Paper | None:
        """The application form; of several the one most was read of."""
        forms = self.papers(PaperType.APPLICATION_FORM)
        return max(forms, key=lambda paper: len(paper.fields), default=None)

    def value(self, field: str) -> Field:
        """A claim field that was read with confidence. Raises NotRead."""
        found = self.claim.fields.get(field)
        if found is None or not self.was_read(found):
            raise NotRead(field, found.source if found else None)
        return found

    def was_read(self, field: Field) -> bool:
        """Whether a claim's value was read with confidence: that another paper disputes it doesn't make it unread, `field_mismatch` speaks of that."""
        return was_read(self.claim, field)

    def believed(self, paper: Paper, field: Field) -> bool:
        """Whether a paper's value may be rested on: believable itself, or the same figure shown by a paper of another type."""
        return believable(field) or self.shown_elsewhere(paper.type, field)

    def well_read(self, paper: Paper, field: Field) -> bool:
        """Whether a figure stands there as it was read, though a check speaks against it: for the rules that are such checks themselves."""
        return self.believed(paper, field) or field.as_read >= WELL_READ

    def shown_elsewhere(self, kind: PaperType, field: Field) -> bool:
        """Whether a paper of another type shows the same amount or rate: two readings don't err alike."""
        amount = field.decimal
        if not amount or (amount < TELLING and len(plain(amount).strip("0.")) < 2):
            return False
        return any(
            own.decimal == amount and own.score >= HARDLY for paper in self.claim.papers if paper.type is not kind
            for name, own in paper.fields.items() if kind_of(name) in (Kind.MONEY, Kind.PERCENT))

    def company(self, name: str) -> Company | None:
        """The register's entry of a company."""
        return self.register.company(name)

    # ---- what the rule found

    def flag(
        self, message: str, evidence: Iterable[Region | None] = (), *, severity: Severity | None = None, clause: str | None = None, **detail: Any
    ) -> Flag:
        """A finding of the rule, with its severity and clause in the claim's track unless told otherwise."""
        return Flag(
            code=self.rule.code, severity=severity or self.rule.severity_in(self.track), clause=self.limit.clause if clause is None else clause,
            detail=detail, message=message, evidence=tuple(dict.fromkeys(region for region in evidence if region is not None)), across=self.rule.across)


# A value may be judged by where it is accepted, or so surely read that only a formality is lacking.
BELIEVABLE = 0.9
WELL_READ = 0.97  # characters so sure that a failed check is rather the paper's error than the reading's
TELLING = 1000    # an amount below this that has one digit only, 2 or 300, stands in many papers by chance
HARDLY = 0.3      # below this a value was hardly read


def believable(field: Field) -> bool:
    """Whether a rule may rest on a value."""
    return field.accepted or field.score >= BELIEVABLE


def was_read(claim: Claim, field: Field) -> bool:
    """Whether a value of a claim was read with confidence, see `Case.was_read`."""
    return believable(field) or field.as_read >= WELL_READ or any(
        believable(own) and own.value == field.value and own.source == field.source for paper in claim.papers for own in paper.fields.values())


def number(name: str, field: Field) -> Decimal:
    """A field's number. Raises NotRead where it is none."""
    found = field.decimal
    if found is None:
        raise NotRead(name, field.source)
    return found


def sources(*fields: Field | None) -> list[Region | None]:
    """Where fields stand."""
    return [field.source for field in fields if field is not None]


def not_checked(code: str, missing: Iterable[tuple[str, Region | None]], clause: str, across: bool = False, said: str = "") -> Flag:
    """The flag for a rule whose values weren't read with confidence. said: instead of naming them."""
    lacking = dict(missing)
    words = "、".join(dict.fromkeys(field_word(name) for name in lacking))
    return Flag(
        code="not_checked", severity=Severity.REVIEW, clause=clause, detail={"rule": code, "fields": list(lacking)},
        message=f"{said or f'{words}未能可靠识别'}，“{CHECKS[code]}”一项未核对，请人工核对",
        evidence=tuple(dict.fromkeys(region for region in lacking.values() if region is not None)), across=across)
