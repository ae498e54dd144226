"""Measuring this reader beside others: speed, characters, memory; and what a seal costs the print beneath it.

In:    sets of scanned pages, made up with truth or a folder of anyone's, and the readers to measure (flows/peers.py).
Out:   `SpeedFigures` a set and reader, `StampFigures` a condition and reader; as plain dictionaries for JSON by `asdict`.
The readers take turns every few files, each in processes of its own while the others idle, so that whatever else the machine does hits all of them alike.
Fails: UsageError for a folder with nothing to read, EngineFailed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.files import FileLimits, SourceFile, open_submission, source_file
from extractors.pdf import read_sheets
from flows.peers import KINDS, OWN, Answer, Crew, Outline, Process, Scanned
from models.errors import FileRefused, UsageError
from models.geometry import Box
from pipeline.accuracy.characters import TICK_BOX, Glyph, PageScore, Read, Ring, judge
from pipeline.accuracy.stamps import SealRead, SealTally, SealTrue
from pipeline.samples.pages import SETS, STAMPS, SamplePage, on_page, page_set, stamped_pairs

TRUTH = ".lines.json"  # beside a file of one's own: its printed lines
SPEED_ENGINES = tuple(KINDS)
STAMP_ENGINES = (OWN, "rapidocr", "paddleocr")
_BASELINE = "rapidocr"
_TOGETHER = 3  # files a core that a reader reads before the next has its turn
ALL = "all"  # conditions of stamps together
SPEED_PAGES, STAMP_PAGES = 24, 6  # a set, a condition
Progress = Callable[[int, int], None]  # readings done, of how many


class Truth(NamedTuple):
    """What a page prints, and where: see pipeline/accuracy/characters.py. placement: 3 × 3, from the truth's units to fractions of the picture."""

    glyphs: Sequence[Glyph]
    keys: Sequence[str]
    rings: Sequence[Ring]
    places: Sequence[Ring]
    placement: npt.NDArray[np.float64]


class Item(NamedTuple):
    """One file of a set, with the truth of its pages where it is known."""

    source: SourceFile
    truths: tuple[Truth, ...] = ()
    stamped: bool = False


@dataclass
class SpeedFigures:
    """One reader on one set. Seconds are of reading alone; inside_seconds: of this reader, those in the engine's calls. None: not known."""

    engine: str
    version: str
    pages: int = 0
    seconds: float = 0.0
    pages_per_second: float = 0.0
    seconds_a_page: float = 0.0
    times_rapidocr: float | None = None
    characters: int = 0
    errors: int = 0
    cer: float | None = None
    keys: int = 0
    keys_found: int = 0
    import_seconds: float = 0.0
    load_seconds: float = 0.0
    peak_mb: float = 0.0
    inside_seconds: float | None = None
    overhead: float | None = None  # seconds outside the engine's calls over those inside


@dataclass
class SetFigures:
    """All readers on one set. left_out: files that hold pages no reader needs to read (born digital, blank), or can't be read."""

    name: str
    pages: int
    stamped: int
    left_out: int = 0
    engines: list[SpeedFigures] = field(default_factory=list)


@dataclass
class StampFigures:
    """One reader under one condition, or all: characters beneath seals, wrong ones on the stamped scan and on the same scan without its seal."""

    condition: str
    engine: str
    characters: int = 0
    errors_stamped: int = 0
    errors_bare: int = 0
    cer_stamped: float | None = None
    cer_bare: float | None = None
    ratio: float | None = None
    seals: SealTally | None = None  # of this reader alone: the others read none as such


class Misread(NamedTuple):
    """A row that a reader got wrong; printed is "" where it read what isn't there."""

    file: str
    engine: str
    printed: str
    read: str
    errors: int


