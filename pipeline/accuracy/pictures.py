"""What keeping pictures of pages costs: python -m pipeline.accuracy.pictures FOLDER [--pages 20].

In:    a folder of submissions.  Out: processor time of reading, of turning and of writing a page's pictures, and their sizes; a table, then one line of JSON.
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

from extractors import pdf, upright
from extractors.files import SourceFile, open_submission
from extractors.pdf import Sheet
from extractors.pictures import Grey, Picture
from extractors.reading import Reader, ReaderSettings
from models.errors import FileRefused, IntakeError, UsageError
from pipeline.review.pictures import FolderShelf, Kind, PictureSettings, keeper, key_of

SKEW = 0.4  # degrees, as a scan is askew


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
    reading, writing, turning = [], [], []
    sizes: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    with TemporaryDirectory() as kept:
        shelf = FolderShelf(Path(kept))
        for count, (file, sheet) in enumerate(scans(folder)):
            if count > pages:
                break
            spent = [0.0, 0.0]

            def keep(number: int, picture: Picture, lifted: Grey, file: SourceFile = file, spent: list[float] = spent) -> None:
                started = time.process_time()
                keeper(shelf, file, reader.version, PictureSettings())(number, picture, lifted)
                spent[0] = time.process_time() - started
                upright.turn_of(0, SKEW, picture.shape[1], picture.shape[0]).picture(picture)
                spent[1] = time.process_time() - started - spent[0]
                for kind in Kind:
                    sizes[kind].append(len(shelf.get(key_of(reader.version, file.sha256, number, kind)) or b"") / 1024)

            started = time.process_time()
            reader.read_sheet(sheet, file.name, keep)
            if count:  # the first page loads the networks
                reading.append(time.process_time() - started - sum(spent))
                writing.append(spent[0])
                turning.append(spent[1])
    if not reading:
        raise UsageError(f"{folder} holds no two scanned pages.")
    figures = {
        "pages": len(reading), "reading_ms": round(1000 * mean(reading)), "writing_ms": round(1000 * mean(writing), 1), "turning_ms": round(1000 * mean(turning), 1),
        "share_percent": round(100 * (sum(writing) + sum(turning)) / sum(reading), 2), **{f"{kind.value}_kb": round(mean(sizes[kind])) for kind in Kind}}
    print("\n".join(f"{name:<16}{value}" for name, value in figures.items()))
    print(json.dumps(figures))


if __name__ == "__main__":
    try:
        app()
    except IntakeError as error:
        raise SystemExit(f"pictures: {error}") from None
