"""The words a project's state, routing and aggregation are told in."""

from enum import StrEnum


class ProjectState(StrEnum):
    """Whether a project serves items."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Routing(StrEnum):
    """How an item finds its people."""

    LANGUAGE = "language"
    POOL = "pool"


class Aggregation(StrEnum):
    """How annotations become a decision."""

    MAJORITY = "majority"
    AUTO = "auto"
