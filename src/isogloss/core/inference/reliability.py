"""How reliable each person is, with intervals, given the posterior of the items."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .incidence import Floats, Incidence

PRIOR_ANSWERS = 2.0
GRID = 61
REACH = 6.0  # the grid reaches this many standard errors to both sides
MOST_CELLS = 30_000_000  # people × labels × labels; beyond, matrices for each person are refused


class TooManyLabels(ValueError):
    """A confusion matrix for each person would not fit; measure reliability, or merge labels."""


@dataclass(frozen=True, eq=False)
class People:
    """Reliability of each person, in the order of the vocabulary.

    `value` is the expected share of right answers, `low` and `high` its 95 % limits, `n` the number of answers.
    """

    value: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    n: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ConfusionIntervals:
    """95 % limits for each cell of the confusion matrices: (people, true label, given label)."""

    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def shrunk_confusion(incidence: Incidence, *, posterior: Floats, shrinkage: float = 2.0) -> npt.NDArray[np.float64]:
    """Estimate the matrices (people, true, given) with `shrinkage` imaginary answers per row that follow the pooled matrix."""
    given = count_given(incidence, posterior=posterior)
    pseudo = given + shrinkage * pooled_rows(given)
    return np.asarray(pseudo / pseudo.sum(axis=2, keepdims=True))


def confusion_intervals(incidence: Incidence, *, posterior: Floats, shrinkage: float = 2.0) -> ConfusionIntervals:
    """Take Beta limits with the mean of each cell and the variance that the answers' information leaves.

    That a person answers l to item i has probability p_i = sum over k of m_ik P(l | k), m_ik the chance of k by the item's *other* answers;
    so the rows of a column inform one another: I_kj = sum over i of m_ik m_ij / (p_i (1 - p_i)), and the variances are those of I⁻¹.
    """
    from scipy.special import betaincinv

    mean = shrunk_confusion(incidence, posterior=posterior, shrinkage=shrinkage)
    others = classes_by_others(incidence, posterior=posterior)
    k, people = posterior.shape[1], incidence.n_people
    variance = np.empty_like(mean)
    for label in range(k):
        column = np.clip(mean[:, :, label], 1e-6, 1 - 1e-6)
        chance = np.clip((others * column[incidence.person]).sum(axis=1), 1e-6, 1 - 1e-6)
        weight = 1 / (chance * (1 - chance))
        information = np.zeros((people, k, k))
        for one in range(k):
            for other in range(one, k):
                cell = np.bincount(incidence.person, weight * others[:, one] * others[:, other], minlength=people)
                information[:, one, other] = information[:, other, one] = cell
        information[:, np.arange(k), np.arange(k)] += shrinkage / (column * (1 - column))
        variance[:, :, label] = np.diagonal(np.linalg.inv(information), axis1=1, axis2=2)
    spread = np.clip(mean, 1e-6, 1 - 1e-6)
    answers = np.maximum(spread * (1 - spread) / variance - 1, 1e-3)  # of the Beta with that mean and variance
    first, second = spread * answers, (1 - spread) * answers
    return ConfusionIntervals(low=betaincinv(first, second, 0.025), high=betaincinv(first, second, 0.975))


def count_given(incidence: Incidence, *, posterior: Floats) -> npt.NDArray[np.float64]:
    """Soft counts of answers as (people, true label, given label)."""
    k = posterior.shape[1]
    if incidence.n_people * k * k > MOST_CELLS:
        raise TooManyLabels(f"{incidence.n_people:,} people × {k:,}² labels is too much for confusion matrices: merge labels first.")
    return incidence.counts(posterior).reshape(incidence.n_people, incidence.n_labels, k).transpose(0, 2, 1)


def pooled_rows(given: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pool the matrices of all people (true, given), with two right answers and half a one of each label added."""
    k = given.shape[1]
    total = given.sum(axis=0) + 2 * np.eye(k) + 0.5
    return np.asarray(total / total.sum(axis=1, keepdims=True))


