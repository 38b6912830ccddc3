"""What an agreement figure means, in a sentence for the reader of a report."""

from collections.abc import Hashable, Sequence
from enum import StrEnum

from isogloss.core.estimates import Estimate

RELIABLE = 0.80
TENTATIVE = 0.667  # Krippendorff 2004, section 11.4.2: above it, cautious conclusions
LOWERED = 0.1  # a drop below the figure for even labels that is worth a warning
MOST_TOLD = 5


class Verdict(StrEnum):
    """What may be done with labels of this agreement."""

    RELIABLE = "reliable"
    TENTATIVE = "tentative"
    LOW = "low"
    DESCRIPTIVE = "descriptive"  # the figure has no accepted thresholds
    UNDEFINED = "undefined"


def judge(headline: Estimate, *, is_corrected: bool) -> Verdict:
    """Compare a chance-corrected figure with the customary thresholds."""
    if headline.value is None:
        return Verdict.UNDEFINED
    if not is_corrected:
        return Verdict.DESCRIPTIVE
    if headline.value >= RELIABLE:
        return Verdict.RELIABLE
    return Verdict.TENTATIVE if headline.value >= TENTATIVE else Verdict.LOW


def tell(
    headline: Estimate,
    *,
    others: Sequence[Estimate],
    verdict: Verdict,
    n_people: int,
    shares: Sequence[tuple[Hashable, float]],
    positive: Sequence[tuple[Hashable, Estimate]],
    evenly: float | None = None,
    counted: tuple[str, str] = ("items", "answers"),
) -> str:
    """Say what the figures mean: the value, what may be done with it, how sure it is, and what rare labels do to it."""
    if headline.value is None:
        return f"{headline.method[:1].upper()}{headline.method[1:]} is undefined: {headline.reason}."
    size = f"{headline.n_items:,} {counted[0]} and {headline.n_ratings:,} {counted[1]} of {n_people:,} people"
    parts = [f"{headline.method[:1].upper()}{headline.method[1:]} is {headline.told(digits=2)} over {size}: {MEANINGS[verdict]}."]
    parts.extend(how_sure(headline, verdict=verdict))
    beside = "; ".join(f"{other.method} is {other.told(digits=2)}" for other in others)
    parts.append(f"{beside[:1].upper()}{beside[1:]}.")
    if shares and evenly is not None:
        parts.append(about_prevalence(shares, positive=positive, evenly=evenly, drop=evenly - headline.value))
    elif shares:
        parts.append(f"The most frequent label, {shares[0][0]!r}, is in {shares[0][1]:.0%} of the {counted[1]}.")
    return " ".join(parts)


MEANINGS = {
    Verdict.RELIABLE: "reliable enough to rest conclusions on (≥ .80)",
    Verdict.TENTATIVE: "enough for tentative conclusions only (.667 to .80)",
    Verdict.LOW: "below .667, too little to rest conclusions on: look at guideline and training, or take more answers for each item",
    Verdict.DESCRIPTIVE: "there is no accepted threshold, so compare it with earlier batches and between languages",
}


def how_sure(headline: Estimate, *, verdict: Verdict) -> list[str]:
    """Say so when the interval reaches over a threshold."""
    if verdict is Verdict.DESCRIPTIVE or headline.low is None or headline.high is None:
        return []
    crossed = [f"{limit:.3g}".lstrip("0") for limit in (TENTATIVE, RELIABLE) if headline.low < limit <= headline.high]
    return [f"The interval crosses {' and '.join(crossed)}: more doubly answered items would settle it."] if crossed else []


def evenly_spread(agreed: float, *, n_labels: int) -> float:
    """Give the chance-corrected agreement that the same share of agreeing pairs would have if all labels were equally frequent."""
    return (agreed - 1 / n_labels) / (1 - 1 / n_labels)


def about_prevalence(
    shares: Sequence[tuple[Hashable, float]], *, positive: Sequence[tuple[Hashable, Estimate]], evenly: float, drop: float
) -> str:
    """Say what a frequent label does to the figure, and how far people agree on the rare ones."""
    label, share = shares[0]
    if drop < LOWERED:
        return f"The most frequent label, {label!r}, makes up {share:.0%} of the answers, so prevalence hardly lowers the figure."
    rare = {name for name, part in shares[1:] if part <= 0.5 / len(shares)}
    told = ", ".join([f"{name!r} {figure.told(digits=2)}" for name, figure in positive if name in rare][:MOST_TOLD])
    advice = f" Judge by agreement on the rare labels instead: {told}." if told else ""
    return (
        f"{label!r} makes up {share:.0%} of the answers, which lowers the figure: if labels were even, as many agreeing pairs would give "
        f"{evenly:.2f}.{advice}"
    )
