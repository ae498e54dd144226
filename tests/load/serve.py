"""The page as `intake review` serves it, with the time that each answer took the server, and its processor for this thread, in its Server-Timing: python -m tests.load.serve OUT PORT."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flows import review
from pipeline.review.web.site import application
from pipeline.settings import Settings


def timed(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application; its answers are whole when they begin, so that this is all that they took."""
    def run(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        began, worked = time.perf_counter(), time.thread_time()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("Server-Timing", f"app;dur={(time.perf_counter() - began) * 1000:.2f}, cpu;dur={(time.thread_time() - worked) * 1000:.2f}")], *more)

        return app(environ, begin)

    return run


if __name__ == "__main__":
    review.application = lambda: timed(application())
    out, settings = Path(sys.argv[1]), Settings.read()
    review.open_site(out, settings)
    review.serve("127.0.0.1", int(sys.argv[2]), out, settings)
