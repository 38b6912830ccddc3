"""The doors to competences and qualifications."""

from typing import TYPE_CHECKING

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.platform.access import door
from isogloss.platform.problems import NotFound
from isogloss.workforce.models import Attempt, Competence, Qualification

if TYPE_CHECKING:
    from isogloss.accounts.models import User


@door(opens="workforce.Competence", roles=("lead", "admin"))
def access_competence(actor: "User", public_id: str) -> Competence:
    """Return a competence to a lead of the site or an administrator."""
    require_site_role(actor, Role.LEAD, Role.ADMIN)
    row = Competence.objects.select_related("user").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such competence.")
    return row


@door(opens="workforce.Qualification", roles=("lead", "admin"))
def access_qualification(actor: "User", public_id: str) -> Qualification:
    """Return a qualification to a lead of the site or an administrator."""
    require_site_role(actor, Role.LEAD, Role.ADMIN)
    row = Qualification.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such qualification.")
    return row


@door(opens="workforce.Attempt", roles=("lead", "admin"))
def access_attempt(actor: "User", attempt_id: int, *, qualification: Qualification) -> Attempt:
    """Return a try at a qualification whose door the actor has passed."""
    require_site_role(actor, Role.LEAD, Role.ADMIN)
    row = Attempt.objects.select_related("user", "qualification").filter(pk=attempt_id, qualification=qualification).first()
    if row is None:
        raise NotFound("There is no such attempt at this qualification.")
    return row
