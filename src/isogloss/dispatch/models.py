"""The queue, who reads it, and what is out on lease; moments are milliseconds since 1970, written by `store` in raw SQL.

Tables of which the hot path touches several rows a request are clustered by their key (SQLite: WITHOUT ROWID) or leave room for updates in
place (PostgreSQL: fillfactor); the migration says which. They carry no foreign keys: every value comes from a row that was checked.
"""

from django.db import models

from isogloss.dispatch.rules import FOREVER, HOUR, MINUTE, TYPICAL_MS


class Stratum(models.Model):
    """Items of one project that the same people may be served, in one lane; `tail` is the last position given out."""

    project_id = models.BigIntegerField()
    lane = models.IntegerField()
    language = models.CharField(max_length=35)
    severity = models.SmallIntegerField()
    hazards = models.CharField(max_length=200, db_default="")
    tail = models.BigIntegerField(db_default=0)
    reserve_ms = models.IntegerField(db_default=TYPICAL_MS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("project_id", "language", "severity", "hazards", "lane"), name="one_stratum_per_lane"),
        )


class QueueRow(models.Model):
    """Free slots of an item; positions only ever grow, and a row vanishes with its last slot.

    A gold row holds no slots: `remaining` counts how often it was served. Where a project has gold, rows vanish by way of `SpentRow`.
    """

    pk = models.CompositePrimaryKey("stratum_id", "position")
    stratum_id = models.BigIntegerField()
    position = models.BigIntegerField()
    item_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()
    remaining = models.IntegerField()

    class Meta:
        db_table = "dispatch_queue"
        indexes = (models.Index(fields=("item_id",), name="queue_by_item"),)


class SpentRow(models.Model):
    """A place in the queue that was served where gold is mixed in; the sweep deletes its row if no slot is left.

    Done in `next`, the deletion would tell the last slot of an item, which is never gold, by the time it takes.
    """

    stratum_id = models.BigIntegerField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "dispatch_spent"


class Subscription(models.Model):
    """What a person may read, and the position up to which they have seen all; withdrawn is `until` = 0, so that nobody starts over."""

    pk = models.CompositePrimaryKey("person_id", "project_id", "lane", "stratum_id")
    person_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    lane = models.IntegerField()
    stratum_id = models.BigIntegerField()
    position = models.BigIntegerField(db_default=0)
    until = models.BigIntegerField(db_default=FOREVER)

    class Meta:
        # who could take an item; which people a new stratum concerns
        indexes = (models.Index(fields=("stratum_id",), name="subscriptions_by_stratum"),)


class Lease(models.Model):
    """A live lease; its public id is all that the page sees of the item."""

    public_id = models.CharField(max_length=32, primary_key=True)
    person_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    stratum_id = models.BigIntegerField()
    schema_id = models.BigIntegerField()
    item_version = models.IntegerField()
    serve = models.BigIntegerField()
    issued = models.BigIntegerField()
    expires = models.BigIntegerField()
    severity = models.SmallIntegerField()
    reserved_ms = models.IntegerField()
    gold = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "item_id"), name="one_lease_per_person"),)


class End(models.TextChoices):
    """Why a lease ended without an answer."""

    EXPIRED = "expired"
    SKIPPED = "skipped"
    RETURNED = "returned"
    PAUSED = "paused"
    RECALLED = "recalled"
    REASSIGNED = "reassigned"
    SUPERSEDED = "superseded"


class EndedLease(models.Model):
    """A lease that ended unanswered, kept so that a late submit can be checked; append-only."""

    public_id = models.CharField(max_length=32, primary_key=True)
    person_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    stratum_id = models.BigIntegerField()
    schema_id = models.BigIntegerField()
    item_version = models.IntegerField()
    serve = models.BigIntegerField()
    issued = models.BigIntegerField()
    expires = models.BigIntegerField()
    severity = models.SmallIntegerField()
    reserved_ms = models.IntegerField()
    gold = models.BooleanField()
    how = models.CharField(max_length=12, choices=End.choices)
    ended = models.BigIntegerField()

    class Meta:
        db_table = "dispatch_lease_ended"
        # late gold: what work got that ended the same way at the same time
        indexes = (models.Index(fields=("project_id", "how", "ended", "person_id"), name="ended_by_way_and_time"),)


class Progress(models.Model):
    """How far one item is: annotations wanted and counted (of gold, all its answers, which nobody reads).

    `home` is the stratum of its work; `is_full` keeps adaptive redundancy away.
    """

    item_id = models.BigIntegerField(primary_key=True)
    project_id = models.BigIntegerField()
    home_id = models.BigIntegerField()
    language = models.CharField(max_length=35)
    target = models.SmallIntegerField()
    done = models.SmallIntegerField(db_default=0)
    gold = models.BooleanField(db_default=False)
    is_full = models.BooleanField(db_default=False)


