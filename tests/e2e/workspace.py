"""A workspace as a run leaves it, without reading a page: claims from tests/invented_claim.py, pages drawn here and put where the page looks for their pictures."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from extractors.reading import Reader
from models.claim import Claim
from models.reference import Reference
from pipeline.reference import TABLES, load_reference
from pipeline.review.pictures import PICTURES, FolderShelf, put, renditions
from pipeline.review.web.site import open_review
from pipeline.settings import Settings
from pipeline.store import leases
from pipeline.store.data import FileSeen, Finished, Made
from pipeline.store.outcomes import finish, open_batch, register

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)
SHA256 = "a" * 64  # of the one file that all claims show
PAGES = 9
PASSWORD = "七支-steady-lamp-42"


def build(work: Path, claims: Iterable[Claim], reference: Reference, people: Mapping[str, str]) -> None:
    """Fill an empty workspace. people: role by user name."""
    settings = Settings()
    work.mkdir(parents=True)
    open_review(settings, work)
    folder = work / "reference"
    _write(folder, reference)
    read = load_reference(folder)
    assert (len(read.catalogue or ()), read.holdings) == (len(reference.catalogue or ()), reference.holdings)
    _file(claims, folder)
    enrol(people)
    pictures(work, settings)


def _write(folder: Path, reference: Reference) -> None:
    folder.mkdir()
    for name, table in TABLES.items():
        rows = getattr(reference, name)
        if rows is None:
            continue
        with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.columns)
            writer.writerows([attrgetter(column)(row) for column in table.columns] for row in rows)


def _file(claims: Iterable[Claim], folder: Path) -> None:
    from pipeline.review.web import following

    made = list(claims)
    batch = open_batch("一月", made[0].scheme, 2021, NOW, str(folder))
    register(batch, {claim.submission_id: "mark" for claim in made}, NOW)
    held = {lease.submission_id: lease for lease in leases.take(batch, len(made), "run", NOW)}
    for claim in made:
        names = sorted({part.file for paper in claim.papers for part in paper.parts})
        files = tuple(FileSeen(name, SHA256, 9, SHA256, pages=PAGES, ocr=PAGES) for name in names)
        finish(held[claim.submission_id], Finished(claim, files, Made("mark", "reader", "tables")), NOW)
    following.open_cases()


def enrol(people: Mapping[str, str]) -> None:
    """Make people with the tests' password. people: role by user name."""
    from pipeline.review.web.models import User

    one = User()
    one.set_password(PASSWORD)  # hashed once: it takes a fifth of a second
    User.objects.bulk_create([User(username=name, first_name=name, role=role, password=one.password) for name, role in people.items()])


def pictures(work: Path, settings: Settings) -> None:
    """Pages with lines where print would be, a red ring where a seal would be."""
    version, shelf = Reader(settings.reader).version, FolderShelf(work / PICTURES)
    for page in range(1, PAGES + 1):
        sheet = Image.new("RGB", (1240, 1754), "white")
        draw = ImageDraw.Draw(sheet)
        for y in range(180, 1600, 56):
            draw.rectangle((120, y, 120 + (y * 37 * page) % 900 + 90, y + 18), fill=(60, 60, 66))
        draw.ellipse((700, 1260, 930, 1500), outline=(190, 20, 30), width=8)
        picture = np.asarray(sheet)
        put(shelf, version, SHA256, page, renditions(picture, np.asarray(sheet.convert("L")), settings.pictures))
