"""Jobs that are begun here are not begun elsewhere too."""

import pytest
from tests.support.making import NOW
from tests.support.together import together

from isogloss.platform import jobs
from isogloss.platform.models import Job
from isogloss.platform.problems import InvalidInput


@pytest.fixture
def kind(monkeypatch):
    """A kind of job that notes each time it is done."""
    done: list[str] = []
    monkeypatch.setitem(jobs._KINDS, "test.note", lambda ids, progress: done.append(str(ids["name"])) or {"name": ids["name"]})
    return done


def test_a_job_done_here_is_never_seen_waiting(db, kind, monkeypatch):
    seen = []
    monkeypatch.setitem(jobs._KINDS, "test.note", lambda ids, progress: seen.append(jobs.claim(NOW)) or {})
    monkeypatch.setattr(Job, "save", lambda self, save=Job.save, **more: (save(self, **more), seen.append(jobs.claim(NOW))))

    jobs.run_inline("test.note", ids={"name": "a"}, actor=None, now=NOW)

    assert seen
    assert set(seen) == {None}


def test_of_two_runners_one_does_a_waiting_job(transactional_db, kind):
    for name in "abcdef":
        jobs.enqueue("test.note", ids={"name": name}, actor=None, now=NOW)

    counts = together(jobs.run_waiting, jobs.run_waiting)

    assert sorted(kind) == list("abcdef")
    assert sum(counts) == 6


def test_a_job_that_is_refused_says_why_and_one_that_breaks_says_nothing_of_its_inside(db, monkeypatch):
    def refuse(ids, progress):
        raise InvalidInput("Mend line 3.", errors=[{"line": 3, "message": "x"}])

    def broken(ids, progress):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setitem(jobs._KINDS, "test.refuse", refuse)
    monkeypatch.setitem(jobs._KINDS, "test.broken", broken)

    told = [jobs.run_inline(name, ids={}, actor=None, now=NOW) for name in ("test.refuse", "test.broken")]

    assert [job.state for job in told] == ["failed", "failed"]
    assert told[0].message == "Mend line 3."
    assert "swordfish" not in told[1].message


def test_a_job_whose_runner_fell_silent_is_taken_over_and_given_up_in_the_end(db, kind):
    job = jobs.enqueue("test.note", ids={"name": "a"}, actor=None, now=NOW)
    now, attempts = NOW, 0
    while jobs.claim(now) is not None:
        attempts += 1
        assert jobs.claim(now + jobs.STALE_AFTER / 2) is None
        now += jobs.STALE_AFTER * 2

    job.refresh_from_db()
    assert (attempts, job.state) == (jobs.MOST_ATTEMPTS, "failed")


def test_the_same_job_is_put_in_line_once(db, kind):
    for _ in range(3):
        jobs.enqueue_once("test.note", ids={}, now=NOW, project_id=1)

    assert Job.objects.count() == 1


def test_an_unknown_kind_is_a_fault_of_ours(db):
    with pytest.raises(KeyError, match="No job is called"):
        jobs.enqueue("test.nothing", ids={}, actor=None, now=NOW)
