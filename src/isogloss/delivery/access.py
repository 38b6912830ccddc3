"""The door to a release."""

from typing import TYPE_CHECKING

from isogloss.accounts.rules import Role
from isogloss.delivery.models import Release, ReleaseState
from isogloss.platform.access import door
from isogloss.platform.problems import NotFound
from isogloss.projects.access import access_project
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from isogloss.accounts.models import User

READERS = (Role.LEAD, Role.REQUESTER)


@door(opens="delivery.Release", roles=("lead", "requester"))
def access_release(actor: "User", public_id: str, *, roles: tuple[Role, ...] = READERS) -> Release:
    """Return a release to a lead of its project, and to a requester once it is ready."""
    release = Release.objects.select_related("project", "job").filter(public_id=public_id).first()
    if release is None:
        raise NotFound("There is no such release.")
    project = access_project(actor, release.project.public_id, roles=roles)
    if release.state != ReleaseState.READY and Role.LEAD not in project_roles(actor, project):
        raise NotFound("There is no such release.")
    return release
