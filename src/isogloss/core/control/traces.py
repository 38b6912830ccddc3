"""The course of a control chart over a stream of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

State = TypeVar("State", int, float)


@dataclass(frozen=True, slots=True)
class Trace(Generic[State]):
    """Value of the chart after each answer, positions of its alarms, and the state from which to go on."""

    values: NDArray[np.float64]
    alarms: NDArray[np.int64]
    state: State
