"""Sets of labels, one yes-or-no inference each."""

import pytest

from isogloss.core.inference.multilabel import NotSets, infer_sets
from isogloss.core.tables import Ratings


def a_table_of_sets():
    rows = [
        ("a", "x", {"hate"}),
        ("a", "y", {"hate", "spam"}),
        ("a", "z", {"hate"}),
        ("b", "x", set()),
        ("b", "y", set()),
        ("b", "z", {"spam"}),
    ]
    item, worker, label = zip(*rows, strict=True)
    return Ratings.from_columns(item=item, worker=worker, label=list(label))


def test_each_label_is_decided_by_itself():
    result = infer_sets(a_table_of_sets(), method="majority")

    assert [(item, chosen) for item, chosen, _ in result.rows()] == [("a", {"hate"}), ("b", frozenset())]


def test_the_confidence_of_a_set_is_that_of_its_least_sure_label():
    result = infer_sets(a_table_of_sets(), method="majority")

    rows = list(result.rows())

    assert rows[0][2] == min(one.confidence[0] for one in result.by_label.values())


def test_gold_sets_are_fixed():
    result = infer_sets(a_table_of_sets(), gold={"b": frozenset({"spam"})})

    assert list(result.rows())[1][1] == {"spam"}
    assert result.probability("spam")[1] == 1.0


def test_a_declared_label_that_nobody_gave_is_no():
    result = infer_sets(a_table_of_sets(), labels=["hate", "spam", "threat"], method="majority")

    assert all("threat" not in chosen for _, chosen, _ in result.rows())
    assert result.undecided("a") == frozenset()


def test_answers_that_are_not_sets_are_refused():
    with pytest.raises(NotSets, match="'x'"):
        infer_sets(Ratings.from_columns(item=["a"], worker=["w"], label=["x"]))
