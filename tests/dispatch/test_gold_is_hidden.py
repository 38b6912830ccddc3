"""Nothing that a page gets or measures tells gold from live work: a classifier trained on it does no better than chance."""

import time

import numpy as np
import pytest

from isogloss.dispatch.models import DispatchPerson, Lease
from isogloss.dispatch.services import add_gold, sync_project
from isogloss.projects.models import Workflow
from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def what_a_page_sees(served, *, seconds: float, before: int) -> list[float]:
    """Order, timing and payload of one lease, as numbers."""
    return [
        served.serve,
        served.serve % 7,
        before,
        seconds * 1000,
        served.schema,
        served.severity,
        len(served.hazards),
        len(served.content),
        int(served.lease[:8], 16) / 2**32,
        int(served.lease[-1], 16) % 2,
    ]


def test_a_classifier_cannot_tell_gold_from_live_work():
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict

    desk = a_desk(target=50)
    Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
    sync_project(desk.project.pk, now=desk.now)
    items = some_items(desk.project, 400)
    add_gold([item.pk for item in items[::2]], now=desk.now)
    seen, is_gold = [], []
    for _ in range(2):
        ana = desk.annotator()
        request = desk.ask(ana)
        DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=3000, day_ends=2**50)
        for _ in range(150):
            began = time.thread_time()
            (served,) = desk.store.next_leases(request).leases
            seconds = time.thread_time() - began
            seen.append(what_a_page_sees(served, seconds=seconds, before=len(seen)))
            is_gold.append(Lease.objects.get(pk=served.lease).gold)
            desk.submit(ana, served.lease, active=1)

    scores = cross_val_predict(
        RandomForestClassifier(n_estimators=100, random_state=0, n_jobs=1), np.array(seen), np.array(is_gold), cv=5, method="predict_proba"
    )[:, 1]
    area = roc_auc_score(is_gold, scores)
    n1, n0 = sum(is_gold), len(is_gold) - sum(is_gold)
    # Hanley and McNeil 1982, at an area of .5
    error = np.sqrt((0.25 + (n1 - 1) * (1 / 3 - 0.25) + (n0 - 1) * (1 / 3 - 0.25)) / (n1 * n0))

    assert n1 > 40
    # One-sided: held-out folds of labels drawn at random lean a little below .5, and a classifier that ranks backwards knows nothing.
    assert area - 0.5 < 2.58 * error
