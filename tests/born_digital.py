"""A batch whose papers were never on paper: the text of invented claims, born digital, which is read in milliseconds."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pymupdf

from pipeline.samples.batch import draw, plan, write_reference
from pipeline.samples.draw.sheet import Book
from pipeline.samples.world import World

FILES = 2  # a submission


def write_born_digital(out: Path, submissions: int, seed: int, pages: int = 4, year: int = 2021) -> None:
    """Write out/batch and out/reference. pages: at most so many a submission, in files of their own by turns; the same seed gives the same bytes."""
    rng = Random(f"{seed}/world")
    world = World(rng)
    for case in plan(world, submissions, seed, year):
        book = Book()
        for sheet in (sheet for paper in draw(book, case, Random(f"{seed}/{case.sid}/papers")) for sheet in paper.sheets):
            sheet.finish()
        folder = out / "batch" / case.sid
        folder.mkdir(parents=True)
        drawn = min(pages, len(book.doc))
        for n in range(FILES):
            (folder / f"文档{n + 1}.pdf").write_bytes(_written_anew([book.doc[number] for number in range(n, drawn, FILES)]))
        book.doc.close()
    write_reference(out / "reference", world, rng, year)


def _written_anew(pages: list[pymupdf.Page]) -> bytes:
    """The pages' words at their places, in a face that needs no megabytes in every file."""
    document = pymupdf.open()
    for page in pages:
        new = document.new_page(width=page.rect.width, height=page.rect.height)
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    if span["text"].strip():
                        new.insert_text(span["origin"], span["text"], fontname="china-s", fontsize=span["size"])
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))
