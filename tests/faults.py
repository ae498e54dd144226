"""Faults that tests inject: how many, and what was lost; told in one line of JSON when the session ends.

A test of a fault bears its name and tells what it did:

    @pytest.mark.fault("killed")
    def test_killed_it_goes_on(faults: Faults) -> None:
        instants = faults.number(200, 4)
        ...
        faults.tell(injected=instants, lost=0, twice=0)

`make faults` runs every test so marked with FAULTS=full, the numbers that were asked for; else a small draw by the same seed runs. FAULTS=0.1 runs a tenth.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from typing import Any

import pytest

MARK, KEY = "fault", "fault figures"


class Faults:
    """One test's hand on what is told. seed: of every draw, FAULT_SEED or 1."""

    def __init__(self, node: pytest.Item, name: str) -> None:
        self._node, self._name, self._started = node, name, time.monotonic()
        self.seed = int(os.environ.get("FAULT_SEED", "1"))

    def number(self, full: int, small: int) -> int:
        """How many faults to inject: all that were asked for, or a few."""
        scale = os.environ.get("FAULTS", "")
        return max(small, full if scale == "full" else int(full * float(scale or 0)))

    def size(self, full: int, small: int) -> int:
        """Of what the faults are injected into: as large as was asked for wherever more than a few are."""
        return full if os.environ.get("FAULTS") else small

    def tell(self, injected: int, lost: int = 0, **more: int | float) -> None:
        """Note what was injected and lost; fails where anything was lost, or no fault was injected. more: further counts, added up over the tests of a fault."""
        self._node.user_properties.append((KEY, {"injected": injected, "lost": lost, **more, "seconds": round(time.monotonic() - self._started, 1)}))
        assert injected > 0, f"{self._name}: no fault was injected"
        assert lost == 0, f"{self._name}: {lost} lost of {injected} faults"


def note(items: Iterable[pytest.Item]) -> None:
    """Have each test of a fault bear the fault's name in its report, however it ends."""
    for item in items:
        if mark := item.get_closest_marker(MARK):
            item.user_properties.append((MARK, mark.args[0]))


def figures(reports: dict[str, list[Any]]) -> dict[str, Any]:
    """What all tests of faults told, by fault; empty where there was none. reports: of the session's tests, by outcome."""
    told: dict[str, dict[str, Any]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in reports.get(outcome, []):
            properties = list(getattr(report, "user_properties", ()))
            for name in (value for key, value in properties if key == MARK):
                fault = told.setdefault(name, {"injected": 0, "lost": 0})
                if outcome == "skipped":
                    fault["skipped"] = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
                elif outcome != "passed":
                    fault["failed"] = fault.get("failed", 0) + 1
                if outcome == "error":  # its figures stand in the report of the test itself
                    continue
                for counts in (value for key, value in properties if key == KEY):
                    for count, value in counts.items():
                        fault[count] = round(fault.get(count, 0) + value, 1)
    if not told:
        return {}
    return {
        "faults": told,
        "injected": sum(fault["injected"] for fault in told.values()),
        "lost": sum(fault["lost"] for fault in told.values()),
        "failed": sum(fault.get("failed", 0) for fault in told.values()),
        "skipped": sum("skipped" in fault for fault in told.values()),
    }


def line(reports: dict[str, list[Any]]) -> str:
    """The figures as one line of JSON, "" where there are none."""
    found = figures(reports)
    return json.dumps(found, ensure_ascii=False) if found else ""
