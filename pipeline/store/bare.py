"""Django settings for tools that look at the tables alone: mypy, and `DJANGO_SETTINGS_MODULE=pipeline.store.bare python -m django makemigrations store`."""

from __future__ import annotations

from typing import Any

INSTALLED_APPS = ["pipeline.store"]
DATABASES: dict[str, Any] = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
