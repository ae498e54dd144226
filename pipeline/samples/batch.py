"""A January batch, made up: submissions of the three tracks on disk, insurers' tables, reference data and truth.

In:    a folder, how many submissions, a seed, the scheme and the year in whose January it is filed.
Out:   DIR/batch, DIR/reference, DIR/truth in the contract's shapes; the same seed gives the same bytes.
Fails: UsageError for a scheme or year that samples can't be made for, or a folder that already holds another batch.
Every other submission is sound (with near-misses); the faults of the others go round, so that a batch of some forty has them all.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pymupdf

from models.annexes import INSURERS
from models.errors import UsageError
from pipeline.samples import catalogue, truth
from pipeline.samples.case import PREFIX, Case, draft, settle
from pipeline.samples.draw import extras, summaries
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.family import FAMILIES, Family
from pipeline.samples.faults import FAULTS, NEAR_MISSES, Plant, flag
from pipeline.samples.pack import pack, pack_one
from pipeline.samples.pairs import Pairing
from pipeline.samples.world import Insurer, World

SCHEMES = ("ningbo-2020",)
YEARS = range(2021, 2024)  # insurance taken out in 2020 to 2022, the years the scheme is in force
_TURN = ("equipment", "equipment", "material", "software", "equipment", "material", "software", "equipment", "equipment", "material", "software")
_COLUMNS = {
    "catalogue": ("entry_id", "scheme", "track", "category", "name", "specification", "edition"),
    "companies": ("name", "credit_code", "legal_representative", "phone", "address", "industry_code", "business_scope"),
    "holdings": ("holder", "company", "percent"),
    "officers": ("person", "company", "role"),
    "restricted": ("company", "reason", "until"),
    "quotas": ("scheme", "applicant", "catalogue_entry", "quota", "granted_on", "used"),
    "awards": (
        "year",
        "scheme",
        "track",
        "level",
        "applicant",
        "product_name",
        "catalogue_entry",
        "buyer_name",
        "contract_number",
        "policy_number",
        "insurance_year",
        "period_start",
        "period_end",
        "subsidy_paid",
    ),
}
_FOLDERS = ("batch", "reference", "truth")
_MARKER = "MADE-UP.txt"
_FIRST_HALF = 36  # of FAULTS: those that come round first
Progress = Callable[[int, int], None]


def write_batch(
    out: Path,
    submissions: int,
    seed: int,
    scheme: str = "ningbo-2020",
    year: int = 2021,
    *,
    family: str = "plain",
    scans: float = 1.0,
    faulty_files: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> None:
    """Write an invented batch.

    out: a folder; it gets batch/, reference/ and truth/, in place of an earlier made-up batch.
    family: whose names, layouts and scanners (pipeline/samples/family.py).
    scans: share of the submissions that come as scans, and chance of an insurer's table to; the others are born-digital PDFs, drawn and read many times faster.
    faulty_files: every fifth submission gets one file more that can't be opened, named under `quarantined` in its truth.
    workers: processes that draw and scan; the bytes are the same whatever their number.
    progress: told (done, all) after each submission.
    Raises UsageError.
    """
    out = Path(out)
    if scheme not in SCHEMES:
        raise UsageError(f"No samples can be made for the scheme {scheme!r}. Use one of: {', '.join(SCHEMES)}.")
    if family not in FAMILIES:
        raise UsageError(f"There is no family of papers {family!r}. Use one of: {', '.join(FAMILIES)}.")
    if year not in YEARS:
        raise UsageError(f"The year is {year}; {scheme} pays for insurance that begins from 2020 to 2022, so give a year from {YEARS[0]} to {YEARS[-1]}.")
    if submissions < 1:
        raise UsageError(f"The number of submissions is {submissions}; make it 1 or more.")
    _make_room(out)
    rng = Random(f"{seed}/world")
    world = World(rng, FAMILIES[family].stock())
    cases = plan(world, submissions, seed, year, FAMILIES[family])
    (out / "truth").mkdir(parents=True, exist_ok=True)
    tasks = [_Task(out, case, f"{seed}/{case.sid}/papers", Random(f"{seed}/{case.sid}/scanned").random() < scans, faulty_files and n % 5 == 1, family) for n, case in enumerate(cases)]
    for done, _ in enumerate(_each(tasks, workers), 1):
        if progress is not None:
            progress(done, len(tasks))
    _write_insurers(out, world, cases, Random(f"{seed}/insurers"), year, FAMILIES[family], scans)
    write_reference(out / "reference", world, rng, year)


class _Task(NamedTuple):
    """One submission to write. seed: of its papers; scanned: else born digital; faulty: with a file that can't be opened; family: its name."""

    out: Path
    case: Case
    seed: str
    scanned: bool
    faulty: bool
    family: str


def _each(tasks: Sequence[_Task], workers: int) -> Iterator[None]:
    """Write the submissions, here or in processes of their own; one item as each is done."""
    if workers <= 1 or len(tasks) < 2:
        yield from map(_write_submission, tasks)
        return
    nowhere = World(Random(0))  # drawing needs no register, and it is large to hand over
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write_submission, [task._replace(case=replace(task.case, world=nowhere)) for task in tasks])


