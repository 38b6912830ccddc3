"""EWMA of errors: a moving error rate with an upper limit, tuned by its computed run length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.core.control.traces import Trace

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_CELLS = 1500  # of the chart's range; the tests hold the run length against simulation
_STEPS = 40  # halvings of the width


@dataclass(frozen=True, slots=True)
class Ewma:
    """z ← λx + (1−λ)z from z = p₀, x = 1 for an error; alarm at z > p₀ + L √(p₀(1−p₀) λ/(2−λ))."""

    in_control: float
    smoothing: float
    width: float

    @property
    def limit(self) -> float:
        """The moving error rate above which the chart alarms."""
        return self.in_control + self.width * math.sqrt(self.in_control * (1 - self.in_control) * self.smoothing / (2 - self.smoothing))

    def after(self, level: float, *, is_error: bool) -> float:
        """Move the chart by one answer."""
        return (1 - self.smoothing) * level + (self.smoothing if is_error else 0.0)

    def is_alarm(self, level: float) -> bool:
        """Whether the chart stands above its limit."""
        return level > self.limit

    def trace(self, errors: ArrayLike, *, start: float | None = None) -> Trace[float]:
        """Run the chart over answers in their order (True is an error); after an alarm it starts again from p₀."""
        values: list[float] = []
        alarms: list[int] = []
        level = self.in_control if start is None else start
        for place, is_error in enumerate(np.asarray(errors, dtype=np.bool_).tolist()):
            level = self.after(level, is_error=is_error)
            values.append(level)
            if self.is_alarm(level):
                alarms.append(place)
                level = self.in_control
        return Trace(np.array(values, dtype=np.float64), np.array(alarms, dtype=np.int64), level)

    def run_length(self, error_rate: float) -> float:
        """Compute the expected number of answers until the alarm (ARL), from z = p₀.

        The range 0…limit is cut into cells; A = 1 + p A(z ← (1−λ)z + λ) + (1 − p) A(z ← (1−λ)z), read between cells linearly.

        Parameters
        ----------
        error_rate : float
            The true p, 0 to 1.

        Returns
        -------
        float
            Answers, to about 1 %; infinite where the alarm cannot come (p = 0, or a limit of 1 and more).

        Raises
        ------
        ValueError
            If the rate lies outside 0 to 1.

        References
        ----------
        Brook & Evans, *Biometrika* 59 (1972); Lucas & Saccucci, *Technometrics* 32 (1990).

        Examples
        --------
        >>> chart = tune_ewma(0.05)
        >>> round(chart.width, 1), round(chart.run_length(0.10), -1)
        (3.4, 110.0)
        """
        if not 0 <= error_rate <= 1:
            raise ValueError(f"An error rate lies between 0 and 1, not {error_rate}.")
        if error_rate == 0 or self.limit >= 1:
            return math.inf
        return _expected_run(error_rate, smoothing=self.smoothing, limit=self.limit, start=self.in_control)


def tune_ewma(in_control: float, *, smoothing: float = 0.05, run_length: float = 1000.0) -> Ewma:
    """EWMA whose false alarms are about `run_length` answers apart on average.

    The width L for which ARL(p₀) reaches run_length, by bisection over the computed run length. The usual L of 2.7 to 3 does not
    carry over to rare errors.

    Parameters
    ----------
    in_control : float
        Error rate p₀ to live with.
    smoothing : float
        λ, between 0 and 1: small values see small shifts.
    run_length : float
        Wanted ARL in control, in answers.

    Returns
    -------
    Ewma

    Raises
    ------
    ValueError
        If p₀ or λ is not strictly between 0 and 1, or the run length cannot be reached.

    References
    ----------
    Lucas & Saccucci, *Technometrics* 32 (1990).

    Examples
    --------
    >>> round(tune_ewma(0.10).width, 1)
    3.1
    """
    if not 0 < in_control < 1 or not 0 < smoothing < 1:
        raise ValueError(f"Rate and smoothing lie strictly between 0 and 1, not {in_control} and {smoothing}.")
    if not 1 < run_length < 1e6:  # noqa: PLR2004  beyond it the cells are too coarse
        raise ValueError(f"A run length in control lies between 1 and 10⁶ answers, not {run_length:g}.")
    spread = math.sqrt(in_control * (1 - in_control) * smoothing / (2 - smoothing))
    low, high = 0.0, (1 - in_control) / spread
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if Ewma(in_control, smoothing, middle).run_length(in_control) < run_length:
            low = middle
        else:
            high = middle
        if high - low < 1e-3:  # noqa: PLR2004  finer than the cells can tell
            break
    return Ewma(in_control, smoothing, high)


def _expected_run(error_rate: float, *, smoothing: float, limit: float, start: float) -> float:
    """Solve the sparse linear system over the cells' centres for the expected answers until the alarm, from `start`."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import spsolve

    width = limit / _CELLS
    centres = (np.arange(_CELLS) + 0.5) * width
    rows: list[np.ndarray] = []
    columns: list[np.ndarray] = []
    shares: list[np.ndarray] = []
    for probability, jump in ((error_rate, smoothing), (1 - error_rate, 0.0)):
        target = (1 - smoothing) * centres + jump
        inside = np.flatnonzero(target <= limit)
        place = np.clip(target[inside] / width - 0.5, 0, _CELLS - 1)
        left = np.minimum(place.astype(np.int64), _CELLS - 2)
        rows += [inside, inside]
        columns += [left, left + 1]
        shares += [probability * (1 - (place - left)), probability * (place - left)]
    moves = csc_array((np.concatenate(shares), (np.concatenate(rows), np.concatenate(columns))), shape=(_CELLS, _CELLS))
    runs = spsolve(csc_array(eye_array(_CELLS) - moves), np.ones(_CELLS))
    return float(np.interp(start, centres, runs))
