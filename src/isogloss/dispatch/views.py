"""Pages of dispatch for leads: the queue by language, its batches, the people at it, and why an item does not move."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.annotation.queries import count_standing
from isogloss.corpus.access import access_batch, access_item
from isogloss.corpus.queries import batches
from isogloss.dispatch import queries, services
from isogloss.dispatch.forms import ItemForm, RecallForm
from isogloss.dispatch.words import OBSTACLES, STANDINGS
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput, NotFound, Problem
from isogloss.projects.access import access_project
from isogloss.projects.queries import annotators

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

BATCHES_SHOWN = 200


@signed_in
@require_safe
def queue(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show a lead what waits and what is out, by language, batch and person, and why the item they name does not move."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    form = ItemForm(request.GET or None)
    context = {
        "project": project,
        "place": project.name,
        "languages": queries.counters(project.pk),
        "batches": batches(project)[:BATCHES_SHOWN],
        "people": _people(project),
        "form": form,
        "asked": _asked(request.user, project, external_id=form.cleaned_data["item"]) if form.is_valid() else None,
        "is_simulated": project.simulated,
    }
    return render(request, "dispatch/queue.html", context)


def _annotators(project: "Project") -> dict[int, "User"]:
    return {user.pk: user for user in annotators(project)}


def _people(project: "Project") -> list[tuple["User", int]]:
    held = queries.leases_by_person(project.pk)
    return [(user, held.get(person, 0)) for person, user in _annotators(project).items()]


def _asked(actor: "User", project: "Project", *, external_id: str) -> dict[str, object]:
    """Say where an item stands, who holds it, and who could take it."""
    try:
        item = access_item(actor, project.public_id, external_id)
    except NotFound as problem:
        return {"external_id": external_id, "problem": _("The project has no item with this id."), "detail": problem.detail}
    now, names = clock.now(), _annotators(project)
    standing = queries.why_not_moving(item.pk, now=now)
    return {
        "external_id": external_id,
        "standing": standing,
        "words": STANDINGS[standing.reason],
        "holders": [(names[person], ends) for person, ends in queries.holders(item.pk) if person in names],
        "candidates": [
            (names[row.person_id], OBSTACLES[row.obstacle], row)
            for row in queries.who_could_take(item.pk, now=now)
            if row.person_id in names
        ],
    }


@signed_in
@require_POST
def set_batch_state(request: PersonRequest, batch_id: str) -> HttpResponse:
    """Pause a batch, or serve it again; its rows are moved by a job."""
    batch = access_batch(request.user, batch_id)
    wanted = request.POST.get("state", "")
    if wanted == "paused":
        services.pause_batch(batch, actor=request.user, now=clock.now(), moves_later=True)
        messages.success(request, _("Nothing of “%(name)s” is served any more; what was out has come back.") % {"name": batch.name})
    elif wanted == "active":
        services.resume_batch(batch, actor=request.user, now=clock.now(), moves_later=True)
        messages.success(request, _("“%(name)s” is served again.") % {"name": batch.name})
    else:
        raise InvalidInput(_("A batch is active or paused."))
    return redirect("dispatch:queue", batch.project.public_id)


@signed_in
@require_POST
def recall_work(request: PersonRequest, project_id: str, person_id: str) -> HttpResponse:
    """Set aside what a person did in a project: nothing is deleted, others are served the items again."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    person = next((user for user in _annotators(project).values() if user.public_id == person_id), None)
    if person is None:
        raise NotFound(_("The project has no such annotator."))
    form = RecallForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Say why the work is set aside."))
    if "sure" not in request.POST:
        context = {
            "project": project,
            "place": project.name,
            "person": person,
            "reason": form.cleaned_data["reason"],
            "number": count_standing(person_id=person.pk, project_id=project.pk),
            "is_simulated": project.simulated,
        }
        return render(request, "dispatch/recall.html", context)
    number = services.recall(person, project=project, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now())
    messages.success(request, _("%(number)s annotations by %(name)s are set aside.") % {"number": number, "name": person})
    return redirect("dispatch:queue", project.public_id)


@signed_in
@require_POST
def hand_over(request: PersonRequest, project_id: str) -> HttpResponse:
    """Give an item to a person, from its free places or from somebody who holds it."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    if not request.POST.get("item") or not request.POST.get("taker"):
        raise InvalidInput(_("Name the item and the person it goes to."))
    item = access_item(request.user, project_id, request.POST["item"])
    by_id = {user.public_id: user for user in _annotators(project).values()}
    taker, giver = by_id.get(request.POST["taker"]), request.POST.get("giver", "")
    if taker is None or (giver and giver not in by_id):
        raise NotFound(_("The project has no such annotator."))
    try:
        services.reassign(item.pk, giver=by_id.get(giver), taker=taker, actor=request.user, now=clock.now())
    except Problem as problem:
        messages.error(request, _(problem.detail))
    else:
        messages.success(request, _("The item is with %(name)s now.") % {"name": taker})
    return redirect(f"{reverse('dispatch:queue', args=[project.public_id])}?item={item.external_id}")
