"""What bad files do to a run: nothing but be set aside. Measured, and counted.

    python -m flows.hostile OUT [kinds] [mutants] [cuts] [neighbours] [--mutants 10000] [--seconds 60] …

In:    made-up files (pipeline/samples/hostile.py, damaged.py).
Out:   a line of JSON a part, and a last one of all; exit status 1 where something was lost, wrong in silence, or left its limits.

kinds       a file of each kind beside a sound one, each pair a submission, taken through `intake run`: every submission done, every sound file read, every page accounted for
mutants     damaged files opened and drawn by workers in their cage, some of them read: how they ended
cuts        sound PDFs and JPEGs cut at every 5 %: refused, said to be damaged, or just as the whole
neighbours  damaged files among sound ones, read by one process: each gives what it gives in a process that never opened another
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import psutil  # type: ignore[import-untyped]

from extractors.files import each_file, source_file
from extractors.pdf import page_count, read_sheets
from flows import workers as flows_workers
from flows.batch import Flow, run
from flows.plan import plan
from flows.workers import Job, Workers
from flows.workspace import Workspace
from models.errors import FileRefused
from pipeline.cage import CageSettings
from pipeline.samples import damaged, hostile
from pipeline.samples.batch import write_reference
from pipeline.samples.world import World
from pipeline.settings import Settings

SCHEME, YEAR = "ningbo-2020", 2021
CHUNK = 100  # mutants that a worker takes at a time
READ = 100  # of so many mutants one is read, too
SCANNED = 6  # sound files of `neighbours` that are read
_STARTED = 200 * 2**20  # bytes: a process that never held more has only started


class Watch:
    """Looks at this process's children: the most memory that one of them held, and the longest that one was at a file. A context manager."""

    def __init__(self, work: Path) -> None:
        self.most_mib, self.most_seconds, self.children = 0.0, 0.0, set[int]()
        self._work = work
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        own = psutil.Process()
        begun: dict[Path, tuple[int, float]] = {}
        while not self._end.wait(0.1):
            for child in own.children(recursive=True):
                held = _peak(child.pid)
                self.most_mib = max(self.most_mib, held / 2**20)
                if held > _STARTED:
                    self.children.add(child.pid)
            for marker in self._work.glob("*.reading"):
                try:
                    state = marker.stat()
                except FileNotFoundError:
                    continue
                if state.st_size:
                    at, since = begun.get(marker, (0, 0.0))
                    begun[marker] = (state.st_mtime_ns, since if at == state.st_mtime_ns else time.monotonic())
                    self.most_seconds = max(self.most_seconds, time.monotonic() - begun[marker][1])

    @property
    def figures(self) -> dict[str, float]:
        return {"most_mib": round(self.most_mib), "most_seconds": round(self.most_seconds, 1), "processes": len(self.children)}


def _peak(process: int) -> int:
    """Bytes that a worker held at most; 0 of one that is gone, and of Prefect's server, which opens no files."""
    try:
        if b"spawn_main" not in Path(f"/proc/{process}/cmdline").read_bytes():
            return 0
        status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


# ---------------------------------------------------------------- kinds


def lay_out(batch: Path, kinds: Iterable[str]) -> int:
    """A submission a kind: the file, and a sound one. Gives how many there are."""
    [sound] = damaged.pdfs(1)
    for number, kind in enumerate(kinds):
        folder = batch / f"K-{number:03d}-{kind}"
        folder.mkdir(parents=True)
        (folder / "sound.pdf").write_bytes(sound.data)
        if kind in hostile.PLACES:
            hostile.PLACES[kind](folder)
        else:
            with warnings.catch_warnings(action="ignore"):  # zipfile, of two entries with one name
                (folder / f"hostile{'.zip' if kind in hostile.ZIPS else '.pdf'}").write_bytes(hostile.KINDS[kind]())
    return len(list(batch.iterdir()))


