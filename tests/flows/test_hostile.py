"""Bad files through the production path, a few of each sort; `python -m flows.hostile` takes them all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults import Faults

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


@pytest.mark.fault("hostile files")
def test_the_run_ends_nothing_is_lost_and_no_worker_left_its_limits(tmp_path: Path, faults: Faults) -> None:
    kinds = faults.size(len(hostile.KINDS) + len(hostile.PLACES), 0)
    told = run_kinds(tmp_path / "kinds", SETTINGS, [*hostile.KINDS, *hostile.PLACES] if kinds else KINDS, 1, in_threads)
    assert told["pages"] == told["pages_read"] + told["pages_blank"] + told["pages_aside"] > 10_000
    assert set(told["aside"]) >= {"empty", "unsupported", "encrypted", "too_many_pages", "too_large", "truncated", "zip_bomb", "unsafe_name"}
    assert 0 < told["most_mib"] < CageSettings().ocr_mib
    if not kinds:
        assert told["stopped"] == []
    assert told["lost"] == 0, told
    faults.tell(injected=kinds or len(KINDS))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("hostile"), SETTINGS, 1) as made:
        yield made


@pytest.mark.fault("mutants")
def test_mutants_end_one_way_or_another(bench: Bench, faults: Faults) -> None:
    count = faults.number(10_000, 40)
    told = bench.mutants(count, seed=faults.seed + 6)
    assert sum(told["ends"].values()) == count
    assert {"opened", "truncated"} <= set(told["ends"])
    assert told["lost"] == 0, told
    faults.tell(injected=count)


@pytest.mark.fault("cut files")
def test_cut_files_are_refused_or_read_as_the_whole(bench: Bench, faults: Faults) -> None:
    told = bench.cuts(faults.number(20, 2))
    assert told["lost"] == 0, told
    faults.tell(injected=told["cuts"])


@pytest.mark.fault("damaged neighbours")
def test_no_file_shows_in_another(bench: Bench, faults: Faults) -> None:
    count = faults.number(200, 8)
    told = bench.neighbours(count, seed=faults.seed + 6)
    assert told["lost"] == 0, told
    assert (told["sound_read"], told["damaged"]) == (count, count)
    faults.tell(injected=count)


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
