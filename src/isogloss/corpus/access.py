"""The doors to batches, items and imports; each is checked against its project."""

from typing import TYPE_CHECKING

from isogloss.accounts.rules import Role
from isogloss.corpus.models import Batch, ImportRun, Item, ProfileRun
from isogloss.platform.access import door
from isogloss.platform.problems import NotFound
from isogloss.projects.access import access_project

if TYPE_CHECKING:
    from isogloss.accounts.models import User


@door(opens="corpus.ImportRun", roles=("lead",))
def access_import(actor: "User", public_id: str) -> ImportRun:
    """Return an import to a lead of its project."""
    run = ImportRun.objects.select_related("project", "job", "batch").filter(public_id=public_id).first()
    if run is None:
        raise NotFound("There is no such import.")
    access_project(actor, run.project.public_id, roles=(Role.LEAD,))
    return run


@door(opens="corpus.Batch", roles=("lead",))
def access_batch(actor: "User", public_id: str) -> Batch:
    """Return a batch to a lead of its project."""
    batch = Batch.objects.select_related("project").filter(public_id=public_id).first()
    if batch is None:
        raise NotFound("There is no such batch.")
    access_project(actor, batch.project.public_id, roles=(Role.LEAD,))
    return batch


@door(opens="corpus.ProfileRun", roles=("lead",))
def access_profile(actor: "User", public_id: str) -> ProfileRun:
    """Return a profile to a lead of its project."""
    run = ProfileRun.objects.select_related("project", "job", "batch").filter(public_id=public_id).first()
    if run is None:
        raise NotFound("There is no such profile.")
    access_project(actor, run.project.public_id, roles=(Role.LEAD,))
    return run


@door(opens="corpus.Item", roles=("lead", "reviewer"))
def access_item(actor: "User", project_id: str, external_id: str) -> Item:
    """Return an item by its external id to a lead or reviewer of the project."""
    project = access_project(actor, project_id, roles=(Role.LEAD, Role.REVIEWER))
    item = Item.objects.select_related("batch").filter(project=project, external_id=external_id).first()
    if item is None:
        raise NotFound(f"The project has no item {external_id!r}.")
    return item
