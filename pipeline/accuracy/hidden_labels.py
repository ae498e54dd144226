"""How extraction fares on labels that it doesn't know: a share of those it does is hidden from it, the same for all papers.

    python -m pipeline.accuracy.hidden_labels CORPUS [--readings OUT/.work/pages] [--share 0.15] [--seeds 3] [--scheme ningbo-2020] [--year 2021]

In:    CORPUS with batch/, reference/ and truth/, as `intake sample` makes them; readings kept by a run over it, else every page is read anew.
Out:   a line a seed and one without anything hidden; last one line of JSON.
Fails: UsageError where a folder isn't there.
Papers of new makers call some things otherwise than any table of labels has it. Which words those will be nobody knows; hiding known ones shows what becomes of such values:
found by likeness (extractors/layout/likely.py), told by sentences, missed, or wrong without saying so. It is harder than life: the words that all makers use are hidden as often
as rare ones.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

from cyclopts import App, Parameter

import extractors.layout.labels as search
from extractors.layout.wording import Labels, Wanted, parsed_label
from extractors.reading import Reader
from models.errors import IntakeError, UsageError
from models.page import Page
from models.reference import Reference
from models.scheme import Scheme, load_scheme
from pipeline.accuracy.scoring import Score, score_claim
from pipeline.calibration import Acceptance, load
from pipeline.output import claim_json
from pipeline.process import claim_from_pages, read_files
from pipeline.reference import load_reference
from pipeline.settings import Settings


def is_hidden(label: str, share: float, seed: int) -> bool:
    """Whether a label is among the hidden share (0 to 1) of a seed: the same wherever it is asked for."""
    return zlib.crc32(f"{seed} {parsed_label(label)[1]}".encode()) % 10_000 < 10_000 * share


@contextmanager
def hidden(share: float, seed: int) -> Iterator[None]:
    """Within it that share of all labels is unknown to the search for labels on pages."""

    class Fewer(Wanted):
        def __init__(self, labels: Labels) -> None:
            super().__init__({key: [label for label in some if not is_hidden(label, share, seed)] for key, some in labels.items()})

    with patch.object(search, "Wanted", Fewer):
        yield


def scored(corpus: Path, pages: Mapping[str, Sequence[Page]], reference: Reference, scheme: Scheme, year: int, acceptance: Acceptance) -> Score:
    """The claims that these pages make, judged by the corpus's truth."""
    score = Score()
    for name, read in pages.items():
        truth = json.loads((corpus / "truth" / f"{name}.json").read_text("utf-8"))
        score_claim(score, truth, claim_json(claim_from_pages(name, read, reference, scheme, year, acceptance=acceptance)))
    return score


def figures(score: Score) -> dict[str, float]:
    """What is told of a score, each 0 to 1."""
    every = score.figures()
    return {name: round(every[name], 4) for name in ("key_facts_f1", "document_fields_f1", "claim_fields_f1", "buyers_f1", "accepted_rate", "silent_error_rate")}


app = App(name="hidden_labels", help="How extraction fares on labels that it doesn't know.")


@app.default
def main(
    corpus: Annotated[Path, Parameter(help="folder with batch/, reference/ and truth/")],
    /,
    *,
    readings: Annotated[Path | None, Parameter(help="folder in which a run over it kept its readings: OUT/.work/pages")] = None,
    share: Annotated[float, Parameter(help="share of the labels to hide, 0 to 1")] = 0.15,
    seeds: Annotated[int, Parameter(help="how many times, each time others")] = 3,
    scheme: str = "ningbo-2020",
    year: int = 2021,
) -> None:
    """Extract with all labels and with some hidden, and print what is found of truth."""
    for folder in (corpus / "batch", corpus / "reference", corpus / "truth", *([readings] if readings else [])):
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}. Name a corpus that holds batch/, reference/ and truth/, and with --readings OUT/.work/pages of a run over it.")
    settings = Settings.read()
    reader = Reader(settings.reader, readings)
    names = sorted(path.stem for path in (corpus / "truth").glob("[!_]*.json"))
    pages = {name: read_files(corpus / "batch" / name, reader, settings.files).pages for name in names}
    acceptance = Acceptance(load(settings.confidence.calibration), settings.confidence.allowed)
    asked = (load_reference(corpus / "reference"), load_scheme(scheme), year, acceptance)
    told = {"all labels": figures(scored(corpus, pages, *asked))}
    for seed in range(1, seeds + 1):
        with hidden(share, seed):
            told[f"{share:.0%} hidden, seed {seed}"] = figures(scored(corpus, pages, *asked))
    for what, each in told.items():
        print(f"{what:24}", *(f"{name} {value:.4f}" for name, value in each.items()))
    parts = [each for what, each in told.items() if what != "all labels"]
    mean = {name: round(sum(each[name] for each in parts) / max(1, len(parts)), 4) for name in told["all labels"]}
    print(json.dumps({"submissions": len(names), "share": share, "seeds": seeds, "all": told["all labels"], "hidden": mean}))


if __name__ == "__main__":
    try:
        app()
    except IntakeError as error:
        raise SystemExit(f"hidden_labels: {error}") from None
