"""Template tags and filters that every page may use: names of languages, states and roles, figures with intervals."""

from collections.abc import Iterable

from django import template
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as _

from isogloss.platform.languages import direction, display_name, script_display_name
from isogloss.web.navigation import RailEntry, tabs

register = template.Library()

_STATES = {
    "active": _("active"),
    "cancelled": _("cancelled"),
    "closed": _("closed"),
    "done": _("done"),
    "draft": _("draft"),
    "failed": _("failed"),
    "making": _("being made"),
    "paused": _("paused"),
    "ready": _("ready"),
    "running": _("running"),
    "waiting": _("waiting"),
}
_ROLES = {
    "admin": _("administrator"),
    "lead": _("lead"),
    "requester": _("requester"),
    "reviewer": _("reviewer"),
    "annotator": _("annotator"),
    "wellbeing_officer": _("wellbeing officer"),
}
_METHODS = {"majority": _("majority, ties stay ties"), "auto": _("the best fitting model of who is right how often")}

_FATES = {
    "kept": _("kept"),
    "renamed": _("renamed"),
    "added": _("new"),
    "dropped": _("dropped"),
    "kind_changed": _("of another kind"),
}


_PROFILE = {
    "exact_duplicates": _("word for word an earlier text"),
    "near_duplicates": _("nearly an earlier text"),
    "emoji": _("emoji"),
    "url": _("an address"),
    "mixed": _("two languages"),
    "low_confidence": _("an unsure language"),
    "detectors_disagree": _("detectors disagree"),
    "other_than_declared": _("not as declared"),
    "email": _("e-mail address"),
    "phone": _("phone number"),
    "card": _("card number"),
    "iban": _("bank account"),
    "national": _("national number"),
    "handle": _("@handle"),
}
_FLAGS = {
    "unsure": (_("unsure"), _("the detector is less than half sure of its estimate")),
    "disputed": (_("detectors disagree"), _("the detectors name more than one language")),
    "declared": (_("not as declared"), _("the detector names another language than the file declared")),
    "annotator": (_("person against detector"), _("somebody answered another language than a detector that is more than 95 % sure")),
    "mixed": (_("mixed"), _("a second language has more than a fifth of the words")),
}


@register.filter
def profile_name(name: str) -> str:
    """Return the reader's words for a line of a profile."""
    return gettext(_PROFILE.get(name, name))


@register.filter
def script_name(code: str) -> str:
    """Return the name of a script in the reader's language: `Arab` → Arabic."""
    return script_display_name(code, reader=get_language() or "en")


@register.filter
def share_percent(share: float | None) -> str:
    """Show a share as per cent with one decimal, in the reader's digits' mark; undefined is a dash."""
    return "–" if share is None else f"{100 * share:.1f}".replace(".", get_format("DECIMAL_SEPARATOR")) + " %"


@register.filter
def flag_name(kind: str) -> str:
    """Return the reader's word for a flag on an item."""
    return gettext(_FLAGS[kind][0])


@register.filter
def flag_meaning(kind: str) -> str:
    """Return the reader's sentence for what a flag says of an item."""
    return gettext(_FLAGS[kind][1])


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language in the reader's language: `jv` → Javanese."""
    return display_name(tag, reader=get_language() or "en")


@register.filter
def text_direction(tag: str) -> str:
    """Return `rtl` or `ltr` for the script a tag is usually written in."""
    return direction(tag)


@register.filter
def state_name(state: str) -> str:
    """Return the reader's word for the state of a project, a job or a release."""
    return gettext(_STATES.get(state, str(state).replace("_", " ")))


@register.filter
def role_name(role: str) -> str:
    """Return the reader's word for a role."""
    return gettext(_ROLES.get(role, str(role).replace("_", " ")))


@register.filter
def role_names(roles: Iterable[str]) -> str:
    """Return the reader's words for several roles in one line."""
    return pgettext("between names in a row", ", ").join(role_name(role) for role in roles)


@register.filter
def method_name(method: str) -> str:
    """Return the reader's words for how annotations became decisions."""
    return gettext(_METHODS.get(method, method))


@register.filter
def fate_name(fate: str) -> str:
    """Return the reader's word for what becomes of a question or label."""
    return gettext(_FATES[str(fate)])


@register.filter
def isolated(text: object) -> SafeString:
    """Keep a text that people wrote from turning the sentence around it; for use inside `blocktranslate`."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def detail_pairs(detail: dict[str, object]) -> list[tuple[str, str]]:
    """Return what a record of the audit trail holds as names with values that can be read: `{"gold": False}` → gold, no."""
    return [(name.replace("_", " "), _shown_value(value)) for name, value in detail.items()]


def _shown_value(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(_shown_value(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown_value(each)}" for name, each in value.items())
    return str(value)


@register.filter
def decimal2(value: float | None) -> str:
    """Show a share as `.81`, or as the reader's language writes it: `0,81`; undefined is a dash."""
    if value is None:
        return "–"
    shown = f"{value:.2f}".replace(".", get_format("DECIMAL_SEPARATOR"))
    return shown.replace("0.", ".", 1) if abs(value) < 1 and (get_language() or "en").startswith("en") else shown


@register.filter
def decimal_mark(shown: str) -> str:
    """Give a number that was laid out elsewhere, as in a chart, the reader's decimal mark: `0.62` → `0,62`."""
    return shown.replace(".", get_format("DECIMAL_SEPARATOR"))


@register.filter
def clock(seconds: float, largest: str = "m") -> str:
    """Show a length of time as `m:ss`, or with "h" as `h:mm:ss`."""
    minutes, left = divmod(round(seconds), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{left:02}" if largest == "h" else f"{minutes}:{left:02}"


@register.filter
def half_width(figure: object) -> str:
    """Show half the width of a figure's interval as `±.04`."""
    low, high = getattr(figure, "low", None), getattr(figure, "high", None)
    if low is None or high is None:
        return ""
    return "±" + decimal2((high - low) / 2)


@register.filter
def percent(part: float, whole: float) -> int:
    """Return the whole-number percentage of a part; 0 of nothing is 0."""
    return round(100 * part / whole) if whole else 0


@register.inclusion_tag("web/_tabs.html", takes_context=True)
def project_tabs(context: template.Context) -> dict[str, list[RailEntry]]:
    """Show the pages of the project this page is about."""
    return {"tabs": _tabs_of(context)}


@register.simple_tag(takes_context=True)
def project_home(context: template.Context) -> str:
    """Return the address of the first page of the project that the reader may open, empty where there is none."""
    entries = _tabs_of(context)
    return entries[0].url if entries else ""


def _tabs_of(context: template.Context) -> list[RailEntry]:
    """Look the tabs up once a page: the crumbs and the frame both ask."""
    request = context["request"]
    kept: list[RailEntry] | None = getattr(request, "project_tabs", None)
    if kept is None:
        kept = request.project_tabs = tabs(context["project"], user=request.user, request=request)
    return kept
