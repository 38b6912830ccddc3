"""A repeated request with the same `Idempotency-Key` gets the first one's answer and does nothing."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.http import HttpRequest

from isogloss.platform import clock
from isogloss.platform.models import IdempotentReply
from isogloss.platform.problems import Conflict, InvalidInput

if TYPE_CHECKING:
    from isogloss.accounts.models import User

LONGEST_KEY = 128
KEPT = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(minutes=10)

# What the OpenAPI description says of an operation that takes a key.
TAKES_KEY = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
            "description": "Make one per request and repeat it with it: for 7 days a repeat gets the first answer and does nothing.",
        }
    ]
}


def has_key(request: HttpRequest) -> bool:
    """Whether the request may be a repeat."""
    return bool(request.headers.get("Idempotency-Key"))


class Rewindable(Protocol):
    """An upload, or any file that can be read twice."""

    def read(self, size: int, /) -> bytes:
        """Return the next piece; empty at the end."""

    def seek(self, offset: int, /) -> int:
        """Go back to a place."""


def digest_of(stream: Rewindable) -> str:
    """Return the hash of an upload and rewind it."""
    digest = hashlib.sha256()
    while piece := stream.read(1 << 20):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()


def once(
    request: HttpRequest, *, actor: "User", fingerprint: object, act: Callable[[], dict[str, Any]], shown_once: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Do the act unless the key was seen; the same key with another request is refused.

    What is named in `shown_once` (a password) is not kept: a repeat gets null in its place.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInput(f"An Idempotency-Key has at most {LONGEST_KEY} printable characters.")
    now = clock.now()
    reply, is_new = IdempotentReply.objects.get_or_create(
        actor=actor, key=key, defaults={"request_hash": _hash(request, fingerprint), "at": now}
    )
    if reply.request_hash != _hash(request, fingerprint):
        raise Conflict("This Idempotency-Key was used for another request. Make a new key for a new request.")
    if reply.body is not None:
        return dict(reply.body)
    if not is_new and not _taken_over(reply):
        raise Conflict("The first request with this Idempotency-Key is still being answered. Try again in a moment.")
    try:
        body = act()
    except BaseException:
        reply.delete()
        raise
    kept = {name: None if name in shown_once else value for name, value in body.items()}
    IdempotentReply.objects.filter(pk=reply.pk).update(status=200, body=kept)
    IdempotentReply.objects.filter(actor=actor, at__lt=now - KEPT).delete()
    return body


def _hash(request: HttpRequest, fingerprint: object) -> str:
    """Hash with the site's key: a fingerprint may hold a password, which a plain hash would not hide."""
    text = json.dumps([request.method, request.path, fingerprint], sort_keys=True, default=str)
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), "sha256").hex()


def _taken_over(reply: IdempotentReply) -> bool:
    """Claim a request whose server died before it answered; of two takers one gets it."""
    now = clock.now()
    if now - reply.at < GIVEN_UP_AFTER:
        return False
    return bool(IdempotentReply.objects.filter(pk=reply.pk, at=reply.at, body__isnull=True).update(at=now))