@dataclass
class Report:
    """What a run of the benchmark found. absent: readers that aren't installed."""

    threads: int
    seed: int
    processor: str
    absent: tuple[str, ...] = ()
    sets: list[SetFigures] = field(default_factory=list)
    stamps: list[StampFigures] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)

    def json(self) -> str:
        """All figures in one line."""
        shown = {name: value for name, value in asdict(self).items() if name != "misread"}
        return json.dumps(_rounded(shown), ensure_ascii=False)

    def misread_rows(self) -> str:
        """Rows that were misread, the worst of each reader first, tab-separated below a heading."""
        ordered = sorted(self.misread, key=lambda row: (row.engine, -row.errors, row.file))
        rows = ["\t".join(map(str, row)).replace(TICK_BOX, "▯") for row in ordered]
        return "\n".join(["\t".join(Misread._fields), *rows]) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def there(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Readers that are installed, and those that aren't. Raises UsageError for a name that is no reader's."""
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no reader that can be measured. Name some of: {', '.join(KINDS)}.")
    known = tuple(name for name in names if KINDS[name].there)
    return known, tuple(name for name in names if name not in known)


# ---------------------------------------------------------------- speed


def measure_speed(sets: Mapping[str, Iterable[Item]], engines: Sequence[str], threads: int, seed: int, progress: Progress) -> Report:
    """Read sets of files by all readers in turn. Raises UsageError, also where a set has no scan at all, and EngineFailed."""
    known, absent = there(engines)
    report = Report(threads, seed, processor(), absent)
    with ExitStack() as stack:
        crews = [stack.enter_context(Crew(name, threads)) for name in known if KINDS[name].alone or threads > 1]
        for name, given in sets.items():
            one, items = SetFigures(name, 0, 0), list(given)
            figures = {c.name: SpeedFigures(c.name, c.kind.version, import_seconds=c.loaded.importing, load_seconds=c.loaded.loading) for c in crews}
            for number, group in enumerate(_groups(items, one, _TOGETHER * threads)):
                files = [file for _, file in group]
                if not number:
                    for crew in crews:
                        crew.warm(files[0])
                for turn in range(len(crews)):  # who begins goes round
                    crew = crews[(number + turn) % len(crews)]
                    _count(figures[crew.name], report.misread, [item for item, _ in group], *crew.read(files))
                    progress((one.pages - sum(len(file.sizes) for file in files)) * len(crews) + (turn + 1) * len(files), len(items) * len(crews))
            if not one.pages:
                raise UsageError(f"{name} holds no scanned PDF or picture. Give a folder of scans; pages with a text layer of their own need no reading.")
            for engine in figures.values():
                _finish(engine, figures.get(_BASELINE))
            one.engines += figures.values()
            report.sets.append(one)
    return report


def _groups(items: Sequence[Item], counted: SetFigures, size: int) -> Iterator[list[tuple[Item, Scanned]]]:
    """The files to read, so many at a time, decoded; pages and what is left out are counted as they come."""
    group: list[tuple[Item, Scanned]] = []
    for item in items:
        try:
            file = scanned(item.source)
        except FileRefused:
            counted.left_out += 1
            continue
        counted.pages += len(file.sizes)
        counted.stamped += item.stamped
        group.append((item, file))
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _count(figures: SpeedFigures, misread: list[Misread], items: Sequence[Item], answers: Sequence[Answer], seconds: float) -> None:
    figures.seconds += seconds
    for item, answer in zip(items, answers, strict=True):
        figures.pages += len(answer.pages)
        figures.peak_mb = max(figures.peak_mb, answer.peak_mb)
        if figures.engine == OWN:
            figures.inside_seconds = (figures.inside_seconds or 0.0) + answer.inside
        for page, truth in zip(answer.pages, item.truths, strict=False):
            score = score_page(page.lines, truth)
            figures.characters += score.characters
            figures.errors += score.errors
            figures.keys += score.keys
            figures.keys_found += score.keys_found
            misread += misreadings(item.source.name, figures.engine, score)


def _finish(figures: SpeedFigures, baseline: SpeedFigures | None) -> None:
    figures.pages_per_second = figures.pages / max(figures.seconds, 1e-9)
    figures.seconds_a_page = figures.seconds / max(figures.pages, 1)
    figures.times_rapidocr = baseline.seconds / max(figures.seconds, 1e-9) if baseline else None
    figures.cer = figures.errors / figures.characters if figures.characters else None
    if figures.inside_seconds:
        figures.overhead = (figures.seconds - figures.inside_seconds) / figures.inside_seconds


def score_page(lines: Iterable[Outline], truth: Truth) -> PageScore:
    """An engine's lines of one picture against what the page prints."""
    reads = [Read(line.text, on_page(line.corners, truth.placement)) for line in lines]
    return judge(truth.glyphs, reads, truth.keys, truth.rings, truth.places)


def misreadings(file: str, engine: str, score: PageScore) -> list[Misread]:
    rows = [Misread(file, engine, row.printed, row.read, row.errors) for row in score.rows if row.errors]
    return rows + [Misread(file, engine, "", text, len(text)) for text in score.stray]


# ---------------------------------------------------------------- pages


def sets_of(names: Sequence[str], folder: Path | None, count: int, seed: int) -> dict[str, Iterable[Item]]:
    """The sets to read by name: made-up ones, or a folder's files. Raises UsageError."""
    if folder is not None:
        return {str(folder): of_folder(folder)}
    unknown = [name for name in names if name not in SETS]
    if unknown:
        raise UsageError(f"No set of pages is called {unknown[0]!r}. Name some of: {', '.join(SETS)}.")
    return {name: (_item(page) for page in page_set(name, count, seed)) for name in names}


def of_folder(folder: Path) -> list[Item]:
    """The PDFs and pictures of a folder. Raises UsageError when there is none.

    Beside a file its printed lines may lie, in FILE.lines.json: a list with an object a page, {"lines": [{"text": …, "box": [x0, y0, x1, y1]}]}, boxes as
    fractions of the page as it lies in the file. Without it the file counts for speed alone.
    """
    files = open_submission(folder, FileLimits(total_bytes=2**32)).files
    if not files:
        raise UsageError(f"{folder} holds no PDF or picture. Give a folder of scans.")
    return [Item(file, _truths_beside(folder / (file.name + TRUTH))) for file in files]


def _item(page: SamplePage) -> Item:
    return Item(source_file(page.name, page.data), (_truth(page),), bool(page.seals))


def _truth(page: SamplePage) -> Truth:
    return Truth(page.glyphs, page.keys, page.rings, page.places, page.placement)


def scanned(file: SourceFile) -> Scanned:
    """A file with its pages decoded. Raises FileRefused, with "unsupported" where a page needs no reading or is damaged."""
    pictures = []
    for sheet in read_sheets(file):
        if sheet.picture is None or sheet.lines is not None or sheet.damage:
            raise FileRefused("unsupported", f"page {sheet.number} is no scan")
        grey = sheet.picture.ndim == 2
        pictures.append(np.repeat(sheet.picture[:, :, None], 3, 2) if grey else sheet.picture)
    return Scanned(file.name, file.data, tuple((p.shape[1], p.shape[0]) for p in pictures), tuple(pictures))


def _truths_beside(path: Path) -> tuple[Truth, ...]:
    if not path.is_file():
        return ()
    try:
        pages = json.loads(path.read_text("utf-8"))
        return tuple(Truth(tuple(_spread((str(line["text"]), Box(*map(float, line["box"]))) for line in page["lines"])), (), (), (), _FRACTIONS) for page in pages)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f'{path} isn\'t a list of pages with "lines", each with "text" and "box": {error}. Correct it, or take it away to measure speed alone.') from error


