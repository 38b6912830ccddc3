"""Training and test parts of a release: no group of like texts is split, and an item keeps its part."""

import pytest

from isogloss.corpus.models import Item
from isogloss.delivery.models import Release
from isogloss.delivery.queries import manifest_of, release_folder
from isogloss.delivery.tables import Splits
from isogloss.platform.problems import InvalidInput
from tests.delivery.making import a_release, an_item, fresh_figures, gold, rows_in
from tests.support.clients import a_browser
from tests.support.making import a_lead, a_project


@pytest.fixture
def project(db):
    project = a_project(a_lead())
    for number in range(300):
        an_item(project, f"i{number:03}")
    # Every group of three says the same as its first.
    items = list(Item.objects.filter(project=project).order_by("pk"))
    for place, item in enumerate(items):
        Item.objects.filter(pk=item.pk).update(cluster=items[place - place % 3].pk)
    fresh_figures(project)
    return project


def test_without_a_share_items_carry_no_part(project):
    rows = rows_in(a_release(project), "items")

    assert not any("split" in row for row in rows)
    assert (rows[4]["cluster"], len(rows)) == ("i003", 300)


def test_no_cluster_is_split_between_training_and_test(project):
    rows = rows_in(a_release(project, test_share=0.2), "items")

    parts: dict[str, set[str]] = {}
    for row in rows:
        parts.setdefault(row["cluster"], set()).add(row["split"])
    assert {len(part) for part in parts.values()} == {1}
    assert {part for found in parts.values() for part in found} == {"train", "test"}


def test_an_item_keeps_its_part_in_the_next_release(project):
    first = {row["id"]: row["split"] for row in rows_in(a_release(project, test_share=0.2), "items")}
    an_item(project, "new")

    second = {row["id"]: row["split"] for row in rows_in(a_release(project, version="1.1.0", test_share=0.2), "items")}

    assert {name: second[name] for name in first} == first


def test_the_share_is_about_what_was_asked():
    splits = Splits("a key", with_gold=False, test_share=0.2)

    found = [splits.of(f"item-{n}", is_gold=False) for n in range(20_000)]

    assert 0.19 < found.count("test") / len(found) < 0.21  # three standard errors are .0085


def test_another_project_draws_other_items():
    one, two = (Splits(key, with_gold=False, test_share=0.5) for key in ("one", "two"))

    drawn = [(one.of(str(n), is_gold=False), two.of(str(n), is_gold=False)) for n in range(1000)]

    assert 400 < sum(a == b for a, b in drawn) < 600


def test_gold_is_neither_for_training_nor_for_tests(project):
    gold(Item.objects.get(external_id="i000"))

    rows = rows_in(a_release(project, test_share=0.5, include_gold=True), "items")

    assert [row["split"] for row in rows if row["id"] == "i000"] == ["gold"]


def test_the_manifest_and_the_card_say_how_it_was_split(project):
    release = a_release(project, test_share=0.2, formats=("jsonl", "csv"))

    folder = release_folder(release)
    assert manifest_of(release).test_share == 0.2
    assert "items that say nearly the same (`cluster`) fall together" in (folder / "README.md").read_text()
    assert "cluster,split,meta" in (folder / "items.csv").read_text().splitlines()[0]


def test_more_than_half_for_tests_is_refused(project):
    with pytest.raises(InvalidInput, match="one half"):
        a_release(project, test_share=0.7)


def test_the_page_holds_out_what_was_chosen(project):
    browser = a_browser(project.created_by)

    for version, share in (("1.0.0", {"test_share": "0.1"}), ("1.1.0", {})):
        browser.post(f"/projects/{project.public_id}/releases/", {"version": version, "formats": ["jsonl"], "sure": "yes", **share})

    assert list(Release.objects.order_by("pk").values_list("test_share", flat=True)) == [0.1, 0.0]
