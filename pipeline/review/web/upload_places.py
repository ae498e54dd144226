"""Where uploads lie until they are put away, and what their batch has already.

In:    an upload, a file of it, a batch.  Out: paths in the workspace, where no run looks; ids.
Fails: OSError where the batch's folder can't be read.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from models.annexes import INSURERS
from pipeline.review.web.inboxes import folder_of
from pipeline.review.web.models import Upload, UploadFile, UploadFolder
from pipeline.store.models import Batch, State, Submission

FOLDER = "uploads"  # in the workspace
GOING = (Upload.State.OPEN, Upload.State.FINISHING)


def stem_of(upload: Upload) -> str:
    return f"u{upload.pk}"


def place_of(upload: Upload) -> Path:
    return Path(settings.WORK) / FOLDER / stem_of(upload)


def part_of(file: UploadFile) -> Path:
    return place_of(file.folder.upload) / f"{file.pk}.part"


def ids_of(batch: Batch) -> set[str]:
    """Ids that the batch has, in its folder or from earlier runs; what insurers file always joins what they filed."""
    inbox = folder_of(batch)
    lying = {path.name for path in inbox.iterdir()} if inbox else set()
    known = Submission.objects.filter(batch=batch).exclude(state=State.WITHDRAWN).values_list("submission_id", flat=True)
    coming = UploadFolder.objects.filter(upload__batch=batch, upload__state=Upload.State.FINISHING).values_list("submission_id", flat=True)
    return (lying | set(known) | set(coming)) - {INSURERS}
