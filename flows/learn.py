"""Learn names from corrected papers: gather them, train, measure beside what is used now, and switch only to what is better.

In:    what a run left, and either its truth or people's corrections; the folder of models.
Out:   a new version with its card; `Learned`, which tells how it did. A dry run writes nothing.
Fails: UsageError, CorrectionsInvalid, ModelInvalid.

The papers are read from the run's stored readings; where the reader has changed since, they are read anew, which takes its time.
The rules are asked anew and alone, so that what an earlier model said isn't taken for theirs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from extractors.language.names import LEARNED, Names, train
from extractors.papers import pages_of
from extractors.reading import Reader
from extractors.second_opinion import Trust
from flows.workspace import Workspace
from models.errors import UsageError
from models.page import Page
from models.paper import Paper
from models.review import Correction, latest, parse_corrections
from pipeline.learning.lessons import Told, missing_counts, taught
from pipeline.learning.measure import Answers, Measure, Parts, answers, better, measure, settle, split, total
from pipeline.learning.versions import Card, card, keep, next_version, use, used
from pipeline.process import papers_from_pages, read_files
from pipeline.settings import Settings

LEAST = 5  # submissions: one to measure on, one to settle with, three to learn from


@dataclass(frozen=True)
class Learned:
    """What learning gave. card: of the version, which was written unless it was a dry run; switched: whether it is used from now on."""

    card: Card
    switched: bool
    written: bool
    seconds: float

    def figures(self) -> dict[str, Any]:
        """As the command's last line tells them."""
        new, old, alone = (total(some.values()) for some in (self.card.measure.together, self.card.old.together, self.card.measure.model))
        return {
            "version": self.card.version, "trained_on": self.card.papers, "names": self.card.names, "missing": sum(self.card.missing.values()), "held": len(self.card.held),
            "old_f1": _round(old.f1), "new_f1": _round(new.f1), "model_f1": _round(alone.f1), "old_silent": old.silent, "new_silent": new.silent,
            "old_accepted": old.accepted, "new_accepted": new.accepted, "better": self.card.better, "switched": self.switched, "written": self.written,
            "seconds": round(self.seconds, 1),
        }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def from_truth(out: Path, truth: Path, batch: Path | None, settings: Settings) -> list[Told]:
    """The papers of a run with what truth says of them. truth: folder of <submission_id>.json in the contract's shape."""
    if not truth.is_dir():
        raise UsageError(f"There is no folder {truth}. Name the one that holds <submission_id>.json with the true values with --truth.")
    told = []
    for submission_id, papers in _papers(out, batch, settings, {path.stem for path in truth.glob("[!_]*.json")}):
        documents = json.loads((truth / f"{submission_id}.json").read_text("utf-8")).get("documents", [])
        for paper, pages in papers:
            same = max((d for d in documents if d["type"] == paper.type), key=lambda d: len(_pages(d) & _places(paper)), default=None)
            if same is not None and _pages(same) & _places(paper):
                told.append(_told(submission_id, paper, pages, {name: str(field["value"]) for name, field in same.get("fields", {}).items()}))
    return told


def from_corrections(corrections: Path, out: Path, batch: Path | None, settings: Settings) -> list[Told]:
    """The papers of which a person has set something right. What nobody corrected in such a paper counts as right: it lay before whoever corrected the rest."""
    try:
        every = latest(parse_corrections(corrections.read_text("utf-8"), corrections.name))
    except OSError as error:
        raise UsageError(f"{corrections} can't be read ({error.strerror}). Name a file of corrections, one JSON object a line, or a run's folder with --truth.") from None
    told = []
    for submission_id, papers in _papers(out, batch, settings, {one.submission_id for one in every}):
        for paper, pages in papers:
            own = [one for one in every if one.submission_id == submission_id and one.paper.type is paper.type and (one.paper.file, one.paper.page) in _places(paper)]
            if own:
                told.append(_corrected(submission_id, paper, pages, own))
    return told


