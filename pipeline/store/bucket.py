"""Speaking to an S3 server: where a bucket is, a client for it, and answers that can't be understood.

In:    s3://bucket/prefix, the settings of the server.  Out: a client of it, the bucket and the prefix.
Fails: SettingsInvalid. An answer that isn't what such a server says was damaged on its way: AnswerGarbled, which is asked for again (pipeline/store/patience.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # what the client may raise; nothing is parsed here  # nosec B405

import certifi
import urllib3
from minio import Minio

from models.errors import SettingsInvalid
from pipeline.store.patience import AnswerGarbled
from pipeline.store.settings import S3Settings

SCHEME = "s3://"


class Place(NamedTuple):
    """Where objects lie. prefix: "" or ends with "/"."""

    bucket: str
    prefix: str

    @property
    def url(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.prefix}".rstrip("/")


def place_of(url: str, s3: S3Settings, what: str) -> Place:
    """The bucket and prefix that an address names. what: who names it, for the message. Raises SettingsInvalid, also where no server is set."""
    bucket, _, prefix = url.removeprefix(SCHEME).partition("/")
    prefix = prefix.strip("/")
    if not url.startswith(SCHEME) or not bucket or not s3.endpoint:
        raise SettingsInvalid(f"{what} names a bucket: write it as s3://bucket/prefix, and set INTAKE_STORE__S3__ENDPOINT to host:port.")
    return Place(bucket, prefix + "/" if prefix else "")


def connect(s3: S3Settings) -> Minio:
    """A client that may be used by several threads. It asks once: the patience is ours, and the client's own retries would only stretch it."""
    http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=30), retries=False, maxsize=16, cert_reqs="CERT_REQUIRED", ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where())
    return Minio(s3.endpoint, access_key=s3.access_key, secret_key=s3.secret_key.get_secret_value(), secure=s3.secure, region=s3.region, http_client=http)


@contextmanager
def understood() -> Iterator[None]:
    """Around a request: what the client can't make sense of in an answer is told as such."""
    try:
        yield
    except (ParseError, ValueError, KeyError, TypeError, AttributeError) as error:  # the client takes answers at their word
        raise AnswerGarbled(f"{type(error).__name__}: {error}") from error
