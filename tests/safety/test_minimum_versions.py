"""No library is locked in a version with a hole that is known: for each that reads what strangers send, or guards it, the first version that is right.

A hole that becomes known gets a row, its advisory and the version that mends it; then `uv lock --upgrade-package`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

LOCK = tomllib.loads((Path(__file__).parents[2] / "uv.lock").read_text("utf-8"))
LOCKED: dict[str, list[Version]] = {}  # more than one where Python's version decides
for _package in LOCK["package"]:
    LOCKED.setdefault(_package["name"], []).append(Version(_package["version"]))

# package, first version without the holes, advisories
LEAST = [
    ("django", "5.2.12", "CVE-2025-64459 (SQL by _connector), CVE-2026-1287 and CVE-2026-1312 (SQL by column aliases, order_by), CVE-2026-25673, CVE-2026-25674"),
    ("pillow", "12.3.0", "CVE-2026-25990, CVE-2026-42309, CVE-2026-59197, CVE-2026-59200 (writes out of bounds, bombs)"),
    ("pymupdf", "1.28.2", "CVE-2026-3308 (MuPDF: an image's stride overflows)"),
    ("opencv-contrib-python", "4.12", "CVE-2025-53644 (JPEG: a buffer that was never filled)"),
    ("waitress", "3.0.1", "CVE-2024-49768 (requests smuggled by pipelining), CVE-2024-49769 (busy loop)"),
    ("pyjwt", "2.15.0", "CVE-2026-32597 (crit), CVE-2026-48523 (algorithm of a JWK), CVE-2026-102267 (redirected keys), CVE-2026-101918"),
    ("cryptography", "46.0.7", "CVE-2024-12797 (OpenSSL), CVE-2026-26007, CVE-2026-34073 (name constraints), CVE-2026-39892 (buffers)"),
    ("requests", "2.33.0", "CVE-2024-47081 (.netrc told to others), CVE-2026-25645"),
    ("urllib3", "2.6.3", "CVE-2025-66418, CVE-2025-66471, CVE-2026-21441 (bombs)"),
    ("h11", "0.16.0", "CVE-2025-43859 (requests smuggled by chunks)"),
    ("h2", "4.3.0", "CVE-2025-57804 (requests split)"),
    ("starlette", "0.49.1", "CVE-2025-62727 (Range)"),
    ("aiohttp", "3.13.3", "CVE-2025-53643, CVE-2025-69223 (bombs)"),
    ("tornado", "6.5", "CVE-2025-47287 (logging without end)"),
    ("jinja2", "3.1.6", "CVE-2025-27516 (out of the sandbox)"),
    ("protobuf", "6.31.1", "CVE-2025-4565 (recursion)"),
    ("fonttools", "4.60.2", "CVE-2025-66034 (writes where it likes)"),
    ("setuptools", "78.1.1", "CVE-2025-47273 (paths)"),
    ("sqlparse", "0.5.0", "CVE-2024-4340 (recursion)"),
    ("idna", "3.7", "CVE-2024-3651 (quadratic)"),
    ("certifi", "2024.7.4", "CVE-2024-39689 (a root withdrawn)"),
    ("pyyaml", "5.4", "CVE-2020-14343 (code in a document)"),
]


@pytest.mark.parametrize(("package", "least", "advisories"), LEAST, ids=[package for package, *_ in LEAST])
def test_the_locked_version_is_without_known_holes(package: str, least: str, advisories: str) -> None:
    assert min(LOCKED[package]) >= Version(least), f"{package} {min(LOCKED[package])}: {advisories}"


def test_every_file_of_a_package_is_locked_by_hash() -> None:
    files = [file for package in LOCK["package"] if "registry" in package["source"] for file in (*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ()))]
    assert len(files) > 100
    assert all(file["hash"].startswith("sha256:") for file in files)
