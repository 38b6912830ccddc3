"""The models against figures that other libraries printed."""

import numpy as np
import pytest

from isogloss.core.inference.dawid_skene import fit_dawid_skene
from isogloss.core.inference.em import vote_shares
from isogloss.core.inference.incidence import Incidence
from isogloss.core.inference.one_coin import fit_one_coin
from isogloss.core.inference.texts import chrf

from .makers import ratings_of
from .peer_figures import CHRF, DAWID_SKENE, NOISY, ONE_COIN


def test_plain_dawid_skene_is_crowd_kits():
    incidence = Incidence.of(ratings_of(NOISY))

    fitted = fit_dawid_skene(incidence, shrinkage=0, iterations=3, tolerance=0)

    np.testing.assert_allclose(fitted.posterior, DAWID_SKENE, atol=2e-6)


def test_plain_one_coin_is_crowd_kits():
    incidence = Incidence.of(ratings_of(NOISY))

    fitted = fit_one_coin(incidence, prior_answers=0, iterations=3, tolerance=0)

    np.testing.assert_allclose(fitted.posterior, ONE_COIN, atol=2e-6)


@pytest.mark.parametrize(("hypothesis", "reference", "score"), CHRF)
def test_chrf_is_sacrebleus(hypothesis, reference, score):
    assert chrf(hypothesis, reference=reference) == pytest.approx(score, abs=1e-9)


def test_vote_shares_of_an_unanswered_item_are_equal():
    ratings = ratings_of(["0.", "01"]).where(np.array([True, True, False]))

    shares = vote_shares(Incidence.of(ratings))

    np.testing.assert_allclose(shares, [[1, 0], [0.5, 0.5]])
