"""The default: unlike models, weighted by how well they predict answers they have not seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .guard import collapse
from .incidence import Fixed, Floats, Incidence
from .moments import find_anchor
from .one_coin import fit_one_coin
from .pooling import Pooling, fit_pooled, fit_separate
from .reliability import pooled_rows
from .voting import majority_shares

FOLDS = 3
MOST_HELD_OUT = 60_000  # answers; a weight needs no more, and the default stays affordable for millions
FEWEST_GOLD = 50
SETTLED = 1e-5
EQUAL_SHARE = 0.4  # of the weight is not earned: held-out likelihood judges predictions, not truth, and on small tables by luck
CLEARLY = 2.0  # standard errors

Posterior = Callable[[Incidence, Fixed | None], Floats]


@dataclass(frozen=True, slots=True)
class Member:
    """One model of the consensus.

    `shrinkage` is that of its predictions for a person's unseen answer (None: the pooled matrix). An optional member is heard only
    where it does not predict clearly worse than the best.
    """

    posterior: Posterior
    shrinkage: float | None
    is_optional: bool = False


def pooled_posterior(incidence: Incidence, fixed: Fixed | None) -> Floats:
    """Matrices pooled as strongly as the answers themselves suggest."""
    return fit_pooled(incidence, pooling=Pooling(), anchor=find_anchor(incidence), fixed=fixed).posterior


def light_posterior(incidence: Incidence, fixed: Fixed | None) -> Floats:
    """Matrices pooled by half an imaginary answer for each row."""
    return fit_pooled(incidence, pooling=Pooling(concentration=0.5, by_ability=False), anchor=find_anchor(incidence), fixed=fixed).posterior


def separate_posterior(incidence: Incidence, fixed: Fixed | None) -> Floats:
    """Matrices of each person alone, presumed better than chance."""
    return fit_separate(incidence, fixed=fixed).posterior


def coin_posterior(incidence: Incidence, fixed: Fixed | None) -> Floats:
    """One accuracy for each person: too simple where labels differ in difficulty, the surest where answers are few or noisy."""
    return fit_one_coin(incidence, anchor=find_anchor(incidence), prior_answers=20.0, fixed=fixed).posterior


MEMBERS: Mapping[str, Member] = {
    "majority": Member(lambda incidence, fixed: majority_shares(incidence, fixed=fixed), shrinkage=None),
    "pooled": Member(pooled_posterior, shrinkage=8.0),
    "lightly-pooled": Member(light_posterior, shrinkage=2.0),
    "separate": Member(separate_posterior, shrinkage=2.0),
    "one-coin": Member(coin_posterior, shrinkage=8.0, is_optional=True),
}


@dataclass(frozen=True, eq=False)
class Consensus:
    """The weighted mean of the members' posteriors."""

    posterior: Floats
    weights: Mapping[str, float]
    evidence: "Evidence"
    dropped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What models said of things they had not seen.

    `predictions` (models, observations): the probability given to what was then observed. `posteriors` and `likelihoods` (observations,
    labels) belong to one observation each, for the calibration: an observed answer has the probability sum(posterior × likelihood).
    """

    kind: str  # "gold", "held-out answers" or "nothing"
    names: tuple[str, ...]
    predictions: npt.NDArray[np.float64]
    posteriors: npt.NDArray[np.float64]  # (models, observations, labels)
    likelihoods: npt.NDArray[np.float64]  # (models, observations, labels)

    def scores(self) -> Mapping[str, float]:
        """Mean log-likelihood of each model."""
        if not self.predictions.shape[1]:
            return {}
        return dict(zip(self.names, np.log(self.predictions).mean(axis=1).tolist(), strict=True))

    def clearly_worse(self) -> list[str]:
        """Models whose mean log-likelihood lies more than `CLEARLY` standard errors below the best one's."""
        n = self.predictions.shape[1]
        if n < 2:  # noqa: PLR2004  a standard error needs two
            return []
        scores = np.log(self.predictions)
        behind = scores[scores.mean(axis=1).argmax()] - scores
        limit = CLEARLY * behind.std(axis=1, ddof=1) / np.sqrt(n)
        return [name for name, gap, most in zip(self.names, behind.mean(axis=1), limit, strict=True) if gap > most]

    def of(self, names: tuple[str, ...]) -> "Evidence":
        """Keep some of the models."""
        rows = [self.names.index(name) for name in names]
        return Evidence(self.kind, names, self.predictions[rows], posteriors=self.posteriors[rows], likelihoods=self.likelihoods[rows])


def fit_consensus(incidence: Incidence, *, fixed: Fixed | None, rng: np.random.Generator) -> Consensus:
    """Fit the members, leave out those that collapsed, weigh the others and average."""
    trusts_gold = n_gold(incidence, fixed=fixed) >= FEWEST_GOLD
    posteriors: dict[str, Floats] = {}
    dropped: dict[str, str] = {}
    for name, member in MEMBERS.items():
        posterior = member.posterior(incidence, fixed)
        reason = None if name == "majority" or trusts_gold else collapse(incidence, posterior=posterior)
        if reason is None:
            posteriors[name] = posterior
        else:
            dropped[name] = reason
    evidence = gather_evidence(incidence, members={name: MEMBERS[name] for name in posteriors}, fixed=fixed, rng=rng)
    for name in evidence.clearly_worse():
        if MEMBERS[name].is_optional:
            del posteriors[name]
            dropped[name] = f"it predicts {evidence.kind} clearly worse than the best"
    evidence = evidence.of(tuple(posteriors))
    stacked = stack(evidence.predictions)
    weights = EQUAL_SHARE / len(posteriors) + (1 - EQUAL_SHARE) * stacked
    first, *others = posteriors
    total = posteriors[first] * posteriors[first].dtype.type(weights[0])
    for name, weight in zip(others, weights[1:], strict=True):
        total += posteriors[name] * total.dtype.type(weight)
    total /= total.sum(axis=1, keepdims=True)
    return Consensus(total, weights=dict(zip(posteriors, weights.tolist(), strict=True)), evidence=evidence, dropped=dropped)


