"""Rows that every context may write: the audit trail, jobs, idempotency keys."""

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which thing, and when; append-only."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=64)
    thing = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=64)
    project_id = models.BigIntegerField(null=True, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """Long work outside the request: claimed by compare-and-set, may run twice, reports progress, can be cancelled."""

    public_id = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=64)
    ids = models.JSONField(default=dict)
    project_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=16, choices=JobState.choices, default=JobState.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=500, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "id"), name="job_next"),)


class IdempotentReply(models.Model):
    """The answer once given to an API request with an `Idempotency-Key`, so that a repeat gets the same."""

    actor = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="one_reply_per_key"),)


class WorkerSeen(models.Model):
    """When a process that runs jobs was last heard of."""

    name = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
