"""Forms of the pages about competences and qualifications."""

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from isogloss.platform.forms import PlainForm
from isogloss.workforce.rules import Level, Modality

_MODALITIES = [(Modality.READ.value, _("reads")), (Modality.WRITE.value, _("reads and writes")), (Modality.LISTEN.value, _("listens"))]


class CompetenceForm(PlainForm):
    """What a person can do in a language, on what evidence, until when."""

    tag = forms.CharField(
        label=_("Language"), help_text=_("A BCP-47 tag such as id, zh-Hant or pt-BR; it covers narrower ones."), max_length=35
    )
    modality = forms.ChoiceField(label=_("The person"), choices=_MODALITIES, initial=Modality.READ.value)
    level = forms.ChoiceField(label=_("Level"), choices=[(level.value, level.value) for level in Level], initial=Level.C1.value)
    evidence = forms.CharField(
        label=_("Evidence"), help_text=_("A certificate, a test, where they grew up."), required=False, max_length=300
    )
    expires_on = forms.DateField(
        label=_("Holds until"),
        help_text=_("The end of this day in your time zone."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ProfileForm(PlainForm):
    """Where and how much a person works."""

    time_zone = forms.ChoiceField(
        label=_("Time zone of their work"),
        required=False,
        help_text=_("Their day and its limits begin at 04:00 on this clock."),
        choices=lambda: [("", _("The person's own")), *[(z, z) for z in sorted(zoneinfo.available_timezones())]],
    )
    weekly_hours = forms.DecimalField(label=_("Hours a week"), required=False, min_value=0, max_value=168, max_digits=4, decimal_places=1)


class QualificationForm(PlainForm):
    """Something to be passed."""

    name = forms.CharField(label=_("Name"), max_length=150)
    description = forms.CharField(label=_("What is tested, and how?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    valid_days = forms.IntegerField(
        label=_("A pass holds for how many days?"),
        help_text=_("Empty: until somebody ends it."),
        required=False,
        min_value=1,
        max_value=3660,
    )


class AttemptForm(PlainForm):
    """How a person's try ended."""

    username = forms.CharField(label=_("Username"), max_length=150)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("passed", _("passed")), ("failed", pgettext_lazy("a test", "failed"))])
    score = forms.FloatField(label=_("Score"), help_text=_("Between 0 and 1."), required=False, min_value=0, max_value=1)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
