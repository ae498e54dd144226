"""What processes say while they work: lines on standard error, without telephones, ID numbers and accounts, whatever a library or a traceback puts into them."""

from __future__ import annotations

import logging
import re
import sys

from models.errors import IntakeError
from pipeline.review.masks import masked

_LONG = re.compile(r"(?<![0-9A-Za-z_.])\d{12,30}(?![0-9A-Za-z_])")  # of an account; numbers of policies and invoices are no loss to a log


class Masking(logging.Formatter):
    """Formats a record, its traceback too, and hides personal numbers in the whole of it."""

    def format(self, record: logging.LogRecord) -> str:
        return _LONG.sub(lambda found: "****" + found[0][-4:], masked(super().format(record)))


def told_elsewhere(record: logging.LogRecord) -> bool:
    """Whether a record is Prefect's word on what ends the run: the run tells it itself, in one line."""
    error = record.exc_info[1] if record.exc_info else None
    return record.name.startswith("prefect.") and (isinstance(error, IntakeError | OSError) or type(error).__module__ == "httpx" or record.getMessage().startswith("Finished in state"))


def to_stderr() -> None:
    """Warnings and worse go to standard error; called once in every process of ours."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Masking("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda record: not told_elsewhere(record))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
