"""How fast a January of thousands goes through, and what that costs: `make bulk N=1000`, or python -m flows.bulk.

In:    how many submissions to invent (born-digital, so that the measuring fits into minutes).
Out:   figures on standard output, memory.png in the folder, one line of JSON at the end.

Reading is made cheap here (no OCR, no seals, no codes, no pictures kept) while everything around it is as ever: the share of orchestration and storage is an upper
bound, since with OCR each page takes several times as long in the workers and no longer outside them; `--scans 1` reads scans as ever. Four figures tell of it:

- processor share: processor seconds of the run's own process and of Prefect's server, over those of all processes. Other work on the machine moves it little.
- idle share: of the workers' time between the first submission's start and the last one's end, what they weren't at work in.
- starting: seconds until the first submission is begun: imports, hashing the batch, Prefect, workers loading their models. ending: from the last end on: the look across, the tables.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.stopwatch import RUN, SERVER, WORKER, Watched, watch
from models.annexes import INSURERS
from pipeline.samples import write_batch

SEED = 21
CHEAP = {"INTAKE_READER__SEALS": "false", "INTAKE_READER__CODES": "false", "INTAKE_PICTURES__KEEP": "false"}
WARM = 0.3  # share of a process' life before its memory is expected to be flat
SCHEME = ("--scheme", "ningbo-2020", "--year", "2021")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a run of many submissions.")
    parser.add_argument("--submissions", type=int, default=60, help="of the long run, with two workers")
    parser.add_argument("--compared", type=int, default=24, help="of the runs with 1, 2 and 4 workers")
    parser.add_argument("--forecasts", type=int, default=10, help="runs whose forecast after a tenth is held against what came")
    parser.add_argument("--forecast-submissions", type=int, default=60, help="of each of them")
    parser.add_argument("--scans", type=float, default=0.0, help="share of papers that are scans; where it isn't 0 they are read as ever: with OCR, seals, codes, pictures")
    parser.add_argument("--folder", type=Path, default=Path("out/bulk"))
    asked = parser.parse_args()
    if not asked.scans:
        os.environ.update(CHEAP)
    figures: dict[str, Any] = {"load_before": os.getloadavg(), "cores": os.cpu_count()}
    made = _made(asked.folder, asked.submissions, asked.scans, figures)
    figures["compared"] = [_run(_part(made, asked.folder, 0, asked.compared), asked.folder / f"with{workers}", workers)[0] for workers in (1, 2, 4)]
    figures["two_over_one"] = round(figures["compared"][1]["pages_a_second"] / figures["compared"][0]["pages_a_second"], 2)
    _tell("1、2、4 个进程", figures["compared"])
    figures["long"], watched = _run(made, asked.folder / "long", 2)
    figures["long"]["forecast_error"] = forecast_error(watched)
    figures["memory"] = memory(watched, 2, asked.folder / "memory.png")
    _tell("全批", [figures["long"]])
    figures |= _again(made, asked.folder / "long")
    figures["forecasts"] = _forecasts(made, asked.folder, asked.forecasts, asked.forecast_submissions, asked.submissions)
    figures["load_after"] = os.getloadavg()
    print(json.dumps(figures, ensure_ascii=False))


def _made(folder: Path, submissions: int, scans: float, figures: dict[str, Any]) -> Path:
    """The invented batch, drawn once."""
    made, note = folder / "made", folder / "made.json"
    wanted = {"submissions": submissions, "seed": SEED, "scans": scans}
    if not note.exists() or json.loads(note.read_text("utf-8")) != wanted:
        started = time.monotonic()
        shutil.rmtree(made, ignore_errors=True)
        write_batch(made, submissions, SEED, scans=scans, workers=os.cpu_count() or 1)
        figures["drawing_seconds"] = round(time.monotonic() - started, 1)
        note.write_text(json.dumps(wanted), "utf-8")
    return made


def _part(made: Path, folder: Path, first: int, count: int) -> Path:
    """A batch of some of the submissions, its files by hard links: a run doesn't follow symbolic ones."""
    part = folder / f"part{first}_{count}"
    shutil.rmtree(part, ignore_errors=True)
    (part / "batch").mkdir(parents=True)
    (part / "reference").symlink_to((made / "reference").resolve())
    for submission in sorted(path for path in (made / "batch").iterdir() if path.name != INSURERS)[first : first + count]:
        shutil.copytree(submission, part / "batch" / submission.name, copy_function=os.link)
    return part


def _run(made: Path, out: Path, workers: int, keep: bool = False) -> tuple[dict[str, Any], Watched]:
    """One run, watched. keep: what an earlier one left in `out` stays."""
    if not keep:
        shutil.rmtree(out, ignore_errors=True)
    watched = watch(["run", str(made / "batch"), "--reference", str(made / "reference"), "--out", str(out), *SCHEME, "--workers", str(workers), "--progress", "json"])
    return figures_of(watched, json.loads((out / "batch.json").read_text("utf-8")), workers), watched


