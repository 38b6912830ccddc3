"""Jobs of assist: training a language model, looking at the words of texts."""

from isogloss.assist.models import TrainingRun
from isogloss.assist.services import segment_items, train
from isogloss.platform import clock, jobs


@jobs.job_kind("assist.train")
def do_training(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Train a model from the releases of a request."""
    return train(TrainingRun.objects.get(pk=int(str(ids["run"]))), progress=progress, now=clock.now())


@jobs.job_kind("assist.segment")
def do_segments(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Look at the words of a project's texts that nobody looked at yet."""
    return segment_items(int(str(ids["project"])), progress=progress, now=clock.now())
