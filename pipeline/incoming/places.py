"""Which source an address names.

In:    a folder's path or s3://bucket/prefix, the settings.  Out: a `Source`, or where to upload to.
Fails: UsageError, SettingsInvalid.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.incoming.bucket import BucketSource
from pipeline.incoming.folder import FolderSource
from pipeline.incoming.source import Source
from pipeline.settings import Settings
from pipeline.store.bucket import SCHEME, connect, place_of


def open_source(address: str, settings: Settings) -> Source:
    """The place that an address names."""
    return open_bucket(address, settings) if address.startswith(SCHEME) else FolderSource(Path(address), settings.incoming.settle_seconds, settings.files)


def open_bucket(address: str, settings: Settings) -> BucketSource:
    """The bucket that an address names."""
    incoming, store = settings.incoming, settings.store
    return BucketSource(connect(store.s3), place_of(address, store.s3, address), settings.files, store.patience_seconds, incoming.settle_seconds, incoming.without_manifest)
