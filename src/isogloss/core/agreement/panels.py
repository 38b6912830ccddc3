"""The agreement panel: the statistics that suit a question, and what they mean in a sentence."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from isogloss.core.agreement.alpha import krippendorff_alpha
from isogloss.core.agreement.breakdowns import Slice, by_label, by_language, single_labels, spans_by_label, spans_by_language
from isogloss.core.agreement.chances import gwet_ac1, gwet_ac2, percent_agreement
from isogloss.core.agreement.distances import Level, Weighting
from isogloss.core.agreement.intervals import DEFAULT, Bootstrap
from isogloss.core.agreement.overlaps import exact_f1, partial_f1
from isogloss.core.agreement.rankings import kendall_w
from isogloss.core.agreement.readings import Verdict, evenly_spread, judge, tell
from isogloss.core.agreement.spans import Spans
from isogloss.core.agreement.specific import giving, negative_agreement, positive_agreement
from isogloss.core.agreement.unitising import unitising_alpha
from isogloss.core.agreement.wordings import text_similarity
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings

MOST_LABELS = 50  # beyond it, a row for each label is not read by anybody


class QuestionType(StrEnum):
    """What is asked of the annotator."""

    CHOICE = "choice"
    CHOICES = "choices"
    ORDERED_CHOICE = "ordered choice"
    RATING = "rating"
    TEXT = "text"
    SPANS = "spans"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Share:
    """How much of all answers one label makes up."""

    label: Hashable
    share: float


@dataclass(frozen=True, slots=True)
class Panel:
    """Agreement on one question: `headline` is the figure to judge by, `others` explain it, `sentence` says what they mean."""

    question: QuestionType
    headline: Estimate
    others: tuple[Estimate, ...]
    prevalence: tuple[Share, ...]
    verdict: Verdict
    sentence: str
    by_language: tuple[Slice, ...]
    by_label: tuple[Slice, ...]
    positive: tuple[Slice, ...] = ()
    negative: tuple[Slice, ...] = ()


def panel(ratings: Ratings, *, question: QuestionType, bootstrap: Bootstrap = DEFAULT) -> Panel:
    """Choose and compute what suits a question that is answered by a label, a set, a number, a text or a ranking."""
    headline_of, others_of = MEASURES[question]
    measure: Callable[[Ratings], Estimate] = partial(headline_of, bootstrap=bootstrap)
    headline = measure(ratings)
    others = tuple(other(ratings, bootstrap=bootstrap) for other in others_of)
    shares = prevalence(ratings, question=question)
    labels = single_labels(ratings) if question in LABELLED else ()
    labels = labels if len(labels) <= MOST_LABELS else ()
    positive = tuple(Slice(label, positive_agreement(ratings, label=label, bootstrap=bootstrap)) for label in labels)
    negative = tuple(Slice(label, negative_agreement(ratings, label=label, bootstrap=bootstrap)) for label in labels)
    verdict = judge(headline, is_corrected=question not in {QuestionType.TEXT, QuestionType.RANKING})
    return Panel(
        question=question,
        headline=headline,
        others=others,
        prevalence=shares,
        verdict=verdict,
        sentence=tell(
            headline,
            others=others,
            verdict=verdict,
            n_people=len(np.unique(ratings.person)),
            shares=[(share.label, share.share) for share in shares],
            positive=[(row.key, row.estimate) for row in positive],
            evenly=evenly_of(others[0], ratings) if question is QuestionType.CHOICE else None,
        ),
        by_language=by_language(ratings, measure=measure),
        by_label=by_label(ratings, measure=partial(krippendorff_alpha, bootstrap=bootstrap)) if labels else (),
        positive=positive,
        negative=negative,
    )


def evenly_of(agreed: Estimate, ratings: Ratings) -> float | None:
    """Give what the agreement seen would mean if the labels in use were equally frequent."""
    n_labels = len(np.unique(ratings.label))
    return None if agreed.value is None or n_labels == 1 else evenly_spread(agreed.value, n_labels=n_labels)


def spans_panel(spans: Spans, *, languages: Sequence[Hashable] | None = None, bootstrap: Bootstrap = DEFAULT) -> Panel:
    """Compute what suits spans; `languages` has one entry for each of `spans.documents`."""
    measure: Callable[[Spans], Estimate] = partial(partial_f1, bootstrap=bootstrap)
    headline = measure(spans)
    others = (exact_f1(spans, bootstrap=bootstrap), unitising_alpha(spans, bootstrap=bootstrap))
    verdict = judge(headline, is_corrected=False)
    parts = np.bincount(spans.label, minlength=len(spans.labels)) / max(len(spans.label), 1)
    shares = tuple(Share(spans.labels[code], float(parts[code])) for code in np.argsort(-parts, kind="stable").tolist())
    return Panel(
        question=QuestionType.SPANS,
        headline=headline,
        others=others,
        prevalence=shares,
        verdict=verdict,
        sentence=tell(
            headline,
            others=others,
            verdict=verdict,
            n_people=len(np.unique(spans.answered[:, 1])),
            shares=[(share.label, share.share) for share in shares],
            positive=[],
            counted=("documents", "spans"),
        ),
        by_language=() if languages is None else spans_by_language(spans, languages=languages, measure=measure),
        by_label=spans_by_label(spans, measure=measure),
    )


def prevalence(ratings: Ratings, *, question: QuestionType) -> tuple[Share, ...]:
    """Tell in how much of the answers each label is, most frequent first; members of sets add up to more than one."""
    if question in {QuestionType.TEXT, QuestionType.RANKING}:
        return ()
    if question is QuestionType.CHOICES:
        shares = [Share(label, float(giving(ratings, label).mean())) for label in single_labels(ratings)]
        return tuple(sorted(shares, key=lambda share: -share.share))[:MOST_LABELS]
    parts = np.bincount(ratings.label, minlength=len(ratings.labels)) / len(ratings)
    order = np.argsort(-parts, kind="stable")[:MOST_LABELS]
    return tuple(Share(ratings.labels[code], float(parts[code])) for code in order.tolist())


LABELLED = {QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.ORDERED_CHOICE}
Measured = Callable[..., Estimate]
MEASURES: dict[QuestionType, tuple[Measured, tuple[Measured, ...]]] = {
    QuestionType.CHOICE: (krippendorff_alpha, (percent_agreement, gwet_ac1)),
    QuestionType.CHOICES: (partial(krippendorff_alpha, level=Level.SETS), (percent_agreement,)),
    QuestionType.ORDERED_CHOICE: (
        partial(krippendorff_alpha, level=Level.ORDINAL),
        (percent_agreement, partial(gwet_ac2, weighting=Weighting.ORDINAL)),
    ),
    QuestionType.RATING: (partial(krippendorff_alpha, level=Level.INTERVAL), (percent_agreement,)),
    QuestionType.TEXT: (text_similarity, (percent_agreement,)),
    QuestionType.RANKING: (kendall_w, (percent_agreement,)),
}
