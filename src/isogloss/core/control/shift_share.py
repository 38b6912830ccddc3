"""Shift-share decomposition: why a figure changed, because its groups changed or because their weights did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Share:
    """A group in one period: `right` of `of` answers."""

    right: int
    of: int


_NOBODY = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one group added to the change of the total."""

    group: str
    rate: float
    mix: float
    interaction: float

    @property
    def total(self) -> float:
        """The group's part of the change."""
        return self.rate + self.mix + self.interaction


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """The change of a total accuracy and its parts; undefined, with a reason, where a period is empty.

    `contributions` are ordered by size, the largest first; their sums are `rate`, `mix` and `interaction`, which sum to `change`.
    """

    before: float | None
    after: float | None
    contributions: tuple[Contribution, ...] = ()
    reason: str = ""

    @property
    def change(self) -> float:
        """The total after less the total before."""
        return self.rate + self.mix + self.interaction

    @property
    def rate(self) -> float:
        """The part due to groups that became better or worse."""
        return sum(part.rate for part in self.contributions)

    @property
    def mix(self) -> float:
        """The part due to groups that became larger or smaller."""
        return sum(part.mix for part in self.contributions)

    @property
    def interaction(self) -> float:
        """The part due to groups that did both."""
        return sum(part.interaction for part in self.contributions)


def shift_share(before: Mapping[str, Share], *, after: Mapping[str, Share]) -> ShiftShare:
    """Split a change of accuracy into rate, mix and interaction by group.

    ΔA = Σ w₀(a₁−a₀) [rate] + Σ (w₁−w₀)(a₀−A₀) [mix] + Σ (w₁−w₀)(a₁−a₀) [interaction], an identity. A group seen in one period
    only has no rate of its own in the other: it is counted as mix alone.

    Parameters
    ----------
    before, after : mapping of group to Share
        Groups (a language, a label, a cohort) with their right answers and answers in each period.

    Returns
    -------
    ShiftShare
        Undefined, with the reason, when a period has no answers.

    Raises
    ------
    ValueError
        If a group has more right answers than answers.

    References
    ----------
    Dunn, *Papers in Regional Science* 6 (1960); with interaction Esteban-Marquillas, *Regional and Urban Economics* 2 (1972).

    Examples
    --------
    >>> split = shift_share({"en": Share(90, 100), "my": Share(8, 10)}, after={"en": Share(47, 50), "my": Share(36, 50)})
    >>> [(part.group, round(part.rate, 3), round(part.mix, 3), round(part.interaction, 3)) for part in split.contributions]
    [('my', -0.007, -0.037, -0.033), ('en', 0.036, -0.004, -0.016)]
    """
    for name, share in [*before.items(), *after.items()]:
        if not 0 <= share.right <= share.of:
            raise ValueError(f"{share.right} right of {share.of} is not a count ({name}).")
    size_before, size_after = sum(share.of for share in before.values()), sum(share.of for share in after.values())
    total_before = sum(share.right for share in before.values()) / size_before if size_before else None
    total_after = sum(share.right for share in after.values()) / size_after if size_after else None
    if total_before is None or total_after is None:
        empty = "first" if total_before is None else "second"
        return ShiftShare(total_before, total_after, reason=f"The {empty} period has no answers.")
    parts = [
        _contribution(
            group, old=before.get(group, _NOBODY), new=after.get(group, _NOBODY), sizes=(size_before, size_after), level=total_before
        )
        for group in {**before, **after}
    ]
    return ShiftShare(total_before, total_after, tuple(sorted((part for part in parts if part), key=lambda part: -abs(part.total))))


def _contribution(group: str, *, old: Share, new: Share, sizes: tuple[int, int], level: float) -> Contribution | None:
    """Split what one group added; None for a group that nobody answered in."""
    if old.of == new.of == 0:
        return None
    weight_before, weight_after = old.of / sizes[0], new.of / sizes[1]
    known = old if old.of else new
    accuracy = known.right / known.of
    gain = new.right / new.of - accuracy if new.of else 0.0
    grown = weight_after - weight_before
    return Contribution(group, weight_before * gain, grown * (accuracy - level), grown * gain)
