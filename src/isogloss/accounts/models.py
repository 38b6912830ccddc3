"""People, their site roles, and what lets them in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from isogloss.accounts.rules import ROLE_CHOICES, Origin
from isogloss.platform.choices import choices_of
from isogloss.platform.identifiers import new_public_id


class UserManager(BaseUserManager["User"]):
    """Looks people up by username, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this username."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person. Imported people are inactive and have no password until an admin links them."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    origin = models.CharField(max_length=16, choices=choices_of(Origin), default=Origin.INVITED)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=16, default="en")
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, default="auto")
    text_size = models.PositiveSmallIntegerField(default=18)
    keys = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.username


class RoleGrant(models.Model):
    """A role for the whole site."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "role"), name="one_grant_per_role"),)


class Invitation(models.Model):
    """A link that makes one account; the only way to get one."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    secret_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="invitation")


class ApiToken(models.Model):
    """A personal API token: stored hashed, shown once, expiring, scoped."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class LoginAttempt(models.Model):
    """A failed log-in, kept as long as it counts against the limit."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("key", "at"), name="login_attempts_by_key"),)


class LoginLink(models.Model):
    """A single-use log-in link of the demonstration; stored hashed, void at shutdown."""

    secret_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
