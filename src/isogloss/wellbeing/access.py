"""The doors to exposure: everybody reaches their own, wellbeing officers the policy; nobody reaches another person's consents."""

from typing import TYPE_CHECKING

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.platform.access import door
from isogloss.platform.problems import NotFound
from isogloss.wellbeing.models import ExposurePolicy

if TYPE_CHECKING:
    from isogloss.accounts.models import User


@door(opens="wellbeing.ExposurePolicy", roles=("wellbeing_officer", "admin"))
def access_policy(actor: "User", number: int) -> ExposurePolicy:
    """Return a version of the policy to a wellbeing officer, or to an administrator who signs as the second person."""
    require_site_role(actor, Role.WELLBEING_OFFICER, Role.ADMIN)
    row = ExposurePolicy.objects.filter(number=number).first()
    if row is None:
        raise NotFound("There is no such version of the policy.")
    return row
