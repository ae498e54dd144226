"""Pictures of the review page for the documentation, of an invented batch: `python -m tests.e2e.pictures`.

In:    --sample FOLDER, a batch as `make demo` leaves it (batch/, reference/, out/); without it one is invented and read first, which takes minutes.
Out:   queue.png, claim.png, letter.png, batch.png, figures.png in --out (docs/review); a line of JSON with what they show.
Fails: without a Chromium, or where a page doesn't come up.
The same seed gives the same claims, so that a picture changes where the page does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from pipeline.review.web.site import open_review
from pipeline.settings import Settings

OUT = Path("docs/review")
SUBMISSIONS, SEED = "6", "2021"
WINDOW = {"width": 1440, "height": 900}


def main() -> None:
    """Make the pictures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sample", type=Path, help="a batch as `make demo` leaves it")
    asked.add_argument("--out", type=Path, default=OUT, help="folder for the pictures")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="intake-pictures-") as place:
        sample = told.sample or _read(Path(place) / "sample")
        work = Path(place) / "out"
        shutil.copytree(sample / "out", work)  # what the pictures do to it is lost
        told.out.mkdir(parents=True, exist_ok=True)
        print(json.dumps(_taken(work, told.out), ensure_ascii=False))


def _read(sample: Path) -> Path:
    """An invented batch, read."""
    intake = [sys.executable, "-m", "flows.cli"]
    subprocess.run([*intake, "sample", "--submissions", SUBMISSIONS, "--seed", SEED, "--out", str(sample)], check=True)
    run = ["run", str(sample / "batch"), "--reference", str(sample / "reference"), "--out", str(sample / "out"), "--scheme", "ningbo-2020", "--year", "2021"]
    subprocess.run([*intake, *run], check=True)
    return sample


def _taken(work: Path, out: Path) -> dict[str, str]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    open_review(Settings(), work / ".work")
    from playwright.sync_api import Page, sync_playwright

    from pipeline.review.web.following import open_cases
    from pipeline.review.web.models import Case
    from pipeline.store.models import Batch
    from tests.e2e.conftest import CHROMIUM, QUIET, Server
    from tests.e2e.workspace import PASSWORD, enrol

    enrol({"李明": "reviewer", "王芳": "lead", "周洁": "operator"})
    open_cases()
    flagged = list(Case.objects.exclude(submission__triage="clear").order_by("-submission__stake", "pk"))
    claim = next(iter(flagged), None)
    lacking = next((case for case in flagged if case.submission.triage == "supplement" and case != claim), claim)
    batch = Batch.objects.get()
    if claim is None or lacking is None:
        raise SystemExit("pictures: no claim of the batch has a flag")

    def still(page: Page) -> None:
        page.wait_for_function("document.querySelector('#picture').naturalWidth > 0 && !document.querySelector('#sheet').classList.contains('waiting')", timeout=300_000)
        page.wait_for_function("[...document.querySelectorAll('#strip img')].every((one) => one.complete)", timeout=300_000)

    def ready(page: Page) -> None:
        page.wait_for_load_state("networkidle")

    shots: tuple[tuple[str, str, str, Callable[[Page], None]], ...] = (
        ("queue", "李明", "/queue", ready), ("claim", "李明", f"/claims/{claim.pk}", still), ("letter", "李明", f"/claims/{lacking.pk}/letter", ready),
        ("batch", "周洁", f"/batches/{batch.pk}", ready), ("figures", "王芳", "/figures", ready))
    server = Server(work)
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for name, person, path, until in shots:
                page = browser.new_context(viewport=WINDOW, base_url=server.url, locale="zh-CN").new_page()  # type: ignore[arg-type]
                page.goto("/login")
                page.fill("#id_username", person)
                page.fill("#id_password", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_selector("nav a")
                page.goto(path)
                until(page)
                page.screenshot(path=out / f"{name}.png")
                page.context.close()
                Image.open(out / f"{name}.png").convert("RGB").save(out / f"{name}.png", optimize=True)
            browser.close()
    finally:
        server.kill()
    return {"claim": str(claim), "letter": str(lacking), "out": str(out)}


if __name__ == "__main__":
    main()
