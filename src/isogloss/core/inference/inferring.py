"""The door to truth inference: a rating table in, a result out, whatever the method."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import Ratings

from .calibration import find_temperature, tempered_top
from .consensus import Member, fit_consensus, gather_evidence, n_gold
from .dawid_skene import fit_dawid_skene
from .em import ITERATIONS, TOLERANCE, Fit, vote_shares
from .guard import collapse
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor, find_anchor
from .one_coin import fit_one_coin
from .ordinal import fit_ordinal
from .reliability import MOST_CELLS
from .results import Diagnostics, Inference, decide
from .voting import even_handed_confidence, has_overlap, majority_shares, weighted_shares

METHODS = ("auto", "majority", "weighted-majority", "one-coin", "dawid-skene", "ordinal")
FEWEST_GOLD_TO_TRUST = 30  # from so many on the fit is held by gold, and disagreeing with the majority is no sign of collapse
ONE_START_FROM = 200_000  # answers; a large table leaves the optima little room, and starts cost as much as fits


class UnknownMethod(ValueError):
    """The method is not one of `METHODS`."""


class BadGold(ValueError):
    """A gold label is not among the labels of the table."""


@dataclass(frozen=True, eq=False)
class Task:
    """What a method works on."""

    incidence: Incidence
    fixed: Fixed | None
    rng: np.random.Generator
    iterations: int
    tolerance: float
    calibrate: bool


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method found."""

    model: str
    posterior: Floats
    confidence: Floats | None
    diagnostics: Diagnostics


def infer(
    ratings: Ratings,
    *,
    method: str = "auto",
    gold: Mapping[Hashable, Hashable] | None = None,
    seed: int = 0,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
    calibrate: bool = True,
) -> Inference:
    """Conclude the label of each item and the reliability of each person.

    Parameters
    ----------
    ratings
        Who gave which label to which item; a person counts once per item. For `ordinal` the order of `ratings.labels` matters.
    method
        One of `METHODS`. `auto` is the weighted mean of unlike models (`docs/methods/chooser.md`).
    gold
        True labels of some items: they enter as fixed posteriors, and from fifty on they weigh the models and calibrate.
    seed
        For the folds and the perturbed start; the same seed gives the same result.
    iterations, tolerance
        When a fit stops: after so many iterations, or when no posterior moves by more.
    calibrate
        Whether to fit the confidence on gold or held-out answers, which costs three more fits on up to 60 000 answers.

    Returns
    -------
    Inference
        Labels, posterior, confidence, people and diagnostics. Where no item has two answers, people cannot be told apart: the result
        is the majority's, and `diagnostics.fell_back` says so. A table with one label gives that label with probability one.

    Raises
    ------
    UnknownMethod, BadGold

    Examples
    --------
    >>> from isogloss.core.tables import Ratings
    >>> item, worker, label = zip(*[(i, w, w[0]) for i in "ab" for w in ("x1", "x2", "y1")])
    >>> result = infer(Ratings.from_columns(item=item, worker=worker, label=label), method="majority")
    >>> [(row.item, row.label) for row in result.rows()]
    [('a', 'x'), ('b', 'x')]
    """
    if method not in METHODS:
        raise UnknownMethod(f"{method!r} is not a method: use one of {', '.join(METHODS)}.")
    incidence = Incidence.of(ratings)
    fixed = fix_gold(ratings, gold=gold)
    task = Task(incidence, fixed, rng=np.random.default_rng(seed), iterations=iterations, tolerance=tolerance, calibrate=calibrate)
    answer = run(task, method=method)
    label, tied, top = decide(answer.posterior, n_answers=incidence.per_item, fixed=fixed)
    confidence = top if answer.confidence is None else answer.confidence
    if fixed is not None:
        confidence[fixed.item] = 1.0
    return Inference(
        method=method,
        model=answer.model,
        items=ratings.items,
        people=ratings.people,
        labels=ratings.labels,
        posterior=answer.posterior,
        label=label,
        confidence=confidence,
        tied=tied,
        diagnostics=replace(answer.diagnostics, n_gold=0 if fixed is None else len(fixed.item), seed=seed),
        incidence=incidence,
        fixed=fixed,
    )


def fix_gold(ratings: Ratings, *, gold: Mapping[Hashable, Hashable] | None) -> Fixed | None:
    """Turn gold into positions; gold for items that the table does not have is left out."""
    if not gold:
        return None
    position = {label: code for code, label in enumerate(ratings.labels)}
    unknown = next((label for label in gold.values() if label not in position), None)
    if unknown is not None:
        known = ", ".join(map(str, list(ratings.labels)[:12]))
        raise BadGold(f"The gold label {unknown!r} is not one of: {known}. Declare it among the table's labels.")
    rows = [(row, position[gold[item]]) for row, item in enumerate(ratings.items) if item in gold]
    if not rows:
        return None
    table = np.array(rows, dtype=np.int64)
    return Fixed(table[:, 0], table[:, 1])


def run(task: Task, *, method: str) -> Answer:
    """Run the method, or what stands in for it where the table cannot carry it."""
    incidence = task.incidence
    if incidence.n_labels == 1:
        return only_label(task)
    if method == "majority":
        return by_majority(task)
    if not has_overlap(incidence, fixed=task.fixed):
        return by_majority(task, because="no item has two answers, so people cannot be compared")
    if method == "weighted-majority":
        return by_weights(task)
    if incidence.n_people * incidence.n_labels**2 > MOST_CELLS:
        return by_weights(
            task, because=f"{incidence.n_people:,} people × {incidence.n_labels:,}² labels is too much for confusion matrices"
        )
    return by_consensus(task) if method == "auto" else by_model(task, method=method)