def _make_room(out: Path) -> None:
    """Clear away an earlier batch of ours, so that a command can be run again; refuse a folder that holds someone else's.

    Other things in the folder (a run's output, say) are left alone.
    """
    ours = out / _MARKER
    there = [out / name for name in _FOLDERS if (out / name).exists()]
    if (out.exists() and not out.is_dir()) or (there and not ours.exists()):
        raise UsageError(f"{out} holds something that is not a made-up batch ({', '.join(p.name for p in there) or 'a file'}). Name another folder.")
    for folder in there:
        shutil.rmtree(folder)
    out.mkdir(parents=True, exist_ok=True)
    ours.write_text("This batch is invented: companies, people, numbers and seals are made up. intake sample may overwrite it.\n", encoding="utf-8")


# ---------------------------------------------------------------- planning


def plan(world: World, submissions: int, seed: int, year: int, family: Family = FAMILIES["plain"]) -> list[Case]:
    """The batch's cases, settled, with faults and near-misses dealt out."""
    rng = Random(f"{seed}/plan")
    faults = {track: _Deck(FAULTS, _FIRST_HALF, track, rng) for track in PREFIX}
    nears = {track: _Deck(NEAR_MISSES, 0, track, rng) for track in PREFIX}
    counts = dict.fromkeys(PREFIX, 0)
    pairing = Pairing()
    cases = []
    for n in range(submissions):
        track = _TURN[n % len(_TURN)]
        counts[track] += 1
        case_rng = Random(f"{seed}/{track}/{counts[track]}")
        case = draft(f"{PREFIX[track]}-{counts[track]:04}", track, year, world, case_rng)
        touched: set[str] = set()
        bad = faults[track].deal(case, rng.choice((1, 2, 2, 3)), touched) if counts[track] % 2 == 0 else []
        near = nears[track].deal(case, rng.choice((0, 0, 1)) if bad else rng.choice((1, 2, 2, 3)), touched)
        pairing.before(case, touched, bool(bad))
        for plant in (*bad, *near):
            if plant.before:
                plant.before(case)
        settle(case)
        family.vary(case)
        for plant in (*bad, *near):
            if plant.after:
                plant.after(case)
        pairing.after(case)
        case.planted += [p.name for p in bad]
        case.near += [p.name for p in near]
        cases.append(case)
    _wrong_total(cases)
    return cases


class _Deck:
    """Plants of a track that go round: those of the first part come before the others, each part in an order of the seed."""

    def __init__(self, plants: Sequence[Plant], first: int, track: str, rng: Random) -> None:
        self.rng, self.all = rng, ([p for p in plants[:first] if track in p.tracks], [p for p in plants[first:] if track in p.tracks])
        self.left: list[Plant] = []

    def deal(self, case: Case, count: int, touched: set[str]) -> list[Plant]:
        """Up to `count` plants that fit the case and don't touch what another one touches."""
        dealt: list[Plant] = []
        for _ in range(2):  # what is left over may fit no more: then a new round begins
            for plant in list(self.left):
                if len(dealt) < count and not plant.touches & touched and plant.fits(case) and plant not in dealt:
                    dealt.append(plant)
                    touched |= plant.touches
                    self.left.remove(plant)
            if dealt or count == 0:
                break
            for part in self.all:
                self.left += self.rng.sample(part, len(part))
        return dealt


def _wrong_total(cases: Sequence[Case]) -> None:
    """Some of an insurer's claims stand in a table of their own, whose total is 10,000 yuan too high: two faulty ones, or one where there are no two."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        if case.planted and case.summary is not None and len(groups.setdefault((case.insurer.name, case.track), [])) < 2:
            groups[case.insurer.name, case.track].append(case)
    for case in max(groups.values(), key=len, default=[]):
        case.total_off = Decimal(10_000)
        flag(case, "summary_mismatch", {"field": "total"})
        case.planted.append("summary_total")


# ---------------------------------------------------------------- papers


def draw(book: Book, case: Case, rng: Random, family: Family = FAMILIES["plain"]) -> list[Paper]:
    """All pages of a submission in the order of filing, strays and blanks among them."""
    papers = [family.paper(book, case, values, rng) for values in case.papers]
    if rng.random() < 0.35:  # most file in the measure's order, some as it came
        rest = papers[1:]
        rng.shuffle(rest)
        papers[1:] = rest
    if rng.random() < 0.25:
        _stamp_copies(papers, case, rng)
    out: list[Paper] = []
    if rng.random() < 0.15:
        out.append(family.cover(book, case, [p.type for p in papers], rng))
    for paper in papers:
        out.append(paper)
        if rng.random() < 0.05 and len(paper.sheets) == 1 and paper.type in ("payment_voucher", "business_licence", "premium_invoice"):
            out.append(Paper("other", paper.sheets, seals=paper.seals, repeat_of=paper.type))
        if rng.random() < 0.04:
            out.append(extras.blank(book))
        if rng.random() < 0.03:
            out.append(family.stray(book, case, rng))
    if case.shared:
        out.append(extras.shared(book, case.shared))
    return out


_COPIES = ("business_licence", "insurance_policy", "payment_voucher", "premium_invoice", "first_set_certificate", "ip_certificate")


def _stamp_copies(papers: Sequence[Paper], case: Case, rng: Random) -> None:
    """The applicant's seal on copies, at the lower left or in the middle, as the measure asks (加盖投保企业公章)."""
    for paper in papers:
        if paper.type in _COPIES and rng.random() < 0.6:
            sheet = paper.sheets[0]
            paper.can_be_digital = False
            paper.seal(
                sheet, case.applicant.name, "", sheet.width * rng.uniform(0.24, 0.42), min(sheet.height * rng.uniform(0.7, 0.86), sheet.height - 64), number=""
            )