_FRACTIONS = np.diag([1 / 595.0, 1 / 842.0, 1.0])  # truth of a folder is kept in points of an A4 page: whether a line runs downwards depends on its shape


def _spread(lines: Iterable[tuple[str, Box]]) -> Iterator[Glyph]:
    """Characters evenly along their line."""
    for text, box in lines:
        characters = "".join(text.split())
        x0, y0, x1, y1 = box.x0 * 595.0, box.y0 * 842.0, box.x1 * 595.0, box.y1 * 842.0
        step = (x1 - x0) / max(1, len(characters))
        for n, c in enumerate(characters):
            yield Glyph(c, Box(x0 + n * step, y0, x0 + (n + 1) * step, y1), y1, y1 - y0)


# ---------------------------------------------------------------- stamps


def measure_stamps(count: int, engines: Sequence[str], threads: int, seed: int, progress: Progress) -> Report:
    """Read each page with its seal and without, under every condition. progress: told after each pair and reader."""
    known, absent = there(engines)
    report = Report(threads, seed, processor(), absent)
    with ExitStack() as stack:
        processes = [stack.enter_context(Process(name, threads)) for name in known]
        read = 0
        for condition in STAMPS:
            figures = {p.name: StampFigures(condition, p.name, seals=SealTally() if p.name == OWN else None) for p in processes}
            for stamped, bare in stamped_pairs(condition, count, seed):
                with_seal, without = (scanned(source_file(page.name, page.data)) for page in (stamped, bare))
                for process in processes:
                    one = figures[process.name]
                    score = _count_stamps(one, stamped, process.read(with_seal), seal_stands=True)
                    _count_stamps(one, bare, process.read(without), seal_stands=False)
                    report.misread += misreadings(stamped.name, process.name, score)
                    read += 1
                    progress(read, len(STAMPS) * count * len(processes))
            for one in figures.values():
                _finish_stamps(one)
            report.stamps += figures.values()
    for name in known:
        report.stamps.append(_together([one for one in report.stamps if one.engine == name]))
    return report


