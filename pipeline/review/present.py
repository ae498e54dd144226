"""What the review page shows of a claim: everything in words, in the order in which it is shown, with where it stands on which page.

In:    a claim (as read, or with what reviewers said of it), its scheme; the catalogue where entries' names are to be shown; the language.
Out:   `ClaimView`: the claim's own values, users, papers with their values, pages with their seals, catalogue candidates, flags with clause and graph,
       and the stops: what still needs a look, in the order in which Enter goes through it.
Fails: never.
Elsewhere: how a value is written (values.py), words (pipeline/labels.toml), clauses (models/clauses.py), pictures of the pages (pictures.py).

Values and flags have keys, the same in every view of a claim whose papers are the same: "c.premium" is the claim's own, "p3.premium" that of its fourth paper,
"b0.name" its first user's; a flag's is its `Flag.key`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from models.claim import Claim, Triage
from models.clauses import clause_text
from models.field import Field, Region
from models.flag import Flag, Severity
from models.geometry import Box
from models.page import Frozen
from models.paper import CLAIM_FIELDS, FIELDS, FORM_FIELDS, Kind, Paper, PaperType
from models.reference import CatalogueEntry
from models.review import PaperRef
from models.scheme import Form, Scheme
from pipeline.assemble import expected_fields
from pipeline.labels import TRACK, Language, field_label, label, value_words
from pipeline.review.flag_words import message_of, paper_named
from pipeline.review.graph import Graph, graph_of
from pipeline.review.masks import masked, masked_value, personal_values
from pipeline.review.values import kind, shown

WORST_FIRST = tuple(Severity)


class ValueView(Frozen):
    """One value, or the place of one that wasn't read.

    value: in the contract's form, None where there is none; shown: as a person reads it, "" where there is none. choices: value and words of each,
    where only some are possible. blank: the label stands there with nothing beside it. expected: a claim like this has to show it.
    origin: key of the paper's value that the claim's own was taken from. hidden: it was read, and is to be read again by somebody who doesn't see it (`blinded`).
    """

    key: str
    field: str
    label: str
    kind: Kind
    value: str | bool | None = None
    shown: str = ""
    raw: str = ""
    confidence: float = 0.0
    accepted: bool = False
    why: tuple[str, ...] = ()
    source: Region | None = None
    blank: bool = False
    expected: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    origin: str | None = None
    hidden: bool = False

    @property
    def needs_look(self) -> bool:
        """Whether a reviewer has to look at it: read and not accepted, missing where a claim has to show it, or hidden."""
        return self.hidden or (not self.accepted if self.value is not None else self.expected)


class BuyerView(Frozen):
    """A user of the product."""

    name: ValueView | None
    quantity: ValueView | None


class SealView(Frozen):
    """A seal on a page. text: whose; raw: as read, where the papers tell what it must be."""

    text: str
    purpose: str
    raw: str
    confidence: float
    box: Box


class PageView(Frozen):
    """A page of a paper. unreadable: why it can't be trusted, in words, "" where it can."""

    file: str
    page: int
    paper: int
    seals: tuple[SealView, ...] = ()
    unreadable: str = ""


class PaperView(Frozen):
    """A paper. title: its name; tables: rows of what it lists, each a sequence of cells; doubt: why its type is uncertain."""

    index: int
    ref: PaperRef
    title: str
    pages: tuple[tuple[str, int], ...]
    values: tuple[ValueView, ...]
    more: tuple[ValueView, ...] = ()
    tables: tuple[tuple[ValueView, ...], ...] = ()
    parameters: tuple[ValueView, ...] = ()
    buyers: tuple[BuyerView, ...] = ()
    confidence: float = 1.0
    doubt: str = ""


class CandidateView(Frozen):
    """A catalogue entry that the product may be. chosen: it is what the product is taken for; rival: it fits about as well as that."""

    entry_id: str
    score: float
    reason: str
    name: str = ""
    category: str = ""
    specification: str = ""
    chosen: bool = False
    rival: bool = False


