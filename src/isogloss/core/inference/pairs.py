"""Rank what was compared in pairs, by people of unequal reliability."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import factorise

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

MOST_FOR_INTERVALS = 3_000  # items: the information matrix is dense


class BadComparisons(ValueError):
    """The columns do not describe comparisons."""


@dataclass(frozen=True, eq=False)
class PairRanking:
    """Strengths on the logit scale, centred on zero: P(i beats j) = 1/(1 + exp(s_j - s_i)).

    `low` and `high` are 95 % limits (NaN where there are too many items for the information matrix), `reliability` the probability
    that a person prefers the stronger-by-model side as the model says rather than the other way round; 0.5 is guessing. `components`
    tells apart groups of items that no chain of comparisons joins: strengths of different groups cannot be compared.
    """

    items: Sequence[Hashable]
    strength: Floats
    low: Floats
    high: Floats
    people: Sequence[Hashable]
    reliability: Floats
    components: Codes
    iterations: int
    converged: bool

    def ranking(self) -> list[Hashable]:
        """Order the items, strongest first; equal strengths by order of appearance."""
        return [self.items[position] for position in np.argsort(-self.strength, kind="stable")]


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Codes of the two sides and the person, and the left side's result: 1 won, 0 lost, one half tied."""

    left: Codes
    right: Codes
    person: Codes
    won: Floats
    n_items: int
    n_people: int


def rank_pairs(
    *,
    left: Sequence[Hashable],
    right: Sequence[Hashable],
    worker: Sequence[Hashable],
    won: Sequence[float],
    prior: float = 0.1,
    weigh_people: bool = True,
    iterations: int = 200,
    tolerance: float = 1e-6,
) -> PairRanking:
    """Fit Bradley–Terry with a reliability for each person (Chen et al. 2013, Crowd-BT), by expectation–maximisation.

    P(k prefers i to j) = e_k s(i, j) + (1 - e_k) s(j, i), s(i, j) = 1/(1 + exp(s_j - s_i)).

    Parameters
    ----------
    left, right, worker, won
        One comparison each: 1 where the left side won, 0 where the right one did, 0.5 for a tie.
    prior
        Variance⁻¹ of the normal prior of a strength: it keeps an item that always won finite. 0 is maximum likelihood.
    weigh_people
        False takes everybody for fully reliable: plain Bradley–Terry.

    Raises
    ------
    BadComparisons
        Columns of different length, no rows, an item compared with itself, a result outside 0 to 1.
    """
    compared, items, people = read(left=left, right=right, worker=worker, won=won)
    strength = np.zeros(compared.n_items)
    reliability = np.full(compared.n_people, 0.9 if weigh_people else 1.0)
    converged, done = False, 0
    while done < iterations and not converged:
        done += 1
        sincere, information = responsibilities(compared, strength=strength, reliability=reliability)
        moved = newton_step(compared, strength=strength, target=sincere, information=information, prior=prior)
        if weigh_people:
            reliability = new_reliability(compared, strength=moved, reliability=reliability)
        converged = bool(np.abs(moved - strength).max() < tolerance)
        strength = moved
    components = connected(compared)
    low, high = limits(compared, strength=strength, reliability=reliability, prior=prior)
    return PairRanking(items, strength, low, high, people, reliability, components, iterations=done, converged=converged)


def read(
    *, left: Sequence[Hashable], right: Sequence[Hashable], worker: Sequence[Hashable], won: Sequence[float]
) -> tuple[Comparisons, Sequence[Hashable], Sequence[Hashable]]:
    """Check the columns and turn them into codes."""
    if not len(left) == len(right) == len(worker) == len(won):
        raise BadComparisons("The columns left, right, worker and won must be equally long.")
    if not len(left):
        raise BadComparisons("There are no comparisons.")
    both, items = factorise([*left, *right])
    person, people = factorise(worker)
    result = np.asarray(won, dtype=np.float64)
    bad = ~((result >= 0) & (result <= 1))
    if bad.any():
        raise BadComparisons(f"Row {int(bad.argmax()) + 1:,} has the result {result[bad.argmax()]}: give 1 (left won), 0 or 0.5 (tie).")
    half = len(left)
    same = both[:half] == both[half:]
    if same.any():
        raise BadComparisons(f"Row {int(same.argmax()) + 1:,} compares an item with itself.")
    return Comparisons(both[:half], both[half:], person, result, n_items=len(items), n_people=len(people)), items, people


