"""Forms of the label schema page and of inquiries."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from isogloss.guidelines.schemas import Question
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


MOST_LABELS = 60


def labels_of(questions: Iterable[Question]) -> list[tuple[str, str]]:
    """Return the labels that a ruling may be about, once each."""
    found: dict[str, str] = {}
    for question in questions:
        for label in question.labels:
            found.setdefault(label.value, label.name)
    return list(found.items())[:MOST_LABELS]


class AnswerForm(PlainForm):
    """An answer to an inquiry, and whether it holds for everybody."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
    is_ruling = forms.BooleanField(label=_("Make it a ruling: everybody reads it beside the guideline"), required=False)
    labels = forms.MultipleChoiceField(label=_("It is about the labels"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, labels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["labels"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = labels
