"""Jobs of assist: training a language model."""

from isogloss.assist.models import TrainingRun
from isogloss.assist.services import train
from isogloss.platform import clock, jobs


@jobs.job_kind("assist.train")
def do_training(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Train a model from the releases of a request."""
    return train(TrainingRun.objects.get(pk=int(str(ids["run"]))), progress=progress, now=clock.now())