def left_chance(compared: Comparisons, *, strength: Floats) -> Floats:
    """Probability that the left side is preferred by a reliable person."""
    return np.asarray(1 / (1 + np.exp(strength[compared.right] - strength[compared.left])))


def responsibilities(compared: Comparisons, *, strength: Floats, reliability: Floats) -> tuple[Floats, Floats]:
    """Compute the expected sincere result of each comparison, and its information about the difference of strengths."""
    chance = left_chance(compared, strength=strength)
    own = reliability[compared.person]
    if_left = own * chance / np.maximum(own * chance + (1 - own) * (1 - chance), 1e-12)  # sincere preference was left, given "left"
    if_right = (1 - own) * chance / np.maximum((1 - own) * chance + own * (1 - chance), 1e-12)
    return compared.won * if_left + (1 - compared.won) * if_right, chance * (1 - chance)


def newton_step(compared: Comparisons, *, strength: Floats, target: Floats, information: Floats, prior: float) -> Floats:
    """One Newton step of the ridge logistic regression for the expected results, by conjugate gradients on the sparse Laplacian."""
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.linalg import cg

    n = compared.n_items
    residual = target - left_chance(compared, strength=strength)
    gradient = np.bincount(compared.left, residual, n) - np.bincount(compared.right, residual, n) - prior * strength
    weights = np.maximum(information, 1e-9)
    degree = np.bincount(compared.left, weights, n) + np.bincount(compared.right, weights, n)
    off = coo_array((np.r_[weights, weights], (np.r_[compared.left, compared.right], np.r_[compared.right, compared.left])), shape=(n, n))
    laplacian = diags_array(degree + prior + 1e-9) - off.tocsr()
    step, _ = cg(laplacian, gradient, rtol=1e-10, maxiter=10 * n)
    moved = strength + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
    return np.asarray(moved - moved.mean())


def new_reliability(compared: Comparisons, *, strength: Floats, reliability: Floats) -> Floats:
    """Share of each person's answers that went the sincere way, with two imaginary answers at 0.9."""
    chance = left_chance(compared, strength=strength)
    own = reliability[compared.person]
    agrees_left = own * chance / np.maximum(own * chance + (1 - own) * (1 - chance), 1e-12)
    agrees_right = own * (1 - chance) / np.maximum(own * (1 - chance) + (1 - own) * chance, 1e-12)
    followed = compared.won * agrees_left + (1 - compared.won) * agrees_right
    n = np.bincount(compared.person, minlength=compared.n_people)
    return np.asarray((np.bincount(compared.person, followed, compared.n_people) + 1.8) / (n + 2))


def limits(compared: Comparisons, *, strength: Floats, reliability: Floats, prior: float) -> tuple[Floats, Floats]:
    """95 % limits from the observed information of the mixture, strengths centred."""
    n = compared.n_items
    if n > MOST_FOR_INTERVALS:
        nothing = np.full(n, np.nan)
        return nothing, nothing.copy()
    chance = left_chance(compared, strength=strength)
    own = reliability[compared.person]
    slope = (2 * own - 1) * chance * (1 - chance)
    given = own * chance + (1 - own) * (1 - chance)
    weights = slope**2 / np.maximum(given * (1 - given), 1e-12)  # expected information of one binary answer
    matrix = np.zeros((n, n))
    np.add.at(matrix, (compared.left, compared.left), weights)
    np.add.at(matrix, (compared.right, compared.right), weights)
    np.add.at(matrix, (compared.left, compared.right), -weights)
    np.add.at(matrix, (compared.right, compared.left), -weights)
    centring = np.eye(n) - 1 / n  # strengths sum to zero, so their common level has no variance
    variance = np.diag(centring @ np.linalg.pinv(matrix + prior * np.eye(n), hermitian=True) @ centring)
    reach = 1.959963984540054 * np.sqrt(np.maximum(variance, 0))
    return strength - reach, strength + reach


def connected(compared: Comparisons) -> Codes:
    """Give each group of items that chains of comparisons join a number."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(compared.left))
    graph = coo_array((ones, (compared.left, compared.right)), shape=(compared.n_items, compared.n_items))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)
