"""What the pages of wellbeing call categories, severities and changes, in the reader's language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from isogloss.wellbeing.rules import CATEGORIES, UNCATEGORISED, Cut, Policy, differences, loosened


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """A category's name and one neutral sentence about it."""

    hazard: str
    name: "str | Promise"
    sentence: "str | Promise"


_WORDS: dict[str, tuple[Promise, Promise]] = {
    "violent_crimes": (_("Violent crimes"), _("Texts that threaten, describe or encourage violence against people.")),
    "non_violent_crimes": (_("Non-violent crimes"), _("Texts about fraud, theft, drugs, hacking and the like.")),
    "sex_crimes": (_("Sexual crimes"), _("Texts about sexual harassment, assault or trafficking.")),
    "child_exploitation": (_("Child exploitation"), _("Texts that speak of the sexual abuse of children.")),
    "weapons": (_("Weapons of mass harm"), _("Texts about chemical, biological, nuclear or explosive weapons.")),
    "self_harm": (_("Suicide and self-harm"), _("Texts about suicide, self-injury or disordered eating.")),
    "hate": (_("Hate"), _("Texts that attack people for who they are.")),
    "specialised_advice": (_("Specialised advice"), _("Texts that give unsafe medical, legal or financial advice.")),
    "privacy": (_("Privacy"), _("Texts that expose somebody's private details.")),
    "intellectual_property": (_("Intellectual property"), _("Texts that copy or help to copy protected work.")),
    "defamation": (_("Defamation"), _("Texts that say harmful untruths about a person.")),
    "sexual_content": (_("Sexual content"), _("Texts with sexual descriptions of adults.")),
    UNCATEGORISED: (_("Not categorised"), _("Material that has a severity, but that nobody has put into a category.")),
}
CUTS = {
    Cut.RAMP.value: _("lower in your first weeks"),
    Cut.DAYS.value: _("a day of rest after several days in a row"),
    "": "",
}


FIELDS = {
    "daily": _("Minutes a day"),
    "stretch": _("Minutes at a stretch"),
    "pause": _("Minutes of break"),
    "days": _("Days in a row"),
    "renewal": _("Renewed after days"),
    "consent": _("Consent"),
    "support": _("Support"),
    "ramp": _("First weeks"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing another policy changes, in words; `is_looser` marks what needs the second signature."""

    what: str
    before: str
    after: str
    is_looser: bool


def told_changes(*, before: Policy, after: Policy) -> list[Change]:
    """Say what another policy changes, so that nobody signs what they have not seen."""
    looser = set(loosened(before=before, after=after))
    return [
        Change(
            what=f"{FIELDS[name]}" if name == "ramp" else f"S{level}: {FIELDS[name]}" if level else f"S0–S1: {FIELDS[name]}",
            before=_shown(old),
            after=_shown(new),
            is_looser=name in looser or f"{name}_{level}" in looser,
        )
        for name, level, old, new in differences(before=before, after=after)
    ]


def _shown(value: object) -> str:
    return "–" if value in (None, "") else str(value)


def category_words(hazard: str) -> CategoryWords:
    """Return the words for a category; one that only this site has is called by its own name."""
    name, sentence = _WORDS.get(hazard, (hazard, _("Texts that this site's material calls by this name.")))
    return CategoryWords(hazard=hazard, name=name, sentence=sentence)


def in_order(hazards: set[str]) -> list[str]:
    """Return categories in the order in which they are shown: the usual ones, then the site's own."""
    return [*(h for h in CATEGORIES if h in hazards), *sorted(hazards - set(CATEGORIES))]