def run_kinds(out: Path, settings: Settings, kinds: Sequence[str], workers: int, flow: Flow | None = None) -> dict[str, Any]:
    """Take the kinds through a run. flow: in place of Prefect's. What is "lost" is to be 0."""
    laid = lay_out(out / "batch", kinds)
    dice = Random("hostile/world")  # noqa: S311
    write_reference(out / "reference", World(dice), dice, YEAR)
    started = time.monotonic()
    workspace = Workspace(out / "out")
    with Watch(workspace.work) as watch:
        run(plan(out / "batch", out / "reference", out / "out", SCHEME, YEAR, workers), settings, flow=flow)
    asked = workspace.last_run()
    batch = workspace.records(settings.store, asked).batch
    from django.db.models import F  # Django must be set up before

    from flows.doctor import examine_run
    from pipeline.store.models import REASONS, File, State, Submission
    from pipeline.store.progress import progress

    seen = progress(batch)
    files = File.objects.filter(batch=batch)
    reasons = Counter(files.exclude(reason="").values_list("reason", flat=True))
    unread = sorted(files.filter(name="sound.pdf").exclude(pages__gte=1, pages_text=F("pages")).values_list("submission__submission_id", flat=True))
    undone = sorted(Submission.objects.filter(batch=batch).exclude(state=State.DONE).values_list("submission_id", flat=True))
    left = [finding for finding in examine_run(workspace, settings.store) if not finding.mended]
    lost = {"unread": unread, "undone": undone, "findings": [f"{f.kind} {f.what}" for f in left], "unknown_reasons": sorted(set(reasons) - set(REASONS))}
    slow = [f"{one.submission_id} {one.reason}" for one in seen.dead_files if one.reason in ("timeout", "crashed")]
    return {
        "kinds": len(kinds), "submissions": laid, "files": seen.files, "aside": dict(sorted(reasons.items())), "stopped": slow,
        "pages": seen.pages, "pages_read": seen.pages_read, "pages_blank": seen.pages_blank, "pages_aside": seen.pages_aside, "pages_unaccounted": seen.unaccounted,
        "lost": sum(map(len, lost.values())) + abs(seen.unaccounted), **{name: what for name, what in lost.items() if what}, **watch.figures, "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


# ---------------------------------------------------------------- in a worker


def _context() -> Any:
    assert flows_workers._context is not None, "the pool's initializer did not run"  # noqa: S101
    return flows_workers._context


def digest(name: str, data: bytes, words: bool = False) -> dict[str, Any]:
    """What a file gives: why it is refused, or its pages' words, pixels and damage. words: read its pictures, too."""
    context = _context()
    context.cage.file()
    try:
        file = source_file(name, data)
        pages = page_count(file)
        sheets = []
        for sheet in read_sheets(file, context.settings.reader.pdf):
            said = [line.text for line in sheet.lines] if sheet.lines is not None else None
            pixels = hashlib.sha256(sheet.picture.tobytes()).hexdigest() if sheet.picture is not None else ""
            sheets.append({"damage": sheet.damage, "words": said, "pixels": pixels})
            context.cage.page()
        read = ["".join(line.text for line in page.lines) for page in context.reader.read(file)] if words else []
    except FileRefused as refusal:
        return {"refused": refusal.reason}
    except MemoryError:
        return {"refused": "too_large"}
    finally:
        context.cage.leave()
    return {"pages": pages, "sheets": sheets, "read": read}


def _mutants(job: Job) -> dict[str, Any]:
    """Make and open the mutants of a job: `seed`, first and last number stand in its id. Those that are shunned brought a worker down before."""
    seed, first, last = job.submission_id.split("-")
    sound = [path.read_bytes() for path in sorted(job.folder.iterdir())]
    shunned = {q.file for q in job.shunned}
    ends: Counter[str] = Counter({q.reason.value: 1 for q in job.shunned})
    for number in range(int(first), int(last)):
        if str(number) in shunned:
            continue
        job.marker.write_text(str(number), "utf-8")
        made = damaged.mutant(sound, Random(f"{seed}/{number}"))  # noqa: S311
        try:
            found = digest(str(number), made, number % READ == 0)
        except Exception as error:
            ends[f"raised {type(error).__name__}"] += 1
            continue
        uneven = "refused" not in found and found["pages"] != len(found["sheets"])
        ends[found.get("refused") or ("uneven" if uneven else "flagged" if any(sheet["damage"] for sheet in found["sheets"]) else "opened")] += 1
    job.marker.write_text("", "utf-8")
    return dict(ends)


def _in_turn(job: Job) -> dict[str, Any]:
    """All files of a folder, one after another in this process."""
    return {file.name: digest(file.name, file.data, file.name.startswith("scan")) for file in each_file(job.folder)}  # type: ignore[union-attr]


def _apart(job: Job) -> dict[str, Any]:
    """All files of a folder, each in a process that has opened no other."""
    return {path.name: _forked(lambda path=path: digest(path.name, path.read_bytes(), path.name.startswith("scan"))) for path in sorted(job.folder.iterdir())}  # type: ignore[misc]


def _forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What work gives in a copy of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            with os.fdopen(writing, "w") as out:
                json.dump(work(), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"refused": "crashed"}


def _cuts(job: Job) -> dict[str, Any]:
    """How each file of a folder ends when it is cut: by name, its end at each step."""
    ends = {}
    for path in sorted(job.folder.iterdir()):
        data = path.read_bytes()
        whole = digest(path.name, data)
        ends[path.name] = [_verdict(whole, digest(path.name, data[: len(data) * step // 100])) for step in damaged.STEPS]
    return ends


def _verdict(whole: dict[str, Any], cut: dict[str, Any]) -> str:
    if "refused" in cut:
        return "refused"
    if cut == whole:
        return "whole"
    return "flagged" if any(sheet["damage"] for sheet in cut["sheets"]) else "silent"


# ---------------------------------------------------------------- parts


class Bench:
    """Workers for parts that need no run; a context manager."""

    def __init__(self, out: Path, settings: Settings, workers: int) -> None:
        dice = Random("hostile/world")  # noqa: S311
        write_reference(out / "reference", World(dice), dice, YEAR)
        self._out, self._workspace = out, Workspace(out / "bench")
        self._workers = Workers(settings, self._workspace.pages, out / "reference", SCHEME, YEAR, workers)
        self.workers = workers

    def __enter__(self) -> Bench:
        self._workers.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._workers.__exit__(*exc)

    def folder(self, name: str, files: Iterable[tuple[str, bytes]]) -> Path:
        """A folder of these files."""
        folder = self._out / name
        folder.mkdir(parents=True)
        for file, data in files:
            (folder / file).write_bytes(data)
        return folder

    def do(self, work: Callable[[Job], dict[str, Any]], name: str, folder: Path) -> dict[str, Any]:
        """Have a worker do it, in its cage."""
        return self._workers.guarded(work, Job(name, folder, self._workspace.marker(name)))

    def mutants(self, count: int, seed: int) -> dict[str, Any]:
        """So many mutants of sound files of all formats. "lost" are those that raised, or whose pages don't add up."""
        files = [*damaged.pdfs(16), *damaged.jpegs(8), *damaged.pictures(6)]
        folder = self.folder("sound", ((file.name, file.data) for file in files if len(file.data) < 300_000))
        ends: Counter[str] = Counter()
        started = time.monotonic()
        with Watch(self._workspace.work) as watch:
            for first in range(0, count, CHUNK):
                ends.update(self.do(_mutants, f"{seed}-{first}-{min(count, first + CHUNK)}", folder))
        lost = sum(number for end, number in ends.items() if end == "uneven" or end.startswith("raised"))
        return {
            "mutants": sum(ends.values()), "ends": dict(sorted(ends.items())), "crashes": ends["crashed"], "hangs": ends["timeout"], "lost": lost + abs(count - sum(ends.values())),
            **watch.figures, "seconds": round(time.monotonic() - started, 1),
        }  # fmt: skip

    def cuts(self, count: int) -> dict[str, Any]:
        """So many PDFs and as many JPEGs. "lost" are those that are read otherwise than whole without a word."""
        files = [*damaged.pdfs(count), *damaged.jpegs(count)]
        found = self.do(_cuts, "cuts", self.folder("cuts", ((file.name, file.data) for file in files)))
        ends = Counter(end for many in found.values() for end in many)
        silent = {name: [step for step, end in zip(damaged.STEPS, many, strict=True) if end == "silent"] for name, many in found.items() if "silent" in many}
        return {"files": len(files), "cuts": sum(ends.values()), "ends": dict(ends), "lost": ends["silent"], **({"silent": silent} if silent else {})}

    def neighbours(self, count: int, seed: int) -> dict[str, Any]:
        """So many sound files and as many damaged. "lost" are those that gave something else than in a process of their own, or another's mark."""
        dice = Random(f"{seed}/neighbours")  # noqa: S311
        half = count // 2
        sound = [*damaged.pdfs(half), *damaged.jpegs(count - half)]
        files: dict[str, bytes] = {}
        marks: dict[str, str] = {}
        for number, file in enumerate(sound):
            scan = "scan" if SCANNED * number // count != SCANNED * (number - 1) // count else "file"
            files[f"{scan}_{number:03d}_sound_{file.name}"] = file.data
            marks[file.mark] = f"{number:03d}_"
            files[f"file_{number:03d}_damaged_{file.name}"] = damaged.mutant([file.data], dice) if number % 2 else file.data[: len(file.data) * dice.randrange(5, 99) // 100]
        folder = self.folder("neighbours", files.items())
        together, apart = self.do(_in_turn, "together", folder), self.do(_apart, "apart", folder)
        differing = sorted(name for name in files if together.get(name) != apart.get(name))
        foreign = sorted(name for name, found in together.items() for mark, number in marks.items() if mark in json.dumps(found, ensure_ascii=False) and number not in name)
        read = sum("refused" not in together[name] for name in files if "_sound_" in name)
        return {"sound": count, "damaged": len(files) - count, "sound_read": read, "differing": differing, "foreign": foreign, "lost": len(differing) + len(foreign) + count - read}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m flows.hostile", description="What bad files do to a run.")
    parser.add_argument("out", type=Path, help="folder to work in; it must not exist")
    parser.add_argument("parts", nargs="*", choices=["kinds", "mutants", "cuts", "neighbours", []], help="by default all")
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--cuts", type=int, default=20, help="PDFs, and JPEGs")
    parser.add_argument("--neighbours", type=int, default=200, help="sound files, and damaged ones")
    parser.add_argument("--kinds", nargs="*", default=[*hostile.KINDS, *hostile.PLACES], help="by default all")
    parser.add_argument("--seconds", type=float, default=CageSettings().file_seconds, help="that a file may take")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    settings = Settings()
    settings = settings.model_copy(update={"cage": settings.cage.model_copy(update={"file_seconds": asked.seconds})})
    parts = asked.parts or ["kinds", "mutants", "cuts", "neighbours"]
    asked.out.mkdir(parents=True)
    figures: dict[str, dict[str, Any]] = {}
    if "kinds" in parts:
        figures["kinds"] = run_kinds(asked.out / "kinds", settings, asked.kinds, asked.workers)
        print(json.dumps({"kinds": figures["kinds"]}, ensure_ascii=False), flush=True)
    if set(parts) - {"kinds"}:
        with Bench(asked.out, settings, asked.workers) as bench:
            works: dict[str, Callable[[], dict[str, Any]]] = {
                "mutants": lambda: bench.mutants(asked.mutants, asked.seed), "cuts": lambda: bench.cuts(asked.cuts), "neighbours": lambda: bench.neighbours(asked.neighbours, asked.seed),
            }  # fmt: skip
            for part, work in works.items():
                if part in parts:
                    figures[part] = work()
                    print(json.dumps({part: figures[part]}, ensure_ascii=False), flush=True)
    most = max((figure.get("most_mib", 0) for figure in figures.values()), default=0)
    longest = max((figure.get("most_seconds", 0) for figure in figures.values()), default=0)
    lost = sum(figure["lost"] for figure in figures.values())
    print(json.dumps({
        "kinds": figures.get("kinds", {}).get("kinds", 0), "mutants": figures.get("mutants", {}).get("mutants", 0), "cuts": figures.get("cuts", {}).get("cuts", 0),
        "neighbours": figures.get("neighbours", {}).get("sound", 0), "most_mib": most, "most_seconds": longest, "lost": lost,
    }))  # fmt: skip
    return int(lost > 0 or most > settings.cage.ocr_mib)


if __name__ == "__main__":
    sys.exit(main())
