"""What the labels mean: schema and text versioned together, rulings and inquiries."""

from django.conf import settings
from django.db import models

from isogloss.platform.identifiers import new_public_id


class Guideline(models.Model):
    """A line of versions that projects follow."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    name = models.CharField(max_length=200)
    rulings = models.PositiveIntegerField(default=0)
    versions_made = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()


class GuidelineVersion(models.Model):
    """One state of label schema and text; never changed once made. `renames` says what goes by another name than in the version before."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema_source = models.TextField()
    schema_document = models.TextField()
    text = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    renames = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("guideline", "number"), name="one_version_per_number"),)


class Ruling(models.Model):
    """A numbered decision about the guideline; never renumbered."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="made_rulings")
    number = models.PositiveIntegerField()
    text = models.TextField()
    labels = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("guideline", "number"), name="one_ruling_per_number"),)


class Inquiry(models.Model):
    """What a person asks about the guideline while looking at an item; the item is known only by the lease."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="inquiries")
    project_id = models.BigIntegerField(db_index=True)
    item_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_at = models.DateTimeField()
    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, null=True, related_name="inquiries")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
