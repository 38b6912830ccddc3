"""Forms of the corpus pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isogloss.corpus.rules import Mapping
from isogloss.platform.forms import PlainForm


class UploadForm(PlainForm):
    """The file to import."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "JSONL, CSV or TSV in UTF-8, up to 2 GiB. It is read as a stream; nothing is imported before you have seen the mapping."
        ),
    )
    batch = forms.CharField(
        label=_("Batch"), required=False, max_length=200, help_text=_("Items that belong together. Left empty, the file's name is taken.")
    )


class MappingForm(PlainForm):
    """Which column is what; the choices are the file's columns."""

    def __init__(self, *args: object, columns: list[str], fields: tuple[str, ...], guess: Mapping, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through
        self._schema_fields = fields
        some = [(c, c) for c in columns]
        none = [("", _("– none –")), *some]
        for name in fields:
            self.fields[f"field:{name}"] = forms.ChoiceField(
                label=_("Shown as “%(name)s”") % {"name": name}, choices=some, initial=guess.fields.get(name)
            )
        self.fields["id"] = forms.ChoiceField(
            label=_("Id"),
            required=False,
            choices=none,
            initial=guess.id,
            help_text=_("The same id twice is the same item. Without one, the same text is."),
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            required=False,
            choices=none,
            initial=guess.language,
            help_text=_("Without one, the language is estimated."),
        )
        self.fields["severity"] = forms.ChoiceField(label=_("Severity"), required=False, choices=none, initial=guess.severity)
        self.fields["hazards"] = forms.ChoiceField(
            label=_("Hazards"),
            required=False,
            choices=none,
            initial=guess.hazards,
            help_text=_("Categories such as hate or self_harm: a list, or names between commas."),
        )
        self.fields["update"] = forms.BooleanField(
            label=_("Rows whose id is known change the item: its content, language, severity and hazards"),
            required=False,
            help_text=_("Other content becomes the item's next version. Otherwise such rows come back in the file of bad rows."),
        )
        self.fields["guarded"] = forms.BooleanField(
            label=_("The file is an Isogloss CSV export (remove the apostrophes put before formulas)"), required=False
        )

    def mapping(self) -> Mapping:
        """Return the mapping that was chosen."""
        data = self.cleaned_data
        return Mapping(
            fields={name: data[f"field:{name}"] for name in self._schema_fields},
            id=data["id"],
            language=data["language"],
            severity=data["severity"],
            hazards=data["hazards"],
        )
