"""Django's own look at the settings of a page that is reached over https finds nothing, with and without passwords."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SSO = {
    "INTAKE_REVIEW__OIDC__ISSUER": "https://sso.example", "INTAKE_REVIEW__OIDC__AUTHORIZATION_ENDPOINT": "https://sso.example/a", "INTAKE_REVIEW__OIDC__TOKEN_ENDPOINT": "https://sso.example/t",
    "INTAKE_REVIEW__OIDC__JWKS_ENDPOINT": "https://sso.example/k", "INTAKE_REVIEW__OIDC__CLIENT_ID": "intake", "INTAKE_REVIEW__OIDC__CLIENT_SECRET": "very-secret", "INTAKE_REVIEW__OIDC__ROLES": '{"a": "lead"}'}
CHECK = """
import sys
from pathlib import Path
from pipeline.review.web.site import configure_review
from pipeline.settings import Settings
configure_review(Settings.read(), Path(sys.argv[1]))
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="DEBUG")
print(settings.SILENCED_SYSTEM_CHECKS)
"""


@pytest.mark.parametrize("more", [{}, {**SSO, "INTAKE_REVIEW__PASSWORD_LOGIN": "false"}], ids=["passwords", "single sign-on"])
def test_check_deploy_finds_nothing(more: dict[str, str], tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("INTAKE_", "DJANGO_"))}
    said = subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path)], env={**own, "INTAKE_REVIEW__PUBLIC_URL": "https://claims.example", **more}, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert said.returncode == 0, said.stdout + said.stderr
    assert "no issues" in said.stdout
    # by name and not by address: behind an office's proxy all have one, and who knows five names could lock everybody out
    assert said.stdout.splitlines()[-1] == "['axes.W006']"


def test_a_wrong_setting_never_tells_the_secrets_beside_it() -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("INTAKE_")}
    wrong = {**SSO, "INTAKE_REVIEW__OIDC__TOKEN_ENDPOINT": "http://sso.example/t", "INTAKE_STORE__S3__SECRET_KEY": "very-secret"}
    said = subprocess.run([sys.executable, "-m", "flows.cli", "settings"], env={**own, **wrong}, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert said.returncode == 2
    assert "token_endpoint must be an https address" in said.stderr
    assert "very-secret" not in said.stderr + said.stdout