def _count_stamps(figures: StampFigures, page: SamplePage, answer: Answer, *, seal_stands: bool) -> PageScore:
    score = score_page(answer.pages[0].lines, _truth(page))
    if seal_stands:
        figures.characters += score.under
        figures.errors_stamped += score.under_errors
    else:
        figures.errors_bare += score.under_errors
    if figures.seals is not None:
        true = [SealTrue(seal.name, seal.box, seal.of_company) for seal in page.seals]
        figures.seals.add(true, [SealRead(stamp.seal, on_page(stamp.corners, page.placement)) for stamp in answer.pages[0].seals], page.companies)
    return score


def _together(parts: Sequence[StampFigures]) -> StampFigures:
    """One reader's figures over all conditions."""
    tallies = [part.seals for part in parts if part.seals is not None]
    seals = SealTally(**{one.name: sum(getattr(tally, one.name) for tally in tallies) for one in fields(SealTally)}) if tallies else None
    counts = (sum(part.characters for part in parts), sum(part.errors_stamped for part in parts), sum(part.errors_bare for part in parts))
    figures = StampFigures(ALL, parts[0].engine, *counts, seals=seals)
    _finish_stamps(figures)
    return figures


def _finish_stamps(figures: StampFigures) -> None:
    if figures.characters:
        figures.cer_stamped = figures.errors_stamped / figures.characters
        figures.cer_bare = figures.errors_bare / figures.characters
    figures.ratio = figures.errors_stamped / figures.errors_bare if figures.errors_bare else None


# ---------------------------------------------------------------- the machine


def processor() -> str:
    """The processor's name and how many of its cores can be used."""
    name = ""
    with suppress(OSError, StopIteration):
        name = next(line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name"))
    return f"{name or 'unknown'}, {os.cpu_count()} cores"


__all__ = ["SPEED_ENGINES", "SPEED_PAGES", "STAMP_ENGINES", "STAMP_PAGES", "Report", "measure_speed", "measure_stamps", "sets_of"]
