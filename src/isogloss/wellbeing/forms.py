"""The form of the policy page: one column a severity, in minutes and days."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from isogloss.platform.forms import PlainForm
from isogloss.wellbeing.rules import CAPPED, LEVELS, Agreement, Policy, as_table
from isogloss.wellbeing.words import FIELDS

if TYPE_CHECKING:
    from django.utils.functional import Promise

_COLUMNS = ("daily", "stretch", "pause", "days", "consent", "renewal", "support")
_NUMBERS = ("daily", "stretch", "pause", "days", "renewal")
_AGREEMENTS = [(Agreement.PROJECT.value, _("by joining the project")), (Agreement.CATEGORY.value, _("by category, by the person"))]


class PolicyForm(PlainForm):
    """A whole policy; an empty number is no limit."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    ramp = forms.CharField(
        label=_("Share of the daily limits in a new starter's first weeks, in percent"),
        help_text=_("Week 1 first: 0 25 50. From the week after the last one the limits hold in full."),
        required=False,
        max_length=200,
    )
    note = forms.CharField(label=_("Why does the policy change?"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in LEVELS:
            for name in _COLUMNS:
                self.fields[f"{name}_{level}"] = self._field(name, level=level)

    @staticmethod
    def _field(name: str, *, level: int) -> forms.Field:
        label = f"S{level}" if level else "S0–S1"
        if name == "consent":
            return forms.ChoiceField(choices=_AGREEMENTS, label=label, required=level in CAPPED, disabled=level not in CAPPED)
        if name == "support":
            return forms.CharField(label=label, required=False, max_length=300)
        attributes = {"min": 0, "inputmode": "numeric"}
        disabled = level not in CAPPED and name in {"daily", "days", "renewal"}
        return forms.IntegerField(
            label=label, required=name in {"stretch", "pause"}, disabled=disabled, widget=forms.NumberInput(attrs=attributes)
        )

    def rows(self) -> list[tuple["str | Promise", list[BoundField]]]:
        """Return the numbers as the table shows them: what is limited, and its fields by severity."""
        return [(FIELDS[name], [self[f"{name}_{level}"] for level in LEVELS]) for name in _NUMBERS]

    def below(self) -> list[tuple["str | Promise", BoundField]]:
        """Return the fields below the table: consent and support by severity."""
        shown = [*(("consent", level) for level in CAPPED), *(("support", level) for level in LEVELS)]
        return [(FIELDS[name], self[f"{name}_{level}"]) for name, level in shown]

    @staticmethod
    def first(policy: Policy, *, number: int) -> dict[str, object]:
        """Return the policy as the form's first values."""
        table: Any = as_table(policy)
        values = {f"{name}_{level}": table["levels"][str(level)][name] for level in LEVELS for name in _COLUMNS}
        return {**values, "ramp": " ".join(f"{share:.0%}".rstrip("%") for share in policy.ramp), "base": number}

    def table(self) -> dict[str, object]:
        """Return the policy as it is stored; call it when the form is valid."""
        data = self.cleaned_data
        levels = {
            str(level): {name: data[f"{name}_{level}"] for name in _COLUMNS} | {"consent": data[f"consent_{level}"] or "project"}
            for level in LEVELS
        }
        return {"levels": levels, "ramp": data["ramp"]}

    def clean_ramp(self) -> list[float]:
        """Read percentages that are separated by spaces."""
        words = self.cleaned_data["ramp"].replace(",", " ").replace("%", " ").split()
        if not all(word.isascii() and word.isdigit() for word in words):
            raise forms.ValidationError(_("Write whole numbers separated by spaces, such as 0 25 50."))
        return [int(word) / 100 for word in words]


class ContactsForm(PlainForm):
    """Whom people can talk to, one a line."""

    contacts = forms.CharField(
        label=_("Contacts"),
        required=False,
        help_text=_("One a line, the name first: Dr. Sari, in confidence: +62 21 555 0100"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_contacts(self) -> list[tuple[str, str]]:
        """Return name and detail of each line; the name ends at the first colon."""
        lines = [line.strip() for line in str(self.cleaned_data["contacts"]).splitlines() if line.strip()]
        if bare := next((line for line in lines if not all(part.strip() for part in _parts(line))), None):
            raise forms.ValidationError(_("How can they be reached? Write it after a colon: %(line)s") % {"line": bare})
        return [_parts(line) for line in lines]


def _parts(line: str) -> tuple[str, str]:
    name, _colon, detail = line.replace("：", ":", 1).partition(":")
    return name, detail
