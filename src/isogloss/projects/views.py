"""Pages of projects: the list, a new one, its guideline, its people."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from isogloss.accounts.access import PersonRequest, require_site_role, signed_in
from isogloss.accounts.queries import has_site_role, person_by_username, site_roles
from isogloss.accounts.rules import Role
from isogloss.core.language.tags import covers
from isogloss.guidelines.queries import rulings, versions
from isogloss.guidelines.queries import templates as schema_templates
from isogloss.platform import clock
from isogloss.platform.markdown import to_html
from isogloss.platform.problems import InvalidInput, NotFound, Problem
from isogloss.projects import queries, services
from isogloss.projects.access import access_project
from isogloss.projects.forms import ROLES, GuidelineForm, LanguageForm, MemberForm, ProjectForm
from isogloss.projects.models import Membership, Project
from isogloss.projects.rules import Aggregation, ProjectState, Routing
from isogloss.workforce.queries import qualifications, standing_competences
from isogloss.workforce.rules import Level

if TYPE_CHECKING:
    from isogloss.accounts.models import User

_READERS = (Role.LEAD, Role.REQUESTER, Role.REVIEWER, Role.ANNOTATOR)


@signed_in
@require_safe
def project_list(request: PersonRequest) -> HttpResponse:
    """List the projects the person may open, with what they can do in each."""
    rows = list(queries.projects_of(request.user))
    held = queries.roles_by_project(request.user, rows)
    context = {
        "rows": [(project, sorted(held[project.pk])) for project in rows],
        "may_make": has_site_role(request.user, Role.LEAD),
        "site_roles": site_roles(request.user),
        "is_elsewhere": has_site_role(request.user, Role.ADMIN, Role.WELLBEING_OFFICER),
    }
    return render(request, "projects/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def make(request: PersonRequest) -> HttpResponse:
    """Make a project, beginning from one of the templates."""
    require_site_role(request.user, Role.LEAD)
    templates = schema_templates()
    wanted = request.POST.get("template") or request.GET.get("template")
    chosen = next((t for t in templates if t.slug == wanted), templates[0])
    brought = {"schema_source": chosen.schema_yaml, "guideline": chosen.guideline_markdown}
    is_choosing = "template" in request.POST  # a template's button was pressed, with the form as far as it is filled in
    form = ProjectForm(initial={**request.POST.dict(), **brought}) if is_choosing else ProjectForm(request.POST or None, initial=brought)
    if request.method == "POST" and not is_choosing and form.is_valid():
        try:
            project = services.make_project(_draft(form), actor=request.user, now=clock.now())
        except Problem as problem:
            form.add_problem(problem)
        else:
            messages.success(request, _("The project is made. Next: import texts, then add people."))
            return redirect("insights:project", project.public_id)
    context = {"form": form, "schema_templates": templates, "chosen": chosen}
    return render(request, "projects/make.html", context, status=422 if form.errors else 200)


def _draft(form: ProjectForm) -> services.ProjectDraft:
    data = form.cleaned_data
    return services.ProjectDraft(
        name=data["name"],
        description=data["description"],
        languages=form.language_tags(),
        target=data["target"],
        declared_severity=data["declared_severity"],
        hazards=data["hazards"],
        routing=Routing(data["routing"]),
        aggregation=Aggregation(data["aggregation"]),
        schema_source=data["schema_source"],
        guideline=data["guideline"],
    )


@signed_in
@require_http_methods(["GET", "POST"])
def guideline(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show the guideline with its rulings; a lead makes the next version here."""
    project = access_project(request.user, project_id, roles=_READERS)
    is_lead = Role.LEAD in queries.project_roles(request.user, project)
    form = GuidelineForm(request.POST or None, initial={"text": project.version.text})
    if request.method == "POST":
        access_project(request.user, project_id, roles=(Role.LEAD,))
        if form.is_valid():
            try:
                services.revise_guideline(
                    project, schema_source=project.version.schema_source, actor=request.user, now=clock.now(), **form.cleaned_data
                )
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, _("The new version holds from the next item on."))
                return redirect("projects:guideline", project.public_id)
    context = {
        "project": project,
        "place": project.name,
        "html": to_html(project.version.text),
        "rulings": rulings(project.guideline),
        "versions": versions(project.guideline)[:20] if is_lead else [],
        "form": form if is_lead else None,
        "is_simulated": project.simulated,
    }
    return render(request, "projects/guideline.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def languages(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show the project's languages; a lead adds one here, or changes the level it asks for."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    form = LanguageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_language(
                project, tag=form.cleaned_data["tag"], level=form.cleaned_data["level"], actor=request.user, now=clock.now()
            )
        except Problem as problem:
            form.add_problem(problem)
        else:
            messages.success(request, _("%(tag)s is a language of the project now.") % {"tag": made.tag})
            return redirect("projects:languages", project.public_id)
    annotators = {row.user_id for row in queries.members(project) if row.role == Role.ANNOTATOR}
    known = [(competence.tag, competence.user_id) for competence in standing_competences(user_ids=annotators, now=clock.now())]
    context = {
        "project": project,
        "place": project.name,
        "rows": [(row, len({person for tag, person in known if covers(tag, row.tag)})) for row in queries.project_languages(project)],
        "form": form,
        "is_simulated": project.simulated,
    }
    return render(request, "projects/languages.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def people(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show who works on the project in which languages; a lead adds people here."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    form = MemberForm(request.POST or None, may_record=services.may_record_competences(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            _add_member(request, form, project_id=project_id)
        except Problem as problem:
            form.add_problem(problem)
        else:
            return redirect("projects:people", project.public_id)
    rows = queries.people_of(project)
    known: dict[int, list[str]] = {}
    for competence in standing_competences(user_ids={user.pk for user, _memberships in rows}, now=clock.now()):
        known.setdefault(competence.user_id, []).append(f"{competence.tag} {competence.level}")
    leads = {row.pk for user, memberships in rows if user.is_active for row in memberships if row.role == Role.LEAD}

    def may_leave(row: Membership) -> bool:
        return row.role != Role.LEAD or bool(leads - {row.pk})

    context = {
        "project": project,
        "place": project.name,
        "rows": [(user, known.get(user.pk, []), [(row, may_leave(row)) for row in memberships]) for user, memberships in rows],
        "form": form,
        "qualifications": qualifications(),
        "is_simulated": project.simulated,
    }
    return render(request, "projects/people.html", context, status=422 if form.errors else 200)


def _add_member(request: PersonRequest, form: MemberForm, *, project_id: str) -> None:
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    person = person_by_username(form.cleaned_data["username"])
    if person is None:
        message = "Nobody has this username. Invite the person first, or look at the spelling."
        raise InvalidInput(message, errors=[{"field": "username", "message": message}])
    now = clock.now()
    stated = services.state_languages(
        project, person=person, tags=form.language_tags(), level=Level(form.cleaned_data["level"]), actor=request.user, now=now
    )
    role, held = Role(form.cleaned_data["role"]), queries.membership_roles(project, user=person)
    services.add_member(project, user=person, role=role, in_pool=form.cleaned_data["in_pool"], actor=request.user, now=now)
    messages.success(request, _told(person, role=role, held=held))
    if role is Role.ANNOTATOR:
        _warn_without_work(request, project, person=person, in_pool=form.cleaned_data["in_pool"])
    if stated.standing:
        messages.info(request, _("On record at this level or a higher one already: %(tags)s.") % {"tags": ", ".join(stated.standing)})
    if stated.refused:
        told = _("Not recorded: %(tags)s. A competence holds for the whole site; ask a lead of the site or an administrator to record it.")
        messages.warning(request, told % {"tags": ", ".join(stated.refused)})


def _told(person: "User", *, role: Role, held: frozenset[Role]) -> str:
    """Say what a person is now, and what they were."""
    named = {"name": person, "role": ROLES[role], "others": ", ".join(str(ROLES[each]) for each in sorted(held - {role}))}
    if role in held:
        return _("%(name)s was %(role)s in the project already; the choice of the pool is saved.") % named
    if held:
        return _("%(name)s is %(role)s in the project now, beside: %(others)s.") % named
    return _("%(name)s is %(role)s in the project now.") % named


def _warn_without_work(request: PersonRequest, project: Project, *, person: "User", in_pool: bool) -> None:
    """Warn of an annotator to whom nothing can be served."""
    if project.workflow.routing == Routing.POOL:
        if not in_pool:
            messages.warning(request, _("%(name)s gets no work yet: the items of this project go to its pool.") % {"name": person})
        return
    tags = queries.language_tags(project)
    if not any(covers(row.tag, tag) for row in standing_competences(user_ids=(person.pk,), now=clock.now()) for tag in tags):
        told = _("%(name)s gets no work yet: no competence on record covers a language of this project.")
        messages.warning(request, told % {"name": person})


@signed_in
@require_POST
def remove_member(request: PersonRequest, project_id: str, membership_id: int) -> HttpResponse:
    """Take a role in the project away."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    membership = Membership.objects.select_related("user").filter(pk=membership_id, project=project).first()
    if membership is None:
        raise NotFound("The project has no such member.")
    services.remove_member(membership, actor=request.user, now=clock.now())
    left = {"name": membership.user, "role": ROLES[Role(membership.role)]}
    messages.success(request, _("%(name)s is no longer %(role)s in the project.") % left)
    if Role.LEAD not in queries.project_roles(request.user, project):
        return redirect("projects:project-list")
    return redirect("projects:people", project.public_id)


@signed_in
@require_POST
def set_qualification(request: PersonRequest, project_id: str) -> HttpResponse:
    """Ask of everybody in the project that they have passed a qualification, or nothing."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    wanted = request.POST.get("qualification", "")
    chosen = next((row for row in qualifications() if row.public_id == wanted), None)
    if wanted and chosen is None:
        raise InvalidInput(_("There is no such qualification."))
    services.set_qualification(project, qualification=chosen, actor=request.user, now=clock.now())
    return redirect("projects:people", project.public_id)


@signed_in
@require_POST
def set_state(request: PersonRequest, project_id: str) -> HttpResponse:
    """Open, pause or close a project."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    wanted = request.POST.get("state", "")
    if wanted not in {v.value for v in ProjectState}:
        raise InvalidInput(f"A project cannot be {wanted!r}.")
    services.set_state(project, state=ProjectState(wanted), actor=request.user, now=clock.now())
    if project.state == ProjectState.ACTIVE:
        messages.success(request, _("The project is open: its items are served."))
    elif project.state == ProjectState.PAUSED:
        messages.success(request, _("The project is paused: nobody is served its items."))
    return redirect("insights:project", project.public_id)
