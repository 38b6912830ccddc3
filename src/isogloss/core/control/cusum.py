"""Bernoulli CUSUM: an alarm for an error rate that has risen, tuned by its computed run length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.core.control.traces import Trace

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_ERROR_STEPS = 240  # an error moves the chart by about so many steps: the ratio of the two weights is kept to 0.2 %


@dataclass(frozen=True, slots=True)
class BernoulliCusum:
    """S ← max(0, S + w), w = ln(p₁/p₀) on an error and ln((1−p₁)/(1−p₀)) otherwise; alarm at S > h.

    S is counted in whole steps (`step` is one step's weight), so that a chart resumed from its stored state is the same to the
    bit, and its run length is that of a finite Markov chain, exactly.
    """

    in_control: float
    out_of_control: float
    error_steps: int
    correct_steps: int
    limit_steps: int
    step: float

    @property
    def threshold(self) -> float:
        """The alarm limit h in units of the log likelihood ratio."""
        return self.limit_steps * self.step

    def after(self, steps: int, *, is_error: bool) -> int:
        """Move the chart by one answer."""
        return steps + self.error_steps if is_error else max(0, steps - self.correct_steps)

    def is_alarm(self, steps: int) -> bool:
        """Whether the chart stands above its limit."""
        return steps > self.limit_steps

    def trace(self, errors: ArrayLike, *, start: int = 0) -> Trace[int]:
        """Run the chart over answers in their order (True is an error); after an alarm it starts again from 0."""
        values: list[float] = []
        alarms: list[int] = []
        steps = start
        for place, is_error in enumerate(np.asarray(errors, dtype=np.bool_).tolist()):
            steps = self.after(steps, is_error=is_error)
            values.append(steps * self.step)
            if self.is_alarm(steps):
                alarms.append(place)
                steps = 0
        return Trace(np.array(values, dtype=np.float64), np.array(alarms, dtype=np.int64), steps)

    def run_length(self, error_rate: float) -> float:
        """Compute the expected number of answers until the alarm (ARL), from S = 0.

        The solution of A(i) = 1 + p A(i + up) + (1 − p) A(max(0, i − down)) with A = 0 above the limit: exact for this chart.

        Parameters
        ----------
        error_rate : float
            The true p, 0 to 1.

        Returns
        -------
        float
            Answers; infinite at p = 0, where the alarm never comes.

        Raises
        ------
        ValueError
            If the rate lies outside 0 to 1.

        References
        ----------
        Brook & Evans, *Biometrika* 59 (1972); Reynolds & Stoumbos, *J. Quality Technology* 31 (1999).

        Examples
        --------
        >>> chart = tune_cusum(0.05, out_of_control=0.10)
        >>> round(chart.run_length(0.10))
        102
        """
        if not 0 <= error_rate <= 1:
            raise ValueError(f"An error rate lies between 0 and 1, not {error_rate}.")
        if error_rate == 0:
            return math.inf
        return float(_expected_runs(error_rate, up=self.error_steps, down=self.correct_steps, limit=self.limit_steps)[0])


def tune_cusum(in_control: float, *, out_of_control: float, run_length: float = 1000.0) -> BernoulliCusum:
    """CUSUM whose false alarms are at least `run_length` answers apart on average.

    The smallest limit h with ARL(p₀) ≥ run_length, found by bisection over the exact run length.

    Parameters
    ----------
    in_control, out_of_control : float
        Error rates p₀ < p₁: the one to live with, and the one to be detected soonest.
    run_length : float
        Wanted ARL in control, in answers. Divide `chart.run_length(p₁)` by the gold answers a day to get the days to detect.

    Returns
    -------
    BernoulliCusum

    Raises
    ------
    ValueError
        If not 0 < p₀ < p₁ < 1, or the run length is not above 1 and below 10⁹.

    References
    ----------
    Reynolds & Stoumbos, *J. Quality Technology* 31 (1999); optimal by Moustakides, *Annals of Statistics* 14 (1986).

    Examples
    --------
    >>> chart = tune_cusum(0.05, out_of_control=0.15)
    >>> round(chart.threshold, 2), round(chart.run_length(0.15))
    (3.6, 44)
    """
    if not 0 < in_control < out_of_control < 1:
        raise ValueError(f"The rates must satisfy 0 < in control < out of control < 1, not {in_control} and {out_of_control}.")
    if not 1 < run_length < 1e9:  # noqa: PLR2004  beyond it the linear system loses its digits
        raise ValueError(f"A run length in control lies between 1 and 10⁹ answers, not {run_length:g}.")
    gain = math.log(out_of_control / in_control)
    loss = math.log((1 - in_control) / (1 - out_of_control))
    down = max(1, round(_ERROR_STEPS * loss / gain))
    step = loss / down
    up = max(1, round(gain / step))
    low, high = 0, up
    while _first_run(in_control, up=up, down=down, limit=high) < run_length:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _first_run(in_control, up=up, down=down, limit=middle) < run_length else (low, middle)
    return BernoulliCusum(in_control, out_of_control, up, down, high, step)


def _first_run(error_rate: float, *, up: int, down: int, limit: int) -> float:
    """Give the run length from 0."""
    return float(_expected_runs(error_rate, up=up, down=down, limit=limit)[0])


def _expected_runs(error_rate: float, *, up: int, down: int, limit: int) -> NDArray[np.float64]:
    """Solve the banded linear system for the expected answers until the alarm, from each state 0…limit."""
    from scipy.linalg import solve_banded

    size = limit + 1
    below, above = min(down, size - 1), min(up, size - 1)
    bands = np.zeros((below + above + 1, size))  # entry (i, j) of the matrix stands at (above + i − j, j)
    bands[above] = 1.0
    if up < size:
        bands[above - up, up:] -= error_rate
    if down < size:
        bands[above + down, : size - down] -= 1 - error_rate
    near = np.arange(min(down, size))  # states from which an answer without error leads to 0; state `down` is on the band already
    bands[above + near, 0] -= 1 - error_rate
    return np.asarray(solve_banded((below, above), bands, np.ones(size), overwrite_ab=True, check_finite=False), dtype=np.float64)
