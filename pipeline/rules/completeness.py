"""Is everything there and legible: pages, papers, seals, the form's fields, the month of filing, the scheme's own term.

Source: ningbo-2020, 四（二）1, 四（三）1, 四（四）1 (papers and seals), annexes 1, 4, 6 (fields), 六（一） (term).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.glyphs import alike
from matchers.names import LIKE, Match, insurer_brand, is_insurers_reading, is_office, match_reading, normalise, similarity, take_apart
from matchers.stamps import bears_another, match_seal, nearly
from models.dates import as_date
from models.field import Region
from models.flag import Flag
from models.geometry import WHOLE_PAGE, Box
from models.page import Flaw, Seal
from models.paper import Paper, PaperType, PlacedSeal
from pipeline.rules.case import Case, NotRead
from pipeline.rules.words import PAPERS, field_word
from pipeline.wording import FLAW

# where the applicant signs on each of the annexes, where reading found no such cell: below the middle, above the offices' row
LOWER_PART = Box(0.0, 0.5, 1.0, 1.0)
SEAL_INSIDE = 0.35  # share of a seal that must lie in the applicant's place: seals are pressed across borders
READABLE = 6        # characters of a company's name below which a seal's reading says nothing
SEAL_SURE = 0.6     # confidence from which a reading that names another company is believed
HEAD = 0.3          # above this an invoice bears the tax office's mark, and print in red passes for a ring
BRAND_SURE = 0.97   # and that of one which differs in the brand (字号) alone, two characters that a worn stamp can garble
INSURERS_PAPERS = (PaperType.INSURANCE_POLICY, PaperType.PREMIUM_INVOICE)


def unreadable_page(case: Case) -> Iterator[Flag]:
    """Flag pages that were filed and can't be read: what they say is not known, and papers that seem to be missing may be among them.

    One flag for the pages of a file that have the same flaw, each of them named as evidence.
    """
    pages: dict[tuple[str, Flaw], list[int]] = {}
    for page in case.claim.unreadable:
        pages.setdefault((page.file, page.flaw), []).append(page.number)
    for (file, flaw), numbers in pages.items():
        places = [Region(file=file, page=number, box=WHOLE_PAGE) for number in numbers]
        yield case.flag(f"{file}第{'、'.join(map(str, numbers))}页{FLAW[flaw]}", places, file=file, pages=numbers, reason=flaw.value)


def missing_document(case: Case) -> Iterator[Flag]:
    """Flag each paper of the track's list that isn't in the submission; one of several alternatives is enough.

    Where pages of no known type may be that paper, it isn't said to be missing.
    """
    present = {paper.type for paper in case.claim.papers}
    unsure: tuple[PaperType, Paper] | None = None
    for wanted in case.scheme.documents.get(case.track, ()) if case.track else ():
        if present & set(wanted.types):
            continue
        perhaps = next(((kind, paper) for paper in case.claim.papers for kind in wanted.types if kind in paper.maybe), None)
        if perhaps:
            unsure = unsure or perhaps
        else:
            words = "或".join(PAPERS[kind] for kind in wanted.types)
            yield case.flag(f"缺少{words}（{wanted.text}）", clause=wanted.clause, document=wanted.types[0].value)
    if unsure:
        raise NotRead(unsure[0].value, unsure[1].region)


def missing_field(case: Case) -> Iterator[Flag]:
    """Flag each field of the form that the annex asks for and whose label stands there with nothing beside it. Contact persons are excepted.

    A field whose label wasn't found either wasn't read: that it is filled in isn't known.
    """
    form = case.form
    asked = case.scheme.forms.get(case.track) if case.track else None
    if form is None or asked is None:
        return
    unread = ""
    for field in asked.fields:
        if field.optional or field.field in form.fields:
            continue
        if field.field in form.blank:
            yield case.flag(f"申请表“{field.text}”一栏未填写{_which(field.field, field.text)}", [form.region], field=field.field)
        else:
            unread = unread or field.field
    if unread:
        raise NotRead(f"application_form.{unread}", form.region)


def _which(field: str, label: str) -> str:
    word = field_word(field)
    return "" if word in label else f"（{word}）"


def missing_seal(case: Case) -> Iterator[Flag]:
    """Flag where no seal stands at the applicant's place in the form, and where no paper bears a seal of the insurer.

    Another company's seal at the applicant's place is `seal_mismatch` alone. A seal that couldn't be read isn't a missing one.
    """
    form = case.form
    if form is not None and not _at_place(form) and not any(_says(placed, _applicant(case), case).score >= LIKE for placed in form.seals):
        yield case.flag("申请表申请单位处未见投保企业公章", [form.places.get("applicant_seal") or form.region], party="applicant")
    yield from _insurer_seal(case)


def _insurer_seal(case: Case) -> Iterator[Flag]:
    papers = sorted((paper for paper in case.claim.papers if paper.type is not PaperType.OTHER), key=lambda paper: paper.type not in INSURERS_PAPERS)
    insurer = case.claim.fields.get("insurer_name")
    if not papers or not any(paper.type in INSURERS_PAPERS for paper in papers):
        return  # missing_document speaks of those
    if insurer is None:
        raise NotRead("insurer_name")
    seals = [(paper, placed) for paper in papers for placed in paper.seals]
    if any(_is_insurers(placed.seal, insurer.text) for _, placed in seals) or _joined(papers, insurer.text):
        return
    unclear = [placed for paper, placed in seals if paper.type in INSURERS_PAPERS and placed.seal.box.cy > HEAD and not _is_known(placed.seal, case)]
    if unclear:
        raise NotRead("insurer_seal", _region(unclear[0]))
    yield case.flag(f"全部材料中未见承保机构（{insurer.text}）印章", [paper.region for paper in papers if paper.type in INSURERS_PAPERS], party="insurer")


def _is_insurers(seal: Seal, insurer: str) -> bool:
    """Whether a seal is the insurer's: its name, its head office's or a branch's, or enough of it where the ring is half read."""
    if match_seal(seal, insurer, alike).score >= LIKE or is_insurers_reading(seal.text, insurer):
        return True
    name, text = take_apart(insurer), normalise(seal.text)
    branch = len(name.branch) >= 4 and name.branch in text
    purpose = any(word in seal.purpose for word in ("保单", "保险", "承保"))
    return (branch or purpose) and insurer_brand(text) in ("", insurer_brand(insurer))


