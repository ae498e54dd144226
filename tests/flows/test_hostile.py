"""Bad files through the production path, a few of each sort; `python -m flows.hostile` takes them all."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import extractors
from flows.batch import Run, process_one
from flows.hostile import Bench, run_kinds
from flows.workers import Workers
from models.claim import QuarantineReason
from pipeline.cage import CageSettings
from pipeline.samples import hostile
from pipeline.settings import Settings
from pipeline.store.models import FINAL, OWN_REASONS, REASONS, State

# quick ones of each sort
KINDS = ("empty", "noise", "pdf_locked", "pdf_10000_pages", "pdf_page_tree_loop", "pdf_picture_100000_square", "png_100000_square", "jpeg_cut", "tiff_directory_loop",
         "zip_bomb_overlapping", "zip_up", "zip_same_name_twice", "pipe", "link_out", "newline_in_name", "name_in_no_code")  # fmt: skip
SETTINGS = Settings(cage=CageSettings(file_seconds=20, page_seconds=1))


def in_threads(context: Run) -> None:
    """Stands for Prefect's flow, which takes seconds to start."""
    with Workers(context.settings, context.workspace.pages, context.plan.reference, context.plan.scheme, context.plan.year, 1) as workers, ThreadPoolExecutor(2) as pool:

        def one(folder: Path) -> None:
            from django.db import connection

            try:
                process_one(context, folder, context.waiting[folder], workers)
            finally:
                connection.close()

        list(pool.map(one, context.waiting))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_kinds(tmp_path_factory.mktemp("hostile") / "kinds", SETTINGS, KINDS, 1, in_threads)


def test_the_run_ends_and_nothing_is_lost(figures: dict[str, Any]) -> None:
    assert figures["lost"] == 0, figures
    assert figures["submissions"] == len(KINDS)
    assert figures["pages"] == figures["pages_read"] + figures["pages_blank"] + figures["pages_aside"] > 10_000
    assert set(figures["aside"]) >= {"empty", "unsupported", "encrypted", "too_many_pages", "too_large", "truncated", "zip_bomb", "unsafe_name"}


def test_no_worker_left_its_limits(figures: dict[str, Any]) -> None:
    assert 0 < figures["most_mib"] < CageSettings().ocr_mib
    assert figures["stopped"] == []


def test_mutants_end_one_way_or_another(tmp_path: Path) -> None:
    with Bench(tmp_path, SETTINGS, 1) as bench:
        told = bench.mutants(40, seed=7)
    assert told["lost"] == 0, told
    assert sum(told["ends"].values()) == 40
    assert {"opened", "truncated"} <= set(told["ends"])


def test_no_file_shows_in_another(tmp_path: Path) -> None:
    with Bench(tmp_path, SETTINGS, 1) as bench:
        told = bench.neighbours(8, seed=7)
    assert told["lost"] == 0, told
    assert (told["sound_read"], told["damaged"]) == (8, 8)


def test_there_are_kinds_enough_and_each_is_made() -> None:
    assert len(hostile.KINDS) + len(hostile.PLACES) >= 60
    assert set(KINDS) <= hostile.KINDS.keys() | hostile.PLACES.keys()


def test_every_end_is_final_and_has_one_of_few_reasons() -> None:
    assert REASONS.keys() == {reason.value for reason in QuarantineReason} | OWN_REASONS.keys()
    assert len(REASONS) <= 15
    assert {State.WAITING, State.WORKING} == set(State) - set(FINAL)


def test_what_refuses_a_file_says_one_of_these_reasons() -> None:
    """The first word of every refusal that is written out."""
    root = Path(extractors.__path__[0])
    said = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("FileRefused", "Refused"):
                reason = node.args[0 if node.func.id == "FileRefused" else 1]
                said |= {word.value for word in ast.walk(reason) if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value in REASONS}
                if isinstance(reason, ast.Constant):
                    assert reason.value in {one.value for one in QuarantineReason}, f"{path.name}: {reason.value}"
    assert {"empty", "damaged", "truncated", "encrypted", "unsupported", "too_large", "too_many_pages", "zip_bomb", "unsafe_name"} <= said
