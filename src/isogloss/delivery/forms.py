"""The form that asks for a release."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isogloss.delivery.rules import LONGEST_NOTE, LONGEST_VERSION
from isogloss.platform.forms import PlainForm

FORMATS = [("jsonl", _("JSONL: one object a line, exact")), ("csv", _("CSV: for spreadsheets")), ("parquet", _("Parquet: for analysis"))]


class ReleaseForm(PlainForm):
    """The version, the formats, and what is said about it."""

    version = forms.CharField(
        label=_("Version"),
        max_length=LONGEST_VERSION,
        help_text=_("Major when the labels change, minor for more rows, patch for corrections: 1.2.0."),
    )
    formats = forms.MultipleChoiceField(label=_("Formats"), choices=FORMATS, initial=["jsonl"], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))
    include_gold = forms.BooleanField(
        label=_("With gold items"),
        required=False,
        help_text=_("Gold checks people; it is left out unless the requester needs it, and is marked when it is in."),
    )
    test_share = forms.ChoiceField(
        label=_("Held out for tests"),
        required=False,
        initial="0",
        choices=[("0", _("nothing")), ("0.05", "5 %"), ("0.1", "10 %"), ("0.2", "20 %")],
        help_text=_("Marks each item train or test. Items that say nearly the same fall together; parts stay the same in later releases."),
    )

    def clean_test_share(self) -> float:
        """Return the share as a number; nothing chosen is nothing held out."""
        return float(self.cleaned_data["test_share"] or 0)
