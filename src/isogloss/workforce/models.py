"""A person's languages, qualifications and hours."""

from django.conf import settings
from django.db import models

from isogloss.platform.choices import choices_of
from isogloss.platform.identifiers import new_public_id
from isogloss.workforce.rules import Level, Modality


class Profile(models.Model):
    """Where and when a person works."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    time_zone = models.CharField(max_length=64, blank=True)
    weekly_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    note = models.TextField(blank=True)


class Competence(models.Model):
    """What a person can do in a language variety, on what evidence, until when; withdrawn, never edited."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="competences")
    tag = models.CharField(max_length=35)
    modality = models.CharField(max_length=8, choices=choices_of(Modality), default=Modality.READ)
    level = models.CharField(max_length=2, choices=choices_of(Level))
    evidence = models.CharField(max_length=300, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "tag"), name="competence_by_person"),)


class Qualification(models.Model):
    """Something a person must have passed before a project serves them: a name, how long a pass holds."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    name = models.CharField(max_length=150, unique=True)
    description = models.TextField(blank=True)
    valid_days = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()


class Attempt(models.Model):
    """One try at a qualification and its outcome; a later row overrides an earlier one."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    passed = models.BooleanField()
    score = models.FloatField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=("user", "qualification", "id"), name="attempts_of_person"),)
