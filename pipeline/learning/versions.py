"""Versions of a model in one folder, each with its card, and which of them is used.

    MODELS/0001/fields.txt, spacy/     the model
    MODELS/0001/card.json              on what it was trained, how it did on held papers, what it may be used for
    MODELS/used                        the version in use; absent where none is

In:    a folder.  Out: `Card`s, the second opinion in use.
Fails: ModelInvalid.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from extractors.language.names import Names
from extractors.second_opinion import SecondOpinion, Trust
from models.errors import ModelInvalid
from models.page import Frozen
from pipeline.learning.measure import Measure

USED, CARD = "used", "card.json"


class Card(Frozen):
    """What is to be known of a version.

    papers, names: trained on how many. missing: names that couldn't be found in their paper's text, by field. settled, held: submissions that its uses were settled on,
    and that it was measured on. old: the measure of what was used before, on the same papers. better: whether it beat that.
    """

    version: str
    made_at: AwareDatetime
    seed: int
    rounds: int
    submissions: int
    papers: int
    names: int
    missing: dict[str, int] = {}
    settled: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    trusts: dict[str, Trust] = {}
    measure: Measure
    old_version: str = ""
    old: Measure
    better: bool
    made_with: dict[str, str] = {}


def versions(folder: Path) -> tuple[str, ...]:
    """The versions that lie in a folder, oldest first."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{CARD}"))) if folder.is_dir() else ()


def next_version(folder: Path) -> str:
    """The name of the version to come."""
    return f"{max((int(name) for name in versions(folder) if name.isdigit()), default=0) + 1:04}"


def used(folder: Path) -> str:
    """The version in use, "" where none is."""
    path = folder / USED
    return path.read_text("utf-8").strip() if path.is_file() else ""


def use(folder: Path, version: str) -> None:
    """Put a version into use: at once, so that nobody reads half a name."""
    part = folder / f"{USED}.part"
    part.write_text(version + "\n", "utf-8")
    part.replace(folder / USED)


def card(folder: Path, version: str) -> Card:
    """A version's card. Raises ModelInvalid."""
    try:
        return Card.model_validate_json((folder / version / CARD).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelInvalid(f"{folder / version} holds no model of names with its card ({type(error).__name__}). Train one with intake learn.") from None


def keep(folder: Path, names: Names, made: Card) -> None:
    """Write a version; its card last, since its being there means that all is."""
    names.save(folder / made.version)
    (folder / made.version / CARD).write_text(made.model_dump_json(indent=1) + "\n", "utf-8")


def second_opinion(folder: Path | None) -> SecondOpinion | None:
    """The version in use with what it may be used for; None where no folder is set or no version in it has beaten the rules. Raises ModelInvalid."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise ModelInvalid(f"There is no folder {folder} (INTAKE_EXTRACTION__LEARNED). Name one that intake learn has written, or unset it.")
    version = used(folder)
    return SecondOpinion(Names.load(folder / version), card(folder, version).trusts) if version else None
