"""Tables of the store, the same in SQLite and PostgreSQL.

A batch holds submissions; a submission holds files, and claims by version: the last is in force, none is ever changed or deleted.
What the queue filters and sorts by stands beside the submission as columns of its own; it follows the claim in force.
triage, track, severity and reason hold the words of models/, shown by the tables of pipeline/wording.py and REASONS.
Times are UTC, amounts yuan.
"""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from threading import Lock
from typing import Any, NoReturn

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from models.claim import Claim, QuarantineReason, Triage
from pipeline.wording import QUARANTINE

NAME = 200  # characters of a company's or product's name that are kept as a column; the claim holds it whole


class State(models.TextChoices):
    """Where a submission stands on its way through the machine; what people decide on it is the review page's."""

    WAITING = "waiting", "待处理"
    WORKING = "working", "处理中"  # someone holds a lease on it
    DONE = "done", "已完成"
    FAILED = "failed", "处理失败"  # our own fault or the machine's; `intake run --retry-failed` takes it again
    REFUSED = "refused", "未受理"  # not taken in, with a reason
    WITHDRAWN = "withdrawn", "已撤回"  # no longer in the batch; all that was known of it is kept


FINAL = (State.DONE, State.FAILED, State.REFUSED, State.WITHDRAWN)
OWN_REASONS = {"error": "程序出错", "storage": "存储或数据库故障", "duplicate": "重复提交"}
# every reason for which a file or a submission is left: those of reading, and the store's own
REASONS = {**{reason.value: QUARANTINE[reason.value] for reason in QuarantineReason}, **OWN_REASONS}


class Unchangeable(models.QuerySet[Any]):
    """Rows that are only ever added."""

    def update(self, **values: Any) -> NoReturn:
        raise TypeError(f"{self.model.__name__}: rows are only added, never changed")

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__}: rows are only added, never deleted")


class AppendOnly(models.Model):
    """A table whose rows are only ever added. Refuses what would change or delete one by Django; it can't stop who writes SQL."""

    objects = Unchangeable.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **how: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__}: rows are only added, never changed")
        super().save(*args, **how)

    def delete(self, *args: Any, **how: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__}: rows are only added, never deleted")


class Batch(models.Model):
    """What was received together, e.g. in January.

    year: in whose January it was filed. reference: folder of the tables that the last run was given; what it is judged by is the last `ReferencePut`.
    tables: the insurers' tables in full
    (`pipeline.store.outcomes.Tables` as JSON), "" where none were filed.
    """

    name = models.CharField(max_length=255)
    scheme = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    created = models.DateTimeField()
    reference = models.TextField(default="")
    tables = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "scheme", "year"], name="one_batch")]

    def __str__(self) -> str:
        return f"{self.name} ({self.scheme}, {self.year})"


# How much is at stake for each yuan asked for: a claim that looks wrong before one that lacks a paper, a clear one last. What isn't triaged counts as if to be reviewed.
RISK = {Triage.INELIGIBLE: Decimal("1"), Triage.REVIEW: Decimal("0.7"), Triage.SUPPLEMENT: Decimal("0.5"), Triage.CLEAR: Decimal("0.1")}
ASKED = Coalesce(F("subsidy_requested"), Value(Decimal(0)), output_field=models.DecimalField(max_digits=18, decimal_places=2))
STAKE = Case(*(When(triage=triage.value, then=Value(weight)) for triage, weight in RISK.items()), default=Value(RISK[Triage.REVIEW]), output_field=models.DecimalField(max_digits=2, decimal_places=1)) * ASKED


