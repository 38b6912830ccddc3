"""The form of the label schema page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isogloss.platform.forms import PlainForm


class SchemaForm(PlainForm):
    """A label schema as it is being written; `looked` says of which text the effect was shown."""

    source_field = "schema_source"

    schema_source = forms.CharField(
        label=_("Label schema"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 26, "class": "code", "spellcheck": "false", "wrap": "off", "dir": "ltr", "autocomplete": "off"}
        ),
    )
    base = forms.IntegerField(widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("What has changed?"), max_length=500, required=False)

    def clean_schema_source(self) -> str:
        """Return the text with plain line ends: forms send two characters for one."""
        return str(self.cleaned_data["schema_source"]).replace("\r\n", "\n")
