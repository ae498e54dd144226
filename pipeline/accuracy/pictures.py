"""What keeping pictures of pages costs: python -m pipeline.accuracy.pictures FOLDER [--pages 20].

In:    a folder of submissions.  Out: processor time of reading, and of making and writing a page's pictures, and their sizes; a table, then one line of JSON.
Processor time, not time on the wall: what else the machine does counts little.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Annotated

import cv2
from cyclopts import App, Parameter

from extractors import pdf
from extractors.files import SourceFile, open_submission
from extractors.pdf import Sheet
from extractors.pictures import Grey, Picture, upright
from extractors.reading import Reader, ReaderSettings
from models.errors import FileRefused, IntakeError, UsageError
from pipeline.review.pictures import FolderShelf, Kind, PictureSettings, keeper, key_of


def scans(folder: Path, a_submission: int = 3) -> Iterator[tuple[SourceFile, Sheet]]:
    """The first pages of each submission that have a picture."""
    for submission in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))):
        taken = 0
        for file in open_submission(submission).files:
            try:
                for sheet in pdf.read_sheets(file):
                    if taken < a_submission and sheet.picture is not None:
                        taken += 1
                        yield file, sheet
            except FileRefused:
                continue


app = App(name="pictures", help="What keeping pictures of pages costs.")


@app.default
def main(folder: Annotated[Path, Parameter(help="folder of submissions")], /, *, pages: int = 20) -> None:
    """Read the pages with one thread, keep their pictures, and tell what share of reading that is."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name one that holds submissions.")
    cv2.setNumThreads(1)
    settings = ReaderSettings()
    reader = Reader(settings.model_copy(update={"ocr": settings.ocr.model_copy(update={"threads": 1})}))
    reading, pictures = [], []
    sizes: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    with TemporaryDirectory() as kept:
        shelf = FolderShelf(Path(kept))
        for count, (file, sheet) in enumerate(scans(folder)):
            if count > pages:
                break
            spent: list[float] = []

            def keep(number: int, picture: Picture, turn: upright.Turn, lifted: Grey, file: SourceFile = file, spent: list[float] = spent) -> None:
                started = time.process_time()
                keeper(shelf, file, reader.version, PictureSettings())(number, picture, turn, lifted)
                spent.append(time.process_time() - started)
                for kind in Kind:
                    sizes[kind].append(len(shelf.get(key_of(reader.version, file.sha256, number, kind)) or b"") / 1024)

            started = time.process_time()
            reader.read_sheet(sheet, file.name, keep)
            if count:  # the first page loads the networks
                reading.append(time.process_time() - started - sum(spent))
                pictures.append(sum(spent))
    if not reading:
        raise UsageError(f"{folder} holds no two scanned pages.")
    figures = {
        "pages": len(reading), "reading_ms": round(1000 * mean(reading)), "pictures_ms": round(1000 * mean(pictures), 1),
        "share_percent": round(100 * sum(pictures) / sum(reading), 2), **{f"{kind.value}_kb": round(mean(sizes[kind])) for kind in Kind}}
    print("\n".join(f"{name:<16}{value}" for name, value in figures.items()))
    print(json.dumps(figures))


if __name__ == "__main__":
    try:
        app()
    except IntakeError as error:
        raise SystemExit(f"pictures: {error}") from None