def only_label(task: Task) -> Answer:
    """Everything has the one label there is."""
    posterior = np.ones((task.incidence.n_items, 1), dtype=task.incidence.dtype)
    note = "there is only one label, so nothing could be learned about people"
    return Answer("majority", posterior, confidence=None, diagnostics=Diagnostics(notes=(note,)))


def by_majority(task: Task, *, because: str | None = None) -> Answer:
    """Count votes."""
    incidence = task.incidence
    shares = majority_shares(incidence, fixed=task.fixed)
    pairs = has_overlap(incidence, fixed=None)
    confidence = even_handed_confidence(incidence, anchor=find_anchor(incidence), has_pairs=pairs)
    source = "agreement between pairs" if pairs else "the rule of succession"
    told = Diagnostics(fell_back=because, calibrated_on=source)
    return Answer("majority", shares, confidence=confidence.astype(shares.dtype), diagnostics=told)


def by_weights(task: Task, *, because: str | None = None) -> Answer:
    """Count votes by their person's agreement with the others."""
    shares = weighted_shares(task.incidence, fixed=task.fixed)
    return Answer("weighted-majority", shares, confidence=None, diagnostics=Diagnostics(fell_back=because))


def by_consensus(task: Task) -> Answer:
    """Average the models."""
    found = fit_consensus(task.incidence, fixed=task.fixed, rng=task.rng)
    temperature, source = 1.0, "nothing"
    if task.calibrate:
        temperature = find_temperature(found.evidence, weights=np.array(list(found.weights.values())))
        source = found.evidence.kind
    told = Diagnostics(
        held_out=found.evidence.scores(),
        weights=found.weights,
        calibrated_on=source,
        temperature=temperature,
        notes=tuple(f"{name} was left out: {reason}" for name, reason in found.dropped.items()),
    )
    return Answer("consensus", found.posterior, confidence=tempered_top(found.posterior, power=temperature), diagnostics=told)


def by_model(task: Task, *, method: str) -> Answer:
    """Fit one model from several starts, keep the likeliest, and fall back to the majority where it collapsed."""
    anchor = find_anchor(task.incidence)
    found = best_start(task, method=method, anchor=anchor)
    trusts_gold = n_gold(task.incidence, fixed=task.fixed) >= FEWEST_GOLD_TO_TRUST
    reason = None if trusts_gold else collapse(task.incidence, posterior=found.posterior)
    if reason is not None:
        return by_majority(task, because=f"{method} collapsed: {reason}")
    temperature, evidence = 1.0, None
    if task.calibrate:
        member = Member(
            lambda incidence, fixed: fit_named(method, incidence=incidence, anchor=find_anchor(incidence), fixed=fixed).posterior,
            shrinkage=2.0,
        )
        evidence = gather_evidence(task.incidence, members={method: member}, fixed=task.fixed, rng=task.rng)
        temperature = find_temperature(evidence, weights=np.ones(1))
    told = Diagnostics(
        iterations=found.iterations,
        converged=found.converged,
        log_likelihood=found.log_likelihood,
        held_out={} if evidence is None else evidence.scores(),
        calibrated_on="nothing" if evidence is None else evidence.kind,
        temperature=temperature,
    )
    confidence = tempered_top(found.posterior, power=temperature) if task.calibrate else None
    return Answer(method, found.posterior, confidence=confidence, diagnostics=told)


def best_start(task: Task, *, method: str, anchor: Anchor) -> Fit:
    """Fit from the vote shares and, where the table is small, from the sharpened and the shaken shares too."""
    starts: list[Callable[[], Floats | None]] = [lambda: None]
    if len(task.incidence) < ONE_START_FROM:
        starts += [lambda: sharpened(task.incidence), lambda: shaken(task.incidence, rng=task.rng)]
    fits = (
        fit_named(
            method,
            incidence=task.incidence,
            anchor=anchor,
            fixed=task.fixed,
            start=start(),
            iterations=task.iterations,
            tolerance=task.tolerance,
        )
        for start in starts
    )
    return max(fits, key=lambda found: found.log_likelihood)


def fit_named(
    method: str,
    *,
    incidence: Incidence,
    anchor: Anchor,
    fixed: Fixed | None,
    start: Floats | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit the model of that name."""
    if method == "one-coin":
        return fit_one_coin(incidence, anchor=anchor, fixed=fixed, start=start, iterations=iterations, tolerance=tolerance)
    if method == "ordinal":
        return fit_ordinal(incidence, anchor=anchor, fixed=fixed, start=start, iterations=iterations, tolerance=tolerance)
    return fit_dawid_skene(incidence, anchor=anchor, fixed=fixed, start=start, iterations=iterations, tolerance=tolerance)


def sharpened(incidence: Incidence) -> Floats:
    """Start from the label with most votes alone."""
    shares = vote_shares(incidence)
    sharp = np.where(shares >= shares.max(axis=1, keepdims=True), 1.0, 1e-3).astype(shares.dtype)
    return np.asarray(sharp / sharp.sum(axis=1, keepdims=True))


def shaken(incidence: Incidence, *, rng: np.random.Generator) -> Floats:
    """Start from vote shares mixed with as much noise as half a vote."""
    shares = vote_shares(incidence)
    noise: npt.NDArray[np.float64] = rng.dirichlet(np.ones(incidence.n_labels), size=incidence.n_items)
    weight = 0.5 / (incidence.per_item[:, None] + 0.5)
    return np.asarray((1 - weight) * shares + weight * noise, dtype=shares.dtype)