def measure_people(incidence: Incidence, *, posterior: Floats) -> People:
    """Measure the probability that a person's answer is right, by its posterior on a grid.

    An answer l to an item that the *other* answers give probability m of being l has likelihood a·m + (1 - a)(1 - m)/(K - 1): so an
    item of uncertain truth says little about the person, and the limits widen as they should. Without an answer: the whole range.
    """
    k = posterior.shape[1]
    person, item = incidence.person, incidence.item
    others = chance_by_others(incidence, posterior=posterior)
    n = np.bincount(person, minlength=incidence.n_people)
    right = np.bincount(person, posterior[item, incidence.label].astype(np.float64), minlength=incidence.n_people)
    average = float(right.sum() / max(len(incidence), 1))
    guess = (right + PRIOR_ANSWERS * average) / (n + PRIOR_ANSWERS)
    wrong = (1 - others) / max(k - 1, 1)
    slope = (others - wrong) / np.maximum(guess[person] * others + (1 - guess[person]) * wrong, 1e-12)
    information = np.bincount(person, slope**2, minlength=incidence.n_people) + PRIOR_ANSWERS / (guess * (1 - guess) + 1e-3)
    grid = arcsine_grid(guess, information=information)
    log_density = np.log(grid) * PRIOR_ANSWERS * average + np.log1p(-grid) * PRIOR_ANSWERS * (1 - average)
    for point in range(GRID):
        accuracy = grid[point][person]
        log_density[point] += np.bincount(person, np.log(accuracy * others + (1 - accuracy) * wrong), minlength=incidence.n_people)
    density = np.exp(log_density - log_density.max(axis=0))  # even in the arcsine, which is Jeffreys' measure
    mass = density / density.sum(axis=0)
    below = np.cumsum(mass, axis=0) - mass / 2
    low, high = (quantile(below, grid=grid, share=share) for share in (0.025, 0.975))
    low[n == 0], high[n == 0] = 0.0, 1.0
    return People(value=(mass * grid).sum(axis=0), low=low, high=high, n=n)


def chance_by_others(incidence: Incidence, *, posterior: Floats) -> npt.NDArray[np.float64]:
    """For each sorted answer the probability that it is right judged by the item's other answers."""
    k = posterior.shape[1]
    if incidence.n_people * k * k > MOST_CELLS:
        return np.clip(posterior[incidence.item, incidence.label].astype(np.float64), 1e-9, 1 - 1e-9)
    right = classes_by_others(incidence, posterior=posterior)[np.arange(len(incidence)), incidence.label]
    return np.asarray(np.clip(right, 1e-9, 1 - 1e-9))


def classes_by_others(incidence: Incidence, *, posterior: Floats) -> npt.NDArray[np.float64]:
    """For each sorted answer the item's posterior without it, (answers, labels): the answer's own factor is divided out."""
    k = posterior.shape[1]
    table = shrunk_confusion(incidence, posterior=posterior).transpose(0, 2, 1).reshape(-1, k)
    out = np.empty((len(incidence), k))
    for first, last in incidence.bounds:
        low, high = incidence.starts[first], incidence.starts[last]
        rest = np.maximum(posterior[incidence.item[low:high]], 1e-12) / np.maximum(table[incidence.code[low:high]], 1e-12)
        out[low:high] = rest / rest.sum(axis=1, keepdims=True)
    return out


def arcsine_grid(guess: npt.NDArray[np.float64], *, information: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Grid points (GRID, people) around each guess, even in arcsin√a, where the standard error hardly depends on a."""
    centre = np.arcsin(np.sqrt(np.clip(guess, 1e-6, 1 - 1e-6)))
    error = 1 / np.sqrt(information) / np.maximum(2 * np.sqrt(guess * (1 - guess)), 0.05)
    low = np.maximum(centre - REACH * error, 1e-4)
    high = np.minimum(centre + REACH * error, np.pi / 2 - 1e-4)
    return np.asarray(np.sin(low + (high - low) * np.linspace(0, 1, GRID)[:, None]) ** 2)


def quantile(below: npt.NDArray[np.float64], *, grid: npt.NDArray[np.float64], share: float) -> npt.NDArray[np.float64]:
    """Interpolate the grid point below which `share` of the mass lies, for each column."""
    upper = np.clip((below < share).sum(axis=0), 1, len(grid) - 1)
    columns = np.arange(grid.shape[1])
    left, right = below[upper - 1, columns], below[upper, columns]
    weight = np.clip((share - left) / np.maximum(right - left, 1e-12), 0, 1)
    return np.asarray(grid[upper - 1, columns] * (1 - weight) + grid[upper, columns] * weight)