class Counter(models.Model):
    """Live figures for pages, kept by the hot path; split into shards by person, so that writers do not queue for one row.

    `writes` grows with every change, so that a gold item, which moves no other figure, writes as much as any.
    """

    pk = models.CompositePrimaryKey("project_id", "language", "shard")
    project_id = models.BigIntegerField()
    language = models.CharField(max_length=35)
    shard = models.SmallIntegerField()
    items = models.BigIntegerField(db_default=0)
    complete = models.BigIntegerField(db_default=0)
    waiting = models.BigIntegerField(db_default=0)
    leased = models.BigIntegerField(db_default=0)
    done = models.BigIntegerField(db_default=0)
    surplus = models.BigIntegerField(db_default=0)
    skipped = models.BigIntegerField(db_default=0)
    writes = models.BigIntegerField(db_default=0)


class DispatchPerson(models.Model):
    """The one row that every serve of a person locks: revocation, day, exposure, gold."""

    person_id = models.BigIntegerField(primary_key=True)
    epoch = models.BigIntegerField(db_default=1)
    held = models.BooleanField(db_default=False)
    zone = models.CharField(max_length=64, db_default="")
    day = models.IntegerField(db_default=0)
    day_ends = models.BigIntegerField(db_default=0)
    served = models.BigIntegerField(db_default=0)
    today = models.IntegerField(db_default=0)
    active_days = models.IntegerField(db_default=0)
    gold_share = models.IntegerField(db_default=1000)
    gold_answers = models.IntegerField(db_default=0)
    gold_right = models.IntegerField(db_default=0)
    open_severity = models.SmallIntegerField(db_default=2)
    stretch_since = models.BigIntegerField(db_default=0)
    last_active = models.BigIntegerField(db_default=0)
    peak = models.SmallIntegerField(db_default=0)
    reserved = models.BigIntegerField(db_default=0)
    used2 = models.BigIntegerField(db_default=0)
    used3 = models.BigIntegerField(db_default=0)
    used4 = models.BigIntegerField(db_default=0)
    reserved2 = models.BigIntegerField(db_default=0)
    reserved3 = models.BigIntegerField(db_default=0)
    reserved4 = models.BigIntegerField(db_default=0)
    cap2 = models.BigIntegerField(db_default=6 * HOUR)
    cap3 = models.BigIntegerField(db_default=4 * HOUR)
    cap4 = models.BigIntegerField(db_default=2 * HOUR)
    limit0 = models.BigIntegerField(db_default=90 * MINUTE)
    limit2 = models.BigIntegerField(db_default=60 * MINUTE)
    limit3 = models.BigIntegerField(db_default=45 * MINUTE)
    limit4 = models.BigIntegerField(db_default=30 * MINUTE)
    pause_ms = models.BigIntegerField(db_default=10 * MINUTE)
    pause4_ms = models.BigIntegerField(db_default=15 * MINUTE)

    class Meta:
        db_table = "dispatch_person"


class DispatchProject(models.Model):
    """What the hot path needs to know of a project, copied by `sync_project`."""

    project_id = models.BigIntegerField(primary_key=True)
    paused = models.BooleanField(db_default=False)
    schema_id = models.BigIntegerField()
    lease_ms = models.BigIntegerField(db_default=30 * MINUTE)
    gold = models.BooleanField(db_default=False)
    timed_until = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "dispatch_project"


class Member(models.Model):
    """Why a person is or is not served in a project, as found when it was last looked into."""

    pk = models.CompositePrimaryKey("person_id", "project_id")
    person_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    reason = models.CharField(max_length=16, db_default="")


class Consent(models.Model):
    """The highest severity of a hazard a person agreed to, pushed down by wellbeing; `*` is material nobody categorised."""

    pk = models.CompositePrimaryKey("person_id", "hazard")
    person_id = models.BigIntegerField()
    hazard = models.CharField(max_length=64)
    severity = models.SmallIntegerField()
    until = models.BigIntegerField(db_default=FOREVER)


class PausedBatch(models.Model):
    """A batch of which nothing is served."""

    batch_id = models.BigIntegerField(primary_key=True)
    project_id = models.BigIntegerField()

    class Meta:
        db_table = "dispatch_paused_batch"


class Timing(models.Model):
    """Active times of answers in one stratum of work as a histogram with logarithmic bins, from which its P90 is read."""

    pk = models.CompositePrimaryKey("project_id", "language", "severity")
    project_id = models.BigIntegerField()
    language = models.CharField(max_length=35)
    severity = models.SmallIntegerField()
    answers = models.BigIntegerField(db_default=0)
    bins = models.JSONField(default=list)
