"""Forms of the account pages."""

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from isogloss.accounts.rules import SCOPES, Role, may_give
from isogloss.platform.forms import PlainForm

ROLE_NAMES = [
    (Role.ADMIN.value, _("Administrator: accounts, roles, tokens, backups, audit")),
    (Role.LEAD.value, _("Lead: every project, people, plans")),
    (Role.REQUESTER.value, _("Requester: own projects only")),
    (Role.REVIEWER.value, _("Reviewer")),
    (Role.ANNOTATOR.value, _("Annotator")),
    (Role.WELLBEING_OFFICER.value, _("Wellbeing officer")),
]


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    """Return every time zone; kept, because reading their names opens a few hundred files."""
    return [(zone, zone) for zone in sorted(zoneinfo.available_timezones())]


# A scope without words of its own would be shown by its name, which no translation reaches; the lookup fails first.
_SCOPE_WORDS = {
    "projects:read": _("see projects"),
    "projects:write": _("change projects"),
    "corpus:write": _("import texts"),
    "annotate": _("annotate"),
    "release": _("make releases"),
    "admin": _("manage people, competences and the exposure policy, as far as your roles go"),
}
_MANAGERS = frozenset({Role.ADMIN, Role.LEAD, Role.WELLBEING_OFFICER})  # whom the API serves something under the scope `admin`
SCOPE_CHOICES = [(scope, _SCOPE_WORDS[scope]) for scope in SCOPES]


class LogInForm(PlainForm):
    """Username and password."""

    username = forms.CharField(
        label=_("Username"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class NewPasswordForm(PlainForm):
    """The old password once, the new one once: password managers make the second field a nuisance."""

    old_password = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters; a sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AcceptForm(PlainForm):
    """What a new person chooses."""

    username = forms.CharField(label=_("Username"), help_text=_("Others see your name; you log in with this."), max_length=150)
    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class InviteForm(PlainForm):
    """Whom to invite as what; only roles that whoever invites may give are offered."""

    name = forms.CharField(label=_("Name"), required=False, max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("For your records: the link is shown here, no mail is sent."))
    roles = forms.MultipleChoiceField(
        label=_("Roles for the whole site"),
        required=False,
        choices=ROLE_NAMES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Roles in one project are given on the project's page."),
    )

    def __init__(self, *args: Any, held: frozenset[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(role, name) for role, name in ROLE_NAMES if may_give(Role(role), held=held)]
        self.fields["roles"].widget.choices = offered
        if len(offered) < len(ROLE_NAMES):
            self.fields["roles"].help_text = _("Roles in one project are given on the project's page; the other roles by an administrator.")


THEMES = [("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
SMALLEST, LARGEST = 14, 28


class PreferencesForm(PlainForm):
    """How the person reads."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    language = forms.ChoiceField(label=_("Interface language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lambda: [("", _("The site's")), *_zones()],
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES)
    text_size = forms.IntegerField(
        label=_("Size of the text you annotate"),
        help_text=_("From 14 to 28. While you annotate, the two letters A above the text change it."),
        widget=forms.NumberInput(attrs={"type": "range", "step": "1", "data-text-size-field": True}),
        min_value=SMALLEST,
        max_value=LARGEST,
    )


class ReadingForm(forms.Form):
    """One choice of how a person reads, made anywhere; what is left out stays."""

    theme = forms.ChoiceField(choices=THEMES, required=False)
    text_size = forms.IntegerField(required=False, min_value=SMALLEST, max_value=LARGEST)


class ApiTokenForm(PlainForm):
    """What the token is for and what it may do; a scope that none of the person's roles can use is not offered."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=SCOPE_CHOICES, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, held: frozenset[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        scopes = self.fields["scopes"]
        if not held & _MANAGERS and isinstance(scopes, forms.MultipleChoiceField):
            scopes.choices = [(scope, words) for scope, words in SCOPE_CHOICES if scope != "admin"]
