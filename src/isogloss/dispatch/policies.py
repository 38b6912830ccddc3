"""The redundancy policy that a project's workflow asks for."""

from typing import TYPE_CHECKING, Any

from isogloss.core.redundancy import BadPolicy, Policy
from isogloss.platform.problems import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isogloss.projects.models import Workflow


def policy_of(workflow: "Workflow") -> Policy | None:
    """Return the project's policy, None where redundancy is fixed; `Workflow.adaptive` holds settled, minimum and burn_in."""
    told: Mapping[str, Any] = workflow.adaptive or {}
    if not told:
        return None
    minimum = int(told.get("minimum", max(2, workflow.target)))
    try:
        return Policy(
            minimum=minimum,
            maximum=max(minimum, workflow.maximum or workflow.target),
            settled=float(told.get("settled", Policy().settled)),
            burn_in=int(told.get("burn_in", Policy().burn_in)),
            full_share=workflow.full_share,
        )
    except BadPolicy as error:
        raise InvalidInput(f"The project's redundancy cannot be followed: {error}") from error