class Submission(models.Model):
    """What one applicant filed for one product.

    fingerprint: of all that its claim was made from, "" where it has to be made anew. attempts: how often it was taken since its content last changed.
    version: number of the claim in force, 0 before there is one. reason: why it failed or was refused, one of REASONS. failure: what a programmer needs to know.
    stake: what the database makes of triage and amount, for the queue's order. finished: when a run last ended its work on it. seconds: what the claim took to make, reading_seconds of them for reading.
    reference: mark of the reference tables that the claim in force was last judged with, "" where that isn't known.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="submissions")
    submission_id = models.CharField(max_length=255)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=20, default="", blank=True)
    failure = models.TextField(default="", blank=True)
    fingerprint = models.CharField(max_length=64, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0.0)
    reading_seconds = models.FloatField(default=0.0)

    version = models.PositiveIntegerField(default=0)
    reference = models.CharField(max_length=64, default="", blank=True)
    triage = models.CharField(max_length=12, default="", blank=True)
    track = models.CharField(max_length=16, default="", blank=True)
    applicant = models.CharField(max_length=NAME, default="", blank=True)
    insurer = models.CharField(max_length=NAME, default="", blank=True)
    product = models.CharField(max_length=NAME, default="", blank=True)
    policy_number = models.CharField(max_length=NAME, default="", blank=True)
    sum_insured = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    premium = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    subsidy_requested = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    stake = models.GeneratedField(expression=STAKE, output_field=models.DecimalField(max_digits=20, decimal_places=3), db_persist=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "submission_id"], name="one_submission"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="known_state"),
            models.CheckConstraint(condition=Q(state=State.WORKING, lease_until__isnull=False) | (~Q(state=State.WORKING) & Q(lease_owner="", lease_until__isnull=True)), name="leased_while_working"),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "lease_until"], name="submission_state"),
            models.Index(fields=["batch", "triage", "subsidy_requested"], name="submission_triage"),
            models.Index(fields=["batch", "track", "subsidy_requested"], name="submission_track"),
            models.Index(fields=["applicant", "submission_id"], name="submission_applicant"),
            models.Index(fields=["insurer", "submission_id"], name="submission_insurer"),
            models.Index(fields=["policy_number"], name="submission_policy"),
            models.Index(fields=["batch", "subsidy_requested"], name="submission_amount"),
            models.Index(F("stake").desc(), F("id"), name="submission_stake"),
            models.Index(ASKED.desc(), F("id"), name="submission_asked"),
            models.Index(fields=["submission_id"], name="submission_name"),
            models.Index(fields=["triage", "track", "id"], name="submission_by_triage"),
            models.Index(fields=["track", "triage", "id"], name="submission_by_track"),
            models.Index(fields=["batch", "updated"], name="submission_updated"),
            models.Index(fields=["batch", "finished"], name="submission_finished"),
            models.Index(fields=["created"], name="submission_created"),
            models.Index(fields=["lease_owner"], name="submission_owner", condition=~Q(lease_owner="")),
        ]

    def __str__(self) -> str:
        return self.submission_id


class File(models.Model):
    """A file as it was filed, or one that lay in a ZIP.

    submission: None for what insurers filed with the batch. name: as given, for people; never a path to open. sha256, size: of its own bytes.
    blob: SHA-256 of the original that holds it, its own where it came by itself; "" of what couldn't be kept, e.g. a link that leads elsewhere.
    pages: how many it has, None where it couldn't be opened; each was read by OCR, taken from its text layer, blank, or set aside (of a quarantined file
    all). reason: why it was set aside, "" where it wasn't.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="files")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="files")
    number = models.PositiveIntegerField()
    name = models.TextField()
    sha256 = models.CharField(max_length=64, default="")
    size = models.PositiveBigIntegerField(default=0)
    blob = models.CharField(max_length=64, default="")
    pages = models.PositiveIntegerField(null=True)
    pages_ocr = models.PositiveIntegerField(default=0)
    pages_text = models.PositiveIntegerField(default=0)
    pages_blank = models.PositiveIntegerField(default=0)
    pages_aside = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=20, default="", blank=True)
    detail = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="one_file", condition=Q(submission__isnull=False)),
            models.UniqueConstraint(fields=["batch", "number"], name="one_insurers_file", condition=Q(submission__isnull=True)),
        ]
        indexes = [models.Index(fields=["sha256"], name="file_content"), models.Index(fields=["blob"], name="file_blob"), models.Index(fields=["batch", "reason"], name="file_reason")]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class ClaimVersion(AppendOnly):
    """A claim as it was at one time, in full.

    text: `models.claim.Claim` as JSON. made_by: `pipeline.store.data.MadeBy`; by: who corrected it, "" where a machine made it. fingerprint, reader, reference: what it was made from and with;
    reference is the mark of the reference tables (`ReferenceVersion`).
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    made_by = models.CharField(max_length=12)
    by = models.CharField(max_length=150, default="", blank=True)
    made_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64, default="", blank=True)
    reader = models.CharField(max_length=64, default="", blank=True)
    reference = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="one_version")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.submission_id} v{self.number}"

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return _claim(self.text)


HELD = 128  # claims that a process keeps beside their JSON, some 0.5 MB each: three each for forty people at work
_held: OrderedDict[str, Claim] = OrderedDict()  # the last asked for at the end
_lock = Lock()


def _claim(text: str) -> Claim:
    """A page about one claim asks for the same one again and again, and reading its JSON is most of what that takes."""
    with _lock:
        if text in _held:
            _held.move_to_end(text)
            return _held[text]
    return remember(text, Claim.model_validate_json(text))


def remember(text: str, claim: Claim) -> Claim:
    """Keep a claim beside its JSON: who has just written it will be asked for it next."""
    with _lock:
        _held[text] = claim
        while len(_held) > HELD:
            _held.popitem(last=False)
    return claim


class FlagRaised(models.Model):
    """That the claim in force bears flags of a code, for the queue; message and evidence are the claim's."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="flags")
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=12)
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "code", "severity"], name="one_flag")]
        indexes = [models.Index(fields=["code", "severity"], name="flag_code")]

    def __str__(self) -> str:
        return self.code


class BuyerNamed(models.Model):
    """That the claim in force names this user of the product, so that a user's other claims are found. A claim that was written before there was this table has none until it is next written."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="buyers")
    name = models.CharField(max_length=NAME)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="one_buyer")]
        indexes = [models.Index(fields=["name"], name="buyer_name")]

    def __str__(self) -> str:
        return self.name


class ReferenceFile(AppendOnly):
    """A reference table's file as it was taken in. sha256: of its bytes; data: those bytes, deflated."""

    sha256 = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256[:12]


class ReferenceVersion(AppendOnly):
    """The reference tables as they were at one time. mark: over all of them; files: SHA-256 by table, a table that isn't there was not given."""

    mark = models.CharField(max_length=64, unique=True)
    files = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.mark[:8]


class ReferencePut(AppendOnly):
    """That a version of the reference tables was put in force for a batch: by whom ("" for a run), how (`pipeline.store.reference.Origin`), with which words.

    told: by table how many rows were added, removed and changed against the version before. The last of a batch is in force.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="reference_puts")
    version = models.ForeignKey(ReferenceVersion, models.PROTECT, related_name="puts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150, default="", blank=True)
    origin = models.CharField(max_length=12)
    note = models.TextField(default="", blank=True)
    told = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_put")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.number} {self.version}"

    @property
    def origin_word(self) -> str:
        """How the page's words call its origin."""
        return f"origin_{self.origin}"