def _joined(papers: Sequence[Paper], insurer: str) -> bool:
    """Whether two pieces of one ring, read as two seals of a page, make the insurer's name together."""
    for paper in papers:
        for a in paper.seals:
            for b in paper.seals:
                if a is not b and (a.file, a.page) == (b.file, b.page) and match_reading(a.seal.text + b.seal.text, insurer).score >= LIKE:
                    return True
    return False


def _is_known(seal: Seal, case: Case) -> bool:
    """Whether a seal is surely someone else's: an office's or bank's, or that of a company which the papers name."""
    text = normalise(seal.text)
    if is_office(text) or text.endswith(("银行", "支行", "分行")) or not text:
        return bool(text)
    return any(match_seal(seal, name, alike).score >= LIKE for name in [_applicant(case), *_buyers(case)] if name) or case.register.find(text) is not None


def seal_mismatch(case: Case) -> Iterator[Flag]:
    """Flag a seal at the applicant's place that reads as another company; offices' seals, the insurer's and unread ones are none."""
    form = case.form
    applicant = _applicant(case)
    if form is None or not applicant:
        return
    seals = _at_place(form)
    if not seals or any(_says(placed, applicant, case).score >= LIKE for placed in seals):
        return
    insurer = case.claim.fields.get("insurer_name")
    unclear: PlacedSeal | None = None
    for placed in seals:
        text = normalise(placed.seal.text)
        if insurer and _is_insurers(placed.seal, insurer.text):
            continue
        known = case.register.find(placed.seal.text)
        if known and known != normalise(applicant):
            yield _other(case, placed, applicant, case.register.names[known])
            return
        needed = SEAL_SURE if similarity(text, applicant) < LIKE or bears_another(placed.seal, applicant, alike) else BRAND_SURE
        misread = nearly(placed.seal, applicant) and not bears_another(placed.seal, applicant, alike, BRAND_SURE)  # perhaps: no character surely speaks against it
        if len(text) >= READABLE and take_apart(text).form and placed.seal.confidence >= needed and not misread and not _fragment(text, applicant):
            yield _other(case, placed, applicant, text)
            return
        unclear = unclear or placed
    if unclear:
        raise NotRead("applicant_seal", _region(unclear))


