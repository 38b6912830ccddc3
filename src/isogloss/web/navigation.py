"""What the frame of a page shows: the rail by role, the theme, the languages one can read it in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from isogloss.accounts.queries import site_roles
from isogloss.accounts.rules import Role

if TYPE_CHECKING:
    from isogloss.accounts.models import User


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One line of the rail."""

    name: str
    url: str
    is_here: bool
    count: int = 0


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what base.html needs; the rail is built only where a page shows it."""
    user = getattr(request, "user", None)
    return {
        "rail": SimpleLazyObject(lambda: _rail(request.path, user)) if user is not None and user.is_authenticated else [],
        "theme": user.theme if user is not None and user.is_authenticated else "auto",
        "interface_languages": settings.LANGUAGES,
    }


def _rail(path: str, user: "User") -> list[RailEntry]:
    roles = site_roles(user)
    places = [(_("Projects"), reverse("projects:project-list"))]
    if roles & {Role.ADMIN, Role.LEAD}:
        places.append((_("People"), reverse("accounts:person-list")))
        places.append((_("Competences"), reverse("workforce:matrix")))
        places.append((_("Qualifications"), reverse("workforce:qualification-list")))
    if roles & {Role.ADMIN, Role.WELLBEING_OFFICER}:
        places.append((_("Exposure policy"), reverse("wellbeing:policy")))
    if Role.ADMIN in roles:
        places.append((_("Audit"), reverse("accounts:audit")))
    places.append((_("My wellbeing"), reverse("wellbeing:mine")))
    places.append((_("My account"), reverse("accounts:account")))
    here = max((url for _name, url in places if path.startswith(url)), key=len, default="")
    return [RailEntry(name, url, is_here=url == here) for name, url in places]
