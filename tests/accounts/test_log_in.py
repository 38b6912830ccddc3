"""Logging in by password: right, wrong, too often."""

from contextlib import suppress
from datetime import timedelta

import pytest

from isogloss.accounts.models import LoginAttempt, User
from isogloss.accounts.queries import person_by_username
from isogloss.accounts.rules import Role
from isogloss.accounts.services import ATTEMPT_WINDOW, ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_NAME, log_in, set_active
from isogloss.platform import clock
from isogloss.platform.problems import TooMany
from tests.support.clients import a_browser
from tests.support.making import NOW, PASSWORD, a_person


@pytest.fixture
def ana(db):
    return a_person("ana")


def attempt(*, username: str = "ana", password: str = "wrong", address: str = "10.0.0.1", now=NOW) -> User | None:
    return log_in(username=username, password=password, address=address, now=now)


@pytest.mark.parametrize("username", ["ana", "ANA", " ana ", "ａｎａ"])
def test_the_right_password_lets_in_however_the_name_is_written(ana, username):
    assert attempt(username=username, password=PASSWORD) == ana


@pytest.mark.parametrize(
    ("username", "password"), [("ana", "wrong"), ("ana", ""), ("nobody", PASSWORD), ("", PASSWORD), ("ana\x00", PASSWORD)]
)
def test_anything_else_does_not(ana, username, password):
    if "\x00" in username:
        assert a_browser().post("/log-in", {"username": username, "password": password}).status_code == 422
    else:
        assert attempt(username=username, password=password) is None


def test_after_too_many_failures_even_the_right_password_waits(ana):
    for _ in range(ATTEMPTS_PER_NAME):
        attempt()

    with pytest.raises(TooMany):
        attempt(password=PASSWORD, address="10.0.0.2")


def test_no_spelling_of_a_name_gives_more_tries_at_its_account(db):
    fiona = a_person("fiona")
    spellings = ["fiona", "FIONA", " fiona", "ﬁona", "ｆiona", "fｉona", "fiｏna", "fioｎa", "fionａ", "ＦＩＯＮＡ", "fıona"]

    let_through = 0
    for number in range(6 * len(spellings)):
        with suppress(TooMany):
            attempt(username=spellings[number % len(spellings)], address=f"10.0.{number}.1")
            let_through += person_by_username(spellings[number % len(spellings)]) == fiona

    assert let_through == ATTEMPTS_PER_NAME


def test_failures_with_an_unknown_name_count_together_however_it_is_written(db):
    for number in range(ATTEMPTS_PER_NAME):
        attempt(username=["nobody", "NOBODY", " nobody ", "ｎobody"][number % 4], address=f"10.0.{number}.1")

    with pytest.raises(TooMany):
        attempt(username="nｏbody", address="10.1.0.1")


def test_one_failure_less_does_no_harm(ana):
    for _ in range(ATTEMPTS_PER_NAME - 1):
        attempt()

    assert attempt(password=PASSWORD) == ana


def test_after_the_window_it_may_be_tried_again(ana):
    for _ in range(ATTEMPTS_PER_NAME):
        attempt()

    assert attempt(password=PASSWORD, now=NOW + ATTEMPT_WINDOW) == ana


def test_one_address_cannot_try_every_name(ana):
    for number in range(ATTEMPTS_PER_ADDRESS):
        attempt(username=f"guess-{number}")

    with pytest.raises(TooMany):
        attempt(password=PASSWORD)
    assert attempt(password=PASSWORD, address="10.0.0.2") == ana


def test_failures_older_than_the_window_are_forgotten(ana):
    attempt()

    attempt(now=NOW + ATTEMPT_WINDOW + timedelta(seconds=1))

    assert LoginAttempt.objects.filter(at=NOW).count() == 0


def test_the_page_says_the_same_of_a_wrong_name_and_a_wrong_password(ana):
    browser = a_browser()

    answers = [browser.post("/log-in", {"username": name, "password": "wrong"}) for name in ("ana", "nobody")]

    texts = [answer.content.decode().replace(name, "…") for answer, name in zip(answers, ("ana", "nobody"), strict=True)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "The username or the password is wrong." in texts[0]
    assert texts[0].split("<main")[1].count("…") == texts[1].split("<main")[1].count("…")


def test_the_page_tells_who_tried_too_often_to_wait(ana):
    browser = a_browser()
    for _ in range(ATTEMPTS_PER_NAME):
        browser.post("/log-in", {"username": "ana", "password": "wrong"})

    answer = browser.post("/log-in", {"username": "ana", "password": PASSWORD})

    assert (answer.status_code, b"Wait a quarter of an hour" in answer.content) == (429, True)


def test_a_closed_account_is_not_let_in_and_its_session_ends(ana):
    browser = a_browser(ana)
    assert browser.get("/account/").status_code == 200

    set_active(ana, is_active=False, actor=a_person(roles=(Role.ADMIN,)), now=clock.now())

    assert browser.get("/account/").status_code == 302
    assert attempt(password=PASSWORD) is None


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"])
def test_after_logging_in_nobody_is_sent_elsewhere(ana, wanted):
    answer = a_browser().post(f"/log-in?next={wanted}", {"username": "ana", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_after_logging_in_one_is_where_one_wanted_to_be(ana):
    answer = a_browser().post("/log-in?next=/account/", {"username": "ana", "password": PASSWORD})

    assert answer["Location"] == "/account/"


def test_a_one_time_password_must_be_changed_before_anything_else(db):
    from isogloss.accounts.services import give_one_time_password

    ben = a_person("ben")
    password = give_one_time_password(ben, actor=None, now=NOW)
    browser = a_browser()
    browser.post("/log-in", {"username": "ben", "password": password})
    assert browser.get("/projects/")["Location"] == "/account/password"

    browser.post("/account/password", {"old_password": password, "password": "quiet rivers run deep"})

    assert browser.get("/projects/").status_code == 200


def test_a_new_password_ends_every_other_session(ana):
    here, elsewhere = a_browser(ana), a_browser(ana)

    here.post("/account/password", {"old_password": PASSWORD, "password": "quiet rivers run deep"})

    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize("password", ["short", "q1w2e3r4t5y6"])
def test_a_weak_password_is_refused_beside_its_field(ana, password):
    answer = a_browser(ana).post("/account/password", {"old_password": PASSWORD, "password": password})

    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors


def test_passwords_are_stored_by_argon2():
    from isogloss import settings

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
