"""Signed tokens for the hot path: who, in which project, until when, and the epoch that revokes them."""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from isogloss.dispatch.rules import milliseconds, moment_of

LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says; `language` is the one its bearer reads."""

    person: int
    project: int
    epoch: int
    expires_ms: int
    language: str
    text: str

    @property
    def expires(self) -> datetime:
        """When it stops to be taken."""
        return moment_of(self.expires_ms)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"isogloss.dispatch.token", "sha256")


def make_token(*, person: int, project: int, epoch: int, language: str, now: datetime) -> Token:
    """Sign a token that is taken for fifteen minutes."""
    expires = milliseconds(now + LIFETIME)
    payload = f"{person}.{project}.{epoch}.{expires}.{language}".encode()
    signature = hmac.digest(_key(settings.SECRET_KEY), payload, "sha256")
    text = urlsafe_b64encode(signature + payload).decode().rstrip("=")
    return Token(person=person, project=project, epoch=epoch, expires_ms=expires, language=language, text=text)


@lru_cache(maxsize=4096)
def read_token(text: str) -> Token | None:
    """Return what a token says, None if it was not signed here; whether it has expired is for the caller, so that this can be kept."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    signature, payload = raw[:32], raw[32:]
    if not hmac.compare_digest(hmac.digest(_key(settings.SECRET_KEY), payload, "sha256"), signature):
        return None
    person, project, epoch, expires, language = payload.decode().split(".")
    return Token(person=int(person), project=int(project), epoch=int(epoch), expires_ms=int(expires), language=language, text=text)
