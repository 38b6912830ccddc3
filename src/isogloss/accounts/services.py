"""Writes about people: accounts, roles, invitations, API tokens, log-in."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from isogloss.accounts.models import ApiToken, Invitation, LoginAttempt, LoginLink, RoleGrant, User
from isogloss.accounts.ports import on_access_changed
from isogloss.accounts.queries import person_by_username, site_roles
from isogloss.accounts.rules import SCOPES, Origin, Role, may_give, normal_username
from isogloss.platform import audit
from isogloss.platform.db import write_transaction
from isogloss.platform.problems import Conflict, Forbidden, InvalidInput, NotFound, TooMany

ATTEMPTS_PER_NAME = 8
ATTEMPTS_PER_ADDRESS = 40
ATTEMPT_WINDOW = timedelta(minutes=15)
INVITATION_HOLDS = timedelta(days=14)
TOKEN_HOLDS = timedelta(days=90)


def hash_secret(secret: str) -> str:
    """Return what is stored of a random secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_user(
    *,
    username: str,
    actor: User | None,
    now: datetime,
    name: str = "",
    email: str = "",
    password: str | None = None,
    roles: tuple[Role, ...] = (),
    origin: Origin = Origin.INVITED,
    is_active: bool = True,
    must_change_password: bool = False,
) -> User:
    """Make an account; without a password nobody can log in to it."""
    username = clean_username(username)
    name, email = clean_name(name), email.strip()
    with write_transaction():
        _refuse_to_give(roles, actor=actor)
        if User.objects.filter(username__iexact=username).exists():
            raise _taken(username)
        user = User(
            username=username,
            name=name,
            email=email,
            origin=origin,
            is_active=is_active,
            must_change_password=must_change_password,
            created_at=now,
        )
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        try:
            with write_transaction():
                user.save()
        except IntegrityError:  # somebody took it between the look and the insert
            raise _taken(username) from None
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, granted_by=actor, granted_at=now)
        audit.record(actor, "account.made", user, now=now, detail={"roles": [r.value for r in roles], "origin": origin.value})
    return user


def _taken(username: str) -> Conflict:
    message = f"The username {username!r} is taken. Choose another."
    return Conflict(message, errors=[{"field": "username", "message": message}])


def clean_name(name: str) -> str:
    """Return the name without surrounding space, or say what is wrong with it."""
    name = name.strip()
    if len(name) > 150:  # noqa: PLR2004  the column's width
        raise InvalidInput("A name has at most 150 characters.", errors=[{"field": "name", "message": "At most 150 characters."}])
    return name


def clean_username(username: str) -> str:
    """Return the username as it is stored (one form of each letter, no surrounding space), or say what is wrong with it."""
    username = normal_username(username)
    if not username or len(username) > 150 or any(c.isspace() or ord(c) < 32 for c in username):  # noqa: PLR2004  the column's width, and controls
        message = f"{username!r} is not a username: use 1 to 150 characters without spaces."
        raise InvalidInput(message, errors=[{"field": "username", "message": message}])
    return username


def _refuse_to_give(roles: Iterable[Role], *, actor: User | None) -> None:
    """Refuse roles the actor may not give; no actor is whoever runs commands in the data directory, and a closed account gives nothing."""
    if actor is None:
        return
    held = site_roles(actor) if actor.is_active else frozenset()
    if not all(may_give(role, held=held) for role in roles):
        raise Forbidden("An administrator gives every role, a lead those of requester, reviewer and annotator. Ask one of them.")


def grant_role(user: User, *, role: Role, actor: User, now: datetime) -> None:
    """Give a person a role for the whole site; giving it twice changes nothing."""
    with write_transaction():
        _refuse_to_give((role,), actor=actor)
        _, is_new = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_by": actor, "granted_at": now})
        if is_new:
            audit.record(actor, "role.granted", user, now=now, detail={"role": role.value})
    on_access_changed(user_id=user.pk, now=now)


def withdraw_role(user: User, *, role: Role, actor: User, now: datetime) -> None:
    """Take a site role away; the last admin keeps theirs."""
    with write_transaction():
        _refuse_to_give((role,), actor=actor)
        if role is Role.ADMIN:
            _refuse_last_administrator(user)
        if RoleGrant.objects.filter(user=user, role=role).delete()[0]:
            audit.record(actor, "role.withdrawn", user, now=now, detail={"role": role.value})
    on_access_changed(user_id=user.pk, now=now)


