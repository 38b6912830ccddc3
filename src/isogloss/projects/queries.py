"""Reads about projects."""

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from isogloss.accounts.queries import has_site_role
from isogloss.accounts.rules import Role
from isogloss.projects.models import Membership, Project, ProjectLanguage

if TYPE_CHECKING:
    from isogloss.accounts.models import User


def projects_of(user: "User") -> QuerySet[Project]:
    """Projects the person may open: every one for a lead of the site, otherwise those with a membership; newest first."""
    rows = Project.objects.select_related("workflow", "version").prefetch_related("languages").order_by("-id")
    if has_site_role(user, Role.LEAD):
        return rows
    return rows.filter(pk__in=Membership.objects.filter(user=user).values("project_id"))


def project_roles(user: "User", project: Project) -> frozenset[Role]:
    """Return the roles the person holds in the project, by membership or as a lead of the site."""
    held = {Role(role) for role in Membership.objects.filter(project=project, user=user).values_list("role", flat=True)}
    if has_site_role(user, Role.LEAD):
        held.add(Role.LEAD)
    return frozenset(held)


def membership_roles(project: Project, *, user: "User") -> frozenset[Role]:
    """Return the roles the person holds as a member of the project."""
    return frozenset(Role(role) for role in Membership.objects.filter(project=project, user=user).values_list("role", flat=True))


def people_of(project: Project) -> "list[tuple[User, list[Membership]]]":
    """Return the members of a project, each with all their memberships, by name."""
    rows = Membership.objects.filter(project=project).select_related("user").order_by("user__name", "user__username", "role")
    return [(found[0].user, found) for found in (list(group) for _user, group in groupby(rows, key=lambda row: row.user_id))]


def members(project: Project) -> QuerySet[Membership]:
    """Memberships of a project, by role and name."""
    return Membership.objects.filter(project=project).select_related("user").order_by("role", "user__name", "user__username")


def annotators(project: Project) -> "QuerySet[User]":
    """Who annotates in a project, by name."""
    people = get_user_model().objects.filter(memberships__project=project, memberships__role=Role.ANNOTATOR)
    return people.order_by("name", "username")


def language_tags(project: Project) -> list[str]:
    """Return the tags of the project's languages, in alphabetical order."""
    return list(ProjectLanguage.objects.filter(project=project).order_by("tag").values_list("tag", flat=True))


def project_languages(project: Project) -> list[ProjectLanguage]:
    """Return the project's languages with what they ask of people, by tag."""
    return list(ProjectLanguage.objects.filter(project=project).order_by("tag"))


def roles_by_project(user: "User", projects: list[Project]) -> dict[int, set[Role]]:
    """Return the roles the person holds in each of these projects, in one query."""
    held: dict[int, set[Role]] = {project.pk: set() for project in projects}
    if has_site_role(user, Role.LEAD):
        for roles in held.values():
            roles.add(Role.LEAD)
    for project_id, role in Membership.objects.filter(user=user, project_id__in=list(held)).values_list("project_id", "role"):
        held[project_id].add(Role(role))
    return held


def project_by_id(project_id: int) -> Project:
    """Return a project with its workflow and version, for jobs."""
    return Project.objects.select_related("workflow", "version").get(pk=project_id)


def active_project_ids() -> list[int]:
    """Return the ids of projects that are not closed."""
    return list(Project.objects.exclude(state="closed").order_by("id").values_list("id", flat=True))


def all_projects() -> QuerySet[Project]:
    """Every project, newest first."""
    return Project.objects.select_related("workflow", "version").prefetch_related("languages").order_by("-id")


def projects_named(name: str) -> list[Project]:
    """Return the project with this public id, or those with this name."""
    rows = Project.objects.select_related("workflow", "version", "guideline")
    return list(rows.filter(public_id=name) or rows.filter(name=name))
