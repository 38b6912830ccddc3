"""Texts that say the same: grouped within and across batches, held where a project wants it, served again on request."""

import numpy as np
import pytest

from isogloss.core import duplicates
from isogloss.corpus.models import ClusterPass, Item, SignatureBlock
from isogloss.corpus.queries import batch_repetition, repetition
from isogloss.corpus.services import ask_serve_held, cluster_items, serve_item, set_hold
from isogloss.dispatch.models import Progress as Entered
from isogloss.platform.jobs import Progress, run_waiting
from isogloss.platform.models import AuditEvent, Job
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_file, a_lead, a_project, an_import

LONG = "The committee will publish its findings before the end of the month, as it has done every year since it was founded"
NEAR = LONG.replace("every year", "each year")
OTHER = "Nobody at the harbour had expected the ferry to leave before noon on a day as stormy as that"


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead, languages=("en",))


def import_texts(project, folder, *, lead, batch="one", **texts):
    rows = [{"id": name, "text": text, "lang": "en"} for name, text in texts.items()]
    return an_import(project, a_file(folder, rows, name=f"{batch}.jsonl"), lead=lead, batch=batch)


def clusters_in(project):
    names = dict(Item.objects.filter(project=project).values_list("pk", "external_id"))
    return {item.external_id: names.get(item.cluster) for item in Item.objects.filter(project=project)}


def entered(project):
    ids = Entered.objects.filter(project_id=project.pk).values_list("item_id", flat=True)
    return set(Item.objects.filter(pk__in=list(ids)).values_list("external_id", flat=True))


def held(project):
    return set(Item.objects.filter(project=project, held_for__isnull=False).values_list("external_id", flat=True))


def again(project, *, holds=False):
    job = Job.objects.create(public_id=f"{Job.objects.count():032x}", kind="corpus.clusters", created_at=NOW)
    return cluster_items(project, holds=holds, progress=Progress(job.pk), now=NOW)


def test_grouping_signatures_at_hand_is_grouping_the_texts():
    texts = [LONG, OTHER, NEAR, LONG.upper(), "short", "", "", "😂"]

    hashes = np.array([duplicates.exact_hash(text) for text in texts], dtype=np.int64)
    found = duplicates.grouped(duplicates.signatures(texts), hashes)

    whole = duplicates.clusters(texts)
    assert (found.near.tolist(), found.exact.tolist()) == (whole.near.tolist(), whole.exact.tolist())


def test_no_texts_have_no_clusters():
    found = duplicates.grouped(np.zeros((0, duplicates.SIGNATURE), dtype=np.uint32), np.zeros(0, dtype=np.int64))

    assert len(found.near) == 0


def test_texts_of_one_batch_that_say_nearly_the_same_are_grouped(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=OTHER, c=NEAR, d=LONG.upper())

    found = repetition(project.pk)
    assert clusters_in(project) == {"a": "a", "b": None, "c": "a", "d": "a"}
    assert (found.items, found.repeated, found.clusters, found.exact, found.largest) == (4, 2, 1, 1, 3)


def test_a_later_batch_is_compared_with_earlier_ones_without_reading_them_again(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=OTHER)
    Item.objects.filter(project=project).update(content='{"text": "the old text is gone"}')

    run = import_texts(project, tmp_path, lead=lead, batch="two", c=NEAR, d="Something else entirely was said about the weather")

    assert clusters_in(project) == {"a": "a", "b": None, "c": "a", "d": None}
    counted = batch_repetition(run.batch)
    assert (counted.repeated, counted.elsewhere, counted.held) == (1, 1, 0)


def test_a_text_between_two_joins_their_groups(project, lead, tmp_path):
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    ends = words.replace("one two", "alpha beta"), words.replace("fifteen sixteen", "gamma delta")
    import_texts(project, tmp_path, lead=lead, a=ends[0], b=ends[1])
    before = clusters_in(project)

    import_texts(project, tmp_path, lead=lead, batch="two", c=words)

    assert set(before.values()) == {None}
    assert clusters_in(project) == {"a": "a", "b": "a", "c": "a"}


def test_comparing_again_changes_nothing(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)

    result = again(project)

    assert (result["signed"], result["changed"], SignatureBlock.objects.count()) == (0, 0, 1)


