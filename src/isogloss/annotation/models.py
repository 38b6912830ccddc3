"""What people said, and what was concluded; rows are only ever appended."""

from django.conf import settings
from django.db import models


class Source(models.TextChoices):
    """How an annotation came to us."""

    LIVE = "live"
    REPLAYED = "replayed"
    IMPORT = "import"


class Annotation(models.Model):
    """One person's answer to an item; a correction is the next revision, and the latest stands.

    `counted` says whether it took a slot of the item's target (surplus work is kept uncounted); `gold` that the item was served as gold.
    Times are the lease's and the page's; `active_ms` is null where nobody measured. The database checks no foreign keys here: on PostgreSQL
    each check would lock, and so write, the row of the item and of the one guideline version that everybody answers under; the values come
    from a lease, whose row came from checked ones.
    """

    public_id = models.CharField(max_length=32, unique=True)
    project_id = models.BigIntegerField()
    item = models.ForeignKey("corpus.Item", on_delete=models.PROTECT, related_name="annotations", db_index=False, db_constraint=False)
    item_version = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations", db_index=False, db_constraint=False
    )
    revision = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=32)
    guideline_version = models.ForeignKey(
        "guidelines.GuidelineVersion", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    answers = models.TextField()
    language = models.CharField(max_length=35)
    lease = models.CharField(max_length=32, null=True)  # noqa: DJ001  null where there was no lease: imported annotations
    leased_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    active_ms = models.PositiveIntegerField(null=True)
    suggestion_visible = models.BooleanField(default=False)
    served = models.TextField(blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.LIVE)
    counted = models.BooleanField(default=True)
    gold = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item", "person", "revision"), name="one_annotation_per_revision"),
            models.UniqueConstraint(fields=("person", "key"), name="one_annotation_per_key"),
        )
        indexes = (
            models.Index(fields=("project_id", "id"), name="annotations_of_project"),
            models.Index(fields=("lease",), name="annotations_by_lease", condition=models.Q(lease__isnull=False)),
            models.Index(fields=("person", "project_id", "id"), name="annotations_of_person"),
        )


class SetAside(models.Model):
    """A recall: the annotation is kept and no longer counts."""

    annotation = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="set_aside")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()


class Skipped(models.Model):
    """A person passed an item on, with a reason; they are not served it again."""

    item = models.ForeignKey("corpus.Item", on_delete=models.PROTECT, related_name="skips", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    project_id = models.BigIntegerField(db_index=True)
    key = models.CharField(max_length=64)
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "person"), name="one_skip_per_person"),)


class Reveal(models.Model):
    """A person lifted the veil over an item; exposure, whether or not they answered it afterwards."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("corpus.Item", on_delete=models.PROTECT, related_name="+", db_index=False)
    lease = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "at"), name="reveals_of_person"),)


class DecisionStatus(models.TextChoices):
    """What kind of conclusion it is."""

    AGREED = "agreed"
    TIE = "tie"
    ADJUDICATED = "adjudicated"
    AMBIGUOUS = "ambiguous"
    WITHDRAWN = "withdrawn"
    """There was a conclusion, and nothing that stands concludes the item now; whoever reads decisions leaves it out."""


COUNTED = (DecisionStatus.AGREED, DecisionStatus.TIE)
"""Conclusions that were counted from answers; the others were made by a person, or withdrawn."""


class Decision(models.Model):
    """What was concluded on one question of an item; later rows supersede, earlier rows stay."""

    project_id = models.BigIntegerField()
    item = models.ForeignKey("corpus.Item", on_delete=models.PROTECT, related_name="decisions", db_index=False)
    question = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    label = models.TextField(null=True)  # noqa: DJ001  null is a tie: there is no label, not an empty one
    status = models.CharField(max_length=12, choices=DecisionStatus.choices)
    confidence = models.FloatField(null=True)
    votes = models.JSONField(default=dict)
    annotations = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=64)
    watermark = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "question", "number"), name="one_decision_per_number"),)
        indexes = (models.Index(fields=("project_id", "question", "item"), name="latest_decisions", condition=models.Q(is_latest=True)),)
