"""Every statistic gives what other implementations give."""

import numpy as np
import pytest
from scipy.stats import friedmanchisquare
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_of_statsmodels

from isogloss.core.agreement import (
    Level,
    Spans,
    Weighting,
    cohen_kappa,
    exact_f1,
    fleiss_kappa,
    gwet_ac2,
    kendall_w,
    krippendorff_alpha,
    percent_agreement,
    positive_agreement,
    scott_pi,
)
from isogloss.core.agreement.rankings import concordance
from tests.core.agreement.makers import NO_INTERVAL, a_crowd, a_table
from tests.core.agreement.peer_figures import FIGURES
from tests.core.agreement.peer_tables import MATRICES, sets_of


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "sets: nltk masi"])
def test_a_figure_printed_by_a_peer_is_reproduced(name):
    table, _, figure = name.partition(": ")
    rows, labels = MATRICES[table]
    ratings = a_table(rows, labels=labels)

    match figure.split():
        case ["krippendorff", level]:
            found = krippendorff_alpha(ratings, level=Level(level), bootstrap=NO_INTERVAL)
        case ["irrCAC", "gwet", weights]:
            found = gwet_ac2(ratings, weighting=Weighting(weights), bootstrap=NO_INTERVAL)
        case ["irrCAC", "fleiss", "identity"]:
            found = fleiss_kappa(ratings, bootstrap=NO_INTERVAL)
        case ["irrCAC", "agreement", weights]:
            found = percent_agreement(ratings, weighting=Weighting(weights), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(FIGURES[name], abs=2e-6)


def test_alpha_of_sets_is_that_of_nltk():
    rows, _ = MATRICES["scores from 0 to 10"]
    ratings = a_table([[None if answer is None else sets_of(answer) for answer in row] for row in rows])

    found = krippendorff_alpha(ratings, level=Level.SETS, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(FIGURES["sets: nltk masi"], abs=2e-6)


@pytest.mark.parametrize(("weighting", "theirs"), [("identity", None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_cohens_kappa_is_that_of_scikit_learn(weighting, theirs):
    ratings = a_crowd(seed=5, items=120, people=2, labels=5)
    first, second = ratings.label[ratings.person == 0], ratings.label[ratings.person == 1]

    found = cohen_kappa(ratings, weighting=Weighting(weighting), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(cohen_kappa_score(first, second, weights=theirs, labels=range(5)), abs=1e-12)


def test_cohens_kappa_is_that_of_statsmodels():
    ratings = a_crowd(seed=6, items=90, people=2, labels=4)
    table = np.zeros((4, 4))
    np.add.at(table, (ratings.label[ratings.person == 0], ratings.label[ratings.person == 1]), 1)

    found = cohen_kappa(ratings, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(cohens_kappa(table).kappa, abs=1e-12)


def test_fleiss_kappa_is_that_of_statsmodels():
    ratings = a_crowd(seed=7, items=70, people=5, labels=4)
    table, _ = aggregate_raters(ratings.label.reshape(70, 5))

    found = fleiss_kappa(ratings, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(fleiss_of_statsmodels(table), abs=1e-12)


def test_scotts_pi_is_fleiss_kappa_of_two_people():
    ratings = a_crowd(seed=8, items=70, people=2, labels=4)
    table, _ = aggregate_raters(ratings.label.reshape(70, 2))

    found = scott_pi(ratings, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(fleiss_of_statsmodels(table), abs=1e-12)


def test_positive_agreement_of_two_people_is_the_f1_of_one_against_the_other():
    ratings = a_crowd(seed=9, items=90, people=2, labels=3)
    first, second = ratings.label[ratings.person == 0], ratings.label[ratings.person == 1]

    found = positive_agreement(ratings, label=2, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(f1_score(first == 2, second == 2), abs=1e-12)


def test_kendalls_w_is_friedmans_statistic_over_its_maximum_ties_included():
    ranks = np.array([[1.0, 2.5, 2.5, 4.0], [2.0, 1.0, 3.5, 3.5], [1.0, 2.0, 3.0, 4.0], [1.5, 1.5, 4.0, 3.0]])

    found = concordance(ranks)

    assert found == pytest.approx(friedmanchisquare(*ranks.T).statistic / (4 * 3), abs=1e-12)


def test_kendalls_w_of_items_is_the_mean_of_theirs():
    ratings = a_table([[("a", "b", "c"), ("b", "a", "c"), None], [("x", "y"), ("x", "y"), ("y", "x")]])
    first = friedmanchisquare([1, 2], [2, 1], [3, 3]).statistic / (2 * 2)
    second = 1 / 9  # rank sums 4 and 5: 12 · (0.5² + 0.5²) / (9 · 6)

    found = kendall_w(ratings, bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx((first + second) / 2, abs=1e-12)


def test_exact_f1_of_two_people_is_the_f1_of_one_against_the_other():
    rng = np.random.default_rng(10)
    rows = [(int(d), int(p), int(s), int(s + n)) for d, p, s, n in zip(*rng.integers((0, 0, 0, 1), (5, 2, 6, 4), (60, 4)).T, strict=True)]
    documents, people, starts, ends = zip(*rows, strict=True)
    marks = [{(d, s, e) for d, p, s, e in rows if p == person} for person in (0, 1)]
    every = sorted(marks[0] | marks[1])
    answered = [(d, p) for d in range(5) for p in (0, 1)]

    found = exact_f1(
        Spans.from_columns(document=documents, worker=people, start=starts, end=ends, answered=answered), bootstrap=NO_INTERVAL
    )

    assert found.value == pytest.approx(f1_score([mark in marks[0] for mark in every], [mark in marks[1] for mark in every]), abs=1e-12)
