"""Adaptive redundancy: as answers come in, the policy raises or lowers what each item wants."""

from datetime import datetime

import msgspec
import numpy as np

from isogloss.annotation.queries import latest_annotation_id, standing_answers
from isogloss.core.tables import Ratings
from isogloss.dispatch.policies import policy_of
from isogloss.dispatch.services.targets import set_targets
from isogloss.dispatch.store.engines import engine_of_django
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import label_of
from isogloss.projects.queries import project_by_id

SEED = 20261122


def apply_redundancy(project_id: int, *, now: datetime) -> int:
    """Set the target of every item as the policy finds it with the answers so far; return how many changed. Safe to run again."""
    project = project_by_id(project_id)
    policy = policy_of(project.workflow)
    if policy is None:
        return 0
    settled = _settled(project_id, version_id=project.version_id)
    states = engine_of_django().rows(
        "SELECT p.item_id, p.done, p.target, p.is_full FROM corpus_item i JOIN dispatch_progress p ON p.item_id = i.id "
        "WHERE i.project_id = ? AND NOT p.gold ORDER BY p.item_id",
        project_id,
    )
    targets = {}
    for item, done, target, is_full in states:
        sure, probability = settled.get(item, (None, 0.0))
        wanted = policy.target(n_annotations=done, settled=sure, probability=probability, is_full=bool(is_full))
        if wanted != target:
            targets[item] = wanted
    return set_targets(targets, now=now)


def _settled(project_id: int, *, version_id: int) -> dict[int, tuple[float, float]]:
    """Return, for each answered item, how settled the least settled of its questions is, and the lowest of their probabilities."""
    from isogloss.core.inference import infer  # noqa: PLC0415  it brings SciPy, and only this job needs it

    questions = schema_of(version_id).questions
    columns: dict[str, tuple[list[int], list[int], list[str]]] = {q.id: ([], [], []) for q in questions}
    for row in standing_answers(project_id, watermark=latest_annotation_id(project_id)):
        answers = msgspec.json.decode(row.answers)
        for question in questions:
            label = label_of(question, answers[question.id]) if question.id in answers else None
            if label is not None:
                items, people, labels = columns[question.id]
                items.append(row.item_id)
                people.append(row.person_id)
                labels.append(label)
    lowest: dict[int, tuple[float, float]] = {}
    for items, people, labels in columns.values():
        if items:
            ratings = Ratings.from_columns(item=np.array(items), worker=np.array(people), label=labels)
            result = infer(ratings, method="auto", seed=SEED)
            settled, probability = np.nan_to_num(result.settled).tolist(), result.posterior.max(axis=1).tolist()
            for item, sure, likely in zip(ratings.items, settled, probability, strict=True):
                number = int(str(item))
                before = lowest.get(number, (1.0, 1.0))
                lowest[number] = (min(before[0], sure), min(before[1], likely))
    return lowest
