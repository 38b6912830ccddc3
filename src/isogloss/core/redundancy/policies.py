"""Pure decisions about how many annotations an item should have."""

import math
from dataclasses import dataclass
from hashlib import blake2b

SCALE = float(1 << 64)


class BadPolicy(ValueError):
    """The numbers of a policy contradict one another."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When to stop asking about an item.

    Attributes
    ----------
    minimum, maximum
        Every item gets at least and at most so many annotations. The minimum is two or more: one annotation says nothing about the
        person who gave it, and a model fed with single annotations believes whoever came first. The maximum is high on purpose: few
        items get there, those that divide people, and there further votes gain more than a second look at items where people agree.
    settled, probability
        An item is closed when `Inference.settled` (or `Updated.settled`) reaches the one and the highest posterior probability the
        other. The first asks whether further answers could change the label by what is known of the people who answered; the second,
        which votes keep low where people are divided, whether it deserves to stay. Calibrated confidence alone would be the wrong
        thing to wait for: an item that divides people for good never reaches it, however many are asked.
    burn_in
        So many items, drawn by hash, are annotated `maximum` times *before* the others open: people's reliability comes from them.
    full_share
        At least this share of all items gets the maximum whatever the model says: agreement figures are taken from them, because items
        that were closed early agree by construction.
    """

    minimum: int = 2
    maximum: int = 20
    settled: float = 0.98
    probability: float = 0.8
    burn_in: int = 6
    full_share: float = 0.02

    def __post_init__(self) -> None:
        if not 2 <= self.minimum <= self.maximum:  # noqa: PLR2004  the reason stands in the class's docstring
            raise BadPolicy(f"The minimum must be at least 2 and at most the maximum, not {self.minimum} and {self.maximum}.")
        if not (0 < self.settled < 1 and 0 <= self.probability < 1):
            raise BadPolicy(f"settled and probability must lie between 0 and 1, not {self.settled} and {self.probability}.")
        if self.burn_in < 0 or not 0 <= self.full_share <= 1:
            raise BadPolicy("burn_in must not be negative and full_share must lie between 0 and 1.")

    def is_full(self, item: str, *, n_items: int, seed: str = "") -> bool:
        """Whether an item belongs to the random part that gets the maximum; the draw is by hash, so it can be made anywhere, any time."""
        return draw(item, seed=seed) < self.share_full(n_items=n_items)

    def share_full(self, *, n_items: int) -> float:
        """Tell the part of the items that gets the maximum: enough for the burn-in, and the share."""
        return min(1.0, max(self.full_share, self.burn_in / max(n_items, 1)))

    def target(self, *, n_annotations: int, settled: float | None, probability: float, is_full: bool = False) -> int:
        """How many annotations the item should have, given how many count now and how settled it is (None: not yet known).

        Called again whenever either changes: a model that becomes less sure raises the target of a closed item, which reopens it. The
        target is never below what the item has.
        """
        if is_full:
            wanted = self.maximum
        elif n_annotations < self.minimum or settled is None or math.isnan(settled):
            wanted = self.minimum
        elif settled >= self.settled and probability >= self.probability:
            wanted = n_annotations
        else:
            wanted = n_annotations + 1
        return max(n_annotations, min(wanted, self.maximum))

    def wants_more(self, *, n_annotations: int, settled: float | None, probability: float, is_full: bool = False) -> bool:
        """Whether another annotation should be asked for."""
        return self.target(n_annotations=n_annotations, settled=settled, probability=probability, is_full=is_full) > n_annotations


def draw(item: str, *, seed: str) -> float:
    """Draw a number in [0, 1) that depends on the item's id and the seed alone (Python's own hash is salted by process)."""
    digest = blake2b(item.encode(), key=seed.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / SCALE
