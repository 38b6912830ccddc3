"""Pages of wellbeing: one's own exposure and consents, the policy, and who is available."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from isogloss.accounts.access import PersonRequest, require_site_role, signed_in
from isogloss.accounts.queries import has_site_role, site_roles
from isogloss.accounts.rules import Role
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput, Problem
from isogloss.projects.access import EVERY_MEMBER, access_project
from isogloss.projects.queries import members, project_roles, projects_of, roles_by_project
from isogloss.wellbeing import queries, services
from isogloss.wellbeing.access import access_policy
from isogloss.wellbeing.columns import hazards_before, hazards_of_project
from isogloss.wellbeing.forms import ContactsForm, PolicyForm
from isogloss.wellbeing.rules import CAPPED, CATEGORIES, HOUSE, NOTHING, Policy, opens_on, policy_of
from isogloss.wellbeing.words import CUTS, CategoryWords, Change, category_words, in_order, told_changes

if TYPE_CHECKING:
    from isogloss.projects.models import Project
    from isogloss.wellbeing.models import ExposurePolicy

DAYS_SHOWN = 14
VERSIONS_SHOWN = 50


@signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """Show a person what they met today, what is left, and what they agree to; nobody else sees this page of theirs."""
    person, now = request.user, clock.now()
    _number, policy = queries.policy_in_force()
    standing = queries.standing_consents([person.pk], policy=policy, now=now).get(person.pk, {})
    near = hazards_before(person.pk)
    others = (set(CATEGORIES) | set(standing)) - near
    projects = list(projects_of(person))
    roles = roles_by_project(person, projects)
    starter = queries.starters([person.pk])[person.pk]
    context = {
        "opens_on": opens_on(policy, day=starter.day(now)[0], started=starter.started),
        "today": [
            (level, policy.levels[level.severity], CUTS[level.cut])
            for level in queries.exposure_today([person.pk], now=now).get(person.pk, [])
        ],
        "near": [_consent_row(hazard, policy=policy, standing=standing) for hazard in in_order(near)],
        "others": [_consent_row(hazard, policy=policy, standing=standing) for hazard in in_order(others)],
        "days": [
            (day, [minutes.get(level, 0.0) for level in (1, *CAPPED)]) for day, minutes in queries.days_of(person.pk, most=DAYS_SHOWN)
        ],
        "now": now,
        "open_severity": policy.open_severity,
        "projects": [project for project in projects if Role.ANNOTATOR in roles.get(project.pk, set())],
    }
    return render(request, "wellbeing/mine.html", context)


def _consent_row(
    hazard: str, *, policy: Policy, standing: dict[str, queries.Agreed]
) -> tuple[CategoryWords, list[tuple[str, str, bool]], object]:
    """Return a category's words, its choices (value, name, is chosen) and until when the present one holds."""
    level, until = standing.get(hazard, (None, None))
    closed = [severity for severity in CAPPED if severity > policy.open_severity]
    is_usual = level is None or (level != NOTHING and level <= policy.open_severity)
    choices = [
        (str(NOTHING), _("Nothing of it"), level == NOTHING),
        ("", _("Up to S%(severity)s") % {"severity": policy.open_severity}, is_usual),
    ]
    choices += [(str(severity), _("Up to S%(severity)s") % {"severity": severity}, level == severity) for severity in closed]
    return category_words(hazard), choices, until


@signed_in
@require_POST
def consent(request: PersonRequest) -> HttpResponse:
    """Give, change or withdraw one's own consent to a category; it holds from the next item on."""
    level = request.POST.get("level", "")
    allowed = {"", str(NOTHING), *(str(severity) for severity in CAPPED)}
    if level not in allowed:
        raise InvalidInput(f"A consent's level cannot be {level!r}.")
    hazard = request.POST.get("hazard", "")
    services.set_consent(request.user, hazard=hazard, level=int(level) if level else None, now=clock.now())
    messages.success(request, _("It holds from the next item on."))
    project = request.POST.get("project", "")
    return redirect("wellbeing:project-consent", project) if project.isalnum() else redirect("wellbeing:mine")


