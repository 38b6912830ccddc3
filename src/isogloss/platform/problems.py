"""Domain errors that a caller can act on; each says what happened and what to do."""

from http import HTTPStatus


class Problem(Exception):
    """Something was refused, with a reason that may be shown to the person who asked."""

    status = HTTPStatus.BAD_REQUEST
    title = "The request was refused"

    def __init__(self, detail: str, *, errors: list[dict[str, object]] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []

    @property
    def kind(self) -> str:
        """Name of the problem in words of a URL: `invalid-input`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class InvalidInput(Problem):
    """What was sent cannot be used; the detail names what, where and what to do."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The input cannot be used"


class NotFound(Problem):
    """There is no such thing, or the person may not know of it."""

    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class Forbidden(Problem):
    """The person may know of the thing but not do this to it."""

    status = HTTPStatus.FORBIDDEN
    title = "Not allowed"


class Conflict(Problem):
    """Somebody or something came first."""

    status = HTTPStatus.CONFLICT
    title = "Conflict"


class TooLarge(Problem):
    """More was sent than the limit allows."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "Too large"


class TooMany(Problem):
    """The person or address tried too often."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"