def test_blocks_that_two_workers_wrote_of_the_same_items_count_once(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    block = SignatureBlock.objects.get()
    block.pk = None
    block.save()

    again(project)

    assert (repetition(project.pk).items, clusters_in(project)) == (2, {"a": "a", "b": "a"})


def test_without_the_rule_every_text_is_served(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)

    assert (entered(project), held(project)) == ({"a", "b"}, set())


@pytest.mark.parametrize("language", ["en", None])
def test_with_the_rule_one_of_a_group_is_served_and_the_others_are_held(project, lead, tmp_path, language):
    set_hold(project, holds=True, actor=lead, now=NOW)
    rows = [
        {"id": name, "text": text} | ({"lang": language} if language else {}) for name, text in {"a": LONG, "b": NEAR, "c": OTHER}.items()
    ]

    an_import(project, a_file(tmp_path, rows), lead=lead)

    assert (entered(project), held(project)) == ({"a", "c"}, {"b"})
    assert Item.objects.get(external_id="b").held_for == Item.objects.get(external_id="a").pk


def test_with_the_rule_a_text_of_an_earlier_batch_is_not_served_again(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    set_hold(project, holds=True, actor=lead, now=NOW)

    import_texts(project, tmp_path, lead=lead, batch="two", c=LONG + ".", d=OTHER)

    assert (entered(project), held(project)) == ({"a", "b", "d"}, {"c"})  # what was served before the rule stays served


def test_what_is_held_is_served_on_request_and_only_once(project, lead, tmp_path):
    set_hold(project, holds=True, actor=lead, now=NOW)
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR, c=LONG)

    serve_item(Item.objects.get(external_id="b"), actor=lead, now=NOW)
    one = entered(project), held(project)
    ask_serve_held(project, actor=lead, now=NOW)
    run_waiting()

    assert one == ({"a", "b"}, {"c"})
    assert (entered(project), held(project)) == ({"a", "b", "c"}, set())
    assert {"duplicate.served", "duplicates.serving_asked", "duplicates.held"} <= set(AuditEvent.objects.values_list("action", flat=True))


def test_taking_the_rule_back_leaves_held_what_is_held_and_serves_what_comes(project, lead, tmp_path):
    set_hold(project, holds=True, actor=lead, now=NOW)
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    set_hold(project, holds=False, actor=lead, now=NOW)

    import_texts(project, tmp_path, lead=lead, batch="two", c=LONG)

    assert (entered(project), held(project)) == ({"a", "c"}, {"b"})


def test_comparing_again_does_not_hold_what_was_released(project, lead, tmp_path):
    set_hold(project, holds=True, actor=lead, now=NOW)
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    serve_item(Item.objects.get(external_id="b"), actor=lead, now=NOW)

    again(project, holds=True)

    assert held(project) == set()


def test_projects_do_not_meet(project, lead, tmp_path):
    import_texts(project, tmp_path, lead=lead, a=LONG)
    other = a_project(lead, languages=("en",))

    import_texts(other, tmp_path, lead=lead, b=LONG)

    assert clusters_in(other) == {"b": None}


def test_pages_show_groups_and_what_is_held(project, lead, tmp_path):
    set_hold(project, holds=True, actor=lead, now=NOW)
    run = import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    browser, base = a_browser(lead), f"/projects/{project.public_id}"

    languages = browser.get(f"{base}/languages").content.decode()
    item = browser.get(f"{base}/items/b").content.decode()
    imported = browser.get(f"/imports/{run.public_id}").content.decode()
    browser.post(f"{base}/duplicates/serve/b")

    assert "Serve the 1 held texts" in languages
    assert "This item is held" in item
    assert f"{base}/items/a" in item
    assert "1 texts of this batch say nearly what an earlier one says" in imported
    assert (held(project), entered(project)) == (set(), {"a", "b"})


def test_the_api_tells_and_sets_the_rule(project, lead, tmp_path):
    program, path = Program(lead), f"/projects/{project.public_id}/duplicates"

    set_to = program.post(path, {"hold": True}).json()
    import_texts(project, tmp_path, lead=lead, a=LONG, b=NEAR)
    told = program.get(path).json()
    program.post(f"{path}/serve")
    run_waiting()

    assert (set_to["hold"], told["held"], told["repeated"]) == (True, 1, 1)
    assert program.get(path).json()["held"] == 0
    assert ClusterPass.objects.get(project=project).upto == Item.objects.order_by("-pk")[0].pk
