"""What several tests need: where the papers lie, and an environment without the caller's own settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from pipeline.review.web.site import configure_review
from pipeline.settings import Settings

# Django's applications are settled once for a process, before test modules import models
configure_review(Settings(), Path(tempfile.mkdtemp(prefix="intake-tests-")))

PAPERS = Path(__file__).parent / "papers"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("INTAKE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def papers() -> Path:
    """The folder of papers with batch/, reference/ and truth/."""
    return PAPERS
