"""What an agreement figure means, in a sentence for the reader of a report."""

from collections.abc import Hashable, Sequence
from enum import StrEnum

from isogloss.core.estimates import Estimate

RELIABLE = 0.80
TENTATIVE = 0.667  # Krippendorff 2004, section 11.4.2: above it, cautious conclusions
SKEWED = 0.80  # share of one label from which chance-corrected figures drop though people agree
RARE = 0.10


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
    parts.extend(about_prevalence(shares, positive=positive))
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


def about_prevalence(shares: Sequence[tuple[Hashable, float]], *, positive: Sequence[tuple[Hashable, Estimate]]) -> list[str]:
    """Say what a frequent label and rare labels do to the figure."""
    if not shares:
        return []
    label, share = shares[0]
    if share < SKEWED:
        return [f"The most frequent label, {label!r}, makes up {share:.0%} of the answers, so prevalence hardly lowers the figure."]
    rare = {name for name, part in shares[1:] if part <= RARE}
    told = ", ".join(f"{name!r} {figure.told(digits=2)}" for name, figure in positive if name in rare)
    advice = f" Judge by agreement on the rare labels instead: {told}." if told else ""
    return [f"{label!r} makes up {share:.0%} of the answers; with labels so unequal the figure is low even where people agree.{advice}"]
