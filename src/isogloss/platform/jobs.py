"""Long work outside the request: registered by kind, claimed by compare-and-set, with heartbeat, progress and cancel."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import OperationalError, close_old_connections, connections
from django.db.models import F, Q, QuerySet

from isogloss.platform import clock
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.models import Job, JobState, WorkerSeen
from isogloss.platform.problems import Problem

if TYPE_CHECKING:
    from isogloss.accounts.models import User

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=60)
BEAT_EVERY = timedelta(seconds=5)
MOST_ATTEMPTS = 5


class Cancelled(Exception):
    """Somebody asked the job to stop; what it had committed stays."""


@dataclass(slots=True)
class Progress:
    """How a job tells how far it is, and learns that it should stop."""

    job_id: int
    _beaten: datetime | None = field(default=None)

    def tell(self, done: int, *, total: int | None = None, message: str = "") -> None:
        """Store how far the job is; call it between transactions. Raises `Cancelled` when somebody asked for it."""
        now = clock.now()
        if self._beaten is not None and now - self._beaten < timedelta(milliseconds=250):
            return
        self._beaten = now
        changes: dict[str, object] = {"done": done, "heartbeat": now}
        if total is not None:
            changes["total"] = total
        if message:
            changes["message"] = message[:500]
        Job.objects.filter(pk=self.job_id).update(**changes)
        if Job.objects.filter(pk=self.job_id, cancel_requested=True).exists():
            raise Cancelled


Work = Callable[[dict[str, object], Progress], dict[str, object]]
_KINDS: dict[str, Work] = {}


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register the function that does this kind of job; it takes ids, may run twice, and returns what the page shows at the end."""

    def register(work: Work) -> Work:
        _KINDS[name] = work
        return work

    return register


def enqueue(kind: str, *, ids: dict[str, object], actor: "User | None", now: datetime, project_id: int | None = None) -> Job:
    """Put a job in line; the runner of this process, or a worker, takes it."""
    job = _new_job(kind, ids=ids, actor=actor, now=now, project_id=project_id)
    _WAKE.set()
    return job


def _new_job(
    kind: str, *, ids: dict[str, object], actor: "User | None", now: datetime, project_id: int | None, is_begun: bool = False
) -> Job:
    """Make the row; one that is begun here is never seen waiting, or a runner elsewhere would do it too."""
    if kind not in _KINDS:
        raise KeyError(f"No job is called {kind!r}; those that are: {', '.join(sorted(_KINDS))}.")
    begun = {"state": JobState.RUNNING, "attempts": 1, "heartbeat": clock.now(), "started_at": now} if is_begun else {}
    return Job.objects.create(
        public_id=new_public_id(), kind=kind, ids=ids, project_id=project_id, created_by=actor, created_at=now, **begun
    )


def enqueue_once(kind: str, *, ids: dict[str, object], now: datetime, project_id: int | None = None) -> None:
    """Put a job in line unless the same one already waits or runs."""
    if not Job.objects.filter(kind=kind, project_id=project_id, state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        enqueue(kind, ids=ids, actor=None, now=now, project_id=project_id)


def rests(*, kind: str, project_id: int, factor: int, now: datetime) -> bool:
    """Whether the last job of this kind took so long that, by this factor, it is too early for the next."""
    last = Job.objects.filter(kind=kind, project_id=project_id, finished_at__isnull=False).order_by("-id").first()
    if last is None or last.finished_at is None or last.started_at is None:
        return False
    return now < last.finished_at + factor * (last.finished_at - last.started_at)


Tick = Callable[[datetime], None]
_TICKS: list[tuple[float, Tick]] = []


def every(*, seconds: float) -> Callable[[Tick], Tick]:
    """Register something short that the runner does again and again: sweeps, looking for what is stale."""

    def register(tick: Tick) -> Tick:
        _TICKS.append((seconds, tick))
        return tick

    return register


def request_cancel(job: Job) -> None:
    """Ask a job to stop: at once if nobody has begun it, otherwise at its next word of progress."""
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(state=JobState.CANCELLED, finished_at=clock.now())
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)


