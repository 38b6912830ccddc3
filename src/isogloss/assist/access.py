"""The door to a language model: models speak for the whole workspace, so leads and administrators of the site pass."""

from typing import TYPE_CHECKING

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.assist.queries import ModelPage, model_page
from isogloss.platform.access import door
from isogloss.platform.problems import NotFound

if TYPE_CHECKING:
    from isogloss.accounts.models import User

KEEPERS = (Role.ADMIN, Role.LEAD)


@door(opens="assist.Model", roles=("admin", "lead"))
def access_model(actor: "User", name: str) -> ModelPage:
    """Return a language model to a lead of the site or an administrator."""
    require_site_role(actor, *KEEPERS)
    found = model_page(name)
    if found is None:
        raise NotFound(f"There is no language model {name!r}.")
    return found
