"""Run a redundancy policy over finished annotations: what it would have cost, and what it would have lost."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from isogloss.core.inference import UNDECIDED, Inference, infer
from isogloss.core.tables import Ratings

from .policies import Policy

Answers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of spending annotations: the policy's, or a fixed number for every item.

    `accuracy` is against gold where there is any (ties at half), and `same_as_all` the share of items that get the label they get with
    all annotations. `per_item` is the mean number of annotations.
    """

    name: str
    n_annotations: int
    per_item: float
    accuracy: float | None
    same_as_all: float


@dataclass(frozen=True, slots=True)
class Replay:
    """What a policy would have done, beside all annotations and every fixed number."""

    policy: Outcome
    everything: Outcome
    fixed: tuple[Outcome, ...]
    saved: float  # share of all annotations that the policy did not ask for
    rounds: int
    reopened: int
    histogram: Mapping[int, int] = field(default_factory=dict)  # annotations → items
    seed: int = 0

    @property
    def lost(self) -> float:
        """Accuracy given up against all annotations; where there is no gold, the share of labels that differ."""
        if self.policy.accuracy is None or self.everything.accuracy is None:
            return 1 - self.policy.same_as_all
        return self.everything.accuracy - self.policy.accuracy

    def told(self) -> str:
        """Write the comparison as a table for people."""
        lines = [f"{'':24}{'annotations':>12}{'per item':>10}{'accuracy':>10}{'as all':>9}"]
        for outcome in (self.everything, self.policy, *self.fixed):
            accuracy = "–" if outcome.accuracy is None else f"{outcome.accuracy:.4f}"
            lines.append(f"{outcome.name:24}{outcome.n_annotations:>12,}{outcome.per_item:>10.2f}{accuracy:>10}{outcome.same_as_all:>9.4f}")
        lines.append(f"The policy saves {self.saved:.1%} of the annotations and loses {self.lost * 100:.2f} points.")
        return "\n".join(lines)


def replay(
    ratings: Ratings,
    *,
    policy: Policy | None = None,
    gold: Mapping[Hashable, Hashable] | None = None,
    method: str = "auto",
    seed: int = 0,
    compare_fixed: bool = True,
) -> Replay:
    """Let a policy ask for the annotations of a finished table, in random order, and compare with having them all.

    The burn-in block is annotated first; then every open item gets one more annotation in each round, the model is fitted again on all
    that was asked for so far, and the policy looks at every item anew: closed ones may reopen. `gold` only measures, it is not used.
    An item cannot get more annotations than the table has for it.
    """
    chosen_policy = Policy() if policy is None else policy
    rank, available = shuffle_within_items(ratings, seed=seed)
    full = draw_full(ratings, policy=chosen_policy, seed=seed)
    taken, rounds, reopened = ask(ratings, policy=chosen_policy, rank=rank, available=available, full=full, method=method, seed=seed)
    truth = gold_codes(ratings, gold=gold)
    reference = infer(ratings, method=method, seed=seed)

    def outcome(name: str, n: Answers) -> Outcome:
        kept = rank < n[ratings.item]
        result = reference if kept.all() else infer(ratings.where(kept), method=method, seed=seed, calibrate=False)
        return Outcome(
            name,
            n_annotations=int(kept.sum()),
            per_item=float(kept.sum() / max((available > 0).sum(), 1)),
            accuracy=accuracy(result, truth=truth),
            same_as_all=float((result.label == reference.label)[available > 0].mean()),
        )

    everything = outcome("all", available)
    followed = outcome("policy", taken)
    most = int(available.max(initial=0))
    fixed = tuple(outcome(f"{n} each", np.minimum(available, n)) for n in range(1, most)) if compare_fixed else ()
    sizes, items = np.unique(taken[available > 0], return_counts=True)
    return Replay(
        policy=followed,
        everything=everything,
        fixed=fixed,
        saved=1 - followed.n_annotations / max(everything.n_annotations, 1),
        rounds=rounds,
        reopened=reopened,
        histogram=dict(zip(sizes.tolist(), items.tolist(), strict=True)),
        seed=seed,
    )


def shuffle_within_items(ratings: Ratings, *, seed: int) -> tuple[Answers, Answers]:
    """Draw the turn of each answer among its item's answers, in random order, and the number of answers of each item."""
    order = np.random.default_rng(seed).permutation(len(ratings))
    order = order[np.argsort(ratings.item[order], kind="stable")]
    available = np.bincount(ratings.item, minlength=len(ratings.items))
    first = np.cumsum(available) - available
    rank = np.empty(len(ratings), dtype=np.int64)
    rank[order] = np.arange(len(ratings)) - first[ratings.item[order]]
    return rank, available


def draw_full(ratings: Ratings, *, policy: Policy, seed: int) -> Flags:
    """Which items get the maximum."""
    n_items = len(ratings.items)
    return np.array([policy.is_full(str(item), n_items=n_items, seed=f"replay {seed}") for item in ratings.items], dtype=bool)


def ask(
    ratings: Ratings, *, policy: Policy, rank: Answers, available: Answers, full: Flags, method: str, seed: int
) -> tuple[Answers, int, int]:
    """Ask in rounds until no item wants more: (annotations of each item, rounds, items that reopened)."""
    cap = np.minimum(available, policy.maximum)
    taken = np.where(full, cap, np.minimum(cap, policy.minimum))
    closed = np.zeros(len(taken), dtype=bool)
    reopened, rounds = 0, 0
    while True:
        rounds += 1
        result = infer(ratings.where(rank < taken[ratings.item]), method=method, seed=seed, calibrate=False)
        wanted = np.minimum(targets(result, policy=policy, taken=taken, full=full), cap)
        more = wanted > taken
        if not more.any():
            return taken, rounds, reopened
        reopened += int((more & closed).sum())
        closed = ~more
        taken = wanted


def targets(result: Inference, *, policy: Policy, taken: Answers, full: Flags) -> Answers:
    """Ask the policy for the target of each item."""
    rows = zip(taken.tolist(), result.settled.tolist(), result.posterior.max(axis=1).tolist(), full.tolist(), strict=True)
    return np.array([policy.target(n_annotations=n, settled=settled, probability=top, is_full=kept) for n, settled, top, kept in rows])


def gold_codes(ratings: Ratings, *, gold: Mapping[Hashable, Hashable] | None) -> npt.NDArray[np.int64] | None:
    """Find the position of each item's gold label, -1 where it has none."""
    if not gold:
        return None
    position = {label: code for code, label in enumerate(ratings.labels)}
    return np.array([position.get(gold.get(item), UNDECIDED) for item in ratings.items])


def accuracy(result: Inference, *, truth: npt.NDArray[np.int64] | None) -> float | None:
    """Share of gold items that are right; a tie counts one half."""
    if truth is None or not (truth >= 0).any():
        return None
    known = truth >= 0
    return float(((result.label == truth) + 0.5 * result.tied)[known].mean())
