"""The policy is made stricter by one officer and looser by two people; of two changes at once, one is told so."""

from datetime import timedelta

import pytest

from isogloss.accounts.rules import Role
from isogloss.platform.problems import Conflict, Forbidden, InvalidInput
from isogloss.wellbeing.models import ExposurePolicy
from isogloss.wellbeing.queries import policy_in_force
from isogloss.wellbeing.rules import HOUSE
from isogloss.wellbeing.services import drawn_up, make_policy, sign_policy
from tests.support.making import NOW, a_lead, a_person
from tests.wellbeing.making import a_policy, an_officer

pytestmark = pytest.mark.django_db

STRICTER = a_policy(s3={"daily": timedelta(hours=3)})
LOOSER = a_policy(s3={"daily": timedelta(hours=5)})


def test_before_anybody_made_one_the_houses_pack_is_in_force():
    assert policy_in_force() == (0, HOUSE)


def test_an_officer_makes_it_stricter_alone():
    made = make_policy(STRICTER, note="Ask of the crew", base=0, actor=an_officer(), now=NOW)

    assert made.in_force_at == NOW
    assert policy_in_force() == (1, STRICTER)


def test_what_protects_less_waits():
    made = make_policy(LOOSER, note="Deadline", base=0, actor=an_officer(), now=NOW)

    assert (made.looser, made.in_force_at) == (["daily_3"], None)
    assert policy_in_force() == (0, HOUSE)


def test_a_change_that_is_stricter_here_and_looser_there_waits_as_a_whole():
    mixed = a_policy(s3={"daily": timedelta(hours=3)}, s4={"pause": timedelta(minutes=5)})

    made = make_policy(mixed, note="Swap", base=0, actor=an_officer(), now=NOW)

    assert made.looser == ["pause_4"]
    assert policy_in_force() == (0, HOUSE)


@pytest.mark.parametrize("role", [Role.WELLBEING_OFFICER, Role.ADMIN])
def test_a_second_person_puts_it_in_force(role):
    made = make_policy(LOOSER, note="Deadline", base=0, actor=an_officer(), now=NOW)

    sign_policy(made, actor=a_person(roles=(role,)), now=NOW + timedelta(hours=1))

    assert policy_in_force() == (1, LOOSER)


def test_nobody_signs_their_own():
    officer = an_officer()
    made = make_policy(LOOSER, note="Deadline", base=0, actor=officer, now=NOW)

    with pytest.raises(Conflict, match="second person"):
        sign_policy(made, actor=officer, now=NOW)

    assert policy_in_force() == (0, HOUSE)


@pytest.mark.parametrize("role", [Role.LEAD, Role.ANNOTATOR, Role.REQUESTER, Role.REVIEWER])
def test_others_neither_make_nor_sign(role):
    made = make_policy(LOOSER, note="Deadline", base=0, actor=an_officer(), now=NOW)
    other = a_person(roles=(role,))

    with pytest.raises(Forbidden):
        sign_policy(made, actor=other, now=NOW)
    with pytest.raises(Forbidden):
        make_policy(STRICTER, note="n", base=0, actor=other, now=NOW)


def test_an_administrator_signs_but_does_not_make():
    with pytest.raises(Forbidden):
        make_policy(STRICTER, note="n", base=0, actor=a_person(roles=(Role.ADMIN,)), now=NOW)


def test_a_proposal_is_outdated_once_another_version_is_in_force():
    proposal = make_policy(LOOSER, note="Deadline", base=0, actor=an_officer(), now=NOW)
    make_policy(STRICTER, note="Crew", base=0, actor=an_officer(), now=NOW)

    with pytest.raises(Conflict, match="Propose it again"):
        sign_policy(proposal, actor=an_officer(), now=NOW)

    assert policy_in_force() == (2, STRICTER)


def test_a_change_drawn_up_from_an_old_version_is_refused():
    make_policy(STRICTER, note="Crew", base=0, actor=an_officer(), now=NOW)

    with pytest.raises(Conflict, match="came into force meanwhile"):
        make_policy(a_policy(s4={"days": 1}), note="n", base=0, actor=an_officer(), now=NOW)


def test_the_database_lets_one_version_follow_another():
    from django.db import IntegrityError, transaction

    row = make_policy(STRICTER, note="Crew", base=0, actor=an_officer(), now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        ExposurePolicy.objects.create(number=9, base=0, table=row.table, note="n", made_at=NOW, in_force_at=NOW)


def test_back_to_what_was_is_looser_than_what_is():
    make_policy(STRICTER, note="Crew", base=0, actor=an_officer(), now=NOW)

    made = make_policy(HOUSE, note="As before", base=1, actor=an_officer(), now=NOW)

    assert (made.looser, policy_in_force()[0]) == (["daily_3"], 1)


def test_a_policy_without_a_reason_or_without_a_change_is_refused():
    officer = an_officer()

    for policy, note in ((STRICTER, " "), (HOUSE, "why")):
        with pytest.raises(InvalidInput):
            make_policy(policy, note=note, base=0, actor=officer, now=NOW)


def test_numbers_out_of_bounds_are_named():
    with pytest.raises(InvalidInput) as refused:
        make_policy(a_policy(s4={"stretch": timedelta()}), note="n", base=0, actor=an_officer(), now=NOW)

    assert refused.value.errors == [{"field": "stretch_4", "message": "must lie between 1 and 480"}]


@pytest.mark.parametrize("table", [{}, {"levels": {}, "ramp": []}, {"levels": [], "ramp": []}, {"levels": {"0": 1}, "ramp": []}])
def test_what_is_no_policy_is_told_so(table):
    with pytest.raises(InvalidInput):
        drawn_up(table)


def test_a_lead_is_not_an_officer():
    with pytest.raises(Forbidden):
        make_policy(STRICTER, note="n", base=0, actor=a_lead(), now=NOW)
