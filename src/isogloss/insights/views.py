"""Pages that join what the other contexts know."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.assist.services import set_suggestions
from isogloss.corpus.services import ask_reestimate
from isogloss.insights.charts import DotPlot, dot_plot
from isogloss.insights.languages import languages_page
from isogloss.insights.queries import project_page
from isogloss.insights.services import renew_figures
from isogloss.platform import clock, jobs
from isogloss.projects.access import access_project
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from isogloss.insights.queries import QuestionRow

RELIABLE = 0.8


@signed_in
@require_safe
def project(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show how a project stands: progress, agreement, who did how much."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD, Role.REQUESTER, Role.REVIEWER))
    roles = project_roles(request.user, shown)
    page = project_page(shown, reader=get_language() or "en")
    charts = [
        (
            question,
            prompt,
            rows,
            _agreement_plot(rows),
        )
        for question, prompt, rows in page.questions
    ]
    context = {
        "project": shown,
        "page": page,
        "charts": charts,
        "is_lead": Role.LEAD in roles,
        "may_see_people": bool(roles & {Role.LEAD, Role.REVIEWER}),
        "is_annotator": Role.ANNOTATOR in roles,
        "is_simulated": shown.simulated,
    }
    return render(request, "insights/project.html", context)


def _agreement_plot(rows: "list[QuestionRow]") -> DotPlot | None:
    """Draw agreement by language; where none can be told yet there is nothing to draw."""
    if all(row.alpha is None or row.alpha.value is None for row in rows):
        return None
    told = [(row.name, row.tag, row.alpha) for row in rows if row.tag]
    return dot_plot(
        [(name, tag, alpha.value, alpha.low, alpha.high) if alpha else (name, tag, None, None, None) for name, tag, alpha in told],
        target=RELIABLE,
    )


@signed_in
@require_POST
def renew(request: PersonRequest, project_id: str) -> HttpResponse:
    """Put the recomputing of a project's figures in line."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    renew_figures(shown, actor=request.user, now=clock.now())
    return redirect("insights:project", shown.public_id)


@signed_in
@require_safe
def languages(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show what is known of the texts' languages: what speaks, the flags with their precision, what is being looked at."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    page = languages_page(shown, reader=get_language() or "en")
    plot = dot_plot([("", row.total.kind, row.total.value, row.total.low, row.total.high) for row in page.flags])
    context = {
        "project": shown,
        "page": page,
        "plot": plot,
        "is_lead": Role.LEAD in project_roles(request.user, shown),
        "is_simulated": shown.simulated,
        "worker_missing": any(job.state == "waiting" for job in page.jobs) and not jobs.worker_is_about(clock.now()),
    }
    return render(request, "insights/languages.html", context)


@signed_in
@require_POST
def reestimate(request: PersonRequest, project_id: str) -> HttpResponse:
    """Put the estimating of every item's language in line; nobody's queue changes."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD,))
    ask_reestimate(shown, actor=request.user, now=clock.now())
    return redirect("insights:languages", shown.public_id)


@signed_in
@require_POST
def suggestions(request: PersonRequest, project_id: str) -> HttpResponse:
    """Say whether people see what a model would answer."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD,))
    set_suggestions(shown, suggests=request.POST.get("show") == "yes", actor=request.user, now=clock.now())
    return redirect("insights:languages", shown.public_id)
