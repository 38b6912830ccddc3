"""Reads about people and their roles."""

from collections.abc import Iterable

from django.db.models import QuerySet

from isogloss.accounts.models import ApiToken, Invitation, RoleGrant, User
from isogloss.accounts.rules import Role, normal_username


def site_roles(user: User) -> frozenset[Role]:
    """Return the roles a person holds for the whole site; read once per request object."""
    cached: frozenset[Role] | None = getattr(user, "_site_roles", None)
    if cached is None:
        cached = frozenset(Role(role) for role in RoleGrant.objects.filter(user=user).values_list("role", flat=True))
        user._site_roles = cached  # type: ignore[attr-defined]  # a cache on this instance only  # noqa: SLF001
    return cached


def has_site_role(user: User, *roles: Role) -> bool:
    """Whether the person holds one of the roles for the whole site."""
    return bool(site_roles(user) & set(roles))


def people() -> QuerySet[User]:
    """Everybody, by name."""
    return User.objects.order_by("name", "username").prefetch_related("grants")


def people_by_username(usernames: Iterable[str]) -> dict[str, User]:
    """Return the people with these usernames, by username."""
    return {user.username: user for user in User.objects.filter(username__in=list(usernames))}


def open_invitations() -> QuerySet[Invitation]:
    """Invitations nobody has accepted or withdrawn, newest first."""
    return Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).select_related("invited_by").order_by("-id")


def api_tokens(user: User) -> QuerySet[ApiToken]:
    """Return a person's API tokens that were not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True).order_by("-id")


def person_by_username(username: str) -> User | None:
    """Return the person with this username, without regard to case."""
    return User.objects.filter(username__iexact=normal_username(username)).first()


def has_administrator() -> bool:
    """Whether anybody can administer the site."""
    return RoleGrant.objects.filter(role=Role.ADMIN, user__is_active=True).exists()


def people_by_id(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these people, by id."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=list(ids))}


def first_administrator() -> User | None:
    """Return the administrator who has been one for longest."""
    grant = RoleGrant.objects.filter(role=Role.ADMIN, user__is_active=True).select_related("user").order_by("id").first()
    return grant.user if grant is not None else None
