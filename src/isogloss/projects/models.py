"""What was agreed: languages, schema, redundancy, members."""

from django.conf import settings
from django.db import models

from isogloss.accounts.rules import ROLE_CHOICES
from isogloss.platform.choices import choices_of
from isogloss.platform.identifiers import new_public_id
from isogloss.projects.rules import Aggregation, ProjectState, Routing


class Project(models.Model):
    """One piece of agreed work."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=choices_of(ProjectState), default=ProjectState.ACTIVE)
    guideline = models.ForeignKey("guidelines.Guideline", on_delete=models.PROTECT, related_name="projects")
    version = models.ForeignKey("guidelines.GuidelineVersion", on_delete=models.PROTECT, related_name="projects")
    declared_severity = models.PositiveSmallIntegerField()
    hazards = models.JSONField(default=list)
    due = models.DateField(null=True)
    simulated = models.BooleanField(default=False)
    pseudonym_key = models.CharField(max_length=64)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()


class Workflow(models.Model):
    """How a project's items are handed out and concluded."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="workflow")
    target = models.PositiveSmallIntegerField(default=3)
    maximum = models.PositiveSmallIntegerField(null=True)
    aggregation = models.CharField(max_length=8, choices=choices_of(Aggregation), default=Aggregation.MAJORITY)
    routing = models.CharField(max_length=8, choices=choices_of(Routing), default=Routing.LANGUAGE)
    lease_minutes = models.PositiveSmallIntegerField(default=30)
    gold_enabled = models.BooleanField(default=False)
    adaptive = models.JSONField(default=dict)
    full_share = models.FloatField(default=0.05)
    priority = models.SmallIntegerField(default=0)
    qualification = models.ForeignKey("workforce.Qualification", on_delete=models.PROTECT, null=True, related_name="+")


class ProjectLanguage(models.Model):
    """A language of the project and what it asks of people."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="languages")
    tag = models.CharField(max_length=35)
    modality = models.CharField(max_length=8, default="read")
    level = models.CharField(max_length=2, default="B2")
    volume = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "tag"), name="one_row_per_language"),)


class Membership(models.Model):
    """A role in one project; `in_pool` lets an annotator be served what has no routing language."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    in_pool = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "user", "role"), name="one_membership_per_role"),)