def _other(case: Case, placed: PlacedSeal, applicant: str, found: str) -> Flag:
    return case.flag(f"申请表申请单位处印章为“{found}”，与投保企业“{applicant}”不符", [_region(placed)], expected=applicant, found=found)


def _fragment(text: str, applicant: str) -> bool:
    """Whether a reading could be a piece of the applicant's name: its brand isn't in it, and nothing else stands where it should."""
    name = take_apart(applicant)
    return take_apart(text).brand in name.trade or text in normalise(applicant)


def _applicant(case: Case) -> str:
    form = case.form
    own = form.fields.get("applicant_name") if form else None
    claimed = case.claim.fields.get("applicant_name")
    return claimed.text if claimed else own.text if own else ""


def _says(placed: PlacedSeal, applicant: str, case: Case) -> Match:
    """How well a seal agrees with the applicant's name, other companies of the papers and the register being held against it."""
    others = [name for name in _parties(case) if normalise(name) != normalise(applicant)]
    known = case.register.find(placed.seal.text)
    return match_seal(placed.seal, applicant, alike, [*others, *([known] if known and known != normalise(applicant) else [])])


def _buyers(case: Case) -> list[str]:
    return [buyer.name.text for buyer in case.claim.buyers if buyer.name]


def _parties(case: Case) -> list[str]:
    insurer = case.claim.fields.get("insurer_name")
    return [*_buyers(case), *([insurer.text] if insurer else [])]


def _at_place(form: Paper) -> list[PlacedSeal]:
    """Seals at the applicant's place; where that wasn't found, those in the form's lower part that aren't an office's."""
    place = form.places.get("applicant_seal")
    if place is None:
        return [s for s in form.seals if LOWER_PART.contains(s.seal.box.cx, s.seal.box.cy) and not is_office(s.seal.text)]
    on_page = [s for s in form.seals if s.file == place.file and s.page == place.page and not is_office(s.seal.text)]
    return [s for s in on_page if place.box.contains(s.seal.box.cx, s.seal.box.cy) or s.seal.box.inside(place.box) >= SEAL_INSIDE]


def _region(placed: PlacedSeal) -> Region:
    return Region(file=placed.file, page=placed.page, box=placed.seal.box)


def outside_window(case: Case) -> Iterator[Flag]:
    """Flag a form dated outside the month of filing of the batch's year; both ends of the month are within."""
    form = case.form
    written = form.fields.get("form_date") if form else None
    day = as_date(written.text) if written else None
    if written is None or day is None:
        return
    first, last = case.limit.at_least, case.limit.at_most
    if first is None or last is None:
        return
    if day.year != case.year or not first <= day.month <= last:
        months = f"{first}月" if first == last else f"{first}月至{last}月"
        yield case.flag(f"申请表填报时间为{written.text}，不在{case.year}年{months}申报期内", [written.source], form_date=written.text)


def scheme_expired(case: Case) -> Iterator[Flag]:
    """Flag an insurance that starts outside the scheme's term; its first and last day are within."""
    start = case.value("period_start")
    first, last = as_date(start.text), as_date(start.text, last=True)
    term = case.scheme.validity
    if first is None or last is None:
        raise NotRead("period_start", start.source)
    if last < term.from_ or first > term.until:
        yield case.flag(f"保险起期{start.text}不在政策有效期（{term.from_}至{term.until}）内", [start.source], period_start=start.text)
