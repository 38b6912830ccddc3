"""Writes about projects: make one, change it, its members and its state."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from isogloss.accounts.ports import on_access_changed
from isogloss.accounts.queries import has_site_role
from isogloss.accounts.rules import Role
from isogloss.core.language.tags import covers
from isogloss.guidelines.schemas import Renames
from isogloss.guidelines.services import make_guideline, make_version
from isogloss.platform import audit
from isogloss.platform.db import write_transaction
from isogloss.platform.languages import normal_tag
from isogloss.platform.problems import Conflict, InvalidInput
from isogloss.projects.models import Membership, Project, ProjectLanguage, Workflow
from isogloss.projects.ports import on_project_changed
from isogloss.projects.rules import Aggregation, ProjectState, Routing, clean_hazards
from isogloss.workforce.queries import standing_competences
from isogloss.workforce.rules import Modality
from isogloss.workforce.services import grant_competence

HIGHEST_SEVERITY = 4
LONGEST_NAME = 200
MOST_ANNOTATIONS = 50
PROJECT_ROLES = (Role.LEAD, Role.REQUESTER, Role.REVIEWER, Role.ANNOTATOR, Role.WELLBEING_OFFICER)

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.guidelines.models import GuidelineVersion
    from isogloss.workforce.models import Qualification
    from isogloss.workforce.rules import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDraft:
    """What a person states when they make a project."""

    name: str
    languages: tuple[str, ...]
    schema_source: str
    guideline: str = ""
    description: str = ""
    target: int = 3
    declared_severity: int | None = None
    hazards: str | tuple[str, ...] = ()
    routing: Routing = Routing.LANGUAGE
    aggregation: Aggregation = Aggregation.MAJORITY
    due: date | None = None
    simulated: bool = False
    lease_minutes: int = 30
    workflow: dict[str, object] = field(default_factory=dict)


def clean_languages(tags: tuple[str, ...]) -> list[str]:
    """Return normal BCP-47 tags without repeats, or say which one is not a language."""
    clean: list[str] = []
    for tag in tags:
        normal = normal_tag(tag, field="languages")
        if normal not in clean:
            clean.append(normal)
    return clean


def _hazards(given: object) -> list[str]:
    """Return categories in the spelling that items have, or say which is none."""
    try:
        clean = clean_hazards(given)
    except ValueError as fault:
        raise InvalidInput(str(fault), errors=[{"field": "hazards", "message": str(fault)}]) from fault
    return clean.split(",") if clean else []


def _check(draft: ProjectDraft) -> list[str]:
    languages = clean_languages(draft.languages)
    errors: list[dict[str, object]] = []
    if not draft.name.strip() or len(draft.name.strip()) > LONGEST_NAME:
        errors.append({"field": "name", "message": f"Give the project a name of at most {LONGEST_NAME} characters."})
    if not languages:
        errors.append({"field": "languages", "message": "Name at least one language."})
    if not 1 <= draft.target <= MOST_ANNOTATIONS:
        errors.append({"field": "target", "message": f"Annotations per item must lie between 1 and {MOST_ANNOTATIONS}."})
    if draft.declared_severity is None or not 0 <= draft.declared_severity <= HIGHEST_SEVERITY:
        errors.append({"field": "declared_severity", "message": "Declare the severity of the material, from 0 (harmless) to 4 (extreme)."})
    if not 1 <= draft.lease_minutes <= 24 * 60:
        errors.append({"field": "lease_minutes", "message": "A lease lasts between 1 minute and one day."})
    if errors:
        raise InvalidInput(" ".join(str(e["message"]) for e in errors), errors=errors)
    return languages


def make_project(draft: ProjectDraft, *, actor: "User", now: datetime) -> Project:
    """Make a project with its guideline, languages and workflow; its maker becomes its lead."""
    languages, hazards = _check(draft), _hazards(draft.hazards)
    with write_transaction():
        version = make_guideline(name=draft.name, schema_source=draft.schema_source, text=draft.guideline, actor=actor, now=now)
        project = Project.objects.create(
            name=draft.name.strip(),
            description=draft.description.strip(),
            guideline=version.guideline,
            version=version,
            declared_severity=draft.declared_severity or 0,
            hazards=hazards,
            due=draft.due,
            simulated=draft.simulated,
            pseudonym_key=secrets.token_hex(32),
            created_by=actor,
            created_at=now,
        )
        Workflow.objects.create(
            project=project,
            target=draft.target,
            routing=draft.routing,
            aggregation=draft.aggregation,
            lease_minutes=draft.lease_minutes,
            **draft.workflow,
        )
        ProjectLanguage.objects.bulk_create([ProjectLanguage(project=project, tag=tag) for tag in languages])
        Membership.objects.create(project=project, user=actor, role=Role.LEAD, added_by=actor, added_at=now)
        audit.record(actor, "project.made", project, now=now, project_id=project.pk, detail={"languages": languages})
    on_project_changed(project_id=project.pk, now=now)
    return project


def revise_guideline(
    project: Project,
    *,
    schema_source: str,
    text: str,
    note: str,
    actor: "User",
    now: datetime,
    renames: Renames | None = None,
    base: int | None = None,
) -> "GuidelineVersion":
    """Make the next guideline version and put the project on it; leases that live keep the version they were given.

    With a base, only if the project is still on the version of that number; answers are never rewritten, renames say how to read them.
    """
    with write_transaction():
        version = make_version(project.guideline, schema_source=schema_source, text=text, note=note, actor=actor, now=now, renames=renames)
        followed = Project.objects.filter(pk=project.pk, **({} if base is None else {"version__number": base}))
        if not followed.update(version=version):
            raise Conflict("Somebody made another version meanwhile. Look at it, then make your change again.")
        audit.record(actor, "project.version_set", project, now=now, project_id=project.pk, detail={"number": version.number})
    project.version = version
    on_project_changed(project_id=project.pk, now=now)
    return version


def set_state(project: Project, *, state: ProjectState, actor: "User", now: datetime) -> None:
    """Open, pause or close a project; dispatch hears of it at once."""
    with write_transaction():
        Project.objects.filter(pk=project.pk).update(state=state)
        audit.record(actor, f"project.{state.value}", project, now=now, project_id=project.pk)
    project.state = state
    on_project_changed(project_id=project.pk, now=now)


def change_project(project: Project, *, actor: "User", now: datetime, **changes: object) -> None:
    """Change what is written about a project: name, description, due date, hazards."""
    if unknown := set(changes) - {"name", "description", "due", "hazards", "requester"}:
        raise InvalidInput(f"A project has no changeable {', '.join(sorted(unknown))}.")
    if "name" in changes and not 0 < len(str(changes["name"] or "").strip()) <= LONGEST_NAME:
        message = f"Give the project a name of at most {LONGEST_NAME} characters."
        raise InvalidInput(message, errors=[{"field": "name", "message": message}])
    if changes.get("description", "") is None:
        changes["description"] = ""
    if "hazards" in changes:
        changes["hazards"] = _hazards(changes["hazards"])
    with write_transaction():
        for name, value in changes.items():
            setattr(project, name, value)
        project.save(update_fields=list(changes))
        audit.record(actor, "project.changed", project, now=now, project_id=project.pk, detail={"changed": sorted(changes)})


def set_qualification(project: Project, *, qualification: "Qualification | None", actor: "User", now: datetime) -> None:
    """Ask of everybody in the project that they have passed this, or nothing."""
    with write_transaction():
        Workflow.objects.filter(project=project).update(qualification=qualification)
        detail: dict[str, object] = {"qualification": qualification.public_id if qualification else None}
        audit.record(actor, "project.qualification_set", project, now=now, project_id=project.pk, detail=detail)
    on_project_changed(project_id=project.pk, now=now)


def add_language(project: Project, *, tag: str, actor: "User", now: datetime, level: str = "B2", modality: str = "read") -> ProjectLanguage:
    """Add a language, or change what the project asks of people in it."""
    (normal,) = clean_languages((tag,))
    with write_transaction():
        row, _ = ProjectLanguage.objects.update_or_create(project=project, tag=normal, defaults={"level": level, "modality": modality})
        audit.record(actor, "project.language_set", project, now=now, project_id=project.pk, detail={"tag": normal, "level": level})
    on_project_changed(project_id=project.pk, now=now)
    return row


def add_member(project: Project, *, user: "User", role: Role, actor: "User", now: datetime, in_pool: bool = False) -> Membership:
    """Give a person a role in the project; giving it twice only sets the pool."""
    if role not in PROJECT_ROLES:
        raise InvalidInput(f"{role.value} is a role for the whole site, not for a project.")
    with write_transaction():
        row, _ = Membership.objects.update_or_create(
            project=project,
            user=user,
            role=role,
            defaults={"in_pool": in_pool},
            create_defaults={"in_pool": in_pool, "added_by": actor, "added_at": now},
        )
        audit.record(actor, "member.added", row, now=now, project_id=project.pk, detail={"user": user.public_id, "role": role.value})
    on_project_changed(project_id=project.pk, now=now)
    return row


@dataclass(frozen=True, slots=True)
class Stated:
    """What became of the languages that somebody said a person reads."""

    recorded: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def may_record_competences(actor: "User") -> bool:
    """Whether the person may say what others can read: it holds in every project, so whoever leads only one may not."""
    return has_site_role(actor, Role.LEAD, Role.ADMIN)


def state_languages(project: Project, *, person: "User", tags: tuple[str, ...], level: "Level", actor: "User", now: datetime) -> Stated:
    """Record on the lead's word that a person reads these languages; what is on record at this level or a higher one stays as it is."""
    standing = standing_competences(user_ids=[person.pk], now=now).filter(modality=Modality.READ, level__gte=level)  # levels sort as text
    known = [row.tag for row in standing]
    stated = Stated()
    for tag in clean_languages(tags):
        if any(covers(broad, tag) for broad in known):
            stated.standing.append(tag)
        elif may_record_competences(actor):
            grant_competence(person, tag=tag, level=level, evidence=f"stated by the lead of {project.name}", actor=actor, now=now)
            stated.recorded.append(tag)
        else:
            stated.refused.append(tag)
    return stated


def _refuse_last_lead(membership: Membership) -> None:
    """Lock every lead's membership, so that two leads who remove each other at once leave one."""
    leads = Membership.objects.select_for_update().filter(project_id=membership.project_id, role=Role.LEAD)
    locked = list(leads.order_by("pk").values_list("pk", flat=True))
    if not Membership.objects.filter(pk__in=locked, user__is_active=True).exclude(pk=membership.pk).exists():
        raise Conflict("This is the only lead of the project. Make somebody else its lead first.")


def remove_member(membership: Membership, *, actor: "User", now: datetime) -> None:
    """Take a role in the project away, and with it the tokens the person works with; what they annotated stays."""
    project_id, user_id = membership.project_id, membership.user_id
    with write_transaction():
        if membership.role == Role.LEAD:
            _refuse_last_lead(membership)
        audit.record(
            actor,
            "member.removed",
            membership,
            now=now,
            project_id=project_id,
            detail={"user": membership.user.public_id, "role": membership.role},
        )
        membership.delete()
    on_access_changed(user_id=user_id, now=now)
    on_project_changed(project_id=project_id, now=now)