def _corrected(submission_id: str, paper: Paper, pages: tuple[Page, ...], corrections: Sequence[Correction]) -> Told:
    truth = {name: field.text for name, field in paper.fields.items()}
    places = {}
    for one in corrections:
        truth.pop(one.field, None)
        if isinstance(one.corrected, str):
            truth[one.field] = one.corrected
            if one.place is not None:
                places[one.field] = one.place
    made = _told(submission_id, paper, pages, truth)
    return made._replace(places={**made.places, **places})


def _told(submission_id: str, paper: Paper, pages: tuple[Page, ...], truth: Mapping[str, str]) -> Told:
    places = {name: field.source for name, field in paper.fields.items() if field.source is not None and field.text == truth.get(name)}
    return Told(submission_id, paper, pages, truth, places)


def _papers(out: Path, batch: Path | None, settings: Settings, wanted: set[str]) -> Iterator[tuple[str, list[tuple[Paper, tuple[Page, ...]]]]]:
    """The papers of prose of each submission that is wanted, as the rules alone read them, with their pages."""
    workspace = Workspace(out)
    asked = workspace.last_run()
    folder = batch or (Path(asked.folder) if asked.folder else None)
    if folder is None or not folder.is_dir():
        raise UsageError(f"The batch that {out} was made from isn't where it was. Name its folder with --batch.")
    reader = Reader(settings.reader, workspace.pages)
    for submission in sorted(path for path in folder.iterdir() if path.is_dir() and path.name in wanted):
        pages = read_files(submission, reader, settings.files).pages
        by_place = {(page.file, page.number): page for page in pages}
        yield submission.name, [(paper, pages_of(paper, by_place)) for paper in papers_from_pages(pages) if paper.type in LEARNED]


def _places(paper: Paper) -> set[tuple[str, int]]:
    return {(part.file, number) for part in paper.parts for number in part.pages}


def _pages(document: Mapping[str, Any]) -> set[tuple[str, int]]:
    return {(part["file"], number) for part in document.get("parts") or [document] for number in part["pages"]}


def learn(
    told: Sequence[Told], models: Path, seed: int = 0, rounds: int = 15, held: float = 0.2, dry_run: bool = False,
    progress: Callable[[int, float], None] = lambda round_, loss: None,
) -> Learned:
    """Train a version on these papers and measure it on those kept apart; use it from now on if it beats what is used now. Raises UsageError where there are too few."""
    started = time.monotonic()
    count = len({one.submission_id for one in told})
    if count < LEAST:
        raise UsageError(f"There are corrected papers of prose from {count} submissions; learning needs {LEAST} or more. Correct some more and run the same command again.")
    parts = split(told, seed, held)
    lessons = [taught(one) for one in parts.train]
    names = train([one.lesson for one in lessons], seed, rounds, progress)
    trusts, new, old_version, old = _measured(parts, names, models)
    beats = better(new.together, old.together)
    result = Card(
        version=next_version(models), made_at=datetime.now(UTC), seed=seed, rounds=rounds,
        submissions=len({one.submission_id for one in parts.train}), papers=len(parts.train), names=sum(len(one.lesson.spans) for one in lessons),
        missing=missing_counts(lessons), settled=_ids(parts.settle), held=_ids(parts.held), trusts=trusts, measure=new, old_version=old_version, old=old,
        better=beats, made_with={name: version(name) for name in ("claim-intake", "spacy", "thinc")},
    )
    if not dry_run:
        keep(models, names, result)
        if beats:
            use(models, result.version)
    return Learned(result, beats and not dry_run, not dry_run, time.monotonic() - started)


def _measured(parts: Parts, names: Names, models: Path) -> tuple[dict[str, Trust], Measure, str, Measure]:
    """What the new model may be used for, its measure, and the version in use with its measure on the same papers."""
    trusts = settle(parts.settle, answers(parts.settle, names))
    new = measure(parts.held, answers(parts.held, names), trusts)
    old_version = used(models)
    said: Answers = answers(parts.held, Names.load(models / old_version) if old_version else None)
    return trusts, new, old_version, measure(parts.held, said, card(models, old_version).trusts if old_version else {})


def _ids(told: Sequence[Told]) -> tuple[str, ...]:
    return tuple(sorted({one.submission_id for one in told}))
