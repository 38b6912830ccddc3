"""Forms of the project pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from isogloss.accounts.rules import Role
from isogloss.guidelines.services import read_schema
from isogloss.platform.forms import PlainForm
from isogloss.platform.problems import Problem
from isogloss.projects.rules import Aggregation, Routing
from isogloss.projects.services import PROJECT_ROLES, clean_languages

SEVERITIES = [
    ("", _("Choose …")),
    (0, _("0: harmless")),
    (1, _("1: rude")),
    (2, _("2: upsetting")),
    (3, _("3: harmful")),
    (4, _("4: extreme")),
]
ROLES = {
    Role.LEAD: _("lead"),
    Role.REQUESTER: _("requester"),
    Role.REVIEWER: _("reviewer"),
    Role.ANNOTATOR: _("annotator"),
    Role.WELLBEING_OFFICER: _("wellbeing officer"),
}
LEVELS = [(level, level) for level in ("A1", "A2", "B1", "B2", "C1", "C2")]


def language_tags(typed: str) -> tuple[str, ...]:
    """Return tags that were typed with spaces or commas between them."""
    return tuple(typed.replace(",", " ").split())


class ProjectForm(PlainForm):
    """What a person states when they make a project."""

    source_field = "schema_source"

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True, "dir": "auto"}))
    description = forms.CharField(label=_("What is it for?"), required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))
    languages = forms.CharField(
        label=_("Languages"),
        help_text=_("BCP-47 tags, separated by spaces: id ms zh-Hant pt-BR."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    target = forms.IntegerField(label=_("Annotations per item"), min_value=1, max_value=50, initial=3)
    declared_severity = forms.TypedChoiceField(
        label=_("Declared severity"),
        choices=SEVERITIES,
        coerce=int,
        help_text=_("The worst the material holds; it decides who is served and for how long."),
    )
    hazards = forms.CharField(
        label=_("Hazards"),
        required=False,
        help_text=_("Categories such as hate or self_harm, for items that name none of their own; whoever opted out of one is not served."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    routing = forms.ChoiceField(
        label=_("Items go to"),
        choices=[
            (Routing.LANGUAGE.value, _("people of the item's language")),
            (Routing.POOL.value, _("the project's pool, whatever the language")),
        ],
        initial=Routing.LANGUAGE.value,
    )
    aggregation = forms.ChoiceField(
        label=_("Decide by"),
        choices=[
            (Aggregation.MAJORITY.value, _("majority, ties stay ties")),
            (Aggregation.AUTO.value, _("the best fitting model of who is right how often")),
        ],
        initial=Aggregation.MAJORITY.value,
    )
    schema_source = forms.CharField(
        label=_("Label schema"),
        help_text=_("YAML; begin with a template above and change it."),
        widget=forms.Textarea(attrs={"rows": 16, "class": "code", "spellcheck": "false", "dir": "ltr"}),
    )
    guideline = forms.CharField(
        label=_("Guideline"),
        required=False,
        help_text=_("Markdown. People read it beside each item."),
        widget=forms.Textarea(attrs={"rows": 12, "class": "code", "dir": "auto"}),
    )

    def language_tags(self) -> tuple[str, ...]:
        """Return the tags as they were typed."""
        return language_tags(self.cleaned_data["languages"])

    def clean(self) -> None:
        """Read the languages and the schema even where another field is wrong: all faults are shown at once."""
        for name, read in (("languages", lambda: clean_languages(self.language_tags())), ("schema_source", self._read_schema)):
            if name not in self.cleaned_data:
                continue
            try:
                read()
            except Problem as problem:
                self.add_problem(problem)

    def _read_schema(self) -> object:
        return read_schema(self.cleaned_data["schema_source"])


class GuidelineForm(PlainForm):
    """The next version of a guideline's text; the label schema has a page of its own."""

    text = forms.CharField(label=_("Guideline"), required=False, widget=forms.Textarea(attrs={"rows": 18, "class": "code", "dir": "auto"}))
    note = forms.CharField(label=_("What has changed?"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"}))


class LanguageForm(PlainForm):
    """A language that joins the project, or one whose level changes."""

    tag = forms.CharField(
        label=_("Language"),
        max_length=35,
        help_text=_("A BCP-47 tag: id, ms, zh-Hant, pt-BR."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    level = forms.ChoiceField(
        label=_("People must read it at"),
        choices=LEVELS,
        initial="B2",
        help_text=_("Nobody is served it without a competence of this level."),
    )


class MemberForm(PlainForm):
    """Whom to add as what, with the languages they are known to read well."""

    username = forms.CharField(label=_("Username"), max_length=150)
    role = forms.ChoiceField(
        label=_("Role in the project"), choices=[(role.value, ROLES[role]) for role in PROJECT_ROLES], initial="annotator"
    )
    languages = forms.CharField(
        label=_("Languages the person is competent in"),
        required=False,
        help_text=_("BCP-47 tags. Recorded as competences; what is on record at this level or a higher one stays."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS, initial="C1")
    in_pool = forms.BooleanField(label=_("In the pool: may be served what has no language yet"), required=False)

    def __init__(self, *args: Any, may_record: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_record:
            told = _("BCP-47 tags. A lead of the site records competences; you are told which of these are on record.")
            self.fields["languages"].help_text = told

    def language_tags(self) -> tuple[str, ...]:
        """Return the tags as they were typed."""
        return language_tags(self.cleaned_data["languages"])
