"""Pages of workforce: a person's competences, everybody's as a matrix, qualifications and who has passed them."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from isogloss.accounts.access import PersonRequest, access_person, require_site_role, signed_in
from isogloss.accounts.queries import has_site_role, person_by_username
from isogloss.accounts.rules import Role
from isogloss.platform import clock
from isogloss.platform.languages import display_name, name_key, normal_tag
from isogloss.platform.problems import InvalidInput, Problem
from isogloss.workforce import queries, services
from isogloss.workforce.access import access_attempt, access_competence, access_qualification
from isogloss.workforce.forms import AttemptForm, CompetenceForm, ProfileForm, QualificationForm
from isogloss.workforce.rules import Level, Modality

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isogloss.workforce.models import Competence

ATTEMPTS_SHOWN = 100


@signed_in
@require_http_methods(["GET", "POST"])
def competences(request: PersonRequest, person_id: str) -> HttpResponse:
    """Show what a person can do; a lead grants a competence here, the person reads their own."""
    person = access_person(request.user, person_id)
    may_change = has_site_role(request.user, Role.LEAD, Role.ADMIN)
    form = CompetenceForm(request.POST or None)
    if request.method == "POST":
        require_site_role(request.user, Role.LEAD, Role.ADMIN)
        if form.is_valid():
            try:
                services.grant_competence(
                    person,
                    tag=form.cleaned_data["tag"],
                    level=Level(form.cleaned_data["level"]),
                    modality=Modality(form.cleaned_data["modality"]),
                    evidence=form.cleaned_data["evidence"],
                    expires_at=_end_of_day(form),
                    actor=request.user,
                    now=clock.now(),
                )
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, _("It holds from the person's next item on."))
                return redirect("workforce:competences", person.public_id)
    now = clock.now()
    profile = queries.profile_of(person.pk)
    first = {"time_zone": profile.time_zone, "weekly_hours": profile.weekly_hours} if profile else {}
    context = {
        "someone": person,
        "rows": [(row, _state(row.withdrawn_at, row.expires_at, now=now)) for row in _in_order(queries.competences(user_id=person.pk))],
        "attempts": [(row, _state(None, row.lapses_at, now=now)) for row in queries.attempts_of(user_id=person.pk)[:ATTEMPTS_SHOWN]],
        "form": form if may_change else None,
        "profile": profile,
        "profile_form": ProfileForm(initial=first) if may_change else None,
    }
    return render(request, "workforce/competences.html", context, status=422 if form.errors else 200)


def _in_order(rows: "Iterable[Competence]") -> "list[Competence]":
    """What holds first, by the name of its language; of the same the newest first."""
    reader = get_language() or "en"
    return sorted(rows, key=lambda row: (row.withdrawn_at is not None, name_key(display_name(row.tag, reader=reader)), -row.pk))


def _end_of_day(form: CompetenceForm) -> datetime | None:
    day = form.cleaned_data["expires_on"]
    if day is None:
        return None
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    if ends <= clock.now():
        message = _("This day is over. Choose a later one, or leave it empty.")
        raise InvalidInput(message, errors=[{"field": "expires_on", "message": message}])
    return ends


def _state(withdrawn_at: datetime | None, ends_at: datetime | None, *, now: datetime) -> str:
    if withdrawn_at is not None:
        return "withdrawn"
    return "ended" if ends_at is not None and ends_at <= now else "holds"


@signed_in
@require_POST
def withdraw_competence(request: PersonRequest, competence_id: str) -> HttpResponse:
    """End a competence."""
    competence = access_competence(request.user, competence_id)
    services.withdraw_competence(competence, actor=request.user, now=clock.now())
    messages.success(request, _("Withdrawn. It counts no more from the person's next item on."))
    return redirect("workforce:competences", competence.user.public_id)


@signed_in
@require_POST
def set_profile(request: PersonRequest, person_id: str) -> HttpResponse:
    """Record where and how much a person works."""
    person = access_person(request.user, person_id)
    require_site_role(request.user, Role.LEAD, Role.ADMIN)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(" ".join(str(message) for rows in form.errors.values() for message in rows))
    services.set_profile(person, actor=request.user, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("workforce:competences", person.public_id)


@signed_in
@require_GET
def matrix(request: PersonRequest) -> HttpResponse:
    """Show who can do what in which language; `?language=` leaves those whose competence covers it."""
    require_site_role(request.user, Role.LEAD, Role.ADMIN)
    wanted, problem = request.GET.get("language", "").strip(), ""
    try:
        tag = normal_tag(wanted, field="language") if wanted else ""
    except InvalidInput as error:
        tag, problem = "", error.detail
    now = clock.now()
    columns, rows = queries.competence_matrix(now=now, tag=tag)
    context = {
        "columns": columns,
        "rows": rows,
        "language": wanted,
        "problem": problem,
        "known": queries.languages_known(now=now),
        "soon": now + timedelta(days=30),
        "counts": [sum(1 for row in rows if row.cells[index]) for index in range(len(columns))],
    }
    return render(request, "workforce/matrix.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def qualifications(request: PersonRequest) -> HttpResponse:
    """List what can be passed and who has; a lead defines another here."""
    require_site_role(request.user, Role.LEAD, Role.ADMIN)
    form = QualificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_qualification(actor=request.user, now=clock.now(), **form.cleaned_data)
        except Problem as problem:
            form.add_problem(problem)
        else:
            return redirect("workforce:qualification-list")
    return _show_qualifications(request, form=form)


def _show_qualifications(
    request: PersonRequest, *, form: QualificationForm, attempt_form: AttemptForm | None = None, at: int | None = None
) -> HttpResponse:
    passes: dict[int, list[object]] = {}
    for attempt in queries.standing_passes(now=clock.now()):
        passes.setdefault(attempt.qualification_id, []).append(attempt)
    rows = [
        (
            row,
            passes.get(row.pk, []),
            attempt_form if attempt_form is not None and row.pk == at else AttemptForm(auto_id=f"id_{row.pk}_%s"),
            row.pk == at,
        )
        for row in queries.qualifications()
    ]
    context = {"rows": rows, "form": form}
    return render(request, "workforce/qualifications.html", context, status=422 if form.errors or at is not None else 200)


@signed_in
@require_POST
def record_attempt(request: PersonRequest, qualification_id: str) -> HttpResponse:
    """Record how a person's try at a qualification ended."""
    qualification = access_qualification(request.user, qualification_id)
    form = AttemptForm(request.POST, auto_id=f"id_{qualification.pk}_%s")
    if form.is_valid():
        person = person_by_username(form.cleaned_data["username"])
        if person is not None:
            services.record_attempt(
                person,
                qualification=qualification,
                passed=form.cleaned_data["outcome"] == "passed",
                score=form.cleaned_data["score"],
                note=form.cleaned_data["note"],
                actor=request.user,
                now=clock.now(),
            )
            messages.success(request, _("Recorded. It counts from the person's next item on."))
            return redirect("workforce:qualification-list")
        form.add_error("username", _("Nobody has this username. Invite the person first, or look at the spelling."))
    return _show_qualifications(request, form=QualificationForm(), attempt_form=form, at=qualification.pk)


@signed_in
@require_POST
def lapse_attempt(request: PersonRequest, qualification_id: str, attempt_id: int) -> HttpResponse:
    """End a pass before its time."""
    qualification = access_qualification(request.user, qualification_id)
    services.lapse_attempt(access_attempt(request.user, attempt_id, qualification=qualification), actor=request.user, now=clock.now())
    messages.success(request, _("The pass has ended."))
    return redirect("workforce:qualification-list")
