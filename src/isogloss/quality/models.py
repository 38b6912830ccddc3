"""Figures about quality, as they were computed."""

from django.db import models


class Figure(models.Model):
    """A stored figure with its method, inputs, sample size, interval and seed, so that a page computes nothing.

    Its inputs are the project's annotations up to `watermark` without what was recalled up to `recalls`, when `complete` items had reached
    their targets.
    """

    project_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    question = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=35, blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n_items = models.BigIntegerField(default=0)
    n_annotations = models.BigIntegerField(default=0)
    method = models.CharField(max_length=120)
    reason = models.CharField(max_length=300, blank=True)
    seed = models.BigIntegerField(null=True)
    watermark = models.BigIntegerField()
    recalls = models.BigIntegerField(default=0)
    complete = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("project_id", "-watermark"), name="latest_figures"),)
