"""How alike free answers are: the overlap of their character sequences."""

from collections import Counter
from collections.abc import Hashable

import numpy as np

from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Statistic, estimate, of_sums
from isogloss.core.agreement.specific import joined
from isogloss.core.agreement.undefined import why_no_pairs
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings

LONGEST = 6  # as chrF


def text_similarity(ratings: Ratings, *, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate how alike two people's free answers to the same item are, by shared character sequences.

    Parameters
    ----------
    ratings : Ratings
        Answers whose labels are texts; items with a single one do not count.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        Between 0 (no character in common) and 1 (the same wording up to white space). It is not corrected for chance: two texts of one
        language share some sequences whatever they say.

    Notes
    -----
    For two texts the mean over n = 1..6 of the F1 of their character n-grams, white space removed, over those n of which either has one;
    then the mean over pairs on an item, then over items. Works for scripts without spaces. Undefined when no item has two answers.

    References
    ----------
    Popović 2015, doi:10.18653/v1/W15-3049 (chrF, here with β = 1, so that neither text is the reference).

    Examples
    --------
    >>> ratings = Ratings.from_columns(item=["a", "a"], worker=["ana", "ben"], label=["abc", "abd"])
    >>> round(text_similarity(ratings).value, 4)
    0.3889
    """
    order = np.argsort(ratings.item, kind="stable")
    borders = np.flatnonzero(np.diff(ratings.item[order], prepend=-1, append=-1))
    grams: dict[int, list[Counter[str]]] = {}
    means = []
    n_ratings = 0
    for start, stop in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        codes = ratings.label[order[start:stop]].tolist()
        if len(codes) > 1:
            found = [grams.setdefault(code, character_grams(ratings.labels[code])) for code in codes]
            scores = [shared_f1(one, other) for position, one in enumerate(found) for other in found[:position]]
            means.append(sum(scores) / len(scores))
            n_ratings += len(codes)
        grams.clear()  # an answer seldom occurs on two items; memory stays that of one
    sums = np.column_stack([np.array(means), np.ones(len(means))])
    ones = np.ones(len(means), dtype=np.int64)
    return estimate(
        Statistic("similarity of wording (chrF1)", ones, n_ratings, of_sums(sums, joined), why_no_pairs(ratings)), bootstrap=bootstrap
    )


def character_grams(text: Hashable) -> list[Counter[str]]:
    """Count the character sequences of 1 to 6 characters, white space removed."""
    characters = "".join(str(text).split())
    return [Counter(characters[i : i + n] for i in range(len(characters) - n + 1)) for n in range(1, LONGEST + 1)]


def shared_f1(one: list[Counter[str]], other: list[Counter[str]]) -> float:
    """Average the F1 of sequences over the lengths that occur in either text; two empty texts are alike."""
    scores = [
        2 * (first & second).total() / total for first, second in zip(one, other, strict=True) if (total := first.total() + second.total())
    ]
    return sum(scores) / len(scores) if scores else 1.0
