"""The store as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "pipeline.store"
    label = "store"
    verbose_name = "申报库"
    default_auto_field = "django.db.models.BigAutoField"