class Piece(Frozen):
    """Part of a value that is compared. kind: "same" as what most papers say, "other", or "lacks" for what they have there and this one hasn't."""

    text: str
    kind: str = "same"


class ComparedView(Frozen):
    """What one of several papers says of the same thing, in pieces. odd: most papers say something else, or no two say the same."""

    title: str
    pieces: tuple[Piece, ...]
    odd: bool

    @property
    def shown(self) -> str:
        """The value in one piece."""
        return "".join(piece.text for piece in self.pieces if piece.kind != "lacks")


class FlagView(Frozen):
    """A flag. clause_text: the measure's own words; verdict, verdict_label, reason, by: a reviewer's judgement, "" where there is none.

    message: in the reader's language; written: as the record has it, in Chinese; about, compared: where papers differ in what, and what each says;
    others: numbers of the other claims that it is about.
    """

    key: str
    code: str
    title: str
    severity: Severity
    severity_label: str
    message: str
    written: str
    clause: str
    clause_text: str
    evidence: tuple[Region, ...]
    across: bool
    stands: bool
    verdict: str = ""
    verdict_label: str = ""
    reason: str = ""
    by: str = ""
    graph: Graph | None = None
    about: str = ""
    compared: tuple[ComparedView, ...] = ()
    others: tuple[str, ...] = ()


class Stop(Frozen):
    """Something that needs a look. kind: "value" or "flag"; key: of which; paper: index of the paper it is on, None where it is the claim's own."""

    kind: str
    key: str
    label: str
    shown: str
    paper: int | None
    source: Region | None


class FileView(Frozen):
    """A file that was set aside, and why."""

    file: str
    reason: str


class ClaimView(Frozen):
    """Everything the review page shows of a claim."""

    submission_id: str
    scheme: str
    scheme_title: str
    track: str
    track_label: str
    triage: Triage
    triage_label: str
    values: tuple[ValueView, ...]
    buyers: tuple[BuyerView, ...]
    papers: tuple[PaperView, ...]
    pages: tuple[PageView, ...]
    candidates: tuple[CandidateView, ...]
    flags: tuple[FlagView, ...]
    stops: tuple[Stop, ...]
    quarantined: tuple[FileView, ...] = ()

    def value(self, key: str) -> ValueView | None:
        """A value by its key."""
        everywhere = (*self.values, *(v for paper in self.papers for v in (*paper.values, *paper.more)), *(v for b in self.buyers for v in (b.name, b.quantity) if v))
        return next((view for view in everywhere if view.key == key), None)


def present(
    claim: Claim, scheme: Scheme, language: Language = Language.ZH, catalogue: Mapping[str, CatalogueEntry] | None = None, mask: bool = False,
) -> ClaimView:
    """The claim as the page shows it. catalogue: entries of the claim's scheme by id. mask: telephones, accounts and ID numbers hidden, for those who needn't see them."""
    words = _Words(claim, scheme, language, mask)
    papers = tuple(_paper(words, index, paper) for index, paper in enumerate(claim.papers))
    values = tuple(_own_values(words, papers))
    buyers = tuple(_with_origins(_buyer(words, i, buyer.name, buyer.quantity), papers) for i, buyer in enumerate(claim.buyers))
    flags = tuple(words.flag(flag) for flag in sorted(claim.flags, key=lambda flag: (not flag.stands, WORST_FIRST.index(flag.severity))))
    return ClaimView(
        submission_id=claim.submission_id, scheme=scheme.name, scheme_title=scheme.title,
        track=claim.track.value if claim.track else "", track_label=label("track", claim.track.value, language) if claim.track else "",
        triage=claim.triage, triage_label=label("triage", claim.triage.value, language),
        values=values, buyers=buyers, papers=papers, pages=_pages(claim, language), candidates=_candidates(claim, catalogue or {}), flags=flags,
        stops=tuple(_stops(papers, values, buyers, flags)),
        quarantined=tuple(FileView(file=q.file, reason=label("quarantine", q.reason.value, language)) for q in claim.quarantined))


