"""Pages of language models: train one from releases, see how it did, let it speak, go back."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from isogloss.accounts.access import PersonRequest, require_site_role, signed_in
from isogloss.accounts.rules import Role
from isogloss.assist import queries, services
from isogloss.assist.access import KEEPERS, access_model
from isogloss.delivery.access import access_release
from isogloss.delivery.queries import ready_releases, release_folder
from isogloss.platform import clock, jobs
from isogloss.platform.forms import PlainForm
from isogloss.platform.markdown import to_html
from isogloss.platform.problems import Problem
from isogloss.projects.queries import projects_of
from isogloss.web.dumbbells import dumbbells

SHOWN = 40


class TrainForm(PlainForm):
    """Which releases to learn from."""

    releases = forms.MultipleChoiceField(
        label=gettext_lazy("Releases"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What was decided on a language question is learnt; without one, the declared language. Gold and test rows are left out."
        ),
    )

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through
        self.fields["releases"].choices = choices  # type: ignore[attr-defined]  # a multiple-choice field has choices


@signed_in
@require_safe
def model_list(request: PersonRequest) -> HttpResponse:
    """List the models, what speaks now, and the training that is under way; the fragment alone when htmx asks."""
    require_site_role(request.user, *KEEPERS)
    return _listed(request, _form(request))


def _listed(request: PersonRequest, form: TrainForm | None, *, status: int = 200) -> HttpResponse:
    runs = list(queries.training_runs()[:5])
    under_way = [run for run in runs if run.job is not None and run.job.state in {"waiting", "running"}]
    context = {
        "models": queries.model_pages(),
        "speaks": queries.speaking(),
        "before": queries.model_before(),
        "runs": runs,
        "is_waiting": bool(under_way),
        "worker_missing": any(run.job.state == "waiting" for run in under_way if run.job) and not jobs.worker_is_about(clock.now()),
        "activations": queries.activations()[: queries.RECENT],
        "form": form,
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/_models.html" if fragment else "web/models.html", context, status=status)


def _form(request: PersonRequest, data: object = None) -> TrainForm | None:
    """The form, for who may read releases: leads of the site."""
    rows = ready_releases(projects_of(request.user))[:SHOWN]
    choices = [(row.public_id, f"{row.project.name} {row.version} · {row.items}") for row in rows]
    return TrainForm(data, choices=choices) if choices else None


@signed_in
@require_POST
def train_model(request: PersonRequest) -> HttpResponse:
    """Put the training of a model in line."""
    require_site_role(request.user, *KEEPERS)
    form = _form(request, request.POST)
    if form is None or not form.is_valid():
        return _listed(request, form, status=422)
    chosen = [access_release(request.user, public_id, roles=(Role.LEAD,)) for public_id in form.cleaned_data["releases"]]
    sources = [services.TrainingSource(release_folder(row), f"{row.project.name} {row.version}", row.project_id) for row in chosen]
    services.start_training(sources, actor=request.user, now=clock.now())
    return redirect("web:model-list")


@signed_in
@require_safe
def model_page(request: PersonRequest, model: str) -> HttpResponse:
    """Show how a model did on text it had not seen, the gate's verdict, and its card."""
    shown = access_model(request.user, model)
    judged = [row for row in shown.scores if row.is_judged]
    charts = [
        (evaluation, dumbbells([(row.language, row.live, row.candidate) for row in judged if row.evaluation == evaluation.name][:SHOWN]))
        for evaluation in shown.evaluations
    ]
    context = {
        "model": shown,
        "charts": charts,
        "rows": sorted(shown.scores, key=lambda row: (row.passes, row.change)),
        "card": to_html(shown.card) if shown.card else "",
        "before": queries.model_before(),
    }
    return render(request, "web/model.html", context)


@signed_in
@require_POST
def activate_model(request: PersonRequest, model: str) -> HttpResponse:
    """Let a model speak; one that the gate refused only where the box says so."""
    name = access_model(request.user, model).name
    try:
        services.activate(name, actor=request.user, now=clock.now(), insist=request.POST.get("insist") == "yes")
    except Problem as problem:
        messages.error(request, _(problem.detail))
    else:
        messages.success(
            request, _("This model speaks now. Texts that come in are estimated with it; earlier estimates stay until asked for.")
        )
    return redirect("web:model", name)


@signed_in
@require_POST
def go_back(request: PersonRequest) -> HttpResponse:
    """Go back to what spoke before."""
    require_site_role(request.user, *KEEPERS)
    row = services.go_back(actor=request.user, now=clock.now())
    messages.success(
        request, _("Model %(name)s speaks again.") % {"name": row.model} if row.model else _("The shipped detectors speak alone again.")
    )
    return redirect("web:model-list")