def set_active(user: User, *, is_active: bool, actor: User, now: datetime) -> None:
    """Open or close an account; a closed one is out everywhere from the next request."""
    with write_transaction():
        if not is_active and Role.ADMIN in {Role(g.role) for g in user.grants.all()}:
            _refuse_last_administrator(user)
        User.objects.filter(pk=user.pk).update(is_active=is_active)
        audit.record(actor, "account.opened" if is_active else "account.closed", user, now=now)
    user.is_active = is_active
    on_access_changed(user_id=user.pk, now=now)


def _refuse_last_administrator(user: User) -> None:
    """Lock every administrator's grant, so that two who take each other's away at once leave one."""
    grants = list(RoleGrant.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk").values_list("user_id", flat=True))
    if not User.objects.filter(pk__in=grants, is_active=True).exclude(pk=user.pk).exists():
        raise Conflict("This is the last administrator. Make another one first.")


def check_new_password(password: str, *, username: str, name: str = "", email: str = "") -> None:
    """Refuse a password that does not pass the rules, with each reason."""
    try:
        validate_password(password, User(username=username, name=name, email=email))
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), errors=[{"field": "password", "message": m} for m in error.messages]) from error


def set_password(user: User, *, password: str, actor: User, now: datetime) -> None:
    """Set a password that passes the rules; every other session of the person ends."""
    check_new_password(password, username=user.username, name=user.name, email=user.email)
    with write_transaction():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        audit.record(actor, "password.set", user, now=now)
    on_access_changed(user_id=user.pk, now=now)


def set_preferences(user: User, *, actor: User, now: datetime, **changes: object) -> None:
    """Change how the person reads: language, time zone, theme, text size, keys, name."""
    allowed = {"language", "time_zone", "theme", "text_size", "keys", "name", "email"}
    if unknown := set(changes) - allowed:
        raise InvalidInput(f"There is no preference called {', '.join(sorted(unknown))}.")
    with write_transaction():
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=list(changes))
        audit.record(actor, "preferences.set", user, now=now, detail={"changed": sorted(changes)})


def invite(*, roles: tuple[Role, ...], actor: User, now: datetime, name: str = "", email: str = "") -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which is shown once and never stored."""
    secret = secrets.token_urlsafe(32)
    with write_transaction():
        _refuse_to_give(roles, actor=actor)
        invitation = Invitation.objects.create(
            secret_hash=hash_secret(secret),
            name=name.strip(),
            email=email.strip(),
            roles=[role.value for role in roles],
            invited_by=actor,
            invited_at=now,
            expires_at=now + INVITATION_HOLDS,
        )
        audit.record(actor, "invitation.made", invitation, now=now, detail={"roles": [r.value for r in roles]})
    return invitation, secret


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """Return the invitation behind a link, or say why it no longer holds."""
    invitation = Invitation.objects.filter(secret_hash=hash_secret(secret)).first()
    if invitation is None:
        raise NotFound("There is no such invitation. Ask whoever sent the link for a new one.")
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at < now:
        raise NotFound("This invitation was used, withdrawn or has expired. Ask whoever sent it for a new one.")
    return invitation


def accept_invitation(secret: str, *, username: str, name: str, password: str, now: datetime) -> User:
    """Make the account an invitation promises, if whoever sent it may still promise it; of two who use one link the second is told so."""
    with write_transaction():
        invitation = open_invitation(secret, now=now)
        check_new_password(password, username=clean_username(username), name=name, email=invitation.email)
        if not Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(accepted_at=now):
            raise NotFound("This invitation was used just now. Ask whoever sent it for a new one.")
        roles = tuple(Role(role) for role in invitation.roles)
        user = make_user(
            username=username,
            name=name or invitation.name,
            email=invitation.email,
            password=password,
            roles=roles,
            actor=invitation.invited_by,
            now=now,
        )
        Invitation.objects.filter(pk=invitation.pk).update(user=user)
        audit.record(user, "invitation.accepted", invitation, now=now)
    return user


def withdraw_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    """Make an invitation's link void."""
    with write_transaction():
        if Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now):
            audit.record(actor, "invitation.withdrawn", invitation, now=now)


def make_api_token(
    user: User, *, name: str, scopes: tuple[str, ...], actor: User, now: datetime, holds: timedelta = TOKEN_HOLDS
) -> tuple[ApiToken, str]:
    """Make a personal API token and return it with its secret, which is shown once and never stored."""
    if unknown := set(scopes) - set(SCOPES):
        raise InvalidInput(f"There is no scope called {', '.join(sorted(unknown))}; those that are: {', '.join(SCOPES)}.")
    secret = "iso_" + secrets.token_urlsafe(32)
    with write_transaction():
        token = ApiToken.objects.create(
            user=user,
            name=name.strip()[:100] or "API token",
            secret_hash=hash_secret(secret),
            hint=secret[:8] + "…",
            scopes=sorted(scopes),
            created_at=now,
            expires_at=now + holds,
        )
        audit.record(actor, "api_token.made", token, now=now, detail={"scopes": sorted(scopes)})
    return token, secret


