"""Jobs of the corpus: reading an import, estimating languages."""

from isogloss.corpus.models import ImportRun
from isogloss.corpus.services import announce_items, detect_languages, read_import, reestimate_languages
from isogloss.platform import clock, jobs
from isogloss.projects.queries import project_by_id


@jobs.job_kind("corpus.import")
def do_import(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Read an import's file, then estimate languages in a job of its own so that the import is done as soon as it is."""
    run = ImportRun.objects.select_related("project", "batch").get(pk=int(str(ids["run"])))
    result = read_import(run, progress=progress, now=clock.now())
    follow_up = ("corpus.announce", "corpus.detect") if run.options.get("detect", True) else ("corpus.announce",)
    for kind in follow_up:
        jobs.enqueue(kind, ids={"run": run.pk}, actor=run.created_by, now=clock.now(), project_id=run.project_id)
    return result


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
