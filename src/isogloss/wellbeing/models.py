"""The exposure policy, consents, what people were exposed to, and what dispatch was told; check-ins do not live here."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from isogloss.platform.identifiers import new_public_id


class ExposurePolicy(models.Model):
    """One version of the site's policy, never edited; `base` is the version in force that it was drawn up from."""

    number = models.PositiveIntegerField(unique=True)
    base = models.PositiveIntegerField()
    table = models.JSONField()
    looser = models.JSONField(default=list)
    note = models.CharField(max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("base",), condition=Q(in_force_at__isnull=False), name="one_policy_follows_another"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=models.F("made_by")), name="policy_signed_by_a_second_person"
            ),
        )


class Consent(models.Model):
    """What a person agrees to in a hazard category, given and withdrawn by themselves; a change ends one row and adds another."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    hazard = models.CharField(max_length=64)
    severity = models.SmallIntegerField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "hazard"), condition=Q(ended_at__isnull=True), name="one_standing_consent"),
        )
        indexes = (models.Index(fields=("person", "hazard", "id"), name="consents_of_person"),)


class Kind(models.TextChoices):
    """What brought a person before an item."""

    ANSWER = "answer"
    CORRECTION = "correction"
    SKIP = "skip"


class ExposureEntry(models.Model):
    """One item of S1 or above that a person met; append-only, derived from answers and skips."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    project_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source_id = models.BigIntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    severity = models.PositiveSmallIntegerField()
    hazards = models.CharField(max_length=200, blank=True)
    active_ms = models.PositiveIntegerField()
    reveals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "source_id"), name="one_entry_per_source"),)
        indexes = (models.Index(fields=("person", "at"), name="entries_of_person"),)


class ExposureDay(models.Model):
    """The entries of a person's working day at one severity, added up as they are derived."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    severity = models.PositiveSmallIntegerField()
    active_ms = models.BigIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "day", "severity"), name="one_row_per_day_and_severity"),)


class ReadMark(models.Model):
    """Up to which row of a table every entry has been derived; `seen` was the latest row at `seen_at`, and may still have gaps below it."""

    source = models.CharField(max_length=12, primary_key=True)
    until = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)


class Allowance(models.Model):
    """What dispatch was last told of a person; who tells it locks this row, so that no older plan follows a newer one."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    told = models.JSONField(default=dict)
    cuts = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True)


class Contact(models.Model):
    """Somebody to talk to, shown by the panic key: for the whole site, or first of all for one project."""

    project_id = models.BigIntegerField(null=True, db_index=True)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    detail = models.CharField(max_length=200)
