"""What several tests need: where the papers lie, and an environment without the caller's own settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import faults as told
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


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> told.Faults:
    """Tells how many faults a test injected, and what was lost (tests/faults.py)."""
    return told.Faults(request.node, request.node.get_closest_marker(told.MARK).args[0])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{told.MARK}(name): injects a fault of that name; `make faults` runs them all")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    told.note(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")  # of several processes only one has it
    if reporter is not None and (line := told.line(reporter.stats)):
        print(line)
