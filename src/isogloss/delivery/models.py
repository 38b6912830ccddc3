"""What was handed over: immutable releases."""

from django.conf import settings
from django.db import models

from isogloss.platform.identifiers import new_public_id


class ReleaseState(models.TextChoices):
    """A release is ready or it does not exist for anybody but the job that makes it."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Release(models.Model):
    """A frozen, versioned, checked copy of a project's data with its manifest; `folder` lies under `releases/` of the data directory."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=ReleaseState.choices, default=ReleaseState.MAKING)
    note = models.TextField(blank=True)
    formats = models.JSONField(default=list)
    with_gold = models.BooleanField(default=False)
    test_share = models.FloatField(default=0.0)
    job = models.ForeignKey("platform.Job", on_delete=models.PROTECT, null=True, related_name="+")
    folder = models.CharField(max_length=300, blank=True)
    items = models.BigIntegerField(default=0)
    annotations = models.BigIntegerField(default=0)
    decisions = models.BigIntegerField(default=0)
    ties = models.BigIntegerField(null=True)  # of the decisions; releases of earlier versions do not say
    manifest_hash = models.CharField(max_length=64, blank=True)
    watermark = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "version"), name="one_release_per_version"),)