@signed_in
@require_http_methods(["GET", "POST"])
def project_consent(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show an annotator what a project's material contains; they agree to all of it at once, or category by category."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    person, now = request.user, clock.now()
    if request.method == "POST":
        services.consent_to_project(person, project_id=project.pk, now=now)
        messages.success(request, _("It holds from the next item on."))
        return redirect("wellbeing:project-consent", project.public_id)
    _number, policy = queries.policy_in_force()
    standing = queries.standing_consents([person.pk], policy=policy, now=now).get(person.pk, {})
    met = {hazard: severity for hazard, severity in hazards_of_project(project.pk).items() if severity > 0}
    context = {
        "project": project,
        "place": project.name,
        "met": [(category_words(hazard), met[hazard]) for hazard in in_order(set(met))],
        "rows": [_consent_row(hazard, policy=policy, standing=standing) for hazard in in_order(set(met))],
        "asks": any(
            severity > policy.open_severity and standing.get(hazard, (policy.open_severity, None))[0] < severity
            for hazard, severity in met.items()
        ),
        "open_severity": policy.open_severity,
        "is_simulated": project.simulated,
    }
    return render(request, "wellbeing/project_consent.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def policy(request: PersonRequest) -> HttpResponse:
    """Show the policy to everybody it protects; a wellbeing officer makes the next version here."""
    number, present = queries.policy_in_force()
    is_officer = has_site_role(request.user, Role.WELLBEING_OFFICER)
    form = PolicyForm(request.POST or None, initial=PolicyForm.first(present, number=number))
    if request.method == "POST":
        require_site_role(request.user, Role.WELLBEING_OFFICER)
        if form.is_valid() and _make(request, form):
            return redirect("wellbeing:policy")
    may_sign = bool(site_roles(request.user) & {Role.WELLBEING_OFFICER, Role.ADMIN})
    context = {
        "number": number,
        "policy": present,
        "rows": [(f"S{level}" if level else "S0–S1", rule) for level, rule in present.levels.items()],
        "ramp": [round(100 * share) for share in present.ramp],
        "form": form if is_officer else None,
        "versions": _versions() if may_sign else [],
        "may_sign": may_sign,
    }
    return render(request, "wellbeing/policy.html", context, status=422 if form.errors else 200)


def _versions() -> list[tuple["ExposurePolicy", list[Change]]]:
    """Return the versions with what each changed against the one it was drawn up from; what protects less is marked."""
    rows = list(queries.policy_versions()[:VERSIONS_SHOWN])
    by_number = {0: HOUSE, **{row.number: policy_of(row.table) for row in rows}}
    return [(row, told_changes(before=by_number[row.base], after=by_number[row.number]) if row.base in by_number else []) for row in rows]


def _make(request: PersonRequest, form: PolicyForm) -> bool:
    try:
        drawn_up = services.drawn_up(form.table())
        made = services.make_policy(
            drawn_up, note=form.cleaned_data["note"], base=form.cleaned_data["base"], actor=request.user, now=clock.now()
        )
    except Problem as problem:
        form.add_problem(problem)
        return False
    if made.looser:
        messages.warning(request, _("This version protects less. It waits for the signature of a second person."))
    else:
        messages.success(request, _("Version %(number)s is in force.") % {"number": made.number})
    return True


@signed_in
@require_POST
def sign(request: PersonRequest, number: int) -> HttpResponse:
    """Put a version that protects less in force, as the second person."""
    services.sign_policy(access_policy(request.user, number), actor=request.user, now=clock.now())
    messages.success(request, _("Version %(number)s is in force.") % {"number": number})
    return redirect("wellbeing:policy")


@signed_in
@require_GET
def availability(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show a lead who of a project may be served which severity today: yes or no, never why."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    people = {row.user_id: row.user for row in members(project) if row.role == Role.ANNOTATOR}
    found = queries.available_today(people, now=clock.now())
    context = {
        "project": project,
        "place": project.name,
        "rows": [(user, [found.get(person, {}).get(level, False) for level in CAPPED]) for person, user in people.items()],
        "levels": CAPPED,
        "is_simulated": project.simulated,
    }
    return render(request, "wellbeing/availability.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def contacts(request: PersonRequest) -> HttpResponse:
    """Show everybody whom they can talk to; a wellbeing officer or an administrator says who that is."""
    may_change = bool(site_roles(request.user) & {Role.WELLBEING_OFFICER, Role.ADMIN})
    if request.method == "POST":
        require_site_role(request.user, Role.WELLBEING_OFFICER, Role.ADMIN)
    rows = list(projects_of(request.user))
    held = roles_by_project(request.user, rows)
    context: dict[str, object] = {"project": None, "of_projects": [row for row in rows if Role.WELLBEING_OFFICER in held[row.pk]]}
    return _contacts(request, None, may_change=may_change, context=context)


@signed_in
@require_http_methods(["GET", "POST"])
def project_contacts(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show whom one can talk to in a project before the site's contacts; the project's wellbeing officer says who that is."""
    project = access_project(request.user, project_id, roles=(Role.WELLBEING_OFFICER,) if request.method == "POST" else EVERY_MEMBER)
    may_change = Role.WELLBEING_OFFICER in project_roles(request.user, project)
    context = {"project": project, "place": project.name, "of_projects": [], "is_simulated": project.simulated}
    return _contacts(request, project, may_change=may_change, context=context)


def _contacts(request: PersonRequest, project: "Project | None", *, may_change: bool, context: dict[str, object]) -> HttpResponse:
    present = queries.contacts_of(project.pk if project else None)
    form = ContactsForm(
        request.POST if request.method == "POST" else None, initial={"contacts": "\n".join(f"{name}: {detail}" for name, detail in present)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_contacts(form.cleaned_data["contacts"], project=project, actor=request.user, now=clock.now())
        except Problem as problem:
            form.add_problem(problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path)
    own = {"present": present, "form": form if may_change else None, "shared": queries.contacts_of(None) if project else []}
    return render(request, "wellbeing/contacts.html", {**context, **own}, status=422 if form.errors else 200)
