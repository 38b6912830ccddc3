"""Acceptance sampling: how many items to inspect, and what the inspection says about the rest."""

from isogloss.core.estimates import Estimate
from isogloss.core.sampling.intervals import Interval, exact_interval, wilson_interval
from isogloss.core.sampling.iso2859 import AQLS, IsoPlan, Level, NoSuchPlan, Severity, code_letter, iso_plan
from isogloss.core.sampling.plans import SinglePlan, two_point_plan
from isogloss.core.sampling.recall import estimate_recall
from isogloss.core.sampling.rogan_gladen import Study, true_error_rate
from isogloss.core.sampling.sequential import Judgement, SequentialPlan, SequentialRisk, sequential_plan, sequential_risk
from isogloss.core.sampling.sizes import draw_sample, sample_size, zero_acceptance_plan
from isogloss.core.sampling.stratified import Stratum, neyman_allocation, proportional_allocation, stratified_error_rate
from isogloss.core.sampling.switching import (
    LotResult,
    State,
    Stream,
    after_corrective_action,
    after_irregular_production,
    after_lot,
    after_lots,
    lot_result,
)

__all__ = [
    "AQLS",
    "Estimate",
    "Interval",
    "IsoPlan",
    "Judgement",
    "Level",
    "LotResult",
    "NoSuchPlan",
    "SequentialPlan",
    "SequentialRisk",
    "Severity",
    "SinglePlan",
    "State",
    "Stratum",
    "Stream",
    "Study",
    "after_corrective_action",
    "after_irregular_production",
    "after_lot",
    "after_lots",
    "code_letter",
    "draw_sample",
    "estimate_recall",
    "exact_interval",
    "iso_plan",
    "lot_result",
    "neyman_allocation",
    "proportional_allocation",
    "sample_size",
    "sequential_plan",
    "sequential_risk",
    "stratified_error_rate",
    "true_error_rate",
    "two_point_plan",
    "wilson_interval",
    "zero_acceptance_plan",
]
