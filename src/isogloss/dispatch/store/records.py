"""What goes into a dispatch store and what comes out of it."""

from typing import Protocol

from msgspec import Struct

from isogloss.platform.problems import Conflict, NotFound, Problem


class Served(Struct, frozen=True):
    """A live lease with what the page shows."""

    lease: str
    schema: int
    expires: int
    serve: int
    language: str
    severity: int
    hazards: str
    content: str


class NextRequest(Struct, frozen=True):
    """Somebody asks for work."""

    person: int
    project: int
    epoch: int
    want: int
    now: int


class NextOutcome(Struct, frozen=True):
    """The person's live leases, oldest first, and how their day stands."""

    leases: list[Served]
    today: int = 0
    break_in: int | None = None


class Nothing(Struct, frozen=True):
    """Why somebody gets nothing, and until when, where that is known (milliseconds since 1970)."""

    reason: str
    until: int | None = None


class Submission(Struct, frozen=True):
    """An answer under a lease; `answers` and `served` are JSON."""

    person: int
    project: int
    epoch: int
    lease: str
    key: str
    body_hash: str
    answers: str
    active_ms: int
    suggestion_visible: bool
    served: str
    now: int
    annotation: str


class SubmitOutcome(Struct, frozen=True):
    """What became of a submit: `counted`, `surplus`, `correction` or `repeat`."""

    state: str
    annotation: str
    revision: int
    today: int


class SkipRequest(Struct, frozen=True):
    """Somebody passes an item on."""

    person: int
    project: int
    epoch: int
    lease: str
    key: str
    reason: str
    note: str
    now: int


class LeaseFacts(Struct, frozen=True):
    """What a submit is checked against."""

    schema: int
    content: str


class Outdated(Exception):
    """The person's tokens were revoked since this one was made."""


class UnknownLease(NotFound):
    """The person never held this lease."""

    title = "Unknown lease"


class KeyClash(Conflict):
    """A key that was used before came back with something else."""

    title = "The key was used for another answer"


class Unavailable(Problem):
    """The database does not answer; what was asked was not done."""

    status = 503  # type: ignore[assignment]
    title = "The database does not answer"


class StorageFull(Problem):
    """The disk is full; what was asked was not done."""

    status = 507  # type: ignore[assignment]
    title = "The disk is full"


class DispatchStore(Protocol):
    """The hot path against one engine; each call is one transaction."""

    def next_leases(self, request: NextRequest) -> NextOutcome:
        """Top the person up to `want` live leases and return all, oldest first."""
        ...

    def lease_facts(self, *, person: int, lease: str) -> LeaseFacts:
        """Return what an answer under this lease is checked against, live or ended; raise `UnknownLease`."""
        ...

    def submit(self, submission: Submission) -> SubmitOutcome:
        """Store an answer durably; a repeat is the same annotation."""
        ...

    def skip(self, request: SkipRequest) -> str:
        """End the lease, return its slot, never serve the person that item again."""
        ...

    def why_nothing(self, request: NextRequest) -> Nothing:
        """Say why the person gets nothing."""
        ...

    def does_suggest(self, *, project: int) -> bool:
        """Whether people see suggestions in this project."""
        ...

    def suggestions(self, *, person: int, project: int) -> dict[str, str]:
        """Return the suggestions for a person's leases as JSON, by lease."""
        ...

    def sweep(self, *, now: int) -> int:
        """End leases that have expired or that a pause missed; return how many."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