def revoke_api_token(token: ApiToken, *, actor: User, now: datetime) -> None:
    """Make an API token void from the next request on."""
    with write_transaction():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
            audit.record(actor, "api_token.revoked", token, now=now)


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whom an API token speaks for, and what it may do."""

    user: User
    scopes: frozenset[str]


def token_holder(secret: str, *, now: datetime) -> TokenHolder | None:
    """Return whom a token speaks for, or nothing if it is unknown, expired, revoked or its person's account is closed."""
    token = ApiToken.objects.select_related("user").filter(secret_hash=hash_secret(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= now or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=5):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return TokenHolder(user=token.user, scopes=frozenset(token.scopes))


def log_in(*, username: str, password: str, address: str, now: datetime) -> User | None:
    """Return the person if the password is right; too many failures by name or address are refused for a while."""
    since = now - ATTEMPT_WINDOW
    user = person_by_username(username)
    # Every spelling that finds an account counts against that account: an engine may take for equal what no folding here does.
    name = (user.username if user is not None else normal_username(username)).casefold()[:150]
    keys = {f"name:{name}": ATTEMPTS_PER_NAME, f"address:{address[:60]}": ATTEMPTS_PER_ADDRESS}
    for key, most in keys.items():
        if LoginAttempt.objects.filter(key=key, at__gt=since).count() >= most:
            raise TooMany("Too many failed log-ins. Wait a quarter of an hour, or ask an administrator for a new password.")
    # The hash is computed for unknown names too, so that time does not tell which names exist.
    is_right = check_password(password, user.password if user is not None else _UNKNOWN)
    if user is not None and user.is_active and is_right:
        with write_transaction():
            User.objects.filter(pk=user.pk).update(last_login=now)
            audit.record(user, "session.begun", user, now=now)
        return user
    LoginAttempt.objects.filter(at__lte=since).delete()
    LoginAttempt.objects.bulk_create([LoginAttempt(key=key, at=now) for key in keys])
    return None


_UNKNOWN = "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZSBzYWx0IHRoYXQgaXMgbm90IHVzZWQ$qF7UC8XKxmIhKuJ6v3gNZQ"


def make_login_link(user: User, *, role: Role, now: datetime) -> str:
    """Make a single-use log-in link's secret for the demonstration."""
    secret = secrets.token_urlsafe(32)
    LoginLink.objects.create(secret_hash=hash_secret(secret), user=user, role=role, made_at=now)
    return secret


def use_login_link(secret: str, *, now: datetime) -> User:
    """Return whom a log-in link is for and make it void."""
    link = LoginLink.objects.select_related("user").filter(secret_hash=hash_secret(secret), used_at__isnull=True).first()
    with write_transaction():
        if link is None or not LoginLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
            raise NotFound("This log-in link was used or is void. Start the demonstration again for new ones.")
        audit.record(link.user, "session.begun", link.user, now=now, detail={"by": "demonstration link"})
    return link.user


def void_login_links() -> None:
    """Make every log-in link of the demonstration void."""
    LoginLink.objects.all().delete()


def end_sessions(user: User, *, now: datetime) -> None:
    """Note that the person logged out, and tell whoever gave out short-lived tokens."""
    audit.record(user, "session.ended", user, now=now)
    on_access_changed(user_id=user.pk, now=now)


def give_one_time_password(user: User, *, actor: User | None, now: datetime) -> str:
    """Set a random password that must be changed at the next log-in, and return it."""
    password = secrets.token_urlsafe(12)
    with write_transaction():
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit.record(actor, "password.one_time", user, now=now)
    on_access_changed(user_id=user.pk, now=now)
    return password


def import_people(names: Iterable[str], *, group: str, actor: User | None, now: datetime) -> dict[str, int]:
    """Return an inactive account for each name of a group, making those that are missing; an admin may link them to people later."""
    usernames = {f"{name[:120]}@{group}": name for name in names}
    with write_transaction():
        known = dict(User.objects.filter(username__in=list(usernames)).values_list("username", "pk"))
        made = [
            User(username=username, name=name[:150], is_active=False, origin=Origin.IMPORT, password="!", created_at=now)  # noqa: S106  no password
            for username, name in usernames.items()
            if username not in known
        ]
        for user in User.objects.bulk_create(made):
            known[user.username] = user.pk
        if made and actor is not None:
            audit.record(actor, "people.imported", actor, now=now, detail={"group": group, "made": len(made)})
    return {name: known[username] for username, name in usernames.items()}
