"""What the frame of a page shows: the rail by role, the theme, the languages one can read it in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from isogloss.accounts.queries import site_roles
from isogloss.accounts.rules import Role
from isogloss.guidelines.queries import count_open_inquiries
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

_LEAD = frozenset({Role.LEAD})
_READERS = frozenset({Role.LEAD, Role.REQUESTER, Role.REVIEWER})
_PLACES = (
    (gettext_noop("Overview"), "insights:project", _READERS),
    (gettext_noop("Items"), "corpus:item-list", frozenset({Role.LEAD, Role.REVIEWER})),
    (gettext_noop("Languages"), "insights:languages", frozenset({Role.LEAD, Role.REVIEWER})),
    (gettext_noop("Import"), "corpus:import-upload", _LEAD),
    (gettext_noop("Queue"), "dispatch:queue", _LEAD),
    (gettext_noop("People"), "projects:people", _LEAD),
    (gettext_noop("Guideline"), "projects:guideline", _READERS | {Role.ANNOTATOR}),
    (gettext_noop("Inquiries"), "workbench:inquiries", frozenset({*_READERS, Role.ANNOTATOR})),
    (gettext_noop("Label schema"), "workbench:schema-edit", _LEAD),
    (gettext_noop("Releases"), "delivery:release-list", frozenset({Role.LEAD, Role.REQUESTER})),
    (gettext_noop("People you can talk to"), "wellbeing:project-contacts", frozenset({Role.WELLBEING_OFFICER})),
)
"""The pages of a project, with the roles that may open them; a place deeper in the address belongs to the longest that begins it."""


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One line of the rail, or one tab."""

    name: str
    url: str
    is_here: bool
    count: int = 0


_DEEPER = {
    "delivery:release": "delivery:release-list",
    "corpus:import": "corpus:import-upload",
    "corpus:profile": "corpus:import-upload",
}
"""Pages of a project whose address does not begin with the project's, and the place they belong to."""


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what base.html needs; the rail is built only where a page shows it."""
    user = getattr(request, "user", None)
    return {
        "rail": SimpleLazyObject(lambda: _rail(request, user=user)) if user is not None and user.is_authenticated else [],
        "theme": user.theme if user is not None and user.is_authenticated else "auto",
        "interface_languages": settings.LANGUAGES,
    }


def _rail(request: HttpRequest, *, user: "User") -> list[RailEntry]:
    roles = site_roles(user)
    path = reverse("projects:project-list") if _view_name(request) in _DEEPER else request.path
    places = [(_("Projects"), reverse("projects:project-list"))]
    if roles & {Role.ADMIN, Role.LEAD}:
        places.append((_("People"), reverse("accounts:person-list")))
        places.append((_("Competences"), reverse("workforce:matrix")))
        places.append((_("Qualifications"), reverse("workforce:qualification-list")))
        places.append((_("Language models"), reverse("web:model-list")))
    if roles & {Role.ADMIN, Role.WELLBEING_OFFICER}:
        places.append((_("Exposure policy"), reverse("wellbeing:policy")))
        places.append((_("People you can talk to"), reverse("wellbeing:contacts")))
    if Role.ADMIN in roles:
        places.append((_("Audit"), reverse("accounts:audit")))
    places.append((_("My wellbeing"), reverse("wellbeing:mine")))
    places.append((_("My account"), reverse("accounts:account")))
    elsewhere = (reverse("wellbeing:policy"), reverse("wellbeing:contacts"))  # pages of their own, though not everybody's rail has them
    here = max((url for url in (*elsewhere, *(url for _name, url in places)) if path.startswith(url)), key=len, default="")
    return [RailEntry(name, url, is_here=url == here) for name, url in places]


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def tabs(project: "Project", *, user: "User", request: HttpRequest) -> list[RailEntry]:
    """Return the pages of a project that the person may open, with how many inquiries wait for their answer; two queries."""
    roles = project_roles(user, project)
    places = [(_(name), reverse(place, args=[project.public_id])) for name, place, may in _PLACES if roles & may]
    deeper = _DEEPER.get(_view_name(request))
    path = reverse(deeper, args=[project.public_id]) if deeper else request.path
    here = max((url for _name, url in places if path.startswith(url)), key=len, default="")
    asked = reverse("workbench:inquiries", args=[project.public_id])
    waiting = count_open_inquiries(project.pk) if roles & _READERS else 0
    return [RailEntry(name, url, is_here=url == here, count=waiting if url == asked else 0) for name, url in places]
