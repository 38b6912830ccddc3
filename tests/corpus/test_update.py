"""Importing known ids again with `--update`: what a row says of an item is what the item is, and who may be served it follows."""

import json
from pathlib import Path

import pytest

from isogloss.corpus.models import Flag, Item
from isogloss.corpus.queries import cluster_of
from isogloss.corpus.rules import Mapping
from isogloss.corpus.services import set_hold
from isogloss.dispatch.models import Lease
from isogloss.dispatch.rules import ExposureLimits
from isogloss.dispatch.services import set_exposure
from isogloss.projects.services import change_project
from tests.dispatch.making import Desk, a_desk
from tests.support.clients import a_browser
from tests.support.making import NOW, a_file, an_import

pytestmark = pytest.mark.django_db
MAPPED = Mapping(fields={"text": "text"}, id="id", language="lang", severity="severity", hazards="hazards")
ENGLISH = "The committee will publish its findings before the end of the month, as it has done every year since it was founded."
INDONESIAN = "Panitia akan mengumumkan hasilnya sebelum akhir bulan, seperti yang dilakukan setiap tahun sejak didirikan oleh pemerintah."


def imported(desk: Desk, folder, *rows: dict[str, object], update=False, **options):
    path = a_file(folder, list(rows), name="update.jsonl" if update else "first.jsonl")
    return an_import(desk.project, path, lead=desk.lead, mapping=MAPPED, update=update, **options)


def served(desk: Desk, person) -> list[tuple[str, int]]:
    return [(lease.language, lease.severity) for lease in desk.next(person, 5).leases]


def bad_rows(run):
    rows = [json.loads(line) for line in Path(run.bad_path).read_text().splitlines()]
    return [{name.removeprefix("isogloss_"): value for name, value in row.items()} for row in rows]


def who_agrees(desk: Desk, *tags: str):
    person = desk.annotator(*tags)
    set_exposure(person.pk, limits=ExposureLimits(), consents={"hate": (4, None), "*": (4, None)}, now=NOW)
    return person


def test_a_severity_that_was_wrong_is_mended_and_the_item_leaves_who_may_not_see_it(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 0})
    ana, ben = desk.annotator("en"), who_agrees(desk, "en")
    assert served(desk, ana) == [("en", 0)]

    run = imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 4, "hazards": "hate"}, update=True)

    item = Item.objects.get()
    assert (run.updated, run.skipped, run.bad) == (1, 0, 0)
    assert (item.severity, item.hazards, item.version, item.versions.count()) == (4, "hate", 1, 0)
    assert (served(desk, ana), served(desk, ben), desk.violations()) == ([], [("en", 4)], {})


def test_another_text_takes_language_severity_and_hazards_of_its_own(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 0})
    ana, budi = desk.annotator("en"), who_agrees(desk, "id")

    run = imported(desk, tmp_path, {"id": "a", "text": INDONESIAN, "lang": "id", "severity": 4, "hazards": ["hate"]}, update=True)

    item = Item.objects.get()
    assert (run.updated, run.bad, item.version) == (1, 0, 2)
    assert (item.declared_language, item.routing_language, item.language, item.severity, item.hazards) == ("id", "id", "id", 4, "hate")
    assert (served(desk, ana), served(desk, budi), desk.violations()) == ([], [("id", 4)], {})


def test_the_language_of_another_text_is_estimated_anew_where_the_row_says_none(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH})
    before = Item.objects.get()
    ana, budi = desk.annotator("en"), desk.annotator("id")

    imported(desk, tmp_path, {"id": "a", "text": INDONESIAN}, update=True)

    item = Item.objects.get()
    assert (before.routing_language, item.language, item.routing_language) == ("en", "id", "id")
    assert item.confidence != before.confidence
    assert (served(desk, ana), served(desk, budi), desk.violations()) == ([], [("id", 0)], {})


