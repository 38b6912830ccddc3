"""The demonstration: three projects on texts written for it, with a simulated crew that is marked as such."""

from isogloss.demonstration.filling import fill, is_filled
from isogloss.demonstration.links import login_links

__all__ = ["fill", "is_filled", "login_links"]
