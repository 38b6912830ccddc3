"""Viterbi and forward–backward over a chain whose states are languages."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["decode"]

Array = NDArray[np.float64]


def decode(scores: Array, *, penalty: float = 0.0, transitions: Array | None = None) -> tuple[NDArray[np.int64], Array]:
    """The best path (n) and each position's probabilities (n × states).

    Parameters
    ----------
    scores : array, n × states
        Log-likelihood (up to a constant per row) of each position under each state.
    penalty : float
        Taken off at each change of state when no `transitions` are given.
    transitions : array, states × states, optional
        Log-weight of going from one state to the next.

    Returns
    -------
    tuple
        The path that maximises the sum of scores and transitions (Viterbi), and the posterior P(state | scores) of each position by
        forward–backward. The two may disagree where the path is unsure. An empty chain gives two empty arrays.

    Examples
    --------
    >>> path, chance = decode(np.array([[2.0, 0.0], [0.0, 0.5], [2.0, 0.0]]), penalty=1.0)
    >>> path.tolist()
    [0, 0, 0]
    """
    number, states = scores.shape
    steps = -penalty * (1.0 - np.eye(states)) if transitions is None else transitions
    if number == 0:
        return np.zeros(0, dtype=np.int64), np.zeros((0, states))
    best = scores[0].copy()
    back = np.zeros((number, states), dtype=np.int64)
    forward = np.zeros((number, states))
    forward[0] = scores[0]
    for place in range(1, number):
        options = best[:, None] + steps
        back[place] = options.argmax(axis=0)
        best = options.max(axis=0) + scores[place]
        forward[place] = _logsum(forward[place - 1][:, None] + steps, axis=0) + scores[place]
    backward = np.zeros((number, states))
    for place in range(number - 2, -1, -1):
        backward[place] = _logsum(steps + scores[place + 1] + backward[place + 1], axis=1)
    path = np.zeros(number, dtype=np.int64)
    path[-1] = best.argmax()
    for place in range(number - 1, 0, -1):
        path[place - 1] = back[place, path[place]]
    joint = forward + backward
    chances = np.exp(joint - joint.max(axis=1, keepdims=True))
    return path, chances / chances.sum(axis=1, keepdims=True)


def _logsum(values: Array, *, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    result: Array = np.squeeze(top, axis=axis) + np.log(np.exp(values - top).sum(axis=axis))
    return result
