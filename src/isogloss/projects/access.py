"""The door to a project."""

from typing import TYPE_CHECKING

from isogloss.accounts.rules import Role
from isogloss.guidelines.queries import inquiries
from isogloss.platform.access import door
from isogloss.platform.models import Job
from isogloss.platform.problems import Forbidden, NotFound
from isogloss.projects.models import Membership, Project
from isogloss.projects.queries import project_roles

EVERY_MEMBER = (Role.LEAD, Role.REQUESTER, Role.REVIEWER, Role.ANNOTATOR, Role.WELLBEING_OFFICER)

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.guidelines.models import Inquiry


@door(opens="projects.Project", roles=("lead", "requester", "reviewer", "annotator", "wellbeing_officer"))
def access_project(actor: "User", public_id: str, *, roles: tuple[Role, ...] = EVERY_MEMBER) -> Project:
    """Return the project to a person with one of the roles; to a stranger it does not exist, a member without the role is told so."""
    project = Project.objects.select_related("workflow", "version", "guideline").filter(public_id=public_id).first()
    held = project_roles(actor, project) if project is not None else frozenset()
    if project is None or not held:
        raise NotFound("There is no such project, or you are not a member of it.")
    if not held & set(roles):
        wanted = ", ".join(role.value.replace("_", " ") for role in roles)
        raise Forbidden(f"This needs one of these roles in the project: {wanted}. Ask the lead.")
    return project


@door(opens="platform.Job", roles=("lead",))
def access_job(actor: "User", public_id: str) -> Job:
    """Return a job to a lead of its project; jobs of no project are nobody's business here."""
    job = Job.objects.filter(public_id=public_id, project_id__isnull=False).first()
    project = Project.objects.filter(pk=job.project_id or 0).first() if job is not None else None
    if job is None or project is None:
        raise NotFound("There is no such job.")
    access_project(actor, project.public_id, roles=(Role.LEAD,))
    return job


def access_membership(project: Project, *, person_id: str, role: str) -> Membership:
    """Return a person's role in a project whose door was passed already."""
    rows = Membership.objects.select_related("user")
    membership = rows.filter(project=project, user__public_id=person_id, role=role).first()
    if membership is None:
        raise NotFound("The project has no such member.")
    return membership


def access_inquiry(project: Project, *, inquiry_id: str) -> "Inquiry":
    """Return what somebody asked in a project whose door was passed already."""
    inquiry = inquiries(project_id=project.pk).filter(public_id=inquiry_id).first()
    if inquiry is None:
        raise NotFound("Nobody asked this in the project.")
    return inquiry
