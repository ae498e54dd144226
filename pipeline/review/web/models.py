"""Tables of the review page: people, cases, what people said and decided, and the log of all of it.

What was said and decided is only ever added to; a case holds no more than where it stands now.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property

from pipeline.review.web.roles import Role
from pipeline.store.models import AppendOnly, Batch, Submission


class User(AbstractUser):
    """A person. epoch: raised when all sessions of theirs are to end. subject: how the single sign-on calls them, None for who logs in with a password."""

    role = models.CharField("角色", max_length=12, choices=Role)
    epoch = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=255, null=True, blank=True, unique=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def opaque(self) -> str:
        """How records call the person: no name."""
        return f"u{self.pk}"


class Token(models.Model):
    """What a program of a person's logs in with. sha256: of the token, which nobody has kept; epoch: the person's when it was made."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    epoch = models.PositiveIntegerField()
    made = models.DateTimeField()
    until = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Token]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """A submission as people deal with it.

    stage: one of stages.toml. status: open, or how it ended there. revision: counts everything said and decided, so that who decides on an older one is told.
    taken_by: who has it before them, until taken_until. last_by: who made the last decision that stands.
    """

    class Status(models.TextChoices):
        OPEN = "open", "待办"
        RETURNED = "returned", "已退回补正"
        REJECTED = "rejected", "不予通过"
        REFERRED = "referred", "已提请复核"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤回"  # no longer in the batch

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="case")
    stage = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    since = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_until = models.DateTimeField(null=True, blank=True)
    last_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["stage", "status", "since"], name="case_stage"), models.Index(fields=["taken_by", "taken_until"], name="case_taken"), models.Index(fields=["since", "submission"], name="case_since"), models.Index(fields=["status", "submission"], name="case_status")]

    def __str__(self) -> str:
        return str(self.submission)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked of the database about the case as it was looked up (`cases.once`); one that is looked up anew knows nothing."""
        return {}

    @property
    def seen(self) -> str:
        """What a page that shows the case sends back with what is done on it (`cases.Seen`)."""
        return f"{self.revision}.{self.submission.version}"


class Said(AppendOnly):
    """One amendment of a claim (models/amendments.py, as JSON). number: the case's revision that it made. subject: what it is about, so that two people's can be compared."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="said")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=400)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_amendment")]
        indexes = [models.Index(fields=["case", "subject", "number"], name="said_subject")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.number} {self.subject}"


class Looked(AppendOnly):
    """What somebody read on a page without seeing what the machine had read there. number: the case's revision then; typed: None where they found nothing."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="looked")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=400)
    field = models.CharField(max_length=60)
    read = models.TextField(blank=True)
    typed = models.TextField(null=True, blank=True)
    agreed = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "subject"], name="one_second_look")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.subject}"


class Decided(AppendOnly):
    """One decision on a case: from which stage and status to which, on which version of the claim. undoes: the decision that this takes back.

    papers: what the submission's papers were known by then (`cases.papers_of`), so that an applicant's answer to a letter is noticed; "" where that wasn't noted.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=12)
    stage = models.CharField(max_length=20)
    status = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=20)
    to_status = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    letter = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    papers = models.CharField(max_length=64, default="", blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_decision")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.number} {self.action}"


class Letter(models.Model):
    """The letter to an applicant as it stands now, for one who is still writing it; what was sent is kept with the decision.

    revision: the case's when it was written; flags: keys of the flags that a draft rested on then, a line each, "" where that wasn't noted.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=0)
    flags = models.TextField(default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_letter")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class ReferenceProposal(models.Model):
    """A reference table that was handed in and waits to be confirmed by who did so. base: mark of the version it was compared with; data: the contract's CSV, deflated."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    table = models.CharField(max_length=20)
    base = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[ReferenceProposal]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.table} {self.name}"


class AuditEvent(AppendOnly):
    """One line of the log. number: from 1 without a gap. who: the person's opaque id, "" for a machine; about: the submission or person; detail: JSON.

    chain: of this line and all before it; see pipeline/review/web/audit.py.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=40)
    about = models.CharField(max_length=300, blank=True)
    detail = models.TextField(blank=True)
    chain = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["about", "number"], name="audit_about"), models.Index(fields=["who", "number"], name="audit_who")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditHead(models.Model):
    """Where the log ends, so that lines cut off its end are missed. seal: over number and chain."""

    number = models.PositiveBigIntegerField(default=0)
    chain = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.number)


class Inbox(models.Model):
    """Where a batch's submissions lie, one folder each; what is uploaded for the batch is put there. folder: as a run is given it."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="inbox")
    folder = models.TextField()

    def __str__(self) -> str:
        return str(self.batch)


class Upload(models.Model):
    """What one person uploads for a batch, until it is put into the batch's folder or given up. Before that no run sees any of it.

    touched: when something last came. One at a time for a person and a batch, so that what is dropped again goes on with it.
    """

    class State(models.TextChoices):
        OPEN = "open", "接收中"
        FINISHING = "finishing", "归档中"  # nothing more is taken; being put into the batch's folder
        FILED = "filed", "已归档"
        DROPPED = "dropped", "已放弃"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="uploads")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    made = models.DateTimeField()
    touched = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "by"], name="one_open_upload", condition=models.Q(state__in=("open", "finishing")))]
        indexes = [models.Index(fields=["state", "touched"], name="upload_state")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class UploadFolder(models.Model):
    """A submission that is being uploaded. label: as the uploader's folder is called, for people alone; key: SHA-256 of it.

    submission_id: what it is to be in the batch. adds: whether it is meant for one that is there already. filed_as: its place in the batch's folder.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="folders")
    label = models.TextField()
    key = models.CharField(max_length=64)
    submission_id = models.CharField(max_length=255)
    adds = models.BooleanField(default=False)
    filed_as = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "key"], name="one_upload_folder"), models.UniqueConstraint(fields=["upload", "submission_id"], name="one_upload_id")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.submission_id


class UploadFile(models.Model):
    """A file that is being uploaded. name: as uploaded, for people alone; key: SHA-256 of it; modified: milliseconds since 1970 by the uploader's clock, 0 unknown.

    received: bytes that are here. sha256: of all its bytes, "" until they are here. filed_as: its name in the submission's folder, "" where its bytes lay there already.
    """

    folder = models.ForeignKey(UploadFolder, models.CASCADE, related_name="files")
    name = models.TextField()
    key = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    modified = models.BigIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    filed_as = models.CharField(max_length=255, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "key"], name="one_upload_file")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """A run over a batch that the page asked for. status: its exit status; output: the end of what it printed."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待读取"
        RUNNING = "running", "读取中"
        DONE = "done", "已读取"
        FAILED = "failed", "读取未完成"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="readings")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    retry_failed = models.BooleanField(default=False)
    wanted = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.SmallIntegerField(null=True, blank=True)
    output = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch"], name="one_waiting_reading", condition=models.Q(state="waiting"))]
        indexes = [models.Index(fields=["state", "wanted"], name="reading_state"), models.Index(fields=["batch", "wanted"], name="reading_batch")]

    def __str__(self) -> str:
        return f"reading {self.pk}"

    @property
    def word(self) -> str:
        """Its state's name in words.toml."""
        return f"reading_{self.state}"
