"""The audit trail."""

from datetime import UTC, datetime

from isogloss.accounts.models import User
from isogloss.platform import audit
from isogloss.platform.models import AuditEvent

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_an_event_names_its_actor_and_the_thing_by_its_public_id(db):
    ana = User.objects.create(username="ana", created_at=NOW)

    audit.record(ana, "account.made", ana, now=NOW)

    event = AuditEvent.objects.get()
    assert (event.actor, event.thing, event.thing_id) == (ana, "accounts.User", ana.public_id)
