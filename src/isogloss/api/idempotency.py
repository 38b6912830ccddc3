"""A repeated request with the same `Idempotency-Key` gets the first one's answer and does nothing."""

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from isogloss.platform import clock
from isogloss.platform.models import IdempotentReply
from isogloss.platform.problems import Conflict, InvalidInput

if TYPE_CHECKING:
    from isogloss.accounts.models import User

LONGEST_KEY = 128


def once(request: HttpRequest, *, actor: "User", fingerprint: object, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do the act unless the key was seen; the same key with another request is refused."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > LONGEST_KEY:
        raise InvalidInput(f"An Idempotency-Key has at most {LONGEST_KEY} characters.")
    text = json.dumps([request.method, request.path, fingerprint], sort_keys=True, default=str)
    request_hash = hashlib.sha256(text.encode()).hexdigest()
    reply, is_new = IdempotentReply.objects.get_or_create(actor=actor, key=key, defaults={"request_hash": request_hash, "at": clock.now()})
    if reply.request_hash != request_hash:
        raise Conflict("This Idempotency-Key was used for another request. Make a new key for a new request.")
    if not is_new:
        if reply.body is None:
            raise Conflict("The first request with this Idempotency-Key is still being answered. Try again in a moment.")
        return dict(reply.body)
    try:
        body = act()
    except BaseException:
        reply.delete()
        raise
    IdempotentReply.objects.filter(pk=reply.pk).update(status=200, body=body)
    return body
