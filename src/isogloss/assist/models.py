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
    """Somebody let a model (or tagger) speak, or went back from it; an empty name is the shipped detectors alone. Append-only."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    model = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    is_back = models.BooleanField(default=False)
    is_tagger = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class SegmentPass(models.Model):
    """Up to which item the words of a project's texts were looked at, which model had a voice, and whether people see what it suggests."""

    project_id = models.BigIntegerField(unique=True)
    upto = models.BigIntegerField(default=0)
    model = models.CharField(max_length=64, blank=True)
    suggests = models.BooleanField(default=False)
    made_at = models.DateTimeField()


class Suggestion(models.Model):
    """What a model would answer to questions of an item, as the workbench gets it; append-only, so that what was shown when can be told.

    The hot path reads it in raw SQL, by item, where it was not superseded.
    """

    project_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    item_version = models.PositiveIntegerField()
    value = models.TextField()
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item_id",), condition=models.Q(superseded_at__isnull=True), name="one_valid_suggestion"),
        )


class FlagFigure(models.Model):
    """How many items of a project carry a flag, and how often the flag was right where people have decided; language "" is all of them."""

    project_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=35, blank=True)
    items = models.BigIntegerField()
    decided = models.BigIntegerField()
    right = models.BigIntegerField()
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    method = models.CharField(max_length=120)
    watermark = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project_id", "kind", "language"), name="one_figure_per_flag"),)
