"""How far people agree: chance-corrected agreement for every kind of question, with intervals."""

from isogloss.core.agreement.alpha import krippendorff_alpha
from isogloss.core.agreement.breakdowns import (
    Slice,
    by_label,
    by_language,
    by_pair,
    by_person,
    spans_by_label,
    spans_by_language,
    spans_by_pair,
    spans_by_person,
)
from isogloss.core.agreement.chances import fleiss_kappa, gwet_ac1, gwet_ac2, percent_agreement
from isogloss.core.agreement.distances import Level, Weighting, masi
from isogloss.core.agreement.intervals import Bootstrap
from isogloss.core.agreement.overlaps import exact_f1, partial_f1
from isogloss.core.agreement.pairs import cohen_kappa, scott_pi
from isogloss.core.agreement.panels import Panel, QuestionType, Share, panel, spans_panel
from isogloss.core.agreement.rankings import kendall_w
from isogloss.core.agreement.readings import Verdict
from isogloss.core.agreement.spans import Spans
from isogloss.core.agreement.specific import negative_agreement, positive_agreement
from isogloss.core.agreement.unitising import unitising_alpha
from isogloss.core.agreement.wordings import text_similarity
from isogloss.core.estimates import Estimate
from isogloss.core.tables import BadTable, Ratings

__all__ = [
    "BadTable",
    "Bootstrap",
    "Estimate",
    "Level",
    "Panel",
    "QuestionType",
    "Ratings",
    "Share",
    "Slice",
    "Spans",
    "Verdict",
    "Weighting",
    "by_label",
    "by_language",
    "by_pair",
    "by_person",
    "cohen_kappa",
    "exact_f1",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "kendall_w",
    "krippendorff_alpha",
    "masi",
    "negative_agreement",
    "panel",
    "partial_f1",
    "percent_agreement",
    "positive_agreement",
    "scott_pi",
    "spans_by_label",
    "spans_by_language",
    "spans_by_pair",
    "spans_by_person",
    "spans_panel",
    "text_similarity",
    "unitising_alpha",
]