def figures_of(watched: Watched, batch: dict[str, Any], workers: int) -> dict[str, Any]:
    """What a run took, and where. batch: its batch.json."""
    fresh = [(at, event) for at, event in watched.ends if not event["unchanged"]]
    own = watched.processor(RUN) + watched.processor(SERVER)
    all_ = own + watched.processor(WORKER)
    figures: dict[str, Any] = {
        "workers": workers, "submissions": len(watched.ends), "pages": batch["pages"]["all"], "seconds": round(watched.seconds, 1), "storage_seconds": batch["seconds"]["storage"],
        "processor_seconds": {kind: round(watched.processor(kind), 1) for kind in (RUN, SERVER, WORKER)}, "processor_share": round(own / all_, 4) if all_ else None,
        "most_mb": {kind: round(max((mb for one in watched.of(kind) for _, mb in one.memory), default=0.0)) for kind in (RUN, SERVER, WORKER)},
        "load": round(os.getloadavg()[0], 1),
    }
    if fresh:
        begun = min(at - event["seconds"] for at, event in fresh)
        stretch = fresh[-1][0] - begun
        busy = sum(event["seconds"] for _, event in fresh)
        figures |= {
            "starting_seconds": round(begun, 1), "ending_seconds": round(watched.seconds - fresh[-1][0], 1), "working_seconds": round(stretch, 1),
            "busy_seconds": round(busy, 1), "idle_share": round(1 - busy / (workers * stretch), 4),
            "pages_a_second": round(sum(event["pages"] for _, event in fresh) / stretch, 2), "submissions_a_second": round(len(fresh) / stretch, 3),
            "submissions_a_processor_second_of_workers": round(len(fresh) / watched.processor(WORKER), 3),
        }
    return figures


def memory(watched: Watched, workers: int, picture: Path) -> dict[str, Any]:
    """Slopes in MB per 100 pages, by least squares once it is warm, of the run and of each worker (which does an even share of all pages); the curves as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    done = [(at, event["pages"]) for at, event in watched.ends if not event["unchanged"]]
    figure, axes = pyplot.subplots(figsize=(9, 4.5))
    slopes: dict[str, list[float]] = {RUN: [], WORKER: []}
    for kind in (RUN, WORKER):
        for n, one in enumerate(watched.of(kind), 1):
            points = [(_pages_at(done, at), mb) for at, mb in one.memory]
            axes.plot([x for x, _ in points], [y for _, y in points], label=f"{kind} {n}" if kind == WORKER else kind)
            warm = points[int(WARM * len(points)) :]
            if len({x for x, _ in warm}) > 2:
                slopes[kind].append(round(100 * (1 if kind == RUN else workers) * statistics.linear_regression([x for x, _ in warm], [y for _, y in warm]).slope, 3))
    axes.set_xlabel("pages done by all workers")
    axes.set_ylabel("MB resident")
    axes.legend()
    figure.savefig(picture, dpi=120, bbox_inches="tight")
    pyplot.close(figure)
    return {"run_mb_per_100_pages": slopes[RUN], "worker_mb_per_100_own_pages": slopes[WORKER], "worker_processes": len(watched.of(WORKER)), "picture": str(picture)}


def _pages_at(done: Sequence[tuple[float, int]], at: float) -> int:
    return sum(pages for ended, pages in done if ended <= at)


def _again(made: Path, out: Path) -> dict[str, Any]:
    """The unchanged batch once more, a recheck, a ranking by budget."""
    unchanged, _ = _run(made, out, 2, keep=True)
    recheck = watch(["recheck", str(out), "--reference", str(made / "reference"), "--workers", "1"])
    told = json.loads(recheck.output.splitlines()[-1])
    budget = watch(["budget", str(out), "--amount", str(Decimal(20_000_000))])
    return {
        "unchanged": {"seconds": unchanged["seconds"], "processor_seconds": unchanged["processor_seconds"][RUN], "submissions": unchanged["submissions"]},
        "recheck": {**told, "claims_a_processor_second": round(told["claims"] / told["processor_seconds"], 1), "command_seconds": round(recheck.seconds, 1)},
        "budget": {**json.loads(budget.output.splitlines()[-1]), "seconds": round(budget.seconds, 1)},
    }


def _forecasts(made: Path, folder: Path, runs: int, submissions: int, all_: int) -> dict[str, Any]:
    """How far the time left, as told after a tenth of a batch, was from what it took until the last submission ended."""
    off = []
    for n in range(runs):
        first = (n * submissions) % max(1, all_ - submissions + 1)
        _, watched = _run(_part(made, folder, first, submissions), folder / "forecast", 2)
        off.append(forecast_error(watched))
    near = sum(error is not None and abs(error) <= 0.25 for error in off)
    return {"runs": runs, "submissions": submissions, "errors": off, "within_a_quarter": near}


def forecast_error(watched: Watched) -> float | None:
    """(told − taken) / taken, at the first end after a tenth of the batch; None where nothing was told."""
    at, event = next(((at, event) for at, event in watched.ends if event["done"] >= event["of"] / 10 and event["seconds_left"] is not None), (0.0, None))
    if event is None:
        return None
    taken = watched.ends[-1][0] - at
    return round((event["seconds_left"] - taken) / taken, 3) if taken else None


def _tell(title: str, runs: Sequence[dict[str, Any]]) -> None:
    print(title)
    for run in runs:
        print(
            f"  {run['workers']} 个进程：{run['submissions']} 件 {run['pages']} 页，每秒 {run['pages_a_second']} 页、{run['submissions_a_second']} 件；"
            f"调度与存储占处理器时间 {100 * run['processor_share']:.1f} %，工作进程空闲 {100 * run['idle_share']:.1f} %；启动 {run['starting_seconds']} 秒，收尾 {run['ending_seconds']} 秒；"
            f"内存最高（MB）{run['most_mb']}；系统负载 {run['load']}（{os.cpu_count()} 核）")


if __name__ == "__main__":
    main()