def claim(now: datetime) -> Job | None:
    """Take the oldest job that nobody does, or whose worker has been silent for a minute; of two takers one gets it."""
    stale = Q(state=JobState.RUNNING, heartbeat__lt=now - STALE_AFTER)
    for job in Job.objects.filter(Q(state=JobState.WAITING) | stale).order_by("id")[:10]:
        if job.attempts >= MOST_ATTEMPTS:
            Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
                state=JobState.FAILED, finished_at=now, message=f"Given up after {MOST_ATTEMPTS} attempts that ended without a word."
            )
            continue
        taken = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, heartbeat=now, started_at=now
        )
        if taken:
            job.refresh_from_db()
            return job
    return None


def run(job: Job) -> Job:
    """Do a claimed job and store how it ended; a fault ends the job, not the runner."""
    beating = threading.Event()
    beat = threading.Thread(target=_beat, args=(job.pk, beating), daemon=True, name=f"heartbeat-{job.pk}")
    beat.start()
    try:
        result = _KINDS[job.kind](job.ids, Progress(job.pk))
        state, message = JobState.DONE, ""
    except Cancelled:
        result, state, message = {}, JobState.CANCELLED, "Cancelled. What was done until then stays."
    except Problem as problem:
        result, state, message = {"errors": problem.errors}, JobState.FAILED, problem.detail
    except Exception:
        log.exception("Job %s (%s) broke", job.public_id, job.kind)
        result, state, message = {}, JobState.FAILED, "Something broke here; the server's log has the details. It is safe to try again."
    finally:
        beating.set()
        beat.join()
    changes: dict[str, object] = {"state": state, "finished_at": clock.now(), "result": result, "message": message[:500]}
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()
    return job


def run_inline(kind: str, *, ids: dict[str, object], actor: "User | None", now: datetime, project_id: int | None = None) -> Job:
    """Do a job here and now, as the command line and the tests do; the row is the same as a queued one's."""
    return run(_new_job(kind, ids=ids, actor=actor, now=now, project_id=project_id, is_begun=True))


def run_waiting(*, most: int = 100) -> int:
    """Do what is waiting, one after the other; return how many."""
    count = 0
    while count < most and (job := claim(clock.now())) is not None:
        run(job)
        count += 1
    return count


_WAKE = threading.Event()


class Runner:
    """A thread that does jobs until it is told to stop: inside the server on SQLite, in `isogloss worker` on PostgreSQL."""

    def __init__(self, *, idle: float = 1.0) -> None:
        self._idle = idle
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True, name="jobs")
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._due: dict[int, float] = {}

    def start(self) -> None:
        """Begin to do jobs."""
        self._thread.start()

    def stop(self, *, wait: float = 10.0) -> None:
        """Finish the present job, then stop."""
        self._stop.set()
        _WAKE.set()
        self._thread.join(wait)

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                WorkerSeen.objects.update_or_create(name=self._name, defaults={"at": clock.now()})
                self._tick()
                busy = run_waiting(most=1)
            except OperationalError:
                log.warning("The database does not answer; the job runner tries again in a few seconds.")
                close_old_connections()
                self._stop.wait(3)
                continue
            if not busy:
                _WAKE.wait(self._idle)
                _WAKE.clear()
        connections.close_all()  # they are this thread's own

    def _tick(self) -> None:
        for number, (seconds, tick) in enumerate(_TICKS):
            if time.monotonic() >= self._due.get(number, 0):
                self._due[number] = time.monotonic() + seconds
                try:
                    tick(clock.now())
                except OperationalError:
                    raise
                except Exception:
                    log.exception("The tick %s broke", tick.__qualname__)


def worker_is_about(now: datetime) -> bool:
    """Whether a process that does jobs was heard of in the last minute."""
    return (
        WorkerSeen.objects.filter(at__gte=now - timedelta(minutes=1)).exists()
        or Job.objects.filter(state=JobState.RUNNING, heartbeat__gte=now - STALE_AFTER).exists()
    )


def _beat(job_id: int, done: threading.Event) -> None:
    while not done.wait(BEAT_EVERY.total_seconds()):
        try:
            Job.objects.filter(pk=job_id).update(heartbeat=clock.now())
        except OperationalError:
            continue
    connections.close_all()  # this thread's own: with a lasting connection nobody else would ever close it


def jobs_of_project(project_id: int) -> QuerySet[Job]:
    """Return the jobs of a project, newest first."""
    return Job.objects.filter(project_id=project_id).order_by("-id")


def count_waiting() -> int:
    """Count the jobs nobody has begun."""
    return Job.objects.filter(state=JobState.WAITING).count()
