"""The one shape in which a measured quantity is handed on: a value with its interval, or the reason why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that knows how it was made.

    `value` is None where the quantity is undefined, `low` and `high` are None where no interval can be given; `reason` then says why,
    in words for the reader of a report.
    """

    value: float | None
    low: float | None
    high: float | None
    n_items: int
    n_ratings: int
    method: str
    reason: str | None = None
    seed: int | None = None
    replicates: int = 0
    confidence: float = 0.95

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def told(self, *, digits: int = 3) -> str:
        """Write the figure for people: `.812 (.774–.846)`, or the reason why there is none."""
        if self.value is None:
            return f"undefined: {self.reason}"
        value = f"{self.value:.{digits}f}"
        return value if self.low is None or self.high is None else f"{value} ({self.low:.{digits}f}–{self.high:.{digits}f})"
