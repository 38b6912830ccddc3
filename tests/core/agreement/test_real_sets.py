"""Alpha of real crowds is what two other implementations measured on them."""

import csv
from pathlib import Path

import pytest

from isogloss.core.agreement import Level, by_language, krippendorff_alpha
from isogloss.core.tables import Ratings
from tests.core.agreement.makers import NO_INTERVAL

CROWD = Path(__file__).parents[4] / "shared" / "data" / "crowd"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not CROWD.is_dir(), reason="../shared/data/crowd is not here")]

ORDERS = {"adult2": ["G", "P", "R", "X"], "wmt23_mqm_ende": ["No-error", "Neutral", "Minor", "Major", "Critical"]}


def a_real_set(name: str, *, as_numbers: bool = False, with_language: bool = False) -> Ratings:
    """Read a set of judgments, its labels as their position in their order where numbers are wanted."""
    with (CROWD / name / "judgments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = [row["label"] for row in rows]
    spoken = None
    if with_language:
        with (CROWD / name / "items.csv").open(encoding="utf-8", newline="") as file:
            languages = {row["item"]: row["lang"] for row in csv.DictReader(file)}
        spoken = [languages[row["item"]] for row in rows]
    return Ratings.from_columns(
        item=[row["item"] for row in rows],
        worker=[row["worker"] for row in rows],
        label=[ORDERS[name].index(label) for label in labels] if as_numbers else labels,
        language=spoken,
    )


@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("rte", 0.24148),
        ("weather_sentiment", 0.52090),
        ("d_product", 0.15747),
        ("adult2", 0.31639),
        ("multilingual_hatecheck", 0.65718),
        ("wmt23_mqm_ende", 0.37731),
        ("afrisenti_raters", 0.46358),
    ],
)
def test_nominal_alpha_of_a_real_set(name, measured):
    ratings = a_real_set(name)

    found = krippendorff_alpha(ratings, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(measured, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "level", "measured"),
    [
        ("adult2", Level.ORDINAL, 0.43233),
        ("adult2", Level.INTERVAL, 0.52336),
        ("wmt23_mqm_ende", Level.ORDINAL, 0.50892),
        ("wmt23_mqm_ende", Level.INTERVAL, 0.51196),
    ],
)
def test_alpha_of_ordered_labels_of_a_real_set(name, level, measured):
    ratings = a_real_set(name, as_numbers=True)

    found = krippendorff_alpha(ratings, level=level, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(measured, abs=5e-6)


def test_alpha_of_each_language_of_a_real_set():
    ratings = a_real_set("afrisenti_raters", with_language=True)

    found = by_language(ratings, measure=lambda part: krippendorff_alpha(part, bootstrap=NO_INTERVAL))

    assert {row.key: round(row.estimate.value, 3) for row in found} == pytest.approx(
        {"ary": 0.503, "hau": 0.538, "kin": 0.265, "por": 0.282, "tso": 0.340, "twi": 0.358}, abs=5e-4
    )
