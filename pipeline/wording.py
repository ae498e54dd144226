"""The Chinese words in which people see our codes, by code: one group each of labels.toml, used by every list, letter and screen.

A code that has no words is shown as it is; a test holds the groups against the enumerations.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.labels import words

SEVERITY: Mapping[str, str] = words("severity")
TRIAGE: Mapping[str, str] = words("triage")
TRACK: Mapping[str, str] = words("track")
FLAW: Mapping[str, str] = words("flaw")
QUARANTINE: Mapping[str, str] = words("quarantine")
