"""Why a statistic has no value, in words for the reader of a report."""

import numpy as np

from isogloss.core.tables import Ratings


def why_no_pairs(ratings: Ratings) -> str:
    """Say why no two answers can be compared."""
    if len(np.unique(ratings.person)) < 2:  # noqa: PLR2004  two people
        return "only one person answered: agreement needs a second person on the same items"
    return "no item has two answers: let some items be answered by two people"
