"""Who calls the API, and what their token may do."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from isogloss.accounts.services import TokenHolder, token_holder
from isogloss.platform import clock
from isogloss.platform.problems import Forbidden


class ApiTokenAuth(HttpBearer):
    """A personal API token in the Authorization header; never a cookie, so that no other site can use it."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenHolder | None:  # noqa: ARG002  ninja's signature
        """Return whom the token speaks for."""
        return token_holder(token, now=clock.now())


def caller(request: HttpRequest, *, scope: str = "") -> TokenHolder:
    """Return whom the request speaks for, if the token may do what it wants to; without a scope every token may."""
    holder: TokenHolder = request.auth  # type: ignore[attr-defined]  # ninja puts there what authenticate returned
    if scope and scope not in holder.scopes and not (scope == "projects:read" and "projects:write" in holder.scopes):
        raise Forbidden(f"This API token lacks the scope {scope!r}. Make one with it on your account page.")
    return holder
