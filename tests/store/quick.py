"""Workers that read in no time, so that what stands around reading can be tested."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from invented_claim import field as value
from invented_claim import judged

from extractors.files import open_submission
from flows.batch import Run, process_one
from flows.workers import Job, Outcome
from models.paper import Track
from pipeline.store.data import FileSeen


@dataclass
class QuickWorkers:
    """Makes a claim of what the files hold, a page each. failing: submissions over which our own code fails; done: those that were asked for, in order."""

    failing: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)

    def process(self, job: Job) -> Outcome:
        job.marker.write_text("a.pdf", "utf-8")
        time.sleep(0.003)
        self.done.append(job.submission_id)
        files = open_submission(job.folder).files
        own = judged(Track.EQUIPMENT, submission_id=job.submission_id)
        claim = own.model_copy(update={"fields": {**own.fields, "product_model": value(files[0].sha256)}})
        seen = tuple(FileSeen(f.name, f.sha256, len(f.data), pages=1, text=1) for f in files)
        if job.submission_id in self.failing:
            return Outcome(claim, seen, 0.0, 0.0, "reader", "error", "Traceback\nKeyError: 'premium'")
        return Outcome(claim, seen, 0.0, 0.0, "reader")

    def two_at_a_time(self, context: Run) -> None:
        """Stands for the flow."""
        workers: Any = self

        def one(folder: Path) -> None:
            from django.db import connection

            try:
                process_one(context, folder, context.waiting[folder], workers)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, context.waiting))
