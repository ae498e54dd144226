"""How long a reviewer waits after a correction: python -m pipeline.accuracy.correcting OUT --reference DIR [--entries 10000].

In:    the output folder of a finished run, the reference tables; the catalogue is filled up with invented entries.
Out:   the times of one correction put over a claim and judged anew, with what it changed told: a table, then one line of JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Annotated

from cyclopts import App, Parameter

from models.claim import Claim
from models.errors import IntakeError, UsageError
from models.paper import Track
from models.reference import CatalogueEntry, Reference
from models.review import Correction, PaperRef
from models.scheme import load_scheme
from pipeline.accuracy import invented_products as invented
from pipeline.reference import load_reference
from pipeline.review.corrections import changes, corrected, prepare
from pipeline.store.settings import StoreSettings
from pipeline.store.setup import DATABASE, open_store

CHANGED = ("product_name", "premium", "premium_rate", "period_start")
WHEN = datetime(2021, 2, 1, tzinfo=UTC)


def stored_claims(out: Path) -> list[Claim]:
    """The claims of a finished run."""
    if not (out / ".work" / DATABASE).exists():
        return []
    open_store(StoreSettings(), out / ".work")
    from pipeline.store.known import claims_in_force  # Django must be set up before
    from pipeline.store.models import Batch

    return sorted((known.claim for batch in Batch.objects.all() for known in claims_in_force(batch)), key=lambda claim: claim.submission_id)


def filled(reference: Reference, scheme: str, entries: int, seed: int) -> Reference:
    """The tables with so many catalogue entries: the given ones, the rest invented."""
    given = reference.catalogue or ()
    more = invented.as_catalogue(invented.entries(Random(seed), max(0, entries - len(given))))
    tracks = [track.value for track in (Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE)]
    put = (entry.model_copy(update={"scheme": scheme, "track": tracks[i % len(tracks)], "entry_id": f"X-{i}"}) for i, entry in enumerate(more))
    catalogue: tuple[CatalogueEntry, ...] = (*given, *put)
    return reference.model_copy(update={"catalogue": catalogue})


def one_each(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Correction]]:
    """For each claim and field one correction: the value as it is, confirmed, which makes everything be judged all the same."""
    for claim in claims:
        for name in CHANGED:
            paper = next((paper for paper in claim.papers if name in paper.fields), None)
            if paper is not None:
                ref = PaperRef(type=paper.type, file=paper.parts[0].file, page=paper.parts[0].pages[0])
                value = paper.fields[name].value
                yield claim, Correction(submission_id=claim.submission_id, paper=ref, field=name, read=value, corrected=value, at=WHEN, by="bench")


app = App(name="correcting", help="How long a reviewer waits after a correction.")


@app.default
def main(
    out: Annotated[Path, Parameter(help="output folder of a finished run")], /, *, reference: Path, entries: int = 10_000, scheme: str = "ningbo-2020", year: int = 2021, seed: int = 1,
) -> None:
    """Time the corrections; what indexing the tables takes, once, is told by itself."""
    claims = stored_claims(out)
    if not claims:
        raise UsageError(f"{out} holds no finished run. Name the folder that intake run wrote its results to.")
    known, rules = filled(load_reference(reference), scheme, entries, seed), load_scheme(scheme)
    times: list[float] = []
    started = time.perf_counter()
    prepare(known, rules)
    preparing = time.perf_counter() - started
    for claim, correction in one_each(claims):
        started = time.perf_counter()
        changes(claim, corrected(claim, [correction], known, rules, year))
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    figures = {
        "entries": len(known.catalogue or ()), "corrections": len(times), "preparing_seconds": round(preparing, 2), "median_ms": round(median(times), 1),
        "p95_ms": round(times[int(0.95 * len(times))], 1), "longest_ms": round(times[-1], 1)}
    print("\n".join(f"{name:<20}{value}" for name, value in figures.items()))
    print(json.dumps(figures))


if __name__ == "__main__":
    try:
        app()
    except IntakeError as error:
        raise SystemExit(f"correcting: {error}") from None
