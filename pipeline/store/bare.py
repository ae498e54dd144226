"""Django settings for tools that look at the tables alone: mypy, and `DJANGO_SETTINGS_MODULE=pipeline.store.bare python -m django makemigrations`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.review.settings import OfficeSettings
from pipeline.settings import Settings

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "pipeline.store", "pipeline.review.web"]
AUTH_USER_MODEL = "review.User"
DATABASES: dict[str, Any] = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
# what the review page adds: pipeline/review/web/site.py
SECRET_KEY = "none"  # noqa: S105  nothing is signed here  # nosec B105
AUDIT_KEY = b""
OFFICE = OfficeSettings()
INTAKE = Settings()
WORK = Path()
