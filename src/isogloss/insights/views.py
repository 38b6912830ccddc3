"""Pages that join what the other contexts know."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.insights.charts import dot_plot
from isogloss.insights.queries import project_page
from isogloss.insights.services import renew_figures
from isogloss.platform import clock
from isogloss.projects.access import access_project
from isogloss.projects.queries import project_roles

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
            dot_plot(
                [
                    (
                        row.name,
                        row.tag,
                        row.alpha.value if row.alpha else None,
                        row.alpha.low if row.alpha else None,
                        row.alpha.high if row.alpha else None,
                    )
                    for row in rows
                    if row.tag
                ],
                target=RELIABLE,
            ),
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


@signed_in
@require_POST
def renew(request: PersonRequest, project_id: str) -> HttpResponse:
    """Put the recomputing of a project's figures in line."""
    shown = access_project(request.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    renew_figures(shown, actor=request.user, now=clock.now())
    return redirect("insights:project", shown.public_id)