def blinded(view: ClaimView, waiting: Collection[str], disputed: Mapping[str, str]) -> ClaimView:
    """The view for somebody who is to read values from the page without seeing them, and what of it needs a look then.

    waiting: keys of papers' values that are hidden, in the claim's own values too; disputed: by key why a value that was accepted needs a look now.
    """
    if not waiting and not disputed:
        return view

    def seen(value: ValueView) -> ValueView:
        if value.key in waiting or value.origin in waiting:
            return value.model_copy(update={"value": None, "shown": "", "raw": "", "confidence": 0.0, "accepted": False, "why": (), "hidden": value.key in waiting, "expected": False})
        if value.key in disputed:
            return value.model_copy(update={"accepted": False, "why": (*value.why, disputed[value.key])})
        return value

    papers = tuple(paper.model_copy(update={"values": tuple(map(seen, paper.values))}) for paper in view.papers)
    values = tuple(map(seen, view.values))
    return view.model_copy(update={"papers": papers, "values": values, "stops": tuple(_stops(papers, values, view.buyers, view.flags))})


class _Words:
    """What all values and flags of one claim are put into words with."""

    def __init__(self, claim: Claim, scheme: Scheme, language: Language, mask: bool) -> None:
        self.claim, self.scheme, self.language, self.mask = claim, scheme, language, mask
        self._hidden = personal_values(claim) if mask else frozenset()

    @property
    def form(self) -> Form | None:
        return self.scheme.forms.get(self.claim.track) if self.claim.track else None

    def value(self, key: str, name: str, field: Field | None, paper: PaperType | None = None, blank: bool = False, expected: bool = False) -> ValueView:
        """A value with its label."""
        form = self.form if paper is PaperType.APPLICATION_FORM else None
        choices = tuple((value, str(entry[self.language.value])) for value, entry in value_words(name).items())
        bare = ValueView(
            key=key, field=name, label=field_label(name, paper, self.language, form), kind=kind(name), blank=blank, expected=expected, choices=choices)
        if field is None:
            return bare
        value = masked_value(name, field.value) if self.mask and isinstance(field.value, str) else field.value
        return bare.model_copy(update={
            "value": value, "shown": shown(name, value, self.language), "raw": self.text(masked_value(name, field.raw) if self.mask else field.raw), "confidence": field.confidence,
            "accepted": field.accepted, "why": tuple(map(self.text, field.why)), "source": field.source})

    def text(self, text: str) -> str:
        """A text as this reader may see it."""
        return masked(text, self._hidden) if self.mask else text

    def flag(self, flag: Flag) -> FlagView:
        """A flag with title, clause and graph."""
        judged = flag.judgement
        compared = self._compared(flag)
        return FlagView(
            key=flag.key, code=flag.code, title=label("flag", flag.code, self.language), severity=flag.severity,
            severity_label=label("severity", flag.severity.value, self.language), message=self.text(message_of(flag, self.language)), written=self.text(flag.message), clause=flag.clause,
            clause_text=clause_text(self.scheme.name, flag.clause), evidence=flag.evidence, across=flag.across, stands=flag.stands,
            verdict=judged.verdict.value if judged else "", verdict_label=label("verdict", judged.verdict.value, self.language) if judged else "",
            reason=self.text(judged.reason) if judged else "", by=judged.by if judged else "", graph=graph_of(flag, self.mask),
            about=label("field", str(flag.detail["field"]), self.language) if compared else "", compared=compared,
            others=tuple(str(one) for one in flag.detail.get("submissions") or () if one != self.claim.submission_id))

    def _compared(self, flag: Flag) -> tuple[ComparedView, ...]:
        """What each paper says, where that is what the flag is about."""
        field, values = flag.detail.get("field"), flag.detail.get("values")
        if not isinstance(field, str) or not isinstance(values, dict):
            return ()
        said = [(paper_named(str(kind)), str(value)) for kind, value in values.items()]
        if len(said) < 2 or any(kind not in set(PaperType) for kind, _ in said):
            return ()
        texts = [self.text(shown(field, masked_value(field, value) if self.mask else value, self.language)) for _, value in said]
        most, times = Counter(texts).most_common(1)[0]
        return tuple(
            ComparedView(title=label("paper", kind, self.language), pieces=(Piece(text=text),) if text == most else _pieces(text, most), odd=text != most or times == 1)
            for (kind, _), text in zip(said, texts, strict=True))


