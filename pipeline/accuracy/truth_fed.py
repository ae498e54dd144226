"""What matching and rules make of papers that were read without a fault: true fields in the place of the read ones.

    python -m pipeline.accuracy.truth_fed CORPUS OUT [--run RUN] [--scheme ningbo-2020] [--year 2021]

In:    CORPUS with truth/ and reference/, as `intake sample` makes them; RUN, the output folder of a finished run over CORPUS/batch.
Out:   OUT/<submission_id>/claim.json, which the contract's scorer judges like any other output; the differences, and last one line of JSON.
Fails: UsageError where a folder isn't there.
Truth holds the contract's fields. What rules read beside them (amounts in words, goods and covers listed, technical figures, parties' particulars, pages' prints)
is taken from RUN as it was read there; without RUN it is absent, and rules that rest on it find nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from models.annexes import ANNEXES, INSURERS
from models.claim import Claim
from models.errors import IntakeError, UsageError
from models.field import Field, Region
from models.geometry import WHOLE_PAGE, Box
from models.page import Seal
from models.paper import Buyer, Paper, PaperType, Part, PlacedSeal, Track
from models.scheme import Scheme, load_scheme
from pipeline.accuracy.scoring import score_folders
from pipeline.assemble import assemble
from pipeline.output import claim_json
from pipeline.process import judge_across, judge_anew
from pipeline.reference import load_reference
from pipeline.store.settings import StoreSettings
from pipeline.store.setup import DATABASE, open_store

Json = Mapping[str, Any]


def right(value: Any, region: Region) -> Field:
    """A value as a reading that can't err would give it."""
    return Field(value=value, raw="", confidence=1.0, accepted=True, source=region)


def true_papers(truth: Json, scheme: Scheme, read: Sequence[Paper] = ()) -> tuple[Paper, ...]:
    """A submission's papers with true fields, seals and users; what else they hold is taken from those that were read.

    truth: as truth/<id>.json has it. A form's fields that truth lacks are blank.
    """
    track = Track(truth["track"])
    out = []
    for document in truth["documents"]:
        made = _paper(document)
        twin = max((paper for paper in read if paper.type is made.type), key=lambda paper: len(_pages(paper) & _pages(made)), default=None)
        beside = twin if twin and _pages(twin) & _pages(made) else None
        more: dict[str, Any] = {}
        if made.type is PaperType.APPLICATION_FORM:
            form = scheme.forms[track]
            more |= {"annex": form.annex, "blank": tuple(asked.field for asked in form.fields if asked.field not in made.fields)}
            if track is Track.EQUIPMENT:
                more["buyers"] = tuple(Buyer(**{key: right(user[key]["value"], made.region) for key in ("name", "quantity") if key in user}) for user in truth["buyers"])
        if beside:
            more |= {name: getattr(beside, name) for name in ("extra", "rows", "parameters", "places")}
        out.append(made.model_copy(update=more))
    return tuple(out)


def true_tables(tables: Sequence[Json]) -> tuple[Paper, ...]:
    """Insurers' tables, as truth/_insurers.json has them; a blank cell is absent."""
    out = []
    for table in tables:
        made = _paper(table)
        known = ANNEXES[table["annex"]]
        rows = tuple({heading: right(text, made.region) for heading, text in row.items() if text and heading in known} for row in table["rows"])
        total = {heading: right(text, made.region) for heading, text in (table["total"] or {}).items() if text}
        out.append(made.model_copy(update={"annex": table["annex"], "rows": rows, "total": total}))
    return tuple(out)


def _paper(document: Json) -> Paper:
    parts = tuple(Part(file=part["file"], pages=tuple(part["pages"])) for part in document.get("parts") or [document])
    region = Region(file=parts[0].file, page=parts[0].pages[0], box=WHOLE_PAGE)
    seals = tuple(
        PlacedSeal(seal=Seal(text=s["text"], box=Box(*s["box"]), confidence=1.0), file=s.get("file", parts[0].file), page=s["page"]) for s in document["seals"])
    return Paper(
        type=PaperType(document["type"]), parts=parts, seals=seals, fields={name: right(record["value"], region) for name, record in document["fields"].items()})