def _write_submission(task: _Task) -> None:
    case, family = task.case, FAMILIES[task.family]
    rng = Random(task.seed)
    book = Book()
    files, filed = pack(book, draw(book, case, rng, family), rng, case.year, family.look, family.habits, scanned=task.scanned)
    book.doc.close()
    record = truth.submission(case, filed)
    if task.faulty:
        name, data, reason = _broken(rng)
        files[name] = data
        record["quarantined"] = [{"file": name, "reason": reason}]
    folder = task.out / "batch" / case.sid
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    _write_json(task.out / "truth" / f"{case.sid}.json", record)


def _broken(rng: Random) -> tuple[str, bytes, str]:
    """A file that can't be read: locked, empty, or not what its name says."""
    match rng.randrange(3):
        case 0:
            doc: Any = pymupdf.open()
            doc.new_page().insert_text((72, 100), "locked")
            data = bytes(doc.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="user", no_new_id=True))
            return "locked.pdf", data, "encrypted"
        case 1:
            return "empty.pdf", b"", "empty"
        case _:
            return "notes.pdf", "本文件已损坏".encode() * 40, "unsupported"


def tables_of(cases: Sequence[Case], world: World) -> Iterator[tuple[Insurer, int, list[Case]]]:
    """The tables that insurers file: who, which annex, the claims that stand in it. An insurer that files a table at all tells of a claim that is missing from it."""
    for insurer in world.insurers:
        own = [c for c in cases if c.insurer.name == insurer.name]
        for annex, group in [*((summaries.ANNEX[track], [c for c in own if c.track == track]) for track in PREFIX), (3, [c for c in own if c.loss])]:
            apart = [c for c in group if c.total_off] if annex != 3 else []
            for part in ([c for c in group if c not in apart], apart):
                if part:
                    yield insurer, annex, [c for c in part if c.summary is not None]


def _write_insurers(out: Path, world: World, cases: Sequence[Case], rng: Random, year: int, family: Family, scans: float) -> None:
    """Each insurer's tables of the tracks it insured, and its losses."""
    folder = out / "batch" / INSURERS
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[dict[str, Any]] = []
    for insurer, annex, listed in tables_of(cases, world):
        book = Book()
        day = date(year, 1, 4) + timedelta(days=rng.randrange(26))
        paper = summaries.summary(book, annex, insurer, listed, day, rng, family.tables(rng))
        files, filed = pack_one(book, paper, rng, year, family.look, scanned=scans >= 1 or rng.random() < scans)
        book.doc.close()
        for name, data in files.items():
            while (folder / name).exists():
                renamed = f"{Path(name).stem}-{rng.randint(2, 99)}.pdf"
                filed.places = [(renamed, p) for _, p in filed.places]
                filed.seals = [(t, renamed, p, b) for t, _, p, b in filed.seals]
                name = renamed
            (folder / name).write_bytes(data)
        tables.append(truth.table(filed))
    _write_json(out / "truth" / "_insurers.json", tables)


# ---------------------------------------------------------------- reference data


def write_reference(folder: Path, world: World, rng: Random, year: int) -> None:
    """Every table of the contract, shuffled, with companies that have nothing to do with the batch."""
    for track in PREFIX:
        for _ in range(2):
            stranger = world.applicant(track)
            world.restricted.append((stranger.name, rng.choice(("列入严重违法失信企业名单", "环保信用评价为黑色等级")), f"{year + 1}-03-31"))
            world.buyer(track)
    companies = [
        {
            "name": c.name,
            "credit_code": c.credit_code,
            "legal_representative": c.legal,
            "phone": c.phone,
            "address": c.address,
            "industry_code": c.industry,
            "business_scope": c.scope,
        }
        for c in world.companies.values()
    ]
    tables: dict[str, list[dict[str, str]]] = {
        "catalogue": catalogue.rows(year, world.stock.kinds),
        "companies": companies,
        "holdings": [{"holder": who, "company": name, "percent": share} for name, own in world.holdings.items() for who, share in own],
        "officers": [{"person": who, "company": name, "role": role} for name, own in world.officers.items() for who, role in own],
        "awards": world.awards,
        "restricted": [dict(zip(_COLUMNS["restricted"], row, strict=True)) for row in world.restricted],
        "quotas": [],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write_csv(folder / f"{name}.csv", _COLUMNS[name], rng.sample(rows, len(rows)))


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


__all__ = ["SCHEMES", "YEARS", "draw", "plan", "write_batch"]
