"""What is labelled: batches, items, their versions, imports."""

from django.conf import settings
from django.db import models

from isogloss.corpus.rules import FlagKind, Known
from isogloss.platform.choices import choices_of
from isogloss.platform.identifiers import new_public_id


class BatchState(models.TextChoices):
    """Whether a batch is served."""

    ACTIVE = "active"
    PAUSED = "paused"


class Batch(models.Model):
    """Items that came together and are worked on together."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.ACTIVE)
    priority = models.SmallIntegerField(default=0)
    due = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "name"), name="one_batch_per_name"),)


class Item(models.Model):
    """A thing to annotate: its present content, and what is known of its language.

    `content` is the JSON object of the fields as imported; length and estimate are of the fields that people see.
    `routing_language` is null until detection has run. `estimated_by` names the trained model that had a voice in the estimate, empty where
    the shipped detectors spoke alone. `cluster` is the first item of those that say nearly the same, null for one that stands alone or
    was not compared yet. `held_for` is the item in whose place this one is not served.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="items", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    content = models.TextField()
    content_hash = models.CharField(max_length=32)
    length = models.PositiveIntegerField()
    declared_language = models.CharField(max_length=35, blank=True)
    language = models.CharField(max_length=35, blank=True)
    confidence = models.FloatField(null=True)
    runner_up = models.CharField(max_length=35, blank=True)
    estimated_by = models.CharField(max_length=64, blank=True, db_default="")
    routing_language = models.CharField(max_length=35, null=True)  # noqa: DJ001  null: detection has not run; "" would be a language
    severity = models.PositiveSmallIntegerField()
    hazards = models.CharField(max_length=200, blank=True)
    cluster = models.BigIntegerField(null=True)
    held_for = models.BigIntegerField(null=True)
    meta = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "external_id"), name="one_item_per_external_id"),)
        indexes = (
            models.Index(fields=("project", "routing_language", "id"), name="items_by_language"),
            models.Index(fields=("project", "id"), name="items_of_project"),
            # Few items are in clusters and fewer are held, so these cost an import nothing.
            models.Index(fields=("cluster", "id"), name="items_of_cluster", condition=models.Q(cluster__isnull=False)),
            models.Index(fields=("project", "id"), name="held_items", condition=models.Q(held_for__isnull=False)),
        )

    def known(self) -> Known:
        """Return what a row of an import is compared with."""
        return Known(self.content_hash, self.declared_language, self.severity, self.hazards)


class ItemVersion(models.Model):
    """Content that was replaced by an import with `--update`, and what replaced it; version 1 of an untouched item stands in it alone."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="one_item_version_per_number"),)


class Flag(models.Model):
    """Something about an item's language that a person should look at; rows come and go with what is known.

    A row a flag, not a bit of the item: the list narrowed to a rare flag reads its rows alone, and figures are counts over the index.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=choices_of(FlagKind))
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="flags")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "kind", "item"), name="one_flag_per_kind"),)


class SignatureBlock(models.Model):
    """MinHash signatures and exact hashes of some items in order, packed: 208 bytes an item instead of a row of the index a band.

    A block covers items up to `last_item`; two workers may write blocks that overlap, and the first word on an item counts.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False)
    last_item = models.BigIntegerField()
    items = models.BinaryField()
    hashes = models.BinaryField()
    signatures = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("project", "last_item"), name="blocks_of_project"),)


class ClusterPass(models.Model):
    """Up to which item the texts of a project were compared, what came of it, and whether repeated texts of later imports are held."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="+")
    holds = models.BooleanField(default=False)
    upto = models.BigIntegerField(default=0)
    items = models.BigIntegerField(default=0)
    clusters = models.BigIntegerField(default=0)
    clustered = models.BigIntegerField(default=0)
    exact = models.BigIntegerField(default=0)
    largest = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)


class ImportRun(models.Model):
    """One file that was read: how it was mapped, what came in, what did not."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="imports")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="imports")
    job = models.ForeignKey("platform.Job", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=300)
    file_format = models.CharField(max_length=16)
    file_path = models.CharField(max_length=500)
    file_hash = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    read = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    annotations = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    bad_path = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class ProfileRun(models.Model):
    """A look at what a file or a batch is made of, before or after it is imported; `result` holds figures only, no text."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="+")
    job = models.ForeignKey("platform.Job", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=300)
    file_format = models.CharField(max_length=16, blank=True)
    file_path = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=dict)
    masked_path = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