def _pages(paper: Paper) -> set[tuple[str, int]]:
    return {(part.file, page) for part in paper.parts for page in part.pages}


def judged(corpus: Path, run: Path | None, scheme: Scheme, year: int) -> tuple[Claim, ...]:
    """The corpus's claims, made of truth, matched and judged by themselves and across the batch."""
    reference = load_reference(corpus / "reference")
    claims = []
    made = _read(run)
    for path in sorted((corpus / "truth").glob("[!_]*.json")):
        truth = json.loads(path.read_text("utf-8"))
        read = made.get(truth["submission_id"])
        claim = assemble(truth["submission_id"], true_papers(truth, scheme, read.papers if read else ()), scheme)
        claims.append(judge_anew(claim.model_copy(update={"prints": read.prints if read else ()}), reference, scheme, year))
    tables = corpus / "truth" / f"{INSURERS}.json"
    return judge_across(claims, true_tables(json.loads(tables.read_text("utf-8"))) if tables.exists() else (), reference, scheme, year)


def _read(run: Path | None) -> dict[str, Claim]:
    """The claims that a run made, by submission."""
    if run is None or not (run / ".work" / DATABASE).exists():
        return {}
    open_store(StoreSettings(), run / ".work")
    from pipeline.store.known import claims_in_force  # Django must be set up before
    from pipeline.store.models import Batch

    return {known.claim.submission_id: known.claim for batch in Batch.objects.order_by("pk") for known in claims_in_force(batch)}


def _differences(corpus: Path, out: Path) -> Iterator[str]:
    for path in sorted((corpus / "truth").glob("[!_]*.json")):
        wanted = json.loads(path.read_text("utf-8"))["triage"]
        found = json.loads((out / path.stem / "claim.json").read_text("utf-8"))["triage"]
        if wanted != found:
            yield f"{path.stem} triage: {wanted} taken for {found}"


app = App(name="truth_fed", help="What matching and rules make of papers that were read without a fault.")


@app.default
def main(
    corpus: Annotated[Path, Parameter(help="folder with truth/ and reference/")],
    out: Annotated[Path, Parameter(help="folder for the claims")],
    /,
    *,
    run: Annotated[Path | None, Parameter(help="output folder of a finished run over the corpus")] = None,
    scheme: str = "ningbo-2020",
    year: int = 2021,
) -> None:
    """Write the claims that truth makes, list what differs from truth, and print the figures as one line of JSON."""
    for folder in (corpus / "truth", corpus / "reference", *([run] if run else [])):
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}. Name a corpus that holds truth/ and reference/, and with --run the output of a run over it.")
    claims = judged(corpus, run, load_scheme(scheme), year)
    for claim in claims:
        folder = out / claim.submission_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "claim.json").write_text(json.dumps(claim_json(claim), ensure_ascii=False, indent=1) + "\n", "utf-8")
    score = score_folders(corpus / "truth", out)
    triage = list(_differences(corpus, out))
    print("\n".join([*(line for line in score.errors if " flag " in line or " catalogue:" in line), *triage]))
    codes = {code: round(tally.f1, 4) for code, tally in sorted(score.by_code.items()) if tally.f1 < 1}
    print(json.dumps({
        "claims": len(claims), "flags_f1": round(score.flags.f1, 4), "catalogue_accuracy": round(score.catalogue_right / max(1, score.claims), 4),
        "triage_accuracy": round(1 - len(triage) / max(1, len(claims)), 4), "not_checked": sum(f.code == "not_checked" for c in claims for f in c.flags),
        "codes_below_1": codes}, ensure_ascii=False))


if __name__ == "__main__":
    try:
        app()
    except IntakeError as error:
        raise SystemExit(f"truth_fed: {error}") from None
