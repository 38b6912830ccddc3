"""The store against a plain Python oracle: whatever people, grants, consents, pauses, clocks and crashes do, both agree."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from isogloss.corpus.models import Batch
from isogloss.dispatch.models import Progress
from isogloss.dispatch.rules import ExposureLimits
from isogloss.dispatch.services import (
    hold_person,
    pause_batch,
    pause_project,
    recall,
    resume_batch,
    resume_person,
    resume_project,
    set_exposure,
    set_target,
)  # fmt: skip
from isogloss.dispatch.store.records import KeyClash
from isogloss.workforce.models import Competence
from isogloss.workforce.services import grant_competence, withdraw_competence
from tests.dispatch.making import Desk, a_desk, some_items
from tests.support.making import NOW

pytestmark = pytest.mark.django_db

EACH = 60_000
LEASE = timedelta(minutes=30)
NEVER = timedelta(days=3650)
LONG = ExposureLimits(stretches=dict.fromkeys((0, 2, 3, 4), NEVER)).stretches


@dataclass
class Thing:
    """What the oracle knows of an item."""

    language: str
    severity: int
    batch: str
    target: int
    counted: set[int] = field(default_factory=set)
    free: int = 0


@dataclass
class Held:
    """What the oracle knows of a lease, live or ended."""

    person: int
    item: int
    expires: object
    how: str = "live"


@dataclass
class Somebody:
    """What the oracle knows of a person."""

    user: object
    speaks: set[str]
    agrees: bool = False
    held: bool = False
    cap: int = 360 * 60_000
    used: dict[int, int] = field(default_factory=lambda: {2: 0, 3: 0, 4: 0})
    seen: set[int] = field(default_factory=set)
    set_aside: set[int] = field(default_factory=set)


class Dispatch(RuleBasedStateMachine):
    """People at a queue."""

    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.desk: Desk = a_desk(target=2)
        self.things: dict[int, Thing] = {}
        self.held: dict[str, Held] = {}
        self.answered: dict[str, tuple[str, int, str]] = {}
        self.people: list[Somebody] = []
        self.paused: set[str] = set()
        self.project_paused = False
        self.day = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for tags in ({"en", "id"}, {"en"}, {"id"}):
            self.people.append(Somebody(user=self.desk.annotator(*sorted(tags)), speaks=set(tags)))
        for person in self.people:
            self.push_exposure(person)

    def push_exposure(self, person: Somebody) -> None:
        cap = timedelta(milliseconds=person.cap)
        limits = ExposureLimits(caps=dict.fromkeys((2, 3, 4), cap), stretches=LONG)
        set_exposure(person.user.pk, limits=limits, consents={"*": (4, None)} if person.agrees else {}, now=self.desk.now)
        self.end_forbidden(person)

    # --- what happens -----------------------------------------------------------------------------------------------------------

    @rule(
        n=st.integers(1, 3), language=st.sampled_from(["en", "id"]), severity=st.sampled_from([0, 2, 3]), batch=st.sampled_from(["a", "b"])
    )
    def items_arrive(self, n: int, language: str, severity: int, batch: str) -> None:
        for item in some_items(self.desk.project, n, language=language, severity=severity, batch=batch):
            self.things[item.pk] = Thing(language=language, severity=severity, batch=batch, target=2, free=2)

    @rule(target=leases, who=st.integers(0, 2), want=st.integers(1, 4))
    def next(self, who: int, want: int):
        person = self.people[who]
        self.expire_of(person)
        before = {lease: h for lease, h in self.held.items() if h.how == "live" and h.person == who}
        served = [] if person.held or self.project_paused else before
        outcome = self.desk.next(person.user, want)
        got = [s.lease for s in outcome.leases]
        if person.held or self.project_paused:
            assert got == []
            return f"none {len(self.held)}"
        assert set(served) <= set(got)
        new = [lease for lease in got if lease not in before]
        assert len(got) <= max(want, len(before))
        for lease in new:
            item = self.desk.item_of(lease)
            assert self.may_have(person, item), "served what is not allowed"
            self.things[item].free -= 1
            person.seen.add(item)
            self.held[lease] = Held(person=who, item=item, expires=self.desk.now + LEASE)
        if len(got) < want:
            assert not [i for i in self.things if self.may_have(person, i)], "there was something to serve"
        return got[-1] if got else f"none {len(self.held)}"

    @rule(
        lease=leases,
        key=st.sampled_from(["key-one", "key-two", ""]),
        label=st.sampled_from(["positive", "negative"]),
        active=st.integers(0, 90),
    )
    def submit(self, lease: str, key: str, label: str, active: int) -> None:
        if lease not in self.held:
            return
        held = self.held[lease]
        person, thing = self.people[held.person], self.things[held.item]
        key = f"{key}-{lease[:8]}" if key else uuid.uuid4().hex
        expected = self.expect(held, lease=lease, key=key, label=label)
        try:
            state = self.desk.submit(person.user, lease, key=key, label=label, active=active).state
        except KeyClash:
            state = "clash"
        assert state == expected
        if state in {"clash", "repeat"}:
            return
        self.answered[f"{held.person}/{key}"] = (lease, held.item, label)
        if state == "correction":
            return
        if held.how == "live":
            pass
        elif own := self.live(held.person, held.item):
            self.held[own].how = "superseded"
        elif state == "counted":
            thing.free -= 1
        self.charge(person, thing, active)
        person.seen.add(held.item)
        held.how = "answered"
        if state == "counted":
            thing.counted.add(held.person)
        person.set_aside.discard(held.item)
        self.answered[f"{held.person}/item/{held.item}"] = (lease, held.item, label)

    def expect(self, held: Held, *, lease: str, key: str, label: str) -> str:
        known = self.answered.get(f"{held.person}/{key}")
        if known and held.how != "live":
            return "repeat" if known == (lease, held.item, label) else "clash"
        if f"{held.person}/item/{held.item}" in self.answered:
            return "correction"
        if held.how == "live" or self.live(held.person, held.item):
            return "counted"
        if held.how == "recalled":
            return "surplus"
        return "counted" if self.things[held.item].free > 0 else "surplus"

    @rule(lease=leases)
    def skip(self, lease: str) -> None:
        held = self.held.get(lease)
        if held is None or held.how != "live":
            return
        self.desk.skip(self.people[held.person].user, lease)
        self.charge_glance(self.people[held.person], self.things[held.item])
        held.how = "skipped"
        self.things[held.item].free += 1

    @precondition(lambda self: self.desk.now < NOW + timedelta(hours=15))
    @rule(minutes=st.sampled_from([0, 1, 5, 29, 31]))
    def time_passes(self, minutes: int) -> None:
        self.desk.later(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        self.desk.sweep()
        for person in self.people:
            self.expire_of(person)

    @rule(item=st.integers(0, 30), wanted=st.integers(1, 4))
    def target_changes(self, item: int, wanted: int) -> None:
        if not self.things:
            return
        pk = sorted(self.things)[item % len(self.things)]
        set_target([pk], wanted, now=self.desk.now)
        thing = self.things[pk]
        change = max(wanted - thing.target, -thing.free)
        thing.target += change
        thing.free += change

    @rule(who=st.integers(0, 2))
    def hold_or_go_on(self, who: int) -> None:
        person = self.people[who]
        if person.held:
            resume_person(person.user, actor=None, now=self.desk.now)
        else:
            hold_person(person.user, reason="", actor=None, now=self.desk.now)
            self.give_back(lambda h: h.person == who)
        person.held = not person.held

    @rule(batch=st.sampled_from(["a", "b"]))
    def batch_stops_or_goes_on(self, batch: str) -> None:
        row = Batch.objects.filter(name=batch).first()
        if row is None:
            return
        if batch in self.paused:
            resume_batch(row, actor=None, now=self.desk.now)
            self.paused.remove(batch)
        else:
            pause_batch(row, actor=None, now=self.desk.now)
            self.paused.add(batch)
            self.give_back(lambda h: self.things[h.item].batch == batch)

    @rule()
    def project_stops_or_goes_on(self) -> None:
        if self.project_paused:
            resume_project(self.desk.project, actor=None, now=self.desk.now)
        else:
            pause_project(self.desk.project, actor=None, now=self.desk.now)
            self.give_back(lambda h: True)
        self.project_paused = not self.project_paused

    @rule(who=st.integers(0, 2), tag=st.sampled_from(["en", "id"]))
    def competence_changes(self, who: int, tag: str) -> None:
        person = self.people[who]
        if tag in person.speaks:
            person.speaks.remove(tag)
            withdraw_competence(
                Competence.objects.get(user=person.user, tag=tag, withdrawn_at=None), actor=self.desk.lead, now=self.desk.now
            )
        else:
            person.speaks.add(tag)
            grant_competence(person.user, tag=tag, actor=self.desk.lead, now=self.desk.now)
        self.end_forbidden(person)

    @rule(who=st.integers(0, 2), minutes=st.sampled_from([0, 2, 360]), agrees=st.booleans())
    def exposure_changes(self, who: int, minutes: int, agrees: bool) -> None:  # noqa: FBT001  Hypothesis names them
        person = self.people[who]
        person.cap, person.agrees = minutes * 60_000, agrees
        self.push_exposure(person)

    @precondition(lambda self: self.answered)
    @rule(who=st.integers(0, 2))
    def work_is_recalled(self, who: int) -> None:
        person = self.people[who]
        self.give_back(lambda h: h.person == who, how="recalled")
        recall(person.user, project=self.desk.project, reason="rushed", actor=self.desk.lead, now=self.desk.now)
        for thing in self.things.values():
            if who in thing.counted:
                thing.counted.remove(who)
                thing.free += 1

    @rule(who=st.integers(0, 2))
    def the_process_dies_before_it_commits(self, who: int) -> None:
        with transaction.atomic():
            self.desk.next(self.people[who].user, 3)
            transaction.set_rollback(True)

    # --- what the oracle thinks --------------------------------------------------------------------------------------------------

    def may_have(self, person: Somebody, item: int) -> bool:
        thing, who = self.things[item], self.people.index(person)
        is_allowed = thing.language in person.speaks and (thing.severity < 3 or person.agrees)
        is_free = thing.free > 0 and thing.batch not in self.paused
        return is_allowed and is_free and not self.has_seen(who, item) and self.has_room(person, thing.severity)

    def has_seen(self, who: int, item: int) -> bool:
        return any(h.item == item and h.person == who and h.how in {"live", "answered", "skipped"} for h in self.held.values()) or (
            f"{who}/item/{item}" in self.answered
        )

    def has_room(self, person: Somebody, severity: int) -> bool:
        who = self.people.index(person)
        for level in (2, 3, 4):
            if severity >= level:
                reserved = sum(
                    EACH for h in self.held.values() if h.how == "live" and h.person == who and self.things[h.item].severity >= level
                )
                if person.used[level] + reserved + EACH > person.cap:
                    return False
        return True

    def live(self, who: int, item: int) -> str | None:
        return next((lease for lease, h in self.held.items() if h.how == "live" and h.person == who and h.item == item), None)

    def charge(self, person: Somebody, thing: Thing, active: int) -> None:
        for level in (2, 3, 4):
            if thing.severity >= level:
                person.used[level] += active * 1000

    def charge_glance(self, person: Somebody, thing: Thing) -> None:
        """A skip is charged by the time since the person was last active, which the oracle takes from the row."""
        from isogloss.dispatch.models import DispatchPerson

        row = DispatchPerson.objects.get(pk=person.user.pk)
        person.used = {2: row.used2, 3: row.used3, 4: row.used4}

    def give_back(self, which, *, how: str = "returned") -> None:
        for held in self.held.values():
            if held.how == "live" and which(held):
                held.how = how
                self.things[held.item].free += 1

    def expire_of(self, person: Somebody) -> None:
        who = self.people.index(person)
        self.give_back(lambda h: h.person == who and h.expires <= self.desk.now, how="expired")

    def end_forbidden(self, person: Somebody) -> None:
        who = self.people.index(person)
        self.give_back(
            lambda h: (
                h.person == who
                and (self.things[h.item].language not in person.speaks or (self.things[h.item].severity >= 3 and not person.agrees))
            )
        )

    @invariant()
    def nothing_is_broken(self) -> None:
        assert self.desk.violations() == {}
        for item, target, done in Progress.objects.values_list("item_id", "target", "done"):
            assert (target, done) == (self.things[item].target, len(self.things[item].counted))


@pytest.mark.parametrize(("examples", "steps"), [(12, 25), pytest.param(300, 50, marks=pytest.mark.prove)])
def test_the_store_and_the_oracle_agree(examples, steps):
    chosen = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(Dispatch, settings=chosen)