ALIKE = 0.5  # of two values of which the differing characters are worth telling


def _pieces(text: str, other: str) -> tuple[Piece, ...]:
    """A text in pieces: what it has in common with another, what is different, what it lacks; all of it different where they have little in common."""
    matcher = SequenceMatcher(None, other, text, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (Piece(text=text, kind="other"),)
    pieces = []
    for what, a0, a1, b0, b1 in matcher.get_opcodes():
        pieces.append(Piece(text=other[a0:a1], kind="lacks") if what == "delete" else Piece(text=text[b0:b1], kind="same" if what == "equal" else "other"))
    return tuple(pieces)


# ---------------------------------------------------------------- papers


def fields_of(paper: Paper, claim: Claim) -> tuple[str, ...]:
    """The fields that a paper of its type may show, in the contract's order; a form's by the claim's track."""
    form = FORM_FIELDS.get(claim.track, ()) if claim.track else ()
    known = form if paper.type is PaperType.APPLICATION_FORM else FIELDS.get(paper.type, ())
    return tuple(dict.fromkeys((*known, *paper.fields)))


def _paper(words: _Words, index: int, paper: Paper) -> PaperView:
    def value(name: str, field: Field | None) -> ValueView:
        return words.value(f"p{index}.{name}", name, field, paper.type, blank=name in paper.blank)

    return PaperView(
        index=index, ref=PaperRef(type=paper.type, file=paper.parts[0].file, page=paper.parts[0].pages[0]), title=_title(words, paper),
        pages=tuple((part.file, page) for part in paper.parts for page in part.pages),
        values=tuple(value(name, paper.fields.get(name)) for name in fields_of(paper, words.claim)),
        more=tuple(value(name, field) for name, field in paper.extra.items()),
        tables=tuple(tuple(words.value(f"p{index}.r{n}.{name}", name, field, paper.type) for name, field in row.items()) for n, row in enumerate(paper.rows)),
        parameters=tuple(words.value(f"p{index}.t{n}", "technical_parameters", field, paper.type) for n, field in enumerate(paper.parameters)),
        buyers=tuple(_buyer(words, n, buyer.name, buyer.quantity, f"p{index}.b") for n, buyer in enumerate(paper.buyers)),
        confidence=paper.confidence, doubt=paper.doubt)


def _title(words: _Words, paper: Paper) -> str:
    """A paper's name; a form's and a table's with the number of its annex."""
    title = label("paper", paper.type.value, words.language)
    return title if paper.annex is None else f"{title}（附件{paper.annex}）" if words.language is Language.ZH else f"{title} (annex {paper.annex})"


def _buyer(words: _Words, index: int, name: Field | None, quantity: Field | None, prefix: str = "b") -> BuyerView:
    return BuyerView(
        name=words.value(f"{prefix}{index}.name", "buyer_name", name) if name else None,
        quantity=words.value(f"{prefix}{index}.quantity", "quantity", quantity) if quantity else None)


def _own_values(words: _Words, papers: Sequence[PaperView]) -> Iterator[ValueView]:
    """The claim's track and its own values in the contract's order; those that are missing where they have to be shown among them."""
    track = words.claim.track
    yield words.value(f"c.{TRACK}", TRACK, Field(value=track.value, confidence=1.0, accepted=True) if track else None, expected=True)
    expected = set(expected_fields(track))
    for name in CLAIM_FIELDS:
        field = words.claim.fields.get(name)
        if field is None and name not in expected:
            continue
        view = words.value(f"c.{name}", name, field, expected=name in expected)
        yield view.model_copy(update={"origin": _origin(view, papers)})


def _origin(view: ValueView, papers: Iterable[PaperView]) -> str | None:
    """The paper's value that stands where the claim's own does and says the same."""
    if view.source is None:
        return None
    return next((v.key for paper in papers for v in paper.values if v.source == view.source and v.value == view.value), None)


def _with_origins(buyer: BuyerView, papers: Sequence[PaperView]) -> BuyerView:
    name, quantity = (view and view.model_copy(update={"origin": _origin(view, papers)}) for view in (buyer.name, buyer.quantity))
    return BuyerView(name=name, quantity=quantity)


def _pages(claim: Claim, language: Language) -> tuple[PageView, ...]:
    """All pages of all papers, in the papers' order, each once with its seals."""
    flaws = {(page.file, page.number): label("flaw", page.flaw.value, language) for page in claim.unreadable}
    out: dict[tuple[str, int], PageView] = {}
    for index, paper in enumerate(claim.papers):
        for part in paper.parts:
            for number in part.pages:
                seals = tuple(
                    SealView(text=p.seal.text, purpose=p.seal.purpose, raw=p.seal.raw, confidence=p.seal.confidence, box=p.seal.box)
                    for p in paper.seals if (p.file, p.page) == (part.file, number))
                out.setdefault((part.file, number), PageView(file=part.file, page=number, paper=index, seals=seals, unreadable=flaws.get((part.file, number), "")))
    return tuple(out.values())


def _candidates(claim: Claim, catalogue: Mapping[str, CatalogueEntry]) -> tuple[CandidateView, ...]:
    """The entry that the product is taken for, then the others that may be it, the likeliest first."""
    match = claim.catalogue_match
    every = [*([(match.entry_id, match.score, match.reason)] if match else []), *((c.entry_id, c.score, c.reason) for c in (*(match.alternatives if match else ()), *claim.candidates))]
    views: dict[str, CandidateView] = {}
    for entry_id, score, reason in every:
        entry = catalogue.get(entry_id)
        views.setdefault(entry_id, CandidateView(
            entry_id=entry_id, score=score, reason=reason, name=entry.name if entry else "", category=entry.category if entry else "",
            specification=entry.specification if entry else "", chosen=bool(match and entry_id == match.entry_id), rival=entry_id in claim.rivals))
    return tuple(views.values())


# ---------------------------------------------------------------- stops


def _stops(papers: Sequence[PaperView], values: Sequence[ValueView], buyers: Sequence[BuyerView], flags: Sequence[FlagView]) -> Iterator[Stop]:
    """Paper by paper its doubtful values, then the flags whose evidence begins on it; last what is the claim's own and stands on no paper."""
    open_flags = [flag for flag in flags if flag.stands and not flag.verdict and flag.severity is not Severity.INFO]
    paper_of = {page: paper.index for paper in papers for page in reversed(paper.pages)}
    first = {flag.key: next((paper_of[place.file, place.page] for place in flag.evidence if (place.file, place.page) in paper_of), None) for flag in open_flags}
    told = set()
    for paper in papers:
        for view in paper.values:
            if view.needs_look:
                told.add(view.key)
                yield _value_stop(view, paper.index)
        yield from (_flag_stop(flag, paper.index) for flag in open_flags if first[flag.key] == paper.index)
    own = (*values, *(view for buyer in buyers for view in (buyer.name, buyer.quantity) if view))
    yield from (_value_stop(view, None) for view in own if view.needs_look and view.origin not in told)
    yield from (_flag_stop(flag, None) for flag in open_flags if first[flag.key] is None)


def _value_stop(view: ValueView, paper: int | None) -> Stop:
    return Stop(kind="value", key=view.key, label=view.label, shown=view.shown, paper=paper, source=view.source)


def _flag_stop(flag: FlagView, paper: int | None) -> Stop:
    return Stop(kind="flag", key=flag.key, label=flag.title, shown=flag.message, paper=paper, source=flag.evidence[0] if flag.evidence else None)
