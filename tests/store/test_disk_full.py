"""A disk that is full anywhere in a run: the run says so in one line and ends; nothing is lost or half written, and with room again the next run ends as if nothing had been."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from born_digital import write_born_digital
from faults import Faults
from places import Place, reading_flow

from pipeline.store.settings import StoreSettings

BLOCK = 4096


class Disk:
    """A disk of its own at a folder, as large as it is told to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._mount(1 << 20)

    def _mount(self, size: int, *again: str) -> None:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join((*again, f"size={size}")), "tmpfs", str(self.folder)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")

    def resize(self, size: int) -> None:
        self._mount(size, "remount")

    def gone(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[], Disk]]:
    """Makes a small disk."""
    from django.db import connections

    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    made: list[Disk] = []

    def make() -> Disk:
        made.append(Disk(tmp_path / f"disk {len(made)}"))
        return made[-1]

    yield make
    connections.close_all()
    for one in made:
        one.gone()


def taken(folder: Path) -> int:
    """Bytes that a folder takes on a disk."""
    return sum(-(-path.stat().st_size // BLOCK) * BLOCK for path in folder.rglob("*") if path.is_file()) + BLOCK * sum(path.is_dir() for path in folder.rglob("*"))


@pytest.mark.fault("disk full")
def test_a_full_disk_loses_nothing(disk: Callable[[], Disk], tmp_path: Path, faults: Faults) -> None:
    write_born_digital(tmp_path, faults.size(10, 2), seed=1, pages=2)
    store = StoreSettings(patience_seconds=0.2)
    whole = Place(tmp_path / "batch", tmp_path / "reference", tmp_path / "whole", store, reading_flow, pictures=True)
    assert whole.in_child() == 0
    least, need = BLOCK * 8, taken(whole.out)
    sizes = faults.number(10, 2)
    full = 0
    for n in range(sizes):
        small = disk()
        small.resize(least + (need - least) * n // sizes)
        place = dataclasses.replace(whole, out=small.folder / "out")
        place.said_in = tmp_path
        ended = place.in_child()
        assert ended in (0, 1, 2), ended
        if ended:
            full += 1
            said = place.said.read_text("utf-8")
            assert "\n" not in said
            assert any(word in said for word in ("run the same command again", "--out", "can't be opened")), said
        small.resize(4 * need)
        assert place.in_child() == 0, place.said.read_text("utf-8")
        place.check_against(whole)
    faults.tell(injected=full, sizes=sizes)
