"""Writes that pages which join the other contexts ask for."""

from isogloss.insights.services.figures import renew_figures
from isogloss.insights.services.flags import refresh_flags

__all__ = ["refresh_flags", "renew_figures"]