def n_gold(incidence: Incidence, *, fixed: Fixed | None) -> int:
    """How many gold items have an answer."""
    return 0 if fixed is None else int((incidence.per_item[fixed.item] > 0).sum())


def gather_evidence(incidence: Incidence, *, members: Mapping[str, Member], fixed: Fixed | None, rng: np.random.Generator) -> Evidence:
    """Let the members predict gold labels hidden from them where there are enough, else answers hidden from them."""
    if n_gold(incidence, fixed=fixed) >= FEWEST_GOLD and fixed is not None:
        return predict_gold(incidence, members=members, fixed=fixed, rng=rng)
    sample, known = sample_items(incidence, fixed=fixed, rng=rng)
    return predict_answers(sample, members=members, fixed=known, rng=rng)


def sample_items(incidence: Incidence, *, fixed: Fixed | None, rng: np.random.Generator) -> tuple[Incidence, Fixed | None]:
    """Take all items, or a random part of them with about `MOST_HELD_OUT` answers."""
    if len(incidence) <= MOST_HELD_OUT:
        return incidence, fixed
    wanted = max(1, int(incidence.n_items * MOST_HELD_OUT / len(incidence)))
    chosen = np.sort(rng.choice(incidence.n_items, wanted, replace=False))
    if fixed is None:
        return incidence.items_at(chosen), None
    here = np.isin(fixed.item, chosen)
    return incidence.items_at(chosen), Fixed(np.searchsorted(chosen, fixed.item[here]), fixed.label[here])


def predict_answers(incidence: Incidence, *, members: Mapping[str, Member], fixed: Fixed | None, rng: np.random.Generator) -> Evidence:
    """Hide a third of the answers in turn; an answer's probability is the sum over k of P(k | other answers) P(answer | k, person)."""
    n, k = len(incidence), incidence.n_labels
    fold = rng.permutation(n) % FOLDS
    posteriors, likelihoods = np.zeros((2, len(members), n, k))
    for turn in range(FOLDS):
        hidden = fold == turn
        seen = incidence.answers_where(~hidden)
        silent = seen.per_item == 0
        if fixed is not None:
            silent[fixed.item] = False
        for row, member in enumerate(members.values()):
            posterior = member.posterior(seen, fixed).astype(np.float64)
            posterior[silent] = posterior[~silent].mean(axis=0) if not silent.all() else 1 / k
            posteriors[row, hidden] = posterior[incidence.item[hidden]]
            likelihoods[row, hidden] = answer_table(seen, posterior=posterior, shrinkage=member.shrinkage)[incidence.code[hidden]]
    predictions = np.maximum((posteriors * likelihoods).sum(axis=2), 1e-9)
    return Evidence("held-out answers", tuple(members), predictions=predictions, posteriors=posteriors, likelihoods=likelihoods)


def answer_table(incidence: Incidence, *, posterior: Floats, shrinkage: float | None) -> npt.NDArray[np.float64]:
    """Probability of each person's label (people × labels) given each class."""
    k = incidence.n_labels
    given = incidence.counts(posterior).reshape(incidence.n_people, k, k)
    pooled = pooled_rows(given.transpose(0, 2, 1)).T
    if shrinkage is None:
        return np.asarray(np.broadcast_to(pooled, given.shape).reshape(-1, k))
    pseudo = given + shrinkage * pooled
    return np.asarray(pseudo / pseudo.sum(axis=1, keepdims=True)).reshape(-1, k)


def predict_gold(incidence: Incidence, *, members: Mapping[str, Member], fixed: Fixed, rng: np.random.Generator) -> Evidence:
    """Hide half of the gold in turn and let the members say what the other half makes of it."""
    k = incidence.n_labels
    answered = np.flatnonzero(incidence.per_item[fixed.item] > 0)
    half = rng.permutation(len(answered)) % 2
    posteriors = np.zeros((len(members), len(answered), k))
    for turn in range(2):
        hidden = answered[half == turn]
        keep = np.setdiff1d(np.arange(len(fixed.item)), hidden)
        known = Fixed(fixed.item[keep], fixed.label[keep])
        for row, member in enumerate(members.values()):
            posteriors[row, half == turn] = member.posterior(incidence, known)[fixed.item[hidden]]
    likelihoods = np.broadcast_to(np.eye(k)[fixed.label[answered]], posteriors.shape)
    predictions = np.maximum((posteriors * likelihoods).sum(axis=2), 1e-4)
    return Evidence("gold", tuple(members), predictions=predictions, posteriors=posteriors, likelihoods=likelihoods)


def stack(predictions: npt.NDArray[np.float64], *, rounds: int = 100) -> npt.NDArray[np.float64]:
    """Weights of the mixture of models under which the observations are most probable, by expectation–maximisation."""
    n_models, n = predictions.shape
    weights = np.full(n_models, 1 / n_models)
    for _ in range(rounds if n else 0):
        shares = weights[:, None] * predictions
        shares /= shares.sum(axis=0)
        moved = shares.mean(axis=1)
        done = np.abs(moved - weights).max() < SETTLED
        weights = moved
        if done:
            break
    return weights
