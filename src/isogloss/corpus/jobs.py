"""Jobs of the corpus: reading an import, estimating languages."""

from datetime import datetime

from django.db.models import Q

from isogloss.corpus.models import ImportRun, ProfileRun
from isogloss.corpus.queries import left_imports
from isogloss.corpus.services import (
    announce_items,
    cluster_items,
    detect_languages,
    hold_duplicates,
    profile_texts,
    read_import,
    reestimate_languages,
    serve_held,
)
from isogloss.platform import clock, jobs
from isogloss.platform.db import write_transaction
from isogloss.projects.queries import project_by_id


@jobs.job_kind("corpus.import")
def do_import(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Read an import's file, then estimate languages in a job of its own so that the import is done as soon as it is."""
    run = ImportRun.objects.select_related("project", "batch").get(pk=int(str(ids["run"])))
    try:
        return read_import(run, progress=progress, now=clock.now())
    finally:  # also what a cancelled or broken import has brought is there to be served
        _follow(run)


def _follow(run: ImportRun) -> None:
    """Put in line what makes an import's items served; asked for twice it changes nothing more."""
    if not ImportRun.objects.filter(Q(updated__gt=0) | Q(batch__items__isnull=False), pk=run.pk).exists():
        return
    if hold_duplicates(run.project_id):  # what is held must be known before anybody is served
        _then(run, "corpus.clusters")
    else:
        _then(run, *_SERVE, "corpus.clusters")


@jobs.every(seconds=60)
def pick_up_imports(now: datetime) -> None:
    """Do for imports that ended without a word (given up, or by an older version) what follows on one that says how it ended."""
    for run in left_imports():
        with write_transaction():
            if ImportRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=now):  # of two runners one does it
                _follow(run)


_SERVE = ("corpus.announce", "corpus.detect")


def _then(run: ImportRun, *kinds: str) -> None:
    for kind in kinds:
        if kind != "corpus.detect" or run.options.get("detect", True):
            jobs.enqueue(kind, ids={"run": run.pk}, actor=run.created_by, now=clock.now(), project_id=run.project_id)


@jobs.job_kind("corpus.clusters")
def do_clusters(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Compare an import's texts with all earlier ones; where repeated texts are held, the items are served only then."""
    run = ImportRun.objects.select_related("project").get(pk=int(str(ids["run"])))
    holds = hold_duplicates(run.project_id)
    result = cluster_items(run.project, holds=holds, progress=progress, now=clock.now())
    if holds:
        _then(run, *_SERVE)
    return result


@jobs.job_kind("corpus.serve_held")
def do_serve_held(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Serve what was held for saying the same as another item."""
    project = project_by_id(int(str(ids["project"])))
    return {"served": serve_held(project, progress=progress, now=clock.now())}


@jobs.job_kind("corpus.announce")
def do_announcement(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Enter the items whose language the file declared, without waiting for estimates."""
    run = ImportRun.objects.select_related("project").get(pk=int(str(ids["run"])))
    return {"announced": announce_items(run, progress=progress, now=clock.now())}


@jobs.job_kind("corpus.detect")
def do_detection(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Estimate the languages of an import's items."""
    run = ImportRun.objects.select_related("project").get(pk=int(str(ids["run"])))
    result = detect_languages(run, progress=progress, now=clock.now())
    announce_items(run, progress=progress, now=clock.now())  # a run that died between storing an estimate and telling of it left some out
    return result


@jobs.job_kind("corpus.reestimate")
def do_reestimation(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Estimate the languages of a project's items again."""
    return reestimate_languages(project_by_id(int(str(ids["project"]))), progress=progress, now=clock.now())


@jobs.job_kind("corpus.profile")
def do_profile(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Say what a file or a batch is made of."""
    run = ProfileRun.objects.select_related("project").get(pk=int(str(ids["profile"])))
    return profile_texts(run, progress=progress, now=clock.now())
