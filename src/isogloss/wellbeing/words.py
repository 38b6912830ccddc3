"""What the pages of wellbeing call categories, severities and changes, in the reader's language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from isogloss.wellbeing.rules import CATEGORIES, UNCATEGORISED, Cut


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
    "child_exploitation": (_("Child exploitation"), _("Texts that speak of the sexual abuse of children; never pictures.")),
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


def category_words(hazard: str) -> CategoryWords:
    """Return the words for a category; one that only this site has is called by its own name."""
    name, sentence = _WORDS.get(hazard, (hazard, _("Texts that this site's material calls by this name.")))
    return CategoryWords(hazard=hazard, name=name, sentence=sentence)


def in_order(hazards: set[str]) -> list[str]:
    """Return categories in the order in which they are shown: the usual ones, then the site's own."""
    return [*(h for h in CATEGORIES if h in hazards), *sorted(hazards - set(CATEGORIES))]
