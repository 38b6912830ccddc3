"""The words for where an item stands and for what keeps a person from it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STANDINGS = {
    "done": _("It is finished: it has as many annotations as it wants."),
    "gold": _("It is gold: it is served beside the work and has no target."),
    "not_routed": _("It is not in the queue yet: its language has not been determined."),
    "project_paused": _("The project is paused."),
    "batch_paused": _("Its batch is paused."),
    "leased": _("All that is missing is with somebody at the moment."),
    "nobody": _("Nobody can take it at the moment. See below who could, and what keeps them from it; or grant somebody the language."),
    "waiting": _("It waits for its turn."),
}
OBSTACLES = {
    "": pgettext_lazy("a person", "ready"),
    "held": _("is held"),
    "daily_limit": _("has reached today's limit"),
    "break": _("is due for a break"),
}