def test_a_declared_language_does_not_outlive_the_text_it_was_declared_of(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en"})

    imported(desk, tmp_path, {"id": "a", "text": INDONESIAN}, update=True)

    item = Item.objects.get()
    assert (item.declared_language, item.routing_language) == ("", "id")


def test_flags_are_those_of_the_text_that_is_there(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": INDONESIAN, "lang": "en"})
    before = set(Flag.objects.values_list("kind", flat=True))

    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en"}, update=True)

    assert ("declared" in before, Flag.objects.filter(kind="declared").count()) == (True, 0)


def test_what_a_row_does_not_say_stays_as_it_was(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 3, "hazards": "hate"})

    run = imported(
        desk, tmp_path, {"id": "a", "text": ENGLISH + " Or so they say.", "lang": "en", "severity": "", "hazards": ""}, update=True
    )

    item = Item.objects.get()
    assert (run.updated, item.version, item.severity, item.hazards) == (1, 2, 3, "hate")


def test_the_same_rows_again_change_nothing(tmp_path):
    desk = a_desk()
    row = {"id": "a", "text": ENGLISH, "lang": "EN", "severity": "S2", "hazards": ["Hate"]}
    imported(desk, tmp_path, row)
    ana = who_agrees(desk, "en")
    desk.next(ana)

    again, updated = imported(desk, tmp_path, row), imported(desk, tmp_path, row, update=True)

    assert [(run.added, run.skipped, run.updated, run.bad) for run in (again, updated)] == [(0, 1, 0, 0)] * 2
    assert Lease.objects.count() == 1


@pytest.mark.parametrize(
    ("says", "said"), [({"severity": 2}, "other severity"), ({"lang": "id"}, "other language"), ({"hazards": "hate", "severity": 3}, "other severity and hazards")]
)  # fmt: skip
def test_without_update_a_row_that_says_otherwise_comes_back_and_changes_nothing(tmp_path, says, said):
    desk = a_desk()
    row = {"id": "a", "text": ENGLISH, "lang": "en", "severity": 0}
    imported(desk, tmp_path, row)

    run = imported(desk, tmp_path, row | says)

    (bad,) = bad_rows(run)
    item = Item.objects.get()
    assert (run.skipped, said in bad["reason"], "update" in bad["remedy"]) == (0, True, True)
    assert (item.severity, item.declared_language, item.hazards) == (0, "en", "")


def test_an_id_that_stands_twice_in_a_file_of_changes_changes_once(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "severity": 0})

    rows = [{"id": "a", "text": ENGLISH, "severity": severity} for severity in (3, 3, 0)]
    run = imported(desk, tmp_path, *rows, update=True)

    assert (run.updated, run.skipped, run.bad, Item.objects.get().severity) == (1, 1, 1, 3)
    assert "this file" in bad_rows(run)[0]["reason"]


def test_hazards_that_a_project_has_come_to_declare_reach_items_that_are_imported_again(tmp_path):
    desk = a_desk()
    row = {"id": "a", "text": ENGLISH, "lang": "en"}
    imported(desk, tmp_path, row)
    change_project(desk.project, actor=desk.lead, now=NOW, hazards=["hate"])

    plain, updated = imported(desk, tmp_path, row), imported(desk, tmp_path, row, update=True)

    assert ((plain.skipped, plain.bad), updated.updated, Item.objects.get().hazards) == ((1, 0), 1, "hate")


def test_a_text_that_was_replaced_leaves_its_cluster(tmp_path):
    desk = a_desk()
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en"}, {"id": "b", "text": ENGLISH.upper(), "lang": "en"})
    assert Item.objects.get(external_id="b").cluster is not None

    imported(desk, tmp_path, {"id": "b", "text": INDONESIAN, "lang": "id"}, update=True)
    apart = set(Item.objects.values_list("cluster", flat=True))
    imported(desk, tmp_path, {"id": "b", "text": ENGLISH.lower(), "lang": "en"}, update=True)

    a, b = Item.objects.order_by("external_id")
    assert (apart, a.cluster, b.cluster) == ({None}, a.pk, a.pk)
    assert cluster_of(b)


def test_an_item_held_for_repeating_another_is_served_once_it_says_something_else(tmp_path):
    desk = a_desk()
    set_hold(desk.project, holds=True, actor=desk.lead, now=NOW)
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en"}, {"id": "b", "text": ENGLISH.upper(), "lang": "en"})
    budi = desk.annotator("id")
    assert Item.objects.get(external_id="b").held_for is not None

    imported(desk, tmp_path, {"id": "b", "text": INDONESIAN, "lang": "id"}, update=True)

    assert (Item.objects.get(external_id="b").held_for, served(desk, budi), desk.violations()) == (None, [("id", 0)], {})


def test_an_item_in_work_keeps_its_answers_and_its_target(tmp_path):
    desk = a_desk(target=3)
    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 1})
    ana, ben, eve = desk.annotator("en"), desk.annotator("en"), who_agrees(desk, "en")
    desk.submit(ana, desk.next(ana).leases[0].lease)
    late = desk.next(ben).leases[0].lease

    imported(desk, tmp_path, {"id": "a", "text": ENGLISH, "lang": "en", "severity": 4}, update=True)
    outcome = desk.submit(ben, late)

    assert (outcome.state, served(desk, ana), served(desk, ben), served(desk, eve)) == ("counted", [], [], [("en", 4)])
    assert desk.violations() == {}


def test_the_page_of_the_import_counts_what_it_changed(tmp_path):
    desk = a_desk()
    row = {"id": "a", "text": ENGLISH, "lang": "en"}
    imported(desk, tmp_path, row)

    run = imported(desk, tmp_path, row | {"severity": 3}, update=True)

    shown = a_browser(desk.lead).get(f"/imports/{run.public_id}").content.decode()
    assert "items changed" in shown
