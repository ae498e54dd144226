"""`intake settings` lists every setting with what it may be and what it does."""

from __future__ import annotations

import pytest

from pipeline.settings import Settings, describe

LISTED = {name: (bounds, told) for name, _, bounds, told in describe(Settings())}


@pytest.mark.parametrize(("name", "bounds"), [
    ("INTAKE_READER__OCR__BACKEND", "auto, openvino, onnxruntime, paddle"), ("INTAKE_REVIEW__OIDC__ALGORITHM", "RS256, RS384, RS512, ES256, ES384, ES512"),
    ("INTAKE_REVIEW__OIDC__ROLES", "JSON"), ("INTAKE_REVIEW__OIDC__TIMEOUT", "over 0 to 120"), ("INTAKE_METRICS__PORT", "0 to 65535"), ("INTAKE_METRICS__FILE", "a path"),
    ("INTAKE_INCOMING__CRON", "text"), ("INTAKE_STORE__DATABASE", "text, never shown"), ("INTAKE_PICTURES__KEEP", "true, false")])
def test_what_a_setting_may_be(name: str, bounds: str) -> None:
    assert LISTED[name][0] == bounds


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, (_, told) in LISTED.items() if not told] == []
