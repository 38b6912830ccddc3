"""Records about language models; the models themselves are folders of the data directory, which `core.language.registry` keeps."""

from django.conf import settings
from django.db import models

from isogloss.platform.identifiers import new_public_id


class TrainingRun(models.Model):
    """One request to train a model: from which releases, and what came of it."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    job = models.ForeignKey("platform.Job", on_delete=models.PROTECT, null=True, related_name="+")
    sources = models.JSONField(default=list)
    seed = models.BigIntegerField()
    model = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()


class Activation(models.Model):
    """Somebody let a model speak, or went back from it; an empty name is the shipped detectors alone. Append-only."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    model = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    is_back = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
